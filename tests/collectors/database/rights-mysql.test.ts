import { describe, expect, test } from 'vitest';
import {
  accountsOf,
  everybodyMay,
  type GrantTables,
  type Target,
} from '../../../src/collectors/database/rights/grants-mysql.ts';

const target: Target = { name: 'invoices', database: 'trade', table: 'invoices' };
const none: GrantTables = {
  ...{ accounts: [], databases: [], tables: [], roles: [], routines: [], routineGrants: [] },
  ...{ views: [], keys: [], proxies: [] },
};
const app = { user: 'app', host: '%' };
const role = { user: 'writers', host: '' };

/** What the account app@% may do, by these grants. */
function may(grants: Partial<GrantTables>, isCaseless = false) {
  const accounts = [{ ...app, login: 'yes' as const, privileges: [] }, ...(grants.accounts ?? [])];
  const found = accountsOf({ ...none, ...grants, accounts }, [target], isCaseless).find(({ name }) => name === 'app');
  return found?.may[0]?.can;
}

describe('patterns of databases', () => {
  test.each<[string, boolean]>([
    ['trade', true],
    ['tr%', true],
    ['tr_de', true],
    ['tr\\_de', false],
    ['trad', false],
    ['%', true],
    ['t.*', false],
    ['TRADE', false],
    ['[', false],
    ['(((((((((((((((((((((((((((((a+)+)+)+', false],
    ['\\', false],
    ['%_'.repeat(30), false],
    [`${'%'.repeat(60)}e`, true],
    ['t%e%', true],
    ['_____', true],
    ['______', false],
  ])('%s', (database, isMine) => {
    expect(may({ databases: [{ ...app, database, privileges: ['Delete'] }] })).toEqual(isMine ? ['delete'] : undefined);
  });

  test('of a server that does not tell letter case apart', () => {
    expect(may({ databases: [{ ...app, database: 'TRADE', privileges: ['Drop'] }] }, true)).toEqual([
      'truncate',
      'drop',
    ]);
    expect(may({ tables: [{ ...app, database: 'Trade', table: 'INVOICES', privileges: ['Update'] }] }, true)).toEqual([
      'update',
    ]);
  });
});

test('roles that are granted to each other end', () => {
  const other = { user: 'others', host: '' };
  const grants = {
    roles: [
      { to: app, role },
      { to: role, role: other },
      { to: other, role },
    ],
    tables: [{ ...other, database: 'trade', table: 'invoices', privileges: ['Delete'] }],
  };
  expect(may(grants)).toEqual(['delete']);
});

test('MySQL’s roles have a host', () => {
  const owned = { user: 'writers', host: '%' };
  expect(
    may({
      accounts: [{ ...owned, login: 'no', privileges: ['Delete'] }],
      roles: [{ to: app, role: owned }],
    }),
  ).toEqual(['delete']);
});

test('a routine of a definer who may not is no way', () => {
  const routine = { database: 'trade', name: 'purge', definer: 'nobody@%' };
  const routineGrants = [{ ...app, database: 'trade', name: 'Purge' }];
  expect(may({ routines: [routine], routineGrants })).toBeUndefined();
  const mighty = { user: 'boss', host: 'localhost', login: 'yes' as const, privileges: ['Delete'] };
  expect(may({ routines: [{ ...routine, definer: 'boss@localhost' }], routineGrants, accounts: [mighty] })).toEqual([
    'delete',
  ]);
});

test.each<[string, Partial<GrantTables>]>([
  ['SUPER', { accounts: [{ ...role, login: 'no', privileges: ['Super'] }], roles: [{ to: app, role }] }],
  ['writing to the grant tables', { databases: [{ ...app, database: 'mysql', privileges: ['Insert'] }] }],
])('%s is a right to everything', (_, grants) => {
  expect(may(grants)).toEqual(['delete', 'update', 'truncate', 'drop', 'alter']);
});

test('a right to read or add is none to change', () => {
  expect(may({ databases: [{ ...app, database: 'trade', privileges: ['Insert', 'Execute'] }] })).toBeUndefined();
  expect(
    may({ databases: [{ user: 'app', host: 'localhost', database: 'trade', privileges: ['Delete'] }] }),
  ).toBeUndefined();
});

test('what a role of everybody’s may is everybody’s', () => {
  const grants = {
    ...none,
    roles: [{ to: { user: 'PUBLIC', host: '' }, role }],
    tables: [{ ...role, database: 'trade', table: 'invoices', privileges: ['Delete'] }],
  };
  expect(everybodyMay(target, grants, false)).toEqual(['delete']);
  expect(everybodyMay(target, { ...grants, roles: [] }, false)).toEqual([]);
});

