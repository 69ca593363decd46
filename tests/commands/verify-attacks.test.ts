import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AFRelationship,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFString,
} from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rules } from '../../src/commands/verify-rules.ts';
import { manifestSteps, pdfSteps } from '../../src/commands/verify-signed.ts';
import { assessmentJson } from '../../src/reporters/json.ts';
import { readSigner } from '../../src/signing/key-file.ts';
import { signPdf } from '../../src/signing/pdf.ts';
import { type Signer, signDetached } from '../../src/signing/signer.ts';
import type { TimeStampServer } from '../../src/signing/timestamp-request.ts';
import type { Trust } from '../../src/signing/trust.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { createMint, type Issued } from '../support/certificates.ts';
import { withoutStamps, withSignature } from '../support/signatures.ts';
import { createAuthority } from '../support/time-stamp-server.ts';

const mint = createMint();
const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-attacks-'));
const place = { page: 0, rect: [72, 100, 300, 160] } as const;
const words = { reason: '签署自评报告', title: '电子签名' };
const day = 24 * 3600 * 1000;

let root: Issued;
let signer: Signer;
let other: Signer;
let stamping: TimeStampServer;
let ca: Trust;
let tsa: Trust;
let plain: Buffer;
let signed: Buffer;

const trusting = ({ cert }: Issued): Trust => ({ authorities: [new X509Certificate(cert)] });

beforeAll(async () => {
  root = mint.issue('示例根证书', undefined, { isAuthority: true, days: 400 });
  const signerOf = ({ keyFile, file }: Issued): Promise<Signer> =>
    readSigner(keyFile, file, async () => undefined, new Date(Math.ceil(Date.now() / 1000) * 1000));
  signer = await signerOf(mint.issue('示例单位', root, { days: 30 }));
  other = await signerOf(mint.issue('同一机构的另一客户', root));
  const authority = createAuthority(mint, {
    days: 300,
    root: mint.issue('时间戳根', undefined, { isAuthority: true, days: 400 }),
  });
  ca = trusting(root);
  tsa = trusting(authority.root);
  stamping = { name: 'tsa', ask: authority.reply, trust: tsa, now: () => new Date() };
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawText('all is well');
  const bytes = assessmentJson(assessmentFixture());
  await document.attach(bytes, 'assessment.json', { afRelationship: AFRelationship.Source });
  plain = Buffer.from(await document.save({ useObjectStreams: false }));
  signed = Buffer.from(await signPdf(plain, signer, place, words));
});

afterAll(() => {
  mint.remove();
  rmSync(folder, { recursive: true });
});

/** What is wrong with a PDF, in English; empty if nothing is. */
async function problemsOf(pdf: Uint8Array, rules: Partial<Rules> = {}): Promise<string[]> {
  const path = join(folder, 'x.pdf');
  writeFileSync(path, pdf);
  const { steps } = await pdfSteps(path, { now: new Date(), ...rules });
  return steps.flatMap(({ problems }) => problems.map(({ en }) => en));
}

test('what is not attacked holds, under its authority', async () => {
  expect(await problemsOf(signed)).toEqual([]);
  expect(await problemsOf(signed, { signer: ca })).toEqual([]);
});

/** A PDF with objects appended in a revision of its own, as any editor does (ISO 32000-1, 7.5.6). */
function revised(pdf: Buffer, objects: readonly (readonly [number, string])[], root: string): Buffer {
  const [, start] = pdf.toString('latin1').match(/startxref\s+(\d+)\s+%%EOF\s*$/) ?? [];
  let text = '\n';
  const places = objects.map(([number, content]) => {
    const at = pdf.length + text.length;
    text += `${number} 0 obj\n${content}\nendobj\n`;
    return `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const at = pdf.length + text.length;
  text += `xref\n${places.join('')}trailer\n<< /Size 200 /Root ${root} /Prev ${start} >>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(text, 'latin1')]);
}

async function opened(pdf: Buffer): Promise<{ document: PDFDocument; root: PDFRef; page: PDFRef }> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const root = document.context.trailerInfo.Root;
  return root instanceof PDFRef ? { document, root, page: document.getPage(0).ref } : expect.unreachable();
}

