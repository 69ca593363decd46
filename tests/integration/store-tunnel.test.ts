import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { records } from '../../src/collectors/database/records.ts';
import { type Session, type SessionTools, withSession } from '../../src/collectors/transports/database.ts';
import { serverStores } from '../../src/platform-stores.ts';
import { createMint } from '../support/certificates.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { freePort } from '../support/servers.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';
import { platformOf, toolsFor } from '../support/tools.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
const lab = sshLab();
const keyFile = join(lab.folder, 'client');
const engines = ['postgresql', 'mariadb'] as const;
type Engine = (typeof engines)[number];
let servers: Record<Engine, DatabaseServer>;
let sshd: Record<'open' | 'closed' | 'elsewhere' | 'inner', Sshd>;

beforeAll(async () => {
  const issued = mint.issue('localhost', authority);
  const [postgresql, mariadb, ...shells] = await Promise.all([
    databases.postgresql(issued),
    databases.mariadb(issued),
    ...[[], ['AllowTcpForwarding no'], ['PermitOpen 127.0.0.1:1'], []].map((settings) => lab.start(settings)),
  ]);
  servers = { postgresql, mariadb };
  const [open, closed, elsewhere, inner] = shells;
  if (!open || !closed || !elsewhere || !inner) throw new Error('no sshd');
  sshd = { open, closed, elsewhere, inner };
  postgresql.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'`);
  postgresql.admin(
    `CREATE TABLE fp (id int, at timestamptz); INSERT INTO fp SELECT n, '2024-01-01'::date + n FROM generate_series(0, 99) n; GRANT SELECT ON fp TO auditor`,
    'trade',
  );
  mariadb.admin(`CREATE DATABASE trade; CREATE TABLE trade.fp (id int, at datetime);
    INSERT INTO trade.fp SELECT seq, '2024-01-01' + INTERVAL seq DAY FROM trade.seq_0_to_99;
    CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO auditor`);
}, 120_000);

afterAll(async () => {
  await databases.remove();
  await lab[Symbol.asyncDispose]();
  mint.remove();
});

type Parts = {
  readonly via?: keyof typeof sshd;
  /** The host that is reached through `via`, and leads on. */
  readonly behind?: boolean;
  readonly store?: object;
  readonly known?: readonly string[];
  readonly signal?: AbortSignal;
};

function toolsTo(
  engine: Engine,
  { via = 'open', behind = false, store = {}, known, signal }: Parts = {},
): SessionTools {
  const ssh = { port: sshd[via].port, keyFile };
  const inner = { port: sshd.inner.port, keyFile, jump: 'bastion' };
  const platform = platformOf(
    {
      jumpHosts: [{ name: 'bastion', address: '127.0.0.1', ssh }],
      hosts: [{ name: 'db-1', address: '127.0.0.1', transport: 'ssh', ssh: inner }],
      stores: [
        {
          ...{ name: 'trade', engine, address: 'localhost', port: servers[engine].port, database: 'trade' },
          ...{ user: 'auditor', password: { env: 'SECRET' }, authority: authority.file },
          ...{ through: behind ? 'db-1' : 'bastion', tables: [{ name: 'fp', holds: 'invoices', time: 'at' }] },
          ...store,
        },
      ],
    },
    '/',
  );
  const lines = known ?? Object.values(sshd).map(({ port }) => `[127.0.0.1]:${port} ${lab.hostKey()}`);
  return {
    ...toolsFor(platform, signal, async ({ env }) => (env === 'SECRET' ? 'right' : undefined)),
    sshHome: async () => lab.home(lines),
  };
}

async function within<T>(tools: SessionTools, use: (session: Session) => Promise<T>): Promise<T> {
  const [store] = serverStores(tools.platform.stores);
  if (!store) throw new Error('no store');
  return withSession(store, tools, use);
}

const anything = z.record(z.string(), z.string().nullable());
const slow = { postgresql: 'SELECT pg_sleep(120)', mariadb: 'SELECT sleep(120)' };
const running = {
  postgresql: `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(120)%' AND pid <> pg_backend_pid()`,
  mariadb: `SELECT count(*) FROM information_schema.processlist WHERE info = 'SELECT sleep(120)'`,
};
const isRunning = (engine: Engine): boolean => servers[engine].admin(running[engine]).trim() === '1';

