import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangesBetween } from '../../../../src/collectors/database/clear-text/ranges.ts';

test('ranges cover all values of a key from its lowest, and overlap nowhere', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(2n ** 63n), 2n ** 64n),
      fc.bigInt(0n, 2n ** 63n),
      fc.integer({ min: 1, max: 50 }),
      (low, span, count) => {
        const ranges = rangesBetween(low, low + span, count);
        expect(ranges.length).toBeLessThanOrEqual(count);
        expect(ranges[0]?.from).toBe(low);
        expect(ranges.at(-1)?.to).toBe(low + span);
        for (const [index, { from, to }] of ranges.entries()) {
          expect(from <= to).toBe(true);
          expect(ranges[index + 1]?.from ?? to + 1n).toBe(to + 1n);
        }
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});
