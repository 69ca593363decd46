import { readFile, stat } from 'node:fs/promises';
import { codeOf } from '../../errors.ts';
import type { Tls } from '../../evidence/network/tls.ts';
import { endpointName, expectedSubjects } from '../../evidence/subjects.ts';
import { type DeclaredEndpoint, declarationOf, type Platform, pathFrom } from '../../platform.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import type { Line } from '../transports/line.ts';
import { paced } from '../transports/pace.ts';
import { type Anchors, handshake, onlyAuthorities, publicAuthorities } from '../transports/socket.ts';
import { authoritiesIn, namesHost, readChain } from './certificate.ts';
import { type Surveyed, survey } from './tls-survey.ts';
import { chainOf, type Probe, probeVersions, versionStates } from './tls-versions.ts';

/** Largest file of private authorities, bytes. */
const largestAuthority = 1024 * 1024;

/** Which versions, suites, groups and extensions a declared endpoint has, and the certificate it shows. */
export const tls = defineCollector({
  id: 'network/tls',
  kind: 'tls',
  subjects: (platform) => expectedSubjects('endpoint', declarationOf(platform)),
  async collect(subject, { platform, gate, signal }) {
    const endpoint = platform.endpoints.find((each) => each.direction === 'inbound' && endpointName(each) === subject);
    if (!endpoint) throw new Unavailable('not-declared', subject);
    const { address: host, port, serverName } = endpoint;
    const pace = paced(gate, platform.limits.tls);
    const line: Line = { gate: pace, host, port, signal, ...(serverName ? { serverName } : {}) };
    const probing = probeVersions(line);
    const probed = Promise.all(probing.values());
    const [probes, surveyed, certificate] = await Promise.all([
      probed,
      survey(line, probing),
      probed.then((probes) => certificateIn(probes, line, endpoint, platform)),
    ]);
    return {
      value: observed(probes, surveyed, certificate, endpoint),
      method: `TLS hellos for versions, suites, groups and extensions to ${subject}${serverName ? `, SNI ${serverName}` : ', no SNI'}`,
      raw: [...probes.map(rawOf), surveyed.log].join('\n'),
    };
  },
});

type Speaking = Extract<Tls, { speaksTls: true }>;

function observed(
  probes: readonly Probe[],
  { versions, extensions, fallback }: Surveyed,
  certificate: Pick<Speaking, 'alpn' | 'certificate'>,
  { serverName }: DeclaredEndpoint,
): Tls {
  if (!probes.some(({ flight }) => flight.kind === 'tls')) return withoutTls(probes);
  return {
    speaksTls: true,
    ...(serverName ? { serverName } : {}),
    versions: versionStates(probes).map((each) =>
      each.state === 'offered' ? { ...each, ...versions.get(each.version) } : each,
    ),
    ...(extensions ? { extensions } : {}),
    ...(fallback ? { fallback } : {}),
    ...certificate,
  };
}

async function certificateIn(
  probes: readonly Probe[],
  line: Line,
  endpoint: DeclaredEndpoint,
  platform: Platform,
): Promise<Pick<Speaking, 'alpn' | 'certificate'>> {
  const ders = probes.map(chainOf).find((chain) => chain.length > 0) ?? [];
  const chain = readChain(ders);
  const [leaf] = ders;
  if (!leaf || chain.length === 0) return {};
  const { trust, alpn } = await trustOf(leaf, line, endpoint, platform);
  const asked = endpoint.serverName ?? endpoint.address;
  return {
    ...(alpn ? { alpn } : {}),
    certificate: { chain, trust, name: { asked, matches: namesHost(leaf, asked) } },
  };
}

function withoutTls(probes: readonly Probe[]): Tls {
  const foreign = probes.flatMap(({ flight }) => (flight.kind === 'foreign' ? [flight.text] : []));
  if (foreign[0] !== undefined) return { speaksTls: false, saw: foreign[0] };
  const endings = probes.map((probe) => probe.handshake);
  const connected = endings.filter(({ ending }) => ending !== 'not-connected');
  if (connected.length === 0) {
    const detail = endings[0]?.detail ?? '';
    throw new Unavailable(detail === 'ETIMEDOUT' ? 'timed-out' : 'unreachable', detail);
  }
  // A port that takes connections and says nothing may speak TLS to others: an allow-list, a full queue.
  if (connected.some(({ ending }) => ending === 'timed-out'))
    throw new Unavailable('timed-out', 'connected, but a TLS hello was not answered');
  throw new Unavailable('failed', 'the connection was closed before a TLS hello was answered');
}

type Trust = NonNullable<Speaking['certificate']>['trust'];

async function trustOf(
  leaf: Buffer,
  line: Line,
  { authority, protocol }: DeclaredEndpoint,
  platform: Platform,
): Promise<{ trust: Trust; alpn?: string }> {
  const anchors = authority === undefined ? publicAuthorities() : await declaredAuthorities(platform, authority);
  if ('problem' in anchors) return { trust: { state: 'unobserved', detail: anchors.problem } };
  const asked = protocol === 'https' ? await handshake(line, { anchors, alpn: ['h2', 'http/1.1'] }) : undefined;
  // A server that knows neither protocol hangs up (RFC 7301, 3.2).
  const { agreed, detail } = asked?.agreed ? asked : await handshake(line, { anchors });
  if (!agreed) return { trust: { state: 'unobserved', detail: detail || 'the handshake was not completed' } };
  if (!agreed.chain[0]?.equals(leaf))
    return { trust: { state: 'unobserved', detail: 'the server showed another certificate the second time' } };
  const from = authority === undefined ? ('public' as const) : ('declared' as const);
  return {
    trust: agreed.trustError
      ? { state: 'untrusted', anchors: from, error: agreed.trustError }
      : { state: 'trusted', anchors: from },
    ...(agreed.alpn ? { alpn: agreed.alpn } : {}),
  };
}

async function declaredAuthorities(platform: Platform, authority: string): Promise<Anchors | { problem: string }> {
  const file = pathFrom(platform, authority);
  try {
    if ((await stat(file)).size > largestAuthority) return { problem: `${authority}: too large` };
    const certificates = authoritiesIn(await readFile(file));
    return certificates.length > 0 ? onlyAuthorities(certificates) : { problem: `${authority}: no certificate in it` };
  } catch (error) {
    return { problem: `${authority}: ${codeOf(error) ?? 'not readable'}` };
  }
}

function rawOf({ version, handshake: { heard, ending, detail } }: Probe): string {
  return `${version}: ${ending}${detail ? ` ${detail}` : ''}, ${heard.length} bytes\n${heard.subarray(0, 8192).toString('hex')}`;
}
