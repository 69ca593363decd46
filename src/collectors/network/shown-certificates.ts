import type { OtherClient, ShownCertificate, Tls, TlsVersion } from '../../evidence/network/tls.ts';
import type { DeclaredEndpoint, Platform } from '../../platform.ts';
import { said } from '../../text.ts';
import { type KeyKind, publicAuthorities } from '../transports/anchors.ts';
import type { Line } from '../transports/line.ts';
import { type Handshake, handshake } from '../transports/socket.ts';
import { askedSuites } from './asked-suites.ts';
import { namesHost, readChain } from './certificate.ts';
import {
  type Asking,
  anchorsFor,
  type Chain,
  mainTrust,
  sm2Unverified,
  type Trust,
  trustFrom,
  unobserved,
} from './certificate-trust.ts';
import { readFlight } from './tls-records.ts';
import { ask, type Gap, gapOf } from './tls-reply.ts';
import { chainOf, type Probe } from './tls-versions.ts';

type Speaking = Extract<Tls, { speaksTls: true }>;

/** What is known of an endpoint's certificates, and the application protocol that came with them. */
export type Certificates = Pick<Speaking, 'alpn' | 'certificate' | 'otherCertificates' | 'certificateGaps'>;

/**
 * Every certificate that an outsider can get for the declared name: what most clients are shown, what those are shown that take
 * another kind of key or speak TLCP, and what is shown without a name. A connection for each question, one more where it is cut off.
 */
export async function shownCertificates(
  line: Line,
  probes: readonly Probe[],
  endpoint: DeclaredEndpoint,
  platform: Platform,
): Promise<{ certificates: Certificates; log: string }> {
  const first = await firstChain(line, probes);
  if (!first) return { certificates: {}, log: '' };
  const asking: Asking = { line, endpoint, anchors: await anchorsFor(endpoint, platform) };
  const asked = line.serverName ?? endpoint.address;
  const [main, others] = await Promise.all([
    mainTrust(asking, first),
    Promise.all(otherQuestions(asking, probes, first).map((question) => question())),
  ]);
  const { trust, alpn } = main;
  const certificate = shownAs(first, asked, trust);
  if (!certificate) return { certificates: {}, log: logOf('most', first) };
  const versions = inOtherVersions(probes, asked);
  const answered = [...others, ...versions].flatMap((each) => ('shown' in each ? [each.shown] : []));
  const found = [...answered.filter(({ to }) => to !== 'no-name'), ...answered.filter(({ to }) => to === 'no-name')];
  const gaps = [...others, ...versions].flatMap((each) => ('gap' in each ? [each.gap] : []));
  const seen = others.flatMap((each) => ('shown' in each ? [logOf(each.shown.to, each.from)] : []));
  return {
    certificates: {
      ...(alpn ? { alpn } : {}),
      certificate,
      otherCertificates: withoutRepeats(found, certificate),
      ...(gaps.length > 0 ? { certificateGaps: gaps } : {}),
    },
    log: [logOf('most', first), ...seen].join('\n'),
  };
}

// For the raw text: TLS 1.3 encrypts its certificates, so that the bytes of the connection do not show them.
function logOf(to: string, { version, ders }: Chain): string {
  return [
    `certificates for ${to}, ${version}`,
    ...ders.slice(0, 10).map((der) => der.subarray(0, 8192).toString('hex')),
  ].join('\n');
}

type Other = NonNullable<Speaking['otherCertificates']>[number];
type OtherGap = NonNullable<Speaking['certificateGaps']>[number];

/** `nothing`: such clients are refused. */
type Answered =
  | { readonly shown: Other; readonly from: Chain }
  | { readonly gap: OtherGap }
  | { readonly nothing: true };

function shownAs({ version, ders }: Chain, asked: string, trust: Trust): ShownCertificate | undefined {
  const chain = readChain(ders);
  const [leaf] = ders;
  if (!leaf || chain.length === 0) return undefined;
  return { chain, version, trust, name: { asked, matches: namesHost(leaf, asked) } };
}

// The newest version first, TLCP last. A probe ends as soon as its version is decided, perhaps before the certificate came.
async function firstChain(line: Line, probes: readonly Probe[]): Promise<Chain | undefined> {
  for (const probe of probes) {
    const ders = chainOf(probe);
    if (ders.length > 0) return { version: probe.version, ders };
  }
  const clear = probes.find(({ version, result }) => result.state === 'offered' && version !== 'TLSv1.3');
  if (clear?.flight.kind !== 'tls' || !clear.flight.hello) return undefined;
  return clearChain(line, clear.version, [clear.flight.hello.suite]);
}

