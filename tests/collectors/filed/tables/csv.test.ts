import { describe, expect, test } from 'vitest';
import { mostRows } from '../../../../src/collectors/filed/tables/limits.ts';
import { mistakeFrom, tableFrom } from './support.ts';

const head = ['单位', '税号', '值'];
const text = '单位,税号,值\n甲公司,91370200123456789X,1\n乙公司,007,2\n';
const rows = [
  { row: 2, cells: ['甲公司', '91370200123456789X', '1'] },
  { row: 3, cells: ['乙公司', '007', '2'] },
];

const be = (content: string): Buffer => Buffer.from(content, 'utf16le').swap16();

// 单位,税号,值 / 甲公司,91370200123456789X,1 / 乙公司,007,2 in GBK.
const gbk = Buffer.concat([
  Buffer.from('b5a5cebb2ccbb0bac52cd6b50a', 'hex'),
  Buffer.from('bcd7b9abcbbe', 'hex'),
  Buffer.from(',91370200123456789X,1\n'),
  Buffer.from('d2d2b9abcbbe', 'hex'),
  Buffer.from(',007,2\n'),
]);

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16LE with mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16BE with mark', be(`\ufeff${text}`)],
  ['GB18030', gbk],
  ['CRLF', text.replaceAll('\n', '\r\n')],
  ['CR', text.replaceAll('\n', '\r')],
  ['no last line break', text.trimEnd()],
  ['semicolons', text.replaceAll(',', ';')],
  ['tabs: Unicode text of Excel', Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le')],
  ['all quoted', text.replace(/[^,\n]+/g, '"$&"')],
  ['semicolons, all quoted', text.replace(/[^,\n]+/g, '"$&"').replaceAll(',', ';')],
  ['blank columns at the end', text.replaceAll('\n', ',,\n').replace(',,\n', '\n')],
])('%s', async (_, content) => {
  expect(await tableFrom('ledger.csv', content)).toEqual({ head, headRow: 1, rows });
});

test('a four-byte character of GB18030 (U+2000A) and the euro sign', async () => {
  const name = Buffer.from('9532833680', 'hex');
  const { rows: read } = await tableFrom('a.csv', Buffer.concat([gbk, name, Buffer.from(',1,')]));
  expect(read.at(-1)).toEqual({ row: 4, cells: ['\u{2000a}€', '1', ''] });
});

test('titles above the head are left out; rows keep the line they start on', async () => {
  const content = [
    '使用单位台账,,',
    '单位：户',
    '',
    ' 单　位 ,税号,值',
    '"甲\r\n公司",1,a',
    ',,',
    '"乙""公司""",2,"b,c"',
    '丙,3',
  ].join('\r\n');
  const isHead = (cells: readonly string[]): boolean => cells.includes('单 位');
  expect(await tableFrom('ledger.csv', content, { isHead })).toEqual({
    head: ['单 位', '税号', '值'],
    headRow: 4,
    rows: [
      { row: 5, cells: ['甲\r\n公司', '1', 'a'] },
      { row: 8, cells: ['乙"公司"', '2', 'b,c'] },
      { row: 9, cells: ['丙', '3', ''] },
    ],
  });
});

test('text that looks like a formula stays text', async () => {
  const { rows: read } = await tableFrom('a.csv', '单位,税号,值\n"=HYPERLINK(""http://a"")",+1,@x\n');
  expect(read[0]?.cells).toEqual(['=HYPERLINK("http://a")', '+1', '@x']);
});

