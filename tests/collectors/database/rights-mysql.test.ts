import { describe, expect, test } from 'vitest';
import {
  accountsOf,
  everybodyMay,
  type GrantTables,
  type Target,
} from '../../../src/collectors/database/rights/grants-mysql.ts';

const target: Target = { name: 'invoices', database: 'trade', table: 'invoices' };
const none: GrantTables = { accounts: [], databases: [], tables: [], roles: [], routines: [], routineGrants: [] };
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
