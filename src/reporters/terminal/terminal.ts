import { styleText } from 'node:util';
import type { AssessedRequirement, Assessment } from '../../assessment/assessment.ts';
import { parts, partTitles } from '../../assessment/profile.ts';
import { type Verdict, verdicts, verdictTitles } from '../../assessment/verdict.ts';
import { occasionTitles } from '../../occasion.ts';
import { fill, joined, type Language, type Text } from '../../text.ts';
import { nameOf, onOneLine, plain } from '../plain.ts';
import { acceptedCounts, waivedMark, waiverLabel, waiversOf } from '../words/waivers.ts';
import { columns, padEnd, padStart, widthOf } from './width.ts';
import { wrap } from './wrap.ts';

export { columns, padEnd, padStart, wide, widthOf } from './width.ts';

type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'gray';

/** Colours of the verdicts. */
export const styles: Readonly<Record<Verdict, Style>> = {
  met: 'green',
  partial: 'yellow',
  unmet: 'red',
  unproven: 'cyan',
  'not-applicable': 'gray',
};

const words = {
  number: { zh: '报告编号', en: 'Report' },
  profile: { zh: '规范配置', en: 'Profile' },
  occasion: { zh: '事项', en: 'Occasion' },
  asOf: { zh: '基准日', en: 'As of' },
  open: { zh: '须处理的要求项', en: 'To deal with' },
  count: { zh: '{{verdict}} {{n}} 项', en: '{{n}} {{verdict}}' },
  allMet: { zh: '适用的要求项全部符合', en: 'all that applies is met' },
  noneApplies: { zh: '没有适用的要求项', en: 'nothing applies' },
  ofAll: { zh: '（共 {{all}} 项要求）', en: '(of {{all}} requirements)' },
  total: { zh: '合计', en: 'All' },
  left: { zh: '  另有 {{n}} 项不符合或部分符合，见报告', en: '  {{n}} more are unmet or partial: see the report' },
  more: { zh: '另有 {{n}} 项待确认，见报告', en: '{{n}} more are unproven: see the report' },
} satisfies Record<string, Text>;

/** Waivers that are listed below one requirement. */
const mostWaivers = 3;

/** Lines below the table that name requirements. */
const mostLines = 12;

