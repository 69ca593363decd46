import { z } from 'zod';
import type { InvoiceMonth } from '../../src/evidence/database/invoices.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import {
  type InvoicesOf,
  invoiceTables,
  noTable,
  problemsOf,
  summed,
  tableMessages,
  tableRemedies,
  wholeMonths,
  whyText,
} from '../shared/invoice-tables.ts';

const messages = {
  ...tableMessages,
  traced: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 的 {{invoices}} 张有效发票（其中红字 {{red}} 张，另有作废 {{void}} 张）与 {{origins}} 的原始交易逐一关联，未关联 {{untraced}} 张（限 {{limit}}%），金额一致；分次开具、尚未开足的 {{below}} 张',
    en: 'the {{invoices}} invoices of {{table}} from {{from}} to {{until}} ({{red}} of them credit invoices; {{void}} void ones beside them) were held against {{origins}}: {{untraced}} have no transaction ({{limit}} % allowed), amounts agree; {{below}} are in parts that are yet to be completed',
  },
  untraced: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 的 {{invoices}} 张有效发票中，{{untraced}} 张（{{percent}}%，限 {{limit}}%）在 {{origins}} 中没有原始交易，其中未载交易标识 {{keyless}} 张；示例（加盐哈希）{{examples}}',
    en: '{{untraced}} of {{invoices}} invoices of {{table}} from {{from}} to {{until}} ({{percent}} %, {{limit}} % allowed) have no transaction in {{origins}}, {{keyless}} of them name none; examples (salted hashes): {{examples}}',
  },
  unlike: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 有 {{unlike}} 张发票的交易标识写法与 {{origins}} 不一致（前导零、大小写、空格等），是否为同一笔交易不能确定',
    en: '{{unlike}} invoices of {{table}} from {{from}} to {{until}} name their transaction in another way than {{origins}} do (leading zeros, letter case, blanks): whether it is the same was not told',
  },
  differ: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 已关联的 {{traced}} 张发票中，{{above}} 张所属交易的开票金额大于交易金额，{{below}} 张小于；示例（加盐哈希）{{examples}}',
    en: 'of {{traced}} invoices of {{table}} from {{from}} to {{until}} that have a transaction, {{above}} belong to one that more was invoiced for than was traded, {{below}} to one that less was invoiced for; examples (salted hashes): {{examples}}',
  },
  unlinked: {
    zh: '{{table}} 的 {{invoices}} 张发票未能与原始交易关联：{{why}}',
    en: 'the {{invoices}} invoices of {{table}} could not be held against transactions: {{why}}',
  },
  uncompared: {
    zh: '{{table}} 有 {{count}} 张发票的金额未能与交易比对：{{why}}',
    en: 'the amounts of {{count}} invoices of {{table}} could not be compared with their transactions: {{why}}',
  },
  numberless: {
    zh: '{{table}} 有 {{count}} 条记录没有发票号码，未作符合判定',
    en: '{{count}} rows of {{table}} have no invoice number; nothing is said to be met',
  },
  repeated: {
    zh: '{{table}} 期内的发票号码重复 {{count}} 次，不能确定每张发票的来源',
    en: 'invoice numbers of {{table}} stand {{count}} times too many in the period: the origin of each is uncertain',
  },
  repeatedUnknown: {
    zh: '{{table}} 的发票号码是否重复未能核对：未声明号码列，或者数量过多',
    en: 'whether invoice numbers of {{table}} repeat was not seen: their column is not declared, or there are too many',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** Each invoice of the last whole months has its transaction in the unit’s own stores, and the amounts agree to the last digit. */
export const check = defineCheck({
  id: 'data/invoice-traceability',
  title: { zh: '发票溯源', en: 'Invoices trace to transactions' },
  about: {
    zh: '在数据库中逐张查找近若干个完整月份每张有效发票的原始交易，并按交易汇总精确比对含税金额；红字发票以其所冲的蓝字发票在库为可追溯；有未能读取、未能比对或者号码重复的，不作符合判定。',
    en: 'Looks up the transaction of each invoice of the last whole months in the stores and compares amounts with tax exactly, all invoices of a transaction together; a credit invoice traces to the invoice that it corrects. What could not be read or compared, and repeated numbers, keep it from being met.',
  },
  reads: ['invoices'],
  parameters: z.strictObject({
    /** Whole calendar months before the observation. */
    months: z.int().min(1).max(12).default(12).meta(stricter.higher),
    /** Percent of invoices that may be without a transaction. */
    untraced: z.number().min(0).max(100).default(0).meta(stricter.lower),
  }),
  messages,
  remedies: {
    ...tableRemedies,
    untraced: {
      zh: '逐张核实没有原始交易的发票，补录关联或者红冲；确属虚开的立即报告',
      en: 'look into each invoice without a transaction; record the tie, or correct the invoice; report false ones at once',
    },
    unlike: {
      zh: '统一双方交易标识的写法',
      en: 'write the key of transactions the same way on both sides',
    },
    differ: {
      zh: '逐张核对金额；允许分次开票的，在平台文件中声明 inParts',
      en: 'compare the amounts one by one; where transactions are invoiced in parts, declare inParts in the platform file',
    },
    unlinked: {
      zh: '在平台文件中声明交易表和关联列，并为关联列建立索引',
      en: 'declare the transactions’ table and the columns that tie them in the platform file, and index them',
    },
    uncompared: {
      zh: '声明双方的金额列，更正无法识别的金额，并为关联列建立索引',
      en: 'declare both amount columns, correct amounts that cannot be read, and index the columns that tie them',
    },
    numberless: { zh: '补全发票号码', en: 'fill in the numbers' },
    repeated: { zh: '核实并消除重复的发票记录', en: 'look into the repeated records and remove them' },
    repeatedUnknown: {
      zh: '声明发票号码列，并建立唯一索引',
      en: 'declare the column of invoice numbers, with a unique index',
    },
  },

  judge({ invoices }, parameters) {
    const tables = invoiceTables(invoices);
    if (tables.length === 0) return [noTable()];
    return tables.flatMap((each) => judgeTable(each, parameters));
  },
});

function judgeTable(at: InvoicesOf, { months, untraced }: { months: number; untraced: number }): Finding<Says>[] {
  const { seen, table, subject } = at;
  const { stop, open } = problemsOf(at);
  if (stop) return [stop];
  const { first: from, last: until } = wholeMonths(seen, months);
  const sums = summed(table.months, { first: from, last: until });
  const live = sums ? sums.rows - sums.void : 0;
  const frame: TextData = { table: table.name, from, until, origins: table.origins.join('、'), invoices: live };
  if (!sums || live === 0) return [...open, unproven('noneIssued', seen, frame, subject)];
  if (table.unlinked) return [...open, unproven('unlinked', seen, { ...frame, why: whyText(table.unlinked) }, subject)];
  const data: TextData = { ...frame, ...sums, percent: percentOf(sums.untraced, live), limit: untraced };
  const findings = [...disagreements(at, sums, live, untraced, data), ...open, ...doubts(at, sums)];
  return findings.length > 0 ? findings : [met('traced', seen, data, subject)];
}

function disagreements(
  { seen, table, subject }: InvoicesOf,
  sums: InvoiceMonth,
  live: number,
  limit: number,
  data: TextData,
): Finding<Says>[] {
  const examplesOf = (...kinds: string[]): string =>
    table.examples.flatMap(({ of, hash }) => (kinds.includes(of) ? hash.slice(0, 12) : [])).join('、') || '—';
  const findings: Finding<Says>[] = [];
  // Compared as whole numbers: 0.01 % of 10,000 is one.
  const missing = sums.untraced - sums.unlike;
  if (missing * 100 > limit * live) {
    const counts = { untraced: missing, percent: percentOf(missing, live), examples: examplesOf('untraced') };
    findings.push(unmet('untraced', seen, { ...data, ...counts }, subject));
  }
  if (sums.unlike > 0 && sums.untraced * 100 > limit * live) findings.push(unproven('unlike', seen, data, subject));
  if (sums.above > 0 || (sums.below > 0 && !table.inParts))
    findings.push(unmet('differ', seen, { ...data, examples: examplesOf('above', 'below') }, subject));
  return findings;
}

function doubts({ seen, table, subject }: InvoicesOf, { uncompared, numberless }: InvoiceMonth): Finding<Says>[] {
  const open = (says: Says, count: number, data: TextData = {}): Finding<Says> =>
    unproven(says, seen, { table: table.name, count, ...data }, subject);
  return [
    ...(uncompared > 0
      ? [open('uncompared', uncompared, { why: uncomparedTexts[table.uncompared ?? 'unreadable'] })]
      : []),
    ...(numberless > 0 ? [open('numberless', numberless)] : []),
    ...(table.duplicates === undefined ? [open('repeatedUnknown', 0)] : []),
    ...(table.duplicates ? [open('repeated', table.duplicates)] : []),
  ];
}

const uncomparedTexts = {
  'no-amount': { zh: '未声明双方的金额列', en: 'the amount columns of both are not declared' },
  'no-index': {
    zh: '发票表的关联列没有索引，同一交易的发票无法汇总',
    en: 'the column that ties invoices has no index, so those of one transaction cannot be added up',
  },
  'other-tables': {
    zh: '来自同一交易的其他发票表未能一并汇总',
    en: 'other tables of invoices that come from the same transactions could not be added up with it',
  },
  'not-exact': {
    zh: '金额以单精度浮点存放，不是准确的数',
    en: 'amounts are kept as floats of single precision, which are not exact',
  },
  unreadable: {
    zh: '金额缺失、无法识别，或者多张发票与多笔交易交叉关联',
    en: 'an amount is missing or cannot be read, or several invoices and several transactions are tied crosswise',
  },
} as const satisfies Record<string, Text>;

// Rounded up: one of a million must not read as none.
function percentOf(part: number, all: number): number {
  return Math.ceil((part * 10_000) / all) / 100;
}
