import { type Command, type CommandResult, type HostCollector, Unavailable } from '../collectors/collector.ts';
import { commandsFor, entrances, hostCollectorsOf, readHost } from '../collectors/hosts.ts';
import { inLanes } from '../collectors/lanes.ts';
import { portsToWithhold } from '../collectors/relays.ts';
import type { Examined } from '../collectors/transports/examined.ts';
import type { HostFacts } from '../collectors/transports/frames.ts';
import { examineLocal } from '../collectors/transports/local.ts';
import type { SshHome } from '../collectors/transports/ssh-files.ts';
import { messageOf, ScopeError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import { type Reason, reasons } from '../evidence/observation.ts';
import type { DeclaredHost } from '../platform.ts';
import { heard, joined, type Text, verbatim } from '../text.ts';
import { inboundOf } from './network.ts';
import { hostKinds, leavesOf, type Plan } from './plan.ts';
import type { Point, Probe } from './point.ts';
import { awaitedSecret } from './ssh-set-up.ts';

/** What asking hosts needs. */
export type HostOptions = {
  readonly home: () => Promise<SshHome>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Aborted when the time is over, or the user interrupts. */
  readonly signal: AbortSignal;
  /** Seconds for one host. */
  readonly seconds: number;
};

/** The one command that each host is asked to run; where the platform file allows it, as root. */
const nothing: readonly Command[] = [
  { name: 'true', why: 'shows that a script runs, and with which rights', script: ':', asRoot: true },
];

/** sshd takes 10 logins at once before it turns some away (MaxStartups, sshd_config(5)); a bastion has other users, too. */
const throughOneJumpHost = 8;

/** `learned`: what the host passes on is known, or no scan will ever know it; otherwise a scan may, once the lack is mended. */
type Looked = { readonly point: Point; readonly learned: boolean };

/**
 * Whether each host can be asked: reached, its key known, let in, a script run, and with which rights. `relaysKnown` tells once they
 * have been whether endpoints may be contacted: as in a scan, what hosts pass on to the tax authority is withheld first.
 */
export function hostsProbe(plan: Plan, options: HostOptions): { probe: Probe; relaysKnown: Promise<boolean> } {
  const hosts = hostKinds(plan).length === 0 ? [] : plan.platform.hosts;
  const found = new Map<string, Looked>();
  const points = (): Point[] =>
    hosts.map((host) => found.get(host.name)?.point ?? lost(plan, host, new Unavailable('timed-out', '')));
  const { promise: relaysKnown, resolve } = Promise.withResolvers<boolean>();
  const run = async (): Promise<Point[]> => {
    const lanes = await entrances(hosts, { ...plan, home: options.home, secrets: async () => undefined });
    const limits = { most: plan.platform.limits.hosts.connections, perLane: throughOneJumpHost };
    const laneOf = ({ name }: DeclaredHost): string | undefined => lanes.get(name);
    await inLanes(hosts, laneOf, limits, async (host) => {
      found.set(host.name, await look(plan, host, options));
    });
    resolve(hosts.every(({ name }) => found.get(name)?.learned));
    return points();
  };
  return { probe: { run, late: points }, relaysKnown };
}

async function look(plan: Plan, host: DeclaredHost, options: HostOptions): Promise<Looked> {
  if (host.transport === 'script') return { point: byHand(plan, host), learned: true };
  try {
    const secret = host.transport === 'ssh' ? await awaitedSecret(plan.platform, host, options) : undefined;
    if (secret) return { point: untried(plan, host, secret.says, secret.surely), learned: false };
    const examined = await examine(plan, host, options);
    const ran = examined.results.get('true');
    if (!examined.facts || !ran) return missed(plan, host, examined.lost ?? new Unavailable('failed', ''));
    const point = asked(plan, host, { facts: examined.facts, ran, now: options.now() });
    return { point, learned: learn(plan, host, examined, options) };
  } catch (error) {
    if (error instanceof ScopeError) {
      return { point: { ...pointOf(host), state: 'lacking', says: error.text, input: true }, learned: false };
    }
    if (options.signal.aborted) return missed(plan, host, new Unavailable('timed-out', ''));
    return missed(plan, host, error instanceof Unavailable ? error : new Unavailable('failed', messageOf(error)));
  }
}

function missed(plan: Plan, host: DeclaredHost, why: Unavailable): Looked {
  return { point: lost(plan, host, why), learned: false };
}

// As a scan does, by the same transports.
async function examine(plan: Plan, host: DeclaredHost, options: HostOptions): Promise<Examined> {
  const { gate, platform } = plan;
  const { seconds, signal, environment } = options;
  const commands = [...nothing, ...commandsFor(host, learners(plan))];
  if (host.transport === 'local') return examineLocal(gate, host, commands, { seconds, signal });
  const { examineSsh } = await import('../collectors/transports/ssh.ts');
  // Nobody is asked at the terminal: what needs a person has been told before.
  const secrets = async ({ env }: { env?: string }): Promise<string | undefined> =>
    env === undefined ? undefined : environment[env];
  return examineSsh(gate, platform, host, commands, { seconds, signal, secrets, home: await options.home() });
}

// Only where an endpoint or a log store is going to be contacted, and a scan would ask as well.
function learners(plan: Plan): HostCollector[] {
  const { kinds, platform } = plan;
  const asksStores =
    (kinds.includes('centralLogs') && platform.logStores.length > 0) ||
    (kinds.includes('buckets') && platform.objectStores.length > 0);
  return inboundOf(plan).length === 0 && !asksStores
    ? []
    : hostCollectorsOf(kinds.filter((kind) => kind === 'forwards'));
}

function learn(plan: Plan, host: DeclaredHost, examined: Examined, { now, signal }: HostOptions): boolean {
  const { gate, platform } = plan;
  const observer = { zone: platform.zone, at: () => instantOf(now()), signal };
  for (const draft of readHost(host, learners(plan), examined, observer)) {
    if (draft.kind !== 'forwards') continue;
    if (!draft.observed) return !examined.lost && !signal.aborted;
    gate.withhold(portsToWithhold(draft.observed, platform));
  }
  return true;
}

function pointOf({ name }: DeclaredHost): Pick<Point, 'area' | 'what'> {
  return { area: 'hosts', what: verbatim(name) };
}

const rights: Readonly<Record<HostFacts['rights'], Text>> = {
  root: { zh: '可以采集（root）', en: 'can be asked (root)' },
  sudo: { zh: '可以采集（sudo -n）', en: 'can be asked (sudo -n)' },
  none: { zh: '可以登录，没有 root 权限', en: 'lets us in, without root' },
};

type Answer = { readonly facts: HostFacts; readonly ran: CommandResult; readonly now: Date };

function asked(plan: Plan, host: DeclaredHost, { facts, ran, now }: Answer): Point {
  // sudoers may allow a shell and yet not what a scan runs by it.
  const has = ran.status === 0 ? facts.rights : 'none';
  const says = joined([rights[has], ...clockWords(facts, now)], '；', '; ');
  if (has !== 'none') return { ...pointOf(host), state: 'ok', says };
  const words = ran.stderr.replace(/\s+/g, ' ').trim().slice(0, 200);
  const remedy = host.sudo
    ? {
        zh: `在 sudoers 中允许该账号免密码执行（NOPASSWD）${words && `；sudo：${words}`}`,
        en: `allow the account NOPASSWD in sudoers${words && `; sudo said: ${words}`}`,
      }
    : {
        zh: '平台文件该主机写 sudo: true，并在 sudoers 中允许 NOPASSWD；或以 root 登录',
        en: 'write sudo: true for the host and allow NOPASSWD in sudoers; or log in as root',
      };
  const leaves = leavesOf(plan, hostKinds(plan, host), false);
  return { ...pointOf(host), state: 'unproven', says, remedy, leaves };
}

/** Seconds between two clocks that are worth a word: more than a round trip and a busy machine account for. */
const clockGap = 60;

function clockWords({ time }: HostFacts, now: Date): Text[] {
  const gap = Math.round(now.getTime() / 1000 - time);
  if (Math.abs(gap) < clockGap) return [];
  const seconds = Math.abs(gap);
  return [
    {
      zh: `时钟比本机${gap > 0 ? '慢' : '快'} ${seconds} 秒，二者必有一误`,
      en: `its clock is ${seconds} s ${gap > 0 ? 'behind' : 'ahead of'} this machine’s: one is wrong`,
    },
  ];
}

const remedies: Partial<Readonly<Record<Reason, Text>>> = {
  'host-key': {
    zh: '向主机管理员核对指纹，写入平台文件的 ssh.fingerprint',
    en: 'ask the host’s administrator for the fingerprint, and put it under ssh.fingerprint',
  },
  denied: {
    zh: '在主机上登记公钥，或改正 ssh.user、keyFile；加密私钥用 ssh-agent',
    en: 'authorize the key on the host, or mend ssh.user and keyFile; for an encrypted key use ssh-agent',
  },
  'not-declared': { zh: '改正 ssh.jump 或 ~/.ssh/config', en: 'mend ssh.jump or ~/.ssh/config' },
};

const notReached: Text = {
  zh: '检查地址、端口和防火墙；经堡垒机的写 ssh.jump，到不了的用 transport: script',
  en: 'check address, port and firewall; name a jump host under ssh.jump, or use transport: script',
};

function lost(plan: Plan, host: DeclaredHost, { reason, message }: Unavailable): Point {
  const detail = heard(message);
  const says = joined([reasons[reason], ...(message === '' ? [] : [detail])], '：', ': ');
  const remedy = remedies[reason] ?? notReached;
  // A scan waits longer.
  const leaves = leavesOf(plan, hostKinds(plan), reason !== 'timed-out');
  return { ...pointOf(host), state: 'unproven', says, remedy, leaves };
}

function untried(plan: Plan, host: DeclaredHost, says: Text, surely: boolean): Point {
  const remedy = surely
    ? { zh: '扫描前设置该环境变量', en: 'set the variable before the scan' }
    : {
        zh: '扫描须在终端上运行；无人值守时改用 ssh-agent 或密钥',
        en: 'scan at a terminal; unattended, use ssh-agent or a key',
      };
  return { ...pointOf(host), state: 'unproven', says, remedy, leaves: leavesOf(plan, hostKinds(plan), surely) };
}

function byHand(plan: Plan, host: DeclaredHost): Point {
  const says = { zh: '由人执行脚本，导入输出之后才有证据', en: 'waits for a person to run the script' };
  const remedy = {
    zh: 'collect --print-script 打印脚本，import 导入其输出',
    en: 'collect --print-script prints the script, import takes its output',
  };
  return { ...pointOf(host), state: 'unproven', says, remedy, leaves: leavesOf(plan, hostKinds(plan), true) };
}
