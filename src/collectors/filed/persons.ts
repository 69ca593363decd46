import { createHmac, randomBytes } from 'node:crypto';
import type { PlainDate } from '../../evidence/dates.ts';
import type { FiledDocument } from '../../evidence/filed/documents.ts';
import { creditCodeProblems, identityProblems, phoneProblems } from '../../evidence/identifiers.ts';

type States = FiledDocument['states'];

// Lives as long as the process and is never written: equal numbers show within one collection, none can be looked up.
const salt = randomBytes(32);

/** An identity number as evidence may keep it: judged on a date, masked, hashed. */
export function identityEvidence(role: string, number: string, today: PlainDate): States['identities'][number] {
  const plain = number.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const problems = identityProblems(plain, today);
  return { role, valid: problems.length === 0, problems, masked: masked(plain, 1, 1), hash: saltedHash(plain) };
}

/** What stands for a number that evidence may not keep: the same for equal ones of one collection, and of use to nobody after it. */
export function saltedHash(plain: string): string {
  return createHmac('sha256', salt).update(plain).digest('hex');
}

/** A telephone number as evidence may keep it: judged and masked. */
export function phoneEvidence(role: string, number: string): States['phones'][number] {
  const problems = phoneProblems(number);
  return { role, valid: problems.length === 0, problems, masked: masked(number.replace(/[\s-]/g, ''), 3, 2) };
}

/** A person's name with all but its first character hidden: `张*`. */
export function maskedName(name: string): string {
  return masked(name.trim(), 1, 0);
}

/** A text with all but its first and last characters hidden: at least half; what is too short for that is hidden whole. */
export function masked(text: string, first: number, last: number): string {
  const characters = [...text];
  if (characters.length < 2 * (first + last)) return '*'.repeat(characters.length);
  const hidden = '*'.repeat(characters.length - first - last);
  return characters.slice(0, first).join('') + hidden + characters.slice(characters.length - last).join('');
}

/**
 * Whether a number is a natural person's: region and birth date of an identity number, whatever its check digit (GB 11643-1999),
 * and no unit's code (GB 32100-2015). Two more characters may follow, as in the taxpayer numbers of individual businesses.
 */
export function isOfPerson(number: string, today: PlainDate): boolean {
  const problems = identityProblems(number.slice(0, 18), today);
  return problems.every((problem) => problem === 'check-digit') && creditCodeProblems(number).length > 0;
}

const mobile = /(?<![\dA-Za-z])1[3-9]\d(?:[ -]?\d{4}){2}(?![\dA-Za-z])/g;
// Whoever writes a birth date that is still to come means a person all the same.
const anyDay = '9999-12-31';
const identity = /(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g;

// What the name of a natural person stands behind.
const signer =
  '(?:填表|填报|制表|编制|经办|联系|负责|审核|复核|审批|批准|统计|登记|记录|开票|办税|责任|核验|持证|法定代表)(?:人|员|人员)|姓名';
const signed = new RegExp(
  `((?:${signer})\\s*[:：]\\s*)(\\p{Script=Han}[\\p{Script=Han}·]{1,3})(?![\\p{Script=Han}·])`,
  'gu',
);

/** Free words without the mobile and identity numbers of persons in them, and without the names behind 填表人： and the like. */
export function withoutPersons(text: string): string {
  return text
    .replace(mobile, (number) => masked(number, 3, 2))
    .replace(identity, (number) => (isOfPerson(number.toUpperCase(), anyDay) ? masked(number, 1, 1) : number))
    .replace(signed, (_, label: string, name: string) => label + maskedName(name));
}
