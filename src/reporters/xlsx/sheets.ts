import type { AssessedRequirement, AssessedWaiver, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import { basisTitles, partTitles } from '../../assessment/profile-words.ts';
import { type Verdict, verdictTitles } from '../../assessment/verdict.ts';
import { reasons } from '../../evidence/observation.ts';
import { heard, type Language, type Text } from '../../text.ts';
import {
  type Column,
  clausesOf,
  type FindingRow,
  findingColumns,
  findingRows,
  remedyOf,
  waiverColumn,
} from '../finding-table.ts';
import { nameOf } from '../plain.ts';
import { clockIn } from '../show.ts';
import { originTitles, texts } from '../words/report.ts';
import { planStatuses, tableTexts } from '../words/tables.ts';
import { acceptedLabel, waiverStateTitles } from '../words/waivers.ts';
import { annexColumns, annexRows } from './annex-rows.ts';

/** A cell: raw text or a number, and how it looks. */
export type SheetCell = {
  readonly value: string | number;
  readonly verdict?: Verdict | undefined;
  readonly isHead?: boolean;
};

/** One sheet of a workbook. */
export type Sheet = {
  readonly title: Text;
  readonly widths: readonly number[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** A table has one row of heads, which stays in sight, is repeated on every page and has filters. */
  readonly isTable: boolean;
  /** How many columns are printed. */
  readonly printed: number;
  /** What may be entered in a column, counted from 0: one of a list, else a date. */
  readonly entries?: readonly { readonly column: number; readonly list?: readonly Text[]; readonly hint: Text }[];
};

/** The tables of the workbook, in the order of its sheets. */
export function tableSheets(assessment: Assessment, language: Language): Sheet[] {
  const rows = findingRows(assessment);
  return [
    table(tableTexts.requirements, requirementColumns(assessment), assessment.requirements, language),
    table(tableTexts.findings, findingColumns, rows, language),
    planSheet(rows, language),
    ...waiversSheet(assessment, language),
    table(tableTexts.evidenceIndex, evidenceColumns(assessment), assessment.index, language),
    ...(assessment.annex ? [table(tableTexts.annex, annexColumns, annexRows(assessment), language)] : []),
  ];
}

function table<Row>(title: Text, columns: readonly Column<Row>[], rows: readonly Row[], language: Language): Sheet {
  const head = columns.map((column): SheetCell => ({ value: column.title[language], isHead: true }));
  const body = rows.map((row) =>
    columns.map(({ cell, verdict }): SheetCell => ({ value: cell(row, language), verdict: verdict?.(row) })),
  );
  const printed = columns.filter(({ isDetail }) => !isDetail).length;
  return { title, widths: columns.map(({ width }) => width), rows: [head, ...body], isTable: true, printed };
}

const countOf = (outcome: string) => (requirement: AssessedRequirement) =>
  requirement.findings.filter((finding) => finding.outcome === outcome).length;

const requirementColumns = (assessment: Assessment): readonly Column<AssessedRequirement>[] => [
  { title: tableTexts.requirementId, width: 12, cell: ({ id }) => id },
  { title: tableTexts.requirement, width: 28, cell: ({ title }, language) => title[language] },
  { title: tableTexts.part, width: 9, cell: ({ part }, language) => partTitles[part][language] },
  { title: tableTexts.clauses, width: 13, cell: clausesOf },
  {
    title: tableTexts.verdict,
    width: 9,
    cell: ({ verdict }, language) => verdictTitles[verdict][language],
    verdict: ({ verdict }) => verdict,
  },
  {
    title: tableTexts.waiver,
    width: 16,
    cell: (requirement, language) => acceptedLabel(requirement, assessment)[language].trim(),
  },
  {
    title: tableTexts.verdictBasis,
    width: 8,
    cell: ({ basis }, language) => (basis ? basisTitles[basis][language] : ''),
  },
  { title: tableTexts.unmetFindings, width: 8, cell: countOf('unmet') },
  { title: tableTexts.unprovenFindings, width: 8, cell: countOf('unproven') },
  { title: tableTexts.metFindings, width: 8, cell: countOf('met') },
  { title: tableTexts.reasonOrFinding, width: 36, cell: reasonOf },
  {
    title: tableTexts.remedy,
    width: 28,
    cell: (requirement, language) => remedyOf(requirement, undefined)?.[language] ?? '',
  },
  { title: tableTexts.ifMissed, width: 22, cell: ({ ifMissed }, language) => ifMissed?.[language] ?? '' },
  {
    title: tableTexts.statementState,
    width: 10,
    cell: ({ attest, verdict }, language) =>
      !attest || verdict === 'not-applicable' ? '' : texts[attest.signed ? 'signed' : 'unsigned'][language],
  },
];

function reasonOf({ verdict, reason, findings }: AssessedRequirement, language: Language): string {
  const deciding = findings.find(({ outcome }) => outcome === (verdict === 'partial' ? 'unmet' : verdict));
  if (reason || !deciding) return reason?.[language] ?? '';
  return `${nameOf(deciding, language)}: ${deciding.text[language]}`;
}

const blank = () => '';

const planColumns: readonly Column<FindingRow>[] = [
  { title: tableTexts.requirementId, width: 12, cell: ({ requirement }) => requirement.id },
  { title: tableTexts.requirement, width: 22, cell: ({ requirement }, language) => requirement.title[language] },
  {
    title: tableTexts.outcome,
    width: 9,
    cell: ({ requirement, finding }, language) => verdictTitles[finding?.outcome ?? requirement.verdict][language],
    verdict: ({ requirement, finding }) => finding?.outcome ?? requirement.verdict,
  },
  { title: tableTexts.subject, width: 16, cell: ({ finding }, language) => (finding ? nameOf(finding, language) : '') },
  { title: tableTexts.findingText, width: 32, cell: ({ finding }, language) => finding?.text[language] ?? '' },
  { title: tableTexts.measure, width: 28, cell: measureOf },
  { title: tableTexts.dueBy, width: 11, cell: ({ finding }) => finding?.due ?? '' },
  { ...waiverColumn, width: 14 },
  { title: tableTexts.who, width: 10, cell: blank },
  { title: tableTexts.byWhen, width: 11, cell: blank },
  { title: tableTexts.status, width: 9, cell: blank },
  { title: tableTexts.doneOn, width: 11, cell: blank },
  { title: tableTexts.remark, width: 14, cell: blank },
];

function measureOf(row: FindingRow, language: Language): string {
  const remedy = remedyOf(row.requirement, row.finding);
  const usual = row.finding?.outcome === 'unmet' ? texts.measureUnmet : texts.measureUnproven;
  return (remedy ?? usual)[language];
}

// What is unmet before what is unproven, each in the report's order; what does not decide an open requirement is not in the plan.
function planSheet(rows: readonly FindingRow[], language: Language): Sheet {
  const open = rows.filter(({ requirement }) => ['unmet', 'partial', 'unproven'].includes(requirement.verdict));
  const ordered = ['unmet', 'unproven'].flatMap((outcome) =>
    open.filter(({ requirement, finding }) => (finding?.outcome ?? requirement.verdict) === outcome),
  );
  const columnOf = (title: Text): number => planColumns.findIndex((column) => column.title === title);
  return {
    ...table(tableTexts.plan, planColumns, ordered, language),
    entries: [
      { column: columnOf(tableTexts.byWhen), hint: tableTexts.dateHint },
      { column: columnOf(tableTexts.status), list: planStatuses, hint: tableTexts.listHint },
      { column: columnOf(tableTexts.doneOn), hint: tableTexts.dateHint },
    ],
  };
}

// Every entry of the unit's list, whether it holds or not; no sheet without a list.
function waiversSheet({ waivers, requirements }: Assessment, language: Language): Sheet[] {
  if (!waivers) return [];
  const covered = (waiver: AssessedWaiver): string =>
    requirements
      .flatMap(({ id, findings }) => findings.filter((each) => each.waiver === waiver.id).map((each) => each.id ?? id))
      .join(' ');
  const columns: readonly Column<AssessedWaiver>[] = [
    { title: tableTexts.waiverId, width: 14, cell: ({ id }) => id },
    { title: tableTexts.state, width: 12, cell: ({ state }, inLanguage) => waiverStateTitles[state][inLanguage] },
    { title: tableTexts.waived, width: 18, cell: ({ requirement, finding }) => finding ?? requirement ?? '' },
    { title: tableTexts.coveredFindings, width: 30, cell: covered },
    { title: tableTexts.waiverReason, width: 44, cell: ({ reason }) => reason },
    { title: tableTexts.approver, width: 14, cell: ({ approver }) => approver },
    { title: tableTexts.from, width: 11, cell: ({ from }) => from },
    { title: tableTexts.until, width: 11, cell: ({ until }) => until },
    { title: tableTexts.paper, width: 18, cell: ({ ticket, paper }) => [ticket, paper].filter(Boolean).join('; ') },
  ];
  return [table(tableTexts.waivers, columns, waivers, language)];
}

function evidenceColumns({ timeZone }: Assessment): readonly Column<EvidenceEntry>[] {
  const clock = clockIn(timeZone);
  return [
    { title: tableTexts.evidenceId, width: 14, cell: ({ id }) => id },
    { title: tableTexts.kind, width: 16, cell: ({ kindTitle }, language) => kindTitle[language] },
    { title: tableTexts.origin, width: 10, cell: ({ origin }, language) => originTitles[origin][language] },
    { title: tableTexts.subject, width: 24, cell: nameOf },
    { title: tableTexts.subjectId, width: 18, cell: ({ subject }) => subject },
    { title: tableTexts.time, width: 19, cell: ({ at }) => clock(at) },
    { title: tableTexts.place, width: 14, cell: ({ zone }) => zone },
    { title: tableTexts.collector, width: 16, cell: ({ collector }) => collector },
    { title: tableTexts.way, width: 36, cell: ({ method }) => method },
    { title: tableTexts.raw, width: 34, cell: ({ raw }) => raw ?? '' },
    { title: tableTexts.notObserved, width: 24, cell: whyNot },
  ];
}

function whyNot({ unobserved }: EvidenceEntry, language: Language): string {
  if (!unobserved) return '';
  const reason = reasons[unobserved.reason][language];
  return unobserved.detail ? `${reason}: ${heard(unobserved.detail)[language]}` : reason;
}
