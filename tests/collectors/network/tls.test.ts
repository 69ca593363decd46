import { type ChildProcess, spawn } from 'node:child_process';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type DirectCollector, Unavailable } from '../../../src/collectors/collector.ts';
import { tls } from '../../../src/collectors/network/tls.ts';
import { tls as kind, type Tls, type TlsVersion } from '../../../src/evidence/network/tls.ts';
import { endpointName } from '../../../src/evidence/subjects.ts';
import { createMint, type Issued } from '../../support/certificates.ts';
import { listening } from '../../support/servers.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const mint = createMint();
const root = mint.issue('Test Root', undefined, { isAuthority: true });
const issuing = mint.issue('Test Issuing CA', root, { isAuthority: true });
const usual = mint.issue('server', issuing);
const alone = mint.issue('alone', undefined);

const servers: Server[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const child of children.splice(0)) child.kill();
});
afterAll(() => mint.remove());

async function tlsServer(options: TlsOptions, { host = '127.0.0.1', issued = usual } = {}): Promise<number> {
  const server = createTls({ key: issued.key, cert: issued.chain, ...options }, (socket) =>
    socket.on('error', () => {}),
  );
  server.on('tlsClientError', () => {});
  servers.push(server);
  return listening(server, host);
}

async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  servers.push(server);
  return listening(server, '127.0.0.1');
}

// s_server prints ACCEPT when it listens, with the port that it was given.
async function opensslServer(args: readonly string[], issued: Issued = usual): Promise<number> {
  const child = spawn('openssl', [
    's_server',
    '-accept',
    '127.0.0.1:0',
    '-cert',
    issued.file,
    '-key',
    issued.keyFile,
    ...args,
  ]);
  children.push(child);
  child.stderr.resume();
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('exit', () => reject(new Error('openssl s_server ended')));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const port = printed.match(/ACCEPT 127\.0\.0\.1:(\d+)/)?.[1];
      if (port) resolve(Number(port));
    });
  });
}

// TLS_RSA_WITH_RC4_128_SHA in TLS 1.0, else handshake_failure; anything else gets protocol_version.
function answerOfOld(hello: Buffer): Buffer {
  const isTls10 = hello[0] === 22 && hello.readUInt16BE(9) === 0x0301;
  if (!isTls10) return Buffer.from('15030100020246', 'hex');
  const suitesAt = 46 + (hello[43] ?? 0);
  const suites = hello.subarray(suitesAt, suitesAt + hello.readUInt16BE(suitesAt - 2));
  const offersRc4 = Array.from({ length: suites.length / 2 }, (_, index) => suites.readUInt16BE(index * 2)).includes(
    0x0005,
  );
  return Buffer.from(offersRc4 ? `160301002a020000260301${'ab'.repeat(32)}00000500` : '15030100020228', 'hex');
}

type More = { address?: string; serverName?: string; authority?: string; protocol?: string };

async function ask(port: number, { address = '127.0.0.1', ...more }: More = {}): Promise<Tls> {
  const platform = platformOf({ endpoints: [{ address, port, direction: 'inbound', ...more }] }, mint.folder);
  const { value } = await (tls as DirectCollector<'tls'>).collect(endpointName({ address, port }), toolsFor(platform));
  return kind.value.parse(value);
}

type Speaking = Extract<Tls, { speaksTls: true }>;

async function askTls(port: number, more?: More): Promise<Speaking> {
  const value = await ask(port, more);
  if (!value.speaksTls) throw new Error(`no TLS: ${value.saw}`);
  return value;
}

const stateOf = (value: Speaking, version: TlsVersion) => value.versions.find((each) => each.version === version);
const states = (value: Speaking) => Object.fromEntries(value.versions.map(({ version, state }) => [version, state]));

