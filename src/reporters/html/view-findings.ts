import type { AssessedFinding, AssessedRequirement } from '../../assessment/assessment.ts';
import { basisTitles } from '../../assessment/profile.ts';
import { nameOf } from '../plain.ts';
import { firstLine, shortened, shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { waivedMark, waiverLabel } from '../words/waivers.ts';
import { type Fold, type FoldGroup, groupAnchor, isOf, longHash, subjectsIn, textOfMany } from './folds.ts';
import { type Badge, badge, type Frame } from './frame.ts';

/** Characters of one finding's text, subject or remedy that are printed; the attached JSON has the whole. */
export const longestText = 1200;
export const longestSubject = 160;

/** Evidence ids that stand beside one finding. */
const mostCited = 8;

export type FindingView = {
  readonly subject: string;
  /** Its id, where it is called otherwise. */
  readonly subjectId: string;
  /** The list of all subjects, where the row is of many. */
  readonly group?: { readonly anchor: string; readonly label: string };
  readonly outcome: Badge;
  readonly text: string;
  /** Empty for what the assessment itself says. */
  readonly check: string;
  /** What a waiver would name: only where something is open. */
  readonly id: string;
  /** Until when and by whom it is waived; empty where it is not. */
  readonly waived: string;
  readonly mark: string;
  readonly basis: string;
  readonly evidence: readonly { readonly id: string; readonly anchor: string }[];
  /** How many there are, when not all are listed. */
  readonly moreEvidence: string;
};

/** Findings as they stand in rows: folded on paper, one by one on a screen. */
export function rowsOf({ folds }: Frame, requirement: AssessedRequirement): readonly Fold[] {
  return folds?.of(requirement) ?? requirement.findings.map((first) => ({ first, members: [first] }));
}

/** One row of a requirement's table. */
export function findingView(frame: Frame, fold: Fold): FindingView {
  const { first: finding, group } = fold;
  const waiver = frame.waiverOf(finding);
  const isOpen = finding.outcome === 'unmet' || finding.outcome === 'unproven';
  return {
    subject: subjectOf(frame, fold),
    subjectId: group ? '' : subjectIdOf(frame, finding),
    ...(group ? { group: { anchor: groupAnchor(group), label: groupLabel(frame, group) } } : {}),
    outcome: badge(frame, finding.outcome),
    text: textOf(frame, fold),
    check: finding.check === '-' ? '' : shown(finding.check),
    id: isOpen && !group ? shown(finding.id ?? '') : '',
    waived: waiver ? frame.say(waiverLabel(waiver)) : '',
    mark: waiver ? frame.say(waivedMark({ remaining: 'none' })).trim() : '',
    basis: finding.basis ? basisTitles[finding.basis][frame.language] : '',
    ...citedIn(frame, fold),
  };
}

/** What a row is about: a subject by its name, or the first of many. */
export function subjectOf(frame: Frame, { first, members, group }: Fold): string {
  const count = subjectsIn(members);
  if (!group || count === 1) return shortened(nameOf(first, frame.language), longestSubject, frame.language);
  const from = firstLine(nameOf(first, frame.language), longestSubject / 2);
  return frame.say(sentences.folded, { from, count });
}

// Only where the name does not give it away, and never of what the row already says.
function subjectIdOf(frame: Frame, { subject, name }: AssessedFinding): string {
  if (!name || name[frame.language].includes(subject) || frame.requirementIds.has(subject)) return '';
  return name[frame.language].includes(subject.split('/')[0] ?? subject) ? '' : firstLine(subject, longestSubject);
}

/**
 * What a row says: of many in words that suit each, or with the first quoted by name. A long hash is told by its start: the index of
 * evidence has the whole of it beside the observation.
 */
export function textOf(frame: Frame, { first, group }: Fold): string {
  const isQuoted = group !== undefined && group.variants.length > 1;
  const said = group && !isQuoted ? textOfMany(first, frame.entryOf) : first.text;
  const text = frame.sayShort(said, longestText);
  // What was cut ends with a hash of its own, which stands nowhere else.
  const isWhole = [...said[frame.language]].length <= longestText;
  const short = isWhole && first.cites.length > 0 ? text.replace(longHash, (hash) => `${hash.slice(0, 12)}…`) : text;
  if (!isQuoted) return short;
  return frame.say(sentences.example, { text: short, subject: firstLine(nameOf(first, frame.language), 40) });
}

function citedIn(frame: Frame, { first, group }: Fold): Pick<FindingView, 'evidence' | 'moreEvidence'> {
  const own = group ? first.cites.filter((id) => isOf(frame.entryOf(id)?.subject ?? '', first.subject)) : [];
  const cites = first.cites.filter((id) => !own.includes(id));
  const listed = cites.slice(0, mostCited);
  const kinds = [...new Set(own.flatMap((id) => frame.entryOf(id)?.kindTitle ?? []).map((title) => frame.say(title)))];
  const more = cites.length > listed.length ? [frame.say(sentences.moreEvidence, { count: cites.length })] : [];
  const each =
    kinds.length > 0
      ? [frame.say(sentences.evidenceOfEach, { kinds: kinds.join(frame.language === 'zh' ? '、' : ', ') })]
      : [];
  return {
    evidence: listed.map((id) => ({ id: shown(id), anchor: frame.evidenceAnchor(id) ?? '' })),
    moreEvidence: [...more, ...each].join(' '),
  };
}

/** What a list of subjects is called. */
export function groupLabel({ say }: Frame, { number }: FoldGroup): string {
  return say(sentences.group, { number });
}

/** The findings that make the verdict what it is, where it is open. */
export function deciding({ verdict, findings }: AssessedRequirement): AssessedFinding[] {
  const worst = verdict === 'unproven' ? 'unproven' : 'unmet';
  return findings.filter((finding) => finding.outcome === worst);
}
