import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { keyOf, type Unit } from './using-units.ts';

/** Whose identity a using unit must have verified. */
export const roles = ['legal-representative', 'finance-head', 'clerk'] as const;

/** A real-name check of one person, who is not named: of clerks there may be several. */
export type Verification = Entry<'verifications'>;

/** The last checks of a role in a unit; the failed one is kept whole, for what was done about it. */
type Checked = { passedOn?: PlainDate; failed?: Verification };

/** How a role in a unit stands. */
type Standing =
  | { is: 'verified'; on: PlainDate }
  | { is: 'stopped' | 'neverVerified' | 'tooOld' | 'notSuspended' | 'notEnded' | 'besidePassed' };

/** The units whose checks matter, by the keys of their credit codes. */
type ByCode = ReadonlyMap<string, Unit>;

/** The last checks of a role by the same keys, of those made by the as-of date. */
export function lastChecks(
  entries: readonly Verification[],
  role: string,
  units: ByCode,
  asOf: PlainDate,
): ReadonlyMap<string, Checked> {
  const last = new Map<string, Checked>();
  for (const entry of entries) {
    const on = entry.verifiedOn;
    if (entry.role !== role || on === undefined || on > asOf) continue;
    const code = keyOf(entry.creditCode ?? '');
    if (!units.has(code)) continue;
    const known = last.get(code) ?? {};
    last.set(code, known);
    if (entry.result === 'passed' && on > (known.passedOn ?? '')) known.passedOn = on;
    if (entry.result === 'failed' && isWorse(entry, known.failed)) known.failed = entry;
  }
  return last;
}

// Of two on one day, the one that nothing was done about.
function isWorse({ verifiedOn = '', suspendedOn }: Verification, known: Verification | undefined): boolean {
  const knownOn = known?.verifiedOn ?? '';
  return verifiedOn > knownOn || (verifiedOn === knownOn && suspendedOn === undefined);
}

/** How a role stands in all units: the units by standing, and the first of the days on which they were verified. */
export type Standings = { readonly by: ReadonlyMap<Standing['is'], readonly Unit[]>; readonly first?: PlainDate };

/** Judges the last checks of a role; `oldest` is the first day on which a check is recent enough. */
export function standingsOf(
  units: ByCode,
  last: ReadonlyMap<string, Checked>,
  oldest: PlainDate,
  asOf: PlainDate,
): Standings {
  const by = new Map<Standing['is'], Unit[]>();
  let first: PlainDate | undefined;
  for (const [code, unit] of units) {
    const standing = standingOf(last.get(code) ?? {}, oldest, asOf);
    const alike = by.get(standing.is);
    if (alike) alike.push(unit);
    else by.set(standing.is, [unit]);
    if (standing.is === 'verified' && (first === undefined || standing.on < first)) first = standing.on;
  }
  return { by, ...(first !== undefined && { first }) };
}

function standingOf({ passedOn, failed }: Checked, oldest: PlainDate, asOf: PlainDate): Standing {
  const failedOn = failed?.verifiedOn;
  if (failed && failedOn !== undefined && failedOn >= (passedOn ?? ''))
    return afterFailure(failed, passedOn, oldest, asOf);
  if (passedOn === undefined) return { is: 'neverVerified' };
  return recent(passedOn, oldest);
}

function afterFailure(
  failed: Verification,
  passedOn: PlainDate | undefined,
  oldest: PlainDate,
  asOf: PlainDate,
): Standing {
  const { verifiedOn = '', suspendedOn, correctedOn, stoppedOn } = failed;
  if (suspendedOn === undefined || suspendedOn > asOf)
    // Which of two checks on one day came last cannot be told.
    return { is: passedOn === verifiedOn ? 'besidePassed' : 'notSuspended' };
  const ends = (date: PlainDate | undefined): date is PlainDate =>
    date !== undefined && date >= suspendedOn && date <= asOf && suspendedOn >= verifiedOn;
  if (ends(stoppedOn)) return { is: 'stopped' };
  return ends(correctedOn) ? recent(correctedOn, oldest) : { is: 'notEnded' };
}

function recent(on: PlainDate, oldest: PlainDate): Standing {
  return on >= oldest ? { is: 'verified', on } : { is: 'tooOld' };
}

/**
 * Recent failed checks of clerks that nothing was done about, and that no later check settles: it may be another clerk's.
 * `last` are those of clerks in the units that matter.
 */
export function unsettledClerks(
  entries: readonly Verification[],
  last: ReadonlyMap<string, Checked>,
  oldest: PlainDate,
  asOf: PlainDate,
): Verification[] {
  return entries.filter((entry) => {
    const { role, result, verifiedOn = '', suspendedOn, correctedOn, stoppedOn, creditCode = '' } = entry;
    if (role !== 'clerk' || result !== 'failed' || verifiedOn < oldest || verifiedOn > asOf) return false;
    if (suspendedOn !== undefined || correctedOn !== undefined || stoppedOn !== undefined) return false;
    const known = last.get(keyOf(creditCode));
    return known !== undefined && (known.failed !== entry || (known.passedOn ?? '') > verifiedOn);
  });
}
