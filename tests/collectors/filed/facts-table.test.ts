import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { facts } from '../../../src/collectors/filed/facts.ts';
import { collected, freshFolder, platformOf, smallPdf } from './support.ts';
import { csv, gb18030, monthly, xlsx } from './tables-of.ts';

const months = { '2025-03': '1000500', '2025-04': '0' };
const head = ['月份', '金额'];
const rows = [
  ['2025年3月', '100.05'],
  ['2025-04', '0'],
];

test('a monthly series from a file has its path and hash, and every figure as written', async () => {
  const content = csv(['销售额统计表', ''], ['单位：万元', ''], head, ['2025年3月', '"1,000.5"'], ['2025/4', '０']);
  expect(await monthly('sales.csv', content, { unit: '万元' })).toEqual({
    name: 'trade',
    value: { type: 'monthly', unit: '元', months: { '2025-03': '10005000', '2025-04': '0' } },
    declared: '2025-03: 1,000.5; 2025-04: 0 (万元)',
    file: { path: 'sales.csv', sha256: createHash('sha256').update(content).digest('hex') },
  });
});

describe('it is read from', () => {
  test.each<[string, string, string | Buffer | Promise<Buffer>]>([
    ['CSV in GB18030', 'a.csv', gb18030(csv(head, ...rows))],
    ['YAML', 'a.yml', '- { 月份: 2025-03, 金额: 100.05 }\n- { 月份: 2025-04, 金额: 0 }\n'],
    [
      'heads in English',
      'a.csv',
      csv(['Period', 'Amount', 'Remarks'], ['2025-03', '100.05', 'x'], ['2025-04', '0', '']),
    ],
    ['the only other column', 'a.csv', csv(['期间', '销售额（万元）'], ...rows)],
    ['a file with a total', 'a.csv', csv(head, ...rows, ['合 计', '100.05'])],
  ])('%s', async (_, file, content) => {
    expect(await monthly(file, await content, { unit: '万元' })).toHaveProperty('value.months', months);
  });

  test('XLSX, on a named sheet', async () => {
    const content = await xlsx('2025', [head, [new Date(Date.UTC(2025, 2, 1)), 100.05], ['2025-04', 0]]);
    const value = await monthly('a.xlsx', content, { unit: '万元', sheet: '2025' });
    expect(value).toMatchObject({ value: { months }, file: { path: 'a.xlsx', sheet: '2025' } });
  });
});

test('no month at all is a series too', async () => {
  expect(await monthly('a.csv', csv(head))).toHaveProperty('value.months', {});
});

test('the source paper stands beside the file', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'a.csv'), csv(head, ...rows));
  await writeFile(join(papers, 'report.pdf'), smallPdf());
  const platform = platformOf(folder, {
    documents: { folder: 'papers', items: [{ id: 'report', title: '报告', file: 'report.pdf' }] },
    facts: [{ name: 'trade', monthly: { file: 'a.csv' }, unit: '元', document: 'report' }],
  });
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(await collected(facts, platform, 'trade')).toMatchObject({
    file: { path: 'a.csv', sha256 },
    document: { id: 'report', sha256 },
  });
});

describe('it is refused', () => {
  test.each([
    [
      'a month twice',
      csv(head, ...rows, ['2025.03', '1']),
      '第 2 行与第 4 行都是 2025-03 | a.csv: 1 mistake: row 2 and row 4 are both',
    ],
    ['no month', csv(head, ['三月', '1']), '第 2 行为“三月”，应为月份，如 2025-04'],
    ['a figure without its month', csv(head, ['', '1']), '第 2 行为空白，应为月份'],
    ['no figure', csv(head, ['2025-03', '约一百']), '第 2 行为“约一百”，应为数字'],
    ['an empty figure', csv([...head, '备注'], ['2025-03', '', '待补']), '第 2 行为空白，应为数字'],
    ['a total that is not named as one', csv(head, ['全年', '1']), '第 2 行为“全年”，应为月份'],
    [
      'two columns that may be meant',
      csv(['月份', '金额', '数量'], ['2025-03', '1', '2']),
      '应恰有一个月份列和一个数额列',
    ],
    ['two columns, neither known', csv(['月份', '收入', '支出'], ['2025-03', '1', '2']), '现有：月份、收入、支出'],
    [
      'another unit in the head',
      csv(['月份', '金额（万元）'], ['2025-03', '1']),
      '“金额(万元)”的单位是万元，平台文件声明为元',
    ],
    ['another unit above the head', csv(['单位：万元', ''], head, ['2025-03', '1']), '的单位是万元，平台文件声明为元'],
    [
      'no head',
      csv(['2025-03', '1'], ['2025-04', '1']),
      'a.csv：找不到表头；应有月份列（月份、月、期间、年月）和数额列（金额、数量、合计） | a.csv: there is no row',
    ],
  ])('%s', async (_, content, text) => {
    await expect(monthly('a.csv', content)).rejects.toMatchObject({
      name: 'Unavailable',
      reason: 'unparsable',
      message: expect.stringContaining(text),
    });
  });

  test.each([
    ['../outside.csv', 'refused'],
    ['link.csv', 'refused'],
    ['gone.csv', 'not-found'],
    ['folder', 'not-found'],
  ])('%s: %s', async (file, reason) => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(folder, 'outside.csv'), csv(head, ...rows));
    await symlink(join(folder, 'outside.csv'), join(papers, 'link.csv'));
    await mkdir(join(papers, 'folder'));
    const platform = platformOf(folder, {
      documents: { folder: 'papers', items: [] },
      facts: [{ name: 'trade', monthly: { file }, unit: '元' }],
    });
    await expect(collected(facts, platform, 'trade')).rejects.toMatchObject({ name: 'Unavailable', reason });
  });
});
