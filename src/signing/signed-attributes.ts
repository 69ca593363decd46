import { createHash, type X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, tags } from './der.ts';
import type { SignatureFault } from './faults.ts';

/** The digests that a signature may be made by, by their object identifiers (RFC 5754). */
export const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const oids = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** What must have been signed: its type, its bytes; `isBound` if the signature must say by whose certificate. */
export type Expected = { readonly type: string; readonly data: Uint8Array; readonly isBound?: true };

/** Signed attributes by the object identifier of their type. */
export type Attributes = ReadonlyMap<string, DerValue | undefined>;

/** The signed attributes of a signature (RFC 5652, 5.3 and 11): each once, with one value; throws {@link DerError} for others. */
export function attributesIn(attributes: DerValue): Attributes {
  const found = new Map<string, DerValue | undefined>();
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(attribute);
    if (!type || values?.tag !== tags.set) throw new DerError('no attribute');
    const [value, second] = childrenOf(values);
    const oid = oidOf(type);
    if (found.has(oid) || second) throw new DerError('an attribute stands twice');
    found.set(oid, value);
  }
  return found;
}

/** Whether they name what must have been signed, and the certificate by which; undefined if so. */
export function attributesFault(
  found: Attributes,
  { type: expected, data, isBound }: Expected,
  digest: string,
  certificate: X509Certificate,
): SignatureFault | undefined {
  const type = found.get(oids.contentType);
  const message = found.get(oids.messageDigest);
  if (!type || !message || oidOf(type) !== expected || message.tag !== tags.octets) return 'unreadable';
  if (!createHash(digest).update(data).digest().equals(message.content)) return 'changed';
  const [older, bound] = [found.get(oids.signingCertificate), found.get(oids.signingCertificateV2)];
  if (isBound && !older && !bound) return 'otherCertificate';
  if (older && !isBoundTo(older, certificate, 'sha1')) return 'otherCertificate';
  return bound && !isBoundTo(bound, certificate, 'sha256') ? 'otherCertificate' : undefined;
}

/** When the signer says that it signed. UTCTime (X.690, 11.8): years from 1950 to 2049. */
export function timeIn(found: Attributes): Date | undefined {
  const time = found.get(oids.signingTime);
  const [, year = '', ...rest] =
    Buffer.from(time?.content ?? [])
      .toString('latin1')
      .match(/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/) ?? [];
  if (time?.tag !== tags.utcTime || year === '') return undefined;
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = rest.map(Number);
  return new Date(Date.UTC(Number(year) + (Number(year) < 50 ? 2000 : 1900), month - 1, day, hour, minute, second));
}

// Of the first entry the hash: by SHA-1 in the older form (RFC 2634, 5.4), else by SHA-256 unless it names another (RFC 5035, 3).
function isBoundTo(bound: DerValue, certificate: X509Certificate, usual: 'sha1' | 'sha256'): boolean {
  const [entries] = childrenOf(bound);
  const [entry] = entries ? childrenOf(entries) : [];
  const parts = entry ? childrenOf(entry) : [];
  const [first] = parts;
  const named = first?.tag === tags.sequence ? digests[oidOf(childAt(childrenOf(first), 0, tags.oid))] : usual;
  const hash = parts.find(({ tag }) => tag === tags.octets);
  return (
    named !== undefined && hash !== undefined && createHash(named).update(certificate.raw).digest().equals(hash.content)
  );
}
