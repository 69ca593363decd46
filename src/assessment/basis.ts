import { type Observation, originOf } from '../evidence/observation.ts';
import type { AssessedFinding } from './assessment.ts';
import type { Basis } from './profile.ts';
import type { Usable } from './usable.ts';
import type { Verdict } from './verdict.ts';

/** What cited evidence makes of a finding: measured if any of it was; without a hashed paper only somebody's word. */
export function basisOf(cites: readonly string[], usable: Usable): Basis | undefined {
  const cited = cites.flatMap((id) => usable.byId.get(id) ?? []);
  if (cited.length === 0) return undefined;
  if (cited.some((each) => originOf(each.kind) !== 'filed')) return 'measured';
  return cited.every((each) => hasPaper(each, usable)) ? 'filed' : 'attested';
}

/** Whether a declared fact is among what is cited. */
export function citesFact(cites: readonly string[], usable: Usable): boolean {
  return cites.some((id) => usable.byId.get(id)?.kind === 'facts');
}

// A figure counts with the very paper that the profile says it is taken from: another shows nothing of it.
function hasPaper(observation: Observation, { paperOf }: Usable): boolean {
  if (observation.kind === 'documents') return observation.observed?.sha256 !== undefined;
  if (observation.kind === 'ledgers') return observation.observed?.closing?.document.sha256 !== undefined;
  if (observation.kind !== 'facts' || observation.observed?.document?.sha256 === undefined) return false;
  const asked = paperOf.get(observation.observed.name);
  return asked === undefined || asked === observation.observed.document.id;
}

/** The strongest basis among the findings that decide a verdict. */
export function basisOfVerdict(verdict: Verdict, findings: readonly AssessedFinding[]): Basis | undefined {
  const deciding = findings.filter((finding) =>
    verdict === 'partial' ? ['met', 'unmet'].includes(finding.outcome) : finding.outcome === verdict,
  );
  return (['measured', 'filed', 'attested'] as const).find((basis) =>
    deciding.some((finding) => finding.basis === basis),
  );
}
