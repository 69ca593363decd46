import { addDays, daysBetween, type PlainDate } from '../../evidence/dates.ts';
import type { LogFile, LogProblem, LogStore, LogStores } from '../../evidence/host/log-stores.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { containerOf, podStore, unreadContainers } from './log-containers.ts';
import { datesOf, type HostClock, hostDate } from './log-dates.ts';
import { mayHide, missingIn, startsDaily, type Unseen, unseenIn } from './log-days.ts';
import { storePathOf } from './log-groups.ts';
import { journalCommand, readJournal } from './log-journal.ts';
import { type ListedContainer, type ListedFile, readListing } from './log-listing.ts';
import { classBelow, classOf, declaredPaths, isBelow } from './log-places.ts';
import { filesScript } from './log-script.ts';

const mostParts = 1200;
const mostStores = 400;
const mostOthers = 100;

/** Which logs a host holds and which dates stand in them; only dates, sizes and names leave the host. */
export const logStores = defineHostCollector({
  id: 'host/log-stores',
  kind: 'logStores',
  ask: (host) => [
    {
      name: 'files',
      why: 'log files: names, sizes, and the dates of their entries (no log line is printed)',
      script: filesScript(host),
      asRoot: true,
      timeout: 420,
      limit: 16 * 1024 * 1024,
    },
    journalCommand,
  ],
  read: readStores,
});

function readStores(results: CommandResults, host: DeclaredHost): LogStores {
  const result = results('files');
  const listing = readListing(result.stdout);
  const { clock } = listing;
  if (!clock) throw new Unavailable(result.timedOut ? 'timed-out' : 'unparsable', result.stderr || 'date');
  const wanted = new Set(declaredPaths(host).map(storePathOf));
  const groups = Map.groupBy(listing.files, ({ path }) => podStore(path, host) ?? storePathOf(path));
  const broken = listing.cut || result.truncated || result.timedOut;
  const files = [...groups]
    .map(([path, parts]) => withCut(storeOf(path, parts, host, clock), broken))
    .map((store) => ofContainer(store, listing.containers, clock));
  const others = files.filter((store) => store.of === 'other').toSorted((a, b) => b.bytes - a.bytes);
  const judged = files.filter((store) => store.of !== 'other' || wanted.has(store.path));
  const journal = readJournal(results('journal'), clock);
  return {
    ...clock,
    stores: [...(journal ? [journal] : []), ...judged.slice(0, mostStores), ...others.slice(0, mostOthers)],
    unread: [
      ...unreadOf(listing.unread, judged, host),
      ...unreadContainers(
        listing,
        files.flatMap(({ path, container }) => (container ? path : [])),
        host,
      ),
    ].slice(0, 200),
    cut: broken || judged.length > mostStores,
  };
}

function unreadOf(
  unread: readonly { path: string; problem: LogProblem }[],
  stores: readonly LogStore[],
  host: DeclaredHost,
): LogStores['unread'] {
  const unasked = host.logs
    .filter(({ path }) => /\p{Cc}/u.test(path))
    .map(({ path, of }) => ({ path, of, streams: [path], problem: 'odd-name' as const }));
  const known = [
    ...unread,
    ...stores.filter((store) => store.bytes > 0).flatMap(({ path, files }) => [{ path }, ...files]),
  ];
  const empty = host.logs
    .filter(({ path }) => !known.some((each) => isBelow(each.path, path)))
    .map(({ path, of }) => ({ path, of, streams: [path], problem: 'empty' as const }));
  const found = unread.flatMap(({ path, problem }) =>
    classesOf(path, problem, host).map((each) => ({ path, ...each, problem })),
  );
  return [...unasked, ...found, ...empty];
}

function classesOf(path: string, problem: LogProblem, host: DeclaredHost): Pick<LogStore, 'of' | 'streams'>[] {
  const own = host.logs.filter((log) => log.path.replace(/\/+$/, '') === path);
  if (problem === 'not-found') return own.map(({ of }) => ({ of, streams: [path] }));
  const classes = problem === 'odd-name' ? [classOf(storePathOf(path), host)] : classBelow(path, host);
  return classes.filter(({ of }) => of !== 'other');
}

