import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFName,
  PDFRawStream,
  PDFRef,
} from '@cantoo/pdf-lib';
import { readContent, type ShownText } from './content.ts';
import { parseToUnicode, type ToUnicode } from './to-unicode.ts';

/** A font of a PDF, as far as reading its text needs it. */
export type PdfFont = {
  /** Without the six-letter tag of a subset. */
  readonly name: string;
  /** `Type0`, `Type3`, `TrueType`, … */
  readonly type: string;
  readonly embedded: boolean;
  readonly texts: ToUnicode;
};

/** Every font of a PDF, by its dictionary. */
export function fontsOf(document: PDFDocument): Map<PDFDict, PdfFont> {
  const fonts = new Map<PDFDict, PdfFont>();
  for (const [, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFDict) || object.get(PDFName.of('Type')) !== PDFName.of('Font')) continue;
    if (nameIn(object, 'Subtype').startsWith('CIDFont')) continue;
    fonts.set(object, fontOf(object));
  }
  return fonts;
}

/** Reads the text of all pages by the fonts' own ToUnicode maps, as a reader's search and copy do. */
export function readText(document: PDFDocument): ShownText[] {
  const fonts = fontsOf(document);
  return document.getPages().map((page) => {
    const resources = page.node.Resources()?.lookupMaybe(PDFName.of('Font'), PDFDict);
    const byName = new Map<string, ToUnicode>();
    for (const [name, value] of resources?.entries() ?? []) {
      const dictionary = document.context.lookup(value);
      const font = dictionary instanceof PDFDict ? fonts.get(dictionary) : undefined;
      if (font) byName.set(name.decodeText(), font.texts);
    }
    return readContent(contentOf(document, page.node.Contents()), byName);
  });
}

/** The decoded bytes of a stream, one character each. */
export function streamText(stream: PDFRawStream): string {
  return Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1');
}

function fontOf(font: PDFDict): PdfFont {
  const descendants = font.lookupMaybe(PDFName.of('DescendantFonts'), PDFArray);
  const inner = descendants ? descendants.lookup(0, PDFDict) : font;
  const descriptor = inner.lookupMaybe(PDFName.of('FontDescriptor'), PDFDict);
  const map = font.lookup(PDFName.of('ToUnicode'));
  return {
    name: nameIn(font, 'BaseFont').replace(/^[A-Z]{6}\+/, ''),
    type: nameIn(font, 'Subtype'),
    embedded: ['FontFile', 'FontFile2', 'FontFile3'].some((key) => descriptor?.has(PDFName.of(key))),
    texts: map instanceof PDFRawStream ? parseToUnicode(streamText(map)) : new Map(),
  };
}

function nameIn(dictionary: PDFDict, key: string): string {
  const value = dictionary.lookup(PDFName.of(key));
  return value instanceof PDFName ? value.decodeText() : '';
}

function contentOf(document: PDFDocument, contents: unknown): string {
  const streams = contents instanceof PDFArray ? contents.asArray() : [contents];
  return streams
    .map((each) => (each instanceof PDFRef ? document.context.lookup(each) : each))
    .map((stream) => (stream instanceof PDFRawStream ? streamText(stream) : ''))
    .join('\n');
}
