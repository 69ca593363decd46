import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { elasticWorld } from '../../support/elastic-world.ts';
import { type Answering, opened, openStore } from '../../support/http-stores.ts';
import { lokiWorld } from '../../support/loki-world.ts';
import { gateTo, platformWith, readStore } from '../../support/read-store.ts';

const healthy = elasticWorld({
  version: '8.13.4',
  indices: [{ name: 'app-1', days: ['2026-11-20', '2026-11-21'], policy: 'p' }],
  policies: { p: { phases: { delete: { min_age: '200d', actions: { delete: {} } } } } },
});

/** A healthy cluster but for one path, whose answer is another text. */
const but =
  (start: string, text: (body: string) => string): Answering =>
  (path, parameters, headers) => {
    const found = healthy(path, parameters, headers);
    return path.startsWith(start) ? { status: 200, body: text(JSON.stringify(found?.body)) } : found;
  };

async function readFrom(answering: Answering, more: object = {}) {
  await using store = await openStore(answering);
  return (await readStore(platformWith({ kind: 'elasticsearch', url: store.url, indices: ['app-*'], ...more }))).value;
}

const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;

describe('an answer that is none', () => {
  test.each<[string, string, (body: string) => string]>([
    ['HTML', '/app-*/_search', () => '<html>sign in</html>'],
    ['nothing', '/app-*/_search', () => ''],
    ['nested a million deep', '/app-*/_search', () => deep],
    ['counts as text', '/app-*/_search', (body) => body.replaceAll('"doc_count":1', '"doc_count":"1"')],
    ['shards as text', '/app-*/_search', (body) => body.replace('"total":1', '"total":"1"')],
    ['days that do not exist', '/app-*/_search', (body) => body.replaceAll('2026-11-20', '2026-02-30')],
    ['a version that is a list', '/', () => '{"version":{"number":["8"]}}'],
    ['an index without settings', '/app-*', () => '{"app-1":{}}'],
  ])('%s leaves the store unobserved', async (_, path, text) => {
    const isIndex = path === '/app-*';
    const answering: Answering = (asked, ...rest) =>
      (isIndex ? asked === path : asked.startsWith(path) && (path !== '/' || asked === '/'))
        ? but(path, text)(asked, ...rest)
        : healthy(asked, ...rest);
    await expect(readFrom(answering)).rejects.toMatchObject({ reason: 'unparsable' });
  });

  test.each<[string, string]>([
    ['text', 'no'],
    [
      'a policy without an age that can be read',
      '{"p":{"policy":{"phases":{"delete":{"min_age":"soon","actions":{"delete":{}}}}}}}',
    ],
    ['ages as numbers', '{"p":{"policy":{"phases":{"delete":{"min_age":200,"actions":{"delete":{}}}}}}}'],
    ['a prototype', '{"__proto__":{"policy":{"phases":{}}}}'],
  ])('policies that are %s keep nothing', async (_, text) => {
    const { rules, unread } = await readFrom(but('/_ilm', () => text));
    const isKnown = rules.some(({ keeps }) => 'days' in keeps || 'ever' in keeps);
    expect(isKnown).toBe(false);
    expect(rules.length + unread.length).toBe(1);
  });

  test('what is not looked at may be nested a million deep', async () => {
    const { all } = await readFrom(but('/app-*/_search', (body) => body.replace('{', `{"x":${deep},`)));
    expect(all.days).toBe(2);
  });

  test('a health that lists nothing, or a name of the object’s own', async () => {
    expect(await readFrom(but('/_cluster', () => '{"indices":{}}'))).toMatchObject({ unseen: ['rights-unknown'] });
    const more = '{"indices":{"app-1":{"number_of_shards":1},"toString":{"number_of_shards":1}}}';
    expect(await readFrom(but('/_cluster', () => more))).toMatchObject({ unseen: ['not-permitted'] });
  });

  test('Loki: values at moments that were not asked for, and numbers that are none', async () => {
    const loki = lokiWorld({
      version: '3.2.0',
      entries: { a: ['2026-11-20T00:00:00Z'] },
      config: 'target: all\nlimits_config: {}\n',
    });
    const read = async (text: (body: string) => string) => {
      const answering: Answering = (path, parameters, headers) => {
        const found = loki(path, parameters, headers);
        return path.endsWith('query_range') ? { body: text(JSON.stringify(found?.body)) } : found;
      };
      await using store = await openStore(answering);
      return (await readStore(platformWith({ kind: 'loki', url: store.url, selector: '{job="leqi"}' }))).value;
    };
    expect((await read((body) => body)).all.days).toBe(1);
    for (const wrong of [
      '[[1,"5"]]',
      '[["now","5"]]',
      '[[1763600400,5]]',
      '[[1763600400,"NaN"]]',
      '[[1763600400,"-5"]]',
    ]) {
      await expect(read((body) => body.replace(/"values":\[.*?\]\]/, `"values":${wrong}`))).resolves.toMatchObject({
        unseen: ['window'],
        all: { days: 0 },
      });
    }
    await expect(read(() => '<html>')).rejects.toMatchObject({ reason: 'unparsable' });
    expect((await read((body) => body.replace('"status"', '"warnings":["partial"],"status"'))).unseen).toEqual([
      'window',
    ]);
  });
});

