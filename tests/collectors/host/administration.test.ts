import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { administration } from '../../../src/collectors/host/administration.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import type { Administration } from '../../../src/evidence/host/administration.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

type Outputs = Parameters<typeof transcript>[0];

const read = (outputs: Outputs): Administration =>
  kinds.administration.value.parse(administration.read(transcript(outputs), localHost()));

const lines = (...each: string[]): string => `${each.join('\n')}\n`;

// Debian 12 in a container, as root: /bin/sh is dash, awk is mawk. Lists are shortened.
const debian: Outputs = {
  accounts: lines(
    'account:root:0:0:shadow:/bin/bash',
    'account:daemon:1:1:shadow:/usr/sbin/nologin',
    'account:sync:4:65534:shadow:/bin/sync',
    'account:nobody:65534:65534:shadow:/usr/sbin/nologin',
    'account:postgres:101:104:shadow:/bin/bash',
    'account:_chrony:102:105:shadow:/usr/sbin/nologin',
    'group:root:0:',
    'group:sudo:27:',
    'group:ssl-cert:103:postgres',
    'group:postgres:104:',
    'listed:root:0:0:shadow:/bin/bash',
    'listed:postgres:101:104:shadow:/bin/bash',
    'group:root:0:',
    'group:sudo:27:',
    'source:files',
    'source:systemd',
    'end',
  ),
  shadow: lines('uid:0', 'state:root:locked', 'state:sync:locked', 'state:postgres:locked', 'end'),
  sudo: lines('uid:0', 'grant:1:0:root\tALL', 'grant:1:0:%sudo\tALL', 'end'),
  keys: lines('uid:0', 'end'),
  logins: lines('', 'wtmp begins Tue May 20 00:00:00 2025', 'read:/var/log/wtmp', 'end'),
  processes: lines('all-seen', 'process:bash', 'process:chronyd', 'process:kworker/0:0H-events_highpri', 'end'),
  services: lines('service:chrony', 'service:chrony.service', 'service:postgresql@.service', 'end'),
  paths: lines('uid:0', 'end'),
};

describe('Debian 12', () => {
  test('as root: nobody can log in, and all was read', () => {
    const account = { shell: true, password: 'locked' as const, keys: [] };
    expect(read(debian)).toEqual({
      accounts: [
        { name: 'root', uid: 0, privileges: ['root'], ...account },
        { name: 'postgres', uid: 101, privileges: [], ...account },
      ],
      otherAccounts: 4,
      grants: [
        { who: '%sudo', accounts: [], anyCommand: true, withoutPassword: false },
        { who: 'root', accounts: ['root'], anyCommand: true, withoutPassword: false },
      ],
      agents: [],
      logins: [],
      directories: [],
      keySources: [],
      unread: [],
    });
  });

  test('as nobody: what was denied is named, and what could be seen is kept', () => {
    const found = read({
      ...debian,
      shadow: {
        status: 2,
        stdout: 'uid:65534\n',
        stderr: 'awk: cannot open /etc/shadow (Permission denied)',
        withoutRoot: true,
      },
      sudo: { status: 0, stdout: lines('uid:65534', 'unread:/etc/sudoers', 'end'), withoutRoot: true },
      keys: { status: 0, stdout: lines('uid:65534', 'denied:root', 'end'), withoutRoot: true },
      paths: { status: 0, stdout: lines('uid:65534', 'end'), withoutRoot: true },
    });
    expect(found.unread).toEqual(['shadow', 'sudoers', 'authorized-keys', 'paths']);
    expect(found.accounts.map(({ name, password }) => [name, password])).toEqual([
      ['root', 'unknown'],
      ['postgres', 'unknown'],
    ]);
  });

  test('sudo that asks for a password leaves nothing behind but is no empty answer', () => {
    const refused = { status: 1, stderr: 'sudo: a password is required' };
    const found = read({
      ...debian,
      shadow: refused,
      sudo: refused,
      keys: refused,
      processes: refused,
      logins: refused,
    });
    expect(found.unread).toEqual(['shadow', 'sudoers', 'ssh-settings', 'authorized-keys', 'logins', 'processes']);
  });

  test('processes of others that the kernel hides (hidepid) are unread', () => {
    const processes = lines('process:sh', 'end');
    expect(read({ ...debian, processes }).unread).toEqual(['processes']);
  });
});

