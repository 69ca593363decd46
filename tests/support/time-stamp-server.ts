import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Issued, Mint } from './certificates.ts';

const run = promisify(execFile);

/** A time-stamping authority: openssl-ts(1) with a key and certificate of its own. */
export type Authority = {
  /** The root that its certificate leads to, and the certificate itself. */
  readonly root: Issued;
  readonly own: Issued;
  /** A TimeStampResp for a TimeStampReq, both in DER. */
  readonly reply: (request: Uint8Array) => Promise<Buffer>;
};

export type AuthorityWanted = {
  readonly key?: readonly string[];
  /** The extended key usage, as openssl writes it; none if empty. */
  readonly purpose?: string;
  /** Of the signature: `sha256`; of the requests that are taken, too. */
  readonly digest?: string;
  readonly days?: number;
  /** ESSCertID by SHA-1, as RFC 3161 has it, or by SHA-256 (RFC 5816). */
  readonly bound?: 'sha1' | 'sha256';
  readonly policy?: string;
  readonly root?: Issued;
};

let count = 0;

/** Makes a time-stamping authority: root, one authority between, and its own certificate. */
export function createAuthority(mint: Mint, wanted: AuthorityWanted = {}): Authority {
  const { key, purpose = 'critical,timeStamping', digest = 'sha256', days = 20, bound = 'sha256' } = wanted;
  const root = wanted.root ?? mint.issue('示例时间戳根证书', undefined, { isAuthority: true });
  const middle = mint.issue('示例时间戳中级证书', root, { isAuthority: true });
  const own = mint.issue('示例时间戳服务', middle, {
    names: '',
    days,
    ...(key ? { key } : {}),
    ...(purpose ? { extensions: [`extendedKeyUsage=${purpose}`] } : {}),
  });
  count += 1;
  const folder = join(mint.folder, `tsa-${count}`);
  mkdirSync(folder);
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('serial'), '01');
  writeFileSync(at('cnf'), settings({ own, middle, digest, bound, policy: wanted.policy ?? '1.2.3.4.1', at }));
  let asked = 0;
  return {
    root,
    own,
    async reply(request) {
      asked += 1;
      const [query, answer] = [at(`${asked}.tsq`), at(`${asked}.tsr`)];
      writeFileSync(query, request);
      await run('openssl', ['ts', '-reply', '-config', at('cnf'), '-queryfile', query, '-out', answer]);
      return readFileSync(answer);
    },
  };
}

function settings(of: {
  own: Issued;
  middle: Issued;
  digest: string;
  bound: string;
  policy: string;
  at: (name: string) => string;
}): string {
  return [
    '[tsa]',
    'default_tsa = one',
    '[one]',
    `serial = ${of.at('serial')}`,
    `signer_cert = ${of.own.file}`,
    `certs = ${of.middle.file}`,
    `signer_key = ${of.own.keyFile}`,
    `signer_digest = ${of.digest}`,
    `default_policy = ${of.policy}`,
    'digests = sha1, sha256, sha384, sha512',
    'accuracy = secs:1, millisecs:500, microsecs:100',
    'ordering = no',
    'tsa_name = yes',
    `ess_cert_id_alg = ${of.bound}`,
    'ess_cert_id_chain = no',
  ].join('\n');
}

/** What a server makes of a request. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
};

/** A time-stamp server on a loopback address. */
export type TimeStampPlace = {
  readonly url: string;
  /** What it was asked, in order: path and content type. */
  readonly asked: { path: string; type: string; body: Buffer }[];
  close(): Promise<void>;
};

/** Starts a server that answers by a function; over TLS with a certificate. */
export async function serveTimeStamps(
  answer: (request: Buffer) => Promise<Answer | Uint8Array>,
  tls?: Issued,
): Promise<TimeStampPlace> {
  const asked: TimeStampPlace['asked'] = [];
  const handle: Parameters<typeof createServer>[1] = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    asked.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', body });
    const given = await answer(body);
    const plain: Answer = given instanceof Uint8Array ? { body: given } : given;
    const bytes = plain.body ?? new Uint8Array();
    response.writeHead(plain.status ?? 200, {
      'content-type': 'application/timestamp-reply',
      'content-length': bytes.length,
      ...plain.headers,
    });
    response.end(bytes);
  };
  const server: Server = tls ? createTlsServer({ cert: tls.chain, key: tls.key }, handle) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/tsr`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Verifies a token by openssl-ts(1); throws what it says if it does not hold. */
export function opensslAccepts(token: string, data: string, authorities: string): string {
  const args = ['ts', '-verify', '-data', data, '-in', token, '-token_in', '-CAfile', authorities];
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
