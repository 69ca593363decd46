import type { Outcome } from '../../checks/check.ts';
import type { AssessedFinding, AssessedRequirement, Assessment } from '../../src/assessment/assessment.ts';
import { findingId } from '../../src/assessment/finding-id.ts';
import { fold } from '../../src/assessment/verdict.ts';
import { withWaivers } from '../../src/assessment/waivers.ts';
import type { Waiver } from '../../src/assessment/waivers-file.ts';
import { verbatim } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';

/** One finding in short: outcome, subject, what is said, and names in it. */
export type Found = readonly [outcome: Outcome, subject: string, says?: string, ...names: string[]];

/** A finding of the check `test/one`. */
export function finding(requirement: string, [outcome, subject, says = outcome, ...names]: Found): AssessedFinding {
  const base = { check: 'test/one', outcome, says, subject };
  return {
    id: findingId({ requirement, ...base, names }),
    ...base,
    text: verbatim(`${says} of ${[subject, ...names].join(' ')}`),
    cites: [],
  };
}

/** A requirement with the verdict that its findings fold into. */
export function requirement(
  id: string,
  found: readonly Found[],
  more: Partial<AssessedRequirement> & { divisible?: boolean } = {},
): AssessedRequirement {
  const { divisible = false, ...others } = more;
  return {
    id,
    title: { zh: `要求${id}`, en: `requirement ${id}` },
    part: 'technology',
    cites: [{ source: 'QD', clause: id }],
    verdict: fold(
      found.map(([outcome]) => outcome),
      divisible,
    ),
    findings: found.map((each) => finding(id, each)),
    awaits: [],
    rule: 'r',
    seen: 's',
    ...others,
  };
}

/** A waiver that holds from 2026-11-01 to 2027-01-31. */
export function waiver(more: Partial<Waiver>): Waiver {
  const id = `W-${JSON.stringify(more).length}-${more.finding ?? more.requirement}`;
  return { id, reason: '理由', approver: '王建国', from: '2026-11-01', until: '2027-01-31', ...more };
}

/** The fixture's assessment with other requirements, on its own as-of date unless told otherwise. */
export function assessmentOf(
  requirements: readonly AssessedRequirement[],
  { waivers, ...more }: Partial<Omit<Assessment, 'waivers'>> & { waivers?: readonly Waiver[] } = {},
): Assessment {
  return assessmentFixture((body) => {
    Object.assign(body, more);
    body.requirements = [...requirements];
    body.index = [];
    if (waivers)
      Object.assign(
        body,
        withWaivers(requirements, waivers, body.asOf, () => false),
      );
  });
}
