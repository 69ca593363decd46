import type { BackupPlace, Backups } from '../../evidence/host/backups.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { stateOf } from './backups/first-bytes.ts';
import { backupAgents } from './backups/programs.ts';
import { backupsScript } from './backups/script.ts';
import { type Unread, unreadLine } from './forwards/configurations.ts';
import { clean, isComplete, linesOf, ranAsRoot } from './output.ts';
import { volumeAt } from './volumes/devices.ts';
import { type Listing, readListing } from './volumes/listing.ts';

const most = 500;
const mostFiles = 20_000;

/** What declared backup folders hold, what is scheduled, which backup agents run. */
export const backups = defineHostCollector({
  id: 'host/backups',
  kind: 'backups',
  ask: (host) => [
    {
      name: 'backups',
      why: 'age, size and first bytes of the files in declared backup folders, on which disks they lie; schedules that name a backup tool, backup agents that run',
      script: backupsScript(host),
      asRoot: true,
      timeout: 60,
      limit: 4 * 1024 * 1024,
    },
  ],
  read: readBackups,
});

function readBackups(results: CommandResults, host: DeclaredHost): Backups {
  const result = results('backups');
  // Of a listing that was cut, the newest file may be missing.
  if (!isComplete(result)) throw new Unavailable(result.timedOut ? 'timed-out' : 'failed', result.stderr || 'backups');
  const { stdout } = result;
  const listing = readListing(stdout);
  const now = Number(linesOf(stdout, 'now:')[0] ?? Number.NaN);
  if (!Number.isFinite(now) || now <= 0) throw new Unavailable('unparsable', 'date');
  const jobs = linesOf(stdout, 'job:').map((line) => {
    const [where = '', tool = ''] = line.split('\t');
    return { where: clean(where), tool: clean(tool) };
  });
  const names = linesOf(stdout, 'agent:').map((name) => backupAgents[name] ?? clean(name));
  const unread: Unread[] = [
    ...linesOf(stdout, '!! ').map((line) => unreadLine(`!! ${line}`)),
    ...(ranAsRoot(result) ? [] : [{ part: 'backups', why: 'denied' as const }]),
  ];
  return {
    places: host.backups.map(({ path, of }, index) => ({
      path: clean(path),
      ...(of === undefined ? {} : { of }),
      ...placeOf(index, stdout, { now, listing }),
    })),
    jobs: unique(jobs).slice(0, most),
    agents: [...new Set(names)].toSorted(),
    unread: unique(unread).slice(0, most),
  };
}

type Context = { readonly now: number; readonly listing: Listing };
type File = { readonly time: number; readonly bytes: number };

function placeOf(index: number, output: string, { now, listing }: Context): Omit<BackupPlace, 'path' | 'of'> {
  const [state = 'missing', path = ''] = linesOf(output, `place:${index}\t`)[0]?.split('\t') ?? [];
  const nothing: Pick<BackupPlace, 'form' | 'count' | 'days' | 'encrypted'> = {
    form: 'files',
    count: 0,
    days: [],
    encrypted: 'unknown',
  };
  if (state === 'far') return { ...nothing, problem: 'far', volume: volumeAt(path, listing) };
  if (state !== 'there') return { ...nothing, problem: problemOf(state) };
  const files = linesOf(output, `file:${index}\t`).flatMap((line): File[] => {
    const [time, bytes] = line.split('\t').map(Number);
    const isFile = Number.isSafeInteger(time) && Number.isSafeInteger(bytes);
    return isFile && time !== undefined && bytes !== undefined ? [{ time, bytes }] : [];
  });
  const [form = 'files', key] = linesOf(output, `form:${index}\t`)[0]?.split('\t') ?? [];
  const newest = Math.max(...files.map(({ time }) => time));
  return {
    form: form === 'restic' || form === 'borg' ? form : 'files',
    count: files.length,
    ...(files.length > mostFiles ? { problem: 'unclear' as const } : {}),
    ...(files.length > 0 ? { newestHours: Math.round(((now - newest) / 3600) * 10) / 10 } : {}),
    days: daysOf(files, now),
    encrypted: form === 'restic' || key === 'key' ? 'yes' : encryptedIn(linesOf(output, `head:${index}\t`)),
    volume: volumeAt(path, listing),
  };
}

function problemOf(state: string): NonNullable<BackupPlace['problem']> {
  return state === 'denied' || state === 'unclear' ? state : 'missing';
}

function daysOf(files: readonly File[], now: number): BackupPlace['days'] {
  const bytes = new Map<number, number>();
  for (const file of files) {
    const daysAgo = Math.floor((now - file.time) / 86_400);
    bytes.set(daysAgo, (bytes.get(daysAgo) ?? 0) + file.bytes);
  }
  return [...bytes]
    .toSorted(([a], [b]) => a - b)
    .slice(0, 60)
    .map(([daysAgo, sum]) => ({ daysAgo, bytes: Math.min(sum, Number.MAX_SAFE_INTEGER) }));
}

// Of some files the first bytes tell, of others they do not: then nothing is said of all.
function encryptedIn(heads: readonly string[]): BackupPlace['encrypted'] {
  const states = new Set(
    heads.map((line) => {
      const [mark = '', hex = ''] = line.split('\t');
      return stateOf(hex, mark === 'named');
    }),
  );
  const [only] = states;
  if (states.size === 1 && only) return only;
  return states.has('yes') && states.has('no') ? 'part' : 'unknown';
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
}
