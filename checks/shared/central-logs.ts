import { daysBetween } from '../../src/evidence/dates.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { coverageOf, daysOf, type Period } from '../../src/evidence/host/log-coverage.ts';
import { longestPeriod } from '../../src/evidence/host/log-keeping.ts';
import type { LogPolicies } from '../../src/evidence/host/log-policies.ts';
import {
  type CentralLogs,
  type CentralRule,
  type CentralSeries,
  channels,
  ruleSources,
  unseenWhys,
} from '../../src/evidence/network/central-logs.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, type TextData, verbatim } from '../../src/text.ts';

/** What is said of logs in a central store. */
export const centralMessages = {
  centralKept: {
    zh: '集中日志 {{store}} 最早记录 {{oldest}}（应不晚于 {{asked}}），其间无缺失；保存规则：{{rule}}；读取方式：{{channel}}',
    en: 'the central logs {{store}} reach back to {{oldest}} ({{asked}} is asked) with no day missing; keeping rule: {{rule}}; read by {{channel}}',
  },
  centralSinceStart: {
    zh: '平台于 {{since}} 启用，集中日志 {{store}} 最早记录 {{oldest}}，其间无缺失；保存规则：{{rule}}；读取方式：{{channel}}',
    en: 'the platform began on {{since}}, the central logs {{store}} reach back to {{oldest}} with no day missing; keeping rule: {{rule}}; read by {{channel}}',
  },
  centralYoung: {
    zh: '集中日志 {{store}} 最早记录 {{oldest}}，应不晚于 {{asked}}',
    en: 'the central logs {{store}} reach back to {{oldest}}; {{asked}} is asked',
  },
  centralNotDaily: {
    zh: '集中日志 {{store}} 最早记录 {{oldest}}，应不晚于 {{asked}}；并非每日都有记录，或主机自 {{hostSince}} 起才使用，无法判断此前是无记录还是已被删除',
    en: 'the central logs {{store}} reach back to {{oldest}}; {{asked}} is asked. They have not entries every day, or the host serves since {{hostSince}}, so that silence before cannot be told from deletion',
  },
  centralDaysMissing: {
    zh: '集中日志 {{store}} 自 {{asked}} 以来缺少 {{count}} 天的记录（前后每日均有）：{{days}}',
    en: 'the central logs {{store}} lack {{count}} days since {{asked}}, with entries every day around them: {{days}}',
  },
  centralDaysDoubtful: {
    zh: '集中日志 {{store}} 自 {{asked}} 以来有 {{count}} 天没有记录，按前后规律应有记录：{{days}}',
    en: 'the central logs {{store}} have no entry on {{count}} days since {{asked}} on which their neighbours lead one to expect some: {{days}}',
  },
  centralStopped: {
    zh: '集中日志 {{store}} 最后一条记录为 {{newest}}，此后 {{count}} 天没有记录',
    en: 'the central logs {{store}} end on {{newest}}; {{count}} days are without an entry since',
  },
  centralNotWhole: {
    zh: '集中日志 {{store}} 未能完整查看（{{why}}），看到的最早记录为 {{oldest}}，不能证明自 {{asked}} 起完整',
    en: 'the central logs {{store}} were not seen whole ({{why}}); from the oldest entry seen, {{oldest}}, it cannot be shown that they are complete since {{asked}}',
  },
  centralNotAsked: {
    zh: '集中日志 {{store}} 只查询到 {{lookedFrom}} 为止，最早记录 {{oldest}}，应不晚于 {{asked}}',
    en: 'the central logs {{store}} were asked about since {{lookedFrom}} only; oldest entry {{oldest}}, {{asked}} is asked',
  },
  centralNotLinked: {
    zh: '{{stream}}日志送往集中日志存储的地址 {{target}}（{{where}}），但平台文件未声明其中有本主机的此类日志（logStores 的 hosts）',
    en: 'the {{stream}} log is sent to {{target}} ({{where}}), the address of a central log store, which is not declared to hold such logs of this host (hosts of logStores)',
  },
  centralUnseen: {
    zh: '主机 {{host}} 的日志还存于集中日志 {{store}}，该存储未能采集',
    en: 'the logs of {{host}} are kept in the central store {{store}} as well, which was not observed',
  },
  centralEmpty: {
    zh: '集中日志 {{store}} 自 {{lookedFrom}} 以来未查到带时间的记录{{why}}',
    en: 'no dated entry was found in the central logs {{store}} since {{lookedFrom}}{{why}}',
  },
  centralTooShort: {
    zh: '集中日志 {{store}} 的保存规则“{{rule}}”只保证 {{kept}} 天，{{months}} 个月最长为 {{longest}} 天；最早记录 {{oldest}}',
    en: 'the rule “{{rule}}” keeps the central logs {{store}} for {{kept}} days only; {{months}} months can be {{longest}} days; oldest entry {{oldest}}',
  },
  centralUnclear: {
    zh: '集中日志 {{store}} 受“{{rule}}”影响，无法判断其保留多久',
    en: 'the central logs {{store}} are touched by “{{rule}}”; how long that leaves them cannot be told',
  },
  centralNoRule: {
    zh: '集中日志 {{store}} 有 {{unruled}} 个索引或日志流未受任何保存策略管理，是否由外部程序清理不得而知，现有记录（最早 {{oldest}}）尚不足以证明保留 {{longest}} 天',
    en: 'in the central logs {{store}} {{unruled}} indices or streams are under no policy; whether a program elsewhere deletes them is not known, and what they hold (oldest {{oldest}}) does not yet show {{longest}} days',
  },
  centralRulesUnread: {
    zh: '集中日志 {{store}} 的保存规则未能读取：{{where}}',
    en: 'the rules that keep the central logs {{store}} could not be read: {{where}}',
  },
  centralUnsure: {
    zh: '主机 {{host}} 的{{stream}}日志是否全部进入集中日志 {{store}} 未能证明：未见主机把全部日志（*.*）转发至该存储的地址',
    en: 'it is not shown that all of the {{stream}} log of {{host}} is in the central logs {{store}}: the host was not seen to forward everything (*.*) to that store’s address',
  },
} as const;

