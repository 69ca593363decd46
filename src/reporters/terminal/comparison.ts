import { styleText } from 'node:util';
import { type ComparedRow, type Comparison, changes, type WaiverChange } from '../../assessment/comparison-schema.ts';
import { verdicts, verdictTitles } from '../../assessment/verdict.ts';
import { fill, type Language, printable, type Text } from '../../text.ts';
import {
  answerText,
  changeTitles,
  endTitle,
  shortVerdicts,
  stateText,
  transitionKey,
  transitions,
  comparisonWords as words,
} from '../words/comparison.ts';
import { columns, padEnd, padStart, styles, widthOf } from './terminal.ts';
import { hanging, shortLine } from './wrap.ts';

/** Findings that are listed below one requirement. */
const mostFound = 4;

type Say = (text: Text) => string;

/** A comparison for a terminal of 80 columns: the answer, what limits it, the table of transitions, then what changed. */
export function comparisonLines(comparison: Comparison, language: Language): string {
  const say: Say = (text) => printable(text[language]);
  const { regressions, counts, rows, waivers } = comparison;
  const lines = [
    answer(regressions, counts.worse, say),
    ...headLines(comparison, say),
    ...comparison.notes.flatMap((note) => hanging('  ! ', say(note), columns)),
    '',
    ...transitionTable(rows, say),
    ...changes.flatMap((change) =>
      sectionLines(
        change,
        rows.filter((row) => row.change === change),
        say,
      ),
    ),
    ...waiverLines(words.waiversBegun, waivers.begun, say),
    ...waiverLines(words.waiversEnded, waivers.ended, say),
  ];
  return `${lines.join('\n')}\n`;
}

function answer(regressions: number, worse: number, say: Say): string {
  return styleText(['bold', regressions === 0 ? 'green' : 'red'], say(answerText(regressions, worse)));
}

function headLines({ unit, platform, profile, ...sides }: Comparison, say: Say): string[] {
  return [
    shortLine(printable(`${unit.name} · ${platform}`), columns),
    shortLine(`${say(words.profile)} ${say(profile.title)}`, columns),
    ...(['old', 'new'] as const).map((side) => {
      const { number, asOf } = sides[side];
      return printable(`${padEnd(say(words[side]), 8)}${number}   ${say(words.asOf)} ${asOf}`);
    }),
  ];
}

function transitionTable(rows: readonly ComparedRow[], say: Say): string[] {
  const counts = transitions(rows);
  const used = [...verdicts, undefined];
  const title = (verdict: (typeof used)[number]): string => say(verdict ? shortVerdicts[verdict] : words.absent);
  const widths = used.map((verdict) => Math.max(6, widthOf(title(verdict)) + 2));
  const first = 16;
  const line = (head: string, cells: readonly string[]): string =>
    padEnd(head, first) + cells.map((cell, index) => padStart(cell, widths[index] ?? 0)).join('');
  return [
    `${say(words.transitions)} (${say(words.transitionsUse)})`,
    line('', used.map(title)),
    ...used
      .map((from) => ({ from, cells: used.map((to) => counts.get(transitionKey(from, to)) ?? 0) }))
      .filter(({ cells }) => cells.some((count) => count > 0))
      .map(({ from, cells }) =>
        line(
          title(from),
          cells.map((count) => (count === 0 ? '·' : String(count))),
        ),
      ),
  ];
}

function sectionLines(change: Comparison['rows'][number]['change'], rows: readonly ComparedRow[], say: Say): string[] {
  if (rows.length === 0) return [];
  const head = ['', `${say(changeTitles[change])} (${rows.length})`];
  if (change === 'same') return head;
  // Where only the evidence is another, the names will do.
  const names = rows.map(({ requirement }) => requirement).join(', ');
  if (change === 'evidence') return [...head, ...hanging('  ', printable(names), columns)];
  return [...head, ...rows.flatMap((row) => rowLines(row, say))];
}

function rowLines({ requirement, title, from, to, appeared, vanished, regression }: ComparedRow, say: Say): string[] {
  const mark = regression ? `  ${styleText('red', say(words.regression))}` : '';
  const [old, now] = [stateText(from), stateText(to)].map(say);
  const colour = to ? styles[to.verdict] : 'gray';
  const lineOf = (sign: string, { subject, name, text, outcome }: ComparedRow['appeared'][number]): string =>
    `${sign} ${say(verdictTitles[outcome])} ${oneLine(name ? say(name) : subject)}: ${oneLine(say(text))}`;
  // Several checks of one requirement may say the same of what is missing; once will do.
  const found = [
    ...new Set([
      ...appeared.map((finding) => lineOf('+', finding)),
      ...vanished.map((finding) => lineOf('-', finding)),
    ]),
  ];
  const more = found.length - mostFound;
  return [
    `  ${shortLine(`${printable(requirement)}  ${say(title)}`, columns - 2)}`,
    `    ${old} → ${styleText(colour, now ?? '')}${mark}`,
    ...found.slice(0, mostFound).map((line) => `      ${shortLine(line, columns - 6)}`),
    ...(more > 0 ? [`      ${say(fill(words.more, { count: more }))}`] : []),
  ];
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ');
}

function waiverLines(title: Text, waivers: readonly WaiverChange[], say: Say): string[] {
  if (waivers.length === 0) return [];
  return [
    '',
    `${say(title)} (${waivers.length})`,
    ...waivers.flatMap(({ of, approver, from, until, state }) => {
      const text = say(fill(words.waiver, { of, approver, from, until }));
      return hanging('  ', state === 'active' ? text : `${text} · ${say(endTitle(state))}`, columns);
    }),
  ];
}
