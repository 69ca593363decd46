import { addDays, daysBetween, daysFrom, type PlainDate } from '../../evidence/dates.ts';
import type { MissingDays } from '../../evidence/host/log-stores.ts';

const weeks = 6;
/** Share of days with entries from which a log is taken to be written every day. */
const everyDay = 0.95;
/** Share of the same weekdays with entries, before or after, that makes one expect entries on a day without any. */
const expected = 0.8;

/** Days, the first and the last among them, that a file read in part may hold; `open`: its end was not read. */
export type Unseen = { readonly from: PlainDate; readonly to: PlainDate; readonly open: boolean };

/**
 * The days that a file read in part may hold besides `entries`, its dates in order of appearance: those between two of them, and
 * up to `until` where its end was not read. If entries jump back by more than a day, they are in no order, and any day may be.
 */
export function unseenIn(entries: readonly PlainDate[], until: PlainDate | undefined): Unseen[] {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return [];
  const pairs = entries.slice(1).map((next, index) => ({ day: entries[index] ?? next, next }));
  if (pairs.some(({ day, next }) => daysBetween(day, next) < -1)) {
    const sorted = [...entries, ...(until === undefined ? [] : [until])].toSorted();
    return [{ from: sorted[0] ?? first, to: sorted.at(-1) ?? last, open: true }];
  }
  const between = pairs
    .filter(({ day, next }) => daysBetween(day, next) > 1)
    .map(({ day, next }) => ({ from: addDays(day, 1), to: addDays(next, -1), open: false }));
  return until === undefined || until <= last
    ? between
    : [...between, { from: addDays(last, 1), to: until, open: true }];
}

/** Days in a row that a log may be silent between two pieces of a file without it being said that too few were read. */
const quiet = 3;
/** Share of days that may be hidden before the others no longer tell on which days there are entries. */
const telling = 0.2;

/** Whether days that are missing may be in what was not read, or so many may that nothing shows which are missing. */
export function mayHide(
  missing: readonly { from: PlainDate; to: PlainDate }[],
  days: readonly PlainDate[],
  unseen: readonly Unseen[],
): boolean {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || unseen.length === 0) return false;
  if (missing.some((run) => unseen.some(({ from, to }) => from <= run.to && run.from <= to))) return true;
  const present = new Set(days);
  const hidden = unseen
    .filter(({ from, to, open }) => open || daysBetween(from, to) >= quiet)
    .flatMap(({ from, to }) => daysFrom(from, to < last ? to : last).filter((day) => !present.has(day)));
  return new Set(hidden).size > telling * (daysBetween(first, last) + 1);
}

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
