import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/units-eligible.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';
import { text } from '../../support/papers.ts';

const platform = [seen('platform', declaration())];

let code = 0;

const unit = (changes: Record<string, string> = {}) => {
  code += 1;
  return {
    name: `甲公司${code}`,
    creditCode: `${code}`,
    joinedOn: '2024-01-01',
    leftOn: '',
    relation: 'branch',
    relationProof: 'yes',
    rating: 'A',
    ratingExemption: '',
    pilot: 'yes',
    tradesInSystem: 'yes',
    agreement: 'yes',
    registered: 'yes',
    riskAtInvitation: 'no',
    violation: 'no',
    flowFiledOn: '',
    ...changes,
  };
};

const bare = () => ({ name: '甲', creditCode: '1', joinedOn: '2024-01-01' });

const using = (rows: object[], changes?: Changes) => ({ platform, ledgers: [register('using-units', rows, changes)] });

const rated = { ratings: ['A', 'B', 'M'], exempt: ['sole-trader', 'dependent-branch'] };

const everything = {
  ...rated,
  relations: ['head-office', 'branch', 'group-member', 'controlled', 'controlling'],
  relationProof: true,
  require: {
    pilot: 'yes',
    tradesInSystem: 'yes',
    agreement: 'yes',
    registered: 'yes',
    riskAtInvitation: 'no',
    violation: 'no',
  },
  flowData: { ratings: ['B', 'M'], months: 6 },
};

const allProved = { relationProof: 'all', when: { fact: 'supervised', in: ['无'], otherwise: ['部分', '全部'] } };

const flow = { flowData: { ratings: ['B', 'M'], months: 6 } };

