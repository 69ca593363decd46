import type { X509Certificate } from 'node:crypto';

/** Whom a verifier trusts: certificate authorities, or one certificate by the SHA-256 of its DER. Nothing is downloaded. */
export type Trust = {
  readonly authorities: readonly X509Certificate[];
  /** 64 hexadecimal digits, lower case. */
  readonly fingerprint?: string | undefined;
};

/** Why a certificate is not trusted. */
export const distrusts = {
  stranger: {
    zh: '证书不能由所给的颁发机构证书验证（只使用签名内附带的和所给的证书，不联网下载）',
    en: 'no chain leads from it to a given authority (only the certificates in the signature and those given are used; nothing is downloaded)',
  },
  outOfDate: { zh: '签署时证书不在有效期内', en: 'it was not valid at the time of signing' },
  otherFingerprint: { zh: '证书指纹与所给的不同', en: 'its fingerprint is not the one that was given' },
} as const;

export type Distrust = keyof typeof distrusts;

// Chains are three or four long; a longer one is a loop or an attack.
const longestChain = 8;

/** Whether a signer's certificate is trusted at a moment; undefined if it is. */
export function distrustOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  { authorities, fingerprint }: Trust,
  at: Date,
): Distrust | undefined {
  if (fingerprint !== undefined && fingerprintOf(certificate) !== fingerprint) return 'otherFingerprint';
  if (!isValidAt(certificate, at)) return 'outOfDate';
  if (authorities.length === 0) return undefined;
  return leadsTo(certificate, others, authorities, at, longestChain) ? undefined : 'stranger';
}

/** The SHA-256 of a certificate's DER, 64 hexadecimal digits in lower case. */
export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

function leadsTo(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  at: Date,
  left: number,
): boolean {
  // A given certificate is trusted for itself; those that it issued, if it is an authority.
  if (authorities.some(({ raw }) => raw.equals(certificate.raw))) return true;
  if (left === 0) return false;
  const isIssuer = (each: X509Certificate): boolean =>
    each.ca && isValidAt(each, at) && certificate.checkIssued(each) && isSignedBy(certificate, each);
  if (authorities.some(isIssuer)) return true;
  return others.some(
    (each) => !each.raw.equals(certificate.raw) && isIssuer(each) && leadsTo(each, others, authorities, at, left - 1),
  );
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, at: Date): boolean {
  return validFromDate <= at && at <= validToDate;
}
