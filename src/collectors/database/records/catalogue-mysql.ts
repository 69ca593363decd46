import { z } from 'zod';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { type CatalogueTable, TableUnavailable } from './catalogue-table.ts';
import type { TimeFamily } from './time-columns.ts';

/** A name as MySQL and MariaDB take it in statements. */
export function quotedForMysql(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

const text = z.string().nullable();
const kindSchema = z.object({ kind: z.string(), engine: text });
const sizeSchema = z.object({ rows: text, bytes: text });
const columnSchema = z.object({ type: z.string(), extra: text });
const keySchema = z.object({ name: z.string(), type: z.string() });
const indexSchema = z.record(z.string(), text);
const createSchema = z.record(z.string(), text);

/** Engines whose rows lie in this server, and stay there: not FEDERATED, CONNECT, SPIDER (elsewhere), BLACKHOLE, MEMORY (nowhere). */
export const storing: ReadonlySet<string> = new Set([
  ...['innodb', 'xtradb', 'myisam', 'aria', 'rocksdb', 'tokudb', 'archive', 'columnstore'],
  ...['ndbcluster', 'oceanbase', 'ob', 'tikv'],
]);

/** Looks a table up in the catalogue of MySQL or MariaDB. Only the engine is asked for first: a table that lies elsewhere is not opened. */
export async function mysqlTable(session: Session, table: DeclaredTable, database: string): Promise<CatalogueTable> {
  const { name, schema = database, time } = table;
  const of = [schema, name];
  const [found] = await session.query(
    kindSchema,
    'SELECT table_type AS kind, engine FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    of,
  );
  if (!found) throw new TableUnavailable('not-found', `${schema}.${name}`);
  if (!/^(?:BASE TABLE|SYSTEM VERSIONED)$/i.test(found.kind)) throw new TableUnavailable('not-a-table', found.kind);
  if (found.engine === null || !storing.has(found.engine.toLowerCase()))
    throw new TableUnavailable('not-a-table', `engine ${found.engine ?? 'unknown'}`);
  const [column] = await session.query(
    columnSchema,
    'SELECT data_type AS type, extra FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND column_name = ?',
    [...of, time],
  );
  if (!column) throw new TableUnavailable('not-found', `${schema}.${name}.${time}`);
  if (/on update/i.test(column.extra ?? '')) throw new TableUnavailable('moving-time', `${time}: ${column.extra}`);
  const [size] = await session.query(
    sizeSchema,
    'SELECT table_rows AS `rows`, data_length AS bytes FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    of,
  );
  const place = `${quotedForMysql(schema)}.${quotedForMysql(name)}`;
  const index = indexOn(await session.query(indexSchema, `SHOW INDEX FROM ${place}`), time);
  const [key] = await session.query(
    keySchema,
    `SELECT c.column_name AS name, c.data_type AS type FROM information_schema.statistics s
       JOIN information_schema.columns c ON c.table_schema = s.table_schema AND c.table_name = s.table_name AND c.column_name = s.column_name
      WHERE s.table_schema = ? AND s.table_name = ? AND s.index_name = 'PRIMARY' AND s.seq_in_index = 1`,
    of,
  );
  const [create] = await session.query(createSchema, `SHOW CREATE TABLE ${place}`);
  return {
    schema,
    name,
    place,
    time: { name: time, column: quotedForMysql(time), family: familyOf(column.type), type: column.type },
    rows: Number(size?.rows ?? 0),
    bytes: Number(size?.bytes ?? 0),
    ...(index === undefined ? {} : { index }),
    visible: 1,
    ...(key
      ? {
          key: {
            column: quotedForMysql(key.name),
            isNumber: /^(?:tiny|small|medium|big)?int(?:eger)?$/i.test(key.type),
          },
        }
      : {}),
    partitions: [],
    relatives: [],
    definition: Object.entries(create ?? {}).find(([name_]) => /^create table$/i.test(name_))?.[1] ?? '',
  };
}

// Sorted, whole, in use, and with the time column first: columns of SHOW INDEX, where servers have them.
function indexOn(lines: readonly Record<string, string | null>[], time: string): string | undefined {
  const line = lines.find(
    (each) =>
      each.Seq_in_index === '1' &&
      each.Column_name?.toLowerCase() === time.toLowerCase() &&
      each.Index_type === 'BTREE' &&
      each.Sub_part === null &&
      each.Ignored !== 'YES' &&
      each.Visible !== 'NO',
  );
  return line?.Key_name ?? undefined;
}

const families: Readonly<Record<string, TimeFamily>> = {
  timestamp: 'instant',
  datetime: 'local',
  date: 'date',
  int: 'number',
  bigint: 'number',
  decimal: 'number',
  double: 'number',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
};

function familyOf(type: string): TimeFamily | undefined {
  const name = type.toLowerCase();
  return Object.hasOwn(families, name) ? families[name] : undefined;
}
