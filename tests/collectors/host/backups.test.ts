import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../../../src/collectors/host/backups/first-bytes.ts';
import { backups as collector } from '../../../src/collectors/host/backups.ts';
import type { Backups } from '../../../src/evidence/host/backups.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { dataHost } from './data-host.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const hostOf = (...paths: string[]) => dataHost({ backups: paths.map((path) => ({ path, of: 'orders' })) });
const read = (output: Parameters<typeof transcript>[0][string], host = hostOf('/b')): Backups =>
  kinds.backups.value.parse(collector.read(transcript({ backups: output }), host));

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex').slice(0, 48);

describe('first bytes', () => {
  test.each([
    ['age', hex('age-encryption.org/v1\n-> X25519'), 'yes'],
    ['age, armored', hex('-----BEGIN AGE ENCRYPTED FILE-----'), 'yes'],
    ['PGP, armored', hex('-----BEGIN PGP MESSAGE-----\n'), 'yes'],
    // gpg 2.2 --symmetric and --encrypt to an RSA key of 3072 bits
    ['gpg, symmetric', '8c0d0409030248a5b5a0e1e1a1d0ffd2', 'yes'],
    ['gpg, to a key', '85018c03b1c2d3e4f5a6b7c8010bff4e', 'yes'],
    ['openssl enc', hex('Salted__12345678'), 'yes'],
    ['gzip', '1f8b0808e9026b0003', 'no'],
    ['gzip that is named .enc', '1f8b0808e9026b0003', 'no', true],
    ['mysqldump', hex('-- MySQL dump 10.13'), 'no'],
    ['pg_dump -Fc', hex('PGDMP\u0001\u000e'), 'no'],
    ['SQLite', hex('SQLite format 3\0'), 'no'],
    ['zip', '504b03041400000008', 'no'],
    ['zip with a password', '504b03041400010008', 'unknown'],
    ['zstd', '28b52ffd04', 'no'],
    ['noise', '93a1f0c2d4e5b6a79817', 'unknown'],
    ['noise that is named .enc', '93a1f0c2d4e5b6a79817', 'yes', true],
    ['text that is named .enc', hex('id,name,creditCode\n1,'), 'unknown', true],
    ['nothing that is named .gpg', '', 'unknown', true],
  ])('%s', (_, bytes, state, named = false) => {
    expect(stateOf(bytes, named)).toBe(state);
  });
});

let folder = '';
const hoursAgo = (hours: number) => Date.now() / 1000 - hours * 3600;
const write = (name: string, content: string | Buffer, hours: number): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), hoursAgo(hours), hoursAgo(hours));
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-audit-backups-'));
  write('dumps/2026/a.sql.gz', gzipSync('x'), 30);
  write('dumps/2026/it is b.sql.gz', gzipSync('y'.repeat(5000)), 5);
  write('dumps/line\nbreak', 'z', 1);
  write('dumps/backup.log', 'failed', 0.1);
  write('dumps/a.sql.gz.md5', 'x', 0.1);
  for (const name of ['config', 'data/00/x', 'keys/k', 'index/i']) write(`restic/${name}`, 'x', 500);
  write('restic/snapshots/s1', 'x'.repeat(200), 26);
  write('borg/config', '[repository]\nversion = 1\nkey = abcdef\n', 500);
  write('borg/data/0/1', 'x', 500);
  write('borg/index.12', 'x'.repeat(50), 3);
  write('bare/config', '[repository]\nversion = 1\n', 500);
  write('bare/data/0/1', 'x', 500);
  write('bare/index.1', '\u0093\u00a1noise', 3);
  mkdirSync(join(folder, 'empty'));
  write('copied-20990101/orders-2025-01-02_030000.sql.gz', gzipSync('x'), 5);
  write('copied-20990101/2025-01-01/orders.sql.gz', gzipSync('x'), 3);
  write('named/orders20250101.sql.gz', gzipSync('x'), 9000);
  write('named/orders.2099-12-31.sql.gz', gzipSync('x'), 7);
  write('hashed/1202501014567890', 'x', 3);
  write('hashed/99-2025-13-45', 'x', 4);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([['dash'], ['bash'], ['busybox', 'sh']])('folders of this machine, by %s', (...shell) => {
  test('dumps, repositories, nothing', () => {
    const names = ['dumps', 'restic', 'borg', 'bare', 'empty', 'none'];
    const host = hostOf(...names.map((name) => join(folder, name)));
    const [program = '', ...args] = [...shell, '-c', collector.ask(host)[0]?.script ?? ''];
    const { places, unread } = read(execFileSync(program, args, { encoding: 'utf8' }), host);
    const [dumps, restic, borg, bare, empty, none] = places;
    expect(dumps).toMatchObject({ form: 'files', encrypted: 'no' });
    // No log, no checksum. The file whose name breaks the line is not counted twice, and its end is told apart.
    expect(dumps?.count).toBe(3);
    expect(dumps?.newestHours).toBeCloseTo(1, 0);
    expect(dumps?.days.map(({ daysAgo }) => daysAgo)).toEqual([0, 1]);
    expect(restic).toMatchObject({ form: 'restic', encrypted: 'yes', count: 1 });
    expect(restic?.newestHours).toBeCloseTo(26, 0);
    expect(borg).toMatchObject({ form: 'borg', encrypted: 'yes', count: 1 });
    expect(bare).toMatchObject({ form: 'borg', encrypted: 'unknown' });
    expect(empty).toMatchObject({ count: 0, days: [], encrypted: 'unknown' });
    expect(empty?.newestHours).toBeUndefined();
    expect(none).toMatchObject({ problem: 'missing' });
    expect(dumps?.volume?.mountPoint).not.toBe('?');
    expect(unread).toContainEqual({ part: join(folder, 'dumps'), why: 'unclear' });
  });

  test('a name that bears an earlier day is believed before the time of writing', () => {
    const host = hostOf(...['copied-20990101', 'named', 'hashed'].map((name) => join(folder, name)));
    const [program = '', ...args] = [...shell, '-c', collector.ask(host)[0]?.script ?? ''];
    const [copied, named, hashed] = read(execFileSync(program, args, { encoding: 'utf8' }), host).places;
    expect(copied?.newestHours).toBeCloseTo(3, 0);
    const ageOfName = (Date.now() - Date.parse('2025-01-02T24:00:00')) / 3_600_000;
    expect(copied?.namedHours).toBeCloseTo(ageOfName, 0);
    expect(copied?.days.map(({ daysAgo }) => daysAgo)).toEqual([
      Math.floor(ageOfName / 24),
      Math.floor(ageOfName / 24) + 1,
    ]);
    expect([named?.namedHours, hashed?.namedHours]).toEqual([undefined, undefined]);
    expect(named?.newestHours).toBeCloseTo(7, 0);
  });
});

