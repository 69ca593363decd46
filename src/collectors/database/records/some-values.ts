import { z } from 'zod';
import type { Session } from '../../transports/database.ts';
import type { Budgets } from './budgets.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { scansOf } from './plans.ts';

const valueSchema = z.object({ value: z.string().nullable() });
const endsSchema = z.object({ low: z.string().nullable(), high: z.string().nullable() });

// Bytes that are read to see how a column writes its times, and values that are looked at.
const look = 1024 * 1024;
const most = 10_000;
const pointsAtOnce = 50;
// Where the key goes on after its first column, several rows have the same.
const rowsAPoint = 5;

/** Values of the time column from some places of the table: they stay in this process. */
export async function someValues(
  session: Session,
  table: CatalogueTable,
  budgets: Budgets,
): Promise<(string | null)[]> {
  const { place, bytes, time } = table;
  if (session.engine !== 'postgresql') {
    const { key: _, ...tiny } = table;
    return (await valuesByKey(session, bytes > budgets.tiny ? table : tiny, budgets.points / 5)).values;
  }
  const part = bytes > budgets.tiny ? ` TABLESAMPLE SYSTEM (${Math.min(100, (look / bytes) * 100)})` : '';
  return values(
    await session.query(
      valueSchema,
      `SELECT left(${time.column}::text, 40) AS value FROM ${place}${part} LIMIT ${most}`,
    ),
  );
}

/**
 * Values at points that lie evenly between the ends of a numeric primary key; without one, from both ends of the order in which the table lies. For MySQL and
 * MariaDB, which cannot sample.
 */
export async function valuesByKey(
  session: Session,
  { place, time, key }: CatalogueTable,
  points: number,
): Promise<{ values: (string | null)[]; words: string }> {
  const value = `left(${time.column}, 40) AS value`;
  if (!key) {
    const rows = await session.query(valueSchema, `SELECT ${value} FROM ${place} LIMIT ${most}`);
    return { values: values(rows), words: `the first ${most} rows` };
  }
  const { column, isNumber } = key;
  if (!isNumber) {
    const side = (order: string): string =>
      `(SELECT ${value} FROM ${place} ORDER BY ${column} ${order} LIMIT ${most / 2})`;
    const rows = await session.query(valueSchema, `${side('ASC')} UNION ALL ${side('DESC')}`);
    return { values: values(rows), words: `${most / 2} rows from either end of the primary key` };
  }
  const [ends] = await session.query(endsSchema, `SELECT min(${column}) AS low, max(${column}) AS high FROM ${place}`);
  const found: (string | null)[] = [];
  let isLookedUp: boolean | undefined;
  const all = pointsBetween(ends?.low ?? null, ends?.high ?? null, points);
  for (let from = 0; from < all.length; from += pointsAtOnce) {
    const some = all.slice(from, from + pointsAtOnce);
    isLookedUp ??= await isLookUp(session, { place, column }, some);
    const ways = some.map((point) => {
      const at = isLookedUp ? `= ${nextOf({ place, column }, point)}` : `>= ${point} ORDER BY ${column}`;
      return `(SELECT ${value} FROM ${place} WHERE ${column} ${at} LIMIT ${rowsAPoint})`;
    });
    found.push(...values(await session.query(valueSchema, ways.join(' UNION ALL '))));
  }
  return { values: found, words: `the next rows at ${all.length} points of the primary key` };
}

type Key = { readonly place: string; readonly column: string };

// Six pages are read for it; for rows in order from a point on some fifty, for the server estimates first how many there are.
function nextOf({ place, column }: Key, point: bigint): string {
  return `(SELECT min(${column}) FROM ${place} WHERE ${column} >= ${point})`;
}

// Whether the server takes such a minimum straight from the index: one that does not would read all that follows, for each point.
async function isLookUp(session: Session, key: Key, points: readonly bigint[]): Promise<boolean> {
  const all = points.map((point) => nextOf(key, point));
  const scans = await scansOf(session, `SELECT ${all.join(', ')}`, []);
  return scans.length === 0;
}

function pointsBetween(low: string | null, high: string | null, count: number): bigint[] {
  if (low === null || high === null || !/^-?\d+$/.test(low) || !/^-?\d+$/.test(high)) return [];
  const [from, to] = [BigInt(low), BigInt(high)];
  const all = Array.from({ length: count }, (_, index) => from + ((to - from) * BigInt(index)) / BigInt(count - 1));
  return [...new Set(all)];
}

function values(rows: readonly { value: string | null }[]): (string | null)[] {
  return rows.map(({ value }) => value);
}
