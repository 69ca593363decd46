import { isDate } from '../../evidence/dates.ts';
import type { BackupPlace, Backups } from '../../evidence/host/backups.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { stateOf } from './backups/first-bytes.ts';
import { backupAgents } from './backups/programs.ts';
import { backupsScript } from './backups/script.ts';
import { type Unread, unreadLine } from './forwards/configurations.ts';
import { minutesOf } from './log-dates.ts';
import { clean, isComplete, linesOf, ranAsRoot } from './output.ts';
import { volumeAt } from './volumes/devices.ts';
import { type Listing, readListing } from './volumes/listing.ts';

const most = 500;
const mostFiles = 20_000;

/** What declared backup folders hold, what is scheduled, which backup agents run. */
export const backups = defineHostCollector({
  id: 'host/backups',
  kind: 'backups',
  dated: true,
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
  const [seconds = '', zone = ''] = linesOf(stdout, 'now:')[0]?.split(' ') ?? [];
  const now = Number(seconds === '' ? Number.NaN : seconds);
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
      ...placeOf(index, stdout, { now, minutesAhead: minutesOf(zone) ?? 0, listing }),
    })),
    jobs: unique(jobs).slice(0, most),
    agents: [...new Set(names)].toSorted(),
    unread: unique(unread).slice(0, most),
  };
}

type Context = { readonly now: number; readonly minutesAhead: number; readonly listing: Listing };
/** `written` by the file system; `time` is the end of the day that its name bears where that is earlier: copies are written anew. */
type File = { readonly time: number; readonly written: number; readonly bytes: number };

function placeOf(
  index: number,
  output: string,
  { now, minutesAhead, listing }: Context,
): Omit<BackupPlace, 'path' | 'of'> {
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
    const [written = Number.NaN, bytes = Number.NaN] = line.split('\t').map(Number);
    if (!Number.isSafeInteger(written) || !Number.isSafeInteger(bytes)) return [];
    const named = endOfDay(line.split('\t')[2] ?? '', minutesAhead);
    return [{ time: Math.min(written, named ?? written), written, bytes }];
  });
  const [form = 'files', key] = linesOf(output, `form:${index}\t`)[0]?.split('\t') ?? [];
  const written = Math.max(...files.map((file) => file.written));
  const newest = Math.max(...files.map(({ time }) => time));
  const hours = (time: number): number => Math.round(((now - time) / 3600) * 10) / 10;
  return {
    form: form === 'restic' || form === 'borg' ? form : 'files',
    count: files.length,
    ...(files.length > mostFiles ? { problem: 'unclear' as const } : {}),
    ...(files.length > 0 ? { newestHours: hours(written) } : {}),
    ...(newest < written ? { namedHours: hours(newest) } : {}),
    days: daysOf(files, now),
    encrypted: form === 'restic' || key === 'key' ? 'yes' : encryptedIn(linesOf(output, `head:${index}\t`)),
    volume: volumeAt(path, listing),
  };
}

// Of `20260301` in the host's zone; undefined if it is no day.
function endOfDay(digits: string, minutesAhead: number): number | undefined {
  const day = digits.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return isDate(day) ? Date.parse(`${day}T24:00:00Z`) / 1000 - minutesAhead * 60 : undefined;
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
