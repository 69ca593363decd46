import type { AssessedFinding, AssessedRequirement } from './assessment.ts';
import type { FoundFinding } from './comparison-schema.ts';

/** What is open now and was not before, the other way round, and whether anything is unmet anew. */
export type FoundChanges = {
  readonly appeared: FoundFinding[];
  readonly vanished: FoundFinding[];
  /** More is unmet than before, of some subject, with what is said of it. */
  readonly newUnmet: boolean;
  /** The same, of what no waiver covers. */
  readonly newUnmetOpen: boolean;
};

/**
 * Holds the findings of a requirement against those of an earlier assessment, by their ids. A finding that takes the place of
 * another of the same check, message and subject (a list of names that grew or shrank) is shown, and not counted as new.
 */
export function compareFindings(before: AssessedRequirement | undefined, now: AssessedRequirement): FoundChanges {
  const [old, current] = [openOf(before), openOf(now)];
  // Files of version 0.1.0 have no ids.
  const haveIds = [...old, ...current].every(({ id }) => id !== undefined);
  const key = (finding: AssessedFinding): string => (haveIds ? `${finding.id}` : placeOf(finding));
  const [oldKeys, keys] = [new Set(old.map(key)), new Set(current.map(key))];
  const appeared = current.filter((finding) => !oldKeys.has(key(finding)));
  const vanished = old.filter((finding) => !keys.has(key(finding)));
  const left = new Map<string, number>();
  for (const place of vanished.map(placeOf)) left.set(place, (left.get(place) ?? 0) + 1);
  const additional = appeared.filter((finding) => {
    const place = placeOf(finding);
    const replaced = left.get(place) ?? 0;
    left.set(place, replaced - 1);
    return finding.outcome === 'unmet' && replaced <= 0;
  });
  return {
    appeared: briefs(appeared),
    vanished: briefs(vanished),
    newUnmet: additional.length > 0,
    newUnmetOpen: additional.some(({ waiver }) => waiver === undefined),
  };
}

function openOf(row: AssessedRequirement | undefined): AssessedFinding[] {
  return (row?.findings ?? []).filter(({ outcome }) => outcome === 'unmet' || outcome === 'unproven');
}

function placeOf({ check, outcome, says, subject }: AssessedFinding): string {
  return JSON.stringify([check, outcome, says, subject]);
}

// Two checks of one requirement may say the very same.
function briefs(findings: readonly AssessedFinding[]): FoundFinding[] {
  const known = new Set<string>();
  return findings.flatMap(({ id, outcome, subject, name, text, waiver }) => {
    const key = JSON.stringify([id, outcome, subject, text]);
    if (known.has(key)) return [];
    known.add(key);
    return [
      { ...(id ? { id } : {}), outcome, subject, ...(name ? { name } : {}), text, ...(waiver ? { waiver } : {}) },
    ];
  });
}
