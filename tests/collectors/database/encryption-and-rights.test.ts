import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { check as rightsCheck } from '../../../checks/data/change-rights.ts';
import { check as restCheck } from '../../../checks/data/encryption-at-rest.ts';
import { check as transitCheck } from '../../../checks/data/encryption-in-transit.ts';
import { ownRights } from '../../../src/collectors/database/own-rights.ts';
import { storeEncryption } from '../../../src/collectors/database/store-encryption.ts';
import { storeRights } from '../../../src/collectors/database/store-rights.ts';
import { withSession } from '../../../src/collectors/transports/database.ts';
import { engineAtRest, type StoreEncryption } from '../../../src/evidence/database/store-encryption.ts';
import type { StoreRights } from '../../../src/evidence/database/store-rights.ts';
import type { Volumes } from '../../../src/evidence/host/volumes.ts';
import { packageRoot } from '../../../src/package-root.ts';
import type { DeclaredStore, ServerStore } from '../../../src/platform-stores.ts';
import { createMint } from '../../support/certificates.ts';
import { seen, verdictOf } from '../../support/check-tester.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { declaration } from '../../support/declaration.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';
import { openVolume, place, volumesOf } from '../../support/volumes.ts';

const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-store-encryption-'));
const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
const servers = new Map<string, DatabaseServer>();
const odd = '发票"`t';

beforeAll(async () => {
  const issued = mint.issue('localhost', authority);
  const keys = join(folder, 'keys');
  chmodSync(folder, 0o755);
  writeFileSync(keys, `1;${randomBytes(32).toString('hex')}\n`, { mode: 0o644 });
  const [postgresql, mariadb] = await Promise.all([
    databases.postgresql(
      issued,
      [],
      [
        'host other all 0.0.0.0/0 md5',
        'host trade all 10.0.0.0/8 password',
        'hostnossl all all 192.168.0.0/16 reject',
        'host all all 192.168.7.0/24 scram-sha-256',
        'hostssl all all 172.16.0.0/12 trust',
      ],
    ),
    databases.mariadb(issued, [
      ...['--plugin-load-add=file_key_management', `--file-key-management-filename=${keys}`, '--performance-schema=ON'],
      ...['--innodb-encrypt-log=ON', '--log-bin=log', '--encrypt-binlog=ON', '--innodb-encryption-threads=1'],
      ...['--innodb-encrypt-tables=ON', '--innodb-encrypt-temporary-tables=ON', '--encrypt-tmp-files=ON'],
    ]),
  ]);
  servers.set('postgresql', postgresql).set('mariadb', mariadb);
  postgresql.admin(`CREATE DATABASE trade; CREATE ROLE app LOGIN PASSWORD 'right'`);
  postgresql.admin(
    `CREATE TABLE transactions (at date); CREATE TABLE invoices (at date); CREATE TABLE "发票""\`t" (at date) PARTITION BY RANGE (at);
     CREATE TABLE y2025 PARTITION OF "发票""\`t" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
     GRANT SELECT, INSERT, UPDATE, DELETE ON invoices TO app`,
    'trade',
  );
  mariadb.admin(
    `CREATE DATABASE trade; CREATE TABLE trade.transactions (at date) ENCRYPTED=YES; CREATE TABLE trade.invoices (at date) ENCRYPTED=YES;
     CREATE TABLE trade.\`发票"\`\`t\` (id int) ENCRYPTED=YES PARTITION BY HASH (id) PARTITIONS 2; CREATE TABLE trade.plain (at date) ENCRYPTED=NO;
     CREATE TABLE trade.old (at date) ENGINE=MyISAM; CREATE TABLE trade.aria (at date) ENGINE=Aria; CREATE VIEW trade.seen AS SELECT * FROM trade.plain;
     CREATE USER app@'10.0.0.%' IDENTIFIED BY 'right'; GRANT SELECT, INSERT, UPDATE, DELETE ON trade.* TO app@'10.0.0.%'`,
  );
  for (const engine of ['postgresql', 'mariadb'] as const) {
    const sql = readFileSync(join(packageRoot, 'examples/databases', `${engine}.sql`), 'utf8');
    servers.get(engine)?.admin(sql.replaceAll('CHANGE-ME', 'right').replaceAll('10.0.0.%', '127.%'), 'trade');
    servers
      .get(engine)
      ?.admin(
        engine === 'postgresql'
          ? `CREATE ROLE bare LOGIN PASSWORD 'right'; GRANT SELECT ON invoices TO bare`
          : `CREATE USER bare IDENTIFIED BY 'right'; GRANT SELECT ON trade.invoices TO bare`,
        'trade',
      );
  }
}, 120_000);

