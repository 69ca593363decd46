import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openReadOnly, printAnswer, quoted } from './sqlite-read-only.ts';

// Run as a process of its own by sqlite.ts: reads one question from its argument, or from standard input for `-`, prints one answer, and
// writes nothing else.

const questionSchema = z.strictObject({
  path: z.string(),
  immutable: z.boolean(),
  tables: z.array(z.strictObject({ name: z.string(), time: z.string() })).default([]),
  /** One statement whose rows are the answer. */
  query: z.strictObject({ sql: z.string(), values: z.array(z.union([z.string(), z.number(), z.null()])) }).optional(),
});

const [, , argument = '-'] = process.argv;
const question = questionSchema.parse(JSON.parse(argument === '-' ? readFileSync(0, 'utf8') : argument));

printAnswer(answer);

function answer(): unknown {
  const { database, version } = openReadOnly(question);
  if (question.query) return rowsOf(database, question.query);
  return { version, tables: question.tables.map((table) => describe(database, table)), programs: programs(database) };
}

// All digits of a number as text; bytes are no text.
function rowsOf(database: DatabaseSync, { sql, values }: NonNullable<typeof question.query>): unknown {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement
    .all(...values)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value === null || value instanceof Uint8Array ? null : String(value),
        ]),
      ),
    );
}

function describe(database: DatabaseSync, { name, time }: { name: string; time: string }): unknown {
  // A view or a virtual table says what its definition makes up, and no trigger on it shows what happens to the rows.
  const [found] = database.prepare(`PRAGMA main.table_list(${quoted(name)})`).all();
  if (!found) return { name, problem: 'not-found', detail: name };
  if (found.type !== 'table') return { name, problem: 'not-a-table', detail: String(found.type) };
  // A misspelt column in double quotes is a string to SQLite, and would count as undated.
  const columns = database.prepare(`PRAGMA main.table_xinfo(${quoted(name)})`).all();
  if (!columns.some((column) => column.name === time)) return { name, problem: 'not-found', detail: `${name}.${time}` };
  const place = `main.${quoted(name)}`;
  const rows = database.prepare(`SELECT count(*) AS rows FROM ${place}`).get()?.rows;
  const quarters = database
    .prepare(`SELECT ${quarterOf(quoted(time))} AS quarter, count(*) AS rows FROM ${place} GROUP BY 1 ORDER BY 1`)
    .all();
  return { name, rows, quarters: quarters.map((row) => [row.quarter, row.rows]), cascades: cascades(database, name) };
}

// Numbers above 10^11 are milliseconds: as seconds they would lie after the year 5138. To SQLite `now` and `12:30` are times, too.
function quarterOf(column: string): string {
  const utc = (moment: string): string =>
    `strftime('%Y-%m-%dT%H:', ${moment}) || printf('%02dZ', strftime('%M', ${moment}) / 15 * 15)`;
  return `CASE
    WHEN typeof(${column}) IN ('integer', 'real') AND abs(${column}) > 100000000000 THEN ${utc(`${column} / 1000, 'unixepoch'`)}
    WHEN typeof(${column}) IN ('integer', 'real') THEN ${utc(`${column}, 'unixepoch'`)}
    WHEN datetime(${column}) IS NULL OR ${column} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*' THEN NULL
    WHEN ${column} GLOB '*[Zz]' OR ${column} GLOB '*[+-][0-9][0-9]:[0-9][0-9]' THEN ${utc(column)}
    ELSE strftime('%Y-%m-%dT%H:%M', ${column})
  END`;
}

function cascades(database: DatabaseSync, table: string): string[] {
  const keys = database.prepare(`PRAGMA main.foreign_key_list(${quoted(table)})`).all();
  return keys.filter((key) => key.on_delete === 'CASCADE').map((key) => String(key.table));
}

// Triggers and views, as they were written.
function programs(database: DatabaseSync): unknown {
  return database
    .prepare(
      `SELECT type, name, sql AS text FROM main.sqlite_schema WHERE type IN ('trigger', 'view') AND sql IS NOT NULL`,
    )
    .all();
}
