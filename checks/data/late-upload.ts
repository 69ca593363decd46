import { z } from 'zod';
import type { InvoiceTable, Uploads } from '../../src/evidence/database/invoices.ts';
import { addToMonth, type Month, monthOf } from '../../src/evidence/dates.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import {
  type InvoicesOf,
  invoiceTables,
  noTable,
  problemsOf,
  tableMessages,
  tableRemedies,
} from '../shared/invoice-tables.ts';

const messages = {
  ...tableMessages,
  inTime: {
    zh: '{{table}} 自 {{from}} 至 {{until}} 的 {{invoices}} 张发票均在 {{hours}} 小时（期限来源：{{source}}）内确认上传，最长约 {{longest}} 小时；尚未确认 {{open}} 张，均未到期',
    en: 'the {{invoices}} invoices of {{table}} from {{from}} to {{until}} were confirmed as uploaded within {{hours}} hours (limit from: {{source}}), the slowest in about {{longest}}; {{open}} are yet to be confirmed, and not due',
  },
  late: {
    zh: '{{table}} 自 {{from}} 至 {{until}} 的 {{invoices}} 张发票中，{{late}} 张超过 {{hours}} 小时（期限来源：{{source}}）才确认上传，{{missing}} 张逾期仍未确认，最长约 {{longest}} 小时',
    en: 'of {{invoices}} invoices of {{table}} from {{from}} to {{until}}, {{late}} were confirmed as uploaded after more than {{hours}} hours (limit from: {{source}}), and {{missing}} are overdue without a confirmation; the slowest took about {{longest}}',
  },
  unclear: {
    zh: '{{table}} 的开具或者上传时间只精确到日，{{count}} 张发票是否在 {{hours}} 小时内上传不能确定',
    en: '{{table}} holds dates without a time of day: whether {{count}} invoices were uploaded within {{hours}} hours cannot be told',
  },
  negative: {
    zh: '{{table}} 有 {{count}} 张发票的上传时间早于开具时间，时间不可采信',
    en: '{{count}} invoices of {{table}} were confirmed before they were issued: their times cannot be relied on',
  },
  unreadable: {
    zh: '{{table}} 有 {{count}} 张发票的上传时间无法识别',
    en: 'the time of upload of {{count}} invoices of {{table}} cannot be read',
  },
  noColumn: {
    zh: '{{table}} 未声明上传确认时间列（columns.uploaded），无从判定',
    en: 'the column of upload confirmations (columns.uploaded) is not declared for {{table}}',
  },
  noLimit: {
    zh: '{{table}} 未载明税务机关要求的上传期限；{{invoices}} 张发票中 24 小时内确认 {{day}} 张，72 小时内 {{days}} 张，开具超过 24 小时仍未确认 {{open}} 张',
    en: 'the limit that the tax bureau sets for uploads is not declared for {{table}}; of {{invoices}} invoices {{day}} were confirmed within 24 hours, {{days}} within 72, and {{open}} older than 24 hours are not confirmed',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** Every invoice was confirmed as uploaded within the limit; none is overdue without a confirmation. */
export const check = defineCheck({
  id: 'data/late-upload',
  title: { zh: '发票及时上传', en: 'Invoices are uploaded in time' },
  about: {
    zh: '统计数据库中每张有效发票自开具至确认上传的小时数，与税务机关要求的期限（平台文件所载，或者规范配置更严的）比较；未确认的按取证之时计算。',
    en: 'Counts the hours from issue to confirmed upload of every invoice that is not void, against the limit the tax bureau sets (as the platform file states it, or the profile’s if stricter); what is not confirmed counts up to the observation.',
  },
  reads: ['invoices'],
  parameters: z.strictObject({
    /** Whole calendar months before the observation, and the running one. */
    months: z.int().min(1).max(12).default(12).meta(stricter.higher),
    /** Hours within which every invoice must be uploaded; without it what the platform file declares. */
    hours: z.int().min(1).max(744).optional().meta(stricter.lower),
  }),
  messages,
  remedies: {
    ...tableRemedies,
    late: {
      zh: '立即补传逾期发票，查明迟传原因，并按约定上报',
      en: 'upload what is overdue at once, find out why, and report it as agreed',
    },
    unclear: { zh: '记录开具和上传的时刻', en: 'record the time of day of issue and upload' },
    negative: { zh: '核对服务器时钟和时区', en: 'verify the servers’ clocks and time zones' },
    unreadable: { zh: '更正这些时间', en: 'correct those times' },
    noColumn: { zh: '在平台文件中声明 columns.uploaded', en: 'declare columns.uploaded in the platform file' },
    noLimit: {
      zh: '在平台文件中以 uploadWithin 载明税务机关要求的小时数',
      en: 'declare the bureau’s hours as uploadWithin in the platform file',
    },
  },

  judge({ invoices }, { months, hours }) {
    const tables = invoiceTables(invoices);
    if (tables.length === 0) return [noTable()];
    return tables.flatMap((each) => judgeTable(each, months, hours));
  },
});

function judgeTable(at: InvoicesOf, months: number, asked: number | undefined): Finding<Says>[] {
  const { seen, table, subject } = at;
  const { stop, open } = problemsOf(at);
  if (stop) return [stop];
  const last = monthOf(seen.value.until);
  const from = addToMonth(last, -months);
  const frame: TextData = { table: table.name, from, until: seen.value.until };
  if (!table.uploads) return [...open, unproven('noColumn', seen, frame, subject)];
  const counts = over(table.uploads, from);
  const invoices = counts.negative + counts.unread + all(counts.done) + all(counts.open);
  if (invoices === 0) return [...open, unproven('noneIssued', seen, frame, subject)];
  const limit = limitOf(table.uploads.within, asked);
  const doubts = [...open, ...doubtsOf(at, counts)];
  if (!limit) {
    const within = (hours: number): number => all(counts.done) - beyond(counts.done, hours);
    const data = { ...frame, invoices, day: within(24), days: within(72), open: beyond(counts.open, 24) };
    return [unproven('noLimit', seen, data, subject), ...doubts];
  }
  const { slack } = table.uploads;
  const { hours } = limit;
  const late = beyond(counts.done, hours + slack);
  const missing = beyond(counts.open, hours + slack);
  const unclear = beyond(counts.done, hours - slack) + beyond(counts.open, hours - slack) - late - missing;
  const longest = Math.max(0, ...Object.keys({ ...counts.done, ...counts.open }).map(Number));
  const data: TextData = {
    ...frame,
    ...limit,
    invoices,
    late,
    missing,
    open: all(counts.open),
    longest: longestText(longest),
  };
  const findings: Finding<Says>[] = [
    ...(late + missing > 0 ? [unmet<Says>('late', seen, data, subject)] : []),
    ...(slack > 0 && unclear > 0 ? [unproven<Says>('unclear', seen, { ...data, count: unclear }, subject)] : []),
    ...doubts,
  ];
  return findings.length > 0 ? findings : [met('inTime', seen, data, subject)];
}

function doubtsOf({ seen, table, subject }: InvoicesOf, { negative, unread }: Uploads): Finding<Says>[] {
  const data = { table: table.name };
  return [
    ...(negative > 0 ? [unproven<Says>('negative', seen, { ...data, count: negative }, subject)] : []),
    ...(unread > 0 ? [unproven<Says>('unreadable', seen, { ...data, count: unread }, subject)] : []),
  ];
}

function limitOf(declared: number | undefined, asked: number | undefined): { hours: number; source: Text } | undefined {
  if (asked !== undefined && (declared === undefined || asked <= declared))
    return { hours: asked, source: { zh: '规范配置', en: 'the profile' } };
  if (declared === undefined) return undefined;
  return {
    hours: declared,
    source: { zh: '平台文件所载税务机关要求', en: 'the bureau’s, as the platform file states it' },
  };
}

function over({ months }: NonNullable<InvoiceTable['uploads']>, from: Month): Uploads {
  const sums: Uploads = { done: {}, open: {}, negative: 0, unread: 0 };
  for (const [month, { done, open, negative, unread }] of Object.entries(months)) {
    if (month < from) continue;
    for (const [hours, count] of Object.entries(done)) sums.done[hours] = (sums.done[hours] ?? 0) + count;
    for (const [hours, count] of Object.entries(open)) sums.open[hours] = (sums.open[hours] ?? 0) + count;
    sums.negative += negative;
    sums.unread += unread;
  }
  return sums;
}

function all(counts: Uploads['done']): number {
  return beyond(counts, -1);
}

function beyond(counts: Uploads['done'], hours: number): number {
  return Object.entries(counts).reduce((sum, [each, count]) => (Number(each) > hours ? sum + count : sum), 0);
}

// All that is longer than a month is counted as one.
function longestText(hours: number): string {
  return hours > 744 ? '744+' : String(hours);
}