describe('refused', () => {
  test.each<[what: string, content: string | Buffer, says: string]>([
    ['an empty file', '', 'unparsable: a.csv：文件为空 | a.csv: the file is empty'],
    [
      'a surplus cell',
      '单位,税号,值\n甲,1,2\n乙,1,000,2\n',
      "unparsable: a.csv 第 3 行 D 列：单元格多于表头的 3 列；含分隔符的内容须加英文双引号 | a.csv, row 3, column D: more cells than the head's 3 columns; content with a delimiter in it must be quoted",
    ],
    ['a quote not closed', '单位,税号,值\n甲,1,2\n乙,"1,2\n丙,3,4\n', 'a.csv, row 3: a quote is not closed'],
    ['a quote inside', '单位,税号,值\n甲"乙",1,2\n', 'a.csv, row 2: a quote in the middle of a cell'],
    ['content after a quote', '单位,税号,值\n"甲"乙,1,2\n', 'a.csv, row 2: content after a closing quote'],
    ['a broken quote in the head', '单位,"税号,值\n甲,1,2\n', 'a.csv, row 1: a quote is not closed'],
    ['full-width commas', '单位，税号，值\n甲，1，2\n', 'a.csv: full-width commas separate the columns'],
    ['no head', '名称;代码\n甲;1\n', 'columns seen: 名称, 代码'],
    ['a head too far down', `${'x\n'.repeat(20)}${text}`, 'no head among the first 20 rows'],
    ['two equal heads', '单位,税号,值,税 号\n'.replace('税 号', ' 税号 '), 'columns B and D have the same head: 税号'],
    ['zero bytes', Buffer.from(text, 'utf16le'), 'a.csv: not text: it holds zero bytes'],
    ['half a UTF-16 character', Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, -1), 'not whole utf-16le text'],
    ['a web page', ' <html><table><tr><td>单位', 'not-supported: a.csv：内容是网页'],
    [
      'a long cell',
      `单位,税号,值\n甲,${'x'.repeat(4001)},1\n`,
      'too-large: a.csv 第 2 行 B 列：超过上限 每格 4000 个字符',
    ],
    ['many columns', `单位,税号${',x'.repeat(200)}\n`, 'too-large: a.csv 第 1 行：超过上限 200 列'],
    [
      'a cell that never ends',
      `单位,税号\n甲,"${'x\n'.repeat(1_000_000)}`,
      'a.csv, row 2: a record of more than 1000000 characters',
    ],
    [
      'a line of delimiters',
      `单位,税号\n${','.repeat(4_000_000)}`,
      'a.csv, row 2: a record of more than 1000000 characters',
    ],
    ['many lines', `单位,税号\n${'\n'.repeat(1_100_000)}a,b`, 'more than the limit of 1048576 lines'],
  ])('%s', async (_, content, says) => {
    expect(await mistakeFrom('a.csv', content)).toContain(says);
  });

  test('more rows than the limit', async () => {
    expect(await mistakeFrom('a.csv', `单位,税号\n${'a,b\n'.repeat(mostRows + 1)}`)).toContain(
      'too-large: a.csv 第 500001 行',
    );
  });

  test('bytes of no encoding, with their line', async () => {
    const broken = Buffer.concat([gbk, Buffer.from('a,b,c\n'), Buffer.from([0xb5, 0x20, 0xff, 0x0a])]);
    expect(await mistakeFrom('a.csv', broken)).toBe(
      'unparsable: a.csv 第 5 行：含有既非 UTF-8 也非 GB18030 的字节 | a.csv, row 5: bytes that are neither UTF-8 nor GB18030',
    );
  });

  test('the line of broken bytes deep in a large file', async () => {
    const line = Buffer.from('甲公司,1,2\r\n');
    const broken = Buffer.concat([Buffer.alloc(line.length * 40_000, line), Buffer.from([0xff, 0xff])]);
    expect(await mistakeFrom('a.csv', broken)).toContain('a.csv, row 40001: bytes that are no UTF-8');
  });

  test('UTF-8 with one broken byte is not taken for GB18030', async () => {
    // 0xC3 and the comma's neighbour make a well-formed pair of GB18030: the whole file would read as nonsense.
    const broken = Buffer.concat([Buffer.from(`${text}丙公司`), Buffer.from([0xc3]), Buffer.from('公司,1,2\n')]);
    expect(await mistakeFrom('a.csv', broken)).toContain('a.csv, row 4: bytes that are no UTF-8');
  });
});

test('stops when told to', async () => {
  const content = `单位,税号\n${'a,b\n'.repeat(190_000)}`;
  await expect(tableFrom('a.csv', content, {}, AbortSignal.timeout(1))).rejects.toThrow('timeout');
});

test('a hundred thousand rows', async () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, index) => `公司${index},${91370200000000000n + BigInt(index)},${index % 7}`,
  );
  const { rows: read } = await tableFrom('a.csv', `单位,税号,值\n${lines.join('\n')}`);
  expect(read).toHaveLength(100_000);
  expect(read.at(-1)).toEqual({ row: 100_001, cells: ['公司99999', '91370200000099999', '4'] });
});
