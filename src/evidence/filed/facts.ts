import { z } from 'zod';
import { baseUnits } from '../money.ts';
import { decimal, digest, month, plainDate } from '../schemas.ts';

const unit = z.enum(baseUnits);

/** A declared figure, series, rating or date, with the paper it is taken from. */
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
      z.strictObject({ type: z.literal('ratings'), ratings: z.record(z.string().regex(/^\d{4}$/), z.string()) }),
      z.strictObject({ type: z.literal('date'), date: plainDate }),
      z.strictObject({ type: z.literal('text'), text: z.string() }),
    ]),
    /** As the unit wrote it, unit of measure included. */
    declared: z.string(),
    /** The source paper and its hash; without a hash the fact is a mere statement. */
    document: z.strictObject({ id: z.string(), sha256: digest.optional() }).optional(),
  }),
} as const;

export type Fact = z.output<typeof facts.value>;
