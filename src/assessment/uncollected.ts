import { z } from 'zod';
import type { PlatformDeclaration } from '../evidence/filed/platform.ts';
import { type Kind, kindNames, kinds } from '../evidence/kinds.ts';
import { type Observation, originOf } from '../evidence/observation.ts';
import { bilingual } from '../evidence/schemas.ts';
import { expectedSubjects } from '../evidence/subjects.ts';

/** A kind of evidence that the profile asks for and that is wanting: not even the attempt is recorded. */
export const uncollectedSchema = z.strictObject({
  kind: z.enum(kindNames),
  title: bilingual,
  /** How many hosts, addresses, stores … it was to be collected of; none: the platform file declares none. */
  declared: z.int().nonnegative(),
  /** Of how many of them there is nothing. */
  missing: z.int().nonnegative(),
});

export type Uncollected = z.output<typeof uncollectedSchema>;

/** The measured kinds, of those asked for, of which there is nothing, or nothing of some subject. */
export function uncollectedIn(
  observations: readonly Observation[],
  declaration: PlatformDeclaration,
  asked: readonly Kind[],
): Uncollected[] {
  const subjects = Map.groupBy(observations, ({ kind }) => kind);
  return asked.flatMap((kind) => {
    if (originOf(kind) === 'filed') return [];
    const there = new Set(subjects.get(kind)?.map(({ subject }) => subject));
    const expected = expectedSubjects(kinds[kind].per, declaration);
    const missing = expected.filter((subject) => !there.has(subject)).length;
    if (missing === 0 && (expected.length > 0 || there.size > 0)) return [];
    return [{ kind, title: kinds[kind].title, declared: expected.length, missing }];
  });
}
