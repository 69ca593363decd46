import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { SampledTable, Sampling } from '../../evidence/database/clear-text.ts';
import { plainDate } from '../../evidence/schemas.ts';
import { chosen, mostRows } from '../database/clear-text/budget.ts';
import { rangesBetween } from '../database/clear-text/ranges.ts';
import { createTally, longest, reach, tableOf } from '../database/clear-text/tally.ts';
import { openReadOnly, printAnswer, quoted } from './sqlite-read-only.ts';

// Run as a process of its own by sqlite-numbers.ts: reads one question from its argument, prints counts, and writes nothing else.

const questionSchema = z.strictObject({
  path: z.string(),
  immutable: z.boolean(),
  asOf: plainDate,
  /** Tables that are looked into before others, in small letters. */
  first: z.array(z.string()),
});

const cell = z.union([z.string(), z.instanceof(Uint8Array), z.null()]);
const rowSchema = z.record(z.string(), cell);

type Row = z.output<typeof rowSchema>;

const question = questionSchema.parse(JSON.parse(process.argv[2] ?? ''));

printAnswer(answer);

function answer(): unknown {
  const { database, version } = openReadOnly(question);
  const all = database.prepare('PRAGMA main.table_list').all();
  const own = all.filter(({ schema, name }) => schema === 'main' && !String(name).startsWith('sqlite_'));
  // What a virtual table shows lies in its shadow tables, or elsewhere.
  const isTable = ({ type }: (typeof own)[number]): boolean => type === 'table' || type === 'shadow';
  const tables = own.filter(isTable).map(({ name, wr }) => ({
    name: String(name),
    hasRowId: wr === 0,
    bytes: 0,
    ...(question.first.includes(String(name).toLowerCase()) ? { holds: '' } : {}),
  }));
  const { chosen: mine, beyond } = chosen(tables);
  const others = own.filter((each) => !isTable(each)).map(({ name }) => String(name).toLowerCase());
  const looked = mine.map((table) => lookInto(database, table));
  return {
    version,
    tables: looked.filter((each) => typeof each === 'object'),
    failed: looked.filter((each) => typeof each === 'string'),
    others,
    beyond,
  };
}

type Known = { readonly name: string; readonly hasRowId: boolean };

// What stands in the way in one table (a damaged page, an expression of a column) is not in that of the others; its words may quote values.
function lookInto(database: DatabaseSync, table: Known): SampledTable | string {
  try {
    return counted(database, table);
  } catch {
    return table.name;
  }
}

function counted(database: DatabaseSync, { name, hasRowId }: Known): SampledTable {
  const info = database.prepare(`PRAGMA main.table_xinfo(${quoted(name)})`).all();
  const columns = info.filter(({ hidden }) => hidden !== 1).map((column) => String(column.name));
  const key = info.filter(({ pk }) => Number(pk) > 0).toSorted((a, b) => Number(a.pk) - Number(b.pk));
  const { sampling, rows } = sampled(database, {
    columns,
    from: `main.${quoted(name)}`,
    rowId: hasRowId ? rowIdOf(columns) : undefined,
    key: hasRowId ? [] : key.map((column) => quoted(String(column.name))),
  });
  return tableOf(
    { name, sampling, rows: rows.length },
    columns.map((column, index) => {
      const tally = createTally(question.asOf);
      for (const row of rows) tally.add(textOf(row[`c${index}`]));
      return { name: column, counts: tally.counts() };
    }),
  );
}

// A column of such a name hides the row id.
function rowIdOf(columns: readonly string[]): string | undefined {
  const taken = new Set(columns.map((column) => column.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
}

type Place = {
  readonly columns: readonly string[];
  readonly from: string;
  readonly rowId: string | undefined;
  readonly key: readonly string[];
};

function sampled(database: DatabaseSync, place: Place): { sampling: Sampling; rows: Row[] } {
  const all = `SELECT ${place.columns.map(textual).join(', ')} FROM ${place.from}`;
  const read = (rest: string): Row[] =>
    database
      .prepare(`${all} ${rest}`)
      .all()
      .map((row) => rowSchema.parse({ ...row }));
  const half = Math.floor(mostRows / 2);
  const order = (way: string): string =>
    place.key.length > 0 ? `ORDER BY ${place.key.map((each) => each + way)}` : '';
  const head = read(`${order('')} LIMIT ${mostRows + 1}`);
  if (head.length <= mostRows) return { sampling: 'all', rows: head };
  if (place.key.length > 0)
    return { sampling: 'ends', rows: [...head.slice(0, half), ...read(`${order(' DESC')} LIMIT ${half}`)] };
  const { rowId } = place;
  if (rowId === undefined) return { sampling: 'head', rows: head.slice(0, mostRows) };
  const edges = database
    .prepare(`SELECT CAST(min(${rowId}) AS TEXT) AS low, CAST(max(${rowId}) AS TEXT) AS high FROM ${place.from}`)
    .get();
  const ranges = rangesBetween(BigInt(String(edges?.low)), BigInt(String(edges?.high)), 100);
  const each = Math.floor(mostRows / ranges.length);
  const rows = ranges.flatMap(({ from, to }) =>
    read(`WHERE ${rowId} BETWEEN ${from} AND ${to} ORDER BY ${rowId} LIMIT ${each}`),
  );
  if (rows.length >= mostRows / 4) return { sampling: 'random', rows };
  // The row ids lie in a few places far apart.
  return { sampling: 'ends', rows: [...head.slice(0, half), ...read(`ORDER BY ${rowId} DESC LIMIT ${half}`)] };
}

// Any column may hold any type of value. Fractions are amounts. Of a long value a piece is read, from a random place on.
function textual(column: string, index: number): string {
  const it = quoted(column);
  const length = `min(length(${it}), ${reach})`;
  const start = `max(1, min(${length} - ${longest - 1}, abs(random() % max(1, ${length})) - ${longest / 2 - 1}))`;
  return `CASE typeof(${it})
    WHEN 'real' THEN CASE WHEN ${it} BETWEEN 1e10 AND 1e19 AND ${it} = CAST(${it} AS INTEGER) THEN CAST(CAST(${it} AS INTEGER) AS TEXT) END
    ELSE substr(${it}, ${start}, ${longest + 1})
  END AS c${index}`;
}

// Bytes that are no text hold digits all the same where a text lies among them.
function textOf(value: Row[string] | undefined): string | null {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : (value ?? null);
}