const everything = ['delete', 'update', 'truncate', 'drop', 'alter'];
const boss = { user: 'boss', host: 'localhost', login: 'yes' as const, privileges: ['Delete'] };

// Each of these was tried on MariaDB 10.11.19: the account deleted the row.
describe('ways by what is not granted to the account itself', () => {
  test('a database is granted to the account without a name', () => {
    const databases = [{ user: '', host: '%', database: 'trade', privileges: ['Delete'] }];
    expect(may({ databases })).toEqual(['delete']);
    expect(may({ databases: [{ ...databases[0], host: '10.%' } as (typeof databases)[0]] })).toBeUndefined();
  });

  test('an account of a narrower host has what the wider one was granted on a table, not the other way round', () => {
    const narrow = { user: 'app', host: '127.0.0.1', login: 'yes' as const, privileges: [] };
    const tables = [{ ...app, database: 'trade', table: 'invoices', privileges: ['Delete'] }];
    const found = (grant: Partial<GrantTables>) =>
      accountsOf({ ...none, accounts: [narrow, { ...app, login: 'yes', privileges: [] }], ...grant }, [target], false);
    expect(found({ tables }).map(({ from }) => from)).toEqual(['127.0.0.1', '%']);
    const [one] = tables;
    expect(found({ tables: one ? [{ ...one, host: '127.0.0.1' }] : [] }).map(({ from }) => from)).toEqual([
      '127.0.0.1',
    ]);
  });

  test('who adds rows everywhere, or to one of the grant tables, adds grants', () => {
    expect(may({ accounts: [{ ...role, login: 'no', privileges: ['Insert'] }], roles: [{ to: app, role }] })).toEqual(
      everything,
    );
    const tables = [{ ...app, database: 'mysql', table: 'db', privileges: ['Insert'] }];
    expect(may({ tables })).toEqual(everything);
    expect(may({ tables: tables.map((each) => ({ ...each, table: 'time_zone' })) })).toBeUndefined();
  });

  test('rows follow those that they refer to', () => {
    const key = (table: string, refers: string) => ({
      ...{ database: 'trade', table, refers: { database: 'trade', table: refers } },
      ...({ onDelete: 'cascade', onUpdate: 'none' } as const),
    });
    const grant = (privilege: string) => [{ ...app, database: 'trade', table: 'makers', privileges: [privilege] }];
    const keys = [key('invoices', 'orders'), key('orders', 'makers'), key('makers', 'invoices')];
    expect(may({ keys, tables: grant('Delete') })).toEqual(['delete']);
    expect(may({ keys, tables: grant('Update') })).toBeUndefined();
    const emptied = keys.map((each) => ({ ...each, onDelete: 'set' as const }));
    // Deleting a maker sets a column of orders, which nothing follows.
    expect(may({ keys: emptied, tables: grant('Delete') })).toBeUndefined();
    expect(
      may({ keys: emptied, tables: [{ ...app, database: 'trade', table: 'orders', privileges: ['Delete'] }] }),
    ).toEqual(['update']);
  });

  test('a view acts with its definer’s rights', () => {
    const views = [{ database: 'reports', name: 'seen', definer: 'boss@localhost', text: '' }];
    const tables = [{ ...app, database: 'reports', table: 'seen', privileges: ['Delete', 'Update'] }];
    expect(may({ views, tables, accounts: [boss] })).toEqual(['delete']);
    expect(may({ views, tables })).toBeUndefined();
    const other = views.map((each) => ({ ...each, text: 'select `id` from `hr`.`staff`' }));
    expect(may({ views: other, tables, accounts: [boss] })).toBeUndefined();
  });

  test('a routine may call another, and whoever may log in as another may what that one may', () => {
    const routines = [
      { database: 'trade', name: 'one', definer: 'middle@%' },
      { database: 'trade', name: 'two', definer: 'boss@localhost' },
      { database: 'trade', name: 'three', definer: 'middle@%' },
    ];
    const middle = { user: 'middle', host: '%', login: 'yes' as const, privileges: [] };
    const routineGrants = [
      { ...app, database: 'trade', name: 'one' },
      { user: 'middle', host: '%', database: 'trade', name: 'two' },
      { user: 'middle', host: '%', database: 'trade', name: 'three' },
    ];
    expect(may({ routines, routineGrants, accounts: [boss, middle] })).toEqual(['delete']);
    const as = { user: 'boss', host: 'localhost' };
    expect(may({ proxies: [{ to: app, as }], accounts: [boss] })).toEqual(['delete']);
    expect(may({ proxies: [{ to: app, as: { user: '', host: '' } }], accounts: [boss] })).toEqual(['delete']);
    expect(may({ proxies: [{ to: middle, as }], accounts: [boss] })).toBeUndefined();
  });
});
