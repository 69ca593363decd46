import type { Series } from '../../assessment/exhibits/series.ts';
import { addToMonth, type Month, monthOf, monthsFrom } from '../../evidence/dates.ts';
import { figureText } from '../../evidence/money.ts';
import type { Frame } from '../html/frame.ts';
import { type Drawing, drawingWidth, type Label, rounded } from './drawing.ts';
import { drawingTexts } from './words.ts';

const plotHeight = 92;
const top = 14;
const most = 24;

/** A declared monthly figure as columns: the last months before the as-of date's, each with its amount where there is room. */
export function seriesDrawings(frame: Frame, all: readonly Series[]): Drawing[] {
  return all.flatMap((series) => seriesDrawing(frame, series));
}

function seriesDrawing({ assessment, say, language }: Frame, { title, unit, months, cite }: Series): Drawing[] {
  const last = addToMonth(monthOf(assessment.asOf), -1);
  const given = Object.keys(months)
    .filter((month) => month <= last)
    .toSorted();
  const [earliest] = given;
  if (!earliest) return [];
  const first = [addToMonth(last, 1 - most), earliest].toSorted().at(-1) ?? earliest;
  const window = monthsFrom(first, last);
  const amounts = window.map((month) => Number(months[month] ?? 0));
  const highest = Math.max(0, ...amounts);
  const step = drawingWidth / window.length;
  const columns = window.map((month, index) => {
    const height = highest === 0 ? 0 : rounded(Math.max(0, ((amounts[index] ?? 0) / highest) * plotHeight));
    return { month, height, x: rounded(index * step + step * 0.18), middle: rounded((index + 0.5) * step) };
  });
  const base = top + plotHeight;
  const every = step >= 44 ? 1 : step >= 22 ? 2 : 3;
  const shownMonth = ({ month, middle }: { month: Month; middle: number }, index: number): Label[] =>
    (window.length - 1 - index) % every === 0 ? [{ style: 'axis-label', x: middle, y: base + 11, text: month }] : [];
  // In the largest unit that reads well: 万元 for money.
  const inShort = (amount: number): string => short(amount, unit);
  return [
    {
      title: say(drawingTexts.series, { title, unit: unit === '元' ? moneyUnit(highest)[language] : unit }),
      says: window
        .map((month) =>
          say(drawingTexts.seriesSays, {
            month,
            amount: months[month] === undefined ? '-' : figureText({ amount: months[month], unit }),
          }),
        )
        .join('; '),
      width: drawingWidth,
      height: base + 18,
      rects: columns.flatMap(({ month, height, x }) =>
        months[month] === undefined
          ? [{ style: 'is-missing', x, y: top, width: rounded(step * 0.64), height: plotHeight }]
          : [{ style: 'is-column', x, y: rounded(base - height), width: rounded(step * 0.64), height }],
      ),
      lines: [{ style: 'base-line', x1: 0, y1: base, x2: drawingWidth, y2: base }],
      dots: [],
      texts: [
        ...columns.flatMap(shownMonth),
        ...columns.flatMap(({ month, height, middle }, index) =>
          months[month] !== undefined && step >= 26
            ? [{ style: 'column-amount', x: middle, y: rounded(base - height - 7), text: inShort(amounts[index] ?? 0) }]
            : [],
        ),
      ],
      legend: [],
      notes: window.some((month) => months[month] === undefined) ? [say(drawingTexts.missingMonths)] : [],
      cites: [cite],
    },
  ];

  function short(amount: number, own: typeof unit): string {
    const divided = own === '元' ? amount / moneyUnit(highest).divisor : amount;
    // What is little is not nothing.
    if (amount > 0 && divided < 0.05) return '<0.1';
    return Math.abs(divided) >= 100 ? divided.toFixed(0) : String(Math.round(divided * 10) / 10);
  }
}

function moneyUnit(highest: number): { zh: string; en: string; divisor: number } {
  return highest >= 10_000 ? { zh: '万元', en: 'CNY 10,000', divisor: 10_000 } : { zh: '元', en: 'CNY', divisor: 1 };
}
