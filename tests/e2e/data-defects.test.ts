import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Assessment, assessmentSchema } from '../../src/assessment/assessment.ts';
import { assess } from '../../src/commands/assess.ts';
import { collect } from '../../src/commands/collect.ts';
import { dateIn } from '../../src/evidence/dates.ts';
import { createMint } from '../support/certificates.ts';
import { runHere } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import {
  bankCard,
  creditCode,
  type Engine,
  identityNumber,
  randomFrom,
  type Trade,
  tradeOf,
} from '../support/trade.ts';

// A PostgreSQL and a MariaDB with a trade each, whose names, units and dates are drawn from a seed: as they should be nothing is found, and with twenty
// things wrong just these are.

// As many transactions and invoices as a platform of some size has in 40 months; made by the servers themselves.
const rows = 5_000_000;

const seed = Number(process.env.TRADE_SEED ?? Date.now() % 1_000_000);
console.log(`TRADE_SEED=${seed}`);

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-trade-'));
const today = dateIn(new Date(), 'Asia/Shanghai');
const stranger = creditCode(randomFrom(seed + 1));
const canaries = [bankCard(1), bankCard(2500), identityNumber(1)];

type Side = { readonly server: DatabaseServer; readonly trade: Trade };
let sides: Record<Engine, Side>;

const profile = {
  profile: 'data-only',
  title: { zh: '数据', en: 'Data' },
  mode: 'any',
  maxAge: { months: 3 },
  sources: { T: { title: { zh: '试', en: 'Test' } } },
  papers: { closings: { zh: '结账声明', en: 'Closings' } },
  facts: {},
  requirements: Object.fromEntries(
    Object.entries({
      retention: [{ 'data/retention': { holds: ['transactions', 'payments', 'invoices'], months: 36, thin: 0.1 } }],
      text: [
        {
          'data/clear-text': {
            forbid: ['identity-number', 'bank-card'],
            explain: ['mobile'],
            certain: 1_000_000,
            suspect: 1000,
          },
        },
      ],
      transit: [{ 'data/encryption-in-transit': { forbidden: ['TLSv1.1', 'TLSv1.0'] } }],
      rights: [{ 'data/change-rights': { allow: ['unit'] } }],
      traces: [{ 'data/invoice-traceability': { months: 12, untraced: 0 } }],
      issuers: [{ 'data/issuer-scope': { relations: ['none'] } }],
      uploads: [{ 'data/late-upload': { months: 12 } }],
    }).map(([id, checks]) => [
      id,
      {
        title: { zh: id, en: id },
        cites: [{ source: 'T', clause: '1' }],
        part: 'technology',
        occasions: 'always',
        basis: 'measured',
        checks,
      },
    ]),
  ),
};

const administrators = {
  postgresql: ['postgres'], // With TRIGGER, by which alone triggers are seen, the account that scans could make some.
  mariadb: ['root', 'mariadb.sys', 'nobody', 'auditor'],
} as const;

/** The entry of `stores` for a trade. */
function storeOf({ trade, server }: Side): object {
  const { names: n, engine } = trade;
  return {
    name: engine,
    engine,
    address: '127.0.0.1',
    port: server.port,
    database: 'trade',
    user: 'auditor',
    password: { env: 'TRADE_PASSWORD' },
    authority: authority.file,
    writers: ['app', ...administrators[engine]].map((account) => ({ account, party: 'unit' })),
    tables: [
      {
        name: n.transactions,
        holds: 'transactions',
        time: n.at,
        columns: { number: n.number, amount: n.amount, unit: n.unit },
      },
      {
        name: n.invoices,
        holds: 'invoices',
        time: n.at,
        columns: { number: n.number, transaction: n.link, amount: n.amount, unit: n.unit, uploaded: n.uploaded },
        uploadWithin: 24,
      },
      { name: n.payments, holds: 'payments', time: n.at },
    ],
  };
}

const start = { postgresql: startPostgresql, mariadb: startMariadb };

