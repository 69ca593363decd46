import { describe, expect, test } from 'vitest';
import { isAskable, originsOf, portOf, reachedStores, serverStores, tableName } from '../src/platform-stores.ts';
import { platformOf } from './support/tools.ts';

const trades = { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id' } };
const fees = { name: 'fees', holds: 'payments', time: 'at' };
const invoices = { name: 'invoices', holds: 'invoices', time: 'at', columns: { number: 'id' } };

const storesOf = (table: object, more: object[] = [], name = 'a') =>
  platformOf({
    stores: [
      { name, engine: 'sqlite', path: 'a', tables: [{ ...invoices, ...table }, trades, fees] },
      { name: 'b', engine: 'sqlite', path: 'b', tables: [trades, ...more] },
    ],
  }).stores;

function originNames(table: object): string[] {
  const stores = storesOf(table, [{ ...fees, schema: 'x' }]);
  const [store] = stores;
  const [first] = store?.tables ?? [];
  if (!store || !first) throw new Error('no table');
  return originsOf(stores, { store, table: first }).map((each) => `${each.store.name}/${tableName(each.table)}`);
}

test('a purge of a table that is not declared is refused, for nobody would look at it', () => {
  const stores = (table: string) => [
    {
      name: 'a',
      engine: 'sqlite',
      path: 'a',
      tables: [{ ...trades, schema: 'x' }],
      purges: [{ name: 'nightly', table, keepsMonths: 1 }],
    },
  ];
  expect(() => platformOf({ stores: stores('trade') })).toThrow(/is no table that the store declares/);
  for (const table of ['trades', 'x.trades']) expect(platformOf({ stores: stores(table) }).stores).toHaveLength(1);
});

describe('a server’s store', () => {
  const server = { name: 'a', engine: 'postgresql', database: 'd', tables: [trades] };
  const login = { ...server, address: '127.0.0.1', user: 'u', password: 'prompt' };
  const hosts = [
    { name: 'by-ssh', address: '127.0.0.1', transport: 'ssh' },
    { name: 'by-hand', address: '127.0.0.2', transport: 'script' },
  ];
  const jumpHosts = [{ name: 'bastion', address: '127.0.0.3' }];

  test.each([
    ['over a connection', login],
    ['over a connection, said so', { ...login, via: 'connection' }],
    ['by a script, without a login', { ...server, via: 'script' }],
    ['through a host', { ...login, through: 'by-ssh' }],
    ['through a jump host', { ...login, through: 'bastion' }],
    ['of MongoDB through a jump host', { ...login, engine: 'mongodb', through: 'bastion' }],
  ])('%s', (_, store) => {
    expect(platformOf({ stores: [store], hosts, jumpHosts }).stores).toMatchObject([store]);
  });

  test.each<[string, object, RegExp]>([
    ['a login for a script', { ...login, via: 'script' }, /address/],
    ['no login for a connection', server, /address/],
    ['a way that is not declared', { ...login, through: 'gone' }, /no host or jump host named \\?"gone/],
    ['a way by a host without SSH', { ...login, through: 'by-hand' }, /must have transport: ssh/],
    ['a script for MongoDB', { ...server, engine: 'mongodb', via: 'script' }, /via/],
    [
      'a way for MongoDB that is not declared',
      { ...login, engine: 'mongodb', through: 'gone' },
      /no host or jump host/,
    ],
    ['a way for a script', { ...server, via: 'script', through: 'bastion' }, /through/],
  ])('%s is refused', (_, store, says) => {
    expect(() => platformOf({ stores: [store], hosts, jumpHosts })).toThrow(says);
  });
});

describe('the tables that invoices come from', () => {
  test.each<[string, object, string[]]>([
    ['those of the same store', {}, ['a/trades']],
    ['of the same store by name', { of: ['fees', 'trades'] }, ['a/fees', 'a/trades']],
    ['of another store', { of: ['b/trades'] }, ['b/trades']],
    ['with a schema', { of: ['b/x.fees', 'trades', 'trades'] }, ['b/x.fees', 'a/trades']],
  ])('%s', (_, table, expected) => {
    expect(originNames(table)).toEqual(expected);
  });

  test.each<[string, object, RegExp]>([
    ['a table that is not declared', { of: ['trades', 'c/trades'] }, /names a table that is not declared/],
    ['a table of another kind', { of: ['invoices'] }, /must hold transactions/],
    ['void without a status', { void: ['作废'] }, /goes with columns\.status/],
    ['an upload longer than a month', { uploadWithin: 745 }, /744/],
  ])('%s is refused', (_, table, says) => {
    expect(() => storesOf(table)).toThrow(says);
  });
});

test('a MongoDB store is reached at its own port by an account of admin, and is not asked in SQL', () => {
  const tables = [{ name: '发票 $.x', holds: 'invoices', time: 'head.issued at' }];
  const place = { address: '127.0.0.1', database: 'trade', user: 'u', password: 'prompt', tables };
  const { stores } = platformOf({
    stores: [
      { name: 'm', engine: 'mongodb', ...place },
      { name: 'p', engine: 'postgresql', ...place },
    ],
  });
  expect(stores).toMatchObject([{ authDatabase: 'admin', tls: 'verified', mayWrite: false }, {}]);
  expect(reachedStores(stores).map(portOf)).toEqual([27_017, 5432]);
  expect(serverStores(stores).map(({ name }) => name)).toEqual(['p']);
  // No script is printed for it.
  expect(stores.filter(isAskable).map(({ name }) => name)).toEqual(['p']);
});
