import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { type OpenPorts, type PortState, portStates, rangesOf } from '../../evidence/network/open-ports.ts';
import { Unavailable } from '../collector.ts';

/** The states of the ports of one address. */
export type PortStates = Pick<OpenPorts, 'scanned' | 'open' | 'closed' | 'filtered' | 'counts'>;

const portText = z.string().regex(/^\d{1,5}$/);
const portList = z.string().regex(/^[\d,-]+$/);
const stateName = z.enum(portStates);

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
              portid: portText,
              state: z.object({ state: stateName }),
              service: z.object({ name: z.string() }).optional(),
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
    ...port.filter((each) => each.state.state === state).map((each) => Number(each.portid)),
    ...portsOfRest(extraports, state, scanned, port),
  ];
  const closed = inState('closed');
  const filtered = inState('filtered');
  const open = openOnes(port, inState('open'));
  return {
    scanned: rangesOf(scanned),
    open,
    closed: rangesOf(closed),
    filtered: rangesOf(filtered),
    counts: { open: open.length, closed: closed.length, filtered: filtered.length },
  };
}

/** All ports of `22,80-90`; an open end reaches to the first or last port, as nmap has it. */
export function portsIn(list: string): number[] {
  const ports = new Set<number>();
  for (const part of list.split(',').filter((each) => each !== '')) {
    const [first = '', last = first] = part.split('-');
    const end = Math.min(Number(last || 65_535), 65_535);
    for (let port = Math.max(1, Number(first || 1)); port <= end; port += 1) ports.add(port);
  }
  return [...ports];
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
    throw new Unavailable(
      'unparsable',
      `nmap: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`,
    );
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
      const known = new Set(listed.map(({ portid }) => Number(portid)));
      return scanned.filter((port) => !known.has(port));
    });
}

function openOnes(listed: ScannedPorts['port'], open: readonly number[]): OpenPorts['open'] {
  const names = new Map(listed.map(({ portid, service }) => [Number(portid), service?.name]));
  return open
    .toSorted((a, b) => a - b)
    .map((port) => {
      const name = names.get(port);
      return { port, protocol: 'tcp' as const, ...(name && name !== 'unknown' ? { service: name.slice(0, 64) } : {}) };
    });
}
