import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSigner } from '../../src/signing/key-file.ts';
import { checkSignature } from '../../src/signing/signature.ts';
import { type Signer, signDetached } from '../../src/signing/signer.ts';
import { distrustOf, fingerprintOf } from '../../src/signing/trust.ts';
import { createMint, type Issued } from '../support/certificates.ts';

const mint = createMint();
const data = Buffer.from('{"files":{"证据":1}}');
let at: Date;
const signers = new Map<string, Signer>();
let root: Issued;
let other: Issued;

beforeAll(async () => {
  root = mint.issue('示例根证书', undefined, { isAuthority: true, days: 400 });
  other = mint.issue('别的根证书', undefined, { isAuthority: true });
  const keys = {
    rsa: ['rsa:3072'],
    'P-256': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    'P-384': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  };
  for (const [name, key] of Object.entries(keys)) {
    const { keyFile, file } = mint.issue('示例单位', root, { key, days: 90 });
    // Whole seconds, as a signature has them, and not before the certificate's own.
    at = new Date(Math.ceil(Date.now() / 1000) * 1000);
    signers.set(name, await readSigner(keyFile, file, async () => undefined, at));
  }
});

afterAll(() => mint.remove());

const signerOf = (name: string): Signer => signers.get(name) ?? expect.unreachable();

