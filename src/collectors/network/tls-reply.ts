import { setTimeout as pause } from 'node:timers/promises';
import type { TlsVersion, VersionReason } from '../../evidence/network/tls.ts';
import type { Answer } from '../transports/ear.ts';
import { exchange, type Line } from '../transports/line.ts';
import { clientHello, type HelloOptions } from './client-hello.ts';
import { type Flight, readFlight } from './tls-records.ts';

type TlsFlight = Extract<Flight, { kind: 'tls' }>;

/** Why nothing follows from an answer, or from none. */
export type Gap = { readonly reason: VersionReason; readonly detail: string };

/** What a server makes of a hello. */
export type Reply =
  | { readonly kind: 'chosen'; readonly hello: NonNullable<TlsFlight['hello']>; readonly flight: TlsFlight }
  /** Nothing in common, said so. */
  | { readonly kind: 'refused'; readonly alert: string }
  /** An alert that may be about something else in the hello. */
  | { readonly kind: 'undecided'; readonly alert: string }
  | { readonly kind: 'dropped'; readonly gap: Gap };

/** Milliseconds to wait before a hello is sent again that was cut off: a full queue, a limit on connections. */
const pauses = [100, 500] as const;
const most = pauses.length + 1;

/**
 * Sends a hello and reads the reply. A connection that is cut off is tried again, for that may be an accident; silence is not,
 * for it has cost its time limit already.
 */
export async function ask(
  line: Line,
  version: TlsVersion,
  suites: readonly number[],
  options: HelloOptions & { readonly wholeFlight?: boolean; readonly tries?: number } = {},
): Promise<Reply> {
  const enough = options.wholeFlight ? isWhole : isDecided;
  for (let attempt = 0; ; attempt += 1) {
    const hello = clientHello(version, suites, { serverName: line.serverName, ...options });
    const reply = replyOf(version, await exchange(line, hello, enough));
    const wait = attempt + 1 < (options.tries ?? most) ? pauses[attempt] : undefined;
    const mayPass = reply.kind === 'dropped' && ['closed', 'reset', 'unreachable'].includes(reply.gap.reason);
    if (!mayPass || wait === undefined || reply.gap.detail === 'ETIMEDOUT') return reply;
    await pause(wait, undefined, { signal: line.signal }).catch(() => undefined);
  }
}

/** Whether the server has said which suite it takes, or that it takes none. */
export function isDecided(heard: Buffer): boolean {
  const flight = readFlight(heard);
  if (flight.kind !== 'tls') return flight.kind === 'foreign';
  return Boolean(flight.hello ?? flight.alert);
}

/** Whether everything is there that a server says in clear text before it waits for the client. */
export function isWhole(heard: Buffer): boolean {
  const flight = readFlight(heard);
  if (flight.kind !== 'tls') return flight.kind === 'foreign';
  const isAlone = flight.hello?.version === 'TLSv1.3' || flight.hello?.version === 'SSLv2';
  return isAlone || flight.alert !== undefined || flight.asksClientCertificate !== undefined;
}

const reasons = {
  done: 'unreadable',
  closed: 'closed',
  reset: 'reset',
  'timed-out': 'timed-out',
  'not-connected': 'unreachable',
  'turned-away': 'turned-away',
  'held-back': 'held-back',
} as const satisfies Record<Answer['ending'], VersionReason>;

/** Why an answer without a hello or an alert tells nothing. */
export function gapOf({ ending, detail }: Pick<Answer, 'ending' | 'detail'>): Gap {
  return { reason: ending === 'not-connected' && detail === 'ETIMEDOUT' ? 'timed-out' : reasons[ending], detail };
}

// `protocol_version`: no suite of those offered belongs to the version.
const refusals = new Set(['handshake_failure', 'insufficient_security', 'protocol_version']);

function replyOf(version: TlsVersion, answer: Answer): Reply {
  const flight = readFlight(answer.heard);
  if (flight.kind === 'foreign') return { kind: 'dropped', gap: { reason: 'unreadable', detail: flight.text } };
  if (flight.kind === 'nothing' || !(flight.hello ?? flight.alert)) return { kind: 'dropped', gap: gapOf(answer) };
  const { hello, alert = '' } = flight;
  if (!hello) return { kind: refusals.has(alert) ? 'refused' : 'undecided', alert };
  if (hello.version === version) return { kind: 'chosen', hello, flight };
  return { kind: 'dropped', gap: { reason: 'unreadable', detail: hello.version } };
}
