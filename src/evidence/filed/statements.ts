import { z } from 'zod';
import { digest, plainDate } from '../schemas.ts';

/** A statement that a person signed for one requirement. */
export const statements = {
  origin: 'filed',
  per: 'statement',
  title: { zh: '签署声明', en: 'Signed statements' },
  value: z.strictObject({
    /** The requirement it answers. */
    requirement: z.string(),
    /** In what capacity the person signed: legal representative, security officer, … */
    capacity: z.string(),
    /** The name, masked. */
    by: z.string(),
    signedOn: plainDate,
    validUntil: plainDate.optional(),
    /** The signed paper; without its hash nothing shows that anyone signed. */
    document: z.strictObject({ id: z.string(), sha256: digest.optional() }),
  }),
} as const;

export type Statement = z.output<typeof statements.value>;
