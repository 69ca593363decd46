import { classicSuites } from './cipher-suites-classic.ts';
import { ellipticSuites } from './cipher-suites-elliptic.ts';
import { ssl2Kinds, tlcpSuites, tls13Suites, unregisteredSuites } from './cipher-suites-other.ts';

/** Every cipher suite that is known by number: what IANA has registered, SM suites of GB/T 38636-2020, kinds of SSL 2.0. */
export const cipherSuites: ReadonlyMap<number, string> = new Map([
  ...classicSuites,
  ...ellipticSuites,
  ...tls13Suites,
  ...tlcpSuites,
  ...unregisteredSuites,
  ...ssl2Kinds,
]);

const numbers: ReadonlyMap<string, number> = new Map([...cipherSuites].map(([number, name]) => [name, number]));

/** IANA's name; the number in hexadecimal for what has none. */
export function suiteName(number: number): string {
  return cipherSuites.get(number) ?? `0x${number.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The number of a name, or of a number in hexadecimal. */
export function suiteNumber(name: string): number | undefined {
  return numbers.get(name) ?? (/^0x[\dA-F]{4}$/.test(name) ? Number(name) : undefined);
}

/** How the premaster secret comes about; `any`: the suite leaves it open (TLS 1.3). */
export const keyExchanges = [
  'any',
  'ECDHE',
  'DHE',
  'ECDHE_PSK',
  'DHE_PSK',
  'ECCPWD',
  'SRP',
  'RSA',
  'ECDH',
  'DH',
  'RSA_PSK',
  'PSK',
  'KRB5',
  'GOST',
  'SM2',
  'IBC',
] as const;

export type KeyExchange = (typeof keyExchanges)[number];

/** What a suite's name says of it. */
export type SuiteProperties = {
  readonly keyExchange: KeyExchange;
  /** No certificate: anybody can sit in the middle. */
  readonly anonymous: boolean;
  /** Weakened for export from the United States: 40 or 56 bits, keys of 512 or 1024. */
  readonly export: boolean;
  /** `AES`, `CHACHA20`, `SM4`, `3DES`, …; `NULL` where nothing is encrypted. */
  readonly cipher: string;
  /** Effective strength of the cipher: 3DES has 112 (NIST SP 800-57 part 1), DES 56, export at most 56, NULL 0. */
  readonly bits: number;
  readonly mode: 'aead' | 'cbc' | 'stream' | 'null';
  /** The hash named last: `SHA`, `SHA256`, `MD5`, `SM3`; absent where the name has none. */
  readonly hash?: string;
  /** A key stolen later does not open what was recorded. */
  readonly forwardSecrecy: boolean;
};

/** Reads the properties of a suite off its name; undefined for a number or a name that follows no known form. */
export function suiteProperties(name: string): SuiteProperties | undefined {
  if (!/^(TLS|SSL|ECDHE|ECC|IBSDH|IBC|RSA)_/.test(name)) return undefined;
  const cipher = cipherIn(name);
  if (cipher === undefined) return undefined;
  const keyExchange = keyExchangeIn(name);
  const isExport = name.includes('_EXPORT');
  const hash = name.match(/_(SHA\d*|MD5|SM3|IMIT|OMAC|GOSTR3411)(?:_OLD)?$/)?.[1];
  return {
    keyExchange,
    anonymous: name.includes('_anon_'),
    export: isExport,
    cipher,
    bits: bitsOf(name, cipher, isExport),
    mode: modeOf(name, cipher),
    ...(hash ? { hash } : {}),
    forwardSecrecy: forwardSecret.has(keyExchange),
  };
}

// TLS 1.3 knows key exchange without (EC)DHE only for resumption.
const forwardSecret: ReadonlySet<KeyExchange> = new Set([
  'any',
  'ECDHE',
  'DHE',
  'ECDHE_PSK',
  'DHE_PSK',
  'ECCPWD',
  'SRP',
]);

const firstWords: readonly (readonly [RegExp, KeyExchange])[] = [
  [/^TLS_ECDHE_PSK_/, 'ECDHE_PSK'],
  // RFC 6655 turns the words of two names round.
  [/^TLS_(DHE_PSK|PSK_DHE)_/, 'DHE_PSK'],
  [/^TLS_RSA_PSK_/, 'RSA_PSK'],
  [/^TLS_PSK_/, 'PSK'],
  [/^TLS_ECCPWD_/, 'ECCPWD'],
  [/^TLS_SRP_/, 'SRP'],
  [/^TLS_KRB5_/, 'KRB5'],
  // An anonymous exchange has nothing but ephemeral keys.
  [/^(TLS_ECDHE|TLS_ECDH_anon|ECDHE|IBSDH)_/, 'ECDHE'],
  [/^TLS_(DHE|DH_anon)_/, 'DHE'],
  [/^TLS_ECDH_/, 'ECDH'],
  [/^TLS_DH_/, 'DH'],
  [/^TLS_GOSTR\d+(_256)?_WITH_(28147|NULL|\w+_OMAC)/, 'GOST'],
  [/^ECC_/, 'SM2'],
  [/^IBC_/, 'IBC'],
  [/^(RSA|TLS_RSA|SSL_RSA|SSL_CK)_/, 'RSA'],
  [/^TLS_NULL_WITH_/, 'RSA'],
];

function keyExchangeIn(name: string): KeyExchange {
  return firstWords.find(([words]) => words.test(name))?.[1] ?? 'any';
}

const ciphers = ['CHACHA20', 'AEGIS', 'AES', 'CAMELLIA', 'ARIA', 'SEED', 'IDEA', 'RC4', 'RC2', 'SM4', 'SM1'] as const;

function cipherIn(name: string): string | undefined {
  // Integrity alone (RFC 9150).
  if (/_NULL(_|$)|^TLS_SHA\d+_SHA\d+$/.test(name)) return 'NULL';
  if (/_3DES_|_DES_192_/.test(name)) return '3DES';
  if (/_DES(40)?_/.test(name)) return 'DES';
  if (/_(28147|KUZNYECHIK|MAGMA)_/.test(name)) return 'GOST';
  return ciphers.find((cipher) => name.includes(`_${cipher}_`));
}

function bitsOf(name: string, cipher: string, isExport: boolean): number {
  if (cipher === 'NULL') return 0;
  if (isExport) return /EXPORT1024/.test(name) ? 56 : 40;
  if (cipher === '3DES') return 112;
  if (cipher === 'DES') return 56;
  if (cipher === 'CHACHA20' || cipher === 'GOST') return 256;
  return Number(name.match(/_(128|256)L?_/)?.[1] ?? 128);
}

function modeOf(name: string, cipher: string): SuiteProperties['mode'] {
  if (cipher === 'NULL') return 'null';
  if (/_(GCM|CCM|MGM)(_|$)/.test(name) || cipher === 'CHACHA20' || cipher === 'AEGIS') return 'aead';
  return cipher === 'RC4' || cipher === 'GOST' ? 'stream' : 'cbc';
}
