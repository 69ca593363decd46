import type { Kind, Value } from '../../../src/evidence/kinds.ts';
import type { Draft, Unobserved } from '../../../src/evidence/observation.ts';
import type { Base } from './base.ts';

/** What a member shows of some kinds: what was seen on the small platform, put right or spoilt by the member's number. */
export type Views<Of> = { readonly [K in Kind]?: (member: Of, seen: Value<K>) => Value<K> };

/** A draft for each kind of the table, of one member; with `unobserved` none of them could be had. */
export function draftsOf<Of extends { readonly name: string }>(
  base: Base,
  views: Views<Of>,
  member: Of,
  unobserved?: Unobserved,
): Draft[] {
  return (Object.keys(views) as Kind[]).map((kind) => draftOf(base, views, member, kind, unobserved));
}

// The key and its function belong together, which the compiler does not follow from kind to kind.
function draftOf<K extends Kind, Of extends { readonly name: string }>(
  base: Base,
  views: Views<Of>,
  member: Of,
  kind: K,
  unobserved: Unobserved | undefined,
): Draft {
  if (unobserved) return base.draft(kind, member.name, { unobserved });
  const view = views[kind] as ((member: Of, seen: Value<K>) => Value<K>) | undefined;
  if (!view) throw new Error(`no view of ${kind}`);
  return base.draft(kind, member.name, view(member, base.value(kind)));
}
