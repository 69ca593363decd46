import { z } from 'zod';
import { placeOfUrl } from './platform-log-stores.ts';

const name = z.string().min(1).max(200);
const plain = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, { error: '不得含控制字符 | must hold no control character' });

/** Never the secret itself: `prompt`, or the environment variable that holds it. */
const secret = z.union([
  z.literal('prompt'),
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_]\w{0,99}$/, { error: '须为环境变量名 | must be the name of an environment variable' }),
  }),
]);

/** What the objects of a bucket are, as the unit says. */
export const bucketHoldings = ['transactions', 'payments', 'invoices', 'audit-records', 'other'] as const;

/** A bucket, or a part of one, behind an S3 interface: MinIO, Ceph, OSS, COS, OBS. */
export const objectStoreSchema = z
  .strictObject({
    name,
    engine: z.literal('s3').default('s3'),
    /** `https://10.0.0.9:9000`; `http` is read, and said to be in clear text. */
    url: z.string().max(300),
    /** As the signature names it; MinIO and Ceph take `us-east-1` unless told otherwise. */
    region: z
      .string()
      .regex(/^[\w-]{1,60}$/)
      .default('us-east-1'),
    bucket: z.string().regex(/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/, { error: '不是存储桶名 | is no name of a bucket' }),
    /** Only objects whose keys begin so are looked at. */
    prefix: plain(1000).default(''),
    /** Where the bucket's name stands: in the path, or before the host's name, as OSS and COS want it. */
    style: z.enum(['path', 'host']).default('path'),
    accessKey: z.strictObject({ id: secret, secret, token: secret.optional() }),
    /** PEM file of a private certificate authority; without it the public ones hold. */
    authority: z.string().min(1).max(4096).optional(),
    /** The certificate is not verified; said of all that is read. */
    unverified: z.literal(true).optional(),
    /** Files of tax data. */
    holds: z.array(z.enum(bucketHoldings)).min(1).max(5).optional(),
    /** Backups of the store of this name. */
    backupsOf: name.optional(),
  })
  .superRefine((store, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    const place = placeOfUrl(store.url);
    if (place?.path !== '')
      wrong(
        'url',
        '须为 http(s)://主机:端口，不含路径和参数 | must be http(s)://host:port, without path or parameters',
      );
    if ((store.holds === undefined) === (store.backupsOf === undefined))
      wrong('holds', 'holds 与 backupsOf 写其一 | give either holds or backupsOf');
    if (store.style === 'host' && place && /^[\d.]+$|:/.test(place.host))
      wrong('style', '以 IP 地址访问时须为 path | must be path where the host is an address');
  });

export type DeclaredObjectStore = z.output<typeof objectStoreSchema>;

/** The host that is contacted: with the bucket's name before it where the store wants it so. */
export function bucketHost({ url, style, bucket }: DeclaredObjectStore): string {
  const { host } = placeOfUrl(url) ?? { host: '' };
  return style === 'host' ? `${bucket}.${host}` : host;
}

/** A bucket with its prefix, as evidence and reports name it. */
export function bucketPlace({ bucket, prefix }: Pick<DeclaredObjectStore, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}/${prefix}`;
}

/** What is declared of a bucket, as evidence carries it: no key, no name of a variable. */
export function objectStoreOf(store: DeclaredObjectStore): {
  name: string;
  place: string;
  holds: string[];
  backupsOf?: string;
} {
  const { name: called, holds = [], backupsOf } = store;
  return {
    name: called,
    place: bucketPlace(store),
    holds: [...holds],
    ...(backupsOf === undefined ? {} : { backupsOf }),
  };
}
