import { z } from 'zod';
import type { BucketRule } from '../../../evidence/database/buckets.ts';
import { isDate } from '../../../evidence/dates.ts';
import { printable } from '../../../text.ts';
import { element, several, whole, words } from './xml.ts';

const anything = z.unknown();

const conditions = {
  Prefix: words.optional(),
  Tag: anything.optional(),
  ObjectSizeGreaterThan: anything.optional(),
  ObjectSizeLessThan: anything.optional(),
};

// What is not known is kept, for it may delete: MinIO has words of its own, such as ExpiredObjectAllVersions and DelMarkerExpiration.
const known = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess((found) => (found === '' ? {} : found), z.looseObject(shape));

const expirationShape = {
  Days: whole.optional(),
  Date: z.string().optional(),
  /** What OSS calls a date. */
  CreatedBeforeDate: z.string().optional(),
  ExpiredObjectDeleteMarker: z.string().optional(),
  ExpiredDeleteMarker: z.string().optional(),
};

const noncurrent = element({ NoncurrentDays: whole.optional() });

const ruleShape = {
  ID: words.optional(),
  Status: z.string().optional(),
  ...conditions,
  // Kept as it came: a condition that is not known narrows the rule.
  Filter: z.preprocess((found) => (found === '' ? {} : found), z.record(z.string(), anything)).optional(),
  Expiration: several(known(expirationShape)),
  NoncurrentVersionExpiration: noncurrent.optional(),
  Transition: several(anything),
  NoncurrentVersionTransition: several(anything),
  AbortIncompleteMultipartUpload: anything.optional(),
  /** The same in OSS. */
  AbortMultipartUpload: anything.optional(),
};

const rule = known(ruleShape);

/** `GET ?lifecycle`. */
export const lifecycle = element({ Rule: several(rule) });

type Rule = z.output<typeof rule>;

/** The rules of a bucket, as evidence keeps them. */
export function rulesOf({ Rule }: z.output<typeof lifecycle>): BucketRule[] {
  return Rule.map((each, index) => {
    const expires = isStrange(each, ruleShape) ? ({ unknown: true } as const) : expiryOf(each.Expiration);
    const old = each.NoncurrentVersionExpiration;
    return {
      name: printable(each.ID ?? `#${index + 1}`).slice(0, 100),
      enabled: each.Status?.toLowerCase() !== 'disabled',
      ...scopeOf(each),
      ...(expires ? { expires } : {}),
      // Without days it may be a number of versions, the others going at once.
      ...(old ? { noncurrentDays: old.NoncurrentDays ?? 0 } : {}),
      transitions: each.Transition.length + each.NoncurrentVersionTransition.length,
    };
  });
}

// All conditions must hold, wherever they stand; what is neither a prefix nor empty takes objects out of the rule.
function scopeOf({ Prefix, Filter = {}, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan }: Rule): {
  prefix: string;
  narrowed: boolean;
} {
  const { And = {}, Prefix: inFilter, ...others } = Filter;
  const and = z
    .object({ Prefix: words.optional() })
    .catchall(anything)
    .safeParse(And === '' ? {} : And);
  const { Prefix: inAnd, ...more } = and.success ? and.data : { Prefix: undefined, unknown: true };
  const own = words.optional().safeParse(inFilter);
  const prefixes = [Prefix, own.data, inAnd].flatMap((each) => each ?? []);
  const narrows = [Tag, ObjectSizeGreaterThan, ObjectSizeLessThan, ...Object.values(others), ...Object.values(more)];
  return {
    prefix: prefixes.toSorted((one, other) => other.length - one.length)[0] ?? '',
    narrowed: !own.success || narrows.some((each) => each !== undefined),
  };
}

function expiryOf(expirations: Rule['Expiration']): BucketRule['expires'] {
  const found = expirations.flatMap((each): NonNullable<BucketRule['expires']>[] => {
    if (isStrange(each, expirationShape)) return [{ unknown: true }];
    const date = (each.Date ?? each.CreatedBeforeDate)?.slice(0, 10);
    if (each.Days !== undefined) return [{ days: each.Days }];
    if (date !== undefined) return [isDate(date) ? { date } : { unknown: true }];
    // It takes away delete markers that stand alone, no data.
    if (each.ExpiredObjectDeleteMarker !== undefined || each.ExpiredDeleteMarker !== undefined) return [];
    return [{ unknown: true }];
  });
  return found.length > 1 ? { unknown: true } : found[0];
}

function isStrange(found: object, shape: object): boolean {
  return Object.keys(found).some((name) => !Object.hasOwn(shape, name));
}
