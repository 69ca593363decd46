import { createHash } from 'node:crypto';
import type { CarriedStore } from '../../../platform-stores.ts';

// Stands for the script’s mark until its digest is known; no name holds it.
const mark = '\u0001';

/** Years that date a record; what lies outside is a default or a slip. */
export const datedFrom = '1980-01-01';
export const datedUntil = '2100-01-01';

/** A script for a database's own client, and by what its output is known. */
export type StoreScript = { readonly body: string; readonly digest: string };

/** What a statement of the script prints, by the first word of its lines. */
export type Section = 'begin' | 'object' | 'rows' | 'month' | 'cascade' | 'code' | 'job' | 'end';

/**
 * The statements that ask a store how far back its records go and what deletes them, for a person to run where no connection is allowed. All of it
 * reads: it begins a read-only transaction, and prints counts, months and names. Each line it prints bears the digest, so that it is known in
 * whatever else the client prints.
 */
export function storeScript(store: CarriedStore): StoreScript {
  const marked = store.tables.flatMap((table, index) => tableStatements(store, table, index));
  const text = (run: string): string =>
    [
      ...settings,
      nameLine(store),
      'SET TRANSACTION READ ONLY;',
      ...[
        begin,
        ...marked,
        ...jobStatements[store.engine],
        { section: 'end', at: '', sql: `SELECT '${mark}end|' FROM dual` },
      ].flatMap(({ section, at, sql }) => [
        `SELECT '${run}|at|${section}|${at}' FROM dual;`,
        `${sql.replaceAll(mark, `${run}|`)};`,
      ]),
      'EXIT',
    ].join('\n');
  const digest = createHash('sha256').update(text('LEQI1')).digest('hex');
  return { body: text(`LEQI1|${digest.slice(0, 16)}`), digest };
}

