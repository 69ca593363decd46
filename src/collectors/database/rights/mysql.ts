import { z } from 'zod';
import type { StoreRights } from '../../../evidence/database/store-rights.ts';
import { type AskedStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { isMariadb } from '../encryption/innodb-encryption.ts';
import { grantLines } from '../own-rights.ts';
import type { Views } from '../views.ts';
import { accountsOf, everybodyMay, type GrantTables, type Target } from './grants-mysql.ts';

const text = z.string();
const flag = z.string().nullable();
const tableSchema = z.object({ type: text, engine: text.nullable() });
const variableSchema = z.object({ value: text });
const tablePrivilegeSchema = z.object({ user: text, host: text, database: text, table: text, privileges: text });
const edgeSchema = z.object({ to_user: text, to_host: text, role: text, role_host: text });
const routineSchema = z.object({ database: text, name: text, definer: text });
const routineGrantSchema = z.object({ user: text, host: text, database: text, name: text, privileges: text });
const viewSchema = z.object({ database: text, name: text, definer: text, text: flag });
const keySchema = z.object({
  database: text,
  table: text,
  to_database: text,
  to_table: text,
  on_delete: text,
  on_update: text,
});
const proxySchema = z.object({ user: text, host: text, as_user: text, as_host: text });
const dynamicSchema = z.object({ user: text, host: text, privilege: text });

// Columns of the grant tables and the privileges that they stand for; none holds a password.
const columns = {
  Insert_priv: 'Insert',
  Update_priv: 'Update',
  Delete_priv: 'Delete',
  Drop_priv: 'Drop',
  Alter_priv: 'Alter',
  Trigger_priv: 'Trigger',
  Execute_priv: 'Execute',
} as const;
const globalColumns = { ...columns, Super_priv: 'Super', Create_user_priv: 'Create user' } as const;
const databaseSchema = flags(['user', 'host', 'db', ...Object.keys(columns)]);
const globalSchema = flags(['user', 'host', 'plugin', 'closed', ...Object.keys(globalColumns)]);

function flags(names: readonly string[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, flag])));
}

/** Dynamic privileges of MySQL 8 by which an account can act as another (dev.mysql.com: Privileges Provided by MySQL). */
const dynamicToAll = ['SET_USER_ID', 'SET_ANY_DEFINER', 'ROLE_ADMIN'];

type Found = Pick<StoreRights, 'tables' | 'accounts' | 'logins'>;

/** Who may change rows of the declared tables of a MariaDB or MySQL server, as its grant tables say. */
export async function rightsInMysql(session: Session, store: AskedStore, views: Views): Promise<Found> {
  const targets = store.tables.map(
    (table): Target => ({
      name: tableName(table),
      database: table.schema ?? store.database,
      table: table.name,
    }),
  );
  const isCaseless =
    (await views.rows('lower_case_table_names', variableSchema, 'SELECT @@lower_case_table_names AS value'))?.[0]
      ?.value !== '0';
  const grants = await grantTables(session, views);
  const tables: StoreRights['tables'] = [];
  for (const target of targets) {
    const problem = await problemOf(target, views);
    tables.push({ name: target.name, ...problem, everybody: grants ? everybodyMay(target, grants, isCaseless) : [] });
  }
  if (!grants) return { tables, accounts: [] };
  return {
    tables,
    accounts: accountsOf(grants, targets, isCaseless),
    logins: grants.accounts.filter(({ login }) => login !== 'no').length,
  };
}

async function problemOf(
  { database, table }: Target,
  views: Views,
): Promise<Pick<StoreRights['tables'][number], 'problem'>> {
  const found = await views.rows(
    'information_schema.TABLES',
    tableSchema,
    'SELECT TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [database, table],
  );
  if (found === undefined) return { problem: 'unclear' };
  const [one] = found;
  if (!one) return { problem: 'missing' };
  if (/VIEW/.test(one.type)) return { problem: 'view' };
  return /^(FEDERATED|CONNECT|SPIDER|S3)$/i.test(one.engine ?? '') ? { problem: 'remote' } : {};
}

