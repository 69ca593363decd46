import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Point } from '../../src/doctor/point.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { pointsIn, timed } from '../support/doctor.ts';
import { listening } from '../support/servers.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';

const lab = sshLab();
let server: Sshd;
let known: string;
beforeAll(async () => {
  server = await lab.start(['PasswordAuthentication yes', 'LogLevel VERBOSE'], { password: 'geheim 3' });
  known = `[127.0.0.1]:${server.port} ${lab.hostKey()}`;
  await mkdir(join(lab.folder, '.ssh'), { recursive: true });
});
afterAll(() => lab[Symbol.asyncDispose]());

type Asked = {
  ssh?: object;
  host?: object;
  knownHosts?: string;
  env?: Readonly<Record<string, string>>;
  more?: object;
};

/** Runs doctor with one host over SSH at our server, known to be itself unless told otherwise. */
async function doctor({ ssh = {}, host = {}, knownHosts = known, env = {}, more = {} }: Asked = {}): Promise<Ended> {
  const platform = {
    profile: 'natural-system-security',
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    platform: { name: '乐企直连平台', mode: 'self-use', since: '2025-01-01' },
    hosts: [{ name: 'app-1', address: '127.0.0.1', transport: 'ssh', ssh: { port: server.port, ...ssh }, ...host }],
    ...more,
  };
  const file = join(lab.folder, 'platform.yaml');
  await writeFile(file, JSON.stringify(platform));
  // Every program here takes the home folder from the environment.
  await writeFile(join(lab.folder, '.ssh/known_hosts'), `${knownHosts}\n`);
  const args = ['--platform', file, '--out', lab.folder, '--format', 'html', '--origin', 'host', '--json'];
  return runCli(['doctor', ...args], { env: { HOME: lab.folder, ...env } });
}

const pointOf = (ended: Ended, name = 'app-1'): Point | undefined =>
  pointsIn(ended).find(({ area, what }) => area === 'hosts' && what.en === name);
const keyFile = join(lab.folder, 'client');

test('a host that can be asked as root lacks nothing: exit 0', async () => {
  const ended = await doctor({ ssh: { keyFile } });
  expect(pointOf(ended)).toMatchObject({ state: 'ok', says: { en: 'can be asked (root)' } });
  expect(pointOf(ended, 'key file')).toMatchObject({ state: 'ok', says: { en: keyFile } });
  expect(ended.status).toBe(0);
});

describe('what keeps a host from being asked, with the rows that it leaves: exit 3', () => {
  test.each([
    ['nobody listens', { ssh: { keyFile, port: 1 } }, /^unreachable: app-1.*ECONNREFUSED/],
    ['its key is unknown', { ssh: { keyFile }, knownHosts: '' }, /^host key not verified: .*SHA256:/],
    [
      'another key is declared',
      { ssh: { keyFile, fingerprint: `SHA256:${'A'.repeat(43)}` } },
      /^host key not verified: .*declares/,
    ],
    [
      'it does not take the key',
      { ssh: { keyFile: join(lab.folder, 'stranger') } },
      /^access denied: .*tried: publickey$/,
    ],
    [
      'the key is locked',
      { ssh: { keyFile: join(lab.folder, 'client_locked') } },
      /^access denied: .*LEQI_SSH_PASSPHRASE$/,
    ],
    ['the key file is not there', { ssh: { keyFile: '/nonexistent' } }, /^access denied: .*\/nonexistent: not there$/],
    ['a person brings the output', { host: { transport: 'script' } }, /^waits for a person/],
  ])('%s', async (_, asked, says) => {
    const ended = await doctor(asked);
    expect(pointOf(ended)).toMatchObject({ state: 'unproven', says: { en: expect.stringMatching(says) } });
    expect(pointOf(ended)?.leaves).toEqual({ requirements: expect.arrayContaining(['NS-1', 'NS-3']), surely: true });
    expect(pointOf(ended)?.remedy).toBeDefined();
    expect(ended.status).toBe(3);
  });

  test('it takes connections and says nothing: told in time', async () => {
    const silent = createServer(() => {});
    const port = await listening(silent, '127.0.0.1');
    const ended = await timed(() => doctor({ ssh: { keyFile, port } }));
    silent.close();
    expect(pointOf(ended)).toMatchObject({
      says: { en: expect.stringMatching(/^timed out/) },
      leaves: { surely: false },
    });
  });

  test('it lets us in without root, with or without sudo allowed', async () => {
    const forced = 'ForceCommand setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh';
    const { port } = await lab.start([forced]);
    const knownHosts = `[127.0.0.1]:${port} ${lab.hostKey()}`;
    const without = pointOf(await doctor({ ssh: { keyFile, port }, knownHosts }));
    expect(without).toMatchObject({
      state: 'unproven',
      says: { en: 'lets us in, without root' },
      leaves: { surely: false },
    });
    expect(without?.remedy?.en).toMatch(/sudo: true/);
    const refused = pointOf(await doctor({ ssh: { keyFile, port }, knownHosts, host: { sudo: true } }));
    expect(refused?.remedy?.en).toMatch(/NOPASSWD in sudoers; sudo said: sudo: /);
  });
});

