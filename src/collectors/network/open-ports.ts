import { MachineError } from '../../errors.ts';
import { expectedSubjects } from '../../evidence/subjects.ts';
import type { Gate } from '../../gate.ts';
import { declarationOf, type Platform } from '../../platform.ts';
import { defineCollector, type Found, type Tools } from '../collector.ts';
import { connectScan } from '../transports/connect-scan.ts';
import { runNmap } from '../transports/nmap.ts';

/** Which TCP ports of a declared address answer: by nmap, else by our own connections to the ports that matter most. */
export const openPorts = defineCollector({
  id: 'network/open-ports',
  kind: 'openPorts',
  subjects: (platform) => expectedSubjects('address', declarationOf(platform)),
  collect: (subject, tools) => inTurn(tools.gate, () => scan(subject, tools)),
});

const lastScan = new WeakMap<Gate, Promise<unknown>>();

// One scan at a time: the platform file's rate holds for all of them together.
function inTurn<T>(gate: Gate, job: () => Promise<T>): Promise<T> {
  const mine = (lastScan.get(gate) ?? Promise.resolve()).then(job, job);
  lastScan.set(gate, mine);
  return mine;
}

async function scan(host: string, tools: Tools): Promise<Found<'openPorts'>> {
  try {
    return await byNmap(host, tools);
  } catch (error) {
    if (error instanceof MachineError) return byConnecting(host, tools);
    throw error;
  }
}

async function byNmap(host: string, { platform, gate, signal }: Tools): Promise<Found<'openPorts'>> {
  const { ports, rate } = platform.limits;
  const { method, address, result, xml } = await runNmap({ gate, host, ports, rate, signal });
  return {
    value: { method, address, loopback: isLoopback(address), complete: true, ...result },
    method: `${method} -p ${ports} ${address}`,
    raw: xml,
  };
}

async function byConnecting(host: string, { platform, gate, signal }: Tools): Promise<Found<'openPorts'>> {
  const address = await gate.addressOf(host);
  const ports = [...filedPorts(platform, host), ...commonPorts];
  const result = await connectScan({ gate, host, ports, rate: platform.limits.rate, signal });
  return {
    value: { method: 'connect', address, loopback: isLoopback(address), complete: false, ...result },
    method: `TCP connections to ${result.scanned} of ${address} (nmap is not installed)`,
  };
}

function filedPorts({ endpoints, documents }: Platform, host: string): number[] {
  const declared = endpoints.filter(({ address, direction }) => address === host && direction === 'inbound');
  const onPaper = documents.items.flatMap(({ states }) =>
    states.ports.filter(({ direction }) => direction === 'inbound'),
  );
  return [...declared, ...onPaper].map(({ port }) => port).filter((port) => port >= 1 && port <= 65_535);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

// Administration, databases (Dameng 5236, Kingbase 54321, OceanBase 2881, GBase 5258 among them), middleware, web.
const commonPorts = [
  21, 22, 23, 25, 53, 80, 81, 111, 135, 139, 389, 443, 445, 512, 513, 514, 873, 1080, 1099, 1433, 1521, 1883, 2049,
  2181, 2222, 2375, 2376, 2379, 2380, 2881, 3000, 3128, 3306, 3389, 4369, 4848, 5000, 5236, 5258, 5432, 5601, 5672,
  5866, 5900, 5901, 5984, 5985, 5986, 6379, 6443, 7001, 7002, 8000, 8009, 8080, 8081, 8088, 8161, 8443, 8848, 8888,
  9000, 9042, 9090, 9092, 9200, 9300, 9848, 10050, 10250, 11211, 15672, 27017, 50000, 50070, 54321, 61616,
];
