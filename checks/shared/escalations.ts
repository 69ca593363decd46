import { z } from 'zod';
import type { Text } from '../../src/text.ts';
import { isHeavy, type Level } from './event-levels.ts';
import { type Event, isOrdered, isReminded } from './events.ts';

/** How many of each, not met, lead to a graver level. */
export const escalate = z.strictObject({ reminders: z.int().positive(), orders: z.int().positive() });

/** How many measures that are not heeded lead to a graver level. */
export type Escalation = {
  readonly limit: number;
  readonly level: Level;
  readonly measure: Text;
  /** Undefined where it is not known. */
  counts(event: Event): boolean | undefined;
};

/** So many reminders, or orders with major loss or serious effect, that are not met, and what each leads to. */
export function escalationsBy({ reminders, orders }: z.output<typeof escalate>): Escalation[] {
  return [
    {
      limit: reminders,
      level: 'new-units-suspended',
      measure: { zh: '税务机关提示提醒', en: 'reminded by the bureau' },
      counts: isReminded,
    },
    {
      limit: orders,
      level: 'service-suspended',
      measure: { zh: '责令限期改正且损失重大或影响严重', en: 'ordered to correct, with major loss or serious effect' },
      counts: (event) => both(isOrdered(event), isHeavy(event)),
    },
  ];
}

/** Whether both hold, as far as it is known. */
export function both(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  return one === false || other === false ? false : one && other;
}
