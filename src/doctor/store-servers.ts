import { Unavailable } from '../collectors/collector.ts';
import type { SshHome } from '../collectors/transports/ssh-files.ts';
import { messageOf, ScopeError } from '../errors.ts';
import { type UnreadView, unreadViewsText } from '../evidence/database/unread-views.ts';
import { type Kind, kinds } from '../evidence/kinds.ts';
import { type Reason, reasons } from '../evidence/observation.ts';
import { portOf, type ReachedStore } from '../platform-stores.ts';
import { joined, type Text, verbatim } from '../text.ts';
import { leavesOf, type Plan, storeKinds } from './plan.ts';
import { noAnswer, type Point, type Probe } from './point.ts';
import { awaitedSecret } from './ssh-set-up.ts';
import { type Opened, withOpened } from './store-sessions.ts';

/** What asking servers of stores needs. */
export type ServerOptions = {
  /** Aborted when the time is over, or the user interrupts. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What is set up for ssh on this machine. */
  readonly home: () => Promise<SshHome>;
};

/** Whether a store’s server lets the scan in, protected and read-only, and what of the declared tables and the catalogue its account sees. */
export function serverProbe(plan: Plan, store: ReachedStore, options: ServerOptions): Probe {
  const base = { area: 'stores', what: verbatim(store.name) } as const;
  const lack = { ...base, state: 'unproven', leaves: leavesOf(plan, storeKinds(plan), true) } as const;
  return {
    run: async (): Promise<Point[]> => {
      try {
        const secret = awaited(store, options) ?? (await awaitedOnTheWay(plan, store, options));
        if (secret) return [{ ...lack, ...secret }];
        // Nobody is asked at the terminal.
        const secrets = async ({ env }: { env?: string }): Promise<string | undefined> =>
          env === undefined ? undefined : options.environment[env];
        const tools = { ...plan, ...options, secrets, sshHome: options.home };
        return await withOpened(store, tools, (server) => look(plan, store, server));
      } catch (error) {
        if (error instanceof ScopeError) return [{ ...base, state: 'lacking', says: error.text, input: true }];
        if (options.signal.aborted) return [{ ...lack, says: noAnswer }];
        const { reason, message } = error instanceof Unavailable ? error : new Unavailable('failed', messageOf(error));
        const says = joined([reasons[reason], verbatim(message)], '：', ': ');
        return [{ ...lack, says, remedy: remedies[reason] ?? other }];
      }
    },
    late: () => [{ ...lack, says: noAnswer, leaves: { ...lack.leaves, surely: false } }],
  };
}

const other: Text = {
  zh: '改正该库的 address、port、tls、authority，或在服务器上查明原因',
  en: 'mend the store’s address, port, tls or authority, or look on the server',
};
const remedies: Partial<Readonly<Record<Reason, Text>>> = {
  denied: {
    zh: '改正 user 和口令；账号可按 examples/databases 中的脚本建立',
    en: 'mend user and password; the scripts in examples/databases make the account',
  },
  'not-found': { zh: '改正 database', en: 'mend database' },
  'host-key': {
    zh: '向主机管理员核对指纹，写入 through 所指主机的 ssh.fingerprint',
    en: 'ask for the fingerprint, and put it under ssh.fingerprint of the host that through names',
  },
};

function awaited(
  { user, password }: ReachedStore,
  { environment }: ServerOptions,
): Pick<Point, 'says' | 'remedy'> | undefined {
  if (password === 'prompt') {
    return {
      says: { zh: `${user} 的密码须由人输入，未试登录`, en: `a person enters the password of ${user}; not tried` },
      remedy: {
        zh: '扫描须在终端上运行；无人值守时改用 password: { env: 变量名 }',
        en: 'scan at a terminal; unattended, use password: { env: NAME }',
      },
    };
  }
  if (environment[password.env] !== undefined) return undefined;
  return {
    says: { zh: `环境变量 ${password.env} 未设置，未试登录`, en: `${password.env} is not set; no login was tried` },
    remedy: { zh: '扫描前设置该环境变量', en: 'set the variable before the scan' },
  };
}

async function awaitedOnTheWay(
  { platform }: Plan,
  { through }: ReachedStore,
  options: ServerOptions,
): Promise<Pick<Point, 'says' | 'remedy'> | undefined> {
  const machine = [...platform.jumpHosts, ...platform.hosts].find(({ name }) => name === through);
  const secret = machine && (await awaitedSecret(platform, machine, options));
  if (!secret) return undefined;
  return {
    says: secret.says,
    remedy: {
      zh: '扫描前设置该环境变量，或在终端上运行；无人值守时改用 ssh-agent 或密钥',
      en: 'set the variable before the scan, or scan at a terminal; unattended, use ssh-agent or a key',
    },
  };
}

