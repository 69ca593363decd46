import type { Verdict } from '../../assessment/verdict.ts';

/** One bar of the chart: how many of each. */
export type Bar = { readonly label: string; readonly counts: Readonly<Record<Verdict, number>> };

/** A stacked bar chart as the template draws it; lengths in the SVG's own units. */
export type Chart = {
  readonly width: number;
  readonly height: number;
  /** What the picture says, for who cannot see it. */
  readonly says: string;
  readonly bars: readonly {
    readonly label: string;
    readonly labelY: number;
    readonly y: number;
    readonly height: number;
    readonly segments: readonly {
      readonly verdict: Verdict;
      readonly x: number;
      readonly width: number;
      /** Empty where the segment is too narrow for it. */
      readonly count: string;
      readonly countX: number;
    }[];
  }[];
};

const labelWidth = 104;
const barLength = 452;
const barHeight = 17;
const gap = 7;

/** From best to worst, then what cannot be told and what does not bind: the order within a bar. */
export const chartOrder = ['met', 'partial', 'unmet', 'unproven', 'not-applicable'] as const satisfies Verdict[];

/** Stacked bars on one common scale: the longest fills the width. */
export function chartOf(bars: readonly Bar[], says: string): Chart {
  const longest = Math.max(1, ...bars.map(({ counts }) => sum(counts)));
  return {
    width: labelWidth + barLength,
    height: bars.length * (barHeight + gap) - gap,
    says,
    bars: bars.map(({ label, counts }, index) => {
      const y = index * (barHeight + gap);
      return { label, y, height: barHeight, labelY: y + barHeight / 2, segments: segmentsOf(counts, longest) };
    }),
  };
}

function segmentsOf(counts: Readonly<Record<Verdict, number>>, longest: number): Chart['bars'][number]['segments'] {
  let before = 0;
  return chartOrder.flatMap((verdict) => {
    const count = counts[verdict];
    const x = labelWidth + scaled(before, longest);
    before += count;
    const width = scaled(count, longest);
    if (count === 0) return [];
    return [{ verdict, x, width, count: width < 14 ? '' : String(count), countX: rounded(x + width / 2) }];
  });
}

function sum(counts: Readonly<Record<Verdict, number>>): number {
  return chartOrder.reduce((total, verdict) => total + counts[verdict], 0);
}

function scaled(count: number, longest: number): number {
  return rounded((count / longest) * barLength);
}

// Two decimals: enough for the eye, and the same text on every machine.
function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
