import type { PlainDate } from '../../src/evidence/dates.ts';
import type { TextData } from '../../src/text.ts';
import { unmet, unproven } from '../check.ts';
import { choicesText, columnText, type Unit } from './using-units.ts';

/** Relations of a using unit to the unit that a rule may allow. */
export const relations = ['none', 'head-office', 'branch', 'group-member', 'controlled', 'controlling'] as const;

/** Credit ratings that a rule may allow. */
export const ratings = ['A', 'B', 'M', 'C', 'D'] as const;

/** Kinds of using unit that take no part in the rating. */
export const exemptions = ['sole-trader', 'dependent-branch'] as const;

/** Columns that are answered yes or no. */
export const questions = [
  'pilot',
  'tradesInSystem',
  'agreement',
  'registered',
  'riskAtInvitation',
  'violation',
] as const;

/** What is asked of every current unit; what is left out is not judged. */
export type Asked = {
  readonly relations?: readonly string[] | undefined;
  readonly ratings?: readonly string[] | undefined;
  readonly exempt?: readonly string[] | undefined;
  readonly require?: Readonly<Partial<Record<(typeof questions)[number], 'yes' | 'no'>>> | undefined;
  /** `all`: none may go without, whatever the ledger says. */
  readonly relationProof?: boolean | 'all' | undefined;
  /** Found unqualified by then and not released: its answers contradict that. */
  readonly asOf: PlainDate;
  /** Units with these ratings filed flow data between the two days. */
  readonly flowData?: FlowAsked | undefined;
};

type FlowAsked = { readonly ratings: readonly string[]; readonly oldest: PlainDate; readonly until: PlainDate };

/** Something that is wrong with units, or unknown of them. */
type Fault<Says extends string> = {
  readonly outcome: typeof unmet;
  readonly says: Says;
  readonly data: TextData;
  readonly has: (unit: Unit) => boolean;
};

/** What is looked for under what is asked. */
export function faultsUnder(asked: Asked) {
  return [
    ...standingFaults(asked),
    ...relationFaults(asked),
    ...proofFaults(asked),
    ...answerFaults(asked),
    ...ratingFaults(asked),
    ...flowFaults(asked),
  ];
}

// The ratings are asked where a unit must qualify; agreements and registers are owed by whoever uses the platform.
function standingFaults({ ratings: rated, asOf }: Asked): Fault<'disqualified'>[] {
  if (!rated) return [];
  const has = ({ disqualifiedOn }: Unit): boolean => disqualifiedOn !== undefined && disqualifiedOn <= asOf;
  return [{ outcome: unproven, says: 'disqualified', data: {}, has }];
}

function relationFaults({ relations: allowed }: Asked): Fault<'relationOther' | 'relationUnknown'>[] {
  if (!allowed) return [];
  const data = { allowed: choicesText('using-units', 'relation', allowed) };
  const isUnknown = ({ relation = 'unknown' }: Unit): boolean => relation === 'unknown';
  return [
    {
      outcome: unmet,
      says: 'relationOther',
      data,
      has: (unit) => !isUnknown(unit) && !allowed.includes(unit.relation ?? ''),
    },
    { outcome: unproven, says: 'relationUnknown', data, has: isUnknown },
  ];
}

function proofFaults({ relationProof }: Asked): Fault<'proofMissing' | 'proofUnknown' | 'proofExempt'>[] {
  if (!relationProof) return [];
  const isExempt = (unit: Unit): boolean => unit.relationProof === 'exempt';
  return [
    ...(relationProof === 'all' ? [{ outcome: unproven, says: 'proofExempt' as const, data: {}, has: isExempt }] : []),
    { outcome: unmet, says: 'proofMissing', data: {}, has: (unit) => unit.relationProof === 'no' },
    {
      outcome: unproven,
      says: 'proofUnknown',
      data: {},
      has: ({ relationProof: proof = '' }) => !['yes', 'no', 'exempt'].includes(proof),
    },
  ];
}

function answerFaults({ require = {} }: Asked): Fault<'answerOther' | 'answerUnknown'>[] {
  return questions.flatMap((question): Fault<'answerOther' | 'answerUnknown'>[] => {
    const wanted = require[question];
    if (!wanted) return [];
    const words = wanted === 'yes' ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
    const data = { question: columnText('using-units', question), wanted: words };
    const other = wanted === 'yes' ? 'no' : 'yes';
    return [
      { outcome: unmet, says: 'answerOther', data, has: (unit) => unit[question] === other },
      {
        outcome: unproven,
        says: 'answerUnknown',
        data,
        has: (unit) => unit[question] !== wanted && unit[question] !== other,
      },
    ];
  });
}

function ratingFaults({ ratings: allowed, exempt = [], flowData }: Asked): Fault<'ratingOther' | 'ratingUnknown'>[] {
  const data = { allowed: choicesText('using-units', 'rating', allowed ?? flowData?.ratings ?? []) };
  const standing = (unit: Unit): Standing => standingOf(unit, allowed ?? ratings, exempt);
  const faults: Fault<'ratingOther' | 'ratingUnknown'>[] = [];
  if (allowed) faults.push({ outcome: unmet, says: 'ratingOther', data, has: (unit) => standing(unit) === 'other' });
  // Whether flow data is owed hangs on the rating as well.
  if (allowed || flowData)
    faults.push({ outcome: unproven, says: 'ratingUnknown', data, has: (unit) => standing(unit) === 'unknown' });
  return faults;
}

type Standing = 'fits' | 'other' | 'unknown';

// An exemption stands for a rating that is not there; it does not undo one that is.
function standingOf(
  { rating, ratingExemption }: Unit,
  allowed: readonly string[],
  exempt: readonly string[],
): Standing {
  if (rating !== undefined && rating !== 'none') return allowed.includes(rating) ? 'fits' : 'other';
  if (ratingExemption !== undefined && exempt.includes(ratingExemption)) return 'fits';
  return rating === undefined || (ratingExemption === undefined && exempt.length > 0) ? 'unknown' : 'other';
}

function flowFaults({ flowData: asked }: Asked): Fault<'flowOld' | 'flowUnknown' | 'flowAhead'>[] {
  if (!asked) return [];
  const { oldest, until } = asked;
  const data = { oldest, until, ratings: choicesText('using-units', 'rating', asked.ratings) };
  const has = (test: (filed: string | undefined) => boolean) => (unit: Unit) =>
    isFlowOwed(unit, asked.ratings) && test(unit.flowFiledOn);
  return [
    { outcome: unmet, says: 'flowOld', data, has: has((filed) => filed !== undefined && filed < oldest) },
    { outcome: unproven, says: 'flowUnknown', data, has: has((filed) => filed === undefined) },
    { outcome: unproven, says: 'flowAhead', data, has: has((filed) => filed !== undefined && filed > until) },
  ];
}

/** Whether a unit with its rating must file flow data. */
export function isFlowOwed({ rating = '' }: Unit, owing: readonly string[]): boolean {
  return owing.includes(rating);
}
