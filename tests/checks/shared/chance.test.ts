import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeastByChance } from '../../../checks/shared/chance.ts';

test.each([
  [1, 1, 0.1, 0.1],
  [6, 6, 0.1, 1e-6],
  [10, 0, 0.5, 1],
  [10, 11, 0.5, 0],
  [4, 2, 0.5, 11 / 16],
  [3, 1, 1 / 11, 1 - (10 / 11) ** 3],
])('%i trials, at least %i, chance %f', (trials, hits, chance, expected) => {
  expect(atLeastByChance(trials, hits, chance)).toBeCloseTo(expected, 12);
});

test('falls as more is asked, and stays a likelihood', () => {
  fc.assert(
    fc.property(
      fc.nat(5000),
      fc.nat(5000),
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      (trials, hits, chance) => {
        const likely = atLeastByChance(trials, hits, chance);
        const less = atLeastByChance(trials, hits + 1, chance);
        return likely >= 0 && likely <= 1 && less <= likely + 1e-9;
      },
    ),
    { numRuns: 300, seed: 2 },
  );
});

test('with exactly the expected number it is about a half', () => {
  for (const trials of [100, 1000, 80_000]) {
    expect(atLeastByChance(trials, trials / 10, 0.1)).toBeGreaterThan(0.45);
    expect(atLeastByChance(trials, trials / 10, 0.1)).toBeLessThan(0.6);
  }
});
