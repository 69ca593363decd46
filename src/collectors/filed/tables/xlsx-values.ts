import { addDays, type PlainDate } from '../../../evidence/dates.ts';

/** A cell's text, or what is wrong with it. */
export type CellText = { readonly text: string } | { readonly wrong: { readonly zh: string; readonly en: string } };

/** How a workbook counts days: from 1900, with a 29 February 1900 that never was, or from 1904. */
export type DateSystem = 1900 | 1904;

// ISO/IEC 29500-1, 18.8.30: formats that are not written out in the file, those of Chinese Excel included.
const builtinDates: readonly (readonly [first: number, last: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** Whether a number format that the file does not write out shows a date. */
export function isBuiltinDate(id: number): boolean {
  return builtinDates.some(([first, last]) => first <= id && id <= last);
}

/** Whether a format code shows a date: y, m, d or 年月日 outside quotes, brackets and escapes, and no elapsed time. */
export function isDateFormat(code: string): boolean {
  // Longer than Excel allows (255); the patterns below are linear all the same.
  const plain = code
    .slice(0, 1000)
    .replace(/"[^"]*"?/g, '')
    .replace(/[\\_*]./gs, '');
  if (/\[(?:h+|m+|s+)\]/i.test(plain)) return false;
  return /[ymd年月日]/i.test(plain.replace(/\[[^\]]*\]?/g, ''));
}

const numberShape = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** What Excel shows of a number: up to 15 digits, as a plain decimal, or a date. */
export function numberText(written: string, isDate: boolean, system: DateSystem): CellText {
  const number = numberShape.test(written) ? Number(written) : Number.NaN;
  if (!Number.isFinite(number))
    return wrong(`不是数字：${written.slice(0, 30)}`, `not a number: ${written.slice(0, 30)}`);
  if (Math.abs(number) >= 1e15) {
    return wrong(
      '超过 15 位的数字在 Excel 中已丢失末位，请以文本存储',
      'Excel loses the last digits of numbers beyond 15 digits; store it as text',
    );
  }
  // Below one there is a time of day and no date.
  if (!isDate || (number >= 0 && number < 1)) return { text: plainDecimal(number) };
  const date = dateOfSerial(number, system);
  return date === undefined
    ? wrong(`不是日期：${written.slice(0, 30)}`, `not a date: ${written.slice(0, 30)}`)
    : { text: date };
}

/** A cell of type d holds ISO 8601. */
export function isoText(written: string): CellText {
  const date = /^(\d{4}-\d\d-\d\d)(?:T[\d:.]+Z?)?$/.exec(written)?.[1];
  return date === undefined
    ? wrong(`不是日期：${written.slice(0, 30)}`, `not a date: ${written.slice(0, 30)}`)
    : { text: date };
}

/** A cell that cannot be read, and why. */
export function wrong(zh: string, en: string): CellText {
  return { wrong: { zh, en } };
}

/** `_x000D_` and the like stand for characters that XML cannot hold (ISO/IEC 29500-1, 22.9.2.19, ST_Xstring). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The same text, without the piece of the part that it was cut from: V8 keeps that alive for any cutting of 13 characters or more. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}

// The last day Excel knows is 9999-12-31.
const lastSerial = 2_958_465;

function dateOfSerial(serial: number, system: DateSystem): PlainDate | undefined {
  const day = Math.floor(serial);
  if (day < 1 || day > lastSerial) return undefined;
  if (system === 1904) return day > lastSerial - 1462 ? undefined : addDays('1904-01-01', day);
  // Day 60 is 29 February 1900.
  if (day === 60) return undefined;
  return addDays(day < 60 ? '1899-12-31' : '1899-12-30', day);
}

function plainDecimal(number: number): string {
  if (Number.isInteger(number) && number > 0) return String(number);
  const rounded = Number(number.toPrecision(15));
  const shown = String(Object.is(rounded, -0) ? 0 : rounded);
  const small = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(shown);
  if (!small) return shown;
  const [, sign = '', digit = '', more = '', zeros = ''] = small;
  return `${sign}0.${'0'.repeat(Number(zeros) - 1)}${digit}${more}`;
}
