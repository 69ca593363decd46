import { z } from 'zod';
import { unreadViews } from './unread-views.ts';

const count = z.int().nonnegative();

/** How clients reach a server. What could not be read is absent, and named under `unread`. */
const wire = z.strictObject({
  /** What protects the session that asked; absent: nothing. */
  session: z.strictObject({ protocol: z.string(), cipher: z.string() }).optional(),
  /** Whether the server speaks TLS at all. */
  tls: z.boolean().optional(),
  /** Turns away whoever comes over the network without TLS: since it was started, or by a setting that was made later. */
  required: z.enum(['no', 'now', 'since-start']).optional(),
  /** The TLS versions that it is set to speak; of PostgreSQL the lowest one. */
  versions: z.array(z.string()).optional(),
  /** The addresses that it is set to listen at. */
  listens: z.array(z.string()).optional(),
  /** It listens at this machine’s own addresses and sockets only. */
  localOnly: z.boolean().optional(),
  /** Rules (pg_hba.conf) or accounts (without REQUIRE) that let other hosts in without TLS. */
  admitsPlain: z.array(z.string()).optional(),
  /** Rules that let other hosts in without a password, or have it said in clear text. */
  trusting: z.array(z.string()).optional(),
  /** It is one of a cluster, whose members send each other all that is written; absent where it is not said to be one. */
  cluster: z.enum(['tls', 'open']).optional(),
  /** Sessions under way: from other hosts with TLS and without, and from the server’s own machine. */
  sessions: z.strictObject({ tls: count, plain: count, here: count }).optional(),
});

/** How what an engine writes to disk is encrypted by the engine itself. */
const states = ['encrypted', 'plain', 'unknown'] as const;

const rest = z.strictObject({
  /** Where the server keeps its data, as it says. */
  directory: z.string().min(1).optional(),
  /** Other folders and files that it keeps data in, as far as it says. */
  beside: z.array(z.string().min(1)).optional(),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(states),
      /** What it is kept by: `InnoDB`, `heap`; or what stood in the way. */
      by: z.string(),
    }),
  ),
  /** What the engine writes besides tables, as far as it has it. */
  parts: z.array(
    z.strictObject({
      part: z.enum(['redo', 'undo', 'binary-log', 'temporary', 'general-log', 'slow-log', 'replication-cache']),
      state: z.enum([...states, 'absent']),
    }),
  ),
  /** Where the keys come from: a file on the server’s own disks is only as safe as those. */
  keys: z.array(z.strictObject({ plugin: z.string(), place: z.enum(['file', 'service', 'unknown']) })),
  /** Settings as they stand. */
  settings: z.record(z.string(), z.string()),
});

/** How a data store is encrypted by its own engine: on the wire and at rest. Settings and catalogues only, no row is read. */
export const storeEncryption = {
  origin: 'database',
  per: 'store',
  title: { zh: '数据库加密', en: 'Encryption in the database' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    /** Absent of a file, which nobody reaches over a network. */
    wire: wire.optional(),
    rest,
    unread: unreadViews,
  }),
} as const;

export type StoreEncryption = z.output<typeof storeEncryption.value>;
export type Wire = z.output<typeof wire>;
export type Rest = z.output<typeof rest>;
export type RestPart = Rest['parts'][number];

/**
 * What an engine’s own encryption comes to: `whole`, every declared table and all it writes besides; `open`, some declared table is plain;
 * `part`, the tables are encrypted and not all the rest is known to be; `unknown` otherwise.
 */
export function engineAtRest({ rest: { tables, parts } }: StoreEncryption): 'whole' | 'open' | 'part' | 'unknown' {
  if (tables.some(({ state }) => state === 'plain')) return 'open';
  if (tables.length === 0 || tables.some(({ state }) => state !== 'encrypted')) return 'unknown';
  return parts.length > 0 && parts.every(({ state }) => state === 'encrypted' || state === 'absent') ? 'whole' : 'part';
}