describe('versions', () => {
  test('TLS 1.2 and 1.3, and a clear refusal of all older ones', async () => {
    const value = await askTls(await tlsServer({}));
    expect(states(value)).toEqual({
      'TLSv1.3': 'offered',
      'TLSv1.2': 'offered',
      'TLSv1.1': 'refused',
      'TLSv1.0': 'refused',
      SSLv3: 'refused',
      SSLv2: 'refused',
      // OpenSSL hangs up on a record of version 1.1 without an alert.
      'TLCPv1.1': 'unobserved',
    });
    expect(stateOf(value, 'TLSv1.3')).toMatchObject({
      suite: expect.stringMatching(/^TLS_(AES|CHACHA)/),
      group: expect.anything(),
    });
    expect(stateOf(value, 'TLSv1.2')).toMatchObject({
      suite: expect.stringMatching(/^TLS_ECDHE_ECDSA_WITH_/),
      group: 'X25519',
      clientCertificate: 'not-asked',
    });
    expect(stateOf(value, 'TLSv1.0')).toMatchObject({ answer: 'protocol_version' });
  });

  test('TLS 1.2 only', async () => {
    const value = await askTls(await tlsServer({ maxVersion: 'TLSv1.2' }));
    expect(states(value)).toMatchObject({ 'TLSv1.3': 'refused', 'TLSv1.2': 'offered', 'TLSv1.1': 'refused' });
  });

  test('TLS 1.0 to 1.2 at security level 0', async () => {
    const port = await tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' });
    const value = await askTls(port);
    expect(states(value)).toMatchObject({
      'TLSv1.3': 'refused',
      'TLSv1.2': 'offered',
      'TLSv1.1': 'offered',
      'TLSv1.0': 'offered',
    });
    expect(stateOf(value, 'TLSv1.0')).toMatchObject({ suite: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA' });
  });

  test('only TLS 1.0', async () => {
    const port = await tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    const value = await askTls(port);
    expect(states(value)).toMatchObject({
      'TLSv1.3': 'refused',
      'TLSv1.2': 'refused',
      'TLSv1.1': 'refused',
      'TLSv1.0': 'offered',
    });
    expect(value.certificate?.chain.map(({ subject }) => subject)).toEqual(['CN=server', 'CN=Test Issuing CA']);
  });

  test('suites that hardly anybody uses', async () => {
    const rsa = mint.issue('rsa', issuing, { key: ['rsa:2048'] });
    const value = await askTls(await opensslServer(['-tls1_2', '-cipher', 'CAMELLIA128-SHA:@SECLEVEL=0'], rsa));
    expect(stateOf(value, 'TLSv1.2')).toEqual({
      version: 'TLSv1.2',
      state: 'offered',
      suite: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA',
      clientCertificate: 'not-asked',
      suites: { accepted: ['TLS_RSA_WITH_CAMELLIA_128_CBC_SHA'], order: 'unknown' },
    });
    const named = await askTls(
      await opensslServer(['-tls1_2', '-cipher', 'DHE:@SECLEVEL=0', '-groups', 'ffdhe2048'], rsa),
    );
    expect(stateOf(named, 'TLSv1.2')).toMatchObject({ suite: expect.stringMatching(/^TLS_DHE_/), group: 'DH 2048' });
  });

  test('a server of TLS 1.0 with RC4 only, which OpenSSL no longer speaks', async () => {
    const value = await askTls(
      await rawServer((socket) => socket.once('data', (hello) => socket.end(answerOfOld(hello)))),
    );
    expect(states(value)).toMatchObject({
      'TLSv1.2': 'refused',
      'TLSv1.1': 'refused',
      'TLSv1.0': 'offered',
      SSLv3: 'refused',
    });
    expect(stateOf(value, 'TLSv1.0')).toMatchObject({ suite: 'TLS_RSA_WITH_RC4_128_SHA' });
  });

  test('nothing but alerts says nothing of versions', async () => {
    const alert = Buffer.from('15030300020228', 'hex');
    const value = await askTls(await rawServer((socket) => socket.once('data', () => socket.end(alert))));
    expect(new Set(Object.values(states(value)))).toEqual(new Set(['unobserved']));
    expect(value.certificate).toBeUndefined();
  });

  test('an internal error is no refusal', async () => {
    // Without -cipher …@SECLEVEL=0 OpenSSL 3 accepts TLS 1.0, finds no signature for it, and says internal_error.
    const value = await askTls(await opensslServer([]));
    expect(stateOf(value, 'TLSv1.2')).toMatchObject({ state: 'offered' });
    expect(stateOf(value, 'TLSv1.0')).toEqual({
      version: 'TLSv1.0',
      state: 'unobserved',
      reason: 'alert',
      detail: 'internal_error',
    });
  });

  test('IPv6', async () => {
    const value = await askTls(await tlsServer({}, { host: '::1' }), { address: '::1' });
    expect(states(value)).toMatchObject({ 'TLSv1.3': 'offered' });
    expect(value.certificate?.name).toEqual({ asked: '::1', matches: true });
  });

  test('one probe that is dropped is unobserved, the others stand', async () => {
    const behind = await tlsServer({});
    // Drops every hello below TLS 1.2: the record of a TLS 1.0 hello has no supported_versions and says 0301 in its body.
    const port = await rawServer((socket) => {
      socket.once('data', async (hello) => {
        const body = hello.readUInt16BE(9);
        if (hello[0] !== 22 || body < 0x0303) return socket.resetAndDestroy();
        const { connect } = await import('node:net');
        const onward = connect(behind, '127.0.0.1', () => onward.write(hello));
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      });
    });
    const value = await askTls(port);
    expect(states(value)).toMatchObject({ 'TLSv1.3': 'offered', 'TLSv1.2': 'offered' });
    expect(stateOf(value, 'TLSv1.0')).toMatchObject({ state: 'unobserved', reason: 'reset' });
    expect(stateOf(value, 'SSLv2')).toMatchObject({ state: 'unobserved', reason: 'reset' });
  });
});

describe('client certificates', () => {
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: [root.cert] };

  test('required: told in both versions, and the certificate is had all the same', async () => {
    const value = await askTls(await tlsServer(mutual), { authority: root.file });
    expect(stateOf(value, 'TLSv1.3')).toMatchObject({ state: 'offered', clientCertificate: 'asked' });
    expect(stateOf(value, 'TLSv1.2')).toMatchObject({ state: 'offered', clientCertificate: 'asked' });
    expect(value.certificate).toMatchObject({ trust: { state: 'trusted', anchors: 'declared' } });
  });

  test('required by a server of TLS 1.2 only: the chain stands in clear text, trust cannot be told', async () => {
    const value = await askTls(await tlsServer({ ...mutual, maxVersion: 'TLSv1.2' }), { authority: root.file });
    expect(stateOf(value, 'TLSv1.2')).toMatchObject({ state: 'offered', clientCertificate: 'asked' });
    expect(value.certificate?.chain.map(({ subject }) => subject)).toEqual(['CN=server', 'CN=Test Issuing CA']);
    expect(value.certificate?.trust.state).toBe('unobserved');
  });
});

describe('certificate', () => {
  test('private authority, not declared', async () => {
    const { certificate } = await askTls(await tlsServer({}));
    expect(certificate).toMatchObject({
      chain: [
        {
          subject: 'CN=server',
          issuer: 'CN=Test Issuing CA',
          names: ['IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1', 'DNS:localhost'],
          key: { type: 'ec', bits: 256, curve: 'prime256v1' },
          signature: { algorithm: 'ecdsa-with-SHA256', hash: 'sha256' },
          selfSigned: false,
        },
        { subject: 'CN=Test Issuing CA', issuer: 'CN=Test Root' },
      ],
      trust: { state: 'untrusted', anchors: 'public', error: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
      name: { asked: '127.0.0.1', matches: true },
    });
  });

  test.each([
    ['the root', () => root.file],
    ['the issuing authority alone', () => issuing.file],
    ['a path relative to the platform file', () => root.file.split('/').at(-1) ?? ''],
  ])('private authority, declared: %s', async (_, authority) => {
    const value = await askTls(await tlsServer({}), { authority: authority() });
    expect(value.certificate?.trust).toEqual({ state: 'trusted', anchors: 'declared' });
  });

  test('another authority than the declared one', async () => {
    const value = await askTls(await tlsServer({}), { authority: alone.file });
    expect(value.certificate?.trust).toMatchObject({ state: 'untrusted', anchors: 'declared' });
  });

  test.each(['missing.pem', '.', usual.keyFile])(
    'an authority that is none is not held against the server: %s',
    async (authority) => {
      const value = await askTls(await tlsServer({}), { authority });
      expect(value.certificate?.trust).toMatchObject({
        state: 'unobserved',
        detail: expect.stringContaining(authority),
      });
    },
  );

  test('an intermediate is missing', async () => {
    const port = await tlsServer({ cert: usual.cert });
    const value = await askTls(port, { authority: root.file });
    expect(value.certificate).toMatchObject({
      chain: [{ subject: 'CN=server' }],
      trust: { error: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    });
  });

  test('self-signed', async () => {
    const port = await tlsServer({}, { issued: alone });
    expect((await askTls(port)).certificate).toMatchObject({
      chain: [{ selfSigned: true }],
      trust: { state: 'untrusted', error: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect((await askTls(port, { authority: alone.file })).certificate?.trust.state).toBe('trusted');
  });

  test('expired', async () => {
    const expired = mint.issue('expired', issuing, { days: -1 });
    const { certificate } = await askTls(await tlsServer({}, { issued: expired }), { authority: root.file });
    expect(certificate?.trust).toMatchObject({ state: 'untrusted', error: 'CERT_HAS_EXPIRED' });
    expect(certificate?.chain[0]?.notAfter.localeCompare(new Date().toISOString())).toBe(-1);
  });

  test('names', async () => {
    const port = await tlsServer({});
    expect((await askTls(port, { serverName: 'localhost' })).serverName).toBe('localhost');
    expect((await askTls(port, { serverName: 'localhost' })).certificate?.name).toEqual({
      asked: 'localhost',
      matches: true,
    });
    expect((await askTls(port, { serverName: 'other.example' })).certificate?.name.matches).toBe(false);
    const byCommonName = mint.issue('localhost', issuing, { names: '' });
    const unnamed = await askTls(await tlsServer({}, { issued: byCommonName }), { serverName: 'localhost' });
    expect(unnamed.certificate?.name.matches).toBe(false);
  });

  test('the name chooses the certificate', async () => {
    const other = mint.issue('by name', issuing, { names: 'DNS:chosen.example' });
    const { createSecureContext } = await import('node:tls');
    const context = createSecureContext({ key: other.key, cert: other.chain });
    const port = await tlsServer({ SNICallback: (_, done) => done(null, context) });
    expect((await askTls(port, { serverName: 'chosen.example' })).certificate?.chain[0]?.subject).toBe('CN=by name');
    expect((await askTls(port)).certificate?.chain[0]?.subject).toBe('CN=server');
  });

  test('weak ones are read, not refused', async () => {
    const weak = mint.issue('weak', undefined, { key: ['rsa:1024'], digest: 'sha1' });
    const port = await tlsServer({ ciphers: 'ALL:@SECLEVEL=0' }, { issued: weak });
    expect((await askTls(port, { authority: weak.file })).certificate).toMatchObject({
      chain: [{ key: { type: 'rsa', bits: 1024 }, signature: { hash: 'sha1' } }],
      trust: { state: 'trusted' },
    });
  });

  test('application protocol', async () => {
    expect((await askTls(await tlsServer({ ALPNProtocols: ['h2', 'http/1.1'] }))).alpn).toBe('h2');
    expect((await askTls(await tlsServer({}))).alpn).toBeUndefined();
    // Such a server ends a handshake that offers only others.
    const picky = await tlsServer({ ALPNProtocols: ['acme-tls/1'] });
    expect((await askTls(picky, { authority: root.file })).certificate?.trust.state).toBe('trusted');
  });
});

describe('without TLS', () => {
  test('plain HTTP', async () => {
    const server = createHttp();
    servers.push(server);
    expect(await ask(await listening(server, '127.0.0.1'))).toEqual({
      speaksTls: false,
      saw: expect.stringContaining('HTTP/1.1 400 Bad Request'),
    });
  });

  test('a greeting', async () => {
    const port = await rawServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\u001b[2J\r\n'));
    expect(await ask(port)).toEqual({ speaksTls: false, saw: 'SSH-2.0-OpenSSH_9.2p1·[2J·\n' });
  });

  test('an endless greeting is cut', async () => {
    const port = await rawServer((socket) => {
      const more = () => socket.writable && socket.write('x'.repeat(65_536), () => setImmediate(more));
      more();
    });
    expect(await ask(port)).toEqual({ speaksTls: false, saw: 'x'.repeat(200) });
  });

  const unavailable = async (port: number, more?: More) =>
    ask(port, more).catch((error: unknown) => (error instanceof Unavailable ? error.reason : error));

  test('nothing listens', async () => {
    const port = await rawServer(() => {});
    servers.pop()?.close();
    expect(await unavailable(port)).toBe('unreachable');
  });

  test('the connection is closed at once, or reset', async () => {
    expect(await unavailable(await rawServer((socket) => socket.end()))).toBe('failed');
    expect(await unavailable(await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy())))).toBe(
      'failed',
    );
  });

  test('silence', async () => {
    expect(await unavailable(await rawServer((socket) => socket.resume()))).toBe('timed-out');
  });

  test('a name that does not resolve', async () => {
    expect(await unavailable(443, { address: 'nowhere.invalid' })).toBe('unreachable');
  });

  test('interrupted, it ends at once', async () => {
    const port = await rawServer((socket) => socket.resume());
    const platform = platformOf({ endpoints: [{ address: '127.0.0.1', port, direction: 'inbound' }] });
    const started = performance.now();
    await expect(tls.collect(`127.0.0.1:${port}`, toolsFor(platform, AbortSignal.timeout(100)))).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

test('asks inbound endpoints only', () => {
  const platform = platformOf({
    endpoints: [
      { address: '203.0.113.10', port: 443, direction: 'inbound' },
      { address: '2001:db8::1', port: 8443, direction: 'inbound' },
      { address: '203.0.113.11', port: 443, direction: 'outbound' },
    ],
  });
  expect(tls.subjects(platform)).toEqual(['203.0.113.10:443', '[2001:db8::1]:8443']);
});
