import type { PlainDate } from '../../evidence/dates.ts';
import { type LedgerType, ledgerSpec } from '../../evidence/filed/ledger-types.ts';
import type { Text } from '../../text.ts';
import { type Mistakes, rowName } from './filed-table.ts';
import type { FoundColumn, Heads } from './ledger-heads.ts';
import { quoted } from './quoted.ts';
import type { Table, TableRow } from './tables/table.ts';

/** Finds rows that stand in a ledger twice. */
export type TwinFinder = {
  /** Takes a row and what was read from it, in the order of the heads. */
  add(row: TableRow, read: readonly string[]): void;
  /** Adds what can only be seen when all rows are there. */
  finish(): void;
};

// What a key names for a time only: it may come again when the time is over.
const terms: Readonly<Partial<Record<LedgerType, readonly [from: string, until: string]>>> = {
  'using-units': ['joinedOn', 'leftOn'],
  grants: ['grantedOn', 'endedOn'],
};

export function twinFinder(of: LedgerType, { columns }: Heads, table: Table, mistakes: Mistakes): TwinFinder {
  const wholeRows = new Map<string, number>();
  const taken = new Set(columns.map(({ index }) => index));
  const keyed = keyFinder(of, columns, table, mistakes);
  return {
    add({ row, cells }, read) {
      // Columns that are not kept tell rows apart as well: the serial number of an invoice, a person.
      const rest = cells.filter((_, index) => !taken.has(index)).map((cell) => cell.trim());
      const whole = [...read, ...rest].join('\u0000');
      const first = wholeRows.get(whole);
      if (first === undefined) {
        wholeRows.set(whole, row);
        keyed?.add(row, read);
      } else mistakes.add(() => sameRow(rowName(first, table), rowName(row, table)));
    },
    finish: () => keyed?.finish(),
  };
}

type KeyFinder = { add(row: number, read: readonly string[]): void; finish(): void };

type Term = { readonly row: number; readonly from: PlainDate; readonly until: PlainDate };

const forEver: PlainDate = '9999-12-31';

function keyFinder(
  of: LedgerType,
  columns: readonly FoundColumn[],
  table: Table,
  mistakes: Mistakes,
): KeyFinder | undefined {
  const positionOf = (key: string | undefined): number => columns.findIndex((column) => column.key === key);
  const keys = ledgerSpec(of).key.map(positionOf);
  if (keys.length === 0 || keys.includes(-1)) return undefined;
  const [from, until] = (terms[of] ?? []).map(positionOf);
  const byKey = new Map<string, Term[]>();
  return {
    add(row, read) {
      const key = keys.map((position) => read[position]).join('\u0000');
      // Without a term of its own a key stands for all time.
      const term = { row, from: read[from ?? -1] || '', until: read[until ?? -1] || forEver };
      const others = byKey.get(key);
      if (others) others.push(term);
      else byKey.set(key, [term]);
    },
    finish() {
      for (const [key, found] of byKey) {
        for (const [one, other] of overlapping(found)) {
          const shown = keys.map((position, index) => named(columns[position], key.split('\u0000')[index] ?? ''));
          mistakes.add(() => sameKey(rowName(one.row, table), rowName(other.row, table), shown, from !== undefined));
        }
      }
    },
  };
}

// The day on which one ends may be the day on which the next begins.
function overlapping(found: readonly Term[]): (readonly [Term, Term])[] {
  if (found.length < 2) return [];
  const pairs: (readonly [Term, Term])[] = [];
  const [first, ...rest] = found.toSorted((a, b) => (a.from === b.from ? a.row - b.row : a.from < b.from ? -1 : 1));
  let last = first;
  for (const next of rest) {
    if (last && next.from < last.until) pairs.push(last.row < next.row ? [last, next] : [next, last]);
    if (!last || next.until > last.until) last = next;
  }
  return pairs;
}

function named(found: FoundColumn | undefined, value: string): Text {
  const shown = found?.key === 'creditCode' ? { zh: value, en: value } : quoted(value);
  return { zh: `「${found?.head ?? ''}」${shown.zh}`, en: `"${found?.head ?? ''}" ${shown.en}` };
}

function sameRow(one: Text, other: Text): Text {
  return {
    zh: `${one.zh}与${other.zh}完全相同（确为两条的，请加编号列区分）`,
    en: `${one.en} and ${other.en} are the same (if they are two entries, number them in a column)`,
  };
}

function sameKey(one: Text, other: Text, shown: readonly Text[], isTermed: boolean): Text {
  const zh = shown.map((each) => each.zh).join('、');
  const en = shown.map((each) => each.en).join(', ');
  return {
    zh: `${one.zh}与${other.zh}重复登记 ${zh}${isTermed ? '，起止期间重叠' : ''}`,
    en: `${one.en} and ${other.en} both enter ${en}${isTermed ? ' for times that overlap' : ''}`,
  };
}
