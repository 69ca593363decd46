import type { X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, readDer, tags } from './der.ts';

/** An extension of a certificate (RFC 5280, 4.2): whether it must be understood, and its bytes; those of a private one may be anything. */
type Extension = { readonly isCritical: boolean; readonly bytes: Uint8Array };

const oids = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

/**
 * What a certificate allows its key to do; undefined where it does not say, so that all is allowed (RFC 5280, 4.2.1.3). `sign`: to sign documents, by
 * digitalSignature or by contentCommitment (nonRepudiation). What cannot be read allows nothing.
 */
export function keyUsageOf(certificate: X509Certificate): { readonly sign: boolean } | undefined {
  return readOr({ sign: false }, () => {
    const usage = valueIn(extensionsOf(certificate).get(oids.keyUsage));
    // The first byte counts the bits that are not used; bit 0 is the highest.
    return usage && { sign: usage.tag === tags.bits && ((usage.content[1] ?? 0) & 0xc0) !== 0 };
  });
}

/** Whether a certificate is one of a time-stamping authority: for that purpose alone, and marked critical (RFC 3161, 2.3). */
export function isForTimeStamps(certificate: X509Certificate): boolean {
  return readOr(false, () => {
    const extension = extensionsOf(certificate).get(oids.extendedKeyUsage);
    const purposes = valueIn(extension);
    if (!purposes || !extension?.isCritical) return false;
    const named = childrenOf(purposes).map(oidOf);
    return named.length === 1 && named[0] === oids.timeStamping && keyUsageOf(certificate)?.sign !== false;
  });
}

/**
 * How many authorities may stand between an authority and the certificate at the end; undefined if there is no limit (RFC 5280, 4.2.1.9). None where that
 * cannot be read.
 */
export function pathLengthOf(certificate: X509Certificate): number | undefined {
  return readOr(0, () => {
    const constraints = valueIn(extensionsOf(certificate).get(oids.basicConstraints));
    const length = constraints && childrenOf(constraints).find(({ tag }) => tag === tags.integer);
    return length?.content.reduce((sum, byte) => sum * 256 + byte, 0);
  });
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return otherwise;
    throw error;
  }
}

function extensionsOf(certificate: X509Certificate): ReadonlyMap<string, Extension> {
  const body = childrenOf(childAt(childrenOf(readDer(certificate.raw)), 0, tags.sequence));
  const [list] = body.filter(({ tag }) => tag === tags.context3).flatMap(childrenOf);
  return new Map(list ? childrenOf(list).map(extensionIn) : []);
}

function extensionIn(extension: DerValue): [oid: string, extension: Extension] {
  const parts = childrenOf(extension);
  const octets = parts.at(-1);
  if (octets?.tag !== tags.octets) throw new DerError('no extension');
  const isCritical = parts.some(({ tag, content }) => tag === tags.boolean && content[0] !== 0);
  return [oidOf(childAt(parts, 0, tags.oid)), { isCritical, bytes: octets.content }];
}

function valueIn(extension: Extension | undefined): DerValue | undefined {
  return extension && readDer(extension.bytes);
}
