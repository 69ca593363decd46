import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCarriedStore } from '../../src/collectors/carried-stores.ts';
import { printStoreScript } from '../../src/collectors/database/carried/print.ts';
import { records } from '../../src/collectors/database/records.ts';
import { storeEncryption } from '../../src/collectors/database/store-encryption.ts';
import { storeRights } from '../../src/collectors/database/store-rights.ts';
import { InputError } from '../../src/errors.ts';
import type { Records } from '../../src/evidence/database/records.ts';
import type { StoreEncryption } from '../../src/evidence/database/store-encryption.ts';
import type { StoreRights } from '../../src/evidence/database/store-rights.ts';
import type { Draft } from '../../src/evidence/observation.ts';
import { isAskable } from '../../src/platform-stores.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { platformOf, toolsFor } from '../support/tools.ts';

const databases = createDatabases();
const engines = ['postgresql', 'mariadb'] as const;
type Engine = (typeof engines)[number];
let servers: Record<Engine, DatabaseServer>;

const odd = { postgresql: '订"单 \'%|\\', mariadb: "订`单 '%|\\" };
const tables = (engine: Engine): object[] => [
  { name: 'fp', holds: 'invoices', time: 'at' },
  { name: odd[engine], holds: 'transactions', time: '时"间' },
  ...['days', 'seconds', 'millis', 'written', 'digits', 'chinese', 'empty', 'words', 'mixed'].map((name) => ({
    name,
    holds: 'other',
    time: 'at',
  })),
  { name: 'parts', holds: 'payments', time: 'at' },
  { name: 'seen', holds: 'other', time: 'at' },
  { name: 'nowhere', holds: 'other', time: 'at' },
  { name: 'fp', holds: 'other', time: 'gone' },
  { name: 'secret', holds: 'other', time: 'at' },
];

