import { z } from 'zod';
import type { ClearText, SampledTable, Sampling, UnreadReason } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import { Unavailable } from '../../collector.ts';
import type { Session } from '../../transports/database.ts';
import { fewestRows } from './budget.ts';
import { createTally, tableOf } from './tally.ts';

/** What an engine's reader finds out of a store. */
export type Looked = Pick<ClearText, 'tables' | 'unread' | 'beyond' | 'seesAll'>;

export type Unread = ClearText['unread'][number];

/** A column that can hold what is looked for, as an expression of its text, or of its bytes. */
export type Wanted = {
  readonly name: string;
  readonly expression: string;
  readonly binary?: boolean;
  /** It has few characters: no piece need be cut out. */
  readonly short?: boolean;
};

/** A table that is about to be read. */
export type Target = Pick<SampledTable, 'name' | 'holds'> & { readonly columns: readonly Wanted[] };

const rowSchema = z.record(z.string(), z.string().nullable());

/** One text a row, in the order of a table's columns. */
export type Cells = Readonly<Record<string, string | null>>;

/** Runs a statement that gives cells. */
export function cellsOf(session: Session, sql: string): Promise<Cells[]> {
  return session.query(rowSchema, sql);
}

/** Counts what stands in cells; they are let go of. */
export function counted(target: Target, sampling: Sampling, cells: readonly Cells[], asOf: PlainDate): SampledTable {
  const columns = target.columns.map(({ name, binary }, index) => {
    const tally = createTally(asOf);
    for (const row of cells) tally.add(textOf(row[`c${index}`] ?? null, binary));
    return { name, counts: tally.counts() };
  });
  const { name, holds } = target;
  return tableOf({ name, ...(holds === undefined ? {} : { holds }), sampling, rows: cells.length }, columns);
}

// Bytes that are no text hold digits all the same where a text lies among them.
function textOf(cell: string | null, binary = false): string | null {
  return binary && cell !== null ? Buffer.from(cell, 'hex').toString('latin1') : cell;
}

/** Reads one table; what the server says of a failure may quote values, so only its kind is kept. */
export async function unlessUnreadable(
  table: string,
  read: () => Promise<SampledTable>,
): Promise<SampledTable | Unread> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Unavailable) || ended.has(error.reason)) throw error;
    return { table, why: known(error.reason) };
  }
}

// With these the session is over, and no other table could be read.
const ended = new Set<Unavailable['reason']>(['interrupted', 'unreachable', 'refused']);

function known(reason: Unavailable['reason']): UnreadReason {
  if (reason === 'denied' || reason === 'timed-out') return reason;
  return reason === 'not-found' ? 'missing' : 'failed';
}

/** A table that was read, and that too little of it was where it holds more. */
export function withSparse(read: SampledTable | Unread, wanted: number): (SampledTable | Unread)[] {
  const isSparse = 'sampling' in read && read.sampling === 'random' && read.rows < Math.min(wanted, fewestRows);
  return isSparse ? [read, { table: read.name, why: 'sparse' }] : [read];
}

/** Parts what was read from what was not. */
export function parted(results: readonly (SampledTable | Unread)[]): Pick<Looked, 'tables' | 'unread'> {
  return {
    tables: results.filter((each) => 'sampling' in each),
    unread: results.filter((each) => 'why' in each),
  };
}
