import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type MongoSession, withMongo } from '../../../src/collectors/transports/mongodb.ts';
import { createMint } from '../../support/certificates.ts';
import { createMongoServers, message } from '../../support/mongo-server.ts';
import { auditor, mongoTools, worldOf } from '../../support/mongo-stores.ts';
import type { MongoWorld } from '../../support/mongo-world.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const issued = mint.issue('localhost', authority);
const servers = createMongoServers();

afterAll(async () => {
  await servers.remove();
  mint.remove();
});

const anything = z.record(z.string(), z.unknown());
const trade = { invoices: { documents: [{ _id: 1, at: new Date('2024-02-29T15:30:00Z') }, { _id: 2 }] } };

type Asked = Parameters<typeof mongoTools>;

async function within<T>(use: (session: MongoSession) => Promise<T>, ...asked: Asked): Promise<T> {
  const tools = mongoTools(...asked);
  const [store] = tools.platform.stores;
  if (store?.engine !== 'mongodb') throw new Error('no such store');
  return withMongo(store, tools, use);
}

const opened = async (): Promise<string> => 'opened';

/** What stands in the way of a session with such a server. */
async function failureOf(world: MongoWorld, parts = {}, options = {}, proves = true): Promise<unknown> {
  const server = await servers.start(world, undefined, { proves });
  return within(opened, server, parts, options).catch((error: unknown) => error);
}

describe('the stand-in is a server to the official driver', () => {
  const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const;

  test.each(mechanisms)('which logs in by %s over TLS, and reads', async (authMechanism) => {
    const server = await servers.start(worldOf({ databases: { trade } }), issued);
    const client = new MongoClient(`mongodb://127.0.0.1:${server.port}/`, {
      auth: { username: auditor.user, password: auditor.password },
      authMechanism,
      directConnection: true,
      serverApi: '1',
      tls: true,
      tlsCAFile: authority.file,
    });
    const invoices = client.db('trade').collection('invoices');
    expect(await invoices.aggregate([{ $match: { at: { $gte: new Date(0) } } }, { $count: 'n' }]).toArray()).toEqual([
      { n: 1 },
    ]);
    expect(await invoices.indexes()).toEqual([{ v: 2, key: { _id: 1 }, name: '_id_' }]);
    await expect(invoices.deleteMany({})).rejects.toThrow(/not authorized/);
    await client.close();
    const stranger = new MongoClient(`mongodb://leqi_audit:wrong@127.0.0.1:${server.port}/`, {
      directConnection: true,
      serverApi: '1',
      tls: true,
      tlsCAFile: authority.file,
    });
    await expect(stranger.db('trade').command({ ping: 1 })).rejects.toThrow(/Authentication failed/);
    await stranger.close();
  });
});

