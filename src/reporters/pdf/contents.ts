import { deflateSync } from 'node:zlib';
import { PDFDict, type PDFDocument, PDFName, PDFRawStream, PDFRef } from '@cantoo/pdf-lib';
import { fontsOf, streamText } from './text.ts';
import type { ToUnicode } from './to-unicode.ts';

/** A line of the table of contents: where it leads, and what is printed in place of its page number until that is known. */
export type ContentsLine = { readonly anchor: string; readonly label: string; readonly stand: string };

/** The page on which each line's place is. */
type Pages = ReadonlyMap<string, number>;

/** The lines of the table of contents of a page; labels as they stand in the markup. */
export function contentsLines(html: string): ContentsLine[] {
  const lines = html.matchAll(
    /<li class="level-\d"><a href="#([\w-]+)"><span>([\s\S]*?)<\/span><i class="leader"><\/i><b class="page">(\d+)<\/b><\/a><\/li>/g,
  );
  return [...lines].map(([, anchor = '', label = '', stand = '']) => ({ anchor, label, stand }));
}

/**
 * Puts the page numbers into the table of contents of a document that is printed already, so that it need not be printed a second
 * time for them: the digits are exchanged where they stand, as wide as they were, and flush on the right. Changes nothing and
 * returns false where the print does not look as expected: it must then be made anew, with the numbers in it.
 */
export function numberContents(document: PDFDocument, lines: readonly ContentsLine[], pages: Pages): boolean {
  const waiting = [...lines];
  const changes = new Map<PDFRef, string>();
  // It is near the front, and nothing before its end is made of three digits alone.
  for (const page of document.getPages().slice(0, 8)) {
    if (waiting.length === 0) break;
    const reference = page.node.get(PDFName.of('Contents'));
    const stream = reference instanceof PDFRef ? document.context.lookup(reference) : undefined;
    if (!(reference instanceof PDFRef) || !(stream instanceof PDFRawStream)) return false;
    const fonts = digitsOn(document, page.node.Resources()?.lookupMaybe(PDFName.of('Font'), PDFDict));
    const before = streamText(stream);
    const after = before.replace(textObject, (whole, ...groups) => {
      const drawn = drawnIn(groups.at(-1) as Partial<Record<string, string>>);
      const digits = drawn && fonts.get(drawn.font);
      const [line] = waiting;
      if (!drawn || !line || !digits || shownBy(drawn.glyphs, digits) !== line.stand) return whole;
      const number = pages.get(line.anchor);
      const text = number === undefined ? undefined : redrawn(drawn, String(number), digits);
      if (text === undefined) return whole;
      waiting.shift();
      return text;
    });
    if (after !== before) changes.set(reference, after);
  }
  if (waiting.length > 0) return false;
  for (const [reference, content] of changes) {
    const bytes = deflateSync(Buffer.from(content, 'latin1'));
    document.context.assign(reference, document.context.stream(bytes, { Filter: 'FlateDecode' }));
  }
  return true;
}

// As Chromium draws three characters with a step between them; one that is drawn in another way is not recognised. What stands in the
// margins, the number of all pages say, has no tag before it.
const textObject =
  /(?<=BDC\n)BT\n\/(?<font>\w+) (?<size>[\d.]+) Tf\n(?<matrix>1 0 0 -1) (?<x>-?[\d.]+) (?<y>-?[\d.]+) Tm\n<(?<one>[0-9A-F]{4})> Tj\n(?<step>[\d.]+) 0 Td <(?<two>[0-9A-F]{4})> Tj\n\k<step> 0 Td <(?<three>[0-9A-F]{4})> Tj\nET/g;

type Drawn = {
  readonly font: string;
  readonly size: string;
  readonly x: number;
  readonly y: string;
  readonly step: number;
  readonly glyphs: readonly string[];
};

function drawnIn(groups: Partial<Record<string, string>>): Drawn | undefined {
  const { font, size, x, y, step, one, two, three } = groups;
  if (!font || !size || !y || !one || !two || !three) return undefined;
  return { font, size, x: Number(x), y, step: Number(step), glyphs: [one, two, three] };
}

function redrawn({ font, size, x, y, step, glyphs }: Drawn, number: string, digits: Digits): string | undefined {
  const codes = [...number].map((digit) => digits.codes.get(digit));
  if (codes.includes(undefined)) return undefined;
  const start = Number((x + step * (glyphs.length - codes.length)).toFixed(5));
  const steps = codes.map((code, index) => `${index === 0 ? '' : `${step} 0 Td `}<${code}> Tj`);
  return [`BT\n/${font} ${size} Tf\n1 0 0 -1 ${start} ${y} Tm`, ...steps, 'ET'].join('\n');
}

/** The glyphs of a font's digits, and the digits of its glyphs. */
type Digits = { readonly codes: ReadonlyMap<string, string>; readonly texts: ToUnicode };

function shownBy(glyphs: readonly string[], { texts }: Digits): string {
  return glyphs.map((code) => texts.get(Number.parseInt(code, 16)) ?? '').join('');
}

function digitsOn(document: PDFDocument, resources: PDFDict | undefined): Map<string, Digits> {
  const fonts = fontsOf(document);
  return new Map(
    (resources?.entries() ?? []).flatMap(([name, value]): [string, Digits][] => {
      const dictionary = document.context.lookup(value);
      const font = dictionary instanceof PDFDict ? fonts.get(dictionary) : undefined;
      if (!font) return [];
      const digits = [...font.texts].filter(([, text]) => /^\d$/.test(text));
      const codes = digits.map(([glyph, text]) => [text, glyph.toString(16).toUpperCase().padStart(4, '0')] as const);
      return [[name.decodeText(), { codes: new Map(codes), texts: font.texts }]];
    }),
  );
}
