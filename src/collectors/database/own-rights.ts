import { z } from 'zod';
import type { Session } from '../transports/database.ts';

/** How many rights are named at most. */
const most = 20;

const rightSchema = z.object({ right: z.string() });

// Also by roles that the account may take on (SET ROLE), or give itself, and for single columns (INSERT, UPDATE). An account that may do nothing needs no look at each table.
const postgresql = `
  WITH mine AS (
    SELECT oid, rolname, rolsuper, rolcreaterole FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')
  )
  SELECT 'superuser (' || rolname || ')' AS right FROM mine WHERE rolsuper
  UNION ALL
  SELECT 'CREATEROLE (' || rolname || ')' FROM mine WHERE rolcreaterole AND NOT rolsuper
  UNION ALL
  SELECT rolname FROM mine WHERE rolname IN ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
  UNION ALL
  SELECT DISTINCT p.name || ' ON ' || n.nspname || '.' || c.relname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN mine
    CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p (name)
   WHERE c.relkind IN ('r', 'p', 'v', 'f')
     AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     AND n.nspname NOT LIKE 'pg\\_t%'
     AND (has_table_privilege(mine.oid, c.oid, p.name)
       OR p.name IN ('INSERT', 'UPDATE') AND has_any_column_privilege(mine.oid, c.oid, p.name))
   LIMIT ${most}`;

/**
 * Privileges of MySQL and MariaDB by which rows, tables or accounts could be changed, also by detour (a file). TRIGGER and EVENT are none of them: no
 * other right shows what triggers and events there are; what they would create runs with the account’s own rights; and the session refuses to create or drop any.
 */
const writing = new Set([
  ...['ALL PRIVILEGES', 'ALL', 'INSERT', 'UPDATE', 'DELETE', 'DELETE HISTORY', 'DROP', 'ALTER', 'CREATE'],
  ...['INDEX', 'FILE', 'SUPER', 'CREATE USER', 'CREATE ROUTINE', 'ALTER ROUTINE', 'BINLOG REPLAY'],
  ...['SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER', 'ROLE_ADMIN'],
]);

/** What the session’s own account could change, in the server’s words; empty where it can only read. */
export async function ownRights(session: Session): Promise<readonly string[]> {
  if (session.engine === 'postgresql') {
    return (await session.query(rightSchema, postgresql)).slice(0, most).map(({ right }) => right);
  }
  const lines = await grantLines(session);
  return lines.flatMap(writesOf).slice(0, most);
}

const grantSchema = z.record(z.string(), z.string());

/** The grants of the session’s account on MySQL or MariaDB, line by line; roles that are granted to a role are part of what it may. */
export async function grantLines(session: Session): Promise<string[]> {
  const own = await linesOf(session, 'SHOW GRANTS');
  const roles = own.flatMap(rolesIn);
  if (roles.length === 0) return own;
  if (session.engine === 'mysql') return linesOf(session, `SHOW GRANTS FOR CURRENT_USER() USING ${roles.join(', ')}`);
  // MariaDB shows a role’s grants to who has taken it on; that lasts no longer than the session.
  const [before] = await session.query(z.object({ role: z.string().nullable() }), 'SELECT current_role() AS role');
  const lines = [...own];
  for (const role of roles) {
    await session.query(grantSchema, `SET ROLE ${role}`);
    lines.push(...(await linesOf(session, 'SHOW GRANTS')));
  }
  const last = before?.role == null ? 'NONE' : `\`${before.role.replaceAll('`', '``')}\``;
  await session.query(grantSchema, `SET ROLE ${last}`);
  return lines;
}

/** Of those grants, what is in force in this session: a role that is not taken on shows nothing. */
export async function activeGrantLines(session: Session): Promise<string[]> {
  if (session.engine !== 'mysql') return linesOf(session, 'SHOW GRANTS');
  const [active] = await session.query(z.object({ roles: z.string() }), 'SELECT CURRENT_ROLE() AS roles');
  const isNone = active === undefined || active.roles === 'NONE';
  return linesOf(session, isNone ? 'SHOW GRANTS' : `SHOW GRANTS FOR CURRENT_USER() USING ${active.roles}`);
}

async function linesOf(session: Session, sql: string): Promise<string[]> {
  return (await session.query(grantSchema, sql)).flatMap((row) => Object.values(row));
}

// `GRANT `auditor`@`%`,`reader`@`%` TO …` in MySQL, `GRANT `auditor` TO …` in MariaDB: a grant without ON is one of roles.
function rolesIn(line: string): string[] {
  const [, roles] = line.match(/^GRANT ((?:[`'"].*?[`'"](?:@[`'"].*?[`'"])?(?:, ?)?)+) TO /) ?? [];
  return roles?.match(/[`'"].*?[`'"](?:@[`'"].*?[`'"])?/g) ?? [];
}

/** What a grant allows, and on what; undefined if it is none of privileges. A name may hold whatever else stands in such a line. */
export function grantIn(line: string): { readonly privileges: string; readonly place: string } | undefined {
  const bare = line.replace(/`(?:[^`]|``)*`|"(?:[^"]|"")*"/g, (name) => '_'.repeat(name.length));
  const [, privileges, place] = bare.match(/^GRANT (.*?) ON (.*?) TO /) ?? [];
  if (privileges === undefined || place === undefined) return undefined;
  const from = 'GRANT '.length + privileges.length + ' ON '.length;
  return { privileges, place: line.slice(from, from + place.length) };
}

function writesOf(line: string): string[] {
  const { privileges = '', place = '' } = grantIn(line) ?? {};
  const names = privileges.replace(/\([^)]*\)/g, '').split(',');
  return names
    .map((name) => name.trim())
    .filter((name) => writing.has(name))
    .map((name) => `${name} ON ${place}`);
}
