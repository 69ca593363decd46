import { expect, test } from 'vitest';
import { type Answers, bare, refusal, serveBucket } from '../support/bucket-server.ts';
import { runCli } from '../support/cli.ts';
import { pointsIn } from '../support/doctor.ts';
import { inFolder } from '../support/folder.ts';

/** What doctor says of a bucket that answers so, with its keys in the environment or without. */
async function pointOf(answers: Answers, env: Record<string, string> = { S3_ID: 'ID', S3_SECRET: 'hunter3' }) {
  await using server = await serveBucket({ ...bare, ...answers });
  const yaml = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2026-09-01 }
objectStores:
  - { name: archive, url: '${server.url}', bucket: tax, prefix: invoices/, holds: [invoices], accessKey: { id: { env: S3_ID }, secret: { env: S3_SECRET } } }
`;
  return await inFolder({ 'platform.yaml': yaml }, async (at) => {
    const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--origin', 'database'];
    const ended = await runCli(['doctor', ...args, '--json'], { env });
    expect(ended.stdout + ended.stderr).not.toContain('hunter');
    expect(server.offences).toEqual([]);
    expect(server.asked.length).toBeLessThan(16);
    return pointsIn(ended).find(({ what }) => what.en === 'archive');
  });
}

test('a bucket that shows all it is asked for', async () => {
  expect(await pointOf({})).toMatchObject({
    state: 'ok',
    says: {
      en: 's3://tax/invoices/, clear text HTTP, its objects can be listed',
      zh: 's3://tax/invoices/，明文 HTTP，可以列出对象',
    },
  });
});

test('what is denied or not known, with the rows that leaves', async () => {
  const denied = refusal(403, 'AccessDenied');
  const point = await pointOf({ lifecycle: denied, HEAD: { status: 403 }, encryption: refusal(501, 'NotImplemented') });
  expect(point).toMatchObject({
    state: 'unproven',
    says: {
      en: expect.stringContaining(
        'lifecycle rules (GET ?lifecycle: HTTP 403 AccessDenied), default encryption (GET ?encryption: HTTP 501 NotImplemented), the encryption of objects (HEAD: HTTP 403)',
      ),
    },
    leaves: { requirements: expect.arrayContaining(['NS-4', 'NS-5', 'NS-6']), surely: false },
  });
});

test('a list that is denied, and no key', async () => {
  expect(await pointOf({ 'list-type': refusal(403, 'AccessDenied') })).toMatchObject({
    state: 'unproven',
    says: { en: 'access denied: GET ?list-type=2: HTTP 403 AccessDenied' },
  });
  expect(await pointOf({}, {})).toMatchObject({
    says: { en: 'access denied: S3_ID is not set, or cannot be used' },
  });
});