/** What to do about it. */
export const centralRemedies = {
  centralTooShort: {
    zh: '将删除阶段的期限改为自滚动（rollover）起不少于 {{longest}} 天',
    en: 'delete no earlier than {{longest}} days after rollover',
  },
  centralNoRule: {
    zh: '为索引配置生命周期策略，或提供清理程序（如 curator）的配置',
    en: 'put the indices under a lifecycle policy, or file the settings of what deletes them (curator)',
  },
  centralRulesUnread: {
    zh: '授予账号只读权限：read_ilm、view_index_metadata、monitor；OpenSearch 为 _ism explain；Loki 开放 /config',
    en: 'let the account read: read_ilm, view_index_metadata, monitor; the _ism explain of OpenSearch; /config of Loki',
  },
  centralNotWhole: {
    zh: '授予账号全部索引的读取权限和集群 monitor 权限，打开已关闭的索引',
    en: 'let the account read all the indices and monitor the cluster, and open what is closed',
  },
  centralUnsure: {
    zh: '由主机转发全部日志至该存储，或在平台文件中单独声明该日志的存储',
    en: 'forward everything from the host to that store, or keep that log on the host long enough',
  },
} as const satisfies { readonly [Each in CentralSays]?: Text };

type CentralSays = keyof typeof centralMessages;

/** What was found of one store, for itself or for a host. */
export type CentralSaid = {
  readonly outcome: 'met' | 'unmet' | 'unproven';
  readonly says: CentralSays;
  readonly data: TextData;
  /** The store, if it was observed. */
  readonly also?: readonly Seen<CentralLogs>[];
};

/** A store's entries, all or those of one host. */
export type Kept = { readonly central: Seen<CentralLogs>; readonly series: CentralSeries; readonly host?: string };

/** The stores of one kind of log, as they were seen last: those that stand by themselves, or hold a host's logs. */
export function keptFor(stores: readonly Seen<CentralLogs>[], of: string, host?: string): Kept[] {
  const last = new Map<string, Seen<CentralLogs>>();
  for (const each of stores.filter(({ value }) => value.of === of)) {
    const known = last.get(each.subject);
    if (!known || known.at < each.at) last.set(each.subject, each);
  }
  return [...last.values()].flatMap((central): Kept[] => {
    const { hosts, all } = central.value;
    if (host === undefined) return hosts.length === 0 ? [{ central, series: all }] : [];
    return hosts.filter(({ name }) => name === host).map((series) => ({ central, series, host }));
  });
}

/** Stores that are declared to hold a host's logs of one kind, and were not observed: what they keep is not known. */
export function unseenFor(
  { logStores = [] }: PlatformDeclaration,
  of: string,
  host: string,
  kept: readonly Kept[],
): CentralSaid[] {
  const missing = logStores.filter((store) => store.of === of && store.hosts.includes(host));
  return missing
    .filter(({ name }) => !kept.some(({ central }) => central.subject === name))
    .map(({ name }) => ({ outcome: 'unproven', says: 'centralUnseen', data: { host, store: name } }));
}

