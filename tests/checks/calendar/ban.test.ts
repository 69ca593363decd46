import { expect, test } from 'vitest';
import { check } from '../../../checks/calendar/ban.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'letter', sha256: 'a'.repeat(64) } }, { subject: name });

const date = (name: string, day: string) => fact(name, { type: 'date', date: day });
const kind = (text: string) => fact('exit-kind', { type: 'text', text });

const exit = (on: string, manner: string, reapplied?: string) => [
  date('service-end', on),
  kind(manner),
  ...(reapplied === undefined ? [] : [date('reapplied', reapplied)]),
];

const parameters = {
  exit: 'service-end',
  kind: 'exit-kind',
  months: { 自愿: 12, 责令: 36 },
  reapplied: 'reapplied',
};

testCheck(check, parameters, '2029-07-01', {
  met: {
    'no new application inside the ban': { asOf: '2026-05-01', facts: exit('2026-03-31', '自愿'), says: 'barred' },
    'no new application at all': { facts: exit('2026-03-31', '责令') },
    'the day after a year': { facts: exit('2026-03-31', '自愿', '2027-04-01'), says: 'reappliedAfter' },
    'the day after three years': { facts: exit('2026-03-31', '责令', '2029-04-01') },
    'the day after a year from a leap day': { facts: exit('2024-02-29', '自愿', '2025-03-01') },
    'the manner in full width and with blanks': { facts: exit('2026-03-31', ' 自 愿', '2027-04-01') },
  },
  unmet: {
    'on the last day of the ban': { facts: exit('2026-03-31', '自愿', '2027-03-31'), says: 'reappliedInside' },
    'after one year, though ordered': { facts: exit('2026-03-31', '责令', '2027-04-01') },
    'a year from a leap day, on its last day': { facts: exit('2024-02-29', '自愿', '2025-02-28') },
    'on the day of the exit': { facts: exit('2026-03-31', '自愿', '2026-03-31') },
  },
  unproven: {
    'the exit lies ahead': { facts: exit('2029-07-02', '自愿'), says: 'exitAhead' },
    'the new application lies ahead, after the ban': {
      facts: exit('2026-03-31', '自愿', '2029-07-02'),
      says: 'reappliedAhead',
    },
    'the new application is older than the exit': {
      facts: exit('2026-03-31', '自愿', '2024-01-01'),
      says: 'reappliedBefore',
    },
    'a manner that is not listed': { facts: exit('2026-03-31', '协商'), says: 'kindUnknown' },
    'a manner that every object has': { facts: exit('2026-03-31', 'constructor') },
    'the manner is a list': {
      facts: [date('service-end', '2026-03-31'), fact('exit-kind', { type: 'list', items: ['自愿'] })],
      says: 'kindUnknown',
    },
    'no manner': { facts: [date('service-end', '2026-03-31')], says: 'noKind' },
    'no exit': { facts: [kind('自愿')], says: 'noEvidence' },
    'the exit is a text': {
      facts: [kind('自愿'), fact('service-end', { type: 'text', text: '已退出' })],
      says: 'notADate',
    },
    'the new application is a text': {
      facts: [...exit('2026-03-31', '自愿'), fact('reapplied', { type: 'text', text: '否' })],
      says: 'notADate',
    },
    'two manners that contradict each other': {
      facts: [...exit('2026-03-31', '自愿', '2027-04-01'), kind('责令')],
      says: 'differing',
    },
    'nothing declared': { facts: [] },
  },
});

test('at least one manner of exit is needed', () => {
  expect(check.parameters.safeParse({ ...parameters, months: {} }).success).toBe(false);
});
