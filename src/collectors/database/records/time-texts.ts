import { beginningOf, type PlainDate } from '../../../evidence/dates.ts';
import { dated, numberColumn, ofInstant, type TimeColumn } from './time-columns.ts';

/** One way to write a date as text. */
type Format = {
  readonly words: string;
  readonly pattern: RegExp;
  /** Absent: values of this format do not sort by time. */
  readonly bound?: (date: PlainDate) => string;
  readonly dateOf: (match: RegExpMatchArray, timeZone: string) => PlainDate | undefined;
};

// Values may be cut behind the day.
const clock = String.raw`(?:[T ][\d:.,]*)?`;
const zoned = /^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d)(?::\d\d(?:\.\d+)?)? ?(Z|[+-]\d\d:?(?:\d\d)?)$/i;

function ymd([, year = '', month = '', day = '']: RegExpMatchArray): PlainDate | undefined {
  return dated(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}

const formats: readonly Format[] = [
  {
    words: 'yyyy-MM-dd',
    pattern: new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)${clock}$`),
    bound: (date) => date,
    dateOf: ymd,
  },
  {
    words: 'yyyy/MM/dd',
    pattern: new RegExp(`^(\\d{4})/(\\d\\d)/(\\d\\d)${clock}$`),
    bound: (date) => date.replaceAll('-', '/'),
    dateOf: ymd,
  },
  {
    words: 'yyyyMMdd',
    pattern: /^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6}|\d{9})?$/,
    bound: (date) => date.replaceAll('-', ''),
    dateOf: ymd,
  },
  { words: 'yyyy-M-d', pattern: new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${clock}$`), dateOf: ymd },
  { words: 'yyyy年M月d日', pattern: /^(\d{4})年(\d{1,2})月(\d{1,2})日?(?:\D.*)?$/, dateOf: ymd },
  {
    words: 'ISO 8601 with zone',
    pattern: zoned,
    dateOf: ([, date = '', , time = '', zone = ''], timeZone) => {
      const at = Date.parse(`${date}T${time}:00Z`) - aheadOf(zone);
      return Number.isNaN(at) ? undefined : ofInstant(new Date(at).toISOString(), timeZone);
    },
  },
];

// Milliseconds.
function aheadOf(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = zone.match(/^([+-])(\d\d):?(\d\d)?$/) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

// Instants in one zone throughout sort by time.
function zonedBound(values: readonly string[], timeZone: string): TimeColumn['bound'] | undefined {
  const ways = new Set(
    values.map((value) =>
      value
        .match(zoned)
        ?.filter((_, index) => index === 2 || index === 4)
        .join(),
    ),
  );
  const [, separator, , zone] = values[0]?.match(zoned)?.slice(1) ?? [];
  if (ways.size !== 1 || separator === undefined || zone === undefined) return undefined;
  return (date) => {
    const at = Date.parse(beginningOf(date, timeZone)) + aheadOf(zone);
    return new Date(at).toISOString().slice(0, 19).replace('T', separator);
  };
}

/** What was found out about a column of text from some of its values. */
export type TextColumn = TimeColumn & {
  /** How many characters from the beginning tell the day. */
  readonly head: number;
  /** The end of a value may hold its zone. */
  readonly hasZones: boolean;
};

/**
 * Reads text values as dates by what a sample shows. A date of day, month and year in doubtful order (03/04/2024) dates nothing unless the sample settles the
 * order. Undefined if nothing in the sample is a date.
 */
export function textColumn(sample: readonly string[], timeZone: string): TextColumn | undefined {
  const values = sample.map((value) => value.trim());
  const digits = values.filter((value) => /^\d{9,16}(?:\.\d+)?$/.test(value) && !formats[2]?.pattern.test(value));
  const epoch = digits.length > 0 ? numberColumn(digits, timeZone) : undefined;
  const order = orderIn(values);
  const dateOf = (raw: string): PlainDate | undefined => {
    const value = raw.trim();
    for (const format of formats) {
      const match = value.match(format.pattern);
      if (match) return format.dateOf(match, timeZone);
    }
    return slashed(value, order) ?? epoch?.dateOf(value);
  };
  const readable = values.filter((value) => dateOf(value) !== undefined);
  if (readable.length === 0) return undefined;
  const found = formats.filter(({ pattern }, index) =>
    readable.some(
      (value) => pattern.test(value) && !formats.slice(0, index).some((other) => other.pattern.test(value)),
    ),
  );
  const [only] = found;
  // What is no date may still lie between two of them as text sorts: 20/13/2024.
  const isAside = values.every((value) => !/^[12]/.test(value) || dateOf(value) !== undefined);
  const isOne = found.length === 1 && isAside && readable.every((value) => only?.pattern.test(value));
  const isEpoch = epoch !== undefined && digits.length === readable.length && sameLength(digits);
  const hasZones = found.some(({ pattern }) => pattern === zoned);
  const ofOne = isOne && hasZones ? zonedBound(readable, timeZone) : only?.bound;
  const bound = isOne ? ofOne : isEpoch ? (date: PlainDate) => epoch.bound(date) : undefined;
  return {
    words: isOne ? `text ${only?.words}` : isEpoch ? `text, ${epoch.words}` : 'text in several formats',
    isSorted: bound !== undefined,
    bound: bound ?? ((date) => date),
    dateOf,
    head: hasZones || readable.some((value) => /^\d{9,}/.test(value)) ? 16 : 11,
    hasZones,
  };
}

function sameLength(values: readonly string[]): boolean {
  return new Set(values.map((value) => value.length)).size === 1;
}

type Order = 'day-first' | 'month-first' | undefined;

const triple = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D.*)?$/;

// A number above 12 settles it, if no other value says the opposite.
function orderIn(values: readonly string[]): Order {
  const pairs = values.flatMap((value) => {
    const [, first, second] = value.match(triple) ?? [];
    return first === undefined ? [] : [[Number(first), Number(second)] as const];
  });
  const isDayFirst = pairs.some(([first]) => first > 12);
  const isMonthFirst = pairs.some(([, second]) => second > 12);
  if (isDayFirst === isMonthFirst) return undefined;
  return isDayFirst ? 'day-first' : 'month-first';
}

function slashed(value: string, order: Order): PlainDate | undefined {
  const [, first = '', second = '', year = ''] = value.match(triple) ?? [];
  if (year === '' || order === undefined) return undefined;
  const [day, month] = order === 'day-first' ? [first, second] : [second, first];
  return dated(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}