beforeAll(async () => {
  const [postgresql, mariadb] = await Promise.all([
    databases.postgresql(),
    databases.mariadb(undefined, ['--event-scheduler=ON', '--performance-schema=ON']),
  ]);
  servers = { postgresql, mariadb };
  postgresql.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'; GRANT pg_monitor TO auditor; CREATE ROLE app LOGIN PASSWORD 'x'; CREATE ROLE bare LOGIN PASSWORD 'right'; CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'right'; CREATE ROLE writers; GRANT writers TO app;
    GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO auditor; GRANT SELECT ON pg_hba_file_rules TO auditor`);
  postgresql.admin(
    `GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO auditor; GRANT SELECT ON pg_hba_file_rules TO auditor;
     CREATE TABLE fp (id int PRIMARY KEY, at timestamptz);
     INSERT INTO fp SELECT n, '2024-01-31 15:30+00'::timestamptz + n * interval '1 day' FROM generate_series(0, 99) n;
     INSERT INTO fp VALUES (1000, NULL), (1001, '0001-01-01'), (1002, 'infinity'), (1003, '2024-12-31 16:30+00');
     CREATE TABLE "订""单 '%|\\" ("时""间" timestamp); INSERT INTO "订""单 '%|\\" VALUES ('2024-02-29 23:59:59');
     CREATE TABLE days (at date); INSERT INTO days VALUES ('2024-02-29'), ('9999-12-31');
     CREATE TABLE seconds (at bigint); INSERT INTO seconds VALUES (1706716800), (1706716799), (NULL), (5);
     CREATE TABLE millis (at double precision); INSERT INTO millis VALUES (1706716800000), (1706716799999);
     CREATE TABLE written (at text); INSERT INTO written VALUES ('2024-01-31 23:59:59'), ('2024/2/1'), ('2024-02-31'), ('CANARY 6222021234567890');
     CREATE TABLE digits (at numeric(14)); INSERT INTO digits VALUES (20240131235959), (20240201000000);
     CREATE TABLE chinese (at varchar(20)); INSERT INTO chinese VALUES ('2024年2月9日'), ('2024年12月31日');
     CREATE TABLE empty (at timestamptz); CREATE TABLE words (at text); INSERT INTO words VALUES ('CANARY'), ('b');
     CREATE TABLE mixed (at bytea);
     CREATE TABLE parts (at timestamptz) PARTITION BY RANGE (at); CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); INSERT INTO parts VALUES ('2024-06-01');
     CREATE VIEW seen AS SELECT * FROM fp; CREATE TABLE secret (at timestamptz);
     CREATE TABLE lines (fp int REFERENCES fp ON DELETE CASCADE);
     ALTER TABLE "days" ADD id int REFERENCES fp ON DELETE CASCADE;
     CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS $$ DELETE FROM public.fp WHERE at < now() - interval '3 years' $$;
     CREATE FUNCTION "老|%的" () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.parts; -- '\\' 注释 %25
       RETURN NEW; END $$; CREATE TRIGGER t AFTER INSERT ON fp EXECUTE FUNCTION "老|%的"();
     GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor; REVOKE SELECT ON secret FROM auditor; GRANT SELECT ON fp TO bare; GRANT DELETE ON fp TO writers; GRANT UPDATE (at) ON parts_2024 TO app;
     CREATE TABLE canaries (at timestamptz); ANALYZE`,
    'trade',
  );
  mariadb.admin(`CREATE DATABASE trade`);
  mariadb.admin(
    `SET time_zone = '+00:00';
     CREATE TABLE fp (id int PRIMARY KEY, at timestamp NULL);
     INSERT INTO fp SELECT seq, '2024-01-31 15:30:00' + INTERVAL seq DAY FROM seq_0_to_99;
     INSERT INTO fp VALUES (1000, NULL), (1003, '2024-12-31 16:30:00');
     CREATE TABLE \`订\`\`单 '%|\\\` (\`时"间\` datetime); INSERT INTO \`订\`\`单 '%|\\\` VALUES ('2024-02-29 23:59:59'), ('0001-01-01');
     CREATE TABLE days (at date); INSERT INTO days VALUES ('2024-02-29'), ('9999-12-31');
     CREATE TABLE seconds (at bigint); INSERT INTO seconds VALUES (1706716800), (1706716799), (NULL), (5);
     CREATE TABLE millis (at double); INSERT INTO millis VALUES (1706716800000), (1706716799999);
     CREATE TABLE written (at text) CHARACTER SET gbk; INSERT INTO written VALUES ('2024-01-31 23:59:59'), ('2024/2/1'), ('2024-02-31'), ('CANARY 6222021234567890');
     CREATE TABLE digits (at decimal(14)); INSERT INTO digits VALUES (20240131235959), (20240201000000);
     CREATE TABLE chinese (at varchar(20)) CHARACTER SET gbk; INSERT INTO chinese VALUES ('2024年2月9日'), ('2024年12月31日');
     CREATE TABLE empty (at datetime); CREATE TABLE words (at text); INSERT INTO words VALUES ('CANARY'), ('b');
     CREATE TABLE mixed (at blob);
     CREATE TABLE parts (at datetime) PARTITION BY RANGE (year(at)) (PARTITION p VALUES LESS THAN MAXVALUE); INSERT INTO parts VALUES ('2024-06-01');
     CREATE VIEW seen AS SELECT * FROM fp; CREATE TABLE secret (at datetime);
     ALTER TABLE days ADD id int, ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES fp (id) ON DELETE CASCADE;
     CREATE EVENT \`老|%的\` ON SCHEDULE EVERY 1 DAY DO DELETE FROM fp WHERE at < NOW() - INTERVAL 3 YEAR;
     CREATE PROCEDURE clean_up() DELETE FROM parts WHERE at < '2020-01-01\\\\';
     CREATE USER auditor IDENTIFIED BY 'right'; CREATE USER app IDENTIFIED BY 'x'; CREATE USER bare IDENTIFIED BY 'right'; GRANT SELECT ON fp TO bare; CREATE USER boss IDENTIFIED BY 'right'; GRANT ALL ON *.* TO boss; CREATE ROLE writers; GRANT DELETE ON trade.fp TO writers; GRANT writers TO app;
     GRANT SELECT ON mysql.* TO auditor; GRANT SELECT ON performance_schema.* TO auditor; GRANT PROCESS, EVENT, TRIGGER, SHOW DATABASES ON *.* TO auditor;
     ${['fp', "`订``单 '%|\\`", 'days', 'seconds', 'millis', 'written', 'digits', 'chinese', 'empty', 'words', 'mixed', 'parts', 'seen'].map((name) => `GRANT SELECT ON ${name} TO auditor;`).join(' ')}`,
    'trade',
    ['--default-character-set=utf8mb4'],
  );
}, 120_000);

