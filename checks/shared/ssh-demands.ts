import { matchesGlob } from '../../src/evidence/glob.ts';
import type { SshKeyword, SshServer, SshSettings } from '../../src/evidence/host/remote-login.ts';
import type { Text } from '../../src/text.ts';

/** What the SSH service may be asked not to allow. */
export const sshDemands = {
  'root-password': { zh: 'root 以口令登录', en: 'root logs in by password' },
  'root-login': { zh: 'root 直接登录', en: 'root logs in' },
  'empty-passwords': { zh: '空口令登录', en: 'empty passwords open an account' },
  'password-alone': { zh: '仅凭口令登录', en: 'a password alone opens an account' },
  'host-based': { zh: '基于主机信任的登录', en: 'a trusted host vouches for its users' },
  'protocol-1': { zh: 'SSH 第 1 版协议', en: 'SSH protocol 1' },
  'user-environment': { zh: '用户自设环境变量', en: 'users set the environment of the service' },
  'loose-modes': { zh: '不检查文件属主和权限', en: 'file modes are not checked' },
  'x11-forwarding': { zh: 'X11 转发', en: 'X11 forwarding' },
  'agent-forwarding': { zh: '代理转发', en: 'agent forwarding' },
  'tcp-forwarding': { zh: 'TCP 转发', en: 'TCP forwarding' },
  'gateway-ports': { zh: '转发端口对外开放', en: 'forwarded ports open to others' },
  tunnel: { zh: '隧道设备', en: 'tunnel devices' },
} as const satisfies Record<string, Text>;

export type SshDemand = keyof typeof sshDemands;

/** How a service stands to a demand: `conditional` where Match blocks decide by connection. */
export type Standing = 'kept' | 'broken' | 'conditional' | 'unknown';

type Plain = Exclude<Standing, 'conditional'>;

/** One judgement on plain settings, with the keywords that it rests on. */
export type Rule = { readonly keywords: readonly SshKeyword[]; readonly judge: (settings: SshSettings) => Plain };

// Beyond this many combinations of Match blocks nothing is said.
const mostCombinations = 2048;

/**
 * How a service stands to a rule, whatever the connection: each value that a Match block gives a keyword may meet each value of
 * the others, for blocks can apply together (sshd_config(5), Match).
 */
export function standingOf(server: Pick<SshServer, 'settings' | 'conditions'>, rule: Rule): Standing {
  let cases: SshSettings[] = [{}];
  for (const keyword of rule.keywords) {
    const values = [server.settings[keyword], ...server.conditions.flatMap((each) => [each.settings[keyword] ?? []])];
    const unique = new Map(
      values.flatMap((value, index) => (index > 0 && value?.length === 0 ? [] : [[String(value), value]])),
    );
    cases = cases.flatMap((each) =>
      [...unique.values()].map((value) => (value === undefined ? each : { ...each, [keyword]: value })),
    );
    if (cases.length > mostCombinations) return 'unknown';
  }
  const found = new Set(cases.map(rule.judge));
  if (found.size === 1) return [...found][0] ?? 'unknown';
  return found.has('broken') ? 'conditional' : 'unknown';
}

/** The rule of a demand; `second` is whether PAM may ask for a second factor besides the password. */
export function ruleOf(demand: SshDemand, second: boolean): Rule {
  switch (demand) {
    case 'root-password':
      return { keywords: ['permitrootlogin', ...entries, ...passwords], judge: rootByPassword(second) };
    case 'root-login':
      return { keywords: ['permitrootlogin', ...entries], judge: rootAtAll };
    case 'password-alone':
      return { keywords: passwords, judge: byPassword(second) };
    case 'protocol-1':
      return { keywords: ['protocol'], judge: protocolOne };
    case 'tcp-forwarding':
    case 'agent-forwarding':
    case 'x11-forwarding':
    case 'gateway-ports':
    case 'tunnel':
      return { keywords: ['disableforwarding', switches[demand][0]], judge: forwarding(demand) };
    default:
      return { keywords: [switches[demand][0]], judge: (settings) => switched(settings, switches[demand]) };
  }
}

