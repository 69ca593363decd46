import type { Buckets } from '../../evidence/database/buckets.ts';
import { dateIn } from '../../evidence/dates.ts';
import { expectedSubjects } from '../../evidence/subjects.ts';
import { declarationOf } from '../../platform-declaration.ts';
import { objectStoreOf } from '../../platform-object-stores.ts';
import { printable } from '../../text.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { type BucketClient, bucketClient } from './buckets/client.ts';
import { headsOf } from './buckets/heads.ts';
import { type ListedAll, listingOf, listObjects } from './buckets/listing.ts';
import { readSettings, type Settings } from './buckets/settings.ts';

/** Seconds of one request. */
const seconds = 30;

/** Ages and sizes of the objects in each bucket, and what is set to keep, delete, encrypt and share them. Reads by GET and HEAD only. */
export const buckets = defineCollector({
  id: 'database/buckets',
  kind: 'buckets',
  subjects: (platform) => expectedSubjects('object-store', declarationOf(platform)),
  async collect(subject, { platform, gate, signal, now, secrets }) {
    const store = platform.objectStores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    const client = await bucketClient(store, { platform, gate, signal, secrets, now, seconds });
    // The first question: a bucket that is not there, or a key that is not taken, is so for every other.
    const first = await client.get({ versioning: '' });
    const unread: Buckets['unread'] = [];
    const all = await listed(client, store.prefix, now);
    const settings = await readSettings(client);
    if (all instanceof Unavailable && isNothing(settings)) throw all;
    const why = all instanceof Unavailable ? all.message : all.why;
    if (why !== undefined) unread.push({ part: 'objects', why: printable(why).slice(0, 200) });
    const objects = all instanceof Unavailable ? undefined : all;
    const heads = objects ? await headsOf(client, objects.objects, unread) : undefined;
    const { name: _, ...declared } = objectStoreOf(store);
    const { host, address, channel } = client;
    const server = first.headers.server;
    const at = now();
    return {
      value: {
        ...declared,
        host,
        address,
        channel,
        ...(first.protocol ? { tls: first.protocol } : {}),
        ...(server ? { server: printable(String(server)).slice(0, 100) } : {}),
        today: dateIn(at, platform.timeZone),
        ...(objects ? { listing: listingOf(objects, at, platform.timeZone) } : {}),
        ...settings,
        ...(heads ? { heads } : {}),
        unread: [...unread, ...settings.unread],
      },
      method: client.asked().join(', ').slice(0, 2000),
    };
  },
});

async function listed(client: BucketClient, prefix: string, now: () => Date): Promise<ListedAll | Unavailable> {
  try {
    return await listObjects(client, prefix, now);
  } catch (error) {
    if (!(error instanceof Unavailable) || error.reason === 'not-found') throw error;
    return error;
  }
}

// All that is always there is one of these.
function isNothing({
  versioning,
  rules,
  encryption,
  lock,
  replication,
  deniesClear,
  isPublic,
  writers,
}: Settings): boolean {
  const known = [versioning, rules, encryption, lock, replication, deniesClear, isPublic];
  return known.every((each) => each === undefined) && writers.length === 0;
}
