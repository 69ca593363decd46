import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ownRights } from '../../../src/collectors/database/own-rights.ts';
import { type Session, withSession } from '../../../src/collectors/transports/database.ts';
import type { ServerStore } from '../../../src/platform-stores.ts';
import { createMint } from '../../support/certificates.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
const servers = new Map<string, DatabaseServer>();

beforeAll(async () => {
  const issued = mint.issue('localhost', authority);
  const [postgresql, mariadb] = await Promise.all([databases.postgresql(issued), databases.mariadb(issued)]);
  servers.set('postgresql', postgresql).set('mariadb', mariadb);
  postgresql.admin(`
    CREATE DATABASE trade;
    CREATE ROLE auditor LOGIN PASSWORD 'right';
    CREATE ROLE clerk LOGIN PASSWORD 'right';
    CREATE ROLE writers NOLOGIN; GRANT writers TO clerk;
    CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'right'`);
  postgresql.admin(
    `CREATE TABLE invoices (id bigint, at timestamptz, total numeric(20, 6)); INSERT INTO invoices VALUES (9007199254740993, '2024-02-29 23:30+08', 12345678901234.000001), (2, NULL, 0.1);
     GRANT SELECT ON invoices TO auditor, clerk; GRANT DELETE ON invoices TO writers;
     CREATE TABLE hidden (id int); INSERT INTO hidden VALUES (1); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; GRANT SELECT ON hidden TO auditor;
     CREATE POLICY none ON hidden USING (false)`,
    'trade',
  );
  mariadb.admin(`
    CREATE DATABASE trade;
    CREATE TABLE trade.invoices (id bigint, at timestamp NULL, total decimal(20, 6));
    SET time_zone = '+08:00'; INSERT INTO trade.invoices VALUES (9007199254740993, '2024-02-29 23:30:00', 12345678901234.000001), (2, NULL, 0.1);
    CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO auditor;
    CREATE USER clerk IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO clerk; CREATE ROLE writers; GRANT DELETE ON trade.invoices TO writers; GRANT writers TO clerk;
    CREATE USER boss IDENTIFIED BY 'right'; GRANT ALL ON *.* TO boss`);
}, 120_000);

afterAll(async () => {
  await databases.remove();
  mint.remove();
});

type Engine = 'postgresql' | 'mariadb';

function storeOf(engine: Engine, parts: Partial<ServerStore> = {}): ServerStore {
  return {
    name: 'store',
    engine,
    address: '127.0.0.1',
    port: servers.get(engine)?.port,
    database: 'trade',
    user: 'auditor',
    password: { env: 'SECRET' },
    tls: 'verified',
    authority: authority.file,
    mayWrite: false,
    tables: [{ name: 'invoices', holds: 'invoices', time: 'at', columns: {} }],
    ...parts,
  };
}

async function within<T>(store: ServerStore, use: (session: Session) => Promise<T>, options: Options = {}): Promise<T> {
  const { password = 'right', signal = new AbortController().signal, statement = 60 } = options;
  const platform = platformOf({ stores: [store], limits: { stores: { statement } } }, '/');
  return withSession(
    store,
    toolsFor(platform, signal, async ({ env }) => (env === 'SECRET' ? password : undefined)),
    use,
  );
}

type Options = { password?: string; signal?: AbortSignal; statement?: number };

const anything = z.record(z.string(), z.string().nullable());
const engines = ['postgresql', 'mariadb'] as const;
const slow = { postgresql: 'SELECT pg_sleep(120)', mariadb: 'SELECT sleep(120)' };
const running = {
  postgresql: `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(120)%' AND pid <> pg_backend_pid()`,
  mariadb: `SELECT count(*) FROM information_schema.processlist WHERE info = 'SELECT sleep(120)'`,
};

