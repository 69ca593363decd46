import { randomBytes } from 'node:crypto';
import type { TlsVersion } from '../../evidence/network/tls.ts';
import { tlsGroups } from '../../evidence/network/tls-groups.ts';

/** What a hello says besides version and suites. */
export type HelloOptions = {
  /** Sent as SNI. */
  readonly serverName?: string | undefined;
  /** Key exchange groups, in this order; default: all that are known. */
  readonly groups?: readonly number[];
  /** Offers also what is only asked about: DEFLATE, stapled OCSP, session tickets. */
  readonly curious?: boolean;
};

/** A ClientHello of exactly one version: RFC 5246, 7.4.1.2; RFC 8446, 4.1.2; RFC 6101, 5.6.1.2; GB/T 38636-2020, 6.4.5.2.1; SSL 2.0. */
export function clientHello(version: TlsVersion, suites: readonly number[], options: HelloOptions = {}): Buffer {
  if (version === 'SSLv2') return ssl2Hello(suites);
  const code = codes[version];
  // SSL 3.0 and TLCP know no extensions, and some servers refuse a hello that has any.
  const isBare = version === 'SSLv3' || version === 'TLCPv1.1';
  const body = Buffer.concat([
    uint16(Math.min(code, codes['TLSv1.2'])),
    randomBytes(32),
    Buffer.of(0),
    vector(2, ...suites.map(uint16)),
    // DEFLATE (RFC 3749) and null compression.
    options.curious && version !== 'TLSv1.3' ? Buffer.of(2, 1, 0) : Buffer.of(1, 0),
    ...(isBare ? [] : [vector(2, ...extensionsOf(version, options))]),
  ]);
  const message = Buffer.concat([Buffer.of(1), vector(3, body)]);
  return Buffer.concat([Buffer.of(22), uint16(Math.min(code, codes['TLSv1.0'])), vector(2, message)]);
}

/** Signals that the client has fallen back from a newer version (RFC 7507). */
export const fallbackSignal = 0x5600;

const codes = {
  'TLCPv1.1': 0x0101,
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;

const allGroups = [...tlsGroups.keys()];

// ECDSA, EdDSA, PSS, PKCS #1, DSA, and SM2 (0x0708).
const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
  0x0301, 0x0303, 0x0203, 0x0201, 0x0402, 0x0202, 0x0101, 0x0708,
];

function extensionsOf(version: TlsVersion, { serverName, groups = allGroups, curious }: HelloOptions): Buffer[] {
  const common = [
    ...(serverName ? [extension(0, vector(2, Buffer.of(0), vector(2, Buffer.from(serverName, 'ascii'))))] : []),
    extension(10, vector(2, ...groups.map(uint16))),
    extension(13, vector(2, ...signatures.map(uint16))),
  ];
  // An empty key share asks the server to name a group (RFC 8446, 4.2.8): its HelloRetryRequest shows that it speaks 1.3.
  if (version === 'TLSv1.3')
    return [...common, extension(43, vector(1, uint16(codes['TLSv1.3']))), extension(51, vector(2))];
  // Point formats, extended master secret and secure renegotiation: some servers insist on the latter two.
  const usual = [...common, extension(11, vector(1, Buffer.of(0))), extension(23), extension(0xff01, vector(1))];
  // Stapled OCSP (RFC 6066, 8) without responders or extensions; an empty ticket (RFC 5077, 3.2).
  return curious ? [...usual, extension(5, Buffer.of(1, 0, 0, 0, 0)), extension(35)] : usual;
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
