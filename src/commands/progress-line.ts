import { widthOf } from '../reporters/terminal/width.ts';
import { printable } from '../text.ts';

/** How far a command is, on a terminal's last line. */
export type ProgressLine = {
  /** Draws the line anew; when all is done there is none. */
  show(done: number, total: number, words: string): void;
  /** Writes something else, above the line. */
  above(write: () => void): void;
  /** Takes the line away, and draws none while somebody is asked something. */
  hold(isHeld: boolean): void;
};

/** Cells of a line at most, whatever the terminal has. */
const widest = 80;
const barCells = 20;
const toStart = '\r\u001b[K';

/** A line on a terminal: nothing but carriage returns and deletions, so that there is nothing to restore when the program ends. */
export function createProgressLine(terminal: {
  write(text: string): unknown;
  readonly columns?: number;
}): ProgressLine {
  let line = '';
  let isHeld = false;
  const draw = (text: string): void => {
    if (isHeld || (text === '' && line === '')) return;
    line = text;
    terminal.write(`${toStart}${line}`);
  };
  return {
    show: (done, total, words) =>
      // A terminal that does not know its width says 0.
      draw(done >= total ? '' : lineOf(done, total, words, Math.min(terminal.columns || widest, widest) - 1)),
    above: (write) => {
      const drawn = line;
      draw('');
      write();
      draw(drawn);
    },
    hold: (held) => {
      draw('');
      isHeld = held;
    },
  };
}

// `[#####---------------] 12/200 words`, the bar only where there is room for the words, too.
function lineOf(done: number, total: number, words: string, cells: number): string {
  const full = Math.floor((barCells * done) / total);
  const bar = cells < 3 * barCells ? '' : `[${'#'.repeat(full)}${'-'.repeat(barCells - full)}] `;
  return cut(`${bar}${done}/${total} ${printable(words).replace(/[\n\t]/g, ' ')}`, cells);
}

function cut(line: string, cells: number): string {
  if (widthOf(line) <= cells) return line;
  let kept = '';
  let width = 1;
  for (const character of line) {
    width += widthOf(character);
    if (width > cells) break;
    kept += character;
  }
  return `${kept}…`;
}