afterAll(async () => {
  await databases.remove();
  mint.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Engine = 'postgresql' | 'mariadb';
type Options = { readonly user?: string; readonly tables?: readonly string[]; readonly server?: DatabaseServer };

function storeOf(engine: Engine, { user = 'leqi_audit', tables = ['invoices'], server }: Options = {}): ServerStore {
  return {
    name: 'store',
    engine,
    address: '127.0.0.1',
    port: (server ?? servers.get(engine))?.port,
    database: 'trade',
    user,
    password: { env: 'SECRET' },
    tls: 'verified',
    authority: authority.file,
    mayWrite: false,
    tables: tables.map((name) => ({ name, holds: 'invoices', time: 'at', columns: {} })),
  };
}

function toolsOf(store: DeclaredStore): ReturnType<typeof toolsFor> {
  return toolsFor(platformOf({ stores: [store] }, '/'), new AbortController().signal, async () => 'right');
}

async function collect(collector: typeof storeEncryption, store: DeclaredStore): Promise<unknown> {
  return (await collector.collect(store.name, toolsOf(store))).value;
}

const encryptionOf = async (engine: Engine, options?: Options): Promise<StoreEncryption> =>
  (await collect(storeEncryption, storeOf(engine, options))) as StoreEncryption;
const rightsOf = async (engine: Engine, options?: Options): Promise<StoreRights> =>
  (await collect(storeRights, storeOf(engine, options))) as StoreRights;

describe.each(['postgresql', 'mariadb'] as const)('%s, with its writers declared', (engine) => {
  const writersOf = (accounts: readonly string[]) => accounts.map((account) => ({ account, party: 'unit' as const }));
  const judged = async (accounts: readonly string[]) => {
    const rights = seen('storeRights', await rightsOf(engine), { subject: 'store' });
    const stores = [{ name: 'store', engine, tables: [], writers: writersOf(accounts) }];
    const platform = [seen('platform', declaration({ stores }))];
    return verdictOf(rightsCheck, { storeRights: [rights], platform }, { allow: ['unit'] }, '2026-11-22');
  };

  test('nobody else may change rows; one more is enough to say so', async () => {
    const administrator = engine === 'postgresql' ? 'postgres' : 'root';
    expect(await judged(['app', administrator])).toBe('met');
    expect(await judged([administrator])).toBe('unproven');
  });

  test('an engine that encrypts all, or nothing, decides where the disk does not', async () => {
    const value = await encryptionOf(engine);
    const verdict = (store: StoreEncryption, volumes: Volumes) =>
      verdictOf(
        restCheck,
        {
          storeEncryption: [seen('storeEncryption', store, { subject: 'store' })],
          volumes: [seen('volumes', volumes)],
        },
        { level: 'any' },
        '2026-11-22',
      );
    const { directory: path = '' } = value.rest;
    expect(path).toMatch(/^\/.+/);
    const open = volumesOf({ data: [place({ path, of: 'store', volumes: [openVolume()] })] });
    expect(verdict(value, open)).toBe(engine === 'postgresql' ? 'unmet' : 'unproven');
    expect(verdict(value, volumesOf({ data: [place({ path, of: 'store' })] }))).toBe('met');
    // An encrypted volume that the server’s data does not lie on proves nothing.
    expect(verdict(value, volumesOf({ data: [place({ of: 'store' })] }))).toBe('unproven');
  });
});

describe.each(['postgresql', 'mariadb'] as const)('the account of examples/databases/%s.sql', (engine) => {
  test('sees every view that it needs', async () => {
    expect((await encryptionOf(engine)).unread).toEqual([]);
    expect((await rightsOf(engine)).unread).toEqual([]);
  });

  test('is heard to read and to set its own session, nothing else', async () => {
    const log = (): string => servers.get(engine)?.log() ?? '';
    const before = log().length;
    await encryptionOf(engine);
    await rightsOf(engine);
    const heard = log().slice(before);
    const statements = [
      ...heard.matchAll(/(?:statement: |execute <unnamed>: |\d (?:Query|Prepare|Execute)\t)\s*(\w+)/g),
    ];
    expect(statements.length).toBeGreaterThan(20);
    const words = new Set(statements.map(([, word = '']) => word.toUpperCase()));
    expect([...words].filter((word) => !['SELECT', 'WITH', 'SHOW', 'SET', 'BEGIN', 'ROLLBACK'].includes(word))).toEqual(
      [],
    );
  });

  test('can change nothing, by its own rights and by the server’s word', async () => {
    const store = storeOf(engine);
    const rights = await withSession(store, toolsOf(store), ownRights);
    expect(rights).toEqual([]);
    for (const sql of [
      'DELETE FROM invoices',
      'UPDATE invoices SET at = NULL',
      'CREATE TABLE mine (id int)',
      'DROP TABLE invoices',
    ])
      await expect(asAuditor(engine, sql)).rejects.toThrow(/denied|permission|owner/i);
  });

  test('reads no hash of a password', () => {
    const log = servers.get(engine)?.log() ?? '';
    const own = log
      .split('\n')
      .filter((line) => /mysql\.user|pg_(authid|shadow)/.test(line) && /Query|statement/.test(line));
    expect(own.filter((line) => /SELECT/.test(line) && !/GRANT/.test(line)).join('\n')).not.toMatch(
      /authentication_string|\bPassword\b|rolpassword|passwd|global_priv/,
    );
  });

  test('without the grants on views each of them is named, and nothing is met', async () => {
    const value = await encryptionOf(engine, { user: 'bare' });
    const rights = await rightsOf(engine, { user: 'bare' });
    expect(value.unread.map(({ view, why }) => `${view} ${why}`)).toEqual(
      engine === 'postgresql'
        ? ['pg_hba_file_rules denied', 'pg_stat_ssl denied']
        : [
            'information_schema.INNODB_TABLESPACES_ENCRYPTION denied',
            'information_schema.INNODB_SYS_TABLESPACES denied',
            'mysql.user denied',
            'performance_schema.threads denied',
          ],
    );
    expect(value.wire).not.toHaveProperty('sessions');
    expect(value.wire).not.toHaveProperty('admitsPlain');
    if (engine === 'mariadb') {
      expect(engineAtRest(value)).toBe('unknown');
      expect(rights).toMatchObject({
        accounts: [],
        unread: expect.arrayContaining([{ view: 'mysql.user', why: 'denied' }]),
      });
    }
    // The test’s server listens on loopback; the same from elsewhere proves nothing.
    const { localOnly: _, ...wire } = value.wire ?? {};
    expect(
      verdictOf(transitCheck, { storeEncryption: [seen('storeEncryption', { ...value, wire })] }, {}, '2026-11-22'),
    ).toBe('unproven');
  });
});

/** Runs a statement as the auditor, by a plain client that asks for no read-only session; what it changed is rolled back. */
async function asAuditor(engine: Engine, sql: string): Promise<void> {
  const port = servers.get(engine)?.port ?? 0;
  const login = { host: '127.0.0.1', port, database: 'trade', user: 'leqi_audit', password: 'right' };
  const ssl = { rejectUnauthorized: false };
  if (engine === 'mariadb') {
    const pool = createPool({ ...login, ssl });
    await pool.query(sql).finally(() => pool.end());
    return;
  }
  const client = new pg.Client({ ...login, ssl, options: '-c default_transaction_read_only=off' });
  await client.connect();
  await client.query(`BEGIN; ${sql}; ROLLBACK`).finally(() => client.end());
}

describe('PostgreSQL', () => {
  test('encrypts nothing that it keeps, listens locally, and shows its rules and sessions', async () => {
    const value = await encryptionOf('postgresql', { tables: ['invoices', odd, 'nowhere'] });
    expect(engineAtRest(value)).toBe('open');
    expect(value.rest.tables).toEqual([
      { name: 'invoices', state: 'plain', by: 'heap' },
      { name: odd, state: 'plain', by: 'p' },
      { name: 'nowhere', state: 'unknown', by: 'missing' },
    ]);
    expect(value.wire).toMatchObject({
      session: { protocol: 'TLSv1.3' },
      tls: true,
      versions: ['TLSv1.2'],
      listens: ['127.0.0.1'],
      localOnly: true,
      admitsPlain: ['3: host trade all 10.0.0.0/8 password'],
      trusting: ['3: host trade all 10.0.0.0/8 password', '6: hostssl all all 172.16.0.0/12 trust'],
      sessions: { tls: 0, plain: 0, here: expect.any(Number) },
    });
  });

  test('who may change rows: superuser, owner, grant, role without INHERIT, schema, view, function, partition, everybody', async () => {
    servers.get('postgresql')?.admin(
      `CREATE ROLE writers NOLOGIN; GRANT DELETE ON invoices TO writers;
       CREATE ROLE temp LOGIN NOINHERIT; GRANT writers TO temp;
       CREATE ROLE reader LOGIN; GRANT SELECT, INSERT ON invoices TO reader;
       CREATE ROLE "王 五" LOGIN; GRANT UPDATE (at) ON invoices TO "王 五";
       CREATE VIEW recent AS SELECT * FROM invoices; CREATE ROLE viewer LOGIN; GRANT DELETE ON recent TO viewer;
       CREATE ROLE parts LOGIN; GRANT TRUNCATE ON y2025 TO parts;
       CREATE ROLE begins LOGIN; CREATE ROLE runs LOGIN; CREATE ROLE maker LOGIN CREATEROLE;
       CREATE FUNCTION purge() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.invoices';
       REVOKE EXECUTE ON FUNCTION purge() FROM PUBLIC; GRANT EXECUTE ON FUNCTION purge() TO runs;
       CREATE FUNCTION atomic() RETURNS void LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC DELETE FROM public.invoices; END;
       REVOKE EXECUTE ON FUNCTION atomic() FROM PUBLIC; GRANT EXECUTE ON FUNCTION atomic() TO begins;
       CREATE SCHEMA 业务; CREATE TABLE 业务.账 (at date); CREATE ROLE keeper LOGIN; ALTER SCHEMA 业务 OWNER TO keeper;
       CREATE TABLE free (at date); GRANT DELETE ON free TO PUBLIC; ALTER TABLE free ENABLE ROW LEVEL SECURITY`,
      'trade',
    );
    const store = storeOf('postgresql', { tables: ['invoices', odd, 'free', 'seen'] });
    const value = (await collect(storeRights, {
      ...store,
      tables: [...store.tables, { name: '账', schema: '业务', holds: 'other', time: 'at', columns: {} }],
    }).catch((error: unknown) => error)) as StoreRights;
    // Everybody may delete from `free`, the account that scans, too.
    expect(value).toMatchObject({ reason: 'refused' });
    servers.get('postgresql')?.admin('REVOKE ALL ON free FROM PUBLIC; GRANT DELETE ON free TO PUBLIC', 'trade');
    const mighty = (await collect(storeRights, {
      ...store,
      mayWrite: true,
      tables: [...store.tables, { name: '账', schema: '业务', holds: 'other', time: 'at', columns: {} }],
    })) as StoreRights;
    expect(mighty.own.writes).toEqual(['DELETE ON public.free']);
    expect(
      mighty.tables.map(({ name, problem, everybody, rowSecurity }) => [name, problem, everybody, rowSecurity]),
    ).toEqual([
      ['invoices', undefined, [], false],
      [odd, undefined, [], false],
      ['free', undefined, ['delete'], true],
      ['seen', 'missing', [], undefined],
      ['业务.账', undefined, [], false],
    ]);
    const ofInvoices = Object.fromEntries(
      mighty.accounts.map(({ name, may }) => [name, may.filter(({ table }) => table === 'invoices')]),
    );
    const all = ['delete', 'update', 'truncate', 'drop', 'alter'];
    expect(ofInvoices).toMatchObject({
      app: [{ can: ['delete', 'update'], by: ['grant'] }],
      postgres: [{ can: all }],
      temp: [{ can: ['delete'], by: ['role writers'] }],
      '王 五': [{ can: ['update'], by: ['grant'] }],
      viewer: [{ can: ['delete'], by: ['grant (public.recent)'] }],
      runs: [{ can: ['delete', 'update'], by: ['function public.purge()'] }],
      begins: [{ can: ['delete', 'update'], by: ['function public.atomic()'] }],
      maker: [{ can: all, by: ['CREATEROLE'] }],
    });
    expect(Object.keys(ofInvoices)).not.toContain('reader');
    const rest = mighty.accounts
      .filter(({ name }) => ['parts', 'keeper'].includes(name))
      .map(({ name, may }) => [name, may]);
    expect(rest).toEqual([
      ['keeper', [{ table: '业务.账', can: ['drop'], by: ['schema owner'] }]],
      ['parts', [{ table: odd, can: ['truncate'], by: ['grant (public.y2025)'] }]],
    ]);
  });
});

describe('PostgreSQL, ways to rows without a grant on their table', () => {
  test('a key that cascades, a partition’s schema, a function that calls another, a function of who may call one', async () => {
    servers.get('postgresql')?.admin(
      `REVOKE ALL ON free FROM PUBLIC; CREATE TABLE makers (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, maker int REFERENCES makers ON UPDATE CASCADE);
       CREATE TABLE kept (id int PRIMARY KEY, of int REFERENCES orders ON DELETE CASCADE ON UPDATE CASCADE, other int REFERENCES kept ON DELETE CASCADE) PARTITION BY RANGE (id);
       CREATE SCHEMA parts2; CREATE TABLE parts2.k1 PARTITION OF kept FOR VALUES FROM (0) TO (100);
       CREATE ROLE orderer LOGIN; GRANT DELETE ON orders TO orderer; CREATE ROLE namer LOGIN; GRANT UPDATE ON orders TO namer;
       CREATE ROLE idle LOGIN; GRANT DELETE ON makers TO idle; CREATE ROLE partkeeper LOGIN; ALTER SCHEMA parts2 OWNER TO partkeeper;
       CREATE FUNCTION tidy() RETURNS void LANGUAGE sql AS 'DELETE FROM public.kept';
       CREATE FUNCTION nightly() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM public.tidy(); END';
       REVOKE EXECUTE ON FUNCTION nightly() FROM PUBLIC; CREATE ROLE middle LOGIN; GRANT EXECUTE ON FUNCTION nightly() TO middle;
       CREATE FUNCTION weekly() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT public.nightly()'; ALTER FUNCTION weekly() OWNER TO middle;
       REVOKE EXECUTE ON FUNCTION weekly() FROM PUBLIC; CREATE ROLE outer1 LOGIN; GRANT EXECUTE ON FUNCTION weekly() TO outer1;
       CREATE FUNCTION counts() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM public.kept'`,
      'trade',
    );
    const { accounts, unread } = await rightsOf('postgresql', { tables: ['kept'] });
    expect(unread).toEqual([]);
    const found = Object.fromEntries(accounts.map(({ name, may }) => [name, may]));
    expect(found).toMatchObject({
      orderer: [{ table: 'kept', can: ['delete'], by: ['grant (public.orders)'] }],
      namer: [{ table: 'kept', can: ['update'], by: ['grant (public.orders)'] }],
      partkeeper: [{ table: 'kept', can: ['drop'], by: ['schema owner (parts2.k1)'] }],
      middle: [{ table: 'kept', can: ['delete', 'update'], by: ['function public.nightly()'] }],
      outer1: [{ table: 'kept', can: ['delete', 'update'], by: ['function public.weekly()'] }],
    });
    expect(Object.keys(found)).not.toContain('idle');
    expect(Object.keys(found)).not.toContain('app');
  });

  test('who can give itself a right is turned away as who has it', async () => {
    servers.get('postgresql')?.admin(`CREATE ROLE gives LOGIN CREATEROLE PASSWORD 'right'`, 'trade');
    const gives = rightsOf('postgresql', { user: 'gives' });
    await expect(gives).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('CREATEROLE (gives)'),
    });
    servers
      .get('mariadb')
      ?.admin(
        `CREATE USER acts IDENTIFIED BY 'right'; GRANT SET USER ON *.* TO acts; GRANT SELECT ON trade.invoices TO acts`,
      );
    await expect(rightsOf('mariadb', { user: 'acts' })).rejects.toMatchObject({ reason: 'refused' });
    servers.get('mariadb')?.admin('DROP USER acts');
    servers.get('postgresql')?.admin('DROP ROLE gives');
  });

  test('what everybody was granted is everybody’s only where it works', async () => {
    servers.get('postgresql')?.admin(
      `CREATE TABLE closing (at date); CREATE VIEW sums AS SELECT at, count(*) FROM closing GROUP BY at; GRANT ALL ON sums TO PUBLIC;
       CREATE VIEW theirs WITH (security_invoker = on) AS SELECT * FROM closing; GRANT ALL ON theirs TO PUBLIC;
       CREATE ROLE looker; GRANT SELECT ON closing TO looker; CREATE VIEW read AS SELECT * FROM closing; ALTER VIEW read OWNER TO looker; GRANT ALL ON read TO PUBLIC;
       CREATE SCHEMA shut; CREATE TABLE shut.closing (at date); GRANT DELETE ON shut.closing TO PUBLIC;
       CREATE ROLE inside LOGIN; GRANT USAGE ON SCHEMA shut TO inside`,
      'trade',
    );
    const store = storeOf('postgresql', { tables: ['closing'] });
    const [table] = store.tables;
    const both = { ...store, mayWrite: true, tables: table ? [table, { ...table, schema: 'shut' }] : [] };
    const { tables, accounts } = (await collect(storeRights, both)) as StoreRights;
    expect(tables.map(({ name, everybody }) => [name, everybody])).toEqual([
      ['closing', []],
      ['shut.closing', []],
    ]);
    const names = accounts.map(({ name }) => name);
    expect(accounts.find(({ name }) => name === 'inside')?.may).toEqual([
      { table: 'shut.closing', can: ['delete'], by: ['grant to PUBLIC'] },
    ]);
    for (const name of ['app', 'temp', 'reader', 'keeper']) expect(names).not.toContain(name);
    servers
      .get('postgresql')
      ?.admin(`CREATE VIEW wide AS SELECT * FROM closing; GRANT DELETE ON wide TO PUBLIC`, 'trade');
    const again = (await collect(storeRights, both)) as StoreRights;
    expect(again.tables[0]?.everybody).toEqual(['delete']);
    servers
      .get('postgresql')
      ?.admin(`DROP VIEW sums, theirs, read, wide; REVOKE ALL ON shut.closing FROM PUBLIC`, 'trade');
  });
});

