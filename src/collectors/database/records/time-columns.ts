import { beginningOf, dateIn, instantOf, isDate, type PlainDate } from '../../../evidence/dates.ts';

/** What a time column holds: instants, times of no zone, days, numbers, text; absent: nothing that dates a record. */
export type TimeFamily = 'instant' | 'local' | 'date' | 'number' | 'text';

/** How the values of a time column are compared and read. */
export type TimeColumn = {
  /** In words, for the method of an observation. */
  readonly words: string;
  /** Values sort by time: a month is a range. */
  readonly isSorted: boolean;
  /** What the beginning of a day is written as, to be compared with. */
  bound(date: PlainDate): string;
  /** The day of a value as the server writes it; undefined if it dates nothing. */
  dateOf(value: string): PlainDate | undefined;
};

/** The days that date a record: years that no platform has seen (a default of 0001-01-01, a typing error) date nothing. */
export const earliest: PlainDate = '1980-01-01';
/** The first day after them. */
export const latest: PlainDate = '2100-01-01';

/** A day that dates a record. */
export function dated(date: PlainDate): PlainDate | undefined {
  return isDate(date) && date >= earliest && date < latest ? date : undefined;
}

/** Columns whose type says it all; numbers and text are told by their values. */
export function typedColumn(family: Exclude<TimeFamily, 'number' | 'text'>, timeZone: string): TimeColumn {
  if (family !== 'instant') {
    return {
      words: family === 'date' ? 'days' : 'times without zone',
      isSorted: true,
      bound: (date) => (family === 'date' ? date : `${date} 00:00:00`),
      dateOf: (value) => (/BC$/.test(value) ? undefined : dated(value.slice(0, 10))),
    };
  }
  return {
    words: 'instants',
    isSorted: true,
    bound: (date) => beginningOf(date, timeZone).replace('T', ' ').replace('Z', ''),
    // The session’s zone is UTC: 2024-02-29 15:30:00.123+00 or without the offset.
    dateOf: (value) => ofInstant(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+00)?$/.test(value) ? value : '', timeZone),
  };
}

/** The days of an instant’s text. */
export function ofInstant(text: string, timeZone: string): PlainDate | undefined {
  const [date, clock] = text.split(/[T ]/);
  if (date === undefined || clock === undefined || !isDate(date)) return undefined;
  const at = Date.parse(`${date}T${clock.slice(0, 5)}:00Z`);
  return Number.isNaN(at) ? undefined : dated(dateIn(instantOf(new Date(at)), timeZone));
}

type Numbers = { words: string; perSecond: number } | { words: string; digits: 8 | 14 };

/** Numbers that date: the ranges of their years 1980 to 2099 do not overlap. */
const numbers: readonly Numbers[] = [
  { words: 'epoch seconds', perSecond: 1 },
  { words: 'epoch milliseconds', perSecond: 1000 },
  { words: 'epoch microseconds', perSecond: 1_000_000 },
  { words: 'numbers yyyyMMdd', digits: 8 },
  { words: 'numbers yyyyMMddHHmmss', digits: 14 },
];

/** What the numbers of a sample are, by magnitude; undefined if less than half of them date. */
export function numberColumn(sample: readonly string[], timeZone: string): TimeColumn | undefined {
  const columns = numbers.map((each) => columnOf(each, timeZone));
  const [best] = columns
    .map((column) => ({ column, hits: sample.filter((value) => column.dateOf(value) !== undefined).length }))
    .toSorted((a, b) => b.hits - a.hits);
  return best && best.hits > 0 && best.hits * 2 >= sample.length ? best.column : undefined;
}

/** Epoch seconds. */
export function secondsColumn(timeZone: string): TimeColumn {
  return columnOf({ words: 'epoch seconds', perSecond: 1 }, timeZone);
}

function columnOf(spec: Numbers, timeZone: string): TimeColumn {
  if ('digits' in spec) {
    const { words, digits } = spec;
    return {
      words,
      isSorted: true,
      bound: (date) => date.replaceAll('-', '').padEnd(digits, '0'),
      dateOf: (value) => {
        const [, year, month, day] = value.match(/^(\d{4})(\d\d)(\d\d)(?:\d{6})?(?:\.0+)?$/) ?? [];
        const whole = value.split('.')[0] ?? '';
        return whole.length === digits ? dated(`${year}-${month}-${day}`) : undefined;
      },
    };
  }
  const { words, perSecond } = spec;
  const at = (date: PlainDate): number => (Date.parse(beginningOf(date, timeZone)) / 1000) * perSecond;
  const [from, to] = [at(earliest), at(latest)];
  return {
    words,
    isSorted: true,
    bound: (date) => String(at(date)),
    dateOf: (value) => {
      const number = Number(value);
      if (value.trim() === '' || !(number >= from && number < to)) return undefined;
      return dated(dateIn(instantOf(new Date((number / perSecond) * 1000)), timeZone));
    },
  };
}
