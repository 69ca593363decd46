import { createServer } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { records } from '../../support/flights.ts';
import { helloRetry } from '../../support/handmade-servers.ts';
import {
  type Behaviour,
  dice,
  drip,
  emptyRecord,
  endless,
  endlessMessage,
  flood,
  onward,
  stall,
  startOfEndlessMessage,
  warning,
} from '../../support/hostile-servers.ts';
import { listening } from '../../support/servers.ts';
import { alert, helloIn, serverHello } from '../../support/tls-servers.ts';
import {
  answered,
  createVictims,
  hurried,
  hurry,
  probe,
  stateOf,
  unproven,
  verdicts,
  versionsOf,
} from '../../support/victims.ts';

const mint = createMint();
const servers = createVictims(mint.issue('server', undefined));

beforeEach(hurry);
afterEach(() => {
  vi.unstubAllGlobals();
  servers.close();
});
afterAll(() => mint.remove());

describe('nothing that could be read', () => {
  test.each<[string, Behaviour]>([
    ['stalls after the hello', stall],
    ['drips garbage that might become a record', drip(Buffer.from('16030340000000', 'hex'), 150)],
    ['drips the start of SSL 2.0', drip(Buffer.from('8040040001', 'hex'), 150)],
    ['sends a record’s header and no more', flood(Buffer.from('1603034000', 'hex'))],
    ['sends endless messages that never end', endless(endlessMessage, startOfEndlessMessage)],
    ['sends endless warnings', endless(warning)],
    ['sends endless empty records', endless(emptyRecord)],
    ['sends one warning and stalls', flood(warning)],
    ['closes at once', (socket) => socket.end()],
    ['resets at once', (socket) => socket.resetAndDestroy()],
    ['says that it closes', (socket) => socket.end(alert(0))],
    ['says that access is denied', (socket) => socket.end(alert(49))],
    ['says handshake_failure to everything', (socket) => socket.end(alert(40))],
    ['sends half a ServerHello and closes', (socket, hello) => socket.end(answered(hello).subarray(0, 30))],
    [
      'sends half a ServerHello and resets',
      (socket, hello) => socket.write(answered(hello).subarray(0, 30), () => socket.resetAndDestroy()),
    ],
    ['sends half a ServerHello and stalls', (socket, hello) => socket.write(answered(hello).subarray(0, 30))],
  ])('%s: unproven, within the limit', async (_, behaviour) => {
    const found = await servers.against(behaviour);
    expect(verdicts(found)).toEqual(unproven);
    for (const each of versionsOf(found)) expect(each.state, JSON.stringify(each)).toBe('unobserved');
    expect(found.value?.speaksTls).not.toBe(false);
    // One time limit (10 s, hurried), not one for each version.
    expect(found.seconds).toBeLessThan(3.9);
  });

  test.each<[string, Behaviour]>([
    ['garbage', flood(Buffer.from(Uint8Array.from({ length: 5000 }, (_, at) => (at * 167 + 91) & 0xff)))],
    ['HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n\u001b[2J')],
    ['HTTP, a byte at a time', drip(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 20)],
    ['a banner without end', endless(Buffer.from('SSH-2.0-x'))],
  ])('%s is no TLS, and shown printable and short', async (_, behaviour) => {
    const { value, seconds } = await servers.against(behaviour);
    expect(value).toEqual({ speaksTls: false, saw: expect.any(String) });
    expect(seconds).toBeLessThan(3.9);
  });

  test('other answers than TLS to what is no hello of TLS decide nothing', async () => {
    // A multiplexer that hands SSL 2.0 to its SSH server, while what is behind TLS is down.
    const found = await servers.against((socket, hello) => {
      if (hello[0] === 22 && hello[1] === 3) socket.resetAndDestroy();
      else socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    });
    expect(verdicts(found)).toEqual(unproven);
    expect(found.value?.speaksTls).not.toBe(false);
  });
});