type Switch = readonly [keyword: SshKeyword, good: string];
type Switched = Exclude<SshDemand, 'root-password' | 'root-login' | 'password-alone' | 'protocol-1'>;

const switches: Readonly<Record<Switched, Switch>> = {
  'empty-passwords': ['permitemptypasswords', 'no'],
  'host-based': ['hostbasedauthentication', 'no'],
  'user-environment': ['permituserenvironment', 'no'],
  'loose-modes': ['strictmodes', 'yes'],
  'x11-forwarding': ['x11forwarding', 'no'],
  'agent-forwarding': ['allowagentforwarding', 'no'],
  'tcp-forwarding': ['allowtcpforwarding', 'no'],
  'gateway-ports': ['gatewayports', 'no'],
  tunnel: ['permittunnel', 'no'],
};

const entries: readonly SshKeyword[] = ['allowusers', 'denyusers', 'allowgroups', 'denygroups'];
const passwords: readonly SshKeyword[] = [
  'passwordauthentication',
  'kbdinteractiveauthentication',
  'usepam',
  'authenticationmethods',
];

function switched(settings: SshSettings, [keyword, good]: Switch): Plain {
  const value = settings[keyword]?.[0];
  return value === undefined ? 'unknown' : value === good ? 'kept' : 'broken';
}

function forwarding(demand: Switched): (settings: SshSettings) => Plain {
  return (settings) => (settings.disableforwarding?.[0] === 'yes' ? 'kept' : switched(settings, switches[demand]));
}

function protocolOne({ protocol }: SshSettings): Plain {
  return protocol === undefined ? 'unknown' : protocol.includes('1') ? 'broken' : 'kept';
}

// PermitRootLogin: all but `yes` shut passwords and keyboard-interactive out for root.
function rootByPassword(second: boolean): (settings: SshSettings) => Plain {
  const judgePassword = byPassword(second);
  return (settings) => {
    const value = settings.permitrootlogin?.[0];
    if (value !== undefined && value !== 'yes') return 'kept';
    const by = judgePassword(settings);
    if (by === 'kept' || isShutOut('root', settings)) return 'kept';
    return value === undefined || by === 'unknown' || byGroup(settings) ? 'unknown' : 'broken';
  };
}

function rootAtAll(settings: SshSettings): Plain {
  const value = settings.permitrootlogin?.[0];
  if (value === 'no' || value === 'forced-commands-only' || isShutOut('root', settings)) return 'kept';
  return value === undefined || byGroup(settings) ? 'unknown' : 'broken';
}

// Keyboard-interactive asks for the password through PAM: without it there is nobody to ask.
function byPassword(second: boolean): (settings: SshSettings) => Plain {
  return (settings) => {
    const {
      passwordauthentication: [plain] = [],
      kbdinteractiveauthentication: [asked] = [],
      usepam: [pam] = [],
    } = settings;
    const methods = settings.authenticationmethods ?? ['any'];
    const alone = methods.filter((list) =>
      list.split(',').every((method) => /^(any|password|keyboard-interactive(:.*)?)$/.test(method)),
    );
    if (alone.length === 0 || (plain === 'no' && (asked === 'no' || pam === 'no'))) return 'kept';
    if (second && pam !== 'no') return 'unknown';
    const allows = (method: string): boolean =>
      alone.some((list) => list.split(',').every((each) => each === 'any' || each.split(':')[0] === method));
    if (plain === 'yes' && allows('password')) return 'broken';
    return asked === 'yes' && pam === 'yes' && allows('keyboard-interactive') ? 'broken' : 'unknown';
  };
}

// Patterns of user names; what stands after `@` only narrows them further.
function isShutOut(user: string, { allowusers, denyusers }: SshSettings): boolean {
  const matches = (pattern: string): boolean => matchesGlob(pattern.replace(/@.*$/, ''), user);
  if (denyusers?.some((pattern) => !pattern.includes('@') && !pattern.startsWith('!') && matches(pattern))) return true;
  return allowusers !== undefined && !allowusers.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function byGroup({ allowgroups, denygroups }: SshSettings): boolean {
  return allowgroups !== undefined || denygroups !== undefined;
}
