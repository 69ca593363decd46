import { type Place, TableMistake } from './mistake.ts';

/** Largest file read, bytes. */
export const mostBytes = 64 * 1024 * 1024;

/** Largest YAML file read, bytes: its parser takes up to three seconds a megabyte, and cannot be interrupted. */
export const mostYamlBytes = 2 * 1024 * 1024;

/** Most rows with content. */
export const mostRows = 500_000;

/** Highest row number; Excel's own limit. */
export const lastRow = 1_048_576;

/** Most columns with content. */
export const mostColumns = 200;

/** Most cells of a table, empty ones between others included. */
export const mostCells = 6_000_000;

/** Most characters of a cell. */
export const longestCell = 4_000;

/** Rows with content among which the head is looked for. */
export const headWithin = 20;

/** Most entries of a zip. */
export const mostEntries = 10_000;

/** Most bytes that the parts of one file unpack to, together. */
export const mostUnpacked = 512 * 1024 * 1024;

/** How much larger than its packed bytes a part may become, once it is beyond {@link ratioFrom} bytes. */
export const mostRatio = 200;

export const ratioFrom = 10 * 1024 * 1024;

/** Most characters of XML without a tag in between, and most characters of a CSV record. */
export const longestStretch = 1_000_000;

/** Most characters of text that all cells of a sheet, or all shared strings, hold together. */
export const mostText = 64 * 1024 * 1024;

/** Counts the rows of a table as they are read, and throws when they are too many or too wide. */
export function rowCounter(place: Place): (row: number, cells: readonly string[]) => void {
  let rows = 0;
  let all = 0;
  return (row, cells) => {
    rows += 1;
    all += cells.length;
    if (rows > mostRows) throw tooMany({ ...place, row }, `${mostRows} 行`, `${mostRows} rows`);
    if (cells.length > mostColumns) throw tooMany({ ...place, row }, `${mostColumns} 列`, `${mostColumns} columns`);
    if (all > mostCells) throw tooMany({ ...place, row }, `${mostCells} 个单元格`, `${mostCells} cells`);
  };
}

/** A cell longer than any register needs. */
export function tooLong(place: Place): TableMistake {
  return tooMany(place, `每格 ${longestCell} 个字符`, `${longestCell} characters a cell`);
}

/** More than a limit allows. */
export function tooMany(place: Place, zh: string, en: string): TableMistake {
  return new TableMistake('too-large', place, { zh: `超过上限 ${zh}`, en: `more than the limit of ${en}` });
}
