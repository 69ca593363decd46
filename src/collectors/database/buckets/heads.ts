import type { Buckets } from '../../../evidence/database/buckets.ts';
import { Unavailable } from '../../collector.ts';
import { answered, type BucketClient } from './client.ts';
import type { Listed } from './listing.ts';

/** Objects whose encryption is asked for: of the newest, of the oldest, and of those between. */
const samples = { newest: 10, oldest: 10, between: 20 } as const;

/** AWS, MinIO and Ceph say it by the first; OSS, COS and OBS by names of their own. */
const sseHeaders = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-oss-server-side-encryption',
  'x-cos-server-side-encryption',
  'x-obs-server-side-encryption',
] as const;

/** Whether an object is stored encrypted. The right to read objects is needed for this alone, and may well be withheld. */
export async function headOf(client: BucketClient, key: string): Promise<'encrypted' | 'plain' | 'gone' | Unavailable> {
  try {
    const { headers } = answered(await client.head(key), 'HEAD');
    return sseHeaders.some((name) => headers[name] !== undefined && headers[name] !== '') ? 'encrypted' : 'plain';
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return error.reason === 'not-found' ? 'gone' : error;
  }
}

/** How many of a sample of the objects are stored encrypted; why not all of it could be asked about is added to what is unread. */
export async function headsOf(
  client: BucketClient,
  objects: readonly Listed[],
  unread: Buckets['unread'],
): Promise<Buckets['heads']> {
  const heads = { asked: 0, encrypted: 0, plain: 0 };
  for (const { key } of sampleOf(objects)) {
    heads.asked += 1;
    const head = await headOf(client, key);
    if (head instanceof Unavailable) {
      // What is refused once is refused.
      unread.push({ part: 'heads', why: head.message });
      return heads.encrypted + heads.plain > 0 ? heads : undefined;
    }
    if (head !== 'gone') heads[head] += 1;
  }
  return heads.asked > 0 ? heads : undefined;
}

function sampleOf(objects: readonly Listed[]): Listed[] {
  const sorted = objects.filter(({ bytes }) => bytes > 0).toSorted((one, other) => one.written - other.written);
  const step = Math.max(1, Math.floor(sorted.length / samples.between));
  return [
    ...new Set([
      ...sorted.slice(-samples.newest),
      ...sorted.slice(0, samples.oldest),
      ...sorted.filter((_, index) => index % step === 0).slice(0, samples.between),
    ]),
  ];
}
