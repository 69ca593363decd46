import type { Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { askable, askPorts, type PortName } from '../../../src/collectors/network/port-services.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { createMint } from '../../support/certificates.ts';
import { freePort } from '../../support/servers.ts';
import { createStartTlsServers } from '../../support/start-tls-servers.ts';
import { alert, createServers, serverHello } from '../../support/tls-servers.ts';

const mint = createMint();
const issued = mint.issue('service', undefined);
const services = createStartTlsServers();
const servers = createServers();

afterEach(async () => {
  servers.close();
  await services.close();
});
afterAll(async () => {
  await services.remove();
  mint.remove();
});

const signal = new AbortController().signal;
const newGate = () => createGate(createScope(['127.0.0.1'], []), () => new Date());

async function ask(...ports: number[]): Promise<(PortName | undefined)[]> {
  const names = await askPorts({ gate: newGate(), host: '127.0.0.1', signal }, ports);
  return ports.map((port) => names.get(port));
}

describe('real programs are known on any port', () => {
  test('nginx with TLS, with client certificates, without TLS', async () => {
    const files = [`ssl_certificate ${issued.file}`, `ssl_certificate_key ${issued.keyFile}`];
    const open = await servers.nginx(mint.folder, files);
    const mutual = await servers.nginx(mint.folder, [
      ...files,
      'ssl_verify_client on',
      `ssl_client_certificate ${issued.file}`,
    ]);
    const [https, mutually] = await ask(open, mutual);
    const nginx = { service: 'http', by: 'answer', tls: true, product: expect.stringMatching(/^nginx/) };
    expect([https, mutually]).toEqual([nginx, nginx]);
  });

  test('nginx that shakes hands with nobody is not taken for clear text', async () => {
    const files = [`ssl_certificate ${issued.file}`, `ssl_certificate_key ${issued.keyFile}`];
    const port = await servers.nginx(mint.folder, [...files, 'ssl_reject_handshake on']);
    expect(await ask(port)).toEqual([undefined]);
  });

  test('PostgreSQL', async () => {
    const port = await services.postgresql(undefined);
    expect(await ask(port)).toEqual([{ service: 'postgresql', by: 'answer' }]);
  });

  test('MariaDB', async () => {
    const port = await services.mariadb(undefined);
    expect(await ask(port)).toEqual([
      { service: 'mysql', by: 'answer', product: expect.stringMatching(/^1[\d.]+-MariaDB/) },
    ]);
  });

  test('Exim', async () => {
    const port = await services.exim(undefined);
    expect(await ask(port)).toEqual([
      { service: 'smtp', by: 'answer', product: expect.stringMatching(/^mail\.example ESMTP Exim/) },
    ]);
  });

  test('Redis, which is asked nothing that it would run', async () => {
    const port = await freePort();
    const flags = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      mint.folder,
    ];
    await servers.program(['redis-server', ...flags], port);
    expect(await ask(port)).toEqual([{ service: 'redis', by: 'answer' }]);
  });

  test('OpenSSL that serves no pages: there is TLS, and no more is known', async () => {
    const port = await servers.openssl(issued, []);
    expect(await ask(port)).toEqual([{ tls: true, by: 'answer' }]);
  });
});

describe('servers that are not as they should be', () => {
  const forever = (socket: Socket, bytes: Buffer): void => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', more);
    more();
  };

  test.each<[string, (socket: Socket) => void, PortName | undefined]>([
    ['silent', () => {}, undefined],
    ['gone at once', (socket) => socket.end(), undefined],
    ['reset at once', (socket) => socket.resetAndDestroy(), undefined],
    ['endless garbage', (socket) => forever(socket, Buffer.alloc(65_536, 0xee)), undefined],
    [
      'an endless greeting of SSH',
      (socket) => forever(socket, Buffer.from('SSH-2.0-x')),
      { service: 'ssh', by: 'answer', product: expect.any(String) },
    ],
    [
      'a byte a second',
      (socket) => {
        const timer = setInterval(() => socket.write('S'), 1000);
        socket.on('close', () => clearInterval(timer));
      },
      undefined,
    ],
    ['alerts before anybody asked', (socket) => socket.write(alert(40)), undefined],
    ['half a record', (socket) => socket.write(Buffer.from([22, 3])), undefined],
  ])('%s', async (_, act, expected) => {
    const port = await servers.greeting(act);
    const started = performance.now();
    expect(await ask(port)).toEqual([expected]);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test.each<[string, (socket: Socket, hello: Buffer) => void, PortName | undefined]>([
    ['a ServerHello and no more', (socket) => socket.write(serverHello(0x0303, 0xc02f)), { tls: true, by: 'answer' }],
    ['an alert', (socket) => socket.end(alert(40)), undefined],
    ['an endless record', (socket) => forever(socket, Buffer.alloc(65_536, 22)), undefined],
    ['a page', (socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'), { service: 'http', by: 'answer' }],
    ['what it was sent', (socket, hello) => socket.write(hello), undefined],
  ])('answers TLS with %s', async (_, act, expected) => {
    const port = await servers.raw(act);
    expect(await ask(port)).toEqual([expected]);
  });
});

test('printers get no bytes, and nobody is asked about hundreds of ports', () => {
  expect(askable([443, 9099, 9100, 9107, 9108])).toEqual([443, 9099, 9108]);
  expect(askable(Array.from({ length: 65 }, (_, index) => index + 1))).toEqual([]);
});

test('a port that is gone has no name, and an interrupt ends it', async () => {
  const port = await freePort();
  expect(await ask(port)).toEqual([undefined]);
  const over = AbortSignal.abort();
  expect((await askPorts({ gate: newGate(), host: '127.0.0.1', signal: over }, [port])).size).toBe(0);
});

test('who greets is asked nothing', async () => {
  const heard: Buffer[] = [];
  const port = await servers.greeting((socket) => {
    socket.on('data', (bytes) => heard.push(bytes));
    socket.write('SSH-2.0-x\r\n');
  });
  await ask(port);
  expect(heard).toEqual([]);
});