afterAll(() => databases.remove());

function platformFor(engine: Engine, more: object = {}) {
  const { port } = servers[engine];
  return platformOf(
    {
      stores: [
        {
          ...{ name: '核心 库', engine, address: '127.0.0.1', port, database: 'trade', user: 'auditor', tls: 'none' },
          ...{ password: { env: 'SECRET' }, tables: tables(engine) },
          ...more,
        },
      ],
    },
    '/',
  );
}

async function scriptFor(engine: Engine, more: object = {}): Promise<string> {
  const [store] = platformFor(engine, more).stores;
  if (!store || !isAskable(store)) throw new Error('no store');
  const printing = { platform: '平台', timeZone: 'Asia/Shanghai', version: '1', at: '2024-01-01T00:00:00Z' };
  return printStoreScript(store, { ...printing, language: 'zh' });
}

const clients = {
  postgresql: ['psql', '-h', '127.0.0.1', '-d', 'trade', '--file=-'],
  mariadb: ['mariadb', '--no-defaults', '-h', '127.0.0.1', 'trade'],
};
const asPrinted = { postgresql: ['-X', '-A', '-t'], mariadb: ['--batch', '--force'] };

type Running = { readonly args?: readonly string[]; readonly env?: object; readonly user?: string };

/** Runs a script as its head says, or with other arguments; standard error comes with the rest, as where a person takes both. */
function run(
  engine: Engine,
  script: string,
  { args = asPrinted[engine], env = {}, user = 'auditor' }: Running = {},
): string {
  const [program = '', first = '', ...rest] = clients[engine];
  const port = `${servers[engine].port}`;
  const login = engine === 'postgresql' ? ['-p', port, '-U', user] : ['-P', port, '-u', user, '-pright'];
  const ran = spawnSync(program, [first, ...rest.slice(0, -1), ...args, ...login, ...rest.slice(-1)], {
    input: script,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, PGPASSWORD: 'right', HOME: '/nonexistent', ...env },
  });
  return `${ran.stderr}${ran.stdout}`;
}

async function bring(engine: Engine, output: string | Buffer, more: object = {}): Promise<readonly Draft[]> {
  const kinds = ['records', 'storeEncryption', 'storeRights', 'clearText', 'invoices'] as const;
  const found = await readCarriedStore(Buffer.from(output), 'x.out', platformFor(engine, more), kinds, new Date());
  if (!found) throw new Error('no output of a script');
  return found.drafts;
}

async function live(engine: Engine, user = 'auditor'): Promise<unknown[]> {
  const tools = toolsFor(platformFor(engine, { user }), undefined, async () => 'right');
  const values: unknown[] = [];
  for (const each of [records, storeEncryption, storeRights]) {
    if (each.by === 'calls') values.push((await each.collect('核心 库', tools)).value);
  }
  return values;
}

const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'imported',
    (error: unknown) => (error instanceof InputError ? error.text.en : String(error)),
  );

