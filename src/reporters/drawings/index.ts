import type { Part } from '../../assessment/profile.ts';
import type { Frame } from '../html/frame.ts';
import { shown } from '../show.ts';
import { sentences } from '../words/report.ts';
import { calendarDrawing } from './calendar.ts';
import type { Drawing } from './drawing.ts';
import { mapDrawing } from './map.ts';
import { seriesDrawings } from './series.ts';
import { spansDrawing } from './spans.ts';
import { thresholdsDrawing } from './thresholds.ts';
import { drawingTexts } from './words.ts';

/** A picture with its number and the evidence that it shows. */
export type Figure = Omit<Drawing, 'cites'> & {
  readonly number: string;
  readonly source: string;
  readonly evidence: readonly { readonly id: string; readonly anchor: string }[];
  /** How many there are, when not all are listed. */
  readonly moreEvidence: string;
};

/** Evidence ids that stand below one picture. */
const mostCited = 6;

/** The pictures of one part of the report, in their order, numbered within its chapter; none where there is nothing to draw. */
export function figuresOf(frame: Frame, part: Part, chapter: number): Figure[] {
  return drawingsOf(frame, part).map(({ cites, ...drawing }, index): Figure => {
    const all = [...new Set(cites)];
    return {
      ...drawing,
      number: frame.say(drawingTexts.number, { chapter, position: index + 1 }),
      source: frame.say(drawingTexts.source),
      evidence: all.slice(0, mostCited).map((id) => ({ id: shown(id), anchor: frame.evidenceAnchor(id) ?? '' })),
      moreEvidence: all.length > mostCited ? frame.say(sentences.moreEvidence, { count: all.length }) : '',
    };
  });
}

function drawingsOf(frame: Frame, part: Part): Drawing[] {
  const { exhibits } = frame.assessment;
  if (!exhibits) return thresholdsDrawing(frame, part);
  const { series, map, spans, calendars } = exhibits;
  switch (part) {
    case 'business':
      return [...thresholdsDrawing(frame, part), ...seriesDrawings(frame, series)];
    case 'technology':
      return [
        ...thresholdsDrawing(frame, part),
        ...mapDrawing(frame, map),
        ...spansDrawing(frame, spans, ['system', 'network', 'application']),
        ...spansDrawing(frame, spans, ['data']),
      ];
    case 'risk':
      return [...thresholdsDrawing(frame, part), ...calendarDrawing(frame, calendars)];
  }
}
