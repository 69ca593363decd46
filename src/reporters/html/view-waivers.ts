import type { AssessedRequirement, AssessedWaiver } from '../../assessment/assessment.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { nameOf } from '../plain.ts';
import { shortened, shown } from '../show.ts';
import { waiverStateTitles } from '../words/waivers.ts';
import type { Frame, Heading } from './frame.ts';
import { requirementAnchor } from './view-requirements.ts';

/** Findings that are listed beside one waiver, and characters of their subjects and of a reason. */
const mostCovered = 12;
const longestSubject = 80;
const longestReason = 1200;

export type WaiversView = {
  readonly heading: Heading;
  readonly rows: readonly {
    readonly id: string;
    readonly state: string;
    readonly isActive: boolean;
    readonly of: string;
    readonly covered: readonly { anchor: string; requirement: string; text: string }[];
    readonly more: string;
    readonly reason: string;
    readonly references: readonly string[];
    readonly approver: string;
    readonly from: string;
    readonly until: string;
  }[];
};

/** Every waiver of the list as it stood on the as-of date, with the findings that it covers. */
export function waiversView(frame: Frame, heading: Heading): WaiversView | undefined {
  const { waivers } = frame.assessment;
  return waivers && { heading, rows: waivers.map((waiver) => rowOf(frame, waiver)) };
}

// Several of one subject share a line.
function coveredIn(frame: Frame, row: AssessedRequirement, id: string): WaiversView['rows'][number]['covered'] {
  const own = row.findings.filter(({ waiver }) => waiver === id);
  const bySubject = Map.groupBy(
    own,
    (each) => `${verdictTitles[each.outcome][frame.language]} ${nameOf(each, frame.language)}`,
  );
  return [...bySubject].map(([text, { length }]) => ({
    anchor: requirementAnchor(frame, row),
    requirement: shown(row.id),
    text: `${shortened(text, longestSubject, frame.language)}${length > 1 ? ` ×${length}` : ''}`,
  }));
}

function rowOf(frame: Frame, waiver: AssessedWaiver): WaiversView['rows'][number] {
  const { language, assessment } = frame;
  const { id, state, requirement, finding, reason, ticket, paper, approver, from, until } = waiver;
  const covered = assessment.requirements.flatMap((row) => coveredIn(frame, row, id));
  const more = covered.length - mostCovered;
  return {
    id,
    state: waiverStateTitles[state][language],
    isActive: state === 'active',
    of: shown(finding ?? requirement ?? ''),
    covered: covered.slice(0, mostCovered),
    more: more > 0 ? (language === 'zh' ? `另有 ${more} 项，见正文` : `${more} more, see the rows`) : '',
    reason: shortened(reason, longestReason, language),
    references: [ticket, paper].flatMap((each) => (each ? [shown(each)] : [])),
    approver: shown(approver),
    from,
    until,
  };
}
