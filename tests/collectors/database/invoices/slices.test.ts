import { expect, test } from 'vitest';
import type { OpenTable } from '../../../../src/collectors/database/invoices/lookup.ts';
import { createClock, day, type TimeForm } from '../../../../src/collectors/database/invoices/moments.ts';
import type { Connection } from '../../../../src/collectors/database/invoices/shape.ts';
import { type Slice, slicesOf } from '../../../../src/collectors/database/invoices/slices.ts';

// A store that answers from a list, by the order of the column: of text by its letters.

const clock = createClock('UTC');

function tableOf(
  times: readonly (string | number)[],
  slice: number,
  most = Number.POSITIVE_INFINITY,
): OpenTable & { asked: number[] } {
  const asked: number[] = [];
  const connection: Connection = {
    engine: 'list',
    version: '1',
    dialect: {
      quoted: (name) => name,
      named: ({ name }) => name,
      text: (column) => column,
      place: () => '?',
      among: () => ({ sql: '', values: [] }),
      batch: 1,
      slice,
      groups: true,
    },
    async each(sql, [from = '', until = ''], use) {
      const limit = Number(sql.match(/LIMIT (\d+)/)?.[1]);
      const found = times.filter((at) => at >= (from ?? '') && at < (until ?? '')).slice(0, Math.min(limit, most));
      asked.push(found.length);
      for (const at of found) use({ at: String(at) });
    },
    shapeOf: () => Promise.reject(new Error('not asked')),
  };
  const shape = {
    columns: new Map([['at', 'integer' as const]]),
    indexed: new Set(['at']),
    unique: new Set<string>(),
    rows: times.length,
  };
  return { connection, table: { name: 't', holds: 'invoices', time: 'at', columns: {} }, shape, asked };
}

const start = Date.UTC(2026, 0, 1) / 1000;

async function all(at: OpenTable, form: TimeForm, until: number): Promise<Slice<number>[]> {
  const slices: Slice<number>[] = [];
  const period = [start, until] as const;
  for await (const slice of slicesOf(at, { column: 'at', form, clock }, {}, period, (_, wall) => wall))
    slices.push(slice);
  return slices;
}

const stamp = (time: number): string => new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ');

// The ends of slices are told to a column that knows no parts of a second.
test.each<['seconds' | 'local', (time: number) => string | number]>([
  ['seconds', (time) => time],
  ['local', stamp],
])('every row stands in one slice, however many there are of an hour: %s', async (kind, written) => {
  const times = Array.from({ length: 5000 }, (_, index) => start + (index < 3000 ? index % 3600 : index * 700));
  const at = tableOf(times.map(written), 100);
  const slices = await all(at, { kind }, start + 60 * day);
  const found = slices.flatMap(({ rows }) => rows);
  expect(found.toSorted((one, other) => one - other)).toEqual(times.toSorted((one, other) => one - other));
  expect(slices.every(({ stray }) => stray === 0)).toBe(true);
  // Few are read for nothing.
  expect(at.asked.reduce((sum, each) => sum + each)).toBeLessThan(1.5 * times.length);
});

test('too many of one minute are said', async () => {
  await expect(all(tableOf(Array(200_002).fill(start), 100), { kind: 'seconds' }, start + day)).rejects.toMatchObject({
    name: 'Unavailable',
    reason: 'too-large',
  });
});

test.each<[string, number, number]>([
  ['2026-01-05T23:00:00-02:00', 2, 0],
  ['2026/01/05 10:00', 1, 1],
  ['2026-01-06 ?', 1, 1],
  ['2026-02-30', 1, 1],
])('of text, %s is found, or counted as one that the order puts elsewhere', async (odd, rows, stray) => {
  const at = tableOf(['2026-01-05 10:00', odd], 2);
  const slices = await all(at, { kind: 'text', separator: '-', daily: false }, Date.UTC(2027, 0, 2) / 1000);
  expect(slices.flatMap((slice) => slice.rows)).toHaveLength(rows);
  expect(Math.max(...slices.map((slice) => slice.stray))).toBe(stray);
});
