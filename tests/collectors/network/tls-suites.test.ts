import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { alert, createServers, helloIn, offeredIn, serverHello, surveyed } from '../../support/tls-servers.ts';

const mint = createMint();
const ec = mint.issue('ec', undefined);
const rsa = mint.issue('rsa', undefined, { key: ['rsa:2048'] });
const servers = createServers();

afterEach(() => servers.close());
afterAll(() => mint.remove());

// IANA's name of each suite that OpenSSL knows, by OpenSSL's.
const namesByOpenssl = new Map(
  execFileSync('openssl', ['ciphers', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'])
    .toString()
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', , theirs = ''] = line.split(/\s+/);
      return [theirs, name] as const;
    }),
);
const named = (ciphers: readonly string[]): string[] => ciphers.map((cipher) => namesByOpenssl.get(cipher) ?? cipher);

const someCiphers = [
  'AES128-SHA',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-CAMELLIA256-SHA',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES256-SHA384',
  'NULL-SHA',
  'ADH-AES128-SHA',
  'DHE-RSA-AES256-GCM-SHA384',
];

describe('openssl s_server', () => {
  test('finds exactly what is configured, in the server’s order', async () => {
    const args = ['-serverpref', '-tls1_2', '-cipher', `${someCiphers.join(':')}:@SECLEVEL=0`];
    const { value } = await surveyed(await servers.openssl(rsa, args));
    expect(offeredIn(value, 'TLSv1.2').suites).toEqual({ accepted: named(someCiphers), order: 'server' });
  });

  test('tells that the client decides', async () => {
    const args = ['-tls1_2', '-cipher', `${someCiphers.join(':')}:@SECLEVEL=0`];
    const { accepted, order } =
      offeredIn((await surveyed(await servers.openssl(rsa, args))).value, 'TLSv1.2').suites ?? {};
    expect(order).toBe('client');
    expect(accepted?.toSorted()).toEqual(named(someCiphers).toSorted());
  });

  test('agrees with openssl s_client, suite by suite', async () => {
    const port = await servers.openssl(rsa, ['-cipher', 'ALL:COMPLEMENTOFALL:!PSK:@SECLEVEL=0', '-tls1_2']);
    const { value } = await surveyed(port);
    const accepted = new Set(offeredIn(value, 'TLSv1.2').suites?.accepted);
    const sample = [...namesByOpenssl]
      .filter(([, name]) => !/PSK|SRP|^TLS_(AES|CHACHA)/.test(name))
      .filter((_, at) => at % 4 === 0);
    expect(sample.length).toBeGreaterThan(20);
    for (const [cipher, name] of sample) {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`];
      expect(accepted.has(name), name).toBe(connects(args));
    }
  });

  test('TLS 1.3: suites in order, groups', async () => {
    const suites = ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_CCM_8_SHA256', 'TLS_AES_128_GCM_SHA256'];
    const args = ['-tls1_3', '-serverpref', '-ciphersuites', suites.join(':'), '-groups', 'P-384:X25519:ffdhe3072'];
    const found = offeredIn((await surveyed(await servers.openssl(ec, args))).value, 'TLSv1.3');
    expect(found.suites).toEqual({ accepted: suites, order: 'server' });
    expect(found.groups).toEqual({ accepted: ['x25519', 'secp384r1', 'ffdhe3072'], complete: true });
  });

  test('curves before TLS 1.3, with RSA and with ECDSA', async () => {
    const args = ['-tls1_2', '-groups', 'P-521:X448:P-256'];
    const byRsa = offeredIn((await surveyed(await servers.openssl(rsa, args))).value, 'TLSv1.2');
    expect(byRsa.groups).toEqual({ accepted: ['secp256r1', 'x448', 'secp521r1'], complete: true });
    const byEcdsa = offeredIn((await surveyed(await servers.openssl(ec, args))).value, 'TLSv1.2');
    expect(byEcdsa.groups?.accepted).toContain('secp256r1');
    expect(byEcdsa.groups?.accepted).toContain('x448');
  });

  test('one suite alone has no order; a certificate that is asked for changes nothing', async () => {
    const args = ['-Verify', '1', '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'];
    const found = offeredIn((await surveyed(await servers.openssl(ec, args))).value, 'TLSv1.2');
    expect(found.clientCertificate).toBe('asked');
    expect(found.suites).toEqual({ accepted: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], order: 'unknown' });
  });
});

describe('nginx', () => {
  const files = [`ssl_certificate ${rsa.file}`, `ssl_certificate_key ${rsa.keyFile}`];
  const both = [...files, `ssl_certificate ${ec.file}`, `ssl_certificate_key ${ec.keyFile}`];

  test('strong: versions, suites, extensions, in few connections', async () => {
    const ciphers = ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305'];
    const port = await servers.nginx(mint.folder, [
      ...files,
      'ssl_protocols TLSv1.2 TLSv1.3',
      `ssl_ciphers ${ciphers.join(':')}`,
      'ssl_prefer_server_ciphers on',
    ]);
    const { value, contacts } = await surveyed(port);
    expect(offeredIn(value, 'TLSv1.2')).toMatchObject({
      suites: { accepted: named(ciphers), order: 'server' },
      groups: { complete: true },
    });
    expect(value.extensions).toEqual({
      version: 'TLSv1.2',
      secureRenegotiation: true,
      extendedMasterSecret: true,
      sessionTickets: true,
      ocspStapling: false,
      compression: 'none',
    });
    expect(value.fallback).toBe('refused');
    expect(contacts.length).toBeLessThan(80);
  });

  test('weak, two certificates: every version in the same order, a prime of 1024 bits', async () => {
    const file = join(mint.folder, 'dh.pem');
    writeFileSync(file, dh1024);
    const port = await servers.nginx(mint.folder, [
      ...both,
      `ssl_dhparam ${file}`,
      'ssl_protocols TLSv1 TLSv1.1 TLSv1.2',
      'ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0',
      'ssl_prefer_server_ciphers on',
    ]);
    const { value, contacts } = await surveyed(port);
    const newest = offeredIn(value, 'TLSv1.2').suites;
    expect(newest?.order).toBe('server');
    expect(newest?.accepted).toEqual([...namesByOpenssl.values()].filter((name) => newest?.accepted.includes(name)));
    expect(newest?.accepted.length).toBeGreaterThan(70);
    const oldest = offeredIn(value, 'TLSv1.0');
    expect(oldest.suites).toEqual(offeredIn(value, 'TLSv1.1').suites);
    expect(oldest.suites?.accepted).toEqual(newest?.accepted.filter((name) => oldest.suites?.accepted.includes(name)));
    expect(oldest.dhBits).toBe(1024);
    expect(contacts.length).toBeLessThan(300);
  });
});

describe('servers made by hand', () => {
  test('TLCP 1.1 (GB/T 38636-2020)', async () => {
    const preferred = [0xe053, 0xe013, 0xe011];
    const port = await servers.raw((socket, bytes) => {
      const { version, suites } = helloIn(bytes);
      const suite = preferred.find((each) => suites.includes(each));
      if (version !== 0x0101) return socket.end(alert(70));
      return socket.end(suite === undefined ? alert(40) : serverHello(0x0101, suite));
    });
    const { value } = await surveyed(port);
    expect(offeredIn(value, 'TLCPv1.1').suites).toEqual({
      accepted: ['ECC_SM4_GCM_SM3', 'ECC_SM4_CBC_SM3', 'ECDHE_SM4_CBC_SM3'],
      order: 'server',
    });
    expect(value.versions.filter(({ state }) => state === 'refused')).toHaveLength(6);
  });

  test('SSL 2.0: the kinds it names, in two pieces', async () => {
    // SERVER-HELLO: no session, X.509, version 2, no certificate, two kinds, connection id of 2 bytes.
    const answer = Buffer.from('8013040001000200000006000201008007 00c0abcd'.replace(' ', ''), 'hex');
    const port = await servers.raw((socket, bytes) => {
      if (bytes[0] === 22) return socket.end(alert(70));
      socket.write(answer.subarray(0, 9));
      return setTimeout(() => socket.end(answer.subarray(9)), 30);
    });
    expect(offeredIn((await surveyed(port)).value, 'SSLv2').suites).toEqual({
      accepted: ['SSL_CK_RC4_128_WITH_MD5', 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
      order: 'client',
    });
  });

  test('SSL 3.0 with export grade and RC4, which OpenSSL no longer speaks', async () => {
    const port = await oldServer(() => undefined);
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites).toEqual({
      accepted: named(['TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5']),
      order: 'server',
    });
  });

  // SSL 3.0 with two suites; `trouble` may do something else with a connection.
  const oldServer = (trouble: (socket: Socket, bytes: Buffer, count: number) => unknown) =>
    servers.raw((socket, bytes, count) => {
      if (trouble(socket, bytes, count)) return;
      const { version, suites } = helloIn(bytes);
      const suite = [0x0005, 0x0003].find((each) => suites.includes(each));
      if (version !== 0x0300) socket.end(alert(70));
      else socket.end(suite === undefined ? alert(40) : serverHello(0x0300, suite));
    });

  test('a connection that is reset now and then is tried again', async () => {
    const port = await oldServer((socket, _, count) => count > 7 && count % 4 === 0 && socket.resetAndDestroy());
    const { suites } = offeredIn((await surveyed(port)).value, 'SSLv3');
    expect(suites?.accepted).toHaveLength(2);
    expect(suites?.gap).toBeUndefined();
  });

  test('a device that resets whatever is weak leaves a gap, no refusal', async () => {
    const port = await oldServer((socket, bytes) => {
      const { version, suites } = helloIn(bytes);
      return version === 0x0300 && suites.includes(0x0003) && !suites.includes(0x0005) && socket.resetAndDestroy();
    });
    const { gap } = offeredIn((await surveyed(port)).value, 'SSLv3').suites ?? {};
    expect(['reset', 'held-back']).toContain(gap?.reason);
  });

  test.each([
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', (socket: Socket) => socket.end()],
  ])('a server that %s the connection for whatever it does not accept, as Windows does', async (_, cut) => {
    const port = await oldServer((socket, bytes) => {
      const { version, suites } = helloIn(bytes);
      return version === 0x0300 && !suites.includes(0x0005) && !suites.includes(0x0003) && cut(socket);
    });
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites).toEqual({
      accepted: named(['TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5']),
      order: 'server',
      refusedByClosing: true,
    });
  });

  test('refused after twelve connections: a gap', async () => {
    const port = await oldServer((socket, _, count) => count > 12 && socket.resetAndDestroy());
    const { gap } = offeredIn((await surveyed(port)).value, 'SSLv3').suites ?? {};
    expect(['reset', 'held-back']).toContain(gap?.reason);
  });

  test.each([
    ['stalls', () => {}],
    ['drips', drip],
  ])('a server that %s amid the suites costs its time limit once', async (_, behaviour) => {
    // Five hellos ask whether SSL 3.0 is offered.
    let heard = 0;
    const port = await oldServer((socket, bytes) => {
      if (helloIn(bytes).version !== 0x0300) return false;
      heard += 1;
      if (heard > 5) behaviour(socket);
      return heard > 5;
    });
    const started = performance.now();
    const { value } = await surveyed(port);
    expect(offeredIn(value, 'SSLv3').suites).toMatchObject({ gap: { reason: 'timed-out' } });
    expect(performance.now() - started).toBeLessThan(19_000);
  });

  test.each([
    ['garbage', (socket: Socket) => socket.end(Buffer.alloc(3000, 0xa5)), 'unreadable'],
    ['a suite that was not offered', (socket: Socket) => socket.end(serverHello(0x0300, 0x1399)), 'unreadable'],
    ['another version', (socket: Socket) => socket.end(serverHello(0x0301, 0x0005)), 'unreadable'],
    ['half a hello', (socket: Socket) => socket.end(serverHello(0x0300, 5).subarray(0, 20)), 'closed'],
  ])('%s amid the suites', async (_, behaviour, reason) => {
    const port = await oldServer((socket, __, count) => count > 7 && behaviour(socket));
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites).toMatchObject({ gap: { reason } });
  });

  test('endless records without an answer are cut', async () => {
    const record = Buffer.concat([Buffer.from('1603000400', 'hex'), Buffer.alloc(1024)]);
    const port = await oldServer((socket, _, count) => {
      if (count <= 7) return false;
      const more = () => socket.writable && socket.write(record, () => setImmediate(more));
      more();
      return true;
    });
    const started = performance.now();
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites?.gap).toBeDefined();
    expect(performance.now() - started).toBeLessThan(9000);
  });

  test('a suite that ends in an internal error leaves a gap, and does not hide the others', async () => {
    const port = await oldServer((socket, bytes) => {
      const { version, suites } = helloIn(bytes);
      return version === 0x0300 && suites.includes(0xc012) && socket.end(alert(80));
    });
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites).toMatchObject({
      accepted: ['TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
      gap: { reason: 'alert', detail: 'internal_error' },
    });
  });

  test.each([
    ['handshake_failure', 40],
    ['access_denied', 49],
  ])('a server that turns the scanner away with %s leaves a gap, no refusal', async (_, code) => {
    // The first list that SSL 3.0 is asked for is that of RSA: RC4 is found, and then nothing is any more.
    let found = 0;
    const port = await oldServer((socket, bytes) => {
      const { version, suites } = helloIn(bytes);
      if (version !== 0x0300 || !suites.includes(0x0005)) return false;
      found += 1;
      return found > 5 && socket.end(alert(code));
    });
    expect(offeredIn((await surveyed(port)).value, 'SSLv3').suites).toMatchObject({ gap: { reason: 'alert' } });
  });

  test('never more connections at a time than the platform file allows', async () => {
    let open = 0;
    let most = 0;
    const port = await oldServer((socket, bytes) => {
      open += 1;
      most = Math.max(most, open);
      socket.once('close', () => {
        open -= 1;
      });
      const { version, suites } = helloIn(bytes);
      const suite = [0x0005, 0x0003].find((each) => suites.includes(each));
      setTimeout(() => {
        if (version !== 0x0300) socket.end(alert(70));
        else socket.end(suite === undefined ? alert(40) : serverHello(0x0300, suite));
      }, 10);
      return true;
    });
    await surveyed(port, {}, { tls: { connections: 3 } });
    expect(most).toBeLessThanOrEqual(3);
  });
});

// The header of a record of 16 KiB, and what should be in it, a byte at a time.
function drip(socket: Socket): void {
  const bytes = Buffer.concat([Buffer.from('1603004000', 'hex'), Buffer.alloc(100)]);
  let at = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 300);
  socket.once('close', () => clearInterval(timer));
}

function connects(args: readonly string[]): boolean {
  try {
    execFileSync('openssl', args, { input: '', stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

// A prime that is found at once (-dsaparam), not a safe one.
const dh1024 = execFileSync('openssl', ['dhparam', '-dsaparam', '1024'], { stdio: 'pipe' });
