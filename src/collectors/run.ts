import { instantOf } from '../evidence/dates.ts';
import type { Forwards } from '../evidence/host/forwards.ts';
import type { Kind } from '../evidence/kinds.ts';
import { type Draft, originOf } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import type { Platform } from '../platform.ts';
import { noSecrets, type Secrets } from '../secrets.ts';
import type { Text } from '../text.ts';
import type { DirectCollector } from './collector.ts';
import { failed, type Observer, observed, unobserved } from './drafts.ts';
import { askHost, entrances, type HostTools, hostCollectorsOf } from './hosts.ts';
import { collectors } from './index.ts';
import { inLanes, type LaneLimits } from './lanes.ts';
import { areRelaysKnown, portsToWithhold } from './relays.ts';
import { isInShard, type Shard } from './shard.ts';
import { readSshHome, type SshHome } from './transports/ssh-files.ts';

/** What a host passes on; undefined if that could not be seen. */
export type PassedOn = Forwards | undefined;

/** What a collection needs besides the platform file. */
export type RunOptions = {
  readonly kinds: readonly Kind[];
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Where passwords and passphrases come from; without it there are none. */
  readonly secrets?: Secrets;
  /** What is set up for ssh on this machine; without it that of whoever runs this. */
  readonly sshHome?: SshHome;
  /** Called when a subject is done. */
  readonly onProgress?: (progress: { done: number; total: number; kind: Kind | 'host'; subject: string }) => void;
  /** Called with words while a subject takes long. */
  readonly onWords?: (words: Text) => void;
  /** The part that is collected; all of it if absent. */
  readonly shard?: Shard;
  /**
   * What hosts pass on, by name, as it is known from elsewhere. A part that asks some of the hosts asks nothing of the network without it: behind
   * a port may be the tax authority.
   */
  readonly passedOn?: ReadonlyMap<string, PassedOn>;
};

// Documents, stores and endpoints: few enough that one unit's network does not notice.
const few: LaneLimits = { most: 8, perLane: 8 };
// sshd takes 10 logins at once before it turns some away (MaxStartups 10:30:100, sshd_config(5)); a bastion has other users, too.
const throughOneJumpHost = 8;

/** Keeps what is found, as soon as it is found: a fleet's evidence is not held. */
export type Keeper = {
  /** What is done already and is not asked again: `host NAME`, else `KIND SUBJECT`. */
  readonly done: ReadonlySet<string>;
  /** What the hosts that are done pass on. */
  readonly passedOn?: ReadonlyMap<string, PassedOn>;
  keep(job: string, drafts: readonly Draft[]): Promise<void>;
};

/** Collects like {@link collectInto}, and returns all that was found. */
export async function runCollectors(platform: Platform, options: RunOptions): Promise<Draft[]> {
  const found: Draft[] = [];
  await collectInto({ done: new Set(), keep: async (_, drafts) => void found.push(...drafts) }, platform, options);
  return found;
}

/**
 * Collects the kinds from everything the platform file declares, or from the part of it that is asked for. Never throws for what it cannot
 * see: that becomes an *unobserved* observation with the reason. On abort, what is done is kept and the rest is unobserved.
 */
