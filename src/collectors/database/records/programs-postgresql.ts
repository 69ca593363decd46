import { z } from 'zod';
import type { Session } from '../../transports/database.ts';
import { quotedForPostgresql } from './catalogue-postgresql.ts';
import {
  isCut,
  longestProgram,
  mostPrograms,
  type Program,
  type Programs,
  placeOf,
  telling,
  unlessDenied,
} from './programs.ts';
import { intervalOf } from './purge-age.ts';

const programSchema = z.object({ name: z.string(), text: z.string(), own: z.string().optional() });
const keySchema = z.object({ name: z.string(), schema: z.string(), table: z.string(), action: z.string() });
const placeSchema = z.object({ schema: z.string() });
const settingSchema = z.object({ libraries: z.string().nullable(), here: z.string().nullable() });
const databaseSchema = z.object({ name: z.string().nullable() });
const jobSchema = z.object({ name: z.string(), text: z.string(), active: z.string() });
const policySchema = z.object({ schema: z.string(), name: z.string(), age: z.string().nullable(), active: z.string() });
const partmanSchema = z.object({ parent: z.string(), retention: z.string().nullable(), keeps: z.string().nullable() });

// Functions of extensions do what their extension documents; those of pg_partman and pg_cron are known by their settings. C cannot be read.
const routines = `
  SELECT n.nspname || '.' || p.proname AS name, p.proname AS own,
         left(coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid)), ${longestProgram}) AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p') AND l.lanname NOT IN ('c', 'internal')
     AND (p.prosrc = '' OR p.prosrc ~* '${telling}')
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
   ORDER BY p.oid LIMIT ${mostPrograms + 1}`;

const triggers = `
  SELECT t.tgname || ' ON ' || n.nspname || '.' || c.relname AS name, pg_get_triggerdef(t.oid) AS text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' ORDER BY t.oid LIMIT ${mostPrograms + 1}`;

const rules = `
  SELECT r.rulename || ' ON ' || n.nspname || '.' || c.relname AS name, left(pg_get_ruledef(r.oid), ${longestProgram}) AS text
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY r.oid LIMIT ${mostPrograms + 1}`;

const keys = `
  SELECT k.conname || ' → ' || f.relname AS name, n.nspname AS schema, c.relname AS table, k.confdeltype AS action
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class f ON f.oid = k.confrelid
   WHERE k.contype = 'f' AND k.confdeltype = 'c' ORDER BY k.oid LIMIT ${mostPrograms + 1}`;

/** What a PostgreSQL database keeps that may delete: routines, triggers, rules, cascades, jobs of pg_cron and pgAgent, pg_partman's settings. */
export async function postgresqlPrograms(session: Session): Promise<Programs> {
  const unread: string[] = [];
  const ask = async (name: string, sql: string, kind: Program['kind']): Promise<Program[]> => {
    const rows = await unlessDenied(name, unread, () => session.query(programSchema, sql));
    if (isCut(rows)) unread.push(name);
    return rows.map(({ name: of, text, own }) => ({
      kind,
      name: of,
      text,
      ...(own === undefined ? {} : { routine: own }),
    }));
  };
  const programs = [
    ...(await ask('pg_proc', routines, 'routine')),
    ...(await ask('pg_trigger', triggers, 'trigger')),
    ...(await ask('pg_rewrite', rules, 'rule')),
    ...(await cronJobs(session, unread)),
    ...(await agentJobs(session, unread)),
  ];
  const cascades = await unlessDenied('pg_constraint', unread, () => session.query(keySchema, keys));
  if (cascades.length > mostPrograms) unread.push('pg_constraint');
  const direct = cascades.map(({ name, schema, table }) => ({
    kind: 'foreign-key' as const,
    name,
    definition: 'ON DELETE CASCADE',
    table: placeOf({ schema, name: table }),
  }));
  const sets = [...(await partmanSets(session, unread)), ...(await chunkPolicies(session, unread))];
  return { programs, unread, direct: [...direct, ...sets] };
}

const isHere = `
  SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v') AND ($2::text IS NULL OR n.nspname = $2)`;

