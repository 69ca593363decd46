import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { facts } from '../../../src/collectors/filed/facts.ts';
import { collected, freshFolder, platformOf, smallPdf } from './support.ts';

const oneFact = (fact: Record<string, unknown>) =>
  collected(facts, platformOf('/nowhere', { facts: [{ name: 'figure', ...fact }] }), 'figure');

test.each([
  [
    'revenue of the sample',
    { amount: 86612, unit: '万元' },
    { type: 'amount', unit: '元', amount: '866120000' },
    '86612 万元',
  ],
  [
    'separators and full-width digits',
    { amount: '８６,６１２.５', unit: '万元' },
    { type: 'amount', unit: '元', amount: '866125000' },
    '８６,６１２.５ 万元',
  ],
  ['a count', { amount: '32,510', unit: '张' }, { type: 'amount', unit: '张', amount: '32510' }, '32,510 张'],
  [
    'a monthly series',
    { monthly: { '2025-03': '1,000.5', '2025-04': 0 }, unit: '亿元' },
    { type: 'monthly', unit: '元', months: { '2025-03': '100050000000', '2025-04': '0' } },
    '2025-03: 1,000.5; 2025-04: 0 (亿元)',
  ],
  [
    'a monthly count',
    { monthly: { '2025-03': 12 }, unit: '次' },
    { type: 'monthly', unit: '次', months: { '2025-03': '12' } },
    '2025-03: 12 (次)',
  ],
  [
    'ratings',
    { ratings: { 2023: 'B', 2024: 'A' } },
    { type: 'ratings', ratings: { 2023: 'B', 2024: 'A' } },
    '2023: B; 2024: A',
  ],
  ['a date', { date: '2023-12-28' }, { type: 'date', date: '2023-12-28' }, '2023-12-28'],
  ['a text', { text: '查账征收' }, { type: 'text', text: '查账征收' }, '查账征收'],
  ['a text, tidied', { text: ' ２　级 ' }, { type: 'text', text: '2 级' }, ' ２　级 '],
  [
    'a yearly series',
    { yearly: { 2024: '8.5', 2025: 9 }, unit: '亿元' },
    { type: 'yearly', unit: '元', years: { 2024: '850000000', 2025: '900000000' } },
    '2024: 8.5; 2025: 9 (亿元)',
  ],
  ['a list', { list: ['短信', ' ＡＰＰ '] }, { type: 'list', items: ['短信', 'APP'] }, '短信、 ＡＰＰ '],
  ['a person, masked wherever the name stands', { person: ' 张三丰' }, { type: 'person', masked: '张**' }, '张**'],
  [
    'words with a person in them',
    { text: '经办人：王小明 13800138000' },
    { type: 'text', text: '经办人:王** 138******00' },
    '经办人：王** 138******00',
  ],
  ['nobody, who has no name to hide', { person: ' 无 ' }, { type: 'person', masked: '无' }, '无'],
  ['somebody yet to be named', { person: '待定' }, { type: 'person', masked: '待定' }, '待定'],
])('%s', async (_, fact, value, declared) => {
  expect(await oneFact(fact)).toEqual({ name: 'figure', value, declared });
});

test.each([
  [{ amount: '约六亿', unit: '元' }],
  [{ amount: '1,00', unit: '元' }],
  [{ amount: 2.5, unit: '户' }],
  [{ amount: -1, unit: '张' }],
  [{ monthly: { '2025-03': '不详' }, unit: '元' }],
  [{ monthly: { '2025-3': '1' }, unit: '元' }],
  [{ monthly: { '2025-13': '1' }, unit: '元' }],
  [{ monthly: { 合计: '1' }, unit: '元' }],
  [{ ratings: { 去年: 'A' } }],
  [{ yearly: { '2024年': '1' }, unit: '元' }],
  [{ yearly: { 2024: '不详' }, unit: '元' }],
  [{ monthly: { file: '1', '2025-03': '1' }, unit: '元' }],
])('%j cannot be read', async (fact) => {
  await expect(oneFact(fact)).rejects.toMatchObject({ name: 'Unavailable', reason: 'unparsable' });
});

test('what cannot be read is told in both languages, with what would be right', async () => {
  await expect(oneFact({ amount: '100万', unit: '元' })).rejects.toThrow(
    '平台文件 facts为“100万”，应为数字，如 12345.60 或“12,345.60”，不带单位（单位 元） | platform file, facts holds "100万": a number such as',
  );
  await expect(oneFact({ monthly: { '2025-03': '王小明' }, unit: '张' })).rejects.toThrow(
    '平台文件 facts 2025-03为“王**”，应为不小于 0 的整数（单位 张）',
  );
  await expect(oneFact({ yearly: { '2024年': '1' }, unit: '元' })).rejects.toThrow('的键“2024年”应写作 YYYY | ');
});

describe('the source paper', () => {
  const sourceOf = async (items: Record<string, unknown>[]) => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(papers, 'report.pdf'), smallPdf());
    await writeFile(join(papers, 'empty.pdf'), '');
    await writeFile(join(papers, 'text.pdf'), '审计报告');
    await symlink('/etc/hostname', join(papers, 'link.txt'));
    const platform = platformOf(folder, {
      documents: { folder: 'papers', items: items.map((item) => ({ id: 'audit-report', title: '审计报告', ...item })) },
      facts: [{ name: 'capital', amount: 6000, unit: '万元', document: 'audit-report' }],
    });
    return collected(facts, platform, 'capital');
  };

  test('gives its hash', async () => {
    const sha256 = createHash('sha256').update(smallPdf()).digest('hex');
    expect(await sourceOf([{ file: 'report.pdf' }])).toMatchObject({ document: { id: 'audit-report', sha256 } });
  });

  test.each([
    ['not declared', []],
    ['not there', [{ file: 'gone.pdf' }]],
    ['outside the folder', [{ file: 'link.txt' }]],
    ['not held', [{ file: 'report.pdf', held: false }]],
    ['empty', [{ file: 'empty.pdf' }]],
    ['text under the name of a PDF', [{ file: 'text.pdf' }]],
  ])('%s: the fact has no hash', async (_, items) => {
    expect(await sourceOf(items)).toHaveProperty('document', { id: 'audit-report' });
  });
});
