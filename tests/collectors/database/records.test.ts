import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { records } from '../../../src/collectors/database/records.ts';
import type { Records } from '../../../src/evidence/database/records.ts';
import { createGate } from '../../../src/gate.ts';
import { platformSchema } from '../../../src/platform.ts';
import { createScope } from '../../../src/scope.ts';
import { noSecrets } from '../../../src/secrets.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-sqlite-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Observes one table of a file below the test's folder. */
async function observe(file: string, tableName = 't', time = 'at', timeZone = 'Asia/Shanghai'): Promise<Records> {
  const platform = platformSchema.parse({
    profile: 'qingdao-joint-use',
    timeZone,
    unit: { name: '单位', creditCode: 'x' },
    platform: { name: '平台', mode: 'joint-use', since: '2020-01-01' },
    stores: [{ name: 'store', engine: 'sqlite', path: file, tables: [{ name: tableName, holds: 'invoices', time }] }],
  });
  const now = () => new Date();
  const gate = createGate(createScope([], []), now);
  if (records.by !== 'calls') throw new Error('records is collected by calls');
  const found = await records.collect('store', {
    platform: { ...platform, folder },
    gate,
    signal: new AbortController().signal,
    now,
    secrets: noSecrets,
  });
  return found.value as Records;
}

function create(file: string, sql: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, file));
  database.exec(sql);
  return database;
}

