import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../checks/check.ts';
import type { PatchState } from '../../../src/evidence/host/patch-state.ts';
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
        ['web（203.0.113.10，运行直连程序）', 'Debian GNU/Linux 12', '虚拟机（kvm）'],
        ['db（10.0.0.2、10.0.0.3）', '未取得', '未取得'],
      ],
    ]);
    expect(topic.tables[0]?.rows[0]?.cites).toEqual([declared[0]?.id, patched.id, hosting.id]);
  });

  const many = (systemOf: (index: number) => string, count = 200) => {
    const names = Array.from({ length: count }, (_, index) => `h-${1000 + index}`);
    return show('hosts', {
      platform: platform({ hosts: names.map((name) => ({ name, addresses: ['10.0.0.1'] })) }),
      patchState: names.map((subject, index) => seen('patchState', patches(systemOf(index)), { subject })),
    });
  };

  test('of many those that are alike share a row, names beyond a few are counted, systems summed up', () => {
    const topic = many((index) => (index % 4 ? 'Debian' : 'openEuler'));
    expect(lines(topic)[0]).toContain('已取得运行环境或者操作系统信息 200 台：Debian 150 台、openEuler 50 台');
    expect(cells(topic)[0]?.map(([, ...others]) => others)).toEqual([
      ['openEuler', '未取得'],
      ['Debian', '未取得'],
    ]);
    expect(cells(topic)[0]?.[1]?.[0]).toMatch(/^h-1001（10\.0\.0\.1）、.*等 150 项$/);
    expect(topic.tables[0]?.rows[1]?.cites).toHaveLength(151);
  });

  test('a dozen are read one by one; rows beyond what a reader takes in are counted', () => {
    expect(cells(many(() => 'Debian', 12))[0]).toHaveLength(12);
    expect(cells(many(() => 'Debian', 13))[0]).toHaveLength(1);
    const topic = many(String);
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

  test('ports that are alike stand together', () => {
    const numbers = [8001, 8002, 8003, 9000];
    const declared = platform({ endpoints: numbers.map((port) => endpoint({ port })) });
    const topic = show('ports', { platform: declared, openPorts: [portScan([8001, 8002, 9000])] });
    expect(cells(topic)[0]?.[0]?.[1]).toBe('8003/https（关闭）、8001-8002, 9000/https（开放）');
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

test.each(languages)(
  'what hosts and servers say stays data in %s: nothing is cut or run, lists are counted',
  (language) => {
    const names = Array.from({ length: 12 }, (_, index) => `<b>${index}</b>{{x}}`);
    const declared = platform({ hosts: [{ name: '<script>', addresses: names }] });
    const [row] = cells(show('hosts', { platform: declared }), language)[0] ?? [];
    expect(row?.[0]).toMatch(/^<script>.*\{\{x\}\}/);
    expect(row?.[0]).toContain(language === 'zh' ? '等 12 项' : 'and others, 12 in all');
  },
);
