import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBundle } from '../../src/bundle/bundle.ts';
import { importOutput } from '../../src/commands/import.ts';
import type { Records } from '../../src/evidence/database/records.ts';
import { runCli, runHere } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';

// Neither Oracle nor Dameng can be had: MariaDB in its Oracle mode runs the statements of the script, over tables that stand in for their catalogue.

const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-'));
const at = (name: string): string => join(folder, name);
const databases = createDatabases();
let server: DatabaseServer;
let script: string;
let output: string;

const platformText = (engine: string): string => `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2024-01-01 }
stores:
  - name: 核心库
    engine: ${engine}
    schema: TAX
    tables:
      - { name: FPXX, holds: invoices, time: KPRQ }
      - { name: '订单''&"表', holds: transactions, time: 时间 }
      - { name: NOWHERE, holds: payments, time: T }
      - { name: SEEN, holds: payments, time: T }
`;

const collect = (...args: string[]) =>
  runCli(['collect', '--platform', at('platform.yaml'), '--out', at('out'), ...args]);
const bring = (...files: string[]) =>
  runHere(importOutput, [...files.map(at), '--platform', at('platform.yaml'), '--out', at('out')]);
const records = async (): Promise<Records> => {
  const { observations } = await readBundle(at('out/evidence'));
  const found = observations.find(({ kind }) => kind === 'records');
  if (found?.kind !== 'records' || !found.observed) throw new Error(JSON.stringify(found));
  return found.observed;
};

/** What the client of MariaDB prints for the statements; the settings of the other clients are not for it. */
function run(sql: string): string {
  const statements = sql.split('\n').filter((line) => line.endsWith(';') || !/^(SET|EXIT|--)/.test(line));
  return server.admin(`SET sql_mode = 'ORACLE'; SET time_zone = '+08:00';\n${statements.join('\n')}`, 'TAX', [
    '--force',
  ]);
}

beforeAll(async () => {
  server = await databases.mariadb(undefined, ['--lower-case-table-names=0']);
  server.admin('CREATE DATABASE TAX');
  server.admin(
    `SET sql_mode = 'ORACLE';
     CREATE TABLE "v$version" (banner varchar(80)); INSERT INTO "v$version" VALUES ('DM Database Server 64 V8|x');
     CREATE TABLE FPXX (KPRQ datetime);
     INSERT INTO FPXX SELECT DATE '2024-01-05' + INTERVAL seq DAY FROM seq_0_to_99; INSERT INTO FPXX VALUES (NULL), ('0001-01-01'), ('9999-12-31');
     CREATE TABLE "订单'&""表" ("时间" datetime); INSERT INTO "订单'&""表" VALUES ('2024-02-29 23:59:59');
     CREATE TABLE dba_constraints (owner varchar(30), table_name varchar(60), constraint_name varchar(30), delete_rule varchar(9));
     INSERT INTO dba_constraints VALUES ('TAX', 'FPXX', 'FK_DD', 'CASCADE'), ('TAX', 'OTHER', 'FK_O', 'CASCADE');
     CREATE TABLE dba_objects (owner varchar(30), object_name varchar(60), object_type varchar(30));
     INSERT INTO dba_objects VALUES ('TAX', 'FPXX', 'TABLE'), ('TAX', 'FPXX', 'TABLE PARTITION'), ('TAX', '订单''&"表', 'TABLE'), ('TAX', 'SEEN', 'VIEW');
     CREATE VIEW SEEN AS SELECT DATE '2020-01-05' AS T;
     CREATE TABLE dba_source (owner varchar(30), name varchar(30), type varchar(12), text varchar(400));
     INSERT INTO dba_source VALUES ('TAX', 'CLEAN_UP', 'PROCEDURE', 'begin'), ('TAX', 'CLEAN_UP', 'PROCEDURE', 'delete from'), ('TAX', 'CLEAN_UP', 'PROCEDURE', ' fpxx where kprq < add_months(sysdate, -12);'),
       ('TAX', 'NUMBERS', 'TRIGGER', 'insert into fpxx'), ('SYS', 'OWN', 'PROCEDURE', 'delete from fpxx'),
       ('TAX', 'PIECED', 'PACKAGE BODY', 'execute immediate ''delete from '' || t'), ('APEX', 'PIECED_TOO', 'PACKAGE BODY', 'execute immediate ''delete from '' || t'),
       ('TAX', 'SEALED', 'PROCEDURE', 'PROCEDURE sealed wrapped a000000'), ('XDB', 'SEALED_TOO', 'PROCEDURE', 'PROCEDURE sealed_too wrapped a000000');
     CREATE TABLE dba_scheduler_jobs (owner varchar(30), job_name varchar(30), job_action varchar(400), job_type varchar(16), enabled varchar(5));
     INSERT INTO dba_scheduler_jobs VALUES ('TAX', 'NIGHTLY', NULL, NULL, 'TRUE'), ('TAX', 'SHELL', '/opt/clean.sh', 'EXECUTABLE', 'TRUE');
     CREATE TABLE dba_scheduler_programs (owner varchar(30), program_name varchar(30), program_action varchar(400), enabled varchar(5));
     INSERT INTO dba_scheduler_programs VALUES ('TAX', 'SWEEP', 'begin delete from fpxx; end;', 'TRUE');
     CREATE TABLE dba_jobs (job int, what varchar(400), broken varchar(1)); INSERT INTO dba_jobs VALUES (7, 'truncate table x', 'N'), (8, 'delete', 'Y')`,
    'TAX',
  );
  await writeFile(at('platform.yaml'), platformText('oracle'));
  const printed = await collect('--print-script', '--store', '核心库');
  expect(printed).toMatchObject({ status: 0, stderr: '' });
  script = printed.stdout;
  output = run(script);
  await writeFile(at('核心库.out'), output);
}, 120_000);

