import { outcomes } from '../../../checks/check.ts';
import type { AssessedFinding, AssessedRequirement, Assessment } from '../../assessment/assessment.ts';
import { type Basis, bases, basisTitles, parts, partTitles } from '../../assessment/profile.ts';
import { type Verdict, verdicts, verdictTitles } from '../../assessment/verdict.ts';
import { fill, type Language, verbatim } from '../../text.ts';
import { shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { type ScreenWords, screenWordsIn } from '../words/screen.ts';
import { badge, type Frame, frameOf } from './frame.ts';
import { inBlocks, permanentId, withPermanent } from './screen-rows.ts';
import type { View } from './view.ts';
import { type FindingView, findingView, longestText } from './view-findings.ts';
import type { PartView, RequirementView } from './view-requirements.ts';
import { evidenceTables, type ScreenEvidence } from './view-screen-evidence.ts';

/** Evidence ids that stand beside one finding on a screen. */
const mostCited = 60;

/** A finding as the page's script filters it. */
type ScreenFinding = FindingView & {
  /** What a link names; empty where the finding has no id, or one that stands in the row already. */
  readonly permanent: string;
  readonly basisName: Basis | '';
};

type ScreenRequirement = Omit<RequirementView, 'findings'> & {
  readonly permanent: string;
  /** The findings, some fifty to a block: a browser lays out those that are near the window. */
  readonly blocks: readonly (readonly ScreenFinding[])[];
  /** How many findings there are, and how many of each outcome. */
  readonly tally: string;
};

type ScreenPart = Omit<PartView, 'rows' | 'notApplicable'> & {
  readonly name: string;
  readonly notApplicable: object | undefined;
  readonly rows: Omit<PartView['rows'], 'requirements'> & { readonly requirements: readonly ScreenRequirement[] };
};

/** A group of boxes to tick: what is ticked is shown. */
type Facet = {
  readonly name: string;
  readonly title: string;
  readonly options: readonly { readonly value: string; readonly title: string; readonly count: number }[];
};

/** What the web page has more than the paper. */
export type ScreenView = {
  readonly screen: ScreenWords;
  readonly facets: readonly Facet[];
  readonly parts: readonly ScreenPart[];
  readonly evidenceTables: readonly ScreenEvidence[];
};

/** The view of a report with what a reader on a screen can filter by and link to. */
export function screenView(assessment: Assessment, language: Language, view: View): ScreenView {
  const frame = frameOf(assessment, language);
  const screen = screenWordsIn(language);
  const byAnchor = new Map(assessment.requirements.map((each, index) => [`r-${index + 1}`, each]));
  const own = (row: RequirementView): ScreenRequirement[] => {
    const requirement = byAnchor.get(row.anchor);
    return requirement ? [requirementOf(frame, screen, requirement, row)] : [];
  };
  return {
    screen,
    facets: facetsOf(frame, screen),
    parts: view.parts.map((part, index) => ({
      ...part,
      name: parts[index] ?? '',
      rows: { ...part.rows, requirements: part.rows.requirements.flatMap(own) },
      notApplicable: part.notApplicable && { ...part.notApplicable, rows: withPermanent(part.notApplicable.rows) },
    })),
    evidenceTables: evidenceTables(frame, screen, view.evidence),
  };
}

function requirementOf(
  frame: Frame,
  screen: ScreenWords,
  requirement: AssessedRequirement,
  row: RequirementView,
): ScreenRequirement {
  // The same id would be no anchor a second time.
  const firsts = new Map(requirement.findings.toReversed().map((finding) => [finding.id, finding]));
  return {
    ...row,
    permanent: /^[EF]-[0-9a-f]+$/.test(requirement.id) ? '' : permanentId(requirement.id),
    blocks: inBlocks(
      worstFirst(requirement.findings).map((finding) => ({
        ...findingView(frame, { first: finding, members: [finding] }),
        ...wholeOf(frame, finding),
        permanent: firsts.get(finding.id) === finding ? findingAnchor(finding) : '',
        basisName: finding.basis ?? '',
      })),
    ),
    tally: tallyOf(frame, screen, requirement.findings),
  };
}

// What paper leaves to the index of evidence: here it can be searched.
function wholeOf(
  frame: Frame,
  { text, cites }: AssessedFinding,
): Pick<FindingView, 'text' | 'evidence' | 'moreEvidence'> {
  const listed = cites.slice(0, mostCited);
  return {
    text: frame.sayShort(text, longestText),
    evidence: listed.map((id) => ({ id: shown(id), anchor: frame.evidenceAnchor(id) ?? '' })),
    moreEvidence: cites.length > listed.length ? frame.say(sentences.moreEvidence, { count: cites.length }) : '',
  };
}

function findingAnchor({ id = '' }: AssessedFinding): string {
  return /^F-[0-9a-f]+$/.test(id) ? id : '';
}

function worstFirst(findings: readonly AssessedFinding[]): AssessedFinding[] {
  return findings.toSorted((one, other) => outcomeOrder.indexOf(one.outcome) - outcomeOrder.indexOf(other.outcome));
}

function tallyOf(
  { language }: Frame,
  { tally, noFindings }: ScreenWords,
  findings: readonly AssessedFinding[],
): string {
  if (findings.length === 0) return noFindings;
  const counts = outcomeOrder.flatMap((outcome) => {
    const count = findings.filter((each) => each.outcome === outcome).length;
    return count > 0 ? [`${verdictTitles[outcome][language]} ${count}`] : [];
  });
  const all = fill(verbatim(tally), { count: findings.length })[language];
  return `${all}${language === 'zh' ? '：' : ' – '}${counts.join(language === 'zh' ? '，' : ', ')}`;
}

const outcomeOrder = verdicts.filter((verdict) => (outcomes as readonly Verdict[]).includes(verdict));

function facetsOf(frame: Frame, screen: ScreenWords): Facet[] {
  const { assessment, words, language } = frame;
  const { requirements, counts } = assessment;
  const listed = requirements.filter(({ verdict }) => verdict !== 'not-applicable').flatMap(({ findings }) => findings);
  const titled = (verdict: Verdict, count: number) => ({ value: verdict, title: badge(frame, verdict).title, count });
  return [
    {
      name: 'verdict',
      title: words.verdict,
      options: verdicts.map((verdict) => titled(verdict, counts[verdict])),
    },
    {
      name: 'part',
      title: words.part,
      options: parts.map((part) => ({
        value: part,
        title: partTitles[part][language],
        count: requirements.filter((each) => each.part === part).length,
      })),
    },
    {
      name: 'outcome',
      title: screen.findingOutcome,
      options: outcomeOrder.map((outcome) =>
        titled(outcome, listed.filter((finding) => finding.outcome === outcome).length),
      ),
    },
    {
      name: 'basis',
      title: words.basis,
      options: bases.map((basis) => ({
        value: basis,
        title: basisTitles[basis][language],
        count: listed.filter((finding) => finding.basis === basis).length,
      })),
    },
  ];
}
