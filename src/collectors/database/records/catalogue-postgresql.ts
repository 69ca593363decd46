import { z } from 'zod';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { type CatalogueTable, TableUnavailable } from './catalogue-table.ts';
import type { TimeFamily } from './time-columns.ts';

/** A name as PostgreSQL takes it in statements. */
export function quotedForPostgresql(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const number = z.string().transform(Number);
const tableSchema = z.object({ oid: z.string(), kind: z.string() });
const columnSchema = z.object({ type: z.string(), number: z.string() });
const leafSchema = z.object({
  kind: z.string(),
  schema: z.string(),
  name: z.string(),
  rows: number,
  pages: number,
  bytes: number,
  visible: number,
  persistence: z.string(),
});
const indexSchema = z.object({ name: z.string() });
const aboveSchema = z.object({ schema: z.string(), name: z.string() });

const kinds: Readonly<Record<string, string>> = {
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  c: 'composite type',
};

// A domain is what it is made of.
const columnOf = `
  SELECT format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type, a.attnum AS number
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = $1::oid AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped`;

// All tables that hold its rows: itself, its partitions, what inherits from it.
const leavesOf = `
  WITH RECURSIVE part AS (
    SELECT $1::oid AS oid
    UNION SELECT i.inhrelid FROM pg_inherits i JOIN part ON part.oid = i.inhparent
  )
  SELECT c.relkind AS kind, n.nspname AS schema, c.relname AS name, greatest(c.reltuples, -1) AS rows, c.relpersistence AS persistence, c.relpages AS pages, c.relallvisible AS visible,
         CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) ELSE 0 END AS bytes
    FROM part JOIN pg_class c ON c.oid = part.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY c.oid LIMIT 10000`;

// Whoever deletes from these deletes from it.
const above = `
  WITH RECURSIVE up AS (
    SELECT i.inhparent AS oid FROM pg_inherits i WHERE i.inhrelid = $1::oid
    UNION SELECT i.inhparent FROM pg_inherits i JOIN up ON up.oid = i.inhrelid
  )
  SELECT n.nspname AS schema, c.relname AS name FROM up JOIN pg_class c ON c.oid = up.oid JOIN pg_namespace n ON n.oid = c.relnamespace`;

// Whole, in use, sorted, and with the time column first.
const indexOf = `
  SELECT c.relname AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
   WHERE i.indrelid = $1::oid AND i.indkey[0] = $2::smallint AND i.indisvalid AND i.indisready AND i.indpred IS NULL AND a.amname = 'btree'
   ORDER BY i.indnatts, c.relname LIMIT 1`;

// Bytes a row, where the server has no estimate yet.
const usualRow = 100;

/** Looks a table up in the catalogue of PostgreSQL. */
export async function postgresqlTable(session: Session, table: DeclaredTable): Promise<CatalogueTable> {
  const { name, schema = 'public', time } = table;
  const [found] = await session.query(
    tableSchema,
    'SELECT c.oid, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2',
    [schema, name],
  );
  if (!found) throw new TableUnavailable('not-found', `${schema}.${name}`);
  if (found.kind !== 'r' && found.kind !== 'p')
    throw new TableUnavailable('not-a-table', kinds[found.kind] ?? found.kind);
  const [column] = await session.query(columnSchema, columnOf, [found.oid, time]);
  if (!column) throw new TableUnavailable('not-found', `${schema}.${name}.${time}`);
  const leaves = await session.query(leafSchema, leavesOf, [found.oid]);
  const foreign = leaves.find(({ kind }) => kind === 'f');
  if (foreign) throw new TableUnavailable('not-a-table', `partition ${foreign.name} is a foreign table`);
  const [index] = await session.query(indexSchema, indexOf, [found.oid, column.number]);
  const parts = leaves.filter((leaf) => leaf.name !== name || leaf.schema !== schema);
  const parents = await session.query(aboveSchema, above, [found.oid]);
  const bytes = sum(leaves.map((leaf) => leaf.bytes));
  const pages = sum(leaves.map((leaf) => leaf.pages));
  // An index of a parent by inheritance holds nothing of its children; that of a partitioned table does.
  const isCovered = found.kind === 'p' || leaves.length === 1;
  return {
    schema,
    name,
    place: `${quotedForPostgresql(schema)}.${quotedForPostgresql(name)}`,
    time: { name: time, column: quotedForPostgresql(time), family: familyOf(column.type), type: column.type },
    rows: Math.round(sum(leaves.map(rowsOf))),
    bytes,
    ...(index && isCovered ? { index: index.name } : {}),
    visible: pages === 0 ? 0 : sum(leaves.map((leaf) => leaf.visible)) / pages,
    partitions: parts.map((leaf) => leaf.name),
    relatives: [
      ...parts.map((leaf) => ({ schema: leaf.schema, name: leaf.name, isAbove: false })),
      ...parents.map((parent) => ({ ...parent, isAbove: true })),
    ],
    definition: leaves.some(({ persistence }) => persistence === 'u') ? 'UNLOGGED' : '',
  };
}

// As the planner does: by the density when it was last looked at, over the pages that there are now. A partitioned table itself holds none.
function rowsOf({ kind, rows, pages, bytes }: z.output<typeof leafSchema>): number {
  if (kind !== 'r') return 0;
  return rows > 0 && pages > 0 ? (rows / pages) * (bytes / 8192) : bytes / usualRow;
}

const families: Readonly<Record<string, TimeFamily>> = {
  'timestamp with time zone': 'instant',
  'timestamp without time zone': 'local',
  date: 'date',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  'double precision': 'number',
  text: 'text',
  'character varying': 'text',
  character: 'text',
  bpchar: 'text',
};

function familyOf(type: string): TimeFamily | undefined {
  return Object.hasOwn(families, type) ? families[type] : undefined;
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0);
}
