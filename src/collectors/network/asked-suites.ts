import { cipherSuites, keyExchanges, suiteProperties } from '../../evidence/network/cipher-suites.ts';
import { ssl2Kinds, tlcpSuites, tls13Suites } from '../../evidence/network/cipher-suites-other.ts';
import type { TlsVersion } from '../../evidence/network/tls.ts';

/** Suites in one hello: some servers drop lists of 128 and more. */
export const longestList = 125;

/**
 * Every suite that a version is asked for, those first that a well-kept server prefers. Older versions are asked for those of
 * newer ones too, for a server may accept what it should not.
 */
export function askedSuites(version: TlsVersion): readonly number[] {
  if (version === 'SSLv2') return ssl2;
  if (version === 'TLSv1.3') return tls13;
  if (version === 'TLCPv1.1') return tlcp;
  return classic;
}

/**
 * The suites to find out whether a version is offered at all. Suites without a signature stand alone, for a server may prefer one
 * that it then cannot sign.
 */
export function suiteLists(version: TlsVersion): readonly (readonly number[])[] {
  const suites = askedSuites(version);
  if (suites !== classic) return [suites];
  return [plainRsa, ordinaryList, ...sliced(suites)];
}

/** Lists that one hello can carry. */
export function sliced(suites: readonly number[], size = longestList): number[][] {
  const lists: number[][] = [];
  for (let at = 0; at < suites.length; at += size) lists.push(suites.slice(at, at + size));
  return lists;
}

/** The first half and the second. */
export function halved(suites: readonly number[]): number[][] {
  return sliced(suites, Math.ceil(suites.length / 2));
}

/** Whether well-kept servers accept the suite: worth a hello of its own. */
export function isCommon(suite: number): boolean {
  return common.has(suite);
}

/** Whether servers have the suite as libraries come: no pre-shared keys, no passwords, no DSA, nothing out of use. */
export function isUsual(suite: number): boolean {
  return usual.has(suite);
}

/** Whether common clients offer the suite, or did: no device takes offence at it, as some do at what encrypts nothing, say. */
export function isOrdinary(suite: number): boolean {
  return isUsual(suite) && !/NULL|EXPORT|_anon_/.test(cipherSuites.get(suite) ?? '');
}

/** Whether the key exchange needs no signature: RSA. */
export function isWithoutSignature(suite: number): boolean {
  return /^(TLS|SSL)_RSA_(?!PSK)/.test(cipherSuites.get(suite) ?? '');
}

/** The other order that is in wide use (Mozilla's): AES with 128 bits before AES with 256 bits, ChaCha20 after both. */
export function lighterFirst(suites: readonly number[]): number[] {
  const weight = (suite: number): number => {
    const name = cipherSuites.get(suite) ?? '';
    return name.includes('_AES_128_GCM') ? 0 : name.includes('_AES_256_GCM') ? 1 : 2;
  };
  return suites.toSorted((a, b) => weight(a) - weight(b));
}

/** Whether a suite is defined for TLS 1.2 and later only: AEAD, and CBC with SHA-2 (RFC 5246, 1.2). */
export function isTls12Only(suite: number): boolean {
  const properties = suiteProperties(cipherSuites.get(suite) ?? '');
  return properties?.mode === 'aead' || /^SHA\d/.test(properties?.hash ?? '');
}

const usualCiphers = ['AES', 'CHACHA20', 'CCM', 'SM4', 'ARIA', 'CAMELLIA', '3DES', 'SEED', 'IDEA', 'RC4'];

const ssl2 = ssl2Kinds.map(([number]) => number);
const tlcp = byPreference(tlcpSuites.map(([number]) => number));
const tls13 = byPreference(tls13Suites.map(([number]) => number));
const only13 = new Set(tls13);
const classic = byPreference([...cipherSuites.keys()].filter((number) => number <= 0xffff && !only13.has(number)));
const plainRsa = classic.filter(isWithoutSignature);

const common = matching(/^TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA(256|384)$/);
const usual = matching(
  /^TLS_(ECDHE_(ECDSA|RSA)|DHE_RSA|(EC)?DH_anon|RSA)_WITH_(AES|CHACHA20|ARIA_\d+_GCM|CAMELLIA_\d+_CBC|3DES_EDE|RC4_128|NULL)/,
);

/** What common clients of TLS 1.2 and earlier offer, or did. */
export const ordinaryList = classic.filter(isOrdinary);

function matching(pattern: RegExp): ReadonlySet<number> {
  return new Set([...cipherSuites].flatMap(([number, name]) => (pattern.test(name) ? [number] : [])));
}

// Roughly the order of OpenSSL: forward secrecy, then strength, then AEAD; ECDSA before RSA.
function byPreference(suites: readonly number[]): number[] {
  const rank = new Map(suites.map((suite) => [suite, rankOf(cipherSuites.get(suite) ?? '')]));
  return suites.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a - b);
}

// Smaller is better; each part is a digit of its own.
function rankOf(name: string): number {
  const suite = suiteProperties(name);
  if (!suite) return Number.MAX_SAFE_INTEGER;
  const cipher = name.includes('_CCM') ? 'CCM' : suite.cipher;
  const parts = [
    suite.cipher === 'NULL' || suite.export ? 1 : 0,
    suite.forwardSecrecy ? 0 : 1,
    suite.mode === 'aead' ? 0 : /^SHA\d/.test(suite.hash ?? '') ? 1 : 2,
    suite.bits >= 256 ? 0 : suite.bits >= 128 ? 1 : 2,
    suite.anonymous ? 1 : 0,
    usualCiphers.indexOf(cipher) + 1 || 19,
    keyExchanges.indexOf(suite.keyExchange),
    name.includes('ECDSA') ? 0 : 1,
    name.includes('_CCM_8') ? 0 : 1,
  ];
  return parts.reduce((sum, part) => sum * 20 + part, 0);
}
