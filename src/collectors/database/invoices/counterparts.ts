import type { InvoiceTable } from '../../../evidence/database/invoices.ts';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Row } from '../../transports/database.ts';
import { amountOf, canHold, type Fields, isKey, lookUp, type OpenTable, repeatedKeys } from './lookup.ts';
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
        ...(isUnique || links || tables.length > 1 || !own.connection.dialect.groups
          ? {}
          : { shared: (keys) => repeatedKeys(own, key, keys) }),
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
  for (const { at, key } of sides) {
    const { amount } = at.table.columns;
    const fields: Fields = amount === undefined ? {} : { amount };
    const { found, crowded } = await lookUp<Sum>(
      at,
      key,
      keys,
      fields,
      (mine, each, row) => {
        mine.set(each, total([mine.has(each) ? mine.get(each) : 0n, amountOf(at, row.amount)]));
      },
      (other) => alike.add(folded(other)),
    );
    for (const [each, sum] of found) sums.set(each, sums.has(each) ? total([sums.get(each), sum]) : sum);
    for (const each of crowded) sums.set(each, undefined);
  }
  return sums;
}

// An invoice that was copied to another table counts once.
async function invoiced(tables: readonly Side[], keys: readonly string[]): Promise<ReadonlyMap<string, Invoiced>> {
  const sums = new Map<string, Invoiced>();
  const copied = new Set<string>();
  for (const { at, key } of tables) {
    const { number } = at.table.columns;
    const fields = { ...judgedFields(at.table), ...(number === undefined ? {} : { number }) };
    const { found, crowded } = await lookUp<Row[]>(at, key, keys, fields, (mine, each, row) => {
      const rows = mine.get(each);
      if (rows) rows.push(row);
      else mine.set(each, [row]);
    });
    const here: string[] = [];
    for (const [each, rows] of found)
      for (const row of rows) {
        const amount = amountOf(at, row.amount);
        const copy = JSON.stringify([each, row.number ?? null, String(amount)]);
        if (tables.length > 1 && row.number != null) here.push(copy);
        if (!copied.has(copy)) sums.set(each, withOne(sums.get(each), at.table, row, amount));
      }
    for (const each of here) copied.add(each);
    for (const each of crowded) sums.set(each, { net: undefined, plain: undefined, hasPlain: true });
  }
  return sums;
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
  const all = new Set<string>();
  for (const { at, key } of tables) {
    const { found } = await lookUp<true>(at, key, numbers, judgedFields(at.table), (mine, each, row) => {
      if (!isCorrection(at.table, row, amountOf(at, row.amount))) mine.set(each, true);
    });
    for (const each of found.keys()) all.add(each);
  }
  return all;
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
    const { found } = await lookUp<string[]>(at, from, keys, { end: to }, (mine, key, { end }) => {
      if (end == null || isBlank(end)) return;
      const ends = mine.get(key);
      if (!ends) mine.set(key, [end]);
      else if (!ends.includes(end)) ends.push(end);
    });
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
