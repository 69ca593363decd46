import { z } from 'zod';
import type { SampledTable } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import type { ServerStore } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { allowanceOf, chosen, mostRows, rowsWithin } from './budget.ts';
import { readsWhole } from './mysql-grants.ts';
import { isMysqlUnknown, mysqlText } from './mysql-types.ts';
import { type Range, rangesBetween } from './ranges.ts';
import {
  type Cells,
  cellsOf,
  counted,
  type Looked,
  parted,
  type Target,
  type Unread,
  unlessUnreadable,
  type Wanted,
  withSparse,
} from './sampled.ts';
import { longest } from './tally.ts';

const number = z.coerce.number();

const tableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  type: z.string(),
  engine: z.string().nullable(),
  per_row: number,
  bytes: number,
});

type Table = z.output<typeof tableSchema> & { readonly holds?: string };

const columnSchema = z.object({
  table: z.string(),
  name: z.string(),
  type: z.string(),
  scale: z.coerce.number().nullable(),
  precision: z.coerce.number().nullable(),
  privileges: z.string(),
});

type Column = z.output<typeof columnSchema>;

const keySchema = z.object({ table: z.string(), name: z.string(), part: z.string().nullable() });
const edgesSchema = z.object({ low: z.string().nullable(), high: z.string().nullable() });

// Of these the rows lie on another server, or in files of others.
const remote = /^(FEDERATED|FEDERATEDX|CONNECT|SPIDER|S3|OQGRAPH|SPHINX|CASSANDRA)$/i;
// These hold no rows of their own.
const hollow = /^(MRG_MYISAM|BLACKHOLE|PERFORMANCE_SCHEMA)$/i;

/** Looks into the tables of a MariaDB or MySQL database: from random points of an integer key on, else at both ends of the key. */
export async function lookMysql(store: ServerStore, session: Session, asOf: PlainDate): Promise<Looked> {
  const schemas = [...new Set([store.database, ...store.tables.map(({ schema }) => schema ?? store.database)])];
  const keyOf = await namingOf(session);
  const declared = new Map(store.tables.map((table) => [keyOf(table.schema ?? store.database, table.name), table]));
  const all = (await tablesOf(session, schemas)).map((table): Table => {
    const holds = declared.get(keyOf(table.schema, table.name))?.holds;
    return { ...table, ...(holds === undefined ? {} : { holds }) };
  });
  const isOwn = (schema: string): boolean => keyOf(schema, '') === keyOf(store.database, '');
  const known = all.filter(({ schema, holds }) => isOwn(schema) || holds !== undefined);
  const shown = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
    isOwn(schema) ? name : `${schema}.${name}`;
  const present = new Set(known.map(({ schema, name }) => keyOf(schema, name)));
  const missing = [...declared]
    .filter(([key]) => !present.has(key))
    .map(
      ([, { name, schema }]): Unread => ({ table: shown({ name, schema: schema ?? store.database }), why: 'missing' }),
    );
  const views = known.filter(({ type, holds }) => isView(type) && holds !== undefined);
  const bases = known.filter(({ type, engine }) => !isView(type) && !hollow.test(engine ?? ''));
  const { chosen: mine, beyond } = chosen(bases);
  const catalogue = await catalogueOf(session, schemas, keyOf);
  const results: (SampledTable | Unread)[] = [];
  for (const table of mine) {
    const key = keyOf(table.schema, table.name);
    results.push(...(await lookInto(table, shown(table), catalogue(key), mine.length, session, asOf)));
  }
  const { tables, unread } = parted(results);
  return {
    tables,
    unread: [...unread, ...views.map((view): Unread => ({ table: shown(view), why: 'view' })), ...missing],
    beyond,
    seesAll: await readsWhole(session, store.database),
  };
}

type Naming = (schema: string, name: string) => string;

// Where the server does not tell capital from small letters in names, it may show others than were declared.
async function namingOf(session: Session): Promise<Naming> {
  const [row] = await session.query(z.object({ folds: z.string() }), 'SELECT @@lower_case_table_names AS folds');
  const foldsCase = row?.folds !== '0';
  return (schema, name) => {
    const key = JSON.stringify([schema, name]);
    return foldsCase ? key.toLowerCase() : key;
  };
}

