import { describe, expect, test } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { mostRows } from '../../../../src/collectors/filed/tables/limits.ts';
import { mistakeFrom, partsOf, rowOf, sheetOf, tableFrom, textCell, workbookOf, zipOf } from './support.ts';

describe('as a writer makes it', () => {
  test('texts, numbers, dates, truth', async () => {
    const file = await writeExcelFile(
      [
        ['单位', '税号', '开通日期', '金额', '是否'],
        [
          '甲公司',
          '913702001234567890',
          { value: new Date('2025-04-01T00:00:00Z'), type: Date, format: 'yyyy"年"m"月"d"日"' },
          0.1 + 0.2,
          true,
        ],
        [
          '=1+1',
          '007',
          { value: new Date('2025-04-02T15:30:00Z'), type: Date, format: 'yyyy/m/d h:mm' },
          -1234567.891,
          false,
        ],
        [null, null, null, null, null],
        ['乙 <&> 公司', null, null, { value: 0.125, format: '0.0%' }, null],
      ],
      { sheet: '使用单位' },
    ).toBuffer();
    expect(await tableFrom('ledger.csv', file)).toEqual({
      sheet: '使用单位',
      head: ['单位', '税号', '开通日期', '金额', '是否'],
      headRow: 1,
      rows: [
        { row: 2, cells: ['甲公司', '913702001234567890', '2025-04-01', '0.3', 'TRUE'] },
        { row: 3, cells: ['=1+1', '007', '2025-04-02', '-1234567.891', 'FALSE'] },
        { row: 5, cells: ['乙 <&> 公司', '', '', '0.125', ''] },
      ],
    });
  });

  test('a merged title, a head in two lines, cells merged downwards', async () => {
    const file = await writeExcelFile([
      [{ value: '使用单位台账', columnSpan: 4 }, null, null, null],
      ['单位：户'],
      [{ value: '单　位', rowSpan: 2 }, { value: '税号', rowSpan: 2 }, { value: '开票（张）', columnSpan: 2 }, null],
      [null, null, '本月', ' 累计 '],
      [{ value: '甲公司', rowSpan: 3 }, '1', 1, 2],
      [null, '2', 3, 4],
      [null, null, null, null],
      ['乙公司', '3', 5, 6],
      [null, '4', 7, 8],
    ]).toBuffer();
    const isHead = (cells: readonly string[]): boolean => cells.includes('单 位');
    expect(await tableFrom('ledger.xlsx', file, { isHead })).toMatchObject({
      head: ['单 位', '税号', '开票(张)/本月', '开票(张)/累计'],
      headRow: 4,
      rows: [
        { row: 5, cells: ['甲公司', '1', '1', '2'] },
        { row: 6, cells: ['甲公司', '2', '3', '4'] },
        { row: 8, cells: ['乙公司', '3', '5', '6'] },
        { row: 9, cells: ['', '4', '7', '8'] },
      ],
    });
  });

  test('a head known only by its joined names', async () => {
    const file = await writeExcelFile([
      [{ value: '使用方', columnSpan: 2 }, null, '值'],
      ['单位', '税号', null],
      ['甲', '1', 2],
    ]).toBuffer();
    expect(await tableFrom('a.xlsx', file)).toMatchObject({
      head: ['使用方/单位', '使用方/税号', '值'],
      headRow: 2,
      rows: [{ row: 3, cells: ['甲', '1', '2'] }],
    });
  });

  test('cells merged for their width only: the row below is data', async () => {
    const file = await writeExcelFile([
      ['税号', { value: '单位', columnSpan: 2 }, null],
      ['1', { value: '甲', columnSpan: 2 }, null],
      [null, { value: '乙', columnSpan: 2 }, null],
    ]).toBuffer();
    expect(await tableFrom('a.xlsx', file)).toMatchObject({
      head: ['税号', '单位'],
      rows: [
        { row: 2, cells: ['1', '甲'] },
        { row: 3, cells: ['', '乙'] },
      ],
    });
  });
});

const head = ['单位', '税号', '值'];
const only = (xml: string): Parameters<typeof workbookOf>[0] => ({ sheets: { 台账: xml } });
const read = async (xml: string): Promise<(readonly string[])[]> =>
  (await tableFrom('a.xlsx', await workbookOf(only(xml)))).rows.map(({ cells }) => cells);

