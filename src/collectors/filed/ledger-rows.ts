import { setImmediate } from 'node:timers/promises';
import type { PlainDate } from '../../evidence/dates.ts';
import type { LedgerType } from '../../evidence/filed/ledger-types.ts';
import type { Ledger } from '../../evidence/filed/ledgers.ts';
import type { Text } from '../../text.ts';
import { type Mistakes, mistakesOf, quoted, rowName, tableName } from './filed-table.ts';
import { cellReader } from './ledger-cells.ts';
import type { FoundColumn, Heads } from './ledger-heads.ts';
import { twinFinder } from './ledger-twins.ts';
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
  const [earlier, later] = (inOrder[of] ?? []).map((key) => columns.findIndex((each) => each.key === key));
  return ({ row, cells }) => {
    const texts: string[] = [];
    for (const { found, read } of readers) {
      const cell = cells[found.index] ?? '';
      const value = read(cell);
      if (typeof value === 'string') texts.push(value);
      else mistakes.add(() => wrongCell(rowName(row, table), found, cell, value));
    }
    if (texts.length < readers.length) return undefined;
    const [first, second] = [texts[earlier ?? -1], texts[later ?? -1]];
    if (!first || !second || first <= second) return texts;
    mistakes.add(() =>
      wrongOrder(rowName(row, table), [columns[earlier ?? -1], first], [columns[later ?? -1], second]),
    );
    return undefined;
  };
}

function wrongCell(row: Text, { head }: FoundColumn, cell: string, right: Text): Text {
  const stands = quoted(cell);
  return {
    zh: `${row.zh}「${head}」为${stands.zh}，${right.zh}`,
    en: `${row.en}, "${head}" holds ${stands.en}: ${right.en}`,
  };
}

type Day = readonly [column: FoundColumn | undefined, day: PlainDate];

function wrongOrder(row: Text, [earlier, first]: Day, [later, second]: Day): Text {
  return {
    zh: `${row.zh}「${later?.head ?? ''}」${second} 早于「${earlier?.head ?? ''}」${first}`,
    en: `${row.en}, "${later?.head ?? ''}" ${second} lies before "${earlier?.head ?? ''}" ${first}`,
  };
}
