import { type LoginPart, loginParts, type RemoteLogin, type SshServer } from '../../evidence/host/remote-login.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { isComplete, linesOf, ranAsRoot } from './output.ts';
import { commands } from './remote-login/commands.ts';
import { readPam } from './remote-login/pam.ts';
import { readListening } from './remote-login/services.ts';
import { mostConditions, readServers } from './remote-login/settings.ts';

/** How somebody can log in to a host from elsewhere: sshd(8) -T, listening sockets, PAM, the shells' time limit. */
export const remoteLogin = defineHostCollector({
  id: 'host/remote-login',
  kind: 'remoteLogin',
  ask: () => commands,
  read: (results) => {
    const value = readLogin(results);
    if (value.servers.length === 0 && ['ssh', 'listening', 'pam'].every((part) => isIn(part, value.unread)))
      throw new Unavailable('denied', results('sshd').stderr || 'sshd_config');
    return value;
  },
});

function isIn(part: string, unread: readonly string[]): boolean {
  return unread.includes(part);
}

// An output that was cut is not used at all: what is missing from it might be the Match block that changes everything.
function readLogin(results: CommandResults): RemoteLogin {
  const whole = (name: string): string => (isComplete(results(name)) ? results(name).stdout : '');
  const limits = whole('login-limits');
  const pam = readPam(limits);
  const idle = readIdle(limits);
  const servers = readServers(whole('sshd'));
  return {
    servers,
    listening: readListening(whole('listening')),
    secondFactors: [],
    ...pam,
    ...(idle === undefined ? {} : { idleSeconds: idle }),
    unread: unreadOf(results, servers, pam !== undefined),
  };
}

function unreadOf(results: CommandResults, servers: readonly SshServer[], hasPam: boolean): LoginPart[] {
  const ssh = results('sshd');
  const sockets = results('listening');
  const limits = results('login-limits');
  const says = (text: string, pattern: RegExp): boolean => pattern.test(text);
  const missing: Record<LoginPart, boolean> = {
    ssh:
      !isComplete(ssh) ||
      says(ssh.stdout, /^unread:ssh$/m) ||
      servers.some((server) => server.conditions.length >= mostConditions),
    arguments: says(ssh.stdout, /^unread:arguments$/m),
    processes: !isComplete(ssh) || !says(ssh.stdout, /^all-seen$/m),
    elsewhere: says(ssh.stdout, /^elsewhere$/m),
    listening: !isComplete(sockets) || says(sockets.stdout, /^unread:listening$/m),
    programs: !ranAsRoot(sockets) || says(sockets.stdout, /^no-programs$/m),
    pam: !isComplete(limits) || !hasPam || says(limits.stdout, /^unread:pam$/m),
    profile: !isComplete(limits) || says(limits.stdout, /^(unread:profile|tmout:odd)$/m),
  };
  return (Object.keys(loginParts) as LoginPart[]).filter((part) => missing[part]);
}

// Which file comes last depends on the shell: the longest time counts, and none at all more than any.
function readIdle(output: string): number | undefined {
  const times = linesOf(output, 'tmout:').flatMap((text) => (/^\d{1,9}$/.test(text) ? [Number(text)] : []));
  if (times.length === 0) return undefined;
  return times.includes(0) ? 0 : Math.max(...times);
}
