import type { Deleter } from '../../../evidence/database/records.ts';
import type { DeclaredStore } from '../../../platform-stores.ts';

/** What the unit declares to delete from a table by jobs of its own. */
export function purgesOf({ purges = [] }: Pick<DeclaredStore, 'purges'>, table: string): Deleter[] {
  return purges
    .filter((purge) => purge.table === table)
    .map(({ name, keepsMonths }) => ({
      kind: 'declared',
      name,
      definition: `keepsMonths: ${keepsMonths}`,
      keeps: { months: keepsMonths, days: 0 },
    }));
}
