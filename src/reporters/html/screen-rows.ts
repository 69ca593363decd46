/** Rows of a table that are laid out together. */
const blockSize = 50;

/** Rows in blocks: a browser lays out the blocks that are near the window, and no others. */
export function inBlocks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / blockSize) }, (_, block) =>
    rows.slice(block * blockSize, (block + 1) * blockSize),
  );
}

/**
 * The id as an anchor that stays the same from report to report; empty for what does not look like an id of ours, so that nothing
 * said by others can take the place of another anchor: all of those begin with a small letter.
 */
export function permanentId(id: string): string {
  return /^[A-Z][\w.-]{0,80}$/.test(id) ? id : '';
}

/** Rows with the anchor that their ids make. */
export function withPermanent<T extends { readonly id: string }>(rows: readonly T[]): (T & { permanent: string })[] {
  return rows.map((row) => ({ ...row, permanent: permanentId(row.id) }));
}
