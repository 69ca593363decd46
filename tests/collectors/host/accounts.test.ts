import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { accounts } from '../../../src/collectors/host/accounts.ts';
import type { Accounts } from '../../../src/evidence/host/accounts.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

type Outputs = Parameters<typeof transcript>[0];

const read = (outputs: Outputs): Accounts =>
  kinds.accounts.value.parse(accounts.read(transcript(outputs), localHost()));
const lines = (...each: string[]): string => `${each.join('\n')}\n`;

const folder = mkdtempSync(join(tmpdir(), 'leqi-accounts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, content: string | Buffer): void => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o755 });
};

put(
  'etc/passwd',
  lines(
    'root:x:0:0:Zhang San,13800000000:/root:/bin/bash',
    'bin:x:1:1:bin:/bin:/sbin/nologin',
    'sync:x:5:0:sync:/sbin:/bin/sync',
    'oracle:x:54:54::/home/oracle:/bin/bash',
    'ops:x:1000:1000:Li Si:/home/ops:/bin/bash',
    'guest::1001:1001::/home/guest:',
    '+@netgroup::::::',
  ),
);
put(
  'etc/shadow',
  lines(
    'root:!$6$salt$SECRETHASH:20000:0:99999:7:::',
    'oracle:$y$j9T$SECRETHASH:19000:0:90:7:::',
    'ops:$y$j9T$SECRETHASH:20500:0:90:7:30:20800:',
    'guest:ignored:0:::::',
  ),
);
put('etc/login.defs', 'UID_MIN\t\t\t 1000\n');
put('var/log/lastlog', '');
// lastlog of Debian 12 with LC_ALL=C; the times are made up.
put(
  'bin/lastlog',
  `#!/bin/sh
echo 'Username         Port     From                                       Latest'
echo 'root                                                                **Never logged in**'
echo 'oracle           pts/0    198.51.100.7                              Wed Feb  4 10:11:12 +0000 2026'
echo 'ops              tty1                                               Sun Nov 22 23:59:59 +0000 2026'
`,
);
mkdirSync(join(folder, 'applets'));
for (const name of ['awk', 'id', 'printf']) symlinkSync('/bin/busybox', join(folder, 'applets', name));

const gate = createGate(createScope([], []), () => new Date());
const [command] = accounts.ask(localHost());

async function collected(argv: readonly string[], path: string, hidden = ''): Promise<Accounts> {
  const moved = (command?.script ?? '').replaceAll(/(?<![\w}])\/(etc|var\/log)\//g, `${folder}/$1/`);
  const [program = '', ...rest] = argv;
  const script = hidden ? moved.replaceAll(hidden, '/nonexistent') : moved;
  const result = await gate.run(program, [...rest, '-c', script], { timeout: 20, limit: 1 << 20, env: { PATH: path } });
  const stdout = result.stdout.toString('utf8');
  expect(stdout).not.toMatch(/SECRET|Zhang|Li Si|13800000000|198\.51/);
  return read({ 'account-use': { ...result, stdout } });
}

const withLastlog = `${folder}/bin:/usr/bin:/bin`;

describe.each([
  ['the system’s sh', ['/bin/sh'], withLastlog],
  ['busybox', ['/bin/busybox', 'sh'], `${folder}/bin:${folder}/applets`],
])('on %s', (_, argv, path) => {
  test('ages and last logins are read; no name, hash or address leaves the host', async () => {
    expect(await collected(argv, path)).toEqual({
      accounts: [
        { name: 'root', uid: 0, system: false, password: 'locked', passwordChanged: '2024-10-04', neverLoggedIn: true },
        {
          name: 'oracle',
          uid: 54,
          system: true,
          password: 'set',
          passwordChanged: '2022-01-08',
          maxDays: 90,
          lastLogin: '2026-02-04',
        },
        {
          name: 'ops',
          uid: 1000,
          system: false,
          password: 'set',
          passwordChanged: '2026-02-16',
          maxDays: 90,
          expires: '2026-12-13',
          lastLogin: '2026-11-22',
        },
        { name: 'guest', uid: 1001, system: false, password: 'empty' },
      ],
      unread: [],
    });
  });
});

test('where logins are not recorded, or shadow cannot be read, that is said', async () => {
  expect((await collected(['/bin/busybox', 'sh'], join(folder, 'applets'))).unread).toEqual(['last-logins']);
  const { accounts: found, unread } = await collected(['/bin/sh'], withLastlog, `${folder}/etc/shadow`);
  expect(unread).toEqual(['shadow']);
  expect(found.find((each) => each.name === 'ops')).toEqual({
    name: 'ops',
    uid: 1000,
    system: false,
    password: 'unknown',
    lastLogin: '2026-11-22',
  });
});

test('this machine’s own lastlog is understood', async () => {
  const result = await gate.run('/bin/sh', ['-c', command?.script ?? ''], { timeout: 20, limit: 1 << 20 });
  const value = read({ 'account-use': { ...result, stdout: result.stdout.toString('utf8') } });
  expect(value.unread).toEqual([]);
  expect(value.accounts.find((each) => each.name === 'root')).toMatchObject({ uid: 0 });
});

const whole = lines('uid:0', 'account:ops:1000:shadow', 'listed', 'age:ops:set:20500:90:', 'aged', 'recorded', 'end');

test.each<[string, Outputs[string], string]>([
  ['cut', whole.slice(0, -2), 'denied'],
  ['cut by its limit', { stdout: whole, truncated: true }, 'too-large'],
  ['out of time', { stdout: whole, timedOut: true }, 'timed-out'],
  ['missing', '', 'denied'],
  ['nothing but noise', 'account:x\naccount::0:set\naccount:a:b:set\nend\n', 'denied'],
])('an output that is %s is unavailable', (_, output, reason) => {
  expect(() => read({ 'account-use': output })).toThrow(expect.objectContaining({ reason }));
});

test('without root ages prove nothing', () => {
  expect(read({ 'account-use': { stdout: whole, withoutRoot: true } }).unread).toEqual(['shadow']);
});

test.each([
  'age:ops:set:x:y:z',
  'latest:ops:2026-Foo-04',
  'latest:ops:2026-Feb-31',
  'latest:ops:\u001b[31m',
  'age:ops',
])('odd values are left out: %j', (odd) => {
  const stdout = lines('uid:0', 'account:ops:1000:set', 'account:ops:0:empty', 'listed', odd, 'aged', 'end');
  expect(read({ 'account-use': stdout })).toEqual({
    accounts: [{ name: 'ops', uid: 1000, system: false, password: 'set' }],
    unread: ['last-logins'],
  });
});
