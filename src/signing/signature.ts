import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, readDer, tags } from './der.ts';
import type { SignatureFault } from './faults.ts';
import { attributesFault, attributesIn, digests, type Expected, timeIn } from './signed-attributes.ts';

/** Who signed some bytes, as the signature itself shows; whether to trust the certificate is another question. */
export type Signed = {
  readonly certificate: X509Certificate;
  /** The other certificates that came with it. */
  readonly others: readonly X509Certificate[];
  /** When the signer says that it was made, if it stands in the signature itself. */
  readonly at?: Date | undefined;
  /** The signature's own bytes: what a time stamp is given for (RFC 3161, appendix A). */
  readonly value: Uint8Array;
  /** The time stamps that it carries; not looked into. */
  readonly stamps: readonly Uint8Array[];
};

// The key with its padding; the digest is named beside it. RFC 3370, RFC 5754, RFC 5753.
const algorithms: Readonly<Record<string, 'rsa' | 'ec'>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.11': 'rsa',
  '1.2.840.113549.1.1.12': 'rsa',
  '1.2.840.113549.1.1.13': 'rsa',
  '1.2.840.10045.4.3.2': 'ec',
  '1.2.840.10045.4.3.3': 'ec',
  '1.2.840.10045.4.3.4': 'ec',
};

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  timeStamp: '1.2.840.113549.1.9.16.2.14',
} as const;

/** The kind of content that is signed, by its object identifier, and what it says of itself where it travels within. */
type Enclosed = { readonly type: string; readonly bytes: Uint8Array | undefined };

/**
 * Checks a detached CMS signature (RFC 5652, 5.6) over some bytes. It shares no code with what signs. `room` says whether zeros may follow the signature.
 */
export function checkSignature(
  signature: Uint8Array,
  data: Uint8Array,
  room: 'none' | 'zeros' = 'none',
): Signed | { readonly fault: SignatureFault } {
  return orUnreadable(() => {
    const parts = signedDataIn(readDer(signature, room));
    const isOfData = enclosedIn(parts).type === oids.data;
    return isOfData ? checked(parts, { type: oids.data, data }) : { fault: 'unreadable' };
  });
}

/** Checks a CMS signature over what it encloses, of one type, and hands that over. The signature must name its certificate by hash (RFC 5035). */
export function checkEnclosing(
  signature: Uint8Array,
  type: string,
): (Signed & { readonly content: Uint8Array }) | { readonly fault: SignatureFault } {
  return orUnreadable(() => {
    const parts = signedDataIn(readDer(signature));
    const { type: found, bytes } = enclosedIn(parts);
    if (found !== type || !bytes) return { fault: 'unreadable' };
    const signed = checked(parts, { type, data: bytes, isBound: true });
    return 'fault' in signed ? signed : { ...signed, content: bytes };
  });
}

function orUnreadable<T>(check: () => T): T | { readonly fault: 'unreadable' } {
  try {
    return check();
  } catch (error) {
    if (error instanceof DerError) return { fault: 'unreadable' };
    throw error;
  }
}

// A signature has four or five.
const mostCertificates = 64;

function checked(parts: readonly DerValue[], expected: Expected): Signed | { fault: SignatureFault } {
  const certificates = parts
    .filter(({ tag }) => tag === tags.context0)
    .flatMap((set) => childrenOf(set).slice(0, mostCertificates).flatMap(certificateIn));
  const signers = parts.at(-1);
  const [signer, second] = signers?.tag === tags.set ? childrenOf(signers) : [];
  if (!signer) return { fault: 'unreadable' };
  if (second) return { fault: 'several' };
  const info = childrenOf(signer);
  const named = childAt(info, 1, tags.sequence);
  const certificate = certificates.find((each) => isNamed(each, named));
  if (!certificate) return { fault: 'noCertificate' };
  const digest = digests[oidOf(childAt(childrenOf(childAt(info, 2, tags.sequence)), 0, tags.oid))];
  const attributes = childAt(info, 3, tags.context0);
  const algorithm = algorithms[oidOf(childAt(childrenOf(childAt(info, 4, tags.sequence)), 0, tags.oid))];
  const key = keyOf(certificate);
  if (!digest || !algorithm || key?.asymmetricKeyType !== algorithm) return { fault: 'unsupported' };
  if (!isStrong(key)) return { fault: 'weak' };
  const found = attributesIn(attributes);
  const fault = attributesFault(found, expected, digest, certificate);
  if (fault) return { fault };
  // What is signed are the attributes as a SET, not under the tag that they bear here.
  const asSet = Buffer.from(attributes.bytes);
  asSet[0] = tags.set;
  const value = childAt(info, 5, tags.octets).content;
  if (!isMadeBy(key, digest, asSet, value)) return { fault: 'forged' };
  return {
    certificate,
    others: certificates.filter((each) => each !== certificate),
    at: timeIn(found),
    value,
    stamps: stampsIn(info[6]),
  };
}

// EncapsulatedContentInfo (RFC 5652, 5.2); detached, it has a type alone.
function enclosedIn(parts: readonly DerValue[]): Enclosed {
  const [type, content] = childrenOf(childAt(parts, 2, tags.sequence));
  if (!type) throw new DerError('no content type');
  const [octets] = content?.tag === tags.context0 ? childrenOf(content) : [];
  return { type: oidOf(type), bytes: octets?.tag === tags.octets ? octets.content : undefined };
}

// Unsigned attributes: anybody may add some, or take them out.
function stampsIn(attributes: DerValue | undefined): Uint8Array[] {
  if (attributes?.tag !== tags.context1) return [];
  return childrenOf(attributes).flatMap((attribute) => {
    const [type, values] = childrenOf(attribute);
    if (!type || !values) throw new DerError('no attribute');
    return oidOf(type) === oids.timeStamp ? childrenOf(values).map(({ bytes }) => bytes) : [];
  });
}

function signedDataIn(info: DerValue): DerValue[] {
  const [type, content] = childrenOf(info);
  if (!type || !content || oidOf(type) !== oids.signedData) throw new DerError('no signed data');
  const [inner] = childrenOf(content);
  if (!inner) throw new DerError('empty');
  return childrenOf(inner);
}

function certificateIn({ bytes, tag }: DerValue): X509Certificate[] {
  if (tag !== tags.sequence) return [];
  try {
    return [new X509Certificate(bytes)];
  } catch {
    return [];
  }
}

// By issuer and serial number, as their DER: names are compared as they are written.
function isNamed(certificate: X509Certificate, named: DerValue): boolean {
  const [issuer, serial] = childrenOf(named);
  const body = childrenOf(childAt(childrenOf(readDer(certificate.raw)), 0, tags.sequence));
  const at = body[0]?.tag === tags.context0 ? 1 : 0;
  const [ownSerial, ownIssuer] = [body[at], body[at + 2]];
  if (!issuer || !serial || !ownSerial || !ownIssuer) return false;
  return isSame(issuer.bytes, ownIssuer.bytes) && isSame(serial.bytes, ownSerial.bytes);
}

// A key of a kind that is not known here throws.
function keyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

// NIST SP 800-131A: RSA from 2048 bits; of the curves those that are asked of a key that signs here.
function isStrong({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'rsa') return (details?.modulusLength ?? 0) >= 2048;
  return ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '');
}

function isMadeBy(key: KeyObject, digest: string, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(digest, data, key, signature);
  } catch {
    return false;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
