import { z } from 'zod';
import type { Text } from '../../text.ts';
import { plainDate } from '../schemas.ts';

/** Whose logs they are; `other` is listed and judged by nothing. */
export const logSubjects = ['system', 'network', 'application', 'other'] as const;

/** Why a part of a log could not be read for its dates. */
export const logProblems = {
  denied: { zh: '权限不足', en: 'access denied' },
  'not-found': { zh: '不存在', en: 'not there' },
  empty: { zh: '没有任何记录', en: 'without any entry' },
  'no-decoder': { zh: '主机缺少解压程序', en: 'the host lacks the program that unpacks it' },
  broken: { zh: '压缩文件损坏', en: 'the packed file is damaged' },
  undated: { zh: '未识别出记录日期', en: 'no entry date was recognised' },
  'odd-name': { zh: '文件名含控制字符', en: 'control characters in its name' },
  'too-late': { zh: '超出采集时限', en: 'not reached within the time limit' },
  elsewhere: { zh: '日志驱动不在本机保存文件', en: 'its log driver keeps no file on this host' },
  'not-kept': { zh: '日志驱动为 none，不保存', en: 'its log driver is none: nothing is kept' },
  'not-installed': { zh: '主机缺少 journalctl', en: 'the host lacks journalctl' },
} as const satisfies Record<string, Text>;

export type LogProblem = keyof typeof logProblems;

const problem = z.enum(Object.keys(logProblems) as [LogProblem, ...LogProblem[]]);

const run = z.strictObject({
  from: plainDate,
  to: plainDate,
  days: z.int().positive(),
  /** There are entries every day around it; otherwise the days before or after only make one expect some. */
  certain: z.boolean(),
});

const file = z.strictObject({
  path: z.string(),
  bytes: z.int().nonnegative(),
  oldest: plainDate.optional(),
  newest: plainDate.optional(),
  problem: problem.optional(),
});

const store = z.strictObject({
  /** The live file, its rotated parts counted in; `*` stands for a date in a path without a live file. */
  path: z.string(),
  of: z.enum(logSubjects),
  /** What it carries: `general`, `auth`, `audit` for system logs, else its own path. */
  streams: z.array(z.string()),
  carrier: z.enum(['files', 'journal']),
  /** The parts, newest first; a long list is cut in the middle of its age, `parts` counts all. */
  files: z.array(file),
  parts: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Dates of entries, in the host's time zone. */
  oldest: plainDate.optional(),
  newest: plainDate.optional(),
  days: z.int().nonnegative(),
  /** Whether it has entries every day in the weeks after `oldest`; absent while there is too little to tell. */
  startsDaily: z.boolean().optional(),
  /** Days without an entry although those around them have some, from `oldest` to yesterday, newest first. */
  missing: z.array(run),
  missingDays: z.int().nonnegative(),
  /** Days before this one were not looked at, `oldest` apart. */
  lookedFrom: plainDate.optional(),
  /** Of large files parts were read, and days may lie in what was not: so many, or those that are missing. */
  sampled: z.boolean(),
  /** Kept in memory: gone when the host restarts. */
  volatile: z.boolean(),
  /** A container's: its log goes when it is removed. The day the oldest container that is there was created, where that is known. */
  container: z.strictObject({ created: plainDate.optional() }).optional(),
  /** Growth a day, uncompressed, seen over a week at least. */
  bytesPerDay: z.number().nonnegative().optional(),
  problems: z.array(problem),
});

/** How far back the logs on a host reach. Dates, sizes and names only: no log line leaves the host. */
export const logStores = {
  origin: 'host',
  per: 'host',
  title: { zh: '日志存量', en: 'Logs kept' },
  value: z.strictObject({
    /** The host's own date and its minutes ahead of UTC. */
    today: plainDate,
    minutesAhead: z.int().min(-900).max(900),
    stores: z.array(store),
    /** Places that were declared or are usual and could not be looked into. */
    unread: z.array(
      z.strictObject({
        path: z.string(),
        of: z.enum(logSubjects),
        streams: z.array(z.string()),
        problem,
      }),
    ),
    /** The listing broke off: logs may exist that are not in it. */
    cut: z.boolean(),
  }),
} as const;

export type LogStores = z.output<typeof logStores.value>;
export type LogStore = z.output<typeof store>;
export type LogFile = z.output<typeof file>;
export type LogSubject = (typeof logSubjects)[number];
export type MissingDays = z.output<typeof run>;
