import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { buckets } from '../../src/collectors/database/buckets.ts';
import { type Buckets, buckets as kind } from '../../src/evidence/database/buckets.ts';
import { createGate, type Gate } from '../../src/gate.ts';
import { declaredTargets, type Platform, platformSchema } from '../../src/platform.ts';
import { createScope } from '../../src/scope.ts';
import { opened } from './http-stores.ts';

/** What a store answers: XML, or whatever else it likes. */
export type Given = {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly cut?: true;
};

/** An answer to each question by the first of its parameters, `HEAD`, or `/` for the account; a function gets the others. */
export type Answers = Readonly<Record<string, Given | ((parameters: URLSearchParams, path: string) => Given)>>;

export const refusal = (status: number, code: string, more = ''): Given => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>hunter2</Message>${more}</Error>`,
});

/** A page of the list of objects. */
export function page(objects: readonly { key: string; at: string; bytes?: number }[], token?: string): Given {
  const contents = objects.map(
    ({ key, at, bytes = 100 }) =>
      `<Contents><Key>${encodeURIComponent(key)}</Key><LastModified>${at}</LastModified><ETag>&quot;x&quot;</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const more = token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`;
  return {
    body: `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>tax</Name><EncodingType>url</EncodingType><IsTruncated>${token !== undefined}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`,
  };
}

/** A bucket on which nothing is set, by the reference of Amazon S3; two objects are in it. */
export const bare: Answers = {
  versioning: { body: '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' },
  'list-type': page([
    { key: 'invoices/2026-10/发票 1+.xml', at: '2026-10-01T02:00:00.000Z' },
    { key: 'invoices/2026-11/2.xml', at: '2026-11-22T02:00:00.000Z', bytes: 300 },
  ]),
  lifecycle: refusal(404, 'NoSuchLifecycleConfiguration'),
  encryption: refusal(404, 'ServerSideEncryptionConfigurationNotFoundError'),
  'object-lock': refusal(404, 'ObjectLockConfigurationNotFoundError'),
  replication: refusal(404, 'ReplicationConfigurationNotFoundError'),
  policy: refusal(404, 'NoSuchBucketPolicy'),
  policyStatus: { body: '<PolicyStatus><IsPublic>FALSE</IsPublic></PolicyStatus>' },
  publicAccessBlock: refusal(404, 'NoSuchPublicAccessBlockConfiguration'),
  acl: {
    body: '<AccessControlPolicy><Owner><ID>o1</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="urn:x" xsi:type="CanonicalUser"><ID>o1</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>',
  },
  '/': { body: '<ListAllMyBucketsResult><Owner><ID>r1</ID></Owner><Buckets/></ListAllMyBucketsResult>' },
  HEAD: { headers: { 'content-length': '100' } },
};

/** Serves a bucket `tax` on loopback; `asked` is what came, `offences` what a reader does not ask. */
export async function serveBucket(answers: Answers, tls?: { key: string; cert: string }) {
  const asked: string[] = [];
  const offences: string[] = [];
  const listener: RequestListener = ({ method = '', url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://store');
    asked.push(`${method} ${url}`);
    const isSigned = /^AWS4-HMAC-SHA256 Credential=ID\//.test(headers.authorization ?? '');
    if (!['GET', 'HEAD'].includes(method) || !isSigned || headers['content-length'] !== undefined)
      offences.push(`${method} ${url}`);
    const name = method === 'HEAD' ? 'HEAD' : pathname === '/' ? '/' : ([...searchParams.keys()][0] ?? '');
    const answer = answers[name];
    const given = typeof answer === 'function' ? answer(searchParams, pathname) : answer;
    if (!given) offences.push(`${method} ${url}`);
    const { status = 200, body = '', headers: more = {}, cut } = given ?? { status: 404 };
    const length = Buffer.byteLength(body) + (cut ? 100 : 0);
    response.writeHead(status, {
      'content-type': 'application/xml',
      server: 'test',
      'content-length': `${length}`,
      ...more,
    });
    if (cut) response.write(body, () => response.destroy());
    else response.end(body);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  return { ...(await opened(server, tls ? 'https' : 'http')), asked, offences };
}

/** A platform with one bucket; it is `tax`, below `invoices/`, unless it says otherwise. */
export function platformWithBucket(url: string, more: object = {}): Platform {
  const file = platformSchema.parse({
    profile: 'self-use',
    unit: { name: '单位', creditCode: 'x' },
    platform: { name: '平台', mode: 'self-use', since: '2025-06-01' },
    objectStores: [
      {
        name: 'archive',
        url,
        bucket: 'tax',
        prefix: 'invoices/',
        holds: ['invoices'],
        accessKey: { id: { env: 'S3_ID' }, secret: { env: 'S3_SECRET' } },
        ...more,
      },
    ],
  });
  return { ...file, folder: '/' };
}

/** Reads the bucket of a platform as of a moment. */
export async function readBucket(
  platform: Platform,
  {
    at = new Date('2026-11-22T04:00:00Z'),
    id = 'ID',
    secret = 'hunter3',
  }: { at?: Date; id?: string; secret?: string } = {},
  gate: Gate = createGate(createScope(declaredTargets(platform), platform.taxAuthority), () => at),
): Promise<{ value: Buckets; method: string }> {
  if (buckets.by !== 'calls') throw new Error('it is collected by calls');
  const environment: Readonly<Record<string, string>> = { S3_ID: id, S3_SECRET: secret };
  const { value, method } = await buckets.collect('archive', {
    platform,
    gate,
    signal: new AbortController().signal,
    now: () => at,
    secrets: async ({ env = '' }) => environment[env],
  });
  return { value: kind.value.parse(value), method };
}
