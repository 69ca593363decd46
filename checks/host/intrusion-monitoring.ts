import { z } from 'zod';
import { daysBetween } from '../../src/evidence/dates.ts';
import { type IntrusionMonitoring, type Monitor, watched } from '../../src/evidence/host/intrusion-monitoring.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';
import { backingOf, type Paper } from '../shared/papers.ts';

const messages = {
  alive: {
    zh: '监测程序正在运行且近期有活动：{{monitors}}',
    en: 'monitored by what runs and was active lately: {{monitors}}',
  },
  standsStill: {
    zh: '已安装监测程序，但均未运行或未起作用：{{monitors}}',
    en: 'monitors are installed, but none runs to any effect: {{monitors}}',
  },
  silent: {
    zh: '监测程序正在运行或有定期计划，但未能证明其在 {{maxAge}} 日内起作用：{{monitors}}',
    en: 'monitors run, or are scheduled, but were not shown to be at work within {{maxAge}} days: {{monitors}}',
  },
  noneKnown: {
    zh: '未发现已收录的监测程序（{{watches}}）；未收录的程序本工具不能识别',
    en: 'no known monitor was found ({{watches}}); what is not in the table is not recognised',
  },
  byDevice: {
    zh: '本机未见起作用的监测程序，依《{{title}}》由主机以外的设备监测；本机所见：{{monitors}}',
    en: 'no monitor on this host was seen at work; by “{{title}}” a device before it monitors; seen on the host: {{monitors}}',
  },
  unread: {
    zh: '未见起作用的监测程序，而以下内容未能完整读取：{{parts}}',
    en: 'no monitor was seen at work, and these could not be read in full: {{parts}}',
  },
  noHost: { zh: '没有任何主机的监测证据', en: 'there is no evidence of monitoring on any host' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

/** On every host at least one monitor of the kinds asked for runs now, with a sign of life that is not too old. */
export const check = defineCheck({
  id: 'host/intrusion-monitoring',
  title: { zh: '主机监测', en: 'Monitoring of the hosts' },
  about: {
    zh: '识别主机上的审计、完整性检查、入侵检测、主机安全（HIDS、EDR）和运行监控程序，核对其是否正在运行、是否随系统启动或定期执行，以及最近一次写日志或与控制端保持连接的时间。只识别已收录的程序；仅安装而未运行的不算监测，审计服务、Suricata、Snort 未加载规则，fail2ban 未启用任何 jail 的也不算；看不到加载了多少规则的为待确认。',
    en: 'Recognises programs for audit, integrity, intrusion detection, host security (HIDS, EDR) and the state of the host, and sees whether they run, start with the host or on a schedule, and when they last wrote a log or held a connection to their console. Only programs in the table are recognised. What is installed and does not run is no monitoring, nor is an audit daemon, Suricata or Snort without rules or fail2ban without a jail; where the count of rules cannot be seen, it is unproven.',
  },
  reads: ['documents', 'intrusionMonitoring'],
  parameters: z.strictObject({
    /** What a monitor must look at to count. */
    watches: z.array(z.enum(watched)).min(1).meta(stricter.fewer),
    /** Days since its last sign of life. */
    maxAge: z.int().positive().meta(stricter.lower),
    /** The paper that describes a device that monitors before the hosts: with it, a host need not have a monitor of its own. */
    paper: z.string().optional(),
  }),
  messages,
  remedies: {
    standsStill: {
      zh: '启动监测程序并设为随系统启动；审计服务、Suricata、Snort 须加载规则，fail2ban 须启用 jail',
      en: 'start the monitors and let them start with the host; load rules of audit, Suricata or Snort, turn fail2ban’s jails on',
    },
    silent: {
      zh: '检查监测程序是否与控制端连通、规则是否加载、日志是否正常写入',
      en: 'check that the monitors reach their console, have loaded rules and write their logs',
    },
    noneKnown: {
      zh: '安装主机安全或入侵检测程序；使用未收录产品的，提供其运行证明',
      en: 'install host security or intrusion detection; of a product that is not in the table, show that it runs',
    },
    unread: {
      zh: '以 root 采集，或在平台文件中允许 sudo',
      en: 'collect as root, or allow sudo in the platform file',
    },
  },

  judge({ documents, intrusionMonitoring }, { watches, maxAge, paper }, asOf) {
    if (intrusionMonitoring.length === 0) return [unproven('noHost', [], {}, 'intrusionMonitoring')];
    const backing = paper === undefined ? undefined : backingOf(documents, paper, asOf);
    const device = backing?.state === 'held' ? backing.papers[0] : undefined;
    return intrusionMonitoring.map((host) => judgeHost(host, { watches, maxAge, device }));
  },
});

type Asked = {
  readonly watches: readonly Monitor['watches'][number][];
  readonly maxAge: number;
  readonly device: Paper | undefined;
};

type Standing = 'alive' | 'silent' | 'still';

function judgeHost(host: Seen<IntrusionMonitoring>, { watches, maxAge, device }: Asked): Found {
  const { monitors, hostTime, unread } = host.value;
  const asked = monitors
    .filter((monitor) => monitor.watches.some((each) => watches.includes(each)))
    .map((monitor) => ({ monitor, standing: standingOf(monitor, hostTime, maxAge) }));
  const having = (standing: Standing): Monitor[] =>
    asked.filter((each) => each.standing === standing).map(({ monitor }) => monitor);
  const alive = having('alive');
  if (alive.length > 0) return met('alive', host, { monitors: monitorsText(alive) });
  const all = monitorsText(asked.map(({ monitor }) => monitor));
  if (device) return notApplicable('byDevice', [host, device], { title: device.value.title, monitors: all });
  if (unread.length > 0) return unproven('unread', host, { parts: unreadText(unread) });
  const silent = having('silent');
  if (silent.length > 0) return unproven('silent', host, { maxAge, monitors: monitorsText(silent) });
  if (asked.length > 0) return unmet('standsStill', host, { monitors: all });
  return unproven('noneKnown', host, {
    watches: joined(
      watches.map((each) => watchedTitles[each]),
      '、',
      ', ',
    ),
  });
}

// A file may be another's, and a quiet one may be all right: too old a sign leaves it open. What does not run does not.
function standingOf(
  { running, periodic, starts, life, rules, console }: Monitor,
  hostTime: string,
  maxAge: number,
): Standing {
  if (rules === 0) return 'still';
  const isRecent = life !== undefined && daysBetween(life.at.slice(0, 10), hostTime.slice(0, 10)) <= maxAge;
  if (!running && !periodic) return 'still';
  if (console && life?.of !== 'connection') return 'silent';
  if (isRecent && rules !== 'unknown') return 'alive';
  return running || starts ? 'silent' : 'still';
}

const watchedTitles: Readonly<Record<Monitor['watches'][number], Text>> = {
  intrusions: { zh: '入侵行为', en: 'intrusions' },
  integrity: { zh: '文件完整性', en: 'integrity of files' },
  audit: { zh: '系统审计', en: 'audit of system calls' },
  network: { zh: '网络流量', en: 'network traffic' },
  state: { zh: '运行状态', en: 'state of the host' },
};

function monitorsText(monitors: readonly Monitor[]): Text {
  if (monitors.length === 0) return { zh: '无', en: 'none' };
  return joined(monitors.map(monitorText), '；', '; ');
}

function monitorText({ title, version = '', running, periodic, starts, life, database, rules }: Monitor): Text {
  const facts: Text[] = [
    ...(periodic ? [] : [running ? { zh: '正在运行', en: 'runs' } : { zh: '未运行', en: 'does not run' }]),
    starts
      ? { zh: periodic ? '有定期计划' : '随系统启动', en: periodic ? 'scheduled' : 'starts with the host' }
      : {
          zh: periodic ? '未见定期计划' : '未见随系统启动',
          en: periodic ? 'not seen to be scheduled' : 'not seen to start with the host',
        },
    ...(life?.of === 'connection' ? [{ zh: '与控制端保持连接', en: 'holds a connection to its console' }] : []),
    ...(life?.of === 'file' ? [{ zh: `最近写入 ${life.at}`, en: `last wrote ${life.at}` }] : []),
    ...(life ? [] : [{ zh: '未见活动', en: 'no sign of life' }]),
    ...(database ? [{ zh: `基准库 ${database}`, en: `database of ${database}` }] : []),
    ...(rules === undefined
      ? []
      : [
          rules === 'unknown'
            ? { zh: '规则未知', en: 'rules unknown' }
            : { zh: `规则 ${rules} 条`, en: `${rules} rules` },
        ]),
  ];
  const told = joined(facts, '，', ', ');
  const name = { zh: `${title.zh} ${version}`.trim(), en: `${title.en} ${version}`.trim() };
  return { zh: `${name.zh}（${told.zh}）`, en: `${name.en} (${told.en})` };
}
