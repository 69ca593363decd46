import { z } from 'zod';
import type { UnseenWhy } from '../../../evidence/network/central-logs.ts';
import type { DeclaredLogStore } from '../../../platform-log-stores.ts';
import { Unavailable } from '../../collector.ts';
import { type Client, jsonOf, must } from './client.ts';
import { patternOf } from './reading.ts';

/** An index, or a data stream's backing index, as the store describes it. */
export type Index = {
  readonly name: string;
  readonly shards: number;
  /** Milliseconds; when its age begins to count, unless it was rolled over. */
  readonly created: number | undefined;
  /** That moment was set (`index.lifecycle.origination_date`): then it counts from there, rolled over or not. */
  readonly hasOrigin: boolean;
  readonly isClosed: boolean;
  readonly isFrozen: boolean;
  readonly isReadOnly: boolean;
  readonly aliases: readonly string[];
  readonly stream: string | undefined;
  /** The policy of Elasticsearch that it names. */
  readonly policy: string | undefined;
};

// Settings come as text, whatever they hold.
const digits = z.string().regex(/^\d{1,15}$/);
const flag = z.union([z.literal('true'), z.literal('false')]).optional();

const indexAnswer = z.record(
  z.string().max(300),
  z.object({
    aliases: z.record(z.string(), z.unknown()).optional(),
    data_stream: z.string().optional(),
    settings: z.object({
      index: z.object({
        number_of_shards: digits,
        creation_date: digits.optional(),
        verified_before_close: flag,
        frozen: flag,
        blocks: z.object({ write: flag, read_only: flag, read_only_allow_delete: flag }).partial().optional(),
        lifecycle: z
          .object({
            name: z.string().optional(),
            origination_date: z
              .string()
              .regex(/^-?\d{1,15}$/)
              .optional(),
          })
          .optional(),
      }),
    }),
  }),
);

const wanted = [
  '*.aliases',
  '*.data_stream',
  ...['number_of_shards', 'creation_date', 'verified_before_close', 'frozen', 'blocks', 'lifecycle'].map(
    (name) => `*.settings.index.${name}`,
  ),
].join(',');

const healthAnswer = z.object({
  timed_out: z.boolean().optional(),
  indices: z.record(z.string(), z.object({ number_of_shards: z.int() })).optional(),
});

/**
 * The indices behind the declared names that the account may see, and whether the cluster has others: its health lists them all, whoever
 * asks. Throws {@link Unavailable} if there is none, or they are out of reach.
 */
export async function indicesOf(
  store: DeclaredLogStore,
  client: Client,
): Promise<{ list: Index[]; unseen: UnseenWhy[] }> {
  const pattern = patternOf(store);
  const path = `/${pattern}`;
  const found = jsonOf(
    must(await client.get(path, { expand_wildcards: 'all', filter_path: wanted }), path),
    indexAnswer,
    path,
  );
  const list = Object.entries(found).map(([name, { aliases, data_stream: stream, settings }]): Index => {
    const { index } = settings;
    const { write, read_only: fixed, read_only_allow_delete: full } = index.blocks ?? {};
    const since = index.lifecycle?.origination_date ?? index.creation_date;
    return {
      name,
      shards: Number(index.number_of_shards),
      created: since === undefined ? undefined : Number(since),
      hasOrigin: index.lifecycle?.origination_date !== undefined,
      isClosed: index.verified_before_close === 'true',
      isFrozen: index.frozen === 'true',
      isReadOnly: [write, fixed, full].includes('true'),
      aliases: Object.keys(aliases ?? {}).map((each) => each.slice(0, 300)),
      stream,
      policy: index.lifecycle?.name || undefined,
    };
  });
  if (list.length === 0) throw new Unavailable('not-found', pattern);
  return { list, unseen: await hiddenFrom(list, pattern, client) };
}

async function hiddenFrom(list: readonly Index[], pattern: string, client: Client): Promise<UnseenWhy[]> {
  const path = `/_cluster/health/${pattern}`;
  const answer = await client.get(path, {
    level: 'indices',
    expand_wildcards: 'all',
    timeout: '1s',
    filter_path: 'timed_out,indices.*.number_of_shards',
  });
  if (answer.status !== 200) return ['rights-unknown'];
  const { timed_out: isCut, indices = {} } = jsonOf(answer, healthAnswer, path);
  const seen = new Set(list.map(({ name }) => name));
  const names = Object.keys(indices);
  if (isCut || names.length === 0) return ['rights-unknown'];
  return names.every((name) => seen.has(name)) ? [] : ['not-permitted'];
}
