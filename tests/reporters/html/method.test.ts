import { describe, expect, test } from 'vitest';
import type { Assessment } from '../../../src/assessment/assessment.ts';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

type Body = Omit<Assessment, 'number'>;

/** The statement of method, a label and its lines, as the page shows them. */
function statement(language: 'zh' | 'en', change: (body: Body) => void = () => {}): Map<string, string> {
  const page = renderHtml(assessmentFixture(change), language);
  const section = page.slice(page.indexOf('id="c-2-5"'), page.indexOf('id="c-3"'));
  const rows = [...section.matchAll(/<tr><th scope="row">(.*?)<\/th><td>(.*?)<\/td><\/tr>/g)];
  return new Map(
    rows.map(([, label = '', lines = '']) => [label, textOfHtml(lines.replaceAll('</div>', '</div>\n')).trim()]),
  );
}

const scan = { zone: '互联网', loopback: false, complete: true, filtered: 0 };
const exhibitsWith = (...scans: object[]): NonNullable<Body['exhibits']> => ({
  series: [],
  map: {
    places: scans.map((each, index) => ({
      address: `203.0.113.${index + 1}`,
      hosts: [],
      ports: [],
      cites: [],
      scan: { ...scan, ...each },
    })),
    more: 0,
  },
  spans: { rows: [], more: {} },
  calendars: [],
});

describe('the statement of method', () => {
  test('says what was looked at, from where, when, and what could not be had', () => {
    const said = statement('zh');
    expect(said.get('评估对象')).toMatch(/^主机：\d+ 个对象，证据 \d+ 件，其中未取得 \d+ 件\n/);
    expect(said.get('取证位置和时间')).toMatch(/办公网：2026-11-22 02:\d\d:\d\d 至 2026-11-22 02:\d\d:\d\d，\d+ 件/);
    expect(said.get('未能取得的证据')).toMatch(/^超时 \d+ 件：数据记录、主机时钟$/);
    expect(said.get('未纳入的内容')).toContain('税务机关的系统');
    expect(said.get('操作人员')).toContain('均不记录由何人运行');
  });

  test('names programs with their versions, and the files of the profile by hash', () => {
    const said = statement('zh', (body) => {
      body.evidence.tool = { name: 'leqi-audit', version: '0.0.9' };
      body.profile.files = [{ name: 'town.yaml', sha256: 'a'.repeat(64) }];
      body.exhibits = exhibitsWith(
        { ports: '1-65535', method: 'nmap 7.93 -sS' },
        { ports: '22,80-90', method: 'connect', complete: false },
      );
    });
    expect(said.get('所用程序及版本')?.split('\n')).toEqual([
      '采集：leqi-audit 0.0.9',
      '评估：leqi-audit 0.1.0',
      '联系方式：network/tls、nmap、ssh',
      '端口扫描：connect、nmap 7.93 -sS',
    ]);
    expect(said.get('规范配置文件')).toBe(`town.yaml  SHA-256 ${'a'.repeat(64)}`);
    expect(said.get('地址族与端口')?.split('\n')).toEqual([
      '联系的地址：IPv4 4 个，IPv6 0 个',
      '203.0.113.1：TCP 端口 1-65535，扫描位置 互联网',
      '203.0.113.2：TCP 端口 22, 80-90，扫描位置 互联网，只扫描了常用端口和声明的端口',
      'UDP 端口未扫描',
    ]);
  });

  test('scans: all are counted, though the exhibits keep some or none of them', () => {
    const scanned = (kept: number, unobserved = false) =>
      statement('zh', (body) => {
        const [entry] = body.index;
        if (!entry) throw new Error('the fixture has no evidence');
        const failed = unobserved ? { unobserved: { reason: 'unreachable' as const, detail: '' } } : {};
        body.index = Array.from({ length: 200 }, (_, index) => ({
          ...{ ...entry, ...failed, id: `E-${index}`, origin: 'network' as const },
          kind: 'openPorts' as const,
        }));
        body.exhibits = exhibitsWith(...Array.from({ length: kept }, () => ({ ports: '1-9', method: 'nmap -sS' })));
      })
        .get('地址族与端口')
        ?.split('\n')
        .slice(1);
    expect(scanned(60)?.slice(-2)).toEqual(['等共 200 项', 'UDP 端口未扫描']);
    expect(scanned(0)).toEqual(['端口扫描 200 件，见证据索引', 'UDP 端口未扫描']);
    expect(scanned(0, true)).toEqual(['没有做端口扫描']);
  });

  test('claims nothing that an older assessment does not carry', () => {
    const said = statement('en', (body) => {
      delete body.profile.maxAge;
      body.evidence.contacts = [];
      body.index = [];
    });
    expect([...said.keys()]).toEqual([
      'Programs and versions',
      'Address families and ports',
      'What was not looked at',
      'How the scope is held',
      'Who ran it',
    ]);
    expect(said.get('Programs and versions')).toBe('assessed by leqi-audit 0.1.0');
    expect(said.get('Address families and ports')).toBe('no ports were scanned');
  });

  test('what was never collected is no less missing than what could not be had', () => {
    const unseen = (uncollected: NonNullable<Body['evidence']['uncollected']>) =>
      statement('zh', (body) => {
        body.index = [];
        body.evidence.uncollected = uncollected;
      }).get('未能取得的证据');
    const [firewall, buckets] = [
      { kind: 'firewall' as const, title: { zh: '主机防火墙', en: 'Host firewall' }, declared: 3, missing: 2 },
      { kind: 'buckets' as const, title: { zh: '存储桶', en: 'Buckets' }, declared: 0, missing: 0 },
    ];
    expect(unseen([firewall, buckets])?.split('\n')).toEqual([
      '没有采集：主机防火墙（3 个对象中的 2 个）',
      '平台文件没有声明相应对象，因而没有采集：存储桶',
    ]);
    expect(unseen([])).toBe('无');
  });

  test.each(languages)('missing parts, stricter thresholds, loopback and age are said in %s', (language) => {
    const said = [
      ...statement(language, (body) => {
        body.profile.maxAge = { months: 3, ledgerDays: 31 };
        body.evidence.missing = ['2/3'];
        body.evidence.contacts = [{ address: '::1', port: 22, by: 'ssh', times: 1 }];
        body.exhibits = exhibitsWith({ ports: '443', method: 'nmap -sT', loopback: true });
        const [row] = body.requirements;
        if (row) row.tightened = [{ check: 'host/clock', parameter: 'maxOffset', from: 60, to: 1 }];
      }).values(),
    ].join('\n');
    const wanted =
      language === 'zh'
        ? [
            '缺少分片：2/3',
            '1 项要求采用本单位自定的更严限值',
            '在本机上，未经防火墙',
            '超过 3 个月的实测证据',
            'IPv4 0 个，IPv6 1 个',
          ]
        : [
            'that are missing: 2/3',
            'stricter thresholds, listed there: 1',
            'past no firewall',
            'more than 3 months before',
            '0 of IPv4, 1 of IPv6',
          ];
    for (const each of wanted) expect(said).toContain(each);
  });

  test('names from outside are text, short, and many of them counted', () => {
    const said = statement('zh', (body) => {
      for (const [index, entry] of body.index.entries()) entry.zone = `<b>${'区'.repeat(200)}${index % 12}`;
    }).get('取证位置和时间');
    expect(said?.split('\n')).toHaveLength(9);
    expect(said).toContain('<b>');
    expect(said).not.toContain('区'.repeat(121));
    expect(said).toMatch(/等共 12 项$/);
  });
});
