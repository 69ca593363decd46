import { instantOf } from '../../evidence/dates.ts';
import type { IntrusionMonitoring, Monitor } from '../../evidence/host/intrusion-monitoring.ts';
import type { Unread } from '../../evidence/host/unread.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { type KnownMonitor, knownMonitors } from './intrusion/monitors.ts';
import { monitorsScript } from './intrusion/monitors-script.ts';
import { clean, isComplete, linesOf, ranAsRoot } from './output.ts';

/** Which programs watch a host: audit, integrity, intrusion detection, security agents, and whether they are alive. */
export const intrusionMonitoring = defineHostCollector({
  id: 'host/intrusion-monitoring',
  kind: 'intrusionMonitoring',
  dated: true,
  ask: () => [
    {
      name: 'monitors',
      why: 'which monitoring and security programs are installed, run, start with the host, and when they last wrote or connected',
      asRoot: true,
      timeout: 60,
      script: monitorsScript,
    },
  ],
  read: readMonitors,
});

type Seen = {
  readonly now: number;
  /** Lines by their prefix. */
  readonly of: (prefix: string) => readonly string[];
};

function readMonitors(results: CommandResults): IntrusionMonitoring {
  const result = results('monitors');
  const now = Number(result.stdout.match(/^now:(\d{1,11})$/m)?.[1]);
  if (!isComplete(result) || !Number.isInteger(now)) {
    throw new Unavailable(result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'failed', result.stderr);
  }
  const seen: Seen = { now, of: (prefix) => linesOf(result.stdout, prefix) };
  const unread: Unread[] = [
    ...(ranAsRoot(result) ? [] : [{ part: 'root', why: 'denied' as const }]),
    ...(seen.of('all-seen').length > 0 ? [] : [{ part: '/proc', why: 'denied' as const }]),
    ...seen.of('!! denied ').map((part): Unread => ({ part: clean(part), why: 'denied' })),
  ];
  return { monitors: knownMonitors.flatMap((known) => monitorOf(known, seen)), hostTime: timeOf(now), unread };
}

function monitorOf(known: KnownMonitor, seen: Seen): Monitor[] {
  const runs = new Set(seen.of('process:'));
  const installed = new Map(seen.of('service:').map((line) => [line.split(' ')[0] ?? '', line.endsWith(' enabled')]));
  const there = new Set(seen.of('path:'));
  const processes = known.processes.filter((name) => runs.has(name.slice(0, 15)));
  const services = known.services.filter((name) => installed.has(name));
  const signs = [
    ...processes.map((name) => `process ${name}`),
    ...services.map((name) => `service ${name}`),
    ...known.paths.filter((path) => there.has(path)).map((path) => `path ${path}`),
  ];
  if (signs.length === 0) return [];
  const database = newest(filesOf(known.database ?? [], seen));
  // What has nothing to compare with may still write, of just that.
  const life = known.database && !database ? undefined : lifeOf(known, processes, seen);
  const version = seen.of('version:').find((line) => known.packages?.includes(line.split(' ')[0] ?? ''));
  const rules = rulesOf(known, seen);
  const { name, title, watches, periodic = false } = known;
  return [
    {
      name,
      title,
      watches: [...watches],
      signs,
      periodic,
      ...(known.console ? { console: true as const } : {}),
      running: processes.length > 0,
      starts: services.some((service) => installed.get(service)) || seen.of('scheduled:').includes(name),
      ...(life ? { life } : {}),
      ...(database ? { database: timeOf(database.at) } : {}),
      ...(version ? { version: clean(version.slice(version.indexOf(' ') + 1)) } : {}),
      ...(rules === undefined ? {} : { rules }),
    },
  ];
}

type Written = { readonly what: string; readonly at: number };

// A connection held now is the best sign; a file whose time is yet to come is none.
function lifeOf(known: KnownMonitor, processes: readonly string[], seen: Seen): Monitor['life'] {
  const comms = processes.map((name) => name.slice(0, 15));
  const connected = seen.of('connected:').find((name) => comms.includes(name));
  if (connected) return { of: 'connection', what: clean(connected), at: timeOf(seen.now) };
  const held = seen.of('written:').flatMap((line) => {
    const [at = '', comm = ''] = line.split(' ');
    return comms.includes(comm) ? [{ what: comm, at: Number(at) }] : [];
  });
  const last = newest([...held, ...filesOf(known.life ?? [], seen)].filter(({ at }) => at <= seen.now + 60));
  return last ? { of: 'file', what: clean(last.what), at: timeOf(last.at) } : undefined;
}

function filesOf(patterns: readonly string[], seen: Seen): Written[] {
  const fits = patterns.map((pattern) => new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')}$`));
  return seen.of('file:').flatMap((line) => {
    const [, at = '', path = ''] = line.match(/^(\d{1,11}) (.+)$/) ?? [];
    return path !== '' && fits.some((fit) => fit.test(path)) ? [{ what: path, at: Number(at) }] : [];
  });
}

function newest(found: readonly Written[]): Written | undefined {
  return found.toSorted((a, b) => b.at - a.at)[0];
}

/** Monitors that do nothing without rules, by the line that counts them. */
const ruleCounts: Readonly<Record<string, string>> = {
  auditd: 'audit-rules:',
  fail2ban: 'jails:',
  snort: 'snort-rules:',
  suricata: 'suricata-rules:',
};

// With auditing switched off (`auditctl -e 0`) no loaded rule records anything.
function rulesOf({ name }: KnownMonitor, seen: Seen): Monitor['rules'] {
  const prefix = ruleCounts[name];
  if (prefix === undefined) return undefined;
  const [count = ''] = seen.of(prefix);
  if (!/^\d{1,6}$/.test(count)) return 'unknown';
  return name === 'auditd' && seen.of('audit-enabled:').includes('0') ? 0 : Number(count);
}

function timeOf(seconds: number): string {
  return instantOf(new Date(seconds * 1000));
}
