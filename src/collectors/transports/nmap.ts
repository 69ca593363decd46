import type { Gate, ProcessResult } from '../../gate.ts';
import { Unavailable } from '../collector.ts';
import { withoutWithheld } from '../relays.ts';
import { type PortStates, portsIn, progressIn, readNmap, readServices, type ServiceNames } from './nmap-output.ts';

/** Bytes of XML that are read: 65,535 open ports take some 9 MB. */
const largestOutput = 32 * 1024 * 1024;

/** Probes at most that an unanswered port gets. */
const tries = 4;

/** Seconds between two words about its progress. */
const statsEvery = 5;

export type ScanQuestion = {
  readonly gate: Gate;
  /** In scope; the gate pins a name to one address, and nmap is given that. */
  readonly host: string;
  /** nmap's `-p`. */
  readonly ports: string;
  /** Packets a second at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
  /** Called now and then: percent that are done, and seconds that are left, as nmap reckons. */
  readonly onProgress?: (percent: number, left: number) => void;
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

async function scanWith(kind: '-sS' | '-sT', address: string, question: ScanQuestion): Promise<NmapScan> {
  const { ports, rate } = question;
  // Without a least rate nmap slows down fourfold where a firewall drops everything, which is how it should be.
  const rates = ['--max-rate', `${rate}`, '--min-rate', `${rate}`, '--max-retries', `${tries - 1}`];
  // A connect scan has no more probes under way than the process may have files.
  const slowest = Math.max(1, Math.floor(rate / 5));
  const timeout = 60 + Math.ceil((portsIn(ports).length * tries) / slowest);
  const xml = await ask([kind, '-p', ports, ...rates], address, question, timeout);
  return { method: `nmap ${kind}`, address, result: readNmap(xml), xml };
}

/** What nmap makes of open ports by its few commonest questions, and those that it has for their numbers; throws like {@link runNmap}. */
export async function runNmapServices(
  question: Omit<ScanQuestion, 'rate' | 'onProgress'>,
): Promise<{ names: ServiceNames; xml: string }> {
  const address = await question.gate.addressOf(question.host);
  // A silent port takes half a minute; several are asked at once. At this intensity no script says anything of its own.
  const timeout = 120 + 5 * portsIn(question.ports).length;
  const xml = await ask(['-sT', '-sV', '--version-light', '-p', question.ports], address, question, timeout);
  return { names: readServices(xml), xml: withoutAnswers(xml) };
}

// What a service that nmap does not know said may be anything, and is not kept.
function withoutAnswers(xml: string): string {
  return xml.replace(/ servicefp="[^"]*"/g, '').replace(/<script [^>]*\/>|<script [^>]*>.*?<\/script>/gs, '');
}

async function ask(
  how: readonly string[],
  address: string,
  { gate, host, signal, onProgress }: Omit<ScanQuestion, 'rate'>,
  timeout: number,
): Promise<string> {
  const family = address.includes(':') ? ['-6'] : [];
  const { withheld } = await withoutWithheld(gate, host, portsIn('1-65535'));
  const excluded = withheld === '' ? [] : ['--exclude-ports', withheld];
  const args = [...family, '-n', '-Pn', ...how, ...excluded, '--stats-every', `${statsEvery}s`, '-oX', '-', address];
  const onOutput = (piece: Buffer): void => {
    for (const { percent, left } of progressIn(piece.toString('latin1'))) onProgress?.(percent, left);
  };
  const result = await gate.run('nmap', args, { reaches: [{ host }], timeout, limit: largestOutput, signal, onOutput });
  const xml = result.stdout.toString('utf8');
  refuseFailure(result, xml, timeout);
  return xml;
}

function refuseFailure({ status, timedOut, truncated, stderr }: ProcessResult, xml: string, timeout: number): void {
  if (timedOut) throw new Unavailable('timed-out', `nmap: ${timeout} s`);
  if (truncated) throw new Unavailable('too-large', `nmap: ${largestOutput}`);
  if (status === 0) return;
  const said = stderr.trim() || xml.match(/errormsg="([^"]*)"/)?.[1] || `exit status ${status}`;
  throw new Unavailable(/not permitted|permission|privileges/i.test(said) ? 'denied' : 'failed', `nmap: ${said}`);
}
