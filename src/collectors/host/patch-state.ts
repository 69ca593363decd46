import { isDate } from '../../evidence/dates.ts';
import type { PatchState } from '../../evidence/host/patch-state.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { hostDate, minutesOf } from './log-dates.ts';
import { clean, isComplete, linesOf } from './output.ts';
import { patchCommands } from './patch-state/commands.ts';
import { compareDebian, compareRpm } from './patch-state/versions.ts';

const mostUpdates = 50;

/** Pending security updates by the metadata that a host holds; neither the network nor a package manager is used. */
export const patchState = defineHostCollector({
  id: 'host/patch-state',
  kind: 'patchState',
  dated: true,
  ask: () => patchCommands(),
  read: readState,
});

function readState(results: CommandResults): PatchState {
  // Of less than all, pending updates or an end of support might be missing.
  for (const name of ['system', 'updates']) {
    const result = results(name);
    if (isComplete(result)) continue;
    const reason = result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'failed';
    throw new Unavailable(reason, result.stderr || name);
  }
  const system = results('system').stdout;
  const updates = results('updates').stdout;
  const [, zone = ''] = system.match(/^now \d{1,12} (\S+)$/m) ?? [];
  const minutesAhead = minutesOf(zone) ?? 0;
  const packages = linesOf(updates, 'packages:')[0];
  const kernel = newerKernel(system, minutesAhead);
  return {
    system: systemOf(system),
    ...(packages === 'deb' || packages === 'rpm' ? { packages } : {}),
    ...metadataOf(updates),
    ...pendingIn(updates),
    ...lastUpgradeOf(system, updates, minutesAhead),
    ...(kernel ? { newerKernel: kernel } : {}),
  };
}

function systemOf(output: string): PatchState['system'] {
  const value = (key: string): string => clean(linesOf(output, `os:${key}=`)[0]?.replace(/^["']|["']$/g, '') ?? '');
  return { id: value('ID'), version: value('VERSION_ID'), title: value('PRETTY_NAME') };
}

// Metadata without any security notice, or of which a part could not be read, tells of no update.
function metadataOf(output: string): Pick<PatchState, 'metadata'> {
  const listed = Number(linesOf(output, 'listed:')[0] ?? 0);
  const installed = Number(linesOf(output, 'installed:')[0] ?? 0);
  if (!(listed > 0) || !(installed > 0) || /^unread:/m.test(output)) return {};
  const days = (seconds: readonly number[]): string[] => seconds.flatMap((each) => hostDate(each, 0) ?? []).toSorted();
  // apt removes the lists of sources that are gone, so that each counts; dnf and yum leave them.
  const published = days(linesOf(output, 'published:').map((date) => Date.parse(date) / 1000))[0];
  const metadata = published ?? days(linesOf(output, 'revision:').map(Number)).at(-1);
  return metadata === undefined ? {} : { metadata };
}

type Pending = Pick<PatchState, 'pending' | 'updates' | 'unclear'>;

function pendingIn(output: string): Pending {
  const isRpm = linesOf(output, 'packages:')[0] === 'rpm';
  const compare = isRpm ? compareRpm : compareDebian;
  const newer = new Map<string, PatchState['updates'][number]>();
  for (const line of linesOf(output, 'pair:')) {
    const [name = '', versions = '', available = ''] = line.split(' ');
    const installed = newestOf(versions, compare);
    const known = newer.get(name);
    if (compare(available, known?.available ?? installed) > 0)
      newer.set(name, { name: clean(name), installed: clean(installed), available: clean(available) });
  }
  // Another stream's version says nothing of this one's.
  const modular = linesOf(output, 'module:').flatMap((line) => {
    const [name = '', versions = '', available = ''] = line.split(' ');
    const installed = newestOf(versions, compare);
    return installed.includes('.module') && compare(available, installed) > 0 ? [name] : [];
  });
  const all = [...newer.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { pending: all.length, updates: all.slice(0, mostUpdates), unclear: new Set(modular).size };
}

// Several kernels may be installed under one name.
function newestOf(versions: string, compare: (a: string, b: string) => number): string {
  return versions.split(',').toSorted(compare).at(-1) ?? '';
}

function lastUpgradeOf(system: string, updates: string, minutesAhead: number): Pick<PatchState, 'lastUpgrade'> {
  const changed = Number(linesOf(updates, 'changed:')[0] ?? 0);
  const last = linesOf(system, 'upgraded:').find(isDate) ?? (changed > 0 ? hostDate(changed, minutesAhead) : undefined);
  return last === undefined ? {} : { lastUpgrade: last };
}

function newerKernel(output: string, minutesAhead: number): PatchState['newerKernel'] {
  const running = linesOf(output, 'running:')[0] ?? '';
  const kernels = linesOf(output, 'kernel:').flatMap((line) => {
    const [, seconds, version = ''] = line.match(/^(\d{1,12}):(\S{1,200})$/) ?? [];
    const since = hostDate(Number(seconds), minutesAhead);
    return since === undefined ? [] : [{ version, since }];
  });
  // A kernel that has no image here is another's: of the host of a container, of a boot over the network.
  if (!kernels.some(({ version }) => version === running)) return undefined;
  const flavour = flavourOf(running);
  const [newest] = kernels
    .filter(({ version }) => flavourOf(version) === flavour && compareDebian(version, running) > 0)
    .toSorted((a, b) => compareDebian(b.version, a.version));
  return newest ? { running: clean(running), installed: clean(newest.version), since: newest.since } : undefined;
}

// 6.1.0-18-amd64 and 6.1.0-18-cloud-amd64 are kernels side by side; 5.10.0-60.18.0.50.oe2203.x86_64 has no other.
function flavourOf(version: string): string {
  return version.match(/-([a-z][a-z0-9-]*)$/)?.[1] ?? '';
}
