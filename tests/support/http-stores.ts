import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listening } from './servers.ts';

/** What a store answers to a path and its parameters; undefined: no such path. */
export type Answering = (
  path: string,
  parameters: URLSearchParams,
  headers: IncomingMessage['headers'],
) => { status?: number; body: unknown } | undefined;

export type HttpStore = {
  readonly url: string;
  readonly port: number;
  /** `/path?parameters` of what was asked, in order. */
  readonly asked: readonly string[];
  /** Whatever was asked that reads nothing, or that no document describes; it was refused. */
  readonly offences: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** A store on loopback that takes nothing but documented questions: GET without a body. */
export async function openStore(
  answering: Answering,
  { tls, authorization }: { tls?: { key: string; cert: string }; authorization?: string } = {},
): Promise<HttpStore> {
  const asked: string[] = [];
  const offences: string[] = [];
  const listener: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://store');
    asked.push(decodeURIComponent(request.url ?? ''));
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers;
    if (request.method !== 'GET' || hasBody) {
      offences.push(`${request.method} ${request.url}`);
      send(405, { error: 'no' });
    } else if (authorization !== undefined && request.headers.authorization !== authorization) {
      send(401, { error: 'security_exception', status: 401 });
    } else {
      const found = answering(decodeURIComponent(pathname), searchParams, request.headers);
      if (!found) offences.push(`GET ${request.url}`);
      send(found?.status ?? (found ? 200 : 404), found?.body ?? 'no such path');
    }
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  return { ...(await opened(server, tls ? 'https' : 'http')), asked, offences };
}

/** Lets any server listen, and closes it with all its connections. */
export async function opened(
  server: Server,
  scheme: 'http' | 'https' = 'http',
): Promise<Pick<HttpStore, 'url' | 'port' | typeof Symbol.asyncDispose>> {
  const port = await listening(server, '127.0.0.1');
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
