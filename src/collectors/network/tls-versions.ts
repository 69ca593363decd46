import { setTimeout as pause } from 'node:timers/promises';
import { suiteName } from '../../evidence/network/cipher-suites.ts';
import { type TlsVersion, type TlsVersionState, tlsVersions, type VersionReason } from '../../evidence/network/tls.ts';
import { groupName } from '../../evidence/network/tls-groups.ts';
import { exchange, type Line } from '../transports/line.ts';
import { type Handshake, handshake, type NodeVersion } from '../transports/socket.ts';
import { ordinaryList, suiteLists } from './asked-suites.ts';
import { clientHello } from './client-hello.ts';
import type { ServerHello } from './server-hello.ts';
import { type Flight, readFlight } from './tls-records.ts';
import { gapOf, isWhole } from './tls-reply.ts';

/** What asking for one version brought. */
export type Probe = {
  readonly version: TlsVersion;
  readonly handshake: Handshake;
  readonly flight: Flight;
  /** `declined`: nothing in common with this hello; whether the version is refused, the other versions show. */
  readonly result: Result;
};

type Result = { readonly state: 'declined'; readonly answer: string } | DistributiveOmit<TlsVersionState, 'version'>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

// What Node's OpenSSL can negotiate; SSL is asked for by hand-made hellos alone.
const nodeVersions: Partial<Record<TlsVersion, NodeVersion>> = {
  'TLSv1.3': 'TLSv1.3',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.0': 'TLSv1',
};

/** The probe of each version, and the line for whatever else is asked: it is dead once nothing at all was answered in time. */
export type Probing = {
  readonly line: Line;
  readonly probes: ReadonlyMap<TlsVersion, Promise<Probe>>;
  /** Ends whatever is still under way. */
  stop(): void;
};

/** Asks for every version, each on connections of its own; in the order of {@link tlsVersions}. */
export function probeVersions(line: Line): Probing {
  const end = new AbortController();
  let isAnswering = false;
  // What still waits its turn would cost a silent endpoint's time limit once more.
  const note = (handshake: Handshake): Handshake => {
    isAnswering ||= handshake.heard.length > 0;
    if (!isAnswering && gapOf(handshake).reason === 'timed-out') end.abort();
    return handshake;
  };
  const own = { ...line, signal: AbortSignal.any([line.signal, end.signal]) };
  // Where the endpoint answers others, a connection that fails may be an accident.
  const attempt: Attempt = async (make) => {
    const first = note(await make());
    if (!isAnswering || !accidents.has(gapOf(first).reason) || first.heard.length > 0) return first;
    await pause(secondTry, undefined, { signal: own.signal }).catch(() => undefined);
    return note(await make());
  };
  return {
    line: own,
    probes: new Map(tlsVersions.map((version) => [version, probe(own, version, attempt)])),
    stop: () => end.abort(),
  };
}

type Attempt = (make: () => Promise<Handshake>) => Promise<Handshake>;

/** Milliseconds. */
const secondTry = 250;

const accidents: ReadonlySet<VersionReason> = new Set(['reset', 'unreachable']);

/**
 * The chain as sent: up to TLS 1.2 it stands in clear text, even when the handshake fails for want of a client certificate.
 */
export function chainOf({ result, flight, handshake: { agreed } }: Probe): readonly Buffer[] {
  if (result.state !== 'offered') return [];
  const sent = flight.kind === 'tls' ? flight.certificates : [];
  return sent.length > 0 ? sent : (agreed?.chain ?? []);
}

/** The state of each version, from all probes together. */
export function versionStates(probes: readonly Probe[]): TlsVersionState[] {
  const speaks = probes.some(({ result }) => result.state === 'offered');
  const chosen = new Set(probes.map(({ flight }) => (flight.kind === 'tls' ? flight.hello?.version : undefined)));
  return probes.map(({ version, result }) => {
    if ((result.state === 'refused' || result.state === 'declined') && chosen.has(version))
      return { version, state: 'unobserved', reason: 'unreadable', detail: 'refused, but chosen at another time' };
    if (result.state !== 'declined') return { version, ...result };
    // An internal error is no decision. And a server that accepts no hello at all may miss a name or a client's credentials.
    if (speaks && result.answer !== undecided) return { version, state: 'refused', answer: result.answer };
    return { version, state: 'unobserved', reason: 'alert', detail: result.answer };
  });
}

async function probe(line: Line, version: TlsVersion, attempt: Attempt): Promise<Probe> {
  const nodeVersion = nodeVersions[version];
  if (!nodeVersion) return byHand(line, attempt, version, suiteLists(version));
  const first = probeOf(version, await attempt(() => handshake(line, { version: nodeVersion })));
  // OpenSSL has dropped suites that an old server may offer alone (RC4, 3DES, export), and knows no SM: ask for those too.
  if (first.result.state === 'declined') return byHand(line, attempt, version, suiteLists(version), first);
  if (first.result.state !== 'refused' || version === 'TLSv1.3') return first;
  // Some say "version" where they mean the suites; and behind a balancer another server may answer now.
  const again = await byHand(line, attempt, version, [ordinaryList], first);
  return again.result.state === 'offered' ? again : first;
}