test('schedules: which line names a tool, comments and other words apart (reconstructed)', () => {
  const found = read(
    lines(
      'uid:0',
      'now:1795352585',
      'job:/etc/cron.d/backup:3\tmysqldump',
      'job:/etc/cron.d/backup:3\tmysqldump',
      'agent:cvd',
      'agent:odd',
      'end',
    ),
  );
  expect(found.jobs).toEqual([{ where: '/etc/cron.d/backup:3', tool: 'mysqldump' }]);
  expect(found.agents).toEqual(['Commvault', 'odd']);
});

describe('whatever the host prints', () => {
  const whole = ['uid:0', 'now:1795352585', 'place:0\tthere\t/b', 'file:0\t1795350000\t10', 'end'];
  test.each([
    ['cut', { stdout: lines(...whole.slice(0, -1)) }, 'failed'],
    ['out of time', { stdout: '', timedOut: true, status: undefined }, 'timed-out'],
    ['without a clock', { stdout: lines('uid:0', 'now:', 'end') }, 'unparsable'],
  ])('%s proves nothing', (_, output, reason) => {
    expect(() => read(output)).toThrow(expect.objectContaining({ reason }));
  });

  test('numbers that are none, a clock that is behind', () => {
    const [place] = read(
      lines(
        'uid:0',
        'now:1795352585',
        'place:0\tthere\t/b',
        'file:0\t1795356185\t7',
        'file:0\tx\t1',
        'file:0\t99999999999999999999\t1',
        'end',
      ),
    ).places;
    expect(place).toMatchObject({ count: 1, newestHours: -1, days: [{ daysAgo: -1, bytes: 7 }] });
  });

  test('more files than are kept', () => {
    const many = Array.from({ length: 20_001 }, () => 'file:0\t1795350000\t10');
    const [place] = read(lines('uid:0', 'now:1795352585', 'place:0\tthere\t/b', ...many, 'end')).places;
    expect(place?.problem).toBe('unclear');
  });

  test('some of the newest encrypted, some not', () => {
    const heads = (...each: string[]) => read(lines(...whole.slice(0, -1), ...each, 'end')).places[0]?.encrypted;
    expect(heads('head:0\t-\t1f8b08', 'head:0\t-\t53616c7465645f5f')).toBe('part');
    expect(heads('head:0\t-\t53616c7465645f5f', 'head:0\t-\tff')).toBe('unknown');
    expect(heads('head:0\t-\t53616c7465645f5f', 'head:0\tnamed\t53616c7465645f5f')).toBe('yes');
  });

  test('a place on a network file system is not looked into', () => {
    const mount = 'mount:0:60\t/\t/b\tnfs4\tnas:/b\t\t';
    expect(read(lines('uid:0', 'now:1', mount, 'place:0\tfar\t/b/x', 'end')).places[0]).toMatchObject({
      problem: 'far',
      volume: { encryption: 'elsewhere' },
    });
  });

  test('without root something may be hidden', () => {
    expect(read({ stdout: lines(...whole), withoutRoot: true }).unread).toEqual([{ part: 'backups', why: 'denied' }]);
  });
});
