import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, readDer, tags } from './der.ts';

/** Why a signature does not hold. */
export const signatureFaults = {
  unreadable: { zh: '签名无法解析', en: 'the signature cannot be read' },
  several: { zh: '签名含有多个签名人', en: 'the signature has several signers' },
  unsupported: {
    zh: '签名或摘要算法不受支持（支持 SHA-256/384/512 与 RSA、ECDSA）',
    en: 'its algorithms are not supported (SHA-256/384/512 with RSA or ECDSA are)',
  },
  noCertificate: { zh: '签名中没有签名人的证书', en: 'the signer’s certificate is not in it' },
  otherCertificate: { zh: '签名所指的是另一张证书', en: 'it was made for another certificate' },
  changed: { zh: '内容在签名之后被改动', en: 'what was signed has been changed since' },
  forged: { zh: '签名与证书的公钥不符', en: 'it was not made by the key of the certificate' },
} as const;

export type SignatureFault = keyof typeof signatureFaults;

/** Who signed some bytes, as the signature itself shows; whether to trust the certificate is another question. */
export type Signed = {
  readonly certificate: X509Certificate;
  /** The other certificates that came with it. */
  readonly others: readonly X509Certificate[];
  /** When the signer says that it was made, if it stands in the signature itself. */
  readonly at?: Date | undefined;
};

const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
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
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/**
 * Checks a detached CMS signature (RFC 5652, 5.6) over some bytes. It shares no code with what signs. `room` says whether zeros may follow the signature.
 */
export function checkSignature(
  signature: Uint8Array,
  data: Uint8Array,
  room: 'none' | 'zeros' = 'none',
): Signed | { readonly fault: SignatureFault } {
  try {
    return checked(signature, data, room);
  } catch (error) {
    if (error instanceof DerError) return { fault: 'unreadable' };
    throw error;
  }
}

function checked(signature: Uint8Array, data: Uint8Array, room: 'none' | 'zeros'): Signed | { fault: SignatureFault } {
  const parts = signedDataIn(readDer(signature, room));
  const certificates = parts
    .filter(({ tag }) => tag === tags.context0)
    .flatMap((set) => childrenOf(set).flatMap(certificateIn));
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
  const fault = attributesFault(attributes, data, digest, certificate);
  if (fault) return { fault };
  // What is signed are the attributes as a SET, not under the tag that they bear here.
  const asSet = Buffer.from(attributes.bytes);
  asSet[0] = tags.set;
  if (!isMadeBy(key, digest, asSet, childAt(info, 5, tags.octets).content)) return { fault: 'forged' };
  return { certificate, others: certificates.filter((each) => each !== certificate), at: timeIn(attributes) };
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

function attributesFault(
  attributes: DerValue,
  data: Uint8Array,
  digest: string,
  certificate: X509Certificate,
): SignatureFault | undefined {
  const found = new Map(childrenOf(attributes).map((each) => attributeOf(each)));
  const type = found.get(oids.contentType);
  const message = found.get(oids.messageDigest);
  if (!type || !message || oidOf(type) !== oids.data || message.tag !== tags.octets) return 'unreadable';
  if (!isSame(message.content, createHash(digest).update(data).digest())) return 'changed';
  const bound = found.get(oids.signingCertificateV2);
  return bound && !isBoundTo(bound, certificate) ? 'otherCertificate' : undefined;
}

// UTCTime (X.690, 11.8): years from 1950 to 2049.
function timeIn(attributes: DerValue): Date | undefined {
  const time = childrenOf(attributes)
    .map(attributeOf)
    .find(([oid]) => oid === oids.signingTime)?.[1];
  const [, year = '', ...rest] =
    Buffer.from(time?.content ?? [])
      .toString('latin1')
      .match(/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/) ?? [];
  if (time?.tag !== tags.utcTime || year === '') return undefined;
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = rest.map(Number);
  return new Date(Date.UTC(Number(year) + (Number(year) < 50 ? 2000 : 1900), month - 1, day, hour, minute, second));
}

function attributeOf(attribute: DerValue): [oid: string, value: DerValue | undefined] {
  const [type, values] = childrenOf(attribute);
  if (!type || !values) throw new DerError('no attribute');
  const [value] = childrenOf(values);
  return [oidOf(type), value];
}

// SigningCertificateV2 (RFC 5035, 3): of the first entry the hash, by SHA-256 unless it names another.
function isBoundTo(bound: DerValue, certificate: X509Certificate): boolean {
  const [entries] = childrenOf(bound);
  const [entry] = entries ? childrenOf(entries) : [];
  const parts = entry ? childrenOf(entry) : [];
  const [first] = parts;
  const named = first?.tag === tags.sequence ? digests[oidOf(childAt(childrenOf(first), 0, tags.oid))] : 'sha256';
  const hash = parts.find(({ tag }) => tag === tags.octets);
  return (
    named !== undefined &&
    hash !== undefined &&
    isSame(hash.content, createHash(named).update(certificate.raw).digest())
  );
}

// A key of a kind that is not known here throws.
function keyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
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
