import { describe, expect, test } from 'vitest';
import { isInShard, parseShard, shardFrom } from '../../src/collectors/shard.ts';
import { InputError } from '../../src/errors.ts';

const hosts = Array.from({ length: 1000 }, (_, index) => `app-${index}`);
const partOf = (name: string, of: number): number[] =>
  Array.from({ length: of }, (_, index) => index + 1).filter((index) => isInShard({ index, of }, 'host', name));

describe('a part', () => {
  test.each([1, 2, 3, 7, 64])('of %i has each host exactly once, and none has more than its share', (of) => {
    const parts = hosts.map((name) => partOf(name, of));
    expect(parts.filter((each) => each.length !== 1)).toEqual([]);
    const sizes = Array.from({ length: of }, (_, index) => parts.filter(([part]) => part === index + 1).length);
    expect(Math.max(...sizes)).toBeLessThan((hosts.length / of) * 2);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  test('hangs on the name alone: these are where they were in every version', () => {
    // As `printf %s NAME | sha256sum` says: the first 12 digits modulo 5, counted from 1.
    const names = ['app-1', 'app-2', '数据库 1', '127.0.0.1:443'];
    expect(names.flatMap((name) => partOf(name, 5))).toEqual([2, 3, 3, 5]);
  });

  test('holds the declaration in each, and papers, facts and ledgers in the first', () => {
    for (const index of [1, 2, 3]) {
      expect(isInShard({ index, of: 3 }, 'platform', 'p')).toBe(true);
      for (const kind of ['documents', 'facts', 'ledgers', 'statements'] as const)
        expect(isInShard({ index, of: 3 }, kind, 'x')).toBe(index === 1);
    }
  });
});

test('--shard i/n', () => {
  expect(parseShard('2/8')).toEqual({ index: 2, of: 8 });
  for (const text of ['', '0/3', '4/3', '1', '1/0', '-1/3', '1/3/5', '1.5/3', '1/99999', ' 1/3', 'x/y'])
    expect(() => parseShard(text), text).toThrow(InputError);
});

test.each<[string, Record<string, string>, unknown]>([
  ['nothing', {}, undefined],
  ['Kubernetes', { JOB_COMPLETION_INDEX: '0', LEQI_SHARD_COUNT: '4' }, { index: 1, of: 4 }],
  ['Kubernetes, the last', { JOB_COMPLETION_INDEX: '3', LEQI_SHARD_COUNT: '4' }, { index: 4, of: 4 }],
  ['Kubernetes without the count', { JOB_COMPLETION_INDEX: '3' }, 'JOB_COMPLETION_INDEX=3, LEQI_SHARD_COUNT='],
  ['Kubernetes beyond the count', { JOB_COMPLETION_INDEX: '4', LEQI_SHARD_COUNT: '4' }, 'LEQI_SHARD_COUNT=4'],
  ['a count and no index', { LEQI_SHARD_COUNT: '4' }, undefined],
  ['GitLab', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }, { index: 2, of: 4 }],
  ['GitLab without parallel', { CI_NODE_TOTAL: '1' }, undefined],
  ['GitLab without the total', { CI_NODE_INDEX: '2' }, 'CI_NODE_INDEX=2'],
])('from the environment: %s', (_, environment, expected) => {
  if (typeof expected === 'string') expect(() => shardFrom(environment)).toThrow(expected);
  else expect(shardFrom(environment)).toEqual(expected);
});
