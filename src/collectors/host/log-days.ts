import { addDays, daysBetween, daysFrom, type PlainDate } from '../../evidence/dates.ts';
import type { MissingDays } from '../../evidence/host/log-stores.ts';

const weeks = 6;
/** Share of days with entries from which a log is taken to be written every day. */
const everyDay = 0.95;
/** Share of the same weekdays with entries, before or after, that makes one expect entries on a day without any. */
const expected = 0.8;

/** Runs of days without an entry that their neighbours lead one to expect, newest first; `days` is sorted. */
export function missingIn(days: readonly PlainDate[], yesterday: PlainDate): MissingDays[] {
  const [first] = days;
  if (first === undefined) return [];
  const present = new Set(days);
  const ends = [...days.filter((day) => day <= yesterday), addDays(yesterday, 1)];
  const gaps = ends.flatMap((day, index) => {
    const next = ends[index + 1];
    return next === undefined || daysBetween(day, next) < 2 ? [] : [{ from: addDays(day, 1), to: addDays(next, -1) }];
  });
  return gaps.flatMap((gap) => judgeGap(gap, present, first, yesterday)).toReversed();
}

/** Whether there are entries every day in the weeks after the oldest; undefined while there is less than a week. */
export function startsDaily(days: readonly PlainDate[], yesterday: PlainDate): boolean | undefined {
  const [first] = days;
  if (first === undefined || first > yesterday) return undefined;
  const last = addDays(first, weeks * 7 - 1);
  const window = daysFrom(first, last < yesterday ? last : yesterday);
  return window.length < 7 ? undefined : rate(window, new Set(days)) >= everyDay;
}

function judgeGap(
  gap: { from: PlainDate; to: PlainDate },
  present: ReadonlySet<PlainDate>,
  first: PlainDate,
  yesterday: PlainDate,
): MissingDays[] {
  const sides = [
    daysFrom(later(first, addDays(gap.from, -7 * weeks)), addDays(gap.from, -1)),
    daysFrom(addDays(gap.to, 1), earlier(yesterday, addDays(gap.to, 7 * weeks))),
  ];
  const telling = sides.filter((side) => side.length >= 7);
  const certain =
    telling.length > 0 &&
    (telling.length === 2 || gap.to === yesterday) &&
    telling.every((side) => rate(side, present) >= everyDay);
  if (!certain && !telling.some((side) => weekdayRate(gap, side, present) >= expected)) return [];
  return [{ ...gap, days: daysBetween(gap.from, gap.to) + 1, certain }];
}

// The highest share of days with entries among the same weekdays as the gap's: a log of office days is silent on Sundays.
function weekdayRate(
  gap: { from: PlainDate; to: PlainDate },
  side: readonly PlainDate[],
  present: ReadonlySet<PlainDate>,
): number {
  const length = Math.min(7, daysBetween(gap.from, gap.to) + 1);
  const shares = Array.from({ length }, (_, index) => addDays(gap.from, index)).map((day) => {
    const alike = side.filter((other) => daysBetween(other, day) % 7 === 0);
    return alike.length === 0 ? 0 : rate(alike, present);
  });
  return Math.max(...shares);
}

function rate(window: readonly PlainDate[], present: ReadonlySet<PlainDate>): number {
  return window.filter((day) => present.has(day)).length / window.length;
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}

function earlier(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}
