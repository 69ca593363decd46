import { z } from 'zod';
import type { SampledTable } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import { type ServerStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { allowanceOf, chosen, fewestRows, rowsWithin } from './budget.ts';
import { isUnknown, pieceOf, postgresqlText } from './postgresql-types.ts';
import {
  cellsOf,
  counted,
  type Looked,
  parted,
  type Unread,
  unlessUnreadable,
  type Wanted,
  withSparse,
} from './sampled.ts';
import { longest, reach } from './tally.ts';

const blockSize = 8192;

const number = z.coerce.number();
const flag = z.enum(['t', 'f']).transform((each) => each === 't');

const tableSchema = z.object({
  id: z.string().regex(/^\d+$/),
  schema: z.string(),
  name: z.string(),
  relkind: z.enum(['r', 'p', 'm', 'f', 'v']),
  readable: flag,
  remote: flag,
  locked: flag,
  bytes: number,
  elsewhere: number,
  rows: number,
});

type Table = z.output<typeof tableSchema> & { readonly holds?: string };

// A partitioned table is read as one; what a server elsewhere holds is not asked for. Tables of extensions count, too: their rows lie here. The size
// of a table that somebody has to himself is not asked, for the answer would wait.
const tables = `
  WITH RECURSIVE tree AS (
    SELECT c.oid AS root, c.oid AS leaf FROM pg_class c
     WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v') AND NOT c.relispartition
    UNION ALL
    SELECT tree.root, i.inhrelid FROM tree
      JOIN pg_inherits i ON i.inhparent = tree.leaf
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
  ), locked AS (
    SELECT DISTINCT relation FROM pg_locks
     WHERE mode = 'AccessExclusiveLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ), sizes AS (
    SELECT tree.root, bool_or(c.relkind = 'f') AS remote, bool_or(l.relation IS NOT NULL) AS locked,
           coalesce(sum(CASE WHEN l.relation IS NULL THEN pg_relation_size(c.oid) END), 0) AS bytes,
           coalesce(sum(CASE WHEN l.relation IS NULL THEN pg_relation_size(nullif(c.reltoastrelid, 0)) END), 0) AS elsewhere,
           coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS rows
      FROM tree JOIN pg_class c ON c.oid = tree.leaf LEFT JOIN locked l ON l.relation IN (c.oid, c.reltoastrelid)
     GROUP BY 1
  )
  SELECT c.oid::text AS id, n.nspname AS schema, c.relname AS name, c.relkind, s.remote, s.locked, s.bytes, s.elsewhere, s.rows,
         has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS readable
    FROM sizes s
    JOIN pg_class c ON c.oid = s.root
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
   ORDER BY s.bytes DESC, c.oid
   LIMIT 20000`;

const columnSchema = z.object({
  table: z.string(),
  name: z.string(),
  type: z.string(),
  builtin: flag,
  extension: flag,
  category: z.string(),
  element: z.string().nullable(),
  modifier: number,
  readable: flag,
});

// A domain is what it is made of, however deep.
const columns = `
  WITH RECURSIVE bases AS (
    SELECT oid, oid AS base FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT t.oid, b.base FROM pg_type t JOIN bases b ON t.typbasetype = b.oid WHERE t.typtype = 'd'
  )
  SELECT a.attrelid::text AS table, a.attname AS name, t.typname AS type, t.typcategory AS category, a.atttypmod AS modifier,
         t.typnamespace = 'pg_catalog'::regnamespace AS builtin,
         EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e') AS extension,
         CASE WHEN t.typcategory = 'A' AND (e.typnamespace = 'pg_catalog'::regnamespace OR e.typtype = 'e') THEN e.typname END AS element,
         has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable
    FROM pg_attribute a
    JOIN bases b ON b.oid = a.atttypid
    JOIN pg_type t ON t.oid = b.base
    LEFT JOIN pg_type e ON e.oid = t.typelem
   WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
   ORDER BY a.attrelid, a.attnum`;

type Column = z.output<typeof columnSchema>;

/** Looks into the tables of a PostgreSQL database, each by rows of random blocks. */
export async function lookPostgresql(store: ServerStore, session: Session, asOf: PlainDate): Promise<Looked> {
  const declared = new Map(store.tables.map((table) => [tableName({ schema: 'public', ...table }), table]));
  const known = (await session.query(tableSchema, tables)).map((table): Table => {
    const holds = declared.get(fullName(table))?.holds;
    return { ...table, ...(holds === undefined ? {} : { holds }) };
  });
  const names = new Set(known.map(fullName));
  const missing = [...declared.keys()]
    .filter((name) => !names.has(name))
    .map((table): Unread => ({ table, why: 'missing' }));
  const views = known.filter(({ relkind, holds }) => relkind === 'v' && holds !== undefined);
  const { chosen: mine, beyond } = chosen(known.filter(({ relkind }) => relkind !== 'v'));
  const columnsOf = await columnsByTable(session, mine);
  const results: (SampledTable | Unread)[] = [];
  for (const table of mine) {
    results.push(...(await lookInto(table, columnsOf.get(table.id) ?? [], mine.length, session, asOf)));
  }
  const { tables: read, unread } = parted(results);
  const apart = views.map((view): Unread => ({ table: fullName(view), why: 'view' }));
  return { tables: read, unread: [...unread, ...apart, ...missing], beyond, seesAll: true };
}

function fullName({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}

async function columnsByTable(session: Session, of: readonly Table[]): Promise<Map<string, Column[]>> {
  if (of.length === 0) return new Map();
  const found = await session.query(columnSchema, columns, [`{${of.map(({ id }) => id).join(',')}}`]);
  return Map.groupBy(found, ({ table }) => table);
}

async function lookInto(
  table: Table,
  all: readonly Column[],
  tableCount: number,
  session: Session,
  asOf: PlainDate,
): Promise<(SampledTable | Unread)[]> {
  const name = fullName(table);
  if (table.remote) return [{ table: name, why: 'remote' }];
  if (!table.readable) return [{ table: name, why: 'denied' }];
  if (table.locked) return [{ table: name, why: 'timed-out' }];
  const unread = all.flatMap((column): Unread[] => {
    if (isUnknown(column)) return [{ table: name, column: column.name, why: 'type' }];
    return column.readable || postgresqlText(column) === undefined
      ? []
      : [{ table: name, column: column.name, why: 'denied' }];
  });
  const wanted = all.flatMap((column): Wanted[] => {
    const text = column.readable ? postgresqlText(column) : undefined;
    return text ? [{ name: column.name, ...text }] : [];
  });
  const target = { name, columns: wanted, ...(table.holds === undefined ? {} : { holds: table.holds }) };
  if (table.bytes === 0 || wanted.length === 0) return [counted(target, 'all', [], asOf), ...unread];
  const { rows } = statementOf(table, wanted, tableCount);
  const read = async (): Promise<SampledTable> => {
    // Most blocks of a table whose rows were deleted are empty: once, more of them are read.
    for (const factor of [1, 8]) {
      const { sql, isWhole } = statementOf(table, wanted, tableCount, factor);
      const cells = await cellsOf(session, sql);
      if (isWhole || factor > 1 || cells.length >= Math.min(rows, fewestRows))
        return counted(target, isWhole && cells.length < rows ? 'all' : 'random', cells, asOf);
    }
    return counted(target, 'random', [], asOf);
  };
  return [...withSparse(await unlessUnreadable(name, read), rows), ...unread];
}

// The values are cut outside, so that only those of the chosen rows are fetched from where long ones are kept.
function statementOf(table: Table, wanted: readonly Wanted[], tableCount: number, factor = 1) {
  const allowance = allowanceOf(tableCount);
  const blocks = Math.ceil(table.bytes / blockSize);
  const affordable = Math.max(8, Math.floor((factor * allowance.pages) / blockSize));
  const isWhole = blocks <= affordable;
  const perRow = table.rows > 0 ? Math.min(table.elsewhere / table.rows, wanted.length * reach) : 0;
  const rows = rowsWithin(allowance.elsewhere, perRow, wanted.length, longest);
  const from = `${table.relkind === 'p' ? '' : 'ONLY '}${quoted(table.schema)}.${quoted(table.name)}`;
  const sample = isWhole ? '' : ` TABLESAMPLE SYSTEM (${((100 * affordable) / blocks).toFixed(8)})`;
  const inner = `SELECT ${wanted.map(({ name }) => quoted(name)).join(', ')} FROM ${from}${sample} ORDER BY random() LIMIT ${rows}`;
  // OFFSET keeps the parts apart: else each mention of a column would write it out anew.
  const texts = wanted.map(({ expression }, index) => `${expression} AS t${index}`).join(', ');
  const pieces = wanted.map((column, index) => `${pieceOf(`t${index}`, column)} AS c${index}`).join(', ');
  return { sql: `SELECT ${pieces} FROM (SELECT ${texts} FROM (${inner}) AS sample OFFSET 0) AS texts`, isWhole, rows };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
