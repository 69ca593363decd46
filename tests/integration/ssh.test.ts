import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGate } from '../../src/gate.ts';
import { createScope } from '../../src/scope.ts';
import { command } from '../collectors/transports/host-scripts.ts';
import { listening } from '../support/servers.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';
import { examine, gateOf, hello, lossOf } from './ssh-support.ts';

const lab = sshLab();
let server: Sshd;
let known: string;

beforeAll(async () => {
  server = await lab.start();
  known = `[127.0.0.1]:${server.port} ${lab.hostKey()}`;
});
afterAll(() => lab[Symbol.asyncDispose]());

const keyFile = join(lab.folder, 'client');
const print = (line: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace(/=+$/, '')}`;

test('a host is asked in one session, and its answers come back by name', async () => {
  const examined = await examine({
    ssh: { port: server.port, keyFile },
    home: lab.home([known]),
    commands: [...hello, command('fails', 'echo said >&2; exit 7'), command('binary', 'printf "a\\377\\000b"')],
  });
  expect(lossOf(examined)).toBe('');
  expect(examined.facts).toMatchObject({ host: 'app-1', rights: 'root' });
  expect(examined.results.get('hello')).toEqual({
    status: 0,
    stdout: 'hello\n0\n',
    stderr: '',
    truncated: false,
    timedOut: false,
    withoutRoot: false,
  });
  expect(examined.results.get('fails')).toMatchObject({ status: 7, stderr: 'said' });
  expect(examined.results.get('binary')?.stdout).toBe('a\ufffdb');
});

describe('the host key', () => {
  const ask = (knownHosts: string[], more: object = {}) =>
    examine({ ssh: { port: server.port, keyFile, ...more }, home: lab.home(knownHosts) });
  const at = (line: string): string => `[127.0.0.1]:${server.port} ${line}`;
  const stranger = `ssh-ed25519 ${Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), Buffer.alloc(32, 7)]).toString('base64')}`;

  test.each([
    ['that nobody knows is refused, and shown', () => [], /^host-key: app-1: unknown host key.*ssh-ed25519 SHA256:/],
    ['of another port is unknown', () => [`127.0.0.1 ${lab.hostKey()}`], /^host-key: app-1: unknown/],
    ['that changed is refused', () => [at(stranger)], /^host-key: app-1: the host key is not the one in known_hosts/],
    [
      'that is revoked is refused',
      () => [known, `@revoked * ${lab.hostKey()}`],
      /^host-key: app-1: the host key is revoked/,
    ],
    [
      'of an authority alone is refused',
      () => [`@cert-authority * ${stranger}`],
      /^host-key: .*certificate authority only/,
    ],
    ['of another type is asked for where that is known', () => [at(lab.hostKey('rsa'))], /^$/],
    ['is one of several', () => [at(stranger), at(lab.hostKey('rsa')), known], /^$/],
  ] as const)('%s', async (_, lines, loss) => {
    const examined = await ask([...lines()]);
    expect(lossOf(examined)).toMatch(loss);
    expect(examined.results.size).toBe(lossOf(examined) === '' ? 1 : 0);
  });

  test('that the platform file declares is enough', async () => {
    expect(lossOf(await ask([], { fingerprint: print(lab.hostKey()) }))).toBe('');
    expect(lossOf(await ask([known], { fingerprint: print(stranger) }))).toMatch(/^host-key: .*platform file declares/);
  });

  test('is verified before anything secret is sent', async () => {
    let asked = 0;
    const secrets = async (): Promise<string> => {
      asked += 1;
      return 'hunter2';
    };
    const ssh = { port: server.port, password: 'prompt' };
    expect(lossOf(await examine({ ssh, home: lab.home(), secrets }))).toMatch(/^host-key/);
    expect(asked).toBe(0);
  });
});

describe('logging in', () => {
  const ask = (ssh: object, more: object = {}) =>
    examine({ ssh: { port: server.port, ...ssh }, home: lab.home([known]), ...more });

  test('with a key that the host does not take is denied', async () => {
    const examined = await ask({ keyFile: join(lab.folder, 'stranger') });
    expect(lossOf(examined)).toBe('denied: app-1 refused to log in root; tried: publickey');
  });

  test('with a key file that is no key, or not there, says so', async () => {
    expect(lossOf(await ask({ keyFile: join(lab.folder, 'client.pub') }))).toMatch(
      /^denied: .*client\.pub: no private key/,
    );
    expect(lossOf(await ask({ keyFile: join(lab.folder, 'none') }))).toMatch(/^denied: .*none: not there/);
  });

  test('with an encrypted key takes its passphrase, never showing it', async () => {
    const locked = { keyFile: join(lab.folder, 'client_locked') };
    const answering = (answer: string | undefined) => ({
      secrets: async ({ env }: { env?: string }) => (env === 'LEQI_SSH_PASSPHRASE' ? answer : undefined),
    });
    expect(lossOf(await ask(locked, answering('open sesame')))).toBe('');
    expect(lossOf(await ask(locked, answering('hunter2')))).toMatch(/wrong passphrase$/);
    expect(lossOf(await ask(locked, answering('hunter2')))).not.toContain('hunter2');
    expect(lossOf(await ask(locked, answering(undefined)))).toMatch(
      /encrypted, and no passphrase in LEQI_SSH_PASSPHRASE/,
    );
  });

  test('with the agent works through the gate alone', async () => {
    const socket = join(lab.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await added(socket);
      const home = { ...lab.home([known]), agent: socket };
      expect(lossOf(await examine({ ssh: { port: server.port, login: 'agent' }, home }))).toBe('');
      const closed = (platform: Parameters<typeof gateOf>[0]) => ({
        ...gateOf(platform),
        connectLocal: () => Promise.reject(new Error('closed')),
      });
      const refused = await examine({ ssh: { port: server.port, login: 'agent' }, home, gate: closed });
      expect(lossOf(refused)).toMatch(/^denied: .*tried: agent/);
    } finally {
      agent.kill();
    }
  });

  async function added(socket: string): Promise<void> {
    for (let tries = 0; tries < 50; tries += 1) {
      const status = await new Promise((resolve) =>
        spawn('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' }).once(
          'close',
          resolve,
        ),
      );
      if (status === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('ssh-add failed');
  }

  test.each([
    ['password', ['PasswordAuthentication yes']],
    ['keyboard-interactive', ['UsePAM yes', 'KbdInteractiveAuthentication yes']],
  ])('by %s takes what the environment holds, and says when it is wrong', async (way, settings) => {
    const { port } = await lab.start(settings, { password: 'geheim 3' });
    const home = lab.home([`[127.0.0.1]:${port} ${lab.hostKey()}`]);
    const ssh = { port, user: 'ops', password: { env: 'OPS_PASSWORD' } };
    const answering =
      (answer: string) =>
      async ({ env }: { env?: string }) =>
        env === 'OPS_PASSWORD' ? answer : undefined;
    expect(lossOf(await examine({ ssh, home, secrets: answering('geheim 3') }))).toBe('');
    const wrong = await examine({ ssh, home, secrets: answering('hunter2') });
    expect(lossOf(wrong)).toMatch(new RegExp(`^denied: app-1 refused to log in ops; tried: .*${way}`));
    expect(JSON.stringify(wrong.lost)).not.toContain('hunter2');
  });
});

describe('a jump host', () => {
  test('is passed through, and both are verified and logged', async () => {
    const inner = await lab.start();
    const home = lab.home([known, `[127.0.0.1]:${inner.port} ${lab.hostKey()}`]);
    const jumpHosts = [{ name: 'bastion', address: '127.0.0.1', ssh: { port: server.port, keyFile } }];
    const ssh = { port: inner.port, keyFile, jump: 'bastion' };
    let gate: ReturnType<typeof gateOf> | undefined;
    const examined = await examine({
      ssh,
      jumpHosts,
      home,
      gate: (platform) => {
        gate = gateOf(platform);
        return gate;
      },
    });
    expect(lossOf(examined)).toBe('');
    expect(gate?.contacts().map(({ port, by }) => `${port} ${by}`)).toEqual([
      `${server.port} ssh`,
      `${inner.port} ssh`,
    ]);
    expect(lossOf(await examine({ ssh, jumpHosts, home: lab.home([known]) }))).toMatch(/^host-key: app-1/);
    const lost = lab.home([`[127.0.0.1]:${inner.port} ${lab.hostKey()}`]);
    expect(lossOf(await examine({ ssh, jumpHosts, home: lost }))).toMatch(/^host-key: bastion/);
  });

  test('that forwards nothing leaves the host unreachable', async () => {
    const closed = await lab.start(['AllowTcpForwarding no']);
    const home = lab.home([`[127.0.0.1]:${closed.port} ${lab.hostKey()}`]);
    const jumpHosts = [{ name: 'bastion', address: '127.0.0.1', ssh: { port: closed.port, keyFile } }];
    const examined = await examine({ ssh: { port: server.port, keyFile, jump: 'bastion' }, jumpHosts, home });
    expect(lossOf(examined)).toMatch(/^unreachable: app-1/);
  });

  test('of the client configuration counts only if it is declared', async () => {
    const configuration = `Host 127.0.0.1\n ProxyJump ops@bastion:2222\n`;
    const examined = await examine({ ssh: { port: server.port, keyFile }, home: lab.home([known], configuration) });
    expect(lossOf(examined)).toMatch(/^not-declared: the jump host bastion is not declared/);
  });
});

describe('the client configuration', () => {
  test('gives user, port and key where the platform file says nothing', async () => {
    const configuration = `Host app.example\n HostName 127.0.0.1\n Port ${server.port}\n IdentityFile ${keyFile}\n User root\n`;
    const gate = () => createGate(createScope(['app.example', '127.0.0.1'], []), () => new Date());
    expect(
      lossOf(await examine({ ssh: {}, address: 'app.example', home: lab.home([known], configuration), gate })),
    ).toBe('');
  });

  test('does not lead to a host that is not declared', async () => {
    const configuration = `Host app.example\n HostName 127.0.0.1\n Port ${server.port}\n`;
    const asked = examine({ ssh: { keyFile }, address: 'app.example', home: lab.home([known], configuration) });
    await expect(asked).rejects.toThrow(/scope guard refused 127\.0\.0\.1/);
  });
});

describe('a host that', () => {
  const ask = async (settings: string[], account: object = {}, more: object = {}) => {
    const { port } = await lab.start(settings, account);
    const home = lab.home([`[127.0.0.1]:${port} ${lab.hostKey()}`]);
    return examine({ ssh: { port, keyFile, user: 'shell' in account ? 'ops' : 'root' }, home, ...more });
  };

  test('allows one session is asked all the same', async () => {
    expect(lossOf(await ask(['MaxSessions 1']))).toBe('');
  });

  test('allows none refuses the session', async () => {
    expect(lossOf(await ask(['MaxSessions 0']))).toMatch(/^denied: the host refused to open a session/);
  });

  test('forces another command did not run the script', async () => {
    const examined = await ask(['ForceCommand echo @0 begin 1; echo only backups here']);
    expect(lossOf(examined)).toBe('denied: the host did not run the script: @0 begin 1 only backups here');
  });

  test('gives a restricted shell, or none, did not run the script', async () => {
    const { symlinkSync, writeFileSync } = await import('node:fs');
    symlinkSync('/bin/bash', join(lab.folder, 'rbash'));
    writeFileSync(join(lab.folder, 'nologin'), '#!/bin/sh\necho This account is not available.\nexit 1\n', {
      mode: 0o755,
    });
    expect(lossOf(await ask([], { shell: join(lab.folder, 'rbash') }))).toMatch(/^denied: .*restricted/);
    expect(lossOf(await ask([], { shell: join(lab.folder, 'nologin') }))).toMatch(
      /^denied: .*This account is not available/,
    );
  });

  test('greets with banner and noise before the script is read past them', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(lab.folder, 'banner'), '@x begin 1\n\u001b[2J警告\n');
    writeFileSync(
      join(lab.folder, 'noisy'),
      '#!/bin/sh\nprintf "Welcome\\n@abc begin 1\\nLast login: "\necho rc >&2\nexec /bin/sh "$@"\n',
      { mode: 0o755 },
    );
    const examined = await ask([`Banner ${lab.folder}/banner`, 'PrintMotd yes'], { shell: join(lab.folder, 'noisy') });
    expect(lossOf(examined)).toBe('');
    expect(examined.results.get('hello')?.stdout).toBe('hello\n0\n');
  });

  test('takes too long keeps what it had said', async () => {
    const commands = [...hello, command('slow', 'sleep 30', { timeout: 60 }), command('after', ':')];
    const examined = await ask([], {}, { commands, seconds: 2 });
    expect(lossOf(examined)).toMatch(/^timed-out/);
    expect([...examined.results.keys()]).toEqual(['hello']);
  });

  test('floods is cut off, and keeps what it had said', async () => {
    const flood = command('flood', 'cat /dev/zero | tr "\\0" x', { limit: 1e9, timeout: 60 });
    const examined = await ask([], {}, { commands: [...hello, flood] });
    expect(lossOf(examined)).toMatch(/^too-large/);
    expect([...examined.results.keys()]).toEqual(['hello']);
  });

  test('is left at once when the user interrupts', async () => {
    const commands = [...hello, command('slow', 'sleep 30', { timeout: 60 })];
    const examined = await ask([], {}, { commands, signal: AbortSignal.timeout(1500) });
    expect(lossOf(examined)).toBe('interrupted: ');
  });
});

describe('a line that', () => {
  const through = async (serve: (socket: Socket) => void, commands = hello, seconds = 20) => {
    const proxy = createServer(serve);
    const port = await listening(proxy, '127.0.0.1');
    try {
      const home = lab.home([`[127.0.0.1]:${port} ${lab.hostKey()}`]);
      return await examine({ ssh: { port, keyFile }, home, commands, seconds });
    } finally {
      proxy.close();
    }
  };

  test('breaks in the middle keeps what came before', async () => {
    const cut = (socket: Socket): void => {
      const onward = openSocket(server.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const each of [socket, onward]) each.on('error', () => {});
      setTimeout(() => {
        socket.destroy();
        onward.destroy();
      }, 2000);
    };
    const examined = await through(cut, [...hello, command('slow', 'sleep 4', { timeout: 60 })]);
    expect(lossOf(examined)).toBe('unreachable: the connection broke off');
    expect([...examined.results.keys()]).toEqual(['hello']);
  });

  test('says nothing, or no SSH, is left', async () => {
    expect(lossOf(await through(() => {}, hello, 2))).toMatch(/^timed-out: app-1 did not let us in within 2 s/);
    expect(lossOf(await through((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))).toMatch(
      /^unreachable: app-1/,
    );
    const drip = (socket: Socket): void => {
      socket.on('error', () => {});
      const timer = setInterval(() => socket.write('wait\r\n'), 100);
      socket.once('close', () => clearInterval(timer));
    };
    expect(lossOf(await through(drip, hello, 2))).toMatch(/^timed-out/);
  });

  test('is closed is unreachable', async () => {
    const { freePort } = await import('../support/sshd.ts');
    const examined = await examine({ ssh: { port: await freePort(), keyFile }, home: lab.home() });
    expect(lossOf(examined)).toMatch(/^unreachable: app-1: .*ECONNREFUSED/);
  });
});
