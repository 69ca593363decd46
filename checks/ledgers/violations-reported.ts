import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { concluded, ledgerMessages, ledgerRemedies, noLedger, type Register, registerOf } from '../shared/ledger.ts';
import {
  columnMessages,
  columnRemedies,
  currentUnits,
  listed,
  missingColumns,
  type Unit,
  unitMessages,
  unitRemedies,
} from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  ...columnMessages,
  noneFound: {
    zh: '全部使用单位 {{all}} 户（含已解除的），均未发现严重违法',
    en: 'no serious violation was found with any of the {{all}} using units, those that left included',
  },
  allReported: {
    zh: '发现严重违法的使用单位 {{violations}} 户，均已上报（全部 {{all}} 户，含已解除的）',
    en: 'serious violations were found with {{violations}} of the {{all}} using units, those that left included, and all were reported',
  },
  withinLimit: {
    zh: '严重违法未上报的使用单位 {{count}} 户，共 {{all}} 户，未超过 {{percent}}%：{{entries}}',
    en: '{{count}} of {{all}} using units have a serious violation that was not reported, not more than {{percent}} %: {{entries}}',
  },
  overLimit: {
    zh: '严重违法未上报的使用单位 {{count}} 户，共 {{all}} 户，超过 {{percent}}%：{{entries}}',
    en: '{{count}} of {{all}} using units have a serious violation that was not reported, more than {{percent}} %: {{entries}}',
  },
  reportedBefore: {
    zh: '{{count}} 户的上报日期早于发现日期，不能采信：{{entries}}',
    en: '{{count}} units have a report dated before the violation was found, which cannot be relied on: {{entries}}',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** Not more than a share of the using units have a serious violation that went unreported. */
export const check = defineCheck({
  id: 'ledgers/violations-reported',
  title: { zh: '使用单位严重违法已上报', en: 'Serious violations of using units are reported' },
  about: {
    zh: '以发现严重违法而未上报的使用单位户数，分别除以全部使用单位户数（含已解除的）和在用使用单位户数，任一超过限值即为不符合；按整数比较，不作四舍五入。',
    en: 'Divides the units whose serious violation was not reported by all units that ever joined, and again among the current ones alone; either share above the limit is unmet. Whole numbers are compared, without rounding.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('using-units').default('using-units'),
    /** Percent of the units that must not be exceeded. */
    percent: z.number().min(0).max(100).multipleOf(0.01).default(1).meta(stricter.lower),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    ...columnRemedies,
    overLimit: {
      zh: '立即向主管税务机关上报，并登记上报日期',
      en: 'report them to the competent tax bureau at once, and enter the date',
    },
    reportedBefore: { zh: '核对并改正日期', en: 'verify and correct the dates' },
  },

  judge(evidence, { ledger, percent }, asOf) {
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const ever = register.entries.filter(({ joinedOn = '' }) => joinedOn <= asOf);
    const { current, problems } = currentUnits(register, asOf);
    const absent = missingColumns(register, ledger, ['seriousViolationOn', 'violationReportedOn']);
    if (absent.length > 0) return [...absent, ...problems, ...register.shortfalls];

    const before = ever.filter(({ seriousViolationOn: found, violationReportedOn: reported }) =>
      Boolean(found && reported && reported < found),
    );
    const doubts = listed<Says>(unproven, 'reportedBefore', seen, before);
    // What the ledger leaves out could bring the share down, and what it doubles could drive it up.
    const told = register.shortfalls.length + problems.length > 0 ? unproven : unmet;
    const over = overLimit(told, seen, [ever, current], percent, asOf);
    return concluded<Says>(register, [...over, ...doubts, ...problems], () => {
      const violations = ever.filter((unit) => isFound(unit, asOf)).length;
      const data = { all: ever.length, violations, percent };
      const [within] = listed<Says>(met, 'withinLimit', seen, unreported(ever, asOf), data);
      return within ?? met(violations > 0 ? 'allReported' : 'noneFound', seen, data);
    });
  },
});

// Among all units and among the current ones: neither may the many that left dilute the share, nor releasing a unit undo it.
function overLimit(
  told: typeof unmet,
  seen: Register<'using-units'>['seen'],
  groups: readonly (readonly Unit[])[],
  percent: number,
  asOf: PlainDate,
): Finding<Says>[] {
  const worst = groups.find((units) => isOver(unreported(units, asOf).length, units.length, percent));
  return worst ? listed<Says>(told, 'overLimit', seen, unreported(worst, asOf), { all: worst.length, percent }) : [];
}

// Hundredths of a percent are whole numbers.
function isOver(part: number, all: number, percent: number): boolean {
  return part * 10_000 > all * Math.round(percent * 100);
}

function unreported(units: readonly Unit[], asOf: PlainDate): Unit[] {
  return units.filter(
    (unit) => isFound(unit, asOf) && (unit.violationReportedOn === undefined || unit.violationReportedOn > asOf),
  );
}

function isFound({ seriousViolationOn }: Unit, asOf: PlainDate): boolean {
  return seriousViolationOn !== undefined && seriousViolationOn <= asOf;
}
