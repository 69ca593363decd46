import type { X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, readDer, tags } from './der.ts';

/** An extension of a certificate (RFC 5280, 4.2): whether it must be understood, and its value. */
type Extension = { readonly isCritical: boolean; readonly value: DerValue };

const oids = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

/**
 * What a certificate allows its key to do; undefined where it does not say, so that all is allowed (RFC 5280, 4.2.1.3). `sign`: to sign documents, by
 * digitalSignature or by contentCommitment (nonRepudiation).
 */
export function keyUsageOf(certificate: X509Certificate): { readonly sign: boolean } | undefined {
  const usage = extensionsOf(certificate).get(oids.keyUsage)?.value;
  if (usage?.tag !== tags.bits) return undefined;
  // The first byte counts the bits that are not used; bit 0 is the highest.
  return { sign: ((usage.content[1] ?? 0) & 0xc0) !== 0 };
}

/** Whether a certificate is one of a time-stamping authority: for that purpose alone, and marked critical (RFC 3161, 2.3). */
export function isForTimeStamps(certificate: X509Certificate): boolean {
  const purposes = extensionsOf(certificate).get(oids.extendedKeyUsage);
  if (!purposes?.isCritical) return false;
  const named = childrenOf(purposes.value).map(oidOf);
  return named.length === 1 && named[0] === oids.timeStamping && keyUsageOf(certificate)?.sign !== false;
}

/** How many authorities may stand between an authority and the certificate at the end; undefined if there is no limit (RFC 5280, 4.2.1.9). */
export function pathLengthOf(certificate: X509Certificate): number | undefined {
  const constraints = extensionsOf(certificate).get(oids.basicConstraints)?.value;
  const length = constraints && childrenOf(constraints).find(({ tag }) => tag === tags.integer);
  return length?.content.reduce((sum, byte) => sum * 256 + byte, 0);
}

function extensionsOf(certificate: X509Certificate): ReadonlyMap<string, Extension> {
  try {
    const body = childrenOf(childAt(childrenOf(readDer(certificate.raw)), 0, tags.sequence));
    const [list] = body.filter(({ tag }) => tag === tags.context3).flatMap(childrenOf);
    return new Map(list ? childrenOf(list).map(extensionIn) : []);
  } catch (error) {
    if (error instanceof DerError) return new Map();
    throw error;
  }
}

function extensionIn(extension: DerValue): [oid: string, extension: Extension] {
  const parts = childrenOf(extension);
  const octets = parts.at(-1);
  if (octets?.tag !== tags.octets) throw new DerError('no extension');
  const isCritical = parts.some(({ tag, content }) => tag === tags.boolean && content[0] !== 0);
  return [oidOf(childAt(parts, 0, tags.oid)), { isCritical, value: readDer(octets.content) }];
}
