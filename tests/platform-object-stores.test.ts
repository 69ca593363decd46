import { describe, expect, test } from 'vitest';
import { declaredTargets, platformSchema } from '../src/platform.ts';
import { declarationOf } from '../src/platform-declaration.ts';
import { platformWithBucket } from './support/bucket-server.ts';

const problems = (store: object): string[] => {
  const read = platformSchema.safeParse({
    profile: 'self-use',
    unit: { name: '示例', creditCode: '91370200MA3C00000X' },
    platform: { name: '平台', mode: 'self-use', since: '2025-01-01' },
    objectStores: [
      {
        name: 'archive',
        url: 'https://10.0.0.9:9000',
        bucket: 'tax',
        holds: ['invoices'],
        accessKey: { id: { env: 'ID' }, secret: 'prompt' },
        ...store,
      },
    ],
  });
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message.split(' | ').at(-1)}`);
};

describe('an object store', () => {
  test.each<[string, object]>([
    ['with what it needs', {}],
    ['of backups', { holds: undefined, backupsOf: 'orders' }],
    [
      'by the name of the host',
      { url: 'https://oss-cn-hangzhou.aliyuncs.com', style: 'host', region: 'oss-cn-hangzhou' },
    ],
    [
      'with a temporary key, of a Chinese prefix',
      { prefix: '发票/', accessKey: { id: 'prompt', secret: 'prompt', token: { env: 'T' } } },
    ],
  ])('%s', (_, store) => {
    expect(problems(store)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['with a path', { url: 'https://10.0.0.9:9000/tax' }, /url: must be http/],
    ['with an account in its address', { url: 'https://a:b@10.0.0.9' }, /url: must be http/],
    ['with a redirecting query', { url: 'https://10.0.0.9/?x=1' }, /url: must be http/],
    ['of another bucket below', { bucket: 'tax/../other' }, /bucket: is no name of a bucket/],
    ['of a bucket in capitals', { bucket: 'Tax' }, /bucket/],
    ['that holds both', { backupsOf: 'orders' }, /holds: give either/],
    ['that holds nothing', { holds: undefined }, /holds: give either/],
    ['by name at an address', { style: 'host' }, /style: must be path/],
    ['with a line break in its prefix', { prefix: 'a\nb' }, /prefix: must hold no control/],
    ['with the secret itself', { accessKey: { id: { env: 'ID' }, secret: 'wJalrXUtnFEMI/K7MDENG' } }, /accessKey/],
    ['with a secret for a variable', { accessKey: { id: { env: 'ID' }, secret: { env: 'wJalr/XUt' } } }, /accessKey/],
  ])('is refused %s', (_, store, problem) => {
    expect(problems(store).join('\n')).toMatch(problem);
  });
});

test('what is contacted is the bucket’s own host where it is named so, and evidence has no key', () => {
  const platform = platformWithBucket('https://s3.example:9000', { style: 'host' });
  expect(declaredTargets(platform)).toEqual(['tax.s3.example']);
  expect(declarationOf(platform).objectStores).toEqual([
    { name: 'archive', place: 's3://tax/invoices/', holds: ['invoices'] },
  ]);
  expect(declaredTargets(platformWithBucket('https://s3.example:9000'))).toEqual(['s3.example']);
});