// Memory that millions of rows ask for; no logs of what is made, nor of the keys that are looked up.
const settings = {
  postgresql: [
    ...['shared_buffers=512MB', 'maintenance_work_mem=256MB', 'max_wal_size=4GB', 'wal_level=minimal'],
    ...['max_wal_senders=0', 'log_parameter_max_length=0'],
  ],
  mariadb: [
    ...['--require-secure-transport=ON', '--performance-schema=ON', '--general-log=0', '--innodb-doublewrite=0'],
    ...['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=512M', '--innodb-flush-log-at-trx-commit=0'],
  ],
};

async function startPostgresql(): Promise<Side> {
  const trade = tradeOf('postgresql', seed, { rows });
  const hba = ['hostssl all all 127.0.0.1/32 scram-sha-256', 'hostnossl all all 0.0.0.0/0 reject'];
  const server = await databases.postgresql(mint.issue('localhost', authority), settings.postgresql, hba);
  server.admin(
    'CREATE DATABASE trade; CREATE ROLE app LOGIN; CREATE ROLE nobody_known LOGIN; CREATE ROLE auditor LOGIN PASSWORD $$right$$',
  );
  await fill(server, trade);
  server.admin(
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor, app; GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app;
     GRANT pg_monitor TO auditor; GRANT SELECT ON pg_catalog.pg_hba_file_rules TO auditor; GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO auditor`,
    'trade',
  );
  return { server, trade };
}

async function startMariadb(): Promise<Side> {
  const trade = tradeOf('mariadb', seed + 7, { rows });
  const server = await databases.mariadb(mint.issue('localhost', authority), settings.mariadb);
  server.admin('CREATE DATABASE trade');
  await fill(server, trade);
  server.admin(
    `CREATE USER app IDENTIFIED BY 'x'; CREATE USER nobody_known IDENTIFIED BY 'y'; GRANT SELECT, INSERT, UPDATE, DELETE ON trade.* TO app;
     CREATE USER auditor IDENTIFIED BY 'right' REQUIRE SSL; GRANT SELECT, PROCESS, TRIGGER, EVENT ON *.* TO auditor`,
  );
  return { server, trade };
}

// Both servers at once.
async function fill(server: DatabaseServer, trade: Trade): Promise<void> {
  const started = performance.now();
  const [program = '', ...args] = server.client('trade');
  const client = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  client.stdin.end(trade.create());
  const [status] = await once(client, 'close');
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  console.log(`${trade.engine}: ${rows} invoices made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

beforeAll(async () => {
  const [postgresql, mariadb] = await Promise.all([start.postgresql(), start.mariadb()]);
  sides = { postgresql, mariadb };
  const units = [...new Set([...postgresql.trade.units, ...mariadb.trade.units])];
  const head = '使用单位名称,统一社会信用代码,接入日期,与直连单位的关系';
  await mkdir(join(folder, 'documents'));
  await writeFile(
    join(folder, 'documents/units.csv'),
    `\uFEFF${[head, ...units.map((code, index) => `单位${index},${code},2020-01-06,无控制关系`)].join('\r\n')}\r\n`,
  );
  await writeFile(join(folder, 'documents/closings.txt'), '台账结账声明');
  await writeFile(join(folder, 'profile.yaml'), stringify(profile));
  const closing = { by: '王示例', capacity: '法定代表人', signedOn: today, document: 'closings' };
  const period = { from: '2020-01-01', until: today };
  await writeFile(
    join(folder, 'platform.yaml'),
    stringify({
      profile: join(folder, 'profile.yaml'),
      unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
      platform: { name: '平台', mode: 'joint-use', since: '2020-01-01' },
      stores: [storeOf(postgresql), storeOf(mariadb)],
      documents: {
        folder: 'documents',
        items: [{ id: 'closings', title: '结账声明', file: 'closings.txt', date: today }],
      },
      ledgers: [
        { of: 'using-units', file: 'units.csv', ...period, closing: { ...closing, ...period, entries: units.length } },
      ],
    }),
  );
}, 600_000);

afterAll(async () => {
  await databases.remove();
  mint.remove();
  await rm(folder, { recursive: true });
});

/** What is done to a side, and the finding that must say so. */
type Defect = { readonly what: string; readonly engine: Engine; sql(trade: Trade): string; says(trade: Trade): string };

const month = (trade: Trade, back: number): string => {
  const date = new Date(trade.until * 1000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)).toISOString().slice(0, 10);
};
const at = (trade: Trade, name: keyof Trade['names']): string => trade.quoted(trade.names[name]);
const some = (trade: Trade, table: keyof Trade['names'], change: string, rows: string): string =>
  `UPDATE ${at(trade, table)} SET ${change} WHERE ${rows};`;
const withKey = (trade: Trade, keys: string): string => `${at(trade, 'link')} IN (${keys})`;

/** Numbers of records some months old, by ten-thousandths of the whole before the last. */
const recent = (trade: Trade, ...back: number[]): string =>
  back.map((each) => trade.rows - Math.round((trade.rows / 10_000) * each)).join(', ');

const defects: readonly Defect[] = [
  ...(['postgresql', 'mariadb'] as const).flatMap((engine): Defect[] => [
    {
      what: 'a month of transactions is gone',
      engine,
      sql: (t) =>
        `DELETE FROM ${at(t, 'transactions')} WHERE ${at(t, 'at')} >= '${month(t, 20)} 00:00:00+08' AND ${at(t, 'at')} < '${month(t, 18)} 00:00:00+08';`.replaceAll(
          engine === 'mariadb' ? '+08' : '\n',
          '',
        ),
      says: (t) => `unmet data/retention emptyMonths ${engine}/${t.names.transactions}`,
    },
    {
      what: 'payments go back eighteen months only',
      engine,
      sql: (t) => `DELETE FROM ${at(t, 'payments')} WHERE ${at(t, 'at')} < '${month(t, 18)}';`,
      says: (t) => `unmet data/retention tooYoung ${engine}/${t.names.payments}`,
    },
    {
      what: 'bank cards in clear text',
      engine,
      sql: (t) =>
        Array.from({ length: 300 }, (_, index) =>
          some(t, 'customers', `${at(t, 'card')} = '${bankCard(index)}'`, `${at(t, 'number')} = ${index * 10 + 1}`),
        ).join('\n'),
      says: (t) =>
        `unmet data/clear-text clear ${engine}/${engine === 'postgresql' ? 'public.' : ''}${t.names.customers}`,
    },
    {
      what: 'invoices without a transaction',
      engine,
      sql: (t) =>
        some(t, 'invoices', `${at(t, 'link')} = ${at(t, 'link')} + 900000000`, withKey(t, recent(t, 90, 120, 150))),
      says: (t) => `unmet data/invoice-traceability untraced ${engine}/${t.names.invoices}`,
    },
    {
      what: 'amounts a cent off',
      engine,
      sql: (t) =>
        some(t, 'invoices', `${at(t, 'amount')} = ${at(t, 'amount')} + 0.01`, withKey(t, recent(t, 180, 181))),
      says: (t) => `unmet data/invoice-traceability differ ${engine}/${t.names.invoices}`,
    },
    {
      what: 'a stranger issues',
      engine,
      sql: (t) => some(t, 'invoices', `${at(t, 'unit')} = '${stranger}'`, withKey(t, recent(t, 200, 201, 202, 203))),
      says: (t) => `unmet data/issuer-scope strangers ${engine}/${t.names.invoices}`,
    },
    {
      what: 'uploads that took three days',
      engine,
      sql: (t) =>
        some(
          t,
          'invoices',
          `${at(t, 'uploaded')} = ${at(t, 'at')} + INTERVAL ${engine === 'mariadb' ? '3 DAY' : "'3 days'"}`,
          withKey(t, recent(t, 220, 221)),
        ),
      says: (t) => `unmet data/late-upload late ${engine}/${t.names.invoices}`,
    },
  ]),
  {
    what: 'an account that nobody declared may change payments',
    engine: 'postgresql',
    sql: (t) => `GRANT UPDATE ON ${at(t, 'payments')} TO nobody_known;`,
    says: () => 'unproven data/change-rights undeclared postgresql',
  },
  {
    what: 'an account that nobody declared may delete',
    engine: 'mariadb',
    sql: () => 'GRANT DELETE ON trade.* TO nobody_known;',
    says: () => 'unproven data/change-rights undeclared mariadb',
  },
  {
    what: 'a trigger deletes',
    engine: 'postgresql',
    sql: (
      t,
    ) => `CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM ${at(t, 'invoices')} WHERE ${at(t, 'amount')} < 0; RETURN NULL; END $$;
      CREATE TRIGGER tidy AFTER INSERT ON ${at(t, 'payments')} EXECUTE FUNCTION tidy();`,
    says: (t) => `unproven data/retention deleted postgresql/${t.names.invoices}`,
  },
  {
    what: 'an event purges after a year',
    engine: 'mariadb',
    sql: (t) =>
      `CREATE EVENT clean_up ON SCHEDULE EVERY 1 DAY DO DELETE FROM ${at(t, 'invoices')} WHERE ${at(t, 'at')} < now() - INTERVAL 12 MONTH;`,
    says: (t) => `unmet data/retention purgedEarly mariadb/${t.names.invoices}`,
  },
  {
    what: 'payments without a time',
    engine: 'mariadb',
    sql: (t) =>
      some(t, 'payments', `${at(t, 'at')} = NULL`, `${at(t, 'number')} IN (${t.payments - 10}, ${t.payments - 11})`),
    says: (t) => `unproven data/retention undated mariadb/${t.names.payments}`,
  },
  {
    what: 'identity numbers in a payload of another table',
    engine: 'postgresql',
    sql: () =>
      `CREATE TABLE "附加信息" (id int PRIMARY KEY, payload jsonb); GRANT SELECT ON "附加信息" TO auditor; INSERT INTO "附加信息" VALUES ${Array.from(
        { length: 300 },
        (_, index) => `(${index}, '{"buyer": {"id": "${identityNumber(index)}"}}')`,
      ).join(', ')};`,
    says: () => 'unmet data/clear-text clear postgresql/public.附加信息',
  },
];

// As the servers count them: rows written, or statements that write.
const writes: Readonly<Record<Engine, string>> = {
  postgresql: 'SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables',
  mariadb: `SELECT sum(variable_value) FROM information_schema.global_status
    WHERE variable_name REGEXP '^COM_(ALTER|CALL|CREATE|DELETE|DROP|GRANT|INSERT|LOAD|RENAME|REPLACE|REVOKE|SET_PASSWORD|TRUNCATE|UPDATE)'`,
};
const written = (): string[] =>
  Object.values(sides).map(({ server, trade }) => server.admin(writes[trade.engine], 'trade').trim());

async function judged(): Promise<Assessment> {
  process.env.TRADE_PASSWORD = 'right';
  const args = [
    '--platform',
    join(folder, 'platform.yaml'),
    '--profile',
    join(folder, 'profile.yaml'),
    '--out',
    join(folder, 'out'),
  ];
  const before = written();
  const started = performance.now();
  const collected = await runHere(collect, args);
  console.log(`both scanned in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (collected.status !== 0) throw new Error(collected.stderr);
  expect(written()).toEqual(before);
  expect(before.every((count) => Number(count) > 0)).toBe(true);
  const done = await runHere(assess, [
    join(folder, 'out/evidence'),
    '--profile',
    join(folder, 'profile.yaml'),
    '--out',
    join(folder, 'out'),
    '--fail-on',
    'none',
  ]);
  if (done.status !== 0) throw new Error(done.stderr);
  return assessmentSchema.parse(JSON.parse(await readFile(join(folder, 'out/assessment.json'), 'utf8')));
}

/** Every finding that is not met, as `outcome check says subject`. */
function faultsOf(assessment: Assessment): string[] {
  return assessment.requirements
    .flatMap(({ findings }) => findings)
    .filter(({ outcome }) => outcome !== 'met' && outcome !== 'not-applicable')
    .map(({ outcome, check, says, subject }) => `${outcome} ${check} ${says} ${subject}`)
    .toSorted();
}

test('nothing is found in the healthy pair', async () => {
  const assessment = await judged();
  expect(faultsOf(assessment)).toEqual([]);
}, 600_000);

test('each of twenty defects is found, and nothing else', async () => {
  expect(defects).toHaveLength(20);
  for (const { engine, sql } of defects) {
    const { server, trade } = sides[engine];
    server.admin(sql(trade), 'trade');
  }
  const expected = defects.map(({ engine, says }) => says(sides[engine].trade));
  const assessment = await judged();
  expect(faultsOf(assessment)).toEqual(expected.toSorted());
  const said = JSON.stringify(assessment);
  for (const canary of canaries) expect(said).not.toContain(canary);
}, 600_000);
