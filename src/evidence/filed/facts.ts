import { z } from 'zod';
import { baseUnits } from '../money.ts';
import { decimal, digest, month, plainDate } from '../schemas.ts';

const unit = z.enum(baseUnits);
const year = z.string().regex(/^\d{4}$/);

/** A declared figure, series, rating, date or name, with the paper it is taken from. */
export const facts = {
  origin: 'filed',
  per: 'fact',
  title: { zh: '申报数据', en: 'Declared facts' },
  value: z.strictObject({
    name: z.string(),
    /** Money in yuan and counts, as exact decimals. */
    value: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('amount'), unit, amount: decimal }),
      z.strictObject({ type: z.literal('monthly'), unit, months: z.record(month, decimal) }),
      z.strictObject({ type: z.literal('yearly'), unit, years: z.record(year, decimal) }),
      z.strictObject({ type: z.literal('ratings'), ratings: z.record(year, z.string()) }),
      z.strictObject({ type: z.literal('date'), date: plainDate }),
      z.strictObject({ type: z.literal('text'), text: z.string() }),
      z.strictObject({ type: z.literal('list'), items: z.array(z.string()) }),
      /** A natural person in charge: the name masked. */
      z.strictObject({ type: z.literal('person'), masked: z.string() }),
    ]),
    /** As the unit wrote it, unit of measure included; a person's name masked. */
    declared: z.string(),
    /** The source paper and its hash; without a hash the fact is a mere statement. */
    document: z.strictObject({ id: z.string(), sha256: digest.optional() }).optional(),
    /** The table a series was read from, below the document folder. */
    file: z.strictObject({ path: z.string(), sheet: z.string().optional(), sha256: digest }).optional(),
  }),
} as const;

export type Fact = z.output<typeof facts.value>;

export type FactType = Fact['value']['type'];
