import type { Draft, EvidenceSet, Observation } from '../evidence/observation.ts';
import { sha256 } from './digests.ts';
import { identifiedInOrder, spanOf } from './write.ts';

/**
 * Drafts as an assessment takes them, without a bundle on disk: raw output is left out, and the digest stands for the
 * observations. The declaration must be among them.
 */
export function evidenceInMemory(drafts: readonly Draft[]): EvidenceSet {
  const observations = identifiedInOrder(drafts).map(({ observation }) => observation);
  const declared = observations.find((each): each is Observation<'platform'> => each.kind === 'platform');
  if (!declared?.observed) throw new Error('evidence without its platform declaration cannot be assessed');
  return {
    manifestDigest: sha256(observations.map(({ id }) => id).join('\n')),
    manifest: { ...spanOf(drafts), contacts: [] },
    declaration: declared.observed,
    observations,
  };
}
