import { type KeyObject, X509Certificate } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { instantOf } from '../../evidence/dates.ts';
import type { Certificate } from '../../evidence/network/tls.ts';
import { printable } from '../../text.ts';

/** Certificates of a chain that are kept; longer chains are not used in earnest. */
const longestChain = 10;

/** Reads DER certificates; ends before the first that cannot be parsed. */
export function readChain(chain: readonly Buffer[]): Certificate[] {
  const read: Certificate[] = [];
  for (const der of chain.slice(0, longestChain)) {
    const parsed = parse(der);
    if (!parsed) break;
    read.push(describe(parsed));
  }
  return read;
}

/** Whether a certificate names a host: alternative names only, the subject's common name does not count (RFC 9525, 6.3). */
export function namesHost(der: Buffer, host: string): boolean {
  const parsed = parse(der);
  if (!parsed) return false;
  if (ipaddr.isValid(host)) return parsed.checkIP(host) !== undefined;
  return parsed.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined;
}

/** The certificates of a PEM or DER file as PEM; none if there are none. */
export function authoritiesIn(file: Buffer): string[] {
  const blocks = file.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (blocks?.map((block) => Buffer.from(block)) ?? [file]).flatMap((block) => parse(block)?.toString() ?? []);
}

// The library reads some certificates whose dates are none, or far from any calendar.
function parse(der: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const years = [certificate.validFromDate, certificate.validToDate].map((date) => date.getUTCFullYear());
    return years.every((year) => year >= 0 && year <= 9999) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function describe(certificate: X509Certificate): Certificate {
  // Whatever its types say, Node has no text for an object identifier of unusual length.
  const algorithm = (certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid ?? 'unknown').slice(0, 200);
  const hash = hashOf(algorithm);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesIn(certificate.subjectAltName ?? ''),
    // RFC 5280, 4.1.2.2: 20 bytes at most.
    serial: certificate.serialNumber.slice(0, 200),
    notBefore: instantOf(certificate.validFromDate),
    notAfter: instantOf(certificate.validToDate),
    key: keyOf(certificate),
    signature: { algorithm, ...(hash ? { hash } : {}) },
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    selfSigned: isSelfSigned(certificate),
  };
}

// Node gives undefined for a certificate without subject, whatever its types say, and one attribute a line.
function oneLine(name: string | undefined): string {
  return printable((name ?? '').replaceAll('\n', ', '))
    .slice(0, 1000)
    .toWellFormed();
}

// `DNS:a.example, IP Address:127.0.0.1`; a name with odd characters stands in quotes.
function namesIn(list: string): string[] {
  const names = list.match(/(?:[^,"]|"(?:\\.|[^"\\])*")+/g) ?? [];
  return names.slice(0, 200).map((name) => printable(name.trim()).slice(0, 300).toWellFormed());
}

// OpenSSL names: sha256WithRSAEncryption, ecdsa-with-SHA384, SM2-with-SM3, ED25519. That of rsassaPss stands in its parameters.
function hashOf(algorithm: string): string | undefined {
  if (/^ed(25519|448)$/i.test(algorithm)) return 'intrinsic';
  return algorithm
    .match(/(?<![a-z])(md2|md4|md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|sm3|ripemd160)(?!\d)/i)?.[0]
    .toLowerCase()
    .replace('-', '');
}

function keyOf(certificate: X509Certificate): Certificate['key'] {
  const key = publicKeyOf(certificate);
  const type = key?.asymmetricKeyType;
  if (!key || !type)
    return certificate.raw.includes(sm2Key) ? { type: 'sm2', bits: 256, curve: 'SM2' } : { type: 'unknown' };
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength) return { type, bits: modulusLength };
  // prime256v1, secp384r1, brainpoolP512t1, sect571k1: the field size stands in the name.
  const bits = Number(namedCurve?.match(/\d{3}/)?.[0] ?? edwardsBits.get(type));
  return { type, ...(bits > 0 ? { bits } : {}), ...(namedCurve ? { curve: namedCurve } : {}) };
}

// Of SubjectPublicKeyInfo, which Node cannot read: id-ecPublicKey on the curve 1.2.156.10197.1.301 (GM/T 0006-2012).
const sm2Key = Buffer.from('301306072a8648ce3d020106082a811ccf5501822d', 'hex');

// Size of the public key (RFC 8032, 5.1 and 5.2).
const edwardsBits = new Map([
  ['ed25519', 256],
  ['ed448', 456],
]);

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  const key = publicKeyOf(certificate);
  if (certificate.subject !== certificate.issuer || !key) return false;
  try {
    return certificate.verify(key);
  } catch {
    return false;
  }
}
