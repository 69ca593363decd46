import { networkInterfaces } from 'node:os';
import { MachineError } from '../../errors.ts';
import { includesPort, type OpenPort, type OpenPorts, rangesOf } from '../../evidence/network/open-ports.ts';
import { expectedSubjects, isSameAddress } from '../../evidence/subjects.ts';
import type { Gate } from '../../gate.ts';
import type { Platform } from '../../platform.ts';
import { declarationOf } from '../../platform-declaration.ts';
import { defineCollector, type Found, type Tools, Unavailable } from '../collector.ts';
import { type ConnectResult, connectScan } from '../transports/connect-scan.ts';
import { type NmapScan, runNmap, runNmapServices } from '../transports/nmap.ts';
import { type PortStates, portsIn, versionIn } from '../transports/nmap-output.ts';
import { commonPorts } from './common-ports.ts';
import { askable, askPorts, type PortName } from './port-services.ts';
import { watched } from './port-watch.ts';

/** Which TCP ports of a declared address answer, and what: by nmap, else by our own connections to the ports that matter most. */
export const openPorts = defineCollector({
  id: 'network/open-ports',
  kind: 'openPorts',
  subjects: (platform) => expectedSubjects('address', declarationOf(platform)),
  collect: scan,
});

/** Connections a second at most before the scan proper: too few for a defence to mind. */
const gentleRate = 100;

async function scan(host: string, tools: Tools): Promise<Found<'openPorts'>> {
  const address = await tools.gate.addressOf(host);
  const others = await tools.gate.othersOf(host);
  const first = await firstLook(host, tools);
  const { xml, ...scanned } = await inTurn(tools.gate, () => fullScan(host, tools, first));
  const open = scanned.open.map(({ port }) => port);
  const { names, asked } = await askNames(host, tools, open);
  const from = first?.from === undefined ? {} : { from: first.from };
  const version = xml === undefined ? undefined : versionIn(xml);
  const how = [[methodText(scanned, tools.platform, address), ...Object.entries(from).flat()].join(' '), asked.how];
  return {
    value: {
      ...scanned,
      ...(version ? { version } : {}),
      address,
      ...(others.length > 0 ? { others: [...others] } : {}),
      loopback: isOwn(address) || first?.from === address,
      ...from,
      complete: scanned.method !== 'connect',
      open: scanned.open.map((each) => withName(each, names.get(each.port))),
    },
    method: how.filter((part) => part !== '').join('; '),
    ...(xml === undefined ? {} : { raw: xml + asked.xml }),
  };
}

type Scanned = PortStates & Pick<OpenPorts, 'method' | 'steady'> & { readonly xml?: string };

const lastScan = new WeakMap<Gate, Promise<unknown>>();

// One scan at a time: the platform file's rate holds for all of them together, and uses the whole of it.
function inTurn<T>(gate: Gate, job: () => Promise<T>): Promise<T> {
  const mine = (lastScan.get(gate) ?? Promise.resolve()).then(job, job);
  lastScan.set(gate, mine);
  return mine;
}

