import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Pace, paced } from '../../../src/collectors/transports/pace.ts';
import type { Gate } from '../../../src/gate.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A gate that only counts; each connection lasts as long as the endpoint says. */
function counting(answer: (open: number) => { lasts: number; bytes: number } | 'refuse') {
  const starts: number[] = [];
  let open = 0;
  let most = 0;
  const gate: Gate = {
    addressOf: async (host) => host,
    othersOf: async () => [],
    connect: async () => {
      starts.push(performance.now());
      const reply = answer(open + 1);
      if (reply === 'refuse') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      open += 1;
      most = Math.max(most, open);
      const socket = Object.assign(new EventEmitter(), { bytesRead: reply.bytes, closed: false });
      setTimeout(() => {
        open -= 1;
        socket.closed = true;
        socket.emit('close');
      }, reply.lasts);
      return socket as unknown as Socket;
    },
    passTo: () => Promise.reject(new Error('passes nothing on')),
    connectLocal: () => Promise.reject(new Error('opens no file')),
    run: () => Promise.reject(new Error('starts nothing')),
    resolvers: [],
    query: () => Promise.reject(new Error('asks nobody')),
    contacts: () => [],
    withhold: () => {},
    withheld: () => Promise.resolve([]),
  };
  return { gate, starts, most: () => most };
}

async function connectMany(gate: Gate, pace: Pace, count: number): Promise<void> {
  const own = paced(gate, pace);
  const all = Promise.allSettled(
    Array.from({ length: count }, () => own.connect('127.0.0.1', 443, { timeout: 10, by: 'test' })),
  );
  await vi.runAllTimersAsync();
  await all;
}

test('no more connections at the same time than allowed', async () => {
  const endpoint = counting(() => ({ lasts: 50, bytes: 100 }));
  await connectMany(endpoint.gate, { connections: 8, rate: 2000 }, 40);
  expect(endpoint.starts).toHaveLength(40);
  expect(endpoint.most()).toBe(8);
});

test('no more new connections a second than allowed', async () => {
  const endpoint = counting(() => ({ lasts: 1, bytes: 100 }));
  await connectMany(endpoint.gate, { connections: 64, rate: 20 }, 45);
  const [first = 0] = endpoint.starts;
  const within = (seconds: number): number => endpoint.starts.filter((at) => at - first < seconds * 1000).length;
  expect(within(1)).toBeLessThanOrEqual(21);
  expect(within(2)).toBeLessThanOrEqual(41);
  expect(endpoint.starts).toHaveLength(45);
});

test.each([
  ['refuses', 'refuse'],
  ['closes without a word', { lasts: 1, bytes: 0 }],
] as const)('an endpoint that %s is asked less at a time', async (_, reply) => {
  const limit = 10;
  let turnedAway = 0;
  const endpoint = counting((open) => {
    if (open <= limit) return { lasts: 200, bytes: 100 };
    turnedAway += 1;
    return reply;
  });
  await connectMany(endpoint.gate, { connections: 32, rate: 1000 }, 200);
  expect(endpoint.starts).toHaveLength(200);
  // 32 at a time, then 16, then 8: the limit is met for all but the first ones.
  expect(turnedAway).toBeGreaterThan(0);
  expect(turnedAway).toBeLessThan(100);
});

test('an endpoint that turns everything away after a while is left alone', async () => {
  let served = 0;
  const endpoint = counting(() => {
    served += 1;
    return served <= 20 ? { lasts: 10, bytes: 100 } : 'refuse';
  });
  await connectMany(endpoint.gate, { connections: 8, rate: 1000 }, 200);
  expect(endpoint.starts.length).toBeGreaterThan(20);
  expect(endpoint.starts.length).toBeLessThan(60);
});

test('whoever gives up while waiting contacts nobody', async () => {
  const endpoint = counting(() => ({ lasts: 1000, bytes: 1 }));
  const own = paced(endpoint.gate, { connections: 1, rate: 1000 });
  const stop = new AbortController();
  const first = own.connect('127.0.0.1', 443, { timeout: 10, by: 'test' });
  const second = own.connect('127.0.0.1', 443, { timeout: 10, by: 'test', signal: stop.signal });
  stop.abort();
  const gaveUp = expect(second).rejects.toThrow(/abort/);
  await vi.runAllTimersAsync();
  await first;
  await gaveUp;
  expect(endpoint.starts).toHaveLength(1);
});
