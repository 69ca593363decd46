import { z } from 'zod';
import type { StoreRights } from '../../../evidence/database/store-rights.ts';
import { type ServerStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { Views } from '../views.ts';
import { accountsOf, type Catalogue, everybodyMay, type Relation } from './grants-postgresql.ts';

const text = z.string();
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const serverSchema = z.object({ version: text, owner: text });
const roleSchema = z.object({ id: text, name: text, login: flag, superuser: flag, creates: flag });
const memberSchema = z.object({ role: text, member: text });
const relationSchema = z.object({
  id: text,
  name: text,
  depth: text,
  kind: text,
  owner: text,
  owner_name: text,
  schema_owner: text,
  row_security: flag,
});
const grantSchema = z.object({ relation: text, grantee: text, privilege: text });
const functionSchema = z.object({ name: text, owner: text, caller: text });

type Found = Pick<StoreRights, 'tables' | 'accounts' | 'logins'>;

// A table with its partitions and children, and the views over any of them, which act with their owner’s rights.
const relationsSql = `
  WITH RECURSIVE found AS (
    SELECT c.oid, 0 AS depth FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    UNION
    SELECT next.oid, f.depth + 1 FROM found f CROSS JOIN LATERAL (
      SELECT i.inhrelid AS oid FROM pg_inherits i WHERE i.inhparent = f.oid
      UNION
      SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
       WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = f.oid AND r.ev_class <> f.oid
    ) next WHERE f.depth < 20
  )
  SELECT c.oid AS id, n.nspname || '.' || c.relname AS name, min(f.depth) AS depth, c.relkind AS kind, c.relowner AS owner,
         pg_get_userbyid(c.relowner) AS owner_name, n.nspowner AS schema_owner, c.relrowsecurity::text AS row_security
    FROM found f JOIN pg_class c ON c.oid = f.oid JOIN pg_namespace n ON n.oid = c.relnamespace
   GROUP BY c.oid, n.oid, n.nspname, c.relname, c.relkind, c.relowner, n.nspowner, c.relrowsecurity ORDER BY min(f.depth), c.oid`;

// UPDATE may be granted for single columns.
const grantsSql = `
  SELECT c.oid AS relation, a.grantee, a.privilege_type AS privilege
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
   WHERE c.oid = ANY ($1::oid[]) AND a.privilege_type IN ('DELETE', 'UPDATE', 'TRUNCATE', 'TRIGGER')
  UNION
  SELECT c.attrelid, a.grantee, a.privilege_type FROM pg_attribute c CROSS JOIN LATERAL aclexplode(c.attacl) a
   WHERE c.attrelid = ANY ($1::oid[]) AND a.privilege_type = 'UPDATE'`;

// What BEGIN ATOMIC … END holds (from 14 on) is no text.
const functionsSql = `
  SELECT n.nspname || '.' || p.proname || '()' AS name, p.proowner AS owner, a.grantee AS caller
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
   WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND a.privilege_type = 'EXECUTE'
     AND p.prorettype <> 'trigger'::regtype
     AND (p.prosrc ~* '\\m(delete|update|truncate|drop|alter|merge|execute)\\M' OR to_jsonb(p) ->> 'prosqlbody' IS NOT NULL)`;

/** Who may change rows of the declared tables of a PostgreSQL database; its catalogue is open to every account. */
export async function rightsInPostgresql(session: Session, store: ServerStore, views: Views): Promise<Found> {
  const relations: Relation[] = [];
  const tables: Omit<StoreRights['tables'][number], 'everybody'>[] = [];
  for (const table of store.tables) {
    const name = tableName(table);
    const found = await views.rows('pg_class', relationSchema, relationsSql, [table.schema ?? 'public', table.name]);
    const [itself] = found ?? [];
    tables.push({
      name,
      ...problemOf(itself?.kind),
      ...(itself ? { owner: itself.owner_name, rowSecurity: itself.row_security } : {}),
    });
    for (const { id, owner, schema_owner, depth, kind, name: own } of found ?? []) {
      const isView = kind === 'v' || kind === 'm';
      relations.push({ id, table: name, name: own, isItself: depth === '0', isView, owner, schemaOwner: schema_owner });
    }
  }
  const catalogue = await catalogueOf(relations, views);
  if (!/^PostgreSQL \d+(\.\d+)*(devel|beta\d|rc\d)?( \((Debian|Ubuntu|Homebrew)[^)]*\))? on /.test(session.version))
    views.lacks('version()', 'unclear');
  if (!catalogue) return { tables: tables.map((table) => ({ ...table, everybody: [] })), accounts: [] };
  return {
    tables: tables.map((table) => ({ ...table, everybody: everybodyMay(table.name, catalogue) })),
    accounts: accountsOf(catalogue),
    logins: catalogue.roles.filter(({ canLogin }) => canLogin).length,
  };
}

function problemOf(kind: string | undefined): Pick<StoreRights['tables'][number], 'problem'> {
  if (kind === undefined) return { problem: 'missing' };
  if (kind === 'f') return { problem: 'remote' };
  if (kind === 'v' || kind === 'm') return { problem: 'view' };
  return kind === 'r' || kind === 'p' ? {} : { problem: 'unclear' };
}

async function catalogueOf(relations: readonly Relation[], views: Views): Promise<Catalogue | undefined> {
  const [server] =
    (await views.rows(
      'pg_database',
      serverSchema,
      `SELECT current_setting('server_version_num') AS version, datdba AS owner FROM pg_database WHERE datname = current_database()`,
    )) ?? [];
  const roles = await views.rows(
    'pg_roles',
    roleSchema,
    'SELECT oid AS id, rolname AS name, rolcanlogin::text AS login, rolsuper::text AS superuser, rolcreaterole::text AS creates FROM pg_roles ORDER BY rolname',
  );
  const memberships = await views.rows(
    'pg_auth_members',
    memberSchema,
    'SELECT roleid AS role, member FROM pg_auth_members',
  );
  const ids = `{${relations.map(({ id }) => id).join(',')}}`;
  const grants = await views.rows('pg_class.relacl', grantSchema, grantsSql, [ids]);
  const functions = await views.rows('pg_proc', functionSchema, functionsSql);
  if (!server || !roles || !memberships || !grants || !functions) return undefined;
  return {
    version: Number(server.version),
    databaseOwner: server.owner,
    roles: roles.map(({ id, name, login, superuser, creates }) => ({
      id,
      name,
      canLogin: login,
      isSuperuser: superuser,
      canCreateRoles: creates,
    })),
    memberships,
    relations,
    grants,
    functions: [...Map.groupBy(functions, ({ name, owner }) => `${owner} ${name}`).values()].flatMap((same) => {
      const [first] = same;
      return first ? [{ name: first.name, owner: first.owner, callers: same.map(({ caller }) => caller) }] : [];
    }),
  };
}
