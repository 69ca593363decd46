import { z } from 'zod';
import { daysBetween } from '../../src/evidence/dates.ts';
import type { PatchState } from '../../src/evidence/host/patch-state.ts';
import { supportEndOf } from '../../src/evidence/host/support-ends.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { TextData } from '../../src/text.ts';
import { defineCheck, met, stricter, unmet, unproven } from '../check.ts';

/** Every host has the security updates that its distribution published some time ago, and still gets them. */
export const check = defineCheck({
  id: 'host/patch-state',
  title: { zh: '安全补丁', en: 'Security updates' },
  about: {
    zh: '将主机已安装的软件包与其本地保存的安全更新元数据（apt、dnf、yum、zypper）逐一比较，不联网、不刷新缓存。元数据过旧时，看不到新的更新，因此不判符合；发行版已停止维护的不符合（发行商另售延长支持的、维护期不明的为待确认）。',
    en: 'Installed packages are compared with the security metadata that the host holds (apt, dnf, yum, zypper), without network and without refreshing a cache. Old metadata shows no new updates, so that it proves nothing; a distribution that gets no more updates is unmet, or unproven where its maker sells them for longer, or the end is not known here.',
  },
  reads: ['patchState'],
  parameters: z.strictObject({
    /** Days after which a published security update must be installed, and a new kernel must run. */
    securityWithin: z.int().positive().meta(stricter.lower),
    /** Days that the metadata may be old. */
    metadataWithin: z.int().positive().meta(stricter.lower),
  }),
  messages: {
    current: {
      zh: '{{system}}：按 {{metadata}} 发布的安全元数据，没有待安装的安全更新',
      en: '{{system}}: by the security metadata of {{metadata}}, no security update is pending',
    },
    endOfLife: {
      zh: '{{system}} 已于 {{ended}} 停止发布安全更新',
      en: '{{system}} gets no security updates since {{ended}}',
    },
    endOfLifeSold: {
      zh: '{{system}} 已于 {{ended}} 停止免费安全更新；是否购买了延长支持，本机无法证明',
      en: '{{system}} gets no free security updates since {{ended}}; whether extended support was bought cannot be seen',
    },
    overdue: {
      zh: '{{system}}：{{metadata}} 的元数据中已有 {{count}} 个软件包的安全更新，至今 {{age}} 天仍未安装（应在 {{securityWithin}} 天内）：{{names}}',
      en: '{{system}}: security updates for {{count}} packages stood in the metadata of {{metadata}} and are not installed after {{age}} days ({{securityWithin}} are allowed): {{names}}',
    },
    behind: {
      zh: '{{system}}：有 {{count}} 个软件包待安装安全更新，最近一次升级是 {{lastUpgrade}}，已超过 {{securityWithin}} 天：{{names}}',
      en: '{{system}}: security updates for {{count}} packages are pending, and nothing was upgraded since {{lastUpgrade}}, more than {{securityWithin}} days: {{names}}',
    },
    pending: {
      zh: '{{system}}：有 {{count}} 个软件包待安装安全更新，无法判断已发布多久：{{names}}',
      en: '{{system}}: security updates for {{count}} packages are pending; for how long cannot be told: {{names}}',
    },
    stale: {
      zh: '{{system}}：安全元数据为 {{metadata}} 发布，已有 {{age}} 天（应不超过 {{metadataWithin}} 天），其后的安全更新无从得知',
      en: '{{system}}: its security metadata is of {{metadata}}, {{age}} days old ({{metadataWithin}} are allowed); of updates since nothing is known',
    },
    noMetadata: {
      zh: '{{system}}：主机上没有可读的安全更新元数据，无法得知是否有待安装的安全更新',
      en: '{{system}}: the host holds no security metadata that could be read; whether updates are pending is unknown',
    },
    unclear: {
      zh: '{{system}}：有 {{unclear}} 个模块化软件包，无法判断更新是否属于所用的模块流',
      en: '{{system}}: of {{unclear}} modular packages it cannot be told whether an update is of the stream in use',
    },
    supportUnknown: {
      zh: '{{system}}：没有待安装的安全更新，但本工具没有该发行版停止维护的日期，不能证明仍在发布安全更新',
      en: '{{system}}: no security update is pending, but when its maker stops to publish them is not known here, so that it may have stopped',
    },
    notBooted: {
      zh: '{{system}}：{{since}} 已安装内核 {{kernel}}，仍在运行 {{running}}；除非使用了内核热补丁，更新尚未生效',
      en: '{{system}}: kernel {{kernel}} is installed since {{since}}, {{running}} still runs; unless it was patched live, the update is not in force',
    },
    noHost: { zh: '没有任何主机的补丁证据', en: 'there is no evidence of any host’s updates' },
  },
  remedies: {
    endOfLife: { zh: '迁移到仍在维护的发行版版本', en: 'move to a release that gets updates' },
    endOfLifeSold: {
      zh: '提供延长支持的合同，或升级发行版',
      en: 'file the contract of extended support, or upgrade the distribution',
    },
    overdue: { zh: '安装这些安全更新', en: 'install these updates' },
    behind: { zh: '安装这些安全更新，并定期升级', en: 'install these updates, and upgrade regularly' },
    pending: { zh: '安装这些安全更新后重新采集', en: 'install these updates and collect again' },
    stale: {
      zh: '从内网镜像刷新软件源元数据后重新采集',
      en: 'refresh the metadata, from an internal mirror if need be, and collect again',
    },
    noMetadata: {
      zh: '配置含安全更新的软件源；无此条件的，提供漏洞扫描报告',
      en: 'configure a source that has security updates; where there is none, file a vulnerability scan',
    },
    supportUnknown: {
      zh: '提供发行商的维护期公告或维护合同',
      en: 'file the maker’s announcement of its support, or the contract',
    },
    notBooted: {
      zh: '重启主机；已使用热补丁的，提供记录',
      en: 'restart the host; if it was patched live, file the record',
    },
  },

  judge({ patchState }, asked) {
    if (patchState.length === 0) return [unproven('noHost', [], {}, 'patchState')];
    return patchState.map((host) => {
      const { value, on } = host;
      const shown = shownOf(host, asked);
      const end = supportEndOf(value.system.id, value.system.version, value.system.title);
      if (end && end.on < on && !end.longerForSale) return unmet('endOfLife', host, { ...shown, ended: end.on });
      const age = value.metadata === undefined ? undefined : daysBetween(value.metadata, on);
      if (value.pending > 0 && age !== undefined && age > asked.securityWithin) return unmet('overdue', host, shown);
      const idle = value.lastUpgrade === undefined ? undefined : daysBetween(value.lastUpgrade, on);
      if (value.pending > 0 && idle !== undefined && idle > asked.securityWithin) return unmet('behind', host, shown);
      if (end && end.on < on) return unproven('endOfLifeSold', host, { ...shown, ended: end.on });
      if (value.pending > 0) return unproven('pending', host, shown);
      // Metadata of days to come was made by a clock that is wrong, or is not what it seems.
      if (age === undefined || age < -1) return unproven('noMetadata', host, shown);
      if (age > asked.metadataWithin) return unproven('stale', host, shown);
      if (value.unclear > 0) return unproven('unclear', host, shown);
      const { newerKernel: kernel } = value;
      if (kernel && daysBetween(kernel.since, on) > asked.securityWithin)
        return unproven('notBooted', host, {
          ...shown,
          since: kernel.since,
          kernel: kernel.installed,
          running: kernel.running,
        });
      return end ? met('current', host, shown) : unproven('supportUnknown', host, shown);
    });
  },
});

function shownOf({ value, on }: Seen<PatchState>, asked: { securityWithin: number; metadataWithin: number }): TextData {
  const { system, metadata, pending, updates, unclear, lastUpgrade } = value;
  const names = updates.slice(0, 5).map(({ name, available }) => `${name} ${available}`);
  return {
    ...asked,
    system: system.title || system.id || { zh: '未知发行版', en: 'an unknown distribution' },
    metadata: metadata ?? '-',
    age: metadata === undefined ? '-' : daysBetween(metadata, on),
    count: pending,
    names: `${names.join(', ')}${pending > names.length ? ' …' : ''}`,
    unclear,
    lastUpgrade: lastUpgrade ?? '-',
  };
}
