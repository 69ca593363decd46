import { z } from 'zod';
import type { Check } from '../../checks/check.ts';
import * as checkIndex from '../../checks/index.ts';
import { modes } from '../evidence/filed/platform.ts';
import { bilingual } from '../evidence/schemas.ts';
import { occasions } from '../occasion.ts';
import { annexFileSchema, annexRowsSchema } from './annex/annex-file.ts';
import { parts, ways } from './profile-words.ts';

/** Every check by id. */
export const checksById: ReadonlyMap<string, Check> = new Map(Object.entries(checkIndex));

/** One check of a requirement, its parameters read by the check's own schema. */
export type Use = { readonly check: Check; readonly parameters: Readonly<Record<string, unknown>> };

// An id that no check has is an unknown key, and each check's own schema judges its parameters where they stand.
const parametersById = z.strictObject(
  Object.fromEntries([...checksById].map(([id, check]) => [id, check.parameters.optional()])),
);

/** `logs/retention: { of: system, months: 6 }`. */
const useSchema = z
  .record(z.string(), z.unknown())
  .refine((entry) => Object.keys(entry).length === 1, {
    error: '每条写且只写一个检查项及其参数 | each entry names one check with its parameters',
  })
  .pipe(parametersById)
  .transform((entry): Use[] =>
    [...checksById].flatMap(([id, check]) => {
      const parameters = entry[id];
      return parameters ? [{ check, parameters }] : [];
    }),
  );

const citationSchema = z.strictObject({
  /** A key of this file's `sources`. */
  source: z.string(),
  clause: z.string(),
});

const requirementSchema = z
  .strictObject({
    /** A row of this or an extended profile; what this one does not say is taken from there, except `cites`. */
    is: z.string(),
    cites: z.array(citationSchema).min(1),
    title: bilingual,
    part: z.enum(parts),
    /** The occasions it binds at, or `always`. */
    occasions: z.union([z.literal('always'), z.array(z.enum(occasions)).min(1)]),
    /** `measured`: a declaration alone leaves it unproven; `filed`: a figure without its paper does. */
    basis: z.enum(['measured', 'filed']),
    checks: z.array(useSchema).transform((uses) => uses.flat()),
    /** Checks that another row lists, with the parameters they have there: row → checks. They follow those of `checks`. */
    checksOf: z.record(z.string(), z.array(z.enum([...checksById.keys()])).min(1)),
    /** Ways that it must be answered by, for which no check exists yet: unproven until then. */
    awaits: z.array(z.enum(ways)),
    /** What a person confirms and signs. */
    attest: bilingual,
    /** Unmet beside met is *partial*. */
    divisible: z.boolean(),
    remedy: bilingual,
    /** What follows if it is missed: throttling, suspension, termination, a ban. */
    ifMissed: bilingual,
  })
  .partial();

/** How a fact is declared in the platform file. */
export const factForms = ['amount', 'monthly', 'yearly', 'ratings', 'date', 'text', 'list', 'person'] as const;

const factSchema = z.strictObject({
  zh: z.string().min(1),
  en: z.string().min(1),
  form: z.enum(factForms),
  /** Of figures only. */
  unit: z.enum(['元', '万元', '亿元', '户', '张', '次']).optional(),
  /** Of a text: the words to choose from. */
  words: z.array(z.string()).optional(),
  /** The paper that it is taken from, by document id. */
  paper: z.string().optional(),
});

/** A profile file. */
export const profileSchema = z.strictObject({
  profile: z.string().regex(/^[a-z][a-z0-9-]*$/, {
    error: '须为小写字母、数字和连字符 | must be lower-case letters, digits and hyphens',
  }),
  title: bilingual,
  mode: z.enum([...modes, 'any']),
  /** Profiles whose rows this one's may take from: a file beside this one, or one that ships. */
  extends: z.array(z.string()).default([]),
  /** A base is there to be extended, and cannot be assessed. */
  base: z.boolean().default(false),
  /**
   * At the as-of date, measured evidence older than so many calendar months is unproven, and so is a ledger whose period ended
   * more than so many days before.
   */
  maxAge: z.strictObject({ months: z.int().positive(), ledgerDays: z.int().positive().default(31) }).optional(),
  /** The date facts between which access holds: what the report calls its period. */
  period: z.strictObject({ from: z.string(), until: z.string() }).optional(),
  /** What the papers that its checks ask for are called, by document id; with those of the profiles it extends. */
  papers: z.record(z.string(), bilingual).default({}),
  /** What the facts that its checks ask for are called, and how they are declared; with those of the profiles it extends. */
  facts: z.record(z.string(), factSchema).default({}),
  /** How the report's annex is arranged; absent: as in a profile that it extends, else there is none. */
  annex: annexFileSchema.optional(),
  /** Rows that it adds to the topics of that annex. */
  annexRows: annexRowsSchema.default({}),
  /** The documents it stands on, by short code. */
  sources: z
    .record(z.string(), z.strictObject({ title: bilingual, issued: z.string().optional(), note: bilingual.optional() }))
    .default({}),
  requirements: z
    .record(z.string(), requirementSchema)
    .refine((rows) => Object.keys(rows).length > 0, { error: '至少写一个要求项 | at least one requirement is needed' }),
});

export type ProfileFile = z.output<typeof profileSchema>;
export type RequirementFile = z.output<typeof requirementSchema>;

const linksSchema = z.object({
  /** Absent when it cannot be read. */
  extends: z.array(z.string()).default([]).optional().catch(undefined),
  base: z.boolean().catch(false),
  maxAge: z.unknown().optional(),
  sources: z.record(z.string(), z.unknown()).catch({}),
  requirements: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})).catch({}),
});

/** What a profile file says of other files and rows. */
export type Links = z.output<typeof linksSchema>;

/** Reads the links of a file even where the rest has mistakes, so that all mistakes are named at once. */
export function linksOf(plain: unknown): Links {
  return typeof plain === 'object' && plain !== null
    ? linksSchema.parse(plain)
    : { extends: undefined, base: false, sources: {}, requirements: {} };
}