// What is declared or common, one by one, before anything could take offence; undefined where no way leads there.
async function firstLook(host: string, { platform, gate, signal }: Tools): Promise<ConnectResult | undefined> {
  const { rate, ports: asked } = platform.limits;
  const allowed = new Set(portsIn(asked));
  const ports = [...filedPorts(platform, host), ...commonPorts.filter((port) => allowed.has(port))];
  try {
    return await connectScan({ gate, host, ports, rate: Math.min(rate, gentleRate), signal });
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

async function fullScan(host: string, tools: Tools, first: ConnectResult | undefined): Promise<Scanned> {
  const { platform, gate, signal } = tools;
  const declared = inboundPorts(platform, host);
  const port = first?.states.open.map((open) => open.port).find((open) => declared.includes(open));
  try {
    if (port === undefined) return merged(await byNmap(host, tools), first);
    const { result, tally } = await watched({ gate, host, port, signal }, () => byNmap(host, tools));
    return merged(result, first, { port, ...tally });
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    if (!first) throw new Unavailable('unreachable', host);
    return { ...first.states, method: 'connect' };
  }
}

function byNmap(host: string, { platform, gate, signal, tell }: Tools): Promise<NmapScan> {
  const { ports, rate } = platform.limits;
  const onProgress = (percent: number, left: number): void => {
    const done = Math.floor(percent);
    tell?.({
      zh: `端口扫描 ${host}：${done}%，约余 ${left} 秒`,
      en: `ports of ${host}: ${done} %, some ${left} s left`,
    });
  };
  return runNmap({ gate, host, ports, rate, signal, onProgress });
}

// A port that was seen open is open, whatever the scan made of it later.
function merged(
  { method, result, xml }: NmapScan,
  first: ConnectResult | undefined,
  watch?: { port: number; asked: number; answered: number },
): Scanned {
  const before = first?.states;
  const isOpen = (port: number): boolean => result.open.some((each) => each.port === port);
  const scanned = before?.open.filter(({ port }) => includesPort(result.scanned, port)) ?? [];
  const missed = scanned.filter(({ port }) => !isOpen(port));
  const silenced = portsIn(before?.closed ?? '').filter((port) => includesPort(result.filtered, port));
  const open = [...result.open, ...missed].toSorted((a, b) => a.port - b.port);
  const without = (ranges: string): number[] =>
    portsIn(ranges).filter((port) => !missed.some((each) => each.port === port));
  const closed = without(result.closed);
  const filtered = without(result.filtered);
  const lost = rangesOf([...missed.map(({ port }) => port), ...silenced]);
  return {
    scanned: result.scanned,
    open,
    closed: rangesOf(closed),
    filtered: rangesOf(filtered),
    counts: { open: open.length, closed: closed.length, filtered: filtered.length },
    method,
    xml,
    ...(watch ? { steady: { ...watch, lost } } : {}),
  };
}

// What was heard replaces the guess from the number, also where it is only that there is TLS.
function withName(open: OpenPort, name: PortName | undefined): OpenPort {
  return name?.by ? { port: open.port, protocol: open.protocol, ...name } : open;
}

type Names = { names: ReadonlyMap<number, PortName>; asked: { how: string; xml: string } };

// Our own questions first: nmap's take half a minute where a port is silent. An undeclared port may lead to the tax authority, so
// that it is asked only where it is known what the platform's hosts pass on.
async function askNames(host: string, tools: Tools, open: readonly number[]): Promise<Names> {
  const { platform, gate, signal, relaysKnown } = tools;
  const declared = inboundPorts(platform, host);
  const mayAsk = relaysKnown ? open : open.filter((port) => declared.includes(port));
  const asked = platform.limits.services === 'off' ? [] : askable(mayAsk);
  const serverName = platform.endpoints.find((each) => each.address === host && each.serverName)?.serverName;
  const own = await askPorts({ gate, host, signal, ...(serverName ? { serverName } : {}) }, asked);
  const rest = rangesOf(asked.filter((port) => !own.has(port)));
  const ours: Names = { names: own, asked: { how: '', xml: '' } };
  if (platform.limits.services !== 'nmap' || rest === '') return ours;
  try {
    const { names, xml } = await runNmapServices({ gate, host, ports: rest, signal });
    return { names: new Map([...own, ...names]), asked: { how: `nmap -sV --version-light -p ${rest}`, xml } };
  } catch (error) {
    // What runs there stays a guess from the number, as it was.
    if (error instanceof MachineError || error instanceof Unavailable) return ours;
    throw error;
  }
}

function methodText({ method, scanned }: Omit<Scanned, 'xml'>, platform: Platform, address: string): string {
  if (method === 'connect') return `TCP connections to ${scanned} of ${address} (nmap is not installed)`;
  return `${method} -p ${platform.limits.ports} ${address}`;
}

function inboundPorts({ endpoints }: Platform, host: string): number[] {
  return endpoints
    .filter(({ address, direction }) => direction === 'inbound' && isSameAddress(address, host))
    .map(({ port }) => port);
}

function filedPorts(platform: Platform, host: string): number[] {
  const onPaper = platform.documents.items.flatMap(({ states }) =>
    states.ports.filter(({ direction }) => direction === 'inbound').map(({ port }) => port),
  );
  return [...inboundPorts(platform, host), ...onPaper].filter((port) => port >= 1 && port <= 65_535);
}

// What is sent to an address of the machine itself never leaves it, whatever the address.
function isOwn(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return address.startsWith('127.') || address === '::1' || own.some((each) => isSameAddress(each.address, address));
}