describe.each(engines)('%s', (engine) => {
  const at = engine === 'postgresql' ? 'public.invoices' : 'invoices';
  const admin = (sql: string): string => servers.get(engine)?.admin(sql).trim() ?? '';

  test('numbers keep every digit, times are in UTC, the session is protected', async () => {
    const { rows, tls, version } = await within(storeOf(engine), async (session) => ({
      rows: await session.query(anything, `SELECT id, at, total FROM ${at} ORDER BY id DESC`),
      tls: session.tls,
      version: session.version,
    }));
    expect(rows[0]).toEqual({
      id: '9007199254740993',
      at: expect.stringMatching(/^2024-02-29 15:30:00/),
      total: '12345678901234.000001',
    });
    expect(rows[1]).toMatchObject({ at: null });
    expect(tls?.protocol).toBe('TLSv1.3');
    expect(version).toMatch(engine === 'postgresql' ? /^PostgreSQL 15/ : /MariaDB/);
  });

  test.each([`DELETE FROM ${at}`, `CREATE TABLE other (id int)`])('%s is refused by the server', async (sql) => {
    const before = admin(engine === 'postgresql' ? 'SELECT 1' : `SELECT count(*) FROM trade.invoices`);
    await expect(within(storeOf(engine, { user: 'boss' }), (session) => session.query(anything, sql))).rejects.toThrow(
      /read.only/i,
    );
    expect(admin(engine === 'postgresql' ? 'SELECT 1' : `SELECT count(*) FROM trade.invoices`)).toBe(before);
  });

  test.each<[string, Partial<ServerStore>, Options, string, RegExp]>([
    ['a wrong password', {}, { password: 'wrong' }, 'denied', /28P01|ACCESS_DENIED/],
    ['a password that is not there', { password: { env: 'OTHER' } }, {}, 'denied', /OTHER is not set/],
    ['another database', { database: 'nothing' }, {}, engine === 'postgresql' ? 'not-found' : 'denied', /./],
    ['no trust in the certificate', { authority: undefined }, {}, 'failed', /certificate|SELF_SIGNED|UNABLE_TO/i],
    ['nobody listens', { port: 1 }, {}, 'unreachable', /ECONNREFUSED/],
  ])('%s: says so', async (_, parts, options, reason, says) => {
    const { authority: file, ...rest } = storeOf(engine, parts);
    const store = 'authority' in parts ? rest : { ...rest, authority: file };
    const failure = within(store, async () => 'opened', options);
    await expect(failure).rejects.toMatchObject({ reason, message: expect.stringMatching(says) });
  });

  test('a certificate for another address is not accepted, and no password is said', async () => {
    const other = mint.issue('elsewhere', authority, { names: 'IP:127.0.0.9,DNS:elsewhere' });
    const server = await databases[engine](other);
    const failure = within(storeOf(engine, { port: server.port }), async () => 'opened');
    await expect(failure).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(/ALTNAME|altnames/i),
    });
    expect(server.log()).not.toMatch(/auditor/);
  });

  test('a statement that takes too long is ended by the server', async () => {
    await expect(
      within(storeOf(engine), (session) => session.query(anything, slow[engine]), { statement: 1 }),
    ).rejects.toMatchObject({ reason: 'timed-out' });
    expect(admin(running[engine])).toBe('0');
  });

  test('an interruption ends the statement on the server', async () => {
    const stop = new AbortController();
    const failure = within(storeOf(engine), (session) => session.query(anything, slow[engine]), {
      signal: stop.signal,
    });
    failure.catch(() => undefined);
    await eventually(() => admin(running[engine]) === '1');
    stop.abort();
    await expect(failure).rejects.toThrow();
    await eventually(() => admin(running[engine]) === '0');
    // Not only because the server looks for the client, which older ones do not.
    if (engine === 'postgresql') expect(servers.get(engine)?.log()).toMatch(/canceling statement due to user request/);
  });

  test('a failure that quotes a value does not say it', async () => {
    const sql = { postgresql: `SELECT 'canary'::int`, mariadb: `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'canary'` };
    const failure = within(storeOf(engine), (session) => session.query(anything, sql[engine]));
    await expect(failure).rejects.toMatchObject({ reason: 'failed', message: /^(?:22P02|ER_SIGNAL_EXCEPTION)$/ });
  });

  test('after a failed statement the session goes on', async () => {
    const [row] = await within(storeOf(engine), async (session) => {
      await expect(session.query(anything, 'SELECT nothing FROM nowhere')).rejects.toMatchObject({
        reason: 'not-found',
      });
      return session.query(anything, 'SELECT 1 AS one');
    });
    expect(row).toEqual({ one: '1' });
  });

  test('many rows are handed over as they come; what is thrown meanwhile fails the statement alone', async () => {
    const many =
      engine === 'postgresql' ? 'SELECT g AS n FROM generate_series(1, 5000) g' : 'SELECT seq AS n FROM seq_1_to_5000';
    await within(storeOf(engine), async (session) => {
      let sum = 0;
      await session.each(many, [], ({ n }) => {
        sum += Number(n);
      });
      expect(sum).toBe(12_502_500);
      const failure = session.each(many, [], ({ n }) => {
        if (n === '7') throw new Error('seven');
      });
      await expect(failure).rejects.toThrow('seven');
      expect(await session.query(anything, 'SELECT 1 AS one')).toEqual([{ one: '1' }]);
    });
  });

  test('a store has one session at a time', async () => {
    const platform = platformOf({ stores: [storeOf(engine)] }, '/');
    const tools = toolsFor(platform, new AbortController().signal, async () => 'right');
    const events: string[] = [];
    const use = (name: string) => async () => {
      events.push(`${name} in`);
      await delay(20);
      events.push(`${name} out`);
    };
    await Promise.all(['a', 'b'].map((name) => withSession(storeOf(engine), tools, use(name))));
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  test.each([
    ['auditor', []],
    ['clerk', [expect.stringMatching(/DELETE ON .*invoices/)]],
  ])('%s may change: %o', async (user, rights) => {
    expect(await within(storeOf(engine, { user }), ownRights)).toEqual(rights);
  });

  test('who may do everything is seen', async () => {
    const rights = await within(storeOf(engine, { user: 'boss' }), ownRights);
    expect(rights[0]).toMatch(/superuser|ALL PRIVILEGES ON \*\.\*/);
  });
});

