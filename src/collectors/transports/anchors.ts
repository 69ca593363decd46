import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Certificates that a client can make do with, by the algorithm of their key; Edwards curves go with `ecdsa`. */
export type KeyKind = 'rsa' | 'ecdsa';

/** Certificate authorities to trust; what OpenSSL makes of them is prepared once for each kind of key. */
export type Anchors = { context(only: KeyKind | undefined): SecureContext };

// OpenSSL leaves out CCM unless it is named.
const modernCiphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
].join(':');
/** Everything that OpenSSL has: what is weak is to be found, not avoided. */
export const ciphers = `${modernCiphers}:ALL:COMPLEMENTOFALL:@SECLEVEL=0`;

// TLS 1.2 and earlier choose the certificate by suite, TLS 1.3 by signature algorithm (RFC 8446, 4.4.2.2).
const restrictions: Readonly<Record<KeyKind, { ciphers: string; sigalgs: string }>> = {
  rsa: {
    ciphers: `${modernCiphers}:aRSA:kRSA:@SECLEVEL=0`,
    sigalgs: [
      ...['SHA256', 'SHA384', 'SHA512'].flatMap((hash) => [`RSA-PSS+${hash}`, `rsa_pss_pss_${hash.toLowerCase()}`]),
      ...['SHA256', 'SHA384', 'SHA512', 'SHA224', 'SHA1'].map((hash) => `RSA+${hash}`),
    ].join(':'),
  },
  ecdsa: {
    ciphers: `${modernCiphers}:aECDSA:@SECLEVEL=0`,
    sigalgs: ['SHA256', 'SHA384', 'SHA512', 'SHA224', 'SHA1']
      .map((hash) => `ECDSA+${hash}`)
      .concat('ed25519', 'ed448')
      .join(':'),
  },
};

let publicAnchors: Anchors | undefined;

/** Mozilla's list as Node carries it: the same on every machine. */
export function publicAuthorities(): Anchors {
  publicAnchors ??= anchorsOf(getCACertificates('bundled'), false);
  return publicAnchors;
}

/** The given certificates (PEM) and nothing else; each is an anchor, self-signed or not. */
export function onlyAuthorities(certificates: readonly string[]): Anchors {
  return anchorsOf(certificates, true);
}

function anchorsOf(ca: readonly string[], allowPartialTrustChain: boolean): Anchors {
  const contexts = new Map<KeyKind | undefined, SecureContext>();
  return {
    context(only) {
      const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.3' } as const;
      const context =
        contexts.get(only) ??
        createSecureContext({
          ca: [...ca],
          allowPartialTrustChain,
          ...versions,
          ...(only ? restrictions[only] : { ciphers }),
        });
      contexts.set(only, context);
      return context;
    },
  };
}