describe('records of a SQLite file', () => {
  test.each([
    ['ISO text without a zone is local', "'2026-01-31 23:59:59'", 'Asia/Shanghai', '2026-01-31'],
    ['ISO text in UTC', "'2026-01-31T16:00:00Z'", 'Asia/Shanghai', '2026-02-01'],
    ['ISO text with an offset', "'2026-02-01T00:00:00+08:00'", 'UTC', '2026-01-31'],
    ['epoch seconds', '1769875200', 'Asia/Shanghai', '2026-02-01'],
    ['epoch seconds, one earlier', '1769875199', 'Asia/Shanghai', '2026-01-31'],
    ['epoch milliseconds', '1769875200000', 'Asia/Shanghai', '2026-02-01'],
    ['a zone off by half an hour', "'2026-01-31T18:30:00Z'", 'Asia/Kolkata', '2026-02-01'],
  ])('%s', async (name, value, timeZone, date) => {
    create(`${name}.sqlite`, `CREATE TABLE t (at); INSERT INTO t VALUES (${value})`).close();
    const { tables } = await observe(`${name}.sqlite`, 't', 'at', timeZone);
    expect(tables).toEqual([
      {
        name: 't',
        holds: 'invoices',
        counted: 'all',
        rows: 1,
        oldest: date,
        newest: date,
        months: { [date.slice(0, 7)]: 1 },
        undated: 0,
        deleters: [],
        unread: [],
      },
    ]);
  });

  test('counts months, and what has no time', async () => {
    create(
      'months.sqlite',
      "CREATE TABLE t (at); INSERT INTO t VALUES ('2025-01-01'), ('2025-01-31 08:00'), ('2025-03-01'), (NULL), ('soon'), ('0001-01-01'), ('9999-12-31'), (x'00ff')",
    ).close();
    const [table] = (await observe('months.sqlite')).tables;
    expect(table).toMatchObject({
      rows: 8,
      months: { '2025-01': 2, '2025-03': 1 },
      undated: 5,
      oldest: '2025-01-01',
      newest: '2025-03-01',
    });
  });

  test('names triggers and cascades that delete', async () => {
    create(
      'purge.sqlite',
      `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE "发票""t" (at, p REFERENCES p ON DELETE CASCADE);
       CREATE TABLE other (at);
       CREATE TRIGGER other_purge AFTER INSERT ON other BEGIN DELETE FROM other; END;
       CREATE TRIGGER purge AFTER INSERT ON p BEGIN DELETE FROM "发票""t" WHERE at < date('now', '-1 year'); END`,
    ).close();
    const [table] = (await observe('purge.sqlite', '发票"t')).tables;
    expect(table?.deleters.map((each) => each.name)).toEqual(['purge', 'foreign key → p']);
  });

  test('by a view, by what replaces, and what moves the time; no value of a trigger is shown', async () => {
    create(
      'detours.sqlite',
      `CREATE TABLE t (id INTEGER PRIMARY KEY, at, buyer); CREATE TABLE [other t] (x); CREATE VIEW [of t] AS SELECT * FROM [t]; CREATE VIEW top AS SELECT * FROM "of t";
       CREATE TRIGGER on_view INSTEAD OF DELETE ON [of t] BEGIN DELETE /* old */ FROM "t" WHERE buyer = '张三' AND id = 13800138000; END;
       CREATE TRIGGER by_view AFTER INSERT ON [other t] BEGIN DELETE FROM [top]; END;
       CREATE TRIGGER replaces AFTER INSERT ON [other t] BEGIN INSERT OR REPLACE INTO t (id) VALUES (1); END;
       CREATE TRIGGER moves AFTER UPDATE ON t BEGIN UPDATE t SET at = 1 WHERE id = NEW.id; END;
       CREATE TRIGGER harmless AFTER INSERT ON t BEGIN DELETE FROM [other t]; UPDATE t SET buyer = at; END`,
    ).close();
    const [table] = (await observe('detours.sqlite')).tables;
    expect(table?.deleters.map((each) => each.name)).toEqual(['on_view', 'by_view', 'replaces', 'moves']);
    expect(JSON.stringify(table)).not.toMatch(/张三|13800138000/);
  });

  test('words and times of day are no dates', async () => {
    create('words.sqlite', "CREATE TABLE t (at); INSERT INTO t VALUES ('now'), ('12:30'), ('2460000')").close();
    expect((await observe('words.sqlite')).tables).toMatchObject([{ rows: 3, months: {}, undated: 3 }]);
  });

  test('writes nothing beside a WAL database whose writer ended early', async () => {
    const writer = create('early.sqlite', 'PRAGMA journal_mode = WAL; CREATE TABLE t (at); INSERT INTO t VALUES (1)');
    for (const end of ['', '-wal'])
      await copyFile(join(folder, `early.sqlite${end}`), join(folder, `copy.sqlite${end}`));
    const before = await readdir(folder);
    await expect(observe('copy.sqlite')).rejects.toMatchObject({ reason: 'failed', message: /-shm/ });
    expect(await readdir(folder)).toEqual(before);
    writer.close();
  });

  test('leaves nothing beside a WAL database that nobody writes', async () => {
    create('wal.sqlite', "PRAGMA journal_mode = WAL; CREATE TABLE t (at); INSERT INTO t VALUES ('2025-01-01')").close();
    const before = await readdir(folder);
    expect((await observe('wal.sqlite')).tables[0]?.rows).toBe(1);
    expect(await readdir(folder)).toEqual(before);
  });

  test('sees what a writer has committed to the WAL', async () => {
    const writer = create(
      'live.sqlite',
      "PRAGMA journal_mode = WAL; CREATE TABLE t (at); INSERT INTO t VALUES ('2025-01-01')",
    );
    expect((await observe('live.sqlite')).tables[0]?.rows).toBe(1);
    writer.close();
  });

  test.each([
    ['CREATE TABLE u (at)', 'not-found', 't'],
    ['CREATE TABLE t (when_)', 'not-found', 't.at'],
    ["CREATE VIEW T AS SELECT '2020-01-01' AS at", 'not-a-table', 'view'],
    ['CREATE VIRTUAL TABLE t USING fts5(at)', 'not-a-table', 'virtual'],
  ])('%s is no table to count: %s', async (sql, problem, detail) => {
    const file = `${problem} ${detail}.sqlite`;
    create(file, sql).close();
    const { tables, missing } = await observe(file);
    expect([tables, missing]).toEqual([[], [{ name: 't', holds: 'invoices', problem, detail }]]);
  });

  test.each([
    ['missing.sqlite', 'not-found', /missing\.sqlite/],
    ['text.sqlite', 'failed', /not a database/],
  ])('%s is unobserved: %s', async (file, reason, detail) => {
    if (file === 'text.sqlite')
      await writeFile(join(folder, file), 'no database at all, and long enough to have a header');
    await expect(observe(file)).rejects.toMatchObject({
      name: 'Unavailable',
      reason,
      message: expect.stringMatching(detail),
    });
  });
});