function isView(type: string): boolean {
  return !/^(BASE TABLE|SYSTEM VERSIONED|TEMPORARY)$/i.test(type);
}

function tablesOf(session: Session, schemas: readonly string[]) {
  return session.query(
    tableSchema,
    `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine,
            coalesce(AVG_ROW_LENGTH, 0) AS per_row, coalesce(DATA_LENGTH, 0) AS bytes
       FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${schemas.map(() => '?').join(', ')}) LIMIT 20000`,
    schemas,
  );
}

async function catalogueOf(session: Session, schemas: readonly string[], keyOf: Naming) {
  const places = schemas.map(() => '?').join(', ');
  const columns = await session.query(
    columnSchema,
    `SELECT json_array(TABLE_SCHEMA, TABLE_NAME) AS \`table\`, COLUMN_NAME AS name, lower(DATA_TYPE) AS type, NUMERIC_SCALE AS scale,
            NUMERIC_PRECISION AS \`precision\`, PRIVILEGES AS privileges
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN (${places}) ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION LIMIT 500000`,
    schemas,
  );
  const keys = await session.query(
    keySchema,
    `SELECT json_array(TABLE_SCHEMA, TABLE_NAME) AS \`table\`, COLUMN_NAME AS name, SUB_PART AS part
       FROM information_schema.STATISTICS WHERE INDEX_NAME = 'PRIMARY' AND TABLE_SCHEMA IN (${places})
      ORDER BY TABLE_SCHEMA, TABLE_NAME, SEQ_IN_INDEX`,
    schemas,
  );
  const normal = (text: string): string => keyOf(...z.tuple([z.string(), z.string()]).parse(JSON.parse(text)));
  const columnsOf = Map.groupBy(columns, ({ table }) => normal(table));
  const keysOf = Map.groupBy(keys, ({ table }) => normal(table));
  return (key: string): Catalogue => {
    const parts = keysOf.get(key) ?? [];
    // By the beginnings of its values alone nothing is ordered: the server would sort the table.
    const isOrder = parts.every(({ part }) => part === null);
    return { columns: columnsOf.get(key) ?? [], key: isOrder ? parts.map(({ name }) => name) : [] };
  };
}

type Catalogue = { readonly columns: readonly Column[]; readonly key: readonly string[] };

async function lookInto(
  table: Table,
  name: string,
  { columns, key }: Catalogue,
  tableCount: number,
  session: Session,
  asOf: PlainDate,
): Promise<(SampledTable | Unread)[]> {
  if (table.engine === null) return [{ table: name, why: 'failed' }];
  if (remote.test(table.engine)) return [{ table: name, why: 'remote' }];
  const isReadable = ({ privileges }: Column): boolean => /\bselect\b/i.test(privileges);
  if (!columns.some(isReadable)) return [{ table: name, why: 'denied' }];
  const unread = columns.flatMap((column): Unread[] => {
    if (isMysqlUnknown(column)) return [{ table: name, column: column.name, why: 'type' }];
    return isReadable(column) || mysqlText(column) === undefined
      ? []
      : [{ table: name, column: column.name, why: 'denied' }];
  });
  const wanted = columns.flatMap((column): Wanted[] => {
    const text = isReadable(column) ? mysqlText(column) : undefined;
    return text ? [{ name: column.name, ...text }] : [];
  });
  const target = { name, columns: wanted, ...(table.holds === undefined ? {} : { holds: table.holds }) };
  if (wanted.length === 0) return [counted(target, 'all', [], asOf), ...unread];
  const keyType = key.length === 1 ? columns.find((column) => column.name === key[0])?.type : undefined;
  const rows = rowsWithin(allowanceOf(tableCount).elsewhere, table.per_row, wanted.length, longest);
  // What was changed or deleted is kept, too, in a table with a history.
  const history = /^SYSTEM VERSIONED$/i.test(table.type) ? ' FOR SYSTEM_TIME ALL' : '';
  const reading = { session, from: `${quoted(table.schema)}.${quoted(table.name)}${history}`, target, key, rows, asOf };
  const isInteger = keyType !== undefined && /^(tiny|small|medium|big)?int$/.test(keyType);
  return [...withSparse(await unlessUnreadable(name, () => sample(reading, isInteger)), rows), ...unread];
}

