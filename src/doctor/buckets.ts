import { Unavailable } from '../collectors/collector.ts';
import { bucketClient } from '../collectors/database/buckets/client.ts';
import { headOf } from '../collectors/database/buckets/heads.ts';
import { firstObject } from '../collectors/database/buckets/listing.ts';
import { readSettings } from '../collectors/database/buckets/settings.ts';
import { messageOf, ScopeError } from '../errors.ts';
import { type Buckets, unreadBucketText } from '../evidence/database/buckets.ts';
import { channels } from '../evidence/network/central-logs.ts';
import { reasons } from '../evidence/observation.ts';
import { bucketPlace, type DeclaredObjectStore } from '../platform-object-stores.ts';
import { heard, joined, type Text, verbatim } from '../text.ts';
import type { LogStoreOptions } from './log-stores.ts';
import { untried } from './network.ts';
import { leavesOf, type Plan } from './plan.ts';
import { noAnswer, type Point, type Probe } from './point.ts';

/** Seconds of one request: a scan has more patience. */
const seconds = 4;

/** Whether each bucket can be listed, and what is set for it can be read. One page of its objects is asked for. */
export function bucketProbes(plan: Plan, options: LogStoreOptions & { readonly now: () => Date }): Probe[] {
  if (!plan.kinds.includes('buckets')) return [];
  return plan.platform.objectStores.map((store): Probe => {
    const base = { area: 'stores', what: verbatim(store.name) } as const;
    const leaves = leavesOf(plan, ['buckets'], true);
    const lack = { ...base, state: 'unproven', remedy: notRead, leaves } as const;
    const perhaps = { ...leaves, surely: false };
    return {
      run: async (): Promise<Point[]> => {
        try {
          if (!(await options.relaysKnown)) return [{ ...lack, ...untried, leaves: perhaps }];
          const { says, unread } = await look(plan, store, options);
          if (unread.length === 0) return [{ ...base, state: 'ok', says }];
          const all = joined([says, { zh: '未能读取', en: 'not read' }, unreadBucketText(unread)], '：', ': ');
          return [{ ...lack, says: all, remedy: fewRights, leaves: perhaps }];
        } catch (error) {
          if (error instanceof ScopeError) return [{ ...base, state: 'lacking', says: error.text, input: true }];
          if (!(error instanceof Unavailable)) return [{ ...lack, says: verbatim(messageOf(error)) }];
          return [{ ...lack, says: joined([reasons[error.reason], heard(error.message)], '：', ': ') }];
        }
      },
      late: () => [{ ...lack, says: noAnswer, leaves: perhaps }],
    };
  });
}

const notRead: Text = {
  zh: '核对 url、region、style、bucket、authority 和 accessKey 所指的环境变量，并对本机放行',
  en: 'check url, region, style, bucket, authority and the environment variables that accessKey names, and let this machine pass',
};

const fewRights: Text = {
  zh: '按 examples/object-stores 中的策略授予只读权限；存储服务本身不支持的，无需处理',
  en: 'grant what only reads, by the policies in examples/object-stores; what the store does not know cannot be granted',
};

async function look(
  { platform, gate }: Plan,
  store: DeclaredObjectStore,
  { environment, signal, now }: LogStoreOptions & { readonly now: () => Date },
): Promise<{ says: Text; unread: Buckets['unread'] }> {
  const secrets = async ({ env }: { env?: string }): Promise<string | undefined> =>
    env === undefined ? undefined : environment[env];
  const client = await bucketClient(store, { platform, gate, signal, secrets, now, seconds });
  const key = await firstObject(client, store.prefix);
  const { unread, ownWrites } = await readSettings(client);
  const head = key === undefined ? undefined : await headOf(client, key);
  const says = [
    verbatim(bucketPlace(store)),
    channels[client.channel],
    key === undefined
      ? { zh: '其中没有对象', en: 'no objects are in it' }
      : { zh: '可以列出对象', en: 'its objects can be listed' },
    ...(ownWrites.length > 0 ? [{ zh: '该账号可能可以写入', en: 'the account seems able to write' }] : []),
  ];
  return {
    says: joined(says, '，', ', '),
    unread: [...unread, ...(head instanceof Unavailable ? [{ part: 'heads' as const, why: head.message }] : [])],
  };
}