/** Both sides of the rule: what is there reaches back without a hole, and what deletes leaves it that long. */
export function judgeKept(kept: Kept, months: number, period: Period): CentralSaid {
  const { central, series } = kept;
  const { value } = central;
  const longest = longestPeriod(months);
  const rule = worstRule(value.rules, longest);
  const shown = {
    store: nameOf(kept),
    oldest: series.oldest ?? { zh: '无', en: 'none' },
    asked: period.due,
    since: period.since,
    hostSince: period.hostSince ?? period.since,
    longest,
    months,
    channel: channels[value.channel],
    rule: rule ? ruleText(rule) : { zh: '无', en: 'none' },
    kept: rule && 'days' in rule.keeps ? Math.floor(rule.keeps.days) : 0,
    lookedFrom: value.lookedFrom,
    unruled: value.unruled,
  };
  const say = (outcome: CentralSaid['outcome'], says: CentralSays, data: TextData = {}): CentralSaid => ({
    outcome,
    says,
    data: { ...shown, ...data },
    also: [central],
  });
  const state = rule ? stateOf(rule, longest) : 'enough';
  if (state === 'short') return say('unmet', 'centralTooShort');
  const gap = shortfall(kept, period, say);
  if (gap) return gap;
  if (value.unread.length > 0)
    return say('unproven', 'centralRulesUnread', {
      where: joined(
        value.unread.map(({ part }) => ruleSources[part]),
        '、',
        ', ',
      ),
    });
  if (state === 'unclear') return say('unproven', 'centralUnclear');
  const reach = series.oldest === undefined ? 0 : daysBetween(series.oldest, value.today);
  if ((value.unruled > 0 || !rule) && reach < longest) return say('unproven', 'centralNoRule');
  return say('met', (series.oldest ?? '') > period.due ? 'centralSinceStart' : 'centralKept');
}

function shortfall(
  { central, series }: Kept,
  period: Period,
  say: (outcome: CentralSaid['outcome'], says: CentralSays, data?: TextData) => CentralSaid,
): CentralSaid | undefined {
  const { unseen, lookedFrom } = central.value;
  const why = joined(
    unseen.map((each) => unseenWhys[each]),
    '、',
    ', ',
  );
  if (series.oldest === undefined)
    return say('unproven', 'centralEmpty', { why: unseen.length > 0 ? joined([verbatim(''), why], '：', ': ') : '' });
  const given = { ...series, oldest: series.oldest, lookedFrom, sampled: false, problems: unseen };
  const { state, runs, whole } = coverageOf(given, period);
  if (state === 'complete' || state === 'since-start') return undefined;
  const data = { ...daysOf(runs), newest: series.newest ?? '-', why };
  if (unseen.length > 0) return say('unproven', 'centralNotWhole', data);
  if (!whole) return say('unproven', 'centralNotAsked', data);
  if (state === 'young' && series.startsDaily === true) return say('unmet', 'centralYoung', data);
  if (state === 'young' || state === 'replaced') return say('unproven', 'centralNotDaily', data);
  if (state === 'stopped') return say('unproven', 'centralStopped', data);
  if (state === 'missing') return say('unmet', 'centralDaysMissing', data);
  return say('unproven', 'centralDaysDoubtful', data);
}

/**
 * What the central stores that hold a host's logs say of one stream of it. Where the host was not seen to send that stream there, they
 * prove nothing of it; but what they may hold is not shown to be deleted either.
 */
export function carriedStream(
  kept: readonly Kept[],
  stream: string,
  title: Text,
  policies: LogPolicies | undefined,
  judge: (kept: Kept) => CentralSaid,
): CentralSaid[] {
  return kept.flatMap((each): CentralSaid[] => {
    const said = judge(each);
    if (isSent(each.central.value, stream, policies) || said.outcome === 'unproven') return [said];
    if (said.outcome === 'unmet') return [];
    const data = { host: each.host ?? '', stream: title, store: nameOf(each) };
    return [{ outcome: 'unproven', says: 'centralUnsure', data, also: [each.central] }];
  });
}

/** Whether something is sent to the address of a declared store. */
export function isLogStore(target: string, { logStores = [] }: PlatformDeclaration): boolean {
  return logStores.some(({ address }) => isSameAddress(address, target));
}

// Records that are no syslog messages may be sent, too, and then be dropped or cut on the way: nothing shows that they are all there.
function isSent({ host, address }: CentralLogs, stream: string, policies: LogPolicies | undefined): boolean {
  if (stream !== 'general' && stream !== 'auth') return false;
  return (policies?.shipping ?? []).some(
    ({ whole, covers, targets }) =>
      whole === true &&
      covers.includes(stream) &&
      targets.some((target) => isSameAddress(target, host) || isSameAddress(target, address)),
  );
}

type RuleState = 'short' | 'unclear' | 'enough';

function stateOf({ keeps }: CentralRule, longest: number): RuleState {
  if ('ever' in keeps) return 'enough';
  if ('unknown' in keeps) return 'unclear';
  if (keeps.days >= longest) return 'enough';
  return keeps.orMore ? 'unclear' : 'short';
}

function worstRule(rules: readonly CentralRule[], longest: number): CentralRule | undefined {
  const order: readonly RuleState[] = ['short', 'unclear', 'enough'];
  return order
    .map((state) => rules.find((rule) => stateOf(rule, longest) === state))
    .find((rule) => rule !== undefined);
}

function ruleText({ by, name, text }: CentralRule): Text {
  return joined([ruleSources[by], verbatim(`${name}: ${text}`)], ' ', ' ');
}

function nameOf({ central, host }: Kept): string {
  const store = `${central.subject} ${central.value.selection}`;
  return host === undefined ? store : `${store} (${host})`;
}
