import { expect, test } from 'vitest';
import { check } from '../../../checks/figures/at-least.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (value: Fact['value'], name = 'trade') =>
  seen('facts', { name, value, declared: '-', document: { id: 'ledger', sha256: 'a'.repeat(64) } }, { subject: name });

const amount = (yuan: string) => fact({ type: 'amount', unit: '元', amount: yuan });

const series = (first: string, last: string, each: string, changes: Record<string, string | undefined> = {}) => {
  const months = Object.fromEntries(monthsFrom(first, last).map((month) => [month, changes[month] ?? each]));
  for (const [month, value] of Object.entries(changes)) if (value === undefined) delete months[month];
  return fact({ type: 'monthly', unit: '元', months });
};

const overYear = { fact: 'trade', amount: '120000000', months: 12 };

testCheck(check, { fact: 'trade', amount: '10000000' }, '2026-03-15', {
  met: {
    'above the threshold': { facts: [amount('60000000')], says: 'reached' },
    'the threshold itself, written with decimals': { facts: [amount('10000000.00')] },
    'invoices issued and received of the sample': {
      parameters: { fact: 'trade', amount: '50000', unit: '张' },
      facts: [fact({ type: 'amount', unit: '张', amount: '57578' })],
    },
    'twelve full months that just suffice': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '10000000')],
      says: 'reachedOver',
    },
    'on the first of a month the window is the same': {
      parameters: overYear,
      asOf: '2026-03-01',
      facts: [series('2025-03', '2026-02', '10000000', { '2025-03': '10000000.01' })],
    },
    'another fact is too small': {
      facts: [amount('10000000'), fact({ type: 'amount', unit: '元', amount: '1' }, 'x')],
    },
  },
  unmet: {
    'a fen short': { facts: [amount('9999999.99')], says: 'below' },
    'a loss': { facts: [amount('-10000000')] },
    'twelve months, a fen short': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '10000000', { '2025-07': '9999999.99' })],
      says: 'belowOver',
    },
    'only months outside the window are large: the running one and the thirteenth': {
      parameters: overYear,
      facts: [series('2025-02', '2026-03', '1', { '2025-02': '900000000', '2026-03': '900000000' })],
      says: 'belowOver',
    },
  },
  unproven: {
    'a month is missing, though the others would suffice': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '90000000', { '2025-12': undefined })],
      says: 'monthsMissing',
    },
    'the series ends a month early': {
      parameters: overYear,
      asOf: '2026-04-01',
      facts: [series('2025-03', '2026-02', '90000000')],
      says: 'monthsMissing',
    },
    'an empty series': { parameters: overYear, facts: [fact({ type: 'monthly', unit: '元', months: {} })] },
    'one figure where months are asked': { parameters: overYear, facts: [amount('900000000')], says: 'otherForm' },
    'months where one figure is asked': { facts: [series('2025-03', '2026-02', '90000000')], says: 'otherForm' },
    'a rating': { facts: [fact({ type: 'ratings', ratings: { 2025: 'A' } })], says: 'otherForm' },
    'invoices where yuan are asked': {
      facts: [fact({ type: 'amount', unit: '张', amount: '99999999' })],
      says: 'otherUnit',
    },
    'yuan where invoices are asked, by months': {
      parameters: { ...overYear, unit: '张' },
      facts: [series('2025-03', '2026-02', '90000000')],
      says: 'otherUnit',
    },
    'no such fact': { facts: [fact({ type: 'amount', unit: '元', amount: '90000000' }, 'other')], says: 'noEvidence' },
  },
});

const textOf = (facts: ReturnType<typeof fact>[], parameters: Record<string, unknown>) => {
  const [finding] = check.judge(
    { facts } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-03-15',
  );
  const message = check.messages[finding?.says ?? ''];
  return finding && message && fill(message, finding.data);
};

test('says window, exact sum, threshold and margin', () => {
  expect(textOf([series('2025-03', '2026-02', '10000000', { '2025-05': '10000000.5' })], overYear)).toEqual({
    zh: '2025-03 至 2026-02 共 12 个月合计 12,000.00005 万元，不低于 12,000 万元，高出 0.5 元',
    en: '120,000,000.5 yuan over the 12 months 2025-03 to 2026-02; at least 120,000,000 yuan is asked; 0.5 yuan above',
  });
});

test('names each missing month and the partial sum', () => {
  const facts = [series('2025-03', '2026-02', '1000000', { '2025-04': undefined, '2026-01': undefined })];
  expect(textOf(facts, overYear)?.zh).toBe(
    '2025-03 至 2026-02 缺少 2025-04、2026-01 的数据；其余月份合计 1,000 万元，要求不低于 12,000 万元',
  );
});