describe('MariaDB', () => {
  test('tells encrypted tables from plain ones, by table space and by engine', async () => {
    const tables = ['invoices', odd, 'plain', 'old', 'aria', 'seen', 'nowhere'];
    servers.get('mariadb')?.admin('GRANT SELECT ON trade.* TO leqi_audit@`127.%`');
    const all = await encryptionOf('mariadb', { tables });
    expect(Object.fromEntries(all.rest.tables.map(({ name, state }) => [name, state]))).toEqual({
      invoices: 'encrypted',
      [odd]: 'encrypted',
      plain: 'plain',
      old: 'plain',
      aria: 'unknown',
      seen: 'unknown',
      nowhere: 'unknown',
    });
    expect(all.rest.keys).toEqual([{ plugin: 'file_key_management', place: 'file' }]);
    expect(Object.fromEntries(all.rest.parts.map(({ part, state }) => [part, state]))).toMatchObject({
      redo: 'encrypted',
      undo: 'encrypted',
      'binary-log': 'encrypted',
      temporary: 'plain',
      'general-log': 'plain',
    });
    expect(engineAtRest(all)).toBe('open');
  });

  test('what protects a session is told by its type', async () => {
    const store = storeOf('mariadb');
    const rows = await withSession(store, toolsOf(store), (session) =>
      session.query(
        z.object({ type: z.string() }),
        `SELECT CONNECTION_TYPE AS type FROM performance_schema.threads WHERE PROCESSLIST_USER = 'leqi_audit'`,
      ),
    );
    expect(rows).toEqual([{ type: 'SSL/TLS' }]);
  });

  test('with everything encrypted the engine is whole', async () => {
    const admin = (sql: string): string => servers.get('mariadb')?.admin(sql) ?? '';
    const stateOf = async () => engineAtRest(await encryptionOf('mariadb', { tables: ['invoices', odd] }));
    admin('SET GLOBAL encrypt_tmp_disk_tables = ON, GLOBAL general_log = OFF');
    expect(await stateOf()).toBe('whole');
    admin('SET GLOBAL encrypt_tmp_disk_tables = OFF');
    expect(await stateOf()).toBe('part');
    admin('SET GLOBAL encrypt_tmp_disk_tables = ON, GLOBAL general_log = ON');
    expect(await stateOf()).toBe('part');
  });

  test('a full-text index has tables of its own; the log of slow statements holds values; a table may lie elsewhere', async () => {
    const admin = (sql: string): string => servers.get('mariadb')?.admin(sql) ?? '';
    const elsewhere = mkdtempSync(join(folder, 'elsewhere-'));
    chmodSync(elsewhere, 0o777);
    admin(
      `SET GLOBAL innodb_encrypt_tables = OFF; CREATE TABLE trade.texts (id int PRIMARY KEY, t text, FULLTEXT (t)) ENCRYPTED=YES;
       CREATE TABLE trade.apart (id int PRIMARY KEY) ENCRYPTED=YES DATA DIRECTORY='${elsewhere}'`,
    );
    const { rest } = await encryptionOf('mariadb', { tables: ['invoices', 'texts', 'apart'] });
    expect(rest.tables.map(({ state }) => state)).toEqual(['encrypted', 'plain', 'encrypted']);
    expect(rest.beside).toEqual([`${elsewhere}/trade`]);
    expect(rest.parts.map(({ part }) => part)).not.toContain('slow-log');
    // Set again, it would have the index encrypted after a while.
    admin('SET GLOBAL innodb_encrypt_tables = ON; DROP TABLE trade.apart; SET GLOBAL slow_query_log = ON');
    const slow = (await encryptionOf('mariadb')).rest;
    expect(slow.parts).toContainEqual({ part: 'slow-log', state: 'plain' });
    expect(slow).not.toHaveProperty('beside');
    admin('SET GLOBAL slow_query_log = OFF');
  });

  test('names accounts that other hosts may use without TLS; a setting of now is no setting of always', async () => {
    expect((await encryptionOf('mariadb')).wire).toMatchObject({
      tls: true,
      required: 'no',
      localOnly: true,
      admitsPlain: ['app@10.0.0.%', 'bare@%'],
      sessions: { tls: 0, plain: 0, here: expect.any(Number) },
    });
    servers.get('mariadb')?.admin('SET GLOBAL require_secure_transport = ON');
    expect((await encryptionOf('mariadb')).wire).toMatchObject({ required: 'now', admitsPlain: [] });
    servers.get('mariadb')?.admin('SET GLOBAL require_secure_transport = OFF');
  });

  test('who may change rows: global, database pattern, table, column, role of a role, routine, everybody', async () => {
    servers.get('mariadb')?.admin(`
      CREATE ROLE writers; GRANT DELETE ON trade.invoices TO writers; CREATE ROLE clerks; GRANT writers TO clerks;
      CREATE USER clerk@'10.%' IDENTIFIED BY 'x'; GRANT clerks TO clerk@'10.%';
      CREATE USER '王 五' IDENTIFIED BY 'x'; GRANT UPDATE (at) ON trade.invoices TO '王 五';
      CREATE USER wide IDENTIFIED BY 'x'; GRANT DROP ON \`tr_de\`.* TO wide;
      CREATE USER other IDENTIFIED BY 'x'; GRANT DELETE ON \`tr\\_de\`.* TO other;
      CREATE USER reader IDENTIFIED BY 'x'; GRANT SELECT, INSERT ON trade.* TO reader;
      CREATE USER maker IDENTIFIED BY 'x'; GRANT CREATE USER ON *.* TO maker;
      CREATE USER runs IDENTIFIED BY 'x'; CREATE PROCEDURE trade.purge() DELETE FROM trade.invoices; GRANT EXECUTE ON PROCEDURE trade.purge TO runs;
      GRANT UPDATE ON trade.transactions TO PUBLIC`);
    const store = storeOf('mariadb', { tables: ['invoices', 'transactions', 'nowhere'] });
    const value = (await collect(storeRights, { ...store, mayWrite: true })) as StoreRights;
    expect(value.own).toEqual({ account: 'leqi_audit@127.%', writes: ['UPDATE ON `trade`.`transactions`'] });
    expect(value.tables).toEqual([
      { name: 'invoices', everybody: [] },
      { name: 'transactions', everybody: ['update'] },
      { name: 'nowhere', problem: 'missing', everybody: [] },
    ]);
    const ofInvoices = Object.fromEntries(
      value.accounts
        .map(({ name, from, may }) => [`${name}@${from}`, may.find(({ table }) => table === 'invoices')] as const)
        .filter(([, may]) => may !== undefined),
    );
    expect(ofInvoices).toMatchObject({
      'app@10.0.0.%': { can: ['delete', 'update'], by: ['grant on trade.*'] },
      'clerk@10.%': { can: ['delete'], by: ['role writers'] },
      '王 五@%': { can: ['update'], by: ['grant'] },
      'wide@%': { can: ['truncate', 'drop'], by: ['grant on tr_de.*'] },
      'runs@%': { by: ['routine trade.purge'] },
      'maker@%': { by: ['Create user'] },
      'root@localhost': { can: ['delete', 'update', 'truncate', 'drop', 'alter'] },
    });
    for (const name of ['other@%', 'reader@%', 'leqi_audit@127.%', 'bare@%', 'mariadb.sys@localhost'])
      expect(Object.keys(ofInvoices)).not.toContain(name);
    expect(value.accounts.filter(({ everything }) => everything).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['root', 'maker']),
    );
  });
});

