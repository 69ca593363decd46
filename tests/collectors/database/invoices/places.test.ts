import { expect, test } from 'vitest';
import { refuseItself, siblingsOf } from '../../../../src/collectors/database/invoices/places.ts';
import type { Place } from '../../../../src/platform-stores.ts';
import { platformOf } from '../../../support/tools.ts';

const server = { engine: 'postgresql', database: 'trade', user: 'u', password: 'prompt' };
const invoices = { name: 'invoices', holds: 'invoices', time: 'at', of: ['main/orders'] };
const orders = { name: 'orders', holds: 'transactions', time: 'at' };

function placesWith(one: object, other: object): { own: Place; siblings: string[]; places: Place[] } {
  const { stores } = platformOf({
    stores: [
      { ...server, name: 'main', ...one, tables: [invoices, orders] },
      { ...server, name: 'other', ...other, tables: [invoices] },
    ],
    jumpHosts: [
      { name: 'east', address: '127.0.0.3' },
      { name: 'west', address: '127.0.0.4' },
    ],
  });
  const places = stores.flatMap((store) => store.tables.map((table): Place => ({ store, table })));
  const [own] = places;
  if (!own) throw new Error('no table');
  return { own, places, siblings: siblingsOf(stores, own).map(({ store }) => store.name) };
}

test.each([
  ['on two machines', { address: '10.0.0.1' }, { address: '10.0.0.2' }, ['other']],
  ['one server under two names of stores', { address: '10.0.0.1' }, { address: '10.0.0.1' }, []],
  ['one server, reached in two ways', { address: '10.0.0.1' }, { address: '10.0.0.1', through: 'east' }, []],
  [
    'the own server of two jump hosts',
    { address: '127.0.0.1', through: 'east' },
    { address: '127.0.0.1', through: 'west' },
    ['other'],
  ],
  [
    'the own server of one jump host',
    { address: '127.0.0.1', through: 'east' },
    { address: '127.0.0.1', through: 'east' },
    [],
  ],
])('tables of invoices beside each other: %s', (_, one, other, siblings) => {
  expect(placesWith(one, other).siblings).toEqual(siblings);
});

test('a table is not held against itself under another store’s name', () => {
  const same = placesWith({ address: '10.0.0.1' }, { address: '10.0.0.1' });
  expect(() => refuseItself(same.own, same.places.slice(2))).toThrow(/held against themselves/);
  const apart = placesWith({ address: '10.0.0.1' }, { address: '10.0.0.2' });
  expect(() => refuseItself(apart.own, apart.places.slice(2))).not.toThrow();
});
