import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
    expect(await refused(weak.keyFile, weak.file)).toMatch(/RSA key of 2048 bits or more/);
  });

  test('a key file that is no PKCS #12 though it is DER', async () => {
    openssl('pkey', '-in', issued.get('rsa')?.keyFile ?? '', '-outform', 'DER', '-out', at('key.der'));
    expect(await refused(at('key.der'))).toMatch(/no key file/);
    writeFileSync(at('utf16.pem'), Buffer.from(`\ufeff${issued.get('rsa')?.key}`, 'utf16le'));
    expect(await refused(at('utf16.pem'))).toMatch(/no key file/);
  });

  test('the one of a pair that is to encrypt for', async () => {
    const own = mint.issue('加密证书', authority, { names: '', extensions: ['keyUsage=critical,keyEncipherment'] });
    expect(await refused(own.keyFile, own.file)).toMatch(/use the certificate for signing/);
  });

  test('a certificate issued by SHA-1', async () => {
    const own = mint.issue('旧证书', authority, { digest: 'sha1' });
    expect(await refused(own.keyFile, own.file)).toMatch(/issued by SHA-1/);
  });

  test('SM2, in PEM, locked, and in a .p12, and what to do then', async () => {
    const named = ['-sm3', '-subj', '/CN=SM2', '-days', '30', '-addext', 'basicConstraints=critical,CA:FALSE'];
    openssl('ecparam', '-name', 'SM2', '-genkey', '-noout', '-out', at('sm2.key'));
    openssl('req', '-x509', '-new', '-key', at('sm2.key'), ...named, '-out', at('sm2.pem'));
    const all = ['-inkey', at('sm2.key'), '-in', at('sm2.pem'), '-passout', `pass:${passphrase}`];
    openssl('pkcs8', '-topk8', '-in', at('sm2.key'), '-passout', `pass:${passphrase}`, '-out', at('sm2-locked.pem'));
    openssl('pkcs12', '-export', ...all, '-out', at('sm2.p12'));
    openssl('pkcs12', '-export', '-legacy', ...all, '-out', at('sm2-old.p12'));
    for (const file of ['sm2.key', 'sm2-locked.pem', 'sm2.p12', 'sm2-old.p12'])
      expect(await refused(at(file), at('sm2.pem'))).toMatch(/is a key or certificate on SM2.*without --sign/);
  });
});

describe('is read all the same:', () => {
  const own = (): Issued => issued.get('rsa') ?? authority;
  const nameIn = async (content: string): Promise<string> => {
    writeFileSync(at('odd.pem'), content);
    return (await readSigner(at('odd.pem'), undefined, known, now())).name;
  };

  test('PEM as Windows writes it, with a mark in front, or with words around', async () => {
    const { key, cert } = own();
    expect(await nameIn((key + cert).replaceAll('\n', '\r\n'))).toBe(unit);
    expect(await nameIn(`\ufeff${key}${cert}`)).toBe(unit);
    expect(await nameIn(`Bag Attributes\n  friendlyName: 单位\n${cert}\nKey Attributes: <none>\n${key}\n`)).toBe(unit);
  });

  test('a key locked in the older way', async () => {
    openssl('rsa', '-in', own().keyFile, '-traditional', '-aes128', '-passout', 'pass:older', '-out', at('older.pem'));
    const read = (passphrase: string) => readSigner(at('older.pem'), own().file, async () => passphrase, now());
    expect((await read('older')).name).toBe(unit);
    await expect(read('other')).rejects.toThrow(/passphrase is wrong/);
  });

  test('the chain in any order, without what does not belong to it', async () => {
    const top = mint.issue('顶级', undefined, { isAuthority: true });
    const middle = mint.issue('中级', top, { isAuthority: true });
    const low = mint.issue('下级', middle, { isAuthority: true });
    const leaf = mint.issue('单位', low);
    const stranger = mint.issue('旁人', top);
    const content = [stranger.cert, top.cert, low.cert, leaf.cert, leaf.key, middle.cert, low.cert].join('');
    writeFileSync(at('mixed.pem'), content);
    const { chain } = await readSigner(at('mixed.pem'), undefined, known, now());
    expect(chain.map(({ subject }) => subject)).toEqual(['CN=下级', 'CN=中级', 'CN=顶级']);
  });

  test('of two pairs the one that is to sign, of two certificates the one that is valid', async () => {
    const sign = mint.issue('签名证书', authority, { names: '', extensions: ['keyUsage=critical,nonRepudiation'] });
    const encrypt = mint.issue('加密证书', authority, { names: '', extensions: ['keyUsage=critical,keyAgreement'] });
    expect(await nameIn([encrypt, sign].map(({ key, cert }) => key + cert).join(''))).toBe('签名证书');
    openssl('x509', '-in', sign.file, '-signkey', sign.keyFile, '-days', '-1', '-out', at('ended.pem'));
    expect(await nameIn(readFileSync(at('ended.pem'), 'utf8') + sign.key + sign.cert)).toBe('签名证书');
  });
});
