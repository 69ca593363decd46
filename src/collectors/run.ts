import { ScopeError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import { type Kind, kinds } from '../evidence/kinds.ts';
import type { Draft, Reason } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import type { DeclaredHost, Platform } from '../platform.ts';
import type { Text } from '../text.ts';
import {
  type Collector,
  type CommandResults,
  type DirectCollector,
  type HostCollector,
  Unavailable,
} from './collector.ts';
import { collectors } from './index.ts';
import { areRelaysKnown, portsToWithhold } from './relays.ts';
import { runLocal } from './transports/local.ts';

/** What a collection needs besides the platform file. */
export type RunOptions = {
  readonly kinds: readonly Kind[];
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Called when a subject is done. */
  readonly onProgress?: (progress: { done: number; total: number; kind: Kind | 'host'; subject: string }) => void;
  /** Called with words while a subject takes long. */
  readonly onWords?: (words: Text) => void;
};

// Enough to keep a fleet busy, few enough that one unit's network does not notice.
const concurrency = 8;

/**
 * Collects the kinds from everything the platform file declares. Never throws for what it cannot see: that becomes an
 * *unobserved* observation with the reason. On abort, what is done is returned and the rest is unobserved.
 */
export async function runCollectors(platform: Platform, options: RunOptions): Promise<Draft[]> {
  const chosen = collectors.filter((collector) => options.kinds.includes(collector.kind));
  const byCommands = chosen.filter((collector) => collector.by === 'commands');
  const byCalls = chosen.filter((collector) => collector.by === 'calls');
  const callsOf = (collector: DirectCollector, given: Given): Job[] =>
    collector.subjects(platform).map((subject) => ({
      kind: collector.kind,
      subject,
      run: async () => [await callOne(collector, subject, platform, given)],
    }));
  // Evidence without its declaration cannot be assessed: it is taken first, even if the user interrupts at once.
  const declared = byCalls
    .filter(({ kind }) => kind === 'platform')
    .flatMap((collector) => callsOf(collector, { ...options, signal: new AbortController().signal }));
  const hosts = byCommands.length === 0 ? [] : platform.hosts;
  const asked = hosts.map(
    (host): Job => ({
      kind: 'host',
      subject: host.name,
      run: () => askHost(host, byCommands, platform, options),
    }),
  );
  const direct = byCalls.filter(({ kind }) => kind !== 'platform');
  const first = await Promise.all(declared.map((job) => job.run()));
  const total = direct.reduce((sum, { subjects }) => sum + subjects(platform).length, asked.length);
  const progress = { done: 0, total };
  const ofHosts = (await inParallel(asked, progress, options)).flat();
  // Only then the network: what a host passes on to the tax authority must not be sent anything.
  const forwards = ofHosts.flatMap((each) => (each.kind === 'forwards' ? [each.observed] : []));
  for (const seen of forwards) if (seen) options.gate.withhold(portsToWithhold(seen, platform));
  const given = { ...options, relaysKnown: areRelaysKnown(forwards, platform) };
  const others = direct.flatMap((collector) => callsOf(collector, given));
  return [...first, ofHosts, ...(await inParallel(others, progress, options))].flat();
}

type Given = RunOptions & { readonly relaysKnown?: boolean };

type Job = { kind: Kind | 'host'; subject: string; run: () => Promise<Draft[]> };

type Progress = { done: number; readonly total: number };

async function inParallel(jobs: readonly Job[], progress: Progress, { onProgress }: RunOptions): Promise<Draft[][]> {
  const results: Draft[][] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (!job) return;
      results[index] = await job.run();
      progress.done += 1;
      onProgress?.({ ...progress, kind: job.kind, subject: job.subject });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, worker));
  return results;
}

// All commands of all kinds go to a host in one session; a kind that cannot be read does not spoil the others.
async function askHost(
  host: DeclaredHost,
  collectors: readonly HostCollector[],
  platform: Platform,
  options: RunOptions,
): Promise<Draft[]> {
  const asked = collectors.map((collector) => ({ collector, commands: collector.ask(host) }));
  const drafts: Draft[] = [];
  for (const { collector, commands } of asked) {
    const results = await runLocal(options.gate, host, commands, options.signal).catch((error: unknown) => error);
    if (!(results instanceof Map)) {
      drafts.push(failed(collector, host.name, results, platform, options));
      continue;
    }
    const resultOf: CommandResults = (name) => {
      const result = results.get(name);
      if (!result) throw new Unavailable('interrupted', name);
      return result;
    };
    const method = commands.map((command) => command.name).join(', ');
    const rawText = commands
      .map(({ name, script }) => {
        const result = results.get(name);
        return `## ${name} (exit ${result?.status ?? '-'}${result?.withoutRoot ? ', without root' : ''}${result?.truncated ? ', cut' : ''})\n$ ${script}\n${result?.stdout ?? ''}`;
      })
      .join('\n');
    drafts.push(
      attempt(collector, host.name, platform, options, method, rawText, () => collector.read(resultOf, host)),
    );
  }
  return drafts;
}

function attempt(
  collector: HostCollector,
  subject: string,
  platform: Platform,
  options: RunOptions,
  method: string,
  rawText: string,
  read: () => unknown,
): Draft {
  try {
    const value = kinds[collector.kind].value.parse(read());
    return draft(collector, subject, platform, options, method, { observed: value, rawText });
  } catch (error) {
    return { ...failed(collector, subject, error, platform, options), rawText };
  }
}

async function callOne(
  collector: DirectCollector,
  subject: string,
  platform: Platform,
  options: Given,
): Promise<Draft> {
  const { gate, signal, now, onWords, relaysKnown = false } = options;
  if (signal.aborted) return draftUnobserved(collector, subject, 'interrupted', '', platform, options);
  try {
    const tools = { platform, gate, signal, now, relaysKnown, ...(onWords ? { tell: onWords } : {}) };
    const { value, method, raw } = await collector.collect(subject, tools);
    const observed = kinds[collector.kind].value.parse(value);
    return draft(collector, subject, platform, options, method, {
      observed,
      ...(raw === undefined ? {} : { rawText: raw }),
    });
  } catch (error) {
    return failed(collector, subject, error, platform, options);
  }
}

type Who = Pick<Collector, 'id' | 'kind'>;

function failed(collector: Who, subject: string, error: unknown, platform: Platform, options: RunOptions): Draft {
  // The guard's refusal is the user's to mend, before anything is collected at all.
  if (error instanceof ScopeError) throw error;
  if (options.signal.aborted) return draftUnobserved(collector, subject, 'interrupted', '', platform, options);
  if (error instanceof Unavailable)
    return draftUnobserved(collector, subject, error.reason, error.message, platform, options);
  return draftUnobserved(
    collector,
    subject,
    'failed',
    error instanceof Error ? error.message : String(error),
    platform,
    options,
  );
}

function draftUnobserved(
  collector: Who,
  subject: string,
  reason: Reason,
  detail: string,
  platform: Platform,
  options: RunOptions,
): Draft {
  return draft(collector, subject, platform, options, '-', {
    unobserved: { reason, detail: detail.slice(0, mostDetail) },
  });
}

/** Characters of what a machine or a reader of tables said: ten mistakes in two languages fit. */
const mostDetail = 4000;

function draft(
  collector: Who,
  subject: string,
  platform: Platform,
  { now }: RunOptions,
  method: string,
  content: object,
): Draft {
  const source = { collector: collector.id, zone: platform.zone, method };
  // Kind and value were matched by the kind's schema just before.
  return { kind: collector.kind, subject, at: instantOf(now()), source, ...content } as Draft;
}