describe('a store that is not let in to', () => {
  test.each<[string, object, string, Record<string, string>]>([
    [
      'user and password',
      { user: 'audit', password: 'ES_PASSWORD' },
      `Basic ${btoa('audit:pä ss'.normalize())}`,
      { ES_PASSWORD: 'pass' },
    ],
    ['an API key', { apiKey: 'ES_KEY' }, `ApiKey ${btoa('id:key')}`, { ES_KEY: 'id:key' }],
    ['an encoded API key', { apiKey: 'ES_KEY' }, 'ApiKey aWQ6a2V5', { ES_KEY: 'aWQ6a2V5\n' }],
    ['a token', { bearer: 'TOKEN' }, 'Bearer t0ken', { TOKEN: 't0ken' }],
  ])('%s from an environment variable', async (_, auth, given, environment) => {
    const authorization = given.startsWith('Basic') ? `Basic ${btoa('audit:pass')}` : given;
    await using store = await openStore(healthy, { authorization });
    const platform = platformWith({ kind: 'elasticsearch', url: store.url, indices: ['app-*'], auth });
    expect((await readStore(platform, environment)).value.all.days).toBe(2);
    const wrong = Object.fromEntries(Object.keys(environment).map((name) => [name, 'hunter2']));
    const denied = readStore(platform, wrong);
    await expect(denied).rejects.toMatchObject({ reason: 'denied', message: 'GET /: HTTP 401' });
    await expect(readStore(platform)).rejects.toMatchObject({
      reason: 'denied',
      message: expect.stringMatching(/is not set/),
    });
  });

  test('a secret that would write headers of its own is not sent', async () => {
    await using store = await openStore(healthy);
    const auth = { bearer: 'TOKEN' };
    const platform = platformWith({ kind: 'elasticsearch', url: store.url, indices: ['app-*'], auth });
    await expect(readStore(platform, { TOKEN: 'a\r\nx: hunter2' })).rejects.toMatchObject({
      reason: 'denied',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(store.asked).toEqual([]);
  });

  test('a certificate of another authority: not a byte of the secret is sent', async () => {
    const mint = createMint();
    try {
      const leaf = mint.issue('leaf', mint.issue('root', undefined, { isAuthority: true }));
      const other = mint.issue('other', undefined, { isAuthority: true });
      await using store = await openStore(healthy, { tls: { key: leaf.key, cert: leaf.chain } });
      const declared = { kind: 'elasticsearch', url: store.url, indices: ['app-*'], auth: { bearer: 'TOKEN' } };
      const read = (more: object) => readStore(platformWith({ ...declared, ...more }), { TOKEN: 'hunter2' });
      await expect(read({ authority: other.file })).rejects.toMatchObject({ reason: 'failed' });
      await expect(read({ authority: '/nonexistent' })).rejects.toMatchObject({ reason: 'not-found' });
      expect(store.asked).toEqual([]);
      expect((await read({ unverified: true })).value.channel).toBe('unverified');
    } finally {
      mint.remove();
    }
  });

  test('one that leads on to the tax authority is sent nothing', async () => {
    await using store = await openStore(healthy);
    const platform = platformWith({ kind: 'elasticsearch', url: store.url, indices: ['app-*'] });
    const gate = gateTo(platform);
    gate.withhold([{ ports: `${store.port}`, onlyLoopback: false, why: 'nginx.conf:1' }]);
    await expect(readStore(platform, {}, gate)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('该端口转发至税务机关（nginx.conf:1）'),
    });
    expect(store.asked).toEqual([]);
  });

  test('one that sends elsewhere for all it is asked', async () => {
    await using store = await openStore(healthy);
    await using turning = await opened(
      createServer(({ url }, response) => void response.writeHead(302, { location: `${store.url}${url}` }).end()),
    );
    const platform = platformWith({ kind: 'elasticsearch', url: turning.url, indices: ['app-*'] });
    await expect(readStore(platform)).rejects.toMatchObject({ reason: 'failed' });
    expect(store.asked).toEqual([]);
  });
});
