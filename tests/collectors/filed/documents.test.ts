import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, test } from 'vitest';
import { largestFile } from '../../../src/collectors/filed/below.ts';
import { documents } from '../../../src/collectors/filed/documents.ts';
import { collected, freshFolder, platformOf, smallPdf, smallPng, zipOf } from './support.ts';

const withPapers = (folder: string, ...items: Record<string, unknown>[]) =>
  platformOf(folder, { documents: { folder: 'papers', items } });

const onePaper = async (file: string, content: string | Buffer) => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, file), content);
  return collected(documents, withPapers(folder, { id: 'paper', title: '材料', file }), 'paper');
};

const nothingStated = { addresses: [], ports: [], phones: [], identities: [] };

test('a PDF enters with size, both hashes, dates and what it states, and no byte of it', async () => {
  const { folder, papers } = await freshFolder();
  await mkdir(join(papers, '2023'));
  const file = '2023/备案表.pdf';
  await writeFile(join(papers, file), smallPdf());
  const platform = withPapers(folder, {
    id: 'network-address-filing',
    title: '网络地址备案表',
    file,
    date: '2023-12-26',
    validUntil: '2026-12-25',
    states: {
      unitName: '某某技术有限公司',
      creditCode: '9161252LQ1136652JR',
      addresses: [{ address: '10.90.661.910' }],
    },
  });
  expect(documents.subjects(platform)).toEqual(['network-address-filing']);
  expect(await collected(documents, platform, 'network-address-filing')).toEqual({
    id: 'network-address-filing',
    title: '网络地址备案表',
    file,
    held: true,
    bytes: smallPdf().length,
    mediaType: 'application/pdf',
    sha256: createHash('sha256').update(smallPdf()).digest('hex'),
    sm3: createHash('sm3').update(smallPdf()).digest('hex'),
    date: '2023-12-26',
    validUntil: '2026-12-25',
    states: {
      ...nothingStated,
      unitName: '某某技术有限公司',
      creditCode: '9161252LQ1136652JR',
      addresses: [{ address: '10.90.661.910', environment: 'production' }],
    },
  });
});

test('the hashes are those of the standards’ test vectors', async () => {
  // FIPS 180-2, B.1; GB/T 32905-2016, A.1.
  expect(await onePaper('abc.txt', 'abc')).toMatchObject({
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  });
});

test('a paper that is not held is observed as such', async () => {
  const { folder } = await freshFolder();
  const platform = withPapers(folder, { id: 'paper', title: '材料', file: 'gone.pdf', held: false });
  expect(await collected(documents, platform, 'paper')).toEqual({
    id: 'paper',
    title: '材料',
    held: false,
    bytes: 0,
    mediaType: 'unknown',
    states: nothingStated,
  });
});

test('numbers of persons are judged, masked and hashed; equal ones have equal hashes', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'a.pdf'), smallPdf());
  const identities = [
    { role: '法定代表人', number: '315268198025995201' },
    { role: '财务负责人', number: '11010519491231002X' },
  ];
  const platform = withPapers(
    folder,
    { id: 'a', title: 'A', file: 'a.pdf', states: { identities, phones: [{ role: '联系人', number: '10055221456' }] } },
    {
      id: 'b',
      title: 'B',
      file: 'a.pdf',
      states: { identities: [{ role: '经办人', number: ' 11010519491231002x ' }] },
    },
  );
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  const a = await collected(documents, platform, 'a');
  const b = await collected(documents, platform, 'b');
  expect(a).toMatchObject({
    states: {
      phones: [{ role: '联系人', valid: false, problems: ['shape'], masked: '100******56' }],
      identities: [
        {
          role: '法定代表人',
          valid: false,
          problems: ['region', 'birth-date', 'check-digit'],
          masked: '3****************1',
          hash,
        },
        { role: '财务负责人', valid: true, problems: [], masked: '1****************X', hash },
      ],
    },
  });
  const hashesIn = (value: unknown): string[] => JSON.stringify(value).match(/(?<="hash":")\w+/g) ?? [];
  expect(hashesIn(b)).toEqual(hashesIn(a).slice(1));
  // A salted hash: nobody can look the number up.
  expect(hashesIn(b)).not.toContain(createHash('sha256').update('11010519491231002X').digest('hex'));
  expect(JSON.stringify([a, b])).not.toMatch(/315268|19491231|10055221456/);
});

