import { z } from 'zod';
import { isDate, type PlainDate } from '../../../evidence/dates.ts';
import type { CentralLogs, UnseenWhy } from '../../../evidence/network/central-logs.ts';
import { said } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
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
  if (hosts.length > 0) await exactField(reading);
  const shards = shardsOf(open);
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

function shardsOf(open: readonly Index[]): number {
  return open.reduce((sum, index) => sum + index.shards, 0);
}

const fieldsAnswer = z.object({ fields: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Types of fields whose terms are whole values: in a text any word is found, so that `app` would stand for `app-2`, too. */
const exact: readonly string[] = ['keyword', 'constant_keyword', 'wildcard', 'ip', 'unmapped'];

/** Throws {@link Unavailable} if a host cannot be told by the field that is declared to name it. */
async function exactField({ store, client }: Reading): Promise<void> {
  const field = store.hostField ?? 'host.name';
  const path = `/${patternOf(store)}/_field_caps`;
  const answer = await client.get(path, { fields: field, expand_wildcards: 'open,hidden' });
  const { fields } = jsonOf(must(answer, path), fieldsAnswer, path);
  const types = Object.keys((Object.hasOwn(fields, field) ? fields[field] : undefined) ?? {});
  const other = types.find((type) => !exact.includes(type));
  if (other === undefined) return;
  const words = {
    zh: `字段 ${field} 的类型为 ${other}，不能据以区分主机；请在 hostField 中声明 keyword 类型的字段，如 ${field}.keyword`,
    en: `the field ${field} is of type ${other}, by which hosts cannot be told apart; declare one of type keyword as hostField, such as ${field}.keyword`,
  };
  throw new Unavailable('not-supported', said({ zh: words.zh.slice(0, 500), en: words.en.slice(0, 500) }));
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
  const answer = await client.get(path, parametersOf({ query, aggs }, open));
  return jsonOf(must(answer, path), searchAnswer, path);
}

function parametersOf(body: object, open: readonly Index[]): Record<string, string> {
  return {
    size: '0',
    track_total_hits: 'false',
    expand_wildcards: 'open,hidden',
    ...(open.some(({ isFrozen }) => isFrozen) ? { ignore_throttled: 'false' } : {}),
    source_content_type: 'application/json',
    source: JSON.stringify({ size: 0, timeout: '20s', ...body }),
  };
}

const lastAnswer = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ total: z.int(), failed: z.int() }),
  aggregations: z.object({
    indices: z.object({
      sum_other_doc_count: z.int(),
      buckets: z.array(z.object({ key: z.string(), last: z.object({ value: z.number().nullable() }) })),
    }),
  }),
});

/**
 * Of each open index, when its last entry arose, in milliseconds; undefined where that could not be seen of all. What is dated ahead of
 * today was not written then.
 */
export async function lastEntries(
  { store, client, window }: Reading,
  open: readonly Index[],
): Promise<Map<string, number> | undefined> {
  const path = `/${patternOf(store)}/_search`;
  const time = store.time ?? '@timestamp';
  const query = { range: { [time]: { lte: window.today, format: 'yyyy-MM-dd', time_zone: window.timeZone } } };
  const aggs = { indices: { terms: { field: '_index', size: 5000 }, aggs: { last: { max: { field: time } } } } };
  const answer = await client.get(path, parametersOf({ query, aggs }, open));
  const { timed_out: isCut, _shards: shards, aggregations } = jsonOf(must(answer, path), lastAnswer, path);
  const { sum_other_doc_count: others, buckets } = aggregations.indices;
  if (isCut || shards.failed > 0 || shards.total < shardsOf(open) || others > 0) return undefined;
  return new Map(buckets.flatMap(({ key, last }) => (last.value === null ? [] : [[key, last.value]])));
}
