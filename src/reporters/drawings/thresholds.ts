import type { AssessedFinding } from '../../assessment/assessment.ts';
import type { Part } from '../../assessment/profile.ts';
import type { Text } from '../../text.ts';
import type { Frame } from '../html/frame.ts';
import { type Drawing, drawingWidth, fitted, type Label, rounded, widthOf } from './drawing.ts';
import { drawingTexts } from './words.ts';

const labelWidth = 216;
// As wide as the longest figure needs, within limits: the bars have the rest.
const leastAmountWidth = 222;
const mostAmountWidth = 276;
const rowHeight = 22;
const barHeight = 10;
const top = 14;

/** Beyond twice the threshold a bar is cut off. */
const most = 2;

/** The figures of a part against their thresholds: each bar is the figure's share of its own threshold. */
export function thresholdsDrawing(frame: Frame, part: Part): Drawing[] {
  const { assessment, say } = frame;
  const rows = assessment.requirements
    .filter((each) => each.part === part)
    .flatMap(({ title, findings }) => findings.flatMap((finding) => rowOf(say(title), finding)));
  const seen = new Set<string>();
  const all = rows.filter(({ key }) => !seen.has(key) && seen.add(key));
  if (all.length === 0) return [];
  const amounts = all.map((row) => say(drawingTexts.thresholdLabel, { ...row.texts, share: percent(row.share) }));
  const longest = Math.max(...amounts.map((amount) => widthOf(amount)));
  const amountWidth = Math.min(mostAmountWidth, Math.max(leastAmountWidth, Math.ceil(longest)));
  const right = drawingWidth - amountWidth;
  const scale = (share: number): number => rounded((Math.min(most, share) / most) * (right - labelWidth - 12));
  const limit = labelWidth + scale(1);
  const bottom = top + all.length * rowHeight;
  return [
    {
      title: say(drawingTexts.thresholds),
      says: all.map((row) => say(drawingTexts.thresholdSays, { title: row.title, ...row.texts })).join('; '),
      width: drawingWidth,
      height: bottom + 4,
      rects: all.map(({ share, finding }, index) => ({
        style: finding.outcome === 'met' ? 'is-reached' : 'is-short',
        x: labelWidth,
        y: top + index * rowHeight + (rowHeight - barHeight) / 2,
        width: Math.max(1, scale(share)),
        height: barHeight,
      })),
      lines: [{ style: 'is-limit', x1: limit, y1: top - 2, x2: limit, y2: bottom }],
      dots: [],
      texts: [
        { style: 'limit-label', x: limit + 3, y: top - 7, text: `${say(drawingTexts.thresholdLine)} 100%` },
        ...all.flatMap((row, index): Label[] => {
          const y = top + (index + 0.5) * rowHeight;
          return [
            { style: 'row-label', x: 0, y, text: fitted(row.title, labelWidth - 8) },
            { style: 'row-amount', x: drawingWidth, y, text: fitted(amounts[index] ?? '', amountWidth) },
          ];
        }),
      ],
      legend: [
        { style: 'is-reached', title: say(drawingTexts.reached) },
        ...(all.some(({ finding }) => finding.outcome !== 'met')
          ? [{ style: 'is-short', title: say(drawingTexts.short) }]
          : []),
      ],
      notes: all.some(({ share }) => share > most) ? [say(drawingTexts.cutBars)] : [],
      cites: all.flatMap(({ finding }) => finding.cites),
    },
  ];
}

type Row = {
  readonly key: string;
  readonly title: string;
  readonly share: number;
  readonly finding: AssessedFinding;
  readonly texts: { readonly amount: Text; readonly threshold: Text; readonly margin: Text };
};

function rowOf(title: string, finding: AssessedFinding): Row[] {
  const { figure, subject, check } = finding;
  if (!figure?.value || !figure.asked || Number(figure.asked) <= 0) return [];
  const { amount, threshold, margin, value, asked } = figure;
  const key = `${check}\n${subject}\n${value}\n${asked}`;
  return [{ key, title, share: Number(value) / Number(asked), finding, texts: { amount, threshold, margin } }];
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
