import { Decimal128, Long, ObjectId } from 'bson';
import { afterAll, describe, expect, test } from 'vitest';
import type { Tools } from '../../../src/collectors/collector.ts';
import { countDocuments } from '../../../src/collectors/database/mongodb/counts.ts';
import { type MongoBudgets, usualBudgets } from '../../../src/collectors/database/mongodb/values.ts';
import { records } from '../../../src/collectors/database/records.ts';
import { withMongo } from '../../../src/collectors/transports/mongodb.ts';
import { records as kind } from '../../../src/evidence/database/records.ts';
import { addDays, monthOf } from '../../../src/evidence/dates.ts';
import { createMongoServers } from '../../support/mongo-server.ts';
import { auditorRole, mongoTools, worldOf } from '../../support/mongo-stores.ts';
import type { MongoCollection, MongoWorld } from '../../support/mongo-world.ts';

const servers = createMongoServers();
afterAll(() => servers.remove());

/** The records of the store `trade` of such a server, and what was said to it. */
async function observe(trade: Record<string, MongoCollection>, tables: readonly object[], world: MongoWorld = {}) {
  const server = await servers.start(worldOf({ databases: { trade }, ...world }));
  const tools = mongoTools(server, { tables });
  return { value: await collect(tools), said: server.said() };
}

async function collect(tools: Tools) {
  if (records.by !== 'calls') throw new Error('another kind of collector');
  return kind.value.parse((await records.collect('store', tools)).value);
}

/** Noon in Shanghai of so many days in a row. */
function days(first: string, count: number): Date[] {
  return Array.from({ length: count }, (_, index) => new Date(`${addDays(first, index)}T04:00:00Z`));
}

const at = { v: 2, key: { at: 1 }, name: 'at_1' };
const table = { name: 'invoices', holds: 'invoices', time: 'at' };
const year = days('2024-01-01', 366);
const months = Object.groupBy(
  year.map((date) => date.toISOString().slice(0, 10)),
  monthOf,
);
const perMonth = Object.fromEntries(Object.entries(months).map(([month, dates = []]) => [month, dates.length]));

const ways = (documents: readonly object[]): [string, MongoCollection][] => [
  ['by index', { documents, indexes: [at] }],
  ['every document', { documents }],
];

describe.each([
  ['dates', (date: Date) => date],
  ['epoch seconds', (date: Date) => Math.floor(date.getTime() / 1000)],
  ['epoch milliseconds', (date: Date) => Long.fromNumber(date.getTime())],
  ['decimals', (date: Date) => Decimal128.fromString(String(Math.floor(date.getTime() / 1000)))],
  ['text', (date: Date) => date.toISOString().slice(0, 10)],
  ['text with a zone', (date: Date) => date.toISOString()],
  ['ObjectIds', (date: Date) => ObjectId.createFromTime(date.getTime() / 1000)],
])('%s', (_, written) => {
  const documents = year.map((date, index) => ({ _id: index, at: written(date) }));

  test.each(ways(documents))('%s', async (way, collection) => {
    const { value, said } = await observe({ invoices: collection }, [table]);
    expect(value.tables).toEqual([
      {
        name: 'invoices',
        holds: 'invoices',
        counted: 'all',
        rows: 366,
        oldest: '2024-01-01',
        newest: '2024-12-31',
        months: perMonth,
        undated: 0,
        deleters: [],
        unread: [],
      },
    ]);
    expect(value).toMatchObject({ engine: 'mongodb', version: 'MongoDB 7.0.14', missing: [] });
    expect(said.filter((each) => 'hint' in each).length > 0).toBe(way === 'by index');
  });
});

const dirt = [
  ...[
    null,
    undefined,
    'gestern',
    7,
    true,
    { a: 1 },
    new Date('0001-01-01T00:00:00Z'),
    new Date('9999-12-31T00:00:00Z'),
  ],
  ...[new Date(Number.MAX_SAFE_INTEGER), new ObjectId()],
];

