import { describe, expect, test } from 'vitest';
import { daysFrom } from '../../../src/evidence/dates.ts';
import type { CentralLogs } from '../../../src/evidence/network/central-logs.ts';
import { type Cluster, elasticWorld, type PretendedIndex } from '../../support/elastic-world.ts';
import { openStore } from '../../support/http-stores.ts';
import { lokiWorld, type PretendedLoki } from '../../support/loki-world.ts';
import { platformWith, readStore } from '../../support/read-store.ts';

const rollover = { hot: { min_age: '0ms', actions: { rollover: { max_age: '30d' } } } };
const deletion = (age: string, actions: object = { delete: { delete_searchable_snapshot: true } }) => ({
  delete: { min_age: age, actions },
});
const policies = {
  'logs-200d': { phases: { ...rollover, ...deletion('200d') } },
  'daily-200d': { phases: deletion('200d') },
  keep: { phases: { ...rollover, warm: { min_age: '30d', actions: { forcemerge: { max_num_segments: 1 } } } } },
  'snapshot-first': { phases: { ...rollover, ...deletion('30d', { wait_for_snapshot: { policy: 'nightly' } }) } },
};

/** Rolled over each month, with entries every day of it. */
const monthly = (more: Partial<PretendedIndex> = {}, first = 6): PretendedIndex[] =>
  Array.from({ length: 12 - first }, (_, index) => {
    const month = `${first + index}`.padStart(2, '0');
    return {
      name: `app-00000${index + 1}`,
      created: `2026-${month}-01`,
      days: daysFrom(
        `2026-${month}-01`,
        month === '11' ? '2026-11-22' : `2026-${month}-${month === '06' || month === '09' ? 30 : 31}`,
      ),
      host: 'app-1',
      aliases: ['app'],
      policy: 'logs-200d',
      ...more,
    };
  });

async function readCluster(
  cluster: Cluster,
  more: object = {},
): Promise<{ value: CentralLogs; asked: readonly string[] }> {
  await using store = await openStore(elasticWorld(cluster));
  const kind = cluster.distribution ?? 'elasticsearch';
  const { value } = await readStore(platformWith({ kind, url: store.url, indices: ['app-*'], ...more }));
  expect(store.offences).toEqual([]);
  return { value, asked: store.asked };
}

const elastic717 = { version: '7.17.18', policies };

