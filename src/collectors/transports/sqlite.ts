import { open, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import { Unavailable } from '../collector.ts';
import type { Bound, Row } from './database.ts';

/** Seconds that reading one store may take. */
const timeout = 120;

const answerSchema = z.strictObject({
  version: z.string(),
  tables: z.array(
    z.union([
      z.strictObject({
        name: z.string(),
        rows: z.int().nonnegative(),
        /** Rows a quarter of an hour: `2026-11-22T05:45Z` in UTC, without `Z` where the column gives no zone. */
        quarters: z.array(z.tuple([z.string().nullable(), z.int()])),
        /** The tables whose rows take those of this one with them when they go. */
        cascades: z.array(z.string()),
      }),
      z.strictObject({ name: z.string(), problem: z.enum(['not-found', 'not-a-table']), detail: z.string() }),
    ]),
  ),
  programs: z.array(z.strictObject({ type: z.enum(['trigger', 'view']), name: z.string(), text: z.string() })),
});

export type SqliteAnswer = z.output<typeof answerSchema>;

/** What to ask of each table. */
export type SqliteQuestion = { readonly tables: readonly { name: string; time: string }[] };

/**
 * Counts rows by time in a SQLite file, read-only, in a child process that can be stopped (a query in this one could not).
 * Throws {@link Unavailable} if the file is not there, is no database, or changed while it was read.
 */
export async function askSqlite(
  gate: Gate,
  path: string,
  question: SqliteQuestion,
  signal: AbortSignal,
): Promise<SqliteAnswer> {
  return askChild(gate, path, { program: 'sqlite-child', question, answer: answerSchema }, signal);
}

const rowsSchema = z.array(z.record(z.string(), z.string().nullable()));

/** The rows that one statement finds in a SQLite file, all values as text; like {@link askSqlite} in all else. */
export async function querySqlite(
  gate: Gate,
  path: string,
  sql: string,
  values: readonly Bound[],
  signal: AbortSignal,
): Promise<Row[]> {
  const question = { query: { sql, values } };
  return askChild(gate, path, { program: 'sqlite-child', question, answer: rowsSchema, isLong: true }, signal);
}

/** Asks a program beside this one about a SQLite file; throws {@link Unavailable} as {@link askSqlite} does. */
export async function askChild<T extends z.ZodType>(
  gate: Gate,
  path: string,
  /** A long question is longer than an argument can be: the program reads it from standard input, for `-`. */
  { program, question, answer, isLong }: { program: string; question: object; answer: T; isLong?: true },
  signal: AbortSignal,
): Promise<z.output<T>> {
  const before = await describe(path);
  const asked = JSON.stringify({ path, immutable: before.immutable, ...question });
  const args = [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, `${program}${extname(import.meta.filename)}`),
    isLong ? '-' : asked,
  ];
  const result = await gate.run(process.execPath, args, {
    timeout,
    limit: 64 * 1024 * 1024,
    signal,
    ...(isLong ? { input: asked } : {}),
  });
  if (result.timedOut) throw new Unavailable('timed-out', `${timeout} s`);
  if (result.truncated) throw new Unavailable('too-large', 'the answer');
  if (result.status !== 0) throw new Unavailable('failed', result.stderr.trim());
  const after = await describe(path);
  if (before.immutable && (before.modified !== after.modified || before.bytes !== after.bytes)) {
    throw new Unavailable('failed', 'the file changed while it was read');
  }
  return answer.parse(JSON.parse(result.stdout.toString('utf8')));
}

/** When the database file was last changed. */
export async function sqliteChangedAt(path: string): Promise<Date> {
  return (await stat(path)).mtime;
}

// Opening a WAL database read-only would create its -shm file; with no -wal beside it nobody writes, and `immutable` creates nothing
// (sqlite.org/wal.html, "Read-Only Databases"). Bytes 18 and 19 of the header are 2 in WAL mode (sqlite.org/fileformat.html, 1.3).
async function describe(path: string): Promise<{ immutable: boolean; modified: number; bytes: number }> {
  try {
    await using file = await open(path, 'r');
    const { buffer } = await file.read(Buffer.alloc(20), 0, 20, 0);
    const { mtimeMs, size } = await file.stat();
    const wal = buffer[18] === 2 || buffer[19] === 2;
    const [writer, index] = await Promise.all([bytesOf(`${path}-wal`), bytesOf(`${path}-shm`)]);
    if (wal && writer && index === undefined)
      throw new Unavailable(
        'failed',
        'a -wal file without its -shm file: whoever wrote it ended early; to open it would write',
      );
    return { immutable: wal && !writer, modified: mtimeMs, bytes: size };
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const code = codeOf(error);
    throw new Unavailable(code === 'ENOENT' ? 'not-found' : code === 'EACCES' ? 'denied' : 'failed', messageOf(error));
  }
}

// Undefined if it is not there.
function bytesOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
