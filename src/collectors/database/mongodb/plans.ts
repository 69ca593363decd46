import type { Document } from 'bson';
import { z } from 'zod';
import type { MongoSession } from '../../transports/mongodb.ts';

const nodeSchema = z.looseObject({ stage: z.string().optional(), isMultiKey: z.boolean().optional() });

/** What a plan reads by. */
export type Plan = {
  /** It reads nothing but what an index points to. */
  readonly isIndexed: boolean;
  /** Arrays stand in the index: one document has several places in it. */
  readonly isMultiKey: boolean;
};

// Of all the forms in which a plan comes (mongod or mongos, both query engines) its stages have this in common.
const deepest = 40;

/** How the server would answer a command; the command itself is not run. */
export async function planOf(session: Pick<MongoSession, 'ask'>, database: string, command: Document): Promise<Plan> {
  const plan = await session.ask(z.record(z.string(), z.unknown()), database, {
    explain: command,
    verbosity: 'queryPlanner',
  });
  const nodes = winning(plan, 0).flatMap((each) => stagesIn(each, 0));
  const names = nodes.flatMap(({ stage }) => stage ?? []);
  const isWhole = names.some((name) => name === 'COLLSCAN');
  return {
    isIndexed: !isWhole && names.some((name) => /^(?:\w+_)?(?:IXSCAN|COUNT_SCAN|DISTINCT_SCAN)$|^EOF$/.test(name)),
    isMultiKey: nodes.some(({ isMultiKey }) => isMultiKey === true),
  };
}

// Plans that were thrown away stand beside them.
function winning(value: unknown, depth: number): unknown[] {
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === 'winningPlan' ? [each] : winning(each, depth + 1)));
}

function stagesIn(value: unknown, depth: number): z.output<typeof nodeSchema>[] {
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  const node = Array.isArray(value) ? undefined : nodeSchema.safeParse(value).data;
  const below = Object.entries(value)
    .filter(([key]) => key !== 'rejectedPlans')
    .flatMap(([, each]) => stagesIn(each, depth + 1));
  return node?.stage === undefined ? below : [node, ...below];
}
