import { expect, test } from 'vitest';
import { planOf } from '../../../src/collectors/database/mongodb/plans.ts';
import type { MongoSession } from '../../../src/collectors/transports/mongodb.ts';

/** What is read of a plan that a server answers with. */
const read = (answer: object) => {
  const session: Pick<MongoSession, 'ask'> = { ask: async (schema) => schema.parse(answer) };
  return planOf(session, 'trade', { aggregate: 'invoices' });
};

const scan = {
  stage: 'IXSCAN',
  keyPattern: { at: 1 },
  indexName: 'at_1',
  isMultiKey: false,
  multiKeyPaths: { at: [] },
};
const whole = { stage: 'COLLSCAN', direction: 'forward' };
const deep = Array.from({ length: 200 }).reduce<object>((inputStage) => ({ stage: 'LIMIT', inputStage }), scan);

// Forms as the manual's “Explain Results” shows them (5.0, 6.3, 8.0), not recorded.
test.each<[string, object, object]>([
  [
    'of a find',
    { queryPlanner: { winningPlan: { stage: 'FETCH', inputStage: scan }, rejectedPlans: [] } },
    { isIndexed: true },
  ],
  [
    'of a count',
    { queryPlanner: { winningPlan: { stage: 'COUNT', inputStage: { stage: 'COUNT_SCAN' } } } },
    { isIndexed: true },
  ],
  [
    'of stages',
    {
      stages: [
        { $cursor: { queryPlanner: { winningPlan: { stage: 'LIMIT', inputStage: scan } } } },
        { $group: { _id: null } },
      ],
    },
    { isIndexed: true },
  ],
  [
    'of slots',
    {
      explainVersion: '2',
      queryPlanner: {
        winningPlan: {
          isCached: false,
          queryPlan: { stage: 'GROUP', planNodeId: 3, inputStage: scan },
          slotBasedPlan: { stages: 'COLLSCAN' },
        },
      },
    },
    { isIndexed: true },
  ],
  [
    'of shards',
    {
      shards: {
        a: { queryPlanner: { winningPlan: { stage: 'SHARDING_FILTER', inputStage: scan } } },
        b: { queryPlanner: { winningPlan: scan } },
      },
    },
    { isIndexed: true },
  ],
  [
    'of a router of old',
    {
      queryPlanner: {
        winningPlan: {
          stage: 'SHARD_MERGE',
          shards: [{ shardName: 'a', winningPlan: { stage: 'FETCH', inputStage: scan } }],
        },
      },
    },
    { isIndexed: true },
  ],
  ['of a clustered collection', { queryPlanner: { winningPlan: { stage: 'CLUSTERED_IXSCAN' } } }, { isIndexed: true }],
  ['of nothing that could be', { queryPlanner: { winningPlan: { stage: 'EOF' } } }, { isIndexed: true }],
  [
    'one shard reads all',
    { shards: { a: { queryPlanner: { winningPlan: scan } }, b: { queryPlanner: { winningPlan: whole } } } },
    { isIndexed: false },
  ],
  ['all is read', { queryPlanner: { winningPlan: whole } }, { isIndexed: false }],
  [
    'the other plan would read all',
    { queryPlanner: { winningPlan: scan, rejectedPlans: [whole] } },
    { isIndexed: true },
  ],
  [
    'several indexes, one by all',
    { queryPlanner: { winningPlan: { stage: 'OR', inputStages: [scan, whole] } } },
    { isIndexed: false },
  ],
  [
    'arrays in the index',
    { queryPlanner: { winningPlan: { stage: 'FETCH', inputStage: { ...scan, isMultiKey: true } } } },
    { isIndexed: true, isMultiKey: true },
  ],
  ['nothing that is known', { queryPlanner: { winningPlan: { stage: 'WONDER' } } }, { isIndexed: false }],
  ['nothing at all', {}, { isIndexed: false }],
  ['without end', { queryPlanner: { winningPlan: deep } }, { isIndexed: false }],
])('a plan %s', async (_, answer, plan) => {
  expect(await read(answer)).toEqual({ isMultiKey: false, ...plan });
});
