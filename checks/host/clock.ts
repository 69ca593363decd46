import { z } from 'zod';
import { defineCheck, met, stricter, unmet, unproven } from '../check.ts';

/** Every host's clock follows a reference and is near it: time stamps in audit records can be relied on. */
export const check = defineCheck({
  id: 'host/clock',
  title: { zh: '主机时钟同步', en: 'Host clocks are synchronised' },
  about: {
    zh: '由主机上运行的时间服务（chrony、ntpd、systemd-timesyncd）自报的同步状态和偏差判定。',
    en: 'Judged by what the time service that runs on the host (chrony, ntpd, systemd-timesyncd) reports of its state and offset.',
  },
  reads: ['clock'],
  parameters: z.strictObject({
    /** Seconds the clock may differ from its reference. */
    maxOffset: z.number().positive().meta(stricter.lower),
  }),
  messages: {
    synchronised: {
      zh: '时钟已同步：{{service}}，参考源 {{reference}}，偏差 {{offset}}',
      en: 'synchronised by {{service}} to {{reference}}, offset {{offset}}',
    },
    notSynchronised: {
      zh: '{{service}} 正在运行，但时钟未同步',
      en: '{{service}} runs, but the clock is not synchronised',
    },
    tooFar: {
      zh: '时钟偏差 {{offset}}，应不超过 {{maxOffset}} 秒',
      en: 'the clock is off by {{offset}}; {{maxOffset}} s is allowed',
    },
    noService: {
      zh: '未发现时间同步服务；时钟可能由虚拟化平台同步，本机无法证明',
      en: 'no time service runs; the hypervisor may set the clock, which cannot be seen from here',
    },
    silent: {
      zh: '{{service}} 正在运行，但未给出同步状态',
      en: '{{service}} runs, but did not say whether it is synchronised',
    },
    offsetUnknown: {
      zh: '{{service}} 报告时钟已同步，但未给出偏差，无法判定是否在 {{maxOffset}} 秒以内',
      en: '{{service}} says that the clock is synchronised, but not how far it is off; {{maxOffset}} s is allowed',
    },
    noHost: { zh: '没有任何主机的时钟证据', en: 'there is no evidence of any host’s clock' },
  },
  remedies: {
    notSynchronised: {
      zh: '检查时间服务器是否可达，并确认同步成功',
      en: 'check that the time servers can be reached and that synchronisation succeeds',
    },
    tooFar: { zh: '校正时钟并检查时间源', en: 'correct the clock and check its source' },
    noService: { zh: '启用 chrony 或同类时间同步服务', en: 'run chrony or another time service' },
    offsetUnknown: {
      zh: '升级时间服务（timedatectl timesync-status 须可用），或改用 chrony',
      en: 'upgrade the time service (timedatectl timesync-status must work), or run chrony',
    },
    silent: { zh: '允许采集账号查询时间服务状态', en: 'let the collecting account query the time service' },
  },

  judge({ clock }, { maxOffset }) {
    if (clock.length === 0) return [unproven('noHost', [], {}, 'clock')];
    return clock.map((host) => {
      const { services, synchronised, reference, offsetSeconds } = host.value;
      const service = services.join(', ');
      if (services.length === 0) return unproven('noService', host);
      if (synchronised === undefined) return unproven('silent', host, { service });
      if (!synchronised) return unmet('notSynchronised', host, { service });
      if (offsetSeconds === undefined) return unproven('offsetUnknown', host, { service, maxOffset });
      const offset = `${offsetSeconds.toFixed(6)} s`;
      if (Math.abs(offsetSeconds) > maxOffset) return unmet('tooFar', host, { offset, maxOffset });
      return met('synchronised', host, {
        service,
        reference: reference ?? { zh: '未报告', en: 'not reported' },
        offset,
      });
    });
  },
});
