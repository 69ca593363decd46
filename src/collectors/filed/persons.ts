import { createHmac, randomBytes } from 'node:crypto';
import type { PlainDate } from '../../evidence/dates.ts';
import type { FiledDocument } from '../../evidence/filed/documents.ts';
import { identityProblems, phoneProblems } from '../../evidence/identifiers.ts';

type States = FiledDocument['states'];

// Lives as long as the process and is never written: equal numbers show within one collection, none can be looked up.
const salt = randomBytes(32);

/** An identity number as evidence may keep it: judged on a date, masked, hashed. */
export function identityEvidence(role: string, number: string, today: PlainDate): States['identities'][number] {
  const plain = number.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const problems = identityProblems(plain, today);
  const hash = createHmac('sha256', salt).update(plain).digest('hex');
  return { role, valid: problems.length === 0, problems, masked: masked(plain, 1, 1), hash };
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

// At least half of it is hidden; what is too short for that is hidden whole.
function masked(text: string, first: number, last: number): string {
  const characters = [...text];
  if (characters.length < 2 * (first + last)) return '*'.repeat(characters.length);
  const hidden = '*'.repeat(characters.length - first - last);
  return characters.slice(0, first).join('') + hidden + characters.slice(characters.length - last).join('');
}