const hash = 'ab'.repeat(32);
const fingerprint = `SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`;

test('an Alibaba Cloud image (reconstructed: Ubuntu 22.04, cloud-init, Cloud Assistant and Security Center)', () => {
  const found = read({
    ...debian,
    accounts: lines(
      'account:root:0:0:shadow:/bin/bash',
      'account:ubuntu:1000:1000:shadow:/bin/bash',
      'account:lxd:999:100:shadow:/bin/false',
      'group:root:0:',
      'group:sudo:27:ubuntu',
      'group:lxd:110:ubuntu',
      'group:admin:118:',
      'source:files',
      'source:systemd',
      'end',
    ),
    shadow: lines('uid:0', 'state:root:set', 'state:ubuntu:locked', 'state:lxd:locked', 'end'),
    sudo: lines(
      'uid:0',
      'grant:1:0:root\tALL',
      'grant:1:0:%admin ALL',
      'grant:1:0:%sudo\tALL',
      'grant:1:1:ubuntu ALL',
      'end',
    ),
    keys: lines('uid:0', `key:ubuntu:key:ssh-rsa:${hash}:s***`, 'end'),
    logins: lines(
      'root     pts/0        203.0.113.7      Sat Feb 28 02:01:00 2026   still logged in',
      'root     pts/0        203.0.113.7      Fri Feb 27 02:01:00 2026 - Fri Feb 27 03:00:00 2026  (00:59)',
      'root     tty1         0.0.0.0          Fri Feb 27 01:00:00 2026 - Fri Feb 27 01:05:00 2026  (00:05)',
      'reboot   system boot  0.0.0.0          Fri Feb 27 00:59:00 2026   still running',
      '',
      'wtmp begins Fri Feb 27 00:59:00 2026',
      'read:/var/log/wtmp',
      'end',
    ),
    processes: lines('all-seen', 'process:AliYunDun', 'process:AliYunDunMonito', 'process:aliyun-service', 'end'),
    services: lines('service:aegis.service', 'service:aliyun.service', 'service:cloud-init.service', 'end'),
    paths: lines('path:/usr/local/share/aliyun-assist', 'path:/usr/bin/cloud-init', 'uid:0', 'end'),
  });
  expect(found.accounts).toEqual([
    { name: 'root', uid: 0, shell: true, password: 'set', privileges: ['root'], keys: [] },
    {
      name: 'ubuntu',
      uid: 1000,
      shell: true,
      password: 'locked',
      privileges: ['sudo', 'group'],
      keys: [{ fingerprint, type: 'ssh-rsa', authority: false, comment: 's***' }],
    },
  ]);
  expect(found.agents.map((agent) => [agent.name, agent.signs.length])).toEqual([
    ['aliyun-aegis', 3],
    ['aliyun-assist', 3],
    ['cloud-init', 2],
  ]);
  expect(found.logins).toEqual([
    { account: 'root', count: 1, last: '2026-02-27T01:00:00Z' },
    { account: 'root', from: '203.0.113.7', count: 2, last: '2026-02-28T02:01:00Z' },
  ]);
  expect(found.unread).toEqual([]);
});

test('a Huawei Cloud image (reconstructed: openEuler 22.03 with sssd named but not running)', () => {
  const accounts = lines(
    'account:root:0:0:shadow:/bin/bash',
    'account:shutdown:6:0:shadow:/sbin/shutdown',
    'account:openEuler:1000:1000:shadow:/bin/bash',
    'group:root:0:',
    'group:wheel:10:openEuler',
    'source:files',
    'source:sss',
    'end',
  );
  const sudo = lines('uid:0', 'grant:1:0:root\tALL', 'grant:1:0:%wheel\tALL', 'end');
  const found = read({
    ...debian,
    accounts,
    shadow: lines('uid:0', 'state:root:set', 'state:shutdown:locked', 'state:openEuler:set', 'end'),
    sudo,
    processes: lines('all-seen', 'process:hostguard', 'process:uniagentd', 'end'),
  });
  expect(found.accounts.map(({ name, privileges }) => [name, privileges])).toEqual([
    ['root', ['root']],
    ['openEuler', ['sudo']],
  ]);
  expect(found.agents.map((agent) => agent.name)).toEqual(['huawei-hss', 'huawei-uniagent']);
  expect(found.directories).toEqual([]);
  expect(read({ ...debian, accounts, processes: lines('all-seen', 'process:sssd_be', 'end') }).directories).toEqual([
    'sss',
  ]);
  // Whether sssd runs cannot be told where processes are hidden.
  expect(read({ ...debian, accounts, processes: lines('end') }).directories).toEqual(['sss']);
});

