import { expect, test } from 'vitest';
import { createIssuerTally } from '../../../../src/collectors/database/invoices/issuers.ts';
import { creditCodeProblems, identityProblems } from '../../../../src/evidence/identifiers.ts';

test('an identity number that passes as a credit code, too, does not leave', () => {
  // Made up; of such numbers one in 340 passes both checks.
  const number = '370102196003011303';
  expect(creditCodeProblems(number)).toEqual([]);
  expect(identityProblems(number, '2026-01-01')).toEqual([]);
  const tally = createIssuerTally();
  tally.add(number, 0, false);
  tally.add(' 91350100m000100y43', 0, false);
  const found = tally.result();
  expect(found.units.map(([code]) => code)).toEqual(['91350100M000100Y43']);
  expect(found.others).toMatchObject([{ masked: '3****************3' }]);
  expect(JSON.stringify(found)).not.toContain(number);
});
