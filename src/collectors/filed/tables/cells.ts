import { addDays, isDate, type Month, monthOf, type PlainDate } from '../../../evidence/dates.ts';
import { figureOf } from '../../../evidence/money.ts';

/** NFKC, trimmed, inner whitespace collapsed: full-width digits, letters and parentheses become plain ones. */
export function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

// Year first, always: 4/1/2025 may be April or January.
const writtenDate =
  /^((?:19|20)\d\d)(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))$/;

// A time of day after the date; one with a zone might mean another date here, and is not read.
const timeOfDay = /[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?$/;

/**
 * The date that a cell says, year first in any usual Chinese form, with or without a time; five digits between 20000 and 80000 are
 * days counted by Excel's 1900 system (unformatted cells exported to CSV). Undefined if it is none, impossible or ambiguous.
 */
export function plainDateOf(text: string): PlainDate | undefined {
  const plain = short(text);
  if (/^\d{5}$/.test(plain)) return dateOfSerial(Number(plain));
  const found = writtenDate.exec(plain.replace(timeOfDay, ''));
  if (!found) return undefined;
  const [year = '', month = '', day = ''] = found.slice(1).filter((each) => each !== undefined);
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : undefined;
}

const writtenMonth = /^((?:19|20)\d\d)(?:-(\d{1,2})|\/(\d{1,2})|\.(\d{1,2})|年(\d{1,2})月|(\d\d))$/;

/** The month that a cell says; a full date only if it is the first of the month. Undefined if it is none. */
export function monthOfText(text: string): Month | undefined {
  const plain = short(text);
  const date = plainDateOf(plain);
  if (date !== undefined) return date.endsWith('-01') ? monthOf(date) : undefined;
  // 2025.1 may be what a spreadsheet left of 2025.10.
  const found = /^\d{4}\.\d$/.test(plain) ? null : writtenMonth.exec(plain);
  const [year = '', month = ''] = found?.slice(1).filter((each) => each !== undefined) ?? [];
  const first = `${year}-${month.padStart(2, '0')}-01`;
  return found && isDate(first) ? monthOf(first) : undefined;
}

const answers: readonly (readonly [answer: 'yes' | 'no' | 'unknown', words: readonly string[]])[] = [
  ['yes', ['是', '有', '已', '能', 'yes', 'y', 'true', '1', '√', '✓', '✔']],
  ['no', ['否', '无', '未', 'no', 'n', 'false', '0', '×', '✗', '✘']],
  ['unknown', ['未知', '不详', 'unknown', '?']],
];

/** What a cell answers; undefined if it answers nothing that is sure, an empty one included. */
export function yesNoOf(text: string): 'yes' | 'no' | 'unknown' | undefined {
  const plain = short(text).toLowerCase();
  return answers.find(([, words]) => words.includes(plain))?.[0];
}

/** A whole number, not negative, as a decimal; thousands separators and full-width digits are taken as meant. */
export function countOf(text: string): string | undefined {
  const plain = short(text);
  return plain.startsWith('-') ? undefined : figureOf(plain, '次')?.amount;
}

// Longer than any date, answer or number; normalising costs time.
function short(text: string): string {
  return text.length > 100 ? '' : tidy(text);
}

function dateOfSerial(days: number): PlainDate | undefined {
  return days >= 20_000 && days <= 80_000 ? addDays('1899-12-30', days) : undefined;
}
