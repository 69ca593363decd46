import type { InvoiceTable } from '../../../evidence/database/invoices.ts';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Row } from '../../transports/database.ts';
import { amountOf, canHold, type Fields, isKey, lookUp, type OpenTable } from './lookup.ts';
import { isFast, Unread, withoutIndex } from './shape.ts';
import { type Invoiced, type Lookups, type Sum, total } from './trace.ts';

/** Where a table’s invoices are held against transactions, and how. */
export type Counterparts = {
  readonly link: NonNullable<InvoiceTable['link']>;
  /** The column of invoices that the key stands in. */
  readonly key: string;
  readonly lookups: Lookups;
  readonly uncompared?: NonNullable<InvoiceTable['uncompared']>;
};

type Side = { readonly at: OpenTable; readonly key: string };

/**
 * How a table of invoices is held against the tables that it names; throws {@link Unread} if that cannot be. Other tables of invoices that come from
 * one of the same count with it; absent if one of them cannot be read.
 */
export function counterpartsOf(
  own: OpenTable,
  origins: readonly OpenTable[],
  siblings: readonly OpenTable[] | undefined = [],
): Counterparts {
  const made = madeOf(own, siblings);
  const { number, transaction } = own.table.columns;
  const links = origins.find(({ table }) => table.holds === 'invoice-links');
  const trades = origins.filter((each) => each !== links);
  const byNumber = trades.map(({ table }) => table.columns.number);
  const byInvoice = trades.map(({ table }) => table.columns.invoice);
  if (trades.length === 0) throw untied(own.table);
  if (links) {
    const { invoice, transaction: end } = links.table.columns;
    if (number === undefined || invoice === undefined || end === undefined) throw untied(own.table);
    const sides = sidesOf(trades, byNumber, own.table);
    demand(links, invoice);
    demand(links, end);
    demand(own, number);
    return made('links', number, sides, linksBy({ at: links, invoice, transaction: end }));
  }
  if (transaction !== undefined && byNumber.every((each) => each !== undefined))
    return made('transaction', transaction, sidesOf(trades, byNumber, own.table));
  if (number !== undefined) return made('invoice', number, sidesOf(trades, byInvoice, own.table));
  throw untied(own.table);
}

function sidesOf(trades: readonly OpenTable[], keys: readonly (string | undefined)[], table: DeclaredTable): Side[] {
  return trades.map((at, index) => {
    const key = keys[index];
    if (key === undefined) throw untied(table);
    demand(at, key);
    return { at, key };
  });
}

function untied({ name }: DeclaredTable): Unread {
  return new Unread('not-declared', {
    zh: `未声明把 ${name} 与原始交易关联起来的数据表或者列（columns 的 number、transaction、invoice）`,
    en: `the tables or columns that tie ${name} to transactions are not declared (number, transaction, invoice under columns)`,
  });
}

// Keys are looked up by an index; floats, times and the like are no keys.
function demand(at: OpenTable, column: string): void {
  const { table, shape } = at;
  const type = shape.columns.get(column);
  if (!isKey(type))
    throw new Unread('not-supported', {
      zh: `${table.name} 的列 ${column} 的类型不能用作关联的键`,
      en: `the type of ${table.name}’s column ${column} is no key to tie records by`,
    });
  if (!isFast(shape, column)) throw withoutIndex(table.name, column);
}

function madeOf(own: OpenTable, siblings: readonly OpenTable[] | undefined) {
  return (link: Counterparts['link'], key: string, sides: readonly Side[], links?: Lookups['links']): Counterparts => {
    const { shape, table } = own;
    const { corrects, number } = table.columns;
    const beside = besideOf(link, siblings);
    const isUnique = shape.unique.has(key) && !links && beside?.length === 0;
    const uncompared = hindranceOf(own, key, sides, isUnique, beside);
    if (corrects !== undefined && number !== undefined) demand(own, number);
    const tables = [{ at: own, key }, ...(beside ?? [])];
    const alike = new Set<string>();
    const numbered = [own, ...(siblings ?? [])].flatMap((at) => numberedOf(at));
    return {
      link,
      key,
      ...(uncompared === undefined ? {} : { uncompared }),
      lookups: {
        isCompared: uncompared === undefined,
        canHold: (each) => sides.some(({ at, key: column }) => canHold(at.shape.columns.get(column) ?? 'other', each)),
        traded: (keys) => traded(sides, keys, alike),
        isLike: (each) => alike.has(folded(each)),
        ...(isUnique ? {} : { invoiced: (keys) => invoiced(tables, keys) }),
        ...(corrects === undefined || number === undefined ? {} : { known: (numbers) => known(numbered, numbers) }),
        ...(links ? { links } : {}),
      },
    };
  };
}

// The tables that the invoices of a transaction may lie in as well; a transaction that names its invoice is that one’s alone.
function besideOf(link: Counterparts['link'], siblings: readonly OpenTable[] | undefined): Side[] | undefined {
  if (link === 'invoice') return [];
  const found: Side[] = [];
  for (const at of siblings ?? []) {
    const key = link === 'links' ? at.table.columns.number : at.table.columns.transaction;
    if (key === undefined || at.table.columns.amount === undefined || !isLookedUp(at, key)) return undefined;
    found.push({ at, key });
  }
  return siblings && found;
}

function isInexact({ shape, table: { columns } }: OpenTable): boolean {
  return columns.amount !== undefined && shape.columns.get(columns.amount) === 'single';
}

