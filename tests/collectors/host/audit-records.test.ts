import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { recordsScript } from '../../../src/collectors/host/audit-records/script.ts';
import { auditRecords } from '../../../src/collectors/host/audit-records.ts';
import { type AuditLog, type AuditRecords, auditRecords as kind } from '../../../src/evidence/host/audit-records.ts';
import { createGate } from '../../../src/gate.ts';
import type { DeclaredHost } from '../../../src/platform.ts';
import { createScope } from '../../../src/scope.ts';
import { type Shell, shells } from '../../support/shells.ts';
import { platformOf } from '../../support/tools.ts';
import { transcript } from '../../support/transcripts.ts';
import { contents, json, many, whole } from './audit-logs.ts';

const collector = auditRecords as HostCollector<'auditRecords'>;

function hostWith(logs: readonly object[]): DeclaredHost {
  const [host] = platformOf({
    hosts: [{ name: 'app-1', address: '127.0.0.1', logs: logs.map((log) => ({ of: 'application', ...log })) }],
  }).hosts;
  if (!host) throw new Error('a host is declared');
  return host;
}

async function ask(
  logs: readonly object[],
  shell: Pick<Shell, 'argv' | 'path'> = { argv: ['/bin/sh'], path: '/usr/bin:/bin' },
): Promise<[AuditRecords, string]> {
  const host = hostWith(logs);
  const gate = createGate(createScope([], []), () => new Date());
  const [program, ...args] = shell.argv;
  const result = await gate.run(program, [...args, '-c', recordsScript(host)], {
    timeout: 60,
    limit: 2 ** 20,
    env: { PATH: shell.path },
  });
  expect(result.stderr).toBe('');
  const stdout = result.stdout.toString('utf8');
  const value = collector.read(transcript({ records: { ...result, stdout, withoutRoot: false } }), host);
  return [kind.value.parse(value), stdout];
}

describe.each(shells())('with $name', (shell) => {
  let folder = '';
  let value: AuditRecords;
  let printed = '';
  const names = Object.keys(contents);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leqi-records-'));
    const logs: object[] = [];
    for (const [index, { log, content }] of Object.values(contents).entries()) {
      const path = join(folder, `日志 ${index} it's.log`);
      await writeFile(path, content);
      logs.push({ ...log, path });
    }
    [value, printed] = await ask(logs, shell);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(names)('%s', (name) => {
    const log = value.logs[names.indexOf(name)];
    expect(log?.samples).toHaveLength(1);
    expect(log?.samples[0]).toMatchObject(contents[name]?.sample ?? {});
  });

  test('nothing of a record is printed', () => {
    expect(printed).not.toMatch(/张三|login|登录|192\.0\.2\.7|开具/);
  });
});

