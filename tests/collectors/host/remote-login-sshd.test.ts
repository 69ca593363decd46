import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { commands } from '../../../src/collectors/host/remote-login/commands.ts';
import { remoteLogin } from '../../../src/collectors/host/remote-login.ts';
import type { RemoteLogin } from '../../../src/evidence/host/remote-login.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { listening } from '../../support/servers.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// Debian's own sshd on loopback; as root, whose sockets and processes can all be seen.
const folder = mkdtempSync(join(tmpdir(), 'leqi-sshd-'));
const children: ChildProcess[] = [];
afterAll(async () => {
  // Each removes its pid file as it ends.
  const ended = children.map((child) => child.exitCode ?? once(child, 'exit'));
  for (const child of children) child.kill();
  await Promise.all(ended);
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const put = (name: string, content: string): string => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
};

mkdirSync('/run/sshd', { recursive: true });
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('hostkey')]);

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server, '127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function started(name: string, lines: readonly string[], args: readonly string[] = []): Promise<number> {
  const port = await freePort();
  const fixed = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('hostkey')}`, `PidFile ${at(`${name}.pid`)}`];
  const config = put(name, `${[...fixed, ...lines].join('\n')}\n`);
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config, ...args]);
  children.push(child);
  await heard(child, /listening on 127\.0\.0\.1/);
  await until(() => (statSync(at(`${name}.pid`), { throwIfNoEntry: false })?.size ?? 0) > 0);
  return port;
}

// The pid file is written after the service says that it listens.
async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isSo(); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(isSo()).toBe(true);
}

function heard(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(said)));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (pattern.test(said)) resolve();
    });
  });
}

const gate = createGate(createScope([], []), () => new Date());

type Run = { argv?: readonly string[]; env?: Record<string, string>; change?: (script: string) => string };

async function results({ argv = ['/bin/sh'], env = {}, change = (script) => script }: Run = {}) {
  const found: Record<string, CommandResult> = {};
  for (const { name, script } of commands) {
    const [program = '', ...rest] = argv;
    const result = await gate.run(program, [...rest, '-c', change(script)], { timeout: 20, limit: 1 << 20, env });
    found[name] = { ...result, stdout: result.stdout.toString('utf8'), withoutRoot: false };
  }
  return found;
}

async function collected(run?: Run): Promise<RemoteLogin> {
  return kinds.remoteLogin.value.parse(remoteLogin.read(transcript(await results(run)), localHost()));
}

const onPort = ({ servers }: RemoteLogin, port: number) =>
  servers.find((server) => server.settings.port?.includes(String(port)));

const applets = at('applets');
mkdirSync(applets);
for (const name of 'awk cat getconf grep head id printf readlink sed stat tr wc'.split(' '))
  symlinkSync('/bin/busybox', join(applets, name));

const shells = [
  { name: 'the system’s sh', run: {}, withPrograms: true },
  { name: 'busybox', run: { argv: ['/bin/busybox', 'sh'], env: { PATH: applets } }, withPrograms: false },
  { name: 'bash', run: { argv: ['/bin/bash'] }, withPrograms: true },
];

const included = put('included.conf', 'PasswordAuthentication no\nMatch Group sftp\n  PasswordAuthentication yes\n');
const first = started('first', [
  'PermitRootLogin yes # for now',
  'permitrootlogin no',
  `Include ${included}`,
  'KbdInteractiveAuthentication=yes',
  'AllowUsers ops "li"',
  'AllowUsers root@10.0.0.1',
  'LoginGraceTime 1m30s',
  'Ciphers aes128-cbc,aes256-ctr',
  'Match Address 10.0.0.0/8,127.0.0.1 User root',
  '  PermitRootLogin without-password',
  '  MaxAuthTries 2',
  'Match all',
]);

describe.each(shells)('on $name', ({ run, withPrograms }) => {
  test('the settings are those that sshd itself states, the Match blocks those of the files', async () => {
    const port = await first;
    const value = await collected(run);
    const server = onPort(value, port);
    expect(server).toMatchObject({
      running: true,
      source: 'effective',
      mayBeOlder: false,
      settings: {
        permitrootlogin: ['yes'],
        passwordauthentication: ['no'],
        kbdinteractiveauthentication: ['yes'],
        permitemptypasswords: ['no'],
        usepam: ['no'],
        allowusers: ['ops', 'li', 'root@10.0.0.1'],
        logingracetime: ['90'],
        ciphers: ['aes128-cbc', 'aes256-ctr'],
        maxauthtries: ['6'],
        authenticationmethods: ['any'],
      },
      conditions: [
        { when: 'Group sftp', settings: { passwordauthentication: ['yes'] } },
        {
          when: 'Address 10.0.0.0/8,127.0.0.1 User root',
          settings: { permitrootlogin: ['without-password'], maxauthtries: ['2'] },
        },
      ],
    });
    // Without ss nobody tells what listens on a port that is no usual one.
    if (withPrograms)
      expect(value.listening).toContainEqual({ service: 'ssh', address: '127.0.0.1', port, program: 'sshd' });
    expect(value.unread.includes('programs')).toBe(!withPrograms);
    expect(value.unread).not.toContain('processes');
    expect(value.unread).not.toContain('arguments');
  });
});

test('arguments of the running service count', async () => {
  const port = await started('arguments', ['MaxAuthTries 6'], ['-oMaxAuthTries=2', '-o', 'PermitRootLogin=no']);
  expect(onPort(await collected(), port)).toMatchObject({
    settings: { maxauthtries: ['2'], permitrootlogin: ['no'] },
    mayBeOlder: false,
  });
});

test('an argument that cannot be told from its title is said', async () => {
  await started('odd', [], ['-o', 'MaxAuthTries 3']);
  expect((await collected()).unread).toContain('arguments');
});

test('a file that changed after the service read it may not be in force, until a reload', async () => {
  const port = await started('changed', []);
  const child = children.at(-1);
  const before = new Date(Date.now() - 60_000);
  utimesSync(at('changed.pid'), before, before);
  appendFileSync(at('changed'), 'PermitRootLogin no\n');
  // Not within the second of the reload.
  const changedAt = new Date(Date.now() - 10_000);
  utimesSync(at('changed'), changedAt, changedAt);
  expect(onPort(await collected(), port)).toMatchObject({ settings: { permitrootlogin: ['no'] }, mayBeOlder: true });
  if (!child) throw new Error('it was started');
  const reloaded = heard(child, /listening on/);
  child.kill('SIGHUP');
  await reloaded;
  await until(() => (statSync(at('changed.pid'), { throwIfNoEntry: false })?.mtimeMs ?? 0) > before.getTime() + 1000);
  expect(onPort(await collected(), port)).toMatchObject({ mayBeOlder: false });
});

test('as nobody: settings only from what anybody may read, and what is missing is named', async () => {
  const port = await first;
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/bin/sh'];
  const value = await collected({ argv: nobody });
  expect(value.servers.map((server) => server.source)).not.toContain('effective');
  // The test’s own folder is closed to others: not even its port is known.
  expect(onPort(value, port)).toBeUndefined();
  expect(value.unread).toEqual(expect.arrayContaining(['ssh', 'programs']));
});

// The script over a made-up /etc and /proc; only what the machine itself is remains.
const moved = (script: string): string =>
  script
    .replaceAll('/proc/[0-9]*', `${at('proc')}/[0-9]*`)
    .replaceAll(/(?<![\w}])\/etc\//g, `${at('etc')}/`)
    .replaceAll('cd /etc/ssh', `cd ${at('etc/ssh')}`);
const silent = (script: string): string =>
  moved(script).replaceAll('"$program" -T', 'false').replaceAll('"$program" -G', 'false');

put('etc/ssh/sshd_config', 'Include sshd_config.d/*.conf\nPermitRootLogin no\nMaxAuthTries 3\nUsePAM yes\n');
put('etc/ssh/sshd_config.d/10-first.conf', 'PermitRootLogin prohibit-password\n\tX11Forwarding\tno\r\n');
put('etc/ssh/sshd_config.d/ignored', 'PermitEmptyPasswords yes\n');

test('where sshd does not answer, only what the files say counts', async () => {
  const { servers, unread } = await collected({ change: silent });
  expect(servers).toEqual([
    {
      running: false,
      source: 'files',
      settings: {
        permitrootlogin: ['prohibit-password'],
        x11forwarding: ['no'],
        maxauthtries: ['3'],
        usepam: ['yes'],
      },
      conditions: [],
      mayBeOlder: false,
    },
  ]);
  expect(unread).not.toContain('ssh');
});

test.each([
  ['includes itself', 'Include sshd_config.d/loop\n'],
  ['a quoted path with a space', 'Include "sshd_config.d/a b"\n'],
  ['too large', `# ${'x'.repeat(300_000)}\n`],
])('a file that %s is unread', async (_, line) => {
  const made = put('etc/ssh/sshd_config.d/loop', line);
  put('etc/ssh/sshd_config.d/20-loop.conf', 'Include sshd_config.d/loop\n');
  expect((await collected({ change: silent })).unread).toContain('ssh');
  rmSync(made);
  rmSync(at('etc/ssh/sshd_config.d/20-loop.conf'));
});

