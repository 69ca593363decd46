import type { PlainDate } from '../../src/evidence/dates.ts';
import type { ColumnOf, LedgerType } from '../../src/evidence/filed/ledger-types.ts';
import type { Ledger } from '../../src/evidence/filed/ledgers.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { type Case, seen } from './check-tester.ts';

type Closing = NonNullable<Ledger['closing']>;

/** In what a ledger differs from the whole and closed one. */
export type Changes = {
  from?: PlainDate;
  until?: PlainDate;
  /** Parts of the closing statement that do not match the ledger; false: there is none. */
  closing?: Partial<Closing> | false;
};

/** A ledger of these entries, 2023 to February 2026 and closed by a matching statement signed on its last day, unless told otherwise. */
export function register<T extends LedgerType>(
  of: T,
  entries: readonly { readonly [C in ColumnOf<T>]?: string }[],
  { from = '2023-01-01', until = '2026-02-28', closing = {} }: Changes = {},
): Seen<Ledger> {
  const records: readonly Readonly<Record<string, string | undefined>>[] = entries;
  const columns = [...new Set(records.flatMap((entry) => Object.keys(entry)))];
  const rows = records.map((entry, index): Ledger['rows'][number] => [
    index + 2,
    ...columns.map((column) => entry[column] ?? ''),
  ]);
  const value: Ledger = {
    of,
    file: `${of}.csv`,
    bytes: 1,
    sha256: 'a'.repeat(64),
    sm3: 'b'.repeat(64),
    from,
    until,
    columns,
    rows,
    ignored: [],
    ...(closing !== false && { closing: { ...matching(from, until, rows.length), ...closing } }),
  };
  return seen('ledgers', value, { subject: of });
}

/** Cases of a ledger that proves nothing, each with what is said of it, from a case that is met with a ledger as it should be. */
export function shortfalls(caseWith: (changes: Changes) => Case): Record<string, Case> {
  return {
    'nobody closed the ledger': { ...caseWith({ closing: false }), says: 'notClosed' },
    'the closing paper is not there': {
      ...caseWith({ closing: { document: { id: 'closing' } } }),
      says: 'closingNotShown',
    },
    'closed with another number of entries': { ...caseWith({ closing: { entries: 9999 } }), says: 'closingOther' },
    'closed for a shorter period': { ...caseWith({ closing: { until: '2026-02-27' } }), says: 'closingOther' },
    'closed before its last day': { ...caseWith({ closing: { signedOn: '2026-02-27' } }), says: 'closingDate' },
    'closed after the as-of date': { ...caseWith({ closing: { signedOn: '9999-12-31' } }), says: 'closingDate' },
    'it begins late': { ...caseWith({ from: '2026-02-28' }), says: 'startsLate' },
  };
}

function matching(from: PlainDate, until: PlainDate, entries: number): Closing {
  const document = { id: 'closing', sha256: 'c'.repeat(64) };
  return { document, capacity: '负责人', by: '张*', signedOn: until, from, until, entries };
}
