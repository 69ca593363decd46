/** A picture as the template draws it: shapes in the SVG's own units, each with a class of the style sheet, laid over each other in this order. */
export type Drawing = {
  readonly title: string;
  /** What the picture says, for who cannot see it. */
  readonly says: string;
  readonly width: number;
  readonly height: number;
  readonly rects: readonly Rect[];
  readonly lines: readonly Line[];
  readonly dots: readonly Dot[];
  readonly texts: readonly Label[];
  readonly legend: readonly { readonly style: string; readonly title: string }[];
  /** What is left out, and how to read it. */
  readonly notes: readonly string[];
  /** The observations that it shows. */
  readonly cites: readonly string[];
};

export type Rect = {
  readonly style: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type Line = {
  readonly style: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};
export type Dot = { readonly style: string; readonly x: number; readonly y: number; readonly r: number };
export type Label = { readonly style: string; readonly x: number; readonly y: number; readonly text: string };

/** The width of every picture; the page's text is as wide. */
export const drawingWidth = 640;

/** The size of letters, in the same unit. */
export const letterSize = 11;

/** How wide a text stands, near enough: a hanzi is as wide as it is high, other letters little more than half of it. */
export function widthOf(text: string, size = letterSize): number {
  let width = 0;
  for (const character of text) width += /[\u2e80-\u9fff\uf900-\uffef]/.test(character) ? 1 : 0.58;
  return width * size;
}

/** A text cut to a width, with `…` where something is left out. */
export function fitted(text: string, width: number, size = letterSize): string {
  if (widthOf(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('')}…`;
}

/** Like {@link fitted}, but of a path or name the end is kept, for it tells more. */
export function fittedEnd(text: string, width: number, size = letterSize): string {
  if (widthOf(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`…${characters.join('')}`, size) > width) characters.shift();
  return `…${characters.join('')}`;
}

/** Two decimals: enough for the eye, and the same text on every machine. */
export function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