// A container that is declared is an application log, wherever its runtime keeps it.
function ofContainer(store: LogStore, containers: readonly ListedContainer[], clock: HostClock): LogStore {
  const found = containerOf(store.path, containers);
  if (!found) return store.path.startsWith('/var/log/pods/') ? ofPods(store) : store;
  const seconds = Date.parse(found.created) / 1000;
  const created = hostDate(seconds, clock.minutesAhead);
  return { ...store, of: 'application', streams: [found.name], container: created === undefined ? {} : { created } };
}

function ofPods(store: LogStore): LogStore {
  return store.path.includes('*/') ? { ...store, of: 'application', streams: [store.path], container: {} } : store;
}

function storeOf(path: string, parts: readonly ListedFile[], host: DeclaredHost, clock: HostClock): LogStore {
  const read = parts.map((part) => partOf(part, clock)).toSorted((a, b) => b.modified - a.modified);
  const days = [...new Set(read.flatMap((part) => part.dates))].toSorted();
  const yesterday = addDays(clock.today, -1);
  const missing = missingIn(days, yesterday);
  const daily = startsDaily(days, yesterday);
  const growth = growthOf(read);
  const [oldest, newest] = [days[0], days.at(-1)];
  return {
    path,
    ...classOf(
      path,
      host,
      parts.map((part) => part.path),
    ),
    carrier: 'files',
    files: read.slice(0, mostParts).map((part) => part.file),
    parts: parts.length,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    ...(oldest ? { oldest } : {}),
    ...(newest ? { newest } : {}),
    days: days.length,
    ...(daily === undefined ? {} : { startsDaily: daily }),
    missing: missing.slice(0, 100),
    missingDays: missing.reduce((sum, run) => sum + run.days, 0),
    sampled: mayHide(
      missing,
      days,
      read.flatMap((part) => part.unseen),
    ),
    volatile: false,
    ...(growth === undefined ? {} : { bytesPerDay: growth }),
    problems: [...new Set(read.flatMap(({ file }) => file.problem ?? []))].toSorted(),
  };
}

// Where the listing broke off, parts of any log may be missing from it: what is not there was perhaps not reached.
function withCut(store: LogStore, broken: boolean): LogStore {
  return broken ? { ...store, problems: [...new Set([...store.problems, 'too-late' as const])].toSorted() } : store;
}

type Part = { file: LogFile; dates: readonly PlainDate[]; modified: number; unseen: Unseen[] };

function partOf(part: ListedFile, clock: HostClock): Part {
  const written = hostDate(part.modified, clock.minutesAhead);
  const last = written !== undefined && written < clock.today ? written : clock.today;
  const entries = datesOf(part.runs, last, clock);
  const dates = [...new Set(entries)].toSorted();
  const [oldest, newest] = [dates[0], dates.at(-1)];
  // A file that was opened, is not empty and shows no date: binary, or in a form that is not known.
  const undated = part.lines !== undefined && part.bytes > 0 && dates.length === 0;
  const problem = part.problem ?? (undated ? 'undated' : undefined);
  return {
    file: {
      path: part.path,
      bytes: part.bytes,
      ...(oldest ? { oldest } : {}),
      ...(newest ? { newest } : {}),
      ...(problem ? { problem } : {}),
    },
    dates,
    modified: part.modified,
    unseen: part.sampled ? unseenIn(entries, part.open ? last : undefined) : [],
  };
}

// What compressed parts held is not known, so that growth is told by the plain ones, over a week at least.
function growthOf(parts: readonly Part[]): number | undefined {
  const plain = parts.filter(({ file, dates }) => dates.length > 0 && !/\.(gz|xz|bz2|zst|Z)$/.test(file.path));
  const days = plain.flatMap(({ dates }) => dates).toSorted();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || daysBetween(first, last) < 6) return undefined;
  return plain.reduce((sum, { file }) => sum + file.bytes, 0) / (daysBetween(first, last) + 1);
}