test.each([
  ['10055221456', [['100******56', ['shape']]]],
  [
    '13800138000 13900139000',
    [
      ['138******00', []],
      ['139******00', []],
    ],
  ],
  ['027 8888 6666', [['027******66', []]]],
  [
    '李示例：027-88886666转801；88886666',
    [
      ['027******66', []],
      ['********', ['area-code']],
    ],
  ],
  ['见附页', []],
  ['无', []],
])('a number among the fields is judged like any other: %s', async (phone, judged) => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, '表.txt'), '表');
  const item = { id: 'paper', title: '材料', file: '表.txt', states: { fields: { phone } } };
  const phones = judged.map(([masked, problems]) => ({
    role: '联系人',
    valid: problems?.length === 0,
    problems,
    masked,
  }));
  expect(await collected(documents, withPapers(folder, item), 'paper')).toMatchObject({ states: { phones } });
});

test('a person in any field, topic or title is hidden', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'a.pdf'), smallPdf());
  const fields = { phone: '王小明 13812345678', mobile: '见附页', details: '经办人：王小明 11010519491231002X' };
  const states = { fields, topics: { contact: '第3页，联系人：王小明' } };
  const platform = withPapers(folder, { id: 'a', title: '身份证 11010519491231002X', file: 'a.pdf', states });
  const value = await collected(documents, platform, 'a');
  expect(value).toMatchObject({
    title: '身份证 1****************X',
    states: {
      fields: { phone: '138******78', mobile: '***', details: '经办人:王** 1****************X' },
      topics: { contact: '第3页,联系人:王**' },
    },
  });
});

test('who signed, fields and topics are kept as declared; what names a person or a number of one is masked', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'a.pdf'), smallPdf());
  const platform = withPapers(folder, {
    id: 'access-form',
    title: '接入申请表',
    file: 'a.pdf',
    signatures: [{ party: 'unit', signed: true, sealed: true, on: '2025-01-02' }, { party: 'bureau' }],
    states: {
      fields: {
        correctionMonths1: 3,
        cleanRecord: true,
        period: ' 长期　',
        contact: ' 张三丰 ',
        legalRepresentative: '李四',
        phone: 13800138000,
        handler: '无',
      },
      topics: { network: '第１２页', risk: '无' },
    },
  });
  const value = await collected(documents, platform, 'access-form');
  expect(value).toMatchObject({
    signatures: [
      { party: 'unit', signed: true, sealed: true, on: '2025-01-02' },
      { party: 'bureau', signed: false, sealed: false },
    ],
    states: {
      fields: {
        correctionMonths1: '3',
        cleanRecord: 'true',
        period: '长期',
        contact: '张**',
        legalRepresentative: '李*',
        phone: '138******00',
        handler: '无',
      },
      topics: { network: '第12页', risk: '无' },
    },
  });
  expect(JSON.stringify(value)).not.toMatch(/三|四|0013/);
});

