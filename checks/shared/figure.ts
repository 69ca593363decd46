import { z } from 'zod';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import { type BaseUnit, baseUnits, figureText, sumOf } from '../../src/evidence/money.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { decimal } from '../../src/evidence/schemas.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, stricter, unproven } from '../check.ts';
import { differingMessage, differingRemedy, factNamed, formTitles } from './facts.ts';

/** Why a declared figure cannot be told. */
export const figureMessages = {
  monthsMissing: {
    zh: '{{from}} 至 {{to}} 缺少 {{missing}} 的数据；其余月份合计 {{amount}}，要求不低于 {{threshold}}',
    en: '{{missing}} are missing between {{from}} and {{to}}; the other months sum up to {{amount}}; at least {{threshold}} is asked',
  },
  yearMissing: {
    zh: '缺少 {{year}} 年的数据，要求不低于 {{threshold}}',
    en: 'the year {{year}} is missing; at least {{threshold}} is asked',
  },
  otherForm: {
    zh: '申报的是{{declared}}，应为{{needed}}',
    en: 'declared as {{declared}}; {{needed}} is asked',
  },
  otherUnit: {
    zh: '申报数据以「{{declared}}」计，应以「{{needed}}」计',
    en: 'the figure is declared in {{declared}}; it must be in {{needed}}',
  },
  differing: differingMessage,
  noEvidence: {
    zh: '没有该数据的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of this figure: it is not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

type FigureSays = keyof typeof figureMessages;

/** What to do about these. */
export const figureRemedies = {
  monthsMissing: { zh: '补齐所缺月份的数据', en: 'declare the missing months' },
  yearMissing: { zh: '补报 {{year}} 年的数据', en: 'declare the year {{year}}' },
  otherForm: { zh: '按要求的形式填报', en: 'declare it in the form that is asked' },
  otherUnit: { zh: '按要求的计量单位填报', en: 'declare it in the unit that is asked' },
  differing: differingRemedy,
  noEvidence: {
    zh: '在平台文件 facts 中填报，并附原始材料',
    en: 'declare it under facts of the platform file, with its source document',
  },
} as const satisfies Record<FigureSays, Text>;

/** Names of facts that are summed up; a name that stood twice would count twice. */
export const factNames = z
  .array(z.string())
  .min(1)
  .refine((names) => new Set(names).size === names.length, { error: '名称重复 | a name stands twice' });

/** The parameters of a threshold. */
export const thresholdShape = {
  /** The threshold, in `unit`. */
  amount: decimal.meta(stricter.higher),
  unit: z.enum(baseUnits).default('元'),
  /** Sums a monthly series over so many full months before the as-of date's month. */
  months: z.int().positive().optional(),
  /** Takes the value of a yearly series for the calendar year before the as-of date's. */
  previousYear: z.literal(true).optional(),
};

/** Whether the parameters name one period at most. */
export function onePeriod({ months, previousYear }: { months?: unknown; previousYear?: unknown }): boolean {
  return months === undefined || previousYear === undefined;
}

export const onePeriodError = { error: 'months 与 previousYear 只能写一个 | either months or previousYear, not both' };

/** A threshold, and the facts whose sum must reach it. */
export type Asked = {
  readonly facts: readonly string[];
  readonly amount: string;
  readonly unit: BaseUnit;
  readonly months?: number | undefined;
  readonly previousYear?: true | undefined;
};

/** A figure that is known: its exact amount, and how a reader is told of it. */
export type Known = {
  readonly amount: string;
  readonly what: Text;
  readonly cites: readonly [Seen<Fact>, ...Seen<Fact>[]];
};

type Part = { readonly fact: Seen<Fact>; readonly amount: string };

/** The sum of the declared facts, each in the form and unit that is asked; or why it cannot be told. */
export function figureFrom(
  facts: readonly Seen<Fact>[],
  asked: Asked,
  asOf: PlainDate,
): Known | { readonly unknown: readonly Finding<FigureSays>[] } {
  const parts = asked.facts.map((name) => partOf(facts, name, asked, asOf));
  const unknown = parts.flatMap((part) => ('says' in part ? [part] : []));
  const [first, ...others] = parts.flatMap((part) => ('fact' in part ? [part] : []));
  if (!first || unknown.length > 0) return { unknown };
  const amount = sumOf([first, ...others].map((part) => part.amount));
  return { amount, what: described(amount, asked, asOf), cites: [first.fact, ...others.map((part) => part.fact)] };
}

function partOf(facts: readonly Seen<Fact>[], name: string, asked: Asked, asOf: PlainDate): Part | Finding<FigureSays> {
  const found = factNamed(facts, name);
  if ('none' in found) return unproven('noEvidence', [], {}, name);
  if ('differing' in found) return unproven('differing', found.differing, { name });
  const { value } = found.one.value;
  const needed = asked.months ? 'monthly' : asked.previousYear ? 'yearly' : 'amount';
  if ('unit' in value && value.type === needed && value.unit !== asked.unit)
    return unproven('otherUnit', found.one, { declared: value.unit, needed: asked.unit });
  if (value.type === 'amount' && needed === 'amount') return { fact: found.one, amount: value.amount };
  if (value.type === 'monthly' && needed === 'monthly') return ofMonths(found.one, value.months, asked, asOf);
  if (value.type === 'yearly' && needed === 'yearly') return ofYear(found.one, value.years, asked, asOf);
  return unproven('otherForm', found.one, { declared: formTitles[value.type], needed: formTitles[needed] });
}

function ofMonths(
  fact: Seen<Fact>,
  months: Readonly<Record<Month, string>>,
  asked: Asked,
  asOf: PlainDate,
): Part | Finding<FigureSays> {
  const { from, to, window } = windowOf(asked, asOf);
  const given = window.flatMap((month) => own(months, month) ?? []);
  const missing = window.filter((month) => own(months, month) === undefined);
  if (missing.length === 0) return { fact, amount: sumOf(given) };
  const named = { zh: missing.join('、'), en: missing.join(', ') };
  const amount = textIn(asked, sumOf(given));
  return unproven('monthsMissing', fact, { from, to, missing: named, amount, threshold: textIn(asked, asked.amount) });
}

function ofYear(
  fact: Seen<Fact>,
  years: Readonly<Record<string, string>>,
  asked: Asked,
  asOf: PlainDate,
): Part | Finding<FigureSays> {
  const year = yearBefore(asOf);
  const amount = own(years, year);
  if (amount !== undefined) return { fact, amount };
  return unproven('yearMissing', fact, { year, threshold: textIn(asked, asked.amount) });
}

function described(amount: string, asked: Asked, asOf: PlainDate): Text {
  const { zh, en } = textIn(asked, amount);
  const several = asked.facts.length > 1;
  if (asked.months) {
    const { from, to } = windowOf(asked, asOf);
    return {
      zh: `${from} 至 ${to} 共 ${asked.months} 个月合计 ${zh}`,
      en: `${en} over the ${asked.months} months ${from} to ${to}`,
    };
  }
  const sum = several ? { zh: `合计 ${zh}`, en: `${en} in all` } : { zh, en };
  if (!asked.previousYear) return sum;
  const year = yearBefore(asOf);
  return { zh: `${year} 年${several ? '' : ' '}${sum.zh}`, en: `${sum.en} in ${year}` };
}

function windowOf({ months = 0 }: Asked, asOf: PlainDate): { from: Month; to: Month; window: Month[] } {
  const from = addToMonth(monthOf(asOf), -months);
  const to = addToMonth(monthOf(asOf), -1);
  return { from, to, window: monthsFrom(from, to) };
}

function yearBefore(asOf: PlainDate): string {
  return String(Number(asOf.slice(0, 4)) - 1).padStart(4, '0');
}

function own(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** An amount in the unit that is asked, as a reader sees it. */
export function textIn({ unit }: Pick<Asked, 'unit'>, amount: string): Text {
  return figureText({ amount, unit });
}
