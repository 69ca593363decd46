import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { LedgerType } from '../../src/evidence/filed/ledger-types.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { booksOf, faultsOf, type Grant, type GrantFault, hasUnclearDates, isInForce } from '../shared/grants.ts';
import { concluded, ledgerMessages, ledgerRemedies, noLedger, type Register, registerOf } from '../shared/ledger.ts';
import { currentUnits, isInUse, listed, repeated, unitMessages, unitRemedies } from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  allFit: {
    zh: '现行授权 {{grants}} 项，使用单位和能力均在用，能力与使用单位的行业、资质相符',
    en: 'all {{grants}} grants in force are to current units, of capabilities in use that fit the unit’s industry or licences',
  },
  unitUnknown: {
    zh: '{{count}} 项授权的使用单位不在使用单位台账：{{entries}}',
    en: '{{count}} grants are to units that the ledger of using units does not have: {{entries}}',
  },
  unitNotCurrent: {
    zh: '{{count}} 项授权的使用单位已解除或尚未接入：{{entries}}',
    en: '{{count}} grants are to units that left, or are yet to join: {{entries}}',
  },
  capabilityUnknown: {
    zh: '{{count}} 项授权的能力不在能力台账：{{entries}}',
    en: '{{count}} grants are of capabilities that the ledger of capabilities does not have: {{entries}}',
  },
  capabilityStopped: {
    zh: '{{count}} 项授权的能力已停用：{{entries}}',
    en: '{{count}} grants are of capabilities that are no longer in use: {{entries}}',
  },
  unfit: {
    zh: '{{count}} 项授权的能力与使用单位的行业、资质不符：{{entries}}',
    en: '{{count}} grants are of capabilities that fit neither industry nor licences of the unit: {{entries}}',
  },
  tradesUnknown: {
    zh: '{{count}} 项授权的能力未填适用行业或资质，又未注明为公用基础能力：{{entries}}',
    en: '{{count}} grants are of capabilities without trades or licences that are not said to be public basic ones: {{entries}}',
  },
  unitTradeUnknown: {
    zh: '{{count}} 项授权的使用单位未填行业和资质：{{entries}}',
    en: '{{count}} grants are to units whose industry and licences are not entered: {{entries}}',
  },
  notConfirmed: {
    zh: '{{count}} 项授权没有使用单位的确认日期，或晚于评估基准日：{{entries}}',
    en: '{{count}} grants have no date of the unit’s confirmation, or one after the as-of date: {{entries}}',
  },
  datesUnclear: {
    zh: '{{count}} 项授权的授权、确认或终止日期缺失或互相矛盾：{{entries}}',
    en: '{{count}} grants have dates of grant, confirmation or end that are missing or contradict each other: {{entries}}',
  },
  capabilitiesTwice: {
    zh: '能力台账中 {{count}} 项在用能力与前列的名称相同：{{entries}}',
    en: '{{count}} capabilities in use have a name that stands above already in their ledger: {{entries}}',
  },
  noGrants: {
    zh: '授权台账（共 {{entries}} 条）没有现行的授权，无从判定',
    en: 'no grant is in force by the ledger ({{entries}} entries), so nothing can be judged',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const end: Text = { zh: '终止该授权并登记，或改正台账', en: 'end the grant and enter it, or correct the ledger' };
const enter: Text = { zh: '核实后补登', en: 'find out, and enter it' };

/** Every grant in force is of a capability in use, to a current unit whose industry or licences it is meant for. */
export const check = defineCheck({
  id: 'ledgers/grants-fit',
  title: { zh: '能力授权与使用单位相符', en: 'Granted capabilities fit their units' },
  about: {
    zh: '逐项核对现行授权：使用单位在用，能力在用，能力的适用行业或资质包含该单位的行业或任一资质；适用「不限」「全部」的，或未填而属公用基础能力的，适用于各行业。',
    en: 'Judges each grant in force: the unit is current, the capability is in use, and its trades or licences hold the unit’s industry or one of its licences; “不限” and “全部” fit any, and so does a public basic capability without trades.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('grants').default('grants'),
    units: z.literal('using-units').default('using-units'),
    capabilities: z.literal('capabilities').default('capabilities'),
    /** Each grant must have been confirmed by its unit. */
    confirmed: z.boolean().optional(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    unitUnknown: end,
    unitNotCurrent: end,
    capabilityUnknown: end,
    capabilityStopped: end,
    unfit: end,
    tradesUnknown: enter,
    unitTradeUnknown: enter,
    notConfirmed: { zh: '取得使用单位确认并登记日期', en: 'have the unit confirm it, and enter the date' },
    datesUnclear: { zh: '核对并改正日期', en: 'verify and correct the dates' },
    capabilitiesTwice: { zh: '每项能力只登记一条', en: 'enter each capability once' },
    noGrants: { zh: '登记全部现行的授权', en: 'enter every grant that is in force' },
  },

  judge(evidence, { ledger, units: unitsName, capabilities: capabilitiesName, confirmed }, asOf) {
    const grants = registerOf(evidence, ledger, asOf, 'start');
    const units = registerOf(evidence, unitsName, asOf, 'start');
    const capabilities = registerOf(evidence, capabilitiesName, asOf, 'start');
    if (!grants || !units || !capabilities)
      return [
        ...(grants ? [] : [noLedger(ledger)]),
        ...(units ? [] : [noLedger(unitsName)]),
        ...(capabilities ? [] : [noLedger(capabilitiesName)]),
      ];

    const all = { grants, units, capabilities };
    const shortfalls = [...grants.shortfalls, ...units.shortfalls, ...capabilities.shortfalls];
    const inForce = grants.entries.filter((grant) => isInForce(grant, asOf));
    const none =
      inForce.length === 0 ? [unproven<Says>('noGrants', grants.seen, { entries: grants.entries.length })] : [];
    const problems = [
      ...grantProblems(all, inForce, asOf),
      ...dateProblems(grants, confirmed ? inForce : [], asOf),
      ...twiceIn(capabilities, asOf),
      ...currentUnits(units, asOf).problems,
      ...none,
    ];
    return concluded<Says>({ shortfalls }, problems, () => met('allFit', citesOf(all), { grants: inForce.length }));
  },
});

type Registers = {
  readonly grants: Register<'grants'>;
  readonly units: Register<'using-units'>;
  readonly capabilities: Register<'capabilities'>;
};

function citesOf({ grants, units, capabilities }: Registers) {
  return [grants.seen, units.seen, capabilities.seen] as const;
}

function grantProblems(registers: Registers, inForce: readonly Grant[], asOf: PlainDate): Finding<Says>[] {
  const { grants, units, capabilities } = registers;
  const books = booksOf(units.entries, capabilities.entries, asOf);
  const judged = inForce.flatMap((grant) => {
    const faults = faultsOf(grant, books);
    return faults.length > 0 ? { grant, faults } : [];
  });
  // A ledger that is not whole, or ends earlier, does not show that something is not in it.
  const absent = ({ seen, shortfalls }: Register<LedgerType>) =>
    shortfalls.length > 0 || seen.value.until < grants.seen.value.until ? unproven : unmet;
  const outcomes = {
    unitUnknown: absent(units),
    unitNotCurrent: unmet,
    capabilityUnknown: absent(capabilities),
    capabilityStopped: unmet,
    unfit: unmet,
    tradesUnknown: unproven,
    unitTradeUnknown: unproven,
  } as const satisfies Record<GrantFault, typeof unmet>;
  return (Object.keys(outcomes) as GrantFault[]).flatMap((fault) =>
    listed<Says>(
      outcomes[fault],
      fault,
      citesOf(registers),
      judged.flatMap(({ grant, faults }) => (faults.includes(fault) ? named(grant) : [])),
    ),
  );
}

function dateProblems(
  { seen, entries }: Register<'grants'>,
  toConfirm: readonly Grant[],
  asOf: PlainDate,
): Finding<Says>[] {
  const unconfirmed = toConfirm.filter(({ confirmedOn }) => confirmedOn === undefined || confirmedOn > asOf);
  const unclear = entries.filter((grant) => hasUnclearDates(grant, asOf));
  return [
    ...listed<Says>(unproven, 'notConfirmed', seen, unconfirmed.map(named)),
    ...listed<Says>(unproven, 'datesUnclear', seen, unclear.map(named)),
  ];
}

function twiceIn({ seen, entries }: Register<'capabilities'>, asOf: PlainDate): Finding<Says>[] {
  const inUse = entries.filter((capability) => isInUse(capability, asOf));
  return listed<Says>(
    unproven,
    'capabilitiesTwice',
    seen,
    repeated(inUse, ({ name }) => name),
  );
}

// A unit may have many grants: the capability says which.
function named({ row, name = '', capability = '' }: Grant): { row: number; name: string } {
  return { row, name: `${name} ${capability}`.trim() };
}
