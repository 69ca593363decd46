import { z } from 'zod';
import type { StoreRights } from '../../../evidence/database/store-rights.ts';
import { type AskedStore, tableName } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { Views } from '../views.ts';
import type { Effects } from './cascades.ts';
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
  by_key: flag,
  deletes: flag,
  empties: flag,
  updates: flag,
});
const grantSchema = z.object({ relation: text, grantee: text, privilege: text });
const functionSchema = z.object({ name: text, owner: text, caller: text });

type Found = Pick<StoreRights, 'tables' | 'accounts' | 'logins'>;

// Tables with their partitions and children, the views over any of them that can be written to and act with their owner’s rights, if he has any, and
// the tables that their rows follow by foreign keys, with what their deletion (d, or u for an emptied column) and update come to.
const reach = (isFirst: string): string => `
  WITH RECURSIVE found (oid, depth, deletion, renewal, by_key) AS (
    SELECT c.oid, 0, 'd', 'u', false FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${isFirst}
    UNION
    SELECT next.oid, f.depth + 1, next.deletion, next.renewal, next.by_key FROM found f CROSS JOIN LATERAL (
      SELECT i.inhrelid AS oid, f.deletion, f.renewal, f.by_key FROM pg_inherits i WHERE i.inhparent = f.oid
      UNION
      SELECT r.ev_class, f.deletion, f.renewal, f.by_key
        FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
       WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = f.oid AND r.ev_class <> f.oid
         AND (v.relkind NOT IN ('v', 'm') OR pg_relation_is_updatable(v.oid, true) & 20 <> 0
           AND NOT EXISTS (SELECT FROM unnest(v.reloptions) o WHERE o ~* '^security_invoker=(true|on|yes|1)$'))
         AND (has_table_privilege(v.relowner, f.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(v.relowner, f.oid, 'UPDATE'))
      UNION
      SELECT k.confrelid, CASE k.confdeltype WHEN 'c' THEN f.deletion WHEN 'n' THEN f.renewal WHEN 'd' THEN f.renewal ELSE '' END,
             CASE WHEN k.confupdtype IN ('c', 'n', 'd') THEN f.renewal ELSE '' END, true
        FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = f.oid
    ) next WHERE f.depth < 20 AND next.deletion || next.renewal <> ''
  )`;

const relationsSql = `${reach('n.nspname = $1 AND c.relname = $2')}
  SELECT c.oid AS id, n.nspname || '.' || c.relname AS name, min(f.depth) AS depth, c.relkind AS kind, c.relowner AS owner,
         pg_get_userbyid(c.relowner) AS owner_name, n.nspowner AS schema_owner, c.relrowsecurity::text AS row_security,
         bool_and(f.by_key)::text AS by_key, bool_or(f.deletion = 'd')::text AS deletes, bool_or(f.deletion = 'u')::text AS empties,
         bool_or(f.renewal = 'u')::text AS updates
    FROM found f JOIN pg_class c ON c.oid = f.oid JOIN pg_namespace n ON n.oid = c.relnamespace
   GROUP BY c.oid, n.oid, n.nspname, c.relname, c.relkind, c.relowner, n.nspowner, c.relrowsecurity ORDER BY min(f.depth), c.oid`;

// Of the declared tables, as a list of [schema, table]. UPDATE may be granted for single columns; USAGE is that of the schema.
const grantsSql = `${reach('(n.nspname, c.relname) IN (SELECT t ->> 0, t ->> 1 FROM json_array_elements($1::json) t)')}
  SELECT c.oid AS relation, a.grantee, a.privilege_type AS privilege
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
   WHERE c.oid IN (SELECT oid FROM found) AND a.privilege_type IN ('DELETE', 'UPDATE', 'TRUNCATE', 'TRIGGER')
  UNION
  SELECT c.attrelid, a.grantee, a.privilege_type FROM pg_attribute c CROSS JOIN LATERAL aclexplode(c.attacl) a
   WHERE c.attrelid IN (SELECT oid FROM found) AND a.privilege_type = 'UPDATE'
  UNION
  SELECT c.oid, a.grantee, a.privilege_type FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   WHERE c.oid IN (SELECT oid FROM found) AND a.privilege_type = 'USAGE'`;

