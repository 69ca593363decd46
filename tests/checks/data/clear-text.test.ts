import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../../checks/data/clear-text.ts';
import { createTally, tableOf } from '../../../src/collectors/database/clear-text/tally.ts';
import type { ClearText, SampledTable } from '../../../src/evidence/database/clear-text.ts';
import { seen, testCheck, verdictOf } from '../../support/check-tester.ts';
import { createNumbers } from '../../support/person-numbers.ts';

const parameters = {
  forbid: ['identity-number', 'bank-card'],
  explain: ['mobile'],
  certain: 1_000_000,
  suspect: 1000,
};

type Number = SampledTable['numbers'][number];

function table(changes: Partial<SampledTable> = {}): SampledTable {
  const usual = { name: 'orders', sampling: 'random', rows: 2000, columns: 12 } as const;
  return { ...usual, numbers: [], protected: [], names: [], cut: [], ...changes };
}

function number(changes: Partial<Number> = {}): Number {
  return {
    column: 'id_no',
    kind: 'identity-number',
    values: 2000,
    hits: 2000,
    candidates: 1990,
    valid: 1990,
    ...changes,
  };
}

function store(changes: Partial<ClearText> = {}) {
  const value = {
    engine: 'postgresql',
    version: '15',
    tables: [table()],
    unread: [],
    beyond: 0,
    seesAll: true,
    ...changes,
  };
  return { clearText: [seen('clearText', value, { subject: 'trade' })] };
}

const holding = (...numbers: Number[]) => store({ tables: [table({ numbers })] });
const card = (changes: Partial<Number>): Number => number({ column: 'no', kind: 'bank-card', ...changes });

testCheck(check, parameters, '2026-03-01', {
  met: {
    'nothing is found in any sample': { ...store(), says: 'clean' },
    'a table without rows beside one with rows': store({
      tables: [table(), table({ name: 'empty', rows: 0, sampling: 'all' })],
    }),
    'a tenth of order numbers passes, as chance has it': holding(card({ hits: 36, candidates: 340, valid: 36 })),
    'none of what looks like one passes': holding(number({ hits: 0, candidates: 1, valid: 0 })),
    'two of thirty': holding(number({ hits: 2, candidates: 30, valid: 2 })),
    'what is not asked about is shown': {
      ...store({
        tables: [
          table({
            numbers: [number({ kind: 'credit-code', column: 'unit' })],
            protected: [{ column: 'card', how: 'masked' }],
            names: ['buyer'],
            cut: ['remark'],
          }),
        ],
      }),
      says: 'clean',
    },
    'many protected columns': store({
      tables: [
        table({ protected: Array.from({ length: 20 }, (_, index) => ({ column: `c${index}`, how: 'hash' as const })) }),
      ],
    }),
    'both ends of a key were read': store({ tables: [table({ sampling: 'ends' })] }),
  },
  unmet: {
    'a column of identity numbers': { ...holding(number()), says: 'clear' },
    'with names beside': store({ tables: [table({ numbers: [number()], names: ['buyer'] })] }),
    'one in a hundred remarks': holding(number({ column: 'remark', hits: 20, candidates: 20, valid: 20 })),
    'six of six': holding(number({ hits: 6, candidates: 6, valid: 6 })),
    'cards among order numbers': holding(card({ candidates: 400, valid: 90 })),
    'beside what could not be read': {
      ...store({ tables: [table({ numbers: [number()] })], unread: [{ table: 'secret', why: 'denied' }] }),
      says: ['clear', 'unread'],
    },
  },
  unproven: {
    'mobile numbers want an explanation': {
      ...holding(number({ kind: 'mobile', column: 'phone', candidates: 40, valid: 40 })),
      says: 'toExplain',
    },
    'a single one in a remark': { ...holding(number({ hits: 1, candidates: 1, valid: 1 })), says: 'few' },
    'five of five': { ...holding(card({ hits: 5, candidates: 5, valid: 5 })), says: 'few' },
    'more than chance, less than certain': { ...holding(card({ candidates: 360, valid: 58 })), says: 'few' },
    'a table that is denied': {
      ...store({
        unread: [
          { table: 'secret', why: 'denied' },
          { table: 'orders', column: 'point', why: 'type' },
        ],
      }),
      says: 'unread',
    },
    'many tables that are denied': store({
      unread: Array.from({ length: 30 }, (_, index) => ({ table: `t${index}`, why: 'denied' as const })),
    }),
    'the head of a table only': { ...store({ tables: [table({ sampling: 'head' })] }), says: 'onlyHead' },
    'too many tables': { ...store({ beyond: 12 }), says: 'beyond' },
    'an account that is shown some tables only': { ...store({ seesAll: false }), says: 'hidden' },
    'no rows at all': { ...store({ tables: [table({ rows: 0 })] }), says: 'nothing' },
    'no tables at all': { ...store({ tables: [] }), says: 'nothing' },
    'no store': { clearText: [], says: 'noStore' },
  },
});

