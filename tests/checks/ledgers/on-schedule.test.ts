import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../checks/check.ts';
import { check } from '../../../checks/ledgers/on-schedule.ts';
import { addToMonth, monthsFrom } from '../../../src/evidence/dates.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { fill } from '../../../src/text.ts';
import { type Case, seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';
import { paper } from '../../support/papers.ts';

const platform = [seen('platform', declaration())];
const young = (since: string) => [seen('platform', declaration({ since }))];

/** Drills at most six months apart, over two years; the ledger runs to the as-of date. */
const apart = { ledger: 'drills', on: 'heldOn', months: 6, over: 24 };

const drills = (dates: string[], changes: Changes = {}): Case => ({
  platform,
  ledgers: [
    register(
      'drills',
      dates.map((heldOn) => ({ heldOn, topic: '勒索软件' })),
      { until: '2026-03-15', ...changes },
    ),
  ],
});

const whole = ['2024-09-15', '2025-03-15', '2025-09-15', '2026-03-15'];

/** Monitoring in every calendar month or quarter, as the agreement says. */
const rhythmic = {
  ledger: 'monitoring',
  on: 'heldOn',
  monthsBy: { fact: 'monitoring-rhythm', of: { 按月: 1, 按季度: 3 } },
  calendar: true,
  over: 12,
  done: 'remediedOn',
};

const agreed = {
  ...rhythmic,
  monthsBy: { ...rhythmic.monthsBy, document: 'service-agreement', field: 'rhythm' },
};
const agreement = (stated?: string) =>
  paper({ id: 'service-agreement', title: '协议书' }, stated === undefined ? {} : { fields: { rhythm: stated } });

const rhythm = (value: Fact['value']) => [
  seen(
    'facts',
    { name: 'monitoring-rhythm', value, declared: '-', document: { id: 'agreement', sha256: 'a'.repeat(64) } },
    { subject: 'monitoring-rhythm' },
  ),
];

const said = (text: string) => rhythm({ type: 'text', text });

type Row = { heldOn: string; findings?: string; remediedOn?: string };

const monitoring = (rows: Row[], changes: Changes = {}, text = '按月'): Case => ({
  platform,
  documents: [],
  facts: said(text),
  ledgers: [
    register(
      'monitoring',
      rows.map((row) => ({ findings: '0', remediedOn: '', ...row })),
      { until: '2026-03-15', ...changes },
    ),
  ],
  parameters: rhythmic,
});

/** One round on the 20th of each month, but for those left out. */
const monthly = (...without: string[]): Row[] =>
  monthsFrom('2025-04', '2026-02')
    .filter((month) => !without.includes(month))
    .map((month) => ({ heldOn: `${month}-20` }));

const quarterly = ['2025-04-01', '2025-09-30', '2025-12-31'].map((heldOn) => ({ heldOn }));

testCheck(check, apart, '2026-03-15', {
  met: {
    'on the last day of a month it can still be held': {
      ...monitoring(monthly(), { until: '2026-03-31' }),
      asOf: '2026-03-31',
    },
    'six months apart to the day, from the start of the period to its end': { ...drills(whole), says: 'onSchedule' },
    'in another order, and two on one day': drills([...whole.toReversed(), '2025-03-15']),
    'from 31 August to 28 February': drills(['2024-08-31', '2025-02-28', '2025-08-28', '2026-02-28']),
    'a platform that is younger than its first drill could be late': {
      ...drills(['2026-01-10'], { from: '2025-08-01' }),
      platform: young('2025-08-01'),
    },
    'a platform so young that none was due': {
      ...drills([], { from: '2025-12-01' }),
      platform: young('2025-12-01'),
      says: 'notYetDue',
    },
    'the ledger ended while the last one still counted': drills(['2024-09-15', '2025-03-15', '2025-09-15'], {
      until: '2026-02-28',
    }),
    'one drill in a year where one a year is asked': {
      ...drills(['2025-06-01']),
      parameters: { ...apart, months: 12, over: 12 },
    },
    'every full month': { ...monitoring(monthly()), says: 'onSchedule' },
    'two at the far ends of two months': monitoring([
      ...monthly('2025-06', '2025-07'),
      { heldOn: '2025-06-01' },
      { heldOn: '2025-07-31' },
    ]),
    'every full quarter, as the agreement says': {
      ...monitoring(quarterly, {}, '按季度'),
      parameters: agreed,
      documents: [agreement('按 季度')],
    },
    'every full quarter, and the agreement is not told of': {
      ...monitoring(quarterly, {}, '按季度'),
      parameters: agreed,
      documents: [agreement()],
    },
    'every full quarter': monitoring(quarterly, {}, '按季度'),
    'the last month ends on the as-of date, and has one': {
      ...monitoring([...monthly(), { heldOn: '2026-03-31' }], { until: '2026-03-31' }),
      asOf: '2026-03-31',
    },
    'the platform began within a month, which need not have one': {
      ...monitoring([{ heldOn: '2026-01-05' }, { heldOn: '2026-02-05' }], { from: '2025-12-02' }),
      platform: young('2025-12-02'),
    },
    'what was found was dealt with': monitoring([
      ...monthly(),
      { heldOn: '2026-01-21', findings: '12', remediedOn: '2026-01-21' },
    ]),
    'what was found after the as-of date': monitoring([...monthly(), { heldOn: '2026-03-16', findings: '1' }]),
    'nothing was said of findings before the period': monitoring([
      ...monthly(),
      { heldOn: '2025-03-14', findings: '' },
    ]),
  },
  unmet: {
    'a day too many in the middle': {
      ...drills(['2024-09-15', '2025-03-15', '2025-09-16', '2026-03-15']),
      says: 'missed',
    },
    'a day too many at the start': drills(['2024-09-16', '2025-03-15', '2025-09-15', '2026-03-15']),
    'a day too many at the end': drills(['2024-09-15', '2025-03-15', '2025-09-14']),
    'planned after the as-of date': drills(['2024-09-15', '2025-03-15', '2025-09-14', '2026-03-16']),
    'none at all': drills([]),
    'none in the year where one a year is asked': {
      ...drills(['2025-03-14']),
      parameters: { ...apart, months: 12, over: 12 },
    },
    'a date that is none fills no gap': drills(['2024-09-15', '2025-03-15', '2025-09-00', '2026-03-15']),
    'a month is missing, though the month before has two': {
      ...monitoring([...monthly('2025-08'), { heldOn: '2025-07-31' }]),
      says: 'missed',
    },
    'the first full month is missing': monitoring([...monthly('2025-04'), { heldOn: '2025-03-31' }]),
    'the last full month is missing': monitoring([...monthly('2026-02'), { heldOn: '2026-03-01' }]),
    'the month that ended the day before is missing': {
      ...monitoring(monthly(), { until: '2026-04-01' }),
      asOf: '2026-04-01',
    },
    'a quarter is missing': monitoring(quarterly.slice(1), {}, '按季度'),
    'the months of a quarter are not asked for, but months are': monitoring(quarterly),
    'what was found was not dealt with': {
      ...monitoring([...monthly(), { heldOn: '2026-01-21', findings: '1' }]),
      says: 'notDone',
    },
    'what was found was dealt with after the as-of date': monitoring([
      ...monthly(),
      { heldOn: '2026-01-21', findings: '1', remediedOn: '2026-03-16' },
    ]),
    'what was found before the period is not dealt with yet': monitoring([
      ...monthly(),
      { heldOn: '2024-01-21', findings: '1' },
    ]),
    'a gap in a ledger that begins late': {
      ...drills(['2025-06-01'], { from: '2025-05-01' }),
      says: ['missed', 'missedUnshown', 'startsLate'],
    },
  },
  unproven: {
    ...shortfalls((changes) => drills(whole, { until: '2026-02-28', ...changes })),
    'an empty ledger that nobody closed': { ...drills([], { closing: false }), says: ['missedUnshown', 'notClosed'] },
    'the last one is late only since the ledger ended': {
      ...drills(['2024-09-15', '2025-03-15', '2025-09-10'], { until: '2026-02-28' }),
      says: 'missedUnshown',
    },
    'the last month ended after the ledger did': monitoring(monthly('2026-02'), { until: '2026-02-27' }),
    'too long before the first one, but the ledger begins only shortly before it': {
      ...drills(['2025-06-01', '2025-10-15', '2026-02-15'], { from: '2025-05-01' }),
      says: ['missedUnshown', 'startsLate'],
    },
    'none at all, and a period that ended only since the ledger did': {
      ...drills([], { until: '2026-03-14' }),
      parameters: { ...apart, months: 24 },
    },
    'quarterly in one collection, monthly in another': {
      ...monitoring(quarterly),
      facts: [...said('按季度'), ...said('按月')],
      says: 'differing',
    },
    'declared as quarterly, and monthly by the agreement': {
      ...monitoring(quarterly, {}, '按季度'),
      parameters: agreed,
      documents: [agreement('按月')],
      says: 'rhythmDisagrees',
    },
    'monthly, in another word': { ...monitoring(monthly(), {}, '每月'), says: 'rhythmOther' },
    'monthly, in yet another': monitoring(monthly(), {}, '月度'),
    'quarterly, in another word': monitoring(quarterly, {}, '按季'),
    'a word that objects have': monitoring(monthly(), {}, 'toString'),
    'the rhythm is not declared': { ...monitoring(monthly()), facts: [], says: 'rhythmUnknown' },
    'the rhythm is declared as a list': { ...monitoring(monthly()), facts: rhythm({ type: 'list', items: ['按月'] }) },
    'nothing is said of findings': {
      ...monitoring([...monthly(), { heldOn: '2026-01-21', findings: '' }]),
      says: 'doneUnclear',
    },
    'findings in words': monitoring([...monthly(), { heldOn: '2026-01-21', findings: '0x0' }]),
    'dealt with before it was found': monitoring([
      ...monthly(),
      { heldOn: '2026-01-21', findings: '1', remediedOn: '2026-01-20' },
    ]),
    'dealt with on a date that is none': monitoring([
      ...monthly(),
      { heldOn: '2026-01-21', findings: '1', remediedOn: '已整改' },
    ]),
    'no ledger': { platform, ledgers: [], says: 'noLedger' },
    'another ledger only': { platform, ledgers: [register('trainings', [])] },
  },
});

type Judged = Parameters<typeof check.judge>[0];

const findingsOf = (given: Case, asOf = '2026-03-15'): readonly Finding[] =>
  check.judge({ facts: [], ...given } as unknown as Judged, check.parameters.parse(given.parameters ?? apart), asOf);

const textsOf = (given: Case): string[] =>
  findingsOf(given).map(({ says, data }) => {
    const message = check.messages[says];
    if (!message) throw new Error(says);
    return fill(message, data).zh;
  });

test('names each stretch, month and quarter that was missed', () => {
  expect(textsOf(drills(['2025-01-31', '2025-10-01']))).toEqual([
    '要求「间隔不超过 6 个月」，下列期间不符：2024-03-15 至 2025-01-31、2025-01-31 至 2025-10-01',
  ]);
  expect(textsOf(monitoring(monthly('2025-08', '2025-12')))).toEqual([
    '要求「每个自然月至少一次」，下列期间不符：2025-08、2025-12',
  ]);
  expect(textsOf(monitoring(quarterly.slice(1), {}, '按季度'))).toEqual([
    '要求「每个自然季度至少一次」，下列期间不符：2025 年第 2 季度',
  ]);
  expect(textsOf(monitoring([]))[0]).toMatch(/2026-01、等 11 个期间$/);
});

test.each([
  ['six months after the last one', drills(whole), '2026-09-15'],
  [
    'from the start of a young platform',
    { ...drills([], { from: '2025-12-01' }), platform: young('2025-12-01') },
    '2026-06-01',
  ],
  ['the end of the running month', monitoring(monthly()), '2026-03-31'],
  ['the end of the next month', monitoring([...monthly(), { heldOn: '2026-03-02' }]), '2026-04-30'],
  ['the end of the running quarter', monitoring(quarterly, {}, '按季度'), '2026-03-31'],
  ['the end of the next quarter', monitoring([...quarterly, { heldOn: '2026-01-02' }], {}, '按季度'), '2026-06-30'],
])('the next is due %s', (_, given, due) => {
  expect(findingsOf(given)).toEqual([
    expect.objectContaining({ outcome: 'met', data: expect.objectContaining({ due }) }),
  ]);
});

test('cites the fact that says how often beside the ledger', () => {
  const given = monitoring(monthly());
  const [finding] = findingsOf(given);
  expect(finding?.cites).toEqual([given.ledgers?.[0]?.id, given.facts?.[0]?.id]);
});

describe('parameters that make no sense are refused', () => {
  test.each([
    ['a column that the ledger lacks', { ...apart, on: 'verifiedOn' }],
    ['a column that holds no dates', { ...apart, on: 'topic' }],
    ['neither months nor what says them', { ...apart, months: undefined }],
    ['both', { ...rhythmic, months: 1 }],
    ['calendar periods of two months', { ...apart, calendar: true, months: 2 }],
    ['a period too short to hold a full quarter', { ...rhythmic, over: 5 }],
    ['a period shorter than what may pass', { ...apart, over: 5 }],
    ['what was found, where nothing is said of it', { ...apart, done: 'heldOn' }],
  ])('%s', (_, parameters) => {
    expect(check.parameters.safeParse(parameters).success).toBe(false);
  });
});

test('100,000 rounds are judged at once', () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => ({
    heldOn: `${addToMonth('2025-01', index % 14)}-${10 + (index % 18)}`,
    findings: index % 2 ? '1' : '0',
  }));
  const given = monitoring(rows);
  const parameters = check.parameters.parse(rhythmic);
  const findings = check.judge(given as unknown as Judged, parameters, '2026-03-15');
  expect(findings.map(({ says, data }) => [says, data.count])).toEqual([['notDone', 50_000]]);
});
