import type { Reason } from '../../../evidence/observation.ts';
import type { DeclaredTable } from '../../../platform-stores.ts';
import { said, type Text } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
import type { Bound, Row } from '../../transports/database.ts';

/** What a column holds, as far as keys, times and amounts are concerned; `decimal` has no digits behind the point. */
export type ColumnType =
  | 'integer'
  | 'decimal'
  | 'text'
  | 'char'
  | 'uuid'
  | 'instant'
  | 'local'
  | 'date'
  /** Floats of some 7 and some 15 digits. */
  | 'single'
  | 'double'
  | 'other';

/** What is known of a table before any row of it is read. */
export type Shape = {
  readonly columns: ReadonlyMap<string, ColumnType>;
  /** Columns that an index begins with. */
  readonly indexed: ReadonlySet<string>;
  /** Columns that hold no value twice, as an index makes sure. */
  readonly unique: ReadonlySet<string>;
  /** By the engine’s own estimate; 0 where it costs nothing to read all of it again and again. */
  readonly rows: number;
};

/** More than any number, code or amount has; a column of whole documents must not fill the memory. */
export const mostLetters = 256;

/** How an engine writes what is asked of it. */
export type Dialect = {
  quoted(name: string): string;
  named(table: DeclaredTable): string;
  /** A column as text, all digits, no padding; of longer text the first {@link mostLetters}: as a key that is none, for it is looked up whole. */
  text(column: string): string;
  /** The type of a column’s value, where the engine leaves that to each value. */
  typeOfValue?(column: string): string;
  /** Something that a value is bound to, counted from 1. */
  place(at: number, type: ColumnType): string;
  /** That a column is one of some keys. */
  among(
    column: string,
    type: ColumnType,
    keys: readonly string[],
  ): { readonly sql: string; readonly values: readonly Bound[] };
  /**
   * Keys that are looked up at once where there is an index, and rows that are read at once. What is held of a slice outlives many collections of
   * garbage: a larger one takes more memory and, past some thousand rows, more time.
   */
  readonly batch: number;
  readonly slice: number;
  /** Whether the server is asked which keys stand more than once before all their rows are read. */
  readonly groups: boolean;
};

/** A store that is open for questions. */
export type Connection = {
  readonly engine: string;
  readonly version: string;
  readonly dialect: Dialect;
  /** Hands over each row as it comes. */
  each(sql: string, values: readonly Bound[], use: (row: Row) => void): Promise<void>;
  /** Throws {@link Unread} for what is no table of its own. */
  shapeOf(table: DeclaredTable): Promise<Shape>;
};

/** The rows of a question that has few. */
export async function rowsOf({ each }: Connection, sql: string, values: readonly Bound[] = []): Promise<Row[]> {
  const rows: Row[] = [];
  await each(sql, values, (row) => rows.push(row));
  return rows;
}

/** A table up to so many rows is read without an index. */
const small = 1_000_000;

/** Whether a column can be asked about: by an index, or because the table is small. */
export function isFast({ indexed, rows }: Shape, column: string): boolean {
  return indexed.has(column) || rows <= small;
}

/** Why a table is not read, in our own words: nothing of the data is in them. */
export class Unread extends Unavailable {
  constructor(reason: Reason, text: Text) {
    super(reason, said(text));
  }
}

/** What is said where a column has no index. */
export function withoutIndex(table: string, column: string): Unread {
  return new Unread('too-large', {
    zh: `${table} 记录过多，而列 ${column} 没有索引`,
    en: `${table} has too many rows for its column ${column}, which has no index`,
  });
}

/** What may be kept of a failure: our own words, else the server’s code alone, for its words may quote the data. */
export function failureOf(error: Unavailable): { reason: string; detail: string } {
  if (error instanceof Unread) return { reason: error.reason, detail: error.message };
  return { reason: error.reason, detail: error.message.match(/^[A-Z0-9_]{2,60}(?=: )/)?.[0] ?? '' };
}
