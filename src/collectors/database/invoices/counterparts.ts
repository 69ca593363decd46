import type { InvoiceTable } from '../../../evidence/database/invoices.ts';
import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Row } from '../../transports/database.ts';
import { decimalOf } from './decimals.ts';
import { canHold, type Fields, isKey, lookUp, type OpenTable } from './lookup.ts';
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

/** How a table of invoices is held against the tables that it names; throws {@link Unread} if that cannot be. */
export function counterpartsOf(own: OpenTable, origins: readonly OpenTable[]): Counterparts {
  const { number, transaction } = own.table.columns;
  const links = origins.find(({ table }) => table.holds === 'invoice-links');
  const trades = origins.filter((each) => each !== links);
  const byNumber = trades.map(({ table }) => table.columns.number);
  const byInvoice = trades.map(({ table }) => table.columns.invoice);
  if (trades.length === 0) throw untied(own.table);
  if (trades.some((each) => isSame(each, own)))
    throw new Unread('not-supported', {
      zh: `${own.table.name} 同时声明为交易表，发票与自身对照不能证明来源`,
      en: `${own.table.name} is declared as the table of transactions, too: invoices held against themselves prove nothing`,
    });
  if (links) {
    const { invoice, transaction: end } = links.table.columns;
    if (number === undefined || invoice === undefined || end === undefined) throw untied(own.table);
    const sides = sidesOf(trades, byNumber, own.table);
    demand(links, invoice);
    demand(links, end);
    demand(own, number);
    return made(own, 'links', number, sides, linksBy({ at: links, invoice, transaction: end }));
  }
  if (transaction !== undefined && byNumber.every((each) => each !== undefined))
    return made(own, 'transaction', transaction, sidesOf(trades, byNumber, own.table));
  if (number !== undefined) return made(own, 'invoice', number, sidesOf(trades, byInvoice, own.table));
  throw untied(own.table);
}

function isSame(one: OpenTable, other: OpenTable): boolean {
  return (
    one.connection === other.connection &&
    one.connection.dialect.named(one.table) === other.connection.dialect.named(other.table)
  );
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

function made(
  own: OpenTable,
  link: Counterparts['link'],
  key: string,
  sides: readonly Side[],
  links?: Lookups['links'],
): Counterparts {
  const { columns } = own.table;
  const { shape } = own;
  const isUnique = shape.unique.has(key) && !links;
  const hasAmounts = columns.amount !== undefined && sides.every(({ at }) => at.table.columns.amount !== undefined);
  const isSummed = isUnique || (isKey(shape.columns.get(key)) && isFast(shape, key));
  const uncompared = hasAmounts ? (isSummed ? undefined : 'no-index') : 'no-amount';
  if (columns.corrects !== undefined && columns.number !== undefined) demand(own, columns.number);
  const { number } = columns;
  return {
    link,
    key,
    ...(uncompared === undefined ? {} : { uncompared }),
    lookups: {
      isCompared: uncompared === undefined,
      canHold: (each) => sides.some(({ at, key: column }) => canHold(at.shape.columns.get(column) ?? 'other', each)),
      traded: (keys) => traded(sides, keys),
      ...(isUnique ? {} : { invoiced: (keys) => invoiced(own, key, keys) }),
      ...(columns.corrects === undefined || number === undefined
        ? {}
        : { known: (numbers) => known(own, number, numbers) }),
      ...(links ? { links } : {}),
    },
  };
}

async function traded(sides: readonly Side[], keys: readonly string[]): Promise<ReadonlyMap<string, Sum>> {
  const sums = new Map<string, Sum>();
  const wanted = new Set(keys);
  for (const { at, key } of sides) {
    const { amount } = at.table.columns;
    const { rows, crowded } = await lookUp(at, key, keys, amount === undefined ? {} : { amount });
    for (const row of rows) {
      if (row.key == null || !wanted.has(row.key)) continue;
      const before = sums.has(row.key) ? sums.get(row.key) : 0n;
      sums.set(row.key, total([before, decimalOf(row.amount, at.table.amountIn)]));
    }
    for (const each of crowded) sums.set(each, undefined);
  }
  return sums;
}

async function invoiced(
  own: OpenTable,
  column: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Invoiced>> {
  const found = new Map<string, Invoiced>();
  const wanted = new Set(keys);
  const { rows, crowded } = await lookUp(own, column, keys, judgedFields(own.table));
  for (const row of rows) {
    if (row.key == null || !wanted.has(row.key) || isVoid(own.table, row)) continue;
    const { net, plain, hasPlain } = found.get(row.key) ?? { net: 0n, plain: 0n, hasPlain: false };
    const amount = decimalOf(row.amount, own.table.amountIn);
    const isRed = isCorrection(own.table, row, amount);
    found.set(row.key, {
      net: total([net, amount]),
      plain: isRed ? plain : total([plain, amount]),
      hasPlain: hasPlain || !isRed,
    });
  }
  for (const each of crowded) found.set(each, { net: undefined, plain: undefined, hasPlain: true });
  return found;
}

async function known(own: OpenTable, column: string, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows, crowded } = await lookUp(own, column, numbers, {});
  return new Set([...rows.flatMap(({ key }) => key ?? []), ...crowded]);
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