/** A comment by which the scripts of two stores differ that hold the same tables: their outputs are not taken for one another. */
export function nameLine({ name }: { readonly name: string }): string {
  return `-- ${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

type Statement = { readonly section: Section; readonly at: string; readonly sql: string };

// sqlplus and disql; what one of them does not know it says, which is no line of ours.
const settings = [
  ...['SET ECHO OFF', 'SET HEADING OFF', 'SET FEEDBACK OFF', 'SET PAGESIZE 0', 'SET LINESIZE 2000', 'SET TIMING OFF'],
  // Else sqlplus asks about each & in a name.
  'SET DEFINE OFF',
  ...['SET LINESHOW OFF', 'SET TRIMSPOOL ON', 'SET SERVEROUTPUT OFF'],
];

const begin: Statement = {
  section: 'begin',
  at: '',
  sql: `SELECT '${mark}begin|' || TO_CHAR(SYSDATE, 'YYYY-MM-DD HH24:MI:SS') || '|' || REPLACE(banner, '|', '/') FROM v$version WHERE ROWNUM = 1`,
};

function tableStatements(
  store: CarriedStore,
  { name, schema = store.schema, time }: CarriedStore['tables'][number],
  index: number,
): Statement[] {
  const table = `${quoted(schema)}.${quoted(name)}`;
  const column = quoted(time);
  const isDated = `${column} >= DATE '${datedFrom}' AND ${column} < DATE '${datedUntil}'`;
  const dated = `CASE WHEN ${isDated} THEN ${column} END`;
  const month = `TO_CHAR(${column}, 'YYYY-MM')`;
  const at = `${index}`;
  const [owner, bare] = [literal(schema), literal(name)];
  const mention = literal(`%${name.toUpperCase()}%`);
  return [
    {
      // Of a view anything can be counted.
      section: 'object',
      at,
      sql: `SELECT '${mark}object|${at}|' || object_type FROM dba_objects WHERE owner = ${owner} AND object_name = ${bare} AND object_type NOT LIKE '% %PARTITION';
SELECT '${mark}done|${at}|object|' || COUNT(*) FROM dba_objects WHERE owner = ${owner}`,
    },
    {
      section: 'rows',
      at,
      sql: `SELECT '${mark}rows|${at}|' || COUNT(*) || '|' || COUNT(${dated}) || '|' || TO_CHAR(MIN(${dated}), 'YYYY-MM-DD') || '|' || TO_CHAR(MAX(${dated}), 'YYYY-MM-DD') FROM ${table}`,
    },
    {
      section: 'month',
      at,
      sql: `SELECT '${mark}month|${at}|' || ${month} || '|' || COUNT(*) FROM ${table} WHERE ${isDated} GROUP BY ${month}`,
    },
    {
      section: 'cascade',
      at,
      sql: `SELECT '${mark}cascade|${at}|' || REPLACE(constraint_name, '|', '/') FROM dba_constraints WHERE owner = ${owner} AND table_name = ${bare} AND delete_rule = 'CASCADE';
SELECT '${mark}done|${at}|cascade|' || COUNT(*) FROM dba_constraints WHERE owner = ${owner} AND table_name = ${bare}`,
    },
    {
      section: 'code',
      at,
      sql: `SELECT '${mark}code|${at}|' || type || '|' || REPLACE(owner || '.' || name, '|', '/') FROM dba_source WHERE owner NOT IN ('SYS', 'SYSTEM') AND ((${deletes('text')}) AND (name IN (SELECT name FROM dba_source WHERE UPPER(text) LIKE ${mention}) OR owner = ${owner} AND name IN (SELECT name FROM dba_source WHERE owner = ${owner} AND (${assembles}))) OR owner = ${owner} AND ${isSealed}) GROUP BY type, owner, name;
SELECT '${mark}done|${at}|code|' || COUNT(*) FROM dba_source WHERE owner = ${owner}`,
    },
  ];
}

const unseenJobs = `SELECT '${mark}job|3|' || REPLACE(owner || '.' || job_name, '|', '/') FROM dba_scheduler_jobs WHERE enabled = 'TRUE' AND job_type IN ('EXECUTABLE', 'EXTERNAL_SCRIPT');
SELECT '${mark}done|3|job|' || COUNT(*) FROM dba_scheduler_jobs`;

const jobStatements: Readonly<Record<CarriedStore['engine'], readonly Statement[]>> = {
  // Jobs of the scheduler, and those of DBMS_JOB.
  oracle: [
    jobs('0', 'dba_scheduler_jobs', "owner || '.' || job_name", 'job_action', "enabled = 'TRUE'"),
    jobs('1', 'dba_jobs', 'job', 'what', "broken = 'N'"),
    jobs('2', 'dba_scheduler_programs', "owner || '.' || program_name", 'program_action', "enabled = 'TRUE'"),
    // What a program of the operating system does cannot be seen.
    { section: 'job', at: '3', sql: unseenJobs },
  ],
  dameng: [
    jobs('0', 'SYSJOB.SYSJOBSTEPS', 'name', 'command', '1 = 1'),
    jobs('1', 'dba_jobs', 'job', 'what', "broken = 'N'"),
  ],
};

function jobs(at: string, view: string, name: string, action: string, isOn: string): Statement {
  return {
    section: 'job',
    at,
    sql: `SELECT '${mark}job|${at}|' || REPLACE(${name}, '|', '/') FROM ${view} WHERE ${isOn} AND (${deletes(action)});
SELECT '${mark}done|${at}|job|' || COUNT(*) FROM ${view}`,
  };
}

// Statements that are put together when they run: of which table shows only then.
const assembles = `UPPER(text) LIKE '%EXECUTE IMMEDIATE%' OR UPPER(text) LIKE '%DBMS_SQL%'`;

// By the wrap utility: nobody can read it.
const isSealed = `UPPER(text) LIKE '% WRAPPED%A000000%'`;

function deletes(text: string): string {
  return ['%DELETE%', '%TRUNCATE%', '%DROP%PARTITION%', '%DROP%TABLE%', '%EXCHANGE%PARTITION%']
    .map((pattern) => `UPPER(${text}) LIKE '${pattern}'`)
    .join(' OR ');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
