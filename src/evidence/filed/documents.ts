import { z } from 'zod';
import { digest, plainDate } from '../schemas.ts';

/** A natural person's identity number as evidence keeps it: judged and hashed by the collector, never the number itself. */
const identity = z.strictObject({
  role: z.string(),
  valid: z.boolean(),
  /** Why it is not valid: `length`, `characters`, `region`, `birth-date`, `check-digit`. */
  problems: z.array(z.enum(['length', 'characters', 'region', 'birth-date', 'check-digit'])),
  masked: z.string(),
  /** SHA-256 with a salt that lives only as long as the collection: equal numbers are seen, none can be looked up. */
  hash: digest,
});

/** A paper that the unit hands over: its hash and metadata, never its bytes. */
export const documents = {
  origin: 'filed',
  per: 'document',
  title: { zh: '申报材料', en: 'Filed documents' },
  value: z.strictObject({
    /** The id that profiles ask for: `network-address-filing`. */
    id: z.string(),
    title: z.string(),
    /** Path below the document folder; absent when the unit declares that it does not hold the paper. */
    file: z.string().optional(),
    held: z.boolean(),
    bytes: z.int().nonnegative(),
    /** By content, not by name: `application/pdf`, …; `unknown` when no signature fits. */
    mediaType: z.string(),
    sha256: digest.optional(),
    sm3: digest.optional(),
    date: plainDate.optional(),
    validFrom: plainDate.optional(),
    validUntil: plainDate.optional(),
    /** What the paper says, as declared beside it. */
    states: z.strictObject({
      unitName: z.string().optional(),
      creditCode: z.string().optional(),
      systemName: z.string().optional(),
      addresses: z.array(z.strictObject({ address: z.string(), environment: z.enum(['production', 'test']) })),
      ports: z.array(
        z.strictObject({ port: z.int(), protocol: z.string(), direction: z.enum(['inbound', 'outbound']) }),
      ),
      phones: z.array(z.strictObject({ role: z.string(), valid: z.boolean(), masked: z.string() })),
      identities: z.array(identity),
    }),
  }),
} as const;

export type FiledDocument = z.output<typeof documents.value>;
