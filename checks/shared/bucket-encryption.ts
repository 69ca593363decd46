import { type Buckets, unreadBucketText } from '../../src/evidence/database/buckets.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { type Finding, met, unmet, unproven } from '../check.ts';
import type { bucketAtRestMessages, bucketInTransitMessages } from './bucket-encryption-words.ts';

/** Whether a bucket encrypts what is written to it, and what lies there already. Never unmet: the disks below may be encrypted. */
export function judgeBucketAtRest(seen: Seen<Buckets>): Finding<keyof typeof bucketAtRestMessages> {
  const { place, encryption, heads, listing, unread } = seen.value;
  const lacking = unread.filter(({ part }) => part === 'encryption' || part === 'heads' || part === 'objects');
  const { encrypted = 0, plain = 0 } = heads ?? {};
  const data = { place, by: encryption ?? '-', asked: encrypted + plain, plain, objects: listing?.objects ?? 0 };
  if (plain > 0) return unproven('bucketPlain', seen, data);
  if (encryption === undefined || encrypted === 0 || lacking.length > 0)
    return unproven('bucketUnclear', seen, { place, parts: unreadBucketText(lacking) });
  if (encryption === 'none') return unproven('bucketOpen', seen, data);
  return met('bucketEncrypted', seen, data);
}

/** Whether a bucket is reached by TLS only. */
export function judgeBucketInTransit(
  seen: Seen<Buckets>,
  forbidden: readonly string[],
): Finding<keyof typeof bucketInTransitMessages> {
  const { host, address, channel, tls = 'TLS', deniesClear } = seen.value;
  const data = { store: seen.subject, host: host === address ? host : `${host} ${address}` };
  if (channel === 'clear') return unmet('bucketClear', seen, data);
  const version = tls === 'TLSv1' ? 'TLSv1.0' : tls;
  const more = { ...data, version };
  if (forbidden.includes(version)) return unmet('bucketOld', seen, more);
  if (channel === 'unverified') return unproven('bucketUnverified', seen, data);
  if (deniesClear === undefined) return unproven('bucketPolicyUnread', seen, more);
  return deniesClear ? met('bucketTls', seen, more) : unproven('bucketAlsoClear', seen, more);
}
