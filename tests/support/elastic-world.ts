import { z } from 'zod';
import type { Answering } from './http-stores.ts';

/** An index of a pretended cluster, with the days (UTC noon) that have entries and the host each entry is of. */
export type PretendedIndex = {
  readonly name: string;
  readonly created?: string;
  readonly days: readonly string[];
  readonly host?: string;
  readonly policy?: string;
  /** `index.lifecycle.origination_date`, as a date. */
  readonly origin?: string;
  readonly stream?: string;
  readonly managedBy?: string;
  readonly closed?: boolean;
  readonly frozen?: boolean;
  readonly readOnly?: boolean;
  readonly aliases?: readonly string[];
  /** The account may not see or read it: a wildcard leaves it out without a word. */
  readonly hidden?: boolean;
  /** The account sees it and may not read it. */
  readonly unreadable?: boolean;
  /** OpenSearch: the policy that it is under. */
  readonly ism?: object;
  /** OpenSearch: the policy that it will be under as soon as the next job runs. */
  readonly ismNamed?: string;
};

export type Cluster = {
  readonly version: string;
  readonly distribution?: 'opensearch';
  readonly indices: readonly PretendedIndex[];
  /** `GET _ilm/policy`. */
  readonly policies?: Readonly<Record<string, { phases: object }>>;
  /** Data streams with a lifecycle of their own. */
  readonly lifecycles?: Readonly<Record<string, object>>;
  /** Paths that the account may not ask: the start of each. */
  readonly denied?: readonly string[];
  readonly failedShards?: number;
  /** How the field that names hosts is mapped; a keyword unless said otherwise. */
  readonly hostType?: 'keyword' | 'text';
};

const histogram = z.strictObject({
  date_histogram: z.strictObject({
    field: z.literal('@timestamp'),
    calendar_interval: z.literal('day'),
    time_zone: z.literal('Asia/Shanghai'),
    format: z.literal('yyyy-MM-dd'),
    min_doc_count: z.literal(1),
  }),
});

const source = z.strictObject({
  size: z.literal(0),
  timeout: z.literal('20s'),
  query: z
    .strictObject({
      range: z.strictObject({
        '@timestamp': z.strictObject({
          gte: z.iso.date().optional(),
          lte: z.iso.date(),
          format: z.literal('yyyy-MM-dd'),
          time_zone: z.literal('Asia/Shanghai'),
        }),
      }),
    })
    .optional(),
  aggs: z.strictObject({
    days: histogram.optional(),
    hosts: z
      .strictObject({
        filters: z.strictObject({
          filters: z.record(
            z.string(),
            z.strictObject({ terms: z.record(z.literal('host.name'), z.array(z.string())) }),
          ),
        }),
        aggs: z.strictObject({ days: histogram }),
      })
      .optional(),
    indices: z
      .strictObject({
        terms: z.strictObject({ field: z.literal('_index'), size: z.number() }),
        aggs: z.strictObject({ last: z.strictObject({ max: z.strictObject({ field: z.literal('@timestamp') }) }) }),
      })
      .optional(),
  }),
});

const forbidden = {
  status: 403,
  body: { error: { type: 'security_exception', reason: 'action is unauthorized for user [audit]' }, status: 403 },
};

/**
 * Answers as the reference documents of Elasticsearch 7.17 and 8.x and OpenSearch 2.x describe it, not recorded from either: neither
 * is packaged where the tests run. Only the questions that are asked have an answer, and only as they are asked.
 */
export function elasticWorld(cluster: Cluster): Answering {
  return (path, parameters) => {
    if (cluster.denied?.some((each) => path.startsWith(each) && (each !== '/' || path === '/'))) return forbidden;
    if (path === '/') return { body: rootOf(cluster) };
    if (path.startsWith('/_cluster/health/')) return healthOf(cluster, path.slice(17), parameters);
    if (path === '/_ilm/policy') return cluster.distribution ? undefined : { body: policiesOf(cluster) };
    if (path.startsWith('/_data_stream/')) return { body: streamsOf(cluster, path.slice(14)) };
    if (path.startsWith('/_plugins/_ism/explain/')) return explanationOf(cluster, path.slice(23), parameters);
    if (path.endsWith('/_field_caps')) return fieldsOf(cluster, parameters);
    if (path.endsWith('/_search')) return searchOf(cluster, path.slice(1, -8), parameters);
    if (path.startsWith('/_')) return undefined;
    return indexOf(cluster, path.slice(1), parameters);
  };
}

function rootOf({ version, distribution }: Cluster): object {
  const number = { number: version, build_flavor: 'default', lucene_version: '9.10.0' };
  return {
    name: 'node-1',
    cluster_name: 'logs',
    cluster_uuid: 'uuid',
    version: distribution ? { distribution, ...number } : number,
    tagline: 'You Know, for Search',
  };
}

