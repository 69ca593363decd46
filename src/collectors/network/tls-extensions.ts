import type { Tls, TlsExtensions, TlsVersion } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import { fallbackSignal } from './client-hello.ts';
import { ask } from './tls-reply.ts';

const secureRenegotiation = 0xff01;
const extendedMasterSecret = 23;
const sessionTicket = 35;

/** What the server says to a hello that offers everything; TLS 1.2 and earlier, for TLS 1.3 encrypts its answer. */
export async function askExtensions(
  line: Line,
  version: TlsVersion,
  suites: readonly number[],
): Promise<TlsExtensions | undefined> {
  const reply = await ask(line, version, suites, { curious: true, wholeFlight: true });
  if (reply.kind !== 'chosen') return undefined;
  const { hello, flight } = reply;
  return {
    version,
    secureRenegotiation: hello.extensions.includes(secureRenegotiation),
    extendedMasterSecret: hello.extensions.includes(extendedMasterSecret),
    sessionTickets: hello.extensions.includes(sessionTicket),
    ocspStapling: flight.staplesOcsp === true,
    compression: hello.compression === 0 ? 'none' : hello.compression === 1 ? 'deflate' : 'other',
  };
}

/** How a needless fallback is answered. */
export type Fallback = NonNullable<Extract<Tls, { speaksTls: true }>['fallback']>;

/** Pretends to have fallen back to a version below the server's newest (RFC 7507, 3). */
export async function askFallback(line: Line, version: TlsVersion, suites: readonly number[]): Promise<Fallback> {
  const reply = await ask(line, version, [...suites, fallbackSignal]);
  if (reply.kind === 'chosen') return 'accepted';
  return 'alert' in reply && reply.alert === 'inappropriate_fallback' ? 'refused' : 'unknown';
}
