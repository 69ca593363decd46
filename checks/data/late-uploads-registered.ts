import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import {
  type InvoicesOf,
  invoiceTables,
  noTable,
  problemsOf,
  tableMessages,
  tableRemedies,
} from '../shared/invoice-tables.ts';
import { ledgerMessages, ledgerRemedies, noLedger, type Register, registerOf } from '../shared/ledger.ts';
import { keyOf } from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  ...tableMessages,
  registered: {
    zh: '{{table}} 自 {{from}} 至 {{until}} 有发票迟传的使用单位 {{late}} 户，异常情形台账均有登记',
    en: '{{late}} using units uploaded invoices late in {{table}} from {{from}} to {{until}}; each is in the register of events',
  },
  unregistered: {
    zh: '{{table}} 自 {{from}} 至 {{until}} 有 {{count}} 户使用单位发票迟传，而异常情形台账在此期间没有其迟传的登记：{{codes}}',
    en: '{{count}} using units uploaded invoices late in {{table}} from {{from}} to {{until}}, and the register of events has no late upload of theirs in that time: {{codes}}',
  },
  nameUnknown: {
    zh: '{{table}} 有 {{count}} 户迟传的开票方不在使用单位台账，无法与异常情形台账核对：{{codes}}',
    en: '{{count}} issuers that were late in {{table}} are not in the register of using units, and cannot be looked for in the register of events: {{codes}}',
  },
  lateOthers: {
    zh: '{{table}} 有开票方没有信用代码，其发票是否迟传无法归属到单位',
    en: 'some issuers in {{table}} have no credit code: whose late invoices theirs are cannot be told',
  },
  noColumn: {
    zh: '{{table}} 未声明开票方列或者上传确认时间列（columns.unit、columns.uploaded），无从判定',
    en: 'the columns of issuers and upload confirmations (columns.unit, columns.uploaded) are not declared for {{table}}',
  },
  noLimit: {
    zh: '{{table}} 未载明税务机关要求的上传期限（uploadWithin），无从判定',
    en: 'the limit that the tax bureau sets for uploads (uploadWithin) is not declared for {{table}}',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** Each using unit whose invoices the stores show to be late stands in the register of events with a late upload in that time. */
export const check = defineCheck({
  id: 'data/late-uploads-registered',
  title: { zh: '发票迟传已登记', en: 'Late uploads are registered' },
  about: {
    zh: '从数据库数出各使用单位超过期限才确认上传或者逾期未确认的发票，逐户核对异常情形台账在此期间有无迟传登记；是否及时上报由台账的报告日期判定。',
    en: 'Counts, by using unit, the invoices that the stores show to be late, and looks for each unit’s late upload in the register of events; whether it was reported in time is judged by the register’s own dates.',
  },
  reads: ['invoices', 'ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('events').default('events'),
    units: z.literal('using-units').default('using-units'),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...tableRemedies,
    unregistered: {
      zh: '立即登记并上报这些单位的迟传',
      en: 'register and report the late uploads of those units at once',
    },
    nameUnknown: { zh: '补登使用单位台账', en: 'enter them in the register of using units' },
    lateOthers: { zh: '更正开票方号码', en: 'correct the numbers of issuers' },
    noColumn: {
      zh: '在平台文件中声明 columns.unit 和 columns.uploaded',
      en: 'declare columns.unit and columns.uploaded in the platform file',
    },
    noLimit: {
      zh: '在平台文件中以 uploadWithin 载明税务机关要求的小时数',
      en: 'declare the bureau’s hours as uploadWithin in the platform file',
    },
  },

  judge(evidence, { ledger, units }, asOf) {
    const register = registerOf(evidence, ledger, asOf, 12);
    const names = registerOf(evidence, units, asOf);
    if (!register || !names) return [noLedger(register ? units : ledger)];
    const tables = invoiceTables(evidence.invoices);
    if (tables.length === 0) return [noTable()];
    const own = evidence.platform[0]?.value.unit.creditCode ?? '';
    const findings = tables.flatMap((each) => judgeTable(each, register, names, own));
    const problems = [...findings.filter(({ outcome }) => outcome !== 'met'), ...register.shortfalls];
    return problems.length > 0 ? problems : findings;
  },
});

function judgeTable(
  at: InvoicesOf,
  register: Register<'events'>,
  names: Register<'using-units'>,
  own: string,
): Finding<Says>[] {
  const { seen, table, subject } = at;
  const { stop, open } = problemsOf(at);
  if (stop) return [stop];
  const { from, until } = seen.value;
  const data: TextData = { table: table.name, from, until };
  const { issuers, uploads } = table;
  if (!issuers || !uploads) return [...open, unproven('noColumn', seen, data, subject)];
  if (uploads.within === undefined) return [...open, unproven('noLimit', seen, data, subject)];
  if (issuers.units.length + issuers.others.length + issuers.none === 0)
    return [...open, unproven('noneIssued', seen, data, subject)];
  const late = issuers.units
    .filter(([code, , , , count]) => count > 0 && keyOf(code) !== keyOf(own))
    .map(([code]) => code);
  const nameOf = new Map(names.entries.map(({ creditCode = '', name = '' }) => [keyOf(creditCode), keyOf(name)]));
  const registered = new Set(
    register.entries.filter((each) => isLateUpload(each, from)).map(({ name = '' }) => keyOf(name)),
  );
  const unknown = late.filter((code) => !nameOf.has(keyOf(code)));
  const missing = late.filter((code) => nameOf.has(keyOf(code)) && !registered.has(nameOf.get(keyOf(code)) ?? ''));
  const told = register.shortfalls.length > 0 ? unproven : unmet;
  const cites = [seen, register.seen, names.seen] as const;
  const findings: Finding<Says>[] = [
    ...open,
    ...(missing.length > 0 ? [told<Says>('unregistered', cites, { ...data, ...named(missing) }, subject)] : []),
    ...(unknown.length > 0 ? [unproven<Says>('nameUnknown', cites, { ...data, ...named(unknown) }, subject)] : []),
    ...(issuers.others.length > 0 || issuers.none > 0 || issuers.cut
      ? [unproven<Says>('lateOthers', seen, data, subject)]
      : []),
  ];
  return findings.length > 0 ? findings : [met('registered', cites, { ...data, late: late.length }, subject)];
}

function isLateUpload({ kind, on }: Entry<'events'>, from: PlainDate): boolean {
  return kind === 'late-upload' && (on ?? '') >= from;
}

const mostNamed = 10;

function named(codes: readonly string[]): TextData {
  return { count: codes.length, codes: codes.slice(0, mostNamed).join('、') + (codes.length > mostNamed ? ' …' : '') };
}
