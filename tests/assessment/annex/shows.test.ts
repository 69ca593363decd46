import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../checks/check.ts';
import type { Invoices } from '../../../src/evidence/database/invoices.ts';
import type { Rest } from '../../../src/evidence/database/store-encryption.ts';
import type { PatchState } from '../../../src/evidence/host/patch-state.ts';
import type { Volume } from '../../../src/evidence/host/volumes.ts';
import type { Kind } from '../../../src/evidence/kinds.ts';
import { languages } from '../../../src/text.ts';
import { cells, lines, platform, show, topicOf } from '../../support/annex.ts';
import { seen } from '../../support/check-tester.ts';
import { endpoint } from '../../support/declaration.ts';
import { openPort, portScan } from '../../support/port-scans.ts';

const oneHost = platform({ hosts: [{ name: 'web', addresses: ['203.0.113.10'] }] });
const patches = (title: string) =>
  ({
    system: { id: 'debian', version: '12', title },
    packages: 'deb' as const,
    metadata: '2026-02-20',
    pending: 3,
    updates: [],
    unclear: 0,
    lastUpgrade: '2026-02-01',
  }) satisfies PatchState;

describe('hosts', () => {
  const hosting = seen('hosting', { machine: 'virtual', hypervisor: 'kvm', signs: [] }, { subject: 'web' });

  test('declared beside found; one that was not seen is not left out', () => {
    const declared = platform({
      hosts: [
        { name: 'web', addresses: ['203.0.113.10'], connector: true },
        { name: 'db', addresses: ['10.0.0.2', '10.0.0.3'] },
      ],
    });
    const patched = seen('patchState', patches('Debian GNU/Linux 12'), { subject: 'web' });
    const topic = show('hosts', { platform: declared, hosting: [hosting], patchState: [patched] });
    expect(lines(topic)).toEqual([
      '主机数量: 声明 2 台，已取得运行环境或者操作系统信息 1 台：Debian GNU/Linux 12 1 台',
    ]);
    expect(cells(topic)).toEqual([
      [
        ['web（运行直连程序）', '203.0.113.10', 'Debian GNU/Linux 12', '虚拟机（kvm）'],
        ['db', '10.0.0.2、10.0.0.3', '未取得', '未取得'],
      ],
    ]);
    expect(topic.tables[0]?.rows[0]?.cites).toEqual([declared[0]?.id, patched.id, hosting.id]);
  });

  test('of many the first are listed, the others counted, their systems summed up', () => {
    const names = Array.from({ length: 200 }, (_, index) => `h-${1000 + index}`);
    const topic = show('hosts', {
      platform: platform({ hosts: names.map((name) => ({ name, addresses: ['10.0.0.1'] })) }),
      patchState: names.map((subject, index) =>
        seen('patchState', patches(index % 4 ? 'Debian' : 'openEuler'), { subject }),
      ),
    });
    expect(lines(topic)[0]).toContain('已取得运行环境或者操作系统信息 200 台：Debian 150 台、openEuler 50 台');
    expect([topic.tables[0]?.rows.length, topic.tables[0]?.more]).toEqual([60, 140]);
  });

  test('without a declared host there is nothing to show', () => {
    expect(show('hosts', { platform: platform(), hosting: [hosting] }).unseen).toBe(true);
  });
});

describe('what guards a host', () => {
  const filter = (value: object = {}) =>
    seen('firewall', { chains: [], interfaces: [], managers: [], unread: [], ...value }, { subject: 'web' });
  const malware = (value: object = {}) =>
    seen('malwareScanning', { scanners: [], schedules: [], unread: [], ...value }, { subject: 'web' });
  const row = (given: Partial<Evidence<Kind>>) => cells(show('protection', { platform: oneHost, ...given }))[0]?.[0];

  test('is named as it was found', () => {
    const chain = {
      ...{ id: 'nft inet filter input', families: ['ip' as const], hook: 'input' as const, nat: false, drops: true },
      rules: [{ text: 'accept', conditions: [], opaque: false, sometimes: false, verdict: 'accept' as const }],
    };
    const scanner = {
      ...{ name: 'clamav', title: { zh: 'ClamAV', en: 'ClamAV' }, vendor: 'Cisco', scans: 'on-demand', running: true },
      ...{ signs: ['process clamd'], signatures: '2026-02-27' },
    };
    const given = {
      firewall: [filter({ chains: [chain] })],
      malwareScanning: [malware({ scanners: [scanner] })],
      patchState: [seen('patchState', patches('Debian'), { subject: 'web' })],
    };
    expect(row(given)).toEqual([
      'web',
      '入站规则 1 条，默认拒绝的入站链 1 条',
      'ClamAV（运行中，病毒库 2026-02-27）',
      '未取得',
      '待安装 3 项（安全公告截至 2026-02-20）；最近升级 2026-02-01',
    ]);
  });

  test('what could not be read is never said to be missing', () => {
    expect(row({ firewall: [filter()], malwareScanning: [malware()] })?.slice(1, 3)).toEqual(['没有装载', '未发现']);
    const unread = [{ part: 'nft', why: 'denied' }];
    const partial = { firewall: [filter({ unread })], malwareScanning: [malware({ unread: ['processes'] })] };
    expect(row(partial)?.slice(1, 3)).toEqual(['未取得', '未取得']);
  });

  test('a host of which nothing was seen has no row', () => {
    expect(show('protection', { platform: oneHost }).unseen).toBe(true);
  });
});