const asked = { ...parameters, forbid: ['identity-number', 'bank-card', 'credit-code'], explain: ['mobile', 'email'] };

/** What becomes of a column of such values. */
function verdictOn(values: readonly string[]): string {
  const tally = createTally('2026-03-01');
  for (const value of values) tally.add(value);
  const sampled = tableOf({ name: 't', sampling: 'random', rows: values.length }, [
    { name: 'c', counts: tally.counts() },
  ]);
  return verdictOf(check, store({ tables: [sampled] }), asked, '2026-03-01');
}

describe('columns of other numbers', () => {
  const columns: Readonly<Record<string, (seed: ReturnType<typeof createNumbers>, row: number) => string>> = {
    'digits of sixteen to nineteen': (made) => made.digits(16 + made.below(4)),
    'order numbers that begin like a card': (made) => `62${made.digits(16)}`,
    'order numbers one after another': (_, row) => String(6_222_021_000_000_000_000n + BigInt(row)),
    'a region, a day and a serial number': (made, row) =>
      `370202202${made.below(6)}${String(1 + made.below(12)).padStart(2, '0')}15${String(row % 10_000).padStart(4, '0')}`,
    'the same number again and again': (_, row) => (row < 0 ? '' : '6222021234567894'),
    'eleven digits one after another': (_, row) => String(13_800_000_000 + row),
    'hexadecimal digits': (made) => Array.from({ length: 32 }, () => made.below(16).toString(16)).join(''),
    'eighteen of digits and letters': (made) =>
      `91370200${Array.from({ length: 10 }, () => '0123456789ABCDEFGHJKLMNPQRTUWXY'.charAt(made.below(31))).join('')}`,
  };

  // Certain of what is not there: at most once in a million columns of each kind. 8 × 60 columns here.
  test.each(Object.entries(columns))('%s are never taken for numbers of persons', (_, value) => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1, 3, 20, 300, 1000), (seed, rows) => {
        const made = createNumbers(seed);
        const verdict = verdictOn(Array.from({ length: rows }, (__, row) => value(made, row)));
        return verdict === 'met' || verdict === 'unproven';
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test('with many rows, hardly ever suspected either', () => {
    const made = createNumbers(5);
    const suspects = Array.from({ length: 60 }, () =>
      verdictOn(Array.from({ length: 1000 }, () => `62${made.digits(16)}`)),
    ).filter((verdict) => verdict !== 'met');
    expect(suspects.length).toBeLessThanOrEqual(1);
  });

  test.each(['identityNumber', 'bankCard', 'creditCode'] as const)(
    'one of a hundred %s among other texts is found',
    (kind) => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const made = createNumbers(seed);
          const values = Array.from({ length: 2000 }, (_, row) =>
            row % 100 === 7 ? `备注 ${made[kind]()}` : `备注 ${made.digits(9)}`,
          );
          return verdictOn(values) === 'unmet';
        }),
        { numRuns: 10, seed: 4 },
      );
    },
  );

  test('one of a hundred rows: of two hundred, named as too few', () => {
    const made = createNumbers(6);
    const values = Array.from({ length: 200 }, (_, row) => (row % 100 === 7 ? made.identityNumber() : '备注'));
    expect(verdictOn(values)).toBe('unproven');
  });

  test('phones of people want an explanation', () => {
    const made = createNumbers(9);
    expect(verdictOn(Array.from({ length: 500 }, () => made.mobile()))).toBe('unproven');
  });
});
