import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { packageRoot } from '../../src/package-root.ts';
import { platformWithBucket, readBucket } from '../support/bucket-server.ts';
import { type Ceph, keys, startCeph } from '../support/ceph.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';

const mint = createMint();
const root = mint.issue('root', undefined, { isAuthority: true });
let ceph: Ceph;

const lifecycle = (rules: string): [string, Record<string, string>] => {
  const body = `<LifecycleConfiguration>${rules}</LifecycleConfiguration>`;
  return [body, { 'content-type': 'application/xml', 'content-md5': createHash('md5').update(body).digest('base64') }];
};
const rule = (id: string, inner: string): string => `<Rule><ID>${id}</ID><Status>Enabled</Status>${inner}</Rule>`;
/** The example for such a store, for the account of the test; what stands in it is all that a scan needs. Ceph 16 refuses an action that it does not know. */
const policy = (bucket: string, ...more: object[]): string => {
  const text = readFileSync(join(packageRoot, 'examples/object-stores/s3-bucket-policy.json'), 'utf8');
  const { Version, Statement } = z
    .object({ Version: z.string(), Statement: z.array(z.unknown()) })
    .parse(
      JSON.parse(
        text
          .replaceAll('BUCKET', bucket)
          .replaceAll('user/leqi-audit', 'user/reader')
          .replace('"s3:GetEncryptionConfiguration",', ''),
      ),
    );
  return JSON.stringify({ Version, Statement: [...Statement, ...more] });
};

