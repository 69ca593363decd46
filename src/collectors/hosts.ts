import { isDeepStrictEqual } from 'node:util';
import { messageOf, ScopeError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import type { Kind } from '../evidence/kinds.ts';
import type { Draft } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import type { DeclaredHost, Platform } from '../platform.ts';
import type { Secrets } from '../secrets.ts';
import { said } from '../text.ts';
import { type Command, type CommandResults, type HostCollector, Unavailable } from './collector.ts';
import { failed, type Observer, observed } from './drafts.ts';
import { collectors } from './index.ts';
import type { Examined } from './transports/examined.ts';
import { examineLocal } from './transports/local.ts';
import type { SshHome } from './transports/ssh-files.ts';
import { entranceTo } from './transports/ssh-route.ts';

/** The collectors of these kinds that ask hosts by commands. */
export function hostCollectorsOf(kinds: readonly Kind[]): HostCollector[] {
  return collectors.filter((each) => each.by === 'commands').filter(({ kind }) => kinds.includes(kind));
}

/** All commands that the collectors ask a host, in order, by names that are unique there. */
export function commandsFor(host: DeclaredHost, asking: readonly HostCollector[]): Command[] {
  return asking.flatMap((collector) => collector.ask(host).map((command) => namedOnHost(collector, command)));
}

const named = new WeakMap<HostCollector, Map<string, Command>>();

// The same object as long as hosts are asked the same: what is made of it for a script is made once.
function namedOnHost(collector: HostCollector, command: Command): Command {
  const ofCollector = named.get(collector) ?? new Map<string, Command>();
  named.set(collector, ofCollector);
  const own = { ...command, name: nameOnHost(collector, command.name) };
  const known = ofCollector.get(command.name);
  if (known && isDeepStrictEqual(known, own)) return known;
  ofCollector.set(command.name, own);
  return own;
}

/** What asking hosts needs. */
export type HostTools = {
  readonly platform: Platform;
  readonly gate: Gate;
  /** Where passwords and passphrases come from. */
  readonly secrets: Secrets;
  /** What is set up for ssh on this machine, read when the first host needs it. */
  readonly home: () => Promise<SshHome>;
};

/** The jump host that each host is entered by, by the host's name; without one, a host is missing here. */
export async function entrances(
  hosts: readonly DeclaredHost[],
  { platform, home }: HostTools,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const host of hosts.filter(({ transport }) => transport === 'ssh')) {
    const entrance = entranceTo(platform, host, await home());
    if (entrance !== undefined) found.set(host.name, entrance);
  }
  return found;
}

/** Asks a host everything in one session. Never throws for what it cannot see. */
export async function askHost(
  host: DeclaredHost,
  asking: readonly HostCollector[],
  tools: HostTools,
  observer: Observer,
): Promise<Draft[]> {
  const examined = await examineBy(host, commandsFor(host, asking), tools, observer.signal).catch(nothing);
  return readHost(host, asking, examined, observer);
}

async function examineBy(
  host: DeclaredHost,
  commands: readonly Command[],
  { platform, gate, secrets, home }: HostTools,
  signal: AbortSignal,
): Promise<Examined> {
  const options = { signal, seconds: platform.limits.hosts.seconds };
  switch (host.transport) {
    case 'local':
      return examineLocal(gate, host, commands, options);
    case 'ssh': {
      // The library is loaded only where it is needed.
      const { examineSsh } = await import('./transports/ssh.ts');
      return examineSsh(gate, platform, host, commands, { ...options, secrets, home: await home() });
    }
    case 'script':
      throw new Unavailable('not-collected', said(awaited));
  }
}

const awaited = {
  zh: '等待人工执行脚本：用 collect --print-script 打印，用 import 导入其输出',
  en: 'waits for a person to run the script: collect --print-script prints it, import takes its output',
};

/**
 * Reads what came back from a host: one observation a collector; a kind that cannot be read does not spoil the others.
 * @param how stands in each observation's method, where the way matters
 */
export function readHost(
  host: DeclaredHost,
  asking: readonly HostCollector[],
  examined: Examined,
  observer: Observer,
  how = '',
): Draft[] {
  return asking.map((collector) => readKind(collector, host, examined, observer, how));
}

function readKind(
  collector: HostCollector,
  host: DeclaredHost,
  { results, lost, facts }: Examined,
  observer: Observer,
  how: string,
): Draft {
  const asked = { collector, subject: host.name };
  const commands = collector.ask(host);
  const resultOf: CommandResults = (name) => {
    const result = results.get(nameOnHost(collector, name));
    if (!result) throw lost ?? new Unavailable('failed', name);
    return result;
  };
  const isLost = !commands.some(({ name }) => results.has(nameOnHost(collector, name)));
  if (lost && isLost) return failed(asked, lost, observer);
  const rawText = commands
    .map((command) => rawOf(command, results.get(nameOnHost(collector, command.name))))
    .join('\n');
  try {
    if (collector.dated && facts) holdClock(facts.time, observer);
    const method = `${commands.map(({ name }) => name).join(', ')}${how}`;
    return observed(asked, { value: collector.read(resultOf, host), method, rawText }, observer);
  } catch (error) {
    return { ...failed(asked, error, observer), rawText };
  }
}

/** Seconds that a host's clock may be apart from this machine's for its dates to be worth anything: no session lasts as long. */
const mostApart = 86_400;

function holdClock(seconds: number, { at }: Observer): void {
  const ours = at();
  if (Math.abs(seconds - Date.parse(ours) / 1000) <= mostApart) return;
  const theirs = instantOf(new Date(seconds * 1000));
  throw new Unavailable(
    'failed',
    said({
      zh: `主机时钟为 ${theirs}，采集端为 ${ours}，相差超过一天，其日期不可采信`,
      en: `the host's clock says ${theirs}, ours ${ours}: more than a day apart, its dates cannot be relied on`,
    }),
  );
}

// What was asked is named and stands in docs/commands-on-hosts.md: for each host of a fleet it would be longer than the answers.
function rawOf({ name, why }: Command, result: ReturnType<CommandResults> | undefined): string {
  const marks = `${result?.withoutRoot ? ', without root' : ''}${result?.truncated ? ', cut' : ''}`;
  return `## ${name} (exit ${result?.status ?? '-'}${marks}): ${why}\n${result?.stdout ?? ''}`;
}

function nameOnHost(collector: HostCollector, name: string): string {
  return `${collector.id} ${name}`;
}

function nothing(error: unknown): Examined {
  if (error instanceof ScopeError) throw error;
  return {
    results: new Map(),
    lost: error instanceof Unavailable ? error : new Unavailable('failed', messageOf(error)),
  };
}