describe('MariaDB, ways to rows without a grant on their table', () => {
  test('a nameless account’s grant, a wider account’s, INSERT everywhere, a key that cascades, a view', async () => {
    servers.get('mariadb')?.admin(`
      CREATE USER near@'10.9.1.%' IDENTIFIED BY 'x'; CREATE USER ''@'10.9.%'; GRANT DELETE ON trade.* TO ''@'10.9.%';
      CREATE USER twice IDENTIFIED BY 'x'; GRANT UPDATE ON trade.invoices TO twice; CREATE USER twice@'10.1.1.1' IDENTIFIED BY 'x';
      CREATE USER adder IDENTIFIED BY 'x'; GRANT INSERT ON *.* TO adder;
      CREATE TABLE trade.makers (id int PRIMARY KEY) ENCRYPTED=YES;
      ALTER TABLE trade.invoices ADD maker int, ADD FOREIGN KEY (maker) REFERENCES trade.makers (id) ON DELETE CASCADE;
      CREATE USER keys1 IDENTIFIED BY 'x'; GRANT SELECT, DELETE ON trade.makers TO keys1;
      CREATE DATABASE reports; CREATE VIEW reports.open AS SELECT * FROM trade.invoices; CREATE USER looks IDENTIFIED BY 'x';
      GRANT UPDATE ON reports.* TO looks; CREATE USER stands IDENTIFIED BY 'x'; GRANT PROXY ON adder TO stands`);
    servers.get('mariadb')?.admin('REVOKE ALL ON trade.transactions FROM PUBLIC');
    const { accounts, unread } = await rightsOf('mariadb');
    expect(unread).toEqual([]);
    const by = Object.fromEntries(accounts.map(({ name, from, may }) => [`${name}@${from}`, may[0]?.by]));
    expect(by).toMatchObject({
      'near@10.9.1.%': [`grant on trade.* to ''`, `grant on trade.* to '' (makers)`],
      'twice@10.1.1.1': ['grant'],
      'adder@%': ['Insert on *.*'],
      'keys1@%': ['grant (makers)'],
      'looks@%': ['view reports.open'],
      'stands@%': ['PROXY adder@%'],
    });
    servers.get('mariadb')?.admin('REVOKE SHOW VIEW ON *.* FROM leqi_audit@`127.%`');
    const unseen = ['VIEWS', 'REFERENTIAL_CONSTRAINTS'].map((view) => ({
      view: `information_schema.${view}`,
      why: 'denied',
    }));
    expect((await rightsOf('mariadb')).unread).toEqual(unseen);
    servers.get('mariadb')?.admin('GRANT SELECT ON *.* TO leqi_audit@`127.%`');
    expect((await rightsOf('mariadb')).unread).toEqual(unseen.slice(1));
  });
});

