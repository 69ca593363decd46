import { z } from 'zod';
import type { Session } from '../../transports/database.ts';
import {
  isCut,
  longestProgram,
  mostPrograms,
  type Program,
  type Programs,
  placeOf,
  telling,
  unlessDenied,
  type View,
} from './programs.ts';
import { agentJobs, chunkPolicies, cronJobs, partmanSets, unreadTasks } from './schedules-postgresql.ts';

const programSchema = z.object({ name: z.string(), text: z.string(), own: z.string().optional() });
const keySchema = z.object({ name: z.string(), schema: z.string(), table: z.string(), action: z.string() });
const viewSchema = z.object({ schema: z.string(), name: z.string(), of_schema: z.string(), of_name: z.string() });
const subscriptionSchema = z.object({ name: z.string(), schema: z.string(), table: z.string() });

// Whatever schema it lies in: what the server was made with has lower numbers (FirstNormalObjectId).
const firstOfUsers = 16384;

// Functions of extensions do what their extension documents, those of pg_partman and pg_cron by their settings: of them only what names a declared table.
const routines = `
  SELECT n.nspname || '.' || p.proname AS name, p.proname AS own,
         left(coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid)), ${longestProgram}) AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE p.oid >= ${firstOfUsers} AND p.prokind IN ('f', 'p') AND l.lanname NOT IN ('c', 'internal')
     AND (p.prosrc = '' OR p.prosrc ~* '${telling}')
     AND (EXISTS (SELECT FROM unnest($1::text[]) t (name) WHERE strpos(lower(p.prosrc), lower(t.name)) > 0)
       OR NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
   ORDER BY p.oid LIMIT ${mostPrograms + 1}`;

// What C does cannot be read.
const compiled = `
  SELECT n.nspname AS schema, p.proname AS name
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE p.oid >= ${firstOfUsers} AND p.prokind IN ('f', 'p') AND l.lanname = 'c'
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
   ORDER BY p.oid LIMIT 6`;

const triggers = `
  SELECT t.tgname || ' ON ' || n.nspname || '.' || c.relname AS name, pg_get_triggerdef(t.oid) AS text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' ORDER BY t.oid LIMIT ${mostPrograms + 1}`;

const rules = `
  SELECT r.rulename || ' ON ' || n.nspname || '.' || c.relname AS name, left(pg_get_ruledef(r.oid), ${longestProgram}) AS text
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D' AND r.oid >= ${firstOfUsers} ORDER BY r.oid LIMIT ${mostPrograms + 1}`;

const keys = `
  SELECT k.conname || ' → ' || f.relname AS name, n.nspname AS schema, c.relname AS table, k.confdeltype AS action
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class f ON f.oid = k.confrelid
   WHERE k.contype = 'f' AND k.confdeltype = 'c' ORDER BY k.oid LIMIT ${mostPrograms + 1}`;

const views = `
  SELECT DISTINCT vn.nspname AS schema, v.relname AS name, tn.nspname AS of_schema, t.relname AS of_name
    FROM pg_depend d
    JOIN pg_rewrite r ON r.oid = d.objid
    JOIN pg_class v ON v.oid = r.ev_class
    JOIN pg_namespace vn ON vn.oid = v.relnamespace
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_namespace tn ON tn.oid = t.relnamespace
   WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND v.relkind = 'v' AND t.oid <> v.oid
     AND v.oid >= ${firstOfUsers}
   LIMIT ${mostPrograms + 1}`;

// Logical replication deletes here what was deleted where the rows come from.
const subscriptions = `
  SELECT s.subname AS name, n.nspname AS schema, c.relname AS table
    FROM pg_subscription_rel r
    JOIN pg_subscription s ON s.oid = r.srsubid
    JOIN pg_class c ON c.oid = r.srrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE s.subenabled LIMIT ${mostPrograms + 1}`;

/** What a PostgreSQL database keeps that may delete: routines, triggers, rules, cascades, jobs of pg_cron and pgAgent, pg_partman's settings. */
export async function postgresqlPrograms(session: Session, tables: readonly string[]): Promise<Programs> {
  const unread: string[] = kinJobs(session.version);
  const ask = async (name: string, sql: string, kind: Program['kind'], values: string[] = []): Promise<Program[]> => {
    const rows = await unlessDenied(name, unread, () => session.query(programSchema, sql, values));
    if (isCut(rows)) unread.push(name);
    return rows.map(({ name: of, text, own }) => ({
      kind,
      name: of,
      text,
      ...(own === undefined ? {} : { routine: own }),
    }));
  };
  const programs = [
    ...(await ask('pg_proc', routines, 'routine', [arrayOf(tables)])),
    ...(await ask('pg_trigger', triggers, 'trigger')),
    ...(await ask('pg_rewrite', rules, 'rule')),
    ...(await cronJobs(session, unread)),
    ...(await agentJobs(session, unread)),
  ];
  unread.push(...(await unreadTasks(session)));
  const inC = await unlessDenied('pg_proc', unread, () =>
    session.query(viewSchema.pick({ schema: true, name: true }), compiled),
  );
  if (inC.length > 0) unread.push(`pg_proc (C): ${inC.map(({ schema, name }) => `${schema}.${name}`).join(', ')}`);
  const cascades = await unlessDenied('pg_constraint', unread, () => session.query(keySchema, keys));
  if (cascades.length > mostPrograms) unread.push('pg_constraint');
  const direct = cascades.map(({ name, schema, table }) => ({
    kind: 'foreign-key' as const,
    name,
    definition: 'ON DELETE CASCADE',
    table: placeOf({ schema, name: table }),
  }));
  const sets = [...(await partmanSets(session, unread)), ...(await chunkPolicies(session, unread))];
  const applied = await subscribed(session, unread);
  return { programs, unread, direct: [...direct, ...sets, ...applied], views: await viewsHere(session, unread) };
}

// A schedule of its own that PostgreSQL has not: DBMS_JOB and its kin; none of it was at hand.
function kinJobs(version: string): string[] {
  const [kin] =
    version.match(/opengauss|gaussdb|kingbase\w*|vastbase|mogdb|highgo|enterprisedb|polardb|cockroach\w*/i) ?? [];
  if (kin === undefined && /^PostgreSQL \d/.test(version)) return [];
  return [`DBMS_JOB (${kin ?? version.slice(0, 20)})`];
}

function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((each) => `"${each.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

async function viewsHere(session: Session, unread: string[]): Promise<View[]> {
  const rows = await unlessDenied('pg_rewrite', unread, () => session.query(viewSchema, views));
  if (rows.length > mostPrograms) unread.push('pg_rewrite');
  return rows.map(({ schema, name, of_schema, of_name }) => ({
    schema,
    name,
    of: [placeOf({ schema: of_schema, name: of_name })],
  }));
}

async function subscribed(session: Session, unread: string[]): Promise<Programs['direct']> {
  const rows = await unlessDenied('pg_subscription', unread, () => session.query(subscriptionSchema, subscriptions));
  if (rows.length > mostPrograms) unread.push('pg_subscription');
  return rows.map(({ name, schema, table }) => ({
    kind: 'job' as const,
    name: `subscription ${name}`,
    definition: 'logical replication',
    table: placeOf({ schema, name: table }),
  }));
}
