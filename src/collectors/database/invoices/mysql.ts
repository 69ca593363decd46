import { z } from 'zod';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { type ColumnType, type Connection, type Dialect, mostLetters, type Shape, Unread } from './shape.ts';

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

function bound(type: ColumnType): string {
  if (type === 'integer') return 'CAST(? AS SIGNED)';
  return type === 'decimal' ? 'CAST(? AS DECIMAL(65))' : '?';
}

const dialect: Dialect = {
  quoted,
  named: ({ schema, name }: DeclaredTable) =>
    schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`,
  text: (column) => `LEFT(${quoted(column)}, ${mostLetters})`,
  place: (_, type) => bound(type),
  // A number compared with a text would be compared as a float, and 9007199254740993 equals its neighbour then. Few sizes of lists,
  // so that the server prepares few statements.
  among(column, type, keys) {
    const size = 2 ** Math.ceil(Math.log2(keys.length));
    const values = Array.from({ length: size }, (_, at) => keys[at] ?? keys[0] ?? '');
    return { sql: `${quoted(column)} IN (${values.map(() => bound(type)).join(',')})`, values };
  },
  // MariaDB makes a join of lists of 1000 and more (in_predicate_conversion_threshold).
  batch: 512,
  slice: 2000,
  groups: true,
};

const here = 'table_schema = COALESCE(?, DATABASE()) AND table_name = ?';
const tableSql = `SELECT table_type AS kind, engine AS engine, table_rows AS rows_ FROM information_schema.tables WHERE ${here}`;
const columnsSql = `SELECT column_name AS name, data_type AS type, numeric_scale AS scale FROM information_schema.columns WHERE ${here}`;
const indexesSql = `
  SELECT column_name AS name, non_unique AS twice, sub_part AS part,
         (SELECT count(*) FROM information_schema.statistics o
           WHERE o.table_schema = s.table_schema AND o.table_name = s.table_name AND o.index_name = s.index_name) AS columns_
    FROM information_schema.statistics s
   WHERE ${here} AND seq_in_index = 1 AND index_type = 'BTREE'`;

const tableRow = z.object({ kind: z.string(), engine: z.string().nullable(), rows_: z.string().nullable() });
const columnRow = z.object({ name: z.string(), type: z.string(), scale: z.string().nullable() });
const indexRow = z.object({ name: z.string(), twice: z.string(), part: z.string().nullable(), columns_: z.string() });

/** Engines whose rows lie elsewhere. */
const remote = new Set(['FEDERATED', 'CONNECT', 'SPIDER', 'S3', 'BLACKHOLE']);

/** A session with MariaDB or MySQL as the reader of invoices asks it. */
export function mysqlConnection(session: Session): Connection {
  return {
    engine: session.engine,
    version: session.version,
    dialect,
    each: session.each,
    async shapeOf(table): Promise<Shape> {
      const place = [table.schema ?? null, table.name];
      const [found] = await session.query(tableRow, tableSql, place);
      if (!found)
        throw new Unread('not-found', {
          zh: `没有表 ${table.name}，或者账号无权读取`,
          en: `there is no table ${table.name}, or the account may not read it`,
        });
      if (found.kind !== 'BASE TABLE' || remote.has((found.engine ?? '').toUpperCase()))
        throw new Unread('not-supported', {
          zh: `${table.name} 是视图或者远程表，不是库内的表`,
          en: `${table.name} is a view or a remote table, not a table of the store`,
        });
      const columns = await session.query(columnRow, columnsSql, place);
      const indexes = await session.query(indexRow, indexesSql, place);
      const whole = indexes.filter(({ part }) => part === null);
      return {
        columns: new Map(columns.map((each) => [each.name, typeOf(each)])),
        indexed: new Set(indexes.map(({ name }) => name)),
        unique: new Set(
          whole.flatMap(({ name, twice, columns_ }) => (twice === '0' && columns_ === '1' ? [name] : [])),
        ),
        rows: Number(found.rows_ ?? 0),
      };
    },
  };
}

const types: Readonly<Record<string, ColumnType>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  char: 'char',
  uuid: 'text',
  timestamp: 'instant',
  datetime: 'local',
  date: 'date',
  float: 'single',
  double: 'double',
};

function typeOf({ type, scale }: z.output<typeof columnRow>): ColumnType {
  if (type.toLowerCase() === 'decimal') return scale === '0' ? 'decimal' : 'other';
  return types[type.toLowerCase()] ?? 'other';
}
