import type { PlainDate } from '../../../evidence/dates.ts';
import type { Row } from '../../transports/database.ts';
import { type Fields, type OpenTable, selected } from './lookup.ts';
import { boundOf, type Clock, day, isFine, type TimeForm, wallOf } from './moments.ts';
import { Unread } from './shape.ts';

/** Rows with the time on the wall that they arose at, and how many the column’s order puts here though their time cannot be read, or is another. */
export type Slice = { readonly rows: readonly { readonly wall: number; readonly row: Row }[]; readonly stray: number };

/** What a slice may hold where it cannot be made smaller. */
const mostRows = 200_000;
const longest = 31 * day;
const shortest = 60;

/** The column that says when a row arose, and how. */
export type Time = { readonly column: string; readonly form: TimeForm; readonly clock: Clock };

/** All rows from one time to another, in slices of time that hold as many rows as can be held. Throws {@link Unread} if a day holds too many. */
export async function* slicesOf(
  at: OpenTable,
  time: Time,
  fields: Fields,
  [from, until]: readonly [from: number, until: number],
): AsyncGenerator<Slice> {
  const { slice } = at.connection.dialect;
  const least = isFine(time.form) ? shortest : day;
  // What is small is read at once.
  let length = at.shape.rows < slice ? until - from : day;
  for (let start = from; start < until; ) {
    const end = Math.min(start + length, until);
    const limit = length <= least ? mostRows : slice;
    const rows = await read(at, time, fields, start, end, limit + 1);
    if (rows.length > limit) {
      if (length <= least)
        throw new Unread('too-large', {
          zh: `${at.table.name} 在同一时刻的记录超过 ${mostRows} 条`,
          en: `${at.table.name} has more than ${mostRows} rows of one time`,
        });
      length = Math.max(least, Math.floor(Math.min(length, longest) / 4 / least) * least);
      continue;
    }
    yield parted(rows, time, start, end);
    if (rows.length < slice / 4) length = Math.max(length, Math.min(longest, length * 2));
    start = end;
  }
}

// Slices of text overlap, by as much as values may lie apart for their offsets from UTC.
const overlap = 3 * day;

function parted(rows: readonly Row[], { form, clock }: Time, start: number, end: number): Slice {
  const within: { wall: number; row: Row }[] = [];
  let stray = 0;
  for (const row of rows) {
    const wall = wallOf(row.at, form, clock);
    if (wall === undefined || wall < start - overlap || wall >= end + overlap) stray += 1;
    else if (wall >= start && wall < end) within.push({ wall, row });
  }
  return { rows: within, stray };
}

async function read(
  at: OpenTable,
  { column, form, clock }: Time,
  fields: Fields,
  start: number,
  end: number,
  limit: number,
): Promise<readonly Row[]> {
  const { dialect, run } = at.connection;
  const type = at.shape.columns.get(column) ?? 'other';
  const place = dialect.quoted(column);
  return run(
    `SELECT ${selected(at, { at: column, ...fields })} FROM ${dialect.named(at.table)} WHERE ${place} >= ${dialect.place(1, type)} AND ${place} < ${dialect.place(2, type)} LIMIT ${limit}`,
    // A day on either side covers every offset from UTC that a value may give.
    [boundOf(start, form, clock, -1), boundOf(end, form, clock, 2)],
  );
}

/** Rows without a time, or with one before 1980 or from a day on. */
export async function undatedRows(at: OpenTable, { column, form, clock }: Time, next: PlainDate): Promise<number> {
  const { dialect, run } = at.connection;
  const type = at.shape.columns.get(column) ?? 'other';
  const place = dialect.quoted(column);
  const [row] = await run(
    `SELECT count(*) AS ${dialect.quoted('rows')} FROM ${dialect.named(at.table)} WHERE ${place} IS NULL OR ${place} < ${dialect.place(1, type)} OR ${place} >= ${dialect.place(2, type)}`,
    [boundOf(Date.UTC(1980, 0, 1) / 1000, form, clock), boundOf(Date.parse(`${next}T00:00:00Z`) / 1000, form, clock)],
  );
  return Number(row?.rows ?? 0);
}