describe('Elasticsearch, as its reference describes its answers', () => {
  test.each([['7.17.18'], ['8.13.4']])('%s: days, indices and policy', async (version) => {
    const { value, asked } = await readCluster({ ...elastic717, version, indices: monthly({ readOnly: true }) });
    expect(value).toEqual({
      kind: 'elasticsearch',
      version,
      of: 'application',
      selection: 'app-*',
      host: '127.0.0.1',
      address: '127.0.0.1',
      channel: 'clear',
      today: '2026-11-22',
      lookedFrom: '2025-05-01',
      all: { oldest: '2026-06-01', newest: '2026-11-22', days: 175, startsDaily: true, missing: [] },
      hosts: [],
      parts: { all: 6, closed: 0, frozen: 0, readOnly: 6 },
      aliases: ['app'],
      rules: [
        { by: 'ilm', name: 'logs-200d', text: 'delete min_age 200d from rollover', parts: 6, keeps: { days: 200 } },
      ],
      unruled: 0,
      unread: [],
      unseen: [],
    });
    expect(asked).toHaveLength(5);
  });

  test('a day without entries, and one that only some indices have', async () => {
    const indices = monthly().map((index) => ({ ...index, days: index.days.filter((day) => day !== '2026-08-12') }));
    const { value } = await readCluster({ ...elastic717, indices });
    expect(value.all.missing).toEqual([{ from: '2026-08-12', to: '2026-08-12', days: 1, certain: true }]);
  });

  test.each<[string, string | undefined, CentralLogs['rules'][number]['keeps'] | undefined]>([
    ['no delete phase', 'keep', { ever: true }],
    ['a delete phase that only waits for a snapshot', 'snapshot-first', { ever: true }],
    ['a policy that is not there', 'gone', { unknown: 'no such policy' }],
    ['age from creation: the last entry of a month is kept a month less', 'daily-200d', { days: 169.8 }],
  ])('%s', async (_, policy, keeps) => {
    const { value } = await readCluster({ ...elastic717, indices: monthly({ ...(policy ? { policy } : {}) }) });
    const [rule] = value.rules;
    if (keeps && 'days' in keeps) expect(rule?.keeps).toEqual({ days: expect.closeTo(keeps.days, 0) });
    else expect(rule?.keeps).toEqual(keeps);
  });

  test('indices under no policy are counted; nothing is asked about policies', async () => {
    const { value, asked } = await readCluster({
      version: '8.13.4',
      indices: monthly().map(({ policy: _, ...index }) => index),
    });
    expect(value).toMatchObject({ rules: [], unruled: 6, unread: [] });
    expect(asked.filter((path) => path.includes('_ilm'))).toEqual([]);
  });

  test('a data stream under its own lifecycle, and the cluster’s limit on it', async () => {
    const indices = monthly({ stream: 'app-main', managedBy: 'Data stream lifecycle' });
    const lifecycle = { enabled: true, data_retention: '400d', effective_retention: '90d' };
    const { value } = await readCluster({ version: '8.15.0', indices, lifecycles: { 'app-main': lifecycle } });
    expect(value.rules).toEqual([
      {
        by: 'data-stream',
        name: 'app-main',
        text: 'data_retention 400d, effective 90d',
        parts: 6,
        keeps: { days: 90 },
      },
    ]);
    expect(value.unruled).toBe(0);
  });

  test('an origin that was set: the age counts from there, in spite of a rollover', async () => {
    const [first, ...others] = monthly();
    if (!first) throw new Error('no index');
    const { value } = await readCluster({ ...elastic717, indices: [{ ...first, origin: '2026-01-01' }, ...others] });
    expect(value.rules.map(({ parts, keeps }) => [parts, 'days' in keeps && Math.round(keeps.days)])).toEqual([
      [1, 20],
      [5, 200],
    ]);
    const streams = monthly({ stream: 'app-main', managedBy: 'Data stream lifecycle', origin: '2026-01-01' });
    const lifecycles = { 'app-main': { data_retention: '400d' } };
    const other = await readCluster({ version: '8.15.0', indices: streams, lifecycles });
    expect(other.value.rules).toMatchObject([{ keeps: { days: expect.closeTo(74.8, 0) } }]);
  });

  describe('the last entry of an index under an age from creation', () => {
    const keepsOf = async (change: (index: PretendedIndex) => PretendedIndex) => {
      const indices = monthly({ policy: 'daily-200d' });
      const { value } = await readCluster({ ...elastic717, indices: indices.map(change) });
      return value.rules.map(({ keeps }) => keeps);
    };
    const unknown = [{ unknown: 'delete min_age 200d from creation' }];

    test('is looked for in what is frozen', async () =>
      expect(await keepsOf((index) => ({ ...index, frozen: true }))).toEqual([{ days: expect.closeTo(169.8, 0) }]));
    test('is not known of what is closed', async () =>
      expect(await keepsOf((index) => ({ ...index, closed: index.name !== 'app-000006' }))).toEqual(unknown));
    test('is not known of what the account may not read', async () =>
      expect(await keepsOf((index) => ({ ...index, unreadable: index.name === 'app-000001' }))).toEqual(unknown));
    test('is none that lies ahead: one clock that was wrong deletes nothing sooner', async () =>
      expect(await keepsOf((index) => ({ ...index, days: [...index.days, '2099-01-01'] }))).toEqual([
        { days: expect.closeTo(169.8, 0) },
      ]));
  });

  test('a data stream under an index lifecycle policy, which 7.17 does not say', async () => {
    const { value } = await readCluster({ ...elastic717, indices: monthly({ stream: 'app-main' }) });
    expect(value.rules.map(({ by, parts }) => [by, parts])).toEqual([['ilm', 6]]);
  });

  test.each<[string, Partial<PretendedIndex>, Partial<CentralLogs>]>([
    ['hidden from the account', { hidden: true }, { unseen: ['not-permitted'] }],
    ['seen, but not to be read', { unreadable: true }, { unseen: ['not-permitted'] }],
    ['closed', { closed: true }, { unseen: ['closed'], parts: { all: 6, closed: 1, frozen: 0, readOnly: 0 } }],
    [
      'frozen: asked for all the same',
      { frozen: true },
      { unseen: [], parts: { all: 6, closed: 0, frozen: 1, readOnly: 0 } },
    ],
  ])('an index that is %s', async (_, more, expected) => {
    const [first, ...others] = monthly();
    if (!first) throw new Error('no index');
    const { value } = await readCluster({ ...elastic717, indices: [{ ...first, ...more }, ...others] });
    expect(value).toMatchObject(expected);
  });

  test.each<[string, string[], Partial<CentralLogs>]>([
    [
      'policies: the rules are unread, by name',
      ['/_ilm'],
      {
        unread: [{ part: 'ilm', why: 'GET /_ilm/policy: HTTP 403' }],
        rules: [],
        all: expect.objectContaining({ days: 175 }),
      },
    ],
    ['the cluster’s health', ['/_cluster'], { unseen: ['rights-unknown'] }],
  ])('an account that may not read %s', async (_, denied, expected) => {
    const { value } = await readCluster({ ...elastic717, indices: monthly(), denied });
    expect(value).toMatchObject(expected);
  });

  test.each([
    ['at all', ['/'], /GET \/: HTTP 403/],
    ['indices', ['/app-'], /HTTP 403/],
  ])('an account that may not read %s sees nothing', async (_, denied, message) => {
    await expect(readCluster({ ...elastic717, indices: monthly(), denied })).rejects.toMatchObject({
      reason: 'denied',
      message: expect.stringMatching(message),
    });
  });

  test('shards that fail leave entries unseen', async () => {
    const { value } = await readCluster({ ...elastic717, indices: monthly(), failedShards: 1 });
    expect(value.unseen).toEqual(['shards']);
  });

  test('no index of that name, and a name that is another program’s', async () => {
    await expect(readCluster({ ...elastic717, indices: [] })).rejects.toMatchObject({ reason: 'not-found' });
    const old = { version: '6.8.23', indices: monthly() };
    await expect(readCluster(old)).rejects.toMatchObject({ reason: 'not-supported', message: 'elasticsearch 6.8.23' });
    const fork: Cluster = { version: '2.11.0', distribution: 'opensearch', indices: monthly() };
    await using store = await openStore(elasticWorld(fork));
    const platform = platformWith({ kind: 'elasticsearch', url: store.url, indices: ['app-*'] });
    await expect(readStore(platform)).rejects.toMatchObject({ reason: 'not-supported', message: 'opensearch 2.11.0' });
  });

  test('each host whose logs are in it, by name or address', async () => {
    const hosts = Array.from({ length: 10 }, (_, index) => ({
      name: `app-${index + 1}`,
      address: `127.0.0.${index + 1}`,
    }));
    const indices = [
      ...monthly(),
      ...monthly({ host: '127.0.0.2' }, 10).map((each) => ({ ...each, name: `app-b${each.name}` })),
    ];
    await using store = await openStore(elasticWorld({ ...elastic717, indices }));
    const logs = { kind: 'elasticsearch', url: store.url, indices: ['app-*'], hosts: hosts.map(({ name }) => name) };
    const { value } = await readStore(platformWith(logs, { hosts }));
    expect(store.offences).toEqual([]);
    expect(Math.max(...store.asked.map((path) => encodeURI(path).length))).toBeLessThan(4000);
    expect(value.hosts.map(({ name, oldest, days }) => [name, oldest, days])).toEqual([
      ['app-1', '2026-06-01', 175],
      ['app-2', '2026-10-01', 53],
      ...hosts.slice(2).map(({ name }) => [name, undefined, 0]),
    ]);
  });

  test('a field of text, in which each word is found, shows no host', async () => {
    const read = readCluster({ ...elastic717, hostType: 'text', indices: monthly() }, { hosts: ['app-1'] });
    await expect(read).rejects.toMatchObject({ reason: 'not-supported', message: expect.stringMatching(/host\.name/) });
  });

  test('ten thousand indices, in five requests', async () => {
    const days = daysFrom('2026-05-01', '2026-11-22');
    const indices = Array.from({ length: 10_000 }, (_, index) => ({
      name: `app-${index}`,
      created: '2026-05-01',
      days: [days[index % days.length] ?? '2026-05-01'],
      policy: 'logs-200d',
    }));
    const { value, asked } = await readCluster({ ...elastic717, indices });
    const ofCreation = indices.map((index) => ({ ...index, policy: 'daily-200d' }));
    const more = await readCluster({ ...elastic717, indices: ofCreation });
    // More than are listed with their last entry.
    expect(more.value.rules).toMatchObject([{ keeps: { unknown: 'delete min_age 200d from creation' } }]);
    expect(value).toMatchObject({ parts: { all: 10_000 }, unseen: [], all: { days: days.length } });
    expect(asked).toHaveLength(5);
  });
});

