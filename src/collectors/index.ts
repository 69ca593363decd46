import type { Kind } from '../evidence/kinds.ts';
import type { Collector } from './collector.ts';
import { clock } from './host/clock.ts';

/** Every collector, one line each. */
export const collectors: readonly Collector[] = [clock];

/** The collector of a kind; undefined for a kind that only arises elsewhere. */
export function collectorOf(kind: Kind): Collector | undefined {
  return collectors.find((collector) => collector.kind === kind);
}
