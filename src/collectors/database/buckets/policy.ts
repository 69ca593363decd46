import { z } from 'zod';
import type { Buckets } from '../../../evidence/database/buckets.ts';
import { printable } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const principal = z.union([z.literal('*'), z.record(z.string(), list), z.array(z.string())]);

// COS spells some of these names with a small letter.
function capital<T extends z.ZodRawShape>(shape: T) {
  const any = z.record(z.string(), z.unknown());
  return z.preprocess((found) => {
    const read = any.safeParse(found);
    if (!read.success) return found;
    return Object.fromEntries(
      Object.entries(read.data).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
    );
  }, z.object(shape));
}

const statement = capital({
  Effect: z.string().transform((word, context) => {
    if (/^(allow|deny)$/i.test(word)) return word.toLowerCase();
    context.issues.push({ code: 'custom', input: word, message: 'Effect' });
    return z.NEVER;
  }),
  Principal: principal.optional(),
  NotPrincipal: z.unknown().optional(),
  Action: list.optional(),
  NotAction: z.unknown().optional(),
  Resource: list.optional(),
  NotResource: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const policySchema = capital({ Statement: z.union([z.array(statement), statement.transform((one) => [one])]) });

type Statement = z.output<typeof statement>;

/** What a policy lets others do. */
export type PolicySays = Pick<Buckets, 'everybody' | 'writers'> & { readonly deniesClear: boolean };

/** A bucket without a policy. */
export const noPolicy: PolicySays = { everybody: [], writers: [], deniesClear: false };

/** Reads a bucket policy; throws {@link Unavailable} for one that is turned around (NotPrincipal, NotAction) or is none. */
export function readPolicy(text: string): PolicySays {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Unavailable('unparsable', 'policy: no JSON');
  }
  const policy = policySchema.safeParse(found);
  if (!policy.success) throw new Unavailable('unparsable', 'policy: not of the known form');
  const { Statement: all } = policy.data;
  const allowed = all.filter(({ Effect }) => Effect === 'allow');
  if (allowed.some((each) => each.NotPrincipal !== undefined || each.NotAction !== undefined || !each.Principal))
    throw new Unavailable('unparsable', 'policy: NotPrincipal or NotAction');
  const open = allowed.filter((each) => isAnybody(each) && each.Condition === undefined);
  return {
    everybody: [...new Set(open.flatMap(accessOf))],
    writers: [...new Set(allowed.filter((each) => accessOf(each).includes('write')).flatMap(namesOf))].slice(0, 50),
    deniesClear: all.some(turnsClearAway),
  };
}

function namesOf({ Principal, Condition }: Statement): string[] {
  const names = typeof Principal === 'object' ? Object.values(Principal).flat() : ['*'];
  return names.map((each) => printable(`${each}${Condition ? ' (conditional)' : ''}`).slice(0, 200));
}

function isAnybody({ Principal = [] }: Statement): boolean {
  const names = typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();
  return names.some((name) => name === '*' || name === 'qcs::cam::anyone:anyone');
}

// `s3:PutObject`, `oss:PutObject`, `name/cos:PutObject`, OBS' bare `PutObject`; a star may stand for anything.
function accessOf({ Action = [] }: Statement): ('read' | 'write')[] {
  const verbs = Action.map((each) => each.replace(/^.*:/, ''));
  const isRead = verbs.some((each) => /^(\*|Get|List|Head|[GHL]\w*\*)/i.test(each));
  const isWrite = verbs.some((each) => !/^(Get|List|Head)/i.test(each));
  return [...(isRead ? (['read'] as const) : []), ...(isWrite ? (['write'] as const) : [])];
}

function turnsClearAway(each: Statement): boolean {
  const { Effect, Action = [], Resource = [], Condition = {}, NotPrincipal } = each;
  const [[operator = '', keys = {}] = [], other] = Object.entries(Condition);
  const [[key = '', value] = [], more] = Object.entries(keys);
  return (
    Effect === 'deny' &&
    NotPrincipal === undefined &&
    isAnybody(each) &&
    Action.some((action) => /^(\*|\w+:\*|name\/cos:\*)$/.test(action)) &&
    Resource.some((resource) => resource === '*' || /^[^/]*\/\*$/.test(resource)) &&
    operator === 'Bool' &&
    other === undefined &&
    more === undefined &&
    /^(aws|acs):SecureTransport$/i.test(key) &&
    [value].flat().every((said) => String(said) === 'false')
  );
}
