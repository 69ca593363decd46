import { join } from 'node:path';
import type { DeclaredHost, DeclaredJumpHost, Platform } from '../../platform.ts';
import { said } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import { type SshSettings, settingsFor } from './ssh-config.ts';
import { keyPath, type SshHome } from './ssh-files.ts';

type Machine = DeclaredHost | DeclaredJumpHost;
type SshDeclaration = NonNullable<Machine['ssh']>;

/** One machine on the way to a host; the last is the host itself. */
export type Hop = {
  readonly name: string;
  /** Must be in scope: what a client configuration makes of a name counts only if it is declared too. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly login?: SshDeclaration['login'];
  readonly password?: SshDeclaration['password'];
  readonly fingerprint?: string | undefined;
  /** Key files to try; `declared` if the platform file names the one. */
  readonly keys: { readonly files: readonly string[]; readonly declared: boolean };
  /** Settings for it that are not followed. */
  readonly unfollowed: readonly string[];
};

/** More jumps than anyone has; a configuration that leads in a circle ends here. */
const mostHops = 8;

const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** The way to a host: the jump hosts that the platform file or the client configuration names, then the host. */
export function routeTo(platform: Platform, host: Machine, home: SshHome): Hop[] {
  const route: Hop[] = [];
  const waiting: { machine: Machine; settings: SshSettings }[] = [];
  const visit = (machine: Machine): void => {
    const settings = settingsFor(home.configuration, machine.address);
    waiting.unshift({ machine, settings });
    if (waiting.length > mostHops) throw unfit(host.name, 'circle');
    if (!machine.ssh?.jump && settings.unfollowed.includes('proxycommand')) throw unfit(machine.name, 'command');
    const jumps = machine.ssh?.jump ? [machine.ssh.jump] : jumpsIn(settings);
    for (const jump of jumps.toReversed()) visit(declaredAs(platform, jump));
  };
  visit(host);
  for (const { machine, settings } of waiting) route.push(hopOf(machine, settings, home, platform));
  return route;
}

/** The jump host that a connection to a host enters by; undefined if there is none, or no way there. */
export function entranceTo(platform: Platform, host: DeclaredHost, home: SshHome): string | undefined {
  try {
    const [first, ...others] = routeTo(platform, host, home);
    return others.length > 0 ? first?.name : undefined;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

// `[user@]host[:port]`, separated by commas; user and port of a jump host are those it is declared with.
function jumpsIn({ proxyJump = 'none' }: SshSettings): string[] {
  if (proxyJump.toLowerCase() === 'none') return [];
  return proxyJump.split(',').map((jump) =>
    jump
      .trim()
      .replace(/^(ssh:\/\/)?([^@]*@)?/, '')
      .replace(/^\[([^\]]+)\](:\d+)?$/, '$1')
      .replace(/^([^:]+):\d+$/, '$1'),
  );
}

function declaredAs({ jumpHosts, hosts }: Platform, jump: string): Machine {
  const found = [...jumpHosts, ...hosts].find(({ name, address }) => name === jump || address === jump);
  if (!found) throw unfit(jump, 'undeclared');
  return found;
}

function hopOf(machine: Machine, settings: SshSettings, home: SshHome, platform: Platform): Hop {
  const { ssh = {} } = machine;
  const files = ssh.keyFile ? [keyPath(ssh.keyFile, home, platform.folder)] : keyFilesOf(settings, home);
  return {
    name: machine.name,
    address: settings.hostName ?? machine.address,
    port: ssh.port ?? settings.port ?? 22,
    user: ssh.user ?? settings.user ?? home.user,
    ...(ssh.login ? { login: ssh.login } : {}),
    ...(ssh.password ? { password: ssh.password } : {}),
    ...(ssh.fingerprint ? { fingerprint: ssh.fingerprint } : {}),
    keys: { files, declared: ssh.keyFile !== undefined },
    unfollowed: settings.unfollowed,
  };
}

function keyFilesOf({ identityFiles }: SshSettings, home: SshHome): string[] {
  const own = join(home.folder, '.ssh');
  const files = identityFiles.length > 0 ? identityFiles : usualKeys.map((name) => join(own, name));
  return files.map((file) => keyPath(file, home, home.folder));
}

function unfit(name: string, why: 'circle' | 'undeclared' | 'command'): Unavailable {
  const text = {
    circle: {
      zh: `到 ${name} 的跳板过多或成环`,
      en: `too many jump hosts, or a circle of them, on the way to ${name}`,
    },
    undeclared: {
      zh: `跳板 ${name} 未在平台文件的 jumpHosts 或 hosts 中声明`,
      en: `the jump host ${name} is not declared under jumpHosts or hosts in the platform file`,
    },
    command: {
      zh: `~/.ssh/config 对 ${name} 使用 ProxyCommand，本工具不执行；请在平台文件声明 jumpHosts 和 ssh.jump，或在配置中改用 ProxyJump，或以 transport: script 采集`,
      en: `~/.ssh/config has a ProxyCommand for ${name}, which is not run here; declare jumpHosts and ssh.jump in the platform file, use ProxyJump, or collect by transport: script`,
    },
  }[why];
  return new Unavailable(why === 'command' ? 'not-supported' : 'not-declared', said(text));
}
