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

test.each([
  ['2026-05-31', { opens: '2026-05-31', end: '2026-08-31', left: 92 }],
  ['2026-08-31', { opens: '2026-05-31', end: '2026-08-31', left: 0 }],
  ['2026-05-01', { opens: '2026-05-31', end: '2026-08-31', left: 30 }],
])('on %s the window and the days left are %j', (asOf, data) => {
  const [finding] = check.judge(
    { facts: term('2024-09-01', '2026-08-31') } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    asOf,
  );
  expect(finding?.data).toEqual(data);
});
