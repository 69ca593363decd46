import type { Reason } from '../../../evidence/observation.ts';
import { printable, type Text } from '../../../text.ts';

/** Where in a file; `column` is the letter that Excel shows, in YAML the key; `row` counts from 1. */
export type Place = {
  readonly file: string;
  readonly sheet?: string;
  readonly row?: number;
  readonly column?: string;
};

/** Where in a file something could not be read, and why; the message says it in both languages. */
export class TableMistake extends Error {
  readonly reason: Reason;
  readonly place: Place;
  readonly text: Text;

  constructor(reason: Reason, place: Place, text: Text) {
    const said = { zh: printable(inChinese(place) + text.zh), en: printable(inEnglish(place) + text.en) };
    super(`${said.zh} | ${said.en}`);
    this.name = 'TableMistake';
    this.reason = reason;
    this.place = place;
    this.text = said;
  }
}

function inChinese({ file, sheet, row, column }: Place): string {
  const inside = [...(row === undefined ? [] : [`第 ${row} 行`]), ...(column === undefined ? [] : [`${column} 列`])];
  return `${[file + (sheet === undefined ? '' : `「${sheet}」`), ...inside].join(' ')}：`;
}

function inEnglish({ file, sheet, row, column }: Place): string {
  const parts = [
    file,
    ...(sheet === undefined ? [] : [`sheet ${sheet}`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ];
  return `${parts.join(', ')}: `;
}

/** The letters that Excel shows above a column: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}
