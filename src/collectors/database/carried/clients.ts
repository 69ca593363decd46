import { postgresqlLimits } from '../../transports/session-limits.ts';
import { type Ask, literal } from './asks.ts';

/** Seconds that a statement of a script may take: as `limits.stores.statement` without a word of the platform file. */
const seconds = 60;

/** How statements are written for the client of an engine, and what its lines are made of. */
export type Writer = {
  /** What the script begins with. */
  readonly settings: readonly string[];
  /** The lines of one statement; `number` stands in each line that it prints. */
  ask(ask: Ask, run: string, number: number): string[];
  /** Prints the last line. */
  end(run: string, count: number): string;
};

const escapes = [
  ['%', '%25'],
  ['|', '%7C'],
  ['\n', '%0A'],
  ['\r', '%0D'],
  ['\t', '%09'],
  ['\\', '%5C'],
] as const;

/** A field as it was before it was written into a line; undefined if it was none. */
export function fieldOf(text: string): string | null | undefined {
  if (text === '%N') return null;
  if (/%(?!25|7C|0A|0D|09|5C)/.test(text)) return undefined;
  return text.replace(/%../g, (code) => escapes.find(([, escaped]) => escaped === code)?.[0] ?? code);
}

/** psql: each statement in a read-only transaction of its own, whatever the person’s own settings are. */
export const psql: Writer = {
  settings: [
    '\\set QUIET on',
    ...['ECHO none', 'ECHO_HIDDEN off', 'ON_ERROR_STOP off', 'ON_ERROR_ROLLBACK off', 'AUTOCOMMIT on'].map(set),
    ...['FETCH_COUNT 0', 'SINGLELINE off', 'SINGLESTEP off', 'VERBOSITY sqlstate'].map(set),
    ...['format unaligned', 'tuples_only on', 'expanded off', 'pager off', 'footer off', "fieldsep '|'"].map(pset),
    ...["recordsep '\\n'", "null ''", 'numericlocale off', 'title'].map(pset),
    '\\timing off',
    "SET client_encoding = 'UTF8';",
    'SET standard_conforming_strings = on;',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;',
  ],
  ask: (ask, run, number) => {
    const lines = [begun(), `${psqlRows(ask, run, number)};`, ...psqlDone(run, number)];
    return ask.onlyIf === undefined ? lines : psqlIf(ask.onlyIf, lines, run, number);
  },
  end: (run, count) => `\\qecho ${run}|end|${count}`,
};

function set(words: string): string {
  return `\\set ${words}`;
}

function pset(words: string): string {
  return `\\pset ${words}`;
}

/** What each transaction of psql begins with. */
export function begun(timeZone = 'UTC'): string {
  return `BEGIN TRANSACTION READ ONLY; ${postgresqlLimits(seconds, timeZone)};`;
}

// Not asked, it is as a table that is not there.
function psqlIf(query: string, lines: readonly string[], run: string, number: number): string[] {
  const ended = `SELECT l || '|' || md5(l) FROM (SELECT '${run}|done|${number}|0|42P01|0'::text AS l) AS x;`;
  return [
    '\\set g false',
    begun(),
    `SELECT (${query}) AS g \\gset`,
    'ROLLBACK;',
    '\\if :g',
    ...lines,
    '\\else',
    ended,
    '\\endif',
  ];
}

/** What tells how the last statement of psql ended, and ends its transaction. */
export function psqlDone(run: string, number: number): string[] {
  return [
    '\\set n :ROW_COUNT',
    '\\set s :SQLSTATE',
    'ROLLBACK;',
    `SELECT l || '|' || md5(l) FROM (SELECT '${run}|done|${number}|' || :'n' || '|' || :'s' || '|0' AS l) AS x;`,
  ];
}

/** The statement that prints the rows of another one as lines. Values are written as the server’s output functions do, as a driver gets them. */
export function psqlRows({ sql, values, columns }: Ask, run: string, number: number): string {
  const bound = sql.replace(/\$(\d+)/g, (_, index: string) => psqlValue(values[Number(index) - 1] ?? null)).trim();
  const texts = columns.map((column) => {
    const name = `q."${column}"`;
    return `CASE WHEN ${name} IS NOT NULL THEN format('%s', ${name}) END`;
  });
  const escaped = escapes.reduce((inner, [from, to]) => `replace(${inner}, ${psqlText(from)}, '${to}')`, 'v');
  const joined = `(SELECT string_agg('|' || coalesce(${escaped}, '%N'), '' ORDER BY n) FROM unnest(ARRAY[${texts.join(', ')}]::text[]) WITH ORDINALITY AS u (v, n))`;
  return `SELECT l || '|' || md5(convert_to(l, 'UTF8')) FROM (SELECT '${run}|row|${number}' || coalesce(${joined}, '') AS l FROM (${bound}) AS q) AS x`;
}

