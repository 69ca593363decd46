import type { Assessment } from '../../assessment/assessment.ts';
import { parts, partTitles } from '../../assessment/profile-words.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { occasionTitles } from '../../occasion.ts';
import type { Language, Text } from '../../text.ts';
import { chartOrder } from '../html/charts.ts';
import { titleOf } from '../html/view.ts';
import { countsOf } from '../html/view-requirements.ts';
import { clockIn, offsetOf } from '../show.ts';
import { modeTitles, texts, verdictMeanings, wordsIn } from '../words/report.ts';
import { tableTexts } from '../words/tables.ts';
import { acceptedCounts } from '../words/waivers.ts';
import type { Sheet, SheetCell } from './sheets.ts';

/** The first sheet: what was assessed, how it came out by part, by which documents, and what the words mean. */
export function summarySheet(assessment: Assessment, language: Language): Sheet {
  const rows: SheetCell[][] = [
    [{ value: titleOf(assessment, wordsIn(language)), isHead: true }],
    ...subjectRows(assessment, language),
    [],
    ...countRows(assessment, language),
    [],
    ...sourceRows(assessment, language),
    [],
    ...meaningRows(language),
  ];
  return { title: tableTexts.summary, widths: [24, 66, 10, 10, 10, 10, 10], rows, isTable: false, printed: 7 };
}

function subjectRows(assessment: Assessment, language: Language): SheetCell[][] {
  const { unit, platform, period, profile, occasion, asOf, evidence, timeZone, number, tool } = assessment;
  const clock = clockIn(timeZone);
  const pairs: (readonly [Text, string])[] = [
    [texts.unit, unit.name],
    [texts.creditCode, unit.creditCode],
    [texts.platform, platform.name],
    [texts.mode, modeTitles[platform.mode]?.[language] ?? platform.mode],
    [texts.since, platform.since],
    ...(period ? [[texts.period, `${period.from} – ${period.until}`] as const] : []),
    [texts.profile, profile.title[language]],
    [texts.occasion, occasionTitles[occasion][language]],
    [texts.asOf, asOf],
    [texts.collected, `${clock(evidence.from)} – ${clock(evidence.to)}`],
    [tableTexts.timesIn, `${timeZone} (${offsetOf(evidence.to, timeZone)})`],
    [texts.number, number],
    [texts.manifest, evidence.manifest],
    [tableTexts.tool, `${tool.name} ${tool.version}`],
  ];
  return pairs.map(([label, value]) => [{ value: label[language], isHead: true }, { value }]);
}

function countRows(assessment: Assessment, language: Language): SheetCell[][] {
  const { requirements, counts } = assessment;
  const head: SheetCell[] = [
    { value: texts.part[language], isHead: true },
    { value: texts.total[language], isHead: true },
    ...chartOrder.map((verdict): SheetCell => ({ value: verdictTitles[verdict][language], verdict })),
  ];
  const byPart = parts.map((part) => {
    const own = requirements.filter((each) => each.part === part);
    const ownCounts = countsOf(own);
    return rowOf(partTitles[part][language], own.length, ownCounts);
  });
  const waived = acceptedCounts(assessment)[language];
  return [
    head,
    ...byPart,
    rowOf(texts.total[language], requirements.length, counts),
    ...(waived ? [[{ value: tableTexts.waiver[language], isHead: true }, { value: waived }]] : []),
  ];
}

function rowOf(label: string, total: number, counts: Assessment['counts']): SheetCell[] {
  return [
    { value: label, isHead: true },
    { value: total },
    ...chartOrder.map((verdict) => ({ value: counts[verdict] })),
  ];
}

function sourceRows({ profile }: Assessment, language: Language): SheetCell[][] {
  const head = [texts.code, tableTexts.sourceOf].map((title): SheetCell => ({ value: title[language], isHead: true }));
  const rows = Object.entries(profile.sources).map(([code, { title, issued }]): SheetCell[] => [
    { value: code },
    { value: issued ? `${title[language]} (${issued})` : title[language] },
  ]);
  return [head, ...rows];
}

function meaningRows(language: Language): SheetCell[][] {
  const head = [texts.term, texts.meaning].map((title): SheetCell => ({ value: title[language], isHead: true }));
  const rows = chartOrder.map((verdict): SheetCell[] => [
    { value: verdictTitles[verdict][language], verdict },
    { value: verdictMeanings[verdict][language] },
  ]);
  return [head, ...rows];
}
