import { z } from 'zod';
import { signatories } from './evidence/filed/documents.ts';
import { ledgerNames } from './evidence/filed/ledger-types.ts';
import { plainDate } from './evidence/schemas.ts';

// The part of the platform file that is filed: papers, figures, registers, statements.

const name = z.string().min(1).max(200);
const path = z.string().min(1).max(4096);
// YAML hands over bare numbers, yes and no as such; a form's field is words.
const words = z.union([z.string().min(1).max(2000), z.number(), z.boolean()]).transform(String);
// The same of few words: a grade or a count is written 3 as well as 三级.
const word = z.union([name, z.number(), z.boolean()]).transform(String);
// YAML reads bare numbers as floats: beyond 2^53, and beyond 15 digits with a fraction, they would lose digits unsaid.
const money = z
  .union([
    z
      .number()
      .min(Number.MIN_SAFE_INTEGER)
      .max(Number.MAX_SAFE_INTEGER)
      .refine((number) => Number.isInteger(number) || String(number).replace(/\D/g, '').length <= 15, {
        error: '超过 15 位的小数请加引号 | quote a number of more than 15 digits',
      }),
    z.string(),
  ])
  .transform(String);

const identitySchema = z.strictObject({ role: name, number: z.string().max(64) });

/** A paper that the unit hands over, and what it says. */
export const documentSchema = z.strictObject({
  id: name,
  title: name,
  file: path.optional(),
  /** `false` says that the unit has no such paper. */
  held: z.boolean().default(true),
  date: plainDate.optional(),
  validFrom: plainDate.optional(),
  validUntil: plainDate.optional(),
  /** Who has signed and sealed it. */
  signatures: z
    .array(
      z.strictObject({
        party: z.enum(signatories),
        signed: z.boolean().default(false),
        sealed: z.boolean().default(false),
        on: plainDate.optional(),
      }),
    )
    .optional(),
  states: z
    .strictObject({
      unitName: name.optional(),
      creditCode: z.string().max(64).optional(),
      systemName: name.optional(),
      addresses: z
        .array(
          z.strictObject({
            address: z.string().max(64),
            environment: z.enum(['production', 'test']).default('production'),
          }),
        )
        .default([]),
      ports: z
        .array(z.strictObject({ port: z.int(), protocol: name, direction: z.enum(['inbound', 'outbound']) }))
        .default([]),
      phones: z.array(z.strictObject({ role: name, number: z.string().max(64) })).default([]),
      identities: z.array(identitySchema).default([]),
      /** Fields of a form by the key that the profile asks for; write 无 for a field that is meant to be empty. */
      fields: z.record(name, words).optional(),
      /** Topics that the paper covers, each with the place where it stands: `network: 第12页`. */
      topics: z.record(name, words).optional(),
    })
    .prefault({}),
});

const source = { document: name.optional() };

const measured = { unit: z.enum(['元', '万元', '亿元', '户', '张', '次']) };
// A table below the document folder: one column of months, one of amounts.
const table = { file: path, sheet: name.optional() };

/** A declared figure, series, rating, date or name. */
export const factSchema = z.union([
  z.strictObject({ name, amount: money, ...measured, ...source }),
  z.strictObject({ name, monthly: z.strictObject(table), ...measured, ...source }),
  z.strictObject({ name, monthly: z.record(z.string(), money), ...measured, ...source }),
  z.strictObject({ name, yearly: z.record(z.string(), money), ...measured, ...source }),
  z.strictObject({ name, ratings: z.record(z.string(), name), ...source }),
  z.strictObject({ name, date: plainDate, ...source }),
  z.strictObject({ name, text: word, ...source }),
  z.strictObject({ name, list: z.array(word).min(1).max(200), ...source }),
  z.strictObject({ name, person: name, ...source }),
]);

/** A register that the unit keeps, and the statement that closes it. */
export const ledgerSchema = z.strictObject({
  of: z.enum(ledgerNames),
  /** CSV, XLSX or YAML below the document folder. */
  file: path,
  sheet: name.optional(),
  /** The period that the register covers, both days included. */
  from: plainDate,
  until: plainDate,
  /** Heads of the unit's own, by column: `rating: 信用等级`. */
  heads: z.record(name, name).default({}),
  closing: z
    .strictObject({
      by: name,
      capacity: name,
      signedOn: plainDate,
      document: name,
      /** What the signed paper says of period and number of entries. */
      from: plainDate,
      until: plainDate,
      entries: z.int().nonnegative(),
    })
    .optional(),
});

/** A statement that a person signed for one requirement. */
export const statementSchema = z.strictObject({
  requirement: name,
  by: name,
  capacity: name,
  signedOn: plainDate,
  validUntil: plainDate.optional(),
  document: name,
});
