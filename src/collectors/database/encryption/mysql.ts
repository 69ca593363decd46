import { z } from 'zod';
import type { Rest, Wire } from '../../../evidence/database/store-encryption.ts';
import type { AskedStore } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { Views } from '../views.ts';
import { isMariadb, partsAtRest, tablesAtRest } from './innodb-encryption.ts';
import { isLocal } from './postgresql.ts';

const text = z.string();
const variableSchema = z.object({ Variable_name: text, Value: text });
const accountSchema = z.object({ user: text, host: text, demands: text.nullable() });
const originSchema = z.object({ origin: text.nullable() });
const sessionSchema = z.object({ type: text.nullable(), host: text.nullable(), sessions: text });
const pluginSchema = z.object({ name: text });

/** Settings of a server by name, as it shows them to everybody. */
export type Variables = Readonly<Record<string, string>>;

// Where InnoDB and the logs keep what is not below the data directory.
const placeNames = [
  ...['innodb_data_home_dir', 'innodb_log_group_home_dir', 'innodb_undo_directory', 'innodb_doublewrite_dir'],
  ...['log_bin_basename', 'relay_log_basename'],
];

const asked = [
  ...['have_ssl', 'require_secure_transport', 'tls_version', 'bind_address', 'mysqlx_bind_address', 'admin_address'],
  ...[
    'skip_networking',
    'hostname',
    'datadir',
    ...placeNames,
    'performance_schema',
    'log_bin',
    'general_log',
    'log_output',
    'wsrep_on',
    'wsrep_provider_options',
    'group_replication_group_name',
    'group_replication_ssl_mode',
    'slow_query_log',
    'lower_case_table_names',
  ],
  // MariaDB.
  ...['innodb_encrypt_tables', 'innodb_encrypt_log', 'innodb_encrypt_temporary_tables', 'innodb_encryption_threads'],
  ...['innodb_encryption_rotate_key_age', 'innodb_undo_tablespaces', 'encrypt_binlog', 'encrypt_tmp_disk_tables'],
  ...['encrypt_tmp_files', 'aria_encrypt_tables'],
  // MySQL.
  ...['innodb_redo_log_encrypt', 'innodb_undo_log_encrypt', 'binlog_encryption', 'default_table_encryption'],
];

/** How a MariaDB or MySQL server lets clients in, and whether it encrypts what it keeps. */
export async function encryptionOfMysql(
  session: Session,
  store: AskedStore,
  views: Views,
): Promise<{ wire: Wire; rest: Rest }> {
  const variables = await variablesOf(views);
  const tables = await tablesAtRest(session, store, views);
  const { datadir, hostname: _, wsrep_provider_options: __, ...shown } = variables;
  const beside = besideOf(variables, await filesOf(session, views));
  const settings = Object.entries(shown).filter(([name]) => !placeNames.includes(name));
  const rest: Rest = {
    ...(datadir ? { directory: datadir } : {}),
    ...(beside.length > 0 ? { beside } : {}),
    tables,
    parts: await partsAtRest(session, views, variables),
    keys: await keysOf(session, views),
    settings: Object.fromEntries(settings.map(([name, value]) => [name, value.slice(0, 200)])),
  };
  return { wire: await wireOf(session, views, variables), rest };
}

// Tables may be put elsewhere one by one (DATA DIRECTORY), which no link in the data directory shows.
async function filesOf(session: Session, views: Views): Promise<string[]> {
  const [view, column] = isMariadb(session)
    ? ['information_schema.INNODB_SYS_TABLESPACES', 'FILENAME']
    : ['information_schema.INNODB_DATAFILES', 'PATH'];
  const rows = await views.rows(
    view,
    pluginSchema,
    `SELECT DISTINCT SUBSTRING_INDEX(${column}, '/', CHAR_LENGTH(${column}) - CHAR_LENGTH(REPLACE(${column}, '/', ''))) AS name
       FROM ${view} WHERE ${column} LIKE '/%'`,
  );
  return (rows ?? []).map(({ name }) => name);
}

