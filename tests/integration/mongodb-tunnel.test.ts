import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { SessionTools } from '../../src/collectors/transports/database.ts';
import { type MongoSession, withMongo } from '../../src/collectors/transports/mongodb.ts';
import { createMint } from '../support/certificates.ts';
import { createMongoServers, type MongoServer } from '../support/mongo-server.ts';
import { mongoTools, worldOf } from '../support/mongo-stores.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const servers = createMongoServers();
const lab = sshLab();
let server: MongoServer;
let sshd: Record<'open' | 'closed', Sshd>;

beforeAll(async () => {
  const databases = { trade: { invoices: { documents: [{ _id: 1 }] }, slow: { isSlow: true } } };
  const world = worldOf({ databases, version: '4.0.28' });
  const [started, open, closed] = await Promise.all([
    servers.start(world, mint.issue('localhost', authority)),
    lab.start(),
    lab.start(['AllowTcpForwarding no']),
  ]);
  server = started;
  sshd = { open, closed };
}, 120_000);

afterAll(async () => {
  await servers.remove();
  await lab[Symbol.asyncDispose]();
  mint.remove();
});

function toolsBy(way: keyof typeof sshd, signal?: AbortSignal): SessionTools {
  const tls = { address: 'localhost', tls: 'verified', authority: authority.file, through: 'bastion' };
  const ssh = { port: sshd[way].port, keyFile: join(lab.folder, 'client') };
  const jumpHosts = [{ name: 'bastion', address: '127.0.0.1', ssh }];
  const known = [`[127.0.0.1]:${ssh.port} ${lab.hostKey()}`];
  return {
    ...mongoTools(server, tls, { jumpHosts, ...(signal ? { signal } : {}) }),
    sshHome: async () => lab.home(known),
  };
}

async function within<T>(tools: SessionTools, use: (session: MongoSession) => Promise<T>): Promise<T> {
  const [store] = tools.platform.stores;
  if (store?.engine !== 'mongodb') throw new Error('no such store');
  return withMongo(store, tools, use);
}

const read = (collection: string) => (session: MongoSession) =>
  session.rows(z.unknown(), 'trade', { aggregate: collection, pipeline: [{ $limit: 1 }], cursor: {} });

/** Whether no SSH session is open: a connection that ended is no longer established on either side. */
const hasNone = (): boolean =>
  execFileSync('ss', ['-Htn', 'state', 'established', `sport = :${sshd.open.port}`]).toString() === '';

test('is read by TLS with the store’s own certificate, and the SSH connection ends with it', async () => {
  const tools = toolsBy('open');
  const found = await within(tools, async (session) => ({
    tls: session.tls,
    rows: await read('invoices')(session),
    hasNone: hasNone(),
  }));
  expect(found).toMatchObject({ tls: { protocol: 'TLSv1.3' }, rows: [{ _id: 1 }], hasNone: false });
  expect(tools.gate.contacts().map(({ by }) => by)).toEqual(['ssh', 'mongodb']);
  await expect.poll(hasNone, { timeout: 10_000 }).toBe(true);
});

test('what the jump host refuses is said', async () => {
  await expect(within(toolsBy('closed'), async () => 'opened')).rejects.toMatchObject({
    reason: 'denied',
    message: expect.stringMatching(/bastion does not let us through/),
  });
});

test('an interruption ends the read on the server, and the SSH connections', async () => {
  const abort = new AbortController();
  const failure = within(toolsBy('open', abort.signal), read('slow')).catch((error: unknown) => error);
  await expect.poll(() => server.running(), { timeout: 10_000 }).toBe(1);
  abort.abort();
  expect(await failure).toBeInstanceOf(Error);
  await expect.poll(() => server.running(), { timeout: 10_000 }).toBe(0);
  expect(server.said().some((each) => 'killOp' in each)).toBe(true);
  await expect.poll(hasNone, { timeout: 10_000 }).toBe(true);
});
