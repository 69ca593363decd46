import { expect, test } from 'vitest';
import { lookMysql } from '../../../../src/collectors/database/clear-text/mysql.ts';
import { readsWhole } from '../../../../src/collectors/database/clear-text/mysql-grants.ts';
import type { Session } from '../../../../src/collectors/transports/database.ts';
import type { ServerStore } from '../../../../src/platform-stores.ts';

// A server by hand: what it answers to the first pattern that a statement matches.
function sessionOf(
  answers: readonly [RegExp, readonly Record<string, string | null>[]][],
  version = '10.11.6-MariaDB',
): Session {
  return {
    engine: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    version,
    each: () => Promise.reject(new Error('not asked')),
    async query(row, sql) {
      const [, rows = []] = answers.find(([pattern]) => pattern.test(sql)) ?? [];
      return rows.map((each) => row.parse(each));
    },
  };
}

const store: ServerStore = {
  name: 'store',
  engine: 'mariadb',
  address: '127.0.0.1',
  database: 'Trade',
  user: 'auditor',
  password: 'prompt',
  tls: 'verified',
  mayWrite: false,
  tables: [{ name: 'Orders', holds: 'transactions', time: 'at', columns: {} }],
};

const table = { schema: 'trade', name: 'orders', type: 'BASE TABLE', engine: 'InnoDB', per_row: '100', bytes: '16384' };
const column = {
  table: '["trade", "orders"]',
  name: 'note',
  type: 'text',
  scale: null,
  precision: null,
  privileges: 'select',
};

test.each([
  ['1', { tables: [expect.objectContaining({ name: 'orders', holds: 'transactions', rows: 1 })], unread: [] }],
  ['0', { tables: [], unread: [{ table: 'Orders', why: 'missing' }] }],
])('names that the server holds in small letters (lower_case_table_names = %s)', async (folds, expected) => {
  const session = sessionOf([
    [/lower_case_table_names/, [{ folds }]],
    [/information_schema\.TABLES/, [table]],
    [/information_schema\.COLUMNS/, [column]],
    [/FROM `trade`\.`orders`/, [{ c0: 'x' }]],
    [/SHOW GRANTS/, [{ grants: 'GRANT SELECT ON *.* TO `auditor`@`%`' }]],
  ]);
  expect(await lookMysql(store, session, '2026-03-01')).toMatchObject({ ...expected, seesAll: true });
});

test.each<[string, string[], boolean]>([
  ['all databases', ['GRANT SELECT, PROCESS ON *.* TO `a`@`%`'], true],
  ['all privileges', ['GRANT ALL PRIVILEGES ON `trade`.* TO `a`@`%`'], true],
  ['a pattern', ['GRANT SELECT ON `tr%`.* TO `a`@`%`'], true],
  ['a pattern whose sign is meant', ['GRANT SELECT ON `tr\\_de`.* TO `a`@`%`'], false],
  ['dots are no pattern', ['GRANT SELECT ON `tr.de`.* TO `a`@`%`'], false],
  ['another database', ['GRANT SELECT ON `trade2`.* TO `a`@`%`'], false],
  ['one table', ['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT SELECT ON `trade`.`orders` TO `a`@`%`'], false],
  ['a column', ['GRANT SELECT (`id`) ON `trade`.`orders` TO `a`@`%`'], false],
  ['another right', ['GRANT SHOW VIEW, SELECTED ON *.* TO `a`@`%`'], false],
  ['taken back in part', ['GRANT SELECT ON *.* TO `a`@`%`', 'REVOKE SELECT ON `trade`.* FROM `a`@`%`'], false],
  ['nothing', [], false],
])('whether every table is shown: %s', async (_, lines, whole) => {
  const session = sessionOf([[/SHOW GRANTS/, lines.map((line) => ({ grants: line }))]]);
  expect(await readsWhole(session, 'trade')).toBe(whole);
});

test('MySQL is asked for what its role may', async () => {
  const session = sessionOf(
    [
      [/current_role/, [{ roles: '`readers`@`%`' }]],
      [/SHOW GRANTS FOR CURRENT_USER\(\) USING `readers`@`%`/, [{ grants: 'GRANT SELECT ON `trade`.* TO `a`@`%`' }]],
    ],
    '8.4.0',
  );
  expect(await readsWhole(session, 'trade')).toBe(true);
});
