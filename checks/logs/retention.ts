import { z } from 'zod';
import { minutesAheadIn, monthsBefore } from '../../src/evidence/dates.ts';
import {
  type Coverage,
  clocksAgree,
  coverageOf,
  daysOf,
  type Period,
  streamsOf,
} from '../../src/evidence/host/log-coverage.ts';
import { type Keeping, keepingOf, longestPeriod } from '../../src/evidence/host/log-keeping.ts';
import type { LogPolicies } from '../../src/evidence/host/log-policies.ts';
import { type LogStore, type LogStores, logProblems } from '../../src/evidence/host/log-stores.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, type TextData, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';

const messages = {
  kept: {
    zh: '{{path}} 最早记录 {{oldest}}（应不晚于 {{due}}），其间无缺失；保存规则：{{rule}}',
    en: '{{path}} reaches back to {{oldest}} ({{due}} is asked) with no day missing; keeping rule: {{rule}}',
  },
  keptSinceStart: {
    zh: '平台于 {{since}} 启用，{{path}} 最早记录 {{oldest}}，其间无缺失；保存规则：{{rule}}',
    en: 'the platform began on {{since}}, {{path}} reaches back to {{oldest}} with no day missing; keeping rule: {{rule}}',
  },
  tooYoung: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{due}}',
    en: '{{path}} reaches back to {{oldest}}; {{due}} is asked',
  },
  notDaily: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{due}}；该日志并非每日都有记录，无法判断此前是无记录还是已被删除',
    en: '{{path}} reaches back to {{oldest}}; {{due}} is asked. It has not entries every day, so that silence before cannot be told from deletion',
  },
  replaced: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{due}}；本主机自 {{since}} 起使用，被其替换的主机的日志保存在别处，本机无法证明',
    en: '{{path}} reaches back to {{oldest}}; {{due}} is asked. This host serves since {{since}}: the logs of the machine it replaced lie elsewhere',
  },
  daysMissing: {
    zh: '{{path}} 自 {{due}} 以来缺少 {{count}} 天的记录（前后每日均有）：{{days}}',
    en: '{{path}} lacks {{count}} days since {{due}}, with entries every day around them: {{days}}',
  },
  daysDoubtful: {
    zh: '{{path}} 自 {{due}} 以来有 {{count}} 天没有记录，按前后规律应有记录：{{days}}',
    en: '{{path}} has no entry on {{count}} days since {{due}} on which its neighbours lead one to expect some: {{days}}',
  },
  stopped: {
    zh: '{{path}} 最后一条记录为 {{newest}}，此后 {{count}} 天没有记录',
    en: '{{path}} ends on {{newest}}; {{count}} days are without an entry since',
  },
  notWhole: {
    zh: '{{path}} 未能完整读取（{{why}}），看到的最早记录为 {{oldest}}，不能证明自 {{due}} 起完整',
    en: '{{path}} was not read whole ({{why}}); from the oldest entry seen, {{oldest}}, it cannot be shown to be complete since {{due}}',
  },
  unreadable: { zh: '{{path}} 无法取证：{{why}}', en: '{{path}} could not be read: {{why}}' },
  ruleTooShort: {
    zh: '{{path}} 的保存规则“{{rule}}”（{{where}}）只保证 {{kept}}，应为 {{months}} 个月；最早记录 {{oldest}}',
    en: 'the rule “{{rule}}” ({{where}}) keeps {{path}} for {{kept}} only; {{months}} months are asked; oldest entry {{oldest}}',
  },
  ruleNearly: {
    zh: '{{path}} 的保存规则“{{rule}}”（{{where}}）保证 {{kept}}，但 {{months}} 个月最长为 {{longest}} 天，并非总够；最早记录 {{oldest}}',
    en: 'the rule “{{rule}}” ({{where}}) keeps {{path}} for {{kept}}, but {{months}} months can be {{longest}} days: not always enough; oldest entry {{oldest}}',
  },
  sizeTooSmall: {
    zh: '{{path}} 按大小限制“{{rule}}”（{{where}}），按实际增长量约可保留 {{kept}}，应为 {{longest}} 天；最早记录 {{oldest}}',
    en: '{{path}} is limited by size, “{{rule}}” ({{where}}): at the growth seen it keeps about {{kept}}; {{longest}} days are asked; oldest entry {{oldest}}',
  },
  sizeUnknown: {
    zh: '{{path}} 按大小限制“{{rule}}”（{{where}}），现有记录太少，无法推算可保留多久',
    en: '{{path}} is limited by size, “{{rule}}” ({{where}}): there is too little history to tell how long that lasts',
  },
  ruleUnclear: {
    zh: '{{path}} 受“{{rule}}”（{{where}}）影响，无法判断其保留多久',
    en: '{{path}} is touched by “{{rule}}” ({{where}}); how long that leaves it cannot be told',
  },
  ownRotation: {
    zh: '{{path}} 由程序自行轮转，未见其保存规则，现有记录（最早 {{oldest}}）尚不足以证明保留 {{longest}} 天',
    en: '{{path}} is rotated by its own program, whose rule was not seen; what it holds (oldest {{oldest}}) does not yet show {{longest}} days',
  },
  inMemory: {
    zh: '{{path}} 仅存于内存，主机重启即丢失；最早记录 {{oldest}}',
    en: '{{path}} is kept in memory and lost at a restart; oldest entry {{oldest}}',
  },
  rulesNotSeen: { zh: '{{path}} 的保存规则未能取证', en: 'the rules that keep {{path}} were not observed' },
  rulesUnread: {
    zh: '{{path}} 的记录完整，但部分配置无法读取，其中可能有清理规则：{{where}}',
    en: '{{path}} is complete, but some configuration could not be read and may hold rules that delete: {{where}}',
  },
  clockOff: {
    zh: '主机日期 {{today}} 与取证日期 {{on}} 不符，日志日期不可采信',
    en: 'the host says it is {{today}}, the scanner {{on}}: its log dates cannot be relied on',
  },
  listingCut: {
    zh: '日志清单未能列全，可能还有其他{{of}}日志',
    en: 'the listing of logs broke off; there may be more {{of}} logs',
  },
  none: { zh: '未发现{{of}}日志', en: 'no {{of}} log was found' },
  noPlatform: {
    zh: '缺少平台声明，或其启用日期晚于取证之日，无法确定应留存的期间',
    en: 'there is no platform declaration, or its start lies after the day of observation: the period is unknown',
  },
} as const;

