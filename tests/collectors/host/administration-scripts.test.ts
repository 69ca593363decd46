import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { commands } from '../../../src/collectors/host/administration/commands.ts';
import { administration } from '../../../src/collectors/host/administration.ts';
import type { Administration } from '../../../src/evidence/host/administration.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'leqi-administration-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blob = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from(`ssh-ed25519${text}`)]);
const keyLine = (text: string, comment = '') =>
  `ssh-ed25519 ${blob(text).toString('base64')}${comment && ` ${comment}`}`;
const fingerprint = (text: string) =>
  `SHA256:${createHash('sha256').update(blob(text)).digest('base64').replace(/=+$/, '')}`;

// A record of utmp(5) as 64-bit x86 lays it out.
function login(user: string, line: string, address: readonly number[], at: string): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(7, 0);
  record.writeInt32LE(4711, 4);
  record.write(line, 8);
  record.write('ts/0', 40);
  record.write(user, 44);
  record.write(address.join('.'), 76);
  record.writeInt32LE(Date.parse(at) / 1000, 340);
  Buffer.from(address).copy(record, 348);
  return record;
}

const root = join(folder, 'root');
const files: Record<string, string | Buffer> = {
  'etc/passwd': [
    'root:x:0:0:Zhang San,13800000000:ROOT/root:/bin/bash',
    'bin:x:1:1:bin:/bin:/sbin/nologin',
    'sync:x:5:0:sync:/sbin:/bin/sync',
    'lq-admin:x:1000:1000:Li Si:ROOT/home/lq-admin:/bin/bash',
    'isv:x:1001:1001::ROOT/home/isv:',
    'toor::0:0::ROOT/nowhere:/bin/sh',
    'tunnel:x:1002:1002::ROOT/home/tunnel:/usr/sbin/nologin',
    '',
  ].join('\n'),
  'etc/shadow':
    'root:!$6$salt$SECRETHASH:20000::::::\nbin:*:20000::::::\nlq-admin:$y$j9T$SECRETHASH:20000::::::\nisv:!!:20000::::::\ntunnel:!:1::::::\n',
  'etc/group': 'root:x:0:\nwheel:x:10:lq-admin\ndocker:x:992:isv\nops:x:1001:\n',
  'etc/nsswitch.conf': 'passwd: files sss\ngroup: files [NOTFOUND=return] ldap\nsudoers: files\nhosts: files dns\n',
  'etc/sudoers': [
    '# comment',
    'Defaults env_keep += "SECRET=hunter2"',
    'User_Alias OPS = lq-admin, %ops : GONE = nobody-here',
    'Host_Alias WEB = web1',
    'root ALL=(ALL) ALL',
    '%wheel  ALL=(ALL)       NOPASSWD: ALL',
    'OPS ALL = /usr/bin/systemctl restart tomcat, \\',
    '  /usr/bin/mysql -pSECRET',
    'GONE ALL=(ALL) ALL # inline',
    '#1002 ALL=(root) /bin/true',
    '"%domain admins" ALL=(ALL) ALL',
    'tunnel ALL=(oracle, postgres : dba) ALL, (root) NOEXEC: /bin/ls -l\\, x # comment, more',
    '%readers ALL=(root) NOPASSWD: /bin/cat /var/log/*',
    '%dba ALL=(oracle) /bin/true, (oracle, root) ALL',
    '#includedir ROOT/etc/sudoers.d',
    'Defaults targetpw',
    'Defaults !targetpw',
    'monitor ALL=(root) /usr/bin/systemd-run --pipe true',
    '@include extra',
    '',
  ].join('\n'),
  'etc/sudoers.d/90-cloud-init-users': 'isv ALL=(ALL) NOPASSWD:ALL\n',
  'etc/sudoers.d/ignored.bak': 'evil ALL=(ALL) ALL\n',
  'etc/extra': 'lq-admin, isv ALL=(ALL) /bin/sh\n@include extra\n',
  'etc/doas.conf':
    'permit nopass keepenv setenv { A=b } :wheel as root\npermit isv cmd /bin/ls\npermit tunnel as oracle\npermit isv cmd sh\ndeny bin\n',
  'etc/ssh/sshd_config':
    'Include sshd_config.d/*.conf\nAuthorizedKeysFile\t.ssh/authorized_keys\nMatch User isv\n  AuthorizedKeysFile "ROOT/etc/ssh/keys/%u"\n',
  'etc/ssh/sshd_config.d/50-cloud.conf': 'AuthorizedKeysCommand=/usr/bin/eic_run %u\nTrustedUserCAKeys none\n',
  'etc/ssh/keys/isv': `${keyLine('isv', 'isv@vendor.example')}\n`,
  'root/.ssh/authorized_keys': [
    '# a comment with ssh-ed25519 AAAAC3Nzdecoy',
    `command="echo \\"ssh-ed25519 AAAAdecoy\\" x",no-pty ${keyLine('root', '张三')}`,
    `cert-authority,principals="a b" ${keyLine('ca', 'ca@unit.example')}\r`,
    '',
  ].join('\n'),
  'home/lq-admin/.ssh/authorized_keys': `${keyLine('admin', 'li.si@unit.example')}\n`,
  'home/tunnel/.ssh/authorized_keys2': `from="10.0.0.1,!*,command=x",no-pty ${keyLine('tunnel')}\nnot a key\n`,
  'var/log/wtmp': Buffer.concat([
    login('lq-admin', 'pts/0', [10, 1, 0, 9], '2026-02-27T01:02:03Z'),
    login('a-rather-long-account-name', 'pts/1', [203, 0, 113, 7], '2026-02-28T23:59:59Z'),
    login('root', 'tty1', [0, 0, 0, 0], '2026-02-28T05:00:00Z'),
  ]),
};
for (const [name, content] of Object.entries(files)) {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content.replaceAll('ROOT', root) : content);
}

