import { z } from 'zod';
import { minutesAheadIn, monthsBefore } from '../../src/evidence/dates.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { clocksAgree, type Period, type Stream, streamsOf } from '../../src/evidence/host/log-coverage.ts';
import { receivedFrom, shippingOf } from '../../src/evidence/host/log-shipping.ts';
import { type LogStore, type LogStores, logProblems } from '../../src/evidence/host/log-stores.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { type Text, type TextData, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import {
  type CentralSaid,
  carriedStream,
  centralMessages,
  centralRemedies,
  isLogStore,
  judgeKept,
  type Kept,
  keptFor,
  unseenFor,
} from '../shared/central-logs.ts';
import * as words from '../shared/log-retention-words.ts';
import { judgeStore, type StoreCase } from '../shared/log-store-retention.ts';

const messages = { ...words.messages, ...centralMessages };

type Says = keyof typeof messages;
type Cited = readonly [Seen<unknown>, ...Seen<unknown>[]];
type Said = {
  outcome: 'met' | 'unmet' | 'unproven';
  says: Says;
  data: TextData;
  /** What it rests on besides this host. */
  also?: readonly Seen<unknown>[];
};

/** What a host shows, and the period it is held against. */
type Case = StoreCase & {
  of: 'system' | 'network' | 'application';
  declared: Seen<PlatformDeclaration>;
  /** What central stores hold of this host, and which that hold some were not observed. */
  kept: readonly Kept[];
  unseen: readonly CentralSaid[];
};

/** Logs of one kind reach back as far as asked, without a hole, and the rules in force keep them that long. */
export const check = defineCheck({
  id: 'logs/retention',
  title: { zh: '日志留存', en: 'Log retention' },
  about: {
    zh: '自取证之日起倒推日历月：日志中最早的记录须早于该日（或平台、主机启用之日），其间无缺失日期；且轮转、限额和清理规则（logrotate、journald、auditd、tmpfiles、计划任务、应用自身的日志配置、容器日志驱动）在最长的同等期间内均予保留。按大小轮转的，以实际增长量推算。日志送往已声明的主机的，以该主机上按来源单独存放的日志为准；送往未声明之处的，无法判断。',
    en: 'Counted back in calendar months from the day of observation: the oldest entry is no later than that day (or the start of the platform), no day is missing, and rotation, limits and deletions (logrotate, journald, auditd, tmpfiles, schedules, the application’s own settings, the log drivers of containers) keep even the longest such period. Rotation by size is judged by observed growth. Where logs are sent to a declared host, those answer that lie there under the sender’s name; where they are sent elsewhere, it cannot be told.',
  },
  reads: ['logStores', 'logPolicies', 'centralLogs', 'platform'],
  parameters: z.strictObject({
    of: z.enum(['system', 'network', 'application']),
    months: z.int().positive().meta(stricter.higher),
  }),
  messages,
  remedies: { ...words.remedies, ...centralRemedies },

  judge({ logStores, logPolicies, centralLogs, platform }, { of, months }) {
    const [declared] = platform;
    const alone = keptFor(centralLogs, of).map(({ central, series }): Finding<Says> => {
      const { on, value } = central;
      if (!declared || declared.value.since > on) return unproven('noPlatform', central);
      const { since } = declared.value;
      const period = { due: monthsBefore(on, months), since, today: value.today, slack: 0 } as const;
      return findingOf(judgeKept({ central, series }, months, period), [central, declared]);
    });
    if (logStores.length === 0) return [...alone, unproven('none', [], { of: titleOf(of) }, 'logStores')];
    if (!declared) return [...logStores.map((host) => unproven('noPlatform', host)), ...alone];
    const cases = logStores.map((host): Case => {
      const policies = logPolicies.find((each) => each.subject === host.subject);
      const period = periodOf(host, declared.value, months);
      const kept = keptFor(centralLogs, of, host.subject);
      const unseen = unseenFor(declared.value, of, host.subject, kept);
      return { host, policies, declared, period, of, months, kept, unseen };
    });
    const onHosts = cases.flatMap((given): Finding<Says>[] => {
      const { host, policies, period } = given;
      if (declared.value.since > host.on) return [unproven('noPlatform', host)];
      if (!clocksAgree(period.today, host.on))
        return [unproven('clockOff', host, { today: period.today, on: host.on })];
      return judgeHost(given, cases).map((said) => {
        const { also = [] } = said;
        return findingOf(said, [host, ...(policies ? [policies] : []), ...also, declared]);
      });
    });
    return [...onHosts, ...alone];
  },
});

function findingOf({ outcome, says, data }: Said, cites: Cited): Finding<Says> {
  return (outcome === 'met' ? met : outcome === 'unmet' ? unmet : unproven)(says, cites, data);
}

