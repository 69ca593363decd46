import { z } from 'zod';
import { joined, type Text } from '../../text.ts';
import { channels } from '../network/central-logs.ts';
import { month, plainDate } from '../schemas.ts';

/** What is asked of a bucket; each may be out of an account's reach, or unknown to the program behind it. */
export const bucketParts = {
  objects: { zh: '对象列表', en: 'the list of objects' },
  versioning: { zh: '版本控制', en: 'versioning' },
  lifecycle: { zh: '生命周期规则', en: 'lifecycle rules' },
  encryption: { zh: '默认加密', en: 'default encryption' },
  heads: { zh: '对象的加密标记', en: 'the encryption of objects' },
  lock: { zh: '对象锁定', en: 'object lock' },
  replication: { zh: '复制规则', en: 'replication' },
  policy: { zh: '桶策略', en: 'the bucket policy' },
  public: { zh: '公开状态', en: 'whether it is public' },
  acl: { zh: '访问控制列表', en: 'the access control list' },
} as const satisfies Record<string, Text>;

export type BucketPart = keyof typeof bucketParts;

const parts = Object.keys(bucketParts) as [BucketPart, ...BucketPart[]];

const rule = z.strictObject({
  name: z.string(),
  enabled: z.boolean(),
  /** Keys that it holds for begin so. */
  prefix: z.string(),
  /** It holds for some of them only: by tag, by size, or by a condition that is not understood. */
  narrowed: z.boolean(),
  /** What becomes of the current version; absent: nothing. */
  expires: z
    .union([
      z.strictObject({ days: z.int().nonnegative() }),
      z.strictObject({ date: plainDate }),
      z.strictObject({ unknown: z.literal(true) }),
    ])
    .optional(),
  /** Days after which a version that another took the place of is deleted. */
  noncurrentDays: z.int().nonnegative().optional(),
  /** Moves to other classes of storage. */
  transitions: z.int().nonnegative(),
});

const listing = z.strictObject({
  /** Objects that were listed, and their bytes. */
  objects: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** There are more: what was listed shows what is there, never what is not. */
  partial: z.boolean(),
  /** When the oldest and the newest of them were written, by the server's word. */
  oldest: plainDate.optional(),
  newest: plainDate.optional(),
  /** Hours since the newest was written. */
  newestHours: z.number().optional(),
  /** Hours since the end of the newest day that keys bear, where all that was written later bears an earlier one. */
  namedHours: z.number().optional(),
  /** Objects by the month they were written in. */
  months: z.record(month, z.int().positive()),
  /** Bytes written on each day that has any, newest first. */
  days: z.array(z.strictObject({ daysAgo: z.int(), bytes: z.int().nonnegative() })),
});

/** What a bucket holds by age and size, and what is set to keep, delete, encrypt and share it. No object is opened; no key leaves the store. */
export const buckets = {
  origin: 'database',
  per: 'object-store',
  title: { zh: '对象存储', en: 'Object stores' },
  value: z.strictObject({
    /** `s3://bucket/prefix`. */
    place: z.string(),
    holds: z.array(z.string()),
    backupsOf: z.string().optional(),
    /** The host that was asked, and what its name led to. */
    host: z.string(),
    address: z.string(),
    channel: z.enum(Object.keys(channels) as [keyof typeof channels, ...(keyof typeof channels)[]]),
    /** The version of TLS that was agreed on. */
    tls: z.string().optional(),
    /** As the server names itself. */
    server: z.string().optional(),
    today: plainDate,
    /** Absent: it could not be listed. */
    listing: listing.optional(),
    versioning: z.enum(['enabled', 'suspended', 'off']).optional(),
    rules: z.array(rule).optional(),
    /** What new objects are encrypted by unless they say otherwise: `none`, or the word of the store: `AES256`, `aws:kms`. */
    encryption: z.string().optional(),
    /** Of the newest, the oldest and some between: whether they are stored encrypted. */
    heads: z
      .strictObject({
        asked: z.int().nonnegative(),
        encrypted: z.int().nonnegative(),
        plain: z.int().nonnegative(),
      })
      .optional(),
    lock: z
      .strictObject({
        enabled: z.boolean(),
        /** By default, for each new version. */
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
        days: z.int().positive().optional(),
        years: z.int().positive().optional(),
      })
      .optional(),
    /** Where its objects are copied to, by rules that are enabled. */
    replication: z.array(z.string()).optional(),
    /** By the server's own word on the policy. */
    isPublic: z.boolean().optional(),
    /** What anybody, or any account, may do, by the list of grants or the policy. */
    everybody: z.array(z.enum(['read', 'write'])),
    /** Who may write or delete, by the list of grants and the policy; what the accounts' own policies allow is not seen. */
    writers: z.array(z.string()),
    /** The policy turns away whoever comes without TLS. */
    deniesClear: z.boolean().optional(),
    /** Why the account of the scan seems able to write. */
    ownWrites: z.array(z.string()),
    unread: z.array(z.strictObject({ part: z.enum(parts), why: z.string() })),
  }),
} as const;

export type Buckets = z.output<typeof buckets.value>;
export type BucketRule = z.output<typeof rule>;
export type BucketListing = z.output<typeof listing>;

/** What a report says of parts that could not be read. */
export function unreadBucketText(unread: Buckets['unread']): Text {
  const each = unread.map(({ part, why }) => ({
    zh: `${bucketParts[part].zh}（${why}）`,
    en: `${bucketParts[part].en} (${why})`,
  }));
  return each.length > 0 ? joined(each, '、', ', ') : { zh: '无', en: 'none' };
}
