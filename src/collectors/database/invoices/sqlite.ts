import type { Gate } from '../../../gate.ts';
import { querySqlite } from '../../transports/sqlite.ts';
import { type Connection, type Dialect, mostLetters, type Shape, Unread } from './shape.ts';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const dialect: Dialect = {
  quoted,
  named: ({ name }) => `main.${quoted(name)}`,
  // Numbers as they are: as text they would have 15 digits.
  text: (column) =>
    `CASE typeof(${quoted(column)}) WHEN 'text' THEN substr(${quoted(column)}, 1, ${mostLetters}) ELSE ${quoted(column)} END`,
  typeOfValue: (column) => `typeof(${quoted(column)})`,
  place: () => '?',
  among: (column, _, keys) => ({
    sql: `${quoted(column)} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify(keys)],
  }),
  // Each question is a process of its own.
  batch: 50_000,
  slice: 25_000,
  // Of a column without a type, 7 and '7' are two values and one key.
  groups: false,
};

/** A SQLite file as the reader of invoices asks it: a process for each question, which can be stopped. */
export function sqliteConnection(gate: Gate, path: string, version: string, signal: AbortSignal): Connection {
  return {
    engine: 'sqlite',
    version,
    dialect,
    async each(sql, values, use) {
      for (const row of await querySqlite(gate, path, sql, values, signal)) use(row);
    },
    async shapeOf({ name }): Promise<Shape> {
      const rows = await querySqlite(gate, path, shapeSql, [name, name, name], signal);
      const table = rows.find(({ what }) => what === 'table');
      if (!table) throw new Unread('not-found', { zh: `没有表 ${name}`, en: `there is no table ${name}` });
      if (table.name !== 'table')
        throw new Unread('not-supported', {
          zh: `${name} 是视图或者虚拟表，不是库内的表`,
          en: `${name} is a view or a virtual table, not a table of the store`,
        });
      const columns = rows.filter(({ what }) => what === 'column');
      const keys = columns.filter(({ alone }) => alone !== '0');
      const indexes = rows.filter(({ what }) => what === 'index');
      const unique = [...indexes.filter(({ alone }) => alone === '1'), ...(keys.length === 1 ? keys : [])];
      return {
        columns: new Map(columns.map((each) => [each.name ?? '', 'text'])),
        indexed: new Set(indexes.map((each) => each.name ?? '')),
        unique: new Set(unique.map((each) => each.name ?? '')),
        // The file is here: reading it again costs little.
        rows: 0,
      };
    },
  };
}

const shapeSql = `
  SELECT 'table' AS what, type AS name, 0 AS alone FROM pragma_table_list WHERE schema = 'main' AND name = ?
  UNION ALL SELECT 'column', name, pk FROM pragma_table_xinfo(?)
  UNION ALL SELECT 'index', c.name, i."unique" AND (SELECT count(*) FROM pragma_index_info(i.name)) = 1
    FROM pragma_index_list(?) i JOIN pragma_index_info(i.name) c
   WHERE i.partial = 0 AND c.seqno = 0 AND c.name IS NOT NULL`;