describe.each(engines)('%s over SSH', (engine) => {
  test.each([
    ['a jump host', false],
    ['a host behind a jump host', true],
  ])('by way of %s: read by TLS with the store’s own certificate, and nothing listens here', async (_, behind) => {
    const tools = toolsTo(engine, { behind });
    const before = listening();
    const seen = await within(tools, async (session) => ({ tls: session.tls, listening: listening() }));
    expect(seen.tls?.protocol).toBe('TLSv1.3');
    expect(seen.listening).toEqual(before);
    const [store] = serverStores(tools.platform.stores);
    expect(tools.gate.contacts().at(-1)).toMatchObject({ address: '127.0.0.1', port: store?.port, by: engine });
    expect(tools.gate.contacts().filter(({ by }) => by === 'ssh')).toHaveLength(behind ? 2 : 1);
  });

  test('the collectors read the same as without', async () => {
    const through = toolsTo(engine);
    const direct = toolsTo(engine, { store: { through: undefined } });
    const [one, other] = [through, direct].map((tools) =>
      records.collect('trade', { ...tools, now: () => new Date() }),
    );
    expect((await one)?.value).toEqual((await other)?.value);
    expect((await one)?.value).toMatchObject({ tables: [{ name: 'fp', rows: 100, oldest: '2024-01-01' }] });
  });

  test.each<[string, Parts | (() => Promise<Parts>), string, RegExp]>([
    ['forwarding is turned off', { via: 'closed' }, 'denied', /bastion does not let us through to 127\.0\.0\.1:\d+/],
    ['only another place is allowed', { via: 'elsewhere' }, 'denied', /PermitOpen/],
    ['the jump host is not the one that is known', { known: [] }, 'host-key', /bastion/],
    ['a jump host that is not declared', { store: { through: 'gone' } }, 'not-declared', /gone/],
    [
      'nobody listens there',
      async () => ({ store: { port: await freePort() } }),
      'unreachable',
      /bastion cannot reach 127\.0\.0\.1:\d+: .*refused/i,
    ],
    [
      'no trust in the certificate',
      { store: { authority: undefined } },
      'failed',
      /certificate|SELF_SIGNED|UNABLE_TO/i,
    ],
  ])('%s: says so', async (_, parts, reason, says) => {
    const given = typeof parts === 'function' ? await parts() : parts;
    const failure = within(undeclared(toolsTo(engine, declared(given)), given), async () => 'opened');
    await expect(failure).rejects.toMatchObject({ reason, message: expect.stringMatching(says) });
  });

  test('an address that is not in scope is not reached by it', async () => {
    const tools = toolsTo(engine);
    const [store] = serverStores(tools.platform.stores);
    if (!store) throw new Error('no store');
    const failure = withSession({ ...store, address: '127.0.0.2' }, tools, async () => 'opened');
    await expect(failure).rejects.toMatchObject({ name: 'ScopeError' });
  });

  test('a port that leads on to the tax authority is sent nothing', async () => {
    const tools = toolsTo(engine);
    const [store] = serverStores(tools.platform.stores);
    tools.gate.withhold([{ ports: `${store?.port}`, onlyLoopback: false, why: 'nginx.conf:1' }]);
    await expect(within(tools, async () => 'opened')).rejects.toMatchObject({ reason: 'refused' });
    expect(tools.gate.contacts()).toEqual([]);
  });

  test('a certificate for another name is not accepted', async () => {
    const other = await databases[engine](mint.issue('elsewhere', authority, { names: 'DNS:elsewhere' }));
    const failure = within(toolsTo(engine, { store: { port: other.port } }), async () => 'opened');
    await expect(failure).rejects.toMatchObject({ reason: 'failed', message: expect.stringMatching(/altnames/i) });
  });

  test('an interruption ends the statement on the server, and the SSH connection', async () => {
    const stop = new AbortController();
    const failure = within(toolsTo(engine, { signal: stop.signal }), (session) =>
      session.query(anything, slow[engine]),
    );
    failure.catch(() => undefined);
    await eventually(() => isRunning(engine));
    stop.abort();
    await expect(failure).rejects.toThrow();
    await eventually(() => !isRunning(engine) && sessions(sshd.open) === 0);
  });

  test('a connection that breaks in the middle of a statement is a failure at once, and leaves none running', async () => {
    const began = Date.now();
    const failure = within(toolsTo(engine), (session) => session.query(anything, slow[engine]));
    failure.catch(() => undefined);
    await eventually(() => isRunning(engine));
    for (const id of sessionsOf(sshd.open)) process.kill(id, 'SIGKILL');
    await expect(failure).rejects.toMatchObject({ name: 'Unavailable' });
    expect(Date.now() - began).toBeLessThan(15_000);
    await eventually(() => !isRunning(engine));
  });
});

// The platform file would be refused: the store is declared without, and asked with it.
function declared(parts: Parts): Parts {
  return parts.store && 'through' in parts.store ? { ...parts, store: {} } : parts;
}

function undeclared(tools: SessionTools, { store = {} }: Parts): SessionTools {
  const stores = serverStores(tools.platform.stores).map((each) => ({ ...each, ...store }));
  return { ...tools, platform: { ...tools.platform, stores } };
}

/** Ports that this machine’s processes listen at, of this process alone. */
function listening(): string[] {
  const lines = execFileSync('ss', ['-Hltnp']).toString().split('\n');
  return lines.filter((line) => line.includes(`pid=${process.pid},`));
}

/** The processes of the server that serve a session each. */
function sessionsOf({ port }: Sshd): number[] {
  const lines = execFileSync('ss', ['-Htnp', 'state', 'established', `sport = :${port}`]).toString();
  return [...new Set([...lines.matchAll(/pid=(\d+)/g)].map(([, id]) => Number(id)))].filter(isSshd);
}

function sessions(server: Sshd): number {
  return sessionsOf(server).length;
}

function isSshd(id: number): boolean {
  return /sshd/.test(readFileSync(`/proc/${id}/cmdline`, 'utf8'));
}

// Polls, for what another program sees a moment later.
async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('did not come about');
    await delay(50);
  }
}