// One of them that cannot be read leaves open who else may.
async function grantTables(session: Session, views: Views): Promise<GrantTables | undefined> {
  const mariadb = isMariadb(session);
  const accounts = await accountsIn(mariadb, views);
  const databases = await views.rows(
    'mysql.db',
    databaseSchema,
    `SELECT User AS user, Host AS host, Db AS db, ${Object.keys(columns).join(', ')} FROM mysql.db`,
  );
  const tables = await tableGrants(views);
  const roles = await rolesIn(mariadb, views);
  const around = await aroundTables(session, views);
  const routines = await views.rows(
    mariadb ? 'mysql.proc' : 'information_schema.ROUTINES',
    routineSchema,
    mariadb
      ? `SELECT db AS \`database\`, name, definer FROM mysql.proc WHERE security_type = 'DEFINER'`
      : `SELECT ROUTINE_SCHEMA AS \`database\`, ROUTINE_NAME AS name, DEFINER AS definer FROM information_schema.ROUTINES WHERE SECURITY_TYPE = 'DEFINER'`,
  );
  const routineGrants = await views.rows(
    'mysql.procs_priv',
    routineGrantSchema,
    'SELECT User AS user, Host AS host, Db AS `database`, Routine_name AS name, Proc_priv AS privileges FROM mysql.procs_priv',
  );
  if (!accounts || !databases || !tables || !roles) return undefined;
  return {
    accounts,
    databases: databases.map((row) => ({
      ...granteeIn(row),
      database: row.db ?? '',
      privileges: heldIn(row, columns),
    })),
    tables,
    roles,
    ...around,
    routines: routines ?? [],
    routineGrants: (routineGrants ?? []).filter(({ privileges }) => listOf(privileges).includes('Execute')),
  };
}

// Rights to all tables by which views and keys are shown; keys by none that reads alone.
const showing = [
  'SHOW VIEW',
  'TRIGGER',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
];

// What the account has no right to is not shown, and nothing is refused.
async function aroundTables(session: Session, views: Views): Promise<Pick<GrantTables, 'views' | 'keys' | 'proxies'>> {
  const own = (await grantLines(session)).flatMap(
    (line) => line.match(/^GRANT (.*?) ON \*\.\* TO /)?.[1]?.split(/, ?/) ?? [],
  );
  const has = (...names: readonly string[]): boolean => [...names, 'ALL PRIVILEGES'].some((name) => own.includes(name));
  if (!has('SELECT', ...showing)) views.lacks('information_schema.VIEWS', 'denied');
  if (!has(...showing)) views.lacks('information_schema.REFERENTIAL_CONSTRAINTS', 'denied');
  if (!isMariadb(session) && !has('SELECT', 'SHOW_ROUTINE')) views.lacks('information_schema.ROUTINES', 'denied');
  const writable = await views.rows(
    'information_schema.VIEWS',
    viewSchema,
    `SELECT TABLE_SCHEMA AS \`database\`, TABLE_NAME AS name, DEFINER AS definer, VIEW_DEFINITION AS text FROM information_schema.VIEWS
      WHERE SECURITY_TYPE = 'DEFINER' AND IS_UPDATABLE <> 'NO' AND TABLE_SCHEMA NOT IN ('sys', 'mysql')`,
  );
  const keys = await views.rows(
    'information_schema.REFERENTIAL_CONSTRAINTS',
    keySchema,
    `SELECT CONSTRAINT_SCHEMA AS \`database\`, TABLE_NAME AS \`table\`, UNIQUE_CONSTRAINT_SCHEMA AS to_database, REFERENCED_TABLE_NAME AS to_table,
            DELETE_RULE AS on_delete, UPDATE_RULE AS on_update
       FROM information_schema.REFERENTIAL_CONSTRAINTS`,
  );
  const proxies = await views.rows(
    'mysql.proxies_priv',
    proxySchema,
    'SELECT User AS user, Host AS host, Proxied_user AS as_user, Proxied_host AS as_host FROM mysql.proxies_priv',
  );
  return {
    views: (writable ?? []).map((view) => ({ ...view, text: view.text ?? '' })),
    keys: (keys ?? []).map(({ database, table, to_database, to_table, on_delete, on_update }) => ({
      database,
      table,
      refers: { database: to_database, table: to_table },
      onDelete: ruleOf(on_delete),
      onUpdate: ruleOf(on_update),
    })),
    proxies: (proxies ?? []).map(({ user, host, as_user, as_host }) => ({
      to: { user, host },
      as: { user: as_user, host: as_host },
    })),
  };
}

