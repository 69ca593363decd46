import { z } from 'zod';
import { bilingual, instant } from '../schemas.ts';
import { unreadParts } from './unread.ts';

/** What a monitor looks at: attacks on the host, changed files, recorded calls, network traffic, whether the host is up and well. */
export const watched = ['intrusions', 'integrity', 'audit', 'network', 'state'] as const;

export type Watched = (typeof watched)[number];

const monitor = z.strictObject({
  name: z.string(),
  title: bilingual,
  watches: z.array(z.enum(watched)).min(1),
  /** What gave it away: `process auditd`, `service auditd`, `path /usr/bin/aide`. */
  signs: z.array(z.string()).min(1),
  /** Runs from time to time and ends; else it stays. */
  periodic: z.boolean(),
  /** Only its console hears of what it sees: without a connection there it does nothing, though it may write a log of that. */
  console: z.literal(true).optional(),
  /** A process of it was seen. */
  running: z.boolean(),
  /** It starts with the host, or something runs it on a schedule. */
  starts: z.boolean(),
  /** Its last sign of life: a file it wrote, a connection to its console held now. */
  life: z.strictObject({ of: z.enum(['file', 'connection']), what: z.string(), at: instant }).optional(),
  /** When the database it compares with was made. */
  database: instant.optional(),
  version: z.string().optional(),
  /** Rules that are loaded, or jails that are on, of a monitor that does nothing without. */
  rules: z.union([z.int().nonnegative(), z.literal('unknown')]).optional(),
});

/** The programs on a host that look out for intrusions or for how the host fares, and whether they are alive. */
export const intrusionMonitoring = {
  origin: 'host',
  per: 'host',
  title: { zh: '入侵与运行监测', en: 'Monitoring of intrusions and of the host' },
  value: z.strictObject({
    monitors: z.array(monitor),
    /** The host's own clock when it was asked: its files carry the same. */
    hostTime: instant,
    unread: unreadParts,
  }),
} as const;

export type IntrusionMonitoring = z.output<typeof intrusionMonitoring.value>;
export type Monitor = IntrusionMonitoring['monitors'][number];
