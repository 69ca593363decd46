import { z } from 'zod';
import { outcomes } from '../../checks/check.ts';
import { kindNames } from '../evidence/kinds.ts';
import { reasons } from '../evidence/observation.ts';
import { bilingual, decimal, digest, instant, plainDate, timeZone } from '../evidence/schemas.ts';
import { occasions } from '../occasion.ts';
import { annexSchema } from './annex/annex-schema.ts';
import { exhibitsSchema } from './exhibits.ts';
import { bases, parts, ways } from './profile.ts';
import { uncollectedSchema } from './uncollected.ts';
import { verdicts } from './verdict.ts';

/** The version of the file's shape; readers refuse a newer one. */
export const assessmentFormat = 'leqi-audit/assessment/1';

/** A declared figure beside what is asked: as text, and as exact decimals where the check gives them. */
export const figureSchema = z.strictObject({
  amount: bilingual,
  threshold: bilingual,
  /** How far they lie apart. */
  margin: bilingual,
  value: decimal.optional(),
  asked: decimal.optional(),
});

/** What of a verdict is still open; `none`: a waiver covers all that keeps it from being met. */
export const remainders = ['unmet', 'partial', 'unproven', 'none'] as const;

/** How a waiver stands on the as-of date; `never`: it names what no waiver may cover. */
export const waiverStates = ['active', 'unused', 'not-yet', 'expired', 'never'] as const;

const waiverSchema = z.strictObject({
  /** `W-` and the start of the SHA-256 of all that the unit wrote in it. */
  id: z.string(),
  requirement: z.string().optional(),
  finding: z.string().optional(),
  /** Of a whole requirement: the kinds of finding that it covers. */
  covers: z.array(z.string()).optional(),
  reason: z.string(),
  approver: z.string(),
  from: plainDate,
  until: plainDate,
  ticket: z.string().optional(),
  paper: z.string().optional(),
  state: z.enum(waiverStates),
});

const findingSchema = z.strictObject({
  /** The same in every assessment that finds the same; files of version 0.1.0 have none. */
  id: z.string().optional(),
  /** `logs/retention`, or `-` for what the assessment itself says (no check yet, awaiting a signature). */
  check: z.string(),
  subject: z.string(),
  /** What reports call the subject, where it is not its own name: the title of a paper, a fact, a ledger. */
  name: bilingual.optional(),
  outcome: z.enum(outcomes),
  says: z.string(),
  text: bilingual,
  remedy: bilingual.optional(),
  /** The date by which something must be done. */
  due: plainDate.optional(),
  /** The date from which it can be done. */
  opens: plainDate.optional(),
  figure: figureSchema.optional(),
  /** Absent when no evidence is cited. */
  basis: z.enum(bases).optional(),
  /** Ids of the observations it rests on. */
  cites: z.array(z.string()),
  /** The waiver that covers it on the as-of date; the outcome stays what it is. */
  waiver: z.string().optional(),
});

const requirementSchema = z.strictObject({
  id: z.string(),
  title: bilingual,
  part: z.enum(parts),
  cites: z.array(z.strictObject({ source: z.string(), clause: z.string() })),
  verdict: z.enum(verdicts),
  /** Why it is not applicable, where no finding says so. */
  reason: bilingual.optional(),
  /** The strongest basis among the findings that decide the verdict. */
  basis: z.enum(bases).optional(),
  findings: z.array(findingSchema),
  awaits: z.array(z.enum(ways)),
  /** The statement that a person signs, and whether the evidence holds the signature. */
  attest: z.strictObject({ text: bilingual, signed: z.boolean() }).optional(),
  remedy: bilingual.optional(),
  /** Thresholds that the unit set stricter than the profile. */
  tightened: z
    .array(z.strictObject({ check: z.string(), parameter: z.string(), from: z.unknown(), to: z.unknown() }))
    .optional(),
  /** What follows if it is missed. */
  ifMissed: bilingual.optional(),
  /** What is left of the verdict once the findings under a waiver are set aside; absent where there is none. */
  remaining: z.enum(remainders).optional(),
  /** Hash of what the profile asks here: checks with their parameters, ways, statement, age of evidence. */
  rule: z.string().optional(),
  /** Hash of the evidence that the findings cite, without its times. */
  seen: z.string().optional(),
});

