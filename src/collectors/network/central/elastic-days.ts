import { z } from 'zod';
import { isDate, type PlainDate } from '../../../evidence/dates.ts';
import type { CentralLogs, UnseenWhy } from '../../../evidence/network/central-logs.ts';
import { jsonOf, must } from './client.ts';
import type { Index } from './indices.ts';
import { patternOf, type Reading } from './reading.ts';
import { seriesOf } from './series.ts';

/** Hosts that are asked about in one request: its line must stay below 4 KB (http.max_initial_line_length). */
const hostsAtOnce = 8;

const bucket = z.object({ key_as_string: z.string().refine(isDate), doc_count: z.int().nonnegative() });
const days = z.object({ buckets: z.array(bucket).max(10_000) });

const searchAnswer = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ total: z.int(), successful: z.int(), failed: z.int() }),
  aggregations: z
    .object({
      days: days.optional(),
      hosts: z.object({ buckets: z.record(z.string(), z.object({ days })) }).optional(),
    })
    .optional(),
});

type HostSeries = CentralLogs['hosts'][number];

/** The days that have entries, in all and of each host; what may be there besides is added to `unseen`. */
export async function daysWithEntries(
  reading: Reading,
  open: readonly Index[],
  unseen: Set<UnseenWhy>,
): Promise<[PlainDate[], HostSeries[]]> {
  const { hosts, window, store } = reading;
  const shards = open.reduce((sum, index) => sum + index.shards, 0);
  const histogram = {
    date_histogram: {
      field: store.time ?? '@timestamp',
      calendar_interval: 'day',
      time_zone: window.timeZone,
      format: 'yyyy-MM-dd',
      min_doc_count: 1,
    },
  };
  const ask = async (aggs: object): Promise<z.output<typeof searchAnswer>> => {
    const answer = await search(reading, aggs, open);
    if (answer.timed_out || answer._shards.failed > 0) unseen.add('shards');
    // Of a wildcard a search leaves out, without a word, what the account may not read.
    if (answer._shards.total < shards) unseen.add('not-permitted');
    return answer;
  };
  const { aggregations } = await ask({ days: histogram });
  const found: HostSeries[] = [];
  for (let at = 0; at < hosts.length; at += hostsAtOnce) {
    const some = hosts.slice(at, at + hostsAtOnce);
    const field = store.hostField ?? 'host.name';
    const filters = Object.fromEntries(
      some.map(({ name, address }, index) => [`h${index}`, { terms: { [field]: [name, address] } }]),
    );
    const answer = await ask({ hosts: { filters: { filters }, aggs: { days: histogram } } });
    for (const [index, { name }] of some.entries()) {
      const own = answer.aggregations?.hosts?.buckets[`h${index}`]?.days;
      found.push({ name, ...seriesOf(datesIn(own), window.today) });
    }
  }
  return [datesIn(aggregations?.days), found];
}

function datesIn(found: z.output<typeof days> | undefined): PlainDate[] {
  return (found?.buckets ?? []).filter((each) => each.doc_count > 0).map((each) => each.key_as_string);
}

/** Counts, over all entries since the window's first day; no entry is fetched. */
async function search(reading: Reading, aggs: object, open: readonly Index[]): Promise<z.output<typeof searchAnswer>> {
  const { store, client, window } = reading;
  const range = { gte: window.from, lte: window.today, format: 'yyyy-MM-dd', time_zone: window.timeZone };
  const query = { range: { [store.time ?? '@timestamp']: range } };
  const path = `/${patternOf(store)}/_search`;
  const answer = await client.get(path, {
    size: '0',
    track_total_hits: 'false',
    expand_wildcards: 'open,hidden',
    ...(open.some(({ isFrozen }) => isFrozen) ? { ignore_throttled: 'false' } : {}),
    source_content_type: 'application/json',
    source: JSON.stringify({ size: 0, timeout: '20s', query, aggs }),
  });
  return jsonOf(must(answer, path), searchAnswer, path);
}

const lastAnswer = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ failed: z.int() }),
  aggregations: z.object({
    indices: z.object({
      sum_other_doc_count: z.int(),
      buckets: z.array(z.object({ key: z.string(), last: z.object({ value: z.number().nullable() }) })),
    }),
  }),
});

/** Of each index, when its last entry arose, in milliseconds; undefined where that could not be seen of all. */
export async function lastEntries({ store, client }: Reading): Promise<Map<string, number> | undefined> {
  const path = `/${patternOf(store)}/_search`;
  const aggs = {
    indices: { terms: { field: '_index', size: 5000 }, aggs: { last: { max: { field: store.time ?? '@timestamp' } } } },
  };
  const answer = await client.get(path, {
    size: '0',
    track_total_hits: 'false',
    expand_wildcards: 'open,hidden',
    source_content_type: 'application/json',
    source: JSON.stringify({ size: 0, timeout: '20s', aggs }),
  });
  const { timed_out: isCut, _shards: shards, aggregations } = jsonOf(must(answer, path), lastAnswer, path);
  const { sum_other_doc_count: others, buckets } = aggregations.indices;
  if (isCut || shards.failed > 0 || others > 0) return undefined;
  return new Map(buckets.flatMap(({ key, last }) => (last.value === null ? [] : [[key, last.value]])));
}