describe('a revision that is appended is seen:', () => {
  const saying = '<< /Length 44 >>\nstream\nBT /F1 24 Tf 72 700 Td (all is met) Tj ET    \nendstream';

  test('another text on the page', async () => {
    const { document, root, page } = await opened(signed);
    const node = document.getPage(0).node.clone();
    node.set(PDFName.of('Contents'), PDFRef.of(150));
    const changed = revised(
      signed,
      [
        [150, saying],
        [page.objectNumber, String(node)],
      ],
      String(root),
    );
    expect(await problemsOf(changed)).toEqual(['something was appended after the last signature']);
  });

  test('another annotation over it', async () => {
    const { document, root, page } = await opened(signed);
    const node = document.getPage(0).node.clone();
    const note = '<< /Type /Annot /Subtype /FreeText /Rect [50 600 500 800] /Contents (all is met) >>';
    node.set(PDFName.of('Annots'), document.context.obj([PDFRef.of(150)]));
    const changed = revised(
      signed,
      [
        [150, note],
        [page.objectNumber, String(node)],
      ],
      String(root),
    );
    expect(await problemsOf(changed)).toEqual(['something was appended after the last signature']);
  });

  test('another attachment', async () => {
    const { document, root } = await opened(signed);
    const [file] = document.context
      .enumerateIndirectObjects()
      .filter(([, object]) => object instanceof PDFRawStream && String(object.dict).includes('/EmbeddedFile'));
    const forged = `<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream`;
    const changed = revised(signed, [[file?.[0].objectNumber ?? 0, forged]], String(root));
    expect(await problemsOf(changed)).toContain('something was appended after the last signature');
  });

  test('a catalog without the form: the signature is not made nothing of', async () => {
    const { document, root } = await opened(signed);
    const catalog = document.catalog.clone();
    catalog.delete(PDFName.of('AcroForm'));
    const changed = revised(signed, [[root.objectNumber, String(catalog)]], String(root));
    expect(await problemsOf(changed)).toEqual(['the signature cannot be read: its form does not lead to each']);
  });

  test('another signature in the field, whose extent is that of the first', async () => {
    const { document, root } = await opened(signed);
    const form = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict);
    const field = form.lookup(PDFName.of('Fields'), PDFArray).lookup(0, PDFDict);
    const value = field.get(PDFName.of('V'));
    const own = field.lookup(PDFName.of('V'), PDFDict).clone();
    own.delete(PDFName.of('Name'));
    const number = value instanceof PDFRef ? value.objectNumber : 0;
    const changed = revised(signed, [[number, String(own)]], String(root));
    expect(await problemsOf(changed)).toEqual(['something was appended after the last signature']);
  });
});

