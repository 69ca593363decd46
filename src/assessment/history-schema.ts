import { z } from 'zod';
import { bilingual, instant, plainDate } from '../evidence/schemas.ts';
import { occasions } from '../occasion.ts';
import { changes } from './comparison-schema.ts';
import { verdicts } from './verdict.ts';

/** The version of the history's shape. */
export const historyFormat = 'leqi-audit/history/1';

const runSchema = z.strictObject({
  file: z.string(),
  number: z.string(),
  asOf: plainDate,
  /** When the last of its evidence was collected. */
  collected: instant,
  occasion: z.enum(occasions),
  version: z.string(),
  counts: z.record(z.enum(verdicts), z.int()),
  accepted: z.strictObject({ unmet: z.int(), partial: z.int(), unproven: z.int() }).optional(),
  /** Held against the one before: how many requirements changed in each way; absent of the first. */
  changes: z.record(z.enum(changes), z.int()).optional(),
  /** Verdicts that got worse, and new unmet ones. */
  regressions: z.int(),
  waivers: z.strictObject({ begun: z.int(), ended: z.int() }),
});

const seriesSchema = z.strictObject({
  unit: z.strictObject({ name: z.string(), creditCode: z.string() }),
  platform: z.string(),
  profile: z.strictObject({ name: z.string(), title: bilingual }),
  /** The validity of access as the last assessment has it. */
  period: z.strictObject({ from: plainDate, until: plainDate }).optional(),
  /** By as-of date, then by when the evidence was collected. */
  runs: z.array(runSchema),
});

/** The assessments of a folder, those of each unit, platform and profile by themselves. */
export const historySchema = z.strictObject({
  format: z.literal(historyFormat),
  series: z.array(seriesSchema),
  /** Files that are no assessment, or were changed. */
  broken: z.array(z.strictObject({ file: z.string(), why: bilingual })),
});

export type History = z.output<typeof historySchema>;
export type Series = z.output<typeof seriesSchema>;
export type Run = z.output<typeof runSchema>;

/** Whether an assessment came out as the one before it: ran, nothing changed. */
export function isUnchanged({ changes: counts, waivers }: Run): boolean {
  if (!counts) return false;
  const others = changes.filter((name) => name !== 'same' && name !== 'evidence');
  return others.every((name) => counts[name] === 0) && waivers.begun + waivers.ended === 0;
}