describe('SQLite', () => {
  const ofFile = async (path: string): Promise<StoreEncryption> =>
    (await collect(storeEncryption, {
      name: 'store',
      engine: 'sqlite',
      path,
      tables: [{ name: 't', holds: 'invoices', time: 'at', columns: {} }],
    })) as StoreEncryption;

  test.each([
    ['plain', 'plain', (path: string) => new DatabaseSync(path).exec('CREATE TABLE t (at)')],
    ['random bytes, as of SQLCipher', 'unknown', (path: string) => writeFileSync(path, randomBytes(8192))],
    ['nothing', 'unknown', (path: string) => writeFileSync(path, '')],
    [
      'a readable header before ciphertext',
      'unknown',
      (path: string) => {
        new DatabaseSync(path).exec('CREATE TABLE t (at)');
        const bytes = readFileSync(path);
        writeFileSync(path, Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(bytes.length - 32, 0x99)]));
      },
    ],
  ] as const)('%s is %s', async (name, state, make) => {
    const path = join(folder, `${name}.sqlite`);
    make(path);
    const value = await ofFile(path);
    expect(value.rest.tables).toMatchObject([{ state }]);
    expect(value).not.toHaveProperty('wire');
    expect(engineAtRest(value)).toBe(state === 'plain' ? 'open' : 'unknown');
  });

  test('a file that is not there is unobserved', async () => {
    await expect(ofFile(join(folder, 'nowhere'))).rejects.toMatchObject({ reason: 'not-found' });
  });
});
