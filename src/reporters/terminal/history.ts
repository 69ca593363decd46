import { styleText } from 'node:util';
import type { History, Run, Series } from '../../assessment/history-schema.ts';
import { verdicts } from '../../assessment/verdict.ts';
import { fill, type Language, printable, type Text } from '../../text.ts';
import { shortVerdicts } from '../words/comparison.ts';
import { changeText, conclusionText, historyWords as words } from '../words/history.ts';
import { columns, padEnd, padStart, styles, widthOf } from './terminal.ts';
import { hanging, shortLine, wrap } from './wrap.ts';

type Say = (text: Text) => string;

/** A history for a terminal of 80 columns: a table for each platform and profile, then the files that could not be used. */
export function historyLines({ series, broken }: History, language: Language): string {
  const say: Say = (text) => printable(text[language]);
  const tables = series.flatMap((one, index) => [...(index > 0 ? [''] : []), ...seriesLines(one, say)]);
  const files = broken.flatMap(({ file, why }) => {
    const [first, ...more] = say(why).split('\n');
    return hanging('  ', `${printable(file)}: ${first}${more.length > 0 ? ' …' : ''}`, columns);
  });
  const unusable = files.length === 0 ? [] : ['', styleText('red', say(words.broken)), ...files];
  return `${[...tables, ...unusable].join('\n').replace(/^\n/, '')}\n`;
}

function seriesLines({ unit, platform, profile, period, runs }: Series, say: Say): string[] {
  const inPeriod = period ? runs.filter(({ asOf }) => period.from <= asOf && asOf <= period.until) : [];
  const head = ['', ...verdicts.map((verdict) => say(shortVerdicts[verdict]))];
  const widths = head.map((title, index) => (index === 0 ? 10 : widthOf(title) + 2));
  return [
    styleText('bold', shortLine(printable(`${unit.name} · ${platform}`), columns)),
    ...wrap(`${say(words.profile)} ${say(profile.title)} (${printable(profile.name)})`, columns),
    ...(period ? wrap(say(fill(words.period, { ...period, count: inPeriod.length })), columns) : []),
    rowLine([say(words.asOf), ...head.slice(1)], widths, say(words.conclusion)),
    ...runs.flatMap((run) => runLines(run, widths, say)),
  ];
}

function runLines(run: Run, widths: readonly number[], say: Say): string[] {
  const cells = [run.asOf, ...verdicts.map((verdict) => String(run.counts[verdict]))];
  const change = say(changeText(run));
  return [
    rowLine(cells, widths, say(conclusionText(run))),
    ...hanging('          ', `${run.regressions > 0 ? styleText('red', change) : change} · ${run.number}`, columns),
  ];
}

function rowLine(cells: readonly string[], widths: readonly number[], last: string): string {
  const numbers = cells.map((cell, index) => {
    const verdict = verdicts[index - 1];
    if (!verdict) return padEnd(cell, widths[index] ?? 0);
    const padded = padStart(cell, widths[index] ?? 0);
    return cell === '0' ? padded : styleText(styles[verdict], padded);
  });
  return `${numbers.join('')}  ${last}`;
}
