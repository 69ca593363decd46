import { hash } from 'node:crypto';

/** Memory for the numbers of one table, in bytes: enough for some seven million. */
const mostBytes = 64 * 2 ** 20;

// Parts that grow one by one: a whole that doubles would for a moment take half as much again. They are full at three quarters.
const parts = 256;
const full = 0.75;
const growth = 1.25;

/** Counts numbers that were there before, by 64 bits of a hash each. */
export type SeenNumbers = {
  add(number: string): void;
  /** Numbers that stood more than once, counted once for each time too many; undefined where there were too many to remember. */
  repeated(): number | undefined;
};

/** Remembers numbers in some 12 bytes each: of five million, two are taken for one in a millionth of all runs. */
export function createSeenNumbers(most = mostBytes): SeenNumbers {
  const tables = Array.from({ length: parts }, () => createPart(16));
  const used = new Uint32Array(parts);
  let bytes = parts * 16 * 8;
  let repeated: number | undefined = 0;

  const grown = (part: number, table: Part): Part | undefined => {
    const slots = Math.ceil((table.high.length * growth) / 2) * 2;
    bytes += (slots - table.high.length) * 8;
    if (bytes > most) return undefined;
    const larger = createPart(slots);
    for (const [at, high] of table.high.entries()) place(larger, high, table.low[at] ?? 0);
    tables[part] = larger;
    return larger;
  };

  return {
    add(number) {
      if (repeated === undefined) return;
      // One byte a letter: a buffer for each would lie around outside of the heap.
      const digest = hash('sha256', number, 'binary');
      const part = digest.charCodeAt(8);
      const high = wordOf(digest, 0);
      // Nought is where nothing is.
      const low = (wordOf(digest, 4) | 1) >>> 0;
      let table: Part | undefined = tables[part];
      if (table && (used[part] ?? 0) >= table.high.length * full) table = grown(part, table);
      if (!table) {
        repeated = undefined;
        tables.length = 0;
      } else if (place(table, high, low)) used[part] = (used[part] ?? 0) + 1;
      else repeated += 1;
    },
    repeated: () => repeated,
  };
}

function wordOf(digest: string, at: number): number {
  const byte = (offset: number): number => digest.charCodeAt(at + offset) << (8 * offset);
  return (byte(0) | byte(1) | byte(2) | byte(3)) >>> 0;
}

type Part = { readonly high: Uint32Array; readonly low: Uint32Array };

function createPart(slots: number): Part {
  return { high: new Uint32Array(slots), low: new Uint32Array(slots) };
}

// Says whether it was not there before.
function place({ high, low }: Part, upper: number, lower: number): boolean {
  if (lower === 0) return false;
  const slots = high.length;
  let at = upper % slots;
  while (low[at] !== 0) {
    if (low[at] === lower && high[at] === upper) return false;
    at = at + 1 === slots ? 0 : at + 1;
  }
  high[at] = upper;
  low[at] = lower;
  return true;
}
