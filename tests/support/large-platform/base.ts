import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idOf } from '../../../src/bundle/bundle.ts';
import { isKind, type Kind, type Value } from '../../../src/evidence/kinds.ts';
import { type Draft, parseObservation, type Unobserved } from '../../../src/evidence/observation.ts';
import { packageRoot } from '../../../src/package-root.ts';

/** A small platform's evidence as it was collected once, one draft a line: papers, registers, and one machine. */
export type Base = {
  readonly drafts: readonly Draft[];
  /** What was seen of the one machine, store or address. */
  value<K extends Kind>(kind: K): Value<K>;
  /** A draft of a kind that the small platform has, of another subject; `unobserved` where it was not seen there. */
  draft<K extends Kind>(kind: K, subject: string, seen: Value<K> | { readonly unobserved: Unobserved }): Draft;
};

/** Reads the fixture; throws if the shape of a kind has changed since. */
export function readBase(): Base {
  const lines = readFileSync(join(packageRoot, 'tests/fixtures/platform/evidence.jsonl'), 'utf8').trimEnd().split('\n');
  const drafts = lines.map(draftOf);
  const first = (kind: Kind): Draft => {
    const draft = drafts.find((each) => each.kind === kind);
    if (!draft) throw new Error(`the small platform has no ${kind}`);
    return draft;
  };
  return {
    drafts,
    // parseObservation has read it by the schema of its kind, which the compiler cannot follow.
    value: <K extends Kind>(kind: K) => first(kind).observed as Value<K>,
    draft: (kind, subject, seen) => {
      const { at, source } = first(kind);
      const what = isUnseen(seen) ? { unobserved: seen.unobserved } : { observed: seen };
      return { kind, subject, at, source, ...what, rawText: `${kind} of ${subject}` } as unknown as Draft;
    },
  };
}

function isUnseen(seen: object): seen is { readonly unobserved: Unobserved } {
  return 'unobserved' in seen && Object.keys(seen).length === 1;
}

function draftOf(line: string): Draft {
  const content = JSON.parse(line) as { kind: string };
  if (!isKind(content.kind)) throw new Error(`no kind ${content.kind}`);
  const read = parseObservation(content.kind, { ...content, id: idOf(content) });
  if ('problem' in read) throw new Error(`${content.kind}: ${read.problem}`);
  const { id: _, ...draft } = read.value;
  return draft;
}