test('a unit’s own server (reconstructed: Kylin V10 SP3, remote control and a vendor’s sudo rule)', () => {
  const found = read({
    ...debian,
    accounts: lines(
      'account:root:0:0:shadow:/bin/bash',
      'account:kylin:1000:1000:shadow:/bin/bash',
      'account:isv:1001:1001:shadow:',
      'account:+::::',
      'group:wheel:10:kylin',
      'listed:domainuser:70001:70001:locked:/bin/bash',
      'source:nis',
      'end',
    ),
    shadow: lines('uid:0', 'state:root:set', 'state:kylin:set', 'state:isv:set', 'end'),
    sudo: lines(
      'uid:0',
      'defaults:no-password',
      'alias:ISV = isv , #1001:OPS=%wheel',
      'grant:0:0:ISV   ALL',
      'grant:1:0:OPS,!root ALL',
      'grant:1:0:+netgroup ALL',
      'end',
    ),
    processes: lines('all-seen', 'process:oray_rundaemon', 'process:sunloginclient', 'end'),
  });
  expect(found.grants).toEqual([
    { who: '#1001', accounts: ['isv'], anyCommand: false, withoutPassword: true },
    { who: '%wheel', accounts: ['kylin'], anyCommand: true, withoutPassword: true },
    { who: '+netgroup', anyCommand: true, withoutPassword: true },
    { who: 'isv', accounts: ['isv'], anyCommand: false, withoutPassword: true },
  ]);
  expect(found.agents.map((agent) => agent.name)).toEqual(['sunlogin']);
  expect(found.directories).toEqual(['nis']);
  expect(found.accounts.find((account) => account.name === 'isv')?.shell).toBe(true);
  // What a directory lists has a password that only the directory knows.
  expect(found.accounts.find((account) => account.name === 'domainuser')?.password).toBe('unknown');
  expect(found.unread).toEqual(['shadow']);
});

describe('sudo rules for everybody', () => {
  const grants = (...rules: string[]) => read({ ...debian, sudo: lines('uid:0', ...rules, 'end') }).grants;

  test('mean every account with a shell', () => {
    expect(grants('grant:1:0:ALL ALL')).toMatchObject([{ who: 'ALL', accounts: ['root', 'postgres'] }]);
  });

  // sudoers(5): of settings that contradict each other the last counts; files are read in no order that is known here.
  test('mean everybody where that is taken back anywhere', () => {
    expect(grants('defaults:root-password', 'defaults:own-password', 'grant:1:0:ALL ALL')).toMatchObject([
      { who: 'ALL' },
    ]);
  });

  test('mean nobody where sudo asks for root’s password (SUSE), unless it asks for none', () => {
    expect(grants('defaults:root-password', 'grant:1:0:ALL ALL')).toEqual([]);
    expect(grants('defaults:root-password', 'grant:1:1:ALL ALL')).toMatchObject([{ who: 'ALL' }]);
  });
});

