import { z } from 'zod';
import type { CentralRule, RuleSource } from '../../../evidence/network/central-logs.ts';
import { Unavailable } from '../../collector.ts';
import { isWithout, jsonOf, must } from './client.ts';
import { lastEntries } from './elastic-days.ts';
import type { Index } from './indices.ts';
import {
  type IsmPolicy,
  ilmKeeps,
  ilmPolicies,
  ismKeeps,
  ismPolicy,
  rollsOver,
  streamKeeps,
  streamLifecycle,
} from './lifecycle.ts';
import { patternOf, type Reading, type Shown } from './reading.ts';

type Rules = Pick<Shown, 'rules' | 'unruled' | 'unread'>;
type Kept = Pick<CentralRule, 'text' | 'keeps'>;

/** The days from an index's creation to its last entry, the longest of some; asked for once, and only if a rule needs it. */
type Spans = (of: readonly Index[]) => Promise<number | undefined>;

/** The policies that the indices are under, and what each keeps; what is under none; what could not be read. */
export async function elasticRules(reading: Reading, indices: readonly Index[]): Promise<Rules> {
  const found: Rules = { rules: [], unruled: 0, unread: [] };
  const spans = spansOf(reading, indices);
  if (reading.store.kind === 'opensearch') await ofIsm(reading, indices, spans, found);
  else await ofElasticsearch(reading, indices, spans, found);
  return { ...found, rules: found.rules.toSorted((a, b) => (a.by + a.name < b.by + b.name ? -1 : 1)) };
}

function spansOf(reading: Reading, all: readonly Index[]): Spans {
  const open = all.filter(({ isClosed }) => !isClosed);
  let last: Promise<Map<string, number> | undefined> | undefined;
  return async (of) => {
    last ??= lastEntries(reading, open).catch(onlyUnavailable);
    const entries = await last;
    if (!entries) return undefined;
    let longest = 0;
    for (const { name, created, isClosed } of of) {
      if (created === undefined || isClosed) return undefined;
      longest = Math.max(longest, ((entries.get(name) ?? created) - created) / 86_400_000);
    }
    return longest;
  };
}

function onlyUnavailable(error: unknown): undefined {
  if (!(error instanceof Unavailable)) throw error;
}

async function ofElasticsearch(reading: Reading, indices: readonly Index[], spans: Spans, found: Rules): Promise<void> {
  const ruled = new Set<Index>();
  await part('data-stream', found, async () => {
    for (const { name, lifecycle, members } of await streamsOf(reading, indices)) {
      for (const index of members) ruled.add(index);
      for (const some of byOrigin(members)) {
        const span = some[0]?.hasOrigin ? await spans(some) : 0;
        add(found, 'data-stream', name, some.length, streamKeeps(lifecycle, span));
      }
    }
  });
  const named = indices.filter((index) => index.policy !== undefined && !ruled.has(index));
  found.unruled += indices.length - ruled.size - named.length;
  if (named.length === 0) return;
  await part('ilm', found, async () => {
    const path = '/_ilm/policy';
    const answer = await reading.client.get(path, {
      filter_path: ['*.policy.phases.*.min_age', '*.policy.phases.*.actions'].join(','),
    });
    const policies = jsonOf(must(answer, path), ilmPolicies, path);
    const groups = [...Map.groupBy(named, ({ policy }) => policy).values()].flatMap(byOrigin);
    for (const members of groups) {
      const { policy: name = '', hasOrigin = false } = members[0] ?? {};
      const policy = Object.hasOwn(policies, name) ? policies[name]?.policy : undefined;
      const kept: Kept = policy
        ? ilmKeeps(policy, rollsOver(policy) && !hasOrigin ? undefined : await spans(members), hasOrigin)
        : { text: 'no such policy', keeps: { unknown: 'no such policy' } };
      add(found, 'ilm', name, members.length, kept);
    }
  });
}

function byOrigin(indices: readonly Index[]): Index[][] {
  return [...Map.groupBy(indices, ({ hasOrigin }) => hasOrigin).values()];
}

const streamAnswer = z.object({
  data_streams: z
    .array(
      z.object({
        name: z.string(),
        lifecycle: streamLifecycle.optional(),
        indices: z.array(z.object({ index_name: z.string(), managed_by: z.string().optional() })).default([]),
      }),
    )
    .default([]),
});

type Stream = { name: string; lifecycle: z.output<typeof streamLifecycle>; members: Index[] };

/** Data streams whose own lifecycle manages some of the indices: 8.11 and later say by what each is managed. */
async function streamsOf({ client }: Reading, indices: readonly Index[]): Promise<Stream[]> {
  const names = [...new Set(indices.flatMap(({ stream }) => stream ?? []))];
  if (names.length === 0) return [];
  // Of many the list would outgrow the line of a request.
  const path =
    names.join(',').length > 2000 ? '/_data_stream' : `/_data_stream/${names.map(encodeURIComponent).join(',')}`;
  const answer = await client.get(path, {
    expand_wildcards: 'all',
    filter_path: ['name', 'lifecycle', 'indices.index_name', 'indices.managed_by']
      .map((each) => `data_streams.${each}`)
      .join(','),
  });
  const { data_streams: streams } = jsonOf(must(answer, path), streamAnswer, path);
  const byName = new Map(indices.map((index) => [index.name, index]));
  return streams.flatMap(({ name, lifecycle, indices: backing }) => {
    const members = backing
      .filter((each) => each.managed_by === 'Data stream lifecycle')
      .flatMap((each) => byName.get(each.index_name) ?? []);
    return lifecycle && members.length > 0 ? [{ name, lifecycle, members }] : [];
  });
}

const explained = z.object({
  policy: ismPolicy.nullish(),
  'index.plugins.index_state_management.policy_id': z.string().nullish(),
});

async function ofIsm(reading: Reading, indices: readonly Index[], spans: Spans, found: Rules): Promise<void> {
  await part('ism', found, async () => {
    const path = `/_plugins/_ism/explain/${patternOf(reading.store)}`;
    const answer = await reading.client.get(path, { show_policy: 'true' });
    if (isWithout(answer)) {
      found.unruled = indices.length;
      return;
    }
    const all = jsonOf(must(answer, path), z.record(z.string(), z.unknown()), path);
    const under = new Map<string, { policy: IsmPolicy; members: Index[] }>();
    for (const index of indices) {
      const said = Object.hasOwn(all, index.name) ? explained.safeParse(all[index.name]) : undefined;
      if (!said?.success) throw new Unavailable('unparsable', index.name);
      const { policy, 'index.plugins.index_state_management.policy_id': id } = said.data;
      // It comes under it when the next job runs; until then it is not shown.
      if (!policy && id) throw new Unavailable('unparsable', `${index.name}: ${id}`.slice(0, 300));
      if (!policy) found.unruled += 1;
      else {
        // An index keeps the policy as it was when it came under it, whatever became of that since.
        const key = JSON.stringify(policy);
        const group = under.get(key) ?? { policy, members: [] };
        group.members.push(index);
        under.set(key, group);
      }
    }
    for (const { policy, members } of under.values())
      add(found, 'ism', policy.policy_id, members.length, ismKeeps(policy, await spans(members)));
  });
}

function add({ rules }: Rules, by: RuleSource, name: string, parts: number, { text, keeps }: Kept): void {
  rules.push({ by, name: name.slice(0, 300), text, parts, keeps });
}

// What cannot be read leaves the rest as it is.
async function part(by: RuleSource, found: Rules, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    found.unread.push({ part: by, why: error.message });
  }
}
