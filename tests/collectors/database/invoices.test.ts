import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoices } from '../../../src/evidence/database/invoices.ts';
import { createTradeStores, type TradeEngine, tradeEngines } from '../../support/trade-stores.ts';

// Real servers and a SQLite file; what is planted is named beside what must be found.

const world = createTradeStores();
const now = new Date('2026-03-10T04:00:00Z');
const unit = '91350100M000100Y43';

beforeAll(() => world.start(), 120_000);
afterAll(() => world.remove());

const quote = (engine: TradeEngine, name: string): string =>
  engine === 'mariadb' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;

const hostile = '发票 "a`b';

function table(
  engine: TradeEngine,
  name: string,
  columns: string,
  rows: readonly (string | number | null)[][],
): string {
  const cells = rows.map(
    (row) =>
      `(${row.map((cell) => (cell === null ? 'NULL' : typeof cell === 'number' ? cell : `'${cell}'`)).join(',')})`,
  );
  return `CREATE TABLE ${quote(engine, name)} (${columns}); INSERT INTO ${quote(engine, name)} VALUES ${cells.join(',')};`;
}

async function only(stores: readonly object[], timeZone?: string): Promise<Invoices['tables'][number]> {
  const [found] = (await world.observe(stores, now, timeZone)).tables;
  if (!found) throw new Error('no table');
  return found;
}

