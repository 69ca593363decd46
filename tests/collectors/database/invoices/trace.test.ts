import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../../../src/collectors/database/invoices/decimals.ts';
import {
  type Invoiced,
  type Lookups,
  type Outcome,
  type Traceable,
  total,
  trace,
} from '../../../../src/collectors/database/invoices/trace.ts';

// What is looked up by batches of keys against a join written down plainly: every invoice with every transaction.

type Invoice = Traceable & { readonly month: number };
type Trade = { readonly key: string; readonly amount: bigint | undefined };

const key = fc.constantFrom('1', '01', 'a', 'A', 'a ', '交', '"', undefined);
const amount = fc.option(fc.bigInt({ min: -3n, max: 6n }), { nil: undefined, freq: 8 });
const invoice = fc
  .record({
    key,
    amount,
    month: fc.nat({ max: 2 }),
    corrects: fc.option(fc.constantFrom('n0', 'n1', 'n2', 'none'), { nil: undefined, freq: 3 }),
  })
  .map(({ corrects, ...rest }) => ({ ...rest, corrects, isRed: corrects !== undefined }));
const invoices = fc
  .array(invoice, { maxLength: 12 })
  .map((all) => all.map((each, index): Invoice => ({ ...each, number: `n${index}` })));
const trades = fc.array(fc.record({ key: key.map((each) => each ?? '?'), amount }), { maxLength: 12 });

/** The join, written down plainly. */
function naive(one: Invoice, all: readonly Invoice[], traded: readonly Trade[]): Outcome {
  // What corrects another is no origin, itself least of all.
  if (one.corrects !== undefined && all.some(({ number, isRed }) => number === one.corrects && !isRed))
    return 'corrects';
  if (one.key === undefined) return 'keyless';
  const mine = traded.filter(({ key: other }) => other === one.key);
  if (mine.length === 0) return 'untraced';
  const siblings = all.filter(({ key: other }) => other === one.key);
  const sum = (amounts: readonly (bigint | undefined)[]) =>
    amounts.includes(undefined) ? undefined : amounts.reduce<bigint>((before, each) => before + (each ?? 0n), 0n);
  const plain = siblings.filter(({ isRed }) => !isRed);
  const [due, net, blue] = [mine, siblings, plain].map((list) => sum(list.map((each) => each.amount)));
  if (due === undefined || net === undefined) return 'uncompared';
  if (net === due || (plain.length > 0 && blue === due)) return 'agree';
  return net > due ? 'above' : 'below';
}

function lookupsOf(all: readonly Invoice[], traded: readonly Trade[], isAskedFirst = false): Lookups {
  const grouped = <T>(list: readonly T[], keyOf: (each: T) => string | undefined, keys: readonly string[]) =>
    keys.flatMap((each): [string, T[]][] => {
      const mine = list.filter((one) => keyOf(one) === each);
      return mine.length > 0 ? [[each, mine]] : [];
    });
  return {
    isCompared: true,
    canHold: () => true,
    traded: async (keys) =>
      new Map(
        grouped(traded, (each) => each.key, keys).map(([each, mine]) => [each, total(mine.map((one) => one.amount))]),
      ),
    invoiced: async (keys) =>
      new Map(
        grouped(all, (each) => each.key, keys).map(([each, mine]): [string, Invoiced] => {
          const plain = mine.filter(({ isRed }) => !isRed);
          return [
            each,
            {
              net: total(mine.map((one) => one.amount)),
              plain: total(plain.map((one) => one.amount)),
              hasPlain: plain.length > 0,
            },
          ];
        }),
      ),
    ...(isAskedFirst
      ? {
          shared: async (keys) =>
            new Set(keys.filter((each) => all.filter(({ key: other }) => other === each).length > 1)),
        }
      : {}),
    known: async (numbers) =>
      new Set(numbers.filter((number) => all.some((each) => each.number === number && !each.isRed))),
  };
}

