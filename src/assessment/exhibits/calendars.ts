import { z } from 'zod';
import { type Month, monthOf } from '../../evidence/dates.ts';
import { type LedgerType, ledgerNames, ledgerSpec } from '../../evidence/filed/ledger-types.ts';
import { entriesOf, type Ledger } from '../../evidence/filed/ledgers.ts';
import type { Seen } from '../../evidence/observation.ts';
import { bilingual, month, plainDate } from '../../evidence/schemas.ts';

/** How many entries of a register fall into each month. */
export const calendarSchema = z.strictObject({
  ledger: z.enum(ledgerNames),
  title: bilingual,
  /** The period that the register covers, both days included. */
  from: plainDate,
  until: plainDate,
  months: z.record(month, z.int().positive()),
  /** Of them those whose correction has no date yet. */
  open: z.record(month, z.int().positive()),
  cite: z.string(),
});

export type Calendar = z.output<typeof calendarSchema>;

// The registers of part three, with the column that dates an entry and the one that closes it.
const shown: readonly { of: LedgerType; on: string; closed?: string }[] = [
  { of: 'events', on: 'on', closed: 'correctedOn' },
  { of: 'warnings', on: 'pushedOn', closed: 'correctedOn' },
  { of: 'monitoring', on: 'heldOn' },
  { of: 'verifications', on: 'verifiedOn' },
  { of: 'drills', on: 'heldOn' },
  { of: 'trainings', on: 'heldOn' },
];

/** The registers of events and rounds, in a fixed order. */
export function calendarsIn(ledgers: readonly Seen<Ledger>[]): Calendar[] {
  return shown.flatMap(({ of, on, closed }) =>
    ledgers.filter(({ value }) => value.of === of).map(({ id, value }) => calendarOf(id, value, on, closed)),
  );
}

function calendarOf(cite: string, ledger: Ledger, on: string, closed: string | undefined): Calendar {
  const cells = entriesOf(ledger, ledger.of).map((entry): Readonly<Record<string, string | number>> => entry);
  const dated = cells.flatMap((entry) => {
    const date = entry[on];
    // An event that asked for no correction has neither a date for it nor a word that it was made.
    const isOpen =
      closed !== undefined && entry[closed] === undefined && (entry.dueOn !== undefined || ledger.of === 'warnings');
    return typeof date === 'string' ? [{ month: monthOf(date), isOpen }] : [];
  });
  return {
    ledger: ledger.of,
    title: ledgerSpec(ledger.of).title,
    from: ledger.from,
    until: ledger.until,
    months: counted(dated.map(({ month: each }) => each)),
    open: counted(dated.filter(({ isOpen }) => isOpen).map(({ month: each }) => each)),
    cite,
  };
}

function counted(months: readonly Month[]): Record<Month, number> {
  const groups = [...Map.groupBy(months, (each) => each)].map(([each, same]) => [each, same.length] as const);
  return Object.fromEntries(groups.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
