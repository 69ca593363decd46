import { addDays, daysBetween, type PlainDate } from '../dates.ts';
import type { LogStore, LogStores, LogSubject, MissingDays } from './log-stores.ts';

/** The period that a store is held against. */
export type Period = {
  /** The day the oldest entry must not be later than. */
  readonly due: PlainDate;
  /** The day the platform went into service. */
  readonly since: PlainDate;
  /** The day this host replaced another or joined. */
  readonly hostSince?: PlainDate | undefined;
  readonly today: PlainDate;
  /** Days that a date on the host may stand for a later one where the period is counted: 1 if its clock is behind that zone. */
  readonly slack: 0 | 1;
};

/** How the entries of a store cover a period. */
export type Coverage = {
  readonly state: 'complete' | 'since-start' | 'young' | 'replaced' | 'recreated' | 'missing' | 'doubtful' | 'stopped';
  /** The days concerned: without entries where some are to be expected. */
  readonly runs: readonly MissingDays[];
  /** All of it was read, so that what was not seen is not there. */
  readonly whole: boolean;
};

/** What shows days with entries: a store of a host, or a series in a central one. */
export type Dated = Pick<LogStore, 'missing' | 'lookedFrom' | 'sampled' | 'container'> & {
  readonly oldest: PlainDate;
  /** Why not all of it was seen. */
  readonly problems: readonly unknown[];
};

/** Holds a store that shows an oldest entry against a period; the worst that can be said of it. */
export function coverageOf(store: Dated, period: Period): Coverage {
  const { due, since, hostSince, slack, today } = period;
  const start = later(due, since);
  const reached = addDays(store.oldest, slack);
  const unlooked = store.lookedFrom !== undefined && store.lookedFrom > start;
  const whole = store.problems.length === 0 && !store.sampled && !unlooked;
  const known = (state: Coverage['state'], runs: readonly MissingDays[] = []): Coverage => ({ state, runs, whole });

  const replaced = hostSince !== undefined && hostSince > start;
  const recreated = wasRecreated(store, start, reached);
  if (reached > start && !(replaced && reached <= hostSince) && !recreated) return known('young');
  const runs = store.missing.filter((run) => run.to >= start).map((run) => clipped(run, start));
  const certain = runs.filter((run) => run.certain);
  const ending = runs.filter((run) => run.to === addDays(today, -1));
  const inner = certain.filter((run) => !ending.includes(run));
  if (inner.length > 0) return known('missing', inner);
  if (ending.some((run) => run.certain)) return known('stopped', ending);
  if (runs.length > 0) return known('doubtful', runs);
  if (unlooked || store.sampled) return known('doubtful');
  if (reached > start) return known(recreated ? 'recreated' : 'replaced');
  return known(reached > due ? 'since-start' : 'complete');
}

// A container's log goes with it, and reaches back to its creation at most; of pods it is not known when they were created.
function wasRecreated({ container }: Pick<LogStore, 'container'>, start: PlainDate, reached: PlainDate): boolean {
  if (!container || reached <= start) return false;
  const { created } = container;
  return created === undefined || (created > start && daysBetween(created, reached) <= 7);
}

/** Whether the host's date can be the one on which it was asked: two time zones are a day apart at most. */
export function clocksAgree(today: PlainDate, on: PlainDate): boolean {
  return Math.abs(daysBetween(today, on)) <= 1;
}

/** One stream of a host's logs with what carries it; system logs always have a general one and one of logins. */
export type Stream = { stream: string; stores: LogStore[]; unread: LogStores['unread'] };

/** The streams of one kind of log, with the stores that hold something and the places that could not be read. */
export function streamsOf({ stores, unread }: LogStores, of: LogSubject): Stream[] {
  const holding = stores.filter((store) => store.of === of && (store.bytes > 0 || store.problems.length > 0));
  const closed = unread.filter((each) => each.of === of);
  const names = new Set(of === 'system' ? ['general', 'auth'] : []);
  for (const stream of [...holding, ...closed].flatMap((each) => each.streams)) names.add(stream);
  return [...names].map((stream) => ({
    stream,
    stores: holding.filter((store) => store.streams.includes(stream)),
    unread: closed.filter((each) => each.streams.includes(stream)),
  }));
}

/** Runs of days as a reader takes them in: how many, and the first few. */
export function daysOf(runs: readonly MissingDays[]): { count: number; days: string } {
  const shown = runs.slice(0, 6).map(({ from, to }) => (from === to ? from : `${from}/${to}`));
  return {
    count: runs.reduce((sum, run) => sum + run.days, 0),
    days: `${shown.join(', ')}${runs.length > shown.length ? ' …' : ''}`,
  };
}

function clipped(run: MissingDays, start: PlainDate): MissingDays {
  const from = later(run.from, start);
  return { ...run, from, days: daysBetween(from, run.to) + 1 };
}

function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}