afterAll(async () => {
  await databases.remove();
  await rm(folder, { recursive: true });
});

describe('the printed script', () => {
  test('says what it is and how it is run, and reads only', () => {
    expect(script).toMatch(/^-- leqi-audit [\d.]+：平台「乐企直连平台」数据库 核心库 的取证脚本/);
    expect(script).toMatch(/sqlplus -S .* @核心库\.sql > 核心库\.out/);
    const statements = script.split('\n').filter((line) => !/^--|^$/.test(line));
    for (const line of statements) expect(line).toMatch(/^(SET [A-Z]+ \w+$|SET TRANSACTION READ ONLY;|SELECT |EXIT$)/);
  });

  test('is for one of the stores that are asked by script', async () => {
    expect(await collect('--print-script', '--store', '其他')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/核心库/),
    });
  });
});

describe('its output', () => {
  test('gives the counts by month and what deletes; a table that is not there is missing, the others are not', async () => {
    expect(await collect('--quiet')).toMatchObject({ status: 0 });
    expect(await bring('核心库.out')).toMatchObject({
      status: 0,
    });
    const { engine, version, tables, missing } = await records();
    expect({ engine, version }).toEqual({ engine: 'oracle', version: 'DM Database Server 64 V8/x' });
    expect(tables).toMatchObject([
      {
        name: 'FPXX',
        holds: 'invoices',
        counted: 'all',
        rows: 103,
        oldest: '2024-01-05',
        newest: '2024-04-13',
        months: { '2024-01': 27, '2024-02': 29, '2024-03': 31, '2024-04': 13 },
        undated: 3,
        deleters: [
          { kind: 'foreign-key', name: 'FK_DD' },
          { kind: 'routine', name: 'TAX.PIECED' },
          { kind: 'routine', name: 'TAX.CLEAN_UP' },
          { kind: 'routine', name: 'TAX.SEALED' },
          { kind: 'job', name: '7' },
          { kind: 'job', name: 'TAX.SWEEP' },
          { kind: 'job', name: 'TAX.SHELL' },
        ],
        unread: [],
      },
      { holds: 'transactions', rows: 1, oldest: '2024-02-29', months: { '2024-02': 1 }, undated: 0 },
    ]);
    expect(missing).toEqual([
      { name: 'NOWHERE', holds: 'payments', problem: 'failed', detail: '' },
      { name: 'SEEN', holds: 'payments', problem: 'not-a-table', detail: 'VIEW' },
    ]);
  });

  test('what the account may not see is named', async () => {
    const without = output.split('\n').filter((line) => !/\|(code|done)\|\d\|(code|TRIGGER|PROCEDURE)/.test(line));
    await writeFile(at('less.out'), without.join('\n'));
    expect(await bring('less.out')).toMatchObject({ status: 0 });
    expect((await records()).tables[0]?.unread).toEqual(['DBA_SOURCE']);
  });

  test('is read as a client in China writes it: noise around, GB18030, CRLF, blanks at the ends', async () => {
    const failed = output.replace(/at\|rows\|2\n/, "$&ORA-01722: 无法将 '张三 13800138000' 转换为数字\n");
    const noisy = `SQL> 连接成功\n${failed.replaceAll('\n', '   \r\n')}已用时间: 12 毫秒\r\n`;
    await writeFile(at('gb.sql'), noisy);
    const { execFileSync } = await import('node:child_process');
    await writeFile(at('gb.out'), execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030', at('gb.sql')]));
    expect(await bring('gb.out')).toMatchObject({ status: 0 });
    const { tables, missing } = await records();
    expect(tables).toHaveLength(2);
    // What the client says beside its number may quote values.
    expect(missing[0]).toMatchObject({ name: 'NOWHERE', detail: 'ORA-01722' });
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['cut short', (text) => text.slice(0, text.length / 2), /不完整/],
    ['without its last line', (text) => text.replace(/^.*[0-9a-f]\|end\|.*$/m, ''), /不完整/],
    ['a month taken out', (text) => text.replace(/^.*\|month\|0\|2024-02\|.*$/m, ''), /各月记录数之和/],
    [
      'a month made up',
      (text) => text.replace(/^(.*\|month\|0\|)2024-02\|29$/m, '$12024-02|29\n$12023-12|4'),
      /各月记录数之和/,
    ],
    ['a number that is none', (text) => text.replace('|2024-02|29', '|2024-02|2x'), /改动/],
    ['from another script', (text) => text.replaceAll(/LEQI1\|[0-9a-f]{16}/g, `LEQI1|${'0'.repeat(16)}`), /重新打印/],
    ['from the future', (text) => text.replace(/\|begin\|\d{4}/, '|begin|2099'), /将来/],
  ])('%s: refused', async (_, change, says) => {
    const changed = change(output);
    expect(changed).not.toBe(output);
    await writeFile(at('bad.out'), changed);
    const before = await readFile(at('out/evidence/manifest.json'), 'utf8');
    const { status, stderr } = await bring('bad.out');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(says) });
    expect(await readFile(at('out/evidence/manifest.json'), 'utf8')).toBe(before);
  });

  test('until it is brought back, the records are not collected', async () => {
    await writeFile(at('platform.yaml'), platformText('dameng'));
    expect(await collect('--quiet')).toMatchObject({ status: 0 });
    const { observations } = await readBundle(at('out/evidence'));
    expect(observations.find(({ kind }) => kind === 'records')?.unobserved).toMatchObject({ reason: 'not-collected' });
    expect((await collect('--print-script', '--store', '核心库')).stdout).toMatch(/disql .*SYSJOB\.SYSJOBSTEPS/s);
  });
});
