import type { Assessment } from '../assessment/assessment.ts';
import type { Language } from '../text.ts';
import { type Column, type FindingRow, findingColumns, findingRows } from './finding-table.ts';
import { plainShort } from './plain.ts';
import type { Renderer } from './reporter.ts';
import { tableTexts } from './words/tables.ts';

/** UTF-16 units of a cell, as many as a cell of a spreadsheet holds. */
const longestCell = 32_767;

// Excel takes a file without it for one in the machine's own code page.
const byteOrderMark = '\ufeff';

// What begins like this is a formula to a spreadsheet, full-width signs and leading blanks included (OWASP, CSV injection).
const formula = /^\s*[=+\-@\t\uff1d\uff0b\uff0d\uff20]/;

/** One row a finding, for spreadsheets and databases: UTF-8 with byte order mark, CRLF, every field quoted (RFC 4180). */
export const csv: Renderer = {
  render: async (assessment, { language }) => ({
    bytes: Buffer.from(byteOrderMark + csvText(assessment, language), 'utf8'),
    notes: [],
  }),
};

function csvText(assessment: Assessment, language: Language): string {
  const ofReport: readonly Column<FindingRow>[] = [
    { title: tableTexts.number, width: 0, cell: () => assessment.number },
    { title: tableTexts.asOf, width: 0, cell: () => assessment.asOf },
  ];
  const columns = [...findingColumns, ...ofReport];
  const rows = findingRows(assessment).map((row) => columns.map((column) => column.cell(row, language)));
  return [columns.map(({ title }) => title[language]), ...rows].map((cells) => lineOf(cells, language)).join('');
}

function lineOf(cells: readonly (string | number)[], language: Language): string {
  return `${cells.map((cell) => field(cell, language)).join(',')}\r\n`;
}

// An apostrophe before what a spreadsheet would compute: it then shows the text, and the apostrophe.
function field(cell: string | number, language: Language): string {
  const text = plainShort(String(cell), longestCell - 1, language);
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
