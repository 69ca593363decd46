import { z } from 'zod';
import { instant, month, plainDate } from '../schemas.ts';

/** By what means rows disappear; `declared` is what the unit says runs elsewhere. */
export const deleterKinds = [
  'trigger',
  'rule',
  'routine',
  'event',
  'job',
  'partitions',
  'foreign-key',
  'ttl',
  'capped',
  'declared',
] as const;

/** Why a declared table could not be counted. */
export const tableProblems = {
  'not-found': { zh: '表或时间列不存在', en: 'the table or its time column is not there' },
  'not-a-table': { zh: '不是本库的实体表', en: 'it is no table of its own' },
  'no-time': { zh: '时间列的类型或格式无法识别', en: 'its time column is of no known type or format' },
  'moving-time': {
    zh: '时间列随每次更新自动改写，不是记录产生的时间',
    en: 'its time column changes with each update: it does not say when a record arose',
  },
  denied: { zh: '权限不足', en: 'access denied' },
  'timed-out': { zh: '超时或被锁定', en: 'timed out or locked' },
  failed: { zh: '采集失败', en: 'failed' },
} as const;

export type TableProblem = keyof typeof tableProblems;

const deleter = z.strictObject({
  kind: z.enum(deleterKinds),
  name: z.string(),
  /** The statement that deletes, literals left out. */
  definition: z.string(),
  /** It deletes only what is older than this by the table's own time: both parts together. */
  keeps: z.strictObject({ months: z.int().nonnegative(), days: z.int().nonnegative() }).optional(),
  /** Jobs, events, triggers and routines that call it. */
  calledBy: z.array(z.string()).optional(),
});

export type Deleter = z.output<typeof deleter>;

const table = z.strictObject({
  name: z.string(),
  /** What the unit says it holds: `transactions`, `invoices`, … */
  holds: z.string(),
  /**
   * `all`: every row was counted. `capped`: a month was counted up to `cap`, `rows` is the server's estimate. `sample`: what `months`, `oldest`, `newest` and
   * `undated` say holds for a sample alone, `rows` is the server's estimate.
   */
  counted: z.enum(['all', 'capped', 'sample']),
  rows: z.int().nonnegative(),
  cap: z.int().positive().optional(),
  /** The server's estimate of months that reached the cap. */
  estimates: z.record(month, z.int().nonnegative()).optional(),
  oldest: plainDate.optional(),
  newest: plainDate.optional(),
  /** Rows a month; a month without rows has no entry. */
  months: z.record(month, z.int().positive()),
  /** Rows whose time is missing or cannot be read. */
  undated: z.int().nonnegative(),
  /** What deletes or rewrites rows of this table. */
  deleters: z.array(deleter),
  /** What might tell of more that deletes and could not be read: views and tables of the server. */
  unread: z.array(z.string()),
});

/** How far back the records of one data store go. Counts only: no record leaves the store. */
export const records = {
  origin: 'database',
  per: 'store',
  title: { zh: '数据留存', en: 'Records kept' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    tables: z.array(table),
    /** Declared tables that could not be counted. */
    missing: z.array(
      z.strictObject({
        name: z.string(),
        holds: z.string(),
        problem: z.enum(Object.keys(tableProblems) as [TableProblem, ...TableProblem[]]),
        /** What the server said: untrusted text. */
        detail: z.string(),
      }),
    ),
    /** When the store's file or server last changed, if known. */
    changedAt: instant.optional(),
  }),
} as const;

export type Records = z.output<typeof records.value>;
