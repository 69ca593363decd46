import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { timestampServerOf } from '../../src/commands/timestamp.ts';
import { UserError } from '../../src/errors.ts';
import { timeStampFor } from '../../src/signing/timestamp-request.ts';
import { createMint } from '../support/certificates.ts';
import { type Answer, type Authority, createAuthority, serveTimeStamps } from '../support/time-stamp-server.ts';

const mint = createMint();
const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-timestamp-'));
const data = Buffer.from('签名的字节');
let authority: Authority;

beforeAll(() => {
  authority = createAuthority(mint);
});

afterAll(() => {
  mint.remove();
  rmSync(folder, { recursive: true });
});

function platformFile(server: object, more: object = {}): string {
  const path = join(folder, 'platform.yaml');
  const platform = {
    profile: 'natural-system-security',
    unit: { name: '示例单位', creditCode: '91370200MA3C0000XX' },
    platform: { name: '示例平台', mode: 'joint-use', since: '2024-01-01' },
    timestampServer: server,
    ...more,
  };
  writeFileSync(path, JSON.stringify(platform));
  return path;
}

const fingerprintOf = ({ own }: Authority): string => new X509Certificate(own.cert).fingerprint256;

function contextWith(signal: AbortSignal = new AbortController().signal): Context & { notes: string[] } {
  const notes: string[] = [];
  return {
    language: 'zh',
    version: '0.0.0',
    now: () => new Date(),
    signal,
    out: () => {},
    note: ({ en }) => void notes.push(en),
    progress: () => {},
    holdProgress: () => {},
    exit: () => {},
    notes,
  };
}

async function stamped(server: object, more: object = {}, context = contextWith()): Promise<string> {
  try {
    const found = await timestampServerOf({ timestamp: true, platform: platformFile(server, more) }, context);
    await timeStampFor(data, found ?? expect.unreachable());
    return 'stamped';
  } catch (error) {
    return error instanceof UserError ? `${error.exitCode} ${error.text.en}` : `thrown ${String(error)}`;
  }
}

const trust = (): object => ({ fingerprint: fingerprintOf(authority) });

async function answered(answer: (request: Buffer) => Promise<Answer | Uint8Array>): Promise<string> {
  const server = await serveTimeStamps(answer);
  try {
    return await stamped({ url: server.url, trust: trust() });
  } finally {
    await server.close();
  }
}

test('a server that is declared by its certificate’s fingerprint; that it is contacted is said', async () => {
  const server = await serveTimeStamps(authority.reply);
  const context = contextWith();
  expect(await stamped({ url: server.url, trust: trust() }, {}, context)).toBe('stamped');
  expect(context.notes).toEqual([`contacting the time-stamp server ${server.url} (127.0.0.1)`]);
  await server.close();
});

describe('exit 5, and no stamp, where the server', () => {
  test('answers by an error, or by a page', async () => {
    expect(await answered(async () => ({ status: 500 }))).toMatch(/^5 .*\(HTTP 500\)/);
    const page = { headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>login</html>') };
    expect(await answered(async () => page)).toMatch(/^5 .*no time-stamp response/);
  });

  test('points elsewhere: nobody goes there', async () => {
    const target = await serveTimeStamps(authority.reply);
    const said = await answered(async () => ({ status: 307, headers: { location: target.url } }));
    expect(said).toMatch(/^5 .*points to .*not followed/);
    expect(target.asked).toEqual([]);
    await target.close();
  });

  test('answers more than any time stamp is', async () => {
    expect(await answered(async () => Buffer.alloc(70_000, 0x30))).toMatch(/^5 .*larger than the limit/);
    const packed = { headers: { 'content-encoding': 'gzip' }, body: Buffer.alloc(10) };
    expect(await answered(async () => packed)).toMatch(/^5 .*content-encoding/);
  });

  test('hangs up, or speaks something else', async () => {
    const raw = async (handle: (socket: Socket) => void): Promise<string> => {
      const server: Server = createServer((socket) => {
        socket.on('error', () => {}).resume();
        handle(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const said = await stamped({ url: `http://127.0.0.1:${port}/`, trust: trust() });
      await new Promise((resolve) => server.close(resolve));
      return said;
    };
    expect(await raw((socket) => socket.destroy())).toMatch(/^5 /);
    expect(await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))).toMatch(/^5 /);
    expect(await raw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'))).toMatch(/^5 .*no content-length/);
  });

  test('has another certificate than the one that is pinned', async () => {
    const server = await serveTimeStamps(authority.reply);
    expect(await stamped({ url: server.url, trust: { fingerprint: '0'.repeat(64) } })).toMatch(/^5 .*fingerprint/);
    await server.close();
  });

  test('has a TLS certificate for another name, from nobody known, or that has ended', async () => {
    const root = mint.issue('根', undefined, { isAuthority: true });
    const wrong = [
      [mint.issue('a', root, { names: 'DNS:other.test' }), root.file, /ERR_TLS_CERT_ALTNAME_INVALID/],
      [mint.issue('b', root, { days: -1 }), root.file, /CERT_HAS_EXPIRED/],
      [mint.issue('c', root), undefined, /UNABLE_TO_VERIFY/],
    ] as const;
    for (const [certificate, file, says] of wrong) {
      const server = await serveTimeStamps(authority.reply, certificate);
      const said = await stamped({ url: server.url, trust: trust(), ...(file ? { authority: file } : {}) });
      expect(said).toMatch(/^5 .*could not be verified/);
      expect(said).toMatch(says);
      expect(server.asked).toEqual([]);
      await server.close();
    }
  });

  test('has a name that nobody knows', async () => {
    const said = await stamped({ url: 'http://tsa.invalid/', trust: trust() });
    expect(said).toMatch(/^5 no time stamp was had from http:\/\/tsa\.invalid\//);
  });
});

describe('exit 2, before anything is contacted, where', () => {
  test.each([
    ['it is the tax authority’s by name', { url: 'https://tsa.chinatax.gov.cn/' }, {}, /tax authority/],
    [
      'it is below a name of the authority',
      { url: 'http://a.tax.test/' },
      { taxAuthority: ['tax.test'] },
      /tax authority/,
    ],
    [
      'it is within a block of the authority',
      { url: 'http://127.0.0.9/' },
      { taxAuthority: ['127.0.0.0/8'] },
      /tax authority/,
    ],
    ['its address is spelled oddly', { url: 'http://0x7f.1/' }, {}, /must be http/],
    ['its address has parameters', { url: 'http://127.0.0.1/?to=x' }, {}, /must be http/],
    [
      'its file of authorities is not there',
      { url: 'http://127.0.0.1/', trust: { authority: 'none.pem' } },
      {},
      /cannot read/,
    ],
    ['the fingerprint is none', { url: 'http://127.0.0.1/', trust: { fingerprint: 'abc' } }, {}, /64 hexadecimal/],
    ['the policy is none', { url: 'http://127.0.0.1/', policy: 'tsa' }, {}, /object identifier/],
  ])('%s', async (_, server, more, says) => {
    const context = contextWith();
    const said = await stamped({ trust: trust(), ...server }, more, context);
    expect(said).toMatch(/^2 /);
    expect(said).toMatch(says);
    expect(context.notes).toEqual([]);
  });
});

test('an interruption is no error of the server', async () => {
  const abort = new AbortController();
  const server = await serveTimeStamps(() => {
    abort.abort();
    return new Promise(() => {});
  });
  expect(await stamped({ url: server.url, trust: trust() }, {}, contextWith(abort.signal))).toMatch(
    /^thrown AbortError/,
  );
  await server.close();
});
