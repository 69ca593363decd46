import { X509Certificate } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { isForTimeStamps, keyUsageOf, pathLengthOf } from '../../src/signing/extensions.ts';
import { createMint } from '../support/certificates.ts';

const mint = createMint();
afterAll(() => mint.remove());

// Of a private extension the content is its owner's affair: authorities put plain words there.
const plainWords = '1.2.156.10260.4.1.1=DER:E7A4BAE4BE8B';

const withExtensions = (...extensions: string[]): X509Certificate =>
  new X509Certificate(mint.issue('示例', undefined, { names: '', extensions }).cert);

test.each([
  ['keyUsage=critical,digitalSignature', { sign: true }],
  ['keyUsage=critical,nonRepudiation', { sign: true }],
  ['keyUsage=critical,keyEncipherment', { sign: false }],
  // A usage that cannot be read allows nothing.
  ['2.5.29.15=critical,DER:E4B880', { sign: false }],
  ['2.5.29.15=critical,ASN1:UTF8String:sign', { sign: false }],
])('%s, beside an extension that is no DER', (usage, expected) => {
  expect(keyUsageOf(withExtensions(plainWords, usage))).toEqual(expected);
  expect(keyUsageOf(withExtensions(usage))).toEqual(expected);
});

test('without a key usage all is allowed', () => {
  expect(keyUsageOf(withExtensions(plainWords))).toBeUndefined();
});

test('what else a certificate says is not lost behind an extension that is no DER', () => {
  expect(isForTimeStamps(withExtensions(plainWords, 'extendedKeyUsage=critical,timeStamping'))).toBe(true);
  expect(isForTimeStamps(withExtensions('2.5.29.37=critical,DER:E4B880'))).toBe(false);
  expect(pathLengthOf(withExtensions(plainWords, 'basicConstraints=critical,CA:TRUE,pathlen:1'))).toBe(1);
});
