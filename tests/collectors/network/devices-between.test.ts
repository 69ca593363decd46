import { afterEach, describe, expect, test } from 'vitest';
import { cipherSuites } from '../../../src/evidence/network/cipher-suites.ts';
import { alert, createServers, helloIn, offeredIn, serverHello, surveyed } from '../../support/tls-servers.ts';

const servers = createServers();
afterEach(() => servers.close());

const ecdhe = 0xc02f;
const aes = 0x002f;
const rc4 = 0x0005;
const tripleDes = 0x000a;
const seed = 0x0096;

const isOffensive = (suite: number): boolean => /NULL|EXPORT/.test(cipherSuites.get(suite) ?? '');

type Behind = Readonly<Record<number, readonly number[]>>;

// Takes these suites of each version, in this order; `refuses` answers for it with an alert.
const guarded = (accepted: Behind, refuses: (suites: readonly number[]) => boolean) =>
  servers.raw((socket, bytes) => {
    const { version, suites } = helloIn(bytes);
    const own = accepted[version];
    if (!own) return socket.end(alert(70));
    const suite = own.find((each) => suites.includes(each));
    return socket.end(suite === undefined || refuses(suites) ? alert(40) : serverHello(version, suite));
  });

describe('a device before the server that refuses hellos for what stands beside', () => {
  test('what it hides is not taken for refused', async () => {
    const port = await guarded({ 771: [ecdhe, rc4] }, (suites) => suites.some(isOffensive));
    const { accepted, gap } = offeredIn((await surveyed(port)).value, 'TLSv1.2').suites ?? {};
    expect(accepted?.includes('TLS_RSA_WITH_RC4_128_SHA') || gap !== undefined).toBe(true);
  });

  test('nor is a version that common clients are let into', async () => {
    const port = await guarded({ 771: [ecdhe], 769: [aes] }, (suites) => suites.some(isOffensive));
    const { versions } = (await surveyed(port)).value;
    expect(versions.find(({ version }) => version === 'TLSv1.0')?.state).toBe('offered');
  });
});

test('a server that fails with the suite it likes best, and refuses others with it', async () => {
  const port = await guarded({ 771: [ecdhe, tripleDes] }, (suites) => suites.includes(seed) && !suites.includes(ecdhe));
  const { accepted, gap } = offeredIn((await surveyed(port)).value, 'TLSv1.2').suites ?? {};
  expect(accepted?.includes('TLS_RSA_WITH_3DES_EDE_CBC_SHA') || gap !== undefined).toBe(true);
});

test('a server that says “protocol version” where it means the suites', async () => {
  const port = await servers.raw((socket, bytes) => {
    const { version, suites } = helloIn(bytes);
    const suite = version === 0x0303 ? ecdhe : version === 0x0301 ? rc4 : undefined;
    return socket.end(suite && suites.includes(suite) ? serverHello(version, suite) : alert(70));
  });
  const { versions } = (await surveyed(port)).value;
  expect(versions.find(({ version }) => version === 'TLSv1.0')?.state).toBe('offered');
});