describe('OpenSearch 2.11, as its documentation describes its answers', () => {
  const state = (name: string, actions: object[], transitions: object[]) => ({ name, actions, transitions });
  const to = (state_name: string, conditions?: object) => ({ state_name, ...(conditions ? { conditions } : {}) });
  const ism = (hot: object[], more: object[] = []) => ({
    policy_id: 'p',
    default_state: 'hot',
    states: [
      state('hot', [{ rollover: { min_index_age: '30d' } }], hot),
      ...more,
      state('delete', [{ retry: { count: 3 }, delete: {} }], []),
    ],
  });
  const read = (policy: object | undefined, denied: string[] = []) =>
    readCluster({
      version: '2.11.0',
      distribution: 'opensearch',
      indices: monthly(policy ? { ism: policy } : {}),
      denied,
    });

  test.each<[string, object, CentralLogs['rules'][number]['keeps']]>([
    ['from rollover', ism([to('delete', { min_rollover_age: '200d' })]), { days: 200 }],
    ['from creation', ism([to('delete', { min_index_age: '200d' })]), { days: expect.closeTo(169.8, 0) }],
    [
      'over several states, each of which takes its time from creation',
      ism([to('warm', { min_index_age: '30d' })], [state('warm', [], [to('delete', { min_index_age: '300d' })])]),
      { days: expect.closeTo(269.8, 0) },
    ],
    [
      'by the shorter of two ways',
      ism([to('delete', { min_rollover_age: '200d' }), to('delete', { min_size: '50gb' })]),
      { days: 0 },
    ],
    ['never', ism([to('warm')], [state('warm', [], [])]), { ever: true }],
    ['in a circle that never deletes', ism([to('warm')], [state('warm', [], [to('hot')])]), { ever: true }],
    ['at an age that cannot be read', ism([to('delete', { min_index_age: 'soon' })]), { unknown: 'transitions' }],
  ])('deleted %s', async (_, policy, keeps) => {
    const { value } = await read(policy);
    expect(value.rules).toEqual([expect.objectContaining({ by: 'ism', name: 'p', parts: 6, keeps })]);
    expect(value).toMatchObject({ version: '2.11.0', unruled: 0, unread: [], unseen: [] });
  });

  test('a policy of more ways than can be followed', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const all = names.map((name) =>
      state(
        name,
        [],
        names.map((each) => to(each)),
      ),
    );
    const { value } = await read(
      ism(
        names.map((each) => to(each)),
        all,
      ),
    );
    expect(value.rules[0]?.keeps).toEqual({ unknown: 'transitions' });
  });

  test('a policy that an index is about to come under is not known', async () => {
    const { value } = await readCluster({
      version: '2.11.0',
      distribution: 'opensearch',
      indices: monthly({ ismNamed: 'p' }),
    });
    expect(value).toMatchObject({ rules: [], unread: [{ part: 'ism' }] });
  });

  test('indices under no policy, and an account that may not see which are', async () => {
    expect((await read(undefined)).value).toMatchObject({ rules: [], unruled: 6, unread: [] });
    const { value } = await read(undefined, ['/_plugins']);
    expect(value).toMatchObject({ rules: [], unread: [{ part: 'ism' }] });
  });
});

