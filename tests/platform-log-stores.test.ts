import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';
import { declaredTargets, platformSchema } from '../src/platform.ts';
import { declarationOf } from '../src/platform-declaration.ts';
import { placeOfUrl } from '../src/platform-log-stores.ts';
import { platformWith } from './support/read-store.ts';

const problems = (store: object): string[] => {
  const read = platformSchema.safeParse({
    profile: 'self-use',
    unit: { name: '示例', creditCode: '91370200MA3C00000X' },
    platform: { name: '平台', mode: 'self-use', since: '2025-01-01' },
    logStores: [{ name: 'central', of: 'application', ...store }],
  });
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message.split(' | ').at(-1)}`);
};
const elastic = { kind: 'elasticsearch', url: 'https://10.0.0.9:9200', indices: ['app-*'] };
const loki = { kind: 'loki', url: 'http://loki.example:3100/prefix', selector: '{job="leqi"}' };

describe('a central store of logs', () => {
  test.each<[string, object]>([
    ['Elasticsearch', elastic],
    [
      'with all that may be said',
      {
        ...elastic,
        indices: ['.ds-logs-app-default-*', '*-日志'],
        time: 'event.created',
        hostField: 'agent.hostname',
        auth: { user: 'audit', password: 'ES_PASSWORD' },
        authority: 'ca.pem',
        unverified: true,
      },
    ],
    ['OpenSearch', { ...elastic, kind: 'opensearch', auth: { apiKey: 'KEY' } }],
    ['Loki', { ...loki, tenant: 'team-1', hostField: 'instance', auth: { bearer: 'TOKEN' } }],
  ])('%s', (_, store) => {
    expect(problems(store)).toEqual([]);
  });

  const otherCluster = /must be an index, alias or data stream/;
  test.each<[string, object, RegExp]>([
    ['without indices', { kind: 'elasticsearch', url: 'https://10.0.0.9' }, /indices: is for elasticsearch/],
    ['of another cluster, which would be asked for us', { ...elastic, indices: ['other:app-*'] }, otherCluster],
    ['several names in one', { ...elastic, indices: ['a,b'] }, otherCluster],
    ['a path', { ...elastic, indices: ['app/_delete_by_query'] }, otherCluster],
    ['an exclusion', { ...elastic, indices: ['app-*', '-app-2'] }, otherCluster],
    ['arithmetic', { ...elastic, indices: ['<app-{now/d}>'] }, otherCluster],
    ['Loki without a selector', { ...loki, selector: undefined }, /selector: is for loki/],
    ['Loki with a pipeline', { ...loki, selector: '{job="leqi"} |= "x"' }, /must be a selector of labels/],
    ['Loki with a time field', { ...loki, time: '@timestamp' }, /time: is not for this kind/],
    ['Loki by a label that is none', { ...loki, hostField: 'host.name' }, /hostField: is no name of a label/],
    ['Loki with an API key', { ...loki, auth: { apiKey: 'KEY' } }, /auth: loki knows no API key/],
    ['a tenant for another', { ...elastic, tenant: 't' }, /tenant: is not for this kind/],
    ['a secret instead of a variable’s name', { ...elastic, auth: { bearer: 'eyJhbGciOi.J9' } }, /auth/],
    ['a host that is not declared', { ...elastic, hosts: ['app-9'] }, /hosts: no host "app-9" is declared/],
    ...[
      'ftp://10.0.0.9',
      'https://audit:secret@10.0.0.9',
      'https://10.0.0.9/?a=b',
      'https://10.0.0.9/#a',
      'https://10.0.0.9/../x',
      'https://0x0a000009:9200',
      'https://10.9:9200',
      'https://10.0.0.9%2f@evil.test',
      'https:\\\\10.0.0.9',
      '10.0.0.9:9200',
    ].map((url): [string, object, RegExp] => [url, { ...elastic, url }, /url: must be http\(s\):\/\/host:port/]),
  ])('%s is refused', (_, store, expected) => {
    expect(problems(store).join('\n')).toMatch(expected);
  });

  test('the page on central log stores shows what may be written', async () => {
    const page = await readFile(join(packageRoot, 'docs/central-logs.md'), 'utf8');
    const [, yaml = ''] = page.match(/```yaml\n([\s\S]*?)```/) ?? [];
    const { logStores } = z.object({ logStores: z.array(z.looseObject({ kind: z.string() })) }).parse(parse(yaml));
    expect(logStores.map(({ kind }) => kind)).toEqual(['elasticsearch', 'loki']);
    for (const { hosts: _, ...store } of logStores) expect(problems(store)).toEqual([]);
  });

  test('where it is, written as it is contacted', () => {
    expect(placeOfUrl('https://[fd00::9]:9200')).toEqual({ host: 'fd00::9', port: 9200, path: '', isTls: true });
    expect(placeOfUrl('http://loki.example/a/')).toEqual({ host: 'loki.example', port: 80, path: '/a', isTls: false });
    expect(placeOfUrl('https://ES.example')).toMatchObject({ host: 'es.example', port: 443 });
  });

  test('is a declared target; its account stays in the platform file', () => {
    const platform = platformWith({ ...elastic, hosts: ['app-1'], auth: { user: 'audit', password: 'ES_PASSWORD' } });
    expect(declaredTargets(platform)).toEqual(['127.0.0.1', '10.0.0.9']);
    const declared = declarationOf(platform);
    expect(declared.logStores).toEqual([
      { name: 'central', kind: 'elasticsearch', of: 'application', address: '10.0.0.9', port: 9200, hosts: ['app-1'] },
    ]);
    expect(JSON.stringify(declared)).not.toMatch(/audit|ES_PASSWORD/);
  });
});