const busybox = '/bin/busybox';
const applets = join(folder, 'applets');
mkdirSync(applets);
const tools = 'awk base64 cat grep head hostname id ls printf sed sha256sum sort tr wc'.split(' ');
for (const name of tools) symlinkSync(busybox, join(applets, name));

const shells = [
  { name: 'the system’s sh', argv: ['/bin/sh'], env: {} },
  { name: 'busybox', argv: [busybox, 'sh'], env: { PATH: applets } },
];

const gate = createGate(createScope([], []), () => new Date());

async function results(argv: readonly string[], env: Record<string, string>): Promise<Record<string, CommandResult>> {
  const found: Record<string, CommandResult> = {};
  for (const { name, script } of commands) {
    // The same script over a folder instead of the machine; the machine's own directories are not asked.
    const moved = script
      .replaceAll(/(?<![\w}])\/(etc|var\/log|var\/lib\/wtmpdb|usr\/(?:local\/)?share)\//g, `${root}/$1/`)
      .replaceAll('getent', 'no-getent')
      // Nor are SSH services that other tests run here.
      .replace('[ "$name" = sshd ]', 'false');
    const [program = '', ...rest] = argv;
    const result = await gate.run(program, [...rest, '-c', moved], { timeout: 20, limit: 1 << 20, env });
    found[name] = { ...result, stdout: result.stdout.toString('utf8'), withoutRoot: false };
  }
  return found;
}

function read(outputs: Record<string, CommandResult>): Administration {
  return kinds.administration.value.parse(administration.read(transcript(outputs), localHost()));
}

