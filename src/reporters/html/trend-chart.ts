import type { Verdict } from '../../assessment/verdict.ts';
import { daysBetween, type PlainDate } from '../../evidence/dates.ts';

/** One assessment of the trend; `same` where nothing changed since the one before. */
export type TrendPoint = {
  readonly date: PlainDate;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly same: boolean;
};

/** A column chart over time as the template draws it; lengths in the SVG's own units. */
export type Trend = {
  readonly width: number;
  readonly height: number;
  readonly says: string;
  readonly lines: readonly { x1: number; y1: number; x2: number; y2: number }[];
  readonly labels: readonly { x: number; y: number; text: string; align: 'start' | 'middle' | 'end' }[];
  readonly columns: readonly {
    readonly x: number;
    readonly width: number;
    readonly middle: number;
    readonly markY: number;
    readonly same: boolean;
    readonly segments: readonly { verdict: Verdict; y: number; height: number }[];
  }[];
};

/** From below: what is met at the foot, so that what is not stands out at the top. */
export const trendOrder = ['met', 'unproven', 'partial', 'unmet'] as const satisfies Verdict[];

/** Columns that the time is parted into: a month and a half a column in two years. */
const slots = 36;
const left = 34;
const slotWidth = 14.5;
const plotHeight = 120;
const top = 8;

/**
 * Stacked columns from `from` to `until`, each at its place in time. Where several assessments fall into one slot the last stands for
 * them, marked as changed if any of them changed something; a slot without one stays empty.
 */
export function trendOf(points: readonly TrendPoint[], from: PlainDate, until: PlainDate, says: string): Trend {
  const days = Math.max(1, daysBetween(from, until));
  const slotOf = (date: PlainDate): number =>
    Math.min(slots - 1, Math.max(0, Math.floor((daysBetween(from, date) / days) * slots)));
  const bySlot = Map.groupBy(points, ({ date }) => slotOf(date));
  const highest = Math.max(1, ...points.map(({ counts }) => sum(counts)));
  const foot = top + plotHeight;
  const width = left + slots * slotWidth;
  return {
    width,
    height: foot + 34,
    says,
    lines: [
      { x1: left, y1: foot, x2: width, y2: foot },
      { x1: left, y1: top, x2: width, y2: top },
    ],
    labels: [
      { x: left - 5, y: top, text: String(highest), align: 'end' },
      { x: left - 5, y: foot, text: '0', align: 'end' },
      { x: left, y: foot + 25, text: from, align: 'start' },
      { x: width, y: foot + 25, text: until, align: 'end' },
    ],
    columns: [...bySlot].toSorted(([a], [b]) => a - b).flatMap(([slot, all]) => columnOf(slot, all, highest)),
  };
}

function columnOf(slot: number, all: readonly TrendPoint[], highest: number): Trend['columns'] {
  const last = all.at(-1);
  if (!last) return [];
  const x = left + slot * slotWidth;
  let y = top + plotHeight;
  const segments = trendOrder.flatMap((verdict) => {
    const height = (last.counts[verdict] / highest) * plotHeight;
    y -= height;
    return height === 0 ? [] : [{ verdict, y: rounded(y), height: rounded(height) }];
  });
  return [
    {
      x: rounded(x + 2),
      width: slotWidth - 4,
      middle: rounded(x + slotWidth / 2),
      markY: top + plotHeight + 9,
      same: all.every(({ same }) => same),
      segments,
    },
  ];
}

function sum(counts: Readonly<Record<Verdict, number>>): number {
  return trendOrder.reduce((total, verdict) => total + counts[verdict], 0);
}

// Two decimals: enough for the eye, and the same text on every machine.
function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
