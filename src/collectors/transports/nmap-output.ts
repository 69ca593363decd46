import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import {
  type OpenPort,
  type OpenPorts,
  type PortState,
  portStates,
  rangesOf,
} from '../../evidence/network/open-ports.ts';
import { printable } from '../../text.ts';
import { Unavailable } from '../collector.ts';

/** The states of the ports of one address. */
export type PortStates = Pick<OpenPorts, 'scanned' | 'open' | 'closed' | 'filtered' | 'counts'>;

const highest = 65_535;
const portNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port <= highest);
// All ports one by one take some 380,000 characters.
const portList = z
  .string()
  .max(400_000)
  .regex(/^[\d,-]+$/);
const stateName = z.enum(portStates);

const serviceSchema = z.object({
  name: z.string(),
  /** `table`: guessed from the number; `probed`: it was asked. */
  method: z.string().optional(),
  product: z.string().optional(),
  version: z.string().optional(),
  tunnel: z.string().optional(),
});

const hostSchema = z.object({
  ports: z
    .union([
      z.literal(''),
      z.object({
        extraports: z
          .array(
            z.object({ state: stateName, extrareasons: z.array(z.object({ ports: portList.optional() })).default([]) }),
          )
          .default([]),
        port: z
          .array(
            z.object({
              protocol: z.literal('tcp'),
              portid: portNumber,
              state: z.object({ state: stateName }),
              service: serviceSchema.optional(),
            }),
          )
          .default([]),
      }),
    ])
    .transform((ports) => (ports === '' ? { extraports: [], port: [] } : ports)),
});

// The parts of nmap's XML that are read; nmap(1), "XML output", nmap.dtd.
const outputSchema = z.object({
  nmaprun: z.object({
    scaninfo: z.object({ protocol: z.literal('tcp'), services: portList }),
    host: z.array(hostSchema).max(1).default([]),
    runstats: z.object({ finished: z.object({ exit: z.literal('success') }) }),
  }),
});

type ScannedPorts = z.output<typeof hostSchema>['ports'];

/** Reads nmap's XML of one address; throws {@link Unavailable} if it is cut, of another shape, or of no address. */
export function readNmap(xml: string): PortStates {
  const output = parse(xml);
  const [host] = output.host;
  // With -Pn an address is only missing where there is no route to it.
  if (!host) throw new Unavailable('unreachable', 'nmap: no route');
  const scanned = portsIn(output.scaninfo.services);
  const { port, extraports } = host.ports;
  const inState = (state: PortState): number[] => [
    ...port.filter((each) => each.state.state === state && each.portid > 0).map((each) => each.portid),
    ...portsOfRest(extraports, state, scanned, port),
  ];
  const closed = inState('closed');
  const filtered = inState('filtered');
  const open = openOnes(port, inState('open'));
  const all = [...open.map((each) => each.port), ...closed, ...filtered];
  if (new Set(all).size < all.length) throw new Unavailable('unparsable', 'nmap: a port stands in it twice');
  return {
    scanned: rangesOf(scanned),
    open,
    closed: rangesOf(closed),
    filtered: rangesOf(filtered),
    counts: { open: open.length, closed: closed.length, filtered: filtered.length },
  };
}

/** All ports of `22,80-90`, in order; an open end reaches to the first or last port, as nmap has it. */
export function portsIn(list: string): number[] {
  const ports: number[] = [];
  for (const [first, last] of boundsIn(list)) {
    const next = (ports.at(-1) ?? 0) + 1;
    for (let port = Math.max(next, first); port <= last; port += 1) ports.push(port);
  }
  return ports;
}

function boundsIn(list: string): [first: number, last: number][] {
  return list
    .split(',')
    .filter((part) => part !== '')
    .map((part): [number, number] => {
      const [first = '', last = first] = part.split('-');
      return [Number(first || 1), Math.min(Number(last || highest), highest)];
    })
    .toSorted(([a], [b]) => a - b);
}

