import { createServer as createTls, type Server, type TlsOptions } from 'node:tls';
import { expect, vi } from 'vitest';
import type { Check } from '../../checks/check.ts';
import { check as certificateCheck } from '../../checks/tls/certificate.ts';
import { check as suitesCheck } from '../../checks/tls/cipher-suites.ts';
import { check as versionsCheck } from '../../checks/tls/protocol-versions.ts';
import { Unavailable } from '../../src/collectors/collector.ts';
import { tls } from '../../src/collectors/network/tls.ts';
import { type Certificate, tls as kind, type Tls, type TlsVersionState } from '../../src/evidence/network/tls.ts';
import { endpointName } from '../../src/evidence/subjects.ts';
import { printable } from '../../src/text.ts';
import type { Issued } from './certificates.ts';
import { seen, verdictOf } from './check-tester.ts';
import { declaration, endpoint } from './declaration.ts';
import { message, records, serverHelloBody } from './flights.ts';
import type { Behaviour } from './hostile-servers.ts';
import { listening } from './servers.ts';
import { createServers, helloIn } from './tls-servers.ts';
import { platformOf, toolsFor } from './tools.ts';

/** What came of probing one port; every text in it was found printable, and all of it short. */
export type Found = {
  readonly value: Tls | undefined;
  readonly unavailable: string | undefined;
  readonly seconds: number;
};

/** Probes a port of this machine with the real collector. */
export async function probe(port: number, more: { serverName?: string } = {}, limits: object = {}): Promise<Found> {
  const address = '127.0.0.1';
  const platform = platformOf({ limits, endpoints: [{ address, port, direction: 'inbound', ...more }] });
  const started = performance.now();
  const [value, unavailable] = await tls.collect(endpointName({ address, port }), toolsFor(platform)).then(
    (found) => [kind.value.parse(found.value), undefined] as const,
    (error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
      return [undefined, error.reason] as const;
    },
  );
  const text = JSON.stringify(value ?? '');
  expect(printable(text)).toBe(text);
  expect(text.isWellFormed()).toBe(true);
  expect(text.length).toBeLessThan(200_000);
  return { value, unavailable, seconds: (performance.now() - started) / 1000 };
}

/** Good servers and bad ones of one test file. */
export function createVictims(usual: Issued) {
  const bad = createServers();
  const good: Server[] = [];
  return {
    raw: bad.raw,
    async against(behaviour: Behaviour, more?: { serverName?: string }): Promise<Found> {
      return probe(await bad.raw(behaviour), more);
    },
    async good(options: TlsOptions = {}, { key, chain }: Issued = usual): Promise<number> {
      const server = createTls({ key, cert: chain, ...options }, (socket) => socket.on('error', () => {}));
      server.on('tlsClientError', () => {});
      good.push(server);
      return listening(server, '127.0.0.1');
    },
    close(): void {
      bad.close();
      for (const server of good.splice(0)) server.close();
    },
  };
}

/** The verdicts of the checks on versions, suites and certificate, with the parameters of a strict profile. */
export function verdicts({ value }: Pick<Found, 'value'>): { versions: string; suites: string; certificate: string } {
  if (!value) return unproven;
  return {
    versions: verdict(versionsCheck, value, {
      allowed: ['TLSv1.2', 'TLSv1.3'],
      forbidden: ['TLSv1.1', 'TLSv1.0', 'SSLv3', 'SSLv2'],
    }),
    suites: verdict(suitesCheck, value, { forbid: ['null', 'rc4'], forwardSecrecy: 'preferred', minDhBits: 2048 }),
    certificate: verdict(certificateCheck, value, {
      minRsaBits: 2048,
      minEcBits: 256,
      weakHashes: ['md5', 'sha1'],
      through: 'validity-end',
    }),
  };
}

export const unproven = { versions: 'unproven', suites: 'unproven', certificate: 'unproven' };

export function versionsOf({ value }: Found): readonly TlsVersionState[] {
  return value?.speaksTls ? value.versions : [];
}

export function stateOf(found: Found, version: string): string | undefined {
  return versionsOf(found).find((each) => each.version === version)?.state;
}

export function chainOf({ value }: Found): readonly Certificate[] | undefined {
  return value?.speaksTls ? value.certificate?.chain : undefined;
}

/** A ServerHello in the version that was asked for, TLS 1.3 excepted, and what follows it. */
export function answered(hello: Buffer, ...rest: Buffer[]) {
  const { version } = helloIn(hello);
  const suite = version === 0x0304 ? 0x1301 : 0xc02f;
  return Buffer.concat([records(0x0303, message(2, serverHelloBody(Math.min(version, 0x0303), suite))), ...rest]);
}

/** By how much {@link hurry} shortens time limits. */
export const hurried = 5;

/** Time limits of seconds take a fifth of them until the globals are unstubbed; shorter pauses are left alone. */
export function hurry(): void {
  const inTime = setTimeout;
  vi.stubGlobal('setTimeout', (call: () => void, milliseconds = 0) =>
    inTime(call, milliseconds >= 5000 ? milliseconds / hurried : milliseconds),
  );
}

// Seen a day from now: the certificates have just been made.
function verdict(check: Check, value: Tls, parameters: object): string {
  const on = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const evidence = {
    tls: [seen('tls', value, { subject: '127.0.0.1:443', on })],
    platform: [seen('platform', declaration({ endpoints: [endpoint({})] }))],
  };
  return verdictOf(check, evidence, parameters, on);
}
