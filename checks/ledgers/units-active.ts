import { z } from 'zod';
import { monthsBefore } from '../../src/evidence/dates.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, met, stricter, unmet, unproven } from '../check.ts';
import { concluded, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import {
  columnMessages,
  columnRemedies,
  currentUnits,
  listed,
  missingColumns,
  unitMessages,
  unitRemedies,
} from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  ...columnMessages,
  enough: {
    zh: '{{from}}（不含）至 {{until}} 使用过能力的在用使用单位 {{active}} 户，共 {{all}} 户，占 {{percent}}%，不低于 {{share}}%（{{needed}} 户）',
    en: '{{active}} of {{all}} current using units ({{percent}} %) used a capability after {{from}} and until {{until}}; at least {{share}} % ({{needed}} units) are asked',
  },
  tooFew: {
    zh: '{{from}}（不含）至 {{until}} 使用过能力的在用使用单位 {{active}} 户，共 {{all}} 户，占 {{percent}}%，低于 {{share}}%（{{needed}} 户）',
    en: 'only {{active}} of {{all}} current using units ({{percent}} %) used a capability after {{from}} and until {{until}}; at least {{share}} % ({{needed}} units) are asked',
  },
  usedAhead: {
    zh: '{{count}} 户的最近使用日期晚于台账截止日 {{until}}，不能采信：{{entries}}',
    en: '{{count}} units were last used after the ledger’s last day {{until}}, which cannot be relied on: {{entries}}',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A share of the current using units used a capability in the last months of the ledger. */
export const check = defineCheck({
  id: 'ledgers/units-active',
  title: { zh: '使用单位活跃度', en: 'Using units are active' },
  about: {
    zh: '以台账截止日前若干个月内使用过能力的在用使用单位户数除以全部在用使用单位户数，按整数比较，不作四舍五入；未填最近使用日期的按未使用计，已解除的不计入。',
    en: 'Divides the current using units that used a capability in the last months before the ledger’s last day by all current ones, in whole numbers without rounding; a unit without a date of use counts as not active, one that left does not count.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('using-units').default('using-units'),
    /** Percent of all current units that must be active. */
    share: z.number().positive().max(100).multipleOf(0.01).default(20).meta(stricter.higher),
    /** Calendar months before the ledger's last day. */
    months: z.int().positive().default(12),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    ...columnRemedies,
    tooFew: {
      zh: '与长期未使用的使用单位核实需要，确不使用的解除并登记',
      en: 'ask the units that do not use it whether they need it; release those that do not, and enter it',
    },
    usedAhead: { zh: '核对并改正日期', en: 'verify and correct the dates' },
  },

  judge(evidence, { ledger, share, months }, asOf) {
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const { seen, shortfalls } = register;
    const absent = missingColumns(register, ledger, ['lastUsedOn']);
    const { current, problems } = currentUnits(register, asOf);
    if (absent.length > 0 || current.length === 0) return [...absent, ...problems, ...shortfalls];

    const { until } = seen.value;
    const from = monthsBefore(until, months);
    const active = current.filter((unit) => unit.lastUsedOn !== undefined && unit.lastUsedOn > from);
    const ahead = active.filter((unit) => unit.lastUsedOn !== undefined && unit.lastUsedOn > until);
    const needed = neededOf(current.length, share);
    const counts = { active: active.length, all: current.length, percent: percentOf(active.length, current.length) };
    const data = { ...counts, from, until, share, needed };
    // What the ledger leaves out could have been active, and what it doubles could make the share look small.
    const told = shortfalls.length + problems.length > 0 ? unproven : unmet;
    const tooFew = active.length < needed ? [told<Says>('tooFew', seen, data)] : [];
    const doubts = listed<Says>(unproven, 'usedAhead', seen, ahead, { until });
    return concluded<Says>(register, [...tooFew, ...doubts, ...problems], () => met('enough', seen, data));
  },
});

// Hundredths of a percent are whole numbers, so that 20 % of 5 is 1 and not a hair more.
function neededOf(all: number, share: number): number {
  return Math.ceil((all * Math.round(share * 100)) / 10_000);
}

// Rounded down: 19.999 % must not read as 20.
function percentOf(part: number, all: number): number {
  return Math.floor((part * 10_000) / all) / 100;
}
