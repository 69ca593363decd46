import { z } from 'zod';
import type { Fact } from '../../evidence/filed/facts.ts';
import { baseUnits } from '../../evidence/money.ts';
import type { Seen } from '../../evidence/observation.ts';
import { bilingual, decimal, month } from '../../evidence/schemas.ts';
import type { Profile } from '../profile.ts';

/** A declared monthly figure, as exact decimals in its unit. */
export const seriesSchema = z.strictObject({
  fact: z.string(),
  title: bilingual,
  unit: z.enum(baseUnits),
  months: z.record(month, decimal),
  cite: z.string(),
});

export type Series = z.output<typeof seriesSchema>;

/** The monthly facts that a profile has a title for, in its order. */
export function seriesIn(facts: readonly Seen<Fact>[], profile: Pick<Profile, 'facts'>): Series[] {
  return Object.entries(profile.facts).flatMap(([name, { zh, en }]) => {
    const found = facts.filter(({ value }) => value.name === name);
    const [fact] = found;
    // Two that contradict each other are for the check to name; a picture would take sides.
    if (!fact || found.length > 1 || fact.value.value.type !== 'monthly') return [];
    const { unit, months } = fact.value.value;
    return [{ fact: name, title: { zh, en }, unit, months, cite: fact.id }];
  });
}
