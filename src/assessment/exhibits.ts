import { z } from 'zod';
import { calendarSchema, calendarsIn } from './exhibits/calendars.ts';
import { mapIn, mapSchema } from './exhibits/map.ts';
import { seriesIn, seriesSchema } from './exhibits/series.ts';
import { spansIn, spansSchema } from './exhibits/spans.ts';
import type { Profile } from './profile.ts';
import type { Usable } from './usable.ts';

/** What the report's pictures are drawn from: what was seen, never a verdict of its own. Each row names the observation that it shows. */
export const exhibitsSchema = z.strictObject({
  /** Declared monthly figures. */
  series: z.array(seriesSchema),
  /** Addresses and ports, as declared and as found. */
  map: mapSchema,
  /** How far back logs and records reach. */
  spans: spansSchema,
  /** Entries of registers, month by month. */
  calendars: z.array(calendarSchema),
});

export type Exhibits = z.output<typeof exhibitsSchema>;

/** The exhibits of usable evidence. */
export function exhibitsOf(usable: Usable, profile: Profile): Exhibits {
  const { seen } = usable;
  return {
    series: seriesIn(seen.facts, profile),
    map: mapIn(seen),
    spans: spansIn(seen, profile),
    calendars: calendarsIn(seen.ledgers),
  };
}
