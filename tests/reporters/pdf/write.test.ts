import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDict, PDFDocument, PDFHexString, PDFName, PDFRef, PDFStream, StandardFonts } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import { writePdf } from '../../../src/reporters/pdf/write.ts';

/** A document with so many small objects that lead to each other, numbers left out among them. */
async function documentOf(count: number): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const page = document.addPage();
  page.drawText('found', { font: await document.embedFont(StandardFonts.Helvetica) });
  await document.attach(Buffer.from('{"a":1}'), 'assessment.json', { mimeType: 'application/json' });
  const { context } = document;
  const first = context.largestObjectNumber + 10;
  for (let index = 0; index < count; index += 1)
    context.assign(
      PDFRef.of(first + index * 2),
      context.obj({ Name: PDFHexString.fromText(`对象 ${index}`), Next: PDFRef.of(first + ((index + 1) % count) * 2) }),
    );
  context.assign(PDFRef.of(first + 1, 3), context.obj({ Late: true }));
  document.catalog.set(PDFName.of('Chain'), PDFRef.of(first));
  const id = PDFHexString.of('00112233445566778899AABBCCDDEEFF');
  context.trailerInfo.ID = context.obj([id, id]);
  return document;
}

test('every object is read again as it was, and other programs find no fault', async () => {
  const count = 1234;
  const document = await documentOf(count);
  const bytes = await writePdf(document);
  const read = await PDFDocument.load(bytes, { updateMetadata: false });
  // What streams hold is seen below, as their readers see it.
  const plain = document.context.enumerateIndirectObjects().filter(([, object]) => !(object instanceof PDFStream));
  const written = new Map(plain.map(([ref, object]) => [String(ref), String(object)]));
  for (const [ref, text] of written) {
    const [number = 0, generation = 0] = ref.split(' ').map(Number);
    expect(`${read.context.lookup(PDFRef.of(number, generation))}`).toBe(text);
  }
  expect(written.size).toBeGreaterThan(count);
  let at = read.catalog.lookup(PDFName.of('Chain'), PDFDict);
  for (let step = 0; step < count - 1; step += 1) at = at.lookup(PDFName.of('Next'), PDFDict);
  expect(at.lookup(PDFName.of('Name'), PDFHexString).decodeText()).toBe(`对象 ${count - 1}`);
  expect(String(read.context.trailerInfo.ID)).toBe(String(document.context.trailerInfo.ID));
  expect(read.getAttachments().map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
    ['assessment.json', '{"a":1}'],
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-write-'));
  try {
    const path = join(folder, 'x.pdf');
    await writeFile(path, bytes);
    expect(execFileSync('qpdf', ['--check', path], { encoding: 'utf8' })).toContain(
      'No syntax or stream encoding errors',
    );
    expect(execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })).toContain('found');
    expect(execFileSync('pdfinfo', [path], { encoding: 'utf8' })).toMatch(/PDF version: +1\.7/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the same document gives the same bytes', async () => {
  const [one, other] = [await writePdf(await documentOf(300)), await writePdf(await documentOf(300))];
  expect(Buffer.compare(one, other)).toBe(0);
});
