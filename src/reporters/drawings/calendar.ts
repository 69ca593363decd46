import type { Calendar } from '../../assessment/exhibits/calendars.ts';
import { addDays, addMonths, type Month, type PlainDate } from '../../evidence/dates.ts';
import type { Frame } from '../html/frame.ts';
import { axisOf, marksOf } from './axis.ts';
import { type Dot, type Drawing, drawingWidth, fitted, type Label } from './drawing.ts';
import { drawingTexts } from './words.ts';

const labelWidth = 132;
const rowHeight = 27;
const top = 6;

/** Registers month by month: a circle for each month with entries, larger for more, with their number. */
export function calendarDrawing(frame: Frame, calendars: readonly Calendar[]): Drawing[] {
  const [first] = calendars;
  if (!first) return [];
  const { assessment, say } = frame;
  const { asOf, period } = assessment;
  const twoYears = addMonths(asOf, -24);
  const from = period && period.from < asOf && period.from > addMonths(asOf, -36) ? period.from : twoYears;
  const axis = axisOf(`${from.slice(0, 7)}-01`, addDays(asOf, 1), labelWidth, drawingWidth - 12);
  const bottom = top + calendars.length * rowHeight;
  const marks = marksOf(axis, top, bottom);
  const cells = calendars.flatMap((calendar, index) =>
    Object.entries(calendar.months)
      .filter(([month]) => `${month}-28` >= axis.from && `${month}-01` <= asOf)
      .map(([month, count]) => ({ month, count, calendar, y: top + (index + 0.5) * rowHeight })),
  );
  const middle = (month: Month): number => axis.at(middleOf(month, asOf));
  return [
    {
      title: say(drawingTexts.calendar),
      says: calendars.map((each) => says(frame, each)).join('; '),
      width: drawingWidth,
      height: bottom + 18,
      rects: calendars.map((calendar, index) => {
        const x = axis.at(calendar.from);
        const width = Math.max(0, axis.at(addDays(calendar.until, 1)) - x);
        return {
          style: 'is-covered',
          x,
          y: top + index * rowHeight + 3,
          width: Math.round(width * 100) / 100,
          height: rowHeight - 6,
        };
      }),
      lines: marks.lines,
      dots: cells.map(({ month, count, calendar, y }): Dot => {
        const isOpen = (calendar.open[month] ?? 0) > 0;
        return {
          style: isOpen ? 'is-open-dot' : 'is-dot',
          x: middle(month),
          y,
          r: count < 10 ? 6.5 : count < 100 ? 8.5 : 11,
        };
      }),
      texts: [
        ...calendars.map((calendar, index) => ({
          style: 'row-label',
          x: 0,
          y: top + (index + 0.5) * rowHeight,
          text: fitted(say(calendar.title), labelWidth - 10),
        })),
        ...cells.map(
          ({ month, count, y }): Label => ({
            style: 'dot-count',
            x: middle(month),
            y,
            text: count < 1000 ? String(count) : '…',
          }),
        ),
        ...marks.texts,
      ],
      legend: [
        { style: 'is-dot', title: say(drawingTexts.entries) },
        ...(calendars.some(({ open }) => Object.keys(open).length > 0)
          ? [{ style: 'is-open-dot', title: say(drawingTexts.openEntries) }]
          : []),
        { style: 'is-covered', title: say(drawingTexts.covered) },
      ],
      notes: [],
      cites: calendars.map(({ cite }) => cite),
    },
  ];
}

function middleOf(month: Month, asOf: PlainDate): PlainDate {
  const middle = `${month}-15`;
  return middle < asOf ? middle : `${month}-01`;
}

function says({ say }: Frame, { title, from, until, months, open }: Calendar): string {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((all, each) => all + each, 0);
  return say(drawingTexts.calendarSays, { title, from, until, count: sum(months), open: sum(open) });
}
