import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { pointsIn } from '../support/doctor.ts';
import { type Cluster, elasticWorld } from '../support/elastic-world.ts';
import { inFolder } from '../support/folder.ts';
import { openStore } from '../support/http-stores.ts';
import { lokiWorld } from '../support/loki-world.ts';

const head = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2026-09-01 }
`;

/** What doctor says of the one store, with a secret in the environment or without. */
async function pointOf(store: string, env: Record<string, string> = { STORE_TOKEN: 'hunter2' }) {
  return await inFolder({ 'platform.yaml': `${head}logStores:\n  - ${store}\n` }, async (at) => {
    const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--origin', 'network'];
    const ended = await runCli(['doctor', ...args, '--json'], { env });
    expect(ended.stdout + ended.stderr).not.toContain('hunter2');
    return pointsIn(ended).find(({ what }) => what.en === 'central');
  });
}

const cluster: Cluster = {
  version: '8.13.4',
  indices: [{ name: 'app-1', days: ['2026-11-20'], policy: 'p' }],
  policies: { p: { phases: {} } },
};
const declared = (url: string, more = ''): string =>
  `{ name: central, kind: elasticsearch, url: '${url}', of: application, indices: [app-*], auth: { bearer: STORE_TOKEN }${more} }`;

test('a store that shows all it is asked for', async () => {
  await using store = await openStore(elasticWorld(cluster), { authorization: 'Bearer hunter2' });
  expect(await pointOf(declared(store.url))).toMatchObject({
    state: 'ok',
    says: { en: 'elasticsearch 8.13.4, clear text HTTP, 1 indices', zh: 'elasticsearch 8.13.4，明文 HTTP，1 个索引' },
  });
  expect(store.offences).toEqual([]);
  expect(store.asked.filter((path) => path.includes('_search'))).toEqual([]);
});

test('an account with too few rights, with the rows that leaves; rows of other logs are none of its business', async () => {
  await using store = await openStore(elasticWorld({ ...cluster, denied: ['/_ilm', '/_cluster'] }));
  const point = await pointOf(declared(store.url));
  expect(point).toMatchObject({
    state: 'unproven',
    says: {
      en: expect.stringMatching(
        /cluster’s health[\s\S]*_ilm\/policy\) cannot be read \(GET \/_ilm\/policy: HTTP 403\)/,
      ),
    },
    leaves: { requirements: ['NS-3'], surely: false },
  });
});

test('no secret, a wrong one, and nobody there', async () => {
  await using store = await openStore(elasticWorld(cluster), { authorization: 'Bearer hunter2' });
  expect(await pointOf(declared(store.url), {})).toMatchObject({
    state: 'unproven',
    says: {
      zh: '权限不足：环境变量 STORE_TOKEN 未设置',
      en: 'access denied: the environment variable STORE_TOKEN is not set',
    },
  });
  expect(await pointOf(declared(store.url), { STORE_TOKEN: 'other' })).toMatchObject({
    says: { en: 'access denied: GET /: HTTP 401' },
    leaves: { surely: true },
  });
  expect(await pointOf(declared('http://127.0.0.1:1'))).toMatchObject({ says: { en: 'unreachable: ECONNREFUSED' } });
});

test('a Loki behind a gateway that keeps its configuration to itself', async () => {
  await using store = await openStore(lokiWorld({ version: '3.2.0', entries: {} }));
  const loki = `{ name: central, kind: loki, url: '${store.url}', of: application, selector: '{job="leqi"}' }`;
  expect(await pointOf(loki)).toMatchObject({
    state: 'unproven',
    says: { en: expect.stringMatching(/^loki 3\.2\.0, clear text HTTP; .*\(\/config\) cannot be read/) },
  });
});

test('the tax authority’s is refused: exit 2', async () => {
  await inFolder(
    { 'platform.yaml': `${head}logStores:\n  - ${declared('https://logs.chinatax.gov.cn')}\n` },
    async (at) => {
      const ended = await runCli(['doctor', '--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html']);
      expect(ended).toMatchObject({ status: 2 });
    },
  );
});
