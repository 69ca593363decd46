import { stripVTControlCharacters, styleText } from 'node:util';
import type { AssessedRequirement, Assessment } from '../../assessment/assessment.ts';
import { parts, partTitles } from '../../assessment/profile.ts';
import { type Verdict, verdicts, verdictTitles } from '../../assessment/verdict.ts';
import { occasionTitles } from '../../occasion.ts';
import type { Language, Text } from '../../text.ts';
import { nameOf, onOneLine, plain } from '../plain.ts';
import { acceptedCounts, waivedMark, waiverLabel, waiversOf } from '../words/waivers.ts';
import { wrap } from './wrap.ts';

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
  more: { zh: '另有 {{n}} 项待确认，见报告', en: '{{n}} more are unproven: see the report' },
} satisfies Record<string, Text>;

/** Columns of the terminal that a summary fits in. */
export const columns = 80;

/** Waivers that are listed below one requirement. */
const mostWaivers = 3;

/** One screen: counts by part, then what is unmet or partial, worst first; unproven rows as a number. */
export function summary(assessment: Assessment, language: Language): string {
  const { platform, number, profile, occasion, asOf, requirements } = assessment;
  const say = (text: Text): string => text[language];
  const head = [
    styleText('bold', shownLine(`${assessment.unit.name} · ${platform.name}`)),
    `${say(words.number)} ${number}   ${say(words.asOf)} ${asOf}   ${say(words.occasion)} ${say(occasionTitles[occasion])}`,
    cut(`${say(words.profile)} ${shownLine(say(profile.title))}`),
  ];
  const rows = [
    ...parts.map((part) => [say(partTitles[part]), ...countsOf(requirements.filter((each) => each.part === part))]),
  ];
  const header = ['', ...verdicts.map((verdict) => say(verdictTitles[verdict]))];
  const total = ['', ...countsOf(requirements)];
  const widths = header.map((title, index) => (index === 0 ? 18 : Math.max(10, widthOf(title) + 2)));
  const table = [header, ...rows, total].map((row, index) => tableLine(row, widths, index === 0));
  const open = requirements.filter((each) => each.verdict === 'unmet' || each.verdict === 'partial');
  const unproven = requirements.filter((each) => each.verdict === 'unproven').length;
  const list =
    open.length === 0
      ? []
      : ['', `${say(words.open)}:`, ...open.flatMap((each) => openLines(each, assessment, language))];
  const accepted = say(acceptedCounts(assessment));
  const more = unproven === 0 ? [] : ['', say(words.more).replace('{{n}}', String(unproven))];
  const waived = accepted === '' ? [] : ['', ...wrap(accepted, columns)];
  return `${[...head, '', ...table, ...waived, ...list, ...more].join('\n')}\n`;
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

/** Cells that a text takes on a terminal: CJK characters and full-width signs take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += wide.test(character) ? 2 : 1;
  return width;
}

/** A character that takes two cells. */
export const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Blanks after a text up to a width in cells. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Blanks before a text up to a width in cells. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
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
