import { z } from 'zod';
import { identityProblemCodes, phoneProblemCodes } from '../identifiers.ts';
import { digest, plainDate } from '../schemas.ts';

/** A natural person's identity number as evidence keeps it: judged and hashed by the collector, never the number itself. */
const identity = z.strictObject({
  role: z.string(),
  valid: z.boolean(),
  /** Why it is not valid. */
  problems: z.array(z.enum(identityProblemCodes)),
  masked: z.string(),
  /** SHA-256 with a salt that lives only as long as the collection: equal numbers are seen, none can be looked up. */
  hash: digest,
});

const phone = z.strictObject({
  role: z.string(),
  valid: z.boolean(),
  /** Why it is not valid. */
  problems: z.array(z.enum(phoneProblemCodes)),
  masked: z.string(),
});

/** Who signs papers: the unit, the bureau, the unit authorised to build or manage, the network operator. */
export const signatories = ['unit', 'bureau', 'authorised', 'operator'] as const;

const signatory = z.enum(signatories);

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
    /** Who has signed and sealed it, as declared beside it; persons stand by capacity only. */
    signatures: z
      .array(z.strictObject({ party: signatory, signed: z.boolean(), sealed: z.boolean(), on: plainDate.optional() }))
      .optional(),
    /** What the paper says, as declared beside it. */
    states: z.strictObject({
      unitName: z.string().optional(),
      creditCode: z.string().optional(),
      systemName: z.string().optional(),
      addresses: z.array(z.strictObject({ address: z.string(), environment: z.enum(['production', 'test']) })),
      ports: z.array(
        z.strictObject({ port: z.int(), protocol: z.string(), direction: z.enum(['inbound', 'outbound']) }),
      ),
      phones: z.array(phone),
      identities: z.array(identity),
      /** Fields of a form by key, tidied; the names of persons are masked. */
      fields: z.record(z.string(), z.string()).optional(),
      /** Topics that it covers, each with the place where it stands. */
      topics: z.record(z.string(), z.string()).optional(),
    }),
  }),
} as const;

export type FiledDocument = z.output<typeof documents.value>;

/** The media type of content that fits no signature. */
export const unknownContent = 'unknown';

const namesOfDocuments = /\.(pdf|ofd|docx?|xlsx?|zip|png|jpe?g|tiff?)$/i;

/**
 * Why a file is no paper at all, whatever it is meant to be: not held, nothing in it, content of no known type, or plain text under
 * the name of another format. Undefined if it can be opened as what it is.
 */
export function paperDefect({
  held,
  bytes,
  mediaType,
  file,
}: Pick<FiledDocument, 'held' | 'bytes' | 'mediaType' | 'file'>):
  | 'notHeld'
  | 'empty'
  | 'noDocument'
  | 'misnamed'
  | undefined {
  if (!held) return 'notHeld';
  if (bytes === 0) return 'empty';
  if (mediaType === unknownContent) return 'noDocument';
  return mediaType === 'text/plain' && namesOfDocuments.test(file ?? '') ? 'misnamed' : undefined;
}
