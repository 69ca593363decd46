import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadProfile } from '../../src/assessment/profile.ts';
import { readSshHome } from '../../src/collectors/transports/ssh-files.ts';
import { planOf } from '../../src/doctor/plan.ts';
import type { Point } from '../../src/doctor/point.ts';
import { storeProbes } from '../../src/doctor/stores.ts';
import { packageRoot } from '../../src/package-root.ts';
import { platformSchema } from '../../src/platform.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { pointsIn, timed } from '../support/doctor.ts';
import { inFolder } from '../support/folder.ts';
import { toolsFor } from '../support/tools.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
let server: DatabaseServer;

beforeAll(async () => {
  server = await databases.postgresql(mint.issue('localhost', authority));
  server.admin('CREATE DATABASE trade');
  const sql = readFileSync(join(packageRoot, 'examples/databases/postgresql.sql'), 'utf8');
  server.admin('CREATE TABLE transactions (at date); CREATE TABLE invoices (at date, "号""码" text)', 'trade');
  server.admin(sql.replaceAll('CHANGE-ME', 'right'), 'trade');
  server.admin(
    `CREATE ROLE bare LOGIN PASSWORD 'right'; GRANT SELECT ON invoices TO bare; CREATE ROLE app LOGIN PASSWORD 'right'; GRANT SELECT, DELETE ON invoices TO app`,
    'trade',
  );
}, 120_000);

afterAll(async () => {
  await databases.remove();
  mint.remove();
});

type Options = { readonly user?: string; readonly more?: string; readonly tables?: string; readonly password?: string };

function yamlOf({ user = 'leqi_audit', more = '', tables = '' }: Options): string {
  return `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
stores:
  - { name: orders, engine: postgresql, address: 127.0.0.1, port: ${server.port}, database: trade, user: ${user}, password: { env: STORE_PASSWORD },
      authority: ${authority.file}, tables: [{ name: invoices, holds: invoices, time: at, columns: { number: '号"码' } }${tables}]${more} }
`;
}

/** What doctor says of one store, by its account. */
async function doctor(options: Options): Promise<readonly Point[]> {
  const { password = 'right' } = options;
  const environment = password === '' ? {} : { STORE_PASSWORD: password };
  const platform = { ...platformSchema.parse(parse(yamlOf(options))), folder: '/' };
  const { gate, signal } = toolsFor(platform);
  const profile = await loadProfile('natural-system-security');
  const plan = planOf({ platform, profile, occasion: 'renewal', gate }, ['database']);
  return (
    await Promise.all(
      storeProbes(plan, { signal, environment, home: () => readSshHome('/nonexistent', {}) }).map(({ run }) => run()),
    )
  ).flat();
}

test('doctor asks each store’s server', async () => {
  const ended = await inFolder({ 'platform.yaml': yamlOf({}) }, (at) =>
    timed(() =>
      runCli(
        [
          'doctor',
          '--platform',
          at('platform.yaml'),
          '--out',
          at('out'),
          '--format',
          'html',
          '--origin',
          'database',
          '--json',
        ],
        { env: { STORE_PASSWORD: 'right' } },
      ),
    ),
  );
  expect(pointsIn(ended).filter(({ area }) => area === 'stores')).toMatchObject([
    { state: 'ok', what: { en: 'orders' } },
  ]);
});

test('an account with just the grants of the examples: nothing lacks', async () => {
  const points = await doctor({});
  expect(points).toMatchObject([{ state: 'ok', what: { en: 'orders' } }]);
  expect(points[0]?.says.en).toMatch(
    /^lets us in at 127\.0\.0\.1:\d+ \(PostgreSQL 15[^)]*\).*TLSv1\.3, certificate verified; the server confirms a read-only session; the account can only read$/,
  );
});

test('without the grants on views each is named, with the requirements that it leaves unproven', async () => {
  const points = await doctor({ user: 'bare' });
  expect(points.map(({ state }) => state)).toEqual(['ok', 'unproven']);
  expect(points[1]?.says.en).toMatch(/pg_hba_file_rules \(not granted\), pg_stat_ssl \(not granted\)/);
  expect(points[1]?.leaves?.requirements).toEqual(['NS-5', 'NS-6']);
});

test('a table and a column that are not there are named', async () => {
  const points = await doctor({
    tables: ', { name: nowhere, holds: other, time: at }, { name: transactions, holds: transactions, time: when }',
  });
  expect(points.find(({ state }) => state === 'unproven')?.says.en).toMatch(/nowhere, transactions\.when$/);
});

test('an account that could write is turned away, unless the platform file lets it', async () => {
  const [turned] = await doctor({ user: 'app' });
  expect(turned).toMatchObject({
    state: 'unproven',
    says: { en: expect.stringMatching(/could write.*DELETE ON public\.invoices/) },
  });
  expect(turned?.leaves?.requirements).toEqual(expect.arrayContaining(['NS-4', 'NS-5']));
  const [allowed] = await doctor({ user: 'app', more: ', mayWrite: true' });
  expect(allowed).toMatchObject({
    state: 'ok',
    says: { en: expect.stringMatching(/the account could write \(mayWrite\): DELETE/) },
  });
});

test.each([
  ['a wrong password', { password: 'wrong' }, /access denied/],
  ['no password', { password: '' }, /STORE_PASSWORD is not set; no login was tried/],
  ['an account that is not there', { user: 'nobody' }, /access denied/],
] as const)('%s: says so, and not the password', async (_, options, says) => {
  const [point] = await doctor(options);
  expect(point).toMatchObject({ state: 'unproven', says: { en: expect.stringMatching(says) } });
  expect(JSON.stringify(point)).not.toMatch(/wrong|right/);
});