describe('forms of the format', () => {
  test('shared strings: runs joined, phonetic ones skipped, escapes resolved', async () => {
    const file = await workbookOf({
      sheets: {
        台账: sheetOf(
          '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>',
        ),
      },
      strings:
        '<si><r><t>甲</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 公司</t></r><rPh sb="0" eb="1"><t>こう</t></rPh><phoneticPr fontId="1"/></si>' +
        '<si><t>a_x000D_\nb</t></si><si><t/></si>',
    });
    expect((await tableFrom('a.xlsx', file)).rows).toEqual([{ row: 2, cells: ['甲 公司', 'a\r\nb', ''] }]);
  });

  test('results of formulas, texts, truth and ISO dates', async () => {
    const row =
      '<row r="2"><c r="A2" t="str"><f>A1</f><v>甲</v></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="b"><v>1</v></c>' +
      '<c r="D2" t="d"><v>2025-04-01T00:00:00</v></c><c r="E2" t="str"><f>""</f><v></v></c></row>';
    expect(await read(sheetOf(row))).toEqual([['甲', '2', 'TRUE', '2025-04-01']]);
  });

  test('rows and cells without their place, prefixed names, strict namespace', async () => {
    const file = await workbookOf({
      sheets: { 台账: '' },
      extra: {
        'xl/worksheets/sheet1.xml':
          '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>' +
          `<x:row>${head.map((name) => `<x:c t="inlineStr"><x:is><x:t>${name}</x:t></x:is></x:c>`).join('')}</x:row>` +
          '<x:row r="4"><x:c/><x:c r="C4"><x:v>1</x:v></x:c></x:row><x:row><x:c><x:v>2</x:v></x:c><x:c/><x:c><x:v>3</x:v></x:c></x:row>' +
          '</x:sheetData></x:worksheet>',
      },
    });
    expect(await tableFrom('a.xlsx', file)).toEqual({
      sheet: '台账',
      head,
      headRow: 1,
      rows: [
        { row: 4, cells: ['', '', '1'] },
        { row: 5, cells: ['2', '', '3'] },
      ],
    });
  });

  test('dates by style, in both date systems', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="177" formatCode="0&quot;d&quot;"/></numFmts>' +
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs>';
    const cells = [0, 1, 2, 3, 4].map((style, column) => `<c r="${'ABCDE'[column]}2" s="${style}"><v>45748.5</v></c>`);
    const sheets = { 台账: sheetOf(`<row r="2">${cells.join('')}</row>`) };
    const dates = async (date1904: boolean): Promise<unknown> =>
      (await tableFrom('a.xlsx', await workbookOf({ sheets, styles, date1904 }))).rows[0]?.cells;
    expect(await dates(false)).toEqual(['45748.5', '2025-04-01', '2025-04-01', '2025-04-01', '45748.5']);
    expect(await dates(true)).toEqual(['45748.5', '2029-04-02', '2029-04-02', '2029-04-02', '45748.5']);
  });

  test('hidden rows and columns are read, formatted blank cells are not', async () => {
    const rows =
      '<cols><col min="1" max="1" hidden="1"/></cols>' +
      sheetOf(
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>',
      );
    expect(await read(rows)).toEqual([['1', '', '']]);
  });

  test('a note beside the table stands in a column without head', async () => {
    const file = await workbookOf(only(sheetOf(rowOf(2, '甲', '1', '2', '', '注'))));
    expect(await tableFrom('a.xlsx', file)).toMatchObject({
      head: [...head, '', ''],
      rows: [{ row: 2, cells: ['甲', '1', '2', '', '注'] }],
    });
  });

  test('UTF-16 parts, names in another case, with leading slash and backslashes', async () => {
    const parts = partsOf(only(sheetOf(rowOf(2, '甲', '1'))));
    const utf16 = Buffer.from(
      `\ufeff${String(parts['xl/worksheets/sheet1.xml']).replace('UTF-8', 'UTF-16')}`,
      'utf16le',
    );
    const { 'xl/worksheets/sheet1.xml': _, ...others } = parts;
    const upper = await zipOf({ ...others, 'XL/Worksheets/Sheet1.XML': utf16 });
    const slashed = (await zipOf({ ...others, 'Axl/worksheets/sheet1.xml': utf16 })).toString('latin1');
    const backslashed = Buffer.from(slashed.replaceAll('Axl/worksheets/', '/xl\\worksheets\\'), 'latin1');
    for (const file of [upper, backslashed]) {
      expect((await tableFrom('a.xlsx', file)).rows[0]?.cells).toEqual(['甲', '1', '']);
    }
  });

  test('merged cells mean their value, whatever lies hidden beneath', async () => {
    const xml = `${sheetOf(rowOf(2, '甲', '1', 'x'), rowOf(3, '乙', '2'), rowOf(4, '', '3'))}<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="C2:D3"/></mergeCells>`;
    expect(await read(xml)).toEqual([
      ['甲', '1', 'x'],
      ['甲', '2', 'x'],
      ['甲', '3', ''],
    ]);
  });
});

