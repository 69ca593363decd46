import { z } from 'zod';
import { isDate, monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { type Evidence, type Finding, met, notApplicable, stricter, unproven } from '../check.ts';
import type { backupMessages } from './backup-words.ts';
import { entriesText, noLedger, type Register, registerOf } from './ledger.ts';

type Found = Finding<keyof typeof backupMessages>;
type Test = Entry<'restore-tests'>;

/** Whether it must be shown that backups can be restored. */
export const restored = z.strictObject({
  ledger: z.literal('restore-tests'),
  /** Calendar months that the last test may lie back. */
  within: z.int().positive().meta(stricter.lower),
});

/**
 * What is to be said of the last test of each store that is backed up. No source asks for one: a unit that keeps no register of them is told so, and one that
 * does is held to it; what it does not show is open, never unmet.
 */
export function judgeRestores(
  stores: readonly string[],
  evidence: Pick<Evidence<'ledgers' | 'platform'>, 'ledgers' | 'platform'>,
  { ledger, within }: z.output<typeof restored>,
  asOf: PlainDate,
): Found[] {
  if (!evidence.ledgers.some(({ value }) => value.of === ledger))
    return [notApplicable('restoreNotKept', [], {}, ledger)];
  const register = registerOf(evidence, ledger, asOf, within);
  if (!register) return [noLedger(ledger)];
  return [...stores.map((store) => judgeStore(store, register, within, asOf)), ...register.shortfalls];
}

function judgeStore(
  store: string,
  { seen, entries }: Register<'restore-tests'>,
  within: number,
  asOf: PlainDate,
): Found {
  const held = entries
    .filter((test) => test.store === store && isHeld(test, asOf))
    .toSorted((one, other) => (one.testedOn ?? '').localeCompare(other.testedOn ?? ''));
  const last = held.at(-1);
  if (!last) return unproven('restoreNone', seen, { store, within }, store);
  const on = last.testedOn ?? '';
  const same = held.filter((test) => test.testedOn === on);
  const data = { store, on, backup: last.backup ?? '-', within, entries: entriesText(same) };
  if (on < monthsBefore(asOf, within)) return unproven('restoreOld', seen, data, store);
  if (same.some(({ outcome }) => outcome !== 'passed')) return unproven('restoreFailed', seen, data, store);
  if (same.every(({ record }) => record === undefined)) return unproven('restoreNoRecord', seen, data, store);
  return met('restored', seen, data, store);
}

function isHeld({ testedOn }: Test, asOf: PlainDate): boolean {
  return testedOn !== undefined && isDate(testedOn) && testedOn <= asOf;
}
