import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import {
  AFRelationship,
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFRef,
} from '@cantoo/pdf-lib';
import type { SignaturePlace } from '../../signing/pdf.ts';
import { escapeXml } from './fonts.ts';
import { streamText } from './text.ts';
import { parseToUnicode, readAs, writeToUnicode } from './to-unicode.ts';

/** What a finished PDF says of itself. */
export type PdfFacts = {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly lang: string;
  readonly producer: string;
  /** The moment that the whole document is dated with. */
  readonly at: Date;
  /** Stands for the document's content; its ID is made of it. */
  readonly digest: string;
  readonly attachment: { readonly name: string; readonly bytes: Uint8Array; readonly description: string };
  /** Says what a link does, to who hears the page read. */
  readonly linkText: string;
};

const millimetre = 72 / 25.4;

/** The page, counted from 1, of each named place that a link leads to. */
export function destinationPages(document: PDFDocument): Map<string, number> {
  const pages = new Map<unknown, number>(document.getPages().map((page, index) => [page.ref, index + 1]));
  const found = new Map<string, number>();
  for (const [name, place] of destinations(document)) {
    const page = pages.get(place.get(0));
    if (page !== undefined) found.set(name, page);
  }
  return found;
}

/** The area between two named places on one page, corrected by {@link correctDestinations}: its upper left corner and its lower right one. */
export function areaOf(document: PDFDocument, from: string, to: string): SignaturePlace {
  const places = new Map(destinations(document));
  const [start, end] = [places.get(from), places.get(to)];
  const page = document.getPages().findIndex(({ ref }) => ref === start?.get(0));
  const at = (place: PDFArray | undefined, index: number): number =>
    place?.lookup(index, PDFNumber).asNumber() ?? Number.NaN;
  const rect = [at(start, 2), at(end, 3), at(end, 2), at(start, 3)] as const;
  if (page < 0 || start?.get(0) !== end?.get(0) || rect.some(Number.isNaN))
    throw new Error(`no area from ${from} to ${to}`);
  return { page, rect };
}

/** Corrects what each glyph stands for; see {@link readingsOf}. */
export function correctToUnicode(document: PDFDocument, readings: ReadonlyMap<number, number>): void {
  const { context } = document;
  const done = new Set<unknown>();
  for (const [, font] of context.enumerateIndirectObjects()) {
    const reference = font instanceof PDFDict ? font.get(PDFName.of('ToUnicode')) : undefined;
    if (!(reference instanceof PDFRef) || done.has(reference)) continue;
    done.add(reference);
    const stream = context.lookup(reference);
    if (!(stream instanceof PDFRawStream)) continue;
    const texts = [...parseToUnicode(streamText(stream))].map(
      ([glyph, text]) => [glyph, inLetters(readAs(text, readings))] as const,
    );
    const bytes = deflateSync(Buffer.from(writeToUnicode(new Map(texts)), 'latin1'));
    context.assign(reference, context.stream(bytes, { Filter: 'FlateDecode' }));
  }
}

type Margin = { readonly top: number; readonly left: number };

// Who searches for `office` would not find the ligature that it is printed with.
function inLetters(text: string): string {
  return text.replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize('NFKC'));
}

/** Chromium's named destinations leave out the page's margins: moves them to where the text stands. */
export function correctDestinations(
  document: PDFDocument,
  margins: Readonly<Record<'upright' | 'sideways', Margin>>,
): void {
  const lying = new Set<unknown>(
    document.getPages().flatMap((page) => (page.getWidth() > page.getHeight() ? [page.ref] : [])),
  );
  for (const [, place] of destinations(document)) {
    const margin = lying.has(place.get(0)) ? margins.sideways : margins.upright;
    const [left, top] = [place.lookup(2), place.lookup(3)];
    if (left instanceof PDFNumber) place.set(2, PDFNumber.of(left.asNumber() + margin.left * millimetre));
    if (top instanceof PDFNumber) place.set(3, PDFNumber.of(top.asNumber() - margin.top * millimetre));
  }
}

