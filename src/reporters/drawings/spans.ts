import { byShortness, isSufficient, type Span, type Spans } from '../../assessment/exhibits/spans.ts';
import { addDays, addMonths, type PlainDate } from '../../evidence/dates.ts';
import type { Frame } from '../html/frame.ts';
import { shown } from '../show.ts';
import { type Axis, axisOf, marksOf } from './axis.ts';
import { type Drawing, drawingWidth, fitted, fittedEnd, type Line, type Rect, widthOf } from './drawing.ts';
import { drawingTexts } from './words.ts';

const labelWidth = 168;
const rowHeight = 19;
const barHeight = 9;
const top = 16;

/** Rows that a reader takes in at once. */
const mostRows = 24;

/** How far logs, or records, reach back: a bar from the oldest to the newest entry, against the day they must reach. */
export function spansDrawing(frame: Frame, spans: Spans, kinds: readonly Span['of'][]): Drawing[] {
  // The worst of all kinds together: what falls short must not be left out for what does not.
  const all = spans.rows.filter(({ of }) => kinds.includes(of)).toSorted(byShortness);
  const rows = all.slice(0, mostRows);
  const dues = rows.map(({ due }) => due).toSorted();
  const [due] = dues;
  if (!due) return [];
  const { assessment, say } = frame;
  // A little more than is asked, so that one sees that it goes on.
  const start = addMonths(due, dueIsFar(due, assessment.asOf) ? -3 : -1);
  const axis = axisOf(start, addDays(assessment.asOf, 1), labelWidth, drawingWidth - 4);
  const bottom = top + rows.length * rowHeight;
  const marks = marksOf(axis, top, bottom);
  const isData = kinds.includes('data');
  const since = spans.since && spans.since > due ? spans.since : undefined;
  const left = all.length - rows.length + kinds.reduce((sum, kind) => sum + (spans.more[kind] ?? 0), 0);
  const isOneDue = dues.every((each) => each === due);
  const asked = isOneDue ? say(isData ? drawingTexts.dataDue : drawingTexts.logsDue, { due }) : say(drawingTexts.limit);
  const more = areFine(spans, kinds, all.slice(mostRows)) ? drawingTexts.moreRows : drawingTexts.moreDoubtful;
  return [
    {
      title: say(isData ? drawingTexts.dataSpans : drawingTexts.logSpans),
      says: rows.map((row) => says(frame, row)).join('; '),
      width: drawingWidth,
      height: bottom + 18,
      rects: rows.flatMap((row, index) => barsOf(row, axis, top + index * rowHeight)),
      lines: [...marks.lines, ...limits(axis, isOneDue ? [due] : rows.map((row) => row.due), since, bottom)],
      dots: [],
      texts: [
        ...rows.map((row, index) => ({
          style: 'row-label',
          x: 0,
          y: top + index * rowHeight + rowHeight / 2,
          text: labelOf(row),
        })),
        ...marks.texts,
        { style: 'limit-label', x: axis.at(due) + 3, y: top - 8, text: asked },
      ],
      legend: [
        { style: 'is-span', title: say(drawingTexts.kept) },
        ...(rows.some(({ partial }) => partial)
          ? [{ style: 'is-partial-span', title: say(drawingTexts.keptInPart) }]
          : []),
        ...(rows.some(({ gaps }) => gaps.length > 0) ? [{ style: 'is-gap', title: say(drawingTexts.gap) }] : []),
        { style: 'is-limit', title: say(drawingTexts.limit) },
        ...(since ? [{ style: 'is-since', title: say(drawingTexts.since, { since }) }] : []),
      ],
      notes: left > 0 ? [say(more, { count: left })] : [],
      cites: rows.map(({ cite }) => cite),
    },
  ];
}

// The host or store first, then as much of the end of the path as there is room for.
function labelOf({ subject, name }: Span): string {
  const room = labelWidth - 10;
  const place = fitted(shown(subject), room / 2);
  return `${place} ${fittedEnd(shown(name), room - widthOf(`${place} `))}`;
}

function dueIsFar(due: PlainDate, asOf: PlainDate): boolean {
  return addMonths(due, 12) < asOf;
}

function barsOf({ first, last, gaps, partial }: Span, axis: Axis, y: number): Rect[] {
  const bar = (style: string, from: PlainDate, to: PlainDate): Rect => {
    const x = axis.at(from);
    // A single day must still be seen.
    const width = Math.max(1.5, axis.at(addDays(to, 1)) - x);
    return { style, x, y: y + (rowHeight - barHeight) / 2, width: Math.round(width * 100) / 100, height: barHeight };
  };
  const inside = gaps.filter(({ to }) => to >= axis.from);
  return [
    ...(last < axis.from ? [] : [bar(partial ? 'is-partial-span' : 'is-span', first, last)]),
    ...inside.map(({ from, to }) => bar('is-gap', from, to)),
  ];
}

// Whether what is not drawn is known to suffice: rows that the assessment does not keep come after those that it keeps.
function areFine({ rows, more }: Spans, kinds: readonly Span['of'][], undrawn: readonly Span[]): boolean {
  const lasts = kinds.flatMap((kind) => (more[kind] ? (rows.findLast(({ of }) => of === kind) ?? []) : []));
  return [...undrawn, ...lasts].every(isSufficient);
}

// One line for all rows, or for each its own.
function limits(axis: Axis, dues: readonly PlainDate[], since: PlainDate | undefined, bottom: number): Line[] {
  const line = (style: string, date: PlainDate, y1: number, y2: number): Line => {
    const x = axis.at(date);
    return { style, x1: x, y1, x2: x, y2 };
  };
  const height = (bottom - top) / dues.length;
  return [
    ...dues.map((due, index) =>
      line('is-limit', due, index === 0 ? top - 4 : top + index * height, top + (index + 1) * height),
    ),
    ...(since ? [line('is-since', since, top - 4, bottom)] : []),
  ];
}

function says({ say }: Frame, { subject, name, first, last, due, gaps, moreGaps = 0 }: Span): string {
  const data = { row: `${subject} ${name}`, first, last, due, count: gaps.length + moreGaps };
  return say(drawingTexts.spanSays, data);
}