type Says = keyof typeof messages;
type Asked = { of: 'system' | 'network' | 'application'; months: number };
type Cited = readonly [Seen<unknown>, ...Seen<unknown>[]];
type Said = { outcome: 'met' | 'unmet' | 'unproven'; says: Says; data: TextData };

/** What a host shows, and the period it is held against. */
type Case = Asked & { host: Seen<LogStores>; policies: Seen<LogPolicies> | undefined; period: Period };

const titles: Readonly<Record<string, Text>> = {
  system: { zh: '系统', en: 'system' },
  network: { zh: '网络', en: 'network' },
  application: { zh: '应用', en: 'application' },
  general: { zh: '系统（运行）', en: 'system (general)' },
  auth: { zh: '系统（登录与授权）', en: 'system (authentication)' },
};

/** Logs of one kind reach back as far as asked, without a hole, and the rules in force keep them that long. */
export const check = defineCheck({
  id: 'logs/retention',
  title: { zh: '日志留存', en: 'Log retention' },
  about: {
    zh: '自取证之日起倒推日历月：日志中最早的记录须早于该日（或平台、主机启用之日），其间无缺失日期；且轮转、限额和清理规则（logrotate、journald、auditd、tmpfiles、计划任务）在最长的同等期间内均予保留。按大小轮转的，以实际增长量推算。',
    en: 'Counted back in calendar months from the day of observation: the oldest entry is no later than that day (or the start of the platform), no day is missing, and rotation, limits and deletions (logrotate, journald, auditd, tmpfiles, schedules) keep even the longest such period. Rotation by size is judged by observed growth.',
  },
  reads: ['logStores', 'logPolicies', 'platform'],
  parameters: z.strictObject({
    of: z.enum(['system', 'network', 'application']),
    months: z.int().positive().meta(stricter.higher),
  }),
  messages,
  remedies: {
    tooYoung: {
      zh: '从备份恢复缺少的日志，并延长保存期限',
      en: 'restore the missing logs from backup and keep them longer',
    },
    daysMissing: {
      zh: '查明缺失日期的日志去向；如主机当时停机，请留存停机证明',
      en: 'find the logs of those days; if the host was off, file the proof',
    },
    ruleTooShort: {
      zh: '将保存期限改为不少于所要求的月数，例如 logrotate“monthly、rotate {{months}}”',
      en: 'keep the period asked, for instance with logrotate “monthly, rotate {{months}}”',
    },
    ruleNearly: { zh: '将保存期限改为不少于 {{longest}} 天', en: 'keep {{longest}} days at least' },
    sizeTooSmall: { zh: '改为按时间轮转，或提高大小限额', en: 'rotate by time, or raise the size' },
    ruleUnclear: { zh: '改用按天数清理的规则', en: 'delete by age in days' },
    ownRotation: { zh: '提供该程序的日志保存配置', en: 'file the program’s own log settings' },
    inMemory: { zh: '启用持久化日志：Storage=persistent', en: 'make the journal persistent: Storage=persistent' },
    replaced: { zh: '提供原主机的日志存档', en: 'show the logs of the machine it replaced' },
    unreadable: {
      zh: '以 root 或有读取权限的账号采集，并核对平台文件中的日志路径',
      en: 'collect as root or with read access, and check the log paths in the platform file',
    },
    rulesUnread: { zh: '以 root 采集', en: 'collect as root' },
    none: {
      zh: '在平台文件 hosts.logs 中声明日志路径',
      en: 'declare the paths of the logs under hosts.logs in the platform file',
    },
  },

  judge({ logStores, logPolicies, platform }, { of, months }) {
    const [declared] = platform;
    if (logStores.length === 0) return [unproven('none', [], { of: titleOf(of) }, 'logStores')];
    return logStores.flatMap((host): Finding<Says>[] => {
      if (!declared || declared.value.since > host.on) return [unproven('noPlatform', host)];
      const { today, minutesAhead } = host.value;
      if (!clocksAgree(today, host.on)) return [unproven('clockOff', host, { today, on: host.on })];
      const policies = logPolicies.find((each) => each.subject === host.subject);
      const period: Period = {
        due: monthsBefore(host.on, months),
        since: declared.value.since,
        hostSince: declared.value.hosts.find((each) => each.name === host.subject)?.since,
        today,
        slack: minutesAhead < minutesAheadIn(host.at, declared.value.timeZone) ? 1 : 0,
      };
      const cites: Cited = [host, ...(policies ? [policies] : []), declared];
      return judgeHost({ host, policies, period, of, months }).map(({ outcome, says, data }) =>
        (outcome === 'met' ? met : outcome === 'unmet' ? unmet : unproven)(says, cites, data),
      );
    });
  },
});

