import { z } from 'zod';
import { plainDate } from '../schemas.ts';

const limit = z.union([
  /** Entries are kept this many days at least. */
  z.strictObject({ days: z.number().nonnegative() }),
  /** Kept this many calendar months at least. */
  z.strictObject({ months: z.int().nonnegative() }),
  /** Kept up to a size: `files` rotated parts of `bytes` each, or `bytes` in all where `files` is absent. */
  z.strictObject({
    bytes: z.number().nonnegative(),
    files: z.int().nonnegative().optional(),
    /** What time alone guarantees, however fast it grows. */
    days: z.number().nonnegative().optional(),
  }),
  /** Something deletes, and it cannot be told what it leaves. */
  z.strictObject({
    unknown: z.string(),
    /** What time alone guarantees all the same. */
    days: z.number().nonnegative().optional(),
  }),
  /** Of each day no more than so many bytes are kept. */
  z.strictObject({ bytesADay: z.number().nonnegative() }),
]);

const rule = z.strictObject({
  by: z.enum(['logrotate', 'journald', 'auditd', 'tmpfiles', 'schedule', 'application', 'container']),
  /** File and line. */
  where: z.string(),
  /** The rule in its own words, shortened. */
  text: z.string(),
  /** The journal, or paths in glob(7) form; a folder ending in `/` covers all below it. */
  covers: z.array(z.string()),
  /** Only files whose last name matches one of these; empty: all. */
  names: z.array(z.string()),
  /** All of them bind; none: what it covers is kept for ever. */
  limits: z.array(limit),
});

/** What is configured to rotate, limit or delete logs on a host. */
export const logPolicies = {
  origin: 'host',
  per: 'host',
  title: { zh: '日志保存策略', en: 'Log keeping rules' },
  value: z.strictObject({
    rules: z.array(rule),
    logrotate: z.strictObject({
      installed: z.boolean(),
      /** What starts it: a cron folder or a systemd timer; none found: its rules may never run. */
      schedule: z.enum(['hourly', 'daily', 'weekly', 'monthly', 'none']),
      /** The newest date in its state file. */
      lastRun: plainDate.optional(),
    }),
    /** What sends logs to another place, whatever is kept here; absent: it could not be looked for. */
    shipping: z
      .array(
        z.strictObject({
          by: z.enum([
            'rsyslog',
            'syslog-ng',
            'journald',
            'filebeat',
            'fluent-bit',
            'fluentd',
            'vector',
            'promtail',
            'docker',
            // What runs is named by `where`; its configuration is not read.
            'other',
          ]),
          where: z.string(),
          /** Addresses or names; none: it runs, and whither it sends was not seen. */
          targets: z.array(z.string()),
          /** All of it is sent, under no condition. */
          whole: z.literal(true).optional(),
          /** `general` and `auth` of syslog, `journal`, or paths in glob(7) form; a folder ending in `/` covers all below it. */
          covers: z.array(z.string()),
        }),
      )
      .optional(),
    /** Configuration that could not be read or understood; rules may stand in it. */
    unread: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  }),
} as const;

export type LogPolicies = z.output<typeof logPolicies.value>;
export type LogRule = z.output<typeof rule>;
export type LogShipping = NonNullable<LogPolicies['shipping']>[number];
export type LogLimit = z.output<typeof limit>;
