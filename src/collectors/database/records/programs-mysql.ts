import { z } from 'zod';
import type { Session } from '../../transports/database.ts';
import { activeGrantLines, grantIn } from '../own-rights.ts';
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
import { tokensOf } from './sql-tokens.ts';

const programSchema = z.object({
  name: z.string(),
  home: z.string(),
  text: z.string().nullable(),
  own: z.string().optional(),
});
const eventSchema = z.object({ name: z.string(), home: z.string(), text: z.string().nullable(), status: z.string() });
const viewSchema = z.object({ schema: z.string(), name: z.string(), text: z.string().nullable() });
// What the maker, or the cloud that runs it, keeps there.
const notOfServer = `definer NOT IN ('mysql.sys@localhost', 'mariadb.sys@localhost', 'rdsadmin@localhost')`;

const settingSchema = z.object({ value: z.string().nullable() });

/**
 * What a MySQL or MariaDB server keeps that may delete: events, routines, triggers. The server leaves out of its views what the account has no right to
 * see; what such a right is lacking for is named.
 */
export async function mysqlPrograms(session: Session): Promise<Programs> {
  // Their schedules are views of their own; neither was at hand.
  const [kin] = session.version.match(/oceanbase|polardb-x|tdsql|goldendb|gbase/i) ?? [];
  const unread: string[] = kin === undefined ? [] : [`DBA_SCHEDULER_JOBS (${kin})`];
  const grants = await activeGrantLines(session);
  // MySQL’s partial revokes take a database out of what was granted for all.
  const mayDo = new Set(grants.some((line) => line.startsWith('REVOKE ')) ? [] : grants.flatMap(globalRights));
  const programs = [
    ...(await events(session, unread, mayDo)),
    ...(await routines(session, unread, mayDo)),
    ...(await triggers(session, unread, mayDo)),
  ];
  return { programs, unread, direct: [], views: await views(session, unread) };
}

// Without SHOW VIEW the text is empty, or not given. What asks for more than the text opens the tables.
async function views(session: Session, unread: string[]): Promise<View[]> {
  const rows = await unlessDenied('information_schema.VIEWS', unread, () =>
    session.query(
      viewSchema,
      `SELECT table_schema AS \`schema\`, table_name AS name, left(view_definition, ${longestProgram}) AS text
         FROM information_schema.views WHERE table_schema NOT IN ('sys', 'mysql', 'information_schema', 'performance_schema') LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (isCut(rows)) unread.push('information_schema.VIEWS');
  return rows.map(({ schema, name, text }) => ({ schema, name, of: text ? tablesIn(text, schema) : undefined }));
}

// The server writes each with its database: `trade`.`invoices`.
function tablesIn(text: string, home: string): string[] {
  const tokens = tokensOf(text, 'mysql').filter(({ kind, text: sign }) => kind !== 'sign' || sign === '.');
  return tokens.flatMap(({ kind, text: name }, index) => {
    if (kind === 'sign' || kind === 'string') return [];
    const [dot, second] = tokens.slice(index + 1, index + 3);
    const alone = placeOf({ schema: home, name });
    return dot?.text === '.' && second ? [alone, placeOf({ schema: name, name: second.text })] : [alone];
  });
}

// MariaDB and MySQL 5.7 keep events and routines in tables that may be granted for reading alone.
async function events(session: Session, unread: string[], mayDo: ReadonlySet<string>): Promise<Program[]> {
  const name = `concat(event_schema, '.', event_name) AS name, event_schema AS home`;
  const ask = (from: string): Promise<z.output<typeof eventSchema>[]> => session.query(eventSchema, from);
  const rows = mayDo.has('EVENT')
    ? await unlessDenied('information_schema.EVENTS', unread, () =>
        ask(
          `SELECT ${name}, left(event_definition, ${longestProgram}) AS text, status FROM information_schema.events LIMIT ${mostPrograms + 1}`,
        ),
      )
    : await unlessDenied('information_schema.EVENTS', unread, () =>
        ask(
          `SELECT concat(db, '.', name) AS name, db AS home, left(body_utf8, ${longestProgram}) AS text, status FROM mysql.event LIMIT ${mostPrograms + 1}`,
        ),
      );
  if (isCut(rows)) unread.push('information_schema.EVENTS');
  const [scheduler] = await session.query(settingSchema, 'SELECT @@event_scheduler AS value');
  // Switched off for the server it is not for good: anybody may start it.
  const state = scheduler?.value === 'ON' || scheduler?.value === '1' ? '' : `, event_scheduler=${scheduler?.value}`;
  return rows.map(({ name: of, home, text, status }) => ({
    kind: 'event',
    home,
    name: `${of}${state}`,
    text: text ?? '',
    isOff: status === 'DISABLED',
  }));
}

async function routines(session: Session, unread: string[], mayDo: ReadonlySet<string>): Promise<Program[]> {
  const isShown = ['SHOW_ROUTINE', 'SHOW CREATE ROUTINE', 'SELECT', 'ALL PRIVILEGES'].some((right) => mayDo.has(right));
  const rows = await unlessDenied('information_schema.ROUTINES', unread, async () => {
    // Who may read mysql.proc is shown all; it is gone from MySQL 8 on.
    if (!isShown) await session.query(z.object({}), 'SELECT 1 AS one FROM mysql.proc LIMIT 1');
    return session.query(
      programSchema,
      `SELECT concat(routine_schema, '.', routine_name) AS name, routine_schema AS home, routine_name AS own, left(routine_definition, ${longestProgram}) AS text
         FROM information_schema.routines WHERE ${notOfServer}
          AND (routine_definition IS NULL OR routine_definition REGEXP '${telling}') LIMIT ${mostPrograms + 1}`,
    );
  });
  const hidden = rows.filter(({ text }) => text === null).map(({ name }) => name);
  if (isCut(rows) || hidden.length > 0) unread.push(['information_schema.ROUTINES', ...hidden.slice(0, 5)].join(' '));
  return rows.map(({ name, home, text, own = '' }) => ({
    kind: 'routine',
    name,
    home,
    text: text ?? '',
    routine: own,
  }));
}

// No right but TRIGGER shows triggers; with less than all of them, one elsewhere could delete here.
async function triggers(session: Session, unread: string[], mayDo: ReadonlySet<string>): Promise<Program[]> {
  const rows = await unlessDenied('information_schema.TRIGGERS', unread, () =>
    session.query(
      programSchema,
      `SELECT concat(trigger_schema, '.', trigger_name, ' ON ', event_object_table) AS name, trigger_schema AS home, left(action_statement, ${longestProgram}) AS text
         FROM information_schema.triggers WHERE ${notOfServer} LIMIT ${mostPrograms + 1}`,
    ),
  );
  if (isCut(rows) || !mayDo.has('TRIGGER')) unread.push('information_schema.TRIGGERS');
  return rows.map(({ name, home, text }) => ({ kind: 'trigger', name, home, text: text ?? '' }));
}

function globalRights(line: string): string[] {
  const { privileges = '', place } = grantIn(line) ?? {};
  const names = place === '*.*' ? privileges.split(',').map((right) => right.trim()) : [];
  return names.some((name) => name === 'ALL PRIVILEGES') ? [...names, 'EVENT', 'TRIGGER'] : names;
}
