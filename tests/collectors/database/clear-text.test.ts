import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standingOf } from '../../../checks/shared/clear-text-words.ts';
import { Unavailable } from '../../../src/collectors/collector.ts';
import { unlessUnreadable } from '../../../src/collectors/database/clear-text/sampled.ts';
import { clearText } from '../../../src/collectors/database/clear-text.ts';
import type { ClearText, SampledTable } from '../../../src/evidence/database/clear-text.ts';
import {
  canaries,
  type Engine,
  fillMariadb,
  fillPostgresql,
  fillSqlite,
  plantedTable,
} from '../../support/clear-text-stores.ts';
import { runCli } from '../../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { createNumbers } from '../../support/person-numbers.ts';
import { plantedColumns } from '../../support/planted-columns.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-clear-text-'));
const file = join(folder, 'trade.sqlite');
const databases = createDatabases();
const servers = new Map<Engine, DatabaseServer>();

beforeAll(async () => {
  const [postgresql, mariadb] = await Promise.all([
    databases.postgresql(undefined, ['max_prepared_transactions=1']),
    databases.mariadb(),
  ]);
  servers.set('postgresql', postgresql).set('mariadb', mariadb);
  fillPostgresql(postgresql, seed);
  fillMariadb(mariadb, seed);
  fillSqlite(file, seed);
}, 120_000);

afterAll(async () => {
  await databases.remove();
  rmSync(folder, { recursive: true, force: true });
});

function storeOf(engine: Engine, user: string, tables: readonly string[]) {
  const declared = tables.map((table) => ({ name: table, holds: 'transactions', time: 'at' }));
  const access = { address: '127.0.0.1', port: servers.get(engine)?.port, database: 'trade', password: { env: 'P' } };
  const place = engine === 'sqlite' ? { path: file } : { ...access, user, tls: 'none' };
  return { name: engine, engine, tables: declared, ...place };
}

async function observe(engine: Engine, user = 'auditor', tables = [plantedTable]): Promise<ClearText> {
  const platform = platformOf({ stores: [storeOf(engine, user, tables)] }, folder);
  if (clearText.by !== 'calls') throw new Error('is collected by calls');
  const found = await clearText.collect(
    engine,
    toolsFor(platform, new AbortController().signal, async () => 'right'),
  );
  return found.value as ClearText;
}

function tableIn({ tables }: ClearText, wanted: string): SampledTable {
  const table = tables.find((each) => each.name === wanted || each.name === `public.${wanted}`);
  if (!table) throw new Error(`no table ${wanted} among ${tables.map((each) => each.name).join(', ')}`);
  return table;
}

/** Kinds that a table holds for certain, by column. */
function certainIn(table: SampledTable): string[] {
  const limits = { certain: 1_000_000, suspect: 1000 };
  return table.numbers
    .filter((each) => standingOf(each, limits) === 'certain')
    .map(({ column, kind }) => `${column}: ${kind}`)
    .toSorted();
}

// All that is logged from there on is the scanner's.
function statementsOf(engine: Engine, since: number): string[] {
  const log = (servers.get(engine)?.log() ?? '').slice(since);
  const pattern = engine === 'postgresql' ? /(?:statement|execute [^:]*): (.*)/g : /\t\s*\d+ (?:Query|Execute)\t(.*)/g;
  return [...log.matchAll(pattern)].map(([, sql = '']) => sql);
}

const observed = new Map<Engine, { value: ClearText; statements: string[] }>();

beforeAll(async () => {
  for (const engine of ['postgresql', 'mariadb', 'sqlite'] as const) {
    const before = engine === 'sqlite' ? 0 : (servers.get(engine)?.log().length ?? 0);
    observed.set(engine, { value: await observe(engine), statements: statementsOf(engine, before) });
  }
}, 60_000);

function seenIn(engine: Engine): ClearText {
  const found = observed.get(engine);
  if (!found) throw new Error(`${engine} was not observed`);
  return found.value;
}