describe.each(shells)('on $name', ({ argv, env }) => {
  const run = results(argv, env);

  test('accounts, password states and privileges are read', async () => {
    const { accounts, otherAccounts } = read(await run);
    expect(accounts.map(({ name, password, shell, privileges }) => [name, password, shell, privileges.join()])).toEqual(
      [
        ['root', 'locked', true, 'root'],
        ['lq-admin', 'set', true, 'sudo'],
        ['isv', 'locked', true, 'sudo,group'],
        ['toor', 'empty', true, 'root'],
        ['tunnel', 'locked', false, 'sudo'],
      ],
    );
    expect(otherAccounts).toBe(2);
  });

  test('sudo and doas rules are followed through aliases, groups and includes', async () => {
    const rule = (
      who: string,
      accounts: readonly string[] | undefined,
      anyCommand: boolean,
      withoutPassword: boolean,
      more: object = {},
    ) => ({ who, ...(accounts ? { accounts } : {}), anyCommand, withoutPassword, ...more });
    const { grants, unread } = read(await run);
    expect((await run).sudo?.stdout.match(/^defaults:.*$/gm)).toEqual([
      'defaults:root-password',
      'defaults:own-password',
    ]);
    expect(grants).toHaveLength(14);
    expect(grants).toEqual(
      expect.arrayContaining([
        rule('root', ['root'], true, false),
        rule('%wheel', ['lq-admin'], true, true),
        rule('%ops', ['isv'], false, false, { openCommand: true }),
        rule('nobody-here', undefined, true, false),
        rule('#1002', ['tunnel'], false, false),
        rule('%domain admins', [], true, false),
        rule('isv', ['isv'], true, true),
        rule('isv', ['isv'], false, false),
        rule('isv', ['isv'], false, false, { openCommand: true }),
        rule('lq-admin', ['lq-admin'], false, false, { openCommand: true }),
        rule('tunnel', ['tunnel'], true, false, { notRoot: true }),
        rule('%readers', [], false, true, { openCommand: true }),
        rule('%dba', [], true, false),
        rule('monitor', undefined, false, false, { openCommand: true }),
      ]),
    );
    expect(grants.some((grant) => grant.who === 'evil')).toBe(false);
    // `extra` includes itself: the ninth time it is not followed, and that is said.
    expect(unread).toContain('sudoers');
  });

  test('keys become fingerprints, wherever the SSH service looks for them', async () => {
    const { accounts, keySources, unread } = read(await run);
    const keysOf = (name: string) => accounts.find((each) => each.name === name)?.keys;
    const key = (text: string, authority: boolean, comment?: string) => ({
      fingerprint: fingerprint(text),
      type: 'ssh-ed25519',
      authority,
      ...(comment ? { comment } : {}),
    });
    expect(keysOf('root')).toEqual([{ ...key('root', false, '***'), bounds: ['command'] }, key('ca', true, 'c***')]);
    expect(keysOf('lq-admin')).toEqual([key('admin', false, 'l***')]);
    expect(keysOf('isv')).toEqual([key('isv', false, 'i***')]);
    expect(keysOf('tunnel')).toEqual([{ ...key('tunnel', false), bounds: ['from'] }]);
    expect(keySources).toEqual(['authorizedkeyscommand /usr/bin/eic_run', 'cert-authority root']);
    expect(unread).toContain('authorized-keys');
    expect(unread).not.toContain('ssh-settings');
  });

  test('directories are named where their service runs, or needs none', async () => {
    const outputs: Record<string, CommandResult> = await run;
    expect(read(outputs).directories).toEqual(['ldap']);
    const processes = outputs.processes;
    if (!processes) throw new Error('the processes were asked for');
    const withSssd = { ...processes, stdout: `process:sssd\n${processes.stdout}` };
    expect(read({ ...outputs, processes: withSssd }).directories).toEqual(['ldap', 'sss']);
  });

  test('no full name, hash, key, key comment or command argument leaves the host', async () => {
    const outputs: Record<string, CommandResult> = await run;
    const printed = Object.values(outputs)
      .map((output) => output.stdout + output.stderr)
      .join('\n');
    expect(printed).toMatch(/^key:root:/m);
    expect(printed).not.toMatch(/Zhang|Li Si|13800000000|SECRET|hunter2|salt|AAAAC3|AAAA|张三|example|systemctl/);
  });
});

test('logins are read with their addresses', async () => {
  const { logins, unread } = read(await results(['/bin/sh'], {}));
  expect(logins).toEqual([
    { account: 'a-rather-long-account-name', from: '203.0.113.7', count: 1, last: '2026-02-28T23:59:59Z' },
    { account: 'lq-admin', from: '10.1.0.9', count: 1, last: '2026-02-27T01:02:03Z' },
    { account: 'root', count: 1, last: '2026-02-28T05:00:00Z' },
  ]);
  expect(unread).not.toContain('logins');
});

test('where the tools are missing, what they would have shown is unread', async () => {
  const outputs = await results([busybox, 'sh'], { PATH: applets });
  expect(read(outputs).unread).toContain('logins');
  rmSync(join(applets, 'sha256sum'));
  const { accounts, unread } = read(await results([busybox, 'sh'], { PATH: applets }));
  expect(accounts.flatMap((account) => account.keys)).toEqual([]);
  expect(unread).toContain('authorized-keys');
});

test('fingerprints are those of ssh-keygen', async () => {
  const expected = ['ed25519', 'rsa', 'ecdsa'].map((type) => {
    const file = join(folder, type);
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', type, '-N', '', '-C', `${type} key`, '-f', file]);
    appendFileSync(join(root, 'home/lq-admin/.ssh/authorized_keys'), readFileSync(`${file}.pub`));
    return execFileSync('/usr/bin/ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1];
  });
  const { accounts } = read(await results(['/bin/sh'], {}));
  const found = accounts.find((account) => account.name === 'lq-admin')?.keys.map((key) => key.fingerprint);
  expect(found).toEqual([fingerprint('admin'), ...expected]);
});
