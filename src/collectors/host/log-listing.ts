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
  sampled: boolean;
};

/** What the listing command printed. */
export type Listing = {
  readonly clock: HostClock | undefined;
  readonly files: readonly ListedFile[];
  /** Folders that could not be entered, and declared paths that are not there. */
  readonly unread: readonly { path: string; problem: LogProblem }[];
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
    cut: cut || files.size >= mostFiles || unread.length > mostUnread,
  };
}

function fileOf(rest: string): ListedFile | undefined {
  const [, bytes, modified, path] = rest.match(/^(\d{1,15}) (\d{1,11}) (\/.*)$/) ?? [];
  if (path === undefined) return undefined;
  return { path, bytes: Number(bytes), modified: Number(modified), runs: [], sampled: false };
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
    if (rest === '141') file.sampled = true;
    else if (rest !== '0' && rest !== '2') file.problem = 'broken';
  } else if (word === 'lines') {
    const [lines = 0, , runs = 0] = rest.split(' ').map(Number);
    file.lines = lines;
    if (runs > file.runs.length) file.sampled = true;
  }
}

function clockOf(rest: string): HostClock | undefined {
  const [seconds = '', zone = ''] = rest.split(' ');
  const minutesAhead = minutesOf(zone);
  if (minutesAhead === undefined || !/^\d{1,11}$/.test(seconds)) return undefined;
  const today = hostDate(Number(seconds), minutesAhead);
  return today === undefined ? undefined : { today, minutesAhead };
}
