import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folded } from '../../../src/collectors/filed/ledger-heads.ts';
import { ledgers } from '../../../src/collectors/filed/ledgers.ts';
import { ledgerNames, ledgerSpec } from '../../../src/evidence/filed/ledger-types.ts';
import { collected, freshFolder, platformOf, smallPdf } from './support.ts';
import { csv, gb18030, ledger, xlsx } from './tables-of.ts';

const one = '91350100M000100Y43';
const two = '91370200MA3CAB1N2X';
const musts = ['使用单位名称', '统一社会信用代码', '接入日期'];

test('a ledger enters with its hashes, its period, the columns of its type, and nothing of any other', async () => {
  const content = csv(
    ['序号', '接入日期', '使用单位名称', '统一社会信用代码', '联系人', '手机', '纳税信用级别', '是否签订数据报送协议'],
    ['1', '2024/3/5', '甲公司', one.toLowerCase(), '张三丰', '13800138000', 'A级', '是'],
    ['2', '2024年12月31日', '乙（青岛）公司', ` ${two} `, '李四', '13900139000', 'Ｂ', ''],
  );
  const value = await ledger('using-units', '使用单位.csv', content);
  expect(value).toEqual({
    of: 'using-units',
    file: '使用单位.csv',
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    sm3: createHash('sm3').update(content).digest('hex'),
    from: '2024-01-01',
    until: '2025-12-31',
    columns: ['name', 'creditCode', 'joinedOn', 'rating', 'agreement'],
    rows: [
      [2, '甲公司', one, '2024-03-05', 'A', 'yes'],
      [3, '乙(青岛)公司', two, '2024-12-31', 'B', ''],
    ],
    ignored: ['序号', '联系人', '手机'],
  });
  expect(JSON.stringify(value)).not.toMatch(/张|李|138|139/);
});