describe.each(['rsa', 'P-256', 'P-384'])('a signature by %s', (name) => {
  test.each(['pades', 'file'] as const)('as for %s holds here and for openssl', async (form) => {
    const signer = signerOf(name);
    const signature = await signDetached(data, signer, form);
    const seen = checkSignature(signature, data);
    if ('fault' in seen) return expect.unreachable(seen.fault);
    expect(seen.certificate.raw.equals(signer.certificate.raw)).toBe(true);
    expect(seen.at).toEqual(form === 'file' ? signer.at : undefined);
    const [signatureFile, dataFile] = [join(mint.folder, 'x.p7s'), join(mint.folder, 'x.json')];
    writeFileSync(signatureFile, signature);
    writeFileSync(dataFile, data);
    const said = execFileSync(
      'openssl',
      [
        'cms',
        '-verify',
        '-binary',
        '-cades',
        '-inform',
        'DER',
        '-in',
        signatureFile,
        '-content',
        dataFile,
        '-CAfile',
        root.file,
        '-purpose',
        'any',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    expect(said.toString()).toBe(data.toString());
  });

  test('does not hold for other data', async () => {
    const signature = await signDetached(data, signerOf(name), 'file');
    expect(checkSignature(signature, Buffer.from('{}'))).toEqual({ fault: 'changed' });
  });

  test('does not hold with any of its bytes changed', async () => {
    const signer = signerOf(name);
    const signature = Buffer.from(await signDetached(data, signer, 'file'));
    const seen = checkSignature(signature, data);
    expect('fault' in seen).toBe(false);
    for (let index = 0; index < signature.length; index += 7) {
      const changed = Buffer.from(signature);
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      const after = checkSignature(changed, data);
      // What is still accepted is still this signer's: bytes that nothing depends on, such as an algorithm's empty parameters.
      if (!('fault' in after)) expect(after.certificate.publicKey.equals(signer.certificate.publicKey)).toBe(true);
    }
  });
});

test('openssl’s own signature holds here, unless it signs by SHA-1', () => {
  const { keyFile, file } = mint.issue('示例单位', root);
  const dataFile = join(mint.folder, 'own.json');
  writeFileSync(dataFile, data);
  const sign = (digest: string): Buffer =>
    execFileSync(
      'openssl',
      [
        'cms',
        '-sign',
        '-binary',
        '-md',
        digest,
        '-outform',
        'DER',
        '-in',
        dataFile,
        '-signer',
        file,
        '-inkey',
        keyFile,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  expect('fault' in checkSignature(sign('sha256'), data)).toBe(false);
  expect('fault' in checkSignature(sign('sha512'), data)).toBe(false);
  expect(checkSignature(sign('sha1'), data)).toEqual({ fault: 'unsupported' });
});

test('another certificate under the same name and number does not take a signature over', async () => {
  const signer = signerOf('P-256');
  const signature = Buffer.from(await signDetached(data, signer, 'pades'));
  const attributes = checkSignature(signature, data);
  expect('fault' in attributes).toBe(false);
  // The certificate's own bytes are bound by their hash: a bit of its signature makes it another one.
  const last = signature.lastIndexOf(signer.certificate.raw.subarray(-16)) + 15;
  signature[last] = (signature[last] ?? 0) ^ 0x01;
  expect(checkSignature(signature, data)).toEqual({ fault: 'otherCertificate' });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(100)],
  ['text', Buffer.from('signature')],
])('%s is no signature', (_, bytes) => {
  expect(checkSignature(bytes, data, 'zeros')).toEqual({ fault: 'unreadable' });
});

describe('a certificate is trusted', () => {
  const x509 = ({ cert }: Issued): X509Certificate => new X509Certificate(cert);
  const day = (count: number): Date => new Date(Date.now() + count * 24 * 3600 * 1000);

  test('under a given authority, also through others', () => {
    const middle = mint.issue('中级', root, { isAuthority: true, days: 200 });
    const leaf = mint.issue('示例单位', middle, { days: 100 });
    const trust = { authorities: [x509(other), x509(root)] };
    expect(distrustOf(x509(leaf), [x509(middle)], trust, day(0))).toBeUndefined();
    expect(distrustOf(x509(leaf), [], trust, day(0))).toBe('stranger');
    expect(distrustOf(x509(leaf), [x509(middle)], { authorities: [x509(other)] }, day(0))).toBe('stranger');
    expect(distrustOf(x509(leaf), [x509(middle)], { authorities: [x509(leaf)] }, day(0))).toBeUndefined();
    expect(distrustOf(x509(leaf), [x509(middle)], trust, day(101))).toBe('outOfDate');
    expect(distrustOf(x509(leaf), [x509(middle)], trust, day(-1))).toBe('outOfDate');
  });

  test('not through a certificate that is no authority, nor through one that has ended', () => {
    const fake = mint.issue('不是机构', root, { days: 200 });
    const leaf = mint.issue('示例单位', fake, { days: 100 });
    const old = mint.issue('旧中级', root, { isAuthority: true, days: 10 });
    const late = mint.issue('示例单位', old, { days: 100 });
    const trust = { authorities: [x509(root)] };
    expect(distrustOf(x509(leaf), [x509(fake)], trust, day(0))).toBe('stranger');
    expect(distrustOf(x509(late), [x509(old)], trust, day(20))).toBe('stranger');
  });

  test('not under an authority that only bears the name of the given one', () => {
    const twin = mint.issue('示例根证书', undefined, { isAuthority: true });
    const leaf = mint.issue('示例单位', twin);
    expect(distrustOf(x509(leaf), [x509(twin)], { authorities: [x509(root)] }, day(0))).toBe('stranger');
  });

  test('not through one that was issued by SHA-1 or by a short key, nor below one that allows no other', () => {
    const trust = { authorities: [x509(root)] };
    const weak = mint.issue('旧中级', root, { isAuthority: true, digest: 'sha1' });
    const short = mint.issue('短中级', root, { isAuthority: true, key: ['rsa:1024'] });
    const last = mint.issue('末级', root, {
      isAuthority: true,
      extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0'],
    });
    const below = mint.issue('越级', last, { isAuthority: true });
    for (const middle of [weak, short])
      expect(distrustOf(x509(mint.issue('单位', middle)), [x509(middle)], trust, day(0))).toBe('stranger');
    expect(distrustOf(x509(mint.issue('单位', last)), [x509(last)], trust, day(0))).toBeUndefined();
    const leaf = mint.issue('单位', below);
    expect(distrustOf(x509(leaf), [x509(below), x509(last)], trust, day(0))).toBe('stranger');
  });

  test('authorities that issued each other lead nowhere, soon', () => {
    const pair = ['一', '二'].map((name) => mint.issue(name, undefined, { isAuthority: true }));
    const crossed = pair.flatMap((one) => pair.map((other) => mint.across(one, other)));
    const leaf = mint.issue('单位', pair[0]);
    const others = [...pair, ...crossed].map(x509);
    expect(distrustOf(x509(leaf), others, { authorities: [x509(root)] }, day(0))).toBe('stranger');
  });

  test('by its fingerprint, which goes before everything', () => {
    const leaf = x509(mint.issue('示例单位', root));
    const fingerprint = fingerprintOf(leaf);
    expect(distrustOf(leaf, [], { authorities: [], fingerprint }, day(0))).toBeUndefined();
    expect(distrustOf(leaf, [], { authorities: [x509(other)], fingerprint }, day(0))).toBe('stranger');
    expect(distrustOf(leaf, [], { authorities: [x509(root)], fingerprint: 'a'.repeat(64) }, day(0))).toBe(
      'otherFingerprint',
    );
  });
});
