import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/collectors/collector.ts';
import { tls } from '../../../src/collectors/network/tls.ts';
import { tls as kind, type StartTlsService, type Tls } from '../../../src/evidence/network/tls.ts';
import { createMint } from '../../support/certificates.ts';
import { createStartTlsServers } from '../../support/start-tls-servers.ts';
import { createServers, offeredIn, surveyed } from '../../support/tls-servers.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const mint = createMint();
const root = mint.issue('Test Root', undefined, { isAuthority: true });
const issued = mint.issue('service', root);
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

async function ask(port: number, startTls: StartTlsService, limits: object = {}): Promise<Tls> {
  const endpoints = [{ address: '127.0.0.1', port, direction: 'inbound', startTls }];
  const found = await tls.collect(`127.0.0.1:${port}`, toolsFor(platformOf({ endpoints, limits })));
  return kind.value.parse(found.value);
}

const unavailable = (port: number, startTls: StartTlsService): Promise<unknown> =>
  ask(port, startTls).catch((error: unknown) =>
    error instanceof Unavailable ? { reason: error.reason, detail: error.message } : error,
  );

describe('PostgreSQL', () => {
  test('versions, suites, groups, certificate', async () => {
    const ciphers = ['ssl_ciphers=ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305'];
    const port = await services.postgresql(issued, ciphers);
    const { value } = await surveyed(port, { startTls: 'postgresql', authority: root.file });
    expect(value.startTls).toBe('postgresql');
    expect(offeredIn(value, 'TLSv1.2')).toMatchObject({
      suites: {
        accepted: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
        order: 'server',
      },
    });
    expect(offeredIn(value, 'TLSv1.2').suites?.gap).toBeUndefined();
    expect(offeredIn(value, 'TLSv1.3').groups).toEqual({ accepted: ['secp256r1'], complete: true });
    expect(value.certificate).toMatchObject({ chain: [{ subject: 'CN=service' }], trust: { state: 'trusted' } });
  });

  test('without TLS, it says so', async () => {
    const port = await services.postgresql(undefined);
    expect(await ask(port, 'postgresql')).toEqual({ speaksTls: false, saw: 'PostgreSQL SSLRequest: N' });
  });
});

describe('MariaDB', () => {
  test('versions, suites, certificate', async () => {
    const port = await services.mariadb(issued, ['--ssl-cipher=ECDHE-ECDSA-AES128-GCM-SHA256']);
    const { value, contacts } = await surveyed(port, { startTls: 'mysql', authority: root.file });
    expect(value.startTls).toBe('mysql');
    expect(offeredIn(value, 'TLSv1.2').suites?.accepted).toEqual(['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']);
    expect(offeredIn(value, 'TLSv1.3').suites?.accepted).toContain('TLS_AES_128_GCM_SHA256');
    expect(value.certificate).toMatchObject({ chain: [{ subject: 'CN=service' }], trust: { state: 'trusted' } });
    expect(contacts.length).toBeLessThanOrEqual(80);
  });

  test('never more connections than allowed; what was not asked is a gap, and the certificate is had all the same', async () => {
    const port = await services.mariadb(issued);
    const { value, contacts } = await surveyed(port, { startTls: 'mysql' }, { tls: { mysql: 25 } });
    expect(contacts.length).toBeLessThanOrEqual(25);
    expect(offeredIn(value, 'TLSv1.2').suites?.gap?.reason).toBe('held-back');
    expect(value.certificate?.chain[0]?.subject).toBe('CN=service');
  });

  test('without TLS, it says so', async () => {
    const port = await services.mariadb(undefined);
    expect(await ask(port, 'mysql')).toEqual({
      speaksTls: false,
      saw: expect.stringMatching(/^MySQL .*MariaDB.*: no CLIENT_SSL$/),
    });
  });

  test('full: nothing follows about TLS', async () => {
    const port = await services.mariadb(issued, ['--max-connections=10', '--extra-max-connections=1']);
    const holding = await heldUntilFull(port);
    expect(await unavailable(port, 'mysql')).toEqual({
      reason: 'failed',
      detail: 'MySQL 1040: Too many connections',
    });
    for (const socket of holding) socket.destroy();
  });
});

