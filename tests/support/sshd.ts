import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshHome } from '../../src/collectors/transports/ssh-files.ts';
import { listening } from './servers.ts';

/** A running sshd of the machine's own OpenSSH, on 127.0.0.1. */
export type Sshd = { readonly port: number; readonly log: () => string };

/** Keys, servers and a home folder for SSH tests, all below one temporary folder. */
export type SshLab = AsyncDisposable & {
  readonly folder: string;
  /** Starts a server with `settings` in its configuration; hosts keys are `host_ed25519` and `host_rsa`. */
  start(settings?: readonly string[], account?: Account): Promise<Sshd>;
  /** A home folder whose known_hosts holds these lines. */
  home(knownHosts?: readonly string[], configuration?: string): SshHome;
  /** `TYPE BASE64` of a host key. */
  hostKey(type?: 'ed25519' | 'rsa'): string;
};

/** The account `ops` that a server's own view of the machine has, beside root. */
export type Account = { readonly shell?: string; readonly password?: string };

/** Makes the keys: `client`, the encrypted `client_locked` (passphrase `open sesame`), `stranger`, and the hosts'. */
export function sshLab(): SshLab {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-ssh-'));
  chmodSync(folder, 0o755);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const servers: ChildProcess[] = [];
  const key = (name: string, type: string, passphrase = ''): void => {
    const made = spawnSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', join(folder, name)]);
    if (made.status !== 0) throw new Error(made.stderr.toString());
  };
  for (const [name, type] of [
    ['client', 'ed25519'],
    ['stranger', 'ed25519'],
    ['host_ed25519', 'ed25519'],
    ['host_rsa', 'rsa'],
  ] as const)
    key(name, type);
  key('client_locked', 'ed25519', 'open sesame');
  writeFileSync(
    join(folder, 'authorized_keys'),
    ['client', 'client_locked'].map((name) => readFileSync(join(folder, `${name}.pub`), 'utf8')).join(''),
  );

  return {
    folder,
    async start(settings = [], account = {}) {
      const port = await freePort();
      const name = `${servers.length}`;
      writeFileSync(join(folder, `sshd_config.${name}`), configuration(folder, port, settings));
      const passwd = `${readFileSync('/etc/passwd', 'utf8')}ops:x:0:0::/:${account.shell ?? '/bin/sh'}\n`;
      const hash = account.password
        ? spawnSync('openssl', ['passwd', '-6', account.password]).stdout.toString().trim()
        : '*';
      writeFileSync(join(folder, `passwd.${name}`), passwd);
      // To sshd an account locked by `!` is closed even to keys.
      const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:![^:]*/m, 'root:*');
      const more = Object.keys(account).length > 0 ? `ops:${hash}:20000:0:99999:7:::\n` : '';
      writeFileSync(join(folder, `shadow.${name}`), `${shadow}${more}`, { mode: 0o600 });
      // The machine's own accounts stay as they are: the files are laid over in the server's namespace.
      const lay = Object.keys(account).length > 0 ? `mount --bind ${folder}/passwd.${name} /etc/passwd && ` : '';
      const child = spawn(
        'unshare',
        [
          '-m',
          'sh',
          '-c',
          `${lay}mount --bind ${folder}/shadow.${name} /etc/shadow && exec /usr/sbin/sshd -D -e -f ${folder}/sshd_config.${name}`,
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      servers.push(child);
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
      });
      await answering(port, () => log);
      return { port, log: () => log };
    },
    home: (knownHosts = [], text = '') => ({
      folder,
      user: 'root',
      configuration: text,
      knownHosts: [knownHosts.map((line) => `${line}\n`).join('')],
    }),
    hostKey: (type = 'ed25519') =>
      readFileSync(join(folder, `host_${type}.pub`), 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' '),
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, settings: readonly string[]): string {
  return [
    // The first value counts.
    ...settings,
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${folder}/host_ed25519`,
    `HostKey ${folder}/host_rsa`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    '',
  ].join('\n');
}

/** A port of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server, '127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(port: number, log: () => string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.setTimeout(1000, () => resolve(false));
      socket.once('data', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer: ${log()}`);
}
