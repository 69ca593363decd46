import { type Coverage, coverageOf, daysOf, type Period } from '../../src/evidence/host/log-coverage.ts';
import { type Keeping, keepingOf, longestPeriod } from '../../src/evidence/host/log-keeping.ts';
import type { LogPolicies } from '../../src/evidence/host/log-policies.ts';
import { type LogStore, type LogStores, logProblems } from '../../src/evidence/host/log-stores.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import type { messages } from './log-retention-words.ts';

type Says = keyof typeof messages;

/** What one log of a host comes to. */
export type StoreSaid = { outcome: 'met' | 'unmet' | 'unproven'; says: Says; data: TextData };

/** What a log of a host is held against. */
export type StoreCase = {
  months: number;
  host: Seen<LogStores>;
  policies: Seen<LogPolicies> | undefined;
  period: Period;
};

/** Whether one log of a host reaches back as far as asked without a hole, and the rules in force keep it. */
export function judgeStore(store: LogStore, stream: string, given: StoreCase): StoreSaid {
  const { path, oldest, problems } = store;
  const shown = {
    path,
    oldest: oldest ?? { zh: '无', en: 'none' },
    asked: given.period.due,
    months: given.months,
    longest: longestPeriod(given.months),
  };
  if (store.volatile) return say('unmet', 'inMemory', shown);
  const { host, policies } = given;
  const keeping = policies && keepingOf(store, host.value.stores, policies.value, given.months, host.on);
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

const failures: { readonly [Each in Keeping['state']]?: readonly [StoreSaid['outcome'], Says] } = {
  short: ['unmet', 'ruleTooShort'],
  nearly: ['unmet', 'ruleNearly'],
  'short-by-size': ['unmet', 'sizeTooSmall'],
  'size-unknown': ['unproven', 'sizeUnknown'],
  unknown: ['unproven', 'ruleUnclear'],
  self: ['unproven', 'ownRotation'],
};

function failure({ state, rule, days = 0, months }: Keeping, shown: TextData): StoreSaid | undefined {
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
): StoreSaid | undefined {
  const { state, runs, whole } = coverage;
  if (state === 'complete' || state === 'since-start') return undefined;
  const data = { ...shown, ...daysOf(runs), newest: store.newest ?? '-', since: period.hostSince ?? period.since };
  if (state === 'replaced') return say('unproven', 'replaced', data);
  if (state === 'recreated') {
    const unknown = { zh: '创建时间未知', en: 'it is not known when' };
    return say('unproven', 'recreated', { ...data, created: store.container?.created ?? unknown });
  }
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

function say(outcome: StoreSaid['outcome'], says: Says, data: TextData): StoreSaid {
  return { outcome, says, data };
}
