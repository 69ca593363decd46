import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { filesScript } from '../../../src/collectors/host/log-script.ts';
import { logStores } from '../../../src/collectors/host/log-stores.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import { addDays, daysFrom, type PlainDate } from '../../../src/evidence/dates.ts';
import { logStores as kind, type LogStore, type LogStores } from '../../../src/evidence/host/log-stores.ts';
import { createGate } from '../../../src/gate.ts';
import type { DeclaredHost } from '../../../src/platform.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';

const hostWith = (...logs: DeclaredHost['logs']): DeclaredHost => ({
  name: 'app-1',
  address: '127.0.0.1',
  transport: 'local',
  sudo: false,
  logs,
  data: [],
  backups: [],
});

const collector = logStores as HostCollector<'logStores'>;
const find = (value: LogStores, path: string): LogStore => {
  const found = value.stores.find((store) => store.path === path);
  if (!found) throw new Error(`no store ${path} among ${value.stores.map((store) => store.path).join(' ')}`);
  return found;
};

describe('on this machine', () => {
  let folder = '';
  let value: LogStores;
  let printed = '';
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  const today = local.toISOString().slice(0, 10);
  const first = addDays(today, -213);
  const days = daysFrom(first, today);
  const hole = daysFrom(addDays(today, -90), addDays(today, -88));
  const line = (day: PlainDate, text = 'secret of a customer') => `${day} 10:00:00.000 INFO ${text}\n`;

  const write = async (name: string, content: string | Buffer, day: PlainDate = today): Promise<void> => {
    const path = join(folder, name);
    await writeFile(path, content);
    await utimes(path, new Date(`${day}T12:00:00Z`), new Date(`${day}T12:00:00Z`));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leqi-logs-'));
    for (const name of ['app', "it's", 'app/archive']) await mkdir(join(folder, name), { recursive: true });
    for (const day of days.slice(0, -1)) {
      const old = day < addDays(today, -30);
      const text = line(day).repeat(3);
      await write(`app/archive/day.${day}.log${old ? '.gz' : ''}`, old ? gzipSync(text) : text, day);
      if (!hole.includes(day)) await write(`app/hole.log-${day.replaceAll('-', '')}`, text, day);
    }
    await write('app/day.log', line(today));
    await write('app/hole.log', line(today));
    await write('app/large.log', days.map((day) => line(day, 'x'.repeat(100)).repeat(200)).join(''));
    await write("it's/a b.log", days.map((day) => `${month(day)} 10:00:00 host app: x\n`).join(''));
    await write('app/binary.log', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)));
    await write('app/one-line.log', 'x'.repeat(3_000_000));
    await write('app/damaged.log.gz', 'no gzip');
    await write('app/empty.log', '');
    await write('app/app.pid', '1234');
    await write('app/odd\nfile 1 1 .log', line(today));
    await symlink('.', join(folder, 'app/loop'));
    const host = hostWith(
      { of: 'application', path: join(folder, 'app') },
      { of: 'application', path: join(folder, "it's/a b.log") },
      { of: 'application', path: join(folder, 'none/x.log') },
    );
    const bounds = { whole: 2 ** 20, unpacked: 2 ** 23, budget: 2 ** 28, files: 4000, seconds: 60 };
    const commands = collector
      .ask(host)
      .map((command) => (command.name === 'files' ? { ...command, script: filesScript(host, bounds) } : command));
    const gate = createGate(createScope(['127.0.0.1'], []), () => new Date());
    const results = await runLocal(gate, host, commands, new AbortController().signal);
    printed = results.get('files')?.stdout ?? '';
    value = kind.value.parse(collector.read((name) => results.get(name) ?? transcript({})(name), host));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const month = (day: PlainDate): string =>
    `${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(day.slice(5, 7)) - 1]} ${String(Number(day.slice(8))).padStart(2)}`;

  test('seven months of daily files, the older ones packed and moved to an archive, are one complete store', () => {
    const store = find(value, join(folder, 'app/day.log'));
    expect(store).toMatchObject({
      of: 'application',
      oldest: first,
      newest: today,
      days: days.length,
      parts: days.length,
      startsDaily: true,
      missing: [],
      missingDays: 0,
      sampled: false,
      problems: [],
    });
    expect(store.files.at(-1)).toMatchObject({ path: join(folder, `app/archive/day.${first}.log.gz`), oldest: first });
  });

  test('three deleted days are missing', () =>
    expect(find(value, join(folder, 'app/hole.log'))).toMatchObject({
      oldest: first,
      missing: [{ from: hole[0], to: hole[2], days: 3, certain: true }],
      missingDays: 3,
    }));

  test('of a large file pieces are read; as they show each of its days, none can be hidden', () =>
    expect(find(value, join(folder, 'app/large.log'))).toMatchObject({
      oldest: first,
      newest: today,
      sampled: false,
      days: days.length,
    }));

  test('a declared file with a quote and a blank in its path, dated without years', () =>
    expect(find(value, join(folder, "it's/a b.log"))).toMatchObject({
      oldest: first,
      newest: today,
      days: days.length,
      missing: [],
    }));

  test('what cannot be read is said, each for its reason', () => {
    expect(find(value, join(folder, 'app/binary.log')).problems).toEqual(['undated']);
    expect(find(value, join(folder, 'app/damaged.log')).problems).toEqual(['broken']);
    expect(find(value, join(folder, 'app/one-line.log'))).toMatchObject({ problems: ['undated'] });
    expect(find(value, join(folder, 'app/empty.log'))).toMatchObject({ bytes: 0, problems: [] });
    expect(value.unread).toEqual([
      expect.objectContaining({ problem: 'odd-name', of: 'application' }),
      expect.objectContaining({ problem: 'not-found', path: join(folder, 'none/x.log') }),
    ]);
    expect(value.stores.filter((store) => store.path.includes('loop'))).toEqual([]);
    expect(value.stores.find((store) => store.path.endsWith('app.pid'))?.of).toBe('other');
  });

  test('no line of a log leaves the host', () => {
    expect(printed).not.toContain('secret');
    expect(value.today).toBe(today);
    expect(value.cut).toBe(false);
  });
});

