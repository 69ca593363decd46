import { isDate, type PlainDate } from './dates.ts';

/** What is wrong with a unified social credit code; positions count from 1. */
export type CreditCodeProblem =
  | { readonly code: 'creditCodeLength'; readonly actual: number }
  | {
      readonly code: 'creditCodeCharacters' | 'creditCodeExcludedLetters' | 'creditCodeDivision';
      readonly found: string;
    }
  | {
      readonly code: 'creditCodeOrganisationCheck' | 'creditCodeCheckCharacter';
      readonly expected: string;
      readonly actual: string;
    };

// GB 32100-2015: digits and capital letters without I, O, S, V, Z; a character's value is its place here.
const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditCodeLength = 18;

/** All that is wrong with a unified social credit code, GB 32100-2015; the organisation code inside it, GB 11714-1997. */
export function creditCodeProblems(code: string): CreditCodeProblem[] {
  const problems: CreditCodeProblem[] = [];
  const characters = [...code];
  if (characters.length !== creditCodeLength) problems.push({ code: 'creditCodeLength', actual: characters.length });
  const excluded = distinct(characters.filter((each) => 'IOSVZ'.includes(each)));
  if (excluded !== '') problems.push({ code: 'creditCodeExcludedLetters', found: excluded });
  const foreign = distinct(characters.filter((each) => !/^[0-9A-Z]$/.test(each)));
  if (foreign !== '') problems.push({ code: 'creditCodeCharacters', found: foreign });
  if (characters.length !== creditCodeLength) return problems;
  const division = code.slice(2, 8);
  if (!/^\d{6}$/.test(division)) problems.push({ code: 'creditCodeDivision', found: division });
  pushMismatch(problems, 'creditCodeOrganisationCheck', organisationCheck(code.slice(8, 16)), code.charAt(16));
  pushMismatch(problems, 'creditCodeCheckCharacter', creditCodeCheck(code.slice(0, 17)), code.charAt(17));
  return problems;
}

function pushMismatch(
  problems: CreditCodeProblem[],
  code: 'creditCodeOrganisationCheck' | 'creditCodeCheckCharacter',
  expected: string | undefined,
  actual: string,
): void {
  if (expected !== undefined && expected !== actual) problems.push({ code, expected, actual });
}

// GB 11714-1997: 11 less the weighted sum modulo 11; 10 is written X, 11 is written 0.
function organisationCheck(body: string): string | undefined {
  if (!/^[0-9A-Z]{8}$/.test(body)) return undefined;
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number.parseInt(body.charAt(index), 36), 0);
  return '0123456789X'.charAt((11 - (sum % 11)) % 11);
}

// GB 32100-2015, annex: the weight of position i is 3^(i-1) modulo 31; 31 less the weighted sum modulo 31.
function creditCodeCheck(body: string): string | undefined {
  let sum = 0;
  let weight = 1;
  for (const each of body) {
    const value = creditCodeAlphabet.indexOf(each);
    if (value < 0) return undefined;
    sum += weight * value;
    weight = (weight * 3) % 31;
  }
  return creditCodeAlphabet.charAt((31 - (sum % 31)) % 31);
}

/** What can be wrong with a natural person's identity number. */
export const identityProblemCodes = ['length', 'characters', 'region', 'birth-date', 'check-digit'] as const;

export type IdentityProblem = (typeof identityProblemCodes)[number];

/** All that is wrong with an identity number on a date, GB 11643-1999; a part that is not digits is not judged further. */
export function identityProblems(number: string, asOf: PlainDate): IdentityProblem[] {
  const problems: IdentityProblem[] = [];
  const written = number.toUpperCase();
  const length = [...written].length;
  if (length !== 18) problems.push('length');
  if (!/^\d*[\dX]$/.test(written)) problems.push('characters');
  if (length !== 18) return problems;
  const region = written.slice(0, 6);
  if (/^\d{6}$/.test(region) && !isRegion(region)) problems.push('region');
  const birth = written.slice(6, 14);
  if (/^\d{8}$/.test(birth) && !isBirthDate(birth, asOf)) problems.push('birth-date');
  const body = written.slice(0, 17);
  if (/^\d{17}$/.test(body) && identityCheck(body) !== written.charAt(17)) problems.push('check-digit');
  return problems;
}

const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

// GB/T 2260 by its structure, so that districts dissolved long ago stay valid: the third and fourth digit are 00 to 70 or 90;
// Beijing, Tianjin and Shanghai have only 01 and 02, Chongqing 03 as well. A number that begins with 9 is a foreigner's
// permanent residence card of 2023, whose second and third digit name the province.
function isRegion(region: string): boolean {
  if (region.startsWith('9')) return provinces.has(region.slice(1, 3));
  const province = region.slice(0, 2);
  const prefecture = Number(region.slice(2, 4));
  if (['11', '12', '31'].includes(province)) return prefecture === 1 || prefecture === 2;
  if (province === '50') return prefecture >= 1 && prefecture <= 3;
  return provinces.has(province) && (prefecture <= 70 || prefecture === 90);
}

function isBirthDate(digits: string, asOf: PlainDate): boolean {
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  // The standard's own example was born in 1880.
  return isDate(date) && date >= '1800-01-01' && date <= asOf;
}

// GB 11643-1999 after ISO 7064 MOD 11-2.
function identityCheck(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body.charAt(index)), 0);
  return '10X98765432'.charAt(sum % 11);
}

/** What can be wrong with a telephone number: no known shape, or a local one whose area code is missing. */
export const phoneProblemCodes = ['shape', 'area-code'] as const;

export type PhoneProblem = (typeof phoneProblemCodes)[number];

// Mobile; landline with its area code (010, 02x, 0xxx) and extension; 400 and 800.
const phoneShapes = [
  /^1[3-9]\d{9}$/,
  /^(010|02\d)[1-9]\d{7}(-\d{1,6})?$/,
  /^0[3-9]\d{2}[1-9]\d{6,7}(-\d{1,6})?$/,
  /^[48]00\d{7}$/,
];

/** What is wrong with a telephone number of the mainland; `+86`, `0086`, blanks and hyphens may stand in it. */
export function phoneProblems(number: string): PhoneProblem[] {
  const plain = number.normalize('NFKC').replace(/[\s()]/g, '');
  const domestic = plain.replace(/^(\+|00)86-?/, '');
  const isInternational = domestic !== plain;
  const [base = '', extension] = splitExtension(domestic);
  const digits = base.replaceAll('-', '') + (extension === undefined ? '' : `-${extension}`);
  // After +86 the 0 of the area code is left out.
  const readings = isInternational ? [digits, `0${digits}`] : [digits];
  if (readings.some((reading) => phoneShapes.some((shape) => shape.test(reading)))) return [];
  return !isInternational && /^[2-8]\d{6,7}(-\d{1,6})?$/.test(digits) ? ['area-code'] : ['shape'];
}

// The extension is what follows the last hyphen (or 转) after a complete landline: 0755-12345678-801.
function splitExtension(number: string): [base: string, extension?: string] {
  const [, base, extension] = number.match(/^(.*\d{7})(?:-|转)(\d{1,6})$/) ?? [];
  return base === undefined || extension === undefined ? [number] : [base, extension];
}

/** Whether it is a TCP port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function distinct(characters: readonly string[]): string {
  return [...new Set(characters)].join('');
}
