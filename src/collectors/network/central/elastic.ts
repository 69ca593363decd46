import { z } from 'zod';
import type { UnseenWhy } from '../../../evidence/network/central-logs.ts';
import type { DeclaredLogStore } from '../../../platform-log-stores.ts';
import { Unavailable } from '../../collector.ts';
import { type Client, jsonOf, must } from './client.ts';
import { daysWithEntries } from './elastic-days.ts';
import { elasticRules } from './elastic-rules.ts';
import { indicesOf } from './indices.ts';
import type { Reading, Shown } from './reading.ts';
import { seriesOf } from './series.ts';

/** Aliases that are kept. */
const mostAliases = 50;

/**
 * Elasticsearch 7 to 9 and OpenSearch: the indices, the days that have entries, and the policies that delete. Throws
 * {@link Unavailable} where the indices or the entries cannot be seen at all.
 */
export async function readElastic(reading: Reading): Promise<Shown> {
  const { client, store } = reading;
  const version = await versionOf(store, client);
  const indices = await indicesOf(store, client);
  const unseen = new Set<UnseenWhy>(indices.unseen);
  const open = indices.list.filter(({ isClosed }) => !isClosed);
  if (open.length < indices.list.length) unseen.add('closed');
  const [all, hosts] = await daysWithEntries(reading, open, unseen);
  const rules = await elasticRules(reading, indices.list);
  return {
    version,
    all: seriesOf(all, reading.window.today),
    hosts,
    parts: {
      all: indices.list.length,
      closed: indices.list.length - open.length,
      frozen: indices.list.filter(({ isFrozen }) => isFrozen).length,
      readOnly: indices.list.filter(({ isReadOnly }) => isReadOnly).length,
    },
    aliases: [...new Set(indices.list.flatMap(({ aliases }) => aliases))].toSorted().slice(0, mostAliases),
    ...rules,
    unseen: [...unseen].toSorted(),
  };
}

const rootAnswer = z.object({
  version: z.object({ number: z.string().max(100), distribution: z.string().optional() }),
});

/** What the store says it is; throws {@link Unavailable} if that is another program than was declared. */
export async function versionOf({ kind }: DeclaredLogStore, client: Client): Promise<string> {
  const { version } = jsonOf(must(await client.get('/'), '/'), rootAnswer, '/');
  const found = version.distribution === 'opensearch' ? 'opensearch' : 'elasticsearch';
  if (found !== kind) throw new Unavailable('not-supported', `${found} ${version.number}`);
  if (kind === 'elasticsearch' && Number(version.number.split('.')[0]) < 7)
    throw new Unavailable('not-supported', `elasticsearch ${version.number}`);
  return version.number;
}
