import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createGate } from '../src/gate.ts';
import { createScope } from '../src/scope.ts';
import { listening } from './support/servers.ts';

const gate = createGate(createScope(['127.0.0.1'], []), () => new Date());

test('a connection that is over leaves nothing on the signal of the run', async () => {
  const server = createServer((socket) => socket.end());
  const port = await listening(server, '127.0.0.1');
  const { signal } = new AbortController();
  for (let times = 0; times < 3; times += 1) {
    const socket = await gate.connect('127.0.0.1', port, { timeout: 5, signal, by: 'test' });
    socket.destroy();
    await once(socket, 'close');
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  server.close();
});

test('the signal still ends one that is open', async () => {
  const server = createServer(() => {});
  const port = await listening(server, '127.0.0.1');
  const controller = new AbortController();
  const socket = await gate.connect('127.0.0.1', port, { timeout: 5, signal: controller.signal, by: 'test' });
  const over = new Promise((resolve) => socket.once('close', resolve));
  controller.abort();
  await over;
  expect(socket.destroyed).toBe(true);
  server.close();
});