describe.each(tradeEngines)('%s', (engine) => {
  const text = engine === 'mariadb' ? 'varchar(60)' : 'text';
  const time = { postgresql: 'timestamp', mariadb: 'datetime', sqlite: 'text' }[engine];
  const q = (name: string): string => quote(engine, name);

  test('what is planted is found, and no value leaves', async () => {
    world.fill(
      engine,
      `planted-${engine}`,
      table(engine, '交易', `${q('流水"号')} ${text} PRIMARY KEY, at ${time}, total numeric(20,6)`, [
        ['T1', '2026-01-31 23:59:59', '100.10'],
        ['T2', '2026-02-01 00:00:00', '200.02'],
        ['T3', '2026-02-02 10:00:00', '300'],
        ['T4', '2026-02-03 10:00:00', '400'],
        ['T5', '2026-02-03 10:00:00', '500'],
        ['a6', '2026-02-03 10:00:00', '600'],
        ['T7', '2026-02-03 10:00:00', '700'],
        ['007', '2026-02-03 10:00:00', '7'],
      ]) +
        table(
          engine,
          hostile,
          `no_ ${text}, trade ${text}, at ${time}, total numeric(20,6), seller ${text}, done ${time}, state ${text}, origin_no ${text}`,
          [
            ['N1', 'T1', '2026-01-31 23:59:59', '100.1', unit, '2026-02-01 00:59:59', 'ok', null],
            ['N2', 'T2', '2026-02-01 00:00:00', '200.01', unit, '2026-02-02 00:00:00', 'ok', null],
            // In parts, in two months.
            ['N3', 'T3', '2026-01-05 10:00:00', '100', unit, '2026-01-05 09:59:59', 'ok', null],
            ['N4', 'T3', '2026-02-05 10:00:00', '200', unit, '2026-02-07 10:00:01', 'ok', ''],
            // Twice, in two months.
            ['N5', 'T4', '2026-01-06 10:00:00', '400', unit, null, 'ok', null],
            ['N6', 'T4', '2026-02-06 10:00:00', '400', unit, '2026-02-06 10:00:00', 'ok', null],
            // Undone, and issued anew.
            ['N7', 'T5', '2026-02-07 10:00:00', '500', unit, '2026-02-07 10:00:00', 'ok', null],
            ['N8', null, '2026-02-08 10:00:00', '-500', unit, '2026-02-08 10:00:00', 'ok', 'N7'],
            ['N9', '  ', '2026-02-08 11:00:00', '-500', unit, '2026-02-08 11:00:00', 'ok', 'CANARY-NONE'],
            // Another letter case, a trailing blank, a number without its zeros: other keys.
            ['N10', 'A6', '2026-02-09 10:00:00', '600', unit, '2026-02-09 10:00:00', 'ok', null],
            ['N11', 'T7 ', '2026-02-09 10:00:00', '700', unit, '2026-02-09 10:00:00', 'ok', null],
            ['N12', '7', '2026-02-09 10:00:00', '7', unit, '2026-02-09 10:00:00', 'ok', null],
            [
              'CANARY-ORPHAN',
              'CANARY-KEY',
              '2026-02-10 10:00:00',
              '8',
              '110101199003078515',
              '2026-02-10 10:00:00',
              'ok',
              null,
            ],
            ['N13', 'CANARY-VOID', '2026-02-10 10:00:00', '9', unit, null, '作废', null],
            ['N1', 'T1', '2026-02-11 10:00:00', '0', 'canary-seller', '2026-02-11 10:00:00', 'ok', null],
            [null, null, '2026-02-12 10:00:00', '1', null, '2026-02-12 10:00:00', 'ok', null],
            ['N14', 'T7', '2024-01-01 10:00:00', '700', unit, '2026-02-12 10:00:00', 'ok', null],
            ['N15', 'T7', null, '700', unit, '2026-02-12 10:00:00', 'ok', null],
            ['N16', 'T7', '2031-01-01 00:00:00', '0', unit, '2026-02-12 10:00:00', 'ok', null],
          ],
        ),
    );
    const found = await only([
      world.store(engine, `planted-${engine}`, [
        { name: '交易', holds: 'transactions', time: 'at', columns: { number: '流水"号', amount: 'total' } },
        {
          name: hostile,
          holds: 'invoices',
          time: 'at',
          columns: {
            number: 'no_',
            transaction: 'trade',
            amount: 'total',
            unit: 'seller',
            uploaded: 'done',
            status: 'state',
            corrects: 'origin_no',
          },
          void: ['作废'],
          uploadWithin: 24,
        },
      ]),
    ]);
    const none = {
      void: 0,
      red: 0,
      numberless: 0,
      keyless: 0,
      unlike: 0,
      above: 0,
      below: 0,
      uncompared: 0,
      untraced: 0,
    };
    expect(found).toMatchObject({
      name: hostile,
      origins: ['trade/交易'],
      link: 'transaction',
      undated: 2,
      duplicates: 1,
      months: {
        '2026-01': { ...none, rows: 3, traced: 3, agree: 2, above: 1 },
        '2026-02': {
          ...none,
          rows: 13,
          void: 1,
          red: 2,
          numberless: 1,
          // N2 N4 N6 N7 N8 and the second N1.
          traced: 6,
          agree: 3,
          above: 1,
          below: 1,
          // N9 and the one without a number; A6, "T7 ", 7 and the orphan.
          untraced: 6,
          keyless: 2,
          // MariaDB takes them for the same.
          unlike: engine === 'mariadb' ? 2 : 0,
        },
      },
      issuers: { units: [[unit, 13, '2026-01-05', '2026-02-10', 2]], none: 1 },
      uploads: {
        slack: 0,
        within: 24,
        months: { '2026-01': { done: { 1: 1 }, open: { 745: 1 }, negative: 1, unread: 0 } },
      },
    });
    expect(found.uploads?.months['2026-02']?.done).toEqual({ 0: 10, 24: 1, 49: 1 });
    expect(found.issuers?.others).toHaveLength(2);
    expect(found.issuers?.others.map(({ masked }) => masked).toSorted()).toEqual([
      '1****************5',
      'C***********R',
    ]);
    expect(found.examples.map(({ of }) => of).toSorted()).toEqual([
      'above',
      'above',
      'below',
      ...Array(5).fill('untraced'),
    ]);
    expect(JSON.stringify(found)).not.toMatch(/CANARY|canary|110101199003078515|T7|N1/i);
  });

  test('several transactions of one invoice, in two tables, in fen; numbers against text', async () => {
    const database = `turned-${engine}`;
    world.fill(
      engine,
      database,
      table(engine, 'orders', `invoice_no ${text}, at bigint, fen bigint`, [
        ['1', 1769875200, 10],
        ['1', 1769875200, 20],
        ['2', 1769875200, 100],
        ['03', 1769875200, 7],
        [null, 1769875200, 7],
      ]) +
        table(engine, 'fees', `invoice_no ${text}, at bigint, fen bigint`, [['2', 1769875200, 1]]) +
        table(engine, 'invoices', 'id bigint PRIMARY KEY, at bigint, yuan numeric(10,2)', [
          [1, 1769875199, '0.30'],
          [2, 1769875200, '1.01'],
          [3, 1769875201, '0.07'],
        ]),
    );
    const side = (name: string) => ({
      name,
      holds: name === 'fees' ? 'payments' : 'transactions',
      time: 'at',
      columns: { invoice: 'invoice_no', amount: 'fen' },
      amountIn: 'fen',
    });
    const found = await only([
      world.store(engine, database, [
        side('orders'),
        side('fees'),
        {
          name: 'invoices',
          holds: 'invoices',
          time: 'at',
          columns: { number: 'id', amount: 'yuan' },
          of: ['orders', 'trade/fees'],
        },
      ]),
    ]);
    expect(found).toMatchObject({
      link: 'invoice',
      origins: ['trade/orders', 'trade/fees'],
      duplicates: 0,
      undated: 0,
      // The second before midnight in Shanghai, and the one that begins the month.
      months: { '2026-01': { rows: 1, agree: 1 }, '2026-02': { rows: 2, traced: 1, agree: 1, untraced: 1 } },
    });
    expect(found.issuers).toBeUndefined();
    expect(found.uploads).toBeUndefined();
  });

  test('links between many and many', async () => {
    const database = `linked-${engine}`;
    const at = '2026-02-02 10:00:00';
    world.fill(
      engine,
      database,
      table(engine, 'trades', `id ${text} PRIMARY KEY, at ${time}, total numeric(10,2)`, [
        ['t1', at, '10'],
        ['t2', at, '20'],
        ['t3', at, '30'],
        ['t4', at, '40'],
        ['t5', at, '50'],
        ['t6', at, '60'],
      ]) +
        table(engine, 'ties', `invoice ${text}, trade ${text}`, [
          ['both', 't1'],
          ['both', 't2'],
          ['part1', 't3'],
          ['part2', 't3'],
          ['short', 't4'],
          ['lost', 't4'],
          ['lost', 'gone'],
          ['cross1', 't5'],
          ['cross1', 't6'],
          ['cross2', 't5'],
        ]) +
        table(engine, 'invoices', `no_ ${text} PRIMARY KEY, at ${time}, total numeric(10,2)`, [
          ['both', at, '30'],
          ['part1', '2026-01-02 10:00:00', '10.00'],
          ['part2', at, '20.00'],
          ['short', at, '39.99'],
          ['lost', at, '40'],
          ['cross1', at, '80'],
          ['cross2', at, '30'],
          ['free', at, '1'],
        ]),
    );
    const found = await only([
      world.store(engine, database, [
        { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } },
        {
          name: 'ties',
          holds: 'invoice-links',
          time: 'invoice',
          columns: { invoice: 'invoice', transaction: 'trade' },
        },
        { name: 'invoices', holds: 'invoices', time: 'at', columns: { number: 'no_', amount: 'total' }, of: ['ties'] },
      ]),
    ]);
    expect(found).toMatchObject({
      link: 'links',
      months: {
        '2026-01': { rows: 1, traced: 1, agree: 1 },
        // `short` shares t4 with `lost`, which has another transaction: nothing can be told of their amounts.
        '2026-02': { rows: 7, traced: 5, agree: 2, uncompared: 3, untraced: 2, keyless: 1 },
      },
    });
  });

  test('what cannot be read is said, table by table, and the others are read', async () => {
    const database = `odd-${engine}`;
    const rows = [
      ['1', '2026-02-01 00:00:00', '2026-02-01'],
      ['2', '2026-02-01 00:00:00', '1.2.2026'],
    ];
    const made = table(engine, 'invoices', `id ${text}, at ${time}, mixed ${text}`, rows);
    world.fill(
      engine,
      database,
      `${made} ${table(engine, 'both', `id ${text}, at ${time}`, [['1', '2026-02-01 00:00:00']])} CREATE VIEW seen AS SELECT * FROM ${q('invoices')};`,
    );
    const usual = { name: 'invoices', holds: 'invoices', time: 'at', columns: { number: 'id', transaction: 'id' } };
    const cases: [changes: object, expected: object][] = [
      [{ name: 'nothing' }, { unread: { reason: 'not-found' } }],
      [{ name: 'seen' }, { unread: { reason: 'not-supported' } }],
      [{ columns: { number: 'nothing' } }, { unread: { reason: 'not-found' } }],
      [{ time: 'mixed' }, { unread: { reason: 'not-supported' } }],
      [
        { name: 'both', of: ['trade/both'] },
        { unlinked: { reason: 'not-supported', detail: expect.stringMatching(/themselves/) } },
      ],
      [{}, { unlinked: { reason: 'not-declared' }, months: { '2026-02': { rows: 2, traced: 0 } }, duplicates: 0 }],
    ];
    const both = { name: 'both', holds: 'payments', time: 'at', columns: { number: 'id' } };
    const tables = [...cases.map(([changes]) => ({ ...usual, ...changes })), both];
    const found = await world.observe([world.store(engine, database, tables)], now);
    expect(found.tables).toMatchObject(cases.map(([, expected]) => expected));
  });

  test('a second before midnight in Shanghai, and midnight, however a column writes it', async () => {
    const database = `borders-${engine}`;
    const [before, after] = [1769875199, 1769875200];
    const all: [type: string, before: string | number, after: string | number][] = [
      ['bigint', before, after],
      ['bigint', before * 1000 + 999, after * 1000],
      ['numeric(20,0)', before, after],
      [time, '2026-01-31 23:59:59', '2026-02-01 00:00:00'],
      [text, '2026-01-31T15:59:59Z', '2026-01-31T16:00:00.000Z'],
      [text, '2026-01-31T20:59:59+05:00', '2026-02-01 00:00:00'],
      [text, '20260131235959', '20260201000000'],
      [text, '2026/01/31 23:59', '2026/02/01'],
      ['date', '2026-01-31', '2026-02-01'],
      ...({
        postgresql: [['timestamptz', '2026-01-31 15:59:59.999+00', '2026-02-01 00:00:00+08']],
        // The administrator’s session has the zone of the machine.
        mariadb: [['timestamp NULL', '2026-01-31 15:59:59', '2026-01-31 16:00:00']],
        sqlite: [['real', before + 0.5, after]],
      }[engine] as [string, string | number, string | number][]),
    ];
    // To SQLite several of these types are one, and each of its tables takes processes of its own.
    const columns = engine === 'sqlite' ? all.filter((_, index) => [0, 4, 7, 9].includes(index)) : all;
    const prefix = engine === 'mariadb' ? `SET time_zone = '+00:00';` : '';
    world.fill(
      engine,
      database,
      prefix +
        columns
          .map(([type, ...times], index) =>
            table(
              engine,
              `i${index}`,
              `id ${text}, at ${type}`,
              times.map((at) => ['n', at]),
            ),
          )
          .join(''),
    );
    const tables = columns.map((_, index) => ({
      name: `i${index}`,
      holds: 'invoices',
      time: 'at',
      columns: { number: 'id' },
    }));
    const found = await world.observe([world.store(engine, database, tables)], now);
    expect(
      found.tables.map(({ unread, months, undated }) => [
        unread,
        months['2026-01']?.rows,
        months['2026-02']?.rows,
        undated,
      ]),
    ).toEqual(columns.map(() => [undefined, 1, 1, 0]));
  });
});

