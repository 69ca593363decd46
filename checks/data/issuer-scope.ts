import { z } from 'zod';
import type { InvoiceTable } from '../../src/evidence/database/invoices.ts';
import type { PlainDate } from '../../src/evidence/dates.ts';
import { joined, type Text, type TextData, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import {
  type InvoicesOf,
  invoiceTables,
  noTable,
  problemsOf,
  tableMessages,
  tableRemedies,
} from '../shared/invoice-tables.ts';
import { ledgerMessages, ledgerRemedies, noLedger, type Register, registerOf } from '../shared/ledger.ts';
import { relations } from '../shared/unit-faults.ts';
import {
  choicesText,
  columnMessages,
  columnRemedies,
  currentUnits,
  keyOf,
  missingColumns,
  type Unit,
  unitMessages,
  unitRemedies,
} from '../shared/using-units.ts';

const { noUnits: _, ...ofUnits } = unitMessages;
const { noUnits: __, ...ofUnitsRemedies } = unitRemedies;

const messages = {
  ...conditionMessages,
  ...ledgerMessages,
  ...tableMessages,
  ...columnMessages,
  ...ofUnits,
  inScope: {
    zh: '{{table}} 在 {{from}} 至 {{until}} 的开票方共 {{issuers}} 个，均为本单位或者开票时在册的使用单位',
    en: 'the {{issuers}} issuers in {{table}} from {{from}} to {{until}} are all the unit itself, or using units of the register at that time',
  },
  strangers: {
    zh: '{{table}} 有 {{count}} 个开票方既非本单位，也不在使用单位台账：{{codes}}',
    en: '{{count}} issuers in {{table}} are neither the unit nor in the register of using units: {{codes}}',
  },
  joinedLater: {
    zh: '{{table}} 有 {{count}} 个开票方的首张发票晚于使用单位台账截止日 {{ledgerUntil}}，台账不能说明：{{codes}}',
    en: '{{count}} issuers in {{table}} first issued after the register’s last day {{ledgerUntil}}, so it cannot tell: {{codes}}',
  },
  relationOther: {
    zh: '{{table}} 有 {{count}} 个开票方与直连单位的关系不在「{{allowed}}」之内：{{codes}}',
    en: '{{count}} issuers in {{table}} stand in another relation to the unit than {{allowed}}: {{codes}}',
  },
  relationUnknown: {
    zh: '{{table}} 有 {{count}} 个开票方与直连单位的关系在台账中未填或者不详：{{codes}}',
    en: 'the relation of {{count}} issuers in {{table}} to the unit is not entered in the register, or unknown: {{codes}}',
  },
  outsideTime: {
    zh: '{{table}} 有 {{count}} 个开票方在接入之前或者解除之日及以后仍有发票：{{codes}}',
    en: '{{count}} issuers in {{table}} issued before they joined, or on or after the day they left: {{codes}}',
  },
  betweenTimes: {
    zh: '{{table}} 有 {{count}} 个开票方曾解除后再接入，其首末张发票分处两段，其间有无发票未逐张核对：{{codes}}',
    en: '{{count}} issuers in {{table}} left and joined again between their first and last invoice; whether there are invoices in between was not seen: {{codes}}',
  },
  unreadable: {
    zh: '{{table}} 有 {{count}} 个开票方号码不是统一社会信用代码（GB 32100），无法与台账核对：{{codes}}',
    en: '{{count}} issuers in {{table}} have a number that is no credit code (GB 32100) and cannot be compared with the register: {{codes}}',
  },
  nameless: {
    zh: '{{table}} 有 {{count}} 条记录没有开票方号码',
    en: '{{count}} rows of {{table}} name no issuer',
  },
  noIssuers: {
    zh: '{{table}} 未声明开票方列（columns.unit），无从核对开票方',
    en: 'the column of issuers (columns.unit) is not declared for {{table}}: nothing is known of them',
  },
  cut: {
    zh: '{{table}} 的开票方过多，未全部核对',
    en: 'there are too many issuers in {{table}}; not all were looked at',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;
type Listed = readonly [code: string, invoices: number, first: PlainDate, last: PlainDate];

/** Whoever issued an invoice is the unit itself, or was a registered using unit at that time, of an allowed relation. */
export const check = defineCheck({
  id: 'data/issuer-scope',
  title: { zh: '开票方范围', en: 'Issuers are registered units' },
  about: {
    zh: '把数据库中近一年每个开票方的统一社会信用代码与本单位和使用单位台账核对：须在册、关系在允许范围内，首末张发票在接入与解除日期之间；不是信用代码的号码只记掩码和哈希，未能核对。',
    en: 'Compares the credit code of every issuer in the stores of the last year with the unit and its register of using units: registered, of an allowed relation, first and last invoice between joining and leaving. Numbers that are no credit code are kept masked and hashed, and stay open.',
  },
  reads: ['facts', 'invoices', 'ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('using-units').default('using-units'),
    /** Relations to the unit that an issuer may stand in; without it any. */
    relations: z.array(z.enum(relations)).min(1).optional(),
    /** Binds only where a fact says so. */
    when: condition.optional(),
  }),
  messages,
  remedies: {
    ...conditionRemedies,
    ...ledgerRemedies,
    ...tableRemedies,
    ...columnRemedies,
    ...ofUnitsRemedies,
    strangers: {
      zh: '立即停止为未登记的单位开票，核实来源；应登记的补登台账',
      en: 'stop issuing for units that are not registered, find out whose they are, and enter those that belong in the register',
    },
    joinedLater: { zh: '更新使用单位台账', en: 'bring the register of using units up to date' },
    relationOther: { zh: '停止为无相应关系的单位开票', en: 'stop issuing for units without such a relation' },
    relationUnknown: { zh: '在台账中填明关系', en: 'enter the relation in the register' },
    outsideTime: {
      zh: '停止为已解除的单位开票，核对接入与解除日期',
      en: 'stop issuing for units that left, and verify the dates of joining and leaving',
    },
    betweenTimes: {
      zh: '由本单位查询这些单位解除期间有无发票',
      en: 'query whether those units issued while they were not registered',
    },
    unreadable: { zh: '核对这些开票方的号码', en: 'verify the numbers of those issuers' },
    nameless: { zh: '补全开票方', en: 'fill in the issuer' },
    noIssuers: { zh: '在平台文件中声明 columns.unit', en: 'declare columns.unit in the platform file' },
    cut: { zh: '分库扫描', en: 'scan the stores apart' },
  },

  judge(evidence, { ledger, relations: allowed, when }, asOf) {
    const unbound = unlessBinding(evidence.facts, when);
    if (unbound) return [unbound];
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const tables = invoiceTables(evidence.invoices);
    if (tables.length === 0) return [noTable()];
    const own = evidence.platform[0]?.value.unit.creditCode ?? '';
    const absent = missingColumns(register, ledger, [
      'creditCode',
      'joinedOn',
      ...(allowed ? (['relation'] as const) : []),
    ]);
    if (absent.length > 0) return [...absent, ...register.shortfalls];
    const unclear = currentUnits(register, asOf).problems.flatMap(({ says, ...rest }) =>
      says === 'noUnits' ? [] : [{ ...rest, says }],
    );
    const findings = tables.flatMap((each) => judgeTable(each, register, own, allowed));
    const problems = [...findings.filter(({ outcome }) => outcome !== 'met'), ...unclear, ...register.shortfalls];
    return problems.length > 0 ? problems : findings;
  },
});

function judgeTable(
  at: InvoicesOf,
  register: Register<'using-units'>,
  own: string,
  allowed: readonly string[] | undefined,
): Finding<Says>[] {
  const { seen, table, subject } = at;
  const { stop, open } = problemsOf(at);
  if (stop) return [stop];
  const { from, until } = seen.value;
  const data: TextData = { table: table.name, from, until };
  if (!table.issuers) return [...open, unproven('noIssuers', seen, data, subject)];
  const { units, others, none } = table.issuers;
  if (units.length + others.length === 0 && none === 0) return [...open, unproven('noneIssued', seen, data, subject)];
  const findings = [...open, ...gaps(at, table.issuers), ...faults(at, register, own, allowed)];
  return findings.length > 0
    ? findings
    : [met('inScope', [seen, register.seen], { ...data, issuers: units.length }, subject)];
}

function gaps(
  { seen, table, subject }: InvoicesOf,
  { others, none, cut }: NonNullable<InvoiceTable['issuers']>,
): Finding<Says>[] {
  const data = { table: table.name };
  return [
    ...(others.length > 0
      ? [
          unproven<Says>(
            'unreadable',
            seen,
            { ...data, count: others.length, codes: codesText(others.map(asListed)) },
            subject,
          ),
        ]
      : []),
    ...(none > 0 ? [unproven<Says>('nameless', seen, { ...data, count: none }, subject)] : []),
    ...(cut ? [unproven<Says>('cut', seen, data, subject)] : []),
  ];
}

function asListed({ masked, invoices, first, last }: NonNullable<InvoiceTable['issuers']>['others'][number]): Listed {
  return [masked, invoices, first, last];
}

function faults(
  { seen, table, subject }: InvoicesOf,
  { seen: ledger, entries, shortfalls }: Register<'using-units'>,
  own: string,
  allowed: readonly string[] | undefined,
): Finding<Says>[] {
  const byCode = Map.groupBy(entries, (unit) => keyOf(unit.creditCode ?? ''));
  const found: Record<Fault | 'strangers' | 'joinedLater', Listed[]> = {
    strangers: [],
    joinedLater: [],
    relationOther: [],
    relationUnknown: [],
    outsideTime: [],
    betweenTimes: [],
  };
  for (const [code, invoices, first, last] of table.issuers?.units ?? []) {
    if (keyOf(code) === keyOf(own)) continue;
    const units = byCode.get(keyOf(code));
    const says = units
      ? faultOf(units, first, last, allowed)
      : first > ledger.value.until
        ? 'joinedLater'
        : 'strangers';
    if (says) found[says].push([code, invoices, first, last]);
  }
  // What the register leaves out may be registered for all that.
  const told = {
    strangers: shortfalls.length > 0 ? unproven : unmet,
    relationOther: unmet,
    outsideTime: unmet,
  } as const;
  return Object.entries(found).flatMap(([key, list]): Finding<Says>[] => {
    if (list.length === 0) return [];
    const says = key as keyof typeof found;
    const outcome = says in told ? told[says as keyof typeof told] : unproven;
    const words = allowed ? choicesText('using-units', 'relation', allowed) : verbatim('');
    const data = {
      table: table.name,
      count: list.length,
      codes: codesText(list),
      allowed: words,
      ledgerUntil: ledger.value.until,
    };
    return [outcome<Says>(says, [seen, ledger], data, subject)];
  });
}

type Fault = 'relationOther' | 'relationUnknown' | 'outsideTime' | 'betweenTimes';

function faultOf(
  units: readonly Unit[],
  first: PlainDate,
  last: PlainDate,
  allowed: readonly string[] | undefined,
): Fault | undefined {
  const times = timesOf(units);
  const at = (date: PlainDate): number => times.findIndex(({ from, until }) => from <= date && date < until);
  if (times.length > 0 && (at(first) < 0 || at(last) < 0)) return 'outsideTime';
  const known = units.map(({ relation }) => relation ?? 'unknown');
  if (allowed && known.some((each) => each !== 'unknown' && !allowed.includes(each))) return 'relationOther';
  if (at(first) !== at(last)) return 'betweenTimes';
  return allowed && known.includes('unknown') ? 'relationUnknown' : undefined;
}

// A unit may have left and joined again: one line for each time. Dates that contradict each other are said apart.
function timesOf(units: readonly Unit[]): { from: PlainDate; until: PlainDate }[] {
  const times: { from: PlainDate; until: PlainDate }[] = [];
  const all = units.flatMap(({ joinedOn: from, leftOn = '9999-12-31' }) =>
    from === undefined ? [] : [{ from, until: leftOn < from ? '9999-12-31' : leftOn }],
  );
  for (const each of all.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const before = times.at(-1);
    if (before && each.from <= before.until) before.until = each.until > before.until ? each.until : before.until;
    else times.push({ ...each });
  }
  return times;
}

const mostNamed = 10;

function codesText(list: readonly Listed[]): Text {
  const named = list.slice(0, mostNamed).map(
    ([code, invoices, first, last]): Text => ({
      zh: `${code}（${invoices} 张，${first} 至 ${last}）`,
      en: `${code} (${invoices} invoices, ${first} to ${last})`,
    }),
  );
  const more = list.length > mostNamed ? [{ zh: '…', en: '…' }] : [];
  return joined([...named, ...more], '、', ', ');
}
