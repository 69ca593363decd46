import { z } from 'zod';
import type { Rest, RestPart } from '../../../evidence/database/store-encryption.ts';
import { type AskedStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { Views } from '../views.ts';
import type { Variables } from './mysql.ts';

const text = z.string();
const tableSchema = z.object({ type: text, engine: text.nullable() });
const spaceSchema = z.object({ name: text, scheme: text.nullable(), version: text.nullable() });
const encodedSchema = z.object({ name: text });
const statusSchema = z.object({ Variable_name: text });
const flagSchema = z.object({ name: text, encryption: text.nullable() });

type Table = Rest['tables'][number];
type State = Table['state'];

const mariadbView = 'information_schema.INNODB_TABLESPACES_ENCRYPTION';
const mysqlView = 'information_schema.INNODB_TABLESPACES';

/** Whether the server is MariaDB, as it says of itself. */
export function isMariadb({ version }: Pick<Session, 'version'>): boolean {
  return /mariadb/i.test(version);
}

/** Whether each declared table is encrypted by the engine that keeps it. */
export async function tablesAtRest(session: Session, store: AskedStore, views: Views): Promise<Table[]> {
  const tables: Table[] = [];
  for (const table of store.tables) {
    const schema = table.schema ?? store.database;
    const name = tableName(table);
    const found = await views.rows(
      'information_schema.TABLES',
      tableSchema,
      'SELECT TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
      [schema, table.name],
    );
    const { type, engine } = found?.[0] ?? { type: 'missing', engine: null };
    const by = engine ?? type;
    tables.push({ name, by, state: await stateOf(by, { session, views, schema, table: table.name }) });
  }
  return tables;
}

type Place = {
  readonly session: Session;
  readonly views: Views;
  readonly schema: string;
  readonly table: string;
};

// Engines that have no encryption at all; of Aria the setting says nothing of tables that are there.
const plainEngines = new Set(['MyISAM', 'CSV', 'ARCHIVE', 'MRG_MyISAM']);

async function stateOf(engine: string, place: Place): Promise<State> {
  if (plainEngines.has(engine)) return 'plain';
  if (engine !== 'InnoDB') return 'unknown';
  const names = await fileNames(place);
  if (names === undefined) return 'unknown';
  return isMariadb(place.session) ? inMariadb(names, place.views) : inMysql(names, place.views);
}

/** Names as files have them (`@53d1@7968`), which InnoDB’s own views show; of a partitioned table they are followed by `#P#`. */
async function fileNames({ views, schema, table }: Place): Promise<string[] | undefined> {
  const rows = await views.rows(
    'CONVERT USING filename',
    encodedSchema,
    `SELECT CONCAT(CAST(CONVERT(? USING filename) AS BINARY), '/', CAST(CONVERT(? USING filename) AS BINARY)) AS name`,
    [schema, table],
  );
  return rows && [...new Set([...rows.map(({ name }) => name), `${schema}/${table}`])];
}

const named = 'IN (?, ?) OR LOCATE(?, LOWER(%)) = 1 OR LOCATE(?, LOWER(%)) = 1';

function naming(column: string): string {
  return `${column} ${named.replaceAll('%', column)}`;
}

function bound(names: readonly string[]): string[] {
  const [first = '', second = first] = names;
  return [first, second, `${first.toLowerCase()}#p#`, `${second.toLowerCase()}#p#`];
}

// The words of a full-text index lie in tables of its own, whose names bear the number of the table. A table space without a line there was never encrypted; scheme 0 was once; version 0 still has pages that are not.
async function inMariadb(names: readonly string[], views: Views): Promise<State> {
  const spaces = await views.rows(
    mariadbView,
    spaceSchema,
    `SELECT t.NAME AS name, e.ENCRYPTION_SCHEME AS scheme, e.MIN_KEY_VERSION AS version
       FROM information_schema.INNODB_SYS_TABLES t LEFT JOIN ${mariadbView} e ON e.SPACE = t.SPACE
      WHERE ${naming('t.NAME')} OR EXISTS (SELECT 1 FROM information_schema.INNODB_SYS_TABLES o
        WHERE (${naming('o.NAME')}) AND LOCATE(CONCAT('/fts_', LPAD(LOWER(HEX(o.TABLE_ID)), 16, '0'), '_'), LOWER(t.NAME)) > 0)`,
    [...bound(names), ...bound(names)],
  );
  return spaces === undefined ? 'unknown' : worst(spaces.map(ofSpace));
}

function ofSpace({ scheme, version }: Pick<z.output<typeof spaceSchema>, 'scheme' | 'version'>): State {
  if (scheme === null || scheme === '0') return 'plain';
  return scheme === '1' && Number(version) >= 1 ? 'encrypted' : 'unknown';
}

async function inMysql(names: readonly string[], views: Views): Promise<State> {
  const spaces = await views.rows(
    mysqlView,
    flagSchema,
    `SELECT NAME AS name, ENCRYPTION AS encryption FROM ${mysqlView} WHERE ${naming('NAME')}`,
    bound(names),
  );
  return spaces === undefined ? 'unknown' : worst(spaces.map(ofFlag));
}

function ofFlag({ encryption }: Pick<z.output<typeof flagSchema>, 'encryption'>): State {
  return encryption === 'Y' ? 'encrypted' : encryption === 'N' ? 'plain' : 'unknown';
}

function worst(states: readonly State[]): State {
  if (states.includes('plain')) return 'plain';
  return states.length > 0 && states.every((state) => state === 'encrypted') ? 'encrypted' : 'unknown';
}

/** What is written besides tables. mariadb.com/kb “Data-at-Rest Encryption Overview”; dev.mysql.com “InnoDB Data-at-Rest Encryption”. */
export async function partsAtRest(session: Session, views: Views, variables: Variables): Promise<RestPart[]> {
  const mariadb = isMariadb(session);
  const logs: RestPart[] = [
    { part: 'redo', state: switched(variables[mariadb ? 'innodb_encrypt_log' : 'innodb_redo_log_encrypt']) },
    { part: 'undo', state: mariadb ? await undoOfMariadb(views, variables) : await undoOfMysql(views, variables) },
    { part: 'binary-log', state: await binaryLogs(mariadb, views, variables) },
    // MySQL has no setting for it.
    { part: 'temporary', state: mariadb ? temporary(variables) : 'unknown' },
  ];
  const { general_log: general, slow_query_log: slow, log_output: output = '', wsrep_on: cluster } = variables;
  // Both hold statements with the values in them.
  for (const [part, state] of [
    ['general-log', general],
    ['slow-log', slow],
  ] as const)
    if (state !== 'OFF' && output !== 'NONE') logs.push({ part, state: state === undefined ? 'unknown' : 'plain' });
  if (cluster === 'ON') logs.push({ part: 'replication-cache', state: 'unknown' });
  return logs;
}

// A replica keeps what it is sent in relay logs, whether or not it has a binary log of its own.
async function binaryLogs(mariadb: boolean, views: Views, variables: Variables): Promise<RestPart['state']> {
  const state = switched(variables[mariadb ? 'encrypt_binlog' : 'binlog_encryption']);
  if (variables.log_bin !== 'OFF' || state === 'encrypted') return state;
  const rows = mariadb
    ? await views.rows(
        'SHOW STATUS',
        statusSchema,
        `SHOW GLOBAL STATUS WHERE Variable_name IN ('Slave_running', 'Slaves_running') AND Value NOT IN ('OFF', '0')`,
      )
    : await views.rows(
        'performance_schema.replication_connection_configuration',
        statusSchema,
        'SELECT CHANNEL_NAME AS Variable_name FROM performance_schema.replication_connection_configuration',
      );
  return rows === undefined ? 'unknown' : rows.length > 0 ? state : 'absent';
}

function switched(value: string | undefined): State {
  return value === undefined ? 'unknown' : value === 'ON' ? 'encrypted' : 'plain';
}

function temporary(variables: Variables): State {
  return worst(
    ['encrypt_tmp_disk_tables', 'encrypt_tmp_files', 'innodb_encrypt_temporary_tables'].map((name) =>
      switched(variables[name]),
    ),
  );
}

// Without undo table spaces of its own the undo log is in the system table space.
async function undoOfMariadb(views: Views, variables: Variables): Promise<State> {
  const count = Number(variables.innodb_undo_tablespaces ?? Number.NaN);
  const spaces = await views.rows(
    mariadbView,
    spaceSchema,
    `SELECT NAME AS name, ENCRYPTION_SCHEME AS scheme, MIN_KEY_VERSION AS version FROM ${mariadbView}
      WHERE SPACE = 0 OR NAME LIKE 'innodb\\_undo%'`,
  );
  if (spaces === undefined || Number.isNaN(count)) return 'unknown';
  const found = spaces.map(ofSpace);
  return spaces.length < count + 1 ? worst([...found, 'plain']) : worst(found);
}

async function undoOfMysql(views: Views, variables: Variables): Promise<State> {
  if (variables.innodb_undo_log_encrypt !== 'ON') return switched(variables.innodb_undo_log_encrypt);
  const spaces = await views.rows(
    mysqlView,
    flagSchema,
    `SELECT NAME AS name, ENCRYPTION AS encryption FROM ${mysqlView} WHERE SPACE_TYPE = 'Undo'`,
  );
  return spaces === undefined ? 'unknown' : worst(spaces.map(ofFlag));
}
