import { PDFDocument, PDFName, PDFRawStream, PDFRef } from '@cantoo/pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/reporters/html/html.ts';
import { withChromium } from '../../../src/reporters/pdf/chromium.ts';
import { contentsLines, numberContents } from '../../../src/reporters/pdf/contents.ts';
import { destinationPages } from '../../../src/reporters/pdf/finish.ts';
import { readText, streamText } from '../../../src/reporters/pdf/text.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { closedGate } from '../gate.ts';

const assessment = assessmentFixture();
const load = (bytes: Uint8Array) => PDFDocument.load(bytes, { updateMetadata: false });
const contentsOf = (document: PDFDocument) => readText(document)[1]?.text ?? '';

test('no line of the table of contents is missed, whatever its title and however many digits its number has', () => {
  const count = (html: string): number => html.match(/<b class="page">/g)?.length ?? 0;
  for (const language of languages) {
    const html = renderHtml(assessment, language, {});
    const broken = html.replace(/(<li class="level-2"><a [^>]*><span>)/, '$1two\nlines ');
    expect(broken).not.toBe(html);
    const numbered = renderHtml(assessment, language, {
      pages: new Map([
        ['c-1', 1],
        ['c-2', 1234],
      ]),
    });
    for (const each of [html, broken, numbered]) expect(contentsLines(each)).toHaveLength(count(each));
  }
});

describe.each(languages)('the table of contents in %s', (language) => {
  const html = renderHtml(assessment, language, {});
  const lines = contentsLines(html);
  let bytes: Uint8Array;
  let pages: Map<string, number>;
  /** As it is printed where the numbers are known before. */
  let numbered: PDFDocument;

  beforeAll(async () => {
    const { result } = await withChromium({ gate: closedGate() }, async (print) => {
      const first = await print(html);
      pages = destinationPages(await load(first));
      return { first, second: await print(renderHtml(assessment, language, { pages })) };
    });
    bytes = result.first;
    numbered = await load(result.second);
  });

  test('is numbered in the print as a second print would number it', async () => {
    const document = await load(bytes);
    expect(lines.length).toBeGreaterThan(20);
    expect(numberContents(document, lines, pages)).toBe(true);
    expect(contentsOf(document)).toBe(contentsOf(numbered));
    expect(contentsOf(await load(bytes))).not.toBe(contentsOf(numbered));
  });

  test('is not confused with the number of pages, which may have the same digits', async () => {
    const document = await load(bytes);
    const reference = document.getPage(1).node.get(PDFName.of('Contents'));
    const stream = reference instanceof PDFRef ? document.context.lookup(reference) : undefined;
    if (!(reference instanceof PDFRef && stream instanceof PDFRawStream)) return expect.unreachable();
    const content = streamText(stream);
    const [, first = ''] = content.match(/BDC\n(BT\n(?:.+\n){2}(?:.*<[0-9A-F]{4}> Tj\n){3}ET)/) ?? [];
    // Without a tag, as Chromium draws what stands in the margins.
    document.context.assign(reference, document.context.stream(Buffer.from(`${first}\n${content}`, 'latin1')));
    expect(contentsOf(document).startsWith('012')).toBe(true);
    const again = await load(await document.save());
    expect(numberContents(again, lines, pages)).toBe(true);
    expect(contentsOf(again)).toBe(`012${contentsOf(numbered)}`);
  });

  test('has room for a fourth digit', async () => {
    const document = await load(bytes);
    const many = new Map([...pages].map(([anchor, page]) => [anchor, page + 1200]));
    expect(numberContents(document, lines, many)).toBe(true);
    expect(contentsOf(document)).toContain(String((pages.get('c-8') ?? 0) + 1200));
  });

  test.each([
    ['a line that the print has not', () => [...lines, { anchor: 'c-1', label: 'x', stand: '999' }]],
    ['another number in its place', () => lines.map((line) => ({ ...line, stand: '999' }))],
    ['a place without a page', () => lines.map((line) => ({ ...line, anchor: 'nowhere' }))],
  ])('is left as it is where there is %s', async (_, change) => {
    const document = await load(bytes);
    expect(numberContents(document, change(), pages)).toBe(false);
    expect(contentsOf(document)).toBe(contentsOf(await load(bytes)));
  });
});