test('a hundred thousand rows', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) =>
    rowOf(index + 2, `公司${index}`, `${91370200000000000n + BigInt(index)}`),
  );
  const table = await tableFrom('a.xlsx', await workbookOf(only(sheetOf(...rows))));
  expect(table.rows).toHaveLength(100_000);
  expect(table.rows.at(-1)).toEqual({ row: 100_001, cells: ['公司99999', '91370200000099999', ''] });
}, 60_000);

describe('the sheet', () => {
  const sheets = {
    说明: sheetOf().replaceAll('单位', '说明'),
    旧: sheetOf(rowOf(2, '旧', '1')),
    新: sheetOf(rowOf(2, '新', '1')),
  };
  const chosen = async (options: { sheet?: string }, hidden: string[] = []): Promise<unknown> =>
    (await tableFrom('a.xlsx', await workbookOf({ sheets, hidden }), options)).sheet;

  test('is the one asked for, hidden or not', async () => {
    expect(await chosen({ sheet: '新' })).toBe('新');
    expect(await chosen({ sheet: ' 新 ' }, ['新'])).toBe('新');
  });

  test('is the only visible one', async () => {
    expect(await chosen({}, ['旧', '说明'])).toBe('新');
    expect(await mistakeFrom('a.xlsx', await workbookOf({ sheets, hidden: ['旧', '新'] }))).toContain(
      'a.xlsx, sheet 说明: no head among the first 20 rows; columns seen: 说明, 税号, 值',
    );
  });

  test('is the first that has a head; broken cells elsewhere do not matter', async () => {
    expect(await chosen({})).toBe('旧');
    const broken = sheets.说明.replace('</sheetData>', '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row></sheetData>');
    const file = await workbookOf({ sheets: { ...sheets, 说明: broken } });
    expect((await tableFrom('a.xlsx', file)).sheet).toBe('旧');
  });

  test('that is not there is refused with the names of those that are', async () => {
    expect(await mistakeFrom('a.xlsx', await workbookOf({ sheets }), { sheet: '无' })).toBe(
      'not-found: a.xlsx：没有工作表“无”；有：说明、旧、新 | a.xlsx: no sheet 无; there are: 说明, 旧, 新',
    );
  });

  test('none has a head', async () => {
    const file = await workbookOf({ sheets: { 一: sheets.说明, 二: '<sheetData/>' } });
    expect(await mistakeFrom('a.xlsx', file)).toContain('no head among the first 20 rows of any sheet: 一, 二');
  });
});

