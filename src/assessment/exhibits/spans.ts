import { z } from 'zod';
import type { Evidence } from '../../../checks/check.ts';
import type { Records } from '../../evidence/database/records.ts';
import {
  addDays,
  addToMonth,
  type Month,
  monthOf,
  monthsBefore,
  monthsFrom,
  type PlainDate,
} from '../../evidence/dates.ts';
import type { LogStores } from '../../evidence/host/log-stores.ts';
import type { CentralLogs } from '../../evidence/network/central-logs.ts';
import type { Seen } from '../../evidence/observation.ts';
import { plainDate } from '../../evidence/schemas.ts';
import type { Profile } from '../profile.ts';

/** What is kept: logs of three kinds (GB/T 22239 tells them apart), and records of data stores. */
export const spanKinds = ['system', 'network', 'application', 'data'] as const;

const run = z.strictObject({ from: plainDate, to: plainDate });

const span = z.strictObject({
  of: z.enum(spanKinds),
  /** The host or store. */
  subject: z.string(),
  /** The log or table. */
  name: z.string(),
  /** The day that its oldest entry must not be later than. */
  due: plainDate,
  first: plainDate,
  last: plainDate,
  /** Days without an entry where some are to be expected, oldest first. */
  gaps: z.array(run),
  /** More gaps than are kept here. */
  moreGaps: z.int().positive().optional(),
  /** Only a part of it was read: a day that shows none may have some. */
  partial: z.literal(true).optional(),
  cite: z.string(),
});

/** How far logs and records reach back; the shortest first, and of many only those. */
export const spansSchema = z.strictObject({
  /** The day the platform went into service: nothing can be older. */
  since: plainDate.optional(),
  rows: z.array(span),
  /** How many more there are of each kind. */
  more: z.partialRecord(z.enum(spanKinds), z.int().positive()),
});

export type Span = z.output<typeof span>;
export type Spans = z.output<typeof spansSchema>;
export type SpanKind = (typeof spanKinds)[number];

// What a reader takes in, twice over: the picture shows fewer still.
const mostRows = 60;
const mostGaps = 24;

/** The logs and tables that the profile asks a period of. */
export function spansIn(
  seen: Evidence<'centralLogs' | 'logStores' | 'platform' | 'records'>,
  profile: Pick<Profile, 'requirements'>,
): Spans {
  const asked = askedIn(profile);
  const all = [
    ...seen.logStores.flatMap((host) => logSpans(host, asked)),
    ...seen.centralLogs.flatMap((central) => centralSpans(central, asked)),
    ...seen.records.flatMap((store) => tableSpans(store, asked)),
  ];
  const kept = spanKinds.map((kind) => {
    const own = all.filter(({ of }) => of === kind).toSorted(byShortness);
    return { kind, rows: own.slice(0, mostRows), more: own.length - mostRows };
  });
  const since = seen.platform[0]?.value.since;
  return {
    ...(since ? { since } : {}),
    rows: kept.flatMap(({ rows }) => rows),
    more: Object.fromEntries(kept.flatMap(({ kind, more }) => (more > 0 ? [[kind, more]] : []))),
  };
}

type Asked = { readonly months: ReadonlyMap<SpanKind, number>; readonly holds: ReadonlySet<string> };

const retention = z.object({
  months: z.number(),
  of: z.enum(spanKinds).default('data'),
  holds: z.array(z.string()).default([]),
});

// The longest period asked of each kind.
function askedIn({ requirements }: Pick<Profile, 'requirements'>): Asked {
  const months = new Map<SpanKind, number>();
  const holds = new Set<string>();
  for (const { check, parameters } of requirements.flatMap(({ uses }) => uses)) {
    const asked = check.id.endsWith('/retention') ? retention.safeParse(parameters).data : undefined;
    if (!asked) continue;
    months.set(asked.of, Math.max(asked.months, months.get(asked.of) ?? 0));
    for (const each of asked.holds) holds.add(each);
  }
  return { months, holds };
}

function logSpans({ id, subject, on, value }: Seen<LogStores>, { months }: Asked): Span[] {
  return value.stores.flatMap((store) => {
    const { of, path, oldest, newest, missing } = store;
    const asked = of === 'other' ? undefined : months.get(of);
    if (of === 'other' || asked === undefined || !oldest || !newest) return [];
    const isPartial = store.sampled || store.problems.length > 0 || store.lookedFrom !== undefined;
    const row = { of, subject, name: path, due: monthsBefore(on, asked), first: oldest, last: newest, cite: id };
    return [{ ...row, ...gapsOf(missing.toReversed()), ...(isPartial ? { partial: true as const } : {}) }];
  });
}

function centralSpans({ id, subject, on, value }: Seen<CentralLogs>, { months }: Asked): Span[] {
  const asked = months.get(value.of);
  if (asked === undefined) return [];
  const series = value.hosts.length > 0 ? value.hosts : [{ name: value.selection, ...value.all }];
  return series.flatMap(({ name, oldest, newest, missing }) => {
    if (!oldest || !newest) return [];
    const isPartial = value.unseen.length > 0;
    const row = { of: value.of, subject, name, due: monthsBefore(on, asked), first: oldest, last: newest, cite: id };
    return [{ ...row, ...gapsOf(missing.toReversed()), ...(isPartial ? { partial: true as const } : {}) }];
  });
}

function tableSpans({ id, subject, on, value }: Seen<Records>, { months, holds }: Asked): Span[] {
  const asked = months.get('data');
  if (asked === undefined) return [];
  return value.tables.flatMap((table): Span[] => {
    const { name, oldest, newest } = table;
    if (!holds.has(table.holds) || !oldest || !newest) return [];
    const isPartial = table.counted === 'sample';
    const row = {
      of: 'data',
      subject,
      name,
      due: monthsBefore(on, asked),
      first: oldest,
      last: newest,
      cite: id,
    } as const;
    // A sample never shows that a month is empty.
    const empty = isPartial ? [] : emptyMonths(table.months, oldest, newest);
    return [{ ...row, ...gapsOf(empty), ...(isPartial ? { partial: true as const } : {}) }];
  });
}

function emptyMonths(months: Readonly<Record<Month, number>>, first: PlainDate, last: PlainDate): Run[] {
  return monthsFrom(monthOf(first), monthOf(last))
    .filter((month) => months[month] === undefined)
    .map((month) => ({ from: `${month}-01`, to: addDays(`${addToMonth(month, 1)}-01`, -1) }));
}

type Run = { readonly from: PlainDate; readonly to: PlainDate };

function gapsOf(runs: readonly Run[]): Pick<Span, 'gaps' | 'moreGaps'> {
  const gaps = runs.slice(-mostGaps).map(({ from, to }) => ({ from, to }));
  const more = runs.length - gaps.length;
  return { gaps, ...(more > 0 ? { moreGaps: more } : {}) };
}

/** Whether it reaches back as far as is asked, and shows no gap. */
export function isSufficient({ first, due, gaps }: Span): boolean {
  return first <= due && gaps.length === 0;
}

/** What falls short or has gaps first, then what reaches back least. */
export function byShortness(one: Span, other: Span): number {
  const [a, b] = [one, other].map((each) => [Number(isSufficient(each)), each.first] as const);
  if (!a || !b || a[0] !== b[0]) return (a?.[0] ?? 0) - (b?.[0] ?? 0);
  const places = [one, other].map(({ subject, name }) => `${subject}\n${name}`);
  return a[1] === b[1] ? compared(places[0] ?? '', places[1] ?? '') : compared(b[1], a[1]);
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
