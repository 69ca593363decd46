import type { Invoices, InvoiceTable } from '../../src/evidence/database/invoices.ts';
import { addToMonth, type Month, monthOf } from '../../src/evidence/dates.ts';
import { type Reason, reasons, type Seen } from '../../src/evidence/observation.ts';
import { heard, joined, type Text, type TextData, verbatim } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';

/** A table of invoices with the observation that it stands in. */
export type InvoicesOf = { readonly seen: Seen<Invoices>; readonly table: InvoiceTable; readonly subject: string };

/** What every check on invoices may say of the tables themselves. */
export const tableMessages = {
  noTable: {
    zh: '没有声明存放发票（invoices）的数据表，或者其数据库未能读取',
    en: 'no table is declared that holds invoices, or its store could not be read',
  },
  unread: { zh: '{{table}} 未能读取：{{why}}', en: '{{table}} could not be read: {{why}}' },
  undated: {
    zh: '{{table}} 有 {{rows}} 条记录没有时间、时间不可能或者晚于取证之日，无法归入期间',
    en: '{{rows}} rows of {{table}} have no time, one that cannot be, or one after the observation: they may belong to the period',
  },
  noneIssued: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 没有发票，无从判定',
    en: '{{table}} holds no invoice from {{from}} to {{until}}, so nothing can be judged',
  },
} as const satisfies Record<string, Text>;

export type TableSays = keyof typeof tableMessages;

/** What to do about these. */
export const tableRemedies = {
  noTable: {
    zh: '在平台文件 stores 中声明存放发票和原始交易的数据表及其列',
    en: 'declare the tables of invoices and transactions, and their columns, under stores in the platform file',
  },
  unread: {
    zh: '按所述原因改正声明、授予只读权限或者建立索引',
    en: 'mend what is named: the declaration, the right to read, an index',
  },
  undated: { zh: '为这些记录补全、更正时间', en: 'give those rows a time, or correct it' },
  noneIssued: { zh: '在平台文件中指向现行数据库', en: 'point the platform file at the store in use' },
} as const satisfies Record<TableSays, Text>;

/** All tables of invoices. */
export function invoiceTables(invoices: readonly Seen<Invoices>[]): InvoicesOf[] {
  return invoices.flatMap((seen) =>
    seen.value.tables.map((table) => ({ seen, table, subject: `${seen.subject}/${table.name}` })),
  );
}

/** The finding where there is no table at all. */
export function noTable(): Finding<'noTable'> {
  return unproven('noTable', [], {}, 'invoices');
}

/** What keeps a table from being judged, and what of it stays open beside whatever is judged. */
export function problemsOf({ seen, table, subject }: InvoicesOf): {
  stop?: Finding<'unread'>;
  open: Finding<'undated'>[];
} {
  const data: TextData = { table: table.name };
  if (table.unread)
    return { stop: unproven('unread', seen, { ...data, why: whyText(table.unread) }, subject), open: [] };
  return { open: table.undated > 0 ? [unproven('undated', seen, { ...data, rows: table.undated }, subject)] : [] };
}

/** Why something was not read, in words. */
export function whyText({ reason, detail }: { readonly reason: string; readonly detail: string }): Text {
  const known = Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : verbatim(reason);
  return detail === '' ? known : joined([known, heard(detail)], '，', ', ');
}

/** The last whole months before the observation. */
export function wholeMonths({ value }: Seen<Invoices>, months: number): { first: Month; last: Month } {
  const running = monthOf(value.until);
  return { first: addToMonth(running, -months), last: addToMonth(running, -1) };
}

/** The sum of each count over the months from one to another. */
export function summed<T extends Readonly<Record<string, number>>>(
  months: Readonly<Record<Month, T>>,
  { first, last }: { first: Month; last: Month },
): { readonly [Each in keyof T]: number } | undefined {
  let sums: Record<string, number> | undefined;
  for (const [month, counts] of Object.entries(months)) {
    if (month < first || month > last) continue;
    sums ??= {};
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  // The months have the same counts, all of them.
  return sums as { readonly [Each in keyof T]: number } | undefined;
}
