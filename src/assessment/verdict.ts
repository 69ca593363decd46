import type { Outcome } from '../../checks/check.ts';
import type { Text } from '../text.ts';

/** What a requirement comes out as, worst first: this is the order of `--fail-on`. */
export const verdicts = ['unmet', 'partial', 'unproven', 'met', 'not-applicable'] as const;

export type Verdict = (typeof verdicts)[number];

/** The words reports use. */
export const verdictTitles: Readonly<Record<Verdict, Text>> = {
  met: { zh: '符合', en: 'Met' },
  partial: { zh: '部分符合', en: 'Partially met' },
  unmet: { zh: '不符合', en: 'Unmet' },
  unproven: { zh: '待确认', en: 'Unproven' },
  'not-applicable': { zh: '不适用', en: 'Not applicable' },
};

/**
 * Folds findings into a verdict: none is unproven; else any unmet, any unproven, any met, in this order; else not applicable.
 * Only where the profile calls a requirement divisible is unmet beside met *partial*.
 */
export function fold(outcomes: readonly Outcome[], divisible: boolean): Verdict {
  if (outcomes.length === 0) return 'unproven';
  if (outcomes.includes('unmet')) return divisible && outcomes.includes('met') ? 'partial' : 'unmet';
  if (outcomes.includes('unproven')) return 'unproven';
  return outcomes.includes('met') ? 'met' : 'not-applicable';
}