describe('a session', () => {
  test('is protected by TLS, and says what the server is', async () => {
    const server = await servers.start(worldOf({ databases: { trade }, members: [{}, {}] }), issued);
    const found = await within(
      async (session) => ({
        ...session,
        documents: await session.rows(anything, 'trade', {
          aggregate: 'invoices',
          pipeline: [{ $limit: 5 }],
          cursor: {},
        }),
      }),
      server,
      { tls: 'verified', authority: authority.file },
    );
    expect(found).toMatchObject({
      version: 'MongoDB 7.0.14',
      tls: { protocol: 'TLSv1.3' },
      isRouter: false,
      set: 'rs0',
      isOpen: false,
      documents: [{ _id: 1, at: new Date('2024-02-29T15:30:00Z') }, { _id: 2 }],
    });
  });

  test.each([
    ['SCRAM-SHA-1', 'right'],
    ['SCRAM-SHA-256', 'right'],
    ['SCRAM-SHA-256', '密码\u00A0Ⅸ=,'],
  ])('logs in by %s with %s', async (mechanism, password) => {
    const user = { ...auditor, user: 'a=b,张', password, mechanisms: [mechanism] };
    const server = await servers.start(worldOf({ users: [user] }));
    expect(await within(opened, server, { user: user.user }, { password })).toBe('opened');
    expect(server.said().find((each) => 'saslStart' in each)?.mechanism).toBe(mechanism);
  });

  test.each<[string, MongoWorld, object, object, object]>([
    ['a wrong password', worldOf(), {}, { password: 'wrong' }, { reason: 'denied', message: 'AuthenticationFailed' }],
    ['an unknown account', worldOf(), { user: 'x' }, {}, { reason: 'denied', message: 'AuthenticationFailed' }],
    ['a password that is not there', worldOf(), { password: { env: 'OTHER' } }, {}, { reason: 'denied' }],
    ['an account of another database', worldOf(), { authDatabase: 'trade' }, {}, { reason: 'denied' }],
    [
      'an account that logs in by a certificate',
      worldOf({ users: [{ ...auditor, user: 'x', mechanisms: ['MONGODB-X509'] }] }),
      { user: 'x' },
      {},
      { reason: 'not-supported', message: expect.stringMatching(/MONGODB-X509/) },
    ],
  ])('%s: says so', async (_, world, parts, options, says) => {
    expect(await failureOf(world, parts, options)).toMatchObject(says);
  });

  test('a server that does not know the password itself is not believed', async () => {
    expect(await failureOf(worldOf(), {}, {}, false)).toMatchObject({
      reason: 'denied',
      message: expect.stringMatching(/prove/),
    });
  });

  test.each<[string, object, RegExp]>([
    ['nobody vouches for the certificate', { tls: 'verified' }, /certificate|SELF_SIGNED|UNABLE_TO/i],
    ['the server speaks no TLS', { tls: 'unverified', port: 0 }, /./],
  ])('%s: no login is tried', async (_, parts, says) => {
    const server = await servers.start(worldOf(), 'port' in parts ? undefined : issued);
    const failure = within(opened, server, { ...parts, port: server.port });
    await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(says) });
    expect(server.said()).toEqual([]);
  });

  test('a certificate of another name is not accepted', async () => {
    const other = mint.issue('elsewhere', authority, { names: 'IP:127.0.0.9,DNS:elsewhere' });
    const server = await servers.start(worldOf(), other);
    const failure = within(opened, server, { tls: 'verified', authority: authority.file });
    await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(/ALTNAME|altnames/i) });
    expect(server.said()).toEqual([]);
  });

  test('nobody listens: says so', async () => {
    await expect(within(opened, { port: 1 })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('a server where privileges bind nobody is told', async () => {
    const server = await servers.start(worldOf({ isOpen: true }));
    expect(await within(async ({ isOpen }) => isOpen, server)).toBe(true);
  });

  test('of a server before 4.4.2 the greeting has its old name', async () => {
    const server = await servers.start(
      worldOf({
        odd: (command) =>
          'hello' in command
            ? { ok: 0, code: 59, codeName: 'CommandNotFound' }
            : 'isMaster' in command
              ? { maxWireVersion: 8, ok: 1 }
              : undefined,
      }),
    );
    expect(await within(opened, server)).toBe('opened');
  });
});

describe('what is said', () => {
  test.each([
    { delete: 'invoices', deletes: [{ q: {}, limit: 0 }] },
    { dropDatabase: 1 },
    { aggregate: 'invoices', pipeline: [{ $match: {} }, { $out: 'other' }], cursor: {} },
    { explain: { delete: 'invoices', deletes: [] } },
    { explain: { aggregate: 'invoices', pipeline: [{ $merge: 'other' }] } },
  ])('%o never leaves', async (command) => {
    const server = await servers.start(worldOf({ databases: { trade } }));
    await expect(within((session) => session.ask(anything, 'trade', command), server)).rejects.toThrow(
      /not to be said/,
    );
    expect(server.said().map((each) => Object.keys(each)[0])).not.toContain(Object.keys(command)[0]);
  });

  test('each read bears its limit of time, and may be answered by a secondary', async () => {
    const server = await servers.start(worldOf({ databases: { trade } }));
    await within(
      (session) => session.rows(anything, 'trade', { listIndexes: 'invoices' }),
      server,
      {},
      { statement: 7 },
    );
    expect(server.said().at(-1)).toMatchObject({
      $db: 'trade',
      maxTimeMS: 7000,
      $readPreference: { mode: 'secondaryPreferred' },
    });
  });

  test('what is refused is said by name, for a message may quote the data', async () => {
    const odd: MongoWorld['odd'] = (command) =>
      'aggregate' in command
        ? { ok: 0, code: 2, codeName: 'BadValue', errmsg: 'canary 37020219900101123X' }
        : undefined;
    const server = await servers.start(worldOf({ odd }));
    const failure = within(
      (session) => session.rows(anything, 'trade', { aggregate: 'x', pipeline: [], cursor: {} }),
      server,
    );
    await expect(failure).rejects.toMatchObject({ reason: 'failed', message: 'BadValue' });
  });
});

describe('a read that takes too long', () => {
  const read = (session: MongoSession) =>
    session.rows(anything, 'trade', { aggregate: 'slow', pipeline: [{ $limit: 1 }], cursor: {} });
  const world = worldOf({ databases: { trade: { slow: { isSlow: true } } } });

  test('is ended by the server', async () => {
    const server = await servers.start(world);
    const failure = within(read, server, {}, { statement: 1 });
    await expect(failure).rejects.toMatchObject({ reason: 'timed-out', message: 'MaxTimeMSExpired' });
    expect(server.running()).toBe(0);
  });

  // The older one goes on though the client is gone.
  test.each(['7.0.14', '4.0.28'])('is ended on a server of %s when the scan is interrupted', async (version) => {
    const server = await servers.start({ ...world, version });
    const abort = new AbortController();
    const running = within(read, server, {}, { signal: abort.signal });
    const failure = running.catch((error: unknown) => error);
    await expect.poll(() => server.running()).toBe(1);
    abort.abort();
    expect(await failure).toBeInstanceOf(Error);
    await expect.poll(() => server.said().some((each) => 'currentOp' in each)).toBe(true);
    await expect.poll(() => server.running()).toBe(0);
    expect(server.said().some((each) => 'killOp' in each)).toBe(version === '4.0.28');
  });
});

describe('a hostile answer', () => {
  const first = (answer: Document | Buffer): MongoWorld => worldOf({ odd: () => answer });
  const whole = message(1, { ok: 1 });
  const changed = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(whole);
    change(copy);
    return copy;
  };
  type Document = Record<string, unknown>;

  test.each<[string, Document | Buffer]>([
    ['no message at all', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\nmore than a header')],
    ['of a length that cannot be', changed((copy) => copy.writeInt32LE(-1, 0))],
    ['of a length beyond the limit', changed((copy) => copy.writeInt32LE(2_000_000_000, 0))],
    ['to another question', changed((copy) => copy.writeInt32LE(77, 8))],
    ['by another operation', changed((copy) => copy.writeInt32LE(1, 12))],
    ['with more to come', changed((copy) => copy.writeUInt32LE(2, 16))],
    ['in another section', changed((copy) => copy.writeUInt8(1, 20))],
    ['whose document is cut', changed((copy) => copy.writeInt32LE(500, 21))],
    ['twice', Buffer.concat([whole, whole])],
    ['without what was asked for', { ok: 1 }],
    ['that is not said to be well', { maxWireVersion: 21 }],
    ['refused in an odd way', { ok: 0, code: 'x', codeName: 7 }],
    ['of other types', { ok: 1, maxWireVersion: 'x', setName: 3 }],
  ])('%s: fails, and nothing more', async (_, answer) => {
    const failure = await failureOf(first(answer));
    expect(failure).toMatchObject({ reason: expect.stringMatching(/^(failed|unreachable|unparsable)$/) });
  });

  test.each([
    ['few rounds', 'i=1'],
    ['rounds that would keep us busy', 'i=2000000000'],
    ['another nonce', 'r=other'],
  ])('a login with %s: is not gone on with', async (_, change) => {
    const server = await servers.start(
      worldOf({
        odd: (command) => {
          if (!('saslStart' in command)) return undefined;
          const nonce = /r=(.*)$/.exec(Buffer.from(command.payload.buffer).toString())?.[1];
          const words = change.startsWith('r') ? `${change},s=AAAA,i=4096` : `r=${nonce}x,s=AAAA,${change}`;
          return { ok: 1, done: false, conversationId: 1, payload: Buffer.from(words) };
        },
      }),
    );
    await expect(within(opened, server)).rejects.toMatchObject({ reason: 'denied' });
    expect(server.said().some((each) => 'saslContinue' in each)).toBe(false);
  });
});
