import { expect, test } from 'vitest';
import { check } from '../../../checks/calendar/in-force.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { defects, paper } from '../../support/papers.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'letter', sha256: 'a'.repeat(64) } }, { subject: name });

const date = (name: string, day: string) => fact(name, { type: 'date', date: day });

const term = (start: string, end: string) => [date('access-start', start), date('validity-end', end)];

const parameters = { start: 'access-start', end: 'validity-end', years: 2 };
const extended = { ...parameters, extension: 'review-confirmation' };
const ofAnyLength = { start: 'access-start', end: 'validity-end' };

testCheck(check, parameters, '2026-07-01', {
  met: {
    'inside the first term': { facts: term('2024-12-20', '2026-12-20'), says: 'inForce' },
    'on its first day': { asOf: '2024-12-20', facts: term('2024-12-20', '2026-12-19') },
    'on its last day': { asOf: '2026-12-19', facts: term('2024-12-20', '2026-12-19') },
    'inside the second term': { facts: term('2022-12-20', '2026-12-20') },
    'inside the first term, which no review grants': { parameters: extended, facts: term('2024-12-20', '2026-12-20') },
    'inside the second term, as the review granted': {
      parameters: extended,
      facts: term('2022-12-20', '2026-12-19'),
      documents: [paper({ id: 'review-confirmation' })],
      says: 'inForce',
    },
    'two years from a leap day': { asOf: '2026-02-28', facts: term('2024-02-29', '2026-02-28') },
    'four years from a leap day': { asOf: '2028-02-29', facts: term('2024-02-29', '2028-02-29') },
    'of any length': { parameters: ofAnyLength, facts: term('2024-12-20', '2026-10-31') },
  },
  unmet: {
    'the day after its last': { asOf: '2026-12-21', facts: term('2024-12-20', '2026-12-20'), says: 'ended' },
    'the day after 28 February': { asOf: '2026-03-01', facts: term('2024-02-29', '2026-02-28') },
    'ended, of any length': { parameters: ofAnyLength, asOf: '2026-11-01', facts: term('2024-12-20', '2026-10-31') },
  },
  unproven: {
    'inside the second term, and nothing shows that it was granted': {
      parameters: extended,
      facts: term('2022-12-20', '2026-12-20'),
      says: 'notExtended',
    },
    'inside the second term, and the review is said not to be confirmed': {
      parameters: extended,
      facts: term('2022-12-20', '2026-12-20'),
      documents: [paper({ id: 'review-confirmation', ...defects['not held'] })],
    },
    'not begun': { asOf: '2024-12-19', facts: term('2024-12-20', '2026-12-20'), says: 'notBegun' },
    'a day too long': { facts: term('2024-12-20', '2026-12-21'), says: 'disagree' },
    'three years': { facts: term('2024-12-20', '2027-12-20'), says: 'disagree' },
    'two years from a leap day to 1 March': { asOf: '2026-02-01', facts: term('2024-02-29', '2026-03-01') },
    'the end is the start': {
      parameters: ofAnyLength,
      asOf: '2026-12-20',
      facts: term('2026-12-20', '2026-12-20'),
      says: 'endFirst',
    },
    'no end': { facts: [date('access-start', '2024-12-20')], says: 'noEvidence' },
    'no start': { facts: [date('validity-end', '2026-12-20')], says: 'noEvidence' },
    'the end is a text': {
      facts: [date('access-start', '2024-12-20'), fact('validity-end', { type: 'text', text: '长期' })],
      says: 'notADate',
    },
    'two ends that contradict each other': {
      facts: [...term('2024-12-20', '2026-12-20'), date('validity-end', '2026-06-20')],
      says: 'differing',
    },
  },
});

test('the end is due', () => {
  const [finding] = check.judge(
    { facts: term('2024-12-20', '2026-12-20'), documents: [] } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-12-01',
  );
  expect(finding?.data).toEqual({ start: '2024-12-20', end: '2026-12-20', left: 19, due: '2026-12-20' });
});
