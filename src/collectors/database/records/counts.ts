import { z } from 'zod';
import { monthOf, type PlainDate } from '../../../evidence/dates.ts';
import type { Session } from '../../transports/database.ts';
import { type Budgets, usualBudgets } from './budgets.ts';
import { type CatalogueTable, TableUnavailable } from './catalogue-table.ts';
import { byIndex, type Counts, type Work } from './counts-by-index.ts';
import { someValues, valuesByKey } from './some-values.ts';
import { allMonths, countingOf } from './statements.ts';
import { tallied } from './tally.ts';
import { numberColumn, secondsColumn, type TimeColumn, typedColumn } from './time-columns.ts';
import { type TextColumn, textColumn } from './time-texts.ts';

const numberSchema = z.string().transform(Number);
const bucketSchema = z.object({
  bucket: numberSchema.nullable(),
  rows: numberSchema,
  first: z.string().nullable(),
  last: z.string().nullable(),
});
const headSchema = z.object({ head: z.string().nullable(), tail: z.string().nullable(), rows: numberSchema });

/**
 * Counts a table’s rows by month of its time column: all of them where it is small or has an index and is not huge, up to a cap a month where it is, a sample
 * where there is no index. No statement reads more than the budgets allow, by the server’s own plan. Throws {@link TableUnavailable} if nothing dates.
 */
export async function countRecords(
  session: Session,
  table: CatalogueTable,
  timeZone: string,
  budgets: Budgets = usualBudgets,
): Promise<Counts> {
  const time = await timeColumnOf(session, table, timeZone, budgets);
  const work = { session, table, time, budgets };
  const counts = await countWith(work);
  return { ...counts, method: `${table.name} (${time.words}): ${counts.method}` };
}

async function countWith(work: Work): Promise<Counts> {
  const { table, time, budgets } = work;
  const isSmall = table.bytes <= budgets.whole;
  if (table.time.family === 'text') {
    const grouped = isSmall ? await byHeads(work) : undefined;
    if (grouped) return grouped;
  } else if (table.bytes <= budgets.tiny) return byBuckets(work);
  if (table.index !== undefined && time.isSorted) {
    const indexed = await byIndex(work);
    if (indexed) return indexed;
  }
  if (isSmall && table.time.family !== 'text') return byBuckets(work);
  return bySample(work);
}

async function timeColumnOf(
  session: Session,
  table: CatalogueTable,
  timeZone: string,
  budgets: Budgets,
): Promise<TimeColumn | TextColumn> {
  const { family, type } = table.time;
  if (family === undefined) throw new TableUnavailable('no-time', type);
  if (family !== 'number' && family !== 'text') return typedColumn(family, timeZone);
  const sample = (await someValues(session, table, budgets)).filter((value) => value !== null);
  const found = family === 'number' ? numberColumn(sample, timeZone) : textColumn(sample, timeZone);
  if (found) return found;
  if (sample.length > 0) throw new TableUnavailable('no-time', `${type}: no known way to write dates`);
  // Nothing but NULL, as far as seen.
  return family === 'number' ? secondsColumn(timeZone) : typedColumn('date', timeZone);
}

async function byBuckets({ session, table, time }: Work, percent?: number): Promise<Counts> {
  const { sql, values } = countingOf(session.engine).buckets(table, time, percent);
  const rows = await session.query(bucketSchema, sql, values);
  const counts = tallied(
    rows.flatMap(({ bucket, rows: count, first, last }) => {
      const month = bucket === null || bucket < 1 ? undefined : allMonths[bucket - 1];
      if (month === undefined) return [{ count }];
      const [oldest, newest] = [first, last].map((value) => within(value, month, time));
      return [{ month, count, ...(oldest ? { oldest } : {}), ...(newest ? { newest } : {}) }];
    }),
  );
  return { ...counts, method: 'every row' };
}

function within(value: string | null, month: string, time: TimeColumn): PlainDate {
  return (value === null ? undefined : time.dateOf(value)) ?? `${month}-01`;
}

// Undefined if there are too many different beginnings to tell each.
async function byHeads(work: Work): Promise<Counts | undefined> {
  const rows = await headsOf(work);
  return rows.length > work.budgets.groups ? undefined : { ...talliedHeads(rows, work), method: 'every row' };
}

type Head = z.output<typeof headSchema>;

function headsOf({ session, table, time, budgets }: Work, percent?: number): Promise<Head[]> {
  const { head, hasZones } = 'head' in time ? time : { head: 11, hasZones: false };
  const { sql, values } = countingOf(session.engine).heads(table, head, hasZones, budgets, percent);
  return session.query(headSchema, sql, values);
}

function talliedHeads(rows: readonly Head[], { time }: Work): ReturnType<typeof tallied> {
  return tallied(
    rows.map(({ head, tail, rows: count }) => {
      const [zone = ''] = tail?.match(/(?:Z|[+-]\d\d:?(?:\d\d)?)$/i) ?? [];
      return ofDate(head === null ? undefined : time.dateOf(`${head}${zone}`), count);
    }),
  );
}

function ofDate(date: PlainDate | undefined, count: number): Parameters<typeof tallied>[0][number] {
  return date === undefined ? { count } : { month: monthOf(date), count, oldest: date, newest: date };
}

async function bySample(work: Work): Promise<Counts> {
  const { session, table, time, budgets } = work;
  const sample = { counted: 'sample', rows: table.rows } as const;
  if (session.engine === 'postgresql') {
    const percent = Math.min(100, (budgets.sample / Math.max(table.bytes, 1)) * 100);
    const counts =
      table.time.family === 'text' ? talliedHeads(await headsOf(work, percent), work) : await byBuckets(work, percent);
    return { ...counts, ...sample, method: `TABLESAMPLE SYSTEM (${percent})` };
  }
  const { values, words } = await valuesByKey(session, table, budgets.points);
  const counts = tallied(values.map((value) => ofDate(value === null ? undefined : time.dateOf(value), 1)));
  return { ...counts, ...sample, method: words };
}
