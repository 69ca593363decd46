/** A calendar date, `YYYY-MM-DD`; such strings sort by time. */
export type PlainDate = string;

/** A calendar month, `YYYY-MM`. */
export type Month = string;

/** An instant, ISO 8601 in UTC with seconds: `2026-11-22T05:46:00Z`. */
export type Instant = string;

const dayLength = 86_400_000;

/** The date `days` later (earlier if negative). */
export function addDays(date: PlainDate, days: number): PlainDate {
  return iso(Date.parse(`${date}T00:00:00Z`) + days * dayLength);
}

/** The date `months` later; a day that the month lacks becomes its last (31 August less 6 months: 28 or 29 February). */
export function addMonths(date: PlainDate, months: number): PlainDate {
  const [year, month, day] = fields(date);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return iso(first.getTime() + (Math.min(day, last) - 1) * dayLength);
}

/** The date `months` earlier. */
export function monthsBefore(date: PlainDate, months: number): PlainDate {
  return addMonths(date, -months);
}

/** Whole days from `from` to `to`; negative if `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayLength);
}

/** The month a date lies in. */
export function monthOf(date: PlainDate): Month {
  return date.slice(0, 7);
}

/** The month `months` later. */
export function addToMonth(month: Month, months: number): Month {
  return monthOf(addMonths(`${month}-01`, months));
}

/** All months from `first` to `last`, both included; none if `last` is earlier. */
export function monthsFrom(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = addToMonth(month, 1)) months.push(month);
  return months;
}

/** All days from `first` to `last`, both included; none if `last` is earlier. */
export function daysFrom(first: PlainDate, last: PlainDate): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The date on which an instant falls in a time zone (IANA name). */
export function dateIn(instant: Instant | Date, timeZone: string): PlainDate {
  const parts = formatterOf(timeZone).formatToParts(typeof instant === 'string' ? new Date(instant) : instant);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The last date in a time zone that lies wholly before the second after an instant. */
export function lastWholeDay(instant: Instant, timeZone: string): PlainDate {
  return addDays(dateIn(new Date(Date.parse(instant) + 1000), timeZone), -1);
}

/** An instant to the second, in UTC. */
export function instantOf(date: Date): Instant {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Whether the text names a day that exists. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = fields(text);
  if (month < 1 || month > 12 || day < 1) return false;
  // Arithmetic, for evidence of a fleet holds a million dates: day 0 of the next month is the last of this one.
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Minutes that a time zone is ahead of UTC at an instant. */
export function minutesAheadIn(at: Instant, timeZone: string): number {
  const local = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = local;
  const ahead = Date.UTC(year, month - 1, day, hour, minute) - Date.parse(at.replace(/:\d\d(\.\d+)?Z$/, ':00Z'));
  return Math.round(ahead / 60_000);
}

/** The instant at which a date begins in a time zone; where midnight is skipped by a clock change, the first instant of the day. */
export function beginningOf(date: PlainDate, timeZone: string): Instant {
  return instantAt(`${date} 00:00:00`, timeZone);
}

/** The instant of a local time, `YYYY-MM-DD HH:MM:SS`, in a time zone; of one that a clock change skips, the first after it. */
export function instantAt(local: string, timeZone: string): Instant {
  const utc = Date.parse(`${local.replace(' ', 'T')}Z`);
  const back = (ahead: number): Date => new Date(utc - ahead * 60_000);
  const first = back(minutesAheadIn(instantOf(new Date(utc)), timeZone));
  return instantOf(back(minutesAheadIn(instantOf(first), timeZone)));
}

/** Whether Node knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

// Building a formatter costs some 50 µs; a fleet's evidence asks for hundreds of thousands of dates.
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formatters.set(timeZone, made);
  return made;
}

function fields(date: PlainDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function iso(time: number): PlainDate {
  return new Date(time).toISOString().slice(0, 10);
}
