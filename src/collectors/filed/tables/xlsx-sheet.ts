import type { Grid, GridRow, Merge } from './grid.ts';
import { lastRow, longestCell, mostCells, mostColumns, mostText, rowCounter, tooLong, tooMany } from './limits.ts';
import { columnLetters, type Place, TableMistake } from './mistake.ts';
import { damaged, type Listener, type Parts } from './xlsx-parts.ts';
import { type CellText, detached, isoText, numberText, unescaped, wrong } from './xlsx-values.ts';
import type { SheetEntry, Workbook } from './xlsx-workbook.ts';

/** Reads the cells of a sheet, hidden ones like others; cells that cannot be read are named, not thrown. */
export async function readSheet(parts: Parts, file: string, workbook: Workbook, entry: SheetEntry): Promise<Grid> {
  const place = { file, sheet: entry.name };
  const rows: GridRow[] = [];
  const merges: Merge[] = [];
  const mistakes: TableMistake[] = [];
  const count = rowCounter(place);
  let row = 0;
  let cells: string[] = [];
  await parts.read(
    entry.part,
    sheetListener(place, {
      row(number) {
        row = number;
        cells = [];
      },
      cell(column, cell) {
        const read = textOf(cell, workbook);
        if ('text' in read && read.text.trim() === '') return;
        if (column >= mostColumns)
          throw tooMany(
            { ...place, row, column: columnLetters(column) },
            `${mostColumns} 列`,
            `${mostColumns} columns`,
          );
        while (cells.length < column) cells.push('');
        const mistake = mistakeOf(read, { ...place, row, column: columnLetters(column) });
        cells.push('text' in read && !mistake ? read.text : '#');
        // What lies above the head, at most some thousand cells, is left out later.
        if (mistake && mistakes.length < 10_000) mistakes.push(mistake);
      },
      rowEnd() {
        if (cells.length === 0) return;
        count(row, cells);
        rows.push({ row, cells });
      },
      merge(merge) {
        if (merges.length >= mostCells / 10)
          throw tooMany(place, `${mostCells / 10} 处合并单元格`, `${mostCells / 10} merged cells`);
        merges.push(merge);
      },
    }),
  );
  return { place, rows, merges, mistakes };
}

function mistakeOf(read: CellText, place: Place): TableMistake | undefined {
  if ('wrong' in read) return new TableMistake('unparsable', place, read.wrong);
  return read.text.length > longestCell ? tooLong(place) : undefined;
}

/** A cell as the file has it; `value` is absent without v or is. */
type RawCell = { type: string; style: number; value: string | undefined; hasFormula: boolean };

function textOf({ type, style, value, hasFormula }: RawCell, { strings, isDate, dateSystem }: Workbook): CellText {
  if (value === undefined) {
    return hasFormula
      ? wrong(
          '公式没有保存计算结果，请用 Excel 打开后重新保存',
          'a formula without a saved result; open it in Excel and save it again',
        )
      : { text: '' };
  }
  switch (type) {
    case 's': {
      const text = /^\s*\d{1,9}\s*$/.test(value) ? strings[Number(value)] : undefined;
      return text === undefined ? wrong('引用的文本不存在', 'refers to a text that is not there') : { text };
    }
    case 'str':
    case 'inlineStr':
      return { text: unescaped(detached(value)) };
    case 'b':
      return { text: /^\s*(?:1|true)\s*$/.test(value) ? 'TRUE' : 'FALSE' };
    case 'e':
      return wrong(`错误值 ${value.slice(0, 30)}`, `the error ${value.slice(0, 30)}`);
    case 'd':
      return isoText(value.trim());
    case 'n':
      return value.trim() === '' ? { text: '' } : numberText(value.trim(), isDate[style] ?? false, dateSystem);
    default:
      return wrong(`未知的单元格类型 ${type.slice(0, 30)}`, `unknown cell type ${type.slice(0, 30)}`);
  }
}

type SheetEvents = {
  row(number: number): void;
  cell(column: number, cell: RawCell): void;
  rowEnd(): void;
  merge(merge: Merge): void;
};

// ISO/IEC 29500-1, 18.3.1: row and c may leave out their place, and then follow the one before.
function sheetListener(place: Place, on: SheetEvents): Listener {
  let row = 0;
  let column = -1;
  // Extensions may hold elements of the same names.
  let isInRow = false;
  let cell: RawCell | undefined;
  let isText = false;
  let all = 0;
  return {
    open(name, attributes, parent) {
      isText = false;
      if (name === 'row' && parent === 'sheetData') {
        const number = attributes.r === undefined ? row + 1 : Number(attributes.r);
        if (!Number.isInteger(number) || number <= row || number > lastRow)
          throw damaged(place, `row ${attributes.r} after ${row}`);
        row = number;
        column = -1;
        isInRow = true;
        on.row(row);
      } else if (isInRow && name === 'c' && parent === 'row') {
        const next = attributes.r === undefined ? column + 1 : columnOf(attributes.r, row);
        if (next === undefined || next <= column) throw damaged({ ...place, row }, `cell ${attributes.r}`);
        column = next;
        cell = { type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: undefined, hasFormula: false };
      } else if (cell && parent === 'c') {
        if (name === 'f') cell.hasFormula = true;
        if (name !== 'v' && name !== 'is') return;
        if (cell.value !== undefined) throw damaged({ ...place, row, column: columnLetters(column) }, 'two values');
        cell.value = '';
        isText = name === 'v';
      } else if (name === 't') isText = parent === 'is' || parent === 'r';
      else if (name === 'mergeCell' && parent === 'mergeCells') on.merge(mergeOf(place, attributes.ref ?? ''));
    },
    text(text) {
      if (!isText || cell?.value === undefined) return;
      all += text.length;
      if (all > mostText) throw tooMany({ ...place, row }, `${mostText} 个字符`, `${mostText} characters`);
      if (cell.value.length <= longestCell * 8) cell.value += text;
    },
    close(name, parent) {
      isText = false;
      if (name === 'c' && parent === 'row' && cell) {
        on.cell(column, cell);
        cell = undefined;
      } else if (name === 'row' && parent === 'sheetData') {
        isInRow = false;
        on.rowEnd();
      }
    },
  };
}

const reference = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/;

function columnOf(place: string, row: number): number | undefined {
  const [, letters = '', number] = reference.exec(place) ?? [];
  return letters === '' || Number(number) !== row ? undefined : columnIndex(letters);
}

function columnIndex(letters: string): number {
  let index = 0;
  for (let at = 0; at < letters.length; at += 1) index = index * 26 + letters.charCodeAt(at) - 64;
  return index - 1;
}

function mergeOf(place: Place, range: string): Merge {
  const [from = '', to = from] = range.split(':');
  const [, left = '', top] = reference.exec(from) ?? [];
  const [, right = '', bottom] = reference.exec(to) ?? [];
  const merge = { top: Number(top), bottom: Number(bottom), left: columnIndex(left), right: columnIndex(right) };
  if (!(merge.top >= 1 && merge.bottom >= merge.top && merge.left >= 0 && merge.right >= merge.left)) {
    throw damaged(place, `merged cells ${range}`);
  }
  return merge;
}
