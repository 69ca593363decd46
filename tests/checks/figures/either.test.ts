import { expect, test } from 'vitest';
import { check } from '../../../checks/figures/either.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'table', sha256: 'a'.repeat(64) } }, { subject: name });

const series = (name: string, each: string, unit: '元' | '张' = '张', last = '2026-02') =>
  fact(name, {
    type: 'monthly',
    unit,
    months: Object.fromEntries(monthsFrom('2025-03', last).map((month) => [month, each])),
  });

const paper = (fields: Record<string, string>) =>
  seen('documents', {
    id: 'livelihood-paper',
    title: '核定书',
    file: 'relief.pdf',
    held: true,
    bytes: 1000,
    mediaType: 'application/pdf',
    sha256: 'b'.repeat(64),
    states: { addresses: [], ports: [], phones: [], identities: [], fields },
  });

const livelihood = fact('livelihood', { type: 'text', text: '是' });
const relief = { fact: 'livelihood', in: ['是'], document: 'livelihood-paper' };

const counts = { facts: ['issued', 'received'], amount: '50000', unit: '张', months: 12 };
const money = { facts: ['issued-amount'], amount: '500000000', months: 12 };
const parameters = { any: [counts, money] };
const relieved = { ...parameters, relief };
const yearOrAmount = {
  any: [
    { facts: ['revenue'], amount: '100', previousYear: true },
    { facts: ['capital'], amount: '100' },
  ],
};

const few = [series('issued', '2000'), series('received', '2000')];
const many = [series('issued', '2100'), series('received', '2100')];
const little = series('issued-amount', '40000000', '元');
const much = series('issued-amount', '50000000', '元');

testCheck(check, parameters, '2026-03-15', {
  met: {
    'both suffice': { facts: [...many, much], says: 'reached' },
    'enough invoices, little money': { facts: [...many, little] },
    'few invoices, enough money': { facts: [...few, much] },
    'enough money, the invoices not declared': { facts: [much] },
    'enough invoices, a month of the money missing': {
      facts: [...many, series('issued-amount', '40000000', '元', '2026-01')],
    },
    'few invoices, but enough by what was granted': {
      parameters: relieved,
      facts: [...few, little, livelihood],
      documents: [paper({ issued: '48000' })],
      says: 'reachedRelieved',
    },
    'last year’s figure or one figure': {
      parameters: yearOrAmount,
      facts: [fact('capital', { type: 'amount', unit: '元', amount: '100' })],
    },
  },
  unmet: {
    'neither suffices': { facts: [...few, little], says: 'below' },
    'neither suffices, and nothing was granted': {
      parameters: relieved,
      facts: [...few, little, livelihood],
      says: 'notRelieved',
    },
    'below what was granted, too': {
      parameters: relieved,
      facts: [...few, little, livelihood],
      documents: [paper({ issued: '48001', 'issued-amount': '480000001' })],
      says: 'belowRelieved',
    },
  },
  unproven: {
    'few invoices, the money not declared': { facts: few, says: ['undecided', 'noEvidence'] },
    'little money, the invoices short of a month': {
      facts: [series('issued', '9000', '张', '2026-01'), series('received', '9000'), little],
      says: ['monthsMissing', 'undecided'],
    },
    'the money counted in invoices': {
      facts: [...few, series('issued-amount', '50000000', '张')],
      says: 'otherUnit',
    },
    'the invoices as one figure': {
      facts: [fact('issued', { type: 'amount', unit: '张', amount: '90000' }), series('received', '1'), little],
      says: 'otherForm',
    },
    'the invoices declared twice': {
      facts: [...few, series('issued', '2001'), little],
      says: 'differing',
    },
    'last year not declared': {
      parameters: yearOrAmount,
      facts: [
        fact('revenue', { type: 'yearly', unit: '元', years: { 2024: '900' } }),
        fact('capital', { type: 'amount', unit: '元', amount: '99' }),
      ],
      says: 'yearMissing',
    },
    'enough money, but the paper states a higher threshold, and few invoices': {
      parameters: relieved,
      facts: [...few, much, livelihood],
      documents: [paper({ 'issued-amount': '700000000' })],
      says: 'grantedHigher',
    },
    'nothing declared': { facts: [] },
  },
});

test('unmet findings show value, threshold and margin of each alternative', () => {
  const findings = check.judge(
    { facts: [...few, little], documents: [] } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-03-15',
  );
  expect(findings.map(({ subject, data: { value, asked, margin } }) => ({ subject, value, asked, margin }))).toEqual([
    { subject: 'issued + received', value: '48000', asked: '50000', margin: { zh: '2,000 张', en: '2,000 invoices' } },
    {
      subject: 'issued-amount',
      value: '480000000',
      asked: '500000000',
      margin: { zh: '2,000 万元', en: '20,000,000 yuan' },
    },
  ]);
});

test.each([
  [{ any: [counts] }],
  [{ any: [counts, { ...money, facts: ['x', 'x'] }] }],
  [{ any: [counts, { ...money, previousYear: true }] }],
])('the parameters %j are refused', (refused) => {
  expect(check.parameters.safeParse(refused).success).toBe(false);
});
