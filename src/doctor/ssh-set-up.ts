import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { SshHome } from '../collectors/transports/ssh-files.ts';
import { type Hop, routeTo } from '../collectors/transports/ssh-route.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { DeclaredHost, DeclaredJumpHost, Platform } from '../platform.ts';
import { type Text, verbatim } from '../text.ts';
import { hostKinds, leavesOf, type Plan } from './plan.ts';
import { noAnswer, type Point, type Probe } from './point.ts';

type SshOptions = {
  readonly home: () => Promise<SshHome>;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/**
 * A password on the way to a host that only a person has, or that an environment variable should hold and does not. Then no login is
 * tried: without the password it would only leave a failure in the host's log.
 */
export async function awaitedSecret(
  platform: Platform,
  host: DeclaredHost | DeclaredJumpHost,
  { home, environment }: SshOptions,
): Promise<{ says: Text; surely: boolean } | undefined> {
  for (const { name, user, login, keys, password } of routeTo(platform, host, await home())) {
    // A key that is declared is tried before a password.
    const isUsed = login === undefined ? !keys.declared : login === 'password' || login === 'keyboard-interactive';
    if (!isUsed) continue;
    if (password === 'prompt' || (login === 'keyboard-interactive' && password === undefined)) {
      const who = `${user}@${name}`;
      const says = { zh: `${who} 的密码须由人输入，未试登录`, en: `${who}: a person enters the password; not tried` };
      return { says, surely: false };
    }
    const variable = typeof password === 'object' ? password.env : undefined;
    if (variable !== undefined && environment[variable] === undefined) {
      const says = { zh: `环境变量 ${variable} 未设置，未试登录`, en: `${variable} is not set; no login was tried` };
      return { says, surely: true };
    }
  }
  return undefined;
}

/** Whether the ssh-agent answers, where hosts would use it, and the declared key files can be read; no key is opened. */
export function sshProbes(plan: Plan, options: SshOptions): Probe[] {
  const hosts = plan.platform.hosts.filter(({ transport }) => transport === 'ssh');
  if (hosts.length === 0 || hostKinds(plan).length === 0) return [];
  const late = (): Point[] => [{ area: 'hosts', what: verbatim('ssh'), state: 'unproven', says: noAnswer }];
  const run = async (): Promise<Point[]> => {
    const home = await options.home();
    const hops = hosts.flatMap((host) => hopsTo(plan, host, home));
    const files = new Set(hops.filter(({ keys }) => keys.declared).flatMap(({ keys }) => keys.files));
    const keys = await Promise.all([...files].map((file) => keyPoint(plan, file)));
    return [...keys, ...(await agentPoints(plan, hops, home))];
  };
  return [{ run, late }];
}

// A way that leads nowhere is told where the host itself is.
function hopsTo(plan: Plan, host: DeclaredHost, home: SshHome): Hop[] {
  try {
    return routeTo(plan.platform, host, home);
  } catch {
    return [];
  }
}

async function keyPoint(plan: Plan, file: string): Promise<Point> {
  const base = { area: 'hosts', what: { zh: '私钥', en: 'key file' } } as const;
  try {
    await access(file, constants.R_OK);
    const { mode } = await stat(file);
    const isOpen = (mode & 0o077) !== 0;
    const remedy = { zh: '其他账号可读，应 chmod 600', en: 'other accounts can read it: chmod 600' };
    return { ...base, state: 'ok', says: verbatim(file), ...(isOpen ? { remedy } : {}) };
  } catch (error) {
    const remedy = { zh: '改正 ssh.keyFile 或文件权限', en: 'mend ssh.keyFile or the file’s rights' };
    const leaves = leavesOf(plan, hostKinds(plan), true);
    return {
      ...base,
      state: 'unproven',
      says: verbatim(`${file}: ${codeOf(error) ?? messageOf(error)}`),
      remedy,
      leaves,
    };
  }
}

async function agentPoints({ gate }: Plan, hops: readonly Hop[], home: SshHome): Promise<Point[]> {
  const isAsked = hops.some(({ login }) => login === 'agent');
  const isUsed = hops.some(({ login, keys, password }) => login === undefined && !keys.declared && !password);
  if (!isAsked && !(isUsed && home.agent)) return [];
  const base = { area: 'hosts', what: verbatim('ssh-agent') } as const;
  const remedy = { zh: '启动 ssh-agent 并用 ssh-add 加入私钥', en: 'start ssh-agent and add the key with ssh-add' };
  const state = isAsked ? 'unproven' : 'ok';
  if (!home.agent) {
    const says = { zh: '没有运行（SSH_AUTH_SOCK 未设置）', en: 'not running (SSH_AUTH_SOCK is not set)' };
    return [{ ...base, state, says, remedy }];
  }
  const { agentAt } = await import('../collectors/transports/ssh-agent.ts');
  const agent = agentAt(gate, home.agent);
  const count = await new Promise<number | undefined>((resolve) => {
    agent.getIdentities((error, found) => resolve(error ? undefined : found?.length));
  });
  if (count) return [{ ...base, state: 'ok', says: { zh: `${count} 个密钥`, en: `${count} keys` } }];
  const says = count === 0 ? { zh: '没有密钥', en: 'holds no key' } : { zh: '没有应答', en: 'does not answer' };
  return [{ ...base, state, says, remedy }];
}