describe.each(engines)('%s', (engine) => {
  let script: string;
  let output: string;
  let usual: readonly Draft[];

  beforeAll(async () => {
    script = await scriptFor(engine);
    output = run(engine, script);
    usual = await bring(engine, output);
  }, 60_000);

  const observedOf = (drafts: readonly Draft[]): unknown[] =>
    drafts.map(({ kind, observed, unobserved }) => [kind, comparable(kind, observed), unobserved]);

  test.each(['auditor', 'bare'])('a script run by %s brings what a connection does', async (user) => {
    const drafts = await bring(engine, run(engine, script, { user }));
    const kinds = ['records', 'storeEncryption', 'storeRights'] as const;
    const expected = (await live(engine, user)).map((value, index) => {
      const kind = kinds[index] ?? 'records';
      return [kind, comparable(kind, value), undefined];
    });
    expect(observedOf(drafts)).toEqual(expected);
  });

  test('it is at the server’s time, and says by which script', () => {
    const [first] = usual;
    expect(Math.abs(Date.parse(first?.at ?? '') - Date.now())).toBeLessThan(120_000);
    expect(first?.source.method).toMatch(/by hand-carried script sha256:[0-9a-f]{16}/);
  });

  test('no value of the data and no password leaves the server, and nothing but reads ran', () => {
    expect(output).not.toMatch(/CANARY|6222021234567890/);
    expect(output).not.toMatch(/\*[0-9A-F]{40}|SCRAM-SHA|IDENTIFIED/);
    const log = servers[engine].log();
    const mark = /LEQI2\|[0-9a-f]{16}/.exec(output)?.[0] ?? '-';
    expect(log).toContain(mark);
    expect(script).not.toMatch(
      /^\s*(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|TRUNCATE|CALL|LOAD|LOCK|COPY|DO)\b/im,
    );
  });

  test.each<[string, (text: string) => string | Buffer]>([
    ['with the line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['in UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['with messages in Chinese between', (text) => text.replace('\n', '\n错误:  对表 secret 权限不够\nERROR 1142\n')],
  ])('%s it is read as it is', async (_, change) => {
    expect(observedOf(await bring(engine, change(output)))).toEqual(observedOf(usual));
  });

  test('in GB18030 it is read as it is', async () => {
    const ran = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: output, maxBuffer: 64 * 1024 * 1024 });
    expect(observedOf(await bring(engine, ran.stdout))).toEqual(observedOf(usual));
  });

  test.each<[string, (lines: string[], at: number) => string[], RegExp]>([
    ['a number that was changed', (lines, at) => lines.with(at, changed(lines[at] ?? '')), /checksums/],
    ['a line that was taken out', (lines, at) => lines.toSpliced(at, 1), /not whole/],
    ['a line that stands twice', (lines, at) => lines.toSpliced(at, 0, lines[at] ?? ''), /not whole/],
    [
      'a refusal that was made an answer',
      (lines) => lines.map((line) => line.replace(/\|done\|(\d+)\|\d+\|42\w+\|\d+\|/, '|done|$1|0|00000|0|')),
      /checksums/,
    ],
    ['the beginning only', (lines, at) => lines.slice(0, at), /not whole/],
    ['all but the last line', (lines) => lines.slice(0, lastOf(lines)), /not whole/],
    ['the same twice', (lines) => [...lines, ...lines], /added, removed/],
    [
      'a made-up line',
      (lines, at) => lines.toSpliced(at, 0, (lines[at] ?? '').replace(/\|row\|.*/, '|rest|1')),
      /added/,
    ],
  ])('%s is refused', async (_, change, says) => {
    const lines = output.split('\n');
    const at = lines.findLastIndex((line) => /\|row\|\d+\|typed\|/.test(line));
    expect(at).toBeGreaterThan(0);
    expect(await refusal(bring(engine, change(lines, at).join('\n')))).toMatch(says);
  });

  test('what the script of another store with the same tables printed is refused', async () => {
    expect(await refusal(bring(engine, output, { name: '另一库' }))).toMatch(/from no script that this version prints/);
  });

  test('what another script printed is refused', async () => {
    const more = { tables: [{ name: 'fp', holds: 'invoices', time: 'at' }] };
    expect(await refusal(bring(engine, output, more))).toMatch(/from no script that this version prints/);
  });

  test('an account that could write may run it: all of it reads, and that it could is said', async () => {
    const drafts = await bring(engine, run(engine, script, { user: 'boss' }));
    expect(drafts.map(({ unobserved }) => unobserved)).toEqual([undefined, undefined, undefined]);
    const rights = drafts.find(({ kind }) => kind === 'storeRights')?.observed as StoreRights;
    expect(rights.own.writes).not.toEqual([]);
  });
});

