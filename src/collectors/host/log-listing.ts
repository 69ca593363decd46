import type { LogProblem } from '../../evidence/host/log-stores.ts';
import { type DateRun, type HostClock, hostDate, minutesOf } from './log-dates.ts';
import { wholeLines } from './output.ts';

/** One file as the host listed it. */
export type ListedFile = {
  readonly path: string;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly runs: DateRun[];
  /** Lines seen; undefined: the file was not opened. */
  lines?: number;
  problem?: LogProblem;
  /** Not all of it was read; its start was. */
  sampled: boolean;
  /** Nor was its end: what follows the last date seen is not known. */
  open: boolean;
};

/** A container as docker-inspect(1) or podman-inspect(1) tells of it. */
export type ListedContainer = {
  readonly name: string;
  /** RFC 3339. */
  readonly created: string;
  readonly driver: string;
  /** Where its log lies, for a driver that writes files. */
  readonly path?: string;
  readonly options: ReadonlyMap<string, string>;
};

/** What the listing command printed. */
export type Listing = {
  readonly clock: HostClock | undefined;
  readonly files: readonly ListedFile[];
  /** Folders that could not be entered, and declared paths that are not there. */
  readonly unread: readonly { path: string; problem: LogProblem }[];
  readonly containers: readonly ListedContainer[];
  /** `docker`, `podman`, `kubernetes`: who was asked for containers, and who would not answer. */
  readonly runtimes: { readonly asked: readonly string[]; readonly silent: readonly string[] };
  /** It did not run to its end. */
  readonly cut: boolean;
};

const states: readonly LogProblem[] = ['too-late', 'denied', 'no-decoder'];

const mostFiles = 20_000;
const mostUnread = 500;

/** Reads what the listing script prints; a file that is listed twice counts once, with the listing that opened it. */
export function readListing(text: string): Listing {
  const files = new Map<string, ListedFile>();
  const unread: { path: string; problem: LogProblem }[] = [];
  let clock: HostClock | undefined;
  let current: ListedFile | undefined;
  let cut = !/(^|\n)done\n?$/.test(text);
  const keep = (): void => {
    if (!current) return;
    const known = files.get(current.path);
    if (known === undefined || known.lines === undefined) files.set(current.path, current);
  };
  for (const line of wholeLines(text)) {
    const [word = ''] = line.split(' ', 1);
    const rest = line.slice(word.length + 1);
    if (word === 'file') {
      keep();
      current = fileOf(rest);
      if (files.size >= mostFiles) break;
    } else if (word === 'at') {
      keep();
      current = files.get(rest);
      if (current?.problem === 'too-late') delete current.problem;
    } else if (word === 'now') clock ??= clockOf(rest);
    else if (word === 'closed') unread.push({ path: rest, problem: 'denied' });
    else if (word === 'none') unread.push({ path: rest, problem: 'not-found' });
    else if (word === 'odd') unread.push({ path: rest, problem: 'odd-name' });
    else if (word === 'cut') cut = true;
    else if (current) readDetail(current, word, rest);
  }
  keep();
  return {
    clock,
    files: [...files.values()],
    unread: unread.slice(0, mostUnread),
    ...readContainers(text),
    cut: cut || files.size >= mostFiles || unread.length > mostUnread,
  };
}

function fileOf(rest: string): ListedFile | undefined {
  const [, bytes, modified, path] = rest.match(/^(\d{1,15}) (\d{1,11}) (\/.*)$/) ?? [];
  if (path === undefined) return undefined;
  return { path, bytes: Number(bytes), modified: Number(modified), runs: [], sampled: false, open: false };
}

function readDetail(file: ListedFile, word: string, rest: string): void {
  if (word === 't') {
    const [, count, token] = rest.match(/^(\d{1,12}) (.{1,40})$/) ?? [];
    if (token !== undefined) file.runs.push({ token, count: Number(count) });
  } else if (word === 'state') {
    if (rest === 'sampled') file.sampled = true;
    else file.problem = states.find((problem) => problem === rest) ?? 'broken';
  } else if (word === 'exit') {
    // 141: the decoder was stopped because the limit was reached (SIGPIPE); gzip's 2 is a warning.
    if (rest === '141') [file.sampled, file.open] = [true, true];
    else if (rest !== '0' && rest !== '2') file.problem = 'broken';
  } else if (word === 'lines') {
    const [lines = 0, , runs = 0] = rest.split(' ').map(Number);
    file.lines = lines;
    if (runs > file.runs.length) [file.sampled, file.open] = [true, true];
  }
}

/** Reads the lines about containers: of the listing, and of the command that asks for their rules. */
export function readContainers(text: string): Pick<Listing, 'containers' | 'runtimes'> {
  const words = (word: string): string[] =>
    wholeLines(text).flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const containers = words('container').flatMap((line) => {
    const [, name, created, driver, path, rest = ''] =
      line.match(/^\w+ ([\w.-]{1,200}) "([^" ]{10,40})" ([\w./:-]{1,100})(?: (\/\S{1,4096})?(.*))?$/) ?? [];
    if (name === undefined || created === undefined || driver === undefined) return [];
    const options = new Map(
      [...rest.matchAll(/([a-z-]+)=(\S{1,200})/g)].map(([, key = '', value = '']) => [key, value] as const),
    );
    return [{ name, created, driver, ...(path === undefined ? {} : { path }), options }];
  });
  return { containers: containers.slice(0, 500), runtimes: { asked: words('asked'), silent: words('no-containers') } };
}

function clockOf(rest: string): HostClock | undefined {
  const [seconds = '', zone = ''] = rest.split(' ');
  const minutesAhead = minutesOf(zone);
  if (minutesAhead === undefined || !/^\d{1,11}$/.test(seconds)) return undefined;
  const today = hostDate(Number(seconds), minutesAhead);
  return today === undefined ? undefined : { today, minutesAhead };
}
