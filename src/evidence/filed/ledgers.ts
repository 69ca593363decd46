import { z } from 'zod';
import { digest, plainDate } from '../schemas.ts';
import { type ColumnOf, type LedgerType, ledgerNames } from './ledger-types.ts';

/** The statement that closes a ledger: who signed that it is complete, and for what. */
const closing = z.strictObject({
  /** The signed paper; without its hash nothing shows that anyone signed. */
  document: z.strictObject({ id: z.string(), sha256: digest.optional() }),
  capacity: z.string(),
  /** The name, masked. */
  by: z.string(),
  signedOn: plainDate,
  /** The period that is said to be complete, both days included. */
  from: plainDate,
  until: plainDate,
  /** How many entries it is said to have. */
  entries: z.int().nonnegative(),
});

/** A dated register that the unit keeps, as one table; no natural person is in it. */
export const ledgers = {
  origin: 'filed',
  per: 'ledger',
  title: { zh: '台账', en: 'Ledgers' },
  value: z.strictObject({
    of: z.enum(ledgerNames),
    /** Path below the document folder. */
    file: z.string(),
    sheet: z.string().optional(),
    bytes: z.int().nonnegative(),
    sha256: digest,
    sm3: digest,
    /** The period it covers, both days included. */
    from: plainDate,
    until: plainDate,
    /** The columns that it has, in the order of the cells. */
    columns: z.array(z.string()),
    /** The number of the row in the file, then one cell a column, empty where nothing stands: compact, for there may be 100,000. */
    rows: z.array(z.tuple([z.int().positive()], z.string())),
    /** Heads that were not understood, and are not kept. */
    ignored: z.array(z.string()),
    closing: closing.optional(),
  }),
} as const;

export type Ledger = z.output<typeof ledgers.value>;

/** One entry of a ledger: its row in the file, and the cells that are filled. */
export type Entry<T extends LedgerType = LedgerType> = { readonly row: number } & {
  readonly [C in ColumnOf<T>]?: string;
};

// A dozen checks read the same ledger of perhaps 100,000 rows.
const known = new WeakMap<Ledger, readonly Entry[]>();

/** The entries of a ledger; of another kind than asked, none. */
export function entriesOf<T extends LedgerType>(ledger: Ledger, of: T): readonly Entry<T>[] {
  if (ledger.of !== of) return [];
  const entries = known.get(ledger) ?? entriesIn(ledger);
  known.set(ledger, entries);
  // The collector names its columns by the type’s own table.
  return entries as readonly Entry<T>[];
}

function entriesIn(ledger: Ledger): Entry[] {
  return ledger.rows.map(([row, ...cells]) => {
    const entry: Record<string, string | number> = { row };
    for (const [index, column] of ledger.columns.entries()) {
      const cell = cells[index];
      if (cell) entry[column] = cell;
    }
    return entry as Entry;
  });
}