test('no natural person is in it: not in free words, nor beside the heads, nor where one is a using unit', async () => {
  const content = csv(
    [...musts, '资质', '填表人：王小明 13800138000'],
    ['甲', one, '2024-03-05', '证号11010519491231002X，联系人：王小明，13800138000', ''],
    ['王小明', '11010519491231002x', '2024-03-05', '', ''],
    ['王小明面馆', '110105194912310021', '2024-03-05', '', ''],
  );
  const value = await ledger('using-units', 'a.csv', content);
  expect(value).toMatchObject({
    rows: [
      [2, '甲', one, '2024-03-05', '证号1****************X,联系人:王**,138******00'],
      [3, '王**', expect.stringMatching(/^1\*{16}X #\w{16}$/), '2024-03-05', ''],
      [4, '王小明面馆', expect.stringMatching(/^1\*{16}1 #\w{16}$/), '2024-03-05', ''],
    ],
    ignored: ['填表人:王** 138********'],
  });
  expect(JSON.stringify(value)).not.toMatch(/194912|13800138/);
});

describe('the same ledger in other formats', () => {
  const head = ['演练日期', '演练内容'];
  const rows = [[2, '2025-03-31', '断网应急演练']];

  test('CSV in GB18030, as Excel exports it', async () => {
    const content = gb18030(csv(head, ['2025/3/31', '断网应急演练']));
    expect(content.subarray(0, 4).toString('hex')).toBe('d1ddc1b7');
    expect(await ledger('drills', '演练.csv', content)).toMatchObject({ rows });
  });

  test('XLSX with a title above the head, a date cell, on a named sheet', async () => {
    const content = await xlsx('演练', [
      ['应急演练台账', null],
      head,
      [new Date(Date.UTC(2025, 2, 31)), '断网应急演练'],
    ]);
    const value = await ledger('drills', '台账.xlsx', content, { sheet: '演练' });
    expect(value).toMatchObject({ sheet: '演练', rows: [[3, '2025-03-31', '断网应急演练']] });
  });

  test('YAML by the keys of the columns', async () => {
    const value = await ledger('drills', '演练.yaml', '- { heldOn: 2025-03-31, topic: 断网应急演练, 主持人: 王五 }\n');
    expect(value).toMatchObject({ rows: [[1, '2025-03-31', '断网应急演练']], ignored: ['主持人'] });
  });
});

test('no entry at all is a ledger too', async () => {
  expect(await ledger('drills', 'a.csv', '演练日期,演练内容')).toMatchObject({
    columns: ['heldOn', 'topic'],
    rows: [],
  });
});

test('the closing statement has its signer masked and its paper hashed', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'a.csv'), csv(['演练日期', '演练内容']));
  await writeFile(join(papers, 'closing.pdf'), smallPdf());
  const closing = { by: '张三', capacity: '负责人', signedOn: '2026-01-05', document: 'drills-closed' };
  const period = { from: '2024-01-01', until: '2025-12-31' };
  const platform = platformOf(folder, {
    documents: { folder: 'papers', items: [{ id: 'drills-closed', title: '结账声明', file: 'closing.pdf' }] },
    ledgers: [{ of: 'drills', file: 'a.csv', ...period, closing: { ...closing, ...period, entries: 0 } }],
  });
  expect(ledgers.subjects(platform)).toEqual(['drills']);
  const sha256 = createHash('sha256').update(smallPdf()).digest('hex');
  expect(await collected(ledgers, platform, 'drills')).toHaveProperty('closing', {
    ...period,
    by: '张*',
    capacity: '负责人',
    signedOn: '2026-01-05',
    document: { id: 'drills-closed', sha256 },
    entries: 0,
  });
});

describe('heads', () => {
  test.each([
    ['English titles, in any case', ['Using Unit', 'CREDIT CODE', 'joined on']],
    ['aliases', ['企业名称', '税号', '开始使用日期']],
    [
      'blanks, full-width forms, marks and remarks',
      ['＊使用 单位名称', '统一社会信用代码（18位）', '接入日期【年/月/日】:'],
    ],
    ['keys', ['name', 'creditCode', 'joinedOn']],
    ['two lines', ['基本情况/使用单位名称', '基本情况/统一社会信用代码', '接入/日期']],
  ])('%s', async (_, head) => {
    const value = await ledger('using-units', 'a.csv', csv(head, ['甲', one, '2024-03-05']));
    expect(value).toMatchObject({ columns: ['name', 'creditCode', 'joinedOn'], rows: [[2, '甲', one, '2024-03-05']] });
  });

  test('the unit’s own go first, and a column that has one is known by no other', async () => {
    const content = csv([...musts, '信用等级(2024)', '纳税信用级别'], ['甲', one, '2024-03-05', 'M', 'A']);
    const value = await ledger('using-units', 'a.csv', content, { heads: { rating: '信用等级（2024）' } });
    expect(value).toMatchObject({
      columns: ['name', 'creditCode', 'joinedOn', 'rating'],
      rows: [[2, '甲', one, '2024-03-05', 'M']],
      ignored: ['纳税信用级别'],
    });
  });

  test('a lower line that says nothing by itself names no column', async () => {
    const content = csv(['发生日期', '主体', '情形', '损失', '影响', '措施', '整改/日期'], []);
    expect(
      await ledger('events', 'a.csv', content.replace(/^\r\n/m, ''), { heads: { measure: '措施' } }),
    ).toMatchObject({
      columns: ['on', 'party', 'kind', 'loss', 'effect', 'measure'],
      ignored: ['整改/日期'],
    });
  });

  test('a line of labels and values above the table is not the head', async () => {
    const preamble = ['单位名称', '某某技术有限公司', '信用代码', one];
    const content = csv(preamble, [...musts, '备注'], ['甲', two, '2024-03-05', '']);
    expect(await ledger('using-units', 'a.csv', content)).toMatchObject({ rows: [[3, '甲', two, '2024-03-05']] });
  });

  test.each(ledgerNames)('%s: each names one column only', (of) => {
    const heads = Object.entries(ledgerSpec(of).columns).flatMap(([key, { title, aliases }]) => [
      ...new Set([key, title.zh, title.en, ...aliases].map(folded)),
    ]);
    expect(heads.filter((head, index) => heads.indexOf(head) < index)).toEqual([]);
  });
});

describe('cells', () => {
  const units = async (head: string, ...cells: string[]) => {
    const rows = cells.map((cell, index) => [`单位${index}`, `91350100M000100Y${index + 10}`, '2024-03-05', cell]);
    const value = await ledger('using-units', 'a.csv', csv([...musts, head], ...rows));
    return (value as { rows: string[][] }).rows.map((row) => row.at(-1));
  };

  test.each([
    ['a choice by any of its words', '关联关系', ['全资 子公司', 'CONTROLLED company', 'controlled'], 'controlled'],
    ['yes', '数电票试点', ['是', '√', 'Yes', '１'], 'yes'],
    ['not known', '数电票试点', ['不详', '?'], 'unknown'],
    ['no', '数电票试点', ['否', '无'], 'no'],
    ['a date', '退出日期', ['2025/1/2', '2025.01.02', '45659', '２０２５－１－２'], '2025-01-02'],
    ['nothing', '退出日期', ['', '-', '——', '/', '无', ' — '], ''],
    ['nothing to choose', '关联关系', ['/', '', '－'], ''],
    ['a word for none', '关联关系', ['无', '无关联关系'], 'none'],
    ['words', '行业', ['批发业', ' 批发业　', '批发业 '], '批发业'],
    ['what looks like a formula stays words', '行业', ['=1+1'], '=1+1'],
  ])('%s', async (_, head, cells, value) => {
    expect(await units(head, ...cells)).toEqual(cells.map(() => value));
  });

  test('other words for what fits no list are kept where they may be', async () => {
    const head = ['发生日期', '主体', '情形', '损失', '影响', '处理措施'];
    const content = csv(
      head,
      ['2025-01-02', '平台', '系统故障', '无损失', '', '提醒'],
      ['2025-01-03', '本单位', '机房　漏水', '', '不详', '/'],
    );
    expect(await ledger('events', 'a.csv', content)).toMatchObject({
      rows: [
        [2, '2025-01-02', 'platform', 'platform-unstable', 'none', '', 'reminder'],
        [3, '2025-01-03', 'unit', '机房 漏水', '', 'unknown', ''],
      ],
    });
  });

  test('a count', async () => {
    const content = csv(
      ['监测日期', '发现风险数', '补救完成日期'],
      ['2025-01-02', '１，０２４', '无'].map((cell) => `"${cell}"`),
    );
    expect(await ledger('monitoring', 'a.csv', content)).toMatchObject({ rows: [[2, '2025-01-02', '1024', '']] });
  });

  test('an identity number in place of a credit code is hidden, and the same one everywhere', async () => {
    const number = '11010519491231002X';
    const content = csv(musts, ['某经营部', number, '2024-03-05']);
    const grants = csv(['统一社会信用代码', '能力名称', '授权日期'], [number, '开票', '2024-03-05']);
    const unit = await ledger('using-units', 'a.csv', content);
    const grant = await ledger('grants', 'a.csv', grants);
    const code = (unit as { rows: string[][] }).rows[0]?.[2];
    expect(code).toMatch(/^1\*{16}X #[0-9a-f]{16}$/);
    expect(grant).toMatchObject({ rows: [[2, code, '开票', '2024-03-05']] });
  });
});