/** One screen: the answer, counts by part, then what is unmet or partial, worst first; where it is much, without particulars. */
export function summary(assessment: Assessment, language: Language): string {
  const { requirements } = assessment;
  const say = (text: Text): string => text[language];
  const accepted = say(acceptedCounts(assessment));
  const blocks = [
    [...answerLines(assessment, language), ...headLines(assessment, language)],
    tableLines(requirements, language),
    accepted === '' ? [] : wrap(accepted, columns),
    listLines(assessment, language),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

// `不符合 4 项，待确认 9 项（共 61 项要求）`
function answerLines({ requirements }: Assessment, language: Language): string[] {
  const counts = (['unmet', 'partial', 'unproven'] as const)
    .map((verdict) => ({ verdict, n: requirements.filter((each) => each.verdict === verdict).length }))
    .filter(({ n }) => n > 0);
  // Where nothing applies nothing was judged, and that is no pass.
  const none = requirements.some(({ verdict }) => verdict === 'met') ? 'met' : 'not-applicable';
  const worst = counts[0]?.verdict ?? none;
  const names = counts.map(({ verdict, n }) => fill(words.count, { n, verdict: verdictTitles[verdict] }));
  const told = counts.length > 0 ? joined(names, '，', ', ') : none === 'met' ? words.allMet : words.noneApplies;
  const answer = joined([told, fill(words.ofAll, { all: requirements.length })], '', ' ');
  return wrap(answer[language], columns).map((line) => styleText(['bold', styles[worst]], line));
}

function headLines({ unit, platform, number, profile, occasion, asOf }: Assessment, language: Language): string[] {
  const say = (text: Text): string => text[language];
  return [
    shownLine(`${unit.name} · ${platform.name}`),
    `${say(words.number)} ${number}   ${say(words.asOf)} ${asOf}   ${say(words.occasion)} ${say(occasionTitles[occasion])}`,
    cut(`${say(words.profile)} ${shownLine(say(profile.title))}`),
  ];
}

function tableLines(requirements: readonly AssessedRequirement[], language: Language): string[] {
  const rows = parts.map((part) => [
    partTitles[part][language],
    ...countsOf(requirements.filter((each) => each.part === part)),
  ]);
  const header = ['', ...verdicts.map((verdict) => verdictTitles[verdict][language])];
  const total = [words.total[language], ...countsOf(requirements)];
  const widths = header.map((title, index) => (index === 0 ? 18 : Math.max(10, widthOf(title) + 2)));
  return [header, ...rows, total].map((row, index) => tableLine(row, widths, index === 0));
}

function listLines(assessment: Assessment, language: Language): string[] {
  const { requirements } = assessment;
  const say = (text: Text): string => text[language];
  const open = requirements.filter((each) => each.verdict === 'unmet' || each.verdict === 'partial');
  const worstFirst = open.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  const particulars = worstFirst.map((each) => openLines(each, assessment, language));
  const isMuch = particulars.flat().length > mostLines;
  const listed = isMuch ? particulars.flatMap((lines) => lines.slice(0, 1)).slice(0, mostLines) : particulars.flat();
  const left = isMuch ? Math.max(0, open.length - mostLines) : 0;
  const unproven = requirements.filter((each) => each.verdict === 'unproven').length;
  return [
    ...(open.length === 0 ? [] : [`${say(words.open)}:`, ...listed]),
    ...(left === 0 ? [] : [say(fill(words.left, { n: left }))]),
    ...(unproven === 0 ? [] : [...(open.length === 0 ? [] : ['']), say(fill(words.more, { n: unproven }))]),
  ];
}

function countsOf(requirements: readonly AssessedRequirement[]): string[] {
  return verdicts.map((verdict) => String(requirements.filter((each) => each.verdict === verdict).length));
}

function tableLine(cells: readonly string[], widths: readonly number[], isHeader: boolean): string {
  return cells
    .map((cell, index) => {
      const verdict = verdicts[index - 1];
      const width = widths[index] ?? 0;
      const padded = index === 0 ? padEnd(cell, width) : padStart(cell, width);
      return verdict && (isHeader || cell !== '0') ? styleText(styles[verdict], padded) : padded;
    })
    .join('');
}

function openLines(row: AssessedRequirement, assessment: Assessment, language: Language): string[] {
  const { id, verdict, title, findings } = row;
  const worst = findings.find(({ outcome, waiver }) => outcome === 'unmet' && !waiver) ?? findings.find(isUnmet);
  const name = styleText(styles[verdict], verdictTitles[verdict][language] + waivedMark(row)[language]);
  const waivers = waiversOf(row, assessment).map((waiver) => `${waiverLabel(waiver)[language]} · ${waiver.reason}`);
  const below = [
    ...(worst ? [`${nameOf(worst, language)}: ${worst.text[language]}`] : []),
    ...waivers.slice(0, mostWaivers),
    ...(waivers.length > mostWaivers ? ['…'] : []),
  ];
  return [
    cut(`  ${name}  ${shownLine(id)}  ${shownLine(title[language])}`),
    ...below.map((text) => cut(`          ${shownLine(text)}`)),
  ];
}

function isUnmet({ outcome }: AssessedRequirement['findings'][number]): boolean {
  return outcome === 'unmet';
}

// More than a line holds is never shown, and need not be measured.
function shownLine(untrusted: string): string {
  return cut(onOneLine(plain(untrusted.slice(0, 20 * columns))));
}

// Colours stay whole: a line is only cut in its plain end, which comes after them.
function cut(line: string): string {
  if (widthOf(line) <= columns) return line;
  const kept = [...line];
  for (let width = widthOf(line); width > columns - 1; ) width -= widthOf(kept.pop() ?? '');
  return `${kept.join('')}…`;
}
