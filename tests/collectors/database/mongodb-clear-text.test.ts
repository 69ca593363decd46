import { Binary, Long } from 'bson';
import { afterAll, expect, test } from 'vitest';
import { clearText } from '../../../src/collectors/database/clear-text.ts';
import { eachField } from '../../../src/collectors/database/mongodb/fields.ts';
import { clearText as kind } from '../../../src/evidence/database/clear-text.ts';
import { createMongoServers } from '../../support/mongo-server.ts';
import { mongoTools, worldOf } from '../../support/mongo-stores.ts';
import type { MongoCollection, MongoWorld } from '../../support/mongo-world.ts';
import { createNumbers } from '../../support/person-numbers.ts';

const servers = createMongoServers();
afterAll(() => servers.remove());

const seed = Math.floor(Math.random() * 1e9);
const made = createNumbers(seed);

async function observe(trade: Record<string, MongoCollection>, parts: object = {}, world: MongoWorld = {}) {
  const server = await servers.start(worldOf({ databases: { trade }, ...world }));
  if (clearText.by !== 'calls') throw new Error('another kind of collector');
  const { value } = await clearText.collect('store', mongoTools(server, { ...parts }));
  return { value: kind.value.parse(value), said: server.said() };
}

test(`numbers are found wherever they lie, and nothing of them leaves (seed ${seed})`, async () => {
  const canaries: string[] = [];
  const planted = (value: string): string => {
    canaries.push(value);
    return value;
  };
  const documents = Array.from({ length: 300 }, (_, index) => ({
    _id: index,
    '身份证 "号"': planted(made.identityNumber()),
    card: Long.fromString(planted(made.bankCard())),
    buyer: { contact: { phone: planted(made.mobile()) }, name: planted(made.name()) },
    lines: [{ note: '无' }, { note: `付款人 ${planted(made.identityNumber())}` }],
    raw: new Binary(Buffer.from(`ID:${planted(made.identityNumber())};`)),
    long: `${'长'.repeat(200)}${planted(made.identityNumber())}${'长'.repeat(200)}`,
    'a.b': planted(made.identityNumber()),
    $c: planted(made.identityNumber()),
    byPerson: { [planted(made.identityNumber())]: { paid: 1 } },
    byName: { [planted(made.name())]: { card: planted(made.bankCard()) } },
    masked: `${made.mobile().slice(0, 3)}****${made.digits(4)}`,
    amount: index + 0.25,
    at: new Date(),
  }));
  const { value } = await observe({ invoices: { documents } });
  const [table] = value.tables;
  const found = (table?.numbers ?? [])
    .filter(({ valid, candidates }) => valid === candidates && valid > 20)
    .map(({ column, kind: of }) => `${column}: ${of}`);
  expect(found.toSorted()).toEqual(
    [
      '$c: identity-number',
      'a.b: identity-number',
      'buyer.contact.phone: mobile',
      'byName.*.card: bank-card',
      'byPerson.*: identity-number',
      'card: bank-card',
      'lines.note: identity-number',
      'long: identity-number',
      'raw: identity-number',
      '身份证 "号": identity-number',
    ].toSorted(),
  );
  expect(table).toMatchObject({
    name: 'invoices',
    holds: 'invoices',
    sampling: 'all',
    rows: 300,
    names: ['buyer.name', 'byName.*'],
  });
  expect(table?.protected).toEqual([{ column: 'masked', how: 'masked' }]);
  expect(value).toMatchObject({ engine: 'mongodb', unread: [], beyond: 0, seesAll: true });
  const said = JSON.stringify(value);
  expect(canaries.filter((canary) => said.includes(canary))).toEqual([]);
});

test('of a large collection there is a random sample; declared ones are named, views and what is denied too', async () => {
  const documents = Array.from({ length: 3000 }, (_, index) => ({ _id: index, note: 'x' }));
  const tables = ['invoices', 'shown', 'nowhere'].map((name) => ({ name, holds: 'other', time: 'at' }));
  const { value, said } = await observe(
    {
      invoices: { documents, stats: { count: 5_000_000, size: 5e9 } },
      other: { documents: [] },
      secret: {},
      shown: { type: 'view' },
      hidden: { type: 'view' },
      'system.views': {},
    },
    { tables },
    {
      roles: {
        'leqiAudit@admin': [
          { resource: { db: 'trade', collection: 'invoices' }, actions: ['find', 'collStats'] },
          { resource: { db: 'trade', collection: 'other' }, actions: ['find', 'collStats'] },
          { resource: { db: 'trade', collection: '' }, actions: ['listCollections'] },
        ],
      },
    },
  );
  expect(value.tables).toMatchObject([
    { name: 'invoices', sampling: 'random', rows: 2000 },
    { name: 'other', sampling: 'all', rows: 0 },
  ]);
  expect(value.unread).toEqual([
    { table: 'shown', why: 'view' },
    { table: 'nowhere', why: 'missing' },
    { table: 'secret', why: 'denied' },
  ]);
  expect(value.seesAll).toBe(false);
  expect(said.every((each) => Object.keys(each)[0] !== 'find' && !JSON.stringify(each).includes('$out'))).toBe(true);
});

test.each<[string, object[], string[]]>([
  [
    'names of fields that begin like names of persons',
    [{ 金额: '1', 单价: '1', 备注: { 数量: '1' } }],
    ['金额', '单价', '备注.数量'],
  ],
  ['a map by names of persons', [{ 张三: '1', 李四: '1' }].map((people) => ({ people })), ['people.*']],
  ['a map at the top, by numbers', [{ '13800138000': '1', a: '1' }], ['*', 'a']],
  [
    'a map by what there is no end of',
    Array.from({ length: 400 }, (_, index) => ({ m: { [`k${String.fromCharCode(97 + (index % 26))}${index}`]: '1' } })),
    ['m.*'],
  ],
  ['arrays in arrays', [{ a: [[{ b: '1' }], ['2']] }], ['a', 'a.b']],
  [
    'what lies very deep',
    [Array.from({ length: 30 }).reduce<object>((below) => ({ d: below }), { d: '1' })],
    [Array.from({ length: 20 }, () => 'd').join('.')],
  ],
])('%s', (_, documents, paths) => {
  const found = new Set<string>();
  eachField(documents, (path) => void found.add(path));
  expect([...found].toSorted()).toEqual(paths.toSorted());
});

test('fields beyond number are looked at together', async () => {
  const documents = Array.from({ length: 10 }, (_, row) => ({
    ...Object.fromEntries(
      Array.from({ length: 29 }, (_, part) => [
        `p${part}`,
        Object.fromEntries(
          Array.from({ length: 29 }, (_, field) => [`f${field}`, row === 0 ? made.identityNumber() : '-']),
        ),
      ]),
    ),
  }));
  const { value } = await observe({ invoices: { documents } });
  expect(value.tables[0]?.columns).toBe(501);
  const numbers = value.tables[0]?.numbers.filter(({ kind: of }) => of === 'identity-number') ?? [];
  expect(numbers.reduce((sum, { valid }) => sum + valid, 0)).toBe(29 * 29);
});
