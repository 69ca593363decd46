import type { PlainDate } from '../../../evidence/dates.ts';
import type { Row } from '../../transports/database.ts';
import { type Fields, type OpenTable, selected } from './lookup.ts';
import { boundOf, type Clock, day, isFine, type TimeForm, wallOf } from './moments.ts';
import { rowsOf, Unread } from './shape.ts';

/** What was made of the rows of a time, and how many the column’s order puts here though their time cannot be read, or is another. */
export type Slice<T> = { readonly rows: readonly T[]; readonly stray: number };

/** What a slice may hold where it cannot be made smaller. */
const mostRows = 200_000;
const longest = 31 * day;
const shortest = 60;

/** The column that says when a row arose, and how. */
export type Time = { readonly column: string; readonly form: TimeForm; readonly clock: Clock };

/**
 * All rows from one time to another, in slices of time that hold as many rows as can be held. Of a row only what `make` makes of it is kept, with the
 * time on the wall that it arose at. Throws {@link Unread} if a day holds too many.
 */
export async function* slicesOf<T>(
  at: OpenTable,
  time: Time,
  fields: Fields,
  [from, until]: readonly [from: number, until: number],
  make: (row: Row, wall: number) => T,
): AsyncGenerator<Slice<T>> {
  const { dialect } = at.connection;
  // Without an index each question reads the whole table.
  const slice = at.shape.indexed.has(time.column) ? dialect.slice : Math.max(dialect.slice, 20_000);
  const least = isFine(time.form) ? shortest : day;
  // What is small is read at once.
  let length = at.shape.rows < slice ? until - from : day;
  for (let start = from; start < until; ) {
    const end = Math.min(start + length, until);
    const limit = length <= least ? mostRows : slice;
    const { count, ...found } = await read(at, time, fields, { start, end, limit }, make);
    if (count > limit) {
      if (length <= least)
        throw new Unread('too-large', {
          zh: `${at.table.name} 在同一时刻的记录超过 ${mostRows} 条`,
          en: `${at.table.name} has more than ${mostRows} rows of one time`,
        });
      length = whole(Math.min(length, longest) / 4, least);
      continue;
    }
    yield found;
    if (count < slice / 3) length = Math.max(length, Math.min(longest, length * (count < slice / 16 ? 4 : 2)));
    start = end;
  }
}

// A column that tells no parts of a second would lose the rows between two bounds that do.
function whole(length: number, least: number): number {
  return Math.max(least, Math.floor(length / least) * least);
}

// Slices of text overlap, by as much as values may lie apart for their offsets from UTC.
const overlap = 3 * day;

async function read<T>(
  at: OpenTable,
  { column, form, clock }: Time,
  fields: Fields,
  { start, end, limit }: { start: number; end: number; limit: number },
  make: (row: Row, wall: number) => T,
): Promise<Slice<T> & { count: number }> {
  const { dialect, each } = at.connection;
  const type = at.shape.columns.get(column) ?? 'other';
  const place = dialect.quoted(column);
  const rows: T[] = [];
  let [count, stray] = [0, 0];
  await each(
    `SELECT ${selected(at, { at: column, ...fields })} FROM ${dialect.named(at.table)} WHERE ${place} >= ${dialect.place(1, type)} AND ${place} < ${dialect.place(2, type)} LIMIT ${limit + 1}`,
    // A day on either side covers every offset from UTC that a value may give.
    [boundOf(start, form, clock, -1), boundOf(end, form, clock, 2)],
    (row) => {
      count += 1;
      const wall = wallOf(row.at, form, clock);
      if (wall === undefined || wall < start - overlap || wall >= end + overlap) stray += 1;
      else if (wall >= start && wall < end) rows.push(make(row, wall));
    },
  );
  return { rows, stray, count };
}

/** Rows without a time, or with one before 1980 or from a day on. */
export async function undatedRows(at: OpenTable, { column, form, clock }: Time, next: PlainDate): Promise<number> {
  const { dialect } = at.connection;
  const type = at.shape.columns.get(column) ?? 'other';
  const place = dialect.quoted(column);
  const [row] = await rowsOf(
    at.connection,
    `SELECT count(*) AS ${dialect.quoted('rows')} FROM ${dialect.named(at.table)} WHERE ${place} IS NULL OR ${place} < ${dialect.place(1, type)} OR ${place} >= ${dialect.place(2, type)}`,
    [boundOf(Date.UTC(1980, 0, 1) / 1000, form, clock), boundOf(Date.parse(`${next}T00:00:00Z`) / 1000, form, clock)],
  );
  return Number(row?.rows ?? 0);
}
