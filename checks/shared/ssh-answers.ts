import { matchesGlob } from '../../src/evidence/glob.ts';
import {
  isLoopback,
  type LoginPart,
  type LoginService,
  type RemoteLogin,
  type SshKeyword,
  type SshServer,
} from '../../src/evidence/host/remote-login.ts';
import type { Text } from '../../src/text.ts';
import { namesIn } from './names.ts';
import { type Rule, ruleOf, type SshDemand, type Standing, sshDemands, standingOf } from './ssh-demands.ts';

/** What is asked of remote login. */
export type Asked = {
  readonly forbid: readonly SshDemand[];
  readonly services?:
    | { readonly forbid: readonly LoginService[]; readonly explain: readonly LoginService[] }
    | undefined;
  readonly weakAlgorithms?: readonly string[] | undefined;
  readonly maxAuthTries?: number | undefined;
  readonly loginGraceSeconds?: number | undefined;
  readonly lockoutAfter?: number | undefined;
  readonly idleSeconds?: number | undefined;
};

/** How a host stands to one thing that is asked, with the settings that show it. */
export type Answer = {
  readonly standing: Standing | 'locked' | 'not-seen' | 'older';
  readonly title: Text;
  readonly settings: Text;
};

/** Whether an account with user id 0 has a password: without one nobody logs in by it, whatever the settings. */
export type RootPassword = 'set' | 'locked' | 'unknown';

const byRootPassword = { set: 'broken', locked: 'locked', unknown: 'not-seen' } as const;

/** The SSH services that somebody can reach: those that run, else the installed one where its port listens. */
export function offeredServers({ servers, listening }: RemoteLogin): readonly SshServer[] {
  const running = servers.filter((server) => server.running);
  if (running.length > 0) return running;
  return listening.some((each) => each.service === 'ssh') ? servers : [];
}

/** The parts of the evidence that the answers rest on; an answer that needs another says so itself. */
export function partsFor(asked: Asked): LoginPart[] {
  const asks = asksSsh(asked);
  return [
    ...(asks ? (['ssh', 'arguments', 'processes', 'elsewhere'] as const) : []),
    ...(asks || asked.services ? (['listening', 'programs'] as const) : []),
  ];
}

/** Whether anything is asked of the settings of SSH services. */
export function asksSsh(asked: Asked): boolean {
  return sshRules(asked, false).length > 0 || asked.lockoutAfter !== undefined;
}

/** The SSH services that somebody can reach and whose settings are not known: other programs, or nobody was found behind the port. */
export function unknownServers(value: RemoteLogin): RemoteLogin['listening'] {
  const isKnown = offeredServers(value).length > 0;
  return value.listening.filter(
    ({ service, address }) => !isLoopback(address) && (service === 'other-ssh' || (service === 'ssh' && !isKnown)),
  );
}

/** How a host stands to all that is asked of its SSH service, its locks and its sessions. */
export function answersOf(value: RemoteLogin, asked: Asked, root: RootPassword): Answer[] {
  const servers = offeredServers(value);
  const rules = sshRules(asked, value.secondFactors.length > 0 || value.unread.includes('pam'));
  if (servers.some((server) => server.mayBeOlder) && rules.length > 0)
    return [{ standing: 'older', title: titles.older, settings: namesIn([]) }];
  const answers = rules.flatMap(({ title, demand, ...rule }) =>
    servers.map((server): Answer => {
      const standing = doubted(standingOf(server, rule), server, value);
      const isRoots = standing === 'broken' && demand === 'root-password';
      return {
        standing: isRoots ? byRootPassword[root] : standing,
        title,
        settings: settingsText(server, rule.keywords),
      };
    }),
  );
  return [...answers, ...lockoutAnswers(value, servers, asked), ...idleAnswers(value, asked)];
}

// An argument that is not known may overrule the files; so may a file that was not read, unless sshd itself answered.
function doubted(standing: Standing, { source }: SshServer, { unread }: RemoteLogin): Standing {
  const isOpen = unread.includes('arguments') || (source === 'files' && unread.includes('ssh'));
  return isOpen && standing !== 'kept' ? 'unknown' : standing;
}

type Titled = Rule & { readonly title: Text; readonly demand?: SshDemand };

const titles = {
  older: { zh: '运行中的设置', en: 'the settings it runs with' },
  algorithms: { zh: '弱算法', en: 'weak algorithms' },
} as const;

