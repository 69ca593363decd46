import { z } from 'zod';
import { isDate, isTimeZone } from './dates.ts';

/** A calendar date that exists. */
export const plainDate = z
  .string()
  .refine(isDate, { error: '不是存在的日期，应写作 YYYY-MM-DD | not a date that exists, written YYYY-MM-DD' });

/** A calendar month, `YYYY-MM`. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/** An instant in UTC. */
export const instant = z.iso.datetime();

/** An IANA time zone. */
export const timeZone = z
  .string()
  .refine(isTimeZone, { error: '不是 IANA 时区，例如 Asia/Shanghai | not an IANA time zone such as Asia/Shanghai' });

/** Money or a count as an exact decimal in text: never a float. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

/** A text in both languages. */
export const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** SHA-256 or SM3, lower-case hexadecimal. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