describe('trace', () => {
  test('says of every invoice what the plain join says, however the invoices are sliced', async () => {
    await fc.assert(
      fc.asyncProperty(invoices, trades, fc.boolean(), async (all, traded, isAskedFirst) => {
        const lookups = lookupsOf(all, traded, isAskedFirst);
        const months = [0, 1, 2].map((month) => all.filter((each) => each.month === month));
        const found = new Map<Invoice, Outcome | undefined>();
        for (const slice of months) {
          const outcomes = await trace(slice, lookups);
          for (const [index, each] of slice.entries()) found.set(each, outcomes[index]);
        }
        expect(all.map((each) => found.get(each))).toEqual(all.map((each) => naive(each, all, traded)));
      }),
      { numRuns: 500 },
    );
  });

  test('what the other side’s columns cannot hold is said to be unlike', async () => {
    const lookups = { ...lookupsOf([], []), canHold: (each: string) => each !== '007' };
    const one: Traceable = { number: 'n', key: '007', amount: 1n, isRed: false, corrects: undefined };
    expect(await trace([one], lookups)).toEqual(['unlike']);
  });
});

describe('links', () => {
  const sumsOf = (amount: bigint): Invoiced => ({ net: amount, plain: amount, hasPlain: true });
  const byNumber: Readonly<Record<string, readonly string[]>> = {
    ...{
      whole: ['t1'],
      again: ['t1'],
      alone: ['t2'],
      both: ['t3', 't4'],
      third: ['t4'],
      sum: ['t5', 't6'],
      less: ['t7', 't8'],
    },
    ...{ void: ['t9'], anew: ['t9'] },
  };
  const amounts: Readonly<Record<string, bigint>> = {
    ...{ whole: 100n, again: 100n, alone: 5n, both: 20n, third: 10n, sum: 20n, less: 19n, anew: 10n },
  };
  const pick = <T>(keys: readonly string[], of: (key: string) => T | undefined): Map<string, T> =>
    new Map(
      keys.flatMap((each): [string, T][] => {
        const value = of(each);
        return value === undefined ? [] : [[each, value]];
      }),
    );
  const lookups: Lookups = {
    isCompared: true,
    canHold: () => true,
    traded: async (keys) => pick(keys, (each) => (each === 't1' ? 100n : each === 't2' ? 5n : 10n)),
    invoiced: async (keys) =>
      pick(keys, (each) => (each === 'void' ? { net: 0n, plain: 0n, hasPlain: false } : sumsOf(amounts[each] ?? 0n))),
    links: {
      transactionsOf: async (numbers) => pick(numbers, (each) => byNumber[each]),
      invoicesOf: async (transactions) =>
        pick(transactions, (each) => Object.keys(byNumber).filter((number) => byNumber[number]?.includes(each))),
    },
  };

  test.each<[string, Outcome]>([
    // Each agrees by itself; together they are twice what was traded.
    ['whole', 'above'],
    ['again', 'above'],
    ['alone', 'agree'],
    // The sum of its two, one of which was invoiced once more.
    ['both', 'uncompared'],
    ['third', 'uncompared'],
    ['sum', 'agree'],
    ['less', 'below'],
    ['anew', 'agree'],
  ])('%s: %s', async (number, outcome) => {
    const one: Traceable = { number, key: number, amount: amounts[number], isRed: false, corrects: undefined };
    expect(await trace([one], lookups)).toEqual([outcome]);
  });
});

describe('an amount', () => {
  test.each<[string | null, 'yuan' | 'fen', bigint | undefined]>([
    ['0.1', 'yuan', 100_000_000_000n],
    ['-0.10', 'yuan', -100_000_000_000n],
    ['10', 'fen', 100_000_000_000n],
    ['12345678901234567890.000000000001', 'yuan', 12345678901234567890000000000001n],
    ['1.00000000000000000000', 'yuan', 1_000_000_000_000n],
    ['0.0000000000001', 'yuan', undefined],
    ['1e3', 'yuan', undefined],
    ['1,000.00', 'yuan', undefined],
    ['¥1', 'yuan', undefined],
    ['NaN', 'yuan', undefined],
    ['', 'yuan', undefined],
    [null, 'yuan', undefined],
  ])('%s %s', (text, unit, expected) => {
    expect(decimalOf(text, unit)).toBe(expected);
  });

  test('sums are exact where floats are not', () => {
    expect(total([decimalOf('0.1'), decimalOf('0.2')])).toBe(decimalOf('0.3'));
  });
});
