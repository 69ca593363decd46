import { expect, test } from 'vitest';
import { mistakeFrom, tableFrom } from './support.ts';

test('a list of maps: every scalar as it is written', async () => {
  const content = `
# 使用单位
- 单位: 甲公司
  税号: 913702001234567890123
  日期: 2025-04-01
- { 单位: 乙公司, 税号: 1e5, 是否: 是 }
- 单位: "丙: 公司"
  税号: 007
  日期: ~
  是否:
  备注: |
    两行
    文字
`;
  expect(await tableFrom('ledger.yaml', content)).toEqual({
    head: ['单位', '税号', '日期', '是否', '备注'],
    headRow: 0,
    rows: [
      { row: 1, cells: ['甲公司', '913702001234567890123', '2025-04-01', '', ''] },
      { row: 2, cells: ['乙公司', '1e5', '', '是', ''] },
      { row: 3, cells: ['丙: 公司', '007', '', '', '两行\n文字\n'] },
    ],
  });
});

test('keys are tidied, true and null-like texts are kept apart from no value', async () => {
  const content = '- " 单位 ": "null"\n  税号: true\n  值: null\n- 单位: *a\n'.replace('"null"', '&a "null"');
  expect((await tableFrom('a.YML', content)).rows).toEqual([
    { row: 1, cells: ['null', 'true', ''] },
    { row: 2, cells: ['null', '', ''] },
  ]);
});

const good = '- 单位: 甲\n  税号: 1\n';

test.each([
  ['no list', '单位: 甲\n', 'a.yaml: a list is expected'],
  ['an item that is no map', `${good}- 乙\n`, 'a.yaml, row 2: a map is expected (item 2 of the list)'],
  ['a nested value', `${good}- 单位: [乙]\n`, 'a.yaml, row 2, column 单位: a single value is expected'],
  ['a key twice', `${good}- 单位: 乙\n  "单位 ": 丙\n`, 'a.yaml, row 2, column 单位: the key is there twice'],
  ['no head', '- 名称: 甲\n', 'columns seen: 名称'],
  ['two documents', `${good}---\n${good}`, '2 documents instead of 1'],
  ['bad syntax', `${good}- 单位: "乙\n`, 'line 4, YAML syntax: Missing closing "quote'],
  ['an unknown anchor', `${good}- 单位: *b\n`, 'row 2, column 单位: a single value is expected'],
  ['a long cell', `- 单位: ${'x'.repeat(4001)}\n`, 'too-large: a.yaml 第 1 行 单位 列'],
  ['many keys', `- ${Array.from({ length: 201 }, (_, index) => `k${index}: 1\n  `).join('')}`, '200 columns'],
  [
    'many cells',
    `- { 单位: 1, 税号: 2, ${Array.from({ length: 190 }, (_, index) => `k${index}: 1`).join(', ')} }\n${'- {单位: 1}\n'.repeat(40_000)}`,
    '6000000 cells',
  ],
  ['many aliases', `- 单位: &a x\n${'- 单位: *a\n'.repeat(101)}`, '100 anchors, aliases and tags'],
  ['deep brackets', '['.repeat(100_000), '20 levels of nesting'],
  ['deep lists', '- '.repeat(100_000), '2000 tokens a line'],
  [
    'deep lists over many lines',
    Array.from({ length: 1400 }, (_, index) => `${' '.repeat(index)}-\n`).join(''),
    'unparsable',
  ],
  ['tags and anchors', '!a &b '.repeat(300_000), '100 anchors, aliases and tags'],
  ['a large file', 'x'.repeat(2 * 1024 * 1024 + 1), 'too-large: a.yaml'],
])('refused: %s', async (_, content, says) => {
  expect(await mistakeFrom('a.yaml', content)).toContain(says);
});

test('the name, not the content, tells YAML from CSV', async () => {
  expect(await mistakeFrom('a.csv', good)).toContain('no head among the first 20 rows');
});
