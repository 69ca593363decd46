import { z } from 'zod';
import { defineCheck, type Finding } from '../check.ts';
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

const messages = {
  ...thresholdMessages,
  ...figureMessages,
  undecided: {
    zh: '{{what}}，低于 {{threshold}}，相差 {{margin}}；其他任一项是否达到尚不能判定',
    en: '{{what}}; at least {{threshold}} is asked; {{margin}} short; whether another of the figures suffices cannot be told yet',
  },
};

type Says = keyof typeof messages;

/** One of several figures reaches its threshold; falling short is shown only when all of them are known. */
export const check = defineCheck({
  id: 'figures/either',
  title: { zh: '任一申报数据达到下限', en: 'One of several figures reaches its threshold' },
  about: {
    zh: '规范列出几项下限、达到任一项即可的，逐项作精确十进制比较；全部数据齐备且各项均未达到，才判定为不符合。',
    en: 'Where reaching one of several thresholds suffices, compares each in exact decimals; only when all figures are known and none suffices is it unmet.',
  },
  reads: ['facts', 'documents'],
  parameters: z.strictObject({
    any: z.array(z.strictObject({ facts: factNames, ...thresholdShape }).refine(onePeriod, onePeriodError)).min(2),
    relief: reliefSchema.optional(),
  }),
  messages,
  remedies: {
    ...thresholdRemedies,
    ...figureRemedies,
    undecided: { zh: '补齐其他各项数据', en: 'declare the other figures' },
  },

  judge(evidence, { any, relief }, asOf) {
    const findings = any.flatMap((asked): readonly Finding<Says>[] => {
      const figure = figureFrom(evidence.facts, asked, asOf);
      return 'unknown' in figure ? figure.unknown : [weighed(figure, asked, relief, evidence, asOf)];
    });
    const reached = findings.filter(({ outcome }) => outcome === 'met');
    if (reached.length > 0) return reached;
    if (findings.every(({ outcome }) => outcome === 'unmet')) return findings;
    return findings.map(
      (finding): Finding<Says> =>
        finding.outcome === 'unmet' ? { ...finding, outcome: 'unproven', says: 'undecided' } : finding,
    );
  },
});
