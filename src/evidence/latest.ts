import type { Kind } from './kinds.ts';
import { originOf } from './observation.ts';

type Dated = {
  readonly id: string;
  readonly kind: Kind;
  readonly subject: string;
  readonly at: string;
  readonly source: { readonly zone: string };
};

/**
 * What one observation at most is taken of. From where the scanner stood a network looks different, a host, a store or a paper does not:
 * network evidence is kept of each zone, other evidence of each subject.
 */
export function placeOf({ kind, subject, source }: Dated): string {
  return JSON.stringify([kind, subject, originOf(kind) === 'network' ? source.zone : '']);
}

/** Which of two observations of one place is the later one; ids decide between two of one moment, so that no order of reading does. */
export function isLater(one: Dated, other: Dated): boolean {
  return one.at === other.at ? one.id > other.id : one.at > other.at;
}
