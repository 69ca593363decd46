import type { OpenPort } from '../../evidence/network/open-ports.ts';
import { ask, greet, headRequest, type Spot } from '../transports/service-talk.ts';
import { isPostgresql, nameOf, sslRequest } from './service-answers.ts';

/** What is known of a port after it was asked. */
export type PortName = Pick<OpenPort, 'service' | 'product' | 'tls' | 'by'>;

/** Ports of one address that are asked at most: where more are open, something else answers for them. */
const most = 64;

/** Ports asked at the same time. */
const concurrency = 8;

// A printer prints whatever it is sent: nmap leaves these alone, too (nmap-service-probes, Exclude).
const printers = (port: number): boolean => port >= 9100 && port <= 9107;

/** The ports of an address that may be asked what they are. */
export function askable(ports: readonly number[]): number[] {
  return ports.length > most ? [] : ports.filter((port) => !printers(port));
}

/**
 * Asks ports what they are: waits for a greeting, begins TLS, asks for the head of a page, asks whether PostgreSQL has TLS.
 * None of it logs in or can change anything; a port is sent no more once it is known.
 */
export async function askPorts(
  spot: Omit<Spot, 'port'>,
  ports: readonly number[],
): Promise<ReadonlyMap<number, PortName>> {
  const names = new Map<number, PortName>();
  const queue = [...ports];
  const worker = async (): Promise<void> => {
    for (let port = queue.shift(); port !== undefined && !spot.signal.aborted; port = queue.shift()) {
      const name = await askPort({ ...spot, port });
      if (name) names.set(port, name);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, worker));
  return names;
}

async function askPort(spot: Spot): Promise<PortName | undefined> {
  const { clear, tls, inner } = await greet(spot);
  if (tls === 'spoken') return { tls: true, by: 'answer', ...nameOf(inner) };
  // Asked in clear text it would answer what it does not serve: "plain HTTP request was sent to HTTPS port".
  if (tls === 'refused') return undefined;
  const name = nameOf(clear);
  if (name) return { ...name, by: 'answer' };
  // Whoever spoke first, and is not known by that, is better asked by nmap.
  if (clear.length > 0) return undefined;
  const page = nameOf(await ask(spot, headRequest));
  if (page) return { ...page, by: 'answer' };
  return isPostgresql(await ask(spot, sslRequest)) ? { service: 'postgresql', by: 'answer' } : undefined;
}
