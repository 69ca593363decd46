import { type Buckets, unreadBucketText } from '../../src/evidence/database/buckets.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { BackupPlace, Backups } from '../../src/evidence/host/backups.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import type { Volumes } from '../../src/evidence/host/volumes.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { isSameAddress } from '../../src/evidence/subjects.ts';
import type { Text } from '../../src/text.ts';

/** One place that a store is backed up to: a folder on a host, or a bucket. */
export type Copy = {
  readonly place: BackupPlace;
  /** What it is cited by. */
  readonly seen: Seen<unknown>;
  /** What was not seen of it, where that could be newer. */
  readonly unread: Text | undefined;
  readonly tools: readonly string[];
  readonly bucket?: Seen<Buckets>;
};

/** The folders of all hosts. */
export function foldersIn(backups: readonly Seen<Backups>[]): Copy[] {
  return backups.flatMap((host) =>
    host.value.places.map((place) => ({
      place,
      seen: host,
      unread: host.value.unread.length > 0 ? unreadText(host.value.unread) : undefined,
      tools: [...host.value.jobs.map(({ tool }) => tool), ...host.value.agents],
    })),
  );
}

/** The buckets that are declared to hold backups. */
export function bucketsIn(buckets: readonly Seen<Buckets>[]): Copy[] {
  return buckets
    .filter(({ value }) => value.backupsOf !== undefined)
    .map((bucket) => {
      const { unread, listing } = bucket.value;
      const lacking = unread.filter(({ part }) => part === 'objects');
      return {
        place: placeOf(bucket.value),
        seen: bucket,
        unread: listing?.partial ? unreadBucketText(lacking) : undefined,
        tools: [],
        bucket,
      };
    });
}

function placeOf(value: Buckets): BackupPlace {
  const { place: path, backupsOf, listing } = value;
  const { objects = 0, newestHours, namedHours, days = [] } = listing ?? {};
  return {
    path,
    ...(backupsOf === undefined ? {} : { of: backupsOf }),
    ...(listing ? {} : { problem: 'denied' as const }),
    form: 'files',
    count: objects,
    ...(newestHours === undefined ? {} : { newestHours }),
    ...(namedHours === undefined ? {} : { namedHours }),
    days,
    encrypted: encryptedIn(value),
  };
}

// What the store does not encrypt may be encrypted before it comes there: nothing is opened to see.
function encryptedIn({ heads, unread }: Buckets): BackupPlace['encrypted'] {
  const isUnread = unread.some(({ part }) => part === 'heads');
  return heads && heads.encrypted > 0 && heads.plain === 0 && !isUnread ? 'yes' : 'unknown';
}

/** Whether a bucket is served from a host that holds the data itself; where it is not known which do, from any of the platform. */
export function isBesideData(
  { value: { host, address } }: Seen<Buckets>,
  store: string,
  platform: readonly Seen<PlatformDeclaration>[],
  volumes: readonly Seen<Volumes>[],
): boolean {
  const holders = volumes
    .filter(({ value }) => value.data.some(({ of }) => of === store))
    .map(({ subject }) => subject);
  const hosts = platform.flatMap(({ value }) => value.hosts);
  const beside = holders.length > 0 ? hosts.filter(({ name }) => holders.includes(name)) : hosts;
  return beside.some(({ addresses }) =>
    addresses.some((each) => isSameAddress(each, address) || isSameAddress(each, host)),
  );
}
