import { z } from 'zod';
import { outcomes } from '../../checks/check.ts';
import { bilingual, plainDate } from '../evidence/schemas.ts';
import { occasions } from '../occasion.ts';
import { remainders, waiverStates } from './assessment.ts';
import { verdicts } from './verdict.ts';

/** The version of the comparison's shape. */
export const comparisonFormat = 'leqi-audit/diff/1';

/** What became of a requirement between two assessments, in the order in which it is shown. */
export const changes = [
  'worse',
  'new',
  'otherwise',
  'unclear',
  'better',
  'gone',
  // The verdict is the same: other findings are open, the same findings rest on other evidence, or nothing changed at all.
  'findings',
  'evidence',
  'same',
] as const;

const sideSchema = z.strictObject({
  number: z.string(),
  asOf: plainDate,
  occasion: z.enum(occasions),
  version: z.string(),
});

const stateSchema = z.strictObject({ verdict: z.enum(verdicts), remaining: z.enum(remainders).optional() });

const foundSchema = z.strictObject({
  id: z.string().optional(),
  outcome: z.enum(outcomes),
  subject: z.string(),
  /** What reports call the subject, where it is not its own name. */
  name: bilingual.optional(),
  text: bilingual,
  waiver: z.string().optional(),
});

const rowSchema = z.strictObject({
  requirement: z.string(),
  title: bilingual,
  change: z.enum(changes),
  /** Absent where the requirement was not there. */
  from: stateSchema.optional(),
  to: stateSchema.optional(),
  /** A verdict that got worse, or a new unmet, that no waiver covers. */
  regression: z.boolean(),
  /** Findings that are unmet or unproven now and were not before, and the other way round. */
  appeared: z.array(foundSchema),
  vanished: z.array(foundSchema),
  /** Whether what the findings cite is the same, its times aside; `unknown` where a file does not say. */
  evidence: z.enum(['same', 'changed', 'unknown']),
});

const waiverChangeSchema = z.strictObject({
  /** The requirement, the finding, or both, as the list names them. */
  of: z.string(),
  approver: z.string(),
  from: plainDate,
  until: plainDate,
  /** How it stands in the newer assessment; `removed`: it is not on the list any more. */
  state: z.enum([...waiverStates, 'removed']),
});

/** Two assessments of one platform side by side. */
export const comparisonSchema = z.strictObject({
  format: z.literal(comparisonFormat),
  unit: z.strictObject({ name: z.string(), creditCode: z.string() }),
  platform: z.string(),
  profile: z.strictObject({ name: z.string(), title: bilingual }),
  old: sideSchema,
  new: sideSchema,
  /** What limits the comparison. */
  notes: z.array(bilingual),
  regressions: z.int(),
  counts: z.record(z.enum(changes), z.int()),
  /** In the order of the newer profile; those that are gone come last. */
  rows: z.array(rowSchema),
  waivers: z.strictObject({ begun: z.array(waiverChangeSchema), ended: z.array(waiverChangeSchema) }),
});

export type Comparison = z.output<typeof comparisonSchema>;
export type Change = (typeof changes)[number];
export type ComparedRow = Comparison['rows'][number];
export type FoundFinding = z.output<typeof foundSchema>;
export type WaiverChange = z.output<typeof waiverChangeSchema>;
