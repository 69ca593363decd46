import { assert, type IProperty } from 'fast-check';

/** Tries a property often, always with the same inputs; what it fails for is printed with seed and path. */
export function holds<Inputs extends [unknown, ...unknown[]]>(property: IProperty<Inputs>, runs: number): void {
  assert(property, { numRuns: runs, seed: Number(process.env.FUZZ_SEED ?? 20_261_122) });
}
