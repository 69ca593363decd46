import { z } from 'zod';
import { defineCheck } from '../check.ts';
import {
  factNames,
  figureFrom,
  figureMessages,
  figureRemedies,
  onePeriod,
  onePeriodError,
  thresholdShape,
} from '../shared/figure.ts';
import { reliefSchema, thresholdMessages, thresholdRemedies, weighed } from '../shared/threshold.ts';

/** A declared figure, or the sum of several, reaches a threshold: over its last full calendar months, or in the year before. */
export const check = defineCheck({
  id: 'figures/at-least',
  title: { zh: '申报数据达到下限', en: 'A figure reaches its threshold' },
  about: {
    zh: '将申报数据（可为多项之和）与规范的下限作精确十进制比较；按月的数据取评估基准日所在月份之前的整月合计，按年的数据取上一日历年，缺任何一个月、一年或一项都不判定为符合。经税务机关核定的较低下限，以持有且写明数额的核定文件为准。',
    en: 'Compares a declared figure, or a sum of several, with the threshold in exact decimals; of a monthly series the full calendar months before the as-of date’s month are summed, of a yearly one the calendar year before is taken, and nothing may be missing. A lower threshold that the authority granted counts only with its paper, held and stating the amount.',
  },
  reads: ['facts', 'documents'],
  parameters: z
    .strictObject({
      /** The fact's name. */
      fact: z.string().optional(),
      /** Names of facts that are summed up. */
      facts: factNames.optional(),
      ...thresholdShape,
      relief: reliefSchema.optional(),
    })
    .refine(({ fact, facts }) => (fact === undefined) !== (facts === undefined), {
      error: 'fact 与 facts 写且只写一个 | either fact or facts is needed, not both',
    })
    .refine(onePeriod, onePeriodError),
  messages: { ...thresholdMessages, ...figureMessages },
  remedies: { ...thresholdRemedies, ...figureRemedies },

  judge(evidence, { fact, facts = fact === undefined ? [] : [fact], relief, ...threshold }, asOf) {
    const asked = { facts, ...threshold };
    const figure = figureFrom(evidence.facts, asked, asOf);
    return 'unknown' in figure ? figure.unknown : [weighed(figure, asked, relief, evidence, asOf)];
  },
});
