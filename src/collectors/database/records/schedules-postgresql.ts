import { z } from 'zod';
import type { Session } from '../../transports/database.ts';
import { quotedForPostgresql } from './catalogue-postgresql.ts';
import { isCut, longestProgram, mostPrograms, type Program, type Programs, placeOf, unlessDenied } from './programs.ts';
import { intervalOf } from './purge-age.ts';

const placeSchema = z.object({ schema: z.string() });
const settingSchema = z.object({ libraries: z.string().nullable(), here: z.string().nullable() });
const databaseSchema = z.object({ name: z.string().nullable() });
const jobSchema = z.object({ name: z.string(), text: z.string(), active: z.string() });
const by = z.string().nullable();
const policySchema = z.object({
  schema: z.string(),
  name: z.string(),
  age: z.string().nullable(),
  active: z.string(),
  by,
});
const partmanSchema = z.object({
  parent: z.string(),
  retention: z.string().nullable(),
  keeps: z.string().nullable(),
  by,
});

/** What anybody may have made runs nothing of theirs: a table without its children, or a view of an extension. */
export const isSafe = `(c.relkind = 'r' OR EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))`;
/** Where a table or view of a name ($1) is, in one schema ($2) or any. */
export const isHere = `
  SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ($2::text IS NULL OR n.nspname = $2)`;

/** The schemas that have a table or view of that name; one that is not to be touched is named as unread. */
async function placesOf(session: Session, unread: string[], name: string, schema: string | null): Promise<string[]> {
  const odd = await session.query(placeSchema, `${isHere} AND NOT ${isSafe}`, [name, schema]);
  unread.push(...odd.map((each) => `${each.schema}.${name}`));
  const found = await session.query(placeSchema, `${isHere} AND ${isSafe}`, [name, schema]);
  return found.map((each) => each.schema);
}

/** What pg_cron runs. It keeps its jobs in one database of the server (cron.database_name), which need not be this one. */
export async function cronJobs(session: Session, unread: string[]): Promise<Program[]> {
  const [own] = await placesOf(session, unread, 'job', 'cron');
  const programs = own === undefined ? [] : await jobsOf(session, unread);
  // Where that is not shown, a table of jobs here is taken for the one.
  const lost = own === undefined ? unread : [];
  const settings = await unlessDenied('shared_preload_libraries', lost, () =>
    session.query(
      settingSchema,
      `SELECT current_setting('shared_preload_libraries', true) AS libraries, current_database() AS here`,
    ),
  );
  if (!/\bpg_cron\b/.test(settings[0]?.libraries ?? '')) return programs;
  const [elsewhere] = await unlessDenied('cron.database_name', lost, () =>
    session.query(databaseSchema, `SELECT current_setting('cron.database_name', true) AS name`),
  );
  const name = elsewhere?.name ?? (own === undefined ? 'postgres' : settings[0]?.here);
  if (name !== settings[0]?.here) unread.push(`cron.job (${name})`);
  return programs;
}

async function jobsOf(session: Session, unread: string[]): Promise<Program[]> {
  const rows = await unlessDenied('cron.job', unread, () =>
    session.query(
      jobSchema,
      `SELECT 'pg_cron ' || jobid || ' (' || schedule || ')' AS name, left(command, ${longestProgram}) AS text, active
         FROM ONLY cron.job WHERE database = current_database() ORDER BY jobid LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (isCut(rows)) unread.push('cron.job');
  return rows.map(({ name, text, active }) => ({ kind: 'job', name, text, isOff: active === 'f' }));
}

/** What pgAgent runs. */
export async function agentJobs(session: Session, unread: string[]): Promise<Program[]> {
  const [own] = await placesOf(session, unread, 'pga_jobstep', 'pgagent');
  if (own === undefined) return [];
  const rows = await unlessDenied('pgagent.pga_jobstep', unread, () =>
    session.query(
      jobSchema,
      `SELECT 'pgAgent ' || j.jobname || '/' || s.jstname AS name, left(s.jstcode, ${longestProgram}) AS text, (j.jobenabled AND s.jstenabled) AS active
         FROM ONLY pgagent.pga_jobstep s JOIN ONLY pgagent.pga_job j ON j.jobid = s.jstjobid ORDER BY s.jstid LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (isCut(rows)) unread.push('pgagent.pga_jobstep');
  return rows.map(({ name, text, active }) => ({ kind: 'job', name, text, isOff: active === 'f' }));
}

/** The sets whose partitions pg_partman drops or detaches: those whose time is older than `retention`; whoever runs its maintenance. */
export async function partmanSets(session: Session, unread: string[]): Promise<Programs['direct']> {
  const sets = [];
  for (const schema of await placesOf(session, unread, 'part_config', null)) {
    const rows = await unlessDenied(`${schema}.part_config`, unread, () =>
      session.query(
        partmanSchema,
        `SELECT parent_table AS parent, retention, retention_keep_table AS keeps, control AS by
           FROM ONLY ${quotedForPostgresql(schema)}.part_config WHERE retention IS NOT NULL LIMIT ${mostPrograms + 1}`,
      ),
    );
    if (rows.length > mostPrograms) unread.push(`${schema}.part_config`);
    sets.push(...rows);
  }
  return sets.map(({ parent, retention, keeps, by: column }) => {
    const [schema = '', name = ''] = /^([^.]+)\.(.+)$/.exec(parent)?.slice(1) ?? ['public', parent];
    const age = intervalOf(retention ?? '');
    return {
      kind: 'partitions' as const,
      name: `pg_partman ${parent}`,
      definition: `retention ${retention}, retention_keep_table ${keeps}`,
      ...(age ? { keeps: age } : {}),
      table: placeOf({ schema, name }),
      by: column ?? '',
    };
  });
}

/** What TimescaleDB drops by jobs of its own (docs.timescale.com, add_retention_policy); `drop_after` is an interval, or a number for times of numbers. */
export async function chunkPolicies(session: Session, unread: string[]): Promise<Programs['direct']> {
  const [own] = await placesOf(session, unread, 'jobs', 'timescaledb_information');
  if (own === undefined) return [];
  const rows = await unlessDenied('timescaledb_information.jobs', unread, () =>
    session.query(
      policySchema,
      `SELECT hypertable_schema AS schema, hypertable_name AS name, config ->> 'drop_after' AS age, scheduled AS active,
              (SELECT d.column_name FROM timescaledb_information.dimensions d
                WHERE d.hypertable_schema = j.hypertable_schema AND d.hypertable_name = j.hypertable_name AND d.dimension_number = 1) AS by
         FROM timescaledb_information.jobs j WHERE proc_name = 'policy_retention' LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (rows.length > mostPrograms) unread.push('timescaledb_information.jobs');
  return rows
    .filter(({ active }) => active !== 'f')
    .map(({ schema, name, age, by: column }) => {
      const keeps = intervalOf(age ?? '');
      return {
        kind: 'partitions' as const,
        name: `TimescaleDB ${schema}.${name}`,
        definition: `drop_after ${age}`,
        ...(keeps ? { keeps } : {}),
        table: placeOf({ schema, name }),
        by: column ?? '',
      };
    });
}

/** Tables of pg_timetable: its chains of tasks are not read. */
export async function unreadTasks(session: Session): Promise<string[]> {
  const unread: string[] = [];
  const found = await placesOf(session, unread, 'task', 'timetable');
  return [...unread, ...found.map((schema) => `${schema}.task`)];
}