function periodOf(host: Seen<LogStores>, declared: PlatformDeclaration, months: number): Period {
  const { today, minutesAhead } = host.value;
  return {
    due: monthsBefore(host.on, months),
    since: declared.since,
    hostSince: declared.hosts.find((each) => each.name === host.subject)?.since,
    today,
    slack: minutesAhead < minutesAheadIn(host.at, declared.timeZone) ? 1 : 0,
  };
}

function judgeHost(given: Case, cases: readonly Case[]): Said[] {
  const { host, of } = given;
  const streams = streamsOf(host.value, of);
  const findings = streams.flatMap((stream): Said[] => {
    const said = judgeStream(stream, given);
    return said.some(({ outcome }) => outcome === 'met') ? said : elsewhere(stream, said, given, cases);
  });
  // Nothing of that kind is kept on the host: the store that is declared to hold it is where it is kept.
  if (streams.length === 0) findings.push(...given.unseen, ...given.kept.map((each) => central(each, given)));
  if (findings.length === 0) findings.push(say('unproven', 'none', { of: titleOf(of) }));
  if (host.value.cut) findings.push(say('unproven', 'listingCut', { of: titleOf(of) }));
  return findings;
}

// A stream holds if one of its carriers does; it fails only if all of them were seen and fail.
function judgeStream({ stream, stores, unread }: Stream, given: Case): Said[] {
  const said = [
    ...stores.map((store) => judgeStore(store, stream, given)),
    ...unread.map(({ path, problem }) => say('unproven', 'unreadable', { path, why: logProblems[problem] })),
    ...given.unseen,
    ...carriedStream(given.kept, stream, titleOf(stream), given.policies?.value, (each) => central(each, given)),
  ];
  return said.length === 0 ? [say('unproven', 'none', { of: titleOf(stream) })] : best(said);
}

function central(kept: Kept, { months, period }: Case): CentralSaid {
  return judgeKept(kept, months, { ...period, today: kept.central.value.today, slack: 0 });
}

function best(said: readonly Said[]): Said[] {
  const outcome = (['met', 'unproven', 'unmet'] as const).find((one) => said.some((each) => each.outcome === one));
  return said.filter((each) => each.outcome === outcome);
}

// What this host does not keep may be kept where it is sent: that host's logs answer, and of no other can anything be said.
function elsewhere(stream: Stream, said: readonly Said[], given: Case, cases: readonly Case[]): Said[] {
  const shipping = shippingOf(stream, given.policies?.value);
  const here = said.map((each) => (each.outcome === 'unmet' ? { ...each, outcome: 'unproven' as const } : each));
  const of = titleOf(stream.stream);
  if (!shipping)
    return said.some(({ outcome }) => outcome === 'unmet')
      ? [say('unproven', 'shippingNotSeen', { of }), ...here]
      : here;
  if (shipping.length === 0) return [...said];
  const there = shipping.flatMap(({ targets, where }): Said[] =>
    (targets.length > 0 ? targets : ['?']).flatMap((target) => {
      const shown = { of, targets: target, where };
      const receiver = cases.find(({ host }) => host !== given.host && namesOf(host.subject, given).includes(target));
      if (!receiver && isLogStore(target, given.declared.value)) return notLinked(target, where, of, given);
      if (!receiver) return [say('unproven', 'shipped', shown)];
      const received = receivedFrom(namesOf(given.host.subject, given), stream, receiver.host.value.stores);
      if (received.length === 0) return [say('unproven', 'shippedMixed', shown)];
      return received.map((store) => judgeReceived(store, stream.stream, given, receiver));
    }),
  );
  const open = there.filter(({ outcome }) => outcome === 'unproven');
  const kept = there.some(({ outcome }) => outcome === 'met');
  return kept || open.length === 0 ? best([...said, ...there]) : [...open, ...here];
}

// What a store that holds this host's logs says of the stream has been heard; of another nothing can be told.
function notLinked(target: string, where: string, stream: Text, { kept, unseen }: Case): Said[] {
  return kept.length + unseen.length > 0 ? [] : [say('unproven', 'centralNotLinked', { stream, target, where })];
}

// The period is the sender's: since when it is to be kept depends on neither clock nor age of the receiver.
function judgeReceived(store: LogStore, stream: string, given: Case, receiver: Case): Said {
  const { host, policies, period } = receiver;
  const also = [host, ...(policies ? [policies] : [])];
  const shown = { ...store, path: `${host.subject}:${store.path}` };
  if (!clocksAgree(period.today, host.on))
    return { ...say('unproven', 'clockOff', { today: period.today, on: host.on }), also };
  const said = judgeStore(store, stream, { ...receiver, period: { ...period, hostSince: given.period.hostSince } });
  return { ...said, data: { ...said.data, path: shown.path }, also };
}

function namesOf(subject: string, { declared }: Case): string[] {
  return [subject, ...(declared.value.hosts.find(({ name }) => name === subject)?.addresses ?? [])];
}

function titleOf(name: string): Text {
  return words.titles[name] ?? verbatim(name);
}

function say(outcome: Said['outcome'], says: Says, data: TextData): Said {
  return { outcome, says, data };
}