// What changes rows, by its words or by those of another one that it names. What BEGIN ATOMIC … END holds (from 14 on) is no text, nor is a program in
// C. From what runs with its owner’s rights on, for of all functions there may be thousands; what is not seen through after five may do anything.
const functionsSql = `
  WITH RECURSIVE bodies AS (
    SELECT p.oid, p.proname, n.nspname, p.proowner, p.proacl, p.prosecdef AND p.prorettype <> 'trigger'::regtype AS called, p.prosrc,
           '\\m' || regexp_replace(p.proname, '(\\W)', '\\\\\\1', 'g') || '\\M' AS named,
           p.prosrc ~* '\\m(delete|update|truncate|drop|alter|merge|execute)\\M' OR to_jsonb(p) ->> 'prosqlbody' IS NOT NULL
           OR l.lanname NOT IN ('sql', 'plpgsql') AND NOT EXISTS (SELECT FROM pg_depend d
             WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') AS changes
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  ), reached (root, oid, text, depth, changes) AS (
    SELECT oid, oid, lower(prosrc), 0, changes FROM bodies WHERE called
    UNION
    SELECT r.root, b.oid, lower(b.prosrc), r.depth + 1, b.changes OR r.depth = 4 FROM reached r JOIN bodies b
      ON NOT r.changes AND b.oid <> r.oid AND position(lower(b.proname) IN r.text) > 0 AND r.text ~* b.named
  )
  SELECT b.nspname || '.' || b.proname || '()' AS name, b.proowner AS owner, a.grantee AS caller
    FROM bodies b CROSS JOIN LATERAL aclexplode(coalesce(b.proacl, acldefault('f', b.proowner))) a
   WHERE a.privilege_type = 'EXECUTE' AND EXISTS (SELECT FROM reached r WHERE r.root = b.oid AND r.changes)`;

/** Who may change rows of the declared tables of a PostgreSQL database; its catalogue is open to every account. */
export async function rightsInPostgresql(session: Session, store: AskedStore, views: Views): Promise<Found> {
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
    relations.push(...(found ?? []).map((each) => relationOf(name, each)));
  }
  const catalogue = await catalogueOf(store, relations, views);
  if (!/^PostgreSQL \d+(\.\d+)*(devel|beta\d|rc\d)?( \((Debian|Ubuntu|Homebrew)[^)]*\))? on /.test(session.version))
    views.lacks('version()', 'unclear');
  if (!catalogue) return { tables: tables.map((table) => ({ ...table, everybody: [] })), accounts: [] };
  return {
    tables: tables.map((table) => ({ ...table, everybody: everybodyMay(table.name, catalogue) })),
    accounts: accountsOf(catalogue),
    logins: catalogue.roles.filter(({ canLogin }) => canLogin).length,
  };
}

function relationOf(table: string, found: z.output<typeof relationSchema>): Relation {
  const { id, name, depth, kind, owner, schema_owner: schemaOwner, by_key: byKey, deletes, empties, updates } = found;
  const effects: Effects = {
    delete: [...(deletes ? ['delete' as const] : []), ...(empties ? ['update' as const] : [])],
    update: updates ? ['update'] : [],
  };
  const isView = kind === 'v' || kind === 'm';
  return { id, table, name, isItself: depth === '0', isView, owner, schemaOwner, ...(byKey ? { byKey: effects } : {}) };
}

function problemOf(kind: string | undefined): Pick<StoreRights['tables'][number], 'problem'> {
  if (kind === undefined) return { problem: 'missing' };
  if (kind === 'f') return { problem: 'remote' };
  if (kind === 'v' || kind === 'm') return { problem: 'view' };
  return kind === 'r' || kind === 'p' ? {} : { problem: 'unclear' };
}

async function catalogueOf(
  store: AskedStore,
  relations: readonly Relation[],
  views: Views,
): Promise<Catalogue | undefined> {
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
  const places = JSON.stringify(store.tables.map(({ schema = 'public', name }) => [schema, name]));
  const grants = await views.rows('pg_class.relacl', grantSchema, grantsSql, [places]);
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
