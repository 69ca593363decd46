import {
  type AuditLog,
  type AuditRecords,
  patternFields,
  type RecordField,
  type RecordProblem,
  type RecordSample,
  recordFieldNames,
  recordFormats,
} from '../../evidence/host/audit-records.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { applicationLogs, recordsScript } from './audit-records/script.ts';
import { type HostClock, hostDate, minutesOf } from './log-dates.ts';
import { clean, ranToEnd } from './output.ts';

/** Which fields the records of the application's audit logs have, by a sample; only counts leave the host. */
export const auditRecords = defineHostCollector({
  id: 'host/audit-records',
  kind: 'auditRecords',
  dated: true,
  ask: (host) => [
    {
      name: 'records',
      why: 'audit logs of the application: how many of some records have which fields (no record is printed)',
      script: recordsScript(host),
      asRoot: true,
      timeout: 60,
    },
  ],
  read: readRecords,
});

type Reading = { logs: AuditLog[]; unread: AuditRecords['unread'] };

function readRecords(results: CommandResults, host: DeclaredHost): AuditRecords {
  const result = results('records');
  // The last files are the oldest: of less than all nothing follows.
  if (!ranToEnd(result, 'done')) {
    const reason = result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'failed';
    throw new Unavailable(reason, result.stderr || 'records');
  }
  const [head = '', ...rest] = result.stdout.split('\n');
  const clock = clockOf(head);
  if (!clock) throw new Unavailable('unparsable', clean(head));
  const declared = applicationLogs(host);
  const read: Reading = { logs: [], unread: oddPaths(host) };
  for (const line of rest) readLine(line, declared, clock, read);
  // A log that only has dated parts is there.
  const sampled = new Set(read.logs.filter((log) => log.samples.length > 0).map((log) => log.path));
  const unread = read.unread.filter(({ path, problem }) => problem !== 'not-found' || !sampled.has(path));
  return {
    logs: read.logs.filter((log) => log.declared || sampled.has(log.path)),
    ...(host.application === undefined ? {} : { application: host.application }),
    unread: unread.slice(0, 200),
  };
}

function clockOf(line: string): Pick<HostClock, 'minutesAhead'> | undefined {
  const [, seconds, zone = ''] = line.match(/^now (\d{1,12}) (\S+)$/) ?? [];
  const minutesAhead = minutesOf(zone);
  return seconds === undefined || minutesAhead === undefined ? undefined : { minutesAhead };
}

function oddPaths(host: DeclaredHost): AuditRecords['unread'] {
  return host.logs
    .filter(({ of, path }) => of === 'application' && /\p{Cc}/u.test(path))
    .map(({ path, records }) => ({ path: clean(path), problem: 'odd-name', declared: records !== undefined }));
}

const unreadWords = { closed: 'denied', none: 'not-found', odd: 'odd-name', more: 'too-many' } as const;

function readLine(
  line: string,
  declared: ReturnType<typeof applicationLogs>,
  clock: Pick<HostClock, 'minutesAhead'>,
  { logs, unread }: Reading,
): void {
  const [word = '', ...words] = line.split(' ');
  const log = logs.at(-1);
  const sample = log?.samples.at(-1);
  if (word === 'log') {
    const next = declared[Number(words[0])];
    if (next) logs.push({ path: next.path, declared: next.records !== undefined, named: namedIn(next), samples: [] });
  } else if (word === 'closed' || word === 'none' || word === 'odd' || word === 'more') {
    unread.push({ path: clean(words.join(' ')), problem: unreadWords[word], declared: log?.declared ?? false });
  } else if (word === 'file' && log && log.samples.length < 40) {
    const modified = hostDate(Number(words[0]), clock.minutesAhead);
    if (modified) log.samples.push(emptySample(clean(words.slice(2).join(' ')), modified));
  } else if (sample) readFact(word, words, sample);
}

function namedIn({ records }: ReturnType<typeof applicationLogs>[number]): RecordField[] {
  if (records?.pattern !== undefined) return patternFields(records.pattern);
  return recordFieldNames.filter((name) => records?.fields?.[name] !== undefined);
}

function emptySample(path: string, modified: string): RecordSample {
  return { path, modified, formats: [], records: 0, complete: 0, unread: 0, missing: {}, empty: {}, unclear: {} };
}

function readFact(word: string, [first = '', second = '']: readonly string[], sample: RecordSample): void {
  const format = recordFormats.find((each) => each === first);
  if (word === 'format' && format) sample.formats = [...sample.formats, format].toSorted();
  else if (word === 'state') sample.problem = problemOf(first);
  else if (word === 'unread') sample.unread += countOf(first);
  else if (word === 'mask' && /^[01e?]{6}$/.test(first)) addMask(first, countOf(second), sample);
}

function problemOf(word: string): RecordProblem {
  return word === 'no-decoder' ? word : 'denied';
}

function addMask(mask: string, count: number, sample: RecordSample): void {
  sample.records += count;
  if (mask === '111111') sample.complete += count;
  for (const [index, field] of recordFieldNames.entries()) {
    const state = mask[index];
    const add = (to: RecordSample['missing']): void => {
      to[field] = (to[field] ?? 0) + count;
    };
    if (state === '0' || state === 'e') add(sample.missing);
    if (state === 'e') add(sample.empty);
    if (state === '?') add(sample.unclear);
  }
}

function countOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
