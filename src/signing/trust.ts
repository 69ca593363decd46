import type { X509Certificate } from 'node:crypto';
import { keyUsageOf, pathLengthOf } from './extensions.ts';

/** Whom a verifier trusts: certificate authorities, or one certificate by the SHA-256 of its DER. Nothing is downloaded. */
export type Trust = {
  readonly authorities: readonly X509Certificate[];
  /** 64 hexadecimal digits, lower case. */
  readonly fingerprint?: string | undefined;
};

/** Why a certificate is not trusted. */
export const distrusts = {
  stranger: {
    zh: '证书不能由所给的颁发机构证书验证（只使用签名内附带的和所给的证书，不联网下载；各环节须以 SHA-256 以上和不短于 2048 位的 RSA 或椭圆曲线密钥签发）',
    en: 'no chain leads from it to a given authority (only the certificates in the signature and those given are used, nothing is downloaded; each must be issued by SHA-256 or better and a key of 2048 bits of RSA or on a curve)',
  },
  outOfDate: { zh: '当时证书不在有效期内', en: 'it was not valid at that time' },
  notToSign: {
    zh: '证书的密钥用途不允许签署文件（可能是加密证书）',
    en: 'its key usage does not allow it to sign documents',
  },
  otherFingerprint: { zh: '证书指纹与所给的不同', en: 'its fingerprint is not the one that was given' },
} as const;

export type Distrust = keyof typeof distrusts;

/** Chains are three or four long; a longer one is a loop or an attack. */
export const longestChain = 8;

/** Whether a signer's certificate is trusted at a moment; undefined if it is. */
export function distrustOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  { authorities, fingerprint }: Trust,
  at: Date,
): Distrust | undefined {
  if (fingerprint !== undefined && fingerprintOf(certificate) !== fingerprint) return 'otherFingerprint';
  // The key of a certificate to encrypt for is often held by its authority, too.
  if (keyUsageOf(certificate)?.sign === false) return 'notToSign';
  if (!isValidAt(certificate, at)) return 'outOfDate';
  if (authorities.length === 0) return undefined;
  return leadsTo(certificate, { others, authorities, at, seen: new Set() }, 0) ? undefined : 'stranger';
}

/** The SHA-256 of a certificate's DER, 64 hexadecimal digits in lower case. */
export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

type Search = {
  readonly others: readonly X509Certificate[];
  readonly authorities: readonly X509Certificate[];
  readonly at: Date;
  /** What was looked at: certificates that issued each other would else be gone through in every order. */
  readonly seen: Set<string>;
};

function leadsTo(certificate: X509Certificate, search: Search, below: number): boolean {
  const { others, authorities, at, seen } = search;
  // A given certificate is trusted for itself; those that it issued, if it is an authority.
  if (authorities.some(({ raw }) => raw.equals(certificate.raw))) return true;
  if (below === longestChain || seen.has(certificate.fingerprint256)) return false;
  seen.add(certificate.fingerprint256);
  const isIssuer = (each: X509Certificate): boolean =>
    each.ca && isValidAt(each, at) && (pathLengthOf(each) ?? below) >= below && isIssuedBy(certificate, each);
  return authorities.some(isIssuer) || others.some((each) => isIssuer(each) && leadsTo(each, search, below + 1));
}

// By a digest and a key that are not weak.
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const isSound = !isWeaklyIssued(certificate) && isLongEnough(issuer);
  return isSound && certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

// RSA (PKCS #1) and ECDSA by SHA-256, SHA-384 and SHA-512; Ed25519, Ed448. RFC 4055, RFC 5758, RFC 8410.
const sound = new Set([
  ...['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13'],
  ...['1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4', '1.3.101.112', '1.3.101.113'],
]);

/** Whether a certificate was signed by an algorithm that is not sound any more, MD5 and SHA-1 among them, or not known here. */
export function isWeaklyIssued({ signatureAlgorithmOid }: X509Certificate): boolean {
  return !sound.has(signatureAlgorithmOid);
}

/** Whether a certificate was signed by the key of another. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

// A key of a kind that is not known here throws, and signs nothing that could be verified.
function isLongEnough(issuer: X509Certificate): boolean {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = issuer.publicKey;
    return type !== 'rsa' || (details?.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, at: Date): boolean {
  return validFromDate <= at && at <= validToDate;
}
