import { isDate, type PlainDate } from '../../src/evidence/dates.ts';
import type { FiledDocument } from '../../src/evidence/filed/documents.ts';

// How people fill forms: blanks, placeholders, 无, dates and numbers in Chinese and in digits.

/** All that a paper states under a key, whether in the key's own place or among its fields; none if nothing is entered. */
export function statedIn(paper: FiledDocument, key: string): string[] {
  const fields = paper.states.fields ?? {};
  const among = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return [...(ownPlaces.get(key)?.(paper) ?? []), ...(among === undefined ? [] : [among])];
}

const present = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

// Fields of a form that evidence keeps in a place of their own.
const ownPlaces: ReadonlyMap<string, (paper: FiledDocument) => string[]> = new Map([
  ['unitName', ({ states }) => present(states.unitName)],
  ['creditCode', ({ states }) => present(states.creditCode)],
  ['systemName', ({ states }) => present(states.systemName)],
  // A short number is masked whole: its role shows that something stands there.
  [
    'phone',
    ({ states }) =>
      states.phones.map(({ role, masked, problems }) => (problems.includes('shape') ? masked : `${role} ${masked}`)),
  ],
  ['protocol', ({ states }) => states.ports.map(({ protocol }) => protocol)],
  ['port', ({ states }) => states.ports.map(({ port }) => String(port))],
  ['date', ({ date }) => present(date)],
  ['validFrom', ({ validFrom }) => present(validFrom)],
  ['validUntil', ({ validUntil }) => present(validUntil)],
]);

/** Without blanks and invisible characters, full-width and half-width forms made one (NFKC): `（某 某）` and `(某某)`. */
export function compact(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{Cf}]/gu, '');
}

/** As {@link compact}, with the yes and no that YAML reads out of a bare word written as forms write them. */
export function wordOf(text: string): string {
  const word = compact(text);
  if (word === 'true') return '是';
  return word === 'false' ? '否' : word;
}

// What a form is printed with where something is to be written: ____, 〇〇, □, ×××.×, 年 月 日; or a name masked whole.
const printed = /[_〇○Xx×*年月日]/g;
const placeholders = [
  /(?<![A-Za-z0-9])[Xx×]{2,}(?![A-Za-z0-9])/,
  /(?<![A-Za-z])[Xx×]{1,4}[年月日]/,
  /(?<![A-Za-z0-9])_{2,}|_{2,}(?![A-Za-z0-9])/,
  /^(待定|待填写?|待补充?|未填写?|空白?|请填写|tbd|todo|null|undefined)$/i,
];

/** Whether something is written there, 无, a stroke (`/`) and a tick included; placeholders, dashes and lines to write on are nothing. */
export function isFilled(text: string): boolean {
  const plain = compact(text);
  if (placeholders.some((pattern) => pattern.test(plain))) return false;
  return /[\p{L}\p{N}/√✓✔☑■]/u.test(plain.replace(printed, ''));
}

/** Whether it says that there is nothing to say: 无, 不适用, a stroke. */
export function isNone(text: string): boolean {
  return /^(无|暂无|没有|不适用|\/+|none|n\/a)$/i.test(compact(text));
}

/** The day a text names, however it is written: `2025年4月1日`, `2025/4/1`, `二〇二五年四月一日`. */
export function dayIn(text: string): PlainDate | undefined {
  const plain = compact(text);
  const inWords =
    /^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]$/.exec(plain);
  const digits =
    /^(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})[日号]?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const parts = inWords
    ? [yearOf(inWords[1] ?? ''), numeralOf(inWords[2] ?? ''), numeralOf(inWords[3] ?? '')]
    : digits?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year, month, day] = parts.map((part) => String(part ?? '').padStart(2, '0'));
  const written = `${year}-${month}-${day}`;
  return isDate(written) ? written : undefined;
}

/** The number a text is, counted in months where it has a unit: `3`, `３个月`, `叁个月内`; no range, no other unit. */
export function numberIn(text: string): number | undefined {
  const [, number = ''] = /^(.+?)(?:个|个?(?:自然|日历)?月(?:以?内)?)?$/.exec(compact(text)) ?? [];
  return /^\d{1,9}(\.\d{1,9})?$/.test(number) ? Number(number) : numeralOf(number);
}

const numerals = '〇一二三四五六七八九';
const otherForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ 零: '〇', '○': '〇', 两: '二', 壹: '一', 贰: '二', 叁: '三', 肆: '四' },
    ...{ 伍: '五', 陆: '六', 柒: '七', 捌: '八', 玖: '九', 拾: '十' },
  }),
);

function plainNumerals(text: string): string {
  return [...text].map((each) => otherForms.get(each) ?? each).join('');
}

// Digit by digit: 二〇二五.
function yearOf(text: string): number {
  return Number([...plainNumerals(text)].map((each) => numerals.indexOf(each)).join(''));
}

// Up to ninety-nine: 三, 十二, 二十, 三十一.
function numeralOf(text: string): number | undefined {
  const plain = plainNumerals(text);
  if (/^[〇一二三四五六七八九]$/.test(plain)) return numerals.indexOf(plain);
  const parts = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(plain);
  if (!parts) return undefined;
  const tens = parts[1] ? numerals.indexOf(parts[1]) : 1;
  return tens * 10 + (parts[2] ? numerals.indexOf(parts[2]) : 0);
}

const mostShown = 80;

/** A text as a message shows it, cut short. */
export function excerpt(text: string): string {
  const characters = [...text.trim()];
  return characters.length > mostShown ? `${characters.slice(0, mostShown).join('')}…` : characters.join('');
}