const evidenceEntrySchema = z.strictObject({
  id: z.string(),
  kind: z.enum(kindNames),
  kindTitle: bilingual,
  origin: z.enum(['host', 'network', 'database', 'filed']),
  subject: z.string(),
  /** What reports call the subject, where it is not its own name. */
  name: bilingual.optional(),
  at: instant,
  collector: z.string(),
  zone: z.string(),
  method: z.string(),
  /** SHA-256 of the kept raw output. */
  raw: digest.optional(),
  unobserved: z
    .strictObject({ reason: z.enum(Object.keys(reasons) as [keyof typeof reasons]), detail: z.string() })
    .optional(),
});

/** profile × evidence: what every reporter shows, and no reporter adds to. */
export const assessmentSchema = z.strictObject({
  format: z.literal(assessmentFormat),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  /** Report number, derived from the hash of all else: `LQ-20261122-3F9A2C71`. */
  number: z.string(),
  asOf: plainDate,
  timeZone,
  occasion: z.enum(occasions),
  profile: z.strictObject({
    name: z.string(),
    title: bilingual,
    sources: z.record(
      z.string(),
      z.strictObject({ title: bilingual, issued: z.string().optional(), note: bilingual.optional() }),
    ),
    /** How long before the as-of date evidence may be seen: measured in months, of ledgers in days. */
    maxAge: z.strictObject({ months: z.int(), ledgerDays: z.int() }).optional(),
    /** The files that it was read from, its own first, with the SHA-256 of their bytes. */
    files: z.array(z.strictObject({ name: z.string(), sha256: digest })).optional(),
  }),
  /** The validity of access that the unit declares, if both dates are known. */
  period: z.strictObject({ from: plainDate, until: plainDate }).optional(),
  unit: z.strictObject({ name: z.string(), creditCode: z.string() }),
  platform: z.strictObject({ name: z.string(), mode: z.string(), since: plainDate }),
  evidence: z.strictObject({
    /** SHA-256 of the bundle's manifest. */
    manifest: digest,
    from: instant,
    to: instant,
    observed: z.int(),
    unobserved: z.int(),
    /** The program that collected it, or put it together; absent in assessments from before it was kept. */
    tool: z.strictObject({ name: z.string(), version: z.string() }).optional(),
    /** Measured kinds that the profile asks for and of which nothing was collected; absent in assessments from before it was kept. */
    uncollected: z.array(uncollectedSchema).optional(),
    /** Parts of a divided collection that are not there: `2/3`. */
    missing: z.array(z.string()).optional(),
    /** Every contact that the scope guard let through, by address and port. */
    contacts: z.array(
      z.strictObject({ address: z.string(), port: z.int().optional(), by: z.string(), times: z.int() }),
    ),
  }),
  counts: z.record(z.enum(verdicts), z.int()),
  /** Every entry of the unit's list of waivers; absent where none was given. */
  waivers: z.array(waiverSchema).optional(),
  /** Of the counts, the requirements that waivers cover wholly: `--fail-on` accepts these. */
  accepted: z.strictObject({ unmet: z.int(), partial: z.int(), unproven: z.int() }).optional(),
  requirements: z.array(requirementSchema),
  /** Absent in assessments from before there were any. */
  exhibits: exhibitsSchema.optional(),
  /** The annex that the profile arranges; absent where it arranges none. */
  annex: annexSchema.optional(),
  index: z.array(evidenceEntrySchema),
});

export type Assessment = z.output<typeof assessmentSchema>;
export type AssessedRequirement = Assessment['requirements'][number];
export type AssessedFinding = AssessedRequirement['findings'][number];
export type AssessedFigure = z.output<typeof figureSchema>;
export type AssessedWaiver = z.output<typeof waiverSchema>;
export type EvidenceEntry = Assessment['index'][number];
