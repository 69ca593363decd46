import type { AssessedRequirement } from '../../assessment/assessment.ts';
import type { Verdict } from '../../assessment/verdict.ts';
import { nameOf } from '../plain.ts';
import { firstLine, shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { waivedMark } from '../words/waivers.ts';
import { type Badge, badge, type Frame, wording } from './frame.ts';
import { deciding, groupLabel, rowsOf, subjectOf, textOf } from './view-findings.ts';
import { remediesOf, requirementAnchor, waivedText } from './view-requirements.ts';

/** Problems of one requirement that the correction plan lists; the row itself has them all. */
const mostProblems = 6;

/** A requirement in the lists of what is still open. */
export type OpenRow = {
  readonly position: number;
  readonly anchor: string;
  readonly id: string;
  readonly title: string;
  readonly verdict: Badge;
  /** That it is waived, in a word; until when and by whom. */
  readonly mark: string;
  readonly waived: string;
  readonly reason: string;
  /** What is wrong or missing, each with the id of its finding. */
  readonly problems: readonly { readonly text: string; readonly id: string }[];
  readonly moreProblems: string;
  readonly measures: readonly string[];
  /** The first day by which something of it must be done; empty where the rules name none. */
  readonly due: string;
  /** A lack of evidence rather than a fault. */
  readonly isUnproven: boolean;
};

/** What is unmet, partial or unproven, worst first, then in the profile's order. */
export function openRows(frame: Frame): OpenRow[] {
  const order: readonly Verdict[] = ['unmet', 'partial', 'unproven'];
  const rows = order.flatMap((verdict) => frame.assessment.requirements.filter((each) => each.verdict === verdict));
  return rows.map((each, index) => ({
    position: index + 1,
    anchor: requirementAnchor(frame, each),
    id: shown(each.id),
    title: frame.say(each.title),
    verdict: badge(frame, each.verdict),
    mark: frame.say(waivedMark(each)).trim(),
    waived: waivedText(frame, each),
    reason: mainReason(frame, each),
    ...problemsOf(frame, each),
    measures: measuresOf(frame, each),
    due:
      deciding(each)
        .flatMap(({ due }) => due ?? [])
        .toSorted()[0] ?? '',
    isUnproven: each.verdict === 'unproven',
  }));
}

function problemsOf(frame: Frame, requirement: AssessedRequirement): Pick<OpenRow, 'problems' | 'moreProblems'> {
  const open = new Set(deciding(requirement));
  const rows = rowsOf(frame, requirement).filter(({ first }) => open.has(first));
  const more = rows.length - mostProblems;
  return {
    problems: rows.slice(0, mostProblems).map((fold) => {
      const { first, group } = fold;
      const label = group ? groupLabel(frame, group) : shown(first.id ?? '');
      const isOwn = frame.requirementIds.has(first.subject) || first.check === '-';
      return { text: (isOwn ? '' : subjectOf(frame, fold) + colonIn(frame)) + textOf(frame, fold), id: label };
    }),
    moreProblems: more > 0 ? frame.say(sentences.moreProblems, { count: more }) : '',
  };
}

function mainReason(frame: Frame, requirement: AssessedRequirement): string {
  const [first, ...others] = deciding(requirement);
  if (!first) return '';
  const isOwn = first.subject === requirement.id || first.check === '-';
  const subject = isOwn ? '' : firstLine(nameOf(first, frame.language), 40) + colonIn(frame);
  const text = subject + firstLine(wording(first.text, frame.language), 80);
  return others.length === 0 ? text : frame.say(sentences.more, { text, count: others.length });
}

function measuresOf(frame: Frame, requirement: AssessedRequirement): string[] {
  const remedies = remediesOf(frame, requirement);
  if (remedies.length > 0) return remedies;
  return [requirement.verdict === 'unproven' ? frame.words.measureUnproven : frame.words.measureUnmet];
}

function colonIn({ language }: Frame): string {
  return language === 'zh' ? '：' : ': ';
}
