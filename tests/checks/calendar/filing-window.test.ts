import { expect, test } from 'vitest';
import { check } from '../../../checks/calendar/filing-window.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'letter', sha256: 'a'.repeat(64) } }, { subject: name });

const date = (name: string, day: string) => fact(name, { type: 'date', date: day });

const term = (start: string, end: string, filed?: string) => [
  date('access-start', start),
  date('validity-end', end),
  ...(filed === undefined ? [] : [date('renewal-filed', filed)]),
];

const parameters = { start: 'access-start', end: 'validity-end', filed: 'renewal-filed', years: 2, months: 3 };

const before = { end: 'validity-end', filed: 'renewal-filed', months: 3, rule: 'before' };
const withStart = { ...before, start: 'access-start' };
const ending = (end: string, filed?: string) => term('2024-09-01', end, filed).slice(1);

testCheck(check, parameters, '2026-07-01', {
  met: {
    'filed inside the window': { facts: term('2024-09-01', '2026-08-31', '2026-06-20'), says: 'filedInTime' },
    'filed on the day it opens: 31 May, for an end on 31 August': {
      facts: term('2024-09-01', '2026-08-31', '2026-05-31'),
    },
    'filed on the last day': { asOf: '2026-09-15', facts: term('2024-09-01', '2026-08-31', '2026-08-31') },
    'not filed, but the window is open': { facts: term('2024-09-01', '2026-08-31'), says: 'open' },
    'open on its first day': { asOf: '2026-05-31', facts: term('2024-09-01', '2026-08-31') },
    'open on its last day': { asOf: '2026-08-31', facts: term('2024-09-01', '2026-08-31') },
    'the end is the same day two years on': { facts: term('2024-08-31', '2026-08-31') },
    'the end of the second term': { asOf: '2028-07-01', facts: term('2024-09-01', '2028-08-31') },
    'a leap day opens it: 29 February 2028 for an end on 31 May': {
      asOf: '2028-02-29',
      facts: term('2026-06-01', '2028-05-31'),
    },
    'a term that began on a leap day': { asOf: '2026-02-01', facts: term('2024-02-29', '2026-02-28') },
    'without a start the end is taken as it is': {
      parameters: { end: 'validity-end', filed: 'renewal-filed', months: 3 },
      facts: ending('2026-08-30', '2026-06-20'),
      says: 'filedInTime',
    },
    'before: filed on the last day, 31 May for an end on 31 August': {
      parameters: before,
      facts: ending('2026-08-31', '2026-05-31'),
      says: 'filedBefore',
    },
    'before: filed a year ahead': { parameters: before, facts: ending('2026-08-31', '2025-05-31') },
    'before: filed a year ahead, where a year is the most': {
      parameters: { ...before, earliest: 12 },
      facts: ending('2026-08-31', '2025-08-31'),
    },
    'filed too early, but in this term': {
      parameters: { ...before, earliest: 24 },
      facts: ending('2026-08-31', '2025-08-30'),
    },
    'before: filed on 30 August for an end on 30 November': {
      parameters: before,
      asOf: '2026-10-01',
      facts: ending('2026-11-30', '2026-08-30'),
    },
    'before: filed on a leap day for an end on 31 May': {
      parameters: before,
      asOf: '2028-06-15',
      facts: ending('2028-05-31', '2028-02-29'),
    },
    'before: not filed, but still in time': {
      parameters: before,
      asOf: '2026-05-31',
      facts: ending('2026-08-31'),
      says: 'stillInTime',
    },
    'before: filed in this term': { parameters: withStart, facts: term('2024-09-01', '2026-08-31', '2026-05-31') },
  },
  unmet: {
    'filed the day before it opens': {
      facts: term('2024-09-01', '2026-08-31', '2026-05-30'),
      says: 'filedTooEarly',
    },
    'filed the day after the end': {
      asOf: '2026-10-01',
      facts: term('2024-09-01', '2026-08-31', '2026-09-01'),
      says: 'filedTooLate',
    },
    'before: filed the day after the last': {
      parameters: before,
      facts: ending('2026-08-31', '2026-06-01'),
      says: 'filedLate',
    },
    'before: filed on 31 August for an end on 30 November': {
      parameters: before,
      asOf: '2026-10-01',
      facts: ending('2026-11-30', '2026-08-31'),
    },
    'before: filed after the end': {
      parameters: before,
      asOf: '2026-10-01',
      facts: ending('2026-08-31', '2026-09-01'),
      says: 'filedLate',
    },
    'before: not filed the day after the last': {
      parameters: before,
      asOf: '2026-06-01',
      facts: ending('2026-08-31'),
      says: 'overdue',
    },
    'before: not filed, 29 February over': { parameters: before, asOf: '2028-03-01', facts: ending('2028-05-31') },
    'before: ended without a filing': { parameters: before, asOf: '2026-09-01', facts: ending('2026-08-31') },
    'ended without a filing': { asOf: '2026-09-01', facts: term('2024-09-01', '2026-08-31'), says: 'lapsed' },
  },
  unproven: {
    'the day before it opens': { asOf: '2026-05-30', facts: term('2024-09-01', '2026-08-31'), says: 'notOpenYet' },
    'the day before 29 February': { asOf: '2028-02-28', facts: term('2026-06-01', '2028-05-31'), says: 'notOpenYet' },
    'the filing is only planned': { facts: term('2024-09-01', '2026-08-31', '2026-08-01'), says: 'filedAhead' },
    'two days before a whole number of terms': { facts: term('2024-09-01', '2026-08-30'), says: 'disagree' },
    'a day after it': { facts: term('2024-09-01', '2026-09-02'), says: 'disagree' },
    'one year of two': { facts: term('2024-09-01', '2025-08-31', '2025-08-01'), says: 'disagree' },
    'three years of two': { facts: term('2024-09-01', '2027-08-31'), says: 'disagree' },
    'the end is before the start': { facts: term('2026-08-31', '2024-08-31'), says: 'disagree' },
    'the end is the start': { facts: term('2026-08-31', '2026-08-31'), says: 'disagree' },
    'at the end of the calendar': { facts: term('9999-01-01', '9999-12-30'), says: 'disagree' },
    'before: the filing is only planned': {
      parameters: before,
      asOf: '2026-05-01',
      facts: ending('2026-08-31', '2026-05-31'),
      says: 'filedAhead',
    },
    'before: a filing left over from the term before': {
      parameters: withStart,
      asOf: '2026-05-01',
      facts: term('2024-09-01', '2026-08-31', '2024-05-20'),
      says: 'filedForEarlierTerm',
    },
    'a filing left over from the term before': {
      asOf: '2028-07-01',
      facts: term('2024-09-01', '2028-08-31', '2026-06-20'),
      says: 'filedForEarlierTerm',
    },
    'before: a filing left over from a term before, and the start is that of the first': {
      parameters: { ...withStart, earliest: 12 },
      asOf: '2028-07-01',
      facts: term('2024-09-01', '2028-08-31', '2026-05-20'),
      says: 'filedLongBefore',
    },
    'before: filed a day more than a year ahead, where a year is the most': {
      parameters: { ...before, earliest: 12 },
      facts: ending('2026-08-31', '2025-08-30'),
    },
    'before: the end is the start': {
      parameters: withStart,
      facts: term('2026-08-31', '2026-08-31'),
      says: 'endFirst',
    },
    'before: a whole number of terms is asked': {
      parameters: { ...withStart, years: 2 },
      facts: term('2024-09-01', '2026-07-31', '2026-04-01'),
      says: 'disagree',
    },
    'before: no end': { parameters: before, facts: [date('renewal-filed', '2026-05-01')] },
    'two ends that contradict each other': {
      parameters: before,
      facts: [...ending('2026-08-31', '2026-05-31'), date('validity-end', '2026-06-30')],
      says: 'differing',
    },
    'two filings that contradict each other': {
      facts: [...term('2024-09-01', '2026-08-31', '2026-06-20'), date('renewal-filed', '2026-05-20')],
      says: 'differing',
    },
    'no end, though filed': {
      facts: term('2024-09-01', '2026-08-31', '2026-06-20').toSpliced(1, 1),
      says: 'noEvidence',
    },
    'no start': { facts: term('2024-09-01', '2026-08-31').slice(1), says: 'noEvidence' },
    'no facts': { facts: [], says: 'noEvidence' },
    'the end is a text': {
      facts: [date('access-start', '2024-09-01'), fact('validity-end', { type: 'text', text: '长期' })],
      says: 'notADate',
    },
    'the filing is a text': {
      facts: [...term('2024-09-01', '2026-08-31'), fact('renewal-filed', { type: 'text', text: '已提交' })],
      says: 'notADate',
    },
  },
});

