import { addDays, daysBetween, isDate, type PlainDate } from '../../evidence/dates.ts';

/** The host's clock when it was asked. */
export type HostClock = {
  readonly today: PlainDate;
  /** Minutes ahead of UTC. */
  readonly minutesAhead: number;
};

/** Entries of one date in a row: how the host prints the dates of a file, in order of appearance. */
export type DateRun = { readonly token: string; readonly count: number };

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days an entry may stand before an older one, or a date may be out of line, before it is not believed. */
const tolerance = 2;

/** Tokens looked back at to tell whether one is out of order. */
const near = 30;

/**
 * The dates of a file's entries in the host's time zone, in order of appearance. Dates without a year (RFC 3164, 4.1.2) are
 * resolved backwards from the day the file was last written; dates after that day, and a lone date that jumps back and forth
 * out of the order of its neighbours, are no entry dates and are left out.
 */
export function datesOf(runs: readonly DateRun[], lastWritten: PlainDate, clock: HostClock): PlainDate[] {
  const limit = addDays(lastWritten, 1);
  const dates: PlainDate[] = [];
  let later = limit;
  for (let index = runs.length - 1; index >= 0; index--) {
    const token = runs[index]?.token ?? '';
    const said = dateOf(token, clock.minutesAhead);
    const guessed =
      said === undefined ? lastBefore(token, later, runs.slice(Math.max(0, index - near), index)) : undefined;
    const resolved = said ?? guessed;
    if (resolved === undefined || resolved > limit) continue;
    dates.push(resolved);
    if (guessed !== undefined && guessed < later) later = guessed;
  }
  dates.reverse();
  return dates.filter((date, index) => !strays(date, dates[index - 1], dates[index + 1]));
}

// One line out of order must not push all before it into an earlier year: a day is no entry date if a token before it fits
// between it and what follows. That errs on the side of younger logs.
function lastBefore(token: string, later: PlainDate, before: readonly DateRun[]): PlainDate | undefined {
  const limit = addDays(later, tolerance);
  const date = withYear(token, limit);
  if (date === undefined || daysBetween(date, later) <= tolerance) return date;
  const bound = addDays(date, tolerance);
  return before.some((run) => (withYear(run.token, limit) ?? '') > bound) ? undefined : date;
}

/** The date of an instant on a host's clock; `seconds` since 1970. */
export function hostDate(seconds: number, minutesAhead: number): PlainDate | undefined {
  const time = (seconds + minutesAhead * 60) * 1000;
  return Number.isFinite(time) && Math.abs(time) < 4e12 ? new Date(time).toISOString().slice(0, 10) : undefined;
}

/** Minutes ahead of UTC from `+0800`, `+08:00` or `Z`. */
export function minutesOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [, sign, hours, minutes] = zone.match(/^([+-])(\d\d):?(\d\d)$/) ?? [];
  if (sign === undefined) return undefined;
  const ahead = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -ahead : ahead;
}

function strays(date: PlainDate, before: PlainDate | undefined, after: PlainDate | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const inOrder = daysBetween(before, after) >= -tolerance;
  return inOrder && daysBetween(date, before) > tolerance && daysBetween(date, after) > tolerance;
}

// Tokens that say their year: 2026-05-01, 2026/5/1, 2026-05-01T20+0800, 1/May/2026:05+0800, @472222 (hours since 1970).
function dateOf(token: string, minutesAhead: number): PlainDate | undefined {
  const hours = token.match(/^@(\d{1,7})$/)?.[1];
  if (hours !== undefined) return hostDate(Number(hours) * 3600, minutesAhead);
  const iso = token.match(/^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:T(\d\d)(Z|[+-]\d\d:?\d\d))?$/);
  if (iso) return placed(iso[1], iso[2], iso[3], iso[4], iso[5], minutesAhead);
  const named = token.match(/^(\d{1,2})\/([A-Z][a-z]{2})\/(\d{4})(?::(\d\d)([+-]\d\d:?\d\d))?$/);
  if (!named) return undefined;
  const month = monthNames.indexOf(named[2] ?? '') + 1;
  return placed(named[3], String(month), named[1], named[4], named[5], minutesAhead);
}

function placed(
  year = '',
  month = '',
  day = '',
  hour: string | undefined,
  zone: string | undefined,
  minutesAhead: number,
): PlainDate | undefined {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isDate(date)) return undefined;
  const ahead = zone === undefined ? undefined : minutesOf(zone);
  if (hour === undefined || ahead === undefined || ahead === minutesAhead) return date;
  return hostDate(Date.parse(`${date}T00:00:00Z`) / 1000 + Number(hour) * 3600 - ahead * 60, minutesAhead);
}

// `Nov 22`: the last such day not after the limit; 29 February may lie eight years back (1896 to 1904).
function withYear(token: string, limit: PlainDate): PlainDate | undefined {
  const [, name = '', day = ''] = token.match(/^([A-Z][a-z]{2}) {1,2}(\d{1,2})$/) ?? [];
  const month = monthNames.indexOf(name) + 1;
  if (month === 0) return undefined;
  const rest = `${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  for (let year = Number(limit.slice(0, 4)), least = year - 8; year >= least; year--) {
    const date = `${year}-${rest}`;
    if (isDate(date) && date <= limit) return date;
  }
  return undefined;
}
