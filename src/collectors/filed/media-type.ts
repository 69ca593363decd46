import type { FileHandle } from 'node:fs/promises';
import { fromFdPromise } from 'yauzl';
import { unknownContent } from '../../evidence/filed/documents.ts';

/** What one pass over a file's bytes learns for telling its type. */
export type Content = {
  /** The first {@link headLength} bytes. */
  readonly head: Buffer;
  /** UTF-8 throughout, without control characters. */
  readonly isText: boolean;
  /** A PDF's start is in the head and its end mark in the last 1024 bytes before any padding (ISO 32000-1, annex H.3). */
  readonly hasPdfEnd: boolean;
};

/** How many bytes from the start signatures are looked for in; PDF readers search the first 1024 (ISO 32000-1, annex H.3). */
export const headLength = 1024;

/** How a PDF begins. */
export const pdfStart = '%PDF-';

const signatures: readonly (readonly [mediaType: string, start: Buffer])[] = [
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
  ['image/tiff', Buffer.from('49492a00', 'hex')],
  ['image/tiff', Buffer.from('4d4d002a', 'hex')],
  // Compound files: .doc, .xls, .wps.
  ['application/x-ole-storage', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
];

const zipStart = Buffer.from('504b0304', 'hex');

/** What a file is by its content, whatever its name says; `unknown` if no signature fits. */
export async function mediaTypeOf(file: FileHandle, { head, isText, hasPdfEnd }: Content): Promise<string> {
  if (hasPdfEnd) return 'application/pdf';
  const known = signatures.find(([, start]) => head.subarray(0, start.length).equals(start));
  if (known) return known[0];
  if (head.subarray(0, zipStart.length).equals(zipStart)) return zipTypeOf(file);
  return isText && head.length > 0 ? 'text/plain' : unknownContent;
}

// The entry that makes a zip what it is: GB/T 33190 (OFD) and ISO/IEC 29500 (DOCX, XLSX).
const markers: Readonly<Record<string, string>> = {
  'OFD.xml': 'application/ofd',
  'word/document.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'xl/workbook.xml': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const mostEntries = 10_000;

// Reads names in the central directory only; nothing is unpacked.
async function zipTypeOf(file: FileHandle): Promise<string> {
  try {
    const zip = await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true });
    let entries = 0;
    for await (const { fileName } of zip.eachEntry()) {
      entries += 1;
      const marked = Object.hasOwn(markers, fileName) ? markers[fileName] : undefined;
      if (marked !== undefined) return marked;
      if (entries >= mostEntries) break;
    }
    return 'application/zip';
  } catch {
    // Cut off or forged: no program opens it.
    return unknownContent;
  }
}
