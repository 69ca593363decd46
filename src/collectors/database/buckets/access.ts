import { z } from 'zod';
import type { Buckets } from '../../../evidence/database/buckets.ts';
import { printable } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
import { answered, type BucketClient } from './client.ts';
import { element, readXml, several, words } from './xml.ts';

/** `GET ?acl`. */
export const acl = element({
  Owner: element({ ID: words.optional() }).optional(),
  AccessControlList: element({
    Grant: several(
      element({
        Grantee: element({ ID: words.optional(), URI: words.optional() }).optional(),
        Permission: z.string().optional(),
      }),
    ),
  }),
});

const account = element({ Owner: element({ ID: words.optional() }).optional() });

const blocks = element({ IgnorePublicAcls: z.string().optional(), RestrictPublicBuckets: z.string().optional() });

/** Where the store has such a switch, what opens a bucket to anybody is without effect; where it has none, nothing is missing. */
export async function blocksOf(client: BucketClient): Promise<{ acl: boolean; policy: boolean }> {
  try {
    const { text } = answered(await client.get({ publicAccessBlock: '' }), 'GET ?publicAccessBlock');
    const { IgnorePublicAcls, RestrictPublicBuckets } = readXml(text, 'PublicAccessBlockConfiguration', blocks);
    return { acl: isTrue(IgnorePublicAcls), policy: isTrue(RestrictPublicBuckets) };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { acl: false, policy: false };
  }
}

/** Whether a word of XML says yes. */
export function isTrue(word: string | undefined): boolean {
  return word?.toLowerCase() === 'true';
}

/** What the list of grants lets others do. */
export function grantsOf({
  Owner,
  AccessControlList: { Grant },
}: z.output<typeof acl>): Pick<Buckets, 'everybody' | 'writers'> {
  const access = (permission = ''): ('read' | 'write')[] =>
    permission === 'FULL_CONTROL'
      ? ['read', 'write']
      : /^WRITE/.test(permission)
        ? ['write']
        : /^READ$/.test(permission)
          ? ['read']
          : [];
  const open = Grant.filter(({ Grantee }) => /\/(AllUsers|AuthenticatedUsers)$/.test(Grantee?.URI ?? ''));
  const writing = Grant.filter(({ Permission }) => access(Permission).includes('write'));
  const names = [Owner?.ID, ...writing.map(({ Grantee }) => Grantee?.ID ?? Grantee?.URI)];
  return {
    everybody: [...new Set(open.flatMap(({ Permission }) => access(Permission)))],
    writers: [...new Set(names.flatMap((each) => (each ? printable(each).slice(0, 200) : [])))],
  };
}

/** Why the account seems able to write: nothing is written to find out, it is only looked for where writers are named. */
export async function ownWritesOf(
  client: BucketClient,
  granted: readonly string[],
  allowed: readonly string[],
): Promise<string[]> {
  if (!client.owner) return [];
  try {
    const { Owner } = readXml(answered(await client.owner(), 'GET /').text, 'ListAllMyBucketsResult', account);
    const id = Owner?.ID ?? '';
    if (id === '') return [];
    const isNamed = (name: string): boolean => name === id || name.endsWith(`/${id}`);
    return [...(granted.includes(id) ? ['acl'] : []), ...(allowed.some(isNamed) ? ['policy'] : [])];
  } catch (error) {
    if (error instanceof Unavailable) return [];
    throw error;
  }
}