// To SQLite each question is a process.
describe.each(['postgresql', 'mariadb'] as const)('%s, as a server', (engine) => {
  const text = engine === 'mariadb' ? 'varchar(60)' : 'text';
  const time = engine === 'mariadb' ? 'datetime' : 'timestamp';
  const plain = (name: string, columns: object, rest: object = {}) => ({
    name,
    holds: 'invoices',
    time: 'at',
    columns,
    ...rest,
  });
  const ofMonth = (found: Invoices, index = 0) => found.tables[index]?.months['2026-02'];

  test('what corrects itself, or what corrects it, has no origin by that', async () => {
    const database = `circles-${engine}`;
    const at = '2026-02-02 10:00:00';
    world.fill(
      engine,
      database,
      table(engine, 'trades', `id ${text} PRIMARY KEY, at ${time}, total numeric(10,2)`, [['t1', at, '10']]) +
        table(engine, 'invoices', `no_ ${text}, trade ${text}, at ${time}, total numeric(10,2), corrects ${text}`, [
          ['self', null, at, '10', 'self'],
          ['blue', null, at, '10', 'red'],
          ['red', null, at, '-10', 'blue'],
          ['real', 't1', at, '10', null],
          ['undo', null, at, '-10', 'real'],
        ]),
    );
    const found = await world.observe(
      [
        world.store(engine, database, [
          plain('invoices', { number: 'no_', transaction: 'trade', amount: 'total', corrects: 'corrects' }),
          { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } },
        ]),
      ],
      now,
    );
    expect(ofMonth(found)).toMatchObject({ rows: 5, traced: 2, agree: 1, untraced: 3, keyless: 3 });
  });

  test('a transaction may be invoiced in several tables: together, and copies once', async () => {
    const database = `siblings-${engine}`;
    const at = '2026-02-02 10:00:00';
    const columns = `no_ ${text}, trade ${text}, at ${time}, total numeric(10,2), corrects ${text}`;
    world.fill(
      engine,
      database,
      table(
        engine,
        'trades',
        `id ${text} PRIMARY KEY, at ${time}, total numeric(10,2)`,
        ['twice', 'parts', 'copied'].map((id) => [id, at, '10']),
      ) +
        table(engine, 'a', columns, [
          ['1', 'twice', at, '10', null],
          ['2', 'parts', at, '4', null],
          ['3', 'copied', at, '10', null],
        ]) +
        table(engine, 'b', columns, [
          ['4', 'twice', at, '10', null],
          ['5', 'parts', at, '6', null],
          ['3', 'copied', at, '10', null],
          ['6', null, at, '-4', '2'],
        ]),
    );
    const keys = { number: 'no_', transaction: 'trade', amount: 'total', corrects: 'corrects' };
    const trades = { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } };
    const both = [plain('a', keys), plain('b', keys), trades];
    const found = await world.observe([world.store(engine, database, both)], now);
    expect(ofMonth(found)).toMatchObject({ traced: 3, above: 1, agree: 2, untraced: 0 });
    expect(ofMonth(found, 1)).toMatchObject({ traced: 4, above: 1, agree: 2, untraced: 0 });
    const lacking = [plain('a', keys), plain('b', { ...keys, amount: undefined }), trades];
    const [first] = (await world.observe([world.store(engine, database, lacking)], now)).tables;
    expect(first).toMatchObject({ uncompared: 'other-tables', months: { '2026-02': { uncompared: 3 } } });
  });

  test('a table held against itself under another name of it', async () => {
    const database = `itself-${engine}`;
    world.fill(engine, database, table(engine, 'invoices', `no_ ${text}, at ${time}`, [['1', '2026-02-02 10:00:00']]));
    const schema = engine === 'postgresql' ? 'public' : database.replaceAll('-', '_');
    const again = { name: 'invoices', holds: 'transactions', time: 'at', columns: { number: 'no_' }, schema };
    const own = plain('invoices', { number: 'no_', transaction: 'no_' }, { of: [`other/${schema}.invoices`] });
    const found = await world.observe(
      [world.store(engine, database, [own]), world.store(engine, database, [again], 'other')],
      now,
    );
    expect(found.tables[0]).toMatchObject({ unlinked: { reason: 'not-supported' } });
  });

  test('floats agree by what they mean, or are not compared', async () => {
    const database = `floats-${engine}`;
    const at = '2026-02-02 10:00:00';
    const double = engine === 'postgresql' ? 'float8' : 'double';
    world.fill(
      engine,
      database,
      table(engine, 'trades', `id ${text} PRIMARY KEY, at ${time}, total numeric(10,2)`, [['t', at, '12345.67']]) +
        table(engine, 'doubles', `no_ ${text}, trade ${text}, at ${time}, total ${double}`, [
          ['1', 't', at, 12345.670000000002],
        ]) +
        table(
          engine,
          'singles',
          `no_ ${text}, trade ${text}, at ${time}, total ${engine === 'postgresql' ? 'real' : 'float'}`,
          [['1', 't', at, 12345.67]],
        ),
    );
    const keys = { number: 'no_', transaction: 'trade', amount: 'total' };
    const trades = { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } };
    const of = async (name: string) =>
      (await world.observe([world.store(engine, database, [plain(name, keys), trades])], now)).tables[0];
    expect((await of('doubles'))?.months['2026-02']).toMatchObject({ agree: 1 });
    expect(await of('singles')).toMatchObject({ uncompared: 'not-exact' });
  });

  test('a column of times that is only ever midnight holds dates', async () => {
    const database = `midnights-${engine}`;
    const columns = `no_ ${text}, at ${time}, done ${time}`;
    world.fill(
      engine,
      database,
      table(engine, 'dates', columns, [
        ['1', '2026-02-01 00:00:00', '2026-02-02 10:00:00'],
        ['2', '2026-02-02 00:00:00', '2026-02-02 11:00:00'],
      ]) + table(engine, 'times', columns, [['1', '2026-02-01 00:00:01', '2026-02-02 10:00:00']]),
    );
    const keys = { number: 'no_', uploaded: 'done' };
    const rest = { uploadWithin: 24 };
    const found = await world.observe(
      [world.store(engine, database, [plain('dates', keys, rest), plain('times', keys, rest)])],
      now,
    );
    expect(found.tables.map(({ uploads }) => uploads?.slack)).toEqual([24, 0]);
    // A column without an index is sorted by nobody.
    expect(world.log(engine)).not.toMatch(/ORDER BY (?:"|\\?`)done/);
    expect(world.log(engine)).toMatch(/ORDER BY (?:"|`)at(?:"|`) DESC/);
  });
});

describe('two stores', () => {
  const invoiceTable = {
    name: 'invoices',
    holds: 'invoices',
    time: 'at',
    columns: { number: 'id', transaction: 'trade', amount: 'total' },
    of: ['other/trades'],
  };
  const tradeTable = { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } };

  test.each([
    ['postgresql', 'mariadb'],
    ['mariadb', 'postgresql'],
    ['mariadb', 'sqlite'],
    ['sqlite', 'postgresql'],
  ] as const)(
    'invoices in %s, transactions in %s: keys as numbers on one side and as text on the other',
    async (one, other) => {
      const database = `two-${one}-${other}`;
      world.fill(
        one,
        `${database}-i`,
        table(one, 'invoices', 'id char(8), trade varchar(30), at bigint, total numeric(30,12)', [
          ['a', '9007199254740993', 1769875200, '12345678901234.000001'],
          ['b', '9007199254740992', 1769875200, '1'],
          ['c', '007', 1769875200, '7'],
          ['d', '8', 1769875200, '8.000000000001'],
        ]),
      );
      world.fill(
        other,
        `${database}-t`,
        table(other, 'trades', 'id bigint PRIMARY KEY, at bigint, total numeric(30,12)', [
          [BigInt('9007199254740993') as unknown as number, 1769875200, '12345678901234.000001'],
          [7, 1769875200, '7'],
          [8, 1769875200, '8'],
        ]),
      );
      const found = await only([
        world.store(one, `${database}-i`, [invoiceTable]),
        world.store(other, `${database}-t`, [tradeTable], 'other'),
      ]);
      const unlike = other === 'sqlite' ? 0 : 1;
      // SQLite keeps a decimal as a float.
      const exact = one === 'sqlite' || other === 'sqlite' ? {} : { agree: 1, above: 1 };
      expect(found.months['2026-02']).toMatchObject({ rows: 4, traced: 2, untraced: 2, unlike, ...exact });
    },
  );

  test('the other store cannot be opened: who issued is seen all the same', async () => {
    world.fill(
      'postgresql',
      'alone',
      table('postgresql', 'invoices', 'id text, trade text, at timestamptz, total numeric, seller text', [
        ['a', 't', '2026-02-01', '1', unit],
      ]),
    );
    const [found] = (
      await world.observe(
        [
          world.store('postgresql', 'alone', [
            { ...invoiceTable, columns: { ...invoiceTable.columns, unit: 'seller' } },
          ]),
          world.store('postgresql', 'nothing', [tradeTable], 'other'),
        ],
        now,
      )
    ).tables;
    expect(found).toMatchObject({
      unlinked: { reason: 'not-found', detail: '3D000' },
      issuers: { units: [[unit, 1, '2026-02-01', '2026-02-01', 0]] },
    });
  });
});

test('PostgreSQL: a partitioned table is one table, its index that of every partition', async () => {
  const parts = [
    ['2026-01-01', '2026-02-01'],
    ['2026-02-01', '2026-03-01'],
  ].map(
    ([from, until], index) =>
      `CREATE TABLE p${index} PARTITION OF invoices FOR VALUES FROM ('${from}') TO ('${until}');`,
  );
  world.fill(
    'postgresql',
    'partitioned',
    `CREATE DOMAIN numbers AS varchar(30); CREATE TABLE trades (id numbers PRIMARY KEY, at date);
     CREATE TABLE invoices (id numbers, trade char(4), at date) PARTITION BY RANGE (at); ${parts.join(' ')} CREATE INDEX ON invoices (at);
     INSERT INTO trades VALUES ('t1', '2026-01-01'); INSERT INTO invoices VALUES ('a', 't1', '2026-01-31'), ('b', 't2', '2026-02-01')`,
  );
  const found = await only([
    world.store('postgresql', 'partitioned', [
      { name: 'invoices', holds: 'invoices', time: 'at', columns: { number: 'id', transaction: 'trade' } },
      { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id' } },
    ]),
  ]);
  expect(found).toMatchObject({
    uncompared: 'no-amount',
    months: { '2026-01': { rows: 1, traced: 1 }, '2026-02': { rows: 1, untraced: 1 } },
  });
});

test('PostgreSQL: a table with children holds a number twice though its index is unique', async () => {
  world.fill(
    'postgresql',
    'children',
    `CREATE TABLE trades (id text PRIMARY KEY, at date, total numeric); CREATE TABLE invoices (id text PRIMARY KEY, trade text UNIQUE, at date, total numeric);
     CREATE TABLE older () INHERITS (invoices); INSERT INTO trades VALUES ('t', '2026-02-01', 1);
     INSERT INTO invoices VALUES ('a', 't', '2026-02-01', 1); INSERT INTO older VALUES ('a', 't', '2026-02-01', 1)`,
  );
  const found = await only([
    world.store('postgresql', 'children', [
      {
        name: 'invoices',
        holds: 'invoices',
        time: 'at',
        columns: { number: 'id', transaction: 'trade', amount: 'total' },
      },
      { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } },
    ]),
  ]);
  expect(found).toMatchObject({ duplicates: 1, months: { '2026-02': { above: 2 } } });
});

test('what the account may not read is named by the code alone; nothing is written', async () => {
  world.fill('postgresql', 'denied', table('postgresql', 'invoices', 'id text, at timestamptz', [['a', '2026-02-01']]));
  const store = {
    ...world.store('postgresql', 'denied', [
      { name: 'invoices', holds: 'invoices', time: 'at', columns: { number: 'id' } },
    ]),
    database: 'denied',
  };
  world.admin('postgresql', 'REVOKE SELECT ON invoices FROM auditor', 'denied');
  const { tables } = await world.observe([store], now);
  expect(tables[0]?.unread).toEqual({ reason: 'denied', detail: '42501' });
  const asked = [...world.log('postgresql').matchAll(/(?:execute <unnamed>|statement): ([^\n]*)/g)].map(
    ([, sql = '']) => sql,
  );
  const ours = world
    .log('mariadb')
    .split('\n')
    .flatMap((line) => line.match(/\bExecute\s+(.*)/)?.[1] ?? []);
  expect(asked.filter((sql) => /FROM "public"/.test(sql)).length).toBeGreaterThan(10);
  expect(asked.filter((sql) => /FROM "public"/.test(sql) && !/^SELECT /.test(sql))).toEqual([]);
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter((sql) => !/^\s*SELECT /.test(sql))).toEqual([]);
});
