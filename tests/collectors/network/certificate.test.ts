import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { authoritiesIn, namesHost, readChain } from '../../../src/collectors/network/certificate.ts';
import { tls } from '../../../src/evidence/network/tls.ts';
import { createMint, type Issued, type Wanted } from '../../support/certificates.ts';

const mint = createMint();
afterAll(() => mint.remove());

const der = ({ cert }: Issued) => new X509Certificate(cert).raw;
const read = (wanted: Wanted, subject = 'x') => readChain([der(mint.issue(subject, undefined, wanted))])[0];

// openssl ecparam -genkey -name SM2; openssl req -x509 -sm3 (OpenSSL 3.0.19).
const sm2 =
  'MIIBbjCCARWgAwIBAgIUC+vNScuOmjVkXIwXmYqfsmWkCyUwCgYIKoEcz1UBg3UwDTELMAkGA1UEAwwCc20wHhcNMjYxMTIyMDYyNDQxWhcNMjYxMTI1MDYyNDQxWjANMQswCQYDVQQDDAJzbTBZMBMGByqGSM49AgEGCCqBHM9VAYItA0IABE8mtMREo+Paqf6yuve87gasONohNm1Yn1oibSd2BFzV/HW6GuXIusuD/i5g93tV4ovm53pUgC0CiJvFfdIHDtujUzBRMB0GA1UdDgQWBBRneiL8TeYSv/gyYceZVjgXJD+s0TAfBgNVHSMEGDAWgBRneiL8TeYSv/gyYceZVjgXJD+s0TAPBgNVHRMBAf8EBTADAQH/MAoGCCqBHM9VAYN1A0cAMEQCIEcsF5XU1DKods+luiGDAsD982/R/puvNo+22ANt1dtSAiAWT/u8R7rE5bzLXQcKVwT2DtY0b96gDYNbHuUk2ctJJQ==';

describe('keys and signatures', () => {
  test.each<[string, Wanted, object]>([
    [
      'RSA',
      { key: ['rsa:2048'] },
      { key: { type: 'rsa', bits: 2048 }, signature: { algorithm: 'sha256WithRSAEncryption', hash: 'sha256' } },
    ],
    ['RSA and SHA-1', { key: ['rsa:1024'], digest: 'sha1' }, { key: { bits: 1024 }, signature: { hash: 'sha1' } }],
    ['RSA and MD5', { key: ['rsa:1024'], digest: 'md5' }, { signature: { hash: 'md5' } }],
    [
      'P-384',
      { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'], digest: 'sha384' },
      {
        key: { type: 'ec', bits: 384, curve: 'secp384r1' },
        signature: { algorithm: 'ecdsa-with-SHA384', hash: 'sha384' },
      },
    ],
    ['a short curve', { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp192k1'] }, { key: { bits: 192 } }],
    [
      'Ed25519',
      { key: ['ed25519'] },
      { key: { type: 'ed25519', bits: 256 }, signature: { algorithm: 'ED25519', hash: 'intrinsic' } },
    ],
    ['Ed448', { key: ['ed448'] }, { key: { type: 'ed448', bits: 456 }, signature: { hash: 'intrinsic' } }],
  ])('%s', (_, wanted, expected) => {
    expect(read(wanted)).toMatchObject(expected);
  });

  test('SM2: Node reads the signature’s name, not the key, which its own bytes tell', () => {
    expect(readChain([Buffer.from(sm2, 'base64')])[0]).toMatchObject({
      subject: 'CN=sm',
      key: { type: 'sm2', bits: 256, curve: 'SM2' },
      signature: { algorithm: 'SM2-with-SM3', hash: 'sm3' },
    });
  });

  test('PSS: the digest stands in parameters that are not read', () => {
    const certificate = read({ key: ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'] });
    expect(certificate).toMatchObject({ key: { type: 'rsa-pss', bits: 2048 }, signature: { algorithm: 'rsassaPss' } });
    expect(certificate?.signature).not.toHaveProperty('hash');
  });
});

describe('names', () => {
  test('are kept apart with their type', () => {
    expect(
      read({ names: 'DNS:a.example,DNS:*.b.example,IP:192.0.2.1,email:x@a.example,URI:https://a.example/?b' })?.names,
    ).toEqual([
      'DNS:a.example',
      'DNS:*.b.example',
      'IP Address:192.0.2.1',
      'email:x@a.example',
      'URI:https://a.example/?b',
    ]);
    expect(read({ names: '' })?.names).toEqual([]);
  });

  test('a name with a comma in it stays one', () => {
    expect(read({ names: '@list\n[list]\nURI.1=https://a.example/, DNS:evil.example' })?.names).toHaveLength(1);
  });

  const shown = der(
    mint.issue('common.example', undefined, { names: 'DNS:a.example,DNS:*.b.example,IP:192.0.2.1,IP:2001:db8::1' }),
  );
  test.each([
    ['a.example', true],
    ['A.EXAMPLE', true],
    ['x.b.example', true],
    ['x.y.b.example', false],
    ['b.example', false],
    ['common.example', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    ['2001:db8:0::1', true],
    ['2001:db8::2', false],
  ])('%s is named: %s', (host, isNamed) => {
    expect(namesHost(shown, host)).toBe(isNamed);
  });

  test('control characters in a subject are not printed', () => {
    expect(read({}, 'a\u001b[2Jb')?.subject).not.toContain('\u001b');
  });
});

test('a chain: who signed whom, and it ends where nothing can be read', () => {
  const root = mint.issue('Root', undefined, { isAuthority: true });
  const leaf = mint.issue('leaf', root);
  const chain = readChain([der(leaf), der(root), Buffer.from('3082000102', 'hex'), der(leaf)]);
  expect(chain.map(({ subject, selfSigned }) => [subject, selfSigned])).toEqual([
    ['CN=leaf', false],
    ['CN=Root', true],
  ]);
  expect(chain[0]?.sha256).toBe(new X509Certificate(leaf.cert).fingerprint256.replaceAll(':', '').toLowerCase());
  const value = { trust: { state: 'trusted', anchors: 'public' }, name: { asked: 'leaf', matches: true }, chain };
  expect(tls.value.safeParse({ speaksTls: true, versions: [], certificate: value }).success).toBe(true);
});

test('the subject of another certificate does not make one self-signed', () => {
  const root = mint.issue('Same', undefined, { isAuthority: true });
  expect(readChain([der(mint.issue('Same', root))])[0]).toMatchObject({
    subject: 'CN=Same',
    issuer: 'CN=Same',
    selfSigned: false,
  });
});

test('authorities of a file: PEM, several, DER, none', () => {
  const one = mint.issue('One', undefined, { isAuthority: true });
  const two = mint.issue('Two', undefined, { isAuthority: true });
  expect(authoritiesIn(readFileSync(one.file))).toEqual([one.cert]);
  expect(authoritiesIn(Buffer.from(`# ours\n${one.cert}\n${one.key}\n${two.cert}`))).toEqual([one.cert, two.cert]);
  expect(authoritiesIn(der(one))).toEqual([one.cert]);
  expect(authoritiesIn(readFileSync(one.keyFile))).toEqual([]);
  expect(authoritiesIn(Buffer.alloc(0))).toEqual([]);
});
