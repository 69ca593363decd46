import { suiteName, suiteProperties } from '../../evidence/network/cipher-suites.ts';

/** What a server answered to a hello: RFC 5246, 7.4.1.3; RFC 8446, 4.1.3. */
export type ServerHello = {
  /** Its name, or its number in hexadecimal where no name is known. */
  readonly version: string;
  readonly suite: number;
  /** 0: none, 1: DEFLATE. */
  readonly compression: number;
  /** Numbers of the extensions that it returned. */
  readonly extensions: readonly number[];
  /** The group it chose: TLS 1.3 only. */
  readonly group?: number;
  /** SSL 2.0: the kinds that both sides have. */
  readonly kinds?: readonly number[];
};

/** Ephemeral parameters in clear text: RFC 5246, 7.4.3; RFC 8422, 5.4. */
export type KeyExchangeSeen = {
  readonly group?: number;
  /** Size of the prime of a finite field. */
  readonly dhBits?: number;
};

const versionNames = new Map([
  [0x0002, 'SSLv2'],
  [0x0101, 'TLCPv1.1'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1.0'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);

/** Reads the body of a ServerHello; undefined if it is cut short. */
export function readServerHello(body: Buffer): ServerHello | undefined {
  const suiteAt = 35 + (body[34] ?? 0);
  if (body.length < suiteAt + 3) return undefined;
  const extensions = extensionsIn(body.subarray(suiteAt + 5));
  const selected = extensions.find(({ type, data }) => type === supportedVersions && data.length >= 2);
  const version = selected?.data.readUInt16BE(0) ?? body.readUInt16BE(0);
  const share = extensions.find(({ type, data }) => type === keyShare && data.length >= 2);
  return {
    version: versionNames.get(version) ?? `0x${version.toString(16).padStart(4, '0')}`,
    suite: body.readUInt16BE(suiteAt),
    compression: body[suiteAt + 2] ?? 0,
    extensions: extensions.map(({ type }) => type),
    ...(share ? { group: share.data.readUInt16BE(0) } : {}),
  };
}

/**
 * Reads a SERVER-HELLO of SSL 2.0 (draft-hickman-netscape-ssl-00, 2.6), from its record header on, with its certificate (DER);
 * undefined if it is cut short, for a part of its kinds would pass for all of them.
 */
export function readSsl2Hello(bytes: Buffer): { hello: ServerHello; certificate?: Buffer } | undefined {
  if (bytes.length < ssl2Fixed) return undefined;
  const kindsAt = ssl2Fixed + bytes.readUInt16BE(7);
  const end = kindsAt + bytes.readUInt16BE(9);
  if (bytes.length < Math.max(end, 2 + (bytes.readUInt16BE(0) & 0x7fff))) return undefined;
  const kinds: number[] = [];
  for (let at = kindsAt; at + 3 <= end; at += 3) kinds.push(bytes.readUIntBE(at, 3));
  const certificate = bytes.subarray(ssl2Fixed, kindsAt);
  return {
    hello: { version: 'SSLv2', suite: kinds[0] ?? 0, compression: 0, extensions: [], kinds },
    ...(certificate.length > 0 ? { certificate } : {}),
  };
}

/** Bytes of a SERVER-HELLO before what has a length of its own, record header and all. */
const ssl2Fixed = 13;

/** Reads the parameters of a ServerKeyExchange, as far as the suite's form is known. */
export function readKeyExchange(body: Buffer, suite: number): KeyExchangeSeen {
  const name = suiteName(suite);
  const { keyExchange } = suiteProperties(name) ?? {};
  // GB/T 38636-2020: parameters of SM9 have a form of their own.
  if (name.startsWith('IBSDH_')) return {};
  // A pre-shared key comes with a hint (RFC 4279, 3).
  const isHinted = keyExchange === 'ECDHE_PSK' || keyExchange === 'DHE_PSK';
  const from = isHinted && body.length >= 2 ? 2 + body.readUInt16BE(0) : 0;
  const rest = body.subarray(from);
  if (keyExchange?.startsWith('ECDHE')) {
    // 3: a named curve; others are spelled out.
    return rest.length >= 3 && rest[0] === 3 ? { group: rest.readUInt16BE(1) } : {};
  }
  if (!keyExchange?.startsWith('DHE') || rest.length < 2) return {};
  const prime = rest.subarray(2, 2 + rest.readUInt16BE(0));
  const first = prime.findIndex((byte) => byte !== 0);
  if (first < 0) return {};
  return { dhBits: (prime.length - first - 1) * 8 + (32 - Math.clz32(prime[first] ?? 0)) };
}

const supportedVersions = 43;
const keyShare = 51;

function extensionsIn(bytes: Buffer): { type: number; data: Buffer }[] {
  const found: { type: number; data: Buffer }[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt16BE(at + 2))
    found.push({ type: bytes.readUInt16BE(at), data: bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2)) });
  return found;
}
