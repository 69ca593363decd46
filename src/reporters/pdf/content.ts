import type { ToUnicode } from './to-unicode.ts';

/** What a page's content shows. */
export type ShownText = {
  readonly text: string;
  /** Glyphs that stand for no character: the box for a missing one. */
  readonly missing: number;
  readonly glyphs: number;
  /** Glyphs printed smaller than the style sheet says; those of a drawing may be. */
  readonly shrunk: number;
};

/** Points that a CSS pixel is printed as. */
const full = 0.75;

// What Chromium writes and nothing more: a font is chosen by `/F1 12 Tf`, text is shown as hexadecimal strings of two-byte codes.
const pieces =
  /<<[\s\S]*?>>|\((?:\\[\s\S]|[^\\()])*\)|\/(?<font>\w+)\s+[\d.-]+\s+Tf\b|<(?<codes>[0-9A-Fa-f\s]*)>|(?<matrix>(?:-?[\d.]+\s+){6})(?<kind>cm|Tm)\b|(?<![\w/])(?<state>q|Q|BT)(?!\w)/g;

/** Reads the text of a decoded content stream; `fonts` gives each font's ToUnicode map by the name used there. ISO 32000-1, 9.4. */
export function readContent(content: string, fonts: ReadonlyMap<string, ToUnicode>): ShownText {
  const page = { text: '', missing: 0, glyphs: 0, shrunk: 0 };
  const saved: number[] = [];
  let [scale, textScale] = [1, 1];
  let texts: ToUnicode | undefined;
  for (const { groups = {} } of content.matchAll(pieces)) {
    const { font, codes, matrix, kind, state } = groups;
    if (font !== undefined) texts = fonts.get(font);
    if (state === 'q') saved.push(scale);
    if (state === 'Q') scale = saved.pop() ?? 1;
    if (state === 'BT') textScale = 1;
    if (kind === 'cm') scale *= scaleOf(matrix);
    if (kind === 'Tm') textScale = scaleOf(matrix);
    for (const code of codes?.replace(/\s/g, '').match(/.{4}/g) ?? []) {
      const glyph = Number.parseInt(code, 16);
      page.text += texts?.get(glyph) ?? '';
      page.glyphs += 1;
      if (glyph === 0) page.missing += 1;
      if (scale * textScale < full * 0.98) page.shrunk += 1;
    }
  }
  return page;
}

// How much longer a matrix makes a line, whichever way it turns it.
function scaleOf(matrix = ''): number {
  const [a = 1, b = 0, c = 0, d = 1] = matrix.trim().split(/\s+/).map(Number);
  return Math.sqrt(Math.abs(a * d - b * c));
}
