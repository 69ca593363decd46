import { z } from 'zod';
import type { Text } from '../../text.ts';
import { digest, instant } from '../schemas.ts';
import { mostAddresses } from './addresses.ts';

/** Protocol versions that are asked for, newest first; TLCP (GB/T 38636-2020) is a family of its own. */
export const tlsVersions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3', 'SSLv2', 'TLCPv1.1'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

/** Services that speak in clear text until TLS is asked for: SSLRequest of PostgreSQL, that of MySQL and MariaDB, STARTTLS (RFC 3207). */
export const startTlsServices = ['postgresql', 'mysql', 'smtp'] as const;

export type StartTlsService = (typeof startTlsServices)[number];

/** Why it stays open whether a version is offered. */
export const versionReasons = {
  'timed-out': { zh: '未在时限内应答', en: 'no answer in time' },
  closed: { zh: '对方未应答即关闭连接', en: 'the connection was closed without an answer' },
  reset: { zh: '连接被重置', en: 'the connection was reset' },
  alert: { zh: '对方的告警不能说明是否支持该版本', en: 'the alert does not tell whether the version is offered' },
  unreadable: { zh: '应答无法识别', en: 'the answer could not be read' },
  unreachable: { zh: '无法连接', en: 'unreachable' },
  'turned-away': { zh: '服务在 TLS 之前即拒绝', en: 'turned away before TLS' },
  'held-back': { zh: '端点限制连接，未再询问', en: 'not asked, for the endpoint limits connections' },
} as const satisfies Record<string, Text>;

export type VersionReason = keyof typeof versionReasons;

const reason = z.enum(Object.keys(versionReasons) as [VersionReason, ...VersionReason[]]);

const suites = z.strictObject({
  /** IANA names, those of GB/T 38636-2020, or numbers; in the server's order of preference if it has one, else good ones first. */
  accepted: z.array(z.string()),
  /** Who decides among several suites; `unknown` for a single one, and where answers contradict each other. */
  order: z.enum(['server', 'client', 'unknown']),
  /** Where answers contradict each other: what was chosen out of all that is accepted, however it was sorted. */
  chosen: z.array(z.string()).optional(),
  /** Refusals came as closed connections instead of alerts; an accepted suite was answered again each time. */
  refusedByClosing: z.literal(true).optional(),
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
  /** The version whose hello they were seen in: TLS 1.2 or earlier; TLS 1.3 where nothing older is offered. */
  version: z.enum(tlsVersions),
  /** RFC 5746; absent in TLS 1.3, which has no renegotiation. */
  secureRenegotiation: z.boolean().optional(),
  /** RFC 7627; absent in TLS 1.3, whose keys always depend on the whole handshake. */
  extendedMasterSecret: z.boolean().optional(),
  /** RFC 5077; RFC 8446, 4.6.1, where its absence shows only that none came at once. */
  sessionTickets: z.boolean().optional(),
  /** A stapled OCSP answer came (RFC 6066, 8; RFC 8446, 4.4.2.1). */
  ocspStapling: z.boolean(),
  /** Compression of the session (RFC 3749), not of HTTP; absent in TLS 1.3, which has none. */
  compression: z.enum(['none', 'deflate', 'other']).optional(),
});

const version = z.discriminatedUnion('state', [
  z.strictObject({
    version: z.enum(tlsVersions),
    state: z.literal('offered'),
    /** The suite that the server chose: its IANA name, or its number where no handshake could be completed. */
    suite: z.string(),
    /** Key exchange group as OpenSSL names it; absent without (EC)DHE or where it could not be told. */
    group: z.string().optional(),
    /** Whether the server asked for a client certificate; it need not insist. */
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
    /** `rsa`, `ec`, `ed25519`, `sm2`, …; `unknown` where it cannot be read. */
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

const shown = {
  /** As sent by the server, its own certificate first; in TLCP that for signatures, then that for encryption (GB/T 38636-2020, 6.4.5.3). */
  chain: z.array(certificate).min(1),
  /** The version whose handshake showed it; absent in evidence from before it was noted. */
  version: z.enum(tlsVersions).optional(),
  trust,
  /** Whether the certificate names what was asked for (RFC 9525: alternative names only). */
  name: z.strictObject({ asked: z.string(), matches: z.boolean() }),
};

/** Clients that may be shown another certificate than most: those that take one kind of key only, TLCP, another version, and those that send no name. */
export const otherClients = {
  rsa: { zh: '仅支持 RSA 证书的客户端', en: 'clients that take RSA only' },
  ecdsa: { zh: '仅支持 ECDSA 证书的客户端', en: 'clients that take ECDSA only' },
  tlcp: { zh: '国密 TLCP 客户端', en: 'TLCP clients' },
  'other-version': { zh: '使用其他协议版本的客户端', en: 'clients of another protocol version' },
  'no-name': { zh: '不发送服务器名称（SNI）的客户端', en: 'clients that send no server name (SNI)' },
} as const satisfies Record<string, Text>;

export type OtherClient = keyof typeof otherClients;

const otherClient = z.enum(Object.keys(otherClients) as [OtherClient, ...OtherClient[]]);

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
      /** The service that was asked for TLS first. */
      startTls: z.enum(startTlsServices).optional(),
      /** The name sent (RFC 6066, 3); absent when none was. */
      serverName: z.string().optional(),
      /** The address that was asked, where the endpoint is declared by name. */
      address: z.string().optional(),
      /** What that name resolved to as well, and was not asked. */
      others: z.array(z.string()).max(mostAddresses).optional(),
      /** The status line of an answer to `HEAD / HTTP/1.0` in clear text on the same port; absent where none came, or a refusal. */
      inClear: z.string().max(200).optional(),
      /** The application protocol chosen out of `h2` and `http/1.1`. */
      alpn: z.string().optional(),
      /** One entry for each of {@link tlsVersions}, in that order. */
      versions: z.array(version),
      extensions: extensions.optional(),
      /** Whether a client that falls back needlessly is turned away (RFC 7507); absent where one version is offered. */
      fallback: z.enum(['refused', 'accepted', 'unknown']).optional(),
      /** What most clients are shown; absent when no handshake came that far. */
      certificate: z.strictObject(shown).optional(),
      /** Certificates that some clients are shown instead; absent in evidence from before it was asked. */
      otherCertificates: z.array(z.strictObject({ ...shown, to: otherClient })).optional(),
      /** Clients whose certificate could not be asked for. */
      certificateGaps: z.array(z.strictObject({ to: otherClient, reason, detail: z.string() })).optional(),
    }),
  ]),
} as const;

export type Tls = z.output<typeof tls.value>;
export type TlsVersionState = z.output<typeof version>;
export type TlsSuites = z.output<typeof suites>;
export type TlsGroups = z.output<typeof groups>;
export type TlsExtensions = z.output<typeof extensions>;
export type Certificate = z.output<typeof certificate>;
export type ShownCertificate = NonNullable<Extract<Tls, { speaksTls: true }>['certificate']>;

/** What a certificate is called in texts: its subject, else its first alternative name. */
export function nameOf({ subject, names, serial }: Certificate): string {
  return subject || names[0] || serial;
}

/** `rsa 2048`, `ec prime256v1 256`, `SM2 256`. */
export function keyText({ key: { type, bits, curve } }: Certificate): string {
  return [curve?.toLowerCase() === type ? undefined : type, curve, bits].filter((part) => part !== undefined).join(' ');
}
