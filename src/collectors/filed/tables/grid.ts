import { tidy } from './cells.ts';
import { headWithin, mostCells, tooMany } from './limits.ts';
import { columnLetters, type Place, TableMistake } from './mistake.ts';
import type { Table, TableOptions } from './shape.ts';

/** A row while it is read; blank cells at its end may be missing. */
export type GridRow = { readonly row: number; readonly cells: string[] };

/** Cells shown as one: rows by number, columns from 0, all included; the value is that of the first. */
export type Merge = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** What a file holds before its head is known. */
export type Grid = {
  /** The file, and in XLSX the sheet. */
  readonly place: Place;
  /** Rows with content, by row number. */
  readonly rows: readonly GridRow[];
  readonly merges: readonly Merge[];
  /** Cells that could not be read, by row; they count only where the table is. */
  readonly mistakes: readonly TableMistake[];
};

/** The head of a grid: its names, first and last line. */
export type Head = { readonly cells: readonly string[]; readonly first: number; readonly last: number };

/** Makes the table below the head; throws if the head is not there. */
export function tableOf(grid: Grid, options: TableOptions, head = findHead(grid, options.isHead)): Table {
  const { place } = grid;
  if (!head) throw noHead(place, grid.rows);
  refuseTwins(place, head);
  const mistake = grid.mistakes.find((each) => (each.place.row ?? 0) >= head.first);
  if (mistake) throw mistake;
  const rows = grid.rows.filter(({ row }) => row > head.last);
  // Beside a sheet's table stand notes; in CSV a surplus cell means that a delimiter was not quoted.
  const isSheet = place.sheet !== undefined;
  const width = isSheet ? widthOf(rows, head) : head.cells.length;
  if (rows.length * width > mostCells) throw tooMany(place, `${mostCells} 个单元格`, `${mostCells} cells`);
  for (const { row, cells } of rows) {
    if (!isSheet) refuseSurplus({ ...place, row }, cells, width);
    cells.length = Math.min(cells.length, width);
    while (cells.length < width) cells.push('');
  }
  fillDown(grid, rows, head.last);
  const names = Array.from({ length: width }, (_, column) => head.cells[column] ?? '');
  return { ...(isSheet ? { sheet: place.sheet } : {}), head: names, headRow: head.last, rows };
}

function widthOf(rows: readonly GridRow[], head: Head): number {
  return rows.reduce((width, { cells }) => Math.max(width, cells.length), head.cells.length);
}

/** The head of a grid, if there is one among its first rows. */
export function findHead({ place, rows, merges }: Grid, isHead: TableOptions['isHead']): Head | undefined {
  for (const [index, { row, cells }] of rows.slice(0, headWithin).entries()) {
    const names = cells.map(tidy);
    const joined = joinedHead(row, names, rows[index + 1], merges);
    if (!isHead(names) && !(joined && isHead(joined))) continue;
    const bottom = merges.reduce((lowest, merge) => (merge.top === row ? Math.max(lowest, merge.bottom) : lowest), row);
    const below = rows[index + (joined ? 2 : 1)];
    if (below && below.row <= bottom) throw swallowed({ ...place, row: below.row });
    return { cells: joined ?? names, first: row, last: joined ? Math.max(bottom, row + 1) : bottom };
  }
  return undefined;
}

// Sub-heads fill every column of each group and nothing beside the groups; a row that does not is data.
function joinedHead(
  row: number,
  names: readonly string[],
  next: GridRow | undefined,
  merges: readonly Merge[],
): string[] | undefined {
  if (next?.row !== row + 1) return undefined;
  const groups = merges.filter(
    ({ top, bottom, left, right }) => top === row && bottom === row && right > left && (names[left] ?? '') !== '',
  );
  if (groups.length === 0 || groups.some(({ right }) => right >= next.cells.length)) return undefined;
  const joined: string[] = [];
  for (let column = 0; column < Math.max(names.length, next.cells.length); column += 1) {
    const group = groups.find(({ left, right }) => left <= column && column <= right);
    const below = tidy(next.cells[column] ?? '');
    if ((group === undefined) !== (below === '')) return undefined;
    joined.push(group ? `${names[group.left]}/${below}` : (names[column] ?? ''));
  }
  return joined;
}

// Merged cells mean their value for each row that has content of its own.
function fillDown({ place, merges }: Grid, rows: readonly GridRow[], headRow: number): void {
  let filled = 0;
  const byNumber = new Map(rows.map(({ row }, index) => [row, index]));
  for (const { top, bottom, left } of merges) {
    const start = top > headRow && bottom > top ? byNumber.get(top) : undefined;
    const value = start === undefined ? '' : (rows[start]?.cells[left] ?? '');
    if (start === undefined || value === '') continue;
    for (let index = start + 1, next = rows[index]; next && next.row <= bottom; index += 1, next = rows[index]) {
      next.cells[left] = value;
      filled += 1;
      // More than there are cells: only forged merges lie upon each other.
      if (filled > mostCells) throw tooMany(place, `${mostCells} 个合并的单元格`, `${mostCells} merged cells`);
    }
  }
}

function refuseSurplus(place: Place, cells: readonly string[], width: number): void {
  const surplus = cells.findIndex((cell, column) => column >= width && cell.trim() !== '');
  if (surplus < 0) return;
  throw new TableMistake(
    'unparsable',
    { ...place, column: columnLetters(surplus) },
    {
      zh: `单元格多于表头的 ${width} 列；含分隔符的内容须加英文双引号`,
      en: `more cells than the head's ${width} columns; content with a delimiter in it must be quoted`,
    },
  );
}

function refuseTwins(place: Place, { cells, last }: Head): void {
  const second = cells.findIndex((name, column) => name !== '' && cells.indexOf(name) < column);
  if (second < 0) return;
  const name = cells[second] ?? '';
  const letters = [columnLetters(cells.indexOf(name)), columnLetters(second)];
  throw new TableMistake(
    'unparsable',
    { ...place, row: last },
    {
      zh: `${letters.join('、')} 两列表头相同：${name}`,
      en: `columns ${letters.join(' and ')} have the same head: ${name}`,
    },
  );
}

// Otherwise a merged cell of the head would make rows of data vanish.
function swallowed(place: Place): TableMistake {
  return new TableMistake('unparsable', place, {
    zh: '表头的合并单元格盖住了这一行，无法区分表头与数据',
    en: 'a merged cell of the head covers this row: head and data cannot be told apart',
  });
}

/** No row of the first ones is the head: says what was seen instead. */
export function noHead(place: Place, rows: readonly GridRow[]): TableMistake {
  const widest = rows
    .slice(0, headWithin)
    .map(({ cells }) => cells.map(tidy).filter((cell) => cell !== ''))
    .reduce((best, cells) => (cells.length > best.length ? cells : best), []);
  const seen = widest.slice(0, 20).map((cell) => cell.slice(0, 30));
  return new TableMistake('unparsable', place, {
    zh: `前 ${headWithin} 行中没有可识别的表头；看到的列：${seen.join('、') || '无'}`,
    en: `no head among the first ${headWithin} rows; columns seen: ${seen.join(', ') || 'none'}`,
  });
}