// A stream holds if one of its carriers does; it fails only if all of them were seen and fail.
function judgeHost(given: Case): Said[] {
  const { host, of } = given;
  const findings = streamsOf(host.value, of).flatMap(({ stream, stores, unread }): Said[] => {
    const said = [
      ...stores.map((store) => judgeStore(store, stream, given)),
      ...unread.map(({ path, problem }) => say('unproven', 'unreadable', { path, why: logProblems[problem] })),
    ];
    if (said.length === 0) return [say('unproven', 'none', { of: titleOf(stream) })];
    const best = (['met', 'unproven', 'unmet'] as const).find((one) => said.some(({ outcome }) => outcome === one));
    return said.filter((each) => each.outcome === best);
  });
  if (findings.length === 0) findings.push(say('unproven', 'none', { of: titleOf(of) }));
  if (host.value.cut) findings.push(say('unproven', 'listingCut', { of: titleOf(of) }));
  return findings;
}

function judgeStore(store: LogStore, stream: string, given: Case): Said {
  const { path, oldest, problems } = store;
  const shown = {
    path,
    oldest: oldest ?? { zh: '无', en: 'none' },
    due: given.period.due,
    months: given.months,
    longest: longestPeriod(given.months),
  };
  if (store.volatile) return say('unmet', 'inMemory', shown);
  const keeping = given.policies ? keepingOf(store, given.policies.value, given.months, given.host.on) : undefined;
  const failing = keeping ? failure(keeping, shown) : undefined;
  if (failing?.outcome === 'unmet') return failing;
  if (oldest === undefined)
    return say('unproven', 'unreadable', { path, why: whyNot(problems.length > 0 ? problems : ['undated']) });
  const coverage = coverageOf({ ...store, oldest }, given.period);
  const gap = shortfall(coverage, store, stream, shown, given.period);
  if (gap) return gap;
  if (!given.policies) return say('unproven', 'rulesNotSeen', shown);
  if (failing) return failing;
  const { unread, logrotate } = given.policies.value;
  if (unread.length > 0)
    return say('unproven', 'rulesUnread', {
      path,
      where: unread
        .slice(0, 5)
        .map((each) => each.path)
        .join(', '),
    });
  const rule = keeping?.rule ? `${keeping.rule.text} (${keeping.rule.where})` : noRule(logrotate.installed);
  if (coverage.state === 'since-start')
    return say('met', 'keptSinceStart', { ...shown, since: given.period.since, rule });
  return say('met', 'kept', { ...shown, rule });
}

