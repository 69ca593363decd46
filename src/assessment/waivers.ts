import type { PlainDate } from '../evidence/dates.ts';
import type { AssessedFinding, AssessedRequirement, AssessedWaiver, Assessment, remainders } from './assessment.ts';
import { fold, type Verdict } from './verdict.ts';
import { kindOf, neverWaived, type Waiver } from './waivers-file.ts';

type Remaining = (typeof remainders)[number];

/** The requirements with their marks, every waiver with its state, and how many requirements are waived wholly. */
type Waived = {
  readonly requirements: AssessedRequirement[];
  readonly waivers: AssessedWaiver[];
  readonly accepted: NonNullable<Assessment['accepted']>;
};

/**
 * Marks what waivers cover on the as-of date. Outcomes and verdicts stay what they are; each finding under a waiver names it, and
 * each requirement says what of its verdict is left. Of two waivers of the same finding the first of the file counts.
 */
export function withWaivers(
  requirements: readonly AssessedRequirement[],
  waivers: readonly Waiver[],
  asOf: PlainDate,
  divisible: (requirement: string) => boolean,
): Waived {
  const valid = waivers.filter(({ from, until }) => from <= asOf && asOf <= until);
  const marked = requirements.map((row) => markedRow(row, valid, divisible(row.id)));
  const used = new Set(marked.flatMap(({ findings }) => findings.flatMap(({ waiver }) => waiver ?? [])));
  const forbidden = new Set(
    requirements.flatMap(({ findings }) => findings.filter(isBeyondWaivers).flatMap(({ id }) => id ?? [])),
  );
  return {
    requirements: marked,
    waivers: waivers.map((waiver) => ({ ...waiver, state: stateOf(waiver, asOf, used, forbidden) })),
    accepted: {
      unmet: acceptedOf(marked, 'unmet'),
      partial: acceptedOf(marked, 'partial'),
      unproven: acceptedOf(marked, 'unproven'),
    },
  };
}

/** How many requirements are still open in each way once what waivers cover is set aside: what `--fail-on` looks at. */
export function openCounts({
  counts,
  requirements,
}: Pick<Assessment, 'counts' | 'requirements'>): Assessment['counts'] {
  const open = { ...counts };
  for (const { verdict, remaining } of requirements) {
    if (remaining === undefined) continue;
    open[verdict] -= 1;
    if (remaining !== 'none') open[remaining] += 1;
  }
  return open;
}

/** Whether a waiver covers all that keeps a requirement from being met. */
export function isAccepted({ remaining }: Pick<AssessedRequirement, 'remaining'>): boolean {
  return remaining === 'none';
}

function markedRow(row: AssessedRequirement, valid: readonly Waiver[], divisible: boolean): AssessedRequirement {
  const findings = row.findings.map((finding) => {
    const waiver = valid.find((each) => covers(each, row.id, finding));
    return waiver ? { ...finding, waiver: waiver.id } : finding;
  });
  if (findings.every(({ waiver }) => waiver === undefined)) return row;
  return { ...row, findings, remaining: remainingOf(findings, divisible) };
}

function remainingOf(findings: readonly AssessedFinding[], divisible: boolean): Remaining {
  const left = findings.filter(({ waiver }) => waiver === undefined).map(({ outcome }) => outcome);
  const verdict = left.length === 0 ? 'met' : fold(left, divisible);
  return verdict === 'met' || verdict === 'not-applicable' ? 'none' : verdict;
}

function covers(waiver: Waiver, requirement: string, finding: AssessedFinding): boolean {
  if (finding.outcome !== 'unmet' && finding.outcome !== 'unproven') return false;
  if (isBeyondWaivers(finding) || (waiver.requirement !== undefined && waiver.requirement !== requirement))
    return false;
  if (waiver.finding !== undefined) return waiver.finding === finding.id;
  return waiver.covers?.includes(kindOf(finding)) ?? false;
}

function isBeyondWaivers({ says }: AssessedFinding): boolean {
  return neverWaived.has(says);
}

function stateOf(
  { id, finding, from, until }: Waiver,
  asOf: PlainDate,
  used: ReadonlySet<string>,
  forbidden: ReadonlySet<string>,
): AssessedWaiver['state'] {
  if (finding !== undefined && forbidden.has(finding)) return 'never';
  if (asOf < from) return 'not-yet';
  if (asOf > until) return 'expired';
  return used.has(id) ? 'active' : 'unused';
}

function acceptedOf(requirements: readonly AssessedRequirement[], verdict: Verdict): number {
  return requirements.filter((row) => row.verdict === verdict && isAccepted(row)).length;
}
