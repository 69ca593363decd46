import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from '@cantoo/pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { assessmentJson } from '../../../src/reporters/json.ts';
import { destinationPages } from '../../../src/reporters/pdf/finish.ts';
import { pdf } from '../../../src/reporters/pdf/pdf.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { closedGate } from '../gate.ts';
import { look, type SeenPdf } from './poppler.ts';

const assessment = assessmentFixture();
const packed = (text: string) => text.replace(/\s/g, '');

describe.each(languages)('the PDF in %s', (language) => {
  let bytes: Uint8Array;
  let again: Uint8Array[];
  let seen: SeenPdf;
  let document: PDFDocument;

  beforeAll(async () => {
    const gate = closedGate();
    ({ bytes } = await pdf.render(assessment, { language, gate }));
    // Both at once: the machine is busy with something else than the first time.
    const both = [pdf.render(assessment, { language, gate }), pdf.render(assessment, { language, gate })];
    again = (await Promise.all(both)).map((each) => each.bytes);
    seen = await look(bytes);
    document = await PDFDocument.load(bytes, { updateMetadata: false });
  });

  test('is A4, tagged, dated by the evidence, and says who made it of whom', () => {
    expect(Number(seen.info.get('Pages'))).toBeGreaterThan(15);
    expect(seen.info.get('Page size')).toContain('A4');
    expect(seen.info.get('Tagged')).toBe('yes');
    expect(seen.info.get('CreationDate')).toBe('2026-11-21T18:11:47Z');
    expect(seen.info.get('ModDate')).toBe('2026-11-21T18:11:47Z');
    expect(seen.info.get('Author')).toBe(assessment.unit.name);
    expect(seen.info.get('Title')).toContain(assessment.number);
    expect(seen.info.get('Producer')).toBe('leqi-audit 0.1.0');
  });

  test('embeds our fonts only, none of them Type 3', () => {
    expect(seen.fonts.length).toBeGreaterThan(3);
    for (const line of seen.fonts) {
      expect(line).toMatch(/^[A-Z]{6}\+Noto(SerifSC|SansSC|SansMono|SansSymbols2)-(Regular|Bold) +CID TrueType/);
      expect(line).toMatch(/ yes yes yes /);
    }
  });

  test('has every requirement, and its number at the head of each page', () => {
    const text = packed(seen.text);
    const wanted = assessment.requirements.flatMap(({ id, title }) => [id, packed(title[language])]);
    expect(wanted.filter((each) => !text.includes(each))).toEqual([]);
    const pages = seen.text.split('\f').slice(0, -1);
    expect(pages.filter((page) => !page.includes(assessment.number))).toEqual([]);
    expect(pages.at(-1)).toContain(language === 'zh' ? `第 ${pages.length} 页` : `Page ${pages.length} of`);
  });

  test('carries the assessment itself', () => {
    expect(seen.attachment?.equals(assessmentJson(assessment))).toBe(true);
  });

  test('has bookmarks for each chapter and requirement', () => {
    // A figure and its unit are held together by a blank of their own.
    const titles = outlineOf(document).map((each) => each.replaceAll('\u00a0', ' '));
    const chapters =
      language === 'zh' ? ['一、评估结论', '八、声明与签署'] : ['1 Conclusion', '8 Statements and signatures'];
    expect(titles).toEqual(expect.arrayContaining(chapters));
    for (const { id, title, verdict } of assessment.requirements) {
      if (verdict !== 'not-applicable')
        expect(
          titles.some((each) => each.endsWith(`. ${id} ${title[language]}`)),
          id,
        ).toBe(true);
    }
  });

  test('has a contents page whose numbers are true', () => {
    const pages = destinationPages(document);
    const [, contents = ''] = seen.text.split('\f');
    const numbers = [...contents.matchAll(/ ?(\d+)$/gm)].map(([, number]) => Number(number));
    const chapters = [1, 2, 3, 4, 5, 6, 7, 8].map((chapter) => pages.get(`c-${chapter}`));
    expect(chapters).not.toContain(undefined);
    expect(numbers).toEqual(expect.arrayContaining(chapters));
    expect(numbers).not.toContain(0);
  });

  test('leads its links to the text they name, not a margin above', () => {
    const named = document.catalog.lookup(PDFName.of('Dests'), PDFDict).lookup(PDFName.of('c-1'), PDFArray);
    const top = named.lookup(3, PDFNumber).asNumber();
    const outline = destinationOf(document, language === 'zh' ? '一、评估结论' : '1 Conclusion');
    expect(Math.abs(top - outline)).toBeLessThan(15);
  });

  // What differs is kept for whoever looks into it.
  test('is the same bytes when printed again', async () => {
    const prints = [bytes, ...again];
    const isSame = prints.every((one) => Buffer.compare(one, bytes) === 0);
    if (!isSame) {
      const folder = await mkdtemp(join(tmpdir(), `leqi-audit-pdf-differs-${language}-`));
      for (const [index, print] of prints.entries()) await writeFile(join(folder, `${index}.pdf`), print);
      process.stderr.write(`the prints of one report differ; they are kept in ${folder}\n`);
    }
    expect(isSame).toBe(true);
  });
});

function outlineOf(document: PDFDocument): string[] {
  return entriesOf(document.catalog.lookup(PDFName.of('Outlines'), PDFDict)).map(titleOf);
}

function destinationOf(document: PDFDocument, title: string): number {
  const entry = entriesOf(document.catalog.lookup(PDFName.of('Outlines'), PDFDict)).find(
    (each) => titleOf(each) === title,
  );
  return entry?.lookup(PDFName.of('Dest'), PDFArray).lookup(3, PDFNumber).asNumber() ?? Number.NaN;
}

function entriesOf(above: PDFDict): PDFDict[] {
  const found: PDFDict[] = [];
  let entry = above.lookupMaybe(PDFName.of('First'), PDFDict);
  while (entry) {
    found.push(entry, ...entriesOf(entry));
    entry = entry.lookupMaybe(PDFName.of('Next'), PDFDict);
  }
  return found;
}

function titleOf(entry: PDFDict): string {
  return entry.lookupMaybe(PDFName.of('Title'), PDFString, PDFHexString)?.decodeText() ?? '';
}
