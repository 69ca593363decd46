import { z } from 'zod';
import type { Text } from '../../text.ts';

/** What could not be read, or not all of it; whatever is missing from it proves nothing. */
export const loginParts = {
  ssh: { zh: 'SSH 服务的设置', en: 'the settings of the SSH service' },
  arguments: { zh: '运行中的 SSH 服务的启动参数', en: 'the arguments of the running SSH service' },
  processes: { zh: '全部进程', en: 'all processes' },
  elsewhere: { zh: '容器内或普通账号运行的 SSH 服务', en: 'an SSH service in a container or of an ordinary account' },
  listening: { zh: '监听端口', en: 'the listening ports' },
  programs: { zh: '监听端口所属的程序', en: 'the programs of the listening ports' },
  pam: { zh: 'PAM 认证规则', en: 'the PAM rules of authentication' },
  profile: { zh: '会话超时设置（/etc/profile 等）', en: 'the time limit of sessions (/etc/profile and others)' },
} as const satisfies Record<string, Text>;

export type LoginPart = keyof typeof loginParts;

/** The keywords of sshd_config(5) that are kept, as `sshd -T` spells them; an older spelling is turned into the newer. */
export const sshKeywords = [
  'allowagentforwarding',
  'allowgroups',
  'allowtcpforwarding',
  'allowusers',
  'authenticationmethods',
  'ciphers',
  'clientalivecountmax',
  'clientaliveinterval',
  'denygroups',
  'denyusers',
  'disableforwarding',
  'gatewayports',
  'gssapiauthentication',
  'hostbasedauthentication',
  'hostkeyalgorithms',
  'kbdinteractiveauthentication',
  'kexalgorithms',
  'logingracetime',
  'macs',
  'maxauthtries',
  'passwordauthentication',
  'permitemptypasswords',
  'permitrootlogin',
  'permittunnel',
  'permituserenvironment',
  'port',
  'protocol',
  'pubkeyauthentication',
  'strictmodes',
  'usepam',
  'x11forwarding',
] as const;

export type SshKeyword = (typeof sshKeywords)[number];

const settings = z.partialRecord(z.enum(sshKeywords), z.array(z.string()));

/** Ways to log in from elsewhere besides OpenSSH; web terminals and consoles among them. */
export const loginServices = {
  telnet: { zh: 'telnet', en: 'telnet' },
  rsh: { zh: 'rsh、rlogin、rexec', en: 'rsh, rlogin or rexec' },
  rdp: { zh: 'RDP 远程桌面', en: 'RDP remote desktop' },
  vnc: { zh: 'VNC 远程桌面', en: 'VNC remote desktop' },
  'web-console': { zh: '网页管理台（Cockpit、Webmin 等）', en: 'a web console (Cockpit, Webmin and the like)' },
  'web-terminal': { zh: '网页终端（ttyd、shellinabox 等）', en: 'a web terminal (ttyd, shellinabox and the like)' },
  'other-ssh': { zh: 'OpenSSH 以外的 SSH 服务', en: 'an SSH service other than OpenSSH' },
} as const satisfies Record<string, Text>;

export type LoginService = keyof typeof loginServices;

/** How somebody can log in to a host from elsewhere, and within which limits. */
export const remoteLogin = {
  origin: 'host',
  per: 'host',
  title: { zh: '远程登录', en: 'Remote login' },
  value: z.strictObject({
    /** One for each OpenSSH service that runs with its own arguments; the installed one if none runs. */
    servers: z.array(
      z.strictObject({
        running: z.boolean(),
        /** `effective`: as sshd itself prints them, defaults included (sshd -T); `files`: what the files say, no more. */
        source: z.enum(['effective', 'files']),
        /** Outside of Match blocks; lower case where sshd ignores case. */
        settings,
        /** Match blocks with their criteria: they hold for some connections only. */
        conditions: z.array(z.strictObject({ when: z.string(), settings })),
        /** A file changed after the service read it, or that could not be told: the service may still hold older settings. */
        mayBeOlder: z.boolean(),
      }),
    ),
    /** Where sockets listen for an SSH login, and for the other ways. */
    listening: z.array(
      z.strictObject({
        service: z.enum(['ssh', ...(Object.keys(loginServices) as [LoginService, ...LoginService[]])]),
        address: z.string(),
        port: z.int().min(1).max(65_535),
        /** Absent: told by the port alone. */
        program: z.string().optional(),
      }),
    ),
    /** How PAM locks an account after failed SSH logins; absent: it does not, unless `pam` is unread. */
    lockout: z
      .strictObject({
        module: z.string(),
        /** Failures until it locks; absent: its rules do not make it lock. */
        after: z.int().positive().optional(),
        root: z.boolean(),
      })
      .optional(),
    /** PAM modules of the SSH service that ask for a second factor. */
    secondFactors: z.array(z.string()),
    /** TMOUT of the shells, seconds: the longest that a profile sets; 0: switched off; absent: not set. */
    idleSeconds: z.int().nonnegative().optional(),
    unread: z.array(z.enum(Object.keys(loginParts) as [LoginPart, ...LoginPart[]])),
  }),
} as const;

export type RemoteLogin = z.output<typeof remoteLogin.value>;
export type SshServer = RemoteLogin['servers'][number];
export type SshSettings = SshServer['settings'];

/** Whether an address reaches only this machine itself. */
export function isLoopback(address: string): boolean {
  return /^(\[?(::ffff:)?127\.|\[?::1\]?$)/.test(address);
}