describe.each(['postgresql', 'mariadb', 'sqlite'] as const)('%s', (engine) => {
  test(`what is planted is found, and nothing else (seed ${seed})`, () => {
    const table = tableIn(seenIn(engine), plantedTable);
    const planted = plantedColumns.flatMap((column) => (column.holds ? [`${column.name}: ${column.holds}`] : []));
    expect(certainIn(table)).toEqual(planted.toSorted());
    expect(table).toMatchObject({
      holds: 'transactions',
      sampling: 'all',
      rows: 800,
      names: ['buyer'],
      cut: ['payload', 'huge'],
    });
    expect(table.protected).toEqual([
      { column: 'masked', how: 'masked' },
      { column: 'digest', how: 'hash' },
      { column: 'cipher', how: 'ciphertext' },
    ]);
  });

  test('one in a hundred of a large table is found by a sample', () => {
    const table = tableIn(seenIn(engine), 'large');
    expect(certainIn(table)).toEqual(['note: bank-card']);
    expect(table.sampling).toBe('random');
    expect(table.rows).toBeGreaterThan(1000);
    expect(table.rows).toBeLessThanOrEqual(2000);
  });

  test('an empty table is looked into, a view is not', () => {
    const found = seenIn(engine);
    expect(tableIn(found, 'empty')).toMatchObject({ rows: 0, sampling: 'all' });
    expect(namesIn(found)).not.toContain('shown');
    expect(found).toMatchObject({ engine, beyond: 0, seesAll: true });
  });

  test('a declared view and a table that is not there are named', async () => {
    const { unread } = await observe(engine, 'auditor', ['shown', 'nowhere']);
    const prefix = engine === 'postgresql' ? 'public.' : '';
    const expected = [
      { table: `${prefix}shown`, why: 'view' },
      { table: `${prefix}nowhere`, why: 'missing' },
    ];
    expect(unread).toEqual(expect.arrayContaining(expected));
  });
});

