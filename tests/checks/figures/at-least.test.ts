import { describe, expect, test } from 'vitest';
import { check } from '../../../checks/figures/at-least.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (value: Fact['value'], name = 'trade') =>
  seen('facts', { name, value, declared: '-', document: { id: 'ledger', sha256: 'a'.repeat(64) } }, { subject: name });

const amount = (yuan: string, name?: string) => fact({ type: 'amount', unit: '元', amount: yuan }, name);

const text = (name: string, words: string) => fact({ type: 'text', text: words }, name);

const yearly = (years: Record<string, string>, unit: '元' | '张' = '元') => fact({ type: 'yearly', unit, years });

const series = (
  first: string,
  last: string,
  each: string,
  changes: Record<string, string | undefined> = {},
  { unit = '元', name = 'trade' }: { unit?: '元' | '张'; name?: string } = {},
) => {
  const months = Object.fromEntries(monthsFrom(first, last).map((month) => [month, changes[month] ?? each]));
  for (const [month, value] of Object.entries(changes)) if (value === undefined) delete months[month];
  return fact({ type: 'monthly', unit, months }, name);
};

const paper = (stated: Record<string, string> | undefined, changes: Partial<FiledDocument> = {}) =>
  seen('documents', {
    id: 'relief-paper',
    title: '核定书',
    file: 'relief.pdf',
    held: true,
    bytes: 1000,
    mediaType: 'application/pdf',
    sha256: 'b'.repeat(64),
    states: { addresses: [], ports: [], phones: [], identities: [], ...(stated ? { fields: stated } : {}) },
    ...changes,
  });

const overYear = { fact: 'trade', amount: '120000000', months: 12 };
const invoices = { facts: ['issued', 'received'], amount: '50000', unit: '张' };
const lastYear = { fact: 'trade', amount: '50000000', previousYear: true };
const relieved = {
  fact: 'trade',
  amount: '50000000',
  relief: { fact: 'livelihood', in: ['是'], document: 'relief-paper' },
};
const claimed = (yuan: string) => [amount(yuan), text('livelihood', '是')];
const counted = (name: string, count: string) => fact({ type: 'amount', unit: '张', amount: count }, name);

testCheck(check, { fact: 'trade', amount: '10000000' }, '2026-03-15', {
  met: {
    'above the threshold': { facts: [amount('60000000')], says: 'reached' },
    'the threshold itself, written with decimals': { facts: [amount('10000000.00')] },
    'invoices issued and received of the sample': {
      parameters: invoices,
      facts: [counted('issued', '32510'), counted('received', '25068')],
    },
    'two sums that floats would add up to a fen short': {
      parameters: { facts: ['one', 'two'], amount: '0.3' },
      facts: [amount('0.1', 'one'), amount('0.2', 'two')],
    },
    'twelve full months that just suffice': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '10000000')],
      says: 'reached',
    },
    'on the first of a month the window is the same': {
      parameters: overYear,
      asOf: '2026-03-01',
      facts: [series('2025-03', '2026-02', '10000000', { '2025-03': '10000000.01' })],
    },
    'on a leap day too': {
      parameters: overYear,
      asOf: '2024-02-29',
      facts: [series('2023-02', '2024-01', '10000000')],
    },
    'two series, month by month': {
      parameters: { ...invoices, months: 12 },
      facts: [
        series('2025-03', '2026-02', '2000', {}, { unit: '张', name: 'issued' }),
        series('2025-03', '2026-02', '2167', {}, { unit: '张', name: 'received' }),
      ],
    },
    'another fact is too small': {
      facts: [amount('10000000'), fact({ type: 'amount', unit: '元', amount: '1' }, 'x')],
    },
    'the year before': { parameters: lastYear, facts: [yearly({ 2025: '50000000' })], says: 'reached' },
    'the year before on New Year’s Day': {
      parameters: lastYear,
      asOf: '2026-01-01',
      facts: [yearly({ 2025: '50000000', 2026: '1' })],
    },
    'below, but not below what was granted': {
      parameters: relieved,
      facts: claimed('30000000'),
      documents: [paper({ trade: '30,000,000' })],
      says: 'reachedRelieved',
    },
    'above the general threshold, the relief paper missing': {
      parameters: relieved,
      facts: claimed('50000000'),
      says: 'reached',
    },
    'the same, collected twice': { facts: [amount('60000000'), amount('60000000')] },
  },
  unmet: {
    'a fen short': { facts: [amount('9999999.99')], says: 'below' },
    'a loss': { facts: [amount('-10000000')] },
    'a negative figure takes from the sum': {
      parameters: { facts: ['one', 'two'], amount: '10000000' },
      facts: [amount('10000000', 'one'), amount('-0.01', 'two')],
    },
    'twelve months, a fen short': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '10000000', { '2025-07': '9999999.99' })],
      says: 'below',
    },
    'red-letter invoices outweigh a month': {
      parameters: overYear,
      facts: [series('2025-03', '2026-02', '10000000', { '2025-07': '-0.01' })],
    },
    'only months outside the window are large: the running one and the thirteenth': {
      parameters: overYear,
      facts: [series('2025-02', '2026-03', '1', { '2025-02': '900000000', '2026-03': '900000000' })],
      says: 'below',
    },
    'only other years are large': {
      parameters: lastYear,
      facts: [yearly({ 2024: '900000000', 2025: '1', 2026: '900000000' })],
    },
    'below what was granted': {
      parameters: relieved,
      facts: claimed('29999999.99'),
      documents: [paper({ trade: '30000000' })],
      says: 'belowRelieved',
    },
    'relief not claimed, though the paper is there': {
      parameters: relieved,
      facts: [amount('30000000'), text('livelihood', '否')],
      documents: [paper({ trade: '30000000' })],
      says: 'below',
    },
    'relief claimed by a list': {
      parameters: relieved,
      facts: [amount('30000000'), fact({ type: 'list', items: ['是'] }, 'livelihood')],
      documents: [paper({ trade: '30000000' })],
      says: 'below',
    },
    'relief without its paper': { parameters: relieved, facts: claimed('30000000'), says: 'notRelieved' },
    'relief on another paper': {
      parameters: relieved,
      facts: claimed('30000000'),
      documents: [paper({ trade: '30000000' }, { id: 'other-paper' })],
      says: 'notRelieved',
    },
    'the paper states a higher threshold': {
      parameters: relieved,
      facts: claimed('40000000'),
      documents: [paper({ trade: '60000000' })],
      says: 'notRelieved',
    },
    'the paper states no field': {
      parameters: relieved,
      facts: claimed('30000000'),
      documents: [paper(undefined)],
      says: 'notRelieved',
    },
    'two papers that grant different thresholds': {
      parameters: relieved,
      facts: claimed('30000000'),
      documents: [paper({ trade: '30000000' }), paper({ trade: '40000000' })],
      says: 'notRelieved',
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
    'one of two series lacks a month': {
      parameters: { ...invoices, months: 12 },
      facts: [
        series('2025-03', '2026-02', '90000', {}, { unit: '张', name: 'issued' }),
        series('2025-04', '2026-02', '90000', {}, { unit: '张', name: 'received' }),
      ],
      says: 'monthsMissing',
    },
    'one of two figures is missing, though the other would suffice': {
      parameters: invoices,
      facts: [counted('issued', '90000')],
      says: 'noEvidence',
    },
    'one of two figures is money': {
      parameters: invoices,
      facts: [counted('issued', '90000'), amount('90000', 'received')],
      says: 'otherUnit',
    },
    'the year before is missing': {
      parameters: lastYear,
      facts: [yearly({ 2024: '90000000', 2026: '90000000' })],
      says: 'yearMissing',
    },
    'the year before, in invoices': {
      parameters: lastYear,
      facts: [yearly({ 2025: '90000000' }, '张')],
      says: 'otherUnit',
    },
    'one figure where years are asked': { parameters: lastYear, facts: [amount('90000000')], says: 'otherForm' },
    'years where one figure is asked': { facts: [yearly({ 2025: '90000000' })], says: 'otherForm' },
    'years where months are asked': { parameters: overYear, facts: [yearly({ 2025: '900000000' })] },
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
    'two collections that contradict each other': {
      facts: [amount('60000000'), amount('9000000')],
      says: 'differing',
    },
    'above the general threshold, below the one that the paper states': {
      parameters: relieved,
      facts: claimed('55000000'),
      documents: [paper({ trade: '60000000' })],
      says: 'grantedHigher',
    },
  },
});