test('a sudo that allows a shell and not what a scan runs by it counts as none', async () => {
  const bin = join(lab.folder, 'bin');
  await mkdir(bin, { recursive: true });
  const sudo =
    '#!/bin/sh\nshift\nexport ROOT=yes\n[ "$1" = /bin/sh ] && exec "$@"\necho "sudo: env is not allowed" >&2\nexit 1\n';
  await writeFile(join(bin, 'sudo'), sudo, { mode: 0o755 });
  // Root as far as the shell can tell.
  const id = '#!/bin/sh\n[ "$ROOT" = yes ] && echo 0 || exec /usr/bin/id "$@"\n';
  await writeFile(join(bin, 'id'), id, { mode: 0o755 });
  const asNobody = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh';
  const { port } = await lab.start([
    `ForceCommand unshare -m sh -c 'mount --bind ${bin} /usr/local/sbin && ${asNobody}'`,
  ]);
  const knownHosts = `[127.0.0.1]:${port} ${lab.hostKey()}`;
  const point = pointOf(await doctor({ ssh: { keyFile, port }, knownHosts, host: { sudo: true } }));
  expect(point).toMatchObject({ state: 'unproven', says: { en: 'lets us in, without root' } });
  expect(point?.remedy?.en).toContain('sudo: env is not allowed');
});

describe('passwords', () => {
  const password = { env: 'OPS_PASSWORD' };
  const loginsIn = (log: string): number => log.split(/(?:Failed|Accepted) password/).length - 1;

  test('are taken from where a scan takes them, and shown nowhere', async () => {
    const ended = await doctor({ ssh: { user: 'ops', password }, env: { OPS_PASSWORD: 'geheim 3' } });
    expect(pointOf(ended)).toMatchObject({ state: 'ok' });
    const wrong = await doctor({ ssh: { user: 'ops', password }, env: { OPS_PASSWORD: 'hunter2' } });
    expect(pointOf(wrong)).toMatchObject({ says: { en: expect.stringMatching(/refused to log in ops/) } });
    expect(wrong.stdout + wrong.stderr).not.toContain('hunter2');
  });

  test('that are not there yet: no login is tried, so that none fails', async () => {
    const before = loginsIn(server.log());
    const unset = await doctor({ ssh: { user: 'ops', password } });
    expect(pointOf(unset)).toMatchObject({ says: { en: 'OPS_PASSWORD is not set; no login was tried' } });
    const prompt = await doctor({ ssh: { user: 'ops', password: 'prompt' } });
    expect(pointOf(prompt)).toMatchObject({
      says: { en: expect.stringMatching(/a person enters the password/) },
      leaves: { surely: false },
    });
    expect([unset.status, prompt.status]).toEqual([3, 3]);
    // Where a key is declared too, it is tried first.
    expect(pointOf(await doctor({ ssh: { keyFile, password } }))).toMatchObject({ state: 'ok' });
    expect(loginsIn(server.log())).toBe(before);
  });
});

describe('the ssh-agent', () => {
  test('with a key, without one, and not there', async () => {
    const socket = join(lab.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const env = { SSH_AUTH_SOCK: socket };
      const asked = { ssh: { login: 'agent' } };
      await vi.waitFor(() => expect(existsSync(socket)).toBe(true));
      expect(pointOf(await doctor({ ...asked, env }), 'ssh-agent')).toMatchObject({
        state: 'unproven',
        says: { en: 'holds no key' },
      });
      spawnSync('ssh-add', ['-q', keyFile], { env: { ...process.env, ...env } });
      const ended = await doctor({ ...asked, env });
      expect(pointOf(ended, 'ssh-agent')).toMatchObject({ state: 'ok', says: { en: '1 keys' } });
      expect(ended.status).toBe(0);
      expect(pointOf(await doctor(asked), 'ssh-agent')?.says.en).toMatch(/^not running/);
    } finally {
      agent.kill('SIGKILL');
    }
  });
});

test('a host behind a jump host is reached through it', async () => {
  const jump = { name: 'bastion', address: '127.0.0.1', ssh: { port: server.port, keyFile } };
  const there = await doctor({ ssh: { keyFile, jump: 'bastion' }, more: { jumpHosts: [jump] } });
  expect(pointOf(there)).toMatchObject({ state: 'ok' });
  const ssh = { port: server.port, keyFile: join(lab.folder, 'stranger') };
  const refused = await doctor({ ssh: { keyFile, jump: 'bastion' }, more: { jumpHosts: [{ ...jump, ssh }] } });
  expect(pointOf(refused)?.says.en).toMatch(/^access denied: bastion refused/);
});