function psqlText(text: string): string {
  return /[\n\r\t\\]/.test(text) ? `chr(${text.charCodeAt(0)})` : literal(text);
}

function psqlValue(value: Ask['values'][number]): string {
  if (value === null) return 'NULL';
  return typeof value === 'object' ? value.sql : literal(String(value));
}

/** mariadb and mysql, in batch mode. Nothing but the server can tell a failure there, and only if statements that use tables come before. */
export const mysql: Writer = {
  settings: [
    'SET NAMES utf8mb4;',
    "SET SESSION sql_mode = '';",
    'SET SESSION TRANSACTION READ ONLY;',
    // Else a limit that a server has for all cuts answers short, and says nothing.
    'SET SESSION sql_select_limit = 18446744073709551615;',
    `SET SESSION max_statement_time = ${seconds};`,
    `SET SESSION max_execution_time = ${seconds * 1000};`,
  ],
  ask: (ask, run, number) => mysqlAsked(`${mysqlRows(ask, run, number)};`, run, number),
  end: (run, count) => `SELECT '${run}|end|${count}' AS l;`,
};

/** A statement of mariadb or mysql, with what tells how it ended. */
export function mysqlAsked(statement: string, run: string, number: number): string[] {
  return [
    'SELECT 1 FROM information_schema.CHARACTER_SETS LIMIT 0;',
    "SET @c = 0, @s = '00000', @e = 0;",
    `SELECT '${run}|at|${number}' AS l;`,
    statement,
    // A warning of a view may bear the code of an error.
    'SET @c = @@error_count;',
    'GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO, @s = RETURNED_SQLSTATE;',
    `SELECT CONCAT(l, '|', MD5(l)) AS l FROM (SELECT CONCAT('${run}|done|${number}|', FOUND_ROWS(), '|', IF(@c = 0, '00000', IF(@s = '00000', 'HY000', @s)), '|', IF(@c = 0, 0, @e)) AS l) AS x;`,
  ];
}

// Between fields, and for what is null, until all else is escaped.
const [unit, missing] = ['CHAR(31 USING utf8mb4)', 'CHAR(30 USING utf8mb4)'];

/** The statement that prints the rows of another one as lines; a SHOW prints its own. */
export function mysqlRows({ sql, values, columns }: Ask, run: string, number: number): string {
  const left = [...values];
  // A statement without values may have question marks of its own.
  const bound = (values.length === 0 ? sql : sql.replace(/\?/g, () => mysqlValue(left.shift() ?? null))).trim();
  if (sql.startsWith('SHOW')) return bound;
  const fields = columns.flatMap((column) => [unit, `IFNULL(CONVERT(q.\`${column}\` USING utf8mb4), ${missing})`]);
  const escaped = [
    ...escapes.map(([from, to]) => [mysqlText(from), `'${to}'`]),
    [unit, "'|'"],
    [missing, "'%N'"],
  ].reduce(
    (inner, [from, to]) => `REPLACE(${inner}, ${from}, ${to})`,
    fields.length === 0 ? "''" : `CONCAT(${fields.join(', ')})`,
  );
  return `SELECT CONCAT(l, '|', MD5(l)) AS l FROM (SELECT CONCAT('${run}|row|${number}', ${escaped}) AS l FROM (${bound}) AS q) AS x`;
}

function mysqlValue(value: Ask['values'][number]): string {
  if (value === null) return 'NULL';
  return mysqlText(typeof value === 'object' ? value.sql : String(value));
}

/** A text as MariaDB and MySQL take it, whatever a backslash means to them. */
export function mysqlText(text: string): string {
  if (!/[\\\p{Cc}]/u.test(text)) return literal(text);
  return `CONVERT(x'${Buffer.from(text).toString('hex')}' USING utf8mb4)`;
}
