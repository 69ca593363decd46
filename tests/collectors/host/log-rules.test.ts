import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bytesIn, daysIn, readConfigFiles } from '../../../src/collectors/host/config-files.ts';
import { deletionsIn } from '../../../src/collectors/host/log-deletions.ts';
import { auditdRule, journaldRule, tmpfilesRules } from '../../../src/collectors/host/log-limits.ts';
import { readLogrotate, type Schedule } from '../../../src/collectors/host/logrotate.ts';
import { minutesAheadIn } from '../../../src/evidence/dates.ts';
import { matchesGlob } from '../../../src/evidence/glob.ts';
import { longestPeriod } from '../../../src/evidence/host/log-keeping.ts';

const run = promisify(execFile);
const file = (path: string, text: string) => ({ path, lines: text.split('\n') });

describe('logrotate', () => {
  const rules = (text: string, others: { path: string; lines: string[] }[] = [], schedule: Schedule = 'daily') => {
    const main = file('/etc/logrotate.conf', text);
    return readLogrotate(main, [main, ...others], schedule);
  };
  const limits = (body: string, schedule: Schedule = 'daily') =>
    rules(`weekly\nrotate 4\n/a.log {\n${body}\n}`, [], schedule)[0]?.limits;

  test.each<[string, unknown]>([
    ['missingok', [{ days: 28 }]],
    ['daily\nrotate 180', [{ days: 180 }]],
    ['monthly\nrotate 6', [{ months: 6 }]],
    ['yearly\nrotate 1', [{ months: 12 }]],
    ['rotate 0', [{ days: 0 }]],
    ['rotate -1', []],
    ['rotate -1\nmaxage 90', [{ days: 90 }]],
    ['size 100M\nrotate 10', [{ bytes: 104_857_600, files: 10, days: 10 }]],
    ['size=100k\nrotate 10\ndaily', [{ days: 10 }]],
    ['maxsize 1G\nrotate 30', [{ bytes: 1_073_741_824, files: 30, days: 30 }, { days: 210 }]],
    ['minsize 1G\nrotate 30', [{ days: 210 }]],
  ])('%j keeps %j', (body, expected) => expect(limits(body)).toEqual(expected));

  test('started hourly, size may rotate 24 times a day', () =>
    expect(limits('size 1M\nrotate 48', 'hourly')).toEqual([{ bytes: 1_048_576, files: 48, days: 2 }]));

  test('several names, quotes, a brace on its own line or all on one', () => {
    const [first, second] = rules('"/a b.log" /c*.log\n/d.log\n{\n daily\n rotate 3 }\n/e.log { daily }');
    expect(first).toMatchObject({
      covers: ['/a b.log', '/c*.log', '/d.log'],
      where: '/etc/logrotate.conf:1',
      text: 'daily rotate 3',
    });
    expect(second).toMatchObject({ covers: ['/e.log'], text: 'daily rotate 0' });
  });

  test('a deletion in a script counts, and a script’s braces do not end the stanza', () => {
    const all = rules(
      '/a.log {\n rotate 5\n daily\n postrotate\n  find /a -mtime +7 -delete; x() { true; }\n endscript\n rotate 6\n}',
    );
    expect(all.map(({ by, limits: each }) => [by, each])).toEqual([
      ['logrotate', [{ days: 6 }]],
      ['schedule', [{ days: 8 }]],
    ]);
  });

  test('garbage gives no rule and does not throw', () => {
    expect(rules('}}}{{{\nendscript\n\u0000')).toEqual([]);
    expect(rules(`include /etc/logrotate.conf\n${'/a '.repeat(5000)}\n`)).toEqual([]);
  });

  // Debian 12, logrotate 3.21.0: what it says of the same files with -d.
  test('reads includes as logrotate itself does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leqi-logrotate-'));
    try {
      const texts = {
        'main.conf': `weekly\nrotate 4\ntabooext + .skip\ninclude ${folder}/d\n${folder}/last.log {\n missingok\n}\n`,
        'd/a': `daily\nrotate 9\n${folder}/a.log {\n missingok\n size 100k\n}\n`,
        'd/b': `${folder}/b.log\n{\n rotate 3\n missingok\n}\n`,
        'd/c.skip': `${folder}/c.log { rotate 99\n}\n`,
      };
      await run('mkdir', [join(folder, 'd')]);
      for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text, { mode: 0o644 });
      for (const name of ['a', 'b', 'last']) await writeFile(join(folder, `${name}.log`), 'x\n');
      const { stderr } = await run('/usr/sbin/logrotate', [
        '-d',
        '-s',
        join(folder, 'state'),
        join(folder, 'main.conf'),
      ]);
      const said = [...stderr.matchAll(/rotating pattern: (\S+)\s+(.*?) *\((\d+) rotations\)/g)].map(
        ([, path, when, count]) => [path, when, Number(count)],
      );
      expect(said).toEqual([
        [`${folder}/a.log`, '102400 bytes', 9],
        [`${folder}/b.log`, 'after 1 days', 3],
        [`${folder}/last.log`, 'after 1 days', 9],
      ]);
      const files = Object.entries(texts).map(([name, text]) => file(join(folder, name), text));
      const [main] = files;
      if (!main) throw new Error('no main file');
      expect(readLogrotate(main, files, 'daily').map((rule) => [rule.covers[0], rule.text])).toEqual([
        [`${folder}/a.log`, 'size 102400 rotate 9'],
        [`${folder}/b.log`, 'daily rotate 3'],
        [`${folder}/last.log`, 'daily rotate 9'],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ['daily\nrotate 3', ['app.log', 'app.log.1', 'app.log.2', 'app.log.3']],
    ['weekly\nrotate 0', ['app.log']],
    ['monthly\nrotate -1', ['app.log', 'app.log.1', 'app.log.2', 'app.log.3', 'app.log.4', 'app.log.5', 'app.log.6']],
  ])('after six rotations with %j logrotate itself has kept as many', async (body, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'leqi-logrotate-'));
    try {
      const config = join(folder, 'conf');
      await writeFile(config, `${folder}/app.log {\n${body}\ncreate\n}\n`, { mode: 0o644 });
      for (let round = 0; round < 6; round++) {
        await writeFile(join(folder, 'app.log'), `${round}\n`);
        await run('/usr/sbin/logrotate', ['-f', '-s', join(folder, 'state'), config]);
      }
      const kept = (await readdir(folder)).filter((name) => name.startsWith('app.log'));
      expect(kept.toSorted()).toEqual(expected);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('deletions', () => {
  const found = (text: string) => deletionsIn(file('/etc/cron.d/x', text));

  test.each<[string, string[], string[], unknown]>([
    [
      '0 3 * * * root find /opt/app/logs -name "*.log" -mtime +30 -delete',
      ['/opt/app/logs', '/opt/app/logs/'],
      ['*.log'],
      { days: 31 },
    ],
    ['find /a/ -type f -mtime +180 -exec rm -f {} \\;', ['/a', '/a/'], [], { days: 181 }],
    ['find /a -mmin +1440 -print0 | xargs -0 rm', ['/a', '/a/'], [], { days: 1 }],
    ['find /a ! -mtime -30 -delete', ['/a', '/a/'], [], { days: 30 }],
    ['cd /opt/logs && find . -mtime +7 -delete', ['/opt/logs', '/opt/logs/'], [], { days: 8 }],
    ['DIR=/srv/logs\nfind "$DIR" -mtime +7 -delete', ['/srv/logs', '/srv/logs/'], [], { days: 8 }],
    ['find /a -delete', ['/a', '/a/'], [], { unknown: 'find /a -delete' }],
    ['rm -rf /a/logs/*.log', ['/a/logs/*.log', '/a/logs/*.log/'], [], { unknown: 'rm -rf /a/logs/*.log' }],
    ['12: : > /var/log/app.log', ['/var/log/app.log', '/var/log/app.log/'], [], { unknown: ': > /var/log/app.log' }],
    ['journalctl --vacuum-time=2weeks', ['journal'], [], { days: 14 }],
    ['journalctl --vacuum-size 500M', ['journal'], [], { bytes: 524_288_000 }],
  ])('%s', (text, covers, names, limit) => {
    expect(found(text).rules).toMatchObject([{ by: 'schedule', covers, names, limits: [limit] }]);
  });

  test.each([
    'find /a -mtime +7 -exec gzip {} \\;',
    'find /a -type d -empty -delete',
    '# rm -rf /var/log/x',
    '0 1 * * * root /opt/job.sh > /var/log/job.log 2>&1',
    'find /var/log -name "*.log" | wc -l',
    'journalctl --flush',
    '\'"`$((((\u0000',
  ])('%j deletes nothing', (text) => expect(found(text)).toEqual({ rules: [], unread: [] }));

  test('a path that is made up while the script runs is reported if it speaks of logs', () => {
    expect(found('find $LOG_HOME -mtime +7 -delete')).toMatchObject({
      rules: [],
      unread: [{ path: '/etc/cron.d/x:1' }],
    });
    expect(found('find $CACHE -mtime +7 -delete')).toEqual({ rules: [], unread: [] });
  });
});

describe('limits of journald, auditd, tmpfiles.d', () => {
  const gibi = 1024 ** 3;
  const mebi = 1024 ** 2;
  const disk = { total: 100 * gibi, available: 50 * gibi, used: gibi };
  const journald = (text: string) => journaldRule([file('/etc/systemd/journald.conf', `[Journal]\n${text}`)], disk);

  test('defaults: a tenth of the file system up to 4 GiB, less the file that may be dropped', () => {
    expect(journald('').limits).toEqual([{ bytes: 4 * gibi - 128 * mebi }]);
    expect(journaldRule([], { ...disk, total: 10 * gibi, available: 5 * gibi }).limits).toEqual([
      { bytes: gibi - 128 * mebi },
    ]);
  });

  test('what must stay free counts, as do a hundred files', () => {
    expect(journaldRule([], { ...disk, available: 5 * gibi }).limits).toEqual([{ bytes: 2 * gibi - 128 * mebi }]);
    expect(journald('SystemMaxUse=50G').limits).toEqual([{ bytes: 100 * 128 * mebi - 128 * mebi }]);
    expect(journald('SystemMaxUse=800M').limits).toEqual([{ bytes: 700 * mebi }]);
  });

  test('time limits, in-memory storage, an unknown file system', () => {
    expect(journald('MaxRetentionSec=6month').limits).toContainEqual({ days: 6 * 30.44 });
    expect(journald('Storage=volatile').limits).toEqual([{ days: 0 }]);
    expect(journaldRule([], undefined).limits).toMatchObject([{ unknown: expect.any(String) }]);
    expect(journald('MaxRetentionSec=soon').limits).toContainEqual({ unknown: 'MaxRetentionSec=soon' });
  });

  // systemd 252 of Debian 12: `systemd-analyze cat-config` heads each file by a comment; the last setting holds.
  test('drop-ins override', () => {
    const text =
      '# /etc/systemd/journald.conf\n[Journal]\nSystemMaxUse=1G\n\n# /etc/systemd/journald.conf.d/x.conf\n[Journal]\nSystemMaxUse=800M';
    expect(journaldRule([file('systemd/journald.conf', text)], disk)).toMatchObject({
      where: '/etc/systemd/journald.conf.d/x.conf',
      limits: [{ bytes: 700 * mebi }],
    });
  });

  test.each<[string, unknown]>([
    ['max_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE', [{ bytes: 8 * mebi, files: 4 }]],
    ['max_log_file = 8\nnum_logs = 5\nmax_log_file_action = keep_logs', []],
    ['max_log_file_action = ignore', []],
    ['max_log_file_action = keep_logs\ndisk_full_action = rotate', [{ unknown: 'disk_full_action=rotate' }]],
  ])('auditd: %j', (text, limits) => expect(auditdRule(file('/etc/audit/auditd.conf', text))?.limits).toEqual(limits));

  test('tmpfiles.d: only lines with an age or that remove; /etc stands before /usr/lib', () => {
    const rules = tmpfilesRules([
      file('/etc/tmpfiles.d/app.conf', 'd /var/log/app 0755 root root 30d -\n# d /x - - - 1d'),
      file('/usr/lib/tmpfiles.d/app.conf', 'd /var/log/app 0755 root root 1d -'),
      file('/usr/lib/tmpfiles.d/var.conf', 'd /var/log 0755 - - -\nR /var/log/old'),
    ]);
    expect(rules.map(({ covers, limits }) => [covers[0], limits])).toEqual([
      ['/var/log/app', [{ days: 30 }]],
      ['/var/log/old', [{ unknown: 'R /var/log/old' }]],
    ]);
  });
});

test('sizes and time spans', () => {
  expect(['500M', '4G', '100k', '1.5G', '12', 'x'].map(bytesIn)).toEqual([
    524_288_000,
    4 * 1024 ** 3,
    102_400,
    1.5 * 1024 ** 3,
    12,
    undefined,
  ]);
  expect(['6month', '2w 3d', '86400', '1y', '90min', 'x', '', '1 fortnight'].map(daysIn)).toEqual([
    6 * 30.44,
    17,
    1,
    365.25,
    0.0625,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a line of a file cannot pass for a heading', () =>
  expect(readConfigFiles('== /a\n x\n == /etc/passwd\n!! /b\n')).toEqual({
    files: [{ path: '/a', lines: ['x', '== /etc/passwd'] }],
    unread: ['/b'],
  }));

test.each<[string, string, boolean]>([
  ['/var/log/*.log', '/var/log/a.log', true],
  ['/var/log/*.log', '/var/log/a/b.log', false],
  ['/var/log/*/*.log', '/var/log/a/b.log', true],
  ['/var/log/app/', '/var/log/app/a/b', true],
  ['/var/log/app/', '/var/log/app', false],
  ['/var/log/[ab]?.log', '/var/log/b1.log', true],
  ['/var/log/[!ab].log', '/var/log/a.log', false],
  ['/var/log/[0-9].log', '/var/log/7.log', true],
  [`/${'*a'.repeat(200)}b`, `/${'a'.repeat(4000)}`, false],
])('glob %s %s', (pattern, path, expected) => expect(matchesGlob(pattern, path)).toBe(expected));

test('the longest periods, and how far a zone is ahead', () => {
  expect([1, 6, 12, 36].map(longestPeriod)).toEqual([31, 184, 366, 1096]);
  expect([
    minutesAheadIn('2026-03-01T00:00:00Z', 'Asia/Shanghai'),
    minutesAheadIn('2026-03-01T00:00:00Z', 'UTC'),
  ]).toEqual([480, 0]);
  expect(minutesAheadIn('2026-01-01T00:00:00Z', 'America/St_Johns')).toBe(-210);
});
