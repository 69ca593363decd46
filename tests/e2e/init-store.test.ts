import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { platformSchema } from '../../src/platform.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { createMongoServers } from '../support/mongo-server.ts';
import { worldOf } from '../support/mongo-stores.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
let servers: Record<'postgresql' | 'mariadb', DatabaseServer>;

const tables = (note: (table: string, column: string, text: string) => string): string => `
  CREATE TABLE orders (id bigint PRIMARY KEY, seller_tax_no varchar(20), total_amount numeric(12, 2), created_at timestamp);
  CREATE TABLE fpxx (fphm char(20) PRIMARY KEY, order_id bigint REFERENCES orders (id), je numeric(12, 2), hj numeric(12, 2), kprq timestamp, xsf varchar(20));
  INSERT INTO orders VALUES (1, 'CANARY-CODE', 1, NULL);
  ${note('fpxx', 'hj', '价税合计')}`;

beforeAll(async () => {
  const issued = mint.issue('localhost', authority);
  const [postgresql, mariadb] = await Promise.all([databases.postgresql(issued), databases.mariadb(issued)]);
  servers = { postgresql, mariadb };
  postgresql.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'`);
  postgresql.admin(
    `${tables((t, c, text) => `COMMENT ON COLUMN ${t}.${c} IS '${text}';`)} GRANT SELECT ON orders TO auditor`,
    'trade',
  );
  mariadb.admin(`CREATE DATABASE trade; CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO auditor`);
  mariadb.admin(
    tables(
      (t, c, text) =>
        `ALTER TABLE ${t} MODIFY ${c} decimal(12, 2) COMMENT '${text}', ADD FOREIGN KEY (order_id) REFERENCES orders (id);`,
    ),
    'trade',
  );
}, 120_000);

afterAll(async () => {
  await databases.remove();
  mint.remove();
});

const init = (args: readonly string[], env = {}) =>
  runCli(['init', ...args], { env: { LEQI_STORE_PASSWORD: 'right', ...env } });

describe.each(['postgresql', 'mariadb'] as const)('%s', (engine) => {
  const url = (user = 'auditor'): string => `${engine}://${user}@127.0.0.1:${servers[engine].port}/trade`;

  test('proposes the tables that hold tax data, as a platform file takes them, and reads no row', async () => {
    const { status, stdout, stderr } = await init(['--store', url(), '--store-authority', authority.file]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { stores } = platformSchema.parse({
      profile: 'p',
      unit: { name: 'u', creditCode: 'c' },
      platform: { name: 'n', mode: 'self-use', since: '2023-01-01' },
      ...parse(stdout),
    });
    expect(stores).toMatchObject([
      {
        engine,
        address: '127.0.0.1',
        port: servers[engine].port,
        password: { env: 'LEQI_STORE_PASSWORD' },
        authority: authority.file,
        tables: [
          {
            name: 'fpxx',
            holds: 'invoices',
            time: 'kprq',
            columns: { number: 'fphm', transaction: 'order_id', amount: 'hj' },
          },
          {
            name: 'orders',
            holds: 'transactions',
            time: 'created_at',
            columns: { number: 'id', amount: 'total_amount', unit: 'seller_tax_no' },
          },
        ],
      },
    ]);
    expect(stdout).not.toMatch(/CANARY|right/);
    expect(servers[engine].log()).not.toMatch(/SELECT[^\n]*FROM\s+["`]?(public\.)?["`]?(orders|fpxx)/i);
  });

  test('a wrong password is said, and not repeated', async () => {
    const { status, stderr } = await init(['--store', url(), '--store-authority', authority.file], {
      LEQI_STORE_PASSWORD: 'canary',
    });
    expect(status).toBe(5);
    expect(stderr).toMatch(/权限不足/);
    expect(stderr).not.toMatch(/canary/);
  });

  test('without the authority of the certificate it does not go on', async () => {
    expect(await init(['--store', url()])).toMatchObject({ status: 5, stderr: expect.stringMatching(/certificate/i) });
  });
});

describe('mongodb', () => {
  const stands = createMongoServers();
  afterAll(() => stands.remove());

  test('proposes collections by what validators and indexes tell, and reads no document', async () => {
    const properties = {
      fphm: { bsonType: 'string', description: '发票号码' },
      kprq: { bsonType: 'date' },
      jshj: { bsonType: 'decimal' },
    };
    const trade = {
      fpxx: { options: { validator: { $jsonSchema: { properties } } }, documents: [{ fphm: 'CANARY' }] },
      orders: { indexes: [{ v: 2, key: { created_at: 1 }, name: 'x' }] },
      shown: { type: 'view' },
      other: {},
    };
    const server = await stands.start(worldOf({ databases: { trade } }), mint.issue('localhost', authority));
    const url = `mongodb://leqi_audit@127.0.0.1:${server.port}/trade?authSource=admin`;
    const { status, stdout, stderr } = await init(['--store', url, '--store-authority', authority.file]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { stores } = platformSchema.parse({
      profile: 'p',
      unit: { name: 'u', creditCode: 'c' },
      platform: { name: 'n', mode: 'self-use', since: '2023-01-01' },
      ...parse(stdout),
    });
    expect(stores).toMatchObject([
      {
        engine: 'mongodb',
        authDatabase: 'admin',
        tables: [
          { name: 'fpxx', holds: 'invoices', time: 'kprq', columns: { number: 'fphm', amount: 'jshj' } },
          { name: 'orders', holds: 'transactions', time: 'created_at' },
        ],
      },
    ]);
    expect(stdout).not.toMatch(/CANARY/);
    expect(server.said().map((each) => Object.keys(each)[0])).not.toContain('aggregate');
  });
});

test.each([
  ['a password in the address', 'postgresql://a:canary@127.0.0.1/x', /不得含密码/],
  ['another engine', 'oracle://a@127.0.0.1/x', /postgresql:\/\//],
  ['no database', 'mysql://a@127.0.0.1', /库名/],
  ['the tax authority', 'mysql://a@dppt.chinatax.gov.cn/x', /税务机关/],
])('%s is refused', async (_, store, says) => {
  const { status, stderr, stdout } = await init(['--store', store]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/canary/);
});
