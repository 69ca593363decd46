import { z } from 'zod';
import { isDate, type PlainDate } from '../../src/evidence/dates.ts';
import { type ColumnOf, type LedgerType, ledgerNames, ledgerSpec } from '../../src/evidence/filed/ledger-types.ts';
import type { Text } from '../../src/text.ts';

type Column = ColumnOf<LedgerType>;

/** A column of dates, of any kind of ledger; whether the ledger in question has it, {@link isDateColumn} says. */
export const dateColumn = z.enum([...new Set(ledgerNames.flatMap(dateColumnsOf))] as [Column, ...Column[]]);

/** Whether a kind of ledger has a column of dates by this name; true of none, for optional parameters. */
export function isDateColumn(of: LedgerType, column: string | undefined): boolean {
  return column === undefined || dateColumnsOf(of).includes(column);
}

function dateColumnsOf(of: LedgerType): string[] {
  return Object.entries(ledgerSpec(of).columns).flatMap(([name, { form }]) => (form === 'date' ? name : []));
}

/** What a column is called in its ledger. */
export function columnTitle(of: LedgerType, column: Column): Text {
  return ledgerSpec(of).columns[column]?.title ?? { zh: column, en: column };
}

/** Whether a cell surely says a day after this one; no, if it says no day at all. */
export function isAfter(cell: string | undefined, date: PlainDate): boolean {
  return cell !== undefined && cell > date && isDate(cell);
}

/** Whether a cell surely says a day before this one. */
export function isBefore(cell: string | undefined, date: PlainDate): boolean {
  return cell !== undefined && cell < date && isDate(cell);
}
