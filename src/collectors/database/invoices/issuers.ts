import type { InvoiceTable } from '../../../evidence/database/invoices.ts';
import { creditCodeProblems, identityProblems } from '../../../evidence/identifiers.ts';
import { masked, saltedHash } from '../../filed/persons.ts';
import { day } from './moments.ts';

/** Issuers that are told apart: the largest register that a unit may hand over. */
const most = 100_000;
const mostOthers = 1000;

type Found = { invoices: number; first: number; last: number; late: number };
type Issuers = NonNullable<InvoiceTable['issuers']>;

/** Counts invoices by who issued them. */
export type IssuerTally = {
  add(unit: string | null | undefined, wall: number, isLate: boolean): void;
  result(): Issuers;
};

/** Counts by credit code; what is none may be a person’s number, and leaves only masked and hashed. */
export function createIssuerTally(): IssuerTally {
  const found = new Map<string, Found>();
  let none = 0;
  let isCut = false;
  return {
    add(unit, wall, isLate) {
      const code = unit?.normalize('NFKC').replace(/\s/g, '').toUpperCase() ?? '';
      if (code === '') {
        none += 1;
        return;
      }
      const known = found.get(code);
      const date = Math.floor(wall / day);
      if (known) {
        known.invoices += 1;
        known.first = Math.min(known.first, date);
        known.last = Math.max(known.last, date);
        if (isLate) known.late += 1;
      } else if (found.size < most) found.set(code, { invoices: 1, first: date, last: date, late: isLate ? 1 : 0 });
      else isCut = true;
    },
    result() {
      const all = [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
      const isUnit = new Map(all.map(([code]) => [code, isOfUnit(code)]));
      const others = all.filter(([code]) => !isUnit.get(code));
      return {
        units: all
          .filter(([code]) => isUnit.get(code))
          .map(([code, { invoices, first, last, late }]) => [code, invoices, dateOf(first), dateOf(last), late]),
        others: others
          .slice(0, mostOthers)
          .map(([code, { invoices, first, last }]) => ({
            masked: masked(code.slice(0, 40), 1, 1),
            hash: saltedHash(code),
            invoices,
            first: dateOf(first),
            last: dateOf(last),
          }))
          .toSorted((one, other) => (one.hash < other.hash ? -1 : 1)),
        none,
        ...(isCut || others.length > mostOthers ? { cut: true as const } : {}),
      };
    },
  };
}

// One in 340 identity numbers passes as a credit code: what may be a person’s is kept as one.
function isOfUnit(code: string): boolean {
  return creditCodeProblems(code).length === 0 && identityProblems(code, anyDay).length > 0;
}

const anyDay = '9999-12-31';

function dateOf(date: number): string {
  return new Date(date * day * 1000).toISOString().slice(0, 10);
}
