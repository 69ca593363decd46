import { describe, expect, test } from 'vitest';
import { type Asked, sortedByServer, whoDecides } from '../../../src/collectors/network/suite-order.ts';

// A server in memory: it takes the first of its own list, of the client's, or something else.
function serverOf(choose: (offered: readonly number[]) => number | undefined) {
  const asked: Asked[] = [];
  return {
    asked,
    ask: async (offered: readonly number[]) => {
      const chosen = choose(offered);
      asked.push({ offered, chosen });
      return chosen ?? 'gap';
    },
  };
}

const byOwnOrder = (order: readonly number[]) => serverOf((offered) => order.find((suite) => offered.includes(suite)));

// Deterministic shuffling (a linear congruential generator).
function shuffled(count: number, seed: number): number[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: count }, (_, index) => ({ index, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ index }) => index);
}

describe('who decides', () => {
  test.each([
    ['the server', [{ offered: [1, 2], chosen: 2 }], 'server'],
    [
      'the client',
      [
        { offered: [1, 2], chosen: 1 },
        { offered: [2, 1], chosen: 2 },
      ],
      'client',
    ],
    ['not told by first places', [{ offered: [1, 2], chosen: 1 }], undefined],
    ['not told by what is never accepted', [{ offered: [9, 2], chosen: 2 }], undefined],
    [
      'neither',
      [
        { offered: [1, 2, 3], chosen: 3 },
        { offered: [3, 1], chosen: 1 },
        { offered: [1, 3], chosen: 3 },
      ],
      'unknown',
    ],
  ])('%s', (_, asked, expected) => {
    expect(whoDecides(asked, [1, 2, 3])).toBe(expected);
  });
});

describe('order of preference', () => {
  test('as foretold: one hello for each place', async () => {
    const order = shuffled(40, 7);
    const { asked, ask } = byOwnOrder(order);
    expect(await sortedByServer(order, asked, ask)).toEqual(order);
    expect(asked).toHaveLength(39);
  });

  test.each([1, 2, 3, 4, 5])('any order, with at most four hellos for each place (%i)', async (seed) => {
    const order = shuffled(60, seed);
    const { asked, ask } = byOwnOrder(order);
    expect(
      await sortedByServer(
        order.toSorted((a, b) => a - b),
        asked,
        ask,
      ),
    ).toEqual(order);
    expect(asked.length).toBeLessThan(240);
  });

  test('a server that goes round in a circle has no order', async () => {
    const beats = new Map([
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    const { asked, ask } = serverOf(
      (offered) => offered.find((suite) => !offered.some((other) => beats.get(other) === suite)) ?? offered[0],
    );
    expect(await sortedByServer([1, 2, 3], asked, ask)).toBeUndefined();
  });

  test('a hello that is not answered ends it', async () => {
    const { asked, ask } = serverOf(() => undefined);
    expect(await sortedByServer([1, 2, 3], asked, ask)).toBeUndefined();
  });
});
