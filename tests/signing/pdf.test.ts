import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSigner } from '../../src/signing/key-file.ts';
import { signPdf } from '../../src/signing/pdf.ts';
import { openPdf, type PdfSignature, signaturesIn as signaturesOf } from '../../src/signing/pdf-signatures.ts';
import { checkSignature } from '../../src/signing/signature.ts';
import type { Signer } from '../../src/signing/signer.ts';
import { createMint } from '../support/certificates.ts';

const mint = createMint();
const place = { page: 1, rect: [72, 100, 300, 160] } as const;
const words = { reason: '签署自评报告（第1版）', title: '电子签名' };
let signer: Signer;

beforeAll(async () => {
  const { keyFile, file } = mint.issue('青岛示例科技有限公司', undefined, { key: ['rsa:2048'] });
  signer = await readSigner(keyFile, file, async () => undefined, new Date());
});

afterAll(() => mint.remove());

async function plainPdf(useObjectStreams: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let page = 0; page < 3; page += 1) document.addPage([595, 842]);
  document.setTitle('报告');
  return document.save({ useObjectStreams });
}

const verdictOf = ({ signature, data }: PdfSignature): string => {
  const seen = checkSignature(signature, data, 'zeros');
  return 'fault' in seen ? seen.fault : 'holds';
};

const signaturesIn = async (bytes: Uint8Array): Promise<PdfSignature[]> => signaturesOf(await openPdf(bytes));

const only = async (bytes: Uint8Array): Promise<PdfSignature> => {
  const [first, second] = await signaturesIn(bytes);
  expect(second).toBeUndefined();
  return first ?? expect.unreachable();
};

describe.each([
  ['compressed', true],
  ['in a table', false],
])('a PDF with its objects %s', (_, useObjectStreams) => {
  let before: Uint8Array;
  let signed: Uint8Array;

  beforeAll(async () => {
    before = await plainPdf(useObjectStreams);
    signed = await signPdf(before, signer, place, words);
  });

  test('is signed to its last byte, as poppler and qpdf see it, too', async () => {
    const found = await only(signed);
    expect([found.isWhole, verdictOf(found)]).toEqual([true, 'holds']);
    expect(Math.abs((found.at?.getTime() ?? 0) - signer.at.getTime())).toBeLessThan(1000);
    const path = join(mint.folder, 'signed.pdf');
    writeFileSync(path, signed);
    const said = spawnSync('pdfsig', ['-nocert', path], { encoding: 'utf8' }).stdout;
    expect(said).toContain('Signature is Valid');
    expect(said).toContain('Total document signed');
    expect(said).toContain('ETSI.CAdES.detached');
    expect(said).toContain('青岛示例科技有限公司');
    expect(execFileSync('qpdf', ['--check', path], { encoding: 'utf8' })).toContain(
      'No syntax or stream encoding errors',
    );
  });

  test('keeps every byte of what was there before', () => {
    expect(Buffer.from(signed.subarray(0, before.length)).equals(Buffer.from(before))).toBe(true);
  });

  test('says why, who and where', async () => {
    const document = await PDFDocument.load(signed, { updateMetadata: false });
    const field = document.getForm().getFields()[0];
    expect(field?.getName()).toBe('Signature1');
    const [widget] = field?.acroField.getWidgets() ?? [];
    expect(widget?.getRectangle()).toEqual({ x: 72, y: 100, width: 228, height: 60 });
    expect(document.getPageCount()).toBe(3);
    expect(Buffer.from(signed).toString('latin1')).toContain(
      Buffer.from('签', 'utf16le').swap16().toString('hex').toUpperCase(),
    );
  });

  test('a change of any byte is seen', async () => {
    for (let at = 20; at < before.length; at += 97) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      const verdict = await signaturesIn(changed).then(
        ([first]) => (first ? verdictOf(first) : 'none'),
        () => 'unreadable',
      );
      expect(verdict).not.toBe('holds');
    }
  });

  test('what is appended is seen', async () => {
    const longer = Buffer.concat([signed, Buffer.from('\n% more\n')]);
    const found = await only(longer);
    expect([found.isWhole, verdictOf(found)]).toEqual([false, 'holds']);
  });
});

test('an extent that leaves out more than the signature is refused', async () => {
  const signed = Buffer.from(await signPdf(await plainPdf(false), signer, place, words));
  const text = signed.toString('latin1');
  const [range, start = '', end = '', rest = ''] = text.match(/\/ByteRange \[0 (\d+) (\d+) (\d+)\]/) ?? [];
  const wider = `/ByteRange [0 ${Number(start) - 9} ${end} ${rest}]`.padEnd(range?.length ?? 0);
  await expect(signaturesIn(Buffer.from(text.replace(range ?? '', wider), 'latin1'))).rejects.toThrow(
    /leaves out more/,
  );
  const longer = `/ByteRange [0 ${start} ${end} ${Number(rest) + 5}]`;
  await expect(
    signaturesIn(Buffer.from(text.replace(range ?? '', longer.padEnd(range?.length ?? 0)), 'latin1')),
  ).rejects.toThrow(/leaves out more/);
});

test('a PDF without a signature has none', async () => {
  expect(await signaturesIn(await plainPdf(true))).toEqual([]);
});