const now = 1_772_330_400; // 2026-03-01 10:00 at +08:00
const listing = (text: string, complete = true): string => `now ${now} +0800\n${text}\n${complete ? 'done\n' : ''}`;

describe('transcripts', () => {
  const read = (files: string, journal = 'groups root', host = hostWith()): LogStores =>
    kind.value.parse(collector.read(transcript({ files, journal: `${journal}\n` }), host));

  // Reconstructed from the script: rsyslog's files on Debian 12, years counted back from the file's time.
  test('syslog and its rotated parts, auth.log, an access log, another', () => {
    const value = read(
      listing(`file 900 ${now} /var/log/syslog
t 5 Feb 22
t 4 Mar  1
lines 9 9 2
file 700 ${now - 7 * 86400} /var/log/syslog.1
t 9 Feb 15
lines 9 9 1
file 70 ${now - 60 * 86400} /var/log/syslog.2.gz
exit 0
t 3 Dec 25
lines 3 3 1
file 10 ${now} /var/log/auth.log
state denied
file 10 ${now} /var/log/nginx/access.log
t 1 01/Mar/2026:09+0800
lines 1 1 1
file 99 ${now} /var/log/dpkg.log`),
    );
    expect(find(value, '/var/log/syslog')).toMatchObject({
      streams: ['general'],
      oldest: '2025-12-25',
      newest: '2026-03-01',
      parts: 3,
      bytes: 1670,
    });
    expect(find(value, '/var/log/auth.log')).toMatchObject({ streams: ['auth'], problems: ['denied'] });
    expect(find(value, '/var/log/nginx/access.log')).toMatchObject({ of: 'network', oldest: '2026-03-01' });
    expect(find(value, '/var/log/dpkg.log')).toMatchObject({ of: 'other', problems: [] });
  });

  test('of files that are read together those count as not read that were not come to', () => {
    const value = read(
      listing(`file 9 ${now} /var/log/syslog
state too-late
file 9 ${now} /var/log/auth.log
state too-late
at /var/log/syslog
t 1 Mar  1
lines 1 1 1 0`),
    );
    expect(find(value, '/var/log/syslog')).toMatchObject({ oldest: '2026-03-01', problems: [] });
    expect(find(value, '/var/log/auth.log').problems).toEqual(['too-late']);
  });

  test('closed folders count where logs of a kind may lie in them', () => {
    const { unread } = read(listing('closed /var/log/audit\nclosed /var/log/private'));
    expect(unread).toEqual([{ path: '/var/log/audit', of: 'system', streams: ['audit'], problem: 'denied' }]);
  });

  test('a declared folder without any log is reported as empty', () => {
    const host = hostWith({ of: 'application', path: '/opt/app/logs/' });
    expect(read(listing(`file 0 ${now} /opt/app/logs/a.log`), undefined, host).unread).toMatchObject([
      { problem: 'empty' },
    ]);
  });

  test('a listing that broke off is cut; without a clock nothing is known', () => {
    expect(read(listing(`file 1 ${now} /var/log/x`, false)).cut).toBe(true);
    expect(() => read('')).toThrow('date');
  });

  test('hostile listings are bounded and never throw', () => {
    const noise = [
      'file',
      'file x y z',
      'file 1 1 relative',
      't',
      't 1',
      'lines a b c',
      'exit',
      'state no-such',
      't 1 \u0000\u001b[31m',
    ];
    expect(read(listing(noise.join('\n'))).stores).toEqual([]);
    const many = Array.from({ length: 2000 }, (_, index) => `file 1 ${now} /var/log/nginx/access-${index}x.log`).join(
      '\n',
    );
    const value = read(listing(many));
    expect(value.stores.length).toBeLessThanOrEqual(400);
    expect(value.cut).toBe(true);
  });

  // The form of systemd 252 (Debian 12), taken from a journal of 231 days written by systemd-journal-remote; four days lacked entries.
  const journal = (end = 'done'): string => {
    const midnight = now - ((now + 8 * 3600) % 86400);
    const asked = Array.from({ length: 200 }, (_, index) => {
      const start = midnight - index * 86400;
      return `day ${start} ${index >= 100 && index <= 103 ? 'none' : start + 24_641}`;
    });
    return [
      'at /var/log/journal 8200',
      'groups root',
      `first ${midnight - 230 * 86400}`,
      `last ${now}`,
      ...asked,
      end,
    ].join('\n');
  };

  test('a journal: first and last entry, missing days, and from when its days were looked at', () => {
    expect(read(listing(''), journal()).stores[0]).toMatchObject({
      carrier: 'journal',
      streams: ['general', 'auth'],
      path: '/var/log/journal',
      oldest: '2025-07-14',
      newest: '2026-03-01',
      lookedFrom: '2025-08-14',
      missing: [{ from: '2025-11-18', to: '2025-11-21', days: 4, certain: true }],
      volatile: false,
      bytes: 8200 * 1024,
      problems: [],
    });
  });

  test('a journal in memory, one without journalctl, one that others may not see, none', () => {
    const memory = `at /run/log/journal 100\ngroups root\nfirst ${now - 100}\nlast ${now}\nday ${now - 7200} ${now}\ndone`;
    expect(read(listing(''), memory).stores[0]).toMatchObject({ volatile: true, oldest: '2026-03-01' });
    expect(read(listing(''), 'at /var/log/journal 100\ngroups root\nno-journalctl').stores[0]?.problems).toEqual([
      'not-installed',
    ]);
    const denied = collector.read(
      transcript({
        files: listing(''),
        journal: { stdout: journal().replace('groups root', 'groups app'), status: 0, withoutRoot: true },
      }),
      hostWith(),
    );
    expect(denied.stores[0]?.problems).toEqual(['denied']);
    expect(read(listing(''), journal('stopped')).stores[0]?.problems).toEqual(['too-late']);
    expect(read(listing(''), 'groups root\nfirst \nlast ').stores).toEqual([]);
  });
});
