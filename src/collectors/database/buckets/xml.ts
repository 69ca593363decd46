import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { printable } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  // Nothing is expanded: a bomb of entities stays as small as it came.
  processEntities: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Reads an answer whose outermost element must be the one named; throws {@link Unavailable} for whatever else it is. */
export function readXml<T extends z.ZodType>(text: string, root: string, schema: T): z.output<T> {
  const found = outermost(text);
  // Stores that do not know what is asked for answer with the list of objects instead.
  if (found === undefined || !Object.hasOwn(found, root)) throw new Unavailable('unparsable', `no ${root}`);
  const result = schema.safeParse(found[root]);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Unavailable('unparsable', printable(`${root}: ${issue?.path.join('.')}: ${issue?.message}`).slice(0, 200));
}

/** The store's code of an error, such as `AccessDenied`; nothing else of it, for messages repeat what was sent. */
export function errorCode(text: string): string {
  const error = z
    .object({ Error: z.object({ Code: z.string() }) })
    .safeParse(text === '' ? undefined : outermost(text));
  const code = error.success ? error.data.Error.Code : '';
  return /^[A-Za-z]{1,80}$/.test(code) ? code : '';
}

function outermost(text: string): Record<string, unknown> | undefined {
  // No answer of a store has one; what it declares would have to be followed.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(parser.parse(text, true));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Words between tags, the five entities and numbers of characters read. */
export const words = z.string().transform((text) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  }),
);

/** A whole number as XML writes it. */
export const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** An element that stands once, several times or not at all. */
export function several<T extends z.ZodType>(item: T) {
  return z.preprocess((found) => (found === undefined ? [] : Array.isArray(found) ? found : [found]), z.array(item));
}

/** An element with others in it; one that is empty has none. */
export function element<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess((found) => (found === '' ? {} : found), z.object(shape));
}
