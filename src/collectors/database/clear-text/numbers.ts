import type { ClearTextKind } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import { creditCodeProblems, identityProblems } from '../../../evidence/identifiers.ts';
import { readingsOf } from './readings.ts';

/** Something in a text that has the shape of a number of this kind. */
export type Candidate = {
  readonly kind: ClearTextKind;
  /** What counts as one trial, however often it occurs: the number; of a mobile number its segment, for neighbours prove nothing. */
  readonly trial: string;
  /** It passes all checks that the kind has. */
  readonly valid: boolean;
};

// More of one value are not looked at.
const most = 40;

// As people write them: cards by four, identity numbers by region, birth date and rest, mobile numbers by operator, exchange and line.
const grouped = [
  /(?<![0-9A-Za-z])\d{4}([ -])(?:\d{4}\1){2,3}\d{1,4}(?![0-9A-Za-z])/g,
  /(?<![0-9A-Za-z])\d{6}([ -])\d{8}\1\d{3}[\dXx](?![0-9A-Za-z])/g,
  /(?<![0-9A-Za-z])1\d\d([ -])\d{4}\1\d{4}(?![0-9A-Za-z])/g,
];

/** All in a text that looks like a number of a person or a unit; groups and full-width digits are read, parts of longer numbers and amounts are not. */
export function candidatesIn(text: string, asOf: PlainDate): Candidate[] {
  const found = readingsOf(text).flatMap((each) => candidatesAsWritten(each, asOf));
  return found.slice(0, most);
}

function candidatesAsWritten(text: string, asOf: PlainDate): Candidate[] {
  const plain = halfWidth(text);
  const found = plain.includes('@') ? addressesIn(plain) : [];
  if (!/\d[-\d ]{9}|[0-9A-Za-z]{18}/.test(plain)) return found.slice(0, most);
  // No amount has sixteen digits: a column of numbers with two places holds something else.
  const whole = plain
    .replace(/(?<![\d.])(\d{16,19})\.0{1,2}(?![\d.])/g, '$1')
    .replace(
      /\d+(?:\.\d+)+/g,
      (parts: string, at: number, all: string) => listed(parts, all[at + parts.length]) ?? ' ',
    );
  for (const [token] of whole.matchAll(/[0-9A-Za-z]{11,}/g)) found.push(...candidatesOf(token, asOf));
  for (const pattern of grouped) {
    for (const [match] of whole.matchAll(pattern)) found.push(...candidatesOf(match.replace(/[ -]/g, ''), asOf));
  }
  return found.slice(0, most);
}

// In a list, `1.` stands before the first identity number.
function listed(parts: string, next = ''): string | undefined {
  const [, number] = parts.match(/^\d{1,2}\.(\d{17,18})$/) ?? [];
  return number !== undefined && (number.length === 18 || /[Xx]/.test(next)) ? ` ${number}` : undefined;
}

// Full-width forms stand 0xFEE0 above ASCII; the ideographic and the no-break space, and the dashes, mean the same.
function halfWidth(text: string): string {
  if (!/[^ -~]/.test(text)) return text;
  return text
    .replace(/[\uff01-\uff5e]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

// A word may lead with a few letters (ID3702…, U138…): other letters belong to hashes and order numbers.
function candidatesOf(token: string, asOf: PlainDate): Candidate[] {
  const found: Candidate[] = [];
  if (token.length === 18) found.push(...creditCode(token.toUpperCase()));
  const [, digits = '', last = ''] = token.match(/^[A-Za-z]{0,24}?(\d{11,19})([Xx]?)$/) ?? [];
  if (digits.length + last.length === 18) found.push(...identityNumber(`${digits}${last.toUpperCase()}`, asOf));
  if (last === '') found.push(...bankCard(digits), ...mobile(digits));
  return found;
}

// GB 32100-2015: department and category of the registration, division, organisation code, check character.
function creditCode(code: string): Candidate[] {
  if (!/^[1-9ANY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return [];
  return [{ kind: 'credit-code', trial: code, valid: creditCodeProblems(code).length === 0 }];
}

function identityNumber(number: string, asOf: PlainDate): Candidate[] {
  const problems = identityProblems(number, asOf);
  if (problems.some((problem) => problem !== 'check-digit')) return [];
  return [{ kind: 'identity-number', trial: number, valid: problems.length === 0 }];
}

// Issuers after ISO/IEC 7812-1: UnionPay 62, Visa 4, Mastercard 51–55 and 2221–2720, American Express 34 and 37, JCB 3528–3589; 9558 stood on
// cards of ICBC before there was UnionPay.
const cards =
  /^(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|9558\d{15})$/;

function bankCard(digits: string): Candidate[] {
  if (!cards.test(digits)) return [];
  return [{ kind: 'bank-card', trial: digits, valid: passesLuhn(digits) }];
}

// ISO/IEC 7812-1, annex B.
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

// Segments given out by the ministry; 14x of machines only are left out. 54 of a hundred.
const segments = /^1(?:3\d|4[579]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])/;

function mobile(digits: string): Candidate[] {
  const [, number] = digits.match(/^(?:(?:00)?86)?(1\d{10})$/) ?? [];
  if (number === undefined) return [];
  return [{ kind: 'mobile', trial: number.slice(0, 3), valid: segments.test(number) }];
}

const domains = new Set('biz cc cn co com edu gov hk info io jp me mo net org top tw us vip xyz'.split(' '));

function addressesIn(text: string): Candidate[] {
  return [...text.matchAll(/[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.([A-Za-z]{2,24})\b/g)].map(
    ([address, domain = '']) => ({
      kind: 'email',
      trial: address.toLowerCase(),
      valid: domains.has(domain.toLowerCase()),
    }),
  );
}
