import { randomBytes } from 'node:crypto';
import type { TlsVersion } from '../../evidence/network/tls.ts';

/**
 * Cipher suites to ask for: every number that IANA has assigned, with the SM suites of GB/T 38636-2020, so that a server which
 * offers only what OpenSSL has dropped still answers. Lists have at most 120, for some servers drop longer ones; suites without
 * a signature stand alone, for a server may prefer one that it then cannot sign.
 */
export function suiteLists(version: TlsVersion): readonly (readonly number[])[] {
  if (version === 'SSLv2') return [ssl2Suites];
  if (version === 'TLSv1.3') return [tls13Suites];
  const lists: number[][] = [plainRsaSuites];
  for (let at = 0; at < olderSuites.length; at += 120) lists.push(olderSuites.slice(at, at + 120));
  return lists;
}

/** A ClientHello of exactly one version: RFC 5246, 7.4.1.2; RFC 8446, 4.1.2; RFC 6101, 5.6.1.2; SSL 2.0. */
export function clientHello(version: TlsVersion, suites: readonly number[], serverName?: string): Buffer {
  if (version === 'SSLv2') return ssl2Hello(suites);
  const code = codes[version];
  // SSL 3.0 knows no extensions, and some of its servers refuse a hello that has any.
  const extensions = version === 'SSLv3' ? [] : [vector(2, ...extensionsOf(version, serverName))];
  const body = Buffer.concat([
    uint16(Math.min(code, codes['TLSv1.2'])),
    randomBytes(32),
    Buffer.of(0),
    vector(2, ...suites.map(uint16)),
    // Null compression only.
    Buffer.of(1, 0),
    ...extensions,
  ]);
  const message = Buffer.concat([Buffer.of(1), vector(3, body)]);
  return Buffer.concat([Buffer.of(22), uint16(Math.min(code, codes['TLSv1.0'])), vector(2, message)]);
}

const codes = { SSLv3: 0x0300, 'TLSv1.0': 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 } as const;

const olderSuites = [
  ...between(0xc001, 0xc0b3),
  ...between(0xcca8, 0xccae),
  ...between(0x0001, 0x003b),
  ...between(0x0041, 0x0046),
  ...between(0x0060, 0x006d),
  ...between(0x0084, 0x00c5),
  ...between(0xe011, 0xe01c),
];

// Key exchange by RSA encryption (TLS_RSA_WITH_…).
const plainRsaSuites = [
  0x002f, 0x0035, 0x003c, 0x003d, 0x009c, 0x009d, 0x000a, 0x0005, 0x0004, 0x0041, 0x0084, 0x0096, 0x00ba, 0x00c0,
  0xc09c, 0xc09d, 0xc0a0, 0xc0a1, 0xc03c, 0xc03d, 0xc050, 0xc051, 0xc07a, 0xc07b, 0x0009, 0x0008, 0x0007, 0x0006,
  0x0003, 0x003b, 0x0002, 0x0001,
];

// TLS_SM4_GCM_SM3 and TLS_SM4_CCM_SM3 of RFC 8998, integrity-only suites of RFC 9150.
const tls13Suites = [...between(0x1301, 0x1305), 0x00c6, 0x00c7, 0xc0b4, 0xc0b5];

const ssl2Suites = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0];

// All named groups up to brainpool in TLS 1.3, curveSM2 (41), finite fields, X25519MLKEM768.
const groups = [
  0x11ec,
  29,
  23,
  24,
  25,
  30,
  41,
  ...between(1, 22),
  26,
  27,
  28,
  ...between(31, 33),
  ...between(256, 260),
];

// ECDSA, EdDSA, PSS, PKCS #1, DSA, and SM2 (0x0708).
const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
  0x0301, 0x0303, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101, 0x0708,
];

function extensionsOf(version: TlsVersion, serverName: string | undefined): Buffer[] {
  const common = [
    ...(serverName ? [extension(0, vector(2, Buffer.of(0), vector(2, Buffer.from(serverName, 'ascii'))))] : []),
    extension(10, vector(2, ...groups.map(uint16))),
    extension(13, vector(2, ...signatures.map(uint16))),
  ];
  // An empty key share asks the server to name a group (RFC 8446, 4.2.8): its HelloRetryRequest shows that it speaks 1.3.
  if (version === 'TLSv1.3')
    return [...common, extension(43, vector(1, uint16(codes['TLSv1.3']))), extension(51, vector(2))];
  // Point formats, extended master secret and secure renegotiation: some servers insist on the latter two.
  return [...common, extension(11, vector(1, Buffer.of(0))), extension(23), extension(0xff01, vector(1))];
}

function ssl2Hello(suites: readonly number[]): Buffer {
  const list = Buffer.concat(suites.map((suite) => Buffer.of(suite >> 16, (suite >> 8) & 0xff, suite & 0xff)));
  const lengths = [uint16(list.length), uint16(0), uint16(16)];
  const body = Buffer.concat([Buffer.of(1, 0, 2), ...lengths, list, randomBytes(16)]);
  return Buffer.concat([uint16(0x8000 | body.length), body]);
}

function extension(type: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([uint16(type), vector(2, ...parts)]);
}

// The parts, after their total length in `size` bytes.
function vector(size: number, ...parts: Buffer[]): Buffer {
  const length = Buffer.alloc(size);
  length.writeUIntBE(
    parts.reduce((sum, part) => sum + part.length, 0),
    0,
    size,
  );
  return Buffer.concat([length, ...parts]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function between(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
