import { z } from 'zod';
import { isDate, monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import { defineCheck, met, stricter, unmet, unproven } from '../check.ts';
import { both } from '../shared/escalations.ts';
import { type Event, eventKind, eventsOf, isClassified, isOrdered, party } from '../shared/events.ts';
import { concluded, entriesText, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import { isAfter, isBefore } from '../shared/ledger-dates.ts';

const messages = {
  ...ledgerMessages,
  within: {
    zh: '自 {{start}} 起至台账截止日 {{until}}，被责令限期改正 {{count}} 次，不超过 {{atMost}} 次',
    en: '{{count}} ordered corrections from {{start}} to {{until}}, where the ledger ends; at most {{atMost}} are allowed',
  },
  tooMany: {
    zh: '自 {{start}} 起被责令限期改正 {{count}} 次，超过 {{atMost}} 次：{{entries}}',
    en: '{{count}} ordered corrections since {{start}}; at most {{atMost}} are allowed: {{entries}}',
  },
  unclear: {
    zh: '{{count}} 条的税务机关措施不明，或责令改正没有可信的措施日期，可能计入自 {{start}} 起的责令改正次数：{{entries}}',
    en: 'the measure of {{count}} events is not known, or their order has no credible date, so that they may count as ordered since {{start}}: {{entries}}',
  },
} as const;

type Says = keyof typeof messages;

/** How often the bureau ordered a correction in the months before the as-of date. */
export const check = defineCheck({
  id: 'ledgers/corrections-count',
  title: { zh: '被责令限期改正的次数', en: 'Number of ordered corrections' },
  about: {
    zh: '统计评估基准日前若干月内税务机关责令限期改正（含暂停新增使用单位、暂停服务）的异常情形；措施或措施日期不明的不判定。',
    en: 'Counts the events for which the bureau ordered a correction (suspensions included) in the months before the as-of date; where measure or date is not known, nothing is concluded.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('events').default('events'),
    /** Calendar months counted back from the as-of date. */
    months: z.int().positive(),
    atMost: z.int().nonnegative().meta(stricter.lower),
    /** Whose events count; without it, everyone's. */
    party: z.array(party).min(1).optional(),
    /** Kinds of event for which the unit is ordered to correct what its using units did. */
    usingUnitKinds: z.array(eventKind).min(1).optional(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    tooMany: {
      zh: '核对税务机关文书；确已超过的，不具备审验条件',
      en: 'verify them by the bureau’s papers; if they are right, the condition is not met',
    },
    unclear: {
      zh: '按税务机关文书补全措施和措施日期；没有措施的登记为「无」',
      en: 'fill in measure and date by the bureau’s papers; where there was none, enter “none”',
    },
  },

  judge({ ledgers, platform }, { ledger, months, atMost, party: parties, usingUnitKinds = [] }, asOf) {
    const register = registerOf({ ledgers, platform }, ledger, asOf, months);
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const start = monthsBefore(asOf, months);
    const own = new Set(eventsOf(register.entries, parties, asOf));
    const answered = answeredFor(usingUnitKinds);
    const isCounted = (event: Event): boolean | undefined =>
      both(own.has(event) || answered(event), counts(event, start, asOf));
    const events = eventsOf(register.entries, undefined, asOf);
    const counted = events.filter((event) => isCounted(event));
    const unclear = events.filter((event) => isCounted(event) === undefined);
    const data = { start, atMost, until: seen.value.until };
    const listed = (those: readonly Event[]) => ({ ...data, count: those.length, entries: entriesText(those) });
    return concluded<Says>(
      register,
      [
        ...(counted.length > atMost ? [unmet<Says>('tooMany', seen, listed(counted))] : []),
        ...(unclear.length > 0 ? [unproven<Says>('unclear', seen, listed(unclear))] : []),
      ],
      () => met('within', seen, { ...data, count: counted.length }),
    );
  },
});

/** Whether the unit answers for what a using unit did; undefined where the kind is not known. */
function answeredFor(kinds: readonly string[]): (event: Event) => boolean | undefined {
  const known = new Set(kinds);
  return (event) => {
    if (event.party !== 'using-unit' || known.size === 0) return false;
    return isClassified(event) ? known.has(event.kind ?? '') : undefined;
  };
}

// An order whose date lies after the as-of date is not yet there; one dated before its event is a mistake somewhere.
function counts(event: Event, start: PlainDate, asOf: PlainDate): boolean | undefined {
  const { on, measureOn } = event;
  const ordered = isOrdered(event);
  if (ordered === false || isAfter(measureOn, asOf)) return false;
  if (measureOn === undefined || !isDate(measureOn) || on === undefined || measureOn < on) return undefined;
  return isBefore(measureOn, start) ? false : ordered;
}
