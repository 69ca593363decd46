import type { CellObject } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import type { Assessment } from '../../assessment/assessment.ts';
import type { Verdict } from '../../assessment/verdict.ts';
import type { Language } from '../../text.ts';
import { numbered, plainShort } from '../plain.ts';
import type { Renderer } from '../reporter.ts';
import { widthOf } from '../terminal/terminal.ts';
import { workbookParts } from './parts.ts';
import { type SheetCell, tableSheets } from './sheets.ts';
import { summarySheet } from './summary.ts';
import { withoutTimes } from './zip-times.ts';

/** UTF-16 units that a cell can hold. */
const longestCell = 32_767;

// Told apart without colour by weight, slant and frame, for prints in black and white.
const verdictStyles: Readonly<Record<Verdict, CellObject>> = {
  unmet: { backgroundColor: '#f4c7c3', textColor: '#7f0000', fontWeight: 'bold', borderStyle: 'medium' },
  partial: { backgroundColor: '#fce8b2', textColor: '#5f4200', fontWeight: 'bold' },
  unproven: { backgroundColor: '#d9e7fd', textColor: '#0b3c80', fontStyle: 'italic' },
  met: { backgroundColor: '#d9ead3', textColor: '#1e4d0f' },
  'not-applicable': { backgroundColor: '#eeeeee', textColor: '#555555' },
};

/** Points: of a line of text, and of the highest row that Excel has. */
const lineHeight = 14.5;
const highest = 409;

const headStyle: CellObject = { fontWeight: 'bold', backgroundColor: '#dddddd', borderStyle: 'thin' };

/** The annex as a workbook: summary, requirements, findings, correction plan to fill in, evidence. Text is text, never a formula. */
export const xlsx: Renderer = {
  async render(assessment, { language }) {
    return { bytes: await workbookOf(assessment, language), notes: [] };
  },
};

async function workbookOf(assessment: Assessment, language: Language): Promise<Uint8Array> {
  const sheets = [summarySheet(assessment, language), ...tableSheets(assessment, language)];
  const book = writeXlsxFile(
    sheets.map((sheet) => ({
      sheet: sheet.title[language],
      columns: sheet.widths.map((width) => ({ width })),
      data: sheet.rows.map((row) => rowOf(row, sheet.widths, language)),
      orientation: 'landscape' as const,
      ...(sheet.isTable ? { stickyRowsCount: 1, stickyColumnsCount: 1 } : {}),
    })),
    { fontFamily: language === 'zh' ? 'SimSun' : 'Calibri', fontSize: 10, features: [workbookParts(sheets, language)] },
  );
  return withoutTimes(await book.toBuffer());
}

// Programs disagree on whether a row grows with its text unless it says how high it is.
function rowOf(row: readonly SheetCell[], widths: readonly number[], language: Language): CellObject[] {
  const cells = row.map((cell) => cellOf(cell, language));
  const lines = row.map(({ value }, column) => linesOf(String(value), widths[column] ?? 10));
  const height = Math.min(Math.max(1, ...lines) * lineHeight + 2, highest);
  return cells.map((cell, column) => (column === 0 ? { ...cell, height } : cell));
}

/** Lines that a text takes in a column; a long one reaches the highest row anyway. */
function linesOf(text: string, width: number): number {
  const counted = text.slice(0, 8000).split('\n');
  return counted.reduce((sum, line) => sum + Math.max(1, Math.ceil((widthOf(line) * 1.1) / width)), 0);
}

function cellOf({ value, verdict, isHead }: SheetCell, language: Language): CellObject {
  const style = verdict ? verdictStyles[verdict] : isHead ? headStyle : {};
  const usual: CellObject = { alignVertical: 'top', wrap: true, ...style };
  if (typeof value === 'number') return { ...usual, type: Number, value };
  // An empty cell is one to fill in: not made text.
  if (value === '') return usual;
  return { ...usual, type: String, format: '@', value: literal(plainShort(value, longestCell, language)) };
}

// A workbook reads `_x000D_` as a character (ECMA-376 part 1, 22.4.2.4): the underscore is written so itself. The replacement
// character is one that the library drops.
function literal(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replaceAll('\ufffd', numbered);
}
