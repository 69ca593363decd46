import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { authoritiesIn, namesHost, readChain } from '../../../src/collectors/network/certificate.ts';
import { tls } from '../../../src/evidence/network/tls.ts';
import { printable } from '../../../src/text.ts';
import { createMint } from '../../support/certificates.ts';
import { number } from '../../support/flights.ts';
import { holds } from '../../support/fuzz.ts';
import { sm2Pair } from '../../support/sm2-certificates.ts';

const mint = createMint();
afterAll(() => mint.remove());

const names = 'DNS:a.example,DNS:*.b.example,IP:127.0.0.1,IP:::1,email:a@a.example,URI:https://a.example/,dirName:dir';
const section = '\n[dir]\nCN=dir';
const ders = [
  mint.issue('ec', undefined, { names: `${names}${section}` }),
  mint.issue('rsa', undefined, { key: ['rsa:1024'], digest: 'sha1' }),
].map(({ cert }): Buffer => new X509Certificate(cert).raw);
ders.push(sm2Pair().sign);

const byte = fc.integer({ min: 0, max: 0xff });
// A byte changed, some left out, some put in: lengths, types and values of DER alike.
const change = fc.tuple(
  fc.nat(),
  fc.constantFrom('set', 'set', 'set', 'cut', 'add'),
  fc.integer({ min: 1, max: 9 }),
  byte,
);
const mutated = fc.tuple(fc.constantFrom(...ders), fc.array(change, { maxLength: 5 })).map(([der, changes]) =>
  changes.reduce((bytes, [where, how, length, value]) => {
    const at = where % bytes.length;
    const [from, put] = how === 'cut' ? [at + length, 0] : how === 'add' ? [at, length] : [at + 1, 1];
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(put, value), bytes.subarray(from)]);
  }, der),
);
const hosts = fc.constantFrom(
  'a.example',
  'x.b.example',
  '127.0.0.1',
  '::1',
  'A.EXAMPLE.',
  '',
  '*',
  '例.example',
  'a'.repeat(5000),
);

function evidenceOf(chain: ReturnType<typeof readChain>): unknown {
  if (chain.length === 0) return { speaksTls: true, versions: [] };
  const certificate = { chain, trust: { state: 'unobserved', detail: '' }, name: { asked: 'a', matches: false } };
  return { speaksTls: true, versions: [], certificate };
}

// A part of DER with a length of three bytes.
const part = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, 0x83), number(body.length, 3), body]);
};

/** The certificate with another serial number and signature algorithm, as the library must take them apart. */
function rebuilt(der: Buffer, { serial, algorithm }: { serial?: Buffer; algorithm?: Buffer }): Buffer {
  const body = der.subarray(8, 8 + der.readUInt16BE(6));
  const rest = der.subarray(8 + der.readUInt16BE(6));
  // Version 3 takes five bytes; then the serial number, then ecdsa-with-SHA256.
  const after = 7 + (body[6] ?? 0);
  const usual = Buffer.from('300a06082a8648ce3d040302', 'hex');
  const [first, second] = algorithm ? [algorithm, algorithm] : [usual, usual];
  const numbered = serial ? part(2, serial) : body.subarray(5, after);
  const inner = part(0x30, body.subarray(0, 5), numbered, first, body.subarray(after + usual.length));
  return part(0x30, inner, second, rest.subarray(usual.length));
}

describe('longer than anybody needs', () => {
  const [der = Buffer.alloc(0)] = ders;

  test('a serial number of 30,000 bytes', () => {
    const [read] = readChain([rebuilt(der, { serial: Buffer.alloc(30_000, 0x55) })]);
    expect(read?.subject).toBe('CN=ec');
    expect(read?.serial).toBe('55'.repeat(100));
  });

  test('an object identifier of 20,000 bytes for the signature', () => {
    const algorithm = part(0x30, part(6, Buffer.alloc(20_000, 0x2a)));
    const [read] = readChain([rebuilt(der, { algorithm })]);
    expect(read?.subject).toBe('CN=ec');
    expect(read?.signature.algorithm.length).toBeLessThanOrEqual(200);
    expect(read?.signature.hash).toBeUndefined();
  });
});

describe('whatever stands in a certificate', () => {
  test('it is read without a throw, fits the evidence, is printable and bounded', () => {
    let read = 0;
    const property = fc.property(fc.array(mutated, { minLength: 1, maxLength: 3 }), (chain) => {
      const certificates = readChain(chain);
      read += certificates.length;
      tls.value.parse(evidenceOf(certificates));
      const text = JSON.stringify(certificates);
      expect(printable(text)).toBe(text);
      expect(text.isWellFormed()).toBe(true);
      for (const { subject, issuer, serial, names, signature, key } of certificates)
        for (const each of [subject, issuer, serial, signature.algorithm, key.type, ...names])
          expect(each.length).toBeLessThanOrEqual(1000);
    });
    holds(property, 1500);
    // Else nothing but the library's refusal was tried.
    expect(read).toBeGreaterThan(100);
  });

  test('asking it for a host neither throws nor hangs', () => {
    const property = fc.property(mutated, hosts, (der, host) => {
      expect(typeof namesHost(der, host)).toBe('boolean');
    });
    holds(property, 1500);
  });

  test('a file of authorities', () => {
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const pem = mutated.map((der) =>
      Buffer.from(`-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`),
    );
    const property = fc.property(fc.array(fc.oneof(noise, pem, mutated), { maxLength: 3 }), (parts) => {
      for (const authority of authoritiesIn(Buffer.concat(parts))) expect(authority).toContain('BEGIN CERTIFICATE');
    });
    holds(property, 300);
  });
});
