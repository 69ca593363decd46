import { createHash } from 'node:crypto';

/** Places for as many numbers as fit in 64 MiB at a load of five eighths. */
const mostSlots = 2 ** 23;

/** Counts numbers that were there before, by 64 bits of a hash each. */
export type SeenNumbers = {
  add(number: string): void;
  /** Numbers that stood more than once, counted once for each time too many; undefined where there were too many to remember. */
  repeated(): number | undefined;
};

/** Remembers numbers in 8 bytes each: of five million, two are taken for one in a millionth of all runs. */
export function createSeenNumbers(most = mostSlots): SeenNumbers {
  let slots = new BigUint64Array(Math.min(most, 2 ** 12));
  let used = 0;
  let repeated: number | undefined = 0;

  const placeOf = (table: BigUint64Array, hash: bigint): number => {
    const mask = table.length - 1;
    let at = Number(hash & BigInt(mask));
    while (table[at] !== 0n && table[at] !== hash) at = (at + 1) & mask;
    return at;
  };
  const grow = (): void => {
    const larger = new BigUint64Array(slots.length * 2);
    for (const hash of slots) if (hash !== 0n) larger[placeOf(larger, hash)] = hash;
    slots = larger;
  };

  return {
    add(number) {
      if (repeated === undefined) return;
      const hash = createHash('sha256').update(number).digest().readBigUInt64LE() | 1n;
      if (used > slots.length * 0.625) {
        if (slots.length >= most) {
          repeated = undefined;
          return;
        }
        grow();
      }
      const at = placeOf(slots, hash);
      if (slots[at] === hash) repeated += 1;
      else {
        slots[at] = hash;
        used += 1;
      }
    },
    repeated: () => repeated,
  };
}
