import { PDFArray, PDFDocument, PDFHexString, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib';
import { InputError } from '../errors.ts';
import { stampPromise } from './pdf-signatures.ts';
import { checkSignature } from './signature.ts';
import { type Signer, signDetached } from './signer.ts';

/** Where a signature is shown: a page counted from 0, and a rectangle on it in points, from its lower left corner. */
export type SignaturePlace = {
  readonly page: number;
  readonly rect: readonly [left: number, bottom: number, right: number, top: number];
};

/** What a signature says of itself, for whoever opens it. */
export type SignatureWords = { readonly reason: string; readonly title: string };

// Bytes that are kept free for the signature; those of four certificates take some 6,000, a time stamp up to 24,576.
const roomFor = ({ stamping }: Signer): number => (stamping ? 40_960 : 16_384);
const longestRange = '/ByteRange [0 0000000000 0000000000 0000000000]';

/**
 * Signs a finished PDF (PAdES baseline B-B, ETSI EN 319 142-1): appends one revision with the signature and its field, so that all bytes before stay as they
 * were. The signature is checked by other code before it is handed over.
 */
export async function signPdf(
  bytes: Uint8Array,
  signer: Signer,
  place: SignaturePlace,
  words: SignatureWords,
): Promise<Uint8Array> {
  const room = roomFor(signer);
  const prepared = await appended(bytes, signer, place, words);
  const { start, end } = prepared;
  const file = prepared.bytes;
  const range = `/ByteRange [0 ${start} ${end} ${file.length - end}]`;
  file.write(range.padEnd(longestRange.length), prepared.range, 'latin1');
  const data = Buffer.concat([file.subarray(0, start), file.subarray(end)]);
  const signature = Buffer.from(await signDetached(data, signer, 'pades'));
  if (signature.length > room) throw tooLong(signature.length, room);
  file.write(signature.toString('hex'), start + 1, 'latin1');
  const seen = checkSignature(Buffer.from(file.subarray(start + 1, end - 1).toString('latin1'), 'hex'), data, 'zeros');
  if ('fault' in seen) throw new Error(`the signature just made does not hold: ${seen.fault}`);
  return file;
}

function tooLong(bytes: number, room: number): InputError {
  return new InputError({
    zh: `签名及其证书共 ${bytes} 字节，超过预留的 ${room} 字节；请减少 --sign 文件中的证书`,
    en: `the signature with its certificates takes ${bytes} bytes, and there is room for ${room}; leave certificates out of the key file`,
  });
}

/** The file with its new revision; `start` and `end` are where the signature's `<…>` stands, `range` where its extent does. */
type Prepared = { readonly bytes: Buffer; readonly start: number; readonly end: number; readonly range: number };

async function appended(
  bytes: Uint8Array,
  signer: Signer,
  place: SignaturePlace,
  words: SignatureWords,
): Promise<Prepared> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  const { context, catalog } = document;
  const page = document.getPage(place.page);
  const next = context.largestObjectNumber;
  const [field, value, look, fields] = [1, 2, 3, 4].map((step) => PDFRef.of(next + step)) as [
    PDFRef,
    PDFRef,
    PDFRef,
    PDFRef,
  ];
  const root = context.trailerInfo.Root;
  if (!(root instanceof PDFRef)) throw new Error('the document has no catalog');
  // A copy of each that changes, for the first revision stays as it is.
  const signedPage = page.node.clone();
  const annotations = signedPage.lookupMaybe(PDFName.of('Annots'), PDFArray);
  signedPage.set(PDFName.of('Annots'), context.obj([...(annotations?.asArray() ?? []), field]));
  const signedCatalog = catalog.clone();
  signedCatalog.set(PDFName.of('AcroForm'), fields);
  const [left, bottom, right, top] = place.rect;
  const objects: [PDFRef, string][] = [
    [root, String(signedCatalog)],
    [page.ref, String(signedPage)],
    [
      field,
      String(
        context.obj({
          Type: 'Annot',
          Subtype: 'Widget',
          FT: 'Sig',
          Rect: [left, bottom, right, top],
          V: value,
          T: PDFString.of('Signature1'),
          TU: PDFHexString.fromText(words.title),
          F: 132,
          P: page.ref,
          AP: { N: look },
        }),
      ),
    ],
    [value, valueText(signer, words)],
    // What is seen there is the page's own text.
    [
      look,
      `<< /Type /XObject /Subtype /Form /BBox [0 0 ${right - left} ${top - bottom}] /Resources << >> /Length 0 >>\nstream\n\nendstream`,
    ],
    [fields, String(context.obj({ Fields: [field], SigFlags: 3 }))],
  ];
  return revision(bytes, document, objects, next + 5, root, roomFor(signer));
}