async function look(plan: Plan, store: ReachedStore, server: Opened): Promise<Point[]> {
  const base = { area: 'stores', what: verbatim(store.name) } as const;
  const lack = { ...base, state: 'unproven' } as const;
  const writes = await server.writes();
  if (writes.length > 0 && !store.mayWrite) {
    return [
      {
        ...lack,
        says: {
          zh: `账号 ${store.user} 能写数据，扫描不会用它：${writes.slice(0, 3).join('; ')}`,
          en: `the account ${store.user} could write, and a scan turns it away: ${writes.slice(0, 3).join('; ')}`,
        },
        remedy: {
          zh: '改用只读账号（examples/databases）；确需使用的，写 mayWrite: true，报告会写明',
          en: 'use a read-only account (examples/databases); mayWrite: true goes on with it, and the report says so',
        },
        leaves: leavesOf(plan, storeKinds(plan), true),
      },
    ];
  }
  return [
    { ...base, state: 'ok', says: opened(store, server, writes) },
    ...(await columnPoints(plan, store, server)),
    ...(await viewPoints(plan, store, server)),
  ];
}

function opened(store: ReachedStore, { version, tls }: Opened, writes: readonly string[]): Text {
  const at = `${store.address}:${portOf(store)}`;
  const name = version.replace(/ on .*/, '').slice(0, 80);
  const protection = tls
    ? store.tls === 'verified'
      ? { zh: `${tls.protocol}，证书已核对`, en: `${tls.protocol}, certificate verified` }
      : { zh: `${tls.protocol}，证书未核对`, en: `${tls.protocol}, certificate not verified` }
    : { zh: '明文连接', en: 'in clear text' };
  const rights =
    writes.length === 0
      ? { zh: '账号只读', en: 'the account can only read' }
      : {
          zh: `账号能写（mayWrite）：${writes.slice(0, 3).join('; ')}`,
          en: `the account could write (mayWrite): ${writes.slice(0, 3).join('; ')}`,
        };
  return joined([
    { zh: `可以登录 ${at}（${name}）`, en: `lets us in at ${at} (${name})` },
    protection,
    store.engine === 'mongodb'
      ? { zh: '只发出读命令', en: 'only commands that read are said to it' }
      : { zh: '服务器确认会话只读', en: 'the server confirms a read-only session' },
    rights,
  ]);
}

const reading = ['storeEncryption', 'storeRights'] as const;

async function columnPoints(plan: Plan, store: ReachedStore, server: Opened): Promise<Point[]> {
  const unseen = await server.unseen();
  if (unseen.length === 0) return [];
  const names = `${unseen.slice(0, 8).join(', ')}${unseen.length > 8 ? ' …' : ''}`;
  return [
    {
      area: 'stores',
      what: verbatim(store.name),
      state: 'unproven',
      says: {
        zh: `声明的表或列不存在，或账号无权读取：${names}`,
        en: `declared, and not there or not for this account to read: ${names}`,
      },
      remedy: {
        zh: '改正平台文件的 tables，或授予读权限',
        en: 'mend tables in the platform file, or grant the account to read them',
      },
      leaves: leavesOf(plan, storeKinds(plan), false),
    },
  ];
}

// By the collectors themselves: they read settings and catalogues only.
async function viewPoints(plan: Plan, store: ReachedStore, server: Opened): Promise<Point[]> {
  const points: Point[] = [];
  for (const kind of reading.filter((each) => plan.kinds.includes(each))) {
    const unread = await server.unread(kind);
    if (unread.length > 0) points.push(viewPoint(plan, store, kind, unread));
  }
  return points;
}

function viewPoint(plan: Plan, store: ReachedStore, kind: Kind, unread: readonly UnreadView[]): Point {
  const views = unreadViewsText(unread);
  const { title } = kinds[kind];
  return {
    area: 'stores',
    what: verbatim(store.name),
    state: 'unproven',
    says: { zh: `${title.zh}：看不到 ${views.zh}`, en: `${title.en}: not seen are ${views.en}` },
    remedy: {
      zh: '按 examples/databases 中的脚本授予；服务器未启用的，启用后重启',
      en: 'grant them by the scripts in examples/databases; turn on what is off on the server',
    },
    leaves: leavesOf(plan, [kind], false),
  };
}
