import type { Buckets } from '../../src/evidence/database/buckets.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';

const versions = {
  enabled: { zh: '版本控制已启用', en: 'versions are kept' },
  suspended: { zh: '版本控制已暂停', en: 'versions are suspended' },
  off: { zh: '未启用版本控制', en: 'no versions are kept' },
} as const satisfies Record<NonNullable<Buckets['versioning']>, Text>;

/** Whether a bucket keeps versions and locks them, and where it is copied to: shown, not judged. */
export function keepingText({ versioning, lock, replication = [] }: Buckets): Text {
  return joined(
    [
      versioning ? versions[versioning] : { zh: '版本控制未能读取', en: 'versioning could not be read' },
      lockText(lock),
      ...(replication.length > 0
        ? [joined([{ zh: '复制到', en: 'copied to' }, verbatim(replication.slice(0, 4).join(', '))], ' ', ' ')]
        : []),
    ],
    '，',
    ', ',
  );
}

function lockText(lock: Buckets['lock']): Text {
  if (!lock) return { zh: '对象锁定未能读取', en: 'object lock could not be read' };
  if (!lock.enabled) return { zh: '未启用对象锁定', en: 'no object lock' };
  const { mode, days, years } = lock;
  if (!mode) return { zh: '可锁定对象，但无默认保留期', en: 'objects can be locked, none is by default' };
  const zh = `对象默认锁定 ${days === undefined ? `${years ?? 0} 年` : `${days} 天`}（${mode}）`;
  const en = `objects are locked for ${days === undefined ? `${years ?? 0} years` : `${days} days`} by default (${mode})`;
  return { zh, en };
}

/** The keys that are declared begin so. */
export function prefixOf({ place }: Buckets): string {
  return place.replace(/^s3:\/\/[^/]*\//, '');
}
