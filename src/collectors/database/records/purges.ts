import type { Deleter } from '../../../evidence/database/records.ts';
import { type DeclaredStore, type DeclaredTable, isPurged } from '../../../platform-stores.ts';

/** What the unit declares to delete from a table by jobs of its own. */
export function purgesOf({ purges = [] }: Pick<DeclaredStore, 'purges'>, table: DeclaredTable): Deleter[] {
  return purges
    .filter((purge) => isPurged(table, purge.table))
    .map(({ name, keepsMonths }) => ({
      kind: 'declared',
      name,
      definition: `keepsMonths: ${keepsMonths}`,
      keeps: { months: keepsMonths, days: 0 },
    }));
}
