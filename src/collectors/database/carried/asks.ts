import { z } from 'zod';
import type { AskedStore } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import type { Bound, Session } from '../../transports/database.ts';
import { catalogueTable } from '../records/catalogue.ts';
import { programsOf } from '../records/deleters.ts';
import { isHere, isSafe } from '../records/schedules-postgresql.ts';
import { readEncryption } from '../store-encryption.ts';
import { readRights } from '../store-rights.ts';
import { ownGrants } from './own-grants.ts';

/** A statement that collectors ask, as it is written into a script and looked up in its output. */
export type Ask = {
  /** The declared table that it looks up, as `t0`; empty: it is of the whole store. */
  readonly scope: string;
  readonly sql: string;
  readonly values: readonly (Bound | { readonly sql: string })[];
  /** The columns that are read of its rows; none of a SHOW, which comes as the client prints it. */
  readonly columns: readonly string[];
  /** A query that says `true` where it may be asked: a table of an extension may be a view that anybody made, and runs what he likes. */
  readonly onlyIf?: string;
};

/** What an answer is found by. Within a table each statement stands once: its values may come of earlier answers. */
export function keyOf({ scope, sql, values }: Pick<Ask, 'scope' | 'sql' | 'values'>): string {
  return JSON.stringify([scope, sql, scope === '' ? values : []]);
}

/**
 * All that the collectors of a connection would ask a store’s server of its catalogue, found by letting them ask nobody: they hear invented answers, in turn
 * of a server that has everything and of one that lacks what is optional.
 */
export async function asksOf(store: AskedStore): Promise<Ask[]> {
  const asks = new Map<string, Ask>();
  for (const version of versions[store.engine]) {
    for (const hasAll of [true, false]) {
      const session = recorder(store, { version, hasAll, scope: '' }, asks);
      await programsOf(session, namesOf(store));
      await readEncryption(session, store, { signal: new AbortController().signal });
      await readRights(session, store, { signal: new AbortController().signal });
    }
    for (const [index, table] of store.tables.entries())
      await catalogueTable(recorder(store, { version, hasAll: true, scope: `t${index}` }, asks), table, store.database);
  }
  const own = store.engine === 'postgresql' ? [] : ownGrants;
  return [...[...asks.values()].filter(({ sql }) => !/^SHOW (?:INDEX|GRANTS)/.test(sql)), ...own];
}

/** A script asks for counts and settings; what reads row by row is not carried. */
export async function notCarried(): Promise<never> {
  throw new Unavailable('not-supported', 'no rows are carried');
}

/** The names of a store’s tables, as what deletes is searched for them: the same in a script and in its output. */
export function namesOf({ tables }: AskedStore): string[] {
  return tables.map(({ name }) => name);
}

// A store that is declared as one of both may be the other.
const versions = {
  postgresql: ['PostgreSQL 15.0 on invented'],
  mariadb: ['10.11.0-MariaDB', '8.0.0'],
  mysql: ['8.0.0', '10.11.0-MariaDB'],
} as const;

type Invented = { readonly version: string; readonly hasAll: boolean; readonly scope: string };

function recorder(store: AskedStore, invented: Invented, asks: Map<string, Ask>): Session {
  const { version, scope } = invented;
  return {
    engine: store.engine,
    version,
    each: notCarried,
    async query(row, sql, values = []) {
      const columns = columnsOf(row, sql);
      const ask: Ask = {
        scope,
        sql,
        values:
          scope === '' || store.engine !== 'postgresql' ? values : values.map((each) => placed(store, scope, each)),
        columns: sql.startsWith('SHOW') ? [] : columns,
        ...guardOf(sql),
      };
      asks.set(keyOf(ask), ask);
      return invent(sql, values, columns, invented, store).flatMap((each) => row.safeParse(each).data ?? []);
    },
  };
}

const extensions =
  /FROM (?:ONLY )?"?(cron|pgagent|timescaledb_information|partman|public)"?\.(job|pga_jobstep|jobs|part_config)\b/;

function guardOf(sql: string): Pick<Ask, 'onlyIf'> {
  const [, schema, name] = sql.match(extensions) ?? [];
  if (schema === undefined || name === undefined) return {};
  const here = isHere.replaceAll('$1', literal(name)).replaceAll('$2', literal(schema));
  return { onlyIf: `SELECT EXISTS (${here.trim()} AND ${isSafe})::text` };
}

// What a reader may do without is in some of its statements only.
function columnsOf(row: z.ZodType, sql: string): string[] {
  if (!(row instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = row.shape;
  return Object.keys(shape).filter(
    (name) => !z.safeParse(shape[name] ?? z.never(), undefined).success || new RegExp(`\\b${name}\\b`).test(sql),
  );
}

const marks = { oid: 'invented oid', number: 'invented number' } as const;

// What PostgreSQL calls a table or column by is known to the server alone.
function placed(store: AskedStore, scope: string, value: Bound): Ask['values'][number] {
  const table = store.tables[Number(scope.slice(1))];
  if (!table || (value !== marks.oid && value !== marks.number)) return value;
  const oid = `(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${literal(table.schema ?? 'public')} AND c.relname = ${literal(table.name)})`;
  if (value === marks.oid) return { sql: oid };
  return {
    sql: `(SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = ${oid} AND a.attname = ${literal(table.time)})`,
  };
}

/** A text as PostgreSQL takes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

type Invention = Readonly<Record<string, string>>;

function invent(
  sql: string,
  values: readonly Bound[],
  columns: readonly string[],
  { hasAll }: Invented,
  { engine }: AskedStore,
): Invention[] {
  if (sql === 'SHOW GRANTS') return hasAll ? [{ grant: 'GRANT SELECT, EVENT, TRIGGER ON *.* TO x' }] : [];
  if (sql.startsWith('SHOW')) return variables(hasAll);
  if (sql.includes('USING filename')) return [{ name: values.map(inFileName).join('/') }];
  const home = optional[String(values[0])];
  if (home && columns.join() === 'schema') return hasAll ? home.map((schema) => ({ schema })) : [];
  const kind = engine === 'postgresql' ? 'r' : 'BASE TABLE';
  const known: Invention = { engine: 'InnoDB', kind, ...marks, libraries: 'pg_cron', here: 'here', roles: 'NONE' };
  return [Object.fromEntries(columns.map((column) => [column, known[column] ?? 'true']))];
}

// Extensions by a table of theirs, and the schemas that they are usually in.
const optional: Readonly<Record<string, readonly string[] | undefined>> = {
  job: ['cron'],
  pga_jobstep: ['pgagent'],
  part_config: ['partman', 'public'],
  jobs: ['timescaledb_information'],
};

function variables(hasAll: boolean): Invention[] {
  const values = {
    performance_schema: 'ON',
    log_bin: 'OFF',
    innodb_undo_log_encrypt: 'ON',
    innodb_undo_tablespaces: '2',
    require_secure_transport: hasAll ? 'ON' : 'OFF',
  };
  return Object.entries(values).map(([name, Value]) => ({ Variable_name: name, Value }));
}

// As MySQL and MariaDB write a name for files: letters, digits and `_` as they are, most else as `@` and four hexadecimal digits.
function inFileName(name: Bound): string {
  return String(name).replace(/[^A-Za-z0-9_]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `@${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
