import { expect, test } from 'vitest';
import { check } from '../../../checks/figures/ratings.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'result', sha256: 'a'.repeat(64) } }, { subject: name });

const rated = (ratings: Record<string, string>) => fact('credit-rating', { type: 'ratings', ratings });

const parameters = {
  fact: 'credit-rating',
  years: 3,
  allowed: ['A', 'B'],
  atLeast: { rating: 'A', times: 1, years: 3 },
  published: 4,
};
// As a unit may tighten it: more years, of which an A must still lie in the last three.
const fiveYears = { ...parameters, years: 5 };
const twoYears = { fact: 'credit-rating', years: 2, allowed: ['A', 'B'], published: 4 };
const ifOrdered = { ...twoYears, when: { fact: 'ordered', in: ['是'] } };
const ordered = (text: string) => fact('ordered', { type: 'text', text });

testCheck(check, parameters, '2026-06-15', {
  met: {
    'the sample’s B, A, A': { facts: [rated({ 2023: 'B', 2024: 'A', 2025: 'A' })], says: 'allowed' },
    'written in other ways': { facts: [rated({ 2023: 'B级', 2024: 'ａ', 2025: ' b 级' })] },
    'in March last year is not out, and not asked for': {
      asOf: '2026-03-31',
      facts: [rated({ 2022: 'A', 2023: 'B', 2024: 'B' })],
    },
    'on 30 April neither': { asOf: '2026-04-30', facts: [rated({ 2022: 'B', 2023: 'A', 2024: 'B' })] },
    'in April last year counts if declared, and pushes out a bad one': {
      asOf: '2026-04-10',
      facts: [rated({ 2022: 'D', 2023: 'B', 2024: 'B', 2025: 'A' })],
    },
    'a bad rating before the window': { facts: [rated({ 2022: 'D', 2023: 'A', 2024: 'B', 2025: 'B' })] },
    'an early rating that changes nothing': {
      asOf: '2026-02-10',
      facts: [rated({ 2022: 'A', 2023: 'B', 2024: 'A', 2025: 'A' })],
    },
    'more years are looked at, and the A is one of the last three': {
      parameters: fiveYears,
      facts: [rated({ 2021: 'B', 2022: 'B', 2023: 'A', 2024: 'B', 2025: 'B' })],
    },
    'two years, no A asked': { parameters: twoYears, facts: [rated({ 2024: 'B', 2025: 'B' })] },
    'the condition binds': { parameters: ifOrdered, facts: [rated({ 2024: 'B', 2025: 'A' }), ordered('是')] },
  },
  unmet: {
    'a C': { facts: [rated({ 2023: 'A', 2024: 'C', 2025: 'A' })], says: 'notAllowed' },
    'an M': { facts: [rated({ 2023: 'A', 2024: 'M', 2025: 'A' })] },
    'no A': { facts: [rated({ 2023: 'B', 2024: 'B', 2025: 'B' })], says: 'tooFew' },
    'more years are looked at, and the A lies before the last three': {
      parameters: fiveYears,
      facts: [rated({ 2021: 'A', 2022: 'A', 2023: 'B', 2024: 'B', 2025: 'B' })],
      says: 'tooFew',
    },
    'the A lies before the window': { facts: [rated({ 2022: 'A', 2023: 'B', 2024: 'B', 2025: 'B' })] },
    'the A is of the running year': { facts: [rated({ 2023: 'B', 2024: 'B', 2025: 'B', 2026: 'A' })] },
    'a D, and a year missing': {
      facts: [rated({ 2023: 'D', 2025: 'A' })],
      says: ['notAllowed', 'yearsMissing'],
    },
    'a lower-case c': { facts: [rated({ 2023: 'A', 2024: 'ｃ', 2025: 'A' })] },
    'last year’s D, declared in March': { asOf: '2026-03-01', facts: [rated({ 2023: 'A', 2024: 'A', 2025: 'D' })] },
  },
  unproven: {
    'on 1 May last year is asked for': {
      asOf: '2026-05-01',
      facts: [rated({ 2022: 'A', 2023: 'A', 2024: 'A' })],
      says: 'yearsMissing',
    },
    'a year in the middle is missing': { facts: [rated({ 2023: 'A', 2025: 'A' })], says: 'yearsMissing' },
    'no year at all': { facts: [rated({})] },
    'years that are not out yet': { facts: [rated({ 2026: 'A', 2027: 'A', 2028: 'A' })] },
    'a word that is no rating': { facts: [rated({ 2023: 'A', 2024: '未公布', 2025: 'A' })], says: 'noRating' },
    'two ratings for a year': { facts: [rated({ 2023: 'A', 2024: 'A/B', 2025: 'A' })], says: 'noRating' },
    'an expected A in February pushes out a C': {
      asOf: '2026-02-10',
      facts: [rated({ 2022: 'C', 2023: 'A', 2024: 'A', 2025: 'A' })],
      says: 'early',
    },
    'an expected A in February is the only one': {
      asOf: '2026-02-10',
      facts: [rated({ 2022: 'B', 2023: 'B', 2024: 'B', 2025: 'A' })],
      says: 'early',
    },
    'a text': { facts: [fact('credit-rating', { type: 'text', text: 'A' })], says: 'otherForm' },
    'not declared': { facts: [], says: 'noEvidence' },
    'declared twice': {
      facts: [rated({ 2023: 'A', 2024: 'A', 2025: 'A' }), rated({ 2023: 'A', 2024: 'D', 2025: 'A' })],
      says: 'differing',
    },
    'the condition is not declared': {
      parameters: ifOrdered,
      facts: [rated({ 2024: 'B', 2025: 'A' })],
      says: 'conditionUnknown',
    },
  },
  'not-applicable': {
    'the condition does not bind': {
      parameters: ifOrdered,
      facts: [rated({ 2024: 'D' }), ordered('否')],
      says: 'doesNotBind',
    },
  },
});

test('names the years that are missing, and those looked at', () => {
  const [finding] = check.judge(
    { facts: [rated({ 2024: 'A' })] } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse(parameters),
    '2026-06-15',
  );
  expect(fill(check.messages.yearsMissing ?? { zh: '', en: '' }, finding?.data ?? {}).zh).toBe(
    '缺少 2023、2025 年度的级别；最近公布的 3 个年度为 2023 至 2025',
  );
});
