import { createHash } from 'node:crypto';
import { beginningOf, type PlainDate } from '../../../evidence/dates.ts';
import type { AskedStore } from '../../../platform-stores.ts';
import { type Ask, asksOf } from './asks.ts';
import { mysql, psql, type Writer } from './clients.ts';
import { mysqlCounts, psqlCounts } from './counts.ts';
import { nameLine } from './script.ts';

/** A script for the client of a store’s server, by what its output is known, and what each of its numbers stands for. */
export type ServerScript = {
  readonly body: string;
  readonly digest: string;
  /** What each marked line begins with. */
  readonly run: string;
  readonly asks: readonly Ask[];
  /** The numbers of the statements that count each declared table. */
  readonly counts: readonly (readonly number[])[];
};

const begins: Readonly<Record<'psql' | 'mysql', readonly Ask[]>> = {
  psql: [
    begin(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS at, version() AS version, current_setting('transaction_read_only') AS read_only`,
      ['at', 'version', 'read_only'],
    ),
  ],
  mysql: [
    begin(
      `SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:%i:%s') AS at, VERSION() AS version, @@session.time_zone AS zone`,
      ['at', 'version', 'zone'],
    ),
    // One of them is what the server calls it.
    begin('SELECT @@session.tx_read_only AS read_only', ['read_only']),
    begin('SELECT @@session.transaction_read_only AS read_only', ['read_only']),
  ],
};

function begin(sql: string, columns: readonly string[]): Ask {
  return { scope: 'begin', sql, values: [], columns };
}

/**
 * The statements by which a person asks a server’s store what a connection would: its catalogue by the very statements of the collectors, its tables by month.
 * All of it reads, in read-only transactions with limits of time. Each line it prints bears the digest of the script, its number and its own checksum.
 */
export async function serverScript(store: AskedStore, timeZone: string): Promise<ServerScript> {
  const isPostgresql = store.engine === 'postgresql';
  const writer = isPostgresql ? psql : mysql;
  const asks = [...begins[isPostgresql ? 'psql' : 'mysql'], ...(await asksOf(store))];
  const each = isPostgresql ? 3 : 2;
  const counts = store.tables.map((_, index) =>
    Array.from({ length: each }, (_each, at) => asks.length + index * each + at),
  );
  const text = (run: string): string => bodyOf(store, timeZone, { writer, asks, counts, run });
  const digest = createHash('sha256').update(text('LEQI2')).digest('hex');
  const run = `LEQI2|${digest.slice(0, 16)}`;
  return { body: text(run), digest, run, asks, counts };
}

type Parts = Pick<ServerScript, 'asks' | 'counts' | 'run'> & { readonly writer: Writer };

function bodyOf(store: AskedStore, timeZone: string, { writer, asks, counts, run }: Parts): string {
  const offset = offsetOf(timeZone) ?? 0;
  return [
    nameLine(store),
    ...writer.settings,
    ...(writer === mysql ? [`SET SESSION lock_wait_timeout = 5, time_zone = '${signed(offset)}';`] : []),
    ...asks.flatMap((ask, number) => writer.ask(ask, run, number)),
    ...store.tables.flatMap((table, index) => {
      const numbers = counts[index] ?? [];
      return writer === mysql
        ? mysqlCounts(store, table, numbers, { run, offset })
        : psqlCounts(table, index, numbers, { run, timeZone });
    }),
    writer.end(run, asks.length + counts.flat().length),
  ].join('\n');
}

const probed: readonly PlainDate[] = Array.from({ length: 41 }, (_, year) => [
  `${2000 + year}-01-01`,
  `${2000 + year}-07-01`,
]).flat();

/**
 * Seconds that a time zone is ahead of UTC, at all times since 2000; undefined if that changes. MariaDB and MySQL know zones by name only where somebody
 * has loaded them.
 */
export function offsetOf(timeZone: string): number | undefined {
  const all = new Set(
    probed.map((date) => (Date.parse(`${date}T00:00:00Z`) - Date.parse(beginningOf(date, timeZone))) / 1000),
  );
  return all.size === 1 ? [...all][0] : undefined;
}

/** An offset as MariaDB and MySQL write it. */
export function signed(offset: number): string {
  const minutes = Math.abs(offset) / 60;
  const text = [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, '0')).join(':');
  return `${offset < 0 ? '-' : '+'}${text}`;
}