/** The file as somebody else signs it who keeps the first signature in the form. */
async function signedAgain(
  pdf: Buffer,
  by: Signer,
  more: readonly (readonly [number, string])[] = [],
  group?: (first: string) => string,
): Promise<Buffer> {
  const { document, root } = await opened(pdf);
  const fields = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray);
  const catalog = document.catalog.clone();
  const kept = group ? [PDFRef.of(162)] : fields.asArray();
  catalog.set(PDFName.of('AcroForm'), document.context.obj({ Fields: [...kept, PDFRef.of(160)], SigFlags: 3 }));
  const grouped = group ? [[162, group(fields.asArray().join(' '))] as const] : [];
  const range = '/ByteRange [0 0000000000 0000000000 0000000000]';
  const value = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${range} /Contents <${'0'.repeat(16_000)}> /M ${String(PDFString.fromDate(by.at))} >>`;
  const field = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) /Rect [0 0 0 0] /V 161 0 R >>';
  const file = revised(
    pdf,
    [...more, ...grouped, [root.objectNumber, String(catalog)], [160, field], [161, value]],
    String(root),
  );
  const at = file.lastIndexOf(range);
  const start = file.indexOf('/Contents <', at) + '/Contents '.length;
  const end = start + 16_002;
  file.write(`/ByteRange [0 ${start} ${end} ${file.length - end}]`.padEnd(range.length), at, 'latin1');
  const data = Buffer.concat([file.subarray(0, start), file.subarray(end)]);
  file.write(Buffer.from(await signDetached(data, by, 'pades')).toString('hex'), start + 1, 'latin1');
  return file;
}

test('a second signature covers a change for its own signer, not for the first', async () => {
  const { document, page } = await opened(signed);
  const node = document.getPage(0).node.clone();
  node.delete(PDFName.of('Contents'));
  const changed = await signedAgain(signed, other, [[page.objectNumber, String(node)]]);
  const problem =
    'after one had signed, another added to the file and signed it: the first did not sign what it is now';
  expect(await problemsOf(changed, { signer: ca })).toEqual([problem]);
  expect(await problemsOf(changed)).toEqual([problem]);
  expect(await problemsOf(await signedAgain(signed, signer), { signer: ca })).toEqual([]);
});

test.each([
  ['below another', (first: string) => `<< /T (Group) /Kids [${first}] >>`],
  ['out of the form', () => '<< /T (Empty) >>'],
])('a first signature that is put %s is not forgotten', async (_, group) => {
  const hidden = await signedAgain(signed, other, [], group);
  expect(await problemsOf(hidden, { signer: ca })).toEqual([
    'the signature cannot be read: its form does not lead to each',
  ]);
});

test('of two attachments with one name none is taken for the one', async () => {
  const document = await PDFDocument.load(plain, { updateMetadata: false });
  await document.attach(Buffer.from('{}'), 'assessment.json', { afRelationship: AFRelationship.Source });
  await document.attach(assessmentJson(assessmentFixture()), 'assessment.json');
  expect(await problemsOf(await document.save())).toEqual([expect.stringContaining('two attachments are named')]);
});

describe('a signature by a certificate of the same authority that is not one to sign with is not trusted:', () => {
  test.each([
    ['the one to encrypt for', ['keyUsage=critical,keyEncipherment,dataEncipherment']],
    [
      'the same beside an extension that is no DER',
      ['1.2.156.10260.4.1.1=DER:E7A4BAE4BE8B', 'keyUsage=critical,keyAgreement'],
    ],
  ])('%s', async (_, extensions) => {
    const { key, cert } = mint.issue('加密证书', root, { extensions });
    const certificate = new X509Certificate(cert);
    const by = { ...signer, key: createPrivateKey(key), certificate, chain: [] };
    const wrong = Buffer.from(await signPdf(plain, by, place, words));
    const problem = 'its key usage does not allow it to sign documents';
    expect(await problemsOf(wrong, { signer: ca })).toEqual([problem]);
    const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    expect(await problemsOf(wrong, { signer: { authorities: [], fingerprint } })).toEqual([problem]);
  });
});

describe('extents that are played with are refused:', () => {
  test.each([
    ['from another place', (start: number, end: number, rest: number) => [1, start - 1, end, rest]],
    ['beyond the end', (start: number, end: number, rest: number) => [0, start, end, rest + 7]],
    ['over each other', (start: number, _: number, rest: number) => [0, start, start - 9, rest]],
    ['with more left out', (start: number, end: number, rest: number) => [0, start, end + 9, rest - 9]],
    ['of three parts', (start: number, end: number, rest: number) => [0, start, end, rest, 0, 0]],
    ['of one part', (start: number) => [0, start]],
    ['below nothing', (start: number, end: number) => [0, start, end, -5]],
    ['of no numbers', () => ['/a', '/b', '/c', '/d']],
  ])('%s', async (_, change) => {
    const text = signed.toString('latin1');
    const [range = '', start, end, rest] = text.match(/\/ByteRange \[0 (\d+) (\d+) (\d+)\] */) ?? [];
    const made = `/ByteRange [${change(Number(start), Number(end), Number(rest)).join(' ')}]`.padEnd(range.length);
    const changed = Buffer.from(text.replace(range, made), 'latin1');
    expect(changed.length).toBe(signed.length);
    expect((await problemsOf(changed)).join()).toMatch(/cannot be read|changed since|appended/);
  });

  test('around the signature of another file', async () => {
    const wrong = await signPdf(plain, other, place, words);
    let found: Buffer = Buffer.alloc(0);
    withSignature(wrong, (signature) => {
      found = signature;
      return signature;
    });
    expect(await problemsOf(withSignature(signed, () => found))).toContain('what was signed has been changed since');
  });
});

test('a file that was cut short never holds', async () => {
  for (const share of [0, 0.1, 0.5, 0.9, 0.99, 0.9999]) {
    const cut = signed.subarray(0, Math.floor(signed.length * share));
    expect((await problemsOf(cut, { signer: ca })).length, String(share)).toBeGreaterThan(0);
  }
});

test('bytes put in, left out or repeated anywhere are seen', async () => {
  for (let count = 1; count <= 60; count += 1) {
    const at = Math.floor((signed.length * count) / 61);
    const [before, after] = [signed.subarray(0, at), signed.subarray(at)];
    const piece = signed.subarray(at, at + (count % 9) + 1);
    const changed = [
      [before, Buffer.from(' '), after],
      [before, after.subarray(piece.length)],
      [before, piece, after],
      [before, Buffer.alloc(piece.length, count), after.subarray(piece.length)],
    ].map((parts) => Buffer.concat(parts));
    for (const each of changed.filter((one) => !one.equals(signed)))
      expect((await problemsOf(each, { signer: ca })).length, `at ${at}`).toBeGreaterThan(0);
  }
});

describe('a signature that is not written in the one way of DER is refused:', () => {
  test.each([
    [
      'a length that is longer than it must be',
      (der: Buffer) => Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]),
    ],
    [
      'a length without measure',
      (der: Buffer) => Buffer.concat([Buffer.from([0x30, 0x84, 255, 255, 255, 255]), der.subarray(4)]),
    ],
    ['a value without end', (der: Buffer) => Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4)])],
    ['bytes in the room behind it', (der: Buffer) => Buffer.concat([der, Buffer.from('\0\0attack')])],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s', async (_, change) => {
    const changed = withSignature(signed, (room) => {
      const length = room.readUInt16BE(2) + 4;
      return change(room.subarray(0, length));
    });
    expect(await problemsOf(changed)).toEqual(['the signature cannot be read']);
  });
});

describe('a time stamp', () => {
  const stampedBy = async (more: Partial<Signer> = {}): Promise<Buffer> =>
    Buffer.from(await signPdf(plain, { ...signer, stamping, ...more }, place, words));
  const later = new Date(Date.now() + 60 * day);

  test('keeps a signature good after its certificate has ended, if whoever gave it is trusted', async () => {
    const stamped = await stampedBy();
    expect(await problemsOf(stamped, { signer: ca, tsa, now: later })).toEqual([]);
    const ended = [expect.stringContaining('no trusted time stamp shows that the signature was made before')];
    expect(await problemsOf(stamped, { signer: ca, now: later })).toEqual(ended);
    expect(await problemsOf(signed, { signer: ca, now: later })).toEqual(ended);
  });

  test('is asked for by whoever gives a rule for it', async () => {
    expect(await problemsOf(signed, { tsa })).toEqual(['the signature has no time stamp']);
    expect(await problemsOf(plain, { tsa })).toEqual(['it is not signed']);
  });

  test('of another signature does not count', async () => {
    const [one, two] = [await stampedBy(), await stampedBy()];
    const stamps: Buffer[] = [];
    for (const each of [one, two])
      withSignature(each, (signature) => {
        stamps.push(signature);
        return signature;
      });
    const [whole = Buffer.alloc(0), foreign = Buffer.alloc(0)] = stamps;
    const mixed = withSignature(one, () => withoutStamps(whole, foreign));
    expect(await problemsOf(mixed, { tsa })).toEqual(['it was given for something else']);
    expect(await problemsOf(mixed)).toEqual(['it was given for something else']);
  });

  test('that was taken out is missed', async () => {
    const without = withSignature(await stampedBy(), (each) => withoutStamps(each));
    expect(await problemsOf(without)).toEqual([expect.stringContaining('it has been taken out')]);
  });

  test('contradicts a signer who says that it was signed later, or is yet to be', async () => {
    const tomorrow = new Date(Date.now() + day);
    const late = await stampedBy({ at: tomorrow });
    expect(await problemsOf(late, { tsa })).toContain(
      'the signer says that it was signed later than the time stamp was given',
    );
    const future = Buffer.from(await signPdf(plain, { ...signer, at: tomorrow }, place, words));
    expect(await problemsOf(future, { signer: ca })).toContain(
      'the time at which the signer says that it was signed is still to come',
    );
  });
});

describe('the signature of the evidence manifest', () => {
  const manifest = Buffer.from('{"files":{}}');
  const problems = async (by: Signer, report: Signer | undefined, rules: Partial<Rules> = {}): Promise<string[]> => {
    const signature = await signDetached(manifest, by, 'file');
    const path = join(folder, 'r.pdf');
    if (report) writeFileSync(path, await signPdf(plain, report, place, words));
    const of = report ? (await pdfSteps(path, { now: new Date() })).signed : undefined;
    const steps = manifestSteps('manifest.p7s', signature, manifest, of, { now: new Date(), ...rules });
    return steps.flatMap((step) => step.problems.map(({ en }) => en));
  };

  test('by another than the report’s signer is refused, under the same authority, too', async () => {
    expect(await problems(signer, signer, { signer: ca })).toEqual([]);
    expect(await problems(other, signer, { signer: ca })).toEqual(['it was signed by another than the report']);
  });

  test('without the time stamp that came with the report’s is refused', async () => {
    const stamped = { ...signer, stamping };
    expect(await problems(stamped, stamped, { tsa })).toEqual([]);
    expect(await problems(signer, stamped)).toEqual([expect.stringContaining('it has been taken out')]);
  });
});