describe('the network', () => {
  test('ports as declared and as found, and what is open besides', () => {
    const declared = platform({
      hosts: [{ name: 'web', addresses: ['203.0.113.10'] }],
      endpoints: [
        endpoint({ port: 443 }),
        endpoint({ port: 8443 }),
        endpoint({ address: '198.51.100.7', direction: 'outbound' }),
      ],
    });
    const scan = portScan([443, openPort(2024, { service: 'x' })]);
    const topic = topicOf({ shows: ['ports', 'outbound'] }, { platform: declared, openPorts: [scan] });
    expect(cells(topic)).toEqual([
      [['203.0.113.10 (web)', '8443/https（关闭）、443/https（开放）', '2024/x（开放）', '互联网']],
    ]);
    expect(lines(topic)).toEqual(['出站连接（声明）: 198.51.100.7:443 https']);
  });

  test('without a scan nothing is said of what else is open', () => {
    const declared = platform({ endpoints: [endpoint({ port: 443 })] });
    expect(cells(show('ports', { platform: declared }))).toEqual([
      [['203.0.113.10', '443/https（未知）', '—', '未扫描']],
    ]);
  });
});

describe('administrators', () => {
  const account = { name: 'ops', uid: 1000, shell: true, password: 'set', privileges: ['sudo'], keys: [] } as const;
  const found = (value: object = {}) =>
    seen(
      'administration',
      {
        ...{
          accounts: [],
          otherAccounts: 0,
          grants: [],
          agents: [],
          logins: [],
          directories: [],
          keySources: [],
          unread: [],
        },
        ...value,
      },
      { subject: 'web' },
    );

  test('as declared and as found', () => {
    const declared = platform({
      administrators: [
        { account: 'ops', party: 'unit', keys: [] },
        { account: 'v', party: 'vendor', keys: [] },
      ],
    });
    const topic = show('administrators', {
      platform: declared,
      administration: [found({ accounts: [account, { ...account, name: 'nobody', privileges: [] }] })],
    });
    expect(lines(topic)).toEqual(['本单位管理账号（声明）: ops', '第三方管理账号（声明）: v']);
    expect(cells(topic)).toEqual([[['web', 'ops', '未发现']]]);
  });

  test('an account without a name leaves no empty text', () => {
    const nameless = platform({ administrators: [{ account: '', party: 'unit', keys: [] }] });
    expect(lines(show('administrators', { platform: nameless }))).toEqual(['本单位管理账号（声明）: —']);
  });

  test('a list that could not be read to its end says so', () => {
    const partial = { accounts: [account], unread: ['shadow', 'processes'] };
    expect(cells(show('administrators', { administration: [found(partial)] }))).toEqual([
      [['web', 'ops（读取不全）', '未取得']],
    ]);
  });
});

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
        ['ledger', 'postgresql 16.2', 'invoices (invoices)', '未取得', '数据库自身未加密', 'TLS（未强制）'],
        ['old', 'mysql', '—', '未取得', '未取得', '未取得'],
      ],
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
        ['web', '/data/db', 'ledger', '/data 全部加密（LUKS2）', '虚拟磁盘，提供方是否加密从主机上看不到'],
        ['web', '/gone', '—', '未取得', '—'],
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

  test('invoices a month as counted, and nothing of a table that could not be read', () => {
    const unread = counted('b', { months: {}, unread: { reason: 'denied', detail: '' } });
    const topic = show('invoices', { invoices: invoicesIn(counted('a', { months: { '2026-01': month } }), unread) });
    expect(topic.tables[0]?.head.map(({ zh }) => zh)).toEqual(['月份', 'ledger.a（张，其中作废）']);
    expect(cells(topic)).toEqual([[['2026-01', '12（2）']]]);
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
});

test.each(languages)(
  'what hosts and servers say stays data in %s: nothing is cut or run, lists are counted',
  (language) => {
    const names = Array.from({ length: 12 }, (_, index) => `<b>${index}</b>{{x}}`);
    const declared = platform({ hosts: [{ name: '<script>', addresses: names }] });
    const [row] = cells(show('hosts', { platform: declared }), language)[0] ?? [];
    expect(row?.[0]).toBe('<script>');
    expect(row?.[1]).toContain(language === 'zh' ? '等 12 项' : 'and others, 12 in all');
  },
);