describe('the type is told by content', () => {
  test.each<[string, () => Buffer | string | Promise<Buffer>, string]>([
    ['a.pdf', smallPdf, 'application/pdf'],
    ['scan.dat', smallPdf, 'application/pdf'],
    ['junk-before.pdf', () => Buffer.concat([Buffer.alloc(1000, 0x20), smallPdf()]), 'application/pdf'],
    ['long.pdf', () => Buffer.concat([smallPdf(), Buffer.alloc(300_000, 0xff)]), 'application/pdf'],
    ['cut-in-a-later-stage.pdf', () => Buffer.concat([smallPdf(), Buffer.alloc(5000, 0x81)]), 'unknown'],
    ['cut-off.pdf', () => Buffer.concat([smallPdf().subarray(0, 100), Buffer.from([0xff])]), 'unknown'],
    ['a.png', () => smallPng, 'image/png'],
    ['a.jpg', () => Buffer.from('ffd8ffe000104a464946', 'hex'), 'image/jpeg'],
    ['a.tif', () => Buffer.from('49492a0008000000', 'hex'), 'image/tiff'],
    ['b.tif', () => Buffer.from('4d4d002a00000008', 'hex'), 'image/tiff'],
    ['a.doc', () => Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'application/x-ole-storage'],
    ['a.ofd', () => zipOf('OFD.xml', 'Doc_0/Document.xml'), 'application/ofd'],
    [
      'a.docx',
      () => zipOf('[Content_Types].xml', 'word/document.xml'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [
      'a.xlsx',
      () => zipOf('[Content_Types].xml', 'xl/workbook.xml'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
    ['a.zip', () => zipOf('one.txt', 'constructor'), 'application/zip'],
    ['cut-off.docx', async () => (await zipOf('word/document.xml')).subarray(0, 60), 'unknown'],
    ['a.txt', () => '﻿承诺书\r\n\t一、…\n', 'text/plain'],
    ['text.pdf', () => '本单位郑重承诺', 'text/plain'],
    ['text-like.pdf', () => '%PDF-1.4 is how a PDF begins', 'text/plain'],
    ['gb18030.txt', () => Buffer.from('b3d0c5b5cae9', 'hex'), 'unknown'],
    ['control.txt', () => 'a\u001bb', 'unknown'],
    ['cut-in-a-character.txt', () => Buffer.from('承诺').subarray(0, 5), 'unknown'],
    ['empty.pdf', () => '', 'unknown'],
  ])('%s', async (file, content, mediaType) => {
    expect(await onePaper(file, await content())).toMatchObject({ held: true, mediaType });
  });

  test('across the chunks of a long file: a character and a PDF’s end mark', async () => {
    const chunk = 256 * 1024;
    expect(await onePaper('long.txt', `${'a'.repeat(chunk - 1)}承诺`)).toMatchObject({ mediaType: 'text/plain' });
    const start = Buffer.from('%PDF-1.4\n');
    const pdf = Buffer.concat([start, Buffer.alloc(chunk - start.length - 2, 0xff), Buffer.from('%%EOF')]);
    expect(await onePaper('long.pdf', pdf)).toMatchObject({ mediaType: 'application/pdf', bytes: chunk + 3 });
  });

  test('the hand-made PDF really is one', async () => {
    expect((await PDFDocument.load(smallPdf())).getPageCount()).toBe(1);
  });
});

describe('a paper that cannot be had says why', () => {
  const refusal = async (folder: string, file: string | undefined) => {
    const platform = withPapers(folder, { id: 'paper', title: '材料', ...(file === undefined ? {} : { file }) });
    const error: unknown = await collected(documents, platform, 'paper').catch((thrown: unknown) => thrown);
    return error;
  };

  test.each([
    ['../outside.pdf', 'refused'],
    ['a/../../outside.pdf', 'refused'],
    ['/etc/hostname', 'refused'],
    ['.', 'refused'],
    ['link-out.pdf', 'refused'],
    ['folder-out/outside.pdf', 'refused'],
    ['missing.pdf', 'not-found'],
    ['dangling.pdf', 'not-found'],
    ['loop.pdf', 'not-found'],
    ['a.pdf/b.pdf', 'not-found'],
    ['nul\u0000.pdf', 'not-found'],
    [`${'x'.repeat(300)}.pdf`, 'not-found'],
    ['folder', 'not-found'],
    ['pipe', 'not-found'],
    ['socket', 'not-found'],
    ['huge.pdf', 'too-large'],
    [undefined, 'not-declared'],
  ])('%j: %s', async (file, reason) => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(folder, 'outside.pdf'), smallPdf());
    await writeFile(join(papers, 'a.pdf'), smallPdf());
    await mkdir(join(papers, 'folder'));
    await symlink(join(folder, 'outside.pdf'), join(papers, 'link-out.pdf'));
    await symlink(folder, join(papers, 'folder-out'));
    await symlink('nowhere', join(papers, 'dangling.pdf'));
    await symlink('loop.pdf', join(papers, 'loop.pdf'));
    execFileSync('mkfifo', [join(papers, 'pipe')]);
    await using _server = createServer().listen(join(papers, 'socket'));
    await writeFile(join(papers, 'huge.pdf'), '%PDF-');
    // Sparse: it takes no room.
    await truncate(join(papers, 'huge.pdf'), largestFile + 1);
    const error = await refusal(folder, file);
    expect(error).toMatchObject({ name: 'Unavailable', reason });
    expect(String(error)).not.toContain(folder);
  });

  test('not readable: denied', async () => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(papers, 'a.pdf'), smallPdf());
    await chmod(folder, 0o755);
    await chmod(join(papers, 'a.pdf'), 0o000);
    expect(await withoutRoot(() => refusal(folder, 'a.pdf'))).toMatchObject({ reason: 'denied' });
  });

  test('symbolic links that stay inside the folder are followed', async () => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(papers, 'a.pdf'), smallPdf());
    await symlink('a.pdf', join(papers, 'b.pdf'));
    const platform = withPapers(folder, { id: 'paper', title: '材料', file: 'b.pdf' });
    expect(await collected(documents, platform, 'paper')).toMatchObject({
      file: 'b.pdf',
      mediaType: 'application/pdf',
    });
  });

  test('an interruption is passed on', async () => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(papers, 'a.pdf'), smallPdf());
    const platform = withPapers(folder, { id: 'paper', title: '材料', file: 'a.pdf' });
    await expect(collected(documents, platform, 'paper', AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

// Root reads everything: the file is asked for as nobody.
async function withoutRoot<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
