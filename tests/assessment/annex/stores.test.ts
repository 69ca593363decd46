import { describe, expect, test } from 'vitest';
import type { Invoices } from '../../../src/evidence/database/invoices.ts';
import type { Rest } from '../../../src/evidence/database/store-encryption.ts';
import type { Volume } from '../../../src/evidence/host/volumes.ts';
import { cells, platform, show } from '../../support/annex.ts';
import { seen } from '../../support/check-tester.ts';

describe('stores, volumes, invoices and logs', () => {
  const table = { name: 'invoices', holds: 'invoices' };
  const rest: Rest = {
    tables: [{ name: 'invoices', state: 'plain', by: 'heap' }],
    parts: [],
    keys: [],
    settings: {},
  };

  test('stores as declared, with what their engines say', () => {
    const declared = platform({
      stores: [
        { name: 'ledger', engine: 'postgresql', tables: [table] },
        { name: 'old', engine: 'mysql', tables: [] },
      ],
    });
    const encryption = seen(
      'storeEncryption',
      { engine: 'postgresql', version: '16.2', wire: { tls: true, required: 'no' }, rest, unread: [] },
      { subject: 'ledger' },
    );
    expect(cells(show('stores', { platform: declared, storeEncryption: [encryption] }))).toEqual([
      [
        ['ledger', 'postgresql 16.2', 'invoices (invoices)', '数据库自身未加密', 'TLS（未强制）'],
        ['old', 'mysql', '—', '未取得', '未取得'],
      ],
    ]);
  });

  test('records that were counted; of many stores only how they are encrypted', () => {
    const whole = { counted: 'all' as const, rows: 7, oldest: '2023-01-05', newest: '2026-02-28' };
    const beside = { months: {}, undated: 0, deleters: [], unread: [] };
    const found = { engine: 'sqlite', version: '3', tables: [{ ...table, ...whole, ...beside }], missing: [] };
    const records = [seen('records', found, { subject: 's-0' })];
    const declared = (count: number) =>
      platform({
        stores: Array.from({ length: count }, (_, index) => ({
          name: `s-${index}`,
          engine: 'sqlite',
          tables: [table],
        })),
      });
    expect(cells(show('stores', { platform: declared(1), records }))[0]?.[0]?.slice(0, 3)).toEqual([
      's-0',
      'sqlite 3',
      'invoices (invoices)：7 行，2023-01-05 至 2026-02-28',
    ]);
    expect(cells(show('stores', { platform: declared(13), records }))[0]).toEqual([
      ['s-0', 'sqlite 3', '未取得', '未取得'],
      [expect.stringMatching(/^s-1、.*s-12$/), 'sqlite', '未取得', '未取得'],
    ]);
  });

  test('records that were estimated or sampled are not told as counted', () => {
    const of = { holds: 'invoices', rows: 9, oldest: '2025-01-02', newest: '2026-02-01', months: {}, undated: 0 };
    const names = ['all', 'capped', 'sample'] as const;
    const tables = names.map((name) => ({ name, counted: name, ...of, deleters: [], unread: [] }));
    const own = names.map((name) => ({ name, holds: 'invoices' }));
    const declared = platform({ stores: [{ name: 'ledger', engine: 'mysql', tables: own }] });
    const records = [seen('records', { engine: 'mysql', version: '8', tables, missing: [] }, { subject: 'ledger' })];
    const [[row = []] = []] = cells(show('stores', { platform: declared, records }));
    expect(row[2]?.split('、')).toEqual([
      'all (invoices)：9 行，2025-01-02 至 2026-02-01',
      'capped (invoices)：约 9 行，2025-01-02 至 2026-02-01',
      'sample (invoices)：约 9 行，2025-01-02 至 2026-02-01（抽样）',
    ]);
  });

  test('volumes, and that no host sees what a provider encrypts', () => {
    const volume: Volume = {
      ...{
        mountPoint: '/data',
        fileSystem: 'ext4',
        encryption: 'whole',
        by: ['LUKS2'],
        cipherUnread: false,
        devices: [],
      },
      virtualDisk: true,
    };
    const data = [
      { path: '/data/db', of: 'ledger', volumes: [volume] },
      { path: '/gone', problem: 'missing' as const, volumes: [] },
    ];
    const found = seen('volumes', { data, swap: [], unread: [] }, { subject: 'web' });
    expect(cells(show('volumes', { volumes: [found] }))).toEqual([
      [
        ['web (ledger)', '/data/db', '/data 全部加密（LUKS2）', '虚拟磁盘，提供方是否加密从主机上看不到'],
        ['web', '/gone', '未取得', '—'],
      ],
    ]);
  });

  const month = {
    ...{ rows: 12, void: 2, red: 0, numberless: 0, traced: 10, untraced: 0, keyless: 0, unlike: 0 },
    ...{ agree: 10, above: 0, below: 0, uncompared: 0 },
  };
  type InvoiceTable = Invoices['tables'][number];
  const counted = (name: string, more: Partial<InvoiceTable> = {}): InvoiceTable => ({
    ...{ name, origins: [], undated: 0, examples: [], months: { '2026-01': month, '2026-02': month } },
    ...more,
  });
  const invoicesIn = (...tables: InvoiceTable[]) => {
    const about = { engine: 'sqlite', version: '3', from: '2026-01-01', until: '2026-02-28' };
    return [seen('invoices', { ...about, tables }, { subject: 'ledger' })];
  };

  test('invoices a month as counted, and by name what could not be read', () => {
    const unread = counted('b', { months: {}, unread: { reason: 'denied', detail: '' } });
    const topic = show('invoices', { invoices: invoicesIn(counted('a', { months: { '2026-01': month } }), unread) });
    expect(topic.tables[0]?.head.map(({ zh }) => zh)).toEqual(['月份', 'ledger.a（张，其中作废）']);
    expect(cells(topic)).toEqual([[['2026-01', '12（2）']]]);
    expect(topic.entries.map(({ label, text }) => [label.zh, text.zh])).toEqual([['未能读取的发票表', 'ledger.b']]);
  });

  test('of many tables each has a row, for columns have no end', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const topic = show('invoices', { invoices: invoicesIn(...names.map((name) => counted(name))) });
    expect(topic.tables[0]?.head).toHaveLength(3);
    expect(cells(topic)[0]).toEqual(names.map((name) => [`ledger.${name}`, '2026-01 至 2026-02', '24（4）']));
  });

  test('of the logs of each kind the one that falls shortest, and how many there are', () => {
    const span = {
      of: 'system',
      subject: 'web',
      name: 'syslog',
      due: '2025-09-01',
      last: '2026-03-01',
      cite: 'E-1',
    } as const;
    const rows = [
      { ...span, first: '2026-01-01', gaps: [{ from: '2026-02-01', to: '2026-02-02' }] },
      { ...span, first: '2025-01-01', gaps: [] },
    ];
    expect(cells(show('logs', {}, { spans: { rows, more: { system: 5 } } }))).toEqual([
      [['系统日志', '7', 'web syslog', '2026-01-01', '2025-09-01', '1 段']],
    ]);
  });

  test('gaps: all are counted, and of what was read in part none is ruled out', () => {
    const gap = { from: '2026-02-01', to: '2026-02-02' };
    const span = { subject: 'web', name: 'x', due: '2025-09-01', first: '2025-01-01', last: '2026-03-01', cite: 'E-1' };
    const rows = [
      { ...span, of: 'system' as const, gaps: [gap], moreGaps: 30 },
      { ...span, of: 'application' as const, gaps: [], partial: true as const },
      { ...span, of: 'data' as const, gaps: [gap], partial: true as const },
    ];
    const [logs = []] = cells(show('logs', {}, { spans: { rows, more: {} } }));
    expect(logs.map((row) => row.at(-1))).toEqual(['31 段', '所读部分未见', '1 段（读取不全）']);
  });
});
