import type { ClearTextKind, Protection, SampledTable } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import { candidatesIn } from './numbers.ts';
import { looksLikeName, protectionOf } from './shapes.ts';

/** Characters of a value that are looked at: of a longer one a piece from anywhere, so that over many rows every place has its turn. */
export const longest = 512;

/** Of a value longer than this the pieces come from its beginning. */
export const reach = 32_768;

/** What stands for a value too long to be read at all. */
export const tooLong = '\u0001';

/** What was counted in one column. */
export type ColumnCounts = {
  readonly numbers: Omit<SampledTable['numbers'][number], 'column'>[];
  readonly protected?: Protection;
  readonly areNames: boolean;
  readonly isCut: boolean;
};

type Trials = { hits: number; readonly all: Set<string>; readonly valid: Set<string> };

/** Counts in the values of one column; nothing of them is kept but what it counts, and that ends with it. */
export function createTally(asOf: PlainDate) {
  const kinds = new Map<ClearTextKind, Trials>();
  const protections = new Map<Protection, number>();
  const names = new Set<string>();
  let values = 0;
  let named = 0;
  let isCut = false;

  const add = (value: string | null): void => {
    if (value === null || value === '') return;
    if (value.length >= longest || value === tooLong) isCut = true;
    if (value === tooLong) return;
    values += 1;
    const hit = new Set<Trials>();
    for (const { kind, trial, valid } of candidatesIn(wordsOf(value), asOf)) {
      const trials = kinds.get(kind) ?? { hits: 0, all: new Set(), valid: new Set() };
      kinds.set(kind, trials);
      trials.all.add(trial);
      if (!valid) continue;
      trials.valid.add(trial);
      hit.add(trials);
    }
    for (const trials of hit) trials.hits += 1;
    const how = protectionOf(value);
    if (how) protections.set(how, (protections.get(how) ?? 0) + 1);
    if (looksLikeName(value)) {
      named += 1;
      names.add(value);
    }
  };

  const counts = (): ColumnCounts => {
    // Nearly all, of a few at least; of names more than half, for goods and places begin with surnames, too.
    const [how] = [...protections].find(([, count]) => count >= 3 && count >= values * 0.9) ?? [];
    return {
      numbers: [...kinds].map(([kind, { hits, all, valid }]) => ({
        kind,
        values,
        hits,
        candidates: all.size,
        valid: valid.size,
      })),
      ...(how ? { protected: how } : {}),
      areNames: names.size >= 5 && named > values * 0.6,
      isCut,
    };
  };
  return { add, counts };
}

// One character more is asked for: where it is there, the last word may go on. A word cut at the front passes no more often than by chance.
function wordsOf(value: string): string {
  return value.length > longest ? value.slice(0, longest).replace(/[0-9A-Za-z]+$/, '') : value;
}

/** What a table’s counts say, as evidence holds it. */
export function tableOf(
  table: Pick<SampledTable, 'name' | 'holds' | 'sampling' | 'rows'>,
  columns: readonly { readonly name: string; readonly counts: ColumnCounts }[],
): SampledTable {
  const having = (holds: (counts: ColumnCounts) => boolean): string[] =>
    columns.filter(({ counts }) => holds(counts)).map(({ name }) => name);
  return {
    ...table,
    columns: columns.length,
    numbers: columns.flatMap(({ name, counts }) => counts.numbers.map((each) => ({ column: name, ...each }))),
    protected: columns.flatMap(({ name, counts }) =>
      counts.protected ? [{ column: name, how: counts.protected }] : [],
    ),
    names: having(({ areNames }) => areNames),
    cut: having(({ isCut }) => isCut),
  };
}