function sshRules(asked: Asked, second: boolean): Titled[] {
  const { weakAlgorithms, maxAuthTries, loginGraceSeconds } = asked;
  return [
    ...asked.forbid.map((demand) => ({ ...ruleOf(demand, second), title: sshDemands[demand], demand })),
    ...(weakAlgorithms ? lists.map((keyword) => algorithmRule(keyword, weakAlgorithms)) : []),
    ...limitRule('maxauthtries', maxAuthTries, (most) => ({
      zh: `单次连接的认证尝试应不超过 ${most} 次`,
      en: `at most ${most} attempts in one connection`,
    })),
    ...limitRule('logingracetime', loginGraceSeconds, (most) => ({
      zh: `登录时限应不超过 ${most} 秒`,
      en: `at most ${most} s to log in`,
    })),
  ];
}

const lists = ['ciphers', 'macs', 'kexalgorithms', 'hostkeyalgorithms'] as const;

// A list that begins with +, - or ^ changes the defaults, which only sshd itself knows.
function algorithmRule(keyword: (typeof lists)[number], weak: readonly string[]): Titled {
  return {
    keywords: [keyword],
    title: titles.algorithms,
    judge: (settings) => {
      const names = settings[keyword];
      if (names === undefined || /^[-+^]/.test(names[0] ?? '')) return 'unknown';
      return names.some((name) => weak.some((pattern) => matchesGlob(pattern, name))) ? 'broken' : 'kept';
    },
  };
}

// LoginGraceTime 0 sets no limit; a number that is none tells nothing.
function limitRule(keyword: SshKeyword, most: number | undefined, say: (most: number) => Text): Titled[] {
  if (most === undefined) return [];
  const judge: Rule['judge'] = (settings) => {
    const value = settings[keyword]?.[0] ?? '';
    if (!/^\d+$/.test(value)) return 'unknown';
    return Number(value) > most || Number(value) === 0 ? 'broken' : 'kept';
  };
  return [{ keywords: [keyword], title: say(most), judge }];
}

function lockoutAnswers(value: RemoteLogin, servers: readonly SshServer[], { lockoutAfter: most }: Asked): Answer[] {
  if (most === undefined || servers.length === 0) return [];
  const title = {
    zh: `登录失败 ${most} 次以内锁定账号`,
    en: `an account is locked after at most ${most} failed logins`,
  };
  const { lockout, unread } = value;
  const asksNone = servers.every((server) => standingOf(server, ruleOf('password-alone', false)) === 'kept');
  if (asksNone) return [{ standing: 'kept', title, settings: { zh: '不接受口令', en: 'no password is accepted' } }];
  const settings = lockout
    ? {
        zh: `${lockout.module} ${lockout.after ?? '不锁定'}`,
        en: `${lockout.module} ${lockout.after ?? 'does not lock'}`,
      }
    : { zh: 'PAM 未配置锁定', en: 'PAM locks nothing' };
  if (unread.includes('pam')) return [{ standing: 'unknown', title, settings }];
  const usesPam = servers.every((server) => standingOf(server, pamRule) === 'kept');
  const isKept = usesPam && lockout?.after !== undefined && lockout.after <= most;
  return [{ standing: isKept ? 'kept' : usesPam || !lockout ? 'broken' : 'unknown', title, settings }];
}

const pamRule: Rule = {
  keywords: ['usepam'],
  judge: ({ usepam }) => (usepam === undefined ? 'unknown' : usepam[0] === 'yes' ? 'kept' : 'broken'),
};

function idleAnswers({ idleSeconds: set, unread }: RemoteLogin, { idleSeconds: most }: Asked): Answer[] {
  if (most === undefined) return [];
  const title = { zh: `会话空闲 ${most} 秒以内自动退出`, en: `an idle session ends within ${most} s` };
  const settings =
    set === undefined ? { zh: '未设置 TMOUT', en: 'TMOUT is not set' } : { zh: `TMOUT ${set}`, en: `TMOUT ${set}` };
  if (unread.includes('profile')) return [{ standing: 'unknown', title, settings }];
  return [{ standing: set !== undefined && set > 0 && set <= most ? 'kept' : 'broken', title, settings }];
}

function settingsText({ settings, conditions }: SshServer, keywords: readonly SshKeyword[]): Text {
  const lines = (each: SshServer['settings']): string[] =>
    keywords.flatMap((keyword) => (each[keyword] ? [`${keyword} ${each[keyword].join(' ').slice(0, 200)}`] : []));
  return namesIn([
    ...lines(settings),
    ...conditions.flatMap(({ when, settings: own }) => lines(own).map((line) => `Match ${when}: ${line}`)),
  ]);
}
