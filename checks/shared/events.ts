import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import { eventKinds } from '../../src/evidence/filed/event-kinds.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { joined, type Text } from '../../src/text.ts';
import { isAfter } from './ledger-dates.ts';

/** A row of the ledger of events. */
export type Event = Entry<'events'>;

type EventKind = keyof typeof eventKinds;

/** A kind of event that the guidances name; a misspelt one in a profile would never be found, and so is refused. */
export const eventKind = z.enum(Object.keys(eventKinds) as [EventKind, ...EventKind[]]);

/** Whom an event concerns. */
export const party = z.enum(['unit', 'using-unit', 'platform']);

/** Whether the kind is one that the guidances name, and not free words. */
export function isClassified({ kind }: Pick<Event, 'kind'>): boolean {
  return kind !== undefined && Object.hasOwn(eventKinds, kind);
}

/** What kinds of event are called. */
export function kindsText(kinds: readonly EventKind[]): Text {
  const titles = kinds.map((kind): Text => ({ zh: eventKinds[kind][0], en: eventKinds[kind][1] }));
  return joined(titles, '、', ', ');
}

/** The events of these parties (of all, without any), without those dated after the as-of date. What names no party counts. */
export function eventsOf(
  events: readonly Event[],
  parties: readonly z.output<typeof party>[] | undefined,
  asOf: PlainDate,
): Event[] {
  const asked: ReadonlySet<string> | undefined = parties && new Set(parties);
  return events.filter(({ on, party: of }) => !isAfter(on, asOf) && (!asked || of === undefined || asked.has(of)));
}

// A suspension comes with an ordered correction.
const orders: readonly string[] = ['order', 'new-units-suspended', 'service-suspended'];
const others: readonly string[] = ['none', 'reminder', 'exit-ordered'];

/** Whether the bureau ordered a correction; undefined if its measure is not known. */
export function isOrdered({ measure = '' }: Event): boolean | undefined {
  return orders.includes(measure) || (others.includes(measure) ? false : undefined);
}

/** Whether the bureau gave a reminder; undefined if its measure is not known. */
export function isReminded({ measure = '' }: Event): boolean | undefined {
  return measure === 'reminder' || ([...orders, ...others].includes(measure) ? false : undefined);
}
