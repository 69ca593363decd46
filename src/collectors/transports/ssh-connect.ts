import type { Duplex } from 'node:stream';
import ssh2, { type Client, type KexAlgorithm, type ServerHostKeyAlgorithm } from 'ssh2';
import { messageOf } from '../../errors.ts';
import { joined, said, type Text } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import { fingerprint, judgeKey, type KeyVerdict, knownKeys, typeOf } from './known-hosts.ts';
import { type Attempts, type LoginTools, loginTo } from './ssh-login.ts';
import type { Hop } from './ssh-route.ts';

/** Seconds from the open connection to the end of logging in, at most. */
export const loginTime = 30;

/** What a connection needs besides the way to log in. */
export type ConnectTools = LoginTools & {
  readonly knownHosts: readonly string[];
  readonly signal: AbortSignal;
  /** Seconds for logging in. */
  readonly seconds: number;
};

// Group exchange costs the client 1.5 s of prime tests, so it comes last; SHA-1 is there for what is older than OpenSSH 6.5.
const kex: KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha256',
];

const hostKeyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
] as const;

/** Speaks SSH over a stream: verifies the host's key, then logs in. Throws {@link Unavailable} that names the reason. */
export function connectOver(stream: Duplex, hop: Hop, tools: ConnectTools): Promise<Client> {
  return new Promise((resolve, reject) => {
    const held = knownKeys(tools.knownHosts, hop.address, hop.port);
    const client = new ssh2.Client();
    const { handler, attempts } = loginTo(hop, tools);
    let verdict: { is: KeyVerdict; shown: string } | undefined;
    let isUp = false;
    const fail = (error: unknown): void => {
      tools.signal.removeEventListener('abort', abort);
      client.destroy();
      stream.destroy();
      reject(unavailable(error, hop, { verdict, attempts, seconds: tools.seconds }));
    };
    const abort = (): void => fail(new Unavailable('interrupted', ''));
    tools.signal.addEventListener('abort', abort, { once: true });
    client.on('error', (error) => {
      // One way to log in that fails is not the end of the others; once it is up, the session hears of the end itself.
      const { level } = error;
      const isOneOf = level === 'agent' || (level === 'client-authentication' && /^Error/.test(error.message));
      if (!isUp && !isOneOf) fail(error);
    });
    client.once('close', () => !isUp && fail(new Error('the connection was closed')));
    client.once('ready', () => {
      isUp = true;
      tools.signal.removeEventListener('abort', abort);
      resolve(client);
    });
    client.connect({
      sock: stream as never,
      username: hop.user,
      authHandler: handler,
      hostVerifier: (key: Buffer) => {
        const is = judgeKey(key, held, hop.fingerprint);
        verdict = { is, shown: `${typeOf(key)} ${fingerprint(key)}` };
        return is === 'trusted';
      },
      algorithms: { kex, serverHostKey: inOrder(held.trusted) },
      readyTimeout: tools.seconds * 1000,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
    });
  });
}

// A host has keys of several types and shows one: it must be one that is known.
function inOrder(keys: readonly Buffer[]): ServerHostKeyAlgorithm[] {
  const types = new Set(keys.map(typeOf));
  const first = hostKeyTypes.filter((type) => types.has(type));
  const rest = hostKeyTypes.filter((type) => !types.has(type));
  return [...first, ...rest].flatMap((type): ServerHostKeyAlgorithm[] =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type],
  );
}

const keyProblems: Readonly<Record<Exclude<KeyVerdict, 'trusted'>, Text>> = {
  unknown: {
    zh: '未知的主机密钥；核对后写入 known_hosts 或平台文件的 fingerprint',
    en: 'unknown host key; verify it and put it into known_hosts, or its fingerprint into the platform file',
  },
  changed: { zh: '主机密钥与 known_hosts 不符', en: 'the host key is not the one in known_hosts' },
  revoked: { zh: '主机密钥已被 known_hosts 吊销', en: 'the host key is revoked in known_hosts' },
  'only-authority': {
    zh: 'known_hosts 只信任签发机构，主机证书无法核对；请在平台文件写明 fingerprint',
    en: 'known_hosts trusts a certificate authority only, and host certificates are not verified here; put the fingerprint into the platform file',
  },
  'other-than-declared': {
    zh: '主机密钥与平台文件的 fingerprint 不符',
    en: 'the host key is not the one whose fingerprint the platform file declares',
  },
};

function unavailable(
  error: unknown,
  { name, user, unfollowed }: Hop,
  {
    verdict,
    attempts,
    seconds,
  }: { verdict: { is: KeyVerdict; shown: string } | undefined; attempts: Attempts; seconds: number },
): Unavailable {
  if (error instanceof Unavailable) return error;
  if (verdict && verdict.is !== 'trusted') {
    const { zh, en } = keyProblems[verdict.is];
    return new Unavailable(
      'host-key',
      said({ zh: `${name} ${zh}：${verdict.shown}`, en: `${name}: ${en}: ${verdict.shown}` }),
    );
  }
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-timeout') {
    return new Unavailable(
      'timed-out',
      said({ zh: `${name} 在 ${seconds} 秒内未完成登录`, en: `${name} did not let us in within ${seconds} s` }),
    );
  }
  const hint = unfollowed.length > 0 ? ` (ssh_config: ${unfollowed.join(', ')} ?)` : '';
  const { tried } = attempts;
  if (level === 'client-authentication' || tried.length > 0) {
    const ways = `${tried.join(', ') || '-'}${hint}`;
    const refused = {
      zh: `${name} 拒绝以 ${user} 登录；已尝试：${ways}`,
      en: `${name} refused to log in ${user}; tried: ${ways}`,
    };
    return new Unavailable('denied', said(joined([refused, ...missingOf(attempts, unfollowed)])));
  }
  const message = `${messageOf(error)}${hint}`;
  return new Unavailable('unreachable', said({ zh: `${name}：${message}`, en: `${name}: ${message}` }));
}

// What would have let us in, and is not done here.
function missingOf({ certificates, unanswered }: Attempts, unfollowed: readonly string[]): Text[] {
  const files = [...certificates, ...(unfollowed.includes('certificatefile') ? ['ssh_config CertificateFile'] : [])];
  const questions = unanswered.map((words) => JSON.stringify(words)).join(', ');
  return [
    ...(files.length === 0
      ? []
      : [
          {
            zh: `不支持以 OpenSSH 用户证书登录（${files.join('、')}）：请将公钥加入 authorized_keys，或改用密码，或以 transport: script 采集`,
            en: `OpenSSH user certificates (${files.join(', ')}) are not used to log in: put the public key into authorized_keys, use a password, or collect by transport: script`,
          },
        ]),
    ...(questions === ''
      ? []
      : [
          {
            zh: `主机询问 ${questions}，密码不会用于回答此类问题；请在终端中运行以便作答`,
            en: `it asked ${questions}, which is never answered with the password; run this on a terminal to answer`,
          },
        ]),
  ];
}