test.each(ways([...year, ...dirt].map((date, index) => ({ _id: index, ...(date === undefined ? {} : { at: date }) }))))(
  'what dates nothing is counted apart: %s',
  async (_, collection) => {
    const { value } = await observe({ invoices: collection }, [table]);
    expect(value.tables).toMatchObject([
      { rows: 376, undated: 10, months: perMonth, oldest: '2024-01-01', newest: '2024-12-31' },
    ]);
  },
);

test('the edge of a month is midnight in Shanghai', async () => {
  const documents = ['2024-01-31T15:59:59.999Z', '2024-01-31T16:00:00Z'].map((text, index) => ({
    _id: index,
    at: new Date(text),
  }));
  for (const [, collection] of ways(documents)) {
    const { value } = await observe({ invoices: collection }, [table]);
    expect(value.tables).toMatchObject([
      { months: { '2024-01': 1, '2024-02': 1 }, oldest: '2024-01-31', newest: '2024-02-01' },
    ]);
  }
});

test.each([
  ['of a nested field', { 'buyer.at': 1 }, 'buyer.at', (date: Date) => ({ buyer: { at: date } })],
  ['of a Chinese name', { '开票 "日期"`': -1 }, '开票 "日期"`', (date: Date) => ({ '开票 "日期"`': date })],
  ['with more fields behind', { at: -1, unit: 1 }, 'at', (date: Date) => ({ at: date })],
  ['of _id', undefined, '_id', (date: Date) => ({ _id: ObjectId.createFromTime(date.getTime() / 1000) })],
])('an index %s is used', async (_, key, time, written) => {
  const documents = year.map((date, index) => ({ _id: index, ...written(date) }));
  const indexes = key ? [{ v: 2, key, name: 'named $x.y' }] : [];
  const { value, said } = await observe({ '发票 $.«x»': { documents, indexes } }, [
    { ...table, name: '发票 $.«x»', time },
  ]);
  expect(value.tables).toMatchObject([{ counted: 'all', months: perMonth, undated: 0 }]);
  expect(said.flatMap((each) => ('hint' in each ? [each.hint] : []))).toContain(key ? 'named $x.y' : '_id_');
});

test.each([
  ['sparse', { ...at, sparse: true }, {}],
  ['partial', { ...at, partialFilterExpression: { unit: 'x' } }, {}],
  ['hidden', { ...at, hidden: true }, {}],
  ['hashed', { ...at, key: { at: 'hashed' } }, {}],
  ['of another first field', { ...at, key: { unit: 1, at: 1 } }, {}],
  ['with a collation', { ...at, collation: { locale: 'zh' } }, {}],
  ['of a collection with a collation', at, { collation: { locale: 'zh' } }],
])('an index that is %s is not', async (_, index, options) => {
  const documents = year.map((date, id) => ({ _id: id, at: date }));
  const { value, said } = await observe({ invoices: { documents, indexes: [index], options } }, [table]);
  expect(value.tables).toMatchObject([{ counted: 'all', months: perMonth }]);
  expect(said.some((each) => 'hint' in each)).toBe(false);
});

test('an index with arrays in it would count a document twice: it is not used', async () => {
  const documents = [...year.map((date, id) => ({ _id: id, at: date })), { _id: 'x', at: [year[0], year[40]] }];
  const { value } = await observe({ invoices: { documents, indexes: [at] } }, [table]);
  expect(value.tables).toMatchObject([{ rows: 367, undated: 1, months: perMonth }]);
});

test.each<[string, MongoWorld]>([
  ['4.4', { version: '4.4.29' }],
  ['7.0', {}],
  ['a router', { hello: { msg: 'isdbgrid' } }],
])('the plan of %s is understood', async (_, world) => {
  const documents = year.map((date, id) => ({ _id: id, at: date }));
  const { said } = await observe({ invoices: { documents, indexes: [at] } }, [table], world);
  expect(said.some((each) => 'explain' in each)).toBe(true);
  expect(said.filter((each) => 'aggregate' in each && 'hint' in each).length).toBeGreaterThan(12);
});

