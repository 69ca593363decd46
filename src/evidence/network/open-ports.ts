import { z } from 'zod';
import { mostAddresses } from './addresses.ts';

/** States that a scan tells apart, in nmap(1)'s sense: no answer, or an administrative refusal, is *filtered*. */
export const portStates = ['open', 'closed', 'filtered'] as const;

export type PortState = (typeof portStates)[number];

/** Ways to know what runs on a port: its number, what it answered to our own questions, what it answered to nmap's. */
export const namedBy = ['number', 'answer', 'nmap'] as const;

/** Port numbers and ranges, `22,80-90`. */
const ranges = z.string().regex(/^(\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)?$/);

/** Which TCP ports of an address answer, as seen from where the scanner stands. */
export const openPorts = {
  origin: 'network',
  per: 'address',
  title: { zh: '开放端口', en: 'Open ports' },
  value: z.strictObject({
    /** `nmap -sS`, `nmap -sT`, or `connect`: our own scan where nmap is missing. */
    method: z.enum(['nmap -sS', 'nmap -sT', 'connect']),
    /** nmap's own version, as it says. */
    version: z.string().max(20).optional(),
    /** The address that was scanned: what the subject resolved to. */
    address: z.string(),
    /** What the subject resolved to as well, and was not scanned. */
    others: z.array(z.string()).max(mostAddresses).optional(),
    /** The scan never left this machine: a firewall before it was not passed. */
    loopback: z.boolean(),
    /** The scanner's own address toward it, where a connection came about. */
    from: z.string().optional(),
    /** The ports that were asked for. */
    scanned: ranges,
    /** All that the platform file asks for was scanned; `false` for the short list of our own scan. */
    complete: z.boolean(),
    open: z.array(
      z.strictObject({
        port: z.int().min(1).max(65_535),
        protocol: z.literal('tcp'),
        /** By nmap's names (nmap-service-probes, nmap-services): what runs there, as far as {@link namedBy} tells. */
        service: z.string().max(64).optional(),
        /** How the service is known: from the port's number, which nobody asked (also where absent), or from what answered. */
        by: z.enum(namedBy).optional(),
        /** What the service calls itself: untrusted text. */
        product: z.string().max(120).optional(),
        /** The port answered with a TLS ServerHello; `service` is what was heard inside. */
        tls: z.literal(true).optional(),
      }),
    ),
    closed: ranges,
    filtered: ranges,
    counts: z.strictObject({
      open: z.int().nonnegative(),
      closed: z.int().nonnegative(),
      filtered: z.int().nonnegative(),
    }),
    /**
     * Whether what answered before the scan still did during and after it: a defence that shuts a scanner out makes open ports
     * look filtered. Absent where nothing declared answered before.
     */
    steady: z
      .strictObject({
        /** A port that was connected to again and again, before, during and after the scan. */
        port: z.int().min(1).max(65_535),
        asked: z.int().nonnegative(),
        answered: z.int().nonnegative(),
        /** Ports that answered single connections before, and not the scan. */
        lost: ranges,
      })
      .optional(),
  }),
} as const;

export type OpenPorts = z.output<typeof openPorts.value>;

/** One open port with what runs there. */
export type OpenPort = OpenPorts['open'][number];

/** What a port was heard to speak, inside TLS if it has any; undefined where it was only guessed, or said nothing known. */
export function heardOn({ service, by }: OpenPort): string | undefined {
  return by === 'answer' || by === 'nmap' ? service : undefined;
}

/**
 * Whether silence of a port means that it cannot be reached from where the scanner stood: a declared port answered every
 * connection from before the scan until after it, and no port fell silent meanwhile.
 */
export function stayedSteady({ steady }: OpenPorts): boolean {
  return steady !== undefined && steady.asked >= 2 && steady.answered === steady.asked && steady.lost === '';
}

/** More services than a machine has; where more ports are open, something before it answers for them. */
const mostServices = 1000;

/** Whether something else answers for the address, such as a firewall that completes every handshake itself. */
export function isAnsweredFor({ open }: OpenPorts): boolean {
  return open.length > mostServices;
}

/** What the scan says of one port; undefined if it was not scanned or its state was not told. */
export function stateOfPort(scan: OpenPorts, port: number): PortState | undefined {
  if (scan.open.some((each) => each.port === port)) return 'open';
  if (includesPort(scan.closed, port)) return 'closed';
  return includesPort(scan.filtered, port) ? 'filtered' : undefined;
}

/** Whether `22,80-90` holds the port. */
export function includesPort(list: string, port: number): boolean {
  return list.split(',').some((part) => {
    const [first, last = first] = part.split('-');
    return part !== '' && Number(first) <= port && port <= Number(last);
  });
}

/** The ports from 1 to 65535 that none of the lists holds, in the same form. */
export function portsBeside(...lists: readonly string[]): string {
  const gaps: string[] = [];
  let next = 1;
  for (const [first, last] of lists.flatMap(boundsIn).toSorted(([a], [b]) => a - b)) {
    if (first > next) gaps.push(rangeText(next, Math.min(first - 1, 65_535)));
    next = Math.max(next, last + 1);
    if (next > 65_535) break;
  }
  return [...gaps, ...(next <= 65_535 ? [rangeText(next, 65_535)] : [])].join(',');
}

/** How many ports `22,80-90` names; its parts do not overlap. */
export function countOfPorts(list: string): number {
  return boundsIn(list).reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

function boundsIn(list: string): [first: number, last: number][] {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return part !== '' && first !== undefined && last !== undefined && first <= last ? [[first, last]] : [];
  });
}

/** Sorts port numbers and joins neighbours: `80,81,443` becomes `80-81,443`. */
export function rangesOf(ports: Iterable<number>): string {
  const parts: [number, number][] = [];
  for (const port of [...new Set(ports)].toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === port - 1) last[1] = port;
    else parts.push([port, port]);
  }
  return parts.map(([first, last]) => rangeText(first, last)).join(',');
}

function rangeText(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`;
}
