import { addDays, addMonths, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';
import { differingMessage, differingRemedy, factNamed } from './facts.ts';

/** Why a declared date cannot be told. */
export const dateMessages = {
  notADate: { zh: '该数据不是日期', en: 'this fact is no date' },
  differing: differingMessage,
  noEvidence: {
    zh: '没有该日期的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of this date: it is not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

export type DateSays = keyof typeof dateMessages;

/** What to do about these. */
export const dateRemedies = {
  notADate: { zh: '以 date 填报该数据', en: 'declare the fact as a date' },
  differing: differingRemedy,
  noEvidence: {
    zh: '在平台文件 facts 中填报该日期，并附文书',
    en: 'declare the date under facts of the platform file, with its paper',
  },
} as const satisfies Record<DateSays, Text>;

/** A declared date. */
export type Dated = { readonly fact: Seen<Fact>; readonly date: PlainDate };

/** Why there is no date to go by; `missing` where nothing is declared. */
export type Undated = { readonly why: Finding<DateSays>; readonly missing: boolean };

/** The date that a fact holds. */
export function dateOf(facts: readonly Seen<Fact>[], name: string): Dated | Undated {
  const found = factNamed(facts, name);
  if ('none' in found) return { why: unproven('noEvidence', [], {}, name), missing: true };
  if ('differing' in found) return { why: unproven('differing', found.differing, { name }), missing: false };
  const { value } = found.one.value;
  if (value.type === 'date') return { fact: found.one, date: value.date };
  return { why: unproven('notADate', found.one), missing: false };
}

/** The findings of those that hold no date. */
export function undated(dates: readonly (Dated | Undated | undefined)[]): Finding<DateSays>[] {
  return dates.flatMap((each) => (each && 'why' in each ? [each.why] : []));
}

/** How start and end of a term may fail to fit. */
export const termMessages = {
  disagree: {
    zh: '起始日 {{start}} 与届满日 {{end}} 不一致：每期 {{years}} 年，届满日应为 {{expected}} 或其前一日',
    en: 'start {{start}} and end {{end}} disagree: with terms of {{years}} years the next possible end is {{expected}} or the day before',
  },
  endFirst: { zh: '届满日 {{end}} 不晚于起始日 {{start}}', en: 'the end {{end}} is not after the start {{start}}' },
} as const satisfies Record<string, Text>;

type TermSays = keyof typeof termMessages;

const correct: Text = { zh: '对照确认文书改正起始日或届满日', en: 'correct start or end against the confirmation' };

/** What to do about these. */
export const termRemedies = { disagree: correct, endFirst: correct } as const satisfies Record<TermSays, Text>;

/** Whether the end lies a whole number of terms after the start, on the same day or the day before; without `years`, at all after it. */
export function termProblem(start: Dated, end: Dated, years: number | undefined): Finding<TermSays> | undefined {
  const cites = [end.fact, start.fact] as const;
  const data = { start: start.date, end: end.date };
  if (years === undefined) return end.date > start.date ? undefined : unproven('endFirst', cites, data);
  const expected = nearestEnd(start.date, end.date, years);
  if (end.date === expected || end.date === addDays(expected, -1)) return undefined;
  return unproven('disagree', cites, { ...data, years, expected });
}

// The first end of a term that is not before the declared one; at least one term after the start.
function nearestEnd(start: PlainDate, end: PlainDate, years: number): PlainDate {
  const whole = Math.floor((Number(end.slice(0, 4)) - Number(start.slice(0, 4))) / years);
  const terms = Math.max(1, whole);
  const first = addMonths(start, 12 * years * terms);
  return first < end ? addMonths(start, 12 * years * (terms + 1)) : first;
}
