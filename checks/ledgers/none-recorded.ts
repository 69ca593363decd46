import { z } from 'zod';
import { isDate, monthsBefore } from '../../src/evidence/dates.ts';
import { defineCheck, met, stricter, unmet, unproven } from '../check.ts';
import { type Event, eventKind, eventsOf, isClassified, kindsText, party } from '../shared/events.ts';
import { concluded, entriesText, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import { isBefore } from '../shared/ledger-dates.ts';

const messages = {
  ...ledgerMessages,
  none: {
    zh: '自 {{start}} 起至台账截止日 {{until}}，未登记「{{kinds}}」',
    en: 'none of these is entered from {{start}} to {{until}}, where the ledger ends: {{kinds}}',
  },
  recorded: {
    zh: '自 {{start}} 起登记有「{{kinds}}」{{count}} 条：{{entries}}',
    en: '{{count}} entered since {{start}} of {{kinds}}: {{entries}}',
  },
  unclear: {
    zh: '自 {{start}} 起有 {{count}} 条的情形不属于已知种类，或没有发生日期，不能排除属于「{{kinds}}」：{{entries}}',
    en: '{{count}} since {{start}} are of no known kind, or have no date, and may be of {{kinds}}: {{entries}}',
  },
} as const;

type Says = keyof typeof messages;

/** No event of certain kinds occurred in the months before the as-of date. */
export const check = defineCheck({
  id: 'ledgers/none-recorded',
  title: { zh: '期间内无特定情形', en: 'No event of these kinds' },
  about: {
    zh: '核对异常情形台账在评估基准日前若干月内没有登记所列情形；台账须覆盖该期间并签署结账声明，种类不明的条目不判定。',
    en: 'Sees that the ledger has none of these kinds in the months before the as-of date; it must cover them and be closed by a signed statement, and entries of unknown kind leave it open.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('events').default('events'),
    kinds: z.array(eventKind).min(1),
    /** Calendar months counted back from the as-of date. */
    months: z.int().positive().meta(stricter.higher),
    /** Asked of the unit itself: the ledger must cover all the months, those before there was a platform as well. */
    ofUnit: z.literal(true).optional(),
    /** Whose events count; without it, everyone's. */
    party: z.array(party).min(1).optional(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    recorded: {
      zh: '核实登记内容；属实的，不具备条件',
      en: 'verify the entries; if they are right, the condition is not met',
    },
    unclear: {
      zh: '按规范所列情形登记种类和发生日期',
      en: 'enter one of the kinds that the guidance names, and the date',
    },
  },

  judge({ ledgers, platform }, { ledger, kinds, months, ofUnit, party: parties }, asOf) {
    const reach = ofUnit ? { months } : months;
    const register = registerOf({ ledgers, platform }, ledger, asOf, reach);
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const start = monthsBefore(asOf, months);
    const asked: ReadonlySet<string> = new Set(kinds);
    const events = eventsOf(register.entries, parties, asOf).filter(
      ({ on, kind = '' }) => !isBefore(on, start) && (asked.has(kind) || !isClassified({ kind })),
    );
    const unclear = events.filter(isUnclear);
    const recorded = events.filter((event) => !isUnclear(event));
    const data = { start, kinds: kindsText(kinds) };
    const listed = (those: readonly Event[]) => ({ ...data, count: those.length, entries: entriesText(those) });
    return concluded<Says>(
      register,
      [
        ...(recorded.length > 0 ? [unmet<Says>('recorded', seen, listed(recorded))] : []),
        ...(unclear.length > 0 ? [unproven<Says>('unclear', seen, listed(unclear))] : []),
      ],
      () => met('none', seen, { ...data, until: seen.value.until }),
    );
  },
});

function isUnclear(event: Event): boolean {
  return !isClassified(event) || event.on === undefined || !isDate(event.on);
}