describe('Loki, as its HTTP reference describes its answers', () => {
  const config = (more: string, target = 'all') =>
    `target: ${target}\nauth_enabled: false\nlimits_config:\n  max_query_lookback: 0s\n  retention_period: 31d\n${more}`;
  const compactor = 'compactor:\n  working_directory: /loki\n  retention_enabled: true\n';
  const noons = daysFrom('2026-03-01', '2026-11-22').map((day) => `${day}T04:00:00Z`);
  const read = async (loki: Partial<PretendedLoki>, more: object = {}) => {
    await using store = await openStore(lokiWorld({ version: '2.9.8', entries: { 'app-1': noons }, ...loki }));
    const { value } = await readStore(
      platformWith({ kind: 'loki', url: store.url, selector: '{job="leqi"}', ...more }),
    );
    expect(store.offences).toEqual([]);
    return { value, asked: store.asked };
  };

  test.each([['2.9.8'], ['3.2.0']])('%s: days from counts alone, and the compactor’s rule', async (version) => {
    const { value, asked } = await read({ version, config: config(compactor) });
    expect(value).toMatchObject({
      kind: 'loki',
      version,
      selection: '{job="leqi"}',
      lookedFrom: '2025-10-22',
      all: { oldest: '2026-03-01', newest: '2026-11-21', days: 266, startsDaily: true, missing: [] },
      rules: [{ by: 'loki', name: 'limits_config.retention_period', text: '31d', keeps: { days: 31 } }],
      unruled: 0,
      unread: [],
      unseen: [],
    });
    expect(asked.length).toBeLessThan(20);
    expect(asked.filter((path) => path.includes('query_range') && !path.includes('count_over_time'))).toEqual([]);
  });

  test('entries at midnight belong to the day that begins, those a moment before to the day that ends', async () => {
    const moments = ['2026-10-09T16:00:00.000Z', '2026-10-20T15:59:59.998Z'];
    const { value } = await read({ entries: { a: moments }, config: config('') });
    expect(value.all).toMatchObject({ oldest: '2026-10-10', newest: '2026-10-20', days: 2 });
  });

  test('each host by its label', async () => {
    const { value } = await read(
      { config: config(''), entries: { 'app-1': noons, other: ['2025-12-01T00:00:00Z'] } },
      { hosts: ['app-1'] },
    );
    expect(value.hosts).toMatchObject([{ name: 'app-1', oldest: '2026-03-01' }]);
    expect(value.all.oldest).toBe('2025-12-01');
  });

  const rule = (keeps: object) => [expect.objectContaining({ keeps })];
  test.each<[string, string | undefined, object]>([
    ['nothing is enabled: kept for ever', config(''), { rules: rule({ ever: true }), unruled: 0 }],
    ['nothing is enabled in one process of several', config('', 'querier'), { rules: [], unruled: 1 }],
    ['a retention of zero', config(compactor).replace('31d', '0s'), { rules: rule({ ever: true }) }],
    ['hours', config(compactor).replace('31d', '4416h'), { rules: rule({ days: 184 }) }],
    [
      'streams of other labels',
      config(`  retention_stream:\n  - selector: '{job="other"}'\n    priority: 1\n    period: 24h\n${compactor}`),
      { rules: rule({ days: 31 }) },
    ],
    [
      'streams that may be ours',
      config(`  retention_stream:\n  - selector: '{level="debug"}'\n    priority: 1\n    period: 24h\n${compactor}`),
      { rules: rule({ days: 1, orMore: true }) },
    ],
    [
      'the table manager',
      config('table_manager:\n  retention_deletes_enabled: true\n  retention_period: 4w3d\n'),
      { rules: [expect.objectContaining({ name: 'table_manager.retention_period', keeps: { days: 31 } })] },
    ],
    ['a limit on looking back', config(compactor).replace('lookback: 0s', 'lookback: 30d'), { unseen: ['lookback'] }],
    ['no configuration', undefined, { rules: [], unread: [{ part: 'loki' }], unseen: ['limits-unread'] }],
    ['another text', '<html>sign in</html>', { rules: [], unread: [{ part: 'loki' }], unseen: ['limits-unread'] }],
    [
      'limits of tenants that are not published',
      config(`  per_tenant_override_config: /etc/loki/overrides.yaml\n${compactor}`),
      { unread: [{ part: 'overrides' }] },
    ],
  ])('%s', async (_, text, expected) => {
    const { value } = await read(text === undefined ? {} : { config: text });
    expect(value).toMatchObject(expected);
  });

  test('a tenant with limits of its own', async () => {
    const shared = config(`${compactor}runtime_config:\n  file: [/etc/loki/overrides.yaml]\n`);
    const { value } = await read({ config: shared, limits: 'retention_period: 1y\n', tenant: 't1' }, { tenant: 't1' });
    expect(value.rules).toEqual([expect.objectContaining({ text: '1y', keeps: { days: 365 } })]);
    await expect(read({ config: shared, tenant: 't1' })).rejects.toMatchObject({ reason: 'denied' });
  });

  test('secrets in its configuration stay there', async () => {
    const { value } = await read({
      config: config(`${compactor}common:\n  storage: { s3: { url: 's3://key:hunter2@host' } }\n`),
    });
    expect(JSON.stringify(value)).not.toContain('hunter2');
    const broken = await read({ config: 'limits_config: { retention_period: [hunter2] }' });
    expect(JSON.stringify(broken.value)).not.toContain('hunter2');
  });
});