describe('a server that turns the scanner away', () => {
  test('closes when a name is asked for', async () => {
    const port = await servers.good();
    const pass = onward(port);
    const behaviour: Behaviour = (socket, hello, count) =>
      hello.includes(Buffer.from('hidden.example')) ? socket.end() : pass(socket, hello, count);
    const found = await servers.against(behaviour, { serverName: 'hidden.example' });
    expect(verdicts(found)).toEqual(unproven);
    expect(stateOf(found, 'TLSv1.2') ?? 'unobserved').toBe('unobserved');
  });

  test.each<[string, (socket: Parameters<Behaviour>[0]) => void]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['stalls', () => {}],
    ['handshake_failure', (socket) => socket.end(alert(40))],
  ])('after twenty connections: %s', async (_, turnAway) => {
    const pass = onward(await servers.good());
    const found = await servers.against((socket, hello, count) =>
      count > 20 ? turnAway(socket) : pass(socket, hello, count),
    );
    expect(verdicts(found).suites).toBe('unproven');
    expect(verdicts(found).versions).not.toBe('unmet');
    expect(found.seconds).toBeLessThan(20);
  });

  test('the port is closed after twenty connections', async () => {
    const pass = onward(await servers.good());
    let count = 0;
    const server = createServer((socket) => {
      count += 1;
      if (count === 20) server.close();
      socket.on('error', () => {});
      socket.once('data', (hello) => pass(socket, hello, count));
    });
    const found = await probe(await listening(server, '127.0.0.1'), {}, { tls: { connections: 32 } });
    expect(verdicts(found).suites).toBe('unproven');
    expect(verdicts(found).versions).not.toBe('unmet');
  });

  test.each([1, 2, 3, 4])(
    'resets one connection in ten by chance (%i): complete and right, or not complete',
    async (seed) => {
      const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305';
      const pass = onward(await servers.good({ ciphers, maxVersion: 'TLSv1.2' }));
      const roll = dice(seed);
      const found = await servers.against((socket, hello, count) =>
        roll() < 0.1 ? socket.resetAndDestroy() : pass(socket, hello, count),
      );
      const state = versionsOf(found).find(({ version }) => version === 'TLSv1.2');
      if (state?.state !== 'offered') return expect(state?.state).not.toBe('refused');
      const names = state.suites?.accepted.toSorted();
      const all = ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256'].map(
        (cipher) => `TLS_ECDHE_ECDSA_WITH_${cipher}`,
      );
      if (state.suites?.gap) expect(all).toEqual(expect.arrayContaining(names ?? []));
      else expect(names).toEqual(all);
      expect(verdicts(found).versions).not.toBe('unmet');
    },
  );
});

describe('a server that breaks the rules of the handshake', () => {
  test('chooses a suite that was not offered', async () => {
    const found = await servers.against((socket, hello) => {
      const { version } = helloIn(hello);
      socket.end(version === 2 ? alert(70) : serverHello(Math.min(version, 0x0303), 0xfafa));
    });
    expect(verdicts(found)).toEqual(unproven);
  });

  test('chooses a version that was not offered, one that does not exist', async () => {
    const found = await servers.against((socket) => socket.end(serverHello(0x0399, 0xc02f)));
    expect(verdicts(found)).toEqual(unproven);
  });

  test('chooses another version each time: none of them is refused', async () => {
    const found = await servers.against((socket, _, count) => socket.end(serverHello(0x0300 + (count % 4), 0xc02f)));
    const refused = versionsOf(found).filter(({ state }) => state === 'refused');
    expect(refused.filter(({ version }) => /^(SSLv3|TLSv1\.[012])$/.test(version))).toEqual([]);
    expect(verdicts(found).versions).not.toBe('met');
    expect(verdicts(found).suites).not.toBe('met');
  });

  test('says handshake_failure to what it chose a moment ago', async () => {
    // TLS 1.0 is chosen in answer to TLS 1.1, and refused when it is asked for.
    const found = await servers.against((socket, hello) => {
      const { version } = helloIn(hello);
      if (version === 0x0302) return socket.end(serverHello(0x0301, 0xc013));
      return version === 0x0303 ? socket.end(serverHello(0x0303, 0xc02f)) : socket.end(alert(40));
    });
    expect(stateOf(found, 'TLSv1.1')).toBe('refused');
    expect(stateOf(found, 'TLSv1.0')).toBe('unobserved');
  });

  test('asks for another hello again and again', async () => {
    const found = await servers.against((socket, hello) => {
      if (helloIn(hello).version !== 0x0304) return socket.end(alert(70));
      const retry = records(0x0303, helloRetry(0x1301, 23));
      socket.write(retry);
      return socket.on('data', () => socket.write(retry));
    });
    // It speaks TLS 1.3 as far as a hello shows; nobody sees a certificate.
    expect(stateOf(found, 'TLSv1.3')).toBe('offered');
    expect(verdicts(found).certificate).toBe('unproven');
    expect(found.seconds).toBeLessThan(20);
  });
});

describe('a tarpit', () => {
  test('a good server behind it: slow and right', async () => {
    const slowly = onward(
      await servers.good(),
      (chunk, socket) => {
        // In pieces of 100 bytes, 10 ms apart.
        for (let at = 0; at < chunk.length; at += 100)
          setTimeout(() => socket.writable && socket.write(chunk.subarray(at, at + 100)), 10 * (1 + at / 100));
      },
      1000,
    );
    const found = await servers.against(slowly);
    expect(stateOf(found, 'TLSv1.3')).toBe('offered');
    expect(verdicts(found)).toMatchObject({ suites: 'met' });
  });

  test('a good server whose every byte takes a second: not told, within the limit', async () => {
    const dripping = onward(await servers.good(), (chunk, socket) => drip(chunk, 1000 / hurried)(socket, chunk, 0));
    const found = await servers.against(dripping);
    expect(verdicts(found)).toEqual(unproven);
    expect(found.seconds).toBeLessThan(3.9);
  });
});
