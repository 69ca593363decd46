import { InputError } from '../errors.ts';
import { dateIn, isDate, type PlainDate } from '../evidence/dates.ts';
import { printable } from '../text.ts';

/** The as-of date: as given, else today in the platform's time zone. Throws {@link InputError} for a date that does not exist. */
export function asOfDate(given: string | undefined, now: Date, timeZone: string): PlainDate {
  if (given === undefined) return dateIn(now, timeZone);
  if (isDate(given)) return given;
  const shown = printable(given);
  throw new InputError({
    zh: `--as-of ${shown} 不是存在的日期，应写作 YYYY-MM-DD`,
    en: `--as-of ${shown} is not a date that exists, written YYYY-MM-DD`,
  });
}
