import type { Gate, ProcessResult } from '../../gate.ts';
import { Unavailable } from '../collector.ts';
import { type PortStates, portsIn, readNmap } from './nmap-output.ts';

/** Bytes of XML that are read: 65,535 open ports take some 9 MB. */
const largestOutput = 32 * 1024 * 1024;

/** Probes at most that an unanswered port gets. */
const tries = 4;

export type ScanQuestion = {
  readonly gate: Gate;
  /** In scope; the gate pins a name to one address, and nmap is given that. */
  readonly host: string;
  /** nmap's `-p`. */
  readonly ports: string;
  /** Packets a second at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
};

/** What nmap found, and the XML that says so. */
export type NmapScan = {
  readonly method: 'nmap -sS' | 'nmap -sT';
  readonly address: string;
  readonly result: PortStates;
  readonly xml: string;
};

/**
 * Scans TCP ports with nmap(1): SYN scan as root, full connections otherwise. No name service, no ping, no service probes.
 * Throws MachineError where nmap is missing, {@link Unavailable} if it does not finish or its output cannot be read.
 */
export async function runNmap(question: ScanQuestion): Promise<NmapScan> {
  const address = await question.gate.addressOf(question.host);
  if (process.getuid?.() !== 0) return scanWith('-sT', address, question);
  // Root in a container may lack CAP_NET_RAW.
  return scanWith('-sS', address, question).catch((error: unknown) => {
    if (error instanceof Unavailable && error.reason === 'denied') return scanWith('-sT', address, question);
    throw error;
  });
}

async function scanWith(
  kind: '-sS' | '-sT',
  address: string,
  { gate, host, ports, rate, signal }: ScanQuestion,
): Promise<NmapScan> {
  // Below the least rate nmap slows down for hours where a firewall drops everything.
  const slowest = Math.max(1, Math.floor(rate / 5));
  const rates = ['--max-rate', `${rate}`, '--min-rate', `${slowest}`, '--max-retries', `${tries - 1}`];
  const family = address.includes(':') ? ['-6'] : [];
  const args = [...family, '-n', '-Pn', kind, '-p', ports, ...rates, '-oX', '-', address];
  const timeout = 60 + Math.ceil((portsIn(ports).length * tries) / slowest);
  const result = await gate.run('nmap', args, { reaches: [{ host }], timeout, limit: largestOutput, signal });
  const xml = result.stdout.toString('utf8');
  refuseFailure(result, xml, timeout);
  return { method: `nmap ${kind}`, address, result: readNmap(xml), xml };
}

function refuseFailure({ status, timedOut, truncated, stderr }: ProcessResult, xml: string, timeout: number): void {
  if (timedOut) throw new Unavailable('timed-out', `nmap: ${timeout} s`);
  if (truncated) throw new Unavailable('too-large', `nmap: ${largestOutput}`);
  if (status === 0) return;
  const said = stderr.trim() || xml.match(/errormsg="([^"]*)"/)?.[1] || `exit status ${status}`;
  throw new Unavailable(/not permitted|permission|privileges/i.test(said) ? 'denied' : 'failed', `nmap: ${said}`);
}
