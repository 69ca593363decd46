import { originOf } from '../evidence/observation.ts';
import type { Text } from '../text.ts';
import type { Requirement } from './profile.ts';

/** How a requirement is answered, as far as it can be today. */
export const answers = ['measured', 'filed', 'signed', 'in-part', 'waiting'] as const;

export type Answer = (typeof answers)[number];

export const answerTitles: Readonly<Record<Answer, Text>> = {
  measured: { zh: '实测', en: 'measured' },
  filed: { zh: '材料、数据或台账', en: 'papers, figures or ledgers' },
  signed: { zh: '仅签署', en: 'signature alone' },
  'in-part': { zh: '部分（尚缺检查项）', en: 'in part (a check is missing)' },
  waiting: { zh: '尚无检查项', en: 'no check yet' },
};

/** By what a requirement is answered: wholly by checks on what was measured or on what is filed, by a signature, or not yet. */
export function answerOf({ uses, awaits }: Pick<Requirement, 'uses' | 'awaits'>): Answer {
  if (awaits.length > 0) return uses.length > 0 ? 'in-part' : 'waiting';
  if (uses.length === 0) return 'signed';
  const isMeasured = uses.some(({ check }) => check.reads.some((kind) => originOf(kind) !== 'filed'));
  return isMeasured ? 'measured' : 'filed';
}

/** How many requirements are answered in each way. */
export function coverageOf(requirements: readonly Requirement[]): Readonly<Record<Answer, number>> {
  const count = (answer: Answer): number => requirements.filter((row) => answerOf(row) === answer).length;
  return Object.fromEntries(answers.map((answer) => [answer, count(answer)])) as Record<Answer, number>;
}
