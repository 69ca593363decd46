import { z } from 'zod';
import type { Invoices } from '../../src/evidence/database/invoices.ts';
import { monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { invoiceTables, noTable, problemsOf, tableMessages, tableRemedies } from '../shared/invoice-tables.ts';
import { ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import {
  columnMessages,
  columnRemedies,
  currentUnits,
  keyOf,
  missingColumns,
  unitMessages,
  unitRemedies,
} from '../shared/using-units.ts';

const { noneIssued: _, undated: __, ...ofTables } = tableMessages;
const { noneIssued: ___, undated: ____, ...ofTablesRemedies } = tableRemedies;

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  ...columnMessages,
  ...ofTables,
  active: {
    zh: '实测：{{from}}（不含）至 {{until}} 经平台开票的在用使用单位 {{active}} 户，共 {{all}} 户，不低于 {{share}}%（{{needed}} 户）；台账记载近 {{months}} 个月使用过能力的 {{declared}} 户，其中 {{unseen}} 户在库内没有发票',
    en: 'measured: {{active}} of {{all}} current using units issued through the platform after {{from}} and until {{until}}; at least {{share}} % ({{needed}}) are asked. The register has {{declared}} that used a capability in {{months}} months, {{unseen}} of them without an invoice in the stores',
  },
  otherCapabilities: {
    zh: '实测与台账不一致：{{from}}（不含）至 {{until}} 经平台开票的在用使用单位 {{active}} 户（共 {{all}} 户，要求 {{needed}} 户），台账记载使用过能力的 {{declared}} 户；其余 {{unseen}} 户是否使用过开票以外的能力，库内不能证明',
    en: 'stores and register disagree: {{active}} of {{all}} current using units issued after {{from}} and until {{until}} ({{needed}} are asked), the register has {{declared}} that used a capability; whether the other {{unseen}} used one beside issuing does not show in the stores',
  },
  tooFew: {
    zh: '{{from}}（不含）至 {{until}} 经平台开票的在用使用单位 {{active}} 户，台账记载使用过能力的 {{declared}} 户，均低于 {{needed}} 户（共 {{all}} 户的 {{share}}%）',
    en: 'after {{from}} and until {{until}} {{active}} current using units issued through the platform, and the register has {{declared}} that used a capability: both fewer than {{needed}} ({{share}} % of {{all}})',
  },
  incomplete: {
    zh: '{{store}} 的开票方未能全部看到（未声明开票方列、号码不是信用代码、记录没有时间或者过多），户数可能偏少',
    en: 'not every issuer of {{store}} was seen (no column of issuers, numbers that are no credit code, rows without a time, too many): there may be more units',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A share of the current using units issued invoices through the platform in the last months, by the stores themselves. */
export const check = defineCheck({
  id: 'data/units-active',
  title: { zh: '使用单位活跃度（实测）', en: 'Using units are active, as the stores show' },
  about: {
    zh: '数出近若干个月在数据库中确有发票的在用使用单位户数，与台账的最近使用日期对照；库内只见开票，户数不足而台账记载足够的，列出两者、不作判定。',
    en: 'Counts the current using units that have invoices in the stores in the last months, beside the register’s dates of use. The stores show issuing alone: where they show too few and the register enough, both are shown and nothing is decided.',
  },
  reads: ['invoices', 'ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('using-units').default('using-units'),
    /** Percent of all current units that must be active. */
    share: z.number().positive().max(100).multipleOf(0.01).default(20).meta(stricter.higher),
    /** Calendar months before the observation. */
    months: z.int().min(1).max(12).default(12),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    ...columnRemedies,
    ...ofTablesRemedies,
    otherCapabilities: {
      zh: '对库内没有发票的使用单位，提供其使用其他能力的记录，或者更正台账',
      en: 'show that the units without invoices used other capabilities, or correct the register',
    },
    tooFew: {
      zh: '与长期未使用的使用单位核实需要，确不使用的解除并登记',
      en: 'ask the units that do not use it whether they need it; release those that do not, and enter it',
    },
    incomplete: {
      zh: '声明 columns.unit，并更正开票方号码和时间',
      en: 'declare columns.unit, and correct numbers and times of issuers',
    },
  },

  judge(evidence, { ledger, share, months }, asOf) {
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const tables = invoiceTables(evidence.invoices);
    const [first] = evidence.invoices;
    if (tables.length === 0 || !first) return [noTable()];
    const { seen, shortfalls } = register;
    const absent = missingColumns(register, ledger, ['creditCode', 'lastUsedOn']);
    const { current, problems } = currentUnits(register, asOf);
    if (absent.length > 0 || current.length === 0) return [...absent, ...problems, ...shortfalls];

    const issued = lastIssued(evidence.invoices, months);
    const from = monthsBefore(first.on, months);
    const since = monthsBefore(seen.value.until, months);
    const active = current.filter(({ creditCode = '' }) => issued.has(keyOf(creditCode)));
    const declared = current.filter(({ lastUsedOn }) => lastUsedOn !== undefined && lastUsedOn > since);
    const unseen = declared.filter(({ creditCode = '' }) => !issued.has(keyOf(creditCode)));
    const needed = Math.ceil((current.length * Math.round(share * 100)) / 10_000);
    const counts = { active: active.length, declared: declared.length, unseen: unseen.length, all: current.length };
    const data = { ...counts, from, until: first.on, share, months, needed };
    const cites = [...evidence.invoices, seen] as const;
    const [one, ...more] = cites;
    const open = [...gaps(evidence.invoices), ...problems, ...shortfalls];
    if (!one) return [noTable()];
    // Who is not seen could only raise the number of those who are active; what the register leaves out could lower their share.
    if (active.length >= needed) {
      const doubts = [...problems, ...shortfalls];
      return doubts.length > 0 ? doubts : [met<Says>('active', [one, ...more], data, seen.subject)];
    }
    if (declared.length >= needed) return [unproven<Says>('otherCapabilities', cites, data, seen.subject), ...open];
    return [(open.length > 0 ? unproven : unmet)<Says>('tooFew', [one, ...more], data, seen.subject), ...open];
  },
});

/** Credit codes with an invoice in the months before the observation. */
function lastIssued(invoices: readonly Seen<Invoices>[], months: number): ReadonlySet<string> {
  const active = new Set<string>();
  for (const { seen, table } of invoiceTables(invoices)) {
    const from: PlainDate = monthsBefore(seen.on, months);
    for (const [code, , , last] of table.issuers?.units ?? []) if (last > from) active.add(keyOf(code));
  }
  return active;
}

function gaps(invoices: readonly Seen<Invoices>[]): Finding<Says>[] {
  return invoiceTables(invoices).flatMap((at): Finding<Says>[] => {
    const { seen, table, subject } = at;
    const { stop } = problemsOf(at);
    if (stop) return [stop];
    const { issuers, undated } = table;
    const isWhole = issuers && !issuers.cut && issuers.others.length === 0 && issuers.none === 0 && undated === 0;
    return isWhole ? [] : [unproven('incomplete', seen, { store: subject }, subject)];
  });
}