beforeAll(async () => {
  ceph = await startCeph(mint.issue('s3', root));
  const xml = { 'content-type': 'application/xml' };
  await ceph.write('PUT', '/tax');
  for (let count = 0; count < 3; count += 1)
    await ceph.write('PUT', `/tax/invoices/${encodeURIComponent('发票 &+')}${count}.xml`, 'x'.repeat(100), {
      'content-type': 'text/plain',
    });
  await ceph.write('PUT', '/tax/logs/1', 'x');
  const days = '<Expiration><Days>365</Days></Expiration>';
  await ceph.write(
    'PUT',
    '/tax?lifecycle',
    ...lifecycle(
      rule('purge', `<Filter><Prefix>invoices/</Prefix></Filter>${days}`) +
        rule(
          'logs',
          `<Filter><And><Prefix>logs/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>${days}`,
        ),
    ),
  );
  await ceph.write('PUT', '/tax?policy', policy('tax'), { 'content-type': 'application/json' });
  await ceph.write('PUT', '/locked', '', { 'x-amz-bucket-object-lock-enabled': 'true' });
  await ceph.write(
    'PUT',
    '/locked?object-lock',
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
    xml,
  );
  await ceph.write(
    'PUT',
    '/locked?policy',
    policy('locked', {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::locked', 'arn:aws:s3:::locked/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    { 'content-type': 'application/json' },
  );
  await ceph.write('PUT', '/dumps');
  await ceph.write('PUT', '/dumps/orders-20200101.dump', 'x'.repeat(5000));
  await ceph.write('PUT', '/dumps?policy', policy('dumps'), { 'content-type': 'application/json' });
}, 120_000);
afterAll(async () => {
  await ceph.remove();
  mint.remove();
});

const bucket = (more: object = {}) =>
  platformWithBucket(`https://127.0.0.1:${ceph.port}`, { authority: root.file, ...more });
const reader = () => ({ at: new Date(), ...keys.reader });

test('Ceph shows a bucket to an account that only reads', async () => {
  const { value } = await readBucket(bucket(), reader());
  expect(value).toMatchObject({
    channel: 'tls',
    tls: 'TLSv1.3',
    listing: { objects: 3, bytes: 300, partial: false },
    versioning: 'off',
    rules: [
      { name: 'logs', prefix: 'logs/', narrowed: true, expires: { days: 365 } },
      { name: 'purge', prefix: 'invoices/', narrowed: false, expires: { days: 365 } },
    ],
    heads: { asked: 3, encrypted: 0, plain: 3 },
    lock: { enabled: false },
    replication: [],
    everybody: [],
    writers: ['owner'],
    ownWrites: [],
    deniesClear: false,
    // This version does not know encryption by default, and sends the list of objects instead.
    unread: [{ part: 'encryption', why: 'no ServerSideEncryptionConfiguration' }],
  });
  expect((await readBucket(bucket(), { at: new Date(), ...keys.owner })).value.ownWrites).toEqual(['acl']);
});

test('locks, versions and a policy against clear text', async () => {
  const { value } = await readBucket(bucket({ bucket: 'locked', prefix: '' }), reader());
  expect(value).toMatchObject({
    versioning: 'enabled',
    lock: { enabled: true, mode: 'COMPLIANCE', days: 30 },
    deniesClear: true,
    rules: [],
  });
});

test('a page at a time, and what is denied', async () => {
  const wrong = { at: new Date(), id: keys.reader.id, secret: 'wrong' };
  await expect(readBucket(bucket(), wrong)).rejects.toMatchObject({
    reason: 'denied',
    message: expect.stringContaining('SignatureDoesNotMatch'),
  });
  await expect(readBucket(bucket(), { ...wrong, id: 'NOBODY' })).rejects.toMatchObject({
    message: expect.stringContaining('InvalidAccessKeyId'),
  });
  await expect(readBucket(bucket(), { ...reader(), at: new Date(Date.now() - 3_600_000) })).rejects.toMatchObject({
    message: expect.stringContaining('RequestTimeTooSkewed'),
  });
  await expect(readBucket(bucket({ bucket: 'nowhere' }), reader())).rejects.toMatchObject({ reason: 'not-found' });
  await expect(readBucket(bucket({ authority: undefined }), reader())).rejects.toMatchObject({ reason: 'failed' });
});

test('a scan finds the early rule, and only reads', { timeout: 120_000 }, async () => {
  const store = (name: string, rest: string): string =>
    `  - { name: ${name}, url: 'https://127.0.0.1:${ceph.port}', authority: ${root.file}, accessKey: { id: { env: S3_ID }, secret: { env: S3_SECRET } }, ${rest} }`;
  const yaml = `profile: qingdao-joint-use
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: joint-use, since: 2024-01-01 }
objectStores:
${store('archive', 'bucket: tax, prefix: invoices/, holds: [invoices]')}
${store('dumps', 'bucket: dumps, backupsOf: orders')}
`;
  await inFolder({ 'platform.yaml': yaml }, async (at) => {
    const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--origin', 'database'];
    const env = { S3_ID: keys.reader.id, S3_SECRET: keys.reader.secret };
    const ended = await runCli(['scan', ...args, '--json'], { env });
    expect(ended.status, ended.stderr).toBe(1);
    const { requirements } = assessmentSchema.parse(JSON.parse(ended.stdout));
    const said = (check: string): string[] =>
      [
        ...new Set(
          requirements.flatMap(({ findings }) =>
            findings
              .filter((each) => each.check === check && ['archive', 'orders'].includes(each.subject))
              .map((each) => `${each.outcome} ${each.says}`),
          ),
        ),
      ].toSorted();
    expect(said('data/retention')).toEqual(['unmet bucketExpiresEarly', 'unproven bucketYoung']);
    expect(said('data/encryption-at-rest')).toEqual(['unproven bucketPlain']);
    expect(said('data/change-rights')).toEqual(['unproven bucketMaybePublic', 'unproven bucketRights']);
    expect(said('data/backups')).toContain('unproven namedOlder');
    for (const file of (await readdir(at('out'), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    ))
      expect(await readFile(join(file.parentPath, file.name), 'latin1'), file.name).not.toContain(keys.reader.secret);
  });
  const methods = ceph.log().map((line) => /"(\w+) /.exec(line)?.[1]);
  expect(methods.length).toBeGreaterThan(50);
  expect([...new Set(methods)].toSorted()).toEqual(['GET', 'HEAD']);
});