describe('whatever the host prints', () => {
  test.each([
    [{ stdout: '', stderr: 'Permission denied' }, 'denied'],
    [{ stdout: `account:${'x'.repeat(10_000_000)}`, truncated: true }, 'too-large'],
    [{ stdout: '', timedOut: true }, 'timed-out'],
    ['end\n', 'denied'],
  ])('without a single account nothing is known: %#', (accounts, reason) => {
    expect(() => read({ ...debian, accounts })).toThrow(expect.objectContaining({ reason }));
  });

  test('a list that was cut short keeps its beginning and is unread', () => {
    const accounts = { stdout: `account:root:0:0:set:/bin/sh\naccount:${'y'.repeat(10_000_000)}`, truncated: true };
    const found = read({ ...debian, accounts });
    expect(found.accounts.map((account) => account.name)).toEqual(['root']);
    expect(found.unread).toEqual(['accounts']);
  });

  test('names stay short and printable', () => {
    const found = read({
      ...debian,
      accounts: lines(
        `account:\u001b[2J\u202eroot\tx:0:0:set:/bin/sh`,
        `account:${'z'.repeat(5000)}:5:5:set:/bin/sh`,
        'end',
      ),
    });
    expect(found.accounts.map((account) => account.name)).toEqual(['·[2J·root·x', 'z'.repeat(200)]);
  });

  test.each([
    ['a hash that is none', `key:root:key:ssh-rsa:nothex:`],
    ['the hash of nothing', 'key:root:key:ssh-rsa:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855:'],
    ['a key line cut in the middle', `key:root:key:ssh-rsa:${hash.slice(0, 60)}`],
  ])('%s is no key, but shows that one was not read', (_, line) => {
    const found = read({ ...debian, keys: lines('uid:0', line, 'end') });
    expect(found.accounts.flatMap((account) => account.keys)).toEqual([]);
    expect(found.unread).toEqual(['authorized-keys']);
  });

  test('a key comment that is not masked is masked', () => {
    const keys = lines('uid:0', `key:root:key:ssh-rsa:${hash}:zhangsan@example.com`, 'end');
    expect(JSON.stringify(read({ ...debian, keys }))).not.toContain('zhangsan');
  });

  test.each([
    ['a rule without form', 'grant:whatever'],
    ['a rule without end', `grant:1:0:${'a,'.repeat(5000)} ALL`],
    ['a rule of blanks', `grant:1:0:${' '.repeat(100_000)}`],
    ['a line sudo itself would refuse', 'odd:'],
  ])('%s makes the rules unread', (_, line) => {
    expect(read({ ...debian, sudo: lines('uid:0', line, 'end') }).unread).toEqual(['sudoers']);
  });

  test('aliases that name each other end', () => {
    const { grants } = read({
      ...debian,
      sudo: lines('uid:0', 'alias:A = B', 'alias:B = A', 'grant:1:0:A ALL', 'end'),
    });
    expect(grants).toHaveLength(1);
  });

  test('binary garbage everywhere is never read as a clean host', () => {
    const garbage = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 131) % 256)).toString('utf8');
    const outputs = Object.fromEntries(Object.keys(debian).map((name) => [name, garbage]));
    const found = read({ ...outputs, accounts: `account:root:0:0:shadow:/bin/sh\n${garbage}` });
    expect(found.unread).toHaveLength(9);
  });
});

describe('on this machine', () => {
  const collect = async (): Promise<Administration> => {
    const gate = createGate(createScope([], []), () => new Date());
    const host = localHost();
    const results = await runLocal(gate, host, administration.ask(host), AbortSignal.timeout(120_000));
    expect(gate.contacts()).toEqual([]);
    return read(Object.fromEntries(results));
  };

  test('the value fits its schema, and root is found', async () => {
    const found = await collect();
    expect(found.accounts.find((account) => account.name === 'root')?.privileges).toContain('root');
    // Without root, what needs it is unread.
    if (process.getuid?.() !== 0) expect(found.unread).toEqual(expect.arrayContaining(['shadow', 'authorized-keys']));
    for (const command of administration.ask(localHost())) expect(command.script).not.toMatch(/<<|\bsudo -/);
  });

  test('an agent that runs is recognised by its name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leqi-agent-'));
    const program = join(folder, 'tat_agent');
    writeFileSync(program, '#!/bin/sh\nread -r line\n');
    chmodSync(program, 0o755);
    const child = spawn(program, { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      await new Promise((resolve) => child.once('spawn', resolve));
      const { agents } = await collect();
      expect(agents.find((agent) => agent.name === 'tencent-tat')?.signs).toEqual(['process tat_agent']);
    } finally {
      child.kill();
      rmSync(folder, { recursive: true });
    }
  });
});