async function clearChain(line: Line, version: TlsVersion, suites: readonly number[]): Promise<Chain | undefined> {
  const reply = await ask(line, version, suites, { wholeFlight: true });
  return reply.kind === 'chosen' && reply.flight.certificates.length > 0
    ? { version, ders: reply.flight.certificates }
    : undefined;
}

function otherQuestions(asking: Asking, probes: readonly Probe[], first: Chain): (() => Promise<Answered>)[] {
  const { line, endpoint } = asking;
  const tlcp = probes.find(({ version, result }) => version === 'TLCPv1.1' && result.state === 'offered');
  const speaksTls = first.version !== 'TLCPv1.1';
  const type = readChain(first.ders)[0]?.key.type;
  const other = type === 'rsa' || type === 'rsa-pss' ? 'ecdsa' : 'rsa';
  const { serverName: _, ...unnamed } = line;
  return [
    ...(speaksTls ? [() => byHandshake(asking, line, other, { only: other })] : []),
    ...(speaksTls && tlcp ? [() => byTlcp(line, endpoint, tlcp)] : []),
    ...(speaksTls && line.serverName ? [() => byHandshake(asking, unnamed, 'no-name', {})] : []),
  ];
}

// One handshake shows chain and trust; where it fails for want of a client certificate, TLS 1.2 has shown the chain before.
async function byHandshake(
  { anchors, endpoint }: Asking,
  line: Line,
  to: OtherClient,
  { only }: { only?: KeyKind },
): Promise<Answered> {
  const usable = 'problem' in anchors ? publicAuthorities() : anchors;
  const once = (): Promise<Handshake> => handshake(line, { anchors: usable, ...(only ? { only } : {}) });
  const tried = await once();
  const made = ['closed', 'reset', 'not-connected'].includes(tried.ending) ? await once() : tried;
  const seen = chainSeen(made, to);
  if (!seen) return { nothing: true };
  if ('reason' in seen) return { gap: { to, ...seen } };
  const asked = line.serverName ?? endpoint.address;
  const shown = shownAs(
    seen,
    asked,
    'problem' in anchors ? unobserved(anchors.problem) : trustFrom(made, endpoint, seen),
  );
  return shown ? { shown: { ...shown, to }, from: seen } : { gap: { to, reason: 'unreadable', detail: '' } };
}

// Without a chain: that nothing is in common says that there is none for such clients, anything else says nothing.
function chainSeen(made: Handshake, to: OtherClient): Chain | Gap | undefined {
  const flight = readFlight(made.heard);
  const sent = flight.kind === 'tls' ? flight : undefined;
  const version = handshakeVersions.find((each) => each === sent?.hello?.version);
  const ders = made.agreed?.encrypted || !sent?.certificates.length ? (made.agreed?.chain ?? []) : sent.certificates;
  if (ders.length > 0 && version) return { version, ders };
  if (sent?.alert === undefined) return gapOf(made);
  return to === 'no-name' || nothingInCommon.has(sent.alert) ? undefined : { reason: 'alert', detail: sent.alert };
}

const nothingInCommon = new Set(['handshake_failure', 'insufficient_security', 'protocol_version']);

const handshakeVersions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'] as const satisfies readonly TlsVersion[];

async function byTlcp(line: Line, { address }: DeclaredEndpoint, probe: Probe): Promise<Answered> {
  const sent = chainOf(probe);
  const chain =
    sent.length > 0
      ? { version: probe.version, ders: sent }
      : await clearChain(line, probe.version, askedSuites('TLCPv1.1'));
  const shown = chain && shownAs(chain, line.serverName ?? address, unobserved(sm2Unverified));
  if (chain && shown) return { shown: { ...shown, to: 'tlcp' }, from: chain };
  return { gap: { to: 'tlcp', reason: 'unreadable', detail: '' } };
}

// What the probes of older versions were shown, at no further cost: behind a balancer it may be another server that answers them.
function inOtherVersions(probes: readonly Probe[], asked: string): Answered[] {
  return probes.flatMap((probe): Answered[] => {
    const from = { version: probe.version, ders: chainOf(probe) };
    if (probe.version === 'TLCPv1.1' || from.ders.length === 0) return [];
    const shown = shownAs(from, asked, unobserved(notVerified));
    const to = 'other-version';
    return [shown ? { shown: { ...shown, to }, from } : { gap: { to, reason: 'unreadable', detail: '' } }];
  });
}

const notVerified = said({
  zh: '未在该协议版本下验证证书链',
  en: 'the chain was not verified in that protocol version',
});

// Clients of the declared name come first: a certificate that they are shown is not listed again for those without a name.
function withoutRepeats(others: readonly Other[], main: ShownCertificate): Other[] {
  const known = new Set([main.chain[0]?.sha256]);
  return others.filter(({ chain: [leaf] }) => {
    const isNew = !known.has(leaf?.sha256);
    known.add(leaf?.sha256);
    return isNew;
  });
}