const failures: { readonly [Each in Keeping['state']]?: readonly [Said['outcome'], Says] } = {
  short: ['unmet', 'ruleTooShort'],
  nearly: ['unmet', 'ruleNearly'],
  'short-by-size': ['unmet', 'sizeTooSmall'],
  'size-unknown': ['unproven', 'sizeUnknown'],
  unknown: ['unproven', 'ruleUnclear'],
  self: ['unproven', 'ownRotation'],
};

function failure({ state, rule, days = 0, months }: Keeping, shown: TextData): Said | undefined {
  const kept =
    months === undefined ? { zh: `${days} 天`, en: `${days} days` } : { zh: `${months} 个月`, en: `${months} months` };
  const [outcome, says] = failures[state] ?? [];
  if (outcome === undefined || says === undefined) return undefined;
  return say(outcome, says, { ...shown, kept, rule: rule?.text ?? '-', where: rule?.where ?? '-' });
}

function shortfall(
  coverage: Coverage,
  store: LogStore,
  stream: string,
  shown: TextData,
  period: Period,
): Said | undefined {
  const { state, runs, whole } = coverage;
  if (state === 'complete' || state === 'since-start') return undefined;
  const data = { ...shown, ...daysOf(runs), newest: store.newest ?? '-', since: period.hostSince ?? period.since };
  if (state === 'replaced') return say('unproven', 'replaced', data);
  if (!whole) return say('unproven', 'notWhole', { ...data, why: whyNot(store.problems) });
  if (state === 'young') {
    // A running host writes to its general log every day; of another log silence before its first entry may be true.
    const daily = stream === 'general' || store.startsDaily === true;
    return daily ? say('unmet', 'tooYoung', data) : say('unproven', 'notDaily', data);
  }
  if (state === 'stopped') return say(stream === 'general' ? 'unmet' : 'unproven', 'stopped', data);
  return state === 'missing' ? say('unmet', 'daysMissing', data) : say('unproven', 'daysDoubtful', data);
}

function whyNot(problems: LogStore['problems']): Text {
  if (problems.length === 0)
    return { zh: '仅抽样读取或只回溯了一部分日期', en: 'only samples, or only part of its days, were read' };
  return joined(
    problems.map((problem) => logProblems[problem]),
    '、',
    ', ',
  );
}

function noRule(installed: boolean): Text {
  return installed
    ? { zh: '无轮转或清理规则', en: 'nothing rotates or deletes it' }
    : { zh: '未安装 logrotate，无清理规则', en: 'logrotate is not installed, nothing deletes it' };
}

function titleOf(name: string): Text {
  return titles[name] ?? verbatim(name);
}

function say(outcome: Said['outcome'], says: Says, data: TextData): Said {
  return { outcome, says, data };
}
