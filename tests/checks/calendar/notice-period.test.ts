import { expect, test } from 'vitest';
import { check } from '../../../checks/calendar/notice-period.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'notice', sha256: 'a'.repeat(64) } }, { subject: name });

const date = (name: string, day: string) => fact(name, { type: 'date', date: day });

const exit = (end: string, announced?: string) => [
  date('service-end', end),
  ...(announced === undefined ? [] : [date('exit-announced', announced)]),
];

const parameters = { event: 'service-end', notice: 'exit-announced', months: 3 };
const ofOwnWish = { ...parameters, when: { fact: 'exit-kind', in: ['自愿'], otherwise: ['责令'] } };
const kind = (word: string) => fact('exit-kind', { type: 'text', text: word });
const thirtyDays = { event: 'service-end', notice: 'exit-announced', days: 30 };

testCheck(check, parameters, '2026-07-01', {
  met: {
    'long before': { facts: exit('2026-08-31', '2026-01-10'), says: 'inTime' },
    'on the last day: 31 May for 31 August': { facts: exit('2026-08-31', '2026-05-31') },
    '30 August for 30 November': { asOf: '2026-09-01', facts: exit('2026-11-30', '2026-08-30') },
    '29 February for 31 May in a leap year': { asOf: '2028-05-01', facts: exit('2028-05-31', '2028-02-29') },
    'the event is over': { asOf: '2027-01-01', facts: exit('2026-08-31', '2026-05-31') },
    'thirty days': { parameters: thirtyDays, facts: exit('2026-07-31', '2026-07-01') },
    'thirty days over a leap day': {
      parameters: thirtyDays,
      asOf: '2028-03-20',
      facts: exit('2028-03-30', '2028-02-29'),
    },
  },
  unmet: {
    'a day late, by its own wish': {
      parameters: ofOwnWish,
      facts: [...exit('2026-08-31', '2026-06-01'), kind('自愿')],
    },
    'a day late': { facts: exit('2026-08-31', '2026-06-01'), says: 'late' },
    '31 August for 30 November': { asOf: '2026-09-01', facts: exit('2026-11-30', '2026-08-31') },
    'twenty-nine days': { parameters: thirtyDays, facts: exit('2026-07-30', '2026-07-01') },
    'after the event': { facts: exit('2026-05-31', '2026-06-15'), says: 'late' },
    'no notice, and it is too late': { facts: exit('2026-08-31'), says: 'notGiven' },
    'a notice that is only planned, and it is too late': { facts: exit('2026-08-31', '2026-07-02'), says: 'notGiven' },
  },
  'not-applicable': {
    'an ordered exit, for which no time is set': {
      parameters: ofOwnWish,
      facts: [...exit('2026-08-31', '2026-06-01'), kind('责令')],
      says: 'doesNotBind',
    },
  },
  unproven: {
    'whether a time is set is not known': {
      parameters: ofOwnWish,
      facts: exit('2026-08-31', '2026-05-31'),
      says: 'conditionUnknown',
    },
    'no notice, on the last day': { asOf: '2026-05-31', facts: exit('2026-08-31'), says: 'open' },
    'a notice that is only planned': { asOf: '2026-05-01', facts: exit('2026-08-31', '2026-05-02'), says: 'ahead' },
    'no event': { facts: [date('exit-announced', '2026-05-31')], says: 'noEvidence' },
    'nothing declared': { facts: [] },
    'the notice is a text': {
      facts: [...exit('2026-08-31'), fact('exit-announced', { type: 'text', text: '已公示' })],
      says: 'notADate',
    },
    'the event is a text': { facts: [fact('service-end', { type: 'text', text: '年底' })], says: 'notADate' },
    'two notices that contradict each other': {
      facts: [...exit('2026-08-31', '2026-05-31'), date('exit-announced', '2026-06-30')],
      says: 'differing',
    },
  },
});

test('the deadline is due as long as it can be kept', () => {
  const dataOf = (asOf: string) =>
    check.judge(
      { facts: exit('2026-08-31') } as unknown as Parameters<typeof check.judge>[0],
      check.parameters.parse(parameters),
      asOf,
    )[0]?.data;
  expect(dataOf('2026-05-31')).toMatchObject({ due: '2026-05-31', deadline: '2026-05-31' });
  // Overdue is due still.
  expect(dataOf('2026-06-01')).toMatchObject({ due: '2026-05-31' });
});

test('either months or days', () => {
  expect(check.parameters.safeParse({ ...parameters, days: 30 }).success).toBe(false);
  expect(check.parameters.safeParse({ event: 'a', notice: 'b' }).success).toBe(false);
});
