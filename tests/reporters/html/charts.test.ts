import { expect, test } from 'vitest';
import { chartOf } from '../../../src/reporters/html/charts.ts';

const counts = { met: 0, partial: 0, unmet: 0, unproven: 0, 'not-applicable': 0 };

test('bars share one scale, and segments follow each other without a gap', () => {
  const { bars, width } = chartOf(
    [
      { label: 'long', counts: { ...counts, met: 6, unmet: 3, unproven: 1 } },
      { label: 'short', counts: { ...counts, met: 5 } },
    ],
    'says',
  );
  const [long, short] = bars;
  expect(long?.segments.map((segment) => segment.verdict)).toEqual(['met', 'unmet', 'unproven']);
  const ends = long?.segments.map((segment) => segment.x + segment.width) ?? [];
  for (const [index, segment] of long?.segments.slice(1).entries() ?? [])
    expect(segment.x).toBeCloseTo(ends[index] ?? Number.NaN);
  expect(ends.at(-1)).toBeCloseTo(width);
  expect(short?.segments[0]?.width).toBeCloseTo(((long?.segments[0]?.width ?? 0) * 5) / 6);
});

test('a number that does not fit is left out; nothing to show draws nothing', () => {
  const { bars } = chartOf(
    [
      { label: 'a', counts: { ...counts, met: 99, unmet: 1 } },
      { label: 'b', counts },
    ],
    '',
  );
  expect(bars[0]?.segments.map((segment) => segment.count)).toEqual(['99', '']);
  expect(bars[1]?.segments).toEqual([]);
});