/** Writes title, author, dates, ID and the attachment; nothing of it comes from the clock. */
export async function describe(document: PDFDocument, facts: PdfFacts): Promise<void> {
  document.setTitle(facts.title, { showInWindowTitleBar: true });
  document.setAuthor(facts.author);
  document.setSubject(facts.subject);
  document.setLanguage(facts.lang);
  document.setCreator(facts.producer);
  document.setProducer(facts.producer);
  document.setCreationDate(facts.at);
  document.setModificationDate(facts.at);
  await document.attach(facts.attachment.bytes, facts.attachment.name, {
    mimeType: 'application/json',
    description: facts.attachment.description,
    afRelationship: AFRelationship.Source,
    creationDate: facts.at,
    modificationDate: facts.at,
  });
  const { context, catalog } = document;
  const id = PDFHexString.of(facts.digest.slice(0, 32).toUpperCase());
  context.trailerInfo.ID = context.obj([id, id]);
  const xmp = context.stream(Buffer.from(xmpOf(facts), 'utf8'), { Type: 'Metadata', Subtype: 'XML' });
  catalog.set(PDFName.of('Metadata'), context.register(xmp));
  // Tags that only PDF 2.0 knows, read as what older readers know.
  const tags = catalog.lookupMaybe(PDFName.of('StructTreeRoot'), PDFDict);
  tags?.set(PDFName.of('RoleMap'), context.obj({ Strong: 'Span', Em: 'Span' }));
  describeLinks(document, facts.linkText);
}

/** SHA-256 in hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function describeLinks(document: PDFDocument, text: string): void {
  for (const page of document.getPages()) {
    const annotations = page.node.Annots();
    for (let index = 0; index < (annotations?.size() ?? 0); index += 1) {
      const annotation = annotations?.lookup(index, PDFDict);
      if (annotation?.get(PDFName.of('Subtype')) === PDFName.of('Link') && !annotation.has(PDFName.of('Contents')))
        annotation.set(PDFName.of('Contents'), PDFHexString.fromText(text));
    }
  }
}

function destinations(document: PDFDocument): [string, PDFArray][] {
  const named = document.catalog.lookupMaybe(PDFName.of('Dests'), PDFDict);
  return (named?.entries() ?? []).flatMap(([name, value]): [string, PDFArray][] => {
    const place = document.context.lookup(value);
    const array = place instanceof PDFDict ? place.lookup(PDFName.of('D')) : place;
    return array instanceof PDFArray ? [[name.decodeText(), array]] : [];
  });
}

// No pdfaid or pdfuaid: conformance has not been validated, so that none is claimed.
function xmpOf({ title, author, subject, lang, producer, at }: PdfFacts): string {
  const stamp = at.toISOString().replace(/\.\d+Z$/, 'Z');
  const localised = (tag: string, text: string): string =>
    `<dc:${tag}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(text)}</rdf:li></rdf:Alt></dc:${tag}>`;
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">',
    '<dc:format>application/pdf</dc:format>',
    localised('title', title),
    localised('description', subject),
    `<dc:creator><rdf:Seq><rdf:li>${escapeXml(author)}</rdf:li></rdf:Seq></dc:creator>`,
    `<dc:language><rdf:Bag><rdf:li>${escapeXml(lang)}</rdf:li></rdf:Bag></dc:language>`,
    `<xmp:CreatorTool>${escapeXml(producer)}</xmp:CreatorTool>`,
    `<xmp:CreateDate>${stamp}</xmp:CreateDate><xmp:ModifyDate>${stamp}</xmp:ModifyDate><xmp:MetadataDate>${stamp}</xmp:MetadataDate>`,
    `<pdf:Producer>${escapeXml(producer)}</pdf:Producer>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}
