import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServer, httpGet } from '../../../src/collectors/transports/http.ts';
import { ScopeError } from '../../../src/errors.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { createMint, type Issued } from '../../support/certificates.ts';
import { opened } from '../../support/http-stores.ts';
import { listening } from '../../support/servers.ts';

const limits = { seconds: 5, bytes: 100_000 };
const gate = createGate(createScope(['127.0.0.1', 'localhost'], []), () => new Date());

function serverAt(port: number, more: Partial<HttpServer> = {}): HttpServer {
  return { gate, host: '127.0.0.1', port, headers: {}, signal: new AbortController().signal, ...more };
}

async function ask(listener: RequestListener, given: Partial<typeof limits> = {}) {
  await using server = await opened(createServer(listener));
  return await httpGet(serverAt(server.port, { headers: { authorization: 'Bearer hunter2' } }), '/a?b=c', {
    ...limits,
    ...given,
  });
}

describe('what a server answers', () => {
  test('is read whole, in pieces or not, whatever its status', async () => {
    const answer = await ask(({ method, url, headers }, response) => {
      response.writeHead(403);
      response.write(`${method} ${url} ${headers.authorization} `);
      response.end(`${headers['accept-encoding']} ${headers['content-length']}`);
    });
    expect(answer).toMatchObject({ status: 403, text: 'GET /a?b=c Bearer hunter2 identity undefined' });
  });

  test('is on a connection that the gate logged', async () => {
    const before = gate.contacts().length;
    await ask((_, response) => void response.end());
    expect(gate.contacts().slice(before)).toMatchObject([{ address: '127.0.0.1', by: 'http' }]);
  });

  test('a redirection is not followed, and no secret is told', async () => {
    let visits = 0;
    await using other = await opened(
      createServer((_, response) => {
        visits += 1;
        response.end();
      }),
    );
    const asked = ask((_, response) => {
      response.writeHead(307, { location: `${other.url}/\u009b31m` });
      response.end();
    });
    await expect(asked).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(/http:\/\/127\.0\.0\.1:\d+\/·?.*not followed/),
    });
    await expect(asked).rejects.not.toThrow(/hunter2/);
    expect(visits).toBe(0);
  });

  test.each<[string, RequestListener, object]>([
    [
      'without end',
      (_, response) => {
        const more = (): void =>
          void (response.write('x'.repeat(50_000)) ? setImmediate(more) : response.once('drain', more));
        more();
      },
      { reason: 'too-large' },
    ],
    [
      'longer than it may be, and says so',
      (_, response) => void response.end('x'.repeat(100_001)),
      { reason: 'too-large' },
    ],
    [
      'packed: a small answer may unpack to anything',
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync('{}'));
      },
      { reason: 'unparsable', message: 'content-encoding: gzip' },
    ],
    [
      'shorter than it says',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{}');
        setImmediate(() => response.destroy());
      },
      { reason: 'failed', message: 'ECONNRESET' },
    ],
    [
      'with headers that do not end',
      (_, response) => void response.writeHead(200, { a: 'x'.repeat(20_000) }).end(),
      { reason: 'failed' },
    ],
    ['not at all', ({ socket }) => socket.destroy(), { reason: 'failed', message: 'ECONNRESET' }],
  ])('%s', async (_, listener, expected) => {
    await expect(ask(listener)).rejects.toMatchObject(expected);
  });

  test.each<[string, RequestListener]>([
    ['never', () => {}],
    [
      'drop by drop',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 10);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('%s: it has so long for all of it', async (_, listener) => {
    await expect(ask(listener, { seconds: 0.3 })).rejects.toMatchObject({ reason: 'timed-out' });
  });
});

describe('a server that speaks no HTTP', () => {
  test.each<[string, (socket: Socket) => void, object]>([
    ['says something else', (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), { reason: 'failed' }],
    [
      'says two things at once',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}'),
      { reason: 'failed' },
    ],
    [
      'does not say how much it will say: what comes may be cut',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ntarget: all\n'),
      { reason: 'failed' },
    ],
    [
      'wants another protocol',
      (socket) => void socket.write('HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
      { reason: 'failed' },
    ],
    [
      'promises without end',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 5);
        socket.once('close', () => clearInterval(timer));
      },
      { reason: 'timed-out' },
    ],
  ])('%s', async (_, talk, expected) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => {});
      talk(socket);
    });
    const port = await listening(server, '127.0.0.1');
    await expect(httpGet(serverAt(port), '/', { ...limits, seconds: 0.5 })).rejects.toMatchObject(expected);
    server.close();
  });

  test('nothing listens', async () => {
    await using server = await opened(createServer());
    const { port } = server;
    await server[Symbol.asyncDispose]();
    await expect(httpGet(serverAt(port), '/', limits)).rejects.toMatchObject({
      reason: 'unreachable',
      message: 'ECONNREFUSED',
    });
  });

  test('a host that is not declared is refused before a socket opens', async () => {
    await expect(httpGet(serverAt(80, { host: '127.0.0.2' }), '/', limits)).rejects.toBeInstanceOf(ScopeError);
  });
});

describe('TLS', () => {
  let mint: ReturnType<typeof createMint>;
  let root: Issued;
  let leaf: Issued;
  let elsewhere: Issued;
  beforeAll(() => {
    mint = createMint();
    root = mint.issue('root', undefined, { isAuthority: true });
    leaf = mint.issue('leaf', root);
    elsewhere = mint.issue('elsewhere', root, { names: 'DNS:other.test' });
  });
  afterAll(() => mint.remove());

  const over = async (issued: Issued, tls: NonNullable<HttpServer['tls']>, host = '127.0.0.1') => {
    await using server = await opened(
      createTlsServer({ key: issued.key, cert: issued.chain }, (_, response) => void response.end('in secret')),
      'https',
    );
    return await httpGet(serverAt(server.port, { host, tls }), '/', limits);
  };

  test.each(['127.0.0.1', 'localhost'])('to %s, with the declared authority', async (host) => {
    expect(await over(leaf, { authorities: [root.cert], verified: true }, host)).toMatchObject({ text: 'in secret' });
  });

  test('a certificate of nobody we trust, and one of another name', async () => {
    await expect(over(leaf, { verified: true })).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(/could not be verified \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/),
    });
    await expect(over(elsewhere, { authorities: [root.cert], verified: true })).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID/),
    });
  });

  test('unverified where that is declared', async () => {
    expect(await over(elsewhere, { verified: false })).toMatchObject({ text: 'in secret' });
  });

  test('a handshake that is never answered, and one that is answered in clear text', async () => {
    const server = createSocketServer((socket) => void socket.on('error', () => {}));
    const port = await listening(server, '127.0.0.1');
    const tls = { verified: true };
    await expect(httpGet(serverAt(port, { tls }), '/', { ...limits, seconds: 0.3 })).rejects.toMatchObject({
      reason: 'timed-out',
    });
    server.close();
    await using clear = await opened(createServer());
    await expect(httpGet(serverAt(clear.port, { tls }), '/', limits)).rejects.toMatchObject({ reason: 'failed' });
  });
});
