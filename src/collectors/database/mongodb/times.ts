import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { beginningOf, dateIn, instantOf, type PlainDate } from '../../../evidence/dates.ts';
import { dated, numberColumn, type TimeColumn } from '../records/time-columns.ts';
import { textColumn } from '../records/time-texts.ts';

/** How the values of a time field are compared and read. */
export type MongoTime = {
  /** In words, for the method of an observation. */
  readonly words: string;
  /** The BSON types that it holds; values of others date nothing, and are never compared with these. */
  readonly types: readonly string[];
  readonly isSorted: boolean;
  /** It holds BSON dates, which a time to live is counted from. */
  readonly isDate: boolean;
  /** What the beginning of a day is, to be compared with. */
  bound(date: PlainDate): unknown;
  dateOf(value: unknown): PlainDate | undefined;
};

const numberTypes = ['double', 'int', 'long', 'decimal'];

/** All BSON types but arrays, whose elements an index has one by one. */
export const allTypes: readonly string[] = [
  ...['double', 'string', 'object', 'binData', 'undefined', 'objectId', 'bool', 'date', 'regex', 'dbPointer'],
  ...['javascript', 'symbol', 'javascriptWithScope', 'int', 'timestamp', 'long', 'decimal', 'minKey', 'maxKey'],
];

/** What most values of a sample are; undefined if that dates nothing, or there is none. */
export function timeIn(sample: readonly unknown[], timeZone: string): MongoTime | undefined {
  const dates = sample.filter((value) => value instanceof Date);
  const ids = sample.filter((value) => value instanceof ObjectId);
  const numbers = sample.flatMap((value) => numberOf(value) ?? []);
  const texts = sample.filter((value) => typeof value === 'string');
  const largest = Math.max(dates.length, ids.length, numbers.length, texts.length);
  if (largest === 0) return undefined;
  if (dates.length === largest) return dateTime(timeZone);
  if (ids.length === largest) return idTime(timeZone);
  if (numbers.length === largest) return columnTime(numberColumn(numbers, timeZone), numberTypes, Number);
  return columnTime(textColumn(texts, timeZone), ['string'], String);
}

/** BSON dates. */
export function dateTime(timeZone: string): MongoTime {
  return {
    words: 'instants',
    types: ['date'],
    isSorted: true,
    isDate: true,
    bound: (date) => new Date(beginningOf(date, timeZone)),
    dateOf: (value) => (value instanceof Date ? dayOf(value, timeZone) : undefined),
  };
}

// The first four bytes are the second in which it was made, as a rule by the application.
function idTime(timeZone: string): MongoTime {
  return {
    words: 'moments of ObjectIds',
    types: ['objectId'],
    isSorted: true,
    isDate: false,
    bound: (date) => ObjectId.createFromTime(Date.parse(beginningOf(date, timeZone)) / 1000),
    dateOf: (value) => (value instanceof ObjectId ? dayOf(value.getTimestamp(), timeZone) : undefined),
  };
}

function columnTime(
  column: TimeColumn | undefined,
  types: readonly string[],
  written: (bound: string) => unknown,
): MongoTime | undefined {
  return (
    column && {
      words: column.words,
      types,
      isSorted: column.isSorted,
      isDate: false,
      bound: (date) => written(column.bound(date)),
      dateOf: (value) => {
        const text = types.includes('string') ? (typeof value === 'string' ? value : undefined) : numberOf(value);
        return text === undefined ? undefined : column.dateOf(text);
      },
    }
  );
}

/** A BSON number as text; undefined for anything else. */
export function numberOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Long || value instanceof Decimal128 || value instanceof Double || value instanceof Int32)
    return value.toString();
  return undefined;
}

// BSON dates reach farther than those of JavaScript.
function dayOf(date: Date, timeZone: string): PlainDate | undefined {
  const year = date.getUTCFullYear();
  return year >= 1979 && year <= 2100 ? dated(dateIn(instantOf(date), timeZone)) : undefined;
}
