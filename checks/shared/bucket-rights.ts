import { type Buckets, unreadBucketText } from '../../src/evidence/database/buckets.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, unmet, unproven } from '../check.ts';
import { keepingText } from './bucket-words.ts';

/** What data/change-rights says of buckets. */
export const bucketRightsMessages = {
  bucketEverybody: {
    zh: '{{place}} 允许任何人或任何账号：{{can}}',
    en: '{{place}} lets anybody, or any account, {{can}}',
  },
  bucketMaybePublic: {
    zh: '{{place}} 的服务端称其为公开，桶策略和访问控制列表中未见向任何人开放',
    en: 'the server calls {{place}} public, though neither the policy nor the grants that were read open it to anybody',
  },
  bucketRights: {
    zh: '{{place}} 谁能更改、删除对象未能全部看到：桶策略和访问控制列表中可写的账号有 {{names}}；账号自身的策略看不到。{{keeping}}；未能读取：{{parts}}',
    en: 'who can change or delete objects in {{place}} cannot be seen in full: the policy and the grants name {{names}}; what accounts’ own policies allow is not seen. {{keeping}}; not read: {{parts}}',
  },
  bucketScannerWrites: {
    zh: '采集账号可能可以写入 {{place}}（{{by}}），扫描只用 GET 和 HEAD',
    en: 'the account of the scan seems able to write to {{place}} ({{by}}); the scan used GET and HEAD only',
  },
} as const satisfies Record<string, Text>;

/** What to do about these. */
export const bucketRightsRemedies = {
  bucketEverybody: {
    zh: '立即收回公开权限，并核查访问记录',
    en: 'take that right back at once, and look through the access log',
  },
  bucketMaybePublic: {
    zh: '在存储服务的控制台核对公开状态',
    en: 'look at the store’s own console whether it is public',
  },
  bucketRights: {
    zh: '在权限系统中核对可写的账号；需防篡改的，启用对象锁定（COMPLIANCE）',
    en: 'look up in the store’s own rights who may write; where nothing may be changed, lock objects (COMPLIANCE)',
  },
  bucketScannerWrites: {
    zh: '改用 examples/object-stores 中的只读账号',
    en: 'use an account that only reads, by the policies in examples/object-stores',
  },
} as const satisfies { readonly [Each in keyof typeof bucketRightsMessages]?: Text };

type Found = Finding<keyof typeof bucketRightsMessages>;

/**
 * Who can change or read what lies in a bucket, as far as the bucket itself says it. Never met: accounts have policies of their own, and a lock holds
 * for what was written under it only.
 */
export function judgeBucketRights(seen: Seen<Buckets>): Found[] {
  const { place, holds, everybody, isPublic, writers, ownWrites, unread } = seen.value;
  const lacking = unread.filter(({ part }) => ['lock', 'policy', 'public', 'acl'].includes(part));
  const names = writers.length > 0 ? writers.slice(0, 10).join(', ') : '-';
  const data = { place, names, keeping: keepingText(seen.value), parts: unreadBucketText(lacking) };
  const found: Found[] = [];
  if (everybody.length > 0) found.push(unmet('bucketEverybody', seen, { place, can: everybody.join(', ') }));
  else if (isPublic) found.push(unproven('bucketMaybePublic', seen, { place }));
  if (ownWrites.length > 0) found.push(unproven('bucketScannerWrites', seen, { place, by: ownWrites.join(', ') }));
  // Who writes backups is nobody's concern here; that nobody else may read them is.
  const isUnread = lacking.some(({ part }) => part === 'policy' || part === 'acl');
  if (holds.length > 0 || isUnread) found.push(unproven('bucketRights', seen, data));
  return found;
}
