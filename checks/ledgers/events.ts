import { z } from 'zod';
import { monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import type { Ledger } from '../../src/evidence/filed/ledgers.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { type Escalation, escalate, escalationsBy } from '../shared/escalations.ts';
import { type Level, levelRule, levelsBy, levelTitles, type State, stateOf } from '../shared/event-levels.ts';
import { type Event, eventKind, eventsOf, isClassified, party } from '../shared/events.ts';
import { concluded, entriesText, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import { isBefore } from '../shared/ledger-dates.ts';

const messages = {
  ...ledgerMessages,
  noEvents: {
    zh: '自 {{start}} 起至台账截止日 {{until}}，没有登记涉及该主体的异常情形',
    en: 'no event of these parties is entered from {{start}} to {{until}}, where the ledger ends',
  },
  allCorrected: {
    zh: '自 {{start}} 起至台账截止日 {{until}} 的异常情形 {{count}} 条，均已整改完成：{{levels}}',
    en: '{{count}} events from {{start}} to {{until}}, where the ledger ends; all are corrected: {{levels}}',
  },
  open: {
    zh: '尚未整改完成的异常情形 {{count}} 条，对应处理措施为「{{level}}」：{{entries}}',
    en: '{{count}} events are not yet corrected; their level is “{{level}}”: {{entries}}',
  },
  escalates: {
    zh: '经{{measure}} {{count}} 次仍未改正到位，达到 {{limit}} 次，升级为「{{level}}」：{{entries}}',
    en: '{{count}} times ({{measure}}) without full correction, which reaches {{limit}} and escalates to “{{level}}”: {{entries}}',
  },
  mayEscalate: {
    zh: '措施、损失、影响或整改情况登记不全，经{{measure}}仍未改正到位的可能有 {{count}} 次，达到 {{limit}} 次即升级为「{{level}}」：{{entries}}',
    en: 'measure, loss, effect or correction is not fully entered; there may be {{count}} times ({{measure}}) without full correction, and {{limit}} escalate to “{{level}}”: {{entries}}',
  },
  levelUnclear: {
    zh: '{{count}} 条异常情形的损失、影响等登记不明，对应处理措施不能确定，可能为「{{levels}}」，其中尚未整改完成 {{open}} 条：{{entries}}',
    en: 'loss, effect or the like of {{count}} events is not known, so the level may be “{{levels}}”; {{open}} of them are not yet corrected: {{entries}}',
  },
  unclassified: {
    zh: '{{count}} 条异常情形不属于已知种类，不能判定对应处理措施：{{entries}}',
    en: '{{count}} events are of no known kind, so that their level cannot be told: {{entries}}',
  },
  correctionUnclear: {
    zh: '{{count}} 条异常情形是否整改到位不明，或整改完成日期早于发生日期：{{entries}}',
    en: 'whether {{count}} events were fully corrected is not known, or they were corrected before they occurred: {{entries}}',
  },
} as const;

type Says = keyof typeof messages;

const complete: Text = {
  zh: '核实并补全损失、影响、情节、投诉、措施等栏',
  en: 'find out, and fill in, loss, effect, circumstances, complaint and measure',
};

const correct: Text = {
  zh: '按税务机关要求完成整改，登记整改完成日期并留存证明材料',
  en: 'correct it as the bureau asks, enter the date, and keep the papers that show it',
};

/** Recorded events by level, as the guidance sorts them; none may be open. */
export const check = defineCheck({
  id: 'ledgers/events',
  title: { zh: '异常情形分级与整改', en: 'Events by level, and their correction' },
  about: {
    zh: '将台账中每一条异常情形按种类、损失、影响等归入规范所列的处理措施，并核对是否均已整改到位；栏目不明而影响归类的不判定。',
    en: 'Puts each entered event in the guidance’s level by kind, loss, effect and circumstances, and sees whether it is fully corrected; where an unknown cell could change the level, nothing is concluded.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('events').default('events'),
    /** Calendar months that the ledger must reach back; of older events only those not corrected count. */
    months: z.int().positive(),
    /** Whose events are judged. */
    party: z.array(party).min(1),
    /** Only events of these kinds, and those of no known kind; all if absent. */
    kinds: z.array(eventKind).min(1).optional(),
    /** From the gravest; an event belongs to the first that fits. */
    levels: z.array(levelRule).min(1),
    /** So many reminders, or orders with heavy loss or serious effect, that are not met lead to a graver level. */
    escalate: escalate.optional(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    open: correct,
    escalates: correct,
    mayEscalate: complete,
    levelUnclear: complete,
    unclassified: {
      zh: '按规范所列情形登记种类；确属其他情形的，报主管税务机关确认',
      en: 'enter one of the kinds that the guidance names; if it is none of them, ask the bureau',
    },
    correctionUnclear: {
      zh: '核实整改完成日期和是否整改到位',
      en: 'verify the date of correction, and whether it is complete',
    },
  },

  judge({ ledgers, platform }, { ledger, months, party: parties, kinds, levels, escalate: limits }, asOf) {
    const register = registerOf({ ledgers, platform }, ledger, asOf, months);
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const start = monthsBefore(asOf, months);
    const levelsOf = levelsBy(levels, asOf);
    const asked: ReadonlySet<string | undefined> | undefined = kinds && new Set(kinds);
    const events = eventsOf(register.entries, parties, asOf)
      .filter((event) => !asked || !isClassified(event) || asked.has(event.kind))
      .map((event): Judged => ({ event, state: stateOf(event, asOf), levels: levelsOf(event) }))
      .filter(({ event, state }) => state !== 'corrected' || !isBefore(event.on, start));
    const problems = [
      ...openFindings(seen, events, asOf),
      ...(limits ? escalationsBy(limits).flatMap((each) => escalated(seen, events, each)) : []),
      ...unclearFindings(seen, events),
    ];
    return concluded<Says>(register, problems, () => passed(seen, events, start));
  },
});

type Judged = { readonly event: Event; readonly state: State; readonly levels: readonly Level[] };

const gravestFirst = Object.keys(levelTitles) as Level[];

function openFindings(seen: Seen<Ledger>, judged: readonly Judged[], asOf: PlainDate): Finding<Says>[] {
  const byLevel = byOnlyLevel(judged.filter(({ event, state }) => state === 'open' && isClassified(event)));
  return gravestFirst.flatMap((level) => {
    const events = byLevel.get(level);
    if (!events) return [];
    const [due] = events.flatMap(({ dueOn }) => (dueOn !== undefined && dueOn >= asOf ? dueOn : [])).toSorted();
    const data = { ...listed(events), level: levelTitles[level], ...(due !== undefined && { due }) };
    return [unmet<Says>('open', seen, data)];
  });
}

function byOnlyLevel(judged: readonly Judged[]): Map<Level, Event[]> {
  const groups = new Map<Level, Event[]>();
  for (const { event, levels } of judged) {
    const [level, another] = levels;
    if (level === undefined || another !== undefined) continue;
    const group = groups.get(level);
    group ? group.push(event) : groups.set(level, [event]);
  }
  return groups;
}

function unclearFindings(seen: Seen<Ledger>, judged: readonly Judged[]): Finding<Says>[] {
  const classified = judged.filter(({ event }) => isClassified(event));
  const byLevels = Map.groupBy(
    classified.filter(({ levels }) => levels.length > 1),
    ({ levels }) => levels.join(),
  );
  const unclear = (says: Says, those: readonly Judged[]): Finding<Says>[] =>
    those.length > 0 ? [unproven(says, seen, listed(those.map(({ event }) => event)))] : [];
  return [
    ...[...byLevels.values()].map((group) => levelUnclear(seen, group)),
    ...unclear(
      'unclassified',
      judged.filter(({ event }) => !isClassified(event)),
    ),
    ...unclear(
      'correctionUnclear',
      classified.filter(({ state }) => state === 'unclear'),
    ),
  ];
}

function levelUnclear(seen: Seen<Ledger>, group: readonly Judged[]): Finding<Says> {
  const titles = group[0]?.levels.map((level) => levelTitles[level]) ?? [];
  return unproven('levelUnclear', seen, {
    ...listed(group.map(({ event }) => event)),
    levels: joined(titles, '」或「', '” or “'),
    open: group.filter(({ state }) => state === 'open').length,
  });
}

function escalated(
  seen: Seen<Ledger>,
  judged: readonly Judged[],
  { limit, level, measure, counts }: Escalation,
): Finding<Says>[] {
  const pending = judged.filter(({ event, state }) => state !== 'corrected' && counts(event) !== false);
  if (pending.length < limit) return [];
  const certain = pending.filter(({ event, state }) => state === 'open' && counts(event)).map(({ event }) => event);
  const data = { measure, limit, level: levelTitles[level] };
  return certain.length >= limit
    ? [unmet('escalates', seen, { ...data, ...listed(certain) })]
    : [unproven('mayEscalate', seen, { ...data, ...listed(pending.map(({ event }) => event)) })];
}

function passed(seen: Seen<Ledger>, judged: readonly Judged[], start: PlainDate): Finding<Says> {
  const data = { start, until: seen.value.until };
  if (judged.length === 0) return met('noEvents', seen, data);
  const byLevel = byOnlyLevel(judged);
  const levels = gravestFirst.flatMap((level): Text[] => {
    const count = byLevel.get(level)?.length;
    const { zh, en } = levelTitles[level];
    return count === undefined ? [] : [{ zh: `${zh} ${count} 条`, en: `${en}: ${count}` }];
  });
  return met('allCorrected', seen, { ...data, count: judged.length, levels: joined(levels, '；', '; ') });
}

function listed(events: readonly Event[]): { count: number; entries: Text } {
  return { count: events.length, entries: entriesText(events) };
}
