import { addToMonth, daysBetween, type Month, monthOf, monthsFrom, type PlainDate } from '../../evidence/dates.ts';
import { type Label, type Line, rounded } from './drawing.ts';

/** A time axis from one date to another. */
export type Axis = {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly left: number;
  readonly right: number;
  /** Where a date stands; dates beyond the ends stand at the ends. */
  at(date: PlainDate): number;
};

export function axisOf(from: PlainDate, to: PlainDate, left: number, right: number): Axis {
  const days = Math.max(1, daysBetween(from, to));
  const at = (date: PlainDate): number => {
    const share = Math.min(1, Math.max(0, daysBetween(from, date) / days));
    return rounded(left + share * (right - left));
  };
  return { from, to, left, right, at };
}

// Months between marks: so many that they do not touch.
const steps = [1, 2, 3, 6, 12, 24] as const;
const least = 46;

/** Marks at the first days of months, with their names below. */
export function marksOf(axis: Axis, top: number, bottom: number): { lines: Line[]; texts: Label[] } {
  const months = monthsFrom(addToMonth(monthOf(axis.from), 1), monthOf(axis.to));
  const width = (axis.right - axis.left) / Math.max(1, months.length);
  const step = steps.find((each) => each * width >= least) ?? 48;
  // Counted from January, so that years begin at a mark.
  const marked = months.filter((month) => numberOf(month) % step === 0);
  return {
    lines: marked.map((month) => {
      const x = axis.at(`${month}-01`);
      return { style: 'grid-line', x1: x, y1: top, x2: x, y2: bottom };
    }),
    texts: marked.map((month) => ({ style: 'axis-label', x: axis.at(`${month}-01`), y: bottom + 11, text: month })),
  };
}

function numberOf(month: Month): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}
