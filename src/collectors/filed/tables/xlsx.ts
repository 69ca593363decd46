import type { FileHandle } from 'node:fs/promises';
import { tidy } from './cells.ts';
import { findHead, tableOf } from './grid.ts';
import { headWithin } from './limits.ts';
import { TableMistake } from './mistake.ts';
import type { Table, TableOptions } from './shape.ts';
import { openParts } from './xlsx-parts.ts';
import { readSheet } from './xlsx-sheet.ts';
import { readWorkbook, type SheetEntry } from './xlsx-workbook.ts';

/** Reads a table from an XLSX workbook (ISO/IEC 29500-1), transitional or strict. */
export async function readXlsx(
  file: FileHandle,
  name: string,
  options: TableOptions,
  signal: AbortSignal,
): Promise<Table> {
  const parts = await openParts(file, name, signal);
  const workbook = await readWorkbook(parts, name);
  const candidates = candidatesOf(workbook.sheets, name, options.sheet);
  for (const entry of candidates) {
    const grid = await readSheet(parts, name, workbook, entry);
    const head = candidates.length === 1 ? undefined : findHead(grid, options.isHead);
    if (candidates.length === 1) return tableOf(grid, options);
    if (head) return tableOf(grid, options, head);
  }
  throw noSheet(name, candidates);
}

function candidatesOf(sheets: readonly SheetEntry[], file: string, asked: string | undefined): readonly SheetEntry[] {
  if (asked === undefined) {
    const visible = sheets.filter(({ hidden }) => !hidden);
    return visible.length === 1 ? visible : sheets;
  }
  const found = sheets.find(({ name }) => name === asked) ?? sheets.find(({ name }) => tidy(name) === tidy(asked));
  if (found) return [found];
  throw new TableMistake(
    'not-found',
    { file },
    {
      zh: `没有工作表“${asked}”；有：${namesOf(sheets, '、')}`,
      en: `no sheet ${asked}; there are: ${namesOf(sheets, ', ')}`,
    },
  );
}

function noSheet(file: string, sheets: readonly SheetEntry[]): TableMistake {
  return new TableMistake(
    'unparsable',
    { file },
    {
      zh: `各工作表前 ${headWithin} 行中都没有可识别的表头：${namesOf(sheets, '、')}`,
      en: `no head among the first ${headWithin} rows of any sheet: ${namesOf(sheets, ', ')}`,
    },
  );
}

function namesOf(sheets: readonly SheetEntry[], separator: string): string {
  const names = sheets.slice(0, 20).map(({ name }) => name.slice(0, 31));
  return [...names, ...(sheets.length > 20 ? ['…'] : [])].join(separator);
}
