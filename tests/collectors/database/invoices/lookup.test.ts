import { expect, test } from 'vitest';
import { Unavailable } from '../../../../src/collectors/collector.ts';
import { lookUp, type OpenTable, repeatedKeys } from '../../../../src/collectors/database/invoices/lookup.ts';
import { type ColumnType, failureOf, Unread } from '../../../../src/collectors/database/invoices/shape.ts';

/** A table that has so many rows of each key, and says how many keys it was asked for at once. */
function tableOf(rowsOf: (key: string) => number, type: ColumnType, isIndexed = true): OpenTable & { asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    table: { name: 't', holds: 'transactions', time: 'at', columns: {} },
    shape: { columns: new Map([['k', type]]), indexed: new Set(isIndexed ? ['k'] : []), unique: new Set(), rows: 10 },
    connection: {
      engine: 'list',
      version: '1',
      dialect: {
        quoted: (name) => name,
        named: ({ name }) => name,
        text: (column) => column,
        place: () => '?',
        among: (_, __, keys) => ({ sql: 'k', values: keys }),
        batch: 4,
        slice: 1,
        groups: true,
      },
      async each(sql, values, use) {
        asked.push(values.length);
        const keys = values.map(String);
        const limit = Number(sql.match(/LIMIT (\d+)/)?.[1]);
        const rows = sql.includes('HAVING count(*) > 1')
          ? keys.filter((key) => rowsOf(key) > 1)
          : keys.flatMap((key) => Array<string>(rowsOf(key)).fill(key)).slice(0, limit);
        for (const key of rows) use({ key });
      },
      shapeOf: () => Promise.reject(new Error('not asked')),
    },
  };
}

const keys = Array.from({ length: 10 }, (_, index) => `${index}`);

const counted = async (at: OpenTable, asked: readonly string[]) =>
  lookUp<number>(at, 'k', asked, {}, (found, key) => found.set(key, (found.get(key) ?? 0) + 1));

test('keys are looked up in batches, and all at once where each look-up reads the whole table', async () => {
  const [indexed, small] = [tableOf(() => 1, 'text'), tableOf(() => 1, 'text', false)];
  expect((await counted(indexed, keys)).found.size).toBe(10);
  expect((await counted(small, keys)).found.size).toBe(10);
  expect([indexed.asked, small.asked].map((each) => each.toSorted())).toEqual([[2, 4, 4], [10]]);
});

test('a key of too many rows is named, and spoils no other', async () => {
  const { found, crowded } = await counted(
    tableOf((key) => (key === '7' ? 100_001 : 2), 'text'),
    keys,
  );
  expect(crowded).toEqual(['7']);
  expect(found).toEqual(new Map(keys.filter((key) => key !== '7').map((key) => [key, 2])));
});

test('what a column cannot hold is not asked for', async () => {
  const at = tableOf(() => 1, 'integer');
  expect((await counted(at, ['1', '01', 'x', "1' OR '1'='1"])).found).toEqual(new Map([['1', 1]]));
  expect(at.asked).toEqual([1]);
});

test('keys of several rows are told apart; of text, whose server may take two for one, with all that were asked beside them', async () => {
  const rows = (key: string): number => (key === '5' ? 2 : 1);
  expect(await repeatedKeys(tableOf(rows, 'integer'), 'k', keys)).toEqual(new Set(['5']));
  expect(await repeatedKeys(tableOf(rows, 'text'), 'k', keys)).toEqual(new Set(['4', '5', '6', '7']));
  expect(
    await repeatedKeys(
      tableOf(() => 1, 'text'),
      'k',
      keys,
    ),
  ).toEqual(new Set());
});

test('of a server’s words only the code is kept: they may quote the data', () => {
  const says = '22P02: invalid input syntax for type numeric: "CANARY"';
  expect(failureOf(new Unavailable('failed', says))).toEqual({ reason: 'failed', detail: '22P02' });
  expect(failureOf(new Unavailable('denied', 'ER_TABLEACCESS_DENIED_ERROR: CANARY'))).toEqual({
    reason: 'denied',
    detail: 'ER_TABLEACCESS_DENIED_ERROR',
  });
  expect(failureOf(new Unavailable('failed', 'CANARY'))).toEqual({ reason: 'failed', detail: '' });
  expect(failureOf(new Unread('not-found', { zh: '没有表', en: 'no table' })).detail).toBe('没有表 | no table');
});
