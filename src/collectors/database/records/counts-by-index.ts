import { z } from 'zod';
import type { Records } from '../../../evidence/database/records.ts';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../../evidence/dates.ts';
import type { Session } from '../../transports/database.ts';
import type { Budgets } from './budgets.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { type Scan, scansOf } from './plans.ts';
import { countingOf, countRanges, endOf, type Range, type Statement } from './statements.ts';
import { earliest, latest, type TimeColumn } from './time-columns.ts';
import type { TextColumn } from './time-texts.ts';

/** How many rows a table has by month, and how that was found out. */
export type Counts = Pick<
  Records['tables'][number],
  'counted' | 'rows' | 'cap' | 'estimates' | 'oldest' | 'newest' | 'months' | 'undated'
> & { readonly method: string };

/** A table that is counted, and within what limits. */
export type Work = {
  readonly session: Session;
  readonly table: CatalogueTable;
  readonly time: TimeColumn | TextColumn;
  readonly budgets: Budgets;
};

const valueSchema = z.object({ value: z.string() });
const countsSchema = z.record(z.string(), z.string().transform(Number));

const monthsAtOnce = 60;
// A capped month is counted to a fifth of the mean month: what is much thinner than its neighbours is then known exactly.
const shareOfMean = 0.2;
// The share of its pages whose rows an index of PostgreSQL must know to be in force, to count them without a look.
const mostlySeen = 0.5;

/** Counts by the index on the time column; undefined if the server, by its own plan, would read too much of the table. */
export async function byIndex(work: Work): Promise<Counts | undefined> {
  const [oldest, newest] = [await endBy(work, 'ASC'), await endBy(work, 'DESC')];
  if (oldest === 'too-much' || newest === 'too-much') return undefined;
  // One more than there is: rows come in meanwhile, and the month may have just ended.
  const months =
    oldest === undefined || newest === undefined ? [] : monthsFrom(monthOf(oldest), addToMonth(monthOf(newest), 1));
  const cap = capOf(work, months.length);
  const found = await countMonths(work, months, cap);
  if (found === undefined) return undefined;
  const { of, estimates } = found;
  const undated = of('is_null') + of('too_old') + of('too_new');
  const counted = months.map((month) => [month, of(nameOf(month))] as const).filter(([, count]) => count > 0);
  const sum = counted.reduce((total, [, count]) => total + count, undated);
  const dates = {
    ...(oldest ? { oldest } : {}),
    ...(newest ? { newest } : {}),
    months: Object.fromEntries(counted),
    undated,
  };
  const method = `by index ${work.table.index}`;
  if (cap === undefined) return { counted: 'all', rows: sum, ...dates, method };
  const full = counted.filter(([, count]) => count >= cap);
  return {
    counted: 'capped',
    rows: Math.max(work.table.rows, sum),
    cap,
    estimates: Object.fromEntries(full.map(([month, count]) => [month, Math.max(count, estimates(nameOf(month)))])),
    ...dates,
    method: `${method}, each month up to ${cap}`,
  };
}

// Undefined if there is none; values that are no day may stand at the end ('2024-00-00', text), but not many.
async function endBy(work: Work, order: 'ASC' | 'DESC'): Promise<PlainDate | undefined | 'too-much'> {
  const { session, table, time } = work;
  const statement = endOf(countingOf(session.engine), table, time, order);
  if (isTooMuch(await plan(work, statement), work)) return 'too-much';
  const rows = await session.query(valueSchema, statement.sql, statement.values);
  const [date] = rows.flatMap(({ value }) => time.dateOf(value) ?? []);
  return rows.length > 0 ? (date ?? 'too-much') : undefined;
}

// Undefined where each row is counted.
function capOf({ table, budgets }: Work, months: number): number | undefined {
  const limit = table.visible >= mostlySeen ? budgets.exact : budgets.exactUnseen;
  if (table.rows <= limit) return undefined;
  const many = Math.max(months, 1);
  return Math.round(Math.max(budgets.leastCap, Math.min((table.rows / many) * shareOfMean, limit / many)));
}

type Found = { of(name: string): number; estimates(name: string): number };

async function countMonths(work: Work, months: readonly Month[], cap: number | undefined): Promise<Found | undefined> {
  const { session, table } = work;
  const counts = new Map<string, number>();
  const estimates = new Map<string, number>();
  const ranges = rangesOf(work, months);
  for (let from = 0; from < ranges.length; from += monthsAtOnce) {
    const some = ranges.slice(from, from + monthsAtOnce);
    const statement = countRanges(countingOf(session.engine), table, some, cap);
    const scans = await plan(work, statement);
    if (isTooMuch(scans, work)) return undefined;
    for (const { alias, rows } of scans) {
      // PostgreSQL calls partitions y202401_1, y202401_2 …
      const name = alias.replace(/(?<=^y\d+)_\d+$/, '');
      estimates.set(name, (estimates.get(name) ?? 0) + Math.round(rows));
    }
    const [row = {}] = await session.query(countsSchema, statement.sql, statement.values);
    for (const [name, count] of Object.entries(row)) counts.set(name, count);
  }
  return { of: (name) => counts.get(name) ?? 0, estimates: (name) => estimates.get(name) ?? 0 };
}

// Outside of the months nothing is dated.
function rangesOf({ time }: Work, months: readonly Month[]): Range[] {
  const [first, last] = [months[0], months.at(-1)];
  return [
    { name: 'is_null' },
    { name: 'too_old', to: time.bound(first === undefined ? earliest : `${first}-01`) },
    { name: 'too_new', from: time.bound(last === undefined ? latest : `${addToMonth(last, 1)}-01`) },
    ...months.map((month) => ({
      name: nameOf(month),
      from: time.bound(`${month}-01`),
      to: time.bound(`${addToMonth(month, 1)}-01`),
    })),
  ];
}

function nameOf(month: Month): string {
  return `y${month.replace('-', '')}`;
}

function plan({ session }: Work, { sql, values }: Statement): Promise<Scan[]> {
  return scansOf(session, sql, values);
}

// Pages of 8 KiB.
function isTooMuch(scans: readonly Scan[], { budgets }: Work): boolean {
  return scans.reduce((sum, { pages }) => sum + pages, 0) > budgets.whole / 8192;
}