test.each<[string, string]>([
  [
    'a profile of psql with other formats',
    '\\pset format html\n\\pset pager always\n\\timing on\n\\set ECHO all\n\\pset border 2\n',
  ],
  [
    'a profile of psql that stops at errors',
    '\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT off\n\\set VERBOSITY verbose\n\\x on\n',
  ],
])('PostgreSQL: %s changes nothing', async (_, profile) => {
  const home = mkdtempSync(join(tmpdir(), 'leqi-audit-psql-'));
  writeFileSync(join(home, '.psqlrc'), profile);
  const env = { HOME: home, PAGER: 'cat', LC_ALL: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN' };
  const drafts = await bring('postgresql', run('postgresql', await scriptFor('postgresql'), { args: [], env }));
  rmSync(home, { recursive: true });
  expect(comparable('records', drafts[0]?.observed)).toEqual(comparable('records', (await live('postgresql'))[0]));
});

test('MariaDB: without --force, or as a table, the output is refused, and why is said', async () => {
  const script = await scriptFor('mariadb');
  for (const args of [['--batch'], ['--table', '--force']])
    expect(await refusal(bring('mariadb', run('mariadb', script, { args })))).toMatch(/--batch --force|no output/);
});

test.each([[['--batch', '--force', '--skip-column-names']], [['--batch', '--force', '--quick', '--column-names']]])(
  'MariaDB: with %j it is read as it is',
  async (args) => {
    const drafts = await bring('mariadb', run('mariadb', await scriptFor('mariadb'), { args }));
    expect(comparable('records', drafts[0]?.observed)).toEqual(comparable('records', (await live('mariadb'))[0]));
  },
);

test('PostgreSQL: a view that stands in for a table of an extension is not run', async () => {
  const script = await scriptFor('postgresql');
  const made = (sql: string): unknown => servers.postgresql.admin(sql, 'trade');
  made(`CREATE SCHEMA cron; GRANT USAGE ON SCHEMA cron TO PUBLIC;
    CREATE FUNCTION cron.trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE LOG 'the trap % ran', 1; RETURN ''; END $$;
    CREATE VIEW cron.job AS SELECT 1 AS jobid, cron.trap() AS schedule, cron.trap() AS command, 'trade'::text AS database, true AS active; GRANT SELECT ON cron.job TO PUBLIC`);
  const drafts = await bring('postgresql', run('postgresql', script, { user: 'boss' }));
  const [counted] = await live('postgresql');
  made('DROP SCHEMA cron CASCADE');
  expect(servers.postgresql.log()).not.toMatch(/the trap 1 ran/);
  for (const found of [counted, drafts[0]?.observed]) expect(JSON.stringify(found)).toMatch(/"cron\.job"/);
});

describe('a large table', () => {
  const big = { tables: [{ name: 'big', holds: 'invoices', time: 'at' }] };
  const rowsOf = async (engine: Engine): Promise<Records> => {
    const [draft] = await bring(engine, run(engine, await scriptFor(engine, big)), big);
    if (draft?.kind !== 'records' || !draft.observed) throw new Error(JSON.stringify(draft));
    return draft.observed;
  };

  // Rows of 7 KiB that no compression shortens: few of them make a table of more than 100 MiB.
  test('PostgreSQL: is read by random blocks, and by the index where there is one', async () => {
    servers.postgresql.admin(
      `CREATE TABLE big (at timestamptz, filler char(7000)); ALTER TABLE big ALTER filler SET STORAGE PLAIN;
       INSERT INTO big SELECT '2024-01-01'::timestamptz + n * interval '1 hour', 'x' FROM generate_series(0, 15999) n; GRANT SELECT ON big TO auditor; ANALYZE big`,
      'trade',
    );
    const { tables: sampled } = await rowsOf('postgresql');
    expect(sampled).toMatchObject([{ counted: 'sample', rows: 16_000 }]);
    servers.postgresql.admin('CREATE INDEX ON big (at); VACUUM big', 'trade');
    const { tables: counted } = await rowsOf('postgresql');
    expect(counted).toMatchObject([{ counted: 'all', rows: 16_000, oldest: '2024-01-01', undated: 0 }]);
    expect(
      servers.postgresql.admin(`SELECT idx_scan > 0 FROM pg_stat_user_tables WHERE relname = 'big'`, 'trade'),
    ).toBe('t\n');
  });

  test('MariaDB: is counted by the index, and not at all where there is none', async () => {
    servers.mariadb.admin(
      `CREATE TABLE big (id int PRIMARY KEY, at datetime, filler varbinary(7500));
       INSERT INTO big SELECT seq, '2024-01-01' + INTERVAL seq HOUR, REPEAT('x', 7500) FROM seq_0_to_15999; GRANT SELECT ON big TO auditor; ANALYZE TABLE big`,
      'trade',
      ['--default-character-set=utf8mb4'],
    );
    expect((await rowsOf('mariadb')).missing).toMatchObject([
      { problem: 'failed', detail: expect.stringMatching(/too large/) },
    ]);
    servers.mariadb.admin('ALTER TABLE big ADD INDEX `时 间` (at)', 'trade', ['--default-character-set=utf8mb4']);
    const { tables: counted } = await rowsOf('mariadb');
    expect(counted).toMatchObject([{ counted: 'all', rows: 16_000, oldest: '2024-01-01', undated: 0 }]);
  });
});

test('MariaDB: months are not parted in a time zone with summer time', async () => {
  const printing = { platform: '平台', timeZone: 'America/New_York', version: '1', at: '-', language: 'en' } as const;
  const platform = { ...platformFor('mariadb'), timeZone: 'America/New_York' };
  const [store] = platform.stores;
  if (!store || !isAskable(store)) throw new Error('no store');
  const output = run('mariadb', await printStoreScript(store, printing));
  const found = await readCarriedStore(Buffer.from(output), 'x', platform, ['records'], new Date());
  const [draft] = found?.drafts ?? [];
  if (draft?.kind !== 'records' || !draft.observed) throw new Error(JSON.stringify(draft));
  const { missing, tables: counted } = draft.observed;
  expect(missing.find(({ name }) => name === 'fp')).toMatchObject({
    problem: 'failed',
    detail: expect.stringMatching(/summer time/),
  });
  expect(counted.map(({ name }) => name)).toContain('days');
});

function changed(line: string): string {
  return line.replace(
    /\|(\d)(\d*)\|(\d{4}-)/,
    (_, first: string, rest: string, year: string) => `|${(Number(first) + 1) % 10}${rest}|${year}`,
  );
}

function lastOf(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line.includes('|end|'));
}

/** What is the same however it was asked: not which sessions there are, nor how this one is protected, nor a server’s own words. */
function comparable(kind: string, value: unknown): unknown {
  if (kind === 'storeEncryption') return without(value);
  return kind === 'records' ? withoutDetail(value) : value;
}

// What a server says of a refusal is not carried but for its code.
function withoutDetail(value: unknown): object {
  const { missing, ...rest } = value as Records;
  return { ...rest, missing: missing.map(({ detail: _, ...each }) => each) };
}

// Which sessions there are, and by what this one is protected, is another matter at another time.
function without(value: unknown): object {
  const { wire, ...rest } = value as StoreEncryption;
  const { session: _, sessions, ...more } = wire ?? {};
  return { ...rest, wire: { ...more, sessions: Object.keys(sessions ?? {}) } };
}