// A name that is no path from the root stands below the data directory.
function besideOf(variables: Variables, files: readonly string[]): string[] {
  const { datadir = '' } = variables;
  const places = [...placeNames.flatMap((name) => variables[name]?.split(/[:;]/) ?? []), ...files];
  const own = `${datadir.replace(/\/+$/, '')}/`;
  return [...new Set(places)].filter((place) => place.startsWith('/') && !`${place}/`.startsWith(own)).toSorted();
}

async function variablesOf(views: Views): Promise<Variables> {
  const names = asked.map((name) => `'${name}'`).join(', ');
  const rows = await views.rows(
    'SHOW VARIABLES',
    variableSchema,
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${names})`,
  );
  return Object.fromEntries((rows ?? []).map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
}

async function wireOf(session: Session, views: Views, variables: Variables): Promise<Wire> {
  const { have_ssl: ssl, tls_version: versions, bind_address: bind } = variables;
  const further = [variables.mysqlx_bind_address, variables.admin_address].filter((each) => each !== undefined);
  const isOff = variables.skip_networking === 'ON';
  const listens = isOff
    ? []
    : bind === undefined || bind === ''
      ? undefined
      : addressesIn([bind, ...further].join(','));
  const required = await requiredOf(session, views, variables);
  const plain =
    required === 'no' || required === undefined ? await plainAccounts(session, views, variables.hostname) : [];
  const sessions = await sessionsOf(views, variables);
  return {
    ...(session.tls ? { session: session.tls } : {}),
    ...(ssl === undefined ? (session.tls ? { tls: true } : {}) : { tls: ssl === 'YES' }),
    ...(required === undefined ? {} : { required }),
    ...(versions === undefined ? {} : { versions: versions.split(',').map((each) => each.trim()) }),
    ...(listens === undefined ? {} : { listens, localOnly: listens.every(isLocal) }),
    ...(plain === undefined ? {} : { admitsPlain: plain }),
    ...clusterOf(variables),
    ...(sessions === undefined ? {} : { sessions }),
  };
}

// Galera shows `socket.ssl` only where it is on; group replication’s mode is DISABLED unless it is set (dev.mysql.com: group_replication_ssl_mode).
function clusterOf(variables: Variables): Pick<Wire, 'cluster'> {
  const { wsrep_on: galera, wsrep_provider_options: options = '' } = variables;
  const { group_replication_group_name: group = '', group_replication_ssl_mode: mode = '' } = variables;
  const open = [
    ...(galera === 'ON' ? [!/(?:^|;)\s*socket\.ssl\s*=\s*YES\b/i.test(options)] : []),
    ...(group === '' ? [] : [mode === '' || mode === 'DISABLED']),
  ];
  return open.length === 0 ? {} : { cluster: open.includes(true) ? 'open' : 'tls' };
}

function addressesIn(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

// What was set by a statement binds those who come after it. MariaDB: COMMAND-LINE, CONFIG, SQL; MySQL: DYNAMIC is the one of a statement.
async function requiredOf(session: Session, views: Views, variables: Variables): Promise<Wire['required']> {
  const { require_secure_transport: required } = variables;
  if (required === undefined) return undefined;
  if (required !== 'ON') return 'no';
  const [view, sql] = isMariadb(session)
    ? [
        'information_schema.SYSTEM_VARIABLES',
        `SELECT GLOBAL_VALUE_ORIGIN AS origin FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME = 'REQUIRE_SECURE_TRANSPORT'`,
      ]
    : [
        'performance_schema.variables_info',
        `SELECT VARIABLE_SOURCE AS origin FROM performance_schema.variables_info WHERE VARIABLE_NAME = 'require_secure_transport'`,
      ];
  const origin = (await views.rows(view, originSchema, sql))?.[0]?.origin;
  const fromStart = ['COMMAND-LINE', 'CONFIG', 'COMMAND_LINE', 'GLOBAL', 'SERVER', 'EXPLICIT', 'EXTRA', 'PERSISTED'];
  return fromStart.includes(origin ?? '') ? 'since-start' : 'now';
}

// Names and demands only: columns that hold passwords are not read. A role of MySQL is a locked account.
async function plainAccounts(session: Session, views: Views, ownName = ''): Promise<string[] | undefined> {
  const open = isMariadb(session) ? '' : ` WHERE account_locked = 'N'`;
  const rows = await views.rows(
    'mysql.user',
    accountSchema,
    `SELECT User AS user, Host AS host, ssl_type AS demands FROM mysql.user${open} ORDER BY User, Host`,
  );
  return rows
    ?.filter(({ demands, host }) => (demands ?? '') === '' && host !== '' && host !== ownName && !isOwnHost(host))
    .map(({ user, host }) => `${user}@${host}`);
}

/** Whether a host part or a peer is the server’s own machine. */
export function isOwnHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[\d%]+){1,3}$/.test(host);
}

async function sessionsOf(views: Views, variables: Variables): Promise<Wire['sessions']> {
  const view = 'performance_schema.threads';
  if (variables.performance_schema !== 'ON') {
    views.lacks(view, 'off');
    return undefined;
  }
  const lost = await views.rows(
    view,
    variableSchema,
    `SHOW GLOBAL STATUS LIKE 'Performance_schema_thread_instances_lost'`,
  );
  const rows = await views.rows(
    view,
    sessionSchema,
    `SELECT CONNECTION_TYPE AS type, PROCESSLIST_HOST AS host, count(*) AS sessions FROM performance_schema.threads
      WHERE TYPE = 'FOREGROUND' AND PROCESSLIST_ID IS NOT NULL GROUP BY 1, 2`,
  );
  if (rows === undefined) return undefined;
  // Threads that it had no room for, or of a kind that it does not tell, might be anything.
  const isWhole = lost?.[0]?.Value === '0' && rows.every(({ type }) => type !== null);
  if (!isWhole) {
    views.lacks(view, 'unclear');
    return undefined;
  }
  const isHere = ({ type, host }: z.output<typeof sessionSchema>): boolean =>
    ['Socket', 'Named Pipe', 'Shared Memory'].includes(type ?? '') || isOwnHost(host ?? '');
  const of = (wanted: (row: z.output<typeof sessionSchema>) => boolean): number =>
    rows.filter(wanted).reduce((sum, { sessions }) => sum + Number(sessions), 0);
  return {
    tls: of((row) => !isHere(row) && row.type === 'SSL/TLS'),
    plain: of((row) => !isHere(row) && row.type !== 'SSL/TLS'),
    here: of(isHere),
  };
}

// MariaDB: mariadb.com/kb “Encryption Key Management”; MySQL: its keyring plugins, and components since 8.0.24.
async function keysOf(session: Session, views: Views): Promise<Rest['keys']> {
  const plugins = await views.rows(
    'information_schema.PLUGINS',
    pluginSchema,
    `SELECT PLUGIN_NAME AS name FROM information_schema.PLUGINS
      WHERE PLUGIN_STATUS = 'ACTIVE' AND (PLUGIN_TYPE = 'ENCRYPTION' OR PLUGIN_NAME LIKE 'keyring%')`,
  );
  const components = isMariadb(session)
    ? []
    : await views.rows(
        'performance_schema.keyring_component_status',
        pluginSchema,
        `SELECT STATUS_VALUE AS name FROM performance_schema.keyring_component_status WHERE STATUS_KEY = 'Implementation_name'`,
      );
  const names = [...(plugins ?? []), ...(components ?? [])].map(({ name }) => name);
  return names.map((plugin) => ({ plugin, place: /file/.test(plugin) ? 'file' : 'service' }));
}