// Clients that have been greeted and say nothing; the last three were turned away.
async function heldUntilFull(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let turnedAway = 0; turnedAway < 3; ) {
    const socket = connect(port, '127.0.0.1');
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    sockets.push(socket);
    turnedAway = greeting[4] === 0xff ? turnedAway + 1 : 0;
    if (turnedAway > 0) await setTimeout(50);
  }
  return sockets;
}

describe('Exim', () => {
  test('versions, suites, certificate', async () => {
    const port = await services.exim(issued, ['tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3']);
    const { value } = await surveyed(port, { startTls: 'smtp', authority: root.file });
    expect(value.startTls).toBe('smtp');
    expect(offeredIn(value, 'TLSv1.3').suites?.accepted).toContain('TLS_AES_128_CCM_SHA256');
    expect(offeredIn(value, 'TLSv1.2').suites?.accepted).toContain('TLS_ECDHE_ECDSA_WITH_AES_256_CCM');
    expect(offeredIn(value, 'TLSv1.2').suites?.gap).toBeUndefined();
    expect(value.certificate).toMatchObject({ chain: [{ subject: 'CN=service' }], trust: { state: 'trusted' } });
  });

  test('without TLS, it says so', async () => {
    const port = await services.exim(undefined);
    expect(await ask(port, 'smtp')).toEqual({
      speaksTls: false,
      saw: expect.stringMatching(/^SMTP EHLO: 250-mail\.example Hello/),
    });
  });
});

describe('servers made by hand', () => {
  // Speaks at once, and answers each message with the next line.
  const talking = (lines: readonly (Buffer | string)[]) =>
    servers.greeting((socket) => {
      const [first, ...others] = lines;
      socket.on('error', () => {});
      if (first) socket.write(first);
      socket.on('data', () => {
        const next = others.shift();
        if (next) socket.write(next);
      });
    });

  test.each<[string, StartTlsService, (Buffer | string)[], string]>([
    ['TLS at once is no PostgreSQL', 'postgresql', ['', Buffer.from('15030100020246', 'hex')], 'PostgreSQL'],
    ['SSH is no MySQL', 'mysql', ['SSH-2.0-OpenSSH_9.2p1\r\n'], 'SSH-2.0'],
    ['bytes put in after the answer', 'postgresql', ['', 'S\u0016\u0003\u0001'], '明文'],
    ['bytes put in after the last line', 'smtp', ['220 x\r\n', '250 STARTTLS\r\n', '220 go\r\n250 x\r\n'], '明文'],
    ['a flood', 'smtp', [`220-${'x'.repeat(100_000)}`], 'B'],
    ['shut out', 'mysql', [shutOut()], 'is blocked because of many connection errors'],
  ])('%s: nothing follows about TLS', async (_, service, lines, says) => {
    expect(await unavailable(await talking(lines), service)).toEqual({
      reason: 'failed',
      detail: expect.stringContaining(says),
    });
  });

  test('once shut out, no further connection is made', async () => {
    let count = 0;
    const port = await servers.greeting((socket) => {
      count += 1;
      socket.end(shutOut());
    });
    await unavailable(port, 'mysql');
    expect(count).toBeLessThanOrEqual(8);
  });

  test('hangs up before TLS', async () => {
    expect(await unavailable(await talking(['220 x\r\n']), 'mysql')).toMatchObject({ reason: 'failed' });
    expect(await unavailable(await servers.greeting((socket) => socket.end()), 'smtp')).toMatchObject({
      reason: 'failed',
    });
  });

  test('silence costs the time limit once', async () => {
    const started = performance.now();
    const port = await servers.greeting(() => {});
    expect(await unavailable(port, 'mysql')).toMatchObject({ reason: 'timed-out' });
    expect(performance.now() - started).toBeLessThan(19_000);
  });
});

// As MariaDB 10.11.19 says it.
function shutOut(): Buffer {
  const words =
    "Host '192.0.2.2' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'";
  return Buffer.concat([Buffer.from([words.length + 3, 0, 0, 0, 0xff, 0x69, 0x04]), Buffer.from(words)]);
}