describe('of a huge collection', () => {
  const documents = year.map((date, id) => ({ _id: id, at: date }));
  const stats = { count: 400_000_000, size: 400_000_000 * 500 };

  test('each month is counted up to a cap by the index', async () => {
    const { value, said } = await observe({ invoices: { documents, indexes: [at], stats } }, [table]);
    expect(value.tables).toMatchObject([
      { counted: 'capped', cap: 153_846, rows: 400_000_000, months: perMonth, estimates: {} },
    ]);
    const counts = said.filter((each) => JSON.stringify(each.pipeline ?? '').includes('$count'));
    expect(counts.every((each) => JSON.stringify(each.pipeline).includes('"$limit":'))).toBe(true);
  });

  test('a month at the cap is estimated by what the others leave', async () => {
    const found = await counts(
      { documents, indexes: [at], stats: { count: 700, size: 7e9 } },
      { exact: 350, leastCap: 30 },
    );
    expect(found).toMatchObject({ counted: 'capped', cap: 30, months: { '2024-01': 30, '2024-02': 29 } });
    expect(found?.estimates?.['2024-01']).toBe(Math.round((700 - 29) / 11));
    expect(Object.keys(found?.estimates ?? {})).not.toContain('2024-02');
  });

  test('without an index there is a sample, and no scan', async () => {
    const { value, said } = await observe({ invoices: { documents, stats } }, [table]);
    expect(value.tables).toMatchObject([{ counted: 'sample', rows: 400_000_000 }]);
    const stages = said.flatMap((each) => ('aggregate' in each ? Object.keys(each.pipeline[0]) : []));
    expect(stages).toEqual(['$collStats', '$sample', '$sample']);
    expect(
      said.every((each) => !('aggregate' in each) || each.allowDiskUse === false || '$collStats' in each.pipeline[0]),
    ).toBe(true);
  });

  test('of few huge documents no more are sampled than the server finds without sorting all', async () => {
    const few = { count: 1000, size: 40e9 };
    const { said } = await observe({ invoices: { documents, stats: few } }, [table]);
    expect(said.flatMap((each) => each.pipeline?.[0]?.$sample?.size ?? [])).toEqual([49, 49]);
  });

  async function counts(collection: MongoCollection, budgets: Partial<MongoBudgets>) {
    const server = await servers.start(worldOf({ databases: { trade: { invoices: collection } } }));
    const tools = mongoTools(server);
    const [store] = tools.platform.stores;
    if (store?.engine !== 'mongodb') throw new Error('no such store');
    const { count = 0, size = 0 } = collection.stats ?? {};
    return withMongo(store, tools, (session) =>
      countDocuments({
        session,
        database: 'trade',
        name: 'invoices',
        time: 'at',
        timeZone: 'Asia/Shanghai',
        documents: count,
        bytes: size,
        index: { ...at, partialFilterExpression: undefined, collation: undefined },
        isTimeSeries: false,
        budgets: { ...usualBudgets, ...budgets },
      }),
    );
  }
});

test('a time-series collection is counted by its time, up to a cap', async () => {
  const documents = year.map((date) => ({ at: date }));
  const options = { timeseries: { timeField: 'at' }, expireAfterSeconds: Long.fromNumber(86_400 * 400) };
  const { value } = await observe({ invoices: { type: 'timeseries', documents, options } }, [table]);
  expect(value.tables).toMatchObject([
    {
      counted: 'capped',
      months: perMonth,
      deleters: [{ kind: 'ttl', name: 'invoices', keeps: { months: 0, days: 400 } }],
    },
  ]);
});