const dataOf = (facts: ReturnType<typeof term>, asked: Record<string, unknown>, asOf: string) =>
  check.judge({ facts } as unknown as Parameters<typeof check.judge>[0], check.parameters.parse(asked), asOf)[0]?.data;

test.each([
  ['2026-05-31', { opens: '2026-05-31', end: '2026-08-31', left: 92, due: '2026-08-31' }],
  ['2026-08-31', { opens: '2026-05-31', end: '2026-08-31', left: 0, due: '2026-08-31' }],
  ['2026-05-01', { opens: '2026-05-31', end: '2026-08-31', left: 30, due: '2026-08-31' }],
])('on %s the window and the days left are %j', (asOf, data) => {
  expect(dataOf(term('2024-09-01', '2026-08-31'), parameters, asOf)).toEqual(data);
});

test('before the end, the last day to file is due, and overdue when it is over', () => {
  const facts = ending('2026-08-31');
  const last = { last: '2026-05-31', end: '2026-08-31', months: 3 };
  expect(dataOf(facts, before, '2026-05-01')).toEqual({ ...last, left: 30, due: '2026-05-31' });
  expect(dataOf(facts, before, '2026-06-01')).toEqual({ ...last, due: '2026-05-31' });
});

test('terms have a length only from their start', () => {
  expect(check.parameters.safeParse({ ...before, years: 2 }).success).toBe(false);
});
