import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readSigner } from '../../src/signing/key-file.ts';
import { createMint, type Issued } from '../support/certificates.ts';

const passphrase = '口令 1234';
const mint = createMint();
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
const at = (name: string): string => join(mint.folder, name);
const known = async (): Promise<string> => passphrase;
const now = (): Date => new Date();

const unit = '青岛示例供应链科技有限公司';
const issued = new Map<string, Issued>();
let authority: Issued;

beforeAll(() => {
  authority = mint.issue('示例根证书', undefined, { isAuthority: true });
  const above = mint.issue('示例中级证书', authority, { isAuthority: true });
  issued.set('rsa', mint.issue(unit, above, { key: ['rsa:2048'] }));
  issued.set('ec', mint.issue(unit, above));
  for (const [kind, { file, keyFile }] of issued) {
    const all = ['-inkey', keyFile, '-in', file, '-certfile', above.file, '-passout', `pass:${passphrase}`];
    openssl('pkcs12', '-export', ...all, '-out', at(`${kind}-new.p12`));
    // Triple DES and RC2-40, as files of some years ago have it.
    openssl('pkcs12', '-export', '-legacy', ...all, '-out', at(`${kind}-old.p12`));
    openssl('pkcs8', '-topk8', '-in', keyFile, '-passout', `pass:${passphrase}`, '-out', at(`${kind}-locked.pem`));
  }
});

afterAll(() => mint.remove());

describe.each(['rsa', 'ec'])('a key of %s', (kind) => {
  const own = (): Issued => issued.get(kind) ?? authority;

  test.each(['new', 'old'])('in a %s .p12, with the chain, its names in Chinese', async (age) => {
    const signer = await readSigner(at(`${kind}-${age}.p12`), undefined, known, now());
    expect(signer.name).toBe(unit);
    expect(signer.certificate.toString()).toBe(own().cert);
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=示例中级证书']);
    expect(signer.certificate.checkPrivateKey(signer.key)).toBe(true);
  });

  test('in PEM, its certificate in another file', async () => {
    const signer = await readSigner(own().keyFile, own().file, async () => undefined, now());
    expect(signer.certificate.toString()).toBe(own().cert);
  });

  test('in PEM, locked', async () => {
    const signer = await readSigner(at(`${kind}-locked.pem`), own().file, known, now());
    expect(signer.certificate.toString()).toBe(own().cert);
  });

  test.each(['new.p12', 'old.p12', 'locked.pem'])(
    'in %s does not open by another passphrase, or none',
    async (file) => {
      const read = (ask: () => Promise<string | undefined>) =>
        readSigner(at(`${kind}-${file}`), own().file, ask, now());
      await expect(read(async () => 'other')).rejects.toThrow(/passphrase is wrong/);
      await expect(read(async () => undefined)).rejects.toThrow(/LEQI_SIGN_PASSPHRASE/);
    },
  );
});

describe('is refused, with what is wrong:', () => {
  const days = (count: number): Date => new Date(Date.now() + count * 24 * 3600 * 1000);
  const refused = (path: string, certificates?: string, when = now()): Promise<unknown> =>
    readSigner(path, certificates, known, when).then(
      () => 'read',
      (error) => (error instanceof InputError ? error.text.en : error),
    );

  test('a file that is not there', async () => {
    expect(await refused(at('none.p12'))).toMatch(/no such file/);
  });

  test('a file that is no key file', async () => {
    writeFileSync(at('text.p12'), 'hello');
    expect(await refused(at('text.p12'))).toMatch(/no key file|passphrase is wrong/);
    writeFileSync(at('broken.pem'), '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
    expect(await refused(at('broken.pem'))).toMatch(/no key file/);
    writeFileSync(at('broken-certificate.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(await refused(issued.get('ec')?.keyFile ?? '', at('broken-certificate.pem'))).toMatch(
      /certificate in it cannot be read/,
    );
  });

  test('a certificate without a key, and a key without its certificate', async () => {
    expect(await refused(authority.file)).toMatch(/no private key/);
    expect(await refused(issued.get('ec')?.keyFile ?? '', issued.get('rsa')?.file)).toMatch(/no certificate belongs/);
  });

  test('two keys with a certificate each', async () => {
    const all = [...issued.values()].map(({ key, cert }) => key + cert).join('');
    writeFileSync(at('two.pem'), all);
    expect(await refused(at('two.pem'))).toMatch(/several keys/);
  });

  test('a certificate that has expired, or is not yet valid', async () => {
    const { keyFile = '', file } = issued.get('ec') ?? {};
    expect(await refused(keyFile, file, days(31))).toMatch(/has expired/);
    expect(await refused(keyFile, file, days(-1))).toMatch(/not yet valid/);
    expect(await refused(keyFile, file)).toBe('read');
  });

  test('an authority’s own certificate', async () => {
    expect(await refused(authority.keyFile, authority.file)).toMatch(/authority’s own/);
  });

  test.each([
    ['a short RSA key', ['rsa:1024']],
    ['Ed25519', ['ed25519']],
  ])('%s', async (_, key) => {
    const weak = mint.issue('weak', authority, { key });
    expect(await refused(weak.keyFile, weak.file)).toMatch(/2048 bits or more|no key file|no certificate belongs/);
  });

  test('SM2', async () => {
    openssl('ecparam', '-name', 'SM2', '-genkey', '-noout', '-out', at('sm2.key'));
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      at('sm2.key'),
      '-sm3',
      '-subj',
      '/CN=SM2',
      '-days',
      '30',
      '-out',
      at('sm2.pem'),
    );
    expect(await refused(at('sm2.key'), at('sm2.pem'))).toMatch(/SM2 is not supported|no certificate belongs/);
  });
});
