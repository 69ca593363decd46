import { cipherSuites, keyExchanges, suiteProperties } from '../../evidence/network/cipher-suites.ts';
import { ssl2Kinds, tlcpSuites, tls13Suites } from '../../evidence/network/cipher-suites-other.ts';
import type { TlsVersion } from '../../evidence/network/tls.ts';

/** Suites in one hello: some servers drop longer ones. */
const longestList = 120;

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
  return [plainRsa, ...sliced(suites)];
}

/** Lists that one hello can carry. */
export function sliced(suites: readonly number[], size = longestList): number[][] {
  const lists: number[][] = [];
  for (let at = 0; at < suites.length; at += size) lists.push(suites.slice(at, at + size));
  return lists;
}

/** Deals suites into lists like cards, so that what a server is likely to accept is spread over all of them. */
export function dealt(suites: readonly number[], lists: number): number[][] {
  return Array.from({ length: Math.min(lists, suites.length) }, (_, list) =>
    suites.filter((_, index) => index % lists === list),
  );
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
const plainRsa = classic.filter((number) => /^(TLS|SSL)_RSA_(?!PSK)/.test(cipherSuites.get(number) ?? ''));

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
