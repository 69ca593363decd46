import type { Records } from '../../src/evidence/database/records.ts';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../src/evidence/dates.ts';

/** How many months on either side a month is compared with. */
const reach = 3;

/**
 * Whole months from `start` on with fewer rows than `share` of what is usual both before and after them (the median of the months on that side). Business that
 * grows or fades is not thin, and neither is the first month of a table or the one under way.
 */
export function thinMonths(
  { months, estimates = {}, oldest, newest }: Records['tables'][number],
  start: PlainDate,
  on: PlainDate,
  share: number,
): Month[] {
  if (oldest === undefined || newest === undefined) return [];
  const last = addToMonth(monthOf(newest < on ? newest : on), -1);
  const whole = monthsFrom(addToMonth(monthOf(oldest), 1), last);
  const counts = whole.map((month) => estimates[month] ?? months[month] ?? 0);
  return whole.filter((month, index) => {
    const count = counts[index] ?? 0;
    const before = median(counts.slice(Math.max(0, index - reach), index));
    const after = median(counts.slice(index + 1, index + 1 + reach));
    return month >= monthOf(start) && count > 0 && count < share * Math.min(before, after);
  });
}

// 0 of none: nothing is thin beside nothing.
function median(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