type Reading = {
  readonly session: Session;
  readonly from: string;
  readonly target: Target;
  readonly key: readonly string[];
  readonly rows: number;
  readonly asOf: PlainDate;
};

// The first rows are asked for in any case: of a small table they are all.
async function sample(reading: Reading, isInteger: boolean): Promise<SampledTable> {
  const { session, from, target, key, rows, asOf } = reading;
  const texts = target.columns.map(({ expression }, index) => `${expression} AS c${index}`).join(', ');
  // With the key forced nothing is sorted: the rows come in its order, and the limit ends it.
  const all = `SELECT ${texts} FROM ${from}${key.length === 0 ? '' : ' FORCE INDEX (PRIMARY)'}`;
  const order = (direction: '' | ' DESC'): string =>
    key.length === 0 ? '' : ` ORDER BY ${key.map((each) => quoted(each) + direction).join(', ')}`;
  const first = Math.ceil(key.length === 0 ? rows : rows / 2);
  const head = await cellsOf(session, `${all}${order('')} LIMIT ${first + 1}`);
  if (head.length <= first) return counted(target, 'all', head, asOf);
  const [only] = key;
  if (only === undefined) return counted(target, 'head', head.slice(0, first), asOf);
  if (isInteger) return counted(target, 'random', await atRandom(reading, all, quoted(only)), asOf);
  const tail = await cellsOf(session, `${all}${order(' DESC')} LIMIT ${first}`);
  return counted(target, 'ends', [...head.slice(0, first), ...tail], asOf);
}

/** Ranges of the key that are read from their beginning, in one statement, and how often the rest of them is parted. */
const points = 40;
const rounds = 4;

// Keys may lie in a few places far apart, and most ranges be empty: what is left of the others is parted again, until there are enough rows.
async function atRandom({ session, from, rows }: Reading, all: string, key: string): Promise<readonly Cells[]> {
  const [edges] = await session.query(edgesSchema, `SELECT min(${key}) AS low, max(${key}) AS high FROM ${from}`);
  if (edges?.low == null || edges.high == null) return [];
  const wanted = Math.min(rows, mostRows);
  const found: Cells[] = [];
  let ranges = rangesBetween(BigInt(edges.low), BigInt(edges.high), points);
  for (let round = 1; round <= rounds && ranges.length > 0 && found.length < wanted / 2; round += 1) {
    const each = Math.max(1, Math.floor((wanted - found.length) / ranges.length));
    const cells = await cellsOf(
      session,
      ranges.map((range, index) => partOf(all, key, range, index, each)).join(' UNION ALL '),
    );
    for (const row of cells) found.push(row);
    const left = restOf(ranges, cells, each);
    ranges = left.flatMap(({ from: start, to }) => rangesBetween(start, to, Math.ceil(points / left.length)));
  }
  return found;
}

function partOf(all: string, key: string, { from, to }: Range, index: number, limit: number): string {
  const texts = all.replace(/^SELECT /, `SELECT ${index} AS part, CAST(${key} AS CHAR) AS at, `);
  return `(${texts} WHERE ${key} >= ${from} AND ${key} <= ${to} ORDER BY ${key} LIMIT ${limit})`;
}

// What lies behind the last row of each range that had as many as were asked for.
function restOf(ranges: readonly Range[], cells: readonly Cells[], limit: number): Range[] {
  const rows = Map.groupBy(cells, ({ part }) => Number(part));
  return ranges.flatMap(({ to }, index): Range[] => {
    const mine = rows.get(index) ?? [];
    const last = mine.at(-1)?.at;
    return mine.length < limit || last == null || BigInt(last) >= to ? [] : [{ from: BigInt(last) + 1n, to }];
  });
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
