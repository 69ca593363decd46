import { expect, test } from 'vitest';
import { check } from '../../../checks/figures/at-least.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import { seen } from '../../support/check-tester.ts';

const findingOf = (first: string, last: string, asOf: string) => {
  const months = Object.fromEntries(monthsFrom(first, last).map((month) => [month, '1']));
  const trade = { name: 'trade', value: { type: 'monthly', unit: '元', months }, declared: '-' } as const;
  return check.judge(
    { facts: [seen('facts', trade)], documents: [] } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse({ fact: 'trade', amount: '3', months: 3 }),
    asOf,
  )[0];
};

test.each([
  ['2026-03-31', '2025-12', '2026-02'],
  ['2026-08-31', '2026-05', '2026-07'],
  ['2026-11-30', '2026-08', '2026-10'],
  ['2024-02-29', '2023-11', '2024-01'],
  ['2026-01-31', '2025-10', '2025-12'],
])('on %s the last three full months are %s to %s', (asOf, from, to) => {
  expect(findingOf(from, to, asOf)).toMatchObject({ outcome: 'met' });
  expect(findingOf('2000-01', '2000-01', asOf)).toMatchObject({ outcome: 'unproven', data: { from, to } });
});

test.each([
  [{ amount: '1' }],
  [{ fact: 'a', facts: ['b'], amount: '1' }],
  [{ facts: ['a', 'a'], amount: '1' }],
  [{ facts: [], amount: '1' }],
  [{ fact: 'a', amount: '1', months: 12, previousYear: true }],
  [{ fact: 'a', amount: '1', previousYear: false }],
  [{ fact: 'a', amount: 1 }],
])('the parameters %j are refused', (parameters) => {
  expect(check.parameters.safeParse(parameters).success).toBe(false);
});