function matching({ indices }: Cluster, patterns: string): PretendedIndex[] {
  const tests = patterns.split(',').map((each) => new RegExp(`^${each.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
  return indices.filter((index) =>
    tests.some((test) =>
      [index.name, index.stream ?? index.name, ...(index.aliases ?? [])].some((name) => test.test(name)),
    ),
  );
}

function healthOf(cluster: Cluster, patterns: string, parameters: URLSearchParams) {
  if (parameters.get('level') !== 'indices' || parameters.get('expand_wildcards') !== 'all') return undefined;
  const all = matching(cluster, patterns).map(({ name }) => [name, { number_of_shards: 1 }]);
  return { body: { timed_out: false, indices: Object.fromEntries(all) } };
}

function indexOf(cluster: Cluster, patterns: string, parameters: URLSearchParams) {
  if (parameters.get('expand_wildcards') !== 'all') return undefined;
  const found = matching(cluster, patterns).filter(({ hidden }) => !hidden);
  if (found.length === 0 && !patterns.includes('*'))
    return { status: 404, body: { error: { type: 'index_not_found_exception' }, status: 404 } };
  return { body: Object.fromEntries(found.map((index) => [index.name, describe(index)])) };
}

function describe({
  created = '2026-01-01',
  policy,
  origin,
  stream,
  closed,
  frozen,
  readOnly,
  aliases = [],
}: PretendedIndex) {
  return {
    aliases: Object.fromEntries(aliases.map((name) => [name, {}])),
    ...(stream ? { data_stream: stream } : {}),
    settings: {
      index: {
        number_of_shards: '1',
        creation_date: `${Date.parse(`${created}T00:00:00Z`)}`,
        ...(policy || origin
          ? {
              lifecycle: {
                ...(policy ? { name: policy } : {}),
                ...(origin ? { origination_date: `${Date.parse(`${origin}T00:00:00Z`)}` } : {}),
              },
            }
          : {}),
        ...(closed ? { verified_before_close: 'true' } : {}),
        ...(frozen ? { frozen: 'true' } : {}),
        ...(readOnly ? { blocks: { write: 'true' } } : {}),
      },
    },
  };
}

function searchOf(cluster: Cluster, patterns: string, parameters: URLSearchParams) {
  if (parameters.get('size') !== '0' || parameters.get('source_content_type') !== 'application/json') return undefined;
  const { query, aggs } = source.parse(JSON.parse(parameters.get('source') ?? ''));
  const searched = matching(cluster, patterns).filter(
    ({ hidden, unreadable, closed, frozen }) =>
      !hidden && !unreadable && !closed && (!frozen || parameters.get('ignore_throttled') === 'false'),
  );
  const range = query?.range['@timestamp'];
  const { gte: from = '' } = range ?? {};
  const buckets = (hosts?: readonly string[]) => {
    const days = searched
      .filter(({ host }) => !hosts || (host !== undefined && hosts.includes(host)))
      .flatMap((index) => index.days)
      .filter((day) => !range || (day >= from && day <= range.lte));
    return [...Map.groupBy(days.toSorted(), (day) => day)].map(([day, all]) => ({
      key_as_string: day,
      key: Date.parse(`${day}T00:00:00+08:00`),
      doc_count: all.length,
    }));
  };
  const filters = Object.entries(aggs.hosts?.filters.filters ?? {});
  const failed = cluster.failedShards ?? 0;
  return {
    body: {
      took: 3,
      timed_out: false,
      _shards: { total: searched.length, successful: searched.length - failed, skipped: 0, failed },
      hits: { max_score: null, hits: [] },
      aggregations: {
        ...(aggs.days ? { days: { buckets: buckets() } } : {}),
        ...(aggs.hosts
          ? {
              hosts: {
                buckets: Object.fromEntries(
                  filters.map(([name, { terms }]) => [
                    name,
                    { doc_count: 1, days: { buckets: buckets(terms['host.name']) } },
                  ]),
                ),
              },
            }
          : {}),
        ...(aggs.indices ? { indices: lastOf(searched, aggs.indices.terms.size, range?.lte) } : {}),
      },
    },
  };
}

function fieldsOf({ hostType = 'keyword' }: Cluster, parameters: URLSearchParams) {
  if (parameters.get('fields') !== 'host.name' || parameters.get('expand_wildcards') !== 'open,hidden')
    return undefined;
  return {
    body: { indices: ['app-1'], fields: { 'host.name': { [hostType]: { type: hostType, searchable: true } } } },
  };
}

function lastOf(searched: readonly PretendedIndex[], most: number, until = '9999-12-31'): object {
  const buckets = searched
    .map(({ name, days }) => ({ name, days: days.filter((day) => day <= until) }))
    .filter(({ days }) => days.length > 0)
    .map(({ name, days }) => {
      const value = Date.parse(`${days.toSorted().at(-1)}T04:00:00Z`);
      return { key: name, doc_count: days.length, last: { value, value_as_string: new Date(value).toISOString() } };
    });
  return {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: Math.max(0, buckets.length - most),
    buckets: buckets.slice(0, most),
  };
}

function policiesOf({ policies = {} }: Cluster): object {
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, { version: 1, modified_date: '2025-01-01', policy }]),
  );
}

function streamsOf(cluster: Cluster, names: string): object {
  const streams = names.split(',').map((name) => ({
    name,
    timestamp_field: { name: '@timestamp' },
    indices: cluster.indices
      .filter(({ stream }) => stream === name)
      .map(({ name: index_name, managedBy }) => ({
        index_name,
        index_uuid: 'x',
        ...(managedBy ? { managed_by: managedBy } : {}),
      })),
    generation: 1,
    ...(cluster.lifecycles?.[name] ? { lifecycle: cluster.lifecycles[name] } : {}),
  }));
  return { data_streams: streams };
}

function explanationOf(cluster: Cluster, patterns: string, parameters: URLSearchParams) {
  if (cluster.distribution !== 'opensearch' || parameters.get('show_policy') !== 'true') return undefined;
  const found = matching(cluster, patterns).map(({ name, ism, ismNamed: named }) => [
    name,
    ism
      ? {
          'index.plugins.index_state_management.policy_id': 'p',
          index: name,
          policy_id: 'p',
          enabled: true,
          policy: ism,
        }
      : { 'index.plugins.index_state_management.policy_id': named ?? null, enabled: null },
  ]);
  return { body: { ...Object.fromEntries(found), total_managed_indices: found.length } };
}
