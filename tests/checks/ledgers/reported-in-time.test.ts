import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../checks/check.ts';
import { check } from '../../../checks/ledgers/reported-in-time.ts';
import type { LedgerType } from '../../../src/evidence/filed/ledger-types.ts';
import { fill } from '../../../src/text.ts';
import { type Case, seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

type Cells = Record<string, string>;

const ledger = (of: LedgerType, rows: Cells[], changes?: Changes): Case => ({
  platform,
  ledgers: [register(of, rows, changes)],
});

/** QD 4-2-(2): a function is filed within 30 days of a change, and before it goes live. */
const changed = { ledger: 'functions', from: 'changedOn', to: 'changeFiledOn', days: 30 };
const live = { ledger: 'functions', from: 'liveOn', to: 'filedOn', before: true };

const change = (changedOn: string, changeFiledOn = ''): Cells => ({
  name: '开票',
  filedOn: '',
  liveOn: '',
  changedOn,
  changeFiledOn,
});

const going = (liveOn: string, filedOn = ''): Case => ({
  ...ledger('functions', [{ name: '开票', filedOn, liveOn }]),
  parameters: live,
});

/** AG 2-1-5: ordered corrections inside the agreed period, never beyond three months. */
const corrections = {
  ledger: 'events',
  from: 'measureOn',
  to: 'correctedOn',
  months: 3,
  due: 'dueOn',
  measures: ['order'],
};

const order = (changes: Cells, ledgerChanges?: Changes): Case => ({
  ...ledger(
    'events',
    [
      {
        on: '2025-01-05',
        party: 'unit',
        kind: 'platform-unstable',
        measure: 'order',
        measureOn: '2025-01-31',
        ...changes,
      },
    ],
    ledgerChanges,
  ),
  parameters: corrections,
});

/** QD 2-1-(6): abnormal issuing is reported. */
const abnormal = {
  ledger: 'events',
  from: 'on',
  to: 'reportedOn',
  days: 10,
  kinds: ['abnormal-invoicing', 'false-invoicing'],
  parties: ['using-unit'],
  over: 24,
};

const issue = (changes: Cells, ledgerChanges?: Changes): Case => ({
  ...ledger('events', [{ on: '2025-01-05', party: 'using-unit', kind: 'false-invoicing', ...changes }], ledgerChanges),
  parameters: abnormal,
});

const request = (changes: Cells, parameters: object = {}): Case => ({
  ...ledger('data-requests', [{ subject: '资金流', askedOn: '2025-01-05', ...changes }]),
  parameters: { ledger: 'data-requests', from: 'askedOn', to: 'submittedOn', due: 'dueOn', ...parameters },
});

testCheck(check, changed, '2026-03-15', {
  met: {
    'functions filed since the start are asked for, and the register begins with it': {
      ...ledger('functions', [change('2025-01-01', '2025-01-31')]),
      parameters: { ...changed, over: 'start' },
    },
    'an empty ledger, closed': { ...ledger('functions', []), says: 'nothing' },
    'nothing changed': { ...ledger('functions', [change('')]), says: 'nothing' },
    'filed though nothing changed': ledger('functions', [change('', '2025-01-01')]),
    'changed after the as-of date': ledger('functions', [change('2026-03-16')]),
    'filed on the thirtieth day': { ...ledger('functions', [change('2025-01-01', '2025-01-31')]), says: 'inTime' },
    'filed on the day': ledger('functions', [change('2025-01-01', '2025-01-01')]),
    'filed before it went live': { ...going('2025-01-02', '2025-01-01'), says: 'inTime' },
    'filed on the day it went live': going('2025-01-02', '2025-01-02'),
    'filed, and not yet live': { ...going('', '2025-01-02'), says: 'nothing' },
    'to go live after the as-of date, not filed': going('2026-03-16'),
    'three months from 31 January end on 30 April': order({ correctedOn: '2025-04-30' }),
    'by the time limit of the order': order({ correctedOn: '2025-02-10', dueOn: '2025-02-10', metFully: 'yes' }),
    'a reminder is no order': order({ measure: 'reminder' }),
    'an event of another kind': issue({ kind: 'platform-unstable' }),
    'an event of another party, whatever its kind': issue({ party: 'unit', kind: '其他' }),
    'reported on the tenth day': issue({ reportedOn: '2025-01-15' }),
    'submitted on the last day': request({ dueOn: '2025-02-01', submittedOn: '2025-02-01' }),
    'submitted, where no limit is asked': request({ submittedOn: '2025-12-01' }, { due: undefined }),
    'no last day stated, but days are asked': request({ submittedOn: '2025-01-15' }, { days: 10 }),
    'a using unit that left of its own wish, and was never unqualified': {
      ...ledger('using-units', [
        { name: '甲', creditCode: '1', joinedOn: '2024-01-01', disqualifiedOn: '', leftOn: '2025-01-01' },
      ]),
      parameters: { ledger: 'using-units', from: 'disqualifiedOn', to: 'leftOn' },
    },
  },
  unmet: {
    'filed on the thirty-first day': { ...ledger('functions', [change('2025-01-01', '2025-02-01')]), says: 'late' },
    'not filed, long ago': { ...ledger('functions', [change('2025-01-01')]), says: 'overdue' },
    'to be filed after the as-of date, and past the limit': {
      ...ledger('functions', [change('2025-01-01', '2026-03-16')]),
      says: 'overdue',
    },
    'filed the day after it went live': { ...going('2025-01-02', '2025-01-03'), says: 'late' },
    'live, and not filed': { ...going('2025-01-02'), says: 'overdue' },
    'three months from 30 November end on the last day of February': order({
      measureOn: '2024-11-30',
      correctedOn: '2025-03-01',
    }),
    'past the limit of the order, though within three months': order({
      correctedOn: '2025-02-11',
      dueOn: '2025-02-10',
    }),
    'within the limit of the order, which is longer than three months': order({
      correctedOn: '2025-05-01',
      dueOn: '2025-12-31',
    }),
    'corrected in time, but said not to be so fully': {
      ...order({ correctedOn: '2025-02-01', metFully: 'no' }),
      says: 'overdue',
    },
    'late by the months, with a limit before the order': {
      ...order({ dueOn: '2025-01-01', correctedOn: '2025-06-01' }),
      says: 'late',
    },
    'reported on the eleventh day': issue({ reportedOn: '2025-01-16' }),
    'submitted a day late': request({ dueOn: '2025-02-01', submittedOn: '2025-02-02' }),
    'late in a ledger that nobody closed': {
      ...ledger('functions', [change('2025-01-01', '2025-02-01')], { closing: false }),
      says: ['late', 'notClosed'],
    },
    'one late, beside one open': {
      ...ledger('functions', [change('2025-01-01', '2025-02-01'), change('2026-03-01')]),
      says: ['late', 'open'],
    },
  },
  unproven: {
    'functions filed since the start are asked for, and the register begins later': {
      ...ledger('functions', [change('2025-01-01', '2025-01-31')], { from: '2023-01-02' }),
      parameters: { ...changed, over: 'start' },
      says: 'startsLate',
    },
    ...shortfalls((changes) => issue({ reportedOn: '2025-01-15' }, changes)),
    'an empty ledger that nobody closed': ledger('functions', [], { closing: false }),
    'not filed, still in time': { ...ledger('functions', [change('2026-03-01')]), says: 'open' },
    'not filed, on the last day': ledger('functions', [change('2026-02-13')], { until: '2026-03-15' }),
    'not filed when the ledger ended; past the limit only since': ledger('functions', [change('2026-01-30')]),
    'live on the as-of date, not yet filed': going('2026-03-15'),
    'not submitted, without limit': request({ submittedOn: '' }),
    'submitted, where the unit stated no limit': { ...request({ submittedOn: '2025-12-01' }), says: 'unlimited' },
    'submitted, with a limit before the request': {
      ...request({ dueOn: '2024-02-01', submittedOn: '2025-02-01' }),
      says: 'contradictory',
    },
    'a limit that is no date': request({ dueOn: '长期', submittedOn: '2025-02-01' }, { days: 90 }),
    'filed before the change': ledger('functions', [change('2025-01-02', '2025-01-01')]),
    'a filing date that is none': ledger('functions', [change('2025-01-02', '已备案')]),
    'a change date that is none, and sorts last': {
      ...ledger('functions', [change('待定', '2025-01-01')]),
      says: 'undated',
    },
    'an order without date': { ...order({ measureOn: '' }), says: 'undated' },
    'a last day without a request': {
      ...request({ askedOn: '', dueOn: '2025-02-01', submittedOn: '2025-01-15' }),
      says: 'undated',
    },
    'no measure written down': { ...order({ measure: '', correctedOn: '2025-02-01' }), says: 'unsorted' },
    'a measure that is not known': order({ measure: 'unknown', correctedOn: '2025-02-01' }),
    'whether the correction is full is said not to be known': order({ correctedOn: '2025-02-01', metFully: 'unknown' }),
    'a kind in free words': { ...issue({ kind: '虚假开票', reportedOn: '2025-01-06' }), says: 'unsorted' },
    'a word that objects have': issue({ kind: 'constructor', reportedOn: '2025-01-06' }),
    'the ledger lacks the column of what happened': {
      ...ledger('using-units', [{ name: '甲', creditCode: '1', joinedOn: '2024-01-01' }]),
      parameters: { ledger: 'using-units', from: 'disqualifiedOn', to: 'leftOn' },
      says: 'unseen',
    },
    'the ledger lacks the column of what had to follow': { ...issue({}), says: 'unseen' },
    'no ledger': { platform, ledgers: [], says: 'noLedger' },
    'another ledger only': ledger('changes', []),
  },
});

type Judged = Parameters<typeof check.judge>[0];

const findingsOf = (given: Case): readonly Finding[] =>
  check.judge(given as unknown as Judged, check.parameters.parse(given.parameters ?? changed), '2026-03-15');

test('what is open stands with its rows and the earliest limit', () => {
  const rows = [change('2026-03-10'), change('2026-02-20'), change('2026-03-01'), change('2026-03-15', '2026-03-15')];
  const [finding, ...more] = findingsOf(ledger('functions', rows));
  expect(more).toEqual([]);
  expect(finding?.data.due).toBe('2026-03-22');
  const message = check.messages[finding?.says ?? ''];
  expect(finding && message && fill(message, finding.data).zh).toBe(
    '3 条尚无有效的「变更备案日期」，期限未到或不能确定已过（自「调整变化日期」起，30 日内）：第 2 行 开票、第 3 行 开票、第 4 行 开票',
  );
});

test('without a limit nothing is due', () => {
  const [finding] = findingsOf(request({ submittedOn: '' }));
  expect(finding?.data.due).toBeUndefined();
});

describe('parameters that make no sense are refused', () => {
  test.each([
    ['a column that the ledger lacks', { ...changed, to: 'reportedOn' }],
    ['a column that holds no dates', { ...changed, from: 'name' }],
    ['a limit from a column that the ledger lacks', { ...changed, due: 'dueOn' }],
    ['kinds of a ledger without any', { ...changed, kinds: ['false-invoicing'] }],
    ['a kind that does not exist', { ...abnormal, kinds: ['false-invoice'] }],
    ['a measure that does not exist', { ...corrections, measures: ['ordered'] }],
    ['measures that are not known', { ...corrections, measures: ['unknown'] }],
    ['days before', { ...live, days: 3 }],
  ])('%s', (_, parameters) => {
    expect(check.parameters.safeParse(parameters).success).toBe(false);
  });
});

test('100,000 entries are judged at once', () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => ({
    creditCode: String(index),
    issuedOn: `2025-0${1 + (index % 9)}-${10 + (index % 19)}`,
    dueOn: index % 2 ? '2025-12-31' : '',
    uploadedOn: index % 5 ? '2025-10-30' : '',
  }));
  const given = ledger('uploads', rows);
  const parameters = check.parameters.parse({
    ledger: 'uploads',
    from: 'issuedOn',
    to: 'uploadedOn',
    months: 3,
    due: 'dueOn',
  });
  const findings = check.judge(given as unknown as Judged, parameters, '2026-03-15');
  expect(findings.map(({ says }) => says)).toEqual(['late', 'overdue']);
});