const findingOf = (evidence: Record<string, unknown>, parameters: Record<string, unknown>) =>
  check.judge(
    { facts: [], documents: [], ...evidence } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-03-15',
  )[0];

const textOf = (facts: ReturnType<typeof fact>[], parameters: Record<string, unknown>) => {
  const finding = findingOf({ facts }, parameters);
  const message = check.messages[finding?.says ?? ''];
  return finding && message && fill(message, finding.data);
};

describe('says', () => {
  test('window, exact sum, threshold and margin', () => {
    expect(textOf([series('2025-03', '2026-02', '10000000', { '2025-05': '10000000.5' })], overYear)).toEqual({
      zh: '2025-03 至 2026-02 共 12 个月合计 12,000.00005 万元，不低于 12,000 万元，高出 0.5 元',
      en: '120,000,000.5 yuan over the 12 months 2025-03 to 2026-02; at least 120,000,000 yuan is asked; 0.5 yuan above',
    });
  });

  test('each missing month and the partial sum', () => {
    const facts = [series('2025-03', '2026-02', '1000000', { '2025-04': undefined, '2026-01': undefined })];
    expect(textOf(facts, overYear)?.zh).toBe(
      '2025-03 至 2026-02 缺少 2025-04、2026-01 的数据；其余月份合计 1,000 万元，要求不低于 12,000 万元',
    );
  });

  test('the year, and that a figure is a sum', () => {
    expect(textOf([yearly({ 2025: '866120000' })], lastYear)?.zh).toBe(
      '2025 年 86,612 万元，不低于 5,000 万元，高出 81,612 万元',
    );
    expect(textOf([counted('issued', '32510'), counted('received', '25068')], invoices)).toEqual({
      zh: '合计 57,578 张，不低于 50,000 张，高出 7,578 张',
      en: '57,578 invoices in all; at least 50,000 invoices is asked; 7,578 invoices above',
    });
  });

  test('value and threshold as plain decimals too, of a granted threshold that one', () => {
    expect(findingOf({ facts: [amount('9999999.99')] }, { fact: 'trade', amount: '10000000' })?.data).toMatchObject({
      value: '9999999.99',
      asked: '10000000',
      margin: { zh: '0.01 元' },
    });
    const finding = findingOf({ facts: claimed('30000000'), documents: [paper({ trade: '20000000' })] }, relieved);
    expect(finding?.data).toMatchObject({ value: '30000000', asked: '20000000' });
    expect(finding?.cites).toHaveLength(3);
  });
});
