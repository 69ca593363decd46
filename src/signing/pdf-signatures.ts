import { PDFArray, PDFBool, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from '@cantoo/pdf-lib';
import { messageOf } from '../errors.ts';

/** In the dictionary of a signature, that a time stamp belongs to it: a name for private use (ISO 32000-1, annex E). */
export const stampPromise = 'XXTimeStamped';

/** A signature in a PDF: the bytes that it covers, and what it says of itself. */
export type PdfSignature = {
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  /** It covers the file to its last byte. */
  readonly isWhole: boolean;
  /** When it says that it was made. */
  readonly at?: Date | undefined;
  /** It says that a time stamp belongs to it. */
  readonly isStampPromised: boolean;
};

/** A PDF from elsewhere: what it holds, and its bytes. */
export type OpenedPdf = { readonly document: PDFDocument; readonly bytes: Uint8Array };

/**
 * Opens a PDF; throws an `Error` for one that is damaged. Nothing is mended: what is damaged was not signed like that, and mending takes the square of its
 * length.
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenedPdf> {
  const isWhole = Buffer.from(bytes.subarray(-1024)).includes('%%EOF');
  if (!isWhole) throw new Error('the file is no PDF, or was cut short');
  return { document: await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true }), bytes };
}

/** The signatures of a PDF, earliest first; throws an `Error` for one whose extent is not that of its own revision. */
export function signaturesIn({ document, bytes }: OpenedPdf): PdfSignature[] {
  const form = document.catalog.lookupMaybe(PDFName.of('AcroForm'), PDFDict);
  const fields = form?.lookupMaybe(PDFName.of('Fields'), PDFArray);
  const found: (PdfSignature & { readonly end: number })[] = [];
  for (let index = 0; index < (fields?.size() ?? 0); index += 1) {
    const value = fields?.lookupMaybe(index, PDFDict)?.lookupMaybe(PDFName.of('V'), PDFDict);
    if (value?.has(PDFName.of('ByteRange'))) found.push(signatureIn(value, bytes));
  }
  const sorted = found.toSorted((one, other) => one.end - other.end);
  // A field that is not reached, or was put out of the form since, must not make an unsigned file of a signed one, nor hide a first signer from a second.
  const isAll = Buffer.from(bytes).toString('latin1').split('/ByteRange').length - 1 <= found.length;
  if (!isAll && sorted.at(-1)?.isWhole !== false) throw new Error('its form does not lead to each');
  return sorted;
}

function signatureIn(value: PDFDict, bytes: Uint8Array): PdfSignature & { readonly end: number } {
  const range = value.lookup(PDFName.of('ByteRange'), PDFArray).asArray().map(String).map(Number);
  const [first = -1, length = 0, second = 0, rest = 0] = range;
  const end = second + rest;
  const gap = Buffer.from(bytes.subarray(length, second)).toString('latin1');
  // Between both parts stands the signature and nothing else: whatever else stood there would be signed by nobody.
  const hex = gap.match(/^<([0-9A-Fa-f]*)>$/)?.[1];
  if (range.length !== 4 || first !== 0 || length <= 0 || second < length || end > bytes.length || hex === undefined)
    throw new Error('its extent leaves out more than the signature itself');
  // Other readers take the signature from here.
  const contents = value.lookupMaybe(PDFName.of('Contents'), PDFHexString)?.asString();
  if (contents?.toLowerCase() !== hex.toLowerCase()) throw new Error('its extent is around another signature');
  return {
    signature: Buffer.from(hex, 'hex'),
    data: Buffer.concat([bytes.subarray(0, length), bytes.subarray(second, end)]),
    isWhole: end === bytes.length,
    at: dateIn(value),
    isStampPromised: value.lookup(PDFName.of(stampPromise)) === PDFBool.True,
    end,
  };
}

function dateIn(value: PDFDict): Date | undefined {
  const date = value.lookupMaybe(PDFName.of('M'), PDFString);
  try {
    return date?.decodeDate();
  } catch (error) {
    throw new Error(`its date cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The files attached to a PDF, by name; throws an `Error` where two have one. */
export function attachmentsOf({ document }: OpenedPdf): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { name, data } of document.getAttachments()) {
    // Programs differ in which of the two they show.
    if (files.has(name)) throw new Error(`two attachments are named ${name}`);
    files.set(name, data);
  }
  return files;
}