export async function collectInto(keeper: Keeper, platform: Platform, options: RunOptions): Promise<void> {
  const { kinds, gate, signal, now, shard } = options;
  const asking = hostCollectorsOf(kinds);
  const byCalls = collectors.filter((each) => each.by === 'calls').filter(({ kind }) => kinds.includes(kind));
  const observer: Observer = { zone: platform.zone, at: () => instantOf(now()), signal };
  let home: Promise<SshHome> | undefined;
  const tools: HostTools = {
    platform,
    gate,
    secrets: options.secrets ?? noSecrets,
    home: () => (home ??= options.sshHome ? Promise.resolve(options.sshHome) : readSshHome()),
  };
  const given: Given = { ...options, home: tools.home };
  const mine = (jobs: Job[]): Job[] => jobs.filter(({ kind, subject }) => !shard || isInShard(shard, kind, subject));
  const callsOf = (some: readonly DirectCollector[]): Job[] =>
    mine(some.flatMap((collector) => callsTo(collector, platform, given)));
  // Evidence without its declaration cannot be assessed: it is taken first, even if the user interrupts at once.
  const declared = callsOf(byCalls.filter(({ kind }) => kind === 'platform'));
  const asked = (asking.length === 0 ? [] : platform.hosts).map(
    (host): Job => ({ kind: 'host', subject: host.name, run: () => askHost(host, asking, tools, observer) }),
  );
  const ofHosts = mine(asked);
  const asksNetwork = !shard || shard.of === 1 || asked.length === 0 || !kinds.includes('forwards') || options.passedOn;
  const direct = callsOf(
    byCalls.filter(({ kind }) => kind !== 'platform' && (asksNetwork || originOf(kind) !== 'network')),
  );
  const progress = { done: 0, total: ofHosts.length + direct.length };
  await inParallel(declared, { done: 0, total: declared.length }, keeper, {});
  const passedOn = new Map([...(options.passedOn ?? []), ...(keeper.passedOn ?? [])]);
  const learning: Keeper = {
    done: keeper.done,
    async keep(job, drafts) {
      for (const each of drafts) if (each.kind === 'forwards') passedOn.set(each.subject, each.observed);
      await keeper.keep(job, drafts);
    },
  };
  const lanes = await entrances(platform.hosts, tools);
  await inParallel(ofHosts, progress, learning, options, {
    most: platform.limits.hosts.connections,
    perLane: throughOneJumpHost,
    laneOf: ({ subject }) => lanes.get(subject),
  });
  // Only then the network: what a host passes on to the tax authority must not be sent anything.
  for (const seen of passedOn.values()) if (seen) gate.withhold(portsToWithhold(seen, platform));
  given.relaysKnown = areRelaysKnown(
    platform.hosts.map(({ name }) => passedOn.get(name)),
    platform,
  );
  await inParallel(direct, progress, keeper, options);
}

type Given = RunOptions & { relaysKnown?: boolean; readonly home: () => Promise<SshHome> };

type Job = { kind: Kind | 'host'; subject: string; run: () => Promise<Draft[]> };

type Progress = { done: number; readonly total: number };

function callsTo(collector: DirectCollector, platform: Platform, given: Given): Job[] {
  const always = collector.kind === 'platform' ? { signal: new AbortController().signal } : {};
  return collector.subjects(platform).map((subject) => ({
    kind: collector.kind,
    subject,
    run: async () => [await callOne(collector, subject, platform, { ...given, ...always })],
  }));
}

async function inParallel(
  jobs: readonly Job[],
  progress: Progress,
  keeper: Keeper,
  { onProgress }: Pick<RunOptions, 'onProgress'>,
  { laneOf = () => undefined, ...limits }: LaneLimits & { laneOf?: (job: Job) => string | undefined } = few,
): Promise<void> {
  const open = jobs.filter((job) => !keeper.done.has(nameOf(job)));
  progress.done += jobs.length - open.length;
  await inLanes(open, laneOf, limits, async (job) => {
    await keeper.keep(nameOf(job), await job.run());
    progress.done += 1;
    onProgress?.({ ...progress, kind: job.kind, subject: job.subject });
  });
}

function nameOf({ kind, subject }: Job): string {
  return `${kind} ${subject}`;
}

async function callOne(
  collector: DirectCollector,
  subject: string,
  platform: Platform,
  { gate, signal, now, onWords, secrets = noSecrets, relaysKnown = false, home: sshHome }: Given,
): Promise<Draft> {
  const asked = { collector, subject };
  const observer: Observer = { zone: platform.zone, at: () => instantOf(now()), signal };
  if (signal.aborted) return unobserved(asked, 'interrupted', '', observer);
  try {
    const words = onWords ? { tell: onWords } : {};
    const tools = { platform, gate, signal, now, secrets, sshHome, relaysKnown, ...words };
    const { value, method, raw } = await collector.collect(subject, tools);
    return observed(asked, { value, method, rawText: raw }, observer);
  } catch (error) {
    return failed(asked, error, observer);
  }
}
