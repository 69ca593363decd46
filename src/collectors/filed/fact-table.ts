import { said, type Text } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import { type FiledTable, type HeadFinder, mistakesOf, rowName, tableName } from './filed-table.ts';
import { folded, withoutRemarks } from './ledger-heads.ts';
import { quotedFigure, quotedHead } from './quoted.ts';
import { monthOfText, tidy } from './tables/cells.ts';

const monthHeads = ['月份', '月', '期间', '年月', '所属期', '所属月份', 'month', 'period'];
const amountHeads = ['金额', '数量', '合计', 'amount', 'value'];

function nameOf(head: string): string {
  return withoutRemarks(folded(head));
}

/** Finds the head of a monthly table, and what unit is noted above it. */
export type MonthlyHead = HeadFinder & { unitAbove(): string | undefined };

const unitNote = /单位:?(?:人民币)?(亿元|百万元|十万元|万元|千元|元|户|张|份|次)\)?$/;

export function monthlyHead(): MonthlyHead {
  let unit: string | undefined;
  let rows: 'none' | 'asked' | 'found' = 'none';
  return {
    isHead(cells) {
      unit ??= cells.map((cell) => unitNote.exec(folded(cell))?.[1]).find((note) => note !== undefined);
      const hasMonth = cells.some((cell) => monthHeads.includes(nameOf(cell)));
      const isHead = hasMonth && cells.filter((cell) => cell !== '').length > 1;
      if (rows !== 'found') rows = isHead ? 'found' : 'asked';
      return isHead;
    },
    missing: () => (rows === 'asked' ? noHead : undefined),
    unitAbove: () => unit,
  };
}

const noHead: Text = {
  zh: `找不到表头；应有月份列（${monthHeads.slice(0, 4).join('、')}）和数额列（${amountHeads.slice(0, 3).join('、')}）`,
  en: `there is no row of heads; a column of months (${monthHeads.slice(-2).join(', ')}) and one of figures (${amountHeads.slice(-2).join(', ')}) are expected`,
};

/** The figures of a monthly table by month, as they are written; throws {@link Unavailable} where one is in doubt. */
export function monthlyFigures(
  { path, table }: Pick<FiledTable, 'path' | 'table'>,
  unit: string,
  unitAbove: string | undefined,
  isFigure: (written: string) => boolean,
): Record<string, string> {
  const name = tableName(path, table.sheet);
  const [monthAt, amountAt] = columnsOf(table.head, name);
  refuseOtherUnit([table.head[amountAt] ?? '', `单位:${unitAbove ?? ''}`], unit, name);
  const mistakes = mistakesOf();
  const figures = new Map<string, { readonly written: string; readonly row: Text }>();
  for (const { row, cells } of table.rows) {
    const cell = cells[monthAt] ?? '';
    const written = tidy(cells[amountAt] ?? '');
    if (isTotal(cell)) continue;
    const at = rowName(row, table);
    const month = monthOfText(cell);
    const first = month === undefined ? undefined : figures.get(month);
    if (month === undefined) mistakes.add(() => wrong(at, cell, 'month'));
    else if (first) mistakes.add(() => twice(first.row, at, month));
    else if (!isFigure(written)) mistakes.add(() => wrong(at, written, 'figure'));
    else figures.set(month, { written, row: at });
  }
  mistakes.refuse(name);
  return Object.fromEntries([...figures].map(([month, { written }]) => [month, written]));
}

function isTotal(cell: string): boolean {
  return cell.length < 20 && /^(合计|总计|total)$/.test(folded(cell));
}

function columnsOf(head: readonly string[], name: Text): readonly [month: number, amount: number] {
  const indexes = [...head.keys()].filter((index) => head[index] !== '');
  const months = indexes.filter((index) => monthHeads.includes(nameOf(head[index] ?? '')));
  const others = indexes.filter((index) => !months.includes(index));
  const named = others.filter((index) => amountHeads.includes(nameOf(head[index] ?? '')));
  const [month, ...moreMonths] = months;
  const [amount, ...moreAmounts] = named.length > 0 ? named : others;
  if (month === undefined || amount === undefined || moreMonths.length > 0 || moreAmounts.length > 0) {
    const heads = indexes.map((index) => quotedHead(head[index] ?? '')).slice(0, 20);
    throw refused(name, {
      zh: `应恰有一个月份列和一个数额列（${amountHeads.slice(0, 3).join('、')}）；现有：${heads.join('、')}`,
      en: `one column of months and one of figures (${amountHeads.slice(3).join(', ')}) are expected; there are: ${heads.join(', ')}`,
    });
  }
  return [month, amount];
}

const largeUnit = /(亿元|百万元|十万元|万元|千元)[)\]]?$/;
const plainUnit = /[([:](?:金额)?(?:单位:?)?(?:人民币)?(元|户|张|份|次)[)\]]?$/;

// 金额（元） in a table that is declared in 万元 would be taken for ten thousand times as much.
function refuseOtherUnit(notes: readonly string[], unit: string, name: Text): void {
  for (const note of notes) {
    const plain = folded(note);
    const [, stated] = largeUnit.exec(plain) ?? plainUnit.exec(plain) ?? [];
    if (stated === undefined || stated === unit || (stated === '份' && unit === '张')) continue;
    throw refused(name, {
      zh: `“${note}”的单位是${stated}，平台文件声明为${unit}`,
      en: `"${note}" means ${stated}, the platform file says ${unit}`,
    });
  }
}

function refused(name: Text, text: Text): Unavailable {
  return new Unavailable('unparsable', said({ zh: `${name.zh}：${text.zh}`, en: `${name.en}: ${text.en}` }));
}

const rights = {
  month: { zh: '应为月份，如 2025-04', en: 'a month such as 2025-04 is expected' },
  figure: { zh: '应为数字', en: 'a number is expected' },
} as const satisfies Record<string, Text>;

function wrong(row: Text, cell: string, right: keyof typeof rights): Text {
  const stands = quotedFigure(cell);
  return {
    zh: `${row.zh}为${stands.zh}，${rights[right].zh}`,
    en: `${row.en} holds ${stands.en}: ${rights[right].en}`,
  };
}

function twice(one: Text, other: Text, month: string): Text {
  return { zh: `${one.zh}与${other.zh}都是 ${month}`, en: `${one.en} and ${other.en} are both ${month}` };
}
