import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { ScopeError } from '../../../src/errors.ts';
import {
  type Answers,
  bare,
  page,
  platformWithBucket,
  readBucket,
  refusal,
  serveBucket,
} from '../../support/bucket-server.ts';
import { createMint } from '../../support/certificates.ts';
import { opened } from '../../support/http-stores.ts';

const mint = createMint();
afterAll(() => mint.remove());

/** Reads a bucket that answers so; none of what was asked writes, none of what comes back is a secret. */
async function read(answers: Answers, more: object = {}) {
  await using server = await serveBucket({ ...bare, ...answers });
  const ended = await readBucket(platformWithBucket(server.url, more)).then(
    ({ value }) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  expect(server.offences).toEqual([]);
  const told = ended.error instanceof Error ? ended.error.message : JSON.stringify(ended.value);
  expect(told).not.toMatch(/hunter/);
  return { ...ended, asked: server.asked };
}

describe('a bucket', () => {
  test('on which nothing is set', async () => {
    const { value, asked } = await read({});
    expect(value).toEqual({
      place: 's3://tax/invoices/',
      holds: ['invoices'],
      host: '127.0.0.1',
      address: '127.0.0.1',
      channel: 'clear',
      server: 'test',
      today: '2026-11-22',
      listing: {
        objects: 2,
        bytes: 400,
        partial: false,
        oldest: '2026-10-01',
        newest: '2026-11-22',
        newestHours: 2,
        months: { '2026-10': 1, '2026-11': 1 },
        days: [
          { daysAgo: 0, bytes: 300 },
          { daysAgo: 52, bytes: 100 },
        ],
      },
      versioning: 'off',
      rules: [],
      encryption: 'none',
      heads: { asked: 2, encrypted: 0, plain: 2 },
      lock: { enabled: false },
      replication: [],
      deniesClear: false,
      isPublic: false,
      everybody: [],
      writers: ['o1'],
      ownWrites: [],
      unread: [],
    });
    expect(asked.filter((each) => each.startsWith('HEAD'))).toContain(
      'HEAD /tax/invoices/2026-10/%E5%8F%91%E7%A5%A8%201%2B.xml',
    );
  });

  // By the reference of Amazon S3.
  test('on which all is set', async () => {
    const { value } = await read({
      versioning: { body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' },
      encryption: {
        body: '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:x</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
      },
      'object-lock': {
        body: '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>3</Years></DefaultRetention></Rule></ObjectLockConfiguration>',
      },
      replication: {
        body: '<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::dr</Bucket></Destination></Rule><Rule><Status>Disabled</Status><Destination><Bucket>old</Bucket></Destination></Rule></ReplicationConfiguration>',
      },
      policy: {
        body: '{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/r1"]},"Action":"s3:*","Resource":"*"}]}',
      },
      acl: {
        body: '<AccessControlPolicy><Owner><ID>r1</ID></Owner><AccessControlList><Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
      },
      HEAD: { headers: { 'x-amz-server-side-encryption': 'aws:kms' } },
    });
    expect(value).toMatchObject({
      versioning: 'enabled',
      encryption: 'aws:kms',
      heads: { asked: 2, encrypted: 2, plain: 0 },
      lock: { enabled: true, mode: 'COMPLIANCE', years: 3 },
      replication: ['arn:aws:s3:::dr'],
      everybody: ['read'],
      writers: ['r1', 'arn:aws:iam:::user/r1'],
      ownWrites: ['acl', 'policy'],
      unread: [],
    });
  });

  test('that is open, but for a switch over it', async () => {
    const everybody = '<Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>';
    const { value } = await read({
      acl: {
        body: `<AccessControlPolicy><AccessControlList><Grant>${everybody}<Permission>WRITE</Permission></Grant></AccessControlList></AccessControlPolicy>`,
      },
      policy: { body: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}' },
      publicAccessBlock: {
        body: '<PublicAccessBlockConfiguration><IgnorePublicAcls>true</IgnorePublicAcls><RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
      },
    });
    expect(value?.everybody).toEqual(['read']);
  });

  test('of backups bears the days that its keys name', async () => {
    const list = page([
      { key: 'db/20260301-0200.dump', at: '2026-11-22T02:00:00Z' },
      { key: 'db/2026-02-28.dump', at: '2026-11-22T03:00:00Z' },
      { key: 'db/', at: '2026-11-22T03:30:00Z', bytes: 0 },
    ]);
    const { value } = await read({ 'list-type': list }, { prefix: 'db/', holds: undefined, backupsOf: 'orders' });
    // From the end of 1 March in Shanghai.
    expect(value).toMatchObject({
      backupsOf: 'orders',
      holds: [],
      listing: { objects: 2, newestHours: 1, namedHours: 6372 },
    });
  });
});

const denied = refusal(403, 'AccessDenied');

describe('what could not be read is named', () => {
  test.each<[string, Answers, string, string]>([
    ['denied', { lifecycle: denied }, 'lifecycle', 'GET ?lifecycle: HTTP 403 AccessDenied'],
    [
      'not known to the program',
      { encryption: refusal(501, 'NotImplemented') },
      'encryption',
      'HTTP 501 NotImplemented',
    ],
    ['answered by the list of objects', { 'object-lock': page([]) }, 'lock', 'no ObjectLockConfiguration'],
    ['404 for another reason', { replication: refusal(404, 'NoSuchSomething') }, 'replication', '404 NoSuchSomething'],
    [
      'versions of some prefixes only',
      {
        versioning: {
          body: '<VersioningConfiguration><Status>Enabled</Status><ExcludedPrefixes><Prefix>x</Prefix></ExcludedPrefixes></VersioningConfiguration>',
        },
      },
      'versioning',
      'excluded prefixes',
    ],
    ['a page of HTML', { policyStatus: { body: '<html>login</html>' } }, 'public', 'no PolicyStatus'],
    ['half an answer', { acl: { body: '<AccessControlPolicy><Owner>', cut: true } }, 'acl', 'ECONNRESET'],
    ['too much', { policy: { body: ' '.repeat(8 * 1024 * 1024 + 1) } }, 'policy', '> 8388608 B'],
    ['slowed down', { versioning: refusal(503, 'SlowDown') }, 'versioning', 'HTTP 503 SlowDown'],
    [
      'pointed elsewhere',
      { lifecycle: { status: 307, headers: { location: 'http://127.0.0.1:1/' } } },
      'lifecycle',
      'not followed',
    ],
    ['objects that may not be read', { HEAD: { status: 403 } }, 'heads', 'HEAD: HTTP 403'],
  ])('%s', async (_, answers, part, why) => {
    const { value } = await read(answers);
    expect(value?.unread).toEqual([{ part, why: expect.stringContaining(why) }]);
    expect(value?.listing?.objects).toBe(2);
  });

  test('the list alone is denied', async () => {
    const { value } = await read({ 'list-type': denied });
    expect(value).toMatchObject({
      rules: [],
      unread: [{ part: 'objects', why: expect.stringContaining('AccessDenied') }],
    });
    expect(value).not.toHaveProperty('listing');
  });
});

const all = (given: Answers[string]): Answers => Object.fromEntries(Object.keys(bare).map((name) => [name, given]));

describe('nothing is observed where', () => {
  test.each<[string, Answers, string, string]>([
    ['all is denied', all(denied), 'denied', 'AccessDenied'],
    ['there is no such bucket', all(refusal(404, 'NoSuchBucket')), 'not-found', 'NoSuchBucket'],
    ['the key is not known', all(refusal(403, 'InvalidAccessKeyId')), 'denied', 'InvalidAccessKeyId'],
    ['clocks differ', all(refusal(403, 'RequestTimeTooSkewed')), 'denied', 'RequestTimeTooSkewed'],
    [
      'the region is another',
      all(refusal(400, 'AuthorizationHeaderMalformed', '<Region>cn-north-1</Region>')),
      'failed',
      'AuthorizationHeaderMalformed',
    ],
    ['it is no object store', all({ body: '{"name":"es"}' }), 'unparsable', 'no ListBucketResult'],
  ])('%s', async (_, answers, reason, says) => {
    const { error } = await read(answers);
    expect(error).toMatchObject({ reason, message: expect.stringContaining(says) });
  });

  test('it points to another host, which hears nothing', async () => {
    let visits = 0;
    await using other = await opened(createServer((_, response) => void response.end(String(++visits))));
    const { error, asked } = await read(all({ status: 301, headers: { location: `${other.url}/tax` } }));
    expect(error).toMatchObject({ reason: 'failed', message: expect.stringContaining('not followed') });
    expect([visits, asked.length]).toEqual([0, 1]);
  });

  test('its host is not declared, or the tax authority’s', async () => {
    await expect(
      readBucket(platformWithBucket('https://oss.chinatax.gov.cn', { style: 'host' })),
    ).rejects.toBeInstanceOf(ScopeError);
  });

  test('a secret is missing', async () => {
    await using server = await serveBucket(bare);
    await expect(readBucket(platformWithBucket(server.url), { secret: '' })).rejects.toMatchObject({
      reason: 'denied',
      message: expect.stringContaining('S3_SECRET'),
    });
    expect(server.asked).toEqual([]);
  });

  test('its certificate is not trusted, unless that is declared', async () => {
    const leaf = mint.issue('s3', undefined);
    await using server = await serveBucket(bare, { key: leaf.key, cert: leaf.cert });
    await expect(readBucket(platformWithBucket(server.url))).rejects.toMatchObject({ reason: 'failed' });
    const { value } = await readBucket(platformWithBucket(server.url, { unverified: true }));
    expect(value).toMatchObject({ channel: 'unverified', tls: 'TLSv1.3' });
  });
});

describe('the list of objects', () => {
  const one = (key: string) => [{ key: `invoices/${key}`, at: '2026-10-01T02:00:00Z' }];
  test('goes over pages', async () => {
    const { value } = await read({
      'list-type': (asked) =>
        asked.get('continuation-token') === 'a b+/=' ? page(one('2')) : page(one('1'), 'a b+/='),
    });
    expect(value?.listing).toMatchObject({ objects: 2, partial: false });
  });

  test.each<[string, Answers['list-type'], number, string]>([
    ['the same page for ever', page(one('1'), 'same'), 2, 'the same page again'],
    [
      'no token where there is more',
      { body: page(one('1'), 'x').body?.replace(/<Next.*Token>/, '') ?? '' },
      1,
      'no token',
    ],
    [
      'a page that is refused',
      (asked) => (asked.has('continuation-token') ? refusal(503, 'SlowDown') : page(one('1'), 'x')),
      1,
      'SlowDown',
    ],
    [
      'a page of other keys',
      (asked) =>
        asked.has('continuation-token') ? page([{ key: 'etc/x', at: '2026-10-01T02:00:00Z' }]) : page(one('1'), 'x'),
      1,
      'keys of another prefix',
    ],
  ])('%s: what came counts, and it is said that there is more', async (_, list, objects, why) => {
    const { value } = await read({ 'list-type': list });
    expect(value?.listing).toMatchObject({ objects, partial: true });
    expect(value?.unread).toEqual([{ part: 'objects', why: expect.stringContaining(why) }]);
  });

  test('pages without end', async () => {
    let count = 0;
    const { value } = await read({ 'list-type': () => page(one(String(++count)), `t${count}`) });
    expect(value?.listing).toMatchObject({ objects: 200, partial: true });
    expect(value?.heads?.asked).toBe(38);
  });

  test.each<[string, string]>([
    ['a day that is none', 'yesterday'],
    ['no day', ''],
  ])('an object written on %s makes it unread', async (_, at) => {
    const { value } = await read({ 'list-type': page([{ key: 'invoices/1', at }]) });
    expect(value?.unread).toMatchObject([{ part: 'objects' }]);
  });
});
