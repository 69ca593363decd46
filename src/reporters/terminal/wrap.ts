import { padEnd, wide, widthOf } from './width.ts';

// A line must not begin with these, nor end with an opening bracket.
const closing = /^[，。；：、！？）》」』】〕〉％,.;:!?)\]}%…]+$/u;
const opening = /[（《「『【〔〈([{]$/u;

/** Breaks a text into lines of at most `width` cells: between Chinese characters, else at blanks; a longer word is cut. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapOne(paragraph.replaceAll('\t', ' ').trimEnd(), width));
}

/** Lines after a label, those after the first indented to stand below it. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(widthOf(label));
  return wrap(text, width - widthOf(label)).map((line, index) => (index === 0 ? label : indent) + line);
}

/** One line of at most `width` cells, the rest of the text replaced by an ellipsis. */
export function shortLine(text: string, width: number): string {
  const [first = '', ...more] = wrap(text, width);
  if (more.length === 0) return first;
  const [kept = ''] = wrap(text, width - 1);
  return `${kept}…`;
}

/** Cells side by side, each padded to its width. */
export function cells(...row: readonly (readonly [text: string, width: number])[]): string {
  return row
    .map(([text, width]) => padEnd(text, width))
    .join('')
    .trimEnd();
}

function wrapOne(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text).flatMap((each) => fitting(each, width))) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  return [...lines, line.trimEnd()];
}

// What stays together: a word with the blank after it, a number with its unit, or one Chinese character; each with the signs
// that cling to it.
function pieces(text: string): string[] {
  const together: string[] = [];
  for (const character of text) {
    const last = together.at(-1) ?? '';
    const isOwn = wide.test(character) || wide.test([...last].at(-1) ?? '') || last.endsWith(' ');
    const isUnit = wide.test(character) && /\d ?$/.test(last);
    if (last !== '' && (!isOwn || isUnit || character === ' ' || closing.test(character) || opening.test(last)))
      together[together.length - 1] = last + character;
    else together.push(character);
  }
  return together;
}

function fitting(piece: string, width: number): string[] {
  if (widthOf(piece.trimEnd()) <= width) return [piece];
  const parts = [''];
  for (const character of piece) {
    const last = parts.at(-1) ?? '';
    if (widthOf(last + character) > width) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts;
}