test.each<[string, MongoCollection, object[]]>([
  [
    'a time to live of its own time',
    { indexes: [{ ...at, expireAfterSeconds: 94_694_400 }] },
    [{ kind: 'ttl', name: 'at_1', definition: 'expireAfterSeconds: 94694400 (at)', keeps: { months: 0, days: 1096 } }],
  ],
  [
    'one of another time',
    { indexes: [{ v: 2, key: { 'x.expires': 1 }, name: 'x', expireAfterSeconds: 0 }] },
    [{ kind: 'ttl', name: 'x', definition: 'expireAfterSeconds: 0 (x.expires)' }],
  ],
  [
    'one that is no number',
    { indexes: [{ ...at, expireAfterSeconds: Number.NaN }] },
    [{ kind: 'ttl', name: 'at_1', definition: 'expireAfterSeconds: NaN (at)', keeps: { months: 0, days: 0 } }],
  ],
  [
    'a capped collection',
    { options: { capped: true, size: Long.fromNumber(1_048_576), max: 5000 } },
    [{ kind: 'capped', name: 'invoices', definition: 'capped: size 1048576 bytes, max 5000 documents' }],
  ],
  [
    'a clustered collection that expires',
    { options: { clusteredIndex: { key: { _id: 1 } }, expireAfterSeconds: 60 } },
    [{ kind: 'ttl', name: 'invoices', definition: 'expireAfterSeconds: 60 (_id)' }],
  ],
  ['nothing', { indexes: [at] }, []],
])('what deletes: %s', async (_, collection, deleters) => {
  const documents = year.map((date, id) => ({ _id: id, at: date }));
  const { value } = await observe({ invoices: { documents, ...collection } }, [table]);
  expect(value.tables[0]?.deleters).toEqual(deleters);
});

test('what cannot be counted is named, and the others go on', async () => {
  const documents = year.map((date, id) => ({ _id: id, at: date, note: 'x' }));
  const trade = {
    invoices: { documents, indexes: [at] },
    shown: { type: 'view', options: { viewOn: 'invoices' } },
    slow: { isSlow: true },
  };
  const holds = { holds: 'other', time: 'at' };
  const { value } = await observe(trade, [
    { ...holds, name: 'shown' },
    { ...holds, name: 'nowhere' },
    { ...holds, name: 'invoices', time: 'note' },
    { ...holds, name: 'orders', schema: 'secret' },
    table,
  ]);
  expect(value.missing.map(({ name, problem }) => [name, problem])).toEqual([
    ['shown', 'not-a-table'],
    ['nowhere', 'not-found'],
    ['invoices', 'no-time'],
    ['secret.orders', 'denied'],
  ]);
  expect(value.tables).toMatchObject([{ name: 'invoices', rows: 366 }]);
});

test('an empty collection has no record, and one without indexes to be seen leaves open what deletes', async () => {
  const { value } = await observe({ invoices: { documents: [] } }, [table], {
    roles: {
      'leqiAudit@admin': auditorRole.map((each) => ({
        ...each,
        actions: each.actions.filter((action) => action !== 'listIndexes'),
      })),
    },
  });
  expect(value.tables).toEqual([
    {
      name: 'invoices',
      holds: 'invoices',
      counted: 'all',
      rows: 0,
      months: {},
      undated: 0,
      deleters: [],
      unread: ['listIndexes'],
    },
  ]);
});

test.each(['at.', '.at', 'a..b', '$where', 'a.$b', ''])(
  'the field path "%s" is no field of a platform file',
  (time) => {
    expect(() => mongoTools({ port: 1 }, { tables: [{ ...table, time }] })).toThrow(/time/);
  },
);

test.each<[string, MongoWorld, RegExp]>([
  [
    'an account that can write',
    {
      roles: {
        'leqiAudit@admin': [...auditorRole, { resource: { db: 'trade', collection: '' }, actions: ['find', 'update'] }],
      },
    },
    /update ON trade\.\*/,
  ],
  ['a server where privileges bind nobody', { isOpen: true }, /authorization is off/],
])('%s is turned away, unless the platform file lets it', async (_, world, says) => {
  const server = await servers.start(worldOf({ databases: { trade: {} }, ...world }));
  await expect(collect(mongoTools(server))).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(says),
  });
  expect(server.said().some((each) => 'aggregate' in each)).toBe(false);
  expect(await collect(mongoTools(server, { mayWrite: true }))).toMatchObject({ engine: 'mongodb' });
});