// OpenSSH 8.8 of openEuler 22.03 (reconstructed): the unit hands the crypto policy over as arguments, the title is cut at 1023 characters.
const policy = `-oCiphers=aes256-gcm@openssh.com,aes128-ctr -oMACs=hmac-sha2-512 -oKexAlgorithms=${Array.from({ length: 60 }, () => 'curve25519-sha256').join(',')} -oMaxAuthTries=1`;
const title = `sshd: /usr/sbin/sshd -D -oPermitRootLogin=no ${policy} [listener] 0 of 10-100 startups`;
put('etc/crypto-policies/back-ends/opensshserver.config', `CRYPTO_POLICY='${policy}'\n`);

function process(number: number, name: string, cmdline: string): void {
  put(`proc/${number}/comm`, `${name}\n`);
  put(`proc/${number}/cmdline`, cmdline);
  symlinkSync('/usr/sbin/sshd', at(`proc/${number}/exe`));
  symlinkSync('/', at(`proc/${number}/root`));
}

describe('titles of processes', () => {
  test('one that was cut is completed by the crypto policy', async () => {
    process(11, 'sshd', title.slice(0, 1023));
    process(12, 'sshd', 'sshd: root@pts/0');
    process(13, 'sshd', 'sshd: ops [priv]');
    process(14, 'nginx', '/usr/sbin/sshd -f /nowhere');
    const { servers, unread } = await collected({ change: moved });
    expect(servers).toHaveLength(1);
    expect(servers[0]?.settings).toMatchObject({
      permitrootlogin: ['no'],
      ciphers: ['aes256-gcm@openssh.com', 'aes128-ctr'],
      maxauthtries: ['1'],
    });
    expect(unread).not.toContain('arguments');
    // It has no start and no pid file here.
    expect(servers[0]?.mayBeOlder).toBe(true);
  });

  test('one that was cut otherwise is not believed', async () => {
    rmSync(at('etc/crypto-policies'), { recursive: true });
    expect((await collected({ change: moved })).unread).toContain('arguments');
    rmSync(at('proc'), { recursive: true });
  });

  test('a service in a container is said', async () => {
    process(21, 'sshd', '/usr/sbin/sshd\0-D\0');
    rmSync(at('proc/21/root'));
    mkdirSync(at('proc/21/root'));
    const { servers, unread } = await collected({ change: moved });
    expect(servers).toEqual([]);
    expect(unread).toContain('elsewhere');
    rmSync(at('proc'), { recursive: true });
  });

  test('a folder that cannot be told apart by its name stays out of the command', async () => {
    process(
      31,
      'sshd',
      `/usr/sbin/sshd -f ${at('etc/ssh/sshd_config')};touch ${at('touched')} $(touch ${at('touched')})`,
    );
    await collected({ change: moved });
    expect(() => utimesSync(at('touched'), 0, 0)).toThrow();
    rmSync(at('proc'), { recursive: true });
  });
});
