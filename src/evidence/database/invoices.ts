import { z } from 'zod';
import { digest, month, plainDate } from '../schemas.ts';

const count = z.int().nonnegative();

/** Invoices by hours, rounded up: under `25`, those of more than 24 hours and 25 at most. 745 stands for all that is longer. */
const hours = z.record(z.string().regex(/^\d{1,3}$/), z.int().positive());

/** The invoices of one month. What is void is in `rows` and `void` alone. */
const monthSchema = z.strictObject({
  rows: count,
  void: count,
  /** Credit invoices, which correct another. */
  red: count,
  /** Without a number of their own. */
  numberless: count,
  /** Whose transaction is there; of a credit invoice also: whose corrected invoice is there. */
  traced: count,
  untraced: count,
  /** Of those that are not traced: they name no transaction. */
  keyless: count,
  /** Of those that are not traced: the key is written in a way that the other side’s type cannot hold, `007` for a number. */
  unlike: count,
  /** Of those traced, how the amounts compare, all invoices and all records of a transaction together: `above` is more invoiced than traded. */
  agree: count,
  above: count,
  below: count,
  /** Of those traced: an amount is missing or cannot be read, or amounts were not compared. */
  uncompared: count,
});

const uploadsSchema = z.strictObject({
  /** From issue to confirmation. */
  done: hours,
  /** From issue to the observation, of those without a confirmation. */
  open: hours,
  /** Confirmed before they were issued. */
  negative: count,
  /** Neither: a time that cannot be read. */
  unread: count,
});

/** Who issued, by credit code: invoices, first and last day, and how many were late by the declared limit or are still to be confirmed after it. */
const issuer = z.tuple([z.string(), count, plainDate, plainDate, count]);

/** How the invoices of one store trace to transactions, who issued them, and when they were uploaded. Counts, days and credit codes of units only. */
export const invoices = {
  origin: 'database',
  per: 'invoice-store',
  title: { zh: '发票溯源', en: 'Invoices traced' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    /** Whole months, and the one of the observation up to its day. */
    from: plainDate,
    until: plainDate,
    tables: z.array(
      z.strictObject({
        name: z.string(),
        /** Why it could not be read; then there is nothing else. */
        unread: z.strictObject({ reason: z.string(), detail: z.string() }).optional(),
        /** What it was held against: store and table. */
        origins: z.array(z.string()),
        /** Which way it points: invoices name their transaction, transactions their invoice, or links name both. */
        link: z.enum(['transaction', 'invoice', 'links']).optional(),
        /** Why origins could not be held against it; then nothing is traced. */
        unlinked: z.strictObject({ reason: z.string(), detail: z.string() }).optional(),
        /** Why amounts were not compared. */
        uncompared: z.enum(['no-amount', 'no-index', 'other-tables', 'not-exact']).optional(),
        /** As the unit says: a transaction may be invoiced in parts. */
        inParts: z.literal(true).optional(),
        months: z.record(month, monthSchema),
        /** Rows whose time is missing, cannot be, or lies ahead: any of them could be of the period. */
        undated: count,
        /** Numbers that stand more than once in the period; absent if they were not counted. */
        duplicates: count.optional(),
        /** Numbers of invoices, hashed with a salt that lives as long as the collection. */
        examples: z.array(z.strictObject({ of: z.enum(['untraced', 'above', 'below']), month, hash: digest })),
        issuers: z
          .strictObject({
            /** By credit code, valid by GB 32100. */
            units: z.array(issuer),
            /** Other numbers, masked and hashed, for they may be a natural person’s. */
            others: z.array(
              z.strictObject({ masked: z.string(), hash: digest, invoices: count, first: plainDate, last: plainDate }),
            ),
            /** Rows that name no issuer. */
            none: count,
            /** There are more than are listed. */
            cut: z.literal(true).optional(),
          })
          .optional(),
        uploads: z
          .strictObject({
            months: z.record(month, uploadsSchema),
            /** Hours by which a time may be off, for columns that hold a date alone. */
            slack: count,
            /** The hours within which the unit says that the tax bureau asks for the upload. */
            within: z.int().positive().optional(),
          })
          .optional(),
      }),
    ),
  }),
} as const;

export type Invoices = z.output<typeof invoices.value>;
export type InvoiceTable = Invoices['tables'][number];
export type InvoiceMonth = z.output<typeof monthSchema>;
export type Uploads = z.output<typeof uploadsSchema>;
