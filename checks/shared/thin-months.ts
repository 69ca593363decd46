import type { Records } from '../../src/evidence/database/records.ts';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../src/evidence/dates.ts';

/** How many months on either side a month is compared with. */
const reach = 3;

/** What months are compared for: those from `start` on, on the day `on`; `isOld`: the table is older than the period, its first months are no beginning. */
type Asked = { readonly start: PlainDate; readonly on: PlainDate; readonly share: number; readonly isOld: boolean };

/**
 * Whole months from `start` on with fewer rows than `share` of what is usual both before and after them (the median of the months on that side), one or many in
 * a row; of an old table also its first ones, if then there are suddenly more. Business that grows or fades is not thin, and neither is the first month of a
 * table or the one under way.
 */
export function thinMonths(
  { months, estimates = {}, oldest, newest }: Records['tables'][number],
  { start, on, share, isOld }: Asked,
): Month[] {
  if (oldest === undefined || newest === undefined) return [];
  const last = addToMonth(monthOf(newest < on ? newest : on), -1);
  const whole = monthsFrom(addToMonth(monthOf(oldest), 1), last);
  const counts = whole.map((month) => estimates[month] ?? months[month] ?? 0);
  const holes = counts.map((_, from) => holeFrom(counts, from, share));
  const few = isOld ? beginning(counts, share) : 0;
  return whole.filter((month, index) => {
    const count = counts[index] ?? 0;
    const isThin = index < few || holes.some(({ from, to, below }) => index >= from && index < to && count < below);
    return month >= monthOf(start) && count > 0 && isThin;
  });
}

// The months from one on that are below what was usual before; `below`: less is thin, for it is usual after them, too.
function holeFrom(counts: readonly number[], from: number, share: number): { from: number; to: number; below: number } {
  const before = median(counts.slice(Math.max(0, from - reach), from));
  const end = counts.findIndex((count, index) => index >= from && count >= share * before);
  const to = end < 0 ? counts.length : Math.max(end, from + 1);
  return { from, to, below: share * Math.min(before, median(counts.slice(to, to + reach))) };
}

// How many months there are before the one from which on there are suddenly more.
function beginning(counts: readonly number[], share: number): number {
  return (
    counts.findLastIndex((_, index) => {
      const after = median(counts.slice(index + 1, index + 1 + reach));
      return index + reach < counts.length && counts.slice(0, index + 1).every((count) => count < share * after);
    }) + 1
  );
}

// 0 of none: nothing is thin beside nothing.
function median(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
