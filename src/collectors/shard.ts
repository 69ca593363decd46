import { createHash } from 'node:crypto';
import { InputError } from '../errors.ts';
import { type Kind, kinds } from '../evidence/kinds.ts';
import { mostShards } from '../evidence/shards.ts';

/** One part of a divided collection: the `index`-th (from 1) of `of`. */
export type Shard = { readonly index: number; readonly of: number };

/** Reads `i/n`; throws {@link InputError} for anything else. */
export function parseShard(text: string): Shard {
  const [, index, of] = text.match(/^(\d{1,6})\/(\d{1,6})$/) ?? [];
  const shard = shardOf(Number(index), Number(of));
  if (!shard) {
    throw new InputError({
      zh: `--shard 应写作 i/n，1 ≤ i ≤ n ≤ ${mostShards}，例如 2/8；现为「${text}」`,
      en: `--shard is written i/n with 1 ≤ i ≤ n ≤ ${mostShards}, such as 2/8; it is "${text}"`,
    });
  }
  return shard;
}

/**
 * The part that a scheduler gave this process: an Indexed Job of Kubernetes (`JOB_COMPLETION_INDEX` from 0, with `LEQI_SHARD_COUNT`, because
 * Kubernetes does not say how many there are) or `parallel` of GitLab (`CI_NODE_INDEX` from 1, `CI_NODE_TOTAL`). Throws {@link InputError} if
 * it is one of several and does not say of how many: each of them would ask every host.
 */
export function shardFrom(environment: Readonly<Record<string, string | undefined>>): Shard | undefined {
  const { JOB_COMPLETION_INDEX: completion, LEQI_SHARD_COUNT: count } = environment;
  if (completion !== undefined) {
    return (
      shardOf(plain(completion) + 1, plain(count)) ??
      wrong(`JOB_COMPLETION_INDEX=${completion}, LEQI_SHARD_COUNT=${count ?? ''}`)
    );
  }
  const { CI_NODE_INDEX: node, CI_NODE_TOTAL: total } = environment;
  if (node === undefined) return undefined;
  return shardOf(plain(node), plain(total)) ?? wrong(`CI_NODE_INDEX=${node}, CI_NODE_TOTAL=${total ?? ''}`);
}

/**
 * Whether a part is to ask about a subject. Hosts, endpoints, addresses and stores belong to one part each, by the hash of the name: one more or less
 * moves no other. What the unit hands over is read by the first part; the declaration, without which nothing can be judged, by each.
 */
export function isInShard({ index, of }: Shard, kind: Kind | 'host', subject: string): boolean {
  if (kind === 'platform') return true;
  if (kind !== 'host' && kinds[kind].origin === 'filed') return index === 1;
  return createHash('sha256').update(subject).digest().readUIntBE(0, 6) % of === index - 1;
}

function shardOf(index: number, of: number): Shard | undefined {
  return index >= 1 && index <= of && of <= mostShards ? { index, of } : undefined;
}

function plain(text: string | undefined): number {
  return /^\d{1,6}$/.test(text ?? '') ? Number(text) : Number.NaN;
}

function wrong(given: string): never {
  throw new InputError({
    zh: `环境变量给出的分片不完整：${given}。请补全，或用 --shard i/n 指明（--shard 1/1 为不分片）`,
    en: `the environment names a part but not which of how many: ${given}. Complete it, or say --shard i/n (1/1: all of it)`,
  });
}
