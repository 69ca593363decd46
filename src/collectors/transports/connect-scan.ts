import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../errors.ts';
import { type PortState, rangesOf } from '../../evidence/network/open-ports.ts';
import type { Gate } from '../../gate.ts';
import { Unavailable } from '../collector.ts';
import { withoutWithheld } from '../relays.ts';
import type { PortStates } from './nmap-output.ts';

/** Seconds that a port gets to answer. */
const timeout = 3;

/** Connections open at once. */
const concurrency = 256;

export type ConnectQuestion = {
  readonly gate: Gate;
  readonly host: string;
  readonly ports: readonly number[];
  /** Connections a second at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
};

/** What single connections found, and the scanner's own address, if one came about. */
export type ConnectResult = { readonly states: PortStates; readonly from?: string };

/** Opens a TCP connection to each port, in the given order, and hangs up. Throws {@link Unavailable} if there is no way to the host. */
export async function connectScan(question: ConnectQuestion): Promise<ConnectResult> {
  const states = new Map<number, Knocked>();
  const { free: queue } = await withoutWithheld(question.gate, question.host, [...new Set(question.ports)]);
  const workers = Math.min(concurrency, question.rate, queue.length);
  const worker = async (): Promise<void> => {
    for (let port = queue.shift(); port !== undefined; port = queue.shift()) {
      const [found] = await Promise.all([knock(question, port), sleep((workers / question.rate) * 1000)]);
      states.set(port, found);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const codes = new Set([...states.values()].map(({ code }) => code));
  const [code = ''] = codes;
  if (codes.size === 1 && noWay.has(code)) throw new Unavailable('unreachable', code);
  const from = [...states.values()].find((each) => each.from !== undefined)?.from;
  return { states: folded(states), ...(from === undefined ? {} : { from }) };
}

type Knocked = { readonly state: PortState; readonly code: string; readonly from?: string | undefined };

const noWay = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

const stateOfCode: Readonly<Record<string, PortState>> = {
  ECONNREFUSED: 'closed',
  ETIMEDOUT: 'filtered',
  EHOSTUNREACH: 'filtered',
  ENETUNREACH: 'filtered',
  EACCES: 'filtered',
  EPERM: 'filtered',
};

async function knock({ gate, host, signal }: ConnectQuestion, port: number): Promise<Knocked> {
  try {
    const socket = await gate.connect(host, port, { timeout, signal, by: 'connect scan' });
    const from = socket.localAddress;
    socket.destroy();
    return { state: 'open', code: '', from };
  } catch (error) {
    const code = codeOf(error) ?? '';
    const state = stateOfCode[code];
    if (!state) throw error;
    return { state, code };
  }
}

function folded(states: ReadonlyMap<number, { state: PortState }>): PortStates {
  const portsIn = (state: PortState): number[] =>
    [...states].filter(([, each]) => each.state === state).map(([port]) => port);
  const open = portsIn('open').toSorted((a, b) => a - b);
  const closed = portsIn('closed');
  const filtered = portsIn('filtered');
  return {
    scanned: rangesOf(states.keys()),
    open: open.map((port) => ({ port, protocol: 'tcp' })),
    closed: rangesOf(closed),
    filtered: rangesOf(filtered),
    counts: { open: open.length, closed: closed.length, filtered: filtered.length },
  };
}
