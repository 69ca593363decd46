import { setImmediate } from 'node:timers/promises';
import type { PlainDate } from '../../evidence/dates.ts';
import type { Column } from '../../evidence/filed/ledger-columns.ts';
import type { LedgerType } from '../../evidence/filed/ledger-types.ts';
import type { Ledger } from '../../evidence/filed/ledgers.ts';
import type { Text } from '../../text.ts';
import { type Mistakes, mistakesOf, rowName, tableName } from './filed-table.ts';
import { cellReader, isMaskedCode } from './ledger-cells.ts';
import type { FoundColumn, Heads } from './ledger-heads.ts';
import { twinFinder } from './ledger-twins.ts';
import { maskedName } from './persons.ts';
import { quoted, quotedFigure, quotedHead } from './quoted.ts';
import { tidy } from './tables/cells.ts';
import type { Table, TableRow } from './tables/table.ts';

/** A table of a ledger whose heads are understood. */
export type LedgerTable = {
  readonly of: LedgerType;
  readonly path: string;
  readonly table: Table;
  readonly heads: Heads;
};

/** The rows of a ledger as evidence keeps them; throws {@link Unavailable} naming what is wrong with them. */
export async function rowsOf(ledger: LedgerTable, today: PlainDate, signal: AbortSignal): Promise<Ledger['rows']> {
  const { of, path, table, heads } = ledger;
  const mistakes = mistakesOf();
  const read = rowReader(ledger, today, mistakes);
  const twins = twinFinder(of, heads, table, mistakes);
  const rows: Ledger['rows'] = [];
  for (const [index, row] of table.rows.entries()) {
    const cells = read(row);
    if (cells) {
      rows.push([row.row, ...cells]);
      twins.add(row, cells);
    }
    if (index % 5_000 === 0) {
      // All in one go would hear no interruption.
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  twins.finish();
  mistakes.refuse(tableName(path, table.sheet));
  return rows;
}

// Days of one row that cannot come in another order; what may be done too early is left to the checks.
const inOrder: Readonly<Partial<Record<LedgerType, readonly [earlier: string, later: string]>>> = {
  'using-units': ['joinedOn', 'leftOn'],
  events: ['on', 'correctedOn'],
  capabilities: ['approvedOn', 'validUntil'],
  grants: ['grantedOn', 'endedOn'],
  monitoring: ['heldOn', 'remediedOn'],
  uploads: ['issuedOn', 'uploadedOn'],
};

// Undefined for a row with a mistake: nothing of the ledger is kept then.
function rowReader(
  { of, table, heads: { columns } }: LedgerTable,
  today: PlainDate,
  mistakes: Mistakes,
): (row: TableRow) => string[] | undefined {
  const readers = columns.map((found) => ({ found, read: cellReader(found.key, found.column, today) }));
  const positionOf = (key: string): number => columns.findIndex((each) => each.key === key);
  const [earlier, later] = (inOrder[of] ?? []).map(positionOf);
  const [nameAt, codeAt] = [positionOf('name'), positionOf('creditCode')];
  const musts = columns.filter(({ column }) => column.must === 'cell').length;
  return ({ row, cells }) => {
    if (isNoEntry(cells, musts) || columns.every(({ index, head }) => tidy(cells[index] ?? '') === head)) {
      mistakes.add(() => noEntry(rowName(row, table)));
      return undefined;
    }
    const texts: string[] = [];
    for (const { found, read } of readers) {
      const cell = cells[found.index] ?? '';
      const value = read(cell);
      if (typeof value === 'string') texts.push(value);
      else mistakes.add(() => wrongCell(rowName(row, table), found, cell, value));
    }
    if (texts.length < readers.length) return undefined;
    // Trading under one's own name, the owner is who the number is of.
    const name = texts[nameAt] ?? '';
    if (isMaskedCode(texts[codeAt] ?? '') && /^\p{Script=Han}{2,4}$/u.test(name)) texts[nameAt] = maskedName(name);
    const [first, second] = [texts[earlier ?? -1], texts[later ?? -1]];
    if (!first || !second || first <= second) return texts;
    mistakes.add(() =>
      wrongOrder(rowName(row, table), [columns[earlier ?? -1], first], [columns[later ?? -1], second]),
    );
    return undefined;
  };
}

const totals = /^(?:合\s*计|总\s*计|小\s*计|本页合计|累\s*计|sum|(?:sub|grand )?total)[:：]?$/i;

// A sum, a signature or a note below the table; an entry with a single cell lacks others.
function isNoEntry(cells: readonly string[], musts: number): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return totals.test(filled[0]?.trim() ?? '') || (filled.length === 1 && musts > 1);
}

function noEntry(row: Text): Text {
  return {
    zh: `${row.zh}像是合计、签字、附注或重复的表头，不是一条记录，请移到表格之外`,
    en: `${row.en} looks like a sum, a signature, a note or the head again, not an entry: keep it out of the table`,
  };
}

const ofWords: readonly Column['form'][] = ['text', 'choice', 'open-choice', 'yes-no'];

function wrongCell(row: Text, { key, column, head }: FoundColumn, cell: string, right: Text): Text {
  const stands = key !== 'creditCode' && ofWords.includes(column.form) ? quoted(cell) : quotedFigure(cell);
  const shown = quotedHead(head);
  return {
    zh: `${row.zh}「${shown}」为${stands.zh}，${right.zh}`,
    en: `${row.en}, "${shown}" holds ${stands.en}: ${right.en}`,
  };
}

type Day = readonly [column: FoundColumn | undefined, day: PlainDate];

function wrongOrder(row: Text, [earlier, first]: Day, [later, second]: Day): Text {
  return {
    zh: `${row.zh}「${later?.head ?? ''}」${second} 早于「${earlier?.head ?? ''}」${first}`,
    en: `${row.en}, "${later?.head ?? ''}" ${second} lies before "${earlier?.head ?? ''}" ${first}`,
  };
}
