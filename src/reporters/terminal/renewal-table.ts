import { styleText } from 'node:util';
import type { Renewal, RenewalItem } from '../../assessment/renewal-schema.ts';
import { type Language, printable } from '../../text.ts';
import type { RenewalWord } from '../words/renewal.ts';
import {
  deadlineLines,
  dutyLines,
  groupLines,
  leftText,
  type Say,
  sayer,
  statementLines,
  thresholdLines,
} from './renewal-lines.ts';
import { columns, padEnd, widthOf } from './terminal.ts';
import { hanging, wrap } from './wrap.ts';

/** Deadlines this near are counted in the first lines. */
const soonDays = 30;

/** The plan for a terminal of 80 columns: what is unmet or overdue first, then dates, figures, papers, registers. */
export function renewalTable(plan: Renewal, language: Language): string {
  const say = sayer(language);
  const { late, unmet } = firstItems(plan);
  const shown = new Set([...late, ...unmet].map(({ key }) => key));
  const fresh = <T extends RenewalItem>(items: readonly T[]): T[] => items.filter(({ key }) => !shown.has(key));
  const coming = fresh(plan.deadlines);
  for (const { key } of coming) shown.add(key);
  const undated = plan.duties.filter(({ due }) => due === undefined);
  const blocks = [
    head(plan, say),
    section('first', [...late.flatMap((each) => deadlineLines(each, say)), ...groupLines(unmet, say)], say),
    section(
      'deadlines',
      coming.flatMap((each) => deadlineLines(each, say)),
      say,
    ),
    section(
      'thresholds',
      plan.thresholds.flatMap((each) => thresholdLines(each, say)),
      say,
    ),
    ...(['papers', 'ledgers', 'dates', 'others'] as const).map((name) =>
      section(name, groupLines(fresh(plan[name]), say), say),
    ),
    section(
      'statements',
      plan.statements.flatMap((each) => statementLines(each, say)),
      say,
    ),
    section(
      'duties',
      undated.flatMap((each) => dutyLines(each, say)),
      say,
    ),
    section('measurement', idLines('measure', plan.measurement, say), say),
    section('unchecked', idLines('uncheck', plan.unchecked, say), say),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

// What shows that something is not as it must be, whatever it is about; what is overdue before all else.
function firstItems(plan: Renewal): { late: Renewal['deadlines']; unmet: RenewalItem[] } {
  const late = plan.deadlines.filter(({ overdue }) => overdue);
  const known = new Set(late.map(({ key }) => key));
  const unmet = [...plan.dates, ...plan.thresholds, ...plan.ledgers, ...plan.papers, ...plan.others].filter(
    ({ outcome, key }) => outcome === 'unmet' && !known.has(key),
  );
  return { late, unmet };
}

function section(name: RenewalWord, lines: readonly string[], say: Say): string[] {
  return lines.length === 0 ? [] : [styleText('bold', say.word(name)), ...lines];
}

function head(plan: Renewal, say: Say): string[] {
  const { term } = plan;
  const { filing } = term;
  const width =
    2 + Math.max(...(['asOf', 'term', 'filing', 'lastDay'] as const).map((name) => widthOf(say.word(name))));
  const line = (name: RenewalWord, text: string): string[] => hanging(padEnd(say.word(name), width), text, columns);
  return [
    ...bold(`${plan.unit.name} · ${plan.platform.name}`),
    ...wrap(say(plan.profile.title), columns),
    '',
    ...line('asOf', plan.asOf),
    ...line('term', termText(term, say)),
    ...(filing ? line('filing', say(filing.text)) : []),
    ...(filing?.due && filing.daysLeft !== undefined
      ? line('lastDay', `${filing.due}  ${say(leftText(filing.daysLeft, filing.outcome === 'unmet'))}`)
      : []),
    '',
    ...bold(glance(plan, say)),
  ];
}

function bold(text: string): string[] {
  return wrap(printable(text), columns).map((line) => styleText('bold', line));
}

function termText({ from, until, daysLeft }: Renewal['term'], say: Say): string {
  if (!from || !until || daysLeft === undefined) return say.word('noTerm');
  return `${say.word('termFromTo', { from, until })}  ${say(leftText(daysLeft, false))}`;
}

// What there is none of is left out, but for what is unmet.
function glance({ counts, deadlines, papers, ledgers, statements }: Renewal, say: Say): string {
  const isSoon = ({ daysLeft }: { daysLeft: number }): boolean => daysLeft >= 0 && daysLeft <= soonDays;
  const numbers: readonly (readonly [RenewalWord, number])[] = [
    ['countUnmet', (counts.unmet ?? 0) + (counts.partial ?? 0)],
    ['countOverdue', deadlines.filter(({ overdue }) => overdue).length],
    ['countSoon', deadlines.filter(isSoon).length],
    ['countPapers', papers.length],
    ['countLedgers', new Set(ledgers.map(({ subject }) => subject)).size],
    ['countStatements', statements.length],
  ];
  const some = numbers.filter(([name, n]) => n > 0 || name === 'countUnmet');
  return some.map(([name, n]) => say.word(name, { n, days: soonDays })).join(' · ');
}

function idLines(name: 'measure' | 'uncheck', ids: readonly string[], say: Say): string[] {
  if (ids.length === 0) return [];
  return hanging('  ', say.word(name, { n: ids.length, ids: { zh: ids.join('、'), en: ids.join(', ') } }), columns);
}
