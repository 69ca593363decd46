import { z } from 'zod';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { type ColumnType, type Connection, type Dialect, mostLetters, type Shape, Unread } from './shape.ts';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const named = ({ schema = 'public', name }: DeclaredTable): string => `${quoted(schema)}.${quoted(name)}`;

const casts: Readonly<Record<ColumnType, string>> = {
  integer: 'bigint',
  decimal: 'numeric',
  text: 'text',
  char: 'bpchar',
  uuid: 'uuid',
  instant: 'timestamptz',
  local: 'timestamp',
  date: 'date',
  single: 'float4',
  double: 'float8',
  other: 'text',
};

const dialect: Dialect = {
  quoted,
  named,
  text: (column) => `left(${quoted(column)}::text, ${mostLetters})`,
  // The session is in UTC.
  place: (at, type) => `$${at}::${casts[type]}`,
  among: (column, type, keys) => ({ sql: `${quoted(column)} = ANY($1::${casts[type]}[])`, values: [arrayOf(keys)] }),
  batch: 2000,
  slice: 2000,
  groups: true,
};

function arrayOf(keys: readonly string[]): string {
  return `{${keys.map((key) => `"${key.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

// With its partitions; pg_partition_tree() is there from version 12 on. What was never analysed (-1) is taken for rows of 50 bytes.
const tableSql = `
  WITH RECURSIVE parts (oid) AS (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN parts ON parts.oid = i.inhparent
  )
  SELECT max(CASE WHEN n.nspname = $1 AND c.relname = $2 THEN c.relkind END)::text AS kind,
         sum(CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_relation_size(c.oid) / 50 END)::bigint AS rows
    FROM parts JOIN pg_class c ON c.oid = parts.oid JOIN pg_namespace n ON n.oid = c.relnamespace
  HAVING count(*) > 0`;
// A domain counts as what it is made of.
const columnsSql = `
  SELECT a.attname AS name, b.typname AS type, a.atttypmod AS modifier
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = COALESCE(NULLIF(t.typbasetype, 0), t.oid)
   WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped`;
// indnkeyatts is there from version 11 on. An index of a table with children (INHERITS) is not theirs, though their rows are read with it.
const indexesSql = `
  SELECT a.attname AS name, (i.indisunique AND COALESCE((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts) = 1)::int AS alone
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
   WHERE n.nspname = $1 AND c.relname = $2 AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
     AND (c.relkind = 'p' OR NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid))`;

const tableRow = z.object({ kind: z.string(), rows: z.string().nullable() });
const columnRow = z.object({ name: z.string(), type: z.string(), modifier: z.string() });
const indexRow = z.object({ name: z.string(), alone: z.string() });

/** A PostgreSQL session as the reader of invoices asks it. */
export function postgresqlConnection(session: Session): Connection {
  return {
    engine: session.engine,
    version: session.version,
    dialect,
    each: session.each,
    async shapeOf(table): Promise<Shape> {
      const place = [table.schema ?? 'public', table.name];
      const [found] = await session.query(tableRow, tableSql, place);
      if (!found) throw new Unread('not-found', { zh: `没有表 ${table.name}`, en: `there is no table ${table.name}` });
      if (found.kind !== 'r' && found.kind !== 'p')
        throw new Unread('not-supported', {
          zh: `${table.name} 是视图或者外部表，不是库内的表`,
          en: `${table.name} is a view or a foreign table, not a table of the store`,
        });
      const columns = await session.query(columnRow, columnsSql, place);
      const indexes = await session.query(indexRow, indexesSql, place);
      return {
        columns: new Map(columns.map((each) => [each.name, typeOf(each)])),
        indexed: new Set(indexes.map(({ name }) => name)),
        unique: new Set(indexes.flatMap(({ name, alone }) => (alone === '1' ? [name] : []))),
        rows: Number(found.rows ?? 0),
      };
    },
  };
}

const types: Readonly<Record<string, ColumnType>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  text: 'text',
  varchar: 'text',
  bpchar: 'char',
  uuid: 'uuid',
  timestamptz: 'instant',
  timestamp: 'local',
  date: 'date',
  float4: 'single',
  float8: 'double',
};

function typeOf({ type, modifier }: z.output<typeof columnRow>): ColumnType {
  // numeric(p, s): the modifier is 4 more than p × 65536 + s.
  if (type === 'numeric') return Number(modifier) >= 4 && (Number(modifier) - 4) % 65_536 === 0 ? 'decimal' : 'other';
  return types[type] ?? 'other';
}
