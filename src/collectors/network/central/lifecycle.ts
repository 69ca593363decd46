import { z } from 'zod';
import type { CentralRule } from '../../../evidence/network/central-logs.ts';
import { daysOf } from './client.ts';

type Keeps = CentralRule['keeps'];

const phase = z.object({ min_age: z.string().default('0ms'), actions: z.record(z.string(), z.unknown()).default({}) });

/** `GET _ilm/policy`: of each policy its phases. */
export const ilmPolicies = z.record(
  z.string(),
  z.object({ policy: z.object({ phases: z.record(z.string(), phase).default({}) }).default({ phases: {} }) }),
);

export type IlmPolicy = z.output<typeof ilmPolicies>[string]['policy'];

/** Whether its age counts from the rollover: else from the index's creation, whenever its entries came. */
export function rollsOver({ phases }: IlmPolicy): boolean {
  return Object.values(phases).some(({ actions }) => 'rollover' in actions);
}

/**
 * What an index lifecycle policy keeps each entry for. `span` is the days from an index's creation to its last entry, at most; undefined
 * where it was not seen. With an origin that was set, the age counts from there in spite of a rollover. A snapshot before deletion keeps nothing where it is looked for.
 */
export function ilmKeeps(
  policy: IlmPolicy,
  span: number | undefined,
  hasOrigin: boolean,
): { text: string; keeps: Keeps } {
  const { phases } = policy;
  if (Object.values(phases).some(({ actions }) => 'downsample' in actions))
    return { text: 'downsample', keeps: { unknown: 'downsample' } };
  const deletion = phases.delete;
  if (!deletion || !('delete' in deletion.actions)) return { text: 'no delete phase', keeps: { ever: true } };
  const text = `delete min_age ${deletion.min_age}`.slice(0, 200);
  const age = daysOf(deletion.min_age);
  if (age === undefined) return { text, keeps: { unknown: text } };
  return rollsOver(policy) && !hasOrigin
    ? { text: `${text} from rollover`, keeps: { days: age } }
    : sinceCreation(`${text} from creation`, age, span);
}

// An entry of the last day that an index was written to is deleted with the entries of its first.
function sinceCreation(text: string, age: number, span: number | undefined): { text: string; keeps: Keeps } {
  if (span === undefined) return { text, keeps: { unknown: text } };
  return { text: `${text}, written for ${Math.ceil(span)} days`, keeps: { days: Math.max(0, age - span) } };
}

const conditions = z.object({ min_index_age: z.string().optional(), min_rollover_age: z.string().optional() });

const state = z.object({
  name: z.string(),
  actions: z.array(z.record(z.string(), z.unknown())).default([]),
  transitions: z
    .array(z.object({ state_name: z.string(), conditions: conditions.nullish() }))
    .nullish()
    .transform((list) => list ?? []),
});

/** An index state management policy, as `_plugins/_ism/explain` shows the one that an index is under. */
export const ismPolicy = z.object({
  policy_id: z.string(),
  default_state: z.string(),
  states: z.array(state).max(100),
});

export type IsmPolicy = z.output<typeof ismPolicy>;

type Age = { rolled: number; created: number };

/** States that are passed on all ways together; a policy in earnest has some ten. */
const mostSteps = 2000;

type Walk = { readonly policy: IsmPolicy; left: number };

/** What an index state management policy keeps each entry for, on whichever way of states deletes soonest; `span` as above. */
export function ismKeeps(policy: IsmPolicy, span: number | undefined): { text: string; keeps: Keeps } {
  const walk = { policy, left: mostSteps };
  const ways = deletions(walk, policy.default_state, { rolled: 0, created: 0 }, new Set());
  if (ways === undefined) return { text: 'states', keeps: { unknown: 'transitions' } };
  if (ways.length === 0) return { text: 'no delete action', keeps: { ever: true } };
  const judged = ways.map(({ rolled, created }) => {
    if (rolled >= created) return { text: `delete min_rollover_age ${rolled}d`, keeps: { days: rolled } };
    const byCreation = sinceCreation(`delete min_index_age ${created}d`, created, span);
    return 'days' in byCreation.keeps && byCreation.keeps.days < rolled
      ? { text: `delete min_rollover_age ${rolled}d`, keeps: { days: rolled } }
      : byCreation;
  });
  const daysKept = ({ keeps }: { keeps: Keeps }): number => ('days' in keeps ? keeps.days : -1);
  return judged.toSorted((a, b) => daysKept(a) - daysKept(b))[0] ?? { text: 'states', keeps: { unknown: 'states' } };
}

// Undefined: too many ways to follow, or an age that cannot be read.
function deletions(walk: Walk, name: string, age: Age, passed: ReadonlySet<string>): Age[] | undefined {
  const at = walk.policy.states.find((each) => each.name === name);
  if (!at || passed.has(name)) return [];
  walk.left -= 1;
  if (walk.left < 0) return undefined;
  if (at.actions.some((action) => 'delete' in action)) return [age];
  const ways: Age[] = [];
  for (const { state_name: next, conditions: asked } of at.transitions) {
    const rolled = daysOf(asked?.min_rollover_age ?? '0');
    const created = daysOf(asked?.min_index_age ?? '0');
    if (rolled === undefined || created === undefined) return undefined;
    const later = { rolled: Math.max(age.rolled, rolled), created: Math.max(age.created, created) };
    const more = deletions(walk, next, later, new Set([...passed, name]));
    if (more === undefined) return undefined;
    ways.push(...more);
  }
  return ways;
}

/** A data stream's own lifecycle, as `GET _data_stream` shows it since 8.11. */
export const streamLifecycle = z.object({
  enabled: z.boolean().default(true),
  data_retention: z.string().optional(),
  /** With the cluster's limits heeded; since 8.15. */
  effective_retention: z.string().optional(),
});

/** What a data stream's lifecycle keeps: its indices are deleted when that time has passed since their rollover, or the origin that was set for them. */
export function streamKeeps(
  lifecycle: z.output<typeof streamLifecycle>,
  span: number | undefined,
): { text: string; keeps: Keeps } {
  const { data_retention: own, effective_retention: effective, enabled } = lifecycle;
  if (!enabled) return { text: 'lifecycle disabled', keeps: { ever: true } };
  const given = [own, effective].filter((each) => each !== undefined);
  if (given.length === 0) return { text: 'no data_retention', keeps: { ever: true } };
  const ages = given.map(daysOf);
  const text = `data_retention ${given.join(', effective ')}`.slice(0, 200);
  const known = ages.filter((age) => age !== undefined);
  if (known.length < ages.length) return { text, keeps: { unknown: text } };
  return span === 0 ? { text, keeps: { days: Math.min(...known) } } : sinceCreation(text, Math.min(...known), span);
}
