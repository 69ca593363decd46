import { addDays, addMonths, addToMonth, type Month, monthOf, type PlainDate } from '../../src/evidence/dates.ts';
import { type Text, verbatim } from '../../src/text.ts';

/** Both days included. */
export type Stretch = { readonly from: PlainDate; readonly to: PlainDate };

/** Stretches without a round that are too long, and the day by which the next round must be held. */
export type Rhythm = { readonly missed: readonly Stretch[]; readonly due: PlainDate };

/**
 * The stretches of a window in which more than `months` calendar months pass between one round and the next; its first day counts
 * as a round, its last day ends it. A window without any round is missed as a whole if it is a period long and `isWhole`: what
 * came before it is then too long ago.
 */
export function gapsIn(rounds: readonly PlainDate[], window: Stretch, months: number, isWhole: boolean): Rhythm {
  const within = roundsIn(rounds, window);
  const last = within.at(-1) ?? window.from;
  const due = addMonths(last, months);
  if (within.length === 0 && isWhole && due <= window.to) return { missed: [window], due };
  const ends = [...within, window.to];
  const missed = ends.flatMap((to, index): Stretch[] => {
    const from = within[index - 1] ?? window.from;
    return addMonths(from, months) < to ? [{ from, to }] : [];
  });
  return { missed, due };
}

/** The full calendar months, or quarters, of a window in which no round was held. */
export function periodsMissedIn(rounds: readonly PlainDate[], window: Stretch, months: 1 | 3): Rhythm {
  const held = new Set(roundsIn(rounds, window).map((round) => periodOf(round, months)));
  const missed: Stretch[] = [];
  let first = periodOf(window.from, months);
  if (`${first}-01` < window.from) first = addToMonth(first, months);
  // A period is over when its last day is.
  for (; lastDayOf(first, months) < window.to; first = addToMonth(first, months))
    if (!held.has(first)) missed.push({ from: `${first}-01`, to: lastDayOf(first, months) });
  // `first` is now the running period.
  return { missed, due: lastDayOf(held.has(first) ? addToMonth(first, months) : first, months) };
}

function roundsIn(rounds: readonly PlainDate[], { from, to }: Stretch): PlainDate[] {
  return [...new Set(rounds.filter((round) => round >= from && round <= to))].toSorted();
}

/** The first month of the month or quarter that a date lies in. */
function periodOf(date: PlainDate, months: 1 | 3): Month {
  const month = Number(date.slice(5, 7));
  return addToMonth(monthOf(date), -((month - 1) % months));
}

function lastDayOf(first: Month, months: number): PlainDate {
  return addDays(`${addToMonth(first, months)}-01`, -1);
}

/** A calendar month or quarter as it is called: `2026-03`, `2026 年第 1 季度`. */
export function periodText({ from }: Stretch, months: 1 | 3): Text {
  const month = monthOf(from);
  if (months === 1) return verbatim(month);
  const quarter = Math.ceil(Number(month.slice(5)) / 3);
  return { zh: `${month.slice(0, 4)} 年第 ${quarter} 季度`, en: `${month.slice(0, 4)}-Q${quarter}` };
}

/** A stretch in words. */
export function stretchText({ from, to }: Stretch): Text {
  return { zh: `${from} 至 ${to}`, en: `${from} to ${to}` };
}
