import ipaddr from 'ipaddr.js';
import { ScopeError } from '../../errors.ts';
import type { Tls, TlsExtensions } from '../../evidence/network/tls.ts';
import { endpointName, expectedSubjects } from '../../evidence/subjects.ts';
import type { DeclaredEndpoint, Platform } from '../../platform.ts';
import { declarationOf } from '../../platform-declaration.ts';
import { defineCollector, type Found, type Tools, Unavailable } from '../collector.ts';
import { refuseWithheld } from '../relays.ts';
import { startingTls } from '../transports/ask-for-tls.ts';
import type { Line } from '../transports/line.ts';
import { paced } from '../transports/pace.ts';
import { clearAnswer } from './clear-answer.ts';
import { type Certificates, shownCertificates } from './shown-certificates.ts';
import { type Extent, type Surveyed, survey } from './tls-survey.ts';
import { type Probe, probeVersions, versionStates } from './tls-versions.ts';

/** Which versions, suites, groups and extensions a declared endpoint has, and the certificate it shows. */
export const tls = defineCollector({
  id: 'network/tls',
  kind: 'tls',
  subjects: (platform) => expectedSubjects('endpoint', declarationOf(platform)),
  collect: (subject, tools) => observeTls(subject, tools),
});

/** Asks one declared inbound endpoint; the subject is its name. `suites` is for a quick look: no certificate either. Throws {@link Unavailable} where nothing can be told. */
export async function observeTls(
  subject: string,
  { platform, gate, signal }: Tools,
  extent: Extent = 'everything',
): Promise<Found<'tls'>> {
  const endpoint = platform.endpoints.find((each) => each.direction === 'inbound' && endpointName(each) === subject);
  if (!endpoint) throw new Unavailable('not-declared', subject);
  await refuseWithheld(gate, endpoint.address, endpoint.port);
  const where = await whereOf(endpoint.address, gate);
  const { line, few } = linesTo(endpoint, gate, signal, platform.limits.tls);
  const probing = probeVersions(line);
  const probed = Promise.all(probing.probes.values());
  const isWhole = extent === 'everything';
  const [probes, surveyed, shown, inClear] = await Promise.all([
    probed,
    survey(probing, extent),
    probed.then((probes) =>
      isWhole ? shownCertificates(few, probes, endpoint, platform) : { certificates: {}, log: '' },
    ),
    // Nothing is asked of a service that begins in clear text anyway, nor of a port that is not known to speak TLS.
    probed.then((all) => (isWhole && !endpoint.startTls && isTls(all) ? clearAnswer(line) : undefined)),
  ]).finally(probing.stop);
  return {
    value: observed(probes, surveyed, shown.certificates, line, endpoint, {
      ...where,
      ...(inClear === undefined ? {} : { inClear }),
    }),
    method: methodOf(subject, line, endpoint),
    raw: [...probes.map(rawOf), surveyed.log, shown.log].join('\n'),
  };
}

type Where = { readonly address?: string; readonly others?: string[] };

// A name that does not resolve has none: whoever connects says so.
async function whereOf(host: string, gate: Line['gate']): Promise<Where> {
  if (ipaddr.isValid(host)) return {};
  const address = await gate.addressOf(host).catch(onlyRefusals);
  if (address === undefined) return {};
  const others = await gate.othersOf(host);
  return { address, ...(others.length > 0 ? { others: [...others] } : {}) };
}

function onlyRefusals(error: unknown): undefined {
  if (error instanceof ScopeError) throw error;
}

/** Connections set aside for certificates, where a service allows a certain number. */
const forCertificates = 6;

// The line for all that is asked, and one for the few connections that certificates take.
function linesTo(
  { address, port, serverName, startTls }: DeclaredEndpoint,
  gate: Line['gate'],
  signal: AbortSignal,
  limits: Platform['limits']['tls'],
): { line: Line; few: Line } {
  // Clients of a name send it (RFC 6066, 3); an address is never sent.
  const name = serverName ?? (ipaddr.isValid(address) ? undefined : address.replace(/\.$/, ''));
  const through = (own: Line['gate']): Line => ({
    gate: own,
    host: address,
    port,
    signal,
    ...(name ? { serverName: name } : {}),
  });
  if (!startTls) {
    const line = through(paced(gate, limits));
    return { line, few: line };
  }
  const most = startTls === 'mysql' ? limits.mysql - forCertificates : Number.POSITIVE_INFINITY;
  // Each connection to such a service is a session to it, and mail servers allow few (Exim 20).
  const connections = Math.min(limits.connections, 8);
  return {
    line: through(paced(startingTls(gate, startTls, most), { ...limits, connections })),
    few: through(paced(startingTls(gate, startTls, forCertificates), { ...limits, connections: 2 })),
  };
}

function methodOf(subject: string, { serverName }: Line, { startTls }: DeclaredEndpoint): string {
  const what = `TLS hellos for versions, suites, groups, extensions and certificates to ${subject}`;
  return [what, ...(startTls ? [`STARTTLS ${startTls}`] : []), serverName ? `SNI ${serverName}` : 'no SNI'].join(', ');
}

function observed(
  probes: readonly Probe[],
  { versions, extensions = modernExtensions(probes), fallback }: Surveyed,
  certificates: Certificates,
  { serverName }: Line,
  { startTls }: DeclaredEndpoint,
  more: Where & { readonly inClear?: string },
): Tls {
  if (!isTls(probes)) return withoutTls(probes);
  return {
    speaksTls: true,
    ...(startTls ? { startTls } : {}),
    ...(serverName ? { serverName } : {}),
    ...more,
    versions: versionStates(probes).map((each) =>
      each.state === 'offered' ? { ...each, ...versions.get(each.version) } : each,
    ),
    ...(extensions ? { extensions } : {}),
    ...(fallback ? { fallback } : {}),
    ...certificates,
  };
}

function isTls(probes: readonly Probe[]): boolean {
  return probes.some(({ flight }) => flight.kind === 'tls');
}

// Of a server that offers nothing older: what came under encryption.
function modernExtensions(probes: readonly Probe[]): TlsExtensions | undefined {
  const { agreed, ticket } = probes.find(({ version }) => version === 'TLSv1.3')?.handshake ?? {};
  if (!agreed?.encrypted) return undefined;
  const { staplesOcsp: ocspStapling } = agreed.encrypted;
  return { version: 'TLSv1.3', ocspStapling, ...(ticket ? { sessionTickets: true } : {}) };
}

function withoutTls(probes: readonly Probe[]): Tls {
  // A multiplexer hands to another service what is no hello of TLS.
  const asked = probes.filter(({ version }) => version !== 'SSLv2' && version !== 'TLCPv1.1');
  const foreign = asked.flatMap(({ flight }) => (flight.kind === 'foreign' ? [flight.text] : []));
  if (foreign[0] !== undefined) return { speaksTls: false, saw: foreign[0] };
  const endings = probes.map((probe) => probe.handshake);
  const refused = endings.find(({ ending }) => ending === 'turned-away');
  if (refused) throw new Unavailable('failed', refused.detail);
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

function rawOf({ version, handshake: { heard, ending, detail } }: Probe): string {
  return `${version}: ${ending}${detail ? ` ${detail}` : ''}, ${heard.length} bytes\n${heard.subarray(0, 8192).toString('hex')}`;
}
