import { z } from 'zod';
import type { BucketPart, Buckets } from '../../../evidence/database/buckets.ts';
import { printable } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
import { acl, blocksOf, grantsOf, isTrue, ownWritesOf } from './access.ts';
import { answered, type BucketClient } from './client.ts';
import { lifecycle, rulesOf } from './lifecycle.ts';
import { noPolicy, readPolicy } from './policy.ts';
import { element, errorCode, readXml, several, whole, words } from './xml.ts';

/** What is set for a bucket; a part that could not be read is absent, and named. */
export type Settings = Omit<Partial<Buckets>, 'unread' | 'everybody' | 'writers' | 'ownWrites'> &
  Pick<Buckets, 'unread' | 'everybody' | 'writers' | 'ownWrites'>;

// How stores say that nothing is set, each in its own words; every other 404 shows nothing.
const nothingSet: Readonly<Partial<Record<BucketPart, RegExp>>> = {
  lifecycle: /^NoSuchLifecycle(Configuration)?$/,
  encryption:
    /^(ServerSideEncryptionConfigurationNotFoundError|NoSuchEncryptionConfiguration|NoSuchServerSideEncryptionRule)$/,
  lock: /^(ObjectLockConfigurationNotFoundError|NoSuchObjectLockConfiguration|NoSuchWORMConfiguration)$/,
  replication: /^(ReplicationConfigurationNotFoundError|NoSuchReplicationConfiguration)$/,
  policy: /^NoSuchBucketPolicy$/,
};

const queries = {
  versioning: 'versioning',
  lifecycle: 'lifecycle',
  encryption: 'encryption',
  lock: 'object-lock',
  replication: 'replication',
  policy: 'policy',
  public: 'policyStatus',
  acl: 'acl',
} as const satisfies Partial<Record<BucketPart, string>>;

type Asked = keyof typeof queries;

const versioning = element({
  Status: z.enum(['Enabled', 'Suspended']).optional(),
  /** MinIO keeps no versions of these, and it is not looked up whether ours are among them. */
  ExcludedPrefixes: z.unknown().optional(),
  ExcludeFolders: z.unknown().optional(),
});

const encryption = element({
  Rule: several(
    element({ ApplyServerSideEncryptionByDefault: element({ SSEAlgorithm: z.string().optional() }).optional() }),
  ),
});

const lock = element({
  ObjectLockEnabled: z.string().optional(),
  Rule: element({
    DefaultRetention: element({
      Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
      Days: whole.optional(),
      Years: whole.optional(),
    }).optional(),
  }).optional(),
});

const replication = element({
  Rule: several(
    element({
      Status: z.string().optional(),
      Destination: element({ Bucket: words.optional(), Zone: words.optional(), Location: words.optional() }).optional(),
    }),
  ),
});

const policyStatus = element({ IsPublic: z.string() });
/** Asks for all that is set for a bucket, one part after another. */
export async function readSettings(client: BucketClient): Promise<Settings> {
  const unread: Buckets['unread'] = [];
  const part = async <T>(name: Asked, read: (text: string) => T, otherwise?: T): Promise<T | undefined> => {
    const what = `GET ?${queries[name]}`;
    try {
      const answer = await client.get({ [queries[name]]: '' });
      if (answer.status === 404 && otherwise !== undefined && nothingSet[name]?.test(errorCode(answer.text)))
        return otherwise;
      return read(answered(answer, what).text);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unread.push({ part: name, why: error.message });
      return undefined;
    }
  };
  const versions = await part('versioning', (text) => versioningOf(text));
  const rules = await part('lifecycle', (text) => rulesOf(readXml(text, 'LifecycleConfiguration', lifecycle)), []);
  const by = await part('encryption', encryptionOf, 'none');
  const locked = await part('lock', lockOf, { enabled: false });
  const copies = await part('replication', replicationOf, []);
  const policy = await part('policy', readPolicy, noPolicy);
  const status = await part('public', (text) => readXml(text, 'PolicyStatus', policyStatus).IsPublic);
  const grants = await part('acl', (text) => grantsOf(readXml(text, 'AccessControlPolicy', acl)));
  const blocked = await blocksOf(client);
  const ownWrites = await ownWritesOf(client, grants?.writers ?? [], policy?.writers ?? []);
  return {
    ...(versions ? { versioning: versions } : {}),
    ...(rules ? { rules } : {}),
    ...(by === undefined ? {} : { encryption: by }),
    ...(locked ? { lock: locked } : {}),
    ...(copies ? { replication: copies } : {}),
    ...(policy ? { deniesClear: policy.deniesClear } : {}),
    ...(status === undefined ? {} : { isPublic: isTrue(status) }),
    everybody: [
      ...new Set([
        ...(blocked.acl ? [] : (grants?.everybody ?? [])),
        ...(blocked.policy ? [] : (policy?.everybody ?? [])),
      ]),
    ],
    writers: [...new Set([...(grants?.writers ?? []), ...(policy?.writers ?? [])])].slice(0, 50),
    ownWrites,
    unread,
  };
}

function versioningOf(text: string): NonNullable<Buckets['versioning']> {
  const { Status, ...excluded } = readXml(text, 'VersioningConfiguration', versioning);
  if (Object.values(excluded).some((each) => each !== undefined && each !== 'false'))
    throw new Unavailable('unparsable', 'VersioningConfiguration: excluded prefixes');
  return Status === 'Enabled' ? 'enabled' : Status === 'Suspended' ? 'suspended' : 'off';
}

function encryptionOf(text: string): string {
  const { Rule } = readXml(text, 'ServerSideEncryptionConfiguration', encryption);
  const [by] = Rule.flatMap((each) => each.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? []);
  return by === undefined || by === '' ? 'none' : printable(by).slice(0, 60);
}

function lockOf(text: string): NonNullable<Buckets['lock']> {
  const { ObjectLockEnabled, Rule } = readXml(text, 'ObjectLockConfiguration', lock);
  const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
  return {
    enabled: ObjectLockEnabled === 'Enabled',
    ...(Mode ? { mode: Mode } : {}),
    ...(Days ? { days: Days } : {}),
    ...(Years ? { years: Years } : {}),
  };
}

function replicationOf(text: string): string[] {
  const { Rule } = readXml(text, 'ReplicationConfiguration', replication);
  return Rule.filter(({ Status }) => Status?.toLowerCase() !== 'disabled').map(({ Destination = {} }) => {
    const { Bucket, Zone, Location } = Destination;
    return printable([Bucket, Zone, Location].filter(Boolean).join(' ') || '?').slice(0, 200);
  });
}
