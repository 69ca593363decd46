import { stringsIn } from '../assessment/asked.ts';
import { bindsAt } from '../assessment/needs.ts';
import { Unavailable } from '../collectors/collector.ts';
import { type Client, clientOf, isWithout, must } from '../collectors/network/central/client.ts';
import { versionOf } from '../collectors/network/central/elastic.ts';
import { indicesOf } from '../collectors/network/central/indices.ts';
import { lokiVersion } from '../collectors/network/central/loki.ts';
import { configurationOf } from '../collectors/network/central/loki-rules.ts';
import { messageOf, ScopeError } from '../errors.ts';
import { channels, type RuleSource, ruleSources, unseenWhys } from '../evidence/network/central-logs.ts';
import { reasons } from '../evidence/observation.ts';
import type { DeclaredLogStore } from '../platform-log-stores.ts';
import { heard, joined, type Text, verbatim } from '../text.ts';
import { untried } from './network.ts';
import type { Plan } from './plan.ts';
import { type Leaves, noAnswer, type Point, type Probe } from './point.ts';

/** Seconds of one request: a scan has more patience. */
const seconds = 4;

/** What asking stores needs. */
export type LogStoreOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Whether it is known what the hosts pass on. */
  readonly relaysKnown: Promise<boolean>;
};

/** Whether each central log store answers, to whom, and shows its indices and the rules that keep them. Nothing is counted. */
export function logStoreProbes(plan: Plan, options: LogStoreOptions): Probe[] {
  if (!plan.kinds.includes('centralLogs')) return [];
  return plan.platform.logStores.map((store): Probe => {
    const base = { area: 'stores', what: verbatim(store.name) } as const;
    const leaves = leavesOf(plan, store);
    const lack = { ...base, state: 'unproven', remedy: notRead, leaves } as const;
    return {
      run: async (): Promise<Point[]> => {
        try {
          if (!(await options.relaysKnown)) return [{ ...lack, ...untried, leaves: { ...leaves, surely: false } }];
          const { says, lacks } = await look(plan, store, options);
          if (lacks.length === 0) return [{ ...base, state: 'ok', says }];
          const all = joined([says, ...lacks]);
          return [{ ...lack, says: all, remedy: fewRights, leaves: { ...leaves, surely: false } }];
        } catch (error) {
          if (error instanceof ScopeError) return [{ ...base, state: 'lacking', says: error.text, input: true }];
          if (!(error instanceof Unavailable)) return [{ ...lack, says: verbatim(messageOf(error)) }];
          return [{ ...lack, says: joined([reasons[error.reason], heard(error.message)], '：', ': ') }];
        }
      },
      late: () => [{ ...lack, says: noAnswer, leaves: { ...leaves, surely: false } }],
    };
  });
}

const notRead: Text = {
  zh: '核对 url、authority 和 auth 所指的环境变量，并对本机放行',
  en: 'check url, authority and the environment variable that auth names, and let this machine pass',
};

const fewRights: Text = {
  zh: '授予只读权限：Elasticsearch 为集群 monitor、read_ilm 及索引 read、view_index_metadata；OpenSearch 为 cluster_monitor、_ism explain 及索引 read；Loki 为 /config',
  en: 'grant what only reads: in Elasticsearch monitor and read_ilm of the cluster, read and view_index_metadata of the indices; in OpenSearch cluster_monitor, _ism explain and read; in Loki /config',
};

// Rows of other logs do not ask this store.
function leavesOf({ profile, occasion }: Plan, { of }: DeclaredLogStore): Leaves {
  const readers = profile.requirements.filter(
    (requirement) =>
      bindsAt(requirement, occasion) &&
      requirement.uses.some(
        ({ check, parameters }) => check.reads.includes('centralLogs') && stringsIn(parameters).includes(of),
      ),
  );
  return { requirements: readers.map(({ id }) => id), surely: true };
}

async function look(
  { platform, gate }: Plan,
  store: DeclaredLogStore,
  { environment, signal }: LogStoreOptions,
): Promise<{ says: Text; lacks: Text[] }> {
  const secrets = async ({ env }: { env?: string }): Promise<string | undefined> =>
    env === undefined ? undefined : environment[env];
  const client = await clientOf(store, { platform, gate, signal, secrets, seconds });
  const isLoki = store.kind === 'loki';
  const version = await (isLoki ? lokiVersion(client) : versionOf(store, client));
  const name = joined([verbatim(`${store.kind} ${version}`), channels[client.channel]], '，', ', ');
  if (isLoki) return { says: name, lacks: await lackOf('loki', () => configurationOf(client)) };
  const { list, unseen } = await indicesOf(store, client);
  const says = joined([name, { zh: `${list.length} 个索引`, en: `${list.length} indices` }], '，', ', ');
  return { says, lacks: [...unseen.map((each) => unseenWhys[each]), ...(await policyLack(store, client))] };
}

function policyLack({ kind, indices = [] }: DeclaredLogStore, client: Client): Promise<Text[]> {
  const path =
    kind === 'elasticsearch' ? '/_ilm/policy' : `/_plugins/_ism/explain/${indices.map(encodeURIComponent).join(',')}`;
  return lackOf(kind === 'elasticsearch' ? 'ilm' : 'ism', async () => {
    const answer = await client.get(path, { filter_path: '*.version,*.enabled' });
    return isWithout(answer) ? undefined : must(answer, path);
  });
}

async function lackOf(part: RuleSource, read: () => Promise<unknown>): Promise<Text[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const cannot = { zh: '无法读取', en: 'cannot be read' };
    return [joined([ruleSources[part], cannot, verbatim(`(${error.message})`)], ' ', ' ')];
  }
}
