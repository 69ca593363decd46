import type { AssessedFinding, AssessedRequirement, AssessedWaiver, Assessment } from '../assessment/assessment.ts';
import { basisTitles, partTitles } from '../assessment/profile-words.ts';
import { type Verdict, verdictTitles } from '../assessment/verdict.ts';
import type { Language, Text } from '../text.ts';
import { nameOf } from './plain.ts';
import { tableTexts } from './words/tables.ts';
import { waiverLabel } from './words/waivers.ts';

/** One finding in its requirement; a requirement without findings has one row of its own. */
export type FindingRow = {
  readonly requirement: AssessedRequirement;
  /** From 1, in the order of the assessment. */
  readonly position?: number;
  readonly finding?: AssessedFinding;
  /** The waiver that covers it; the outcome is what it is. */
  readonly waiver?: AssessedWaiver;
};

/** A column of a table: its head, its width in characters, and what stands in it. Cells are raw: whoever writes them makes them safe. */
export type Column<Row> = {
  readonly title: Text;
  readonly width: number;
  readonly cell: (row: Row, language: Language) => string | number;
  /** The verdict or outcome that the cell names, where it names one: a workbook colours it. */
  readonly verdict?: (row: Row) => Verdict | undefined;
  /** For machines rather than readers: stands last, and is not printed. */
  readonly isDetail?: true;
};

/** Every finding in the order of the assessment. */
export function findingRows({ requirements, waivers = [] }: Assessment): FindingRow[] {
  const byId = new Map(waivers.map((waiver) => [waiver.id, waiver]));
  return requirements.flatMap((requirement): FindingRow[] =>
    requirement.findings.length === 0
      ? [{ requirement }]
      : requirement.findings.map((finding, index) => {
          const waiver = finding.waiver === undefined ? undefined : byId.get(finding.waiver);
          return { requirement, finding, position: index + 1, ...(waiver ? { waiver } : {}) };
        }),
  );
}

/** The waiver of a finding: until when, by whom and why. */
export const waiverColumn: Column<FindingRow> = {
  title: tableTexts.waiver,
  width: 20,
  cell: ({ waiver }, language) => (waiver ? `${waiverLabel(waiver)[language]}: ${waiver.reason}` : ''),
};

/** The columns that every table of findings has. */
export const findingColumns: readonly Column<FindingRow>[] = [
  { title: tableTexts.requirementId, width: 12, cell: ({ requirement }) => requirement.id },
  { title: tableTexts.requirement, width: 22, cell: ({ requirement }, language) => requirement.title[language] },
  { title: tableTexts.part, width: 9, cell: ({ requirement }, language) => partTitles[requirement.part][language] },
  { title: tableTexts.clauses, width: 12, cell: ({ requirement }) => clausesOf(requirement) },
  {
    title: tableTexts.verdict,
    width: 9,
    cell: ({ requirement }, language) => verdictTitles[requirement.verdict][language],
    verdict: ({ requirement }) => requirement.verdict,
  },
  {
    title: tableTexts.verdictBasis,
    width: 8,
    cell: ({ requirement: { basis } }, language) => (basis ? basisTitles[basis][language] : ''),
  },
  { title: tableTexts.position, width: 5, cell: ({ position }) => position ?? '' },
  { title: tableTexts.subject, width: 18, cell: ({ finding }, language) => (finding ? nameOf(finding, language) : '') },
  {
    title: tableTexts.outcome,
    width: 9,
    cell: (row, language) => verdictTitles[outcomeOf(row)][language],
    verdict: outcomeOf,
  },
  {
    title: tableTexts.findingText,
    width: 42,
    cell: ({ requirement, finding }, language) => (finding?.text ?? requirement.reason)?.[language] ?? '',
  },
  { title: tableTexts.amount, width: 11, cell: ({ finding }, language) => finding?.figure?.amount[language] ?? '' },
  {
    title: tableTexts.threshold,
    width: 14,
    cell: ({ finding }, language) => finding?.figure?.threshold[language] ?? '',
  },
  { title: tableTexts.margin, width: 9, cell: ({ finding }, language) => finding?.figure?.margin[language] ?? '' },
  { title: tableTexts.dueBy, width: 11, cell: ({ finding }) => finding?.due ?? '' },
  {
    title: tableTexts.remedy,
    width: 28,
    cell: ({ requirement, finding }, language) => remedyOf(requirement, finding)?.[language] ?? '',
  },
  waiverColumn,
  {
    title: tableTexts.findingBasis,
    width: 10,
    cell: ({ finding }, language) => (finding?.basis ? basisTitles[finding.basis][language] : ''),
    isDetail: true,
  },
  { title: tableTexts.findingId, width: 16, cell: ({ finding }) => finding?.id ?? '', isDetail: true },
  { title: tableTexts.subjectId, width: 18, cell: ({ finding }) => finding?.subject ?? '', isDetail: true },
  { title: tableTexts.check, width: 20, cell: ({ finding }) => checkOf(finding), isDetail: true },
  { title: tableTexts.findingKey, width: 14, cell: ({ finding }) => finding?.says ?? '', isDetail: true },
  { title: tableTexts.evidenceIds, width: 16, cell: ({ finding }) => (finding?.cites ?? []).join(' '), isDetail: true },
];

function outcomeOf({ requirement, finding }: FindingRow): Verdict {
  return finding?.outcome ?? requirement.verdict;
}

/** The clauses of a requirement by the codes of their sources: `QD 5-4; QD 3-1-(3)`. */
export function clausesOf({ cites }: AssessedRequirement): string {
  return cites.map(({ source, clause }) => `${source} ${clause}`).join('; ');
}

/** The check that a finding is of; empty for what the assessment itself says. */
export function checkOf(finding: AssessedFinding | undefined): string {
  return finding === undefined || finding.check === '-' ? '' : finding.check;
}

/** What to do about a finding that is open: its own remedy, else the requirement's. */
export function remedyOf(requirement: AssessedRequirement, finding: AssessedFinding | undefined): Text | undefined {
  const outcome = finding?.outcome ?? requirement.verdict;
  return outcome === 'met' || outcome === 'not-applicable' ? undefined : (finding?.remedy ?? requirement.remedy);
}
