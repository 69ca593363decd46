import { z } from 'zod';
import { unreadParts } from './unread.ts';
import { volume } from './volumes.ts';

const place = z.strictObject({
  /** As the platform file declares it. */
  path: z.string(),
  /** The store that is backed up here. */
  of: z.string().optional(),
  /** `far`: on a network file system, which is not looked into, for it may hang. */
  problem: z.enum(['missing', 'denied', 'far', 'unclear']).optional(),
  /** Repositories of restic and borg are recognised by their layout. */
  form: z.enum(['restic', 'borg', 'files']),
  /** Files that were looked at: of a repository those that each run writes anew. */
  count: z.int().nonnegative(),
  /** Hours since the newest was written, by the host's own clock; negative: in its future. */
  newestHours: z.number().optional(),
  /** Hours since the end of the newest day that names of files bear, where all that was written later bears an earlier one. */
  namedHours: z.number().optional(),
  /** Bytes written on each day that has any, newest first. */
  days: z.array(z.strictObject({ daysAgo: z.int(), bytes: z.int().nonnegative() })),
  /** Of the newest files, by their first bytes: `no` where a form is recognised that is not encrypted. */
  encrypted: z.enum(['yes', 'no', 'part', 'unknown']),
  volume: volume.optional(),
});

/** What the backup folders of a host hold, and which backup programs are scheduled or run. Of files only age, size and first bytes are read. */
export const backups = {
  origin: 'host',
  per: 'host',
  title: { zh: '备份', en: 'Backups' },
  value: z.strictObject({
    places: z.array(place),
    /** Lines of cron tables, timers and their scripts that name a backup tool: file and line, never the line itself. */
    jobs: z.array(z.strictObject({ where: z.string(), tool: z.string() })),
    /** Agents of backup products that run. */
    agents: z.array(z.string()),
    unread: unreadParts,
  }),
} as const;

export type Backups = z.output<typeof backups.value>;
export type BackupPlace = z.output<typeof place>;
