/** Tables of one store that are looked into. */
export const mostTables = 300;

/** Rows of one table that are read. */
export const mostRows = 2000;

/** Rows of a large table that are too few to say anything of it. */
export const fewestRows = 100;

/** Bytes of one store that are read, as far as its catalogue lets them be foreseen. */
const mostBytes = 200 * 1024 * 1024;

/** Bytes of one table's pages that are read; enough for the rows, spread widely. */
const mostOfOne = 3_200_000;

// Characters of one answer, so that a wide table does not fill the memory.
const mostCharacters = 40_000_000;

/** What one of so many tables may cost: bytes of its pages, and of values kept elsewhere. */
export function allowanceOf(tables: number): { readonly pages: number; readonly elsewhere: number } {
  const each = mostBytes / Math.max(tables, 1) / 2;
  return { pages: Math.min(mostOfOne, each), elsewhere: Math.min(8 * mostOfOne, each) };
}

/** Rows to ask for of a table with so many columns, a row of which costs so many bytes; never none. */
export function rowsWithin(bytes: number, perRow: number, columns: number, longest: number): number {
  const affordable = perRow > 0 ? Math.floor(bytes / perRow) : mostRows;
  const answerable = Math.floor(mostCharacters / (Math.max(columns, 1) * longest));
  return Math.max(20, Math.min(mostRows, affordable, answerable));
}

/** The tables that are looked into: declared ones first, then the largest. */
export function chosen<T extends { readonly holds?: string; readonly bytes: number; readonly name: string }>(
  tables: readonly T[],
): { readonly chosen: readonly T[]; readonly beyond: number } {
  const order = tables.toSorted(
    (a, b) =>
      Number(b.holds !== undefined) - Number(a.holds !== undefined) || b.bytes - a.bytes || (a.name < b.name ? -1 : 1),
  );
  const first = order.slice(0, mostTables);
  return { chosen: first, beyond: order.length - first.length };
}
