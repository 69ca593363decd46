import { z } from 'zod';
import type { Text } from '../../text.ts';
import { bilingual, instant } from '../schemas.ts';

/** What could not be read, or not all of it; whatever is missing from it proves nothing. */
export const unreadParts = {
  accounts: { zh: '账号与用户组清单', en: 'the list of accounts and groups' },
  shadow: { zh: '口令状态（/etc/shadow）', en: 'the state of passwords (/etc/shadow)' },
  sudoers: { zh: 'sudo、doas、polkit 规则', en: 'the rules of sudo, doas and polkit' },
  'ssh-settings': { zh: 'SSH 服务配置', en: 'the settings of the SSH service' },
  'authorized-keys': { zh: '各账号的登录公钥', en: 'the authorized keys of the accounts' },
  logins: { zh: '登录记录（wtmp）', en: 'the record of logins (wtmp)' },
  processes: { zh: '全部进程', en: 'all processes' },
  services: { zh: '已安装的服务', en: 'the installed services' },
  paths: { zh: '代理程序的安装路径', en: 'the folders that agents are installed in' },
} as const satisfies Record<string, Text>;

export type UnreadPart = keyof typeof unreadParts;

/** What an agent lets somebody do from elsewhere. */
export const abilities = ['runs-commands', 'remote-desktop', 'opens-tunnel', 'monitors'] as const;

export type Ability = (typeof abilities)[number];

const key = z.strictObject({
  /** `SHA256:` and the unpadded base64 of the hash, as ssh-keygen(1) -l prints it. */
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  type: z.string(),
  /** A certificate authority: whoever it signs for may log in (sshd(8), cert-authority). */
  authority: z.boolean(),
  /** First character and `***`. */
  comment: z.string().optional(),
  /** What its options bound: the one command that it runs, the addresses that it may come from. */
  bounds: z.array(z.enum(['command', 'from'])).optional(),
});

const account = z.strictObject({
  name: z.string(),
  uid: z.int().nonnegative(),
  /** Its shell lets a person work: not `nologin`, `false`, … */
  shell: z.boolean(),
  password: z.enum(['set', 'locked', 'empty', 'unknown']),
  /** `root` is user id 0; `group` is a group whose members can become root without sudo, such as `docker`. */
  privileges: z.array(z.enum(['root', 'sudo', 'group'])),
  keys: z.array(key),
});

/** Who administers a host, by independent signs. No key, no password hash and no person's full name is kept. */
export const administration = {
  origin: 'host',
  per: 'host',
  title: { zh: '主机管理权', en: 'Who administers the host' },
  value: z.strictObject({
    /** Accounts with a shell, a key, a privilege or a login; the others are only counted. */
    accounts: z.array(account),
    otherAccounts: z.int().nonnegative(),
    /** Sudo and doas rules. */
    grants: z.array(
      z.strictObject({
        /** As the rule says: a name, `%group`, `#uid`, `ALL`. */
        who: z.string(),
        /** The accounts it means here; absent if that cannot be told from this host. */
        accounts: z.array(z.string()).optional(),
        anyCommand: z.boolean(),
        /** It runs commands, but never as root. */
        notRoot: z.literal(true).optional(),
        /** Some command, run as root, is a pattern, an alias, a folder, or a program that leads to more: a shell, an editor. */
        openCommand: z.literal(true).optional(),
        withoutPassword: z.boolean(),
      }),
    ),
    /** Known agents that are installed or run. */
    agents: z.array(
      z.strictObject({
        name: z.string(),
        title: bilingual,
        vendor: z.string(),
        abilities: z.array(z.enum(abilities)),
        /** What gave it away: `process aliyun-service`, `service aliyun`, `path /usr/local/…`. */
        signs: z.array(z.string()).min(1),
      }),
    ),
    /** Recorded logins by account and source. */
    logins: z.array(
      z.strictObject({
        account: z.string(),
        /** The remote address; absent for a console. */
        from: z.string().optional(),
        count: z.int().positive(),
        last: instant.optional(),
      }),
    ),
    /** Where accounts come from besides local files: `sss`, `ldap`, `winbind`, `nis`, … */
    directories: z.array(z.string()),
    /** What else the SSH service accepts besides key files: `AuthorizedKeysCommand …`, `TrustedUserCAKeys …`. */
    keySources: z.array(z.string()),
    unread: z.array(z.enum(Object.keys(unreadParts) as [UnreadPart, ...UnreadPart[]])),
  }),
} as const;

export type Administration = z.output<typeof administration.value>;
export type Account = Administration['accounts'][number];
export type Agent = Administration['agents'][number];
export type Key = z.output<typeof key>;

export type Grant = Administration['grants'][number];

/** Whether somebody can log in to an account, or has: with a password that is not known to be locked, or with a key. */
export function isUsable(each: Account, logins: Administration['logins']): boolean {
  return (
    (each.shell && each.password !== 'locked') ||
    each.keys.length > 0 ||
    logins.some((login) => login.account === each.name)
  );
}
