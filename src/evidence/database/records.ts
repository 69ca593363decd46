import { z } from 'zod';
import { instant, month, plainDate } from '../schemas.ts';

/** How far back the records of one data store go. Counts only: no record leaves the store. */
export const records = {
  origin: 'database',
  per: 'store',
  title: { zh: '数据留存', en: 'Records kept' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    tables: z.array(
      z.strictObject({
        name: z.string(),
        /** What the unit says it holds: `transactions`, `invoices`, … */
        holds: z.string(),
        rows: z.int().nonnegative(),
        oldest: plainDate.optional(),
        newest: plainDate.optional(),
        /** Rows a month, over all rows; a month without rows has no entry. */
        months: z.record(month, z.int().positive()),
        /** Rows whose time is missing or cannot be read. */
        undated: z.int().nonnegative(),
        /** Triggers and the like that delete or rewrite rows of this table: name and definition. */
        deleters: z.array(z.strictObject({ name: z.string(), definition: z.string() })),
      }),
    ),
    /** When the store's file or server last changed, if known. */
    changedAt: instant.optional(),
  }),
} as const;

export type Records = z.output<typeof records.value>;
