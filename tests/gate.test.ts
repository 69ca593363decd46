import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { MachineError, ScopeError } from '../src/errors.ts';
import { createGate, type Gate } from '../src/gate.ts';
import { createScope } from '../src/scope.ts';
import { listening } from './support/servers.ts';

const servers: Server[] = [];

async function serve(host: string, onConnection: Parameters<typeof createServer>[1] = () => {}) {
  const counter = { connections: 0 };
  const server = createServer((socket) => {
    counter.connections += 1;
    socket.on('error', () => {});
    onConnection?.(socket);
  });
  servers.push(server);
  return { port: await listening(server, host), counter };
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

// Unlike once(), this does not fail on an error that comes before.
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

const now = () => new Date('2026-03-01T02:00:00Z');
const gateTo = (declared: string[], authority: string[] = []): Gate =>
  createGate(createScope(declared, authority), now);
const options = { timeout: 2, by: 'test' };

describe('connect', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('reaches %s and logs it', async (host) => {
    const gate = gateTo([host], ['203.0.113.5']);
    const address = await gate.addressOf(host);
    const { port } = await serve(address);
    (await gate.connect(host, port, options)).destroy();
    expect(gate.contacts()).toEqual([{ at: '2026-03-01T02:00:00Z', address, port, by: 'test' }]);
  });

  test('opens no socket to an undeclared address', async () => {
    const { port, counter } = await serve('127.0.0.5');
    const gate = gateTo(['127.0.0.1']);
    await expect(gate.connect('127.0.0.5', port, options)).rejects.toBeInstanceOf(ScopeError);
    expect([counter.connections, gate.contacts()]).toEqual([0, []]);
  });

  test('opens no socket to a name that resolves to the authority', async () => {
    const { port, counter } = await serve('127.0.0.1');
    const gate = gateTo(['localhost'], ['127.0.0.0/8', '::1']);
    await expect(gate.connect('localhost', port, options)).rejects.toThrow(/localhost → .*tax authority/);
    await expect(gate.connect('localhost', port, options)).rejects.toBeInstanceOf(ScopeError);
    expect([counter.connections, gate.contacts()]).toEqual([0, []]);
  });

  test('says why it could not connect', async () => {
    const { port } = await serve('127.0.0.1');
    servers.pop()?.close();
    await expect(gateTo(['127.0.0.1']).connect('127.0.0.1', port, options)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await expect(gateTo(['nowhere.invalid']).connect('nowhere.invalid', 1, options)).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
  });

  test('its time limit ends with the connection: the caller’s own is the only one left', async () => {
    const { port } = await serve('127.0.0.1');
    const socket = await gateTo(['127.0.0.1']).connect('127.0.0.1', port, options);
    expect(socket.listenerCount('timeout')).toBe(0);
    let isIdle = false;
    socket.setTimeout(20, () => {
      isIdle = true;
    });
    await once(socket, 'timeout');
    expect([isIdle, socket.destroyed]).toEqual([true, false]);
    socket.destroy();
  });

  test('a reset while nobody listens does not end the program', async () => {
    const { port } = await serve('127.0.0.1', (socket) => setTimeout(() => socket.resetAndDestroy(), 20));
    const socket = await gateTo(['127.0.0.1']).connect('127.0.0.1', port, options);
    socket.resume();
    await closed(socket);
    expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
  });

  test('an interruption closes it', async () => {
    const { port } = await serve('127.0.0.1');
    const controller = new AbortController();
    const socket = await gateTo(['127.0.0.1']).connect('127.0.0.1', port, { ...options, signal: controller.signal });
    controller.abort();
    await closed(socket);
    expect(socket.destroyed).toBe(true);
  });
});

describe('run', () => {
  const limits = { timeout: 10, limit: 1024 };

  test('gives what the program printed, with nothing on standard input and a bare environment', async () => {
    process.env.LEQI_TEST_TOKEN = 'secret';
    const script = 'cat; env; echo problem >&2; exit 3';
    const result = await gateTo([]).run('/bin/sh', ['-c', script], { ...limits, env: { EXTRA: 'yes' } });
    delete process.env.LEQI_TEST_TOKEN;
    expect(result).toMatchObject({ status: 3, stderr: 'problem\n', timedOut: false, truncated: false });
    expect(result.stdout.toString()).toContain('EXTRA=yes');
    expect(result.stdout.toString()).not.toContain('secret');
  });

  test('starts nothing that would reach an undeclared host or the authority', async () => {
    const { port, counter } = await serve('127.0.0.5');
    const script = `exec 3<>/dev/tcp/127.0.0.5/${port}`;
    const gate = gateTo(['127.0.0.1', '127.0.0.5'], ['127.0.0.5']);
    const reaches = [{ host: '127.0.0.1' }, { host: '127.0.0.5', port }];
    await expect(gate.run('bash', ['-c', script], { ...limits, reaches })).rejects.toBeInstanceOf(ScopeError);
    expect(counter.connections).toBe(0);
    // The same program does connect when the gate lets it.
    await gateTo(['127.0.0.5']).run('bash', ['-c', script], { ...limits, reaches: [{ host: '127.0.0.5', port }] });
    expect(counter.connections).toBe(1);
  });

  test('stops it with all its children when it prints too much or takes too long', async () => {
    const loud = await gateTo([]).run('/bin/sh', ['-c', 'yes & yes'], limits);
    expect(loud).toMatchObject({ status: undefined, truncated: true });
    expect(loud.stdout.length).toBe(1024);
    const slow = await gateTo([]).run('/bin/sh', ['-c', 'sleep 60 & sleep 60'], { ...limits, timeout: 0.2 });
    expect(slow).toMatchObject({ status: undefined, timedOut: true });
  });

  test('stops it on interruption, also when that came before the start', async () => {
    const before = AbortSignal.abort();
    expect(await gateTo([]).run('sleep', ['60'], { ...limits, signal: before })).toMatchObject({ status: undefined });
    const during = AbortSignal.timeout(50);
    expect(await gateTo([]).run('sleep', ['60'], { ...limits, signal: during })).toMatchObject({ status: undefined });
  });

  test('a missing program is the machine’s fault', async () => {
    await expect(gateTo([]).run('no-such-program-here', [], limits)).rejects.toBeInstanceOf(MachineError);
  });
});
