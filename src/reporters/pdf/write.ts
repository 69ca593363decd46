import { deflateSync } from 'node:zlib';
import {
  PDFCatalog,
  type PDFDocument,
  type PDFObject,
  PDFPageLeaf,
  PDFPageTree,
  type PDFRef,
  PDFStream,
} from '@cantoo/pdf-lib';

/** Where an object stands: at a byte of the file, or at a place of an object stream. */
type Place = { readonly at: number; readonly generation: number } | { readonly within: number; readonly index: number };

type Numbered = readonly [PDFRef, PDFObject];

/** Objects that are packed together; whoever wants one of them unpacks all. */
const together = 200;

/**
 * The bytes of a document: objects that are no streams packed together, and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8).
 * The same document gives the same bytes. The library's own writer needs minutes where there are a hundred thousand objects.
 */
export async function writePdf(document: PDFDocument): Promise<Uint8Array> {
  // What was attached becomes objects only now.
  await document.flush();
  const { context } = document;
  const objects = context.enumerateIndirectObjects();
  const parts = [Buffer.from('%PDF-1.7\n%\x81\x81\x81\x81\n\n', 'latin1')];
  const places = new Map<number, Place>();
  let size = parts[0]?.length ?? 0;
  let next = context.largestObjectNumber + 1;
  const append = (number: number, generation: number, bytes: Buffer): void => {
    const part = Buffer.concat([Buffer.from(`${number} ${generation} obj\n`), bytes, Buffer.from('\nendobj\n\n')]);
    places.set(number, { at: size, generation });
    parts.push(part);
    size += part.length;
  };
  const packed = objects.filter(isPackable);
  for (const object of objects) if (!isPackable(object)) append(...numbered(object));
  for (let first = 0; first < packed.length; first += together) {
    const pack = packed.slice(first, first + together);
    for (const [index, [ref]] of pack.entries()) places.set(ref.objectNumber, { within: next, index });
    append(next, 0, packOf(pack));
    next += 1;
  }
  const start = size;
  places.set(next, { at: start, generation: 0 });
  append(next, 0, crossReferences(places, next + 1, document));
  parts.push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

// Pages and what leads to them stand by themselves, so that a reader finds them without unpacking anything.
function isPackable([ref, object]: Numbered): boolean {
  const isApart = [PDFStream, PDFCatalog, PDFPageTree, PDFPageLeaf].some((kind) => object instanceof kind);
  return !isApart && ref.generationNumber === 0;
}

function numbered([ref, object]: Numbered): [number: number, generation: number, bytes: Buffer] {
  return [ref.objectNumber, ref.generationNumber, bytesOf(object)];
}

function bytesOf(object: PDFObject): Buffer {
  const bytes = Buffer.alloc(object.sizeInBytes());
  object.copyBytesInto(bytes, 0);
  return bytes;
}

function packOf(pack: readonly Numbered[]): Buffer {
  const texts = pack.map(([, object]) => bytesOf(object));
  let offset = 0;
  const index = pack.map(([ref], position) => {
    const place = `${ref.objectNumber} ${offset}`;
    offset += (texts[position]?.length ?? 0) + 1;
    return place;
  });
  const head = Buffer.from(`${index.join(' ')}\n`);
  const newline = Buffer.from('\n');
  const content = Buffer.concat([head, ...texts.flatMap((text) => [text, newline])]);
  return streamOf(`/Type /ObjStm /N ${pack.length} /First ${head.length}`, content);
}

function crossReferences(places: ReadonlyMap<number, Place>, size: number, { context }: PDFDocument): Buffer {
  // One byte for the kind, four for where, two for which; a number that is not used is free, with the last generation there is.
  const rows = Buffer.alloc(size * 7);
  for (let number = 0; number < size; number += 1) {
    const place = places.get(number);
    const [kind, where, which] = rowOf(place);
    rows.writeUInt8(kind, number * 7);
    rows.writeUInt32BE(where, number * 7 + 1);
    rows.writeUInt16BE(which, number * 7 + 5);
  }
  const { Root, Info, ID } = context.trailerInfo;
  const trailer = Object.entries({ Root, Info, ID }).flatMap(([name, value]) => (value ? [`/${name} ${value}`] : []));
  return streamOf(`/Type /XRef /Size ${size} /W [1 4 2] ${trailer.join(' ')}`, rows);
}

function rowOf(place: Place | undefined): [kind: number, where: number, which: number] {
  if (place === undefined) return [0, 0, 65_535];
  return 'at' in place ? [1, place.at, place.generation] : [2, place.within, place.index];
}

function streamOf(entries: string, content: Buffer): Buffer {
  const bytes = deflateSync(content);
  const head = `<< ${entries} /Filter /FlateDecode /Length ${bytes.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes, Buffer.from('\nendstream')]);
}
