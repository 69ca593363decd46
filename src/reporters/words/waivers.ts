import type { AssessedRequirement, AssessedWaiver, Assessment } from '../../assessment/assessment.ts';
import { isAccepted } from '../../assessment/waivers.ts';
import { fill, type Text, verbatim } from '../../text.ts';

/** How a waiver stands, in words. */
export const waiverStateTitles: Readonly<Record<AssessedWaiver['state'], Text>> = {
  active: { zh: '有效', en: 'holds' },
  unused: { zh: '未用到', en: 'covers nothing' },
  'not-yet': { zh: '尚未生效', en: 'not yet valid' },
  expired: { zh: '已到期', en: 'expired' },
  never: { zh: '不得例外', en: 'cannot be waived' },
};

/** `例外至 2027-01-31，批准人某某`: what stands beside an outcome that a waiver covers. */
export function waiverLabel({ until, approver }: Pick<AssessedWaiver, 'until' | 'approver'>): Text {
  return fill(
    { zh: '例外至 {{until}}，批准人 {{approver}}', en: 'waived until {{until}}, approved by {{approver}}' },
    { until, approver },
  );
}

/** The waivers that cover findings of a requirement, in the order of the list. */
export function waiversOf({ findings }: AssessedRequirement, { waivers = [] }: Assessment): AssessedWaiver[] {
  const ids = new Set(findings.flatMap(({ waiver }) => waiver ?? []));
  return waivers.filter(({ id }) => ids.has(id));
}

/** A word behind a verdict under waivers: （例外）, or （部分例外） where they do not cover all that is wrong; empty without one. */
export function waivedMark({ remaining }: Pick<AssessedRequirement, 'remaining'>): Text {
  if (remaining === undefined) return verbatim('');
  return remaining === 'none' ? { zh: '（例外）', en: ' (waived)' } : { zh: '（部分例外）', en: ' (waived in part)' };
}

/**
 * What stands behind a verdict under waivers, in brackets; empty without one. Of several the one that ends first is named; that
 * waivers cover only some of what is wrong is said.
 */
export function acceptedLabel(row: AssessedRequirement, assessment: Assessment): Text {
  const [first, ...others] = waiversOf(row, assessment).toSorted((a, b) => (a.until < b.until ? -1 : 1));
  if (!first) return verbatim('');
  const more =
    others.length === 0 ? verbatim('') : { zh: `等 ${others.length + 1} 项例外`, en: ` and ${others.length} more` };
  const frame = isAccepted(row)
    ? { zh: '（{{label}}{{more}}）', en: ' ({{label}}{{more}})' }
    : { zh: '（部分{{label}}{{more}}）', en: ' (in part {{label}}{{more}})' };
  return fill(frame, { label: waiverLabel(first), more });
}

/** How many requirements waivers cover wholly, in words: `例外 3 项：不符合 2，待确认 1`; empty without one. */
export function acceptedCounts({ accepted }: Pick<Assessment, 'accepted'>): Text {
  const { unmet, partial, unproven } = accepted ?? { unmet: 0, partial: 0, unproven: 0 };
  if (unmet + partial + unproven === 0) return verbatim('');
  return fill(
    {
      zh: '其中经批准例外 {{all}} 项：不符合 {{unmet}} 项，部分符合 {{partial}} 项，待确认 {{unproven}} 项；例外不改变判定',
      en: 'Of these, waived by approval: {{all}} ({{unmet}} unmet, {{partial}} partially met, {{unproven}} unproven); a waiver changes no verdict',
    },
    { all: unmet + partial + unproven, unmet, partial, unproven },
  );
}
