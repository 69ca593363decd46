import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mistakeFrom, partsOf, rowOf, sheetOf, tableFrom, workbookOf, zipOf } from './support.ts';

const good = partsOf({ sheets: { 台账: sheetOf(rowOf(2, '甲', '1')) } });
const sheet = 'xl/worksheets/sheet1.xml';
const sheetText = String(good[sheet]);

/** A workbook with one part in the place of another. */
const withPart = (part: string, content: string | Buffer, compress = true): Promise<Buffer> =>
  zipOf({ ...good, [part]: content }, compress);

// Ten megabytes of one byte, packed; pieces that end with a full flush may follow each other (RFC 1951, RFC 1950 2.3).
const piece = (fill: string): Buffer =>
  deflateRawSync(Buffer.alloc(10 * 1024 * 1024, fill), { finishFlush: constants.Z_FULL_FLUSH });

/** The sample workbook with a sheet of that many such pieces, declared as of that size. */
function bombOf(pieces: Buffer[], declared: number): Promise<Buffer> {
  const packed = Buffer.concat([
    deflateRawSync(sheetText.replace('</sheetData></worksheet>', ''), { finishFlush: constants.Z_FULL_FLUSH }),
    ...pieces,
    deflateRawSync(''),
  ]);
  return withPart(sheet, packed, false).then((zip) => repacked(zip, packed.length, declared));
}

// A stored entry becomes the deflated sheet: method and sizes are set in the local header and the central directory.
function repacked(zip: Buffer, size: number, declared: number): Buffer {
  const forged = Buffer.from(zip);
  for (let at = forged.indexOf(sheet); at >= 0; at = forged.indexOf(sheet, at + 1)) {
    const central = forged.readUInt32LE(Math.max(0, at - 46)) === 0x02014b50;
    const method = central ? at - 46 + 10 : at - 30 + 8;
    forged.writeUInt16LE(8, method);
    forged.writeUInt32LE(size, method + 10);
    forged.writeUInt32LE(declared, method + 14);
  }
  return forged;
}