describe('cells refused with their place', () => {
  const lost = '超过 15 位的数字在 Excel 中已丢失末位，请以文本存储';
  test.each([
    ['an error', '<c r="C3" t="e"><v>#N/A</v></c>', '错误值 #N/A'],
    ['a formula without result', '<c r="C3"><f>SUM(A1)</f></c>', '公式没有保存计算结果'],
    ['a number beyond 15 digits', '<c r="C3"><v>9.1370200123456794E+17</v></c>', lost],
    ['29 February 1900', '<c r="C3" s="1"><v>60</v></c>', '不是日期：60'],
    ['no number', '<c r="C3"><v>12a</v></c>', '不是数字：12a'],
    ['a string that is not there', '<c r="C3" t="s"><v>7</v></c>', '引用的文本不存在'],
    ['a negative string', '<c r="C3" t="s"><v>-1</v></c>', '引用的文本不存在'],
    ['an unknown type', '<c r="C3" t="q"><v>1</v></c>', '未知的单元格类型 q'],
    ['two values', '<c r="C3"><v>1</v><v>2</v></c>', 'two values'],
    ['a long text', textCell('C3', 'x'.repeat(4001)), '超过上限 每格 4000 个字符'],
  ])('%s', async (_, cell, says) => {
    const file = await workbookOf({
      ...only(sheetOf(rowOf(2, '甲', '1'), `<row r="3">${cell}</row>`)),
      styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
    });
    const said = await mistakeFrom('a.xlsx', file);
    expect(said).toContain('a.xlsx「台账」 第 3 行 C 列：');
    expect(said).toContain('a.xlsx, sheet 台账, row 3, column C: ');
    expect(said).toContain(says);
  });

  test('above the head they do not matter', async () => {
    const title = '<sheetData><row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>';
    const xml = `${title}${rowOf(2, ...head)}${rowOf(3, '甲', '1', '2')}</sheetData>`;
    expect(await read(xml)).toEqual([['甲', '1', '2']]);
  });

  test('in the head they do', async () => {
    const xml = '<sheetData><row r="1"><c r="A1" t="e"><v>#N/A</v></c></row></sheetData>';
    const withHead = xml.replace('</row>', `${textCell('B1', '单位')}${textCell('C1', '税号')}</row>`);
    expect(await mistakeFrom('a.xlsx', await workbookOf(only(withHead)))).toContain('row 1, column A: the error #N/A');
  });
});

describe('tables refused', () => {
  const merged = (ref: string): string => `<mergeCells><mergeCell ref="${ref}"/></mergeCells>`;
  const data = sheetOf(rowOf(2, '甲', '1'), rowOf(3, '乙', '2'));
  test.each([
    [
      'two equal heads',
      `<sheetData>${rowOf(1, '单位', '税号', '值', '税 号', ' 值')}</sheetData>`,
      'row 1: columns C and E have the same head: 值',
    ],
    ['a head that covers data', data + merged('A1:A3'), 'row 2: a merged cell of the head covers this row'],
    ['rows out of order', sheetOf(rowOf(3, '甲'), rowOf(2, '乙')), 'row 2 after 3'],
    ['a row twice', sheetOf(rowOf(2, '甲'), rowOf(2, '乙')), 'row 2 after 2'],
    [
      'a cell twice',
      sheetOf('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'),
      'row 2: damaged, or no proper XLSX: cell A2',
    ],
    [
      'a cell of another row',
      sheetOf('<row r="2"><c r="A3"><v>1</v></c></row>'),
      'row 2: damaged, or no proper XLSX: cell A3',
    ],
    ['a row beyond the last', sheetOf('<row r="1048577"/>'), 'row 1048577 after 1'],
    ['merged cells of nothing', data + merged('A9:A2'), 'merged cells A9:A2'],
    [
      'a column beyond the limit',
      sheetOf('<row r="2"><c r="GS2"><v>1</v></c></row>'),
      'row 2, column GS: more than the limit of 200 columns',
    ],
  ])('%s', async (_, xml, says) => {
    expect(await mistakeFrom('a.xlsx', await workbookOf(only(xml)))).toContain(says);
  });

  test('cells merged upon each other', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => rowOf(index + 2, '甲', '1'));
    const xml = `${sheetOf(...rows)}<mergeCells>${'<mergeCell ref="A2:A1001"/>'.repeat(10_000)}</mergeCells>`;
    expect(await mistakeFrom('a.xlsx', await workbookOf(only(xml)))).toContain('6000000 merged cells');
  });

  test('more rows than the limit', async () => {
    // All alike they would be packed too well, and refused as a bomb before that.
    const rows = Array.from({ length: mostRows + 1 }, (_, index) => `<row><c><v>${index}</v></c></row>`).join('');
    expect(await mistakeFrom('a.xlsx', await workbookOf(only(sheetOf(rows))))).toContain(
      'row 500001: more than the limit of 500000 rows',
    );
  }, 60_000);
});