test.each(['postgresql', 'mariadb'] as const)('%s ran nothing but reads', (engine) => {
  const { statements } = observed.get(engine) ?? { statements: [] };
  expect(statements.length).toBeGreaterThan(10);
  for (const sql of statements) expect(sql).toMatch(/^\s*(\(?SELECT|SHOW|SET|BEGIN|ROLLBACK|WITH|$)/i);
});

test('PostgreSQL: a partitioned table is read once, a materialized view too; what cannot be read is named', () => {
  const found = seenIn('postgresql');
  expect(namesIn(found).filter((name) => name.startsWith('parted'))).toEqual(['parted']);
  expect(certainIn(tableIn(found, 'parted'))).toEqual(['note: bank-card']);
  expect(certainIn(tableIn(found, 'kept'))).toEqual(['note: bank-card']);
  expect(certainIn(tableIn(found, 'odd'))).toEqual(['d: bank-card', 'l: bank-card', 'n: bank-card']);
  expect(found.unread.toSorted((a, b) => (a.table < b.table ? -1 : 1))).toEqual([
    { table: 'public.elsewhere', why: 'remote' },
    { table: 'public.half', column: 'note', why: 'denied' },
    { table: 'public.held', why: 'timed-out' },
    { table: 'public.odd', column: 'p', why: 'type' },
    { table: 'public.policed', why: 'denied' },
    { table: 'public.secret', why: 'denied' },
  ]);
});

test('MariaDB: without an integer key both ends are read, without a key the head', () => {
  const found = seenIn('mariadb');
  const samplingOf = (name: string): string => tableIn(found, name).sampling;
  expect(['parted', 'worded', 'begun', 'heap', 'places'].map(samplingOf)).toEqual([
    'random',
    'ends',
    'head',
    'head',
    'all',
  ]);
  expect(found.unread).toEqual([]);
});

test('PostgreSQL: of a table that is nearly empty where it was sampled, nothing is said', async () => {
  servers.get('postgresql')?.admin(
    `CREATE TABLE bloated (id int, filling char(1500)) WITH (fillfactor = 10, autovacuum_enabled = off);
     INSERT INTO bloated SELECT n, '' FROM generate_series(1, 7500) n; DELETE FROM bloated WHERE id < 7490; GRANT SELECT ON bloated TO auditor`,
    'trade',
  );
  const found = await observe('postgresql', 'auditor', ['bloated']);
  expect(tableIn(found, 'bloated').rows).toBeLessThan(100);
  expect(found.unread).toContainEqual({ table: 'public.bloated', why: 'sparse' });
  servers.get('postgresql')?.admin('DROP TABLE bloated', 'trade');
});

test('MariaDB: what was changed is in a table’s history; keys far apart are found', async () => {
  const { bankCard } = createNumbers(seed);
  const cards = Array.from({ length: 60 }, (_, id) => `(${id}, '${bankCard()}')`).join();
  // One row at the beginning of all keys; the last thousand of the others hold cards.
  const far = Array.from({ length: 10 }, (_, at) => `('${bankCard()}', ${at})`).join();
  servers.get('mariadb')?.admin(
    `CREATE TABLE versions (id bigint PRIMARY KEY, card varchar(30)) WITH SYSTEM VERSIONING; INSERT INTO versions VALUES ${cards}; UPDATE versions SET card = '***';
     CREATE TABLE skewed (id bigint PRIMARY KEY, note varchar(60)); INSERT INTO skewed VALUES (1, 'x');
     INSERT INTO skewed SELECT 1800000000000000000 + seq * 1000, 'x' FROM seq_1_to_9000;
     CREATE TABLE far (card varchar(30), at int); INSERT INTO far VALUES ${far};
     INSERT INTO skewed SELECT 1800000000010000000 + seq * 1000, card FROM seq_1_to_9000 JOIN far ON at = seq % 10; DROP TABLE far`,
    'trade',
  );
  const found = await observe('mariadb', 'auditor', ['versions', 'skewed']);
  expect(certainIn(tableIn(found, 'versions'))).toEqual(['card: bank-card']);
  expect(tableIn(found, 'skewed')).toMatchObject({ sampling: 'random' });
  expect(tableIn(found, 'skewed').rows).toBeGreaterThan(900);
  expect(tableIn(found, 'skewed').rows).toBeLessThanOrEqual(2000);
  const [notes] = tableIn(found, 'skewed').numbers;
  expect(notes?.hits).toBeGreaterThan(200);
  servers.get('mariadb')?.admin('DROP TABLE versions; DROP TABLE skewed', 'trade');
});

test.each([
  ['narrow', false, ['large']],
  ['wide', true, undefined],
  ['roled', true, undefined],
])('MariaDB: %s is shown every table: %s', async (user, seesAll, names) => {
  const found = await observe('mariadb', user, ['large']);
  expect(found.seesAll).toBe(seesAll);
  expect(namesIn(found)).toEqual(names ?? expect.arrayContaining([plantedTable, 'heap']));
});

test('SQLite: tables without row ids, with hidden ones, and those behind a virtual one', () => {
  const found = seenIn('sqlite');
  expect(tableIn(found, 'worded').sampling).toBe('ends');
  expect(tableIn(found, 'hidden').sampling).toBe('head');
  expect(certainIn(tableIn(found, 'found_content'))).toEqual(['c0: bank-card']);
  expect(found.unread).toEqual([{ table: 'broken', why: 'failed' }]);
});

test('SQLite: row ids far apart', async () => {
  const path = join(folder, 'far.sqlite');
  const { bankCard } = createNumbers(seed);
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE far (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO far VALUES (1, 'x'); BEGIN`);
  const insert = database.prepare('INSERT INTO far VALUES (?, ?)');
  for (let index = 0; index < 4000; index += 1)
    insert.run(1_800_000_000_000_000_000n + BigInt(index), index > 3500 ? bankCard() : 'x');
  database.exec('COMMIT');
  database.close();
  const platform = platformOf({ stores: [{ ...storeOf('sqlite', '', ['far']), path }] }, folder);
  if (clearText.by !== 'calls') throw new Error('is collected by calls');
  const { value } = await clearText.collect('sqlite', toolsFor(platform, new AbortController().signal));
  const table = tableIn(value as ClearText, 'far');
  expect(table).toMatchObject({ sampling: 'ends', rows: 2000 });
  expect(certainIn(table)).toEqual(['note: bank-card']);
});

test('no value of the data, nor six characters of one, leaves the process', async () => {
  const stores = (['postgresql', 'mariadb', 'sqlite'] as const).map((engine) =>
    storeOf(engine, 'auditor', ['canaries']),
  );
  const platform = join(folder, 'platform.yaml');
  writeFileSync(platform, JSON.stringify({ ...platformOf({ hosts: [], stores }), folder: undefined }));
  const out = join(folder, 'out');
  const args = [
    'scan',
    '--platform',
    platform,
    '--profile',
    'natural-system-security',
    '--out',
    out,
    '--format',
    'html,json',
  ];
  const { stdout, stderr } = await runCli(args, { env: { P: 'right' } });
  const files = globSync('**', { cwd: out }).filter((path) => statSync(join(out, path)).isFile());
  expect(files.length).toBeGreaterThan(3);
  const texts = files.map((path) => readFileSync(join(out, path), 'utf8'));
  const written = [stdout, stderr, ...texts].join('\n');
  // They were read, in every store.
  expect(written.match(/"name":\s*"(public\.)?canaries"/g)?.length ?? 0, stderr).toBeGreaterThanOrEqual(3);
  // Digests and embedded fonts hold anything by chance.
  const said = written.replace(/\b[0-9a-f]{64}\b|E-[0-9a-f]{10}|base64,[\w+/=]+/g, '');
  const parts = canaries.flatMap((canary) =>
    Array.from({ length: canary.length - 5 }, (_, start) => canary.slice(start, start + 6)),
  );
  const isOwn = (part: string): boolean => '@example.com'.includes(part);
  expect(parts.filter((part) => !isOwn(part) && said.includes(part))).toEqual([]);
});

test('what a server says of a failure is not kept: it may quote values', async () => {
  const failure = async (): Promise<never> => {
    throw new Unavailable('failed', `22P02: invalid input syntax: "${canaries[0]}"`);
  };
  expect(await unlessUnreadable('t', failure)).toEqual({ table: 't', why: 'failed' });
});

function namesIn({ tables }: ClearText): string[] {
  return tables.map(({ name }) => name.replace(/^public\./, ''));
}
