import { setTimeout as sleep } from 'node:timers/promises';
import { readSshHome, type SshHome } from '../collectors/transports/ssh-files.ts';
import type { Gate } from '../gate.ts';
import { bucketProbes } from './buckets.ts';
import { fileProbes } from './files.ts';
import { hostsProbe } from './hosts.ts';
import { logStoreProbes } from './log-stores.ts';
import { machineProbes } from './machine.ts';
import { endpointProbes, nameProbes, undeclaredPoints } from './network.ts';
import { outProbe } from './out-folder.ts';
import { type Plan, planPoints } from './plan.ts';
import { type Area, areas, type Point, type Probe } from './point.ts';
import { sshProbes } from './ssh-set-up.ts';
import { storeProbes } from './stores.ts';

/** What looking before a scan needs. */
export type DoctorOptions = {
  /** Contacts nobody: starts programs of this machine. */
  readonly local: Gate;
  readonly platformFile: string;
  readonly out: string;
  /** Whether a PDF is wanted. */
  readonly pdf: boolean;
  readonly now: () => Date;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Seconds: one host; until probes are told to stop; until what has not ended is given up. Starting and ending take some more. */
const limits = { host: 5.5, stop: 7.5, end: 8 };

/** Probes under way at once: a fleet is asked in turns. */
const concurrency = 64;

/** Looks at everything that a scan needs, at the same time, in ten seconds at most; without a plan, at this machine only. */
export async function examineAll(plan: Plan | undefined, options: DoctorOptions): Promise<Point[]> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limits.stop * 1000), over.signal]);
  const given = { ...options, signal };
  const probes = [
    ...machineProbes({ ...given, plan }),
    outProbe(options.out, plan?.platform.hosts.length ?? 0),
    ...(plan ? planProbes(plan, given) : []),
  ];
  const points = await inTime(probes, options.signal);
  over.abort();
  const said = plan ? [...planPoints(plan, options.platformFile), ...undeclaredPoints(plan)] : [];
  const order = Object.keys(areas) as Area[];
  return [...points, ...said].toSorted((a, b) => order.indexOf(a.area) - order.indexOf(b.area));
}

function planProbes(plan: Plan, options: DoctorOptions): Probe[] {
  const { environment, now, signal } = options;
  let read: Promise<SshHome> | undefined;
  const home = (): Promise<SshHome> => (read ??= readSshHome());
  const ssh = { home, environment };
  const hosts = hostsProbe(plan, { ...ssh, now, signal, seconds: limits.host });
  return [
    hosts.probe,
    ...(plan.kinds.includes('documents') || plan.kinds.includes('statements') ? fileProbes(plan) : []),
    ...nameProbes(plan),
    ...endpointProbes(plan, hosts.relaysKnown),
    ...sshProbes(plan, ssh),
    ...storeProbes(plan, { ...ssh, signal }),
    ...logStoreProbes(plan, { environment, signal, relaysKnown: hosts.relaysKnown }),
    ...bucketProbes(plan, { environment, signal, now, relaysKnown: hosts.relaysKnown }),
  ];
}

async function inTime(probes: readonly Probe[], signal: AbortSignal): Promise<Point[]> {
  const found = new Map<number, readonly Point[]>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < probes.length; index = next++) {
      const probe = probes[index];
      if (probe && !signal.aborted) found.set(index, await probe.run());
    }
  };
  const all = Promise.all(Array.from({ length: Math.min(concurrency, probes.length) }, worker));
  await Promise.race([all, sleep(limits.end * 1000, undefined, { ref: false })]);
  return probes.flatMap((probe, index) => found.get(index) ?? probe.late());
}
