import { z } from 'zod';
import { clearText } from '../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../evidence/dates.ts';
import type { Gate } from '../../gate.ts';
import { askChild } from './sqlite.ts';

const { tables, beyond } = clearText.value.shape;

const answerSchema = z.strictObject({
  version: z.string(),
  tables,
  /** Tables that could not be read. */
  failed: z.array(z.string()),
  /** Views and virtual tables, in small letters. */
  others: z.array(z.string()),
  beyond,
});

export type SqliteNumbers = z.output<typeof answerSchema>;

/** Counts what looks like numbers of persons in a SQLite file, read-only, in a child process that hands over counts only. Throws like `askSqlite`. */
export function askSqliteNumbers(
  gate: Gate,
  path: string,
  question: { readonly asOf: PlainDate; readonly first: readonly string[] },
  signal: AbortSignal,
): Promise<SqliteNumbers> {
  return askChild(gate, path, { program: 'sqlite-numbers-child', question, answer: answerSchema }, signal);
}
