import { addDays, addMonths, isDate, type PlainDate } from '../../src/evidence/dates.ts';
import type { Entry, Ledger } from '../../src/evidence/filed/ledgers.ts';
import { isAfter } from './ledger-dates.ts';
import { picker, type Reporting } from './reporting.ts';

/** How an entry stands at the as-of date. */
export type Standing =
  | 'inTime'
  | 'late'
  /** Not done, and the ledger shows it past the limit. */
  | 'overdue'
  /** Not done, and not known to be past a limit. */
  | 'open'
  /** Kind, measure or party is not known, so that it may be one of those asked for. */
  | 'unsorted'
  /** It should have the first date, and has none that is one. */
  | 'undated'
  /** Its dates cannot all be right, or it is said not to be known whether it is done. */
  | 'contradictory'
  /** Done, but it states no limit, and there is no other. */
  | 'unlimited'
  /** The ledger lacks a column that would tell. */
  | 'unseen';

/** An entry that is asked about, with its limit. */
export type Stand = { readonly entry: Entry; readonly standing: Standing; readonly due?: PlainDate | undefined };

/** What all entries are held against. */
type Frame = {
  readonly asked: Reporting;
  readonly asOf: PlainDate;
  /** The last day that the ledger tells of: what happened later is not in it. */
  readonly known: PlainDate;
  readonly columns: ReadonlySet<string>;
  limitAfter(from: PlainDate): PlainDate | undefined;
};

/** Sorts the entries that are asked about, up to the as-of date. */
export function standings(
  entries: readonly Entry[],
  { columns, until }: Pick<Ledger, 'columns' | 'until'>,
  asked: Reporting,
  asOf: PlainDate,
): Stand[] {
  const pick = picker(asked);
  const known = until < asOf ? until : asOf;
  const frame: Frame = { asked, asOf, known, columns: new Set(columns), limitAfter: limits(asked) };
  return entries.flatMap((entry) => {
    const picked = pick(entry);
    if (picked === 'no' || isAfter(entry[asked.from], asOf)) return [];
    return picked === 'maybe' ? { entry, standing: 'unsorted' as const } : (standOf(entry, frame) ?? []);
  });
}

function standOf(entry: Entry, frame: Frame): Stand | undefined {
  const { asked, columns } = frame;
  const from = entry[asked.from];
  if (from !== undefined) return isDate(from) ? datedStand(entry, from, frame) : { entry, standing: 'undated' };
  if (!columns.has(asked.from)) return { entry, standing: 'unseen' };
  return hasOccurred(entry, asked) ? { entry, standing: 'undated' } : undefined;
}

// Picked by what it is, or with a limit, an entry lacks its first date; else there was nothing to report. The other date alone says
// nothing: a using unit that left need not have been unqualified.
function hasOccurred(entry: Entry, { kinds, measures, due }: Reporting): boolean {
  return kinds !== undefined || measures !== undefined || (due !== undefined && entry[due] !== undefined);
}

function datedStand(entry: Entry, from: PlainDate, frame: Frame): Stand {
  const { asked } = frame;
  const stated = asked.due && entry[asked.due];
  const isWrong = stated !== undefined && !(isDate(stated) && stated >= from);
  const due = earliest(asked.before ? from : frame.limitAfter(from), isWrong ? undefined : stated);
  const standing = standingBy(entry, from, due, frame);
  return { entry, standing: isWrong && !isSettled(standing) ? 'contradictory' : standing, due };
}

// A wrong limit changes nothing about what is past another one.
function isSettled(standing: Standing): boolean {
  return standing === 'late' || standing === 'overdue' || standing === 'unseen';
}

function standingBy(entry: Entry, from: PlainDate, due: PlainDate | undefined, frame: Frame): Standing {
  const { asked, known, columns } = frame;
  const done = doneOn(entry, from, frame);
  if (done === 'contradictory') return done;
  if (done === undefined && !columns.has(asked.to)) return 'unseen';
  if (done === undefined) return due !== undefined && due < known ? 'overdue' : 'open';
  if (due === undefined) return asked.due ? 'unlimited' : 'inTime';
  return done > due ? 'late' : 'inTime';
}

function doneOn(entry: Entry, from: PlainDate, { asked, asOf }: Frame): PlainDate | 'contradictory' | undefined {
  const to = entry[asked.to];
  // A correction that is said to be incomplete is none.
  const fully = asked.to === 'correctedOn' ? (entry.metFully ?? 'yes') : 'yes';
  if (to === undefined || fully === 'no' || isAfter(to, asOf)) return undefined;
  return isDate(to) && fully === 'yes' && (asked.before || to >= from) ? to : 'contradictory';
}

// Many entries share a date, and calendar arithmetic costs more than a look-up.
function limits({ days, months }: Reporting): Frame['limitAfter'] {
  const known = new Map<PlainDate, PlainDate | undefined>();
  return (from) => {
    const limit =
      known.get(from) ??
      earliest(
        days === undefined ? undefined : addDays(from, days),
        months === undefined ? undefined : addMonths(from, months),
      );
    known.set(from, limit);
    return limit;
  };
}

function earliest(one: PlainDate | undefined, other: PlainDate | undefined): PlainDate | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
