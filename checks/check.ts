import type { z } from 'zod';
import type { PlainDate } from '../src/evidence/dates.ts';
import type { Kind, Value } from '../src/evidence/kinds.ts';
import type { Seen } from '../src/evidence/observation.ts';
import type { Text, TextData } from '../src/text.ts';

/** What a finding can come out as; a requirement's verdict adds *partial*. */
export const outcomes = ['met', 'unmet', 'unproven', 'not-applicable'] as const;

export type Outcome = (typeof outcomes)[number];

/** What a check says of one subject, with the observations it rests on. */
export type Finding<Says extends string = string> = {
  readonly outcome: Outcome;
  readonly says: Says;
  readonly subject: string;
  /** Fills the message; under `due`, a date by which something must be done: `renewal` lists it. */
  readonly data: TextData;
  readonly cites: readonly string[];
};

/** The observed values of the kinds a check reads; what could not be observed is already a finding of its own. */
export type Evidence<K extends Kind> = { readonly [Each in K]: readonly Seen<Value<Each>>[] };

/** A check, as its file writes it. */
type CheckSpec<K extends Kind, P extends z.ZodObject, Says extends string> = {
  /** The file's path below `checks/`, without `.ts`. */
  readonly id: string;
  readonly title: Text;
  /** What it proves, and from what, in a sentence or two: for the report's method section and the generated docs. */
  readonly about: Text;
  readonly reads: readonly K[];
  /** Kinds of those read that can show the property in another’s place: what is missing of them counts only if the findings leave something unproven. */
  readonly alternatives?: readonly K[];
  readonly parameters: P;
  readonly messages: Readonly<Record<Says, Text>>;
  /** What to do about a message; only for messages of unmet and unproven findings. */
  readonly remedies?: { readonly [Each in Says]?: Text };
  /** Pure: evidence and parameters in, findings out; `asOf` is the assessment date in the platform's time zone. */
  judge(
    evidence: Evidence<NoInfer<K>>,
    parameters: z.output<NoInfer<P>>,
    asOf: PlainDate,
  ): readonly Finding<NoInfer<Says>>[];
};

/** A check with its evidence and parameter types erased, as the assessment runs it. */
export type Check = {
  readonly id: string;
  readonly title: Text;
  readonly about: Text;
  readonly reads: readonly Kind[];
  readonly alternatives: readonly Kind[];
  readonly parameters: z.ZodObject;
  readonly messages: Readonly<Record<string, Text>>;
  readonly remedies: Readonly<Record<string, Text | undefined>>;
  /** Judges with parameters already read by {@link Check.parameters}. */
  judge(evidence: Evidence<Kind>, parameters: unknown, asOf: PlainDate): readonly Finding[];
};

/** Declares a check. The types tie message ids, parameters and evidence kinds together. */
export function defineCheck<const K extends Kind, P extends z.ZodObject, const Says extends string>(
  spec: CheckSpec<K, P, Says>,
): Check {
  return {
    ...spec,
    alternatives: spec.alternatives ?? [],
    remedies: { ...spec.remedies },
    // The one place where a check's own types are erased; assess.ts parses the parameters and fills the kinds it reads.
    judge: (evidence, parameters, asOf) => spec.judge(evidence, parameters as z.output<P>, asOf),
  };
}

/**
 * Which way a parameter is stricter, as `.meta()` of its schema: a platform file may move it that way, never the other, and
 * may not touch a parameter without it. `higher` and `lower` are for numbers and decimals, `fewer` for lists of what is allowed.
 */
export const stricter = {
  higher: { stricter: 'higher' },
  lower: { stricter: 'lower' },
  fewer: { stricter: 'fewer' },
} as const;

type Cited = Pick<Seen<unknown>, 'id' | 'subject'>;

/** The property holds, shown by the cited observations: at least one, for no evidence is no pass. */
export function met<Says extends string>(
  says: Says,
  cites: Cited | readonly [Cited, ...Cited[]],
  data?: TextData,
  subject?: string,
): Finding<Says> {
  return finding('met', says, cites, data, subject);
}

/** The cited observations show that the property does not hold. */
export function unmet<Says extends string>(
  says: Says,
  cites: Cited | readonly [Cited, ...Cited[]],
  data?: TextData,
  subject?: string,
): Finding<Says> {
  return finding('unmet', says, cites, data, subject);
}

/** It cannot be told; `subject` says of what when nothing is cited. */
export function unproven<Says extends string>(
  says: Says,
  cites: Cited | readonly Cited[],
  data?: TextData,
  subject?: string,
): Finding<Says> {
  return finding('unproven', says, cites, data, subject);
}

/** The rule does not bind this subject. */
export function notApplicable<Says extends string>(
  says: Says,
  cites: Cited | readonly Cited[],
  data?: TextData,
  subject?: string,
): Finding<Says> {
  return finding('not-applicable', says, cites, data, subject);
}

function finding<Says extends string>(
  outcome: Outcome,
  says: Says,
  cited: Cited | readonly Cited[],
  data: TextData = {},
  subject?: string,
): Finding<Says> {
  const list: readonly Cited[] = 'id' in cited ? [cited] : cited;
  return { outcome, says, subject: subject ?? list[0]?.subject ?? '', data, cites: list.map((each) => each.id) };
}