function ruleOf(rule: string): 'cascade' | 'set' | 'none' {
  return rule === 'CASCADE' ? 'cascade' : rule.startsWith('SET') ? 'set' : 'none';
}

type Row = z.output<typeof globalSchema>;

function granteeIn(row: Row): { user: string; host: string } {
  return { user: row.user ?? '', host: row.host ?? '' };
}

function heldIn(row: Row, names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).flatMap(([column, privilege]) => (row[column] === 'Y' ? [privilege] : []));
}

function listOf(set: string): string[] {
  return set.split(',').filter((each) => each !== '');
}

// MariaDB does not show there whether an account is locked: it counts as one that somebody can log in by.
async function accountsIn(mariadb: boolean, views: Views): Promise<GrantTables['accounts'] | undefined> {
  const state = mariadb ? 'is_role' : 'account_locked';
  const rows = await views.rows(
    'mysql.user',
    globalSchema,
    `SELECT User AS user, Host AS host, plugin, ${state} AS closed, ${Object.keys(globalColumns).join(', ')} FROM mysql.user ORDER BY User, Host`,
  );
  const dynamic = mariadb
    ? []
    : await views.rows(
        'mysql.global_grants',
        dynamicSchema,
        'SELECT USER AS user, HOST AS host, PRIV AS privilege FROM mysql.global_grants',
      );
  return rows?.map((row) => {
    const own = granteeIn(row);
    const isMighty = (dynamic ?? []).some(
      ({ user, host, privilege }) => user === own.user && host === own.host && dynamicToAll.includes(privilege),
    );
    const isClosed = row.closed === 'Y' || row.plugin === 'mysql_no_login';
    return {
      ...own,
      login: isClosed ? 'no' : 'yes',
      privileges: [...heldIn(row, globalColumns), ...(isMighty ? ['Super'] : [])],
    };
  });
}

async function tableGrants(views: Views): Promise<GrantTables['tables'] | undefined> {
  const ofTables = await views.rows(
    'mysql.tables_priv',
    tablePrivilegeSchema,
    'SELECT User AS user, Host AS host, Db AS `database`, Table_name AS `table`, Table_priv AS privileges FROM mysql.tables_priv',
  );
  const ofColumns = await views.rows(
    'mysql.columns_priv',
    tablePrivilegeSchema,
    'SELECT User AS user, Host AS host, Db AS `database`, Table_name AS `table`, Column_priv AS privileges FROM mysql.columns_priv',
  );
  if (!ofTables || !ofColumns) return undefined;
  return [...ofTables, ...ofColumns].map((row) => ({ ...row, privileges: listOf(row.privileges) }));
}

async function rolesIn(mariadb: boolean, views: Views): Promise<GrantTables['roles'] | undefined> {
  const rows = mariadb
    ? await views.rows(
        'mysql.roles_mapping',
        edgeSchema,
        `SELECT User AS to_user, Host AS to_host, Role AS role, '' AS role_host FROM mysql.roles_mapping`,
      )
    : await views.rows(
        'mysql.role_edges',
        edgeSchema,
        'SELECT TO_USER AS to_user, TO_HOST AS to_host, FROM_USER AS role, FROM_HOST AS role_host FROM mysql.role_edges',
      );
  const mandatory = mariadb ? [] : await mandatoryRoles(views);
  return rows && mandatory
    ? [
        ...rows.map(({ to_user, to_host, role, role_host }) => ({
          to: { user: to_user, host: to_host },
          role: { user: role, host: role_host },
        })),
        ...mandatory.map((role) => ({ to: { user: 'PUBLIC', host: '' }, role })),
      ]
    : undefined;
}

// Roles that MySQL grants to everybody: `r1`@`%`, r2.
async function mandatoryRoles(views: Views): Promise<{ user: string; host: string }[] | undefined> {
  const rows = await views.rows('mandatory_roles', variableSchema, 'SELECT @@mandatory_roles AS value');
  return rows
    ?.flatMap(({ value }) => listOf(value))
    .map((name) => {
      const [user = '', host = '%'] = name.split('@').map((part) => part.trim().replace(/^[`'"]|[`'"]$/g, ''));
      return { user, host };
    });
}