// pg_cron keeps its jobs in one database of the server (cron.database_name), which need not be this one.
async function cronJobs(session: Session, unread: string[]): Promise<Program[]> {
  const [own] = await session.query(placeSchema, isHere, ['job', 'cron']);
  if (own) {
    const rows = await unlessDenied('cron.job', unread, () =>
      session.query(
        jobSchema,
        `SELECT 'pg_cron ' || jobid || ' (' || schedule || ')' AS name, left(command, ${longestProgram}) AS text, active
           FROM cron.job WHERE database = current_database() ORDER BY jobid LIMIT ${mostPrograms + 1}`,
      ),
    );
    if (isCut(rows)) unread.push('cron.job');
    return rows.map(({ name, text, active }) => ({ kind: 'job', name, text, isOff: active === 'f' }));
  }
  const settings = await unlessDenied('shared_preload_libraries', unread, () =>
    session.query(
      settingSchema,
      `SELECT current_setting('shared_preload_libraries', true) AS libraries, current_database() AS here`,
    ),
  );
  if (!/\bpg_cron\b/.test(settings[0]?.libraries ?? '')) return [];
  const [elsewhere] = await unlessDenied('cron.database_name', unread, () =>
    session.query(databaseSchema, `SELECT current_setting('cron.database_name', true) AS name`),
  );
  const name = elsewhere?.name ?? 'postgres';
  if (name !== settings[0]?.here) unread.push(`cron.job (${name})`);
  return [];
}

async function agentJobs(session: Session, unread: string[]): Promise<Program[]> {
  const [own] = await session.query(placeSchema, isHere, ['pga_jobstep', 'pgagent']);
  if (!own) return [];
  const rows = await unlessDenied('pgagent.pga_jobstep', unread, () =>
    session.query(
      jobSchema,
      `SELECT 'pgAgent ' || j.jobname || '/' || s.jstname AS name, left(s.jstcode, ${longestProgram}) AS text, (j.jobenabled AND s.jstenabled) AS active
         FROM pgagent.pga_jobstep s JOIN pgagent.pga_job j ON j.jobid = s.jstjobid ORDER BY s.jstid LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (isCut(rows)) unread.push('pgagent.pga_jobstep');
  return rows.map(({ name, text, active }) => ({ kind: 'job', name, text, isOff: active === 'f' }));
}

// pg_partman drops or detaches partitions whose time is older than `retention`; whoever runs its maintenance.
async function partmanSets(session: Session, unread: string[]): Promise<Programs['direct']> {
  const found = await session.query(placeSchema, isHere, ['part_config', null]);
  const sets = [];
  for (const { schema } of found) {
    const rows = await unlessDenied(`${schema}.part_config`, unread, () =>
      session.query(
        partmanSchema,
        `SELECT parent_table AS parent, retention, retention_keep_table AS keeps FROM ${quotedForPostgresql(schema)}.part_config WHERE retention IS NOT NULL LIMIT ${mostPrograms}`,
      ),
    );
    sets.push(...rows);
  }
  return sets.map(({ parent, retention, keeps }) => {
    const [schema = '', name = ''] = /^([^.]+)\.(.+)$/.exec(parent)?.slice(1) ?? ['public', parent];
    const age = intervalOf(retention ?? '');
    return {
      kind: 'partitions' as const,
      name: `pg_partman ${parent}`,
      definition: `retention ${retention}, retention_keep_table ${keeps}`,
      ...(age ? { keeps: age } : {}),
      table: placeOf({ schema, name }),
    };
  });
}

// TimescaleDB drops chunks by a job of its own (docs.timescale.com, add_retention_policy); `drop_after` is an interval, or a number for times of numbers.
async function chunkPolicies(session: Session, unread: string[]): Promise<Programs['direct']> {
  const [own] = await session.query(placeSchema, isHere, ['jobs', 'timescaledb_information']);
  if (!own) return [];
  const rows = await unlessDenied('timescaledb_information.jobs', unread, () =>
    session.query(
      policySchema,
      `SELECT hypertable_schema AS schema, hypertable_name AS name, config ->> 'drop_after' AS age, scheduled AS active
         FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention' LIMIT ${mostPrograms}`,
    ),
  );
  return rows
    .filter(({ active }) => active !== 'f')
    .map(({ schema, name, age }) => {
      const keeps = intervalOf(age ?? '');
      return {
        kind: 'partitions' as const,
        name: `TimescaleDB ${schema}.${name}`,
        definition: `drop_after ${age}`,
        ...(keeps ? { keeps } : {}),
        table: placeOf({ schema, name }),
      };
    });
}
