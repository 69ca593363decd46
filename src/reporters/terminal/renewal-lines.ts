import { styleText } from 'node:util';
import type { Deadline, Renewal, RenewalItem } from '../../assessment/renewal-schema.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { fill, joined, type Language, printable, type Text, type TextData, verbatim } from '../../text.ts';
import { type RenewalWord, renewalWords } from '../words/renewal.ts';
import { columns, padEnd, styles } from './terminal.ts';
import { hanging, shortLine } from './wrap.ts';

/** Texts and words in one language, safe to print. */
export type Say = { (text: Text): string; word(name: RenewalWord, data?: TextData): string };

export function sayer(language: Language): Say {
  const say = (text: Text): string => printable(text[language]);
  return Object.assign(say, {
    word: (name: RenewalWord, data: TextData = {}) => fill(renewalWords[name], data)[language],
  });
}

/** Requirement and clauses: `QD-4.3-1（QD 4-3）`. */
export function citedAs({ requirement, cites }: Pick<RenewalItem, 'requirement' | 'cites'>): Text {
  const clauses = joined(
    cites.map(({ source, clause }) => verbatim(`${source} ${clause}`)),
    '、',
    ', ',
  );
  return fill({ zh: '{{requirement}}（{{clauses}}）', en: '{{requirement}} ({{clauses}})' }, { requirement, clauses });
}

/** How far a date lies ahead or behind, in words. */
export function leftText(daysLeft: number, overdue: boolean): Text {
  const n = Math.abs(daysLeft);
  const { today, dayLeft, daysLeft: many, overdue: late, past } = renewalWords;
  if (daysLeft === 0) return today;
  if (daysLeft > 0) return n === 1 ? dayLeft : fill(many, { n });
  return fill(overdue ? late : past, { n });
}

/** What happens on a date, and of what: `材料有效期届满：等级测评报告`. */
export function dateTitle({ what, name, check }: Pick<Deadline, 'what' | 'name' | 'check'>): Text {
  // The facts that calendar checks are of say no more than what happens.
  return name && !check.startsWith('calendar/') ? joined([what, name], '：', ': ') : what;
}

const bullet = '    · ';

/** Items that say the same of several subjects: the words once, then what they are said of. */
export function groupLines(items: readonly RenewalItem[], say: Say): string[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify([item.outcome, item.text, item.remedy, missedOf(item)]));
  return [...groups.values()].flatMap((group) => {
    const subjects = Map.groupBy(group, (item) => subjectOf(item, say));
    return [
      ...group.slice(0, 1).flatMap((item) => [...markedLines(item, say(item.text), say), ...adviceLines(item, say)]),
      ...[...subjects].flatMap(([subject, of]) => {
        const cited = new Map(of.map((item) => [item.requirement, citedAs(item)]));
        return hanging(bullet, `${subject}  ${say(joined([...cited.values()], '、', ', '))}`, columns);
      }),
    ];
  });
}

/** One date: when, how long until then, of which requirement, what it is; then what to do and what follows if it is missed. */
export function deadlineLines(deadline: Deadline, say: Say): string[] {
  const { due, daysLeft, overdue, outcome } = deadline;
  const left = padEnd(say(leftText(daysLeft, overdue)), 15);
  const colour = overdue ? styles.unmet : daysLeft < 0 || outcome === 'unproven' ? styles.unproven : styles.met;
  const title = `${say(dateTitle(deadline))}  ${say(citedAs(deadline))}`;
  const [head = '', ...more] = hanging(' '.repeat(29), title, columns);
  return [
    `  ${due}  ${styleText(colour, left)}${head.slice(29)}`,
    ...more,
    ...(outcome === 'met' ? [] : hanging('    ', say(deadline.text), columns)),
    ...adviceLines(deadline, say),
  ];
}

/** One threshold: verdict and requirement, then value, what is asked and the margin. */
export function thresholdLines(item: Renewal['thresholds'][number], say: Say): string[] {
  const head = markedLines(item, `${say(citedAs(item))}  ${say(item.title)}`, say);
  const { figure, outcome } = item;
  // A sum with months missing is no value yet.
  if (!figure || outcome === 'unproven')
    return [
      ...head,
      ...hanging('    ', say(item.text), columns),
      ...(outcome === 'unproven' ? adviceLines(item, say) : []),
    ];
  const { amount, threshold, margin } = figure;
  const row = [
    padEnd(say.word('value', { amount }), 24),
    padEnd(say.word('asked', { threshold }), 26),
    say.word(outcome === 'met' ? 'above' : 'short', { margin }),
  ].join(' ');
  return [...head, ...hanging('    ', row, columns)];
}

/** One statement to sign: requirement and title; why, where a signature there is not good. */
export function statementLines(item: RenewalItem, say: Say): string[] {
  return [
    `  ${shortLine(`${padEnd(item.requirement, 13)}${say(item.title)}`, columns - 2)}`,
    ...(item.says === 'awaiting-signature' ? [] : hanging(' '.repeat(15), say(item.text), columns)),
  ];
}

/** One obligation with its time limit and what follows if it is missed. */
export function dutyLines(duty: Renewal['duties'][number], say: Say): string[] {
  const limits = say(joined(duty.limits, '、', ', '));
  return [
    ...hanging(`  ${padEnd(duty.requirement, 13)}`, limits, columns),
    ...hanging('    ', say(duty.title), columns),
    ...missedLines(duty, say),
  ];
}

function markedLines({ outcome }: Pick<RenewalItem, 'outcome'>, text: string, say: Say): string[] {
  const mark = padEnd(say(verdictTitles[outcome]), 10);
  const [head = '', ...more] = hanging(' '.repeat(12), text, columns);
  return [`  ${styleText(styles[outcome], mark)}${head.slice(12)}`, ...more];
}

function adviceLines(item: Pick<RenewalItem, 'outcome' | 'remedy' | 'ifMissed'>, say: Say): string[] {
  return [
    ...(item.remedy ? hanging(`    ${say.word('todo')}`, say(item.remedy), columns) : []),
    ...missedLines({ ifMissed: missedOf(item) }, say),
  ];
}

// What cannot be told yet is not missed yet, unless there is a date.
function missedOf(item: Pick<RenewalItem, 'outcome' | 'ifMissed'>): Text | undefined {
  return item.outcome === 'unmet' || 'due' in item ? item.ifMissed : undefined;
}

function missedLines({ ifMissed }: { ifMissed?: Text | undefined }, say: Say): string[] {
  return ifMissed ? hanging(`    ${say.word('ifMissed')}`, say(ifMissed), columns) : [];
}

// The requirement itself says what it is about where a finding is of the whole of it.
function subjectOf({ name, subject, requirement, title }: RenewalItem, say: Say): string {
  if (name) return say(name);
  return subject === requirement ? say(title) : printable(subject);
}
