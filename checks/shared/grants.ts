import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { isCurrent, isInUse, keyOf, type Unit } from './using-units.ts';

/** A capability granted to a using unit. */
export type Grant = Entry<'grants'>;

type Capability = Entry<'capabilities'>;

/** What may be wrong with a grant, or unknown of it. */
export type GrantFault =
  | 'unitUnknown'
  | 'unitNotCurrent'
  | 'capabilityUnknown'
  | 'capabilityStopped'
  | 'unfit'
  | 'tradesUnknown'
  | 'unitTradeUnknown';

/** Units by credit code and capabilities by name, for judging grants on a day. */
export type Books = {
  readonly units: ReadonlyMap<string, KnownUnit>;
  readonly capabilities: ReadonlyMap<string, KnownCapability>;
};

/** `trades`: the industry's words, then those of the licences. */
type KnownUnit = { readonly current: boolean; readonly trades: readonly (readonly string[])[] };

type KnownCapability = { readonly inUse: boolean; readonly fits: Fits };

type Fits = 'any' | 'unknown' | ReadonlySet<string>;

/** Makes the books; a row that counts on the day goes before one of the same name that does not. */
export function booksOf(units: readonly Unit[], capabilities: readonly Capability[], asOf: PlainDate): Books {
  const words = remembered(wordsIn);
  const tradesOf = remembered((cell) => new Set(wordsIn(cell)));
  const byCode = new Map<string, KnownUnit>();
  for (const unit of units) {
    const code = keyOf(unit.creditCode ?? '');
    if (byCode.get(code)?.current) continue;
    byCode.set(code, { current: isCurrent(unit, asOf), trades: [words(unit.industry), words(unit.licences)] });
  }
  const byName = new Map<string, KnownCapability>();
  for (const capability of capabilities) {
    const name = keyOf(capability.name ?? '');
    if (byName.get(name)?.inUse) continue;
    byName.set(name, {
      inUse: isInUse(capability, asOf),
      fits: fitsOf(capability.public, tradesOf(capability.trades)),
    });
  }
  return { units: byCode, capabilities: byName };
}

// 100,000 units share a few industries.
function remembered<T>(read: (cell: string) => T): (cell: string | undefined) => T {
  const known = new Map<string, T>();
  return (cell = '') => {
    const before = known.get(cell);
    if (before !== undefined) return before;
    const now = read(cell);
    known.set(cell, now);
    return now;
  };
}

/** Whether a grant is in force on a day; one that ends before it was given is, until its dates are put right. */
export function isInForce({ grantedOn = '', endedOn }: Grant, asOf: PlainDate): boolean {
  return grantedOn <= asOf && (endedOn === undefined || endedOn > asOf || endedOn < grantedOn);
}

/** Whether the dates of a grant are missing or contradict each other. */
export function hasUnclearDates({ grantedOn, endedOn, confirmedOn = '9999-12-31' }: Grant, asOf: PlainDate): boolean {
  if (grantedOn === undefined) return true;
  // A grant that is yet to come and already confirmed: a slip of the pen would hide it.
  return (endedOn !== undefined && endedOn < grantedOn) || (grantedOn > asOf && confirmedOn <= asOf);
}

/** What is wrong with a grant in force, its dates and confirmation aside. */
export function faultsOf(grant: Grant, { units, capabilities }: Books): GrantFault[] {
  const unit = units.get(keyOf(grant.creditCode ?? ''));
  const capability = capabilities.get(keyOf(grant.capability ?? ''));
  const faults: GrantFault[] = [];
  if (!unit) faults.push('unitUnknown');
  else if (!unit.current) faults.push('unitNotCurrent');
  if (!capability) faults.push('capabilityUnknown');
  else if (!capability.inUse) faults.push('capabilityStopped');
  const misfit = unit && capability && misfitOf(unit.trades, capability.fits);
  return misfit ? [...faults, misfit] : faults;
}

function misfitOf(trades: KnownUnit['trades'], fits: Fits): GrantFault | undefined {
  if (fits === 'any') return undefined;
  if (fits === 'unknown') return 'tradesUnknown';
  if (trades.every((words) => words.length === 0)) return 'unitTradeUnknown';
  return trades.some((words) => words.some((word) => fits.has(word))) ? undefined : 'unfit';
}

const anyTrade = ['不限', '不限行业', '全部', '全部行业', 'ANY', 'ALL'] as const;

const nothing: ReadonlySet<string> = new Set([
  '',
  '无',
  '不适用',
  '不详',
  '未知',
  '-',
  '—',
  '/',
  'N/A',
  'NONE',
  'UNKNOWN',
]);

function fitsOf(isPublic: string | undefined, trades: ReadonlySet<string>): Fits {
  if (anyTrade.some((word) => trades.has(word))) return 'any';
  if (trades.size > 0) return trades;
  return isPublic === 'yes' ? 'any' : 'unknown';
}

// NFKC makes full-width separators plain; words for nothing must not match each other.
function wordsIn(cell: string): readonly string[] {
  const whole = keyOf(cell);
  return nothing.has(whole) ? [] : whole.split(/[、,;/]/).filter((word) => !nothing.has(word));
}
