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

/**
 * The rows whose column is one of some keys, with the key itself under `key`; those of keys that have too many rows are left out, and the keys
 * returned. What the server takes for equal (`A` and `a`, `A` and `A `) is among them: who asks compares exactly.
 */
export async function lookUp(
  at: OpenTable,
  column: string,
  keys: readonly string[],
  fields: Fields,
): Promise<{ rows: readonly Row[]; crowded: readonly string[] }> {
  const { dialect } = at.connection;
  const type = at.shape.columns.get(column) ?? 'other';
  const batch =
    at.shape.indexed.has(column) || at.shape.unique.has(column) ? dialect.batch : Math.max(dialect.batch, 20_000);
  const rows: Row[] = [];
  const crowded: string[] = [];
  const open: (readonly string[])[] = [];
  const wanted = keys.filter((key) => canHold(type, key));
  for (let from = 0; from < wanted.length; from += batch) open.push(wanted.slice(from, from + batch));
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { sql, values } = dialect.among(column, type, part);
    const text = `SELECT ${selected(at, { key: column, ...fields })} FROM ${dialect.named(at.table)} WHERE ${sql} LIMIT ${mostRows + 1}`;
    const found = await at.connection.run(text, values);
    if (found.length <= mostRows) for (const row of found) rows.push(row);
    else if (part.length === 1) crowded.push(...part);
    else open.push(part.slice(0, part.length / 2), part.slice(part.length / 2));
  }
  return { rows, crowded };
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