describe('which files are read', () => {
  let folder = '';
  const line = `${json(whole)}\n`;
  const write = async (name: string, content: string | Buffer, day: string): Promise<void> => {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
    await utimes(join(folder, name), new Date(`${day}T12:00:00Z`), new Date(`${day}T12:00:00Z`));
  };
  const pathsOf = (log: AuditLog | undefined): string[] =>
    (log?.samples ?? []).map(({ path }) => path.slice(folder.length + 1)).toSorted();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leqi-records-'));
    await write('logs/audit.log', line.repeat(30), '2026-03-01');
    await write('logs/audit.log.1', line.repeat(30), '2026-02-01');
    await write('logs/audit.log.2.gz', gzipSync(line.repeat(2000)), '2026-01-01');
    await write('logs/audit.log.3.gz', gzipSync(line.repeat(30)), '2025-12-01');
    await write('logs/audit-web.log', line.repeat(30), '2026-03-01');
    await write('logs/debug.log', many('2026-03-01 10:00:00 started'), '2026-03-01');
    await write('logs/操作日志.txt', line.repeat(30), '2026-03-01');
    await write('logs/audit.pid', '17', '2026-03-01');
    await write('big/audit.log', line.repeat(20_000), '2026-03-01');
    await write('dated/audit.2026-02-28.log', line.repeat(30), '2026-02-28');
    await write('odd/audit\nlog 0.log', line, '2026-03-01');
    await symlink('.', join(folder, 'logs/loop'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('of a declared file itself, one of its middle and its oldest part', async () => {
    const [{ logs }] = await ask([{ path: join(folder, 'logs/audit.log'), records: {} }]);
    expect(pathsOf(logs[0])).toEqual(['logs/audit.log', 'logs/audit.log.1', 'logs/audit.log.3.gz']);
    expect(logs[0]).toMatchObject({
      declared: true,
      named: [],
      samples: [{ records: 30, modified: '2026-03-01' }, {}, {}],
    });
  });

  test('of a folder that is not declared as an audit log, those whose names say it', async () => {
    const [{ logs }] = await ask([{ path: join(folder, 'logs') }]);
    expect(pathsOf(logs[0])).toEqual([
      'logs/audit-web.log',
      'logs/audit.log',
      'logs/audit.log.1',
      'logs/audit.log.3.gz',
      'logs/操作日志.txt',
    ]);
    expect(logs[0]?.declared).toBe(false);
  });

  test('of a large file some hundred records from three places', async () => {
    const [{ logs }] = await ask([{ path: join(folder, 'big/audit.log'), records: {} }]);
    const [sample] = logs[0]?.samples ?? [];
    expect(sample?.unread).toBe(0);
    expect(sample?.complete).toBe(sample?.records);
    expect(sample?.records).toBeGreaterThan(500);
    expect(sample?.records).toBeLessThan(1000);
  });

  test('a log of dated parts alone is there; a path that does not exist and an odd name are told', async () => {
    const [{ logs, unread }] = await ask([
      { path: join(folder, 'dated/audit.log'), records: {} },
      { path: join(folder, 'none/audit.log'), records: {} },
      { path: join(folder, 'odd') },
    ]);
    expect(pathsOf(logs[0])).toEqual(['dated/audit.2026-02-28.log']);
    expect(unread).toEqual([
      { path: join(folder, 'none/audit.log'), problem: 'not-found', declared: true },
      { path: join(folder, 'odd'), problem: 'odd-name', declared: false },
    ]);
  });

  test('what another account may not open is denied', async () => {
    await chmod(folder, 0o755);
    await chmod(join(folder, 'logs/audit.log'), 0o600);
    await mkdir(join(folder, 'logs/closed'), { mode: 0o700 });
    const [{ logs, unread }] = await ask([{ path: join(folder, 'logs') }], {
      argv: ['setpriv', '--reuid=65534', '--clear-groups', 'sh'],
      path: '/usr/bin:/bin',
    });
    expect(logs[0]?.samples.find(({ path }) => path.endsWith('audit.log'))).toMatchObject({
      problem: 'denied',
      records: 0,
    });
    expect(unread).toEqual([{ path: join(folder, 'logs/closed'), problem: 'denied', declared: false }]);
  });
});

describe('hostile output', () => {
  const host = hostWith([{ path: '/opt/app/audit.log', records: {} }]);
  const read = (...lines: string[]): AuditRecords =>
    kind.value.parse(
      collector.read(transcript({ records: `${['now 1772330400 +0800', ...lines, 'done'].join('\n')}\n` }), host),
    );

  test('lines that no script prints change nothing', () => {
    const value = read(
      'log 9',
      'log 0',
      'mask 111111 5',
      'file x y z',
      'file 1772330400 5 /a\u001b[31m',
      'mask 1111111 5',
      'mask 111111 -5',
      'mask 111111 1e9',
      'format xml',
      'state ?',
      'unread x',
    );
    expect(value.logs).toEqual([
      expect.objectContaining({
        samples: [expect.objectContaining({ path: '/a·[31m', records: 0, unread: 0, formats: [], problem: 'denied' })],
      }),
    ]);
  });

  test('less than all is nothing', () => {
    for (const result of [
      { stdout: 'now 1772330400 +0800\nlog 0\n' },
      { stdout: '', timedOut: true },
      'done\n',
      'now x +0800\ndone\n',
    ])
      expect(() => collector.read(transcript({ records: result }), host)).toThrow();
  });
});
