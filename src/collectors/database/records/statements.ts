import { addToMonth, type Month, monthsFrom } from '../../../evidence/dates.ts';
import type { Bound } from '../../transports/database.ts';
import type { Budgets } from './budgets.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { earliest, latest, type TimeColumn } from './time-columns.ts';

/** A statement with the values bound in it. */
export type Statement = { readonly sql: string; readonly values: readonly Bound[] };

/** All months that date a record; their first days, and the first one after them, part the time. */
export const allMonths: readonly Month[] = monthsFrom(earliest.slice(0, 7), addToMonth(latest.slice(0, 7), -1));

/** What differs between engines in the statements that count. */
export type Counting = {
  /** A bound value as the time column can be compared with it, by an index. */
  bound(text: string, table: CatalogueTable, values: Bound[]): string;
  /** The table, as read by its index. */
  byIndex(table: CatalogueTable, alias: string): string;
  /** Rows of the whole table, or of a sample of so many percent, by {@link allMonths} (1 is the first), with least and greatest time. */
  buckets(table: CatalogueTable, time: TimeColumn, percent?: number): Statement;
  /** Rows of text by their first characters, and by their zone. */
  heads(table: CatalogueTable, head: number, hasZones: boolean, budgets: Budgets, percent?: number): Statement;
};

const types: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  integer: 'bigint',
  'double precision': 'float8',
  'character varying': 'text',
  character: 'bpchar',
};
const zoned = "'(Z|[+-][0-9]{2}:?([0-9]{2})?)$'";

const postgresqlCounting: Counting = {
  bound(text, { time }, values) {
    const at = values.indexOf(text);
    const number = at < 0 ? values.push(text) : at + 1;
    return `$${number}::${types[time.type] ?? time.type}`;
  },
  byIndex: ({ place }, alias) => `${place} AS ${alias}`,
  buckets({ place, time: { column, type } }, time, percent) {
    const cast = types[type] ?? type;
    const sql = `SELECT width_bucket(${column}::${cast}, $1::${cast}[]) AS bucket, count(*) AS rows, min(${column}) AS first, max(${column}) AS last FROM ${place}${sampled(percent)} GROUP BY 1`;
    return {
      sql,
      values: [
        `{${boundaries(time)
          .map((each) => `"${each}"`)
          .join(',')}}`,
      ],
    };
  },
  heads({ place, time: { column } }, head, hasZones, { groups }, percent) {
    const tail = hasZones
      ? `CASE WHEN length(${column}) > 16 AND ${column} ~* ${zoned} THEN right(${column}, 6) ELSE '' END`
      : `''::text`;
    const sql = `SELECT left(${column}, ${head}) AS head, ${tail} AS tail, count(*) AS rows FROM ${place}${sampled(percent)} GROUP BY 1, 2 LIMIT ${groups + 1}`;
    return { sql, values: [] };
  },
};

// Beyond what a TIMESTAMP can hold nothing is compared by an index (mariadb.com/kb, TIMESTAMP).
const lastTimestamp = '2038-01-19 03:14:07';

const mysqlCounting: Counting = {
  bound(text, { time }, values) {
    // Numbers are computed here, and a text would be compared as a float.
    if (time.family === 'number') return String(Number(text));
    values.push(time.family === 'instant' && text > lastTimestamp ? lastTimestamp : text);
    return '?';
  },
  byIndex: ({ place, index }, alias) =>
    `${place} AS ${alias}${index === undefined ? '' : ` FORCE INDEX (\`${index.replaceAll('`', '``')}\`)`}`,
  buckets({ place, time: { column, family } }, time) {
    const isNumber = family === 'number';
    const steps = boundaries(time).map((each) => (isNumber ? Number(each) : secondsOf(each)));
    const sql = `SELECT INTERVAL(${isNumber ? column : `TO_SECONDS(${column})`}, ${steps.join(', ')}) AS bucket, count(*) AS \`rows\`, min(${column}) AS first, max(${column}) AS last FROM ${place} GROUP BY 1`;
    return { sql, values: [] };
  },
  heads({ place, time: { column } }, head, hasZones, { groups }) {
    const tail = hasZones
      ? `CASE WHEN char_length(${column}) > 16 AND ${column} REGEXP ${zoned} THEN right(${column}, 6) ELSE '' END`
      : `''`;
    const sql = `SELECT left(${column}, ${head}) AS head, ${tail} AS tail, count(*) AS \`rows\` FROM ${place} GROUP BY 1, 2 LIMIT ${groups + 1}`;
    return { sql, values: [] };
  },
};

/** How an engine is asked to count. */
export function countingOf(engine: 'postgresql' | 'mariadb' | 'mysql'): Counting {
  return engine === 'postgresql' ? postgresqlCounting : mysqlCounting;
}

/** Rows of a range that is open below or above, or has no time. */
export type Range = { readonly name: string; readonly from?: string; readonly to?: string };

/** Counts several ranges of the time in one statement, by the index; beyond `cap` a range is not counted on. */
export function countRanges(
  counting: Counting,
  table: CatalogueTable,
  ranges: readonly Range[],
  cap?: number,
): Statement {
  const values: Bound[] = [];
  const { column } = table.time;
  const parts = ranges.map(({ name, from, to }) => {
    const low = from === undefined ? [] : [`${column} >= ${counting.bound(from, table, values)}`];
    const high = to === undefined ? [] : [`${column} < ${counting.bound(to, table, values)}`];
    const where = [...low, ...high].join(' AND ') || `${column} IS NULL`;
    const rows = `FROM ${counting.byIndex(table, name)} WHERE ${where}`;
    if (cap === undefined) return `(SELECT count(*) ${rows}) AS ${name}`;
    return `(SELECT count(*) FROM (SELECT 1 AS one ${rows} ORDER BY ${column} LIMIT ${cap}) AS of_${name}) AS ${name}`;
  });
  return { sql: `SELECT ${parts.join(', ')}`, values };
}

/** The least or greatest times between which records are dated, by the index. */
export function endOf(counting: Counting, table: CatalogueTable, time: TimeColumn, order: 'ASC' | 'DESC'): Statement {
  const values: Bound[] = [];
  const { column } = table.time;
  const from = counting.bound(time.bound(earliest), table, values);
  const to = counting.bound(time.bound(latest), table, values);
  const sql = `SELECT ${column} AS value FROM ${counting.byIndex(table, 'm')} WHERE ${column} >= ${from} AND ${column} < ${to} ORDER BY ${column} ${order} LIMIT 100`;
  return { sql, values };
}

function boundaries(time: TimeColumn): string[] {
  return [...allMonths.map((month) => time.bound(`${month}-01`)), time.bound(latest)];
}

// TO_SECONDS counts from the year 0; TO_DAYS('1970-01-01') is 719528.
function secondsOf(bound: string): number {
  return Date.parse(`${bound.slice(0, 10)}T${bound.slice(11) || '00:00:00'}Z`) / 1000 + 719_528 * 86_400;
}

function sampled(percent: number | undefined): string {
  return percent === undefined ? '' : ` TABLESAMPLE SYSTEM (${percent})`;
}