function valueText(signer: Signer, { reason }: SignatureWords): string {
  const { at, name, stamping } = signer;
  const text = (words: string): string => String(PDFHexString.fromText(words));
  return [
    '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached',
    longestRange,
    `/Contents <${'0'.repeat(2 * roomFor(signer))}>`,
    // What is signed says that a time stamp belongs to it, for that itself can be taken out unnoticed.
    ...(stamping ? [`/${stampPromise} true`] : []),
    `/Name ${text(name)} /Reason ${text(reason)} /M ${String(PDFString.fromDate(at))} >>`,
  ].join('\n');
}

// ISO 32000-1, 7.5.6: the objects, then a cross-reference section in the form of the one before.
function revision(
  bytes: Uint8Array,
  document: PDFDocument,
  objects: readonly [PDFRef, string][],
  size: number,
  root: PDFRef,
  room: number,
): Prepared {
  const before = Buffer.from(bytes);
  const [, start] =
    before.toString('latin1', Math.max(0, before.length - 64)).match(/startxref\s+(\d+)\s+%%EOF\s*$/) ?? [];
  if (start === undefined) throw new Error('the document has no end');
  const parts = [before.toString('latin1'), '\n'];
  let at = before.length + 1;
  const places = new Map<number, number>();
  for (const [ref, text] of objects) {
    const object = `${ref.objectNumber} ${ref.generationNumber} obj\n${text}\nendobj\n`;
    places.set(ref.objectNumber, at);
    parts.push(object);
    at += object.length;
  }
  const { Info: info, ID: id } = document.context.trailerInfo;
  const rest = [
    `/Root ${root}`,
    ...(info ? [`/Info ${info}`] : []),
    ...(id ? [`/ID ${id}`] : []),
    `/Prev ${start}`,
  ].join(' ');
  const isTable = before.toString('latin1', Number(start), Number(start) + 4) === 'xref';
  parts.push(isTable ? tableOf(places, size, rest) : streamOf(places, size, at, rest), `startxref\n${at}\n%%EOF\n`);
  const file = Buffer.from(parts.join(''), 'latin1');
  const range = file.indexOf(longestRange, before.length);
  const open = file.indexOf('/Contents <', range) + '/Contents '.length;
  return { bytes: file, range, start: open, end: open + 2 * room + 2 };
}

function tableOf(places: ReadonlyMap<number, number>, size: number, rest: string): string {
  const sections = sorted(places).map(
    ([number, place]) => `${number} 1\n${String(place).padStart(10, '0')} 00000 n \n`,
  );
  return `xref\n${sections.join('')}trailer\n<< /Size ${size} ${rest} >>\n`;
}

// ISO 32000-1, 7.5.8: one entry of 1, 4 and 2 bytes an object, its own among them.
function streamOf(places: ReadonlyMap<number, number>, size: number, at: number, rest: string): string {
  const entries = sorted(new Map([...places, [size, at]]));
  const rows = entries.map(([, place]) => {
    const row = Buffer.alloc(7);
    row.writeUInt8(1, 0);
    row.writeUInt32BE(place, 1);
    return row;
  });
  const content = Buffer.concat(rows).toString('latin1');
  const index = entries.map(([number]) => `${number} 1`).join(' ');
  const head = `<< /Type /XRef /Size ${size + 1} /W [1 4 2] /Index [${index}] ${rest} /Length ${content.length} >>`;
  return `${size} 0 obj\n${head}\nstream\n${content}\nendstream\nendobj\n`;
}

function sorted(places: ReadonlyMap<number, number>): [number, number][] {
  return [...places].toSorted(([one], [other]) => one - other);
}