// All lists at once, for a version that is refused has to decline each; the first that is taken settles it.
async function byHand(
  line: Line,
  attempt: Attempt,
  version: TlsVersion,
  lists: readonly (readonly number[])[],
  ...before: Probe[]
): Promise<Probe> {
  const asked = lists.map(async (suites) => {
    const hello = clientHello(version, suites, { serverName: line.serverName });
    return probeOf(version, await attempt(() => exchange(line, hello, isWhole)), suites);
  });
  const taken = await Promise.any(asked.map(offeredOnly)).catch(() => undefined);
  if (taken) return taken;
  const tried = await Promise.all(asked);
  const decided = tried.find(({ result }) => result.state !== 'declined');
  return decided ?? [...before, ...tried].find(isUndecided) ?? tried.at(-1) ?? noProbe(version);
}

async function offeredOnly(asked: Promise<Probe>): Promise<Probe> {
  const probe = await asked;
  if (probe.result.state !== 'offered') throw new Error('not offered');
  return probe;
}

function isUndecided({ result }: Probe): boolean {
  return result.state === 'declined' && result.answer === undecided;
}

function noProbe(version: TlsVersion): Probe {
  return probeOf(version, { heard: Buffer.alloc(0), ending: 'not-connected', detail: '' });
}

function probeOf(version: TlsVersion, heard: Handshake, suites?: readonly number[]): Probe {
  const flight = readFlight(heard.heard);
  return { version, handshake: heard, flight, result: resultOf(version, heard, flight, suites) };
}

function resultOf(version: TlsVersion, heard: Handshake, flight: Flight, suites?: readonly number[]): Result {
  if (flight.kind === 'foreign') return { state: 'unobserved', reason: 'unreadable', detail: flight.text };
  if (flight.kind === 'nothing' || !(flight.hello ?? flight.alert)) return { state: 'unobserved', ...gapOf(heard) };
  const { hello, alert = '' } = flight;
  if (hello) {
    if (!tlsVersions.some((each) => each === hello.version))
      return { state: 'unobserved', reason: 'unreadable', detail: hello.version };
    if (hello.version !== version) return { state: 'refused', answer: hello.version };
    if (wasNotOffered(hello, heard, suites)) return { state: 'unobserved', reason: 'unreadable', detail: notOffered };
    if (hello.kinds?.length === 0)
      return { state: 'unobserved', reason: 'unreadable', detail: 'no cipher kind in common' };
    const { suite = suiteName(hello.suite), group = groupSeen(flight) } = heard.agreed ?? {};
    const clientCertificate = asksFor(flight, heard);
    return { state: 'offered', suite, ...(group ? { group } : {}), clientCertificate };
  }
  if (alert === 'protocol_version') return { state: 'refused', answer: alert };
  // An alert of TLS says that a hello of SSL 2.0 was not understood as one.
  if (nothingInCommon.has(alert) || (version === 'SSLv2' && misread.has(alert)))
    return { state: 'declined', answer: alert };
  return { state: 'unobserved', reason: 'alert', detail: alert };
}

// With such a suite no client can go on: whether the version is offered, it does not tell.
const notOffered = 'a suite was chosen that was not offered';

function wasNotOffered({ suite, kinds }: ServerHello, { detail }: Handshake, suites?: readonly number[]): boolean {
  if (kinds) return false;
  return suites ? !suites.includes(suite) : /(WRONG|UNKNOWN)_CIPHER_RETURNED/.test(detail);
}

// OpenSSL's answer when it has no signature for the version: an accident, not a decision.
const undecided = 'internal_error';

const nothingInCommon = new Set(['handshake_failure', 'insufficient_security', undecided]);
const misread = new Set(['decode_error', 'unexpected_message', 'illegal_parameter']);

// TLS 1.3 hides the request from all but its client.
function asksFor(
  flight: Extract<Flight, { kind: 'tls' }>,
  { agreed, detail }: Handshake,
): 'asked' | 'not-asked' | 'unknown' {
  if (detail.includes('CERTIFICATE_REQUIRED')) return 'asked';
  const asks = flight.asksClientCertificate ?? agreed?.encrypted?.asksClientCertificate;
  return asks === undefined ? 'unknown' : asks ? 'asked' : 'not-asked';
}

// Node's names differ from IANA's for the older curves, and are kept where a handshake was completed.
function groupSeen({ hello, keyExchange }: Extract<Flight, { kind: 'tls' }>): string | undefined {
  if (keyExchange?.dhBits) return `DH ${keyExchange.dhBits}`;
  const group = hello?.group ?? keyExchange?.group;
  return group === undefined ? undefined : groupName(group);
}
