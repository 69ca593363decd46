import { randomBytes } from 'node:crypto';

/** A part of a key's values, both ends in it. */
export type Range = { readonly from: bigint; readonly to: bigint };

/**
 * Parts the values of an integer key into ranges that begin at random points and overlap nowhere, the first at the lowest value; fewer where there
 * are not so many values.
 */
export function rangesBetween(low: bigint, high: bigint, count: number): Range[] {
  const span = high - low + 1n;
  const starts = new Set([low]);
  for (let index = 1; index < count; index += 1) starts.add(low + below(span));
  const sorted = [...starts].toSorted((a, b) => (a < b ? -1 : 1));
  return sorted.map((from, index) => ({ from, to: (sorted[index + 1] ?? high + 1n) - 1n }));
}

function below(span: bigint): bigint {
  return BigInt(`0x${randomBytes(16).toString('hex')}`) % span;
}
