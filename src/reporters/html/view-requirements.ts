import type { AssessedRequirement } from '../../assessment/assessment.ts';
import { basisTitles, type Part, partTitles } from '../../assessment/profile.ts';
import type { Verdict } from '../../assessment/verdict.ts';
import { verdicts } from '../../assessment/verdict.ts';
import { verbatim } from '../../text.ts';
import { type Figure, figuresOf } from '../drawings/index.ts';
import { shortened, shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { acceptedLabel, waiverLabel, waiversOf } from '../words/waivers.ts';
import { type Badge, badge, chapterHeading, type Frame, type Heading, sectionHeading } from './frame.ts';
import { deciding, type FindingView, findingView, longestSubject, longestText, rowsOf } from './view-findings.ts';

/** Rows that are kept on one page: more would leave too much of the page before empty. */
const mostTogether = 2;

export type RequirementView = {
  readonly anchor: string;
  readonly position: number;
  readonly id: string;
  readonly title: string;
  readonly verdict: Badge;
  /** What stands behind the verdict under waivers. */
  readonly waived: string;
  readonly clauses: string;
  readonly basis: string;
  readonly findings: readonly FindingView[];
  readonly remedies: readonly string[];
  /** What follows if it is not met; what the unit set stricter. */
  readonly notes: readonly { readonly label: string; readonly text: string }[];
  readonly statement?: { readonly text: string; readonly label: string };
  /** Few enough findings to stand on one page. */
  readonly short: boolean;
};

export type PartView = {
  readonly heading: Heading;
  readonly overview: { readonly heading: Heading; readonly text: string; readonly figures: readonly Figure[] };
  readonly rows: { readonly heading: Heading; readonly requirements: readonly RequirementView[] };
  readonly notApplicable?: {
    readonly heading: Heading;
    readonly rows: readonly { id: string; anchor: string; title: string; clauses: string; reason: string }[];
  };
};

/** One part of the report: its applicable requirements one by one, then those that do not apply. */
export function partView(frame: Frame, part: Part, chapter: number): PartView {
  const own = frame.assessment.requirements.filter((each) => each.part === part);
  const binding = own.filter((each) => each.verdict !== 'not-applicable');
  const others = own.filter((each) => each.verdict === 'not-applicable');
  const section = (number: number, title: string): Heading => sectionHeading(frame, chapter, number, title);
  return {
    heading: chapterHeading(frame, chapter, partTitles[part][frame.language]),
    overview: {
      heading: section(1, frame.words.partOverview),
      text: frame.say(sentences.partSummary, countData(countsOf(own))),
      figures: figuresOf(frame, part, chapter),
    },
    rows: {
      heading: section(2, frame.words.rows),
      requirements: binding.map((each, index) => requirementView(frame, each, index + 1)),
    },
    ...(others.length > 0
      ? {
          notApplicable: {
            heading: section(3, frame.words.notApplicable),
            rows: others.map((each) => ({
              id: shown(each.id),
              anchor: requirementAnchor(frame, each),
              title: frame.say(each.title),
              clauses: shortClausesOf(each),
              reason: reasonOf(frame, each),
            })),
          },
        }
      : {}),
  };
}

/** How many requirements came out as what. */
export function countsOf(requirements: readonly AssessedRequirement[]): Record<Verdict, number> {
  const counts = { met: 0, partial: 0, unmet: 0, unproven: 0, 'not-applicable': 0 };
  for (const { verdict } of requirements) counts[verdict] += 1;
  return counts;
}

/** The counts as the summary sentences want them. */
export function countData(counts: Readonly<Record<Verdict, number>>): Record<string, number> {
  const all = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  const { 'not-applicable': notApplicable, ...others } = counts;
  return { ...others, notApplicable, all, binding: all - notApplicable };
}

export function requirementAnchor({ assessment }: Frame, requirement: AssessedRequirement): string {
  return `r-${assessment.requirements.indexOf(requirement) + 1}`;
}

function requirementView(frame: Frame, requirement: AssessedRequirement, position: number): RequirementView {
  const { words, language } = frame;
  const { attest, basis } = requirement;
  return {
    anchor: requirementAnchor(frame, requirement),
    position,
    id: shown(requirement.id),
    title: frame.say(requirement.title),
    verdict: badge(frame, requirement.verdict),
    waived: waivedText(frame, requirement),
    clauses: clausesOf(frame, requirement),
    basis: basis ? basisTitles[basis][language] : '',
    findings: rowsOf(frame, requirement).map((fold) => findingView(frame, fold)),
    remedies: requirement.verdict === 'met' ? [] : remediesOf(frame, requirement),
    notes: notesOf(frame, requirement),
    ...(attest
      ? {
          statement: {
            text: frame.say(attest.text),
            label: attest.signed ? words.statementSigned : words.statementUnsigned,
          },
        }
      : {}),
    short: rowsOf(frame, requirement).length <= mostTogether,
  };
}

function notesOf(frame: Frame, requirement: AssessedRequirement): RequirementView['notes'] {
  const { words } = frame;
  const { verdict, ifMissed, tightened } = requirement;
  const waivers = waiversOf(requirement, frame.assessment).map((waiver) => ({
    label: `${words.waiver} ${waiver.id}`,
    text: `${frame.say(waiverLabel(waiver))}${frame.language === 'zh' ? '。' : '. '}${shortened(waiver.reason, longestText, frame.language)}`,
  }));
  const consequence = ifMissed && verdict !== 'met' ? [{ label: words.ifMissed, text: frame.say(ifMissed) }] : [];
  const changes = (tightened ?? []).map(({ check, parameter, from, to }) => ({
    label: words.tightened,
    text: shown(`${check} ${parameter}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`),
  }));
  return [...waivers, ...consequence, ...changes];
}

/** Until when and by whom it is waived; empty where it is not. */
export function waivedText(frame: Frame, requirement: AssessedRequirement): string {
  return frame.say(acceptedLabel(requirement, frame.assessment)).trim();
}

function clausesOf({ assessment, language, sayShort }: Frame, { cites }: AssessedRequirement): string {
  const bySource = Map.groupBy(cites, (cite) => cite.source);
  const texts = [...bySource].map(([source, same]) => {
    const title = sayShort(assessment.profile.sources[source]?.title ?? verbatim(source), longestSubject);
    const clauses = shown(same.map((cite) => cite.clause).join(language === 'zh' ? '、' : ', '));
    if (language === 'en') return `${title}, ${clauses}`;
    return `${title.includes('《') ? title : `《${title}》`}${clauses}`;
  });
  return texts.join(language === 'zh' ? '；' : '; ');
}

/** By the code of the source; chapter 2 says what it stands for. */
export function shortClausesOf({ cites }: AssessedRequirement): string {
  return shown(cites.map(({ source, clause }) => `${source} ${clause}`).join('; '));
}

function reasonOf(frame: Frame, requirement: AssessedRequirement): string {
  if (requirement.reason) return frame.say(requirement.reason);
  const texts = new Set(requirement.findings.map((finding) => frame.sayShort(finding.text, longestText)));
  return [...texts].join(frame.language === 'zh' ? '；' : '; ');
}

/** What is to be done about a requirement, by its findings and by the profile. */
export function remediesOf(frame: Frame, requirement: AssessedRequirement): string[] {
  const own = deciding(requirement).flatMap((finding) => finding.remedy ?? []);
  const all = [...(requirement.remedy ? [requirement.remedy] : []), ...own];
  return [...new Set(all.map((text) => frame.sayShort(text, longestText)))];
}