function isLookedUp({ shape }: OpenTable, column: string): boolean {
  return isKey(shape.columns.get(column)) && isFast(shape, column);
}

function numberedOf(at: OpenTable): Side[] {
  const { number } = at.table.columns;
  return number !== undefined && isLookedUp(at, number) ? [{ at, key: number }] : [];
}

function hindranceOf(
  own: OpenTable,
  key: string,
  sides: readonly Side[],
  isUnique: boolean,
  beside: readonly Side[] | undefined,
): Counterparts['uncompared'] {
  if ([own, ...sides.map(({ at }) => at)].some(({ table }) => table.columns.amount === undefined)) return 'no-amount';
  if ([own, ...sides.map(({ at }) => at)].some(isInexact)) return 'not-exact';
  if (beside === undefined) return 'other-tables';
  return isUnique || isLookedUp(own, key) ? undefined : 'no-index';
}

async function traded(
  sides: readonly Side[],
  keys: readonly string[],
  alike: Set<string>,
): Promise<ReadonlyMap<string, Sum>> {
  const sums = new Map<string, Sum>();
  const wanted = new Set(keys);
  for (const { at, key } of sides) {
    const { amount } = at.table.columns;
    const { rows, crowded } = await lookUp(at, key, keys, amount === undefined ? {} : { amount });
    for (const row of rows) {
      if (row.key == null) continue;
      if (!wanted.has(row.key)) {
        alike.add(folded(row.key));
        continue;
      }
      const before = sums.has(row.key) ? sums.get(row.key) : 0n;
      sums.set(row.key, total([before, amountOf(at, row.amount)]));
    }
    for (const each of crowded) sums.set(each, undefined);
  }
  return sums;
}

// An invoice that was copied to another table counts once.
async function invoiced(tables: readonly Side[], keys: readonly string[]): Promise<ReadonlyMap<string, Invoiced>> {
  const found = new Map<string, Invoiced>();
  const wanted = new Set(keys);
  const copied = new Set<string>();
  for (const { at, key } of tables) {
    const { number } = at.table.columns;
    const fields = { ...judgedFields(at.table), ...(number === undefined ? {} : { number }) };
    const { rows, crowded } = await lookUp(at, key, keys, fields);
    const mine: string[] = [];
    for (const row of rows) {
      if (row.key == null || !wanted.has(row.key)) continue;
      const amount = amountOf(at, row.amount);
      const copy = JSON.stringify([row.key, row.number ?? null, String(amount)]);
      if (tables.length > 1 && row.number != null) mine.push(copy);
      if (!copied.has(copy)) found.set(row.key, withOne(found.get(row.key), at.table, row, amount));
    }
    for (const each of mine) copied.add(each);
    for (const each of crowded) found.set(each, { net: undefined, plain: undefined, hasPlain: true });
  }
  return found;
}

function withOne(before: Invoiced | undefined, table: DeclaredTable, row: Row, amount: Sum): Invoiced {
  const { net, plain, hasPlain } = before ?? { net: 0n, plain: 0n, hasPlain: false };
  if (isVoid(table, row)) return { net, plain, hasPlain };
  const isRed = isCorrection(table, row, amount);
  return {
    net: total([net, amount]),
    plain: isRed ? plain : total([plain, amount]),
    hasPlain: hasPlain || !isRed,
  };
}

// What corrects another is no origin: in some systems both name each other, or each its own number.
async function known(tables: readonly Side[], numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { at, key } of tables) {
    const { rows } = await lookUp(at, key, numbers, judgedFields(at.table));
    for (const row of rows) {
      const isRed = isCorrection(at.table, row, amountOf(at, row.amount));
      if (row.key != null && !isRed) found.add(row.key);
    }
  }
  return found;
}

// What a server may take for the same, whatever its collation.
function folded(key: string): string {
  return key.normalize('NFKC').trim().toLowerCase();
}

function linksBy({
  at,
  invoice,
  transaction,
}: {
  at: OpenTable;
  invoice: string;
  transaction: string;
}): NonNullable<Lookups['links']> {
  const pairs = async (
    from: string,
    to: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> => {
    const found = new Map<string, string[]>();
    const wanted = new Set(keys);
    const { rows } = await lookUp(at, from, keys, { end: to });
    for (const { key, end } of rows) {
      if (key == null || !wanted.has(key) || end == null || isBlank(end)) continue;
      const ends = found.get(key);
      if (!ends) found.set(key, [end]);
      else if (!ends.includes(end)) ends.push(end);
    }
    return found;
  };
  return {
    transactionsOf: (numbers) => pairs(invoice, transaction, numbers),
    invoicesOf: (transactions) => pairs(transaction, invoice, transactions),
  };
}

/** The columns by which an invoice is judged, as far as they are declared. */
export function judgedFields({ columns: { amount, status, corrects } }: DeclaredTable): Fields {
  return {
    ...(amount === undefined ? {} : { amount }),
    ...(status === undefined ? {} : { status }),
    ...(corrects === undefined ? {} : { corrects }),
  };
}

/** Whether an invoice is void, by the words that the unit declares. */
export function isVoid({ void: words = [] }: DeclaredTable, { status }: Row): boolean {
  return status != null && words.includes(status.trim());
}

/** Whether an invoice corrects another. */
export function isCorrection({ columns }: DeclaredTable, { corrects }: Row, amount: Sum): boolean {
  if (columns.corrects !== undefined) return corrects != null && !isBlank(corrects);
  return amount !== undefined && amount < 0n;
}

/** Whether nothing stands in a cell. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}
