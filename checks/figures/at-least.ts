import { z } from 'zod';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import { type BaseUnit, baseUnits, distanceOf, figureText, isAtLeast, sumOf } from '../../src/evidence/money.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { decimal } from '../../src/evidence/schemas.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';

const messages = {
  reached: {
    zh: '{{amount}}，不低于 {{threshold}}，高出 {{margin}}',
    en: '{{amount}}; at least {{threshold}} is asked; {{margin}} above',
  },
  below: {
    zh: '{{amount}}，低于 {{threshold}}，相差 {{margin}}',
    en: '{{amount}}; at least {{threshold}} is asked; {{margin}} short',
  },
  reachedOver: {
    zh: '{{from}} 至 {{to}} 共 {{months}} 个月合计 {{amount}}，不低于 {{threshold}}，高出 {{margin}}',
    en: '{{amount}} over the {{months}} months {{from}} to {{to}}; at least {{threshold}} is asked; {{margin}} above',
  },
  belowOver: {
    zh: '{{from}} 至 {{to}} 共 {{months}} 个月合计 {{amount}}，低于 {{threshold}}，相差 {{margin}}',
    en: '{{amount}} over the {{months}} months {{from}} to {{to}}; at least {{threshold}} is asked; {{margin}} short',
  },
  monthsMissing: {
    zh: '{{from}} 至 {{to}} 缺少 {{missing}} 的数据；其余月份合计 {{amount}}，要求不低于 {{threshold}}',
    en: '{{missing}} are missing between {{from}} and {{to}}; the other months sum up to {{amount}}; at least {{threshold}} is asked',
  },
  otherForm: {
    zh: '申报的是{{declared}}，应为{{asked}}',
    en: 'declared as {{declared}}; {{asked}} is asked',
  },
  otherUnit: {
    zh: '申报数据以「{{declared}}」计，应以「{{asked}}」计',
    en: 'the figure is declared in {{declared}}; it must be in {{asked}}',
  },
  noEvidence: {
    zh: '没有该数据的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of this figure: it is not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A declared figure, or the sum of its last full calendar months, reaches a threshold. */
export const check = defineCheck({
  id: 'figures/at-least',
  title: { zh: '申报数据达到下限', en: 'A figure reaches its threshold' },
  about: {
    zh: '将申报数据与规范的下限作精确十进制比较；按月的数据取评估基准日所在月份之前的整月合计，缺任何一个月都不判定为符合。',
    en: 'Compares a declared figure with the threshold in exact decimals; of a monthly series the full calendar months before the as-of date’s month are summed, and none may be missing.',
  },
  reads: ['facts'],
  parameters: z.strictObject({
    /** The fact's name. */
    fact: z.string(),
    /** The threshold, in `unit`. */
    amount: decimal,
    unit: z.enum(baseUnits).default('元'),
    /** Sums a monthly series over so many full months before the as-of date's month. */
    months: z.int().positive().optional(),
  }),
  messages,
  remedies: {
    below: {
      zh: '核实数据；确未达到的，不具备条件',
      en: 'verify the figure; if it is right, the condition is not met',
    },
    belowOver: {
      zh: '核实各月数据；确未达到的，不具备条件',
      en: 'verify each month; if they are right, the condition is not met',
    },
    monthsMissing: { zh: '补齐所缺月份的数据', en: 'declare the missing months' },
    otherForm: { zh: '按要求的形式填报', en: 'declare it in the form that is asked' },
    otherUnit: { zh: '按要求的计量单位填报', en: 'declare it in the unit that is asked' },
    noEvidence: {
      zh: '在平台文件 facts 中填报，并附原始材料',
      en: 'declare it under facts of the platform file, with its source document',
    },
  },

  judge({ facts }, { fact: name, months, ...asked }, asOf) {
    const named = facts.filter((fact) => fact.value.name === name);
    if (named.length === 0) return [unproven('noEvidence', [], {}, name)];
    return named.map((fact) => (months === undefined ? single(fact, asked) : series(fact, asked, months, asOf)));
  },
});

type Asked = { readonly amount: string; readonly unit: BaseUnit };

function single(fact: Seen<Fact>, asked: Asked): Finding<Says> {
  const { value } = fact.value;
  if (value.type !== 'amount') return otherForm(fact, 'amount');
  if (value.unit !== asked.unit) return otherUnit(fact, value.unit, asked.unit);
  return isAtLeast(value.amount, asked.amount)
    ? met('reached', fact, compared(value.amount, asked))
    : unmet('below', fact, compared(value.amount, asked));
}

function series(fact: Seen<Fact>, asked: Asked, months: number, asOf: PlainDate): Finding<Says> {
  const { value } = fact.value;
  if (value.type !== 'monthly') return otherForm(fact, 'monthly');
  if (value.unit !== asked.unit) return otherUnit(fact, value.unit, asked.unit);
  const from = addToMonth(monthOf(asOf), -months);
  const to = addToMonth(monthOf(asOf), -1);
  const window = monthsFrom(from, to);
  const given = window.flatMap((month) => amountIn(value.months, month) ?? []);
  const data = { ...compared(sumOf(given), asked), from, to, months };
  const missing = window.filter((month) => amountIn(value.months, month) === undefined);
  if (missing.length > 0)
    return unproven('monthsMissing', fact, {
      ...data,
      missing: { zh: missing.join('、'), en: missing.join(', ') },
    });
  return isAtLeast(sumOf(given), asked.amount) ? met('reachedOver', fact, data) : unmet('belowOver', fact, data);
}

function amountIn(months: Readonly<Record<Month, string>>, month: Month): string | undefined {
  return Object.hasOwn(months, month) ? months[month] : undefined;
}

function compared(amount: string, asked: Asked): TextData {
  const text = (figure: string): Text => figureText({ amount: figure, unit: asked.unit });
  return { amount: text(amount), threshold: text(asked.amount), margin: text(distanceOf(amount, asked.amount)) };
}

const formTitles: Readonly<Record<Fact['value']['type'], Text>> = {
  amount: { zh: '单个数值', en: 'one figure' },
  monthly: { zh: '按月的数据', en: 'a monthly series' },
  ratings: { zh: '信用级别', en: 'ratings' },
  date: { zh: '日期', en: 'a date' },
  text: { zh: '文字', en: 'a text' },
};

function otherForm(fact: Seen<Fact>, asked: 'amount' | 'monthly'): Finding<Says> {
  return unproven('otherForm', fact, { declared: formTitles[fact.value.value.type], asked: formTitles[asked] });
}

function otherUnit(fact: Seen<Fact>, declared: BaseUnit, asked: BaseUnit): Finding<Says> {
  return unproven('otherUnit', fact, { declared, asked });
}