describe('bombs', () => {
  const zeros = piece('\0');

  test('a gigabyte of zeros in one part is refused before it is unpacked', async () => {
    const bomb = await bombOf(Array(100).fill(zeros), 100 * 10 * 1024 * 1024 + 1000);
    const before = process.memoryUsage().rss;
    expect(await mistakeFrom('a.xlsx', bomb)).toMatch(/^too-large: a\.xlsx：超过上限 解压后 \d+ 字节/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('one that lies about its size is stopped on the way', async () => {
    expect(await mistakeFrom('a.xlsx', await bombOf(Array(100).fill(zeros), 1000))).toContain(
      'too many bytes in the stream',
    );
  });

  test('blanks between the rows, ten megabytes of them', async () => {
    expect(await mistakeFrom('a.xlsx', await bombOf([piece(' ')], 10_000_000))).toContain(
      '1000000 characters in a row',
    );
  });

  test.each([
    ['one text', `<sst><si><t>${'x'.repeat(3_000_000)}</t></si></sst>`],
    ['one attribute', `<sst a="${'x'.repeat(3_000_000)}"/>`],
    ['one comment', `<sst><!--${'x'.repeat(3_000_000)}--></sst>`],
    ['nested elements', '<a>'.repeat(1_000_000)],
  ])('%s without end', async (_, xml) => {
    expect(await mistakeFrom('a.xlsx', await withPart('xl/sharedStrings.xml', xml))).toMatch(/^too-large/);
  });

  test('entries without end', async () => {
    const names = Array.from({ length: 10_001 }, (_, index) => [`e${index}`, ''] as const);
    expect(await mistakeFrom('a.xlsx', await zipOf({ ...good, ...Object.fromEntries(names) }, false))).toContain(
      '10000 zip entries',
    );
  }, 60_000);

  test('a file beyond the limit', async () => {
    expect(await mistakeFrom('a.xlsx', Buffer.alloc(64 * 1024 * 1024 + 1))).toContain(
      'too-large: a.xlsx：文件有 67108865 字节，超过上限 67108864',
    );
  });
});

describe('XML', () => {
  test.each(['[Content_Types].xml', ...Object.keys(good)])(
    'DOCTYPE in %s is refused if the part is read',
    async (part) => {
      const declared = `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${String(good[part] ?? '<a/>').replace(/^<\?xml.*\?>\s*/, '')}`;
      const said = await mistakeFrom('a.xlsx', await withPart(part, declared));
      expect(said ?? 'not read').toContain(part.startsWith('[') ? 'not read' : `${part}: DOCTYPE`);
    },
  );

  test.each([
    ['an entity', sheetText.replace('甲', '&b;'), 'undefined entity'],
    ['an open element', sheetText.slice(0, -20), 'unclosed tag'],
    [
      'broken UTF-8',
      Buffer.concat([Buffer.from(sheetText.slice(0, 200)), Buffer.from([0xff])]),
      'xl/worksheets/sheet1.xml',
    ],
    ['nothing at all', '', 'xl/worksheets/sheet1.xml'],
  ])('%s', async (_, xml, says) => {
    const said = await mistakeFrom('a.xlsx', await withPart(sheet, xml));
    expect(said).toMatch(/^unparsable: a\.xlsx：文件损坏或不合 XLSX 规范/);
    expect(said).toContain(says);
  });

  test('rows outside the sheet data do not count', async () => {
    const xml = sheetText.replace('</worksheet>', `<extLst><ext>${rowOf(3, '乙', '2')}</ext></extLst></worksheet>`);
    expect((await tableFrom('a.xlsx', await withPart(sheet, xml))).rows).toHaveLength(1);
  });
});

describe('packages', () => {
  test('names that lead out of the zip harm nothing', async () => {
    const file = await zipOf({ ...good, 'aa/aa/passwd': 'x' });
    const forged = Buffer.from(file.toString('latin1').replaceAll('aa/aa/passwd', '../../passwd'), 'latin1');
    expect((await tableFrom('a.xlsx', forged)).rows).toHaveLength(1);
  });

  test('a part twice is refused', async () => {
    const file = await zipOf({ ...good, 'xl/worksheets/sheet2.xml': sheetText });
    const forged = Buffer.from(file.toString('latin1').replaceAll('sheet2.xml', 'sheet1.xml'), 'latin1');
    expect(await mistakeFrom('a.xlsx', forged)).toContain('xl/worksheets/sheet1.xml is there twice');
  });

  test('external relationships are not followed', async () => {
    const links = 'xl/_rels/workbook.xml.rels';
    const outside = String(good[links]).replace(
      'Target="worksheets/sheet1.xml"',
      'Target="http://127.0.0.1/a" TargetMode="External"',
    );
    expect(await mistakeFrom('a.xlsx', await withPart(links, outside))).toContain('no worksheet');
  });

  test('cut off', async () => {
    const file = await zipOf(good);
    expect(await mistakeFrom('a.xlsx', file.subarray(0, file.length - 100))).toMatch(/^unparsable/);
  });

  test('an encrypted entry', async () => {
    const file = await zipOf(good);
    for (let at = 0; at + 10 < file.length; at += 1) {
      if (file.readUInt32LE(at) === 0x02014b50) file.writeUInt16LE(file.readUInt16LE(at + 8) | 1, at + 8);
    }
    expect(await mistakeFrom('a.xlsx', file)).toContain('not-supported: a.xlsx：已加密');
  });

  test.each([
    ['a zip of something else', { 'a.txt': 'x' }],
    [
      'a Word document',
      {
        'word/document.xml': '<w:document/>',
        '_rels/.rels': String(good['_rels/.rels']).replace('xl/workbook', 'word/document'),
      },
    ],
    [
      'a binary workbook',
      { 'xl/workbook.bin': 'x', '_rels/.rels': String(good['_rels/.rels']).replace('workbook.xml', 'workbook.bin') },
    ],
  ])('%s', async (_, parts) => {
    expect(await mistakeFrom('a.xlsx', await zipOf(parts))).toContain(
      'not-supported: a.xlsx：压缩包内没有 XLSX 工作簿',
    );
  });

  test('after any damage to a byte it is refused or read the same', async () => {
    const file = await zipOf(good);
    const intact = await tableFrom('a.xlsx', file);
    let refused = 0;
    for (let at = 0; at < file.length; at += 11) {
      const hurt = Buffer.from(file);
      hurt[at] = (hurt[at] ?? 0) ^ 0x15;
      if ((await mistakeFrom('a.xlsx', hurt)) === undefined) expect(await tableFrom('a.xlsx', hurt)).toEqual(intact);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(50);
  });
});

// [MS-CFB] 2.2: header of version 3, sectors of 512 bytes; the directory's first sector at 48.
function compoundFile(directorySector: number, streamName: string): Buffer {
  const file = Buffer.alloc(512 * (directorySector + 2));
  file.write('d0cf11e0a1b11ae1', 'hex');
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(directorySector, 48);
  file.write(streamName, 512 * (directorySector + 1) + 128, 'utf16le');
  return file;
}

describe('compound files', () => {
  test.each([1, 1000])('an encrypted workbook, its directory in sector %i', async (sector) => {
    expect(await mistakeFrom('a.xlsx', compoundFile(sector, 'EncryptedPackage'))).toBe(
      'not-supported: a.xlsx：已加密，请另存为无密码的 xlsx | a.xlsx: encrypted; save it as xlsx without a password',
    );
  });

  test.each([
    ['an old workbook', compoundFile(1, 'Workbook')],
    ['a cut one', compoundFile(1, 'Workbook').subarray(0, 20)],
    ['one whose directory lies nowhere', compoundFile(1, 'Workbook').fill(0xff, 30, 52)],
  ])('%s', async (_, content) => {
    expect(await mistakeFrom('a.xls', content)).toContain(
      'not-supported: a.xls：旧式 Excel 97-2003 文件，请另存为 .xlsx 或 CSV',
    );
  });
});

test('stops when told to', async () => {
  const rows = '<row><c><v>1</v></c></row>'.repeat(190_000);
  const file = await workbookOf({ sheets: { 台账: sheetOf(rows) } });
  await expect(tableFrom('a.xlsx', file, {}, AbortSignal.timeout(20))).rejects.toThrow('timeout');
});
