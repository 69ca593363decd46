import { createHash } from 'node:crypto';
import { ICalAlarmType, ICalCalendar, type ICalEventData, ICalEventTransparency } from 'ical-generator';
import type { Deadline, Renewal, RenewalItem } from '../assessment/renewal-schema.ts';
import { daysBetween, type PlainDate } from '../evidence/dates.ts';
import { fill, type Language, printable, type Text } from '../text.ts';
import { citedAs, dateTitle, type Say, sayer } from './terminal/renewal-lines.ts';
import { renewalWords } from './words/renewal.ts';

/** Days before a date on which a calendar reminds of it. */
const alarmDays = [30, 7];

const day = 86_400;

/** A calendar file, and how many dates it holds. */
export type RenewalCalendar = { readonly text: string; readonly events: number };

/**
 * The plan's dates as iCalendar (RFC 5545), one all-day event each. The same plan gives the same bytes; a later plan of the same
 * platform has the same UIDs with a higher SEQUENCE, so that importing it moves what is there.
 */
export function renewalCalendar(plan: Renewal, language: Language): RenewalCalendar {
  const say = sayer(language);
  const events = datesOf(plan).map((date) => eventOf(date, plan, say));
  const name = say.word('calendar', { platform: plan.platform.name });
  const calendar = new ICalCalendar({
    name,
    prodId: { company: 'leqi-audit', product: 'renewal', language: language.toUpperCase() },
    events,
  });
  return { text: calendar.toString(), events: events.length };
}

/** One date: `kind` keeps the opening of a window apart from its end. */
type CalendarDate = {
  readonly key: string;
  readonly kind: 'opens' | 'due' | 'ends';
  readonly on: PlainDate;
  readonly title: Text;
  readonly item?: RenewalItem;
};

function datesOf({ term, deadlines }: Renewal): CalendarDate[] {
  const { filing, until } = term;
  const isAwaited = filing !== undefined && deadlines.some(({ key }) => key === filing.key);
  // Where a check judges the end of the validity, its own deadline says more.
  const hasEnd = deadlines.some(({ check, due }) => check === 'calendar/in-force' && due === until);
  return [
    ...(isAwaited && filing.opens
      ? [{ key: filing.key, kind: 'opens' as const, on: filing.opens, title: renewalWords.opens, item: filing }]
      : []),
    ...deadlines.map((deadline) => ({
      key: deadline.key,
      kind: 'due' as const,
      on: deadline.due,
      title: titleOf(deadline),
      item: deadline,
    })),
    ...(until && !hasEnd ? [{ key: 'term', kind: 'ends' as const, on: until, title: renewalWords.ends }] : []),
  ];
}

function titleOf(deadline: Deadline): Text {
  const title = dateTitle(deadline);
  return deadline.overdue ? fill(renewalWords.late, { title }) : title;
}

function eventOf({ key, kind, on, title, item }: CalendarDate, plan: Renewal, say: Say): ICalEventData {
  const summary = item ? `${say(title)} · ${item.requirement}` : say(title);
  return {
    id: `${uid([plan.unit.creditCode, plan.platform.name, key, kind])}@leqi-audit`,
    // Importing programs take the higher one for the newer.
    sequence: Math.max(0, daysBetween('2020-01-01', plan.asOf)),
    stamp: midnight(plan.asOf),
    start: midnight(on),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    summary,
    ...(item ? { description: descriptionOf(item, plan.asOf, say) } : {}),
    alarms: alarmDays.map((days) => ({ type: ICalAlarmType.display, triggerBefore: days * day, description: summary })),
  };
}

function descriptionOf(item: RenewalItem, asOf: PlainDate, say: Say): string {
  return [
    say.word('requirement') + say(citedAs(item)),
    say(item.title),
    say.word('state', { asOf }) + say(item.text),
    ...(item.remedy ? [say.word('todo') + say(item.remedy)] : []),
    ...(item.ifMissed ? [say.word('ifMissed') + say(item.ifMissed)] : []),
  ]
    .map(printable)
    .join('\n');
}

function uid(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

// The library writes all-day dates in UTC.
function midnight(date: PlainDate): Date {
  return new Date(`${date}T00:00:00Z`);
}
