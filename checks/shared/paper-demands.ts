import { z } from 'zod';
import { signatories } from '../../src/evidence/filed/documents.ts';

const some = <T extends z.ZodType>(each: T) =>
  z.record(z.string(), each).refine((map) => Object.keys(map).length > 0, { error: '不能为空 | must not be empty' });

const keys = z.array(z.string()).min(1);

/** What a paper must say, as a profile demands it. */
export const demands = {
  /** Fields that must be stated, 无 or a stroke included. */
  fields: keys.optional(),
  /** Fields that must be one of these words. */
  values: some(z.array(z.string()).min(1)).optional(),
  /** Fields that must be a number (of months, where it has a unit) and no larger. */
  atMost: some(z.number()).optional(),
  /** A period whose dates must fit the word chosen for it: at most so many calendar months, or more. */
  span: z
    .strictObject({
      field: z.string(),
      from: z.string(),
      until: z.string(),
      months: z.int().positive(),
      short: keys,
      long: keys,
    })
    .optional(),
  /** Fields that must be left blank, or say 无. */
  blank: keys.optional(),
  /** Fields that must be left blank where a text fact says one of these words. */
  blankWhen: z.strictObject({ fields: keys, fact: z.string(), in: keys }).optional(),
  /** Topics that it must cover. */
  topics: keys.optional(),
  /** Who must have both signed and sealed it. */
  signatures: z.array(z.enum(signatories)).min(1).optional(),
  /** Whose seal it must bear, where a form asks for no signature. */
  seals: z.array(z.enum(signatories)).min(1).optional(),
  /** Whether it must bear a date. */
  dated: z.boolean().optional(),
};

/** A set of demands, as read. */
export type Demands = z.output<z.ZodObject<typeof demands>>;

/** Whether anything is demanded at all: nothing demanded would be met by anything. */
export function isDemanding({ dated, ...others }: { readonly [Each in keyof Demands]?: unknown }): boolean {
  return dated === true || Object.values(others).some((each) => each !== undefined);
}
