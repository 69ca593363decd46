import { z } from 'zod';

/** Into how many parts a collection may be divided. */
export const mostShards = 10_000;

/** Which parts of a divided collection a bundle holds, of one zone. */
export const shardsOfZone = z
  .strictObject({
    zone: z.string(),
    /** How many parts the zone's collection was divided into. */
    of: z.int().min(1).max(mostShards),
    /** The parts that are here, counted from 1, ascending. */
    have: z.array(z.int().min(1)).min(1),
  })
  .refine(({ of, have }) => have.every((part, index) => part <= of && part > (have[index - 1] ?? 0)), {
    error: '分片编号应递增且不超过总数 | the parts must ascend and be no more than there are',
  });

export type ShardsOfZone = z.output<typeof shardsOfZone>;

/** The parts that are not here, as `2/3`; of several zones with the zone’s name. */
export function missingShards(zones: readonly ShardsOfZone[] | undefined): string[] {
  return (zones ?? []).flatMap(({ zone, of, have }) => {
    const here = new Set(have);
    const missing = Array.from({ length: of }, (_, index) => index + 1).filter((part) => !here.has(part));
    return missing.map((part) => `${part}/${of}${zones && zones.length > 1 ? ` (${zone})` : ''}`);
  });
}
