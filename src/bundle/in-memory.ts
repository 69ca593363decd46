import type { Instant } from '../evidence/dates.ts';
import type { Draft, EvidenceSet, Observation } from '../evidence/observation.ts';
import { byKindAndSubject } from './bundle.ts';
import { sha256 } from './digests.ts';
import { identified } from './entries.ts';

/**
 * Drafts as an assessment takes them, without a bundle on disk: raw output is left out, and the digest stands for the
 * observations. The declaration must be among them.
 */
export function evidenceInMemory(drafts: readonly Draft[]): EvidenceSet {
  const observations = drafts.map((draft) => identified(draft).observation).toSorted(byKindAndSubject);
  const declared = observations.find((each): each is Observation<'platform'> => each.kind === 'platform');
  if (!declared?.observed) throw new Error('evidence without its platform declaration cannot be assessed');
  return {
    manifestDigest: sha256(observations.map(({ id }) => id).join('\n')),
    manifest: { ...spanOf(drafts), contacts: [] },
    declaration: declared.observed,
    observations,
  };
}

function spanOf(drafts: readonly Draft[]): { from: Instant; to: Instant } {
  const times = drafts.map((draft) => draft.at).toSorted();
  return { from: times[0] ?? '1970-01-01T00:00:00Z', to: times.at(-1) ?? '1970-01-01T00:00:00Z' };
}
