import { expect, test } from 'vitest';
import { Unavailable } from '../../../../src/collectors/collector.ts';
import { lookUp, type OpenTable } from '../../../../src/collectors/database/invoices/lookup.ts';
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
      },
      async run(sql, values = []) {
        asked.push(values.length);
        const limit = Number(sql.match(/LIMIT (\d+)/)?.[1]);
        return values.flatMap((key) => Array(rowsOf(String(key))).fill({ key: String(key) })).slice(0, limit);
      },
      shapeOf: () => Promise.reject(new Error('not asked')),
    },
  };
}

const keys = Array.from({ length: 10 }, (_, index) => `${index}`);

test('keys are looked up in batches, and all at once where each look-up reads the whole table', async () => {
  const [indexed, small] = [tableOf(() => 1, 'text'), tableOf(() => 1, 'text', false)];
  expect((await lookUp(indexed, 'k', keys, {})).rows).toHaveLength(10);
  expect((await lookUp(small, 'k', keys, {})).rows).toHaveLength(10);
  expect([indexed.asked, small.asked].map((each) => each.toSorted())).toEqual([[2, 4, 4], [10]]);
});

test('a key of too many rows is named, and spoils no other', async () => {
  const { rows, crowded } = await lookUp(
    tableOf((key) => (key === '7' ? 100_001 : 2), 'text'),
    'k',
    keys,
    {},
  );
  expect(crowded).toEqual(['7']);
  expect(rows).toHaveLength(18);
});

test('what a column cannot hold is not asked for', async () => {
  const at = tableOf(() => 1, 'integer');
  expect((await lookUp(at, 'k', ['1', '01', 'x', "1' OR '1'='1"], {})).rows).toEqual([{ key: '1' }]);
  expect(at.asked).toEqual([1]);
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