test.each(engines)('%s: a server that dies among the rows leaves a failure, not fewer rows', async (engine) => {
  const server = await databases[engine](mint.issue('localhost', authority));
  server.admin(
    engine === 'postgresql'
      ? `CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'`
      : `CREATE DATABASE trade; CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO auditor`,
  );
  const slowly =
    engine === 'postgresql'
      ? `SELECT repeat('x', 10000) AS x, CASE WHEN g > 3000 THEN pg_sleep(0.01) END FROM generate_series(1, 9000) g`
      : `SELECT repeat('x', 10000) AS x, IF(seq > 3000, sleep(0.01), 0) FROM seq_1_to_9000`;
  let rows = 0;
  const failure = within(storeOf(engine, { port: server.port }), (session) =>
    session.each(slowly, [], () => {
      rows += 1;
      if (rows === 100) server.kill();
    }),
  );
  await expect(failure).rejects.toMatchObject({ name: 'Unavailable' });
  expect(rows).toBeGreaterThanOrEqual(100);
});

test('MariaDB: a limit of rows that holds for all does not cut an answer short', async () => {
  servers.get('mariadb')?.admin('SET GLOBAL sql_select_limit = 1');
  const rows = await within(storeOf('mariadb'), (session) => session.query(anything, 'SELECT id FROM invoices'));
  servers.get('mariadb')?.admin('SET GLOBAL sql_select_limit = DEFAULT');
  expect(rows).toHaveLength(2);
});

test('MariaDB: rights are seen behind names that look like something else', async () => {
  const name = '金额(元), SELECT ON *.* TO `x';
  const quoted = `\`${name.replaceAll('`', '``')}\``;
  servers.get('mariadb')?.admin(`CREATE TABLE trade.${quoted} (${quoted} int); CREATE USER odd IDENTIFIED BY 'right';
    GRANT SELECT, INSERT (${quoted}) ON trade.${quoted} TO odd`);
  expect(await within(storeOf('mariadb', { user: 'odd' }), ownRights)).toEqual([`INSERT ON \`trade\`.${quoted}`]);
});

test('PostgreSQL: who may make roles may take on any right', async () => {
  servers.get('postgresql')?.admin(`CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'right'`);
  expect(await within(storeOf('postgresql', { user: 'maker' }), ownRights)).toEqual(['CREATEROLE (maker)']);
});

test('PostgreSQL: rows that a policy hides are an error', async () => {
  await expect(
    within(storeOf('postgresql'), (session) => session.query(anything, 'SELECT * FROM public.hidden')),
  ).rejects.toMatchObject({ reason: 'denied' });
});

test('PostgreSQL: a server that asks for the password in clear text does not get it', async () => {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      // AuthenticationCleartextPassword.
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const failure = within(storeOf('postgresql', { port, tls: 'none' }), async () => 'opened', { password: 'canary' });
  await expect(failure).rejects.toMatchObject({ message: expect.stringMatching(/clear text/) });
  server.close();
  expect(heard).toMatch(/auditor/);
  expect(heard).not.toMatch(/canary/);
});

// Polls, for what another program sees a moment later.
async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('did not come about');
    await delay(50);
  }
}
