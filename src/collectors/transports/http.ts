import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';
import { codeOf, messageOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import { printable, said } from '../../text.ts';
import { Unavailable } from '../collector.ts';

/** A server that is read over HTTP, and how. */
export type HttpServer = {
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  /** TLS, with these authorities (PEM) or the public ones; absent: clear text. */
  readonly tls?: { readonly authorities?: readonly string[]; readonly verified: boolean };
  /** Sent with each request; may hold a secret, which no error repeats. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** What one request may take. */
export type HttpLimits = {
  /** Seconds for all of it, however slowly it comes. */
  readonly seconds: number;
  /** Bytes of the answer. */
  readonly bytes: number;
};

/** An answer that came whole. */
export type HttpAnswer = {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** The version of TLS that it came by; absent in clear text. */
  readonly protocol?: string;
};

/** An answer as it came. */
export type HttpBytes = Omit<HttpAnswer, 'text'> & { readonly body: Buffer };

/** What is asked: by its path alone, or by HEAD, or with headers of its own. */
export type Asked =
  | string
  | {
      readonly method: 'GET' | 'HEAD';
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
    };

/**
 * Asks by GET or HEAD, on a connection of its own that the gate opened. Redirections are not followed, packed answers not unpacked. Throws
 * {@link Unavailable} where no whole answer comes.
 */
export async function httpGet(server: HttpServer, asked: Asked, limits: HttpLimits): Promise<HttpAnswer> {
  const plain = typeof asked === 'string' ? ({ method: 'GET', path: asked, headers: {} } as const) : asked;
  const { body, ...answer } = await send(server, plain, limits);
  return { ...answer, text: new TextDecoder().decode(body) };
}

/** What is sent to a server that answers by what it makes of it: a time-stamp server. */
export type Posted = Pick<Sent, 'path' | 'headers'> & { readonly body: Uint8Array };

/** Asks by POST, as {@link httpGet} does. Nothing that is scanned is asked so. */
export function httpPost(server: HttpServer, posted: Posted, limits: HttpLimits): Promise<HttpBytes> {
  return send(server, { method: 'POST', ...posted }, limits);
}

type Sent = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
};

async function send(server: HttpServer, asked: Sent, limits: HttpLimits): Promise<HttpBytes> {
  const { gate, host, port, signal } = server;
  let socket: Socket | undefined;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    socket?.destroy();
  }, limits.seconds * 1000);
  try {
    socket = await gate.connect(host, port, { timeout: limits.seconds, signal, by: 'http' });
    if (isLate) throw new Error('late');
    if (!server.tls) return await exchange(socket, server, asked, limits);
    const stream = await secured(socket, server, server.tls);
    const protocol = stream.getProtocol() ?? '';
    return { ...(await exchange(stream, server, asked, limits)), protocol };
  } catch (error) {
    if (error instanceof ScopeError) throw error;
    if (isLate) throw new Unavailable('timed-out', `${limits.seconds} s`);
    if (error instanceof Unavailable) throw error;
    const code = codeOf(error) ?? '';
    if (code === 'ETIMEDOUT') throw new Unavailable('timed-out', `${limits.seconds} s`);
    if (code === 'EACCES') throw new Unavailable('refused', messageOf(error));
    throw new Unavailable(socket ? 'failed' : 'unreachable', printable(code || messageOf(error)).slice(0, 300));
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

function secured(opened: Socket, { host }: HttpServer, tls: NonNullable<HttpServer['tls']>): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket: opened,
      host,
      // An address is never sent as a name (RFC 6066, 3).
      ...(ipaddr.isValid(host) ? {} : { servername: host }),
      ...(tls.authorities ? { ca: [...tls.authorities] } : {}),
      rejectUnauthorized: tls.verified,
      ALPNProtocols: ['http/1.1'],
    });
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', (error) => reject(notTrusted(error)));
    secure.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    // Whoever comes later listens for itself; until then an error has nobody else.
    secure.on('error', () => {});
  });
}

function notTrusted(error: Error): Error {
  const code = codeOf(error) ?? '';
  if (!/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) return error;
  const words = { zh: `证书未通过验证（${code}）`, en: `its certificate could not be verified (${code})` };
  return new Unavailable('failed', said(words));
}

/** What the Host header says of a server: the port only where it is not the usual one. */
export function hostHeader({ host, port, tls }: Pick<HttpServer, 'host' | 'port' | 'tls'>): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (tls ? 443 : 80) ? name : `${name}:${port}`;
}

function exchange(stream: Socket, server: HttpServer, sent: Sent, { bytes }: HttpLimits): Promise<HttpBytes> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => stream,
      method,
      path,
      headers: {
        host: hostHeader(server),
        accept: 'application/json, application/yaml, text/plain',
        'accept-encoding': 'identity',
        'user-agent': 'leqi-audit',
        ...server.headers,
        ...headers,
        ...(body ? { 'content-length': String(body.length) } : {}),
        connection: 'close',
      },
    });
    asked.once('error', reject);
    asked.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    asked.once('response', (answer) => {
      read(answer, bytes, method === 'HEAD').then(resolve, reject);
    });
    asked.end(body);
  });
}

async function read(answer: IncomingMessage, limit: number, isHead: boolean): Promise<HttpBytes> {
  const { statusCode: status = 0, headers } = answer;
  if (status >= 300 && status < 400) {
    const to = printable(headers.location ?? '').slice(0, 200);
    const words = { zh: `服务器要求转到 ${to}，未跟随`, en: `the server points to ${to}, which is not followed` };
    throw new Unavailable('failed', said(words));
  }
  // Of HEAD the encoding is the object's own.
  if (isHead) return { status, body: Buffer.alloc(0), headers };
  if (!['', 'identity'].includes(headers['content-encoding'] ?? ''))
    throw new Unavailable('unparsable', printable(`content-encoding: ${headers['content-encoding']}`).slice(0, 200));
  // Otherwise it ends with the connection, and half of a configuration is one, too.
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    throw new Unavailable('failed', 'no content-length');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Unavailable('too-large', `> ${limit} B`);
    chunks.push(chunk);
  }
  return { status, body: Buffer.concat(chunks), headers };
}