function parse(xml: string): z.output<typeof outputSchema>['nmaprun'] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    processEntities: false,
    parseTagValue: false,
    isArray: (name) => ['host', 'port', 'extraports', 'extrareasons'].includes(name),
  });
  try {
    return outputSchema.parse(parser.parse(xml, true)).nmaprun;
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Unavailable('unparsable', `nmap: ${printable(said).slice(0, 500)}`);
  }
}

// nmap folds the commonest states together; before 7.92 it did not say which ports those are.
function portsOfRest(
  extraports: ScannedPorts['extraports'],
  state: PortState,
  scanned: readonly number[],
  listed: ScannedPorts['port'],
): number[] {
  return extraports
    .filter((each) => each.state === state)
    .flatMap(({ extrareasons }) => {
      if (extrareasons.length > 0 && extrareasons.every(({ ports }) => ports !== undefined))
        return extrareasons.flatMap(({ ports = '' }) => portsIn(ports));
      if (extraports.length > 1) return [];
      const known = new Set(listed.map(({ portid }) => portid));
      return scanned.filter((port) => !known.has(port));
    });
}

function openOnes(listed: ScannedPorts['port'], open: readonly number[]): OpenPorts['open'] {
  const names = new Map(listed.map(({ portid, service }) => [portid, service?.name]));
  return open
    .toSorted((a, b) => a - b)
    .map((port) => {
      const service = word(names.get(port) ?? '', 64);
      return { port, protocol: 'tcp' as const, ...(isName(service) ? { service, by: 'number' as const } : {}) };
    });
}

/** The version that nmap's output names. */
export function versionIn(xml: string): string | undefined {
  return /<nmaprun\b[^<>]{0,4000}?\sversion="(\d[\w.+-]{0,19})"/.exec(xml.slice(0, 8000))?.[1];
}

/** What nmap heard on ports that it asked. */
export type ServiceNames = ReadonlyMap<number, Pick<OpenPort, 'service' | 'product' | 'tls' | 'by'>>;

/** Reads the names from nmap's XML of one address with service detection; throws {@link Unavailable} like {@link readNmap}. */
export function readServices(xml: string): ServiceNames {
  const ports = parse(xml).host.flatMap((host) => host.ports.port);
  return new Map(ports.flatMap(({ portid, service }) => (service ? [[portid, heard(service)] as const] : [])));
}

function heard({ name, method, product = '', version = '', tunnel }: z.output<typeof serviceSchema>) {
  const service = word(name, 64);
  if (method !== 'probed') return {};
  const isTls = tunnel === 'ssl' || service === 'ssl';
  if (!isName(service) || service === 'ssl') return isTls ? { tls: true as const, by: 'nmap' as const } : {};
  const calls = word(`${product} ${version}`, 100);
  return {
    service,
    by: 'nmap' as const,
    ...(calls ? { product: calls } : {}),
    ...(isTls ? { tls: true as const } : {}),
  };
}

// "tcpwrapped": it hung up without a word.
function isName(service: string): boolean {
  return service !== '' && service !== 'unknown' && service !== 'tcpwrapped';
}

// The library leaves entities alone; nmap writes these few (nbase, xml.cc).
const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};

function word(text: string, most: number): string {
  const plain = text.replace(/&(?:lt|gt|amp|quot|apos);/g, (entity) => entities[entity] ?? entity);
  return printable(plain).trim().slice(0, most).toWellFormed();
}

/** The progress that a piece of nmap's XML tells of; a word that is cut in two is missed. */
export function progressIn(piece: string): { percent: number; left: number }[] {
  const words = piece.matchAll(
    /<taskprogress task="[^"<]{1,60}" time="\d+" percent="([\d.]{1,6})" remaining="(\d{1,9})"/g,
  );
  return [...words].map(([, percent, left]) => ({ percent: Number(percent), left: Number(left) }));
}
