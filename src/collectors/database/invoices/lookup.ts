import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Row } from '../../transports/database.ts';
import { decimalOf } from './decimals.ts';
import type { ColumnType, Connection, Shape } from './shape.ts';
import type { Sum } from './trace.ts';

/** A table of an open store. */
export type OpenTable = { readonly connection: Connection; readonly table: DeclaredTable; readonly shape: Shape };

/** Rows that one look-up may bring; a key that has more by itself is no key of anything. */
const mostRows = 100_000;

/** What is asked for, by the name it is given in the answer. */
export type Fields = Readonly<Record<string, string>>;

/** `a AS "x", b AS "y"` of the columns that are declared. */
export function selected({ connection: { dialect } }: OpenTable, fields: Fields): string {
  return Object.entries(fields)
    .map(([alias, column]) => `${dialect.text(column)} AS ${dialect.quoted(alias)}`)
    .join(', ');
}

/** What was found of each key, and the keys that have too many rows to be read. */
export type LookedUp<T> = { readonly found: Map<string, T>; readonly crowded: readonly string[] };

/**
 * Reads the rows whose column is one of some keys; `put` is told each with its key. What the server takes for equal (`A` and `a`, `A` and `A `) and
 * is not, `other` is told.
 */
export async function lookUp<T>(
  at: OpenTable,
  column: string,
  keys: readonly string[],
  fields: Fields,
  put: (found: Map<string, T>, key: string, row: Row) => void,
  other: (key: string) => void = () => {},
): Promise<LookedUp<T>> {
  const found = new Map<string, T>();
  const crowded: string[] = [];
  const open = batchesOf(at, column, keys);
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const wanted = new Set(part);
    let rows = 0;
    await ask(at, column, part, { key: column, ...fields }, `LIMIT ${mostRows + 1}`, (row) => {
      rows += 1;
      if (rows > mostRows || row.key == null) return;
      if (wanted.has(row.key)) put(found, row.key, row);
      else other(row.key);
    });
    if (rows <= mostRows) continue;
    for (const key of part) found.delete(key);
    if (part.length === 1) crowded.push(...part);
    else open.push(part.slice(0, part.length / 2), part.slice(part.length / 2));
  }
  return { found, crowded };
}

/**
 * Of some keys that are there, those that more than one row has. Where the server may take for equal what is not, all that were asked together with
 * such a key.
 */
export async function repeatedKeys(at: OpenTable, column: string, keys: readonly string[]): Promise<Set<string>> {
  const type = at.shape.columns.get(column) ?? 'other';
  const isExact = type === 'integer' || type === 'decimal' || type === 'uuid';
  const repeated = new Set<string>();
  const rest = `GROUP BY ${at.connection.dialect.quoted(column)} HAVING count(*) > 1`;
  for (const part of batchesOf(at, column, keys)) {
    let isAny = false;
    await ask(at, column, part, { key: column }, rest, ({ key }) => {
      isAny = true;
      if (isExact && key != null) repeated.add(key);
    });
    if (isAny && !isExact) for (const key of part) repeated.add(key);
  }
  return repeated;
}

function batchesOf({ connection, shape }: OpenTable, column: string, keys: readonly string[]): (readonly string[])[] {
  const { batch: usual } = connection.dialect;
  const type = shape.columns.get(column) ?? 'other';
  // Without an index each question reads the whole table.
  const batch = shape.indexed.has(column) || shape.unique.has(column) ? usual : Math.max(usual, 20_000);
  const wanted = keys.filter((key) => canHold(type, key));
  const parts: (readonly string[])[] = [];
  for (let from = 0; from < wanted.length; from += batch) parts.push(wanted.slice(from, from + batch));
  return parts;
}

async function ask(
  at: OpenTable,
  column: string,
  keys: readonly string[],
  fields: Fields,
  rest: string,
  use: (row: Row) => void,
): Promise<void> {
  const { dialect, each } = at.connection;
  const { sql, values } = dialect.among(column, at.shape.columns.get(column) ?? 'other', keys);
  await each(`SELECT ${selected(at, fields)} FROM ${dialect.named(at.table)} WHERE ${sql} ${rest}`, values, use);
}

/** Whether a column of a type can hold a key exactly as it is written; `007` and `7` are two keys. */
export function canHold(type: ColumnType, key: string): boolean {
  if (key.includes('\0')) return false;
  if (type === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key);
  // Eighteen digits always fit in 64 bits.
  if (type === 'integer') return /^(0|-?[1-9]\d{0,17})$/.test(key) || isLong(key);
  return type !== 'decimal' || /^(0|-?[1-9]\d{0,37})$/.test(key);
}

function isLong(key: string): boolean {
  return /^-?[1-9]\d{18}$/.test(key) && BigInt.asIntN(64, BigInt(key)) === BigInt(key);
}

/** Whether keys of a type can be looked up at all. */
export function isKey(type: ColumnType | undefined): boolean {
  return type === 'integer' || type === 'decimal' || type === 'text' || type === 'char' || type === 'uuid';
}

/** An amount of a table, as a whole number of 10^-12 yuan; of a float the digits that it means: 12345.67 may be kept as 12345.670000000002. */
export function amountOf({ connection, shape, table }: OpenTable, text: string | null | undefined): Sum {
  const { amount = '' } = table.columns;
  const isFloat = shape.columns.get(amount) === 'double' || connection.engine === 'sqlite';
  return decimalOf(
    isFloat && text != null && /^-?\d+\.\d{7,}$/.test(text) ? Number(text).toFixed(6) : text,
    table.amountIn,
  );
}
