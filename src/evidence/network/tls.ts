import { z } from 'zod';
import type { Text } from '../../text.ts';
import { digest, instant } from '../schemas.ts';

/** Protocol versions that are asked for, newest first; TLCP (GB/T 38636-2020) is a family of its own. */
export const tlsVersions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3', 'SSLv2', 'TLCPv1.1'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

/** Why it stays open whether a version is offered. */
export const versionReasons = {
  'timed-out': { zh: '未在时限内应答', en: 'no answer in time' },
  closed: { zh: '对方未应答即关闭连接', en: 'the connection was closed without an answer' },
  reset: { zh: '连接被重置', en: 'the connection was reset' },
  alert: { zh: '对方的告警不能说明是否支持该版本', en: 'the alert does not tell whether the version is offered' },
  unreadable: { zh: '应答无法识别', en: 'the answer could not be read' },
  unreachable: { zh: '无法连接', en: 'unreachable' },
} as const satisfies Record<string, Text>;

export type VersionReason = keyof typeof versionReasons;

const reason = z.enum(Object.keys(versionReasons) as [VersionReason, ...VersionReason[]]);

const suites = z.strictObject({
  /** IANA names, those of GB/T 38636-2020, or numbers; in the server's order of preference if it has one, else good ones first. */
  accepted: z.array(z.string()),
  /** Who decides among several suites; `unknown` for a single one, and where answers contradict each other. */
  order: z.enum(['server', 'client', 'unknown']),
  /** Why not every suite could be asked about. */
  gap: z.strictObject({ reason, detail: z.string() }).optional(),
});

const groups = z.strictObject({
  /** As IANA names them, good ones first. */
  accepted: z.array(z.string()),
  /** False where a group may be accepted that could not be told from the answers. */
  complete: z.boolean(),
});

const extensions = z.strictObject({
  /** The version whose hello they were seen in: TLS 1.2 or earlier. */
  version: z.enum(tlsVersions),
  /** RFC 5746. */
  secureRenegotiation: z.boolean(),
  /** RFC 7627. */
  extendedMasterSecret: z.boolean(),
  /** RFC 5077. */
  sessionTickets: z.boolean(),
  /** A stapled OCSP answer came (RFC 6066, 8). */
  ocspStapling: z.boolean(),
  /** Compression of the session (RFC 3749), not of HTTP. */
  compression: z.enum(['none', 'deflate', 'other']),
});

const version = z.discriminatedUnion('state', [
  z.strictObject({
    version: z.enum(tlsVersions),
    state: z.literal('offered'),
    /** The suite that the server chose: its IANA name, or its number where no handshake could be completed. */
    suite: z.string(),
    /** Key exchange group as OpenSSL names it; absent without (EC)DHE or where it could not be told. */
    group: z.string().optional(),
    /** Whether the server asked for a client certificate; in TLS 1.3 it shows only when one is required. */
    clientCertificate: z.enum(['asked', 'not-asked', 'unknown']),
    /** Every suite that is accepted; absent in evidence from before it was asked. */
    suites: suites.optional(),
    /** Key exchange groups: of TLS 1.3, and of the newest version before it. */
    groups: groups.optional(),
    /** Size of the prime of ephemeral Diffie-Hellman over a finite field, without the groups of RFC 7919. */
    dhBits: z.int().positive().optional(),
  }),
  z.strictObject({
    version: z.enum(tlsVersions),
    state: z.literal('refused'),
    /** The alert, or the version that the server chose instead. */
    answer: z.string(),
  }),
  z.strictObject({
    version: z.enum(tlsVersions),
    state: z.literal('unobserved'),
    reason,
    /** What was seen: an error code, an alert. */
    detail: z.string(),
  }),
]);

const certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  /** Subject alternative names with their type: `DNS:…`, `IP Address:…`. */
  names: z.array(z.string()),
  serial: z.string(),
  notBefore: instant,
  notAfter: instant,
  key: z.strictObject({
    /** `rsa`, `ec`, `ed25519`, …; `unknown` where the library cannot read it (SM2). */
    type: z.string(),
    /** Modulus of RSA and DSA, field size of elliptic curves. */
    bits: z.int().positive().optional(),
    curve: z.string().optional(),
  }),
  signature: z.strictObject({
    /** OpenSSL's name, else the object identifier. */
    algorithm: z.string(),
    /** `sha256`, `sha1`, `md5`, `sm3`, …; `intrinsic` for EdDSA; absent where it could not be told. */
    hash: z.string().optional(),
  }),
  sha256: digest,
  selfSigned: z.boolean(),
});

const trust = z.discriminatedUnion('state', [
  /** `public`: Mozilla's list as Node carries it, whatever the machine has installed; `declared`: the unit's own authority. */
  z.strictObject({ state: z.literal('trusted'), anchors: z.enum(['public', 'declared']) }),
  /** `error`: OpenSSL's verification code. */
  z.strictObject({ state: z.literal('untrusted'), anchors: z.enum(['public', 'declared']), error: z.string() }),
  z.strictObject({ state: z.literal('unobserved'), detail: z.string() }),
]);

/** What a port answers to TLS hellos: versions, and the certificate it shows. */
export const tls = {
  origin: 'network',
  per: 'endpoint',
  title: { zh: 'TLS 服务', en: 'TLS service' },
  value: z.discriminatedUnion('speaksTls', [
    /** `saw`: the start of what the port answered instead, control characters replaced. */
    z.strictObject({ speaksTls: z.literal(false), saw: z.string() }),
    z.strictObject({
      speaksTls: z.literal(true),
      /** The name sent (RFC 6066, 3); absent when none was. */
      serverName: z.string().optional(),
      /** The application protocol chosen out of `h2` and `http/1.1`. */
      alpn: z.string().optional(),
      /** One entry for each of {@link tlsVersions}, in that order. */
      versions: z.array(version),
      extensions: extensions.optional(),
      /** Whether a client that falls back needlessly is turned away (RFC 7507); absent where one version is offered. */
      fallback: z.enum(['refused', 'accepted', 'unknown']).optional(),
      /** As sent by the server, its own certificate first; absent when no handshake came that far. */
      certificate: z
        .strictObject({
          chain: z.array(certificate).min(1),
          trust,
          /** Whether the certificate names what was asked for (RFC 9525: alternative names only). */
          name: z.strictObject({ asked: z.string(), matches: z.boolean() }),
        })
        .optional(),
    }),
  ]),
} as const;

export type Tls = z.output<typeof tls.value>;
export type TlsVersionState = z.output<typeof version>;
export type TlsSuites = z.output<typeof suites>;
export type TlsGroups = z.output<typeof groups>;
export type TlsExtensions = z.output<typeof extensions>;
export type Certificate = z.output<typeof certificate>;

/** What a certificate is called in texts: its subject, else its first alternative name. */
export function nameOf({ subject, names, serial }: Certificate): string {
  return subject || names[0] || serial;
}

/** `rsa 2048`, `ec prime256v1 256`. */
export function keyText({ key: { type, bits, curve } }: Certificate): string {
  return [type, curve, bits].filter((part) => part !== undefined).join(' ');
}