testCheck(check, everything, '2026-03-15', {
  met: {
    'all answers as asked': {
      ...using([unit(), unit({ rating: 'B', flowFiledOn: '2025-08-28' })]),
      says: 'allEligible',
    },
    'no proof is needed': using([unit({ relationProof: 'exempt' })]),
    'found unqualified only after the as-of date': using([unit(), { ...unit(), disqualifiedOn: '2026-03-16' }]),
    'found unqualified, which does not matter to its register': {
      parameters: { require: { registered: 'yes' } },
      ...using([{ ...unit(), disqualifiedOn: '2026-01-10' }]),
    },
    'a proof of each, where all need one': {
      parameters: allProved,
      facts: [text('supervised', '无')],
      ...using([unit()]),
    },
    'a branch that takes no part in the rating': using([unit({ rating: 'none', ratingExemption: 'dependent-branch' })]),
    'an individual business, its rating left empty': using([unit({ rating: '', ratingExemption: 'sole-trader' })]),
    'one that left is not judged, nor one that is yet to join': using([
      unit(),
      unit({ relation: 'none', rating: 'D', leftOn: '2026-03-15' }),
      unit({ relation: 'none', rating: 'D', joinedOn: '2026-03-16' }),
    ]),
    'only the rating is asked, and nothing else is known': {
      parameters: { ratings: ['A'] },
      ...using([{ ...bare(), rating: 'A' }]),
    },
    'flow data is not asked of units rated A or exempt': {
      parameters: { ...flow, exempt: ['sole-trader'] },
      ...using([
        { ...bare(), rating: 'A' },
        { ...bare(), creditCode: '2', ratingExemption: 'sole-trader' },
      ]),
    },
    'no relation, where that is what is asked': {
      parameters: { relations: ['none'] },
      ...using([unit({ relation: 'none' })]),
    },
  },
  unmet: {
    'an unrelated unit': { ...using([unit(), unit({ relation: 'none' })]), says: 'relationOther' },
    'no proof of relation': { ...using([unit({ relationProof: 'no' })]), says: 'proofMissing' },
    'outside the pilot': { ...using([unit({ pilot: 'no' })]), says: 'answerOther' },
    'a risk taxpayer when invited': { ...using([unit({ riskAtInvitation: 'yes' })]), says: 'answerOther' },
    'rated D': { ...using([unit({ rating: 'D' })]), says: 'ratingOther' },
    'rated D, and said to take no part in the rating': using([unit({ rating: 'D', ratingExemption: 'sole-trader' })]),
    'not rated, and not exempt': using([unit({ rating: 'none', ratingExemption: 'no' })]),
    'not rated, and exempt as what the rule does not name': {
      parameters: { ...rated, exempt: ['dependent-branch'] },
      ...using([unit({ rating: 'none', ratingExemption: 'sole-trader' })]),
    },
    'not rated, where nothing is exempt': { parameters: { ratings: ['A'] }, ...using([unit({ rating: 'none' })]) },
    'flow data a day too old': { ...using([unit({ rating: 'B', flowFiledOn: '2025-08-27' })]), says: 'flowOld' },
    'unfit by a ledger that nobody closed': {
      ...using([unit({ rating: 'C' })], { closing: false }),
      says: ['ratingOther', 'notClosed'],
    },
    'one that leaves tomorrow': using([unit({ violation: 'yes', leftOn: '2026-03-16' })]),
  },
  'not-applicable': {
    'not all need a proof': {
      parameters: allProved,
      facts: [text('supervised', '部分')],
      ...using([unit({ relationProof: 'exempt' })]),
      says: 'doesNotBind',
    },
  },
  unproven: {
    ...shortfalls((changes) => using([unit()], changes)),
    'relation unknown': { ...using([unit(), unit({ relation: 'unknown' })]), says: 'relationUnknown' },
    'relation empty': using([unit({ relation: '' })]),
    'proof unknown': { ...using([unit({ relationProof: 'unknown' })]), says: 'proofUnknown' },
    'proof empty': using([unit({ relationProof: '' })]),
    'an answer unknown': { ...using([unit({ violation: 'unknown' })]), says: 'answerUnknown' },
    'an answer empty': using([unit({ agreement: '' })]),
    'an answer in other words': using([unit({ registered: 'yes?' })]),
    'rating empty': { ...using([unit({ rating: '' })]), says: 'ratingUnknown' },
    'rating empty, and said not to be exempt': using([unit({ rating: '', ratingExemption: 'no' })]),
    'not rated, and why is not said': using([unit({ rating: 'none' })]),
    'whether flow data is owed is unknown': { parameters: flow, ...using([bare()]), says: 'ratingUnknown' },
    'no date of flow data': { ...using([unit({ rating: 'M' })]), says: 'flowUnknown' },
    'flow data filed after the last day': {
      ...using([unit({ rating: 'M', flowFiledOn: '2026-03-01' })]),
      says: 'flowAhead',
    },
    'found unqualified, and neither released nor said to be well again': {
      ...using([unit(), { ...unit(), disqualifiedOn: '2026-01-10' }]),
      says: 'disqualified',
    },
    'no proof is needed by the register, though by the fact all need one': {
      parameters: allProved,
      facts: [text('supervised', '无')],
      ...using([unit({ relationProof: 'exempt' })]),
      says: 'proofExempt',
    },
    'whether all need a proof is not known': {
      parameters: allProved,
      ...using([unit()]),
      says: 'conditionUnknown',
    },
    'columns that the ledger does not have': {
      ...using([bare()]),
      says: ['relationUnknown', 'proofUnknown', 'answerUnknown', 'ratingUnknown'],
    },
    'no units': { ...using([]), says: 'noUnits' },
    'all of them left': using([unit({ leftOn: '2026-01-01' })]),
    'the same unit twice': { ...using([unit({ creditCode: 'X1' }), unit({ creditCode: ' ｘ1' })]), says: 'unitsTwice' },
    'left before it joined': { ...using([unit(), unit({ leftOn: '2023-12-31' })]), says: 'unitsUnclear' },
    'yet to join, and already in use': using([
      unit(),
      { ...unit({ joinedOn: '2062-01-01' }), lastUsedOn: '2026-01-05' },
    ]),
    'another ledger only': { platform, ledgers: [register('changes', [])], says: 'noLedger' },
  },
});

const judged = (rows: object[], parameters: Record<string, unknown>) =>
  check.judge(
    using(rows) as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-03-15',
  );

test('asking nothing is refused', () => {
  for (const parameters of [{}, { require: {} }, { relationProof: false }, { exempt: ['sole-trader'] }])
    expect(check.parameters.safeParse(parameters).success, JSON.stringify(parameters)).toBe(false);
});

test('one finding for all units that share a fault', () => {
  const findings = judged(
    Array.from({ length: 12 }, () => unit({ rating: 'C' })),
    rated,
  );
  const said = findings.map(({ says, data }) => fill(check.messages[says] ?? { zh: '', en: '' }, data).zh);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^12 户的纳税信用级别不在「A、B、M」之内，且不属于不参评的单位：第 2 行 甲公司\d+、.* 等 12 条$/,
  );
});

test('when the first unit must file flow data again', () => {
  const findings = judged(
    [unit({ rating: 'B', flowFiledOn: '2026-01-31' }), unit({ rating: 'M', flowFiledOn: '2025-08-31' }), unit()],
    everything,
  );
  expect(findings.map(({ data }) => data.due)).toEqual(['2026-02-28']);
});
