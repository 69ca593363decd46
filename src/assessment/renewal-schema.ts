import { z } from 'zod';
import { outcomes } from '../../checks/check.ts';
import { bilingual, plainDate } from '../evidence/schemas.ts';
import { figureSchema } from './assessment.ts';
import { verdicts } from './verdict.ts';

/** The version of the plan's shape. */
export const renewalFormat = 'leqi-audit/renewal/1';

const rowSchema = z.strictObject({
  requirement: z.string(),
  title: bilingual,
  cites: z.array(z.strictObject({ source: z.string(), clause: z.string() })),
  /** What follows if it is missed. */
  ifMissed: bilingual.optional(),
});

const itemSchema = rowSchema.extend({
  /** Requirement, check and subject: the same whenever the plan is made anew. */
  key: z.string(),
  check: z.string(),
  subject: z.string(),
  /** The paper's or ledger's title, where the subject is one. */
  name: bilingual.optional(),
  outcome: z.enum(outcomes),
  says: z.string(),
  text: bilingual,
  remedy: bilingual.optional(),
});

const deadlineSchema = itemSchema.extend({
  what: bilingual,
  due: plainDate,
  /** Negative once it is past. */
  daysLeft: z.int(),
  /** Past, and shown not to be done. */
  overdue: z.boolean(),
});

/** What is to be done for the next renewal, as far as papers, figures, registers and dates tell. */
export const renewalSchema = z.strictObject({
  format: z.literal(renewalFormat),
  asOf: plainDate,
  unit: z.strictObject({ name: z.string(), creditCode: z.string() }),
  platform: z.strictObject({ name: z.string() }),
  profile: z.strictObject({ name: z.string(), title: bilingual }),
  term: z.strictObject({
    from: plainDate.optional(),
    until: plainDate.optional(),
    daysLeft: z.int().optional(),
    /** The filing of the renewal: absent where the profile knows none. */
    filing: itemSchema
      .extend({ opens: plainDate.optional(), due: plainDate.optional(), daysLeft: z.int().optional() })
      .optional(),
  }),
  /** By date, what is past first. */
  deadlines: z.array(deadlineSchema),
  thresholds: z.array(itemSchema.extend({ figure: figureSchema.optional() })),
  /** What is wrong or not shown, by what it is about. */
  papers: z.array(itemSchema),
  ledgers: z.array(itemSchema),
  dates: z.array(itemSchema),
  others: z.array(itemSchema),
  /** Statements without a good signature. */
  statements: z.array(itemSchema),
  /** Every obligation with a time limit, also those that bind at another occasion. */
  duties: z.array(rowSchema.extend({ limits: z.array(bilingual), binds: z.boolean(), due: plainDate.optional() })),
  /** Requirements that a scan must answer, and those that this version cannot judge. */
  measurement: z.array(z.string()),
  unchecked: z.array(z.string()),
  /** Of the requirements that need no scan; of the others only what is unmet already. */
  counts: z.record(z.enum(verdicts), z.int()),
});

export type Renewal = z.output<typeof renewalSchema>;
export type RenewalItem = z.output<typeof itemSchema>;
export type Deadline = Renewal['deadlines'][number];
