import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/verified.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

type Cells = Record<string, string>;

const unit = (changes: Cells = {}) => ({
  name: '甲公司',
  creditCode: '91370200MA3C00000X',
  joinedOn: '2024-01-01',
  leftOn: '',
  ...changes,
});

const row = (role: string, verifiedOn: string, changes: Cells = {}) => ({
  creditCode: '91370200MA3C00000X',
  name: '甲公司',
  role,
  verifiedOn,
  result: 'passed',
  suspendedOn: '',
  correctedOn: '',
  stoppedOn: '',
  ...changes,
});

const head = (verifiedOn: string, changes: Cells = {}) => row('finance-head', verifiedOn, changes);
const clerk = (verifiedOn: string, changes: Cells = {}) => row('clerk', verifiedOn, changes);
const legal = (verifiedOn: string, changes: Cells = {}) => row('legal-representative', verifiedOn, changes);
const failed = { result: 'failed' };
const suspended = { result: 'failed', suspendedOn: '2025-11-02' };

const using = (rows: Cells[], units: Cells[] = [unit()], changes: Changes = {}, ofUnits: Changes = {}) => ({
  platform,
  ledgers: [register('verifications', rows, changes), register('using-units', units, ofUnits)],
});

const others = [legal('2025-11-01'), clerk('2025-11-01')];
const whole = [...others, head('2025-11-01')];
const heads = { roles: ['finance-head'], months: 12 };
const clerks = { roles: ['clerk'], months: 12 };

testCheck(check, { roles: ['legal-representative', 'finance-head', 'clerk'], months: 12 }, '2026-03-15', {
  met: {
    'each role passed': { ...using(whole), says: 'allVerified' },
    'exactly the months ago': using([...others, head('2025-02-28')]),
    'one role is asked': { parameters: heads, ...using([head('2025-11-01')]) },
    'failed, then passed': using([...others, head('2025-11-01', failed), head('2025-11-02')]),
    'failed, suspended and corrected': {
      parameters: heads,
      ...using([head('2025-11-01', { ...suspended, correctedOn: '2025-11-09' })]),
    },
    'failed, suspended and stopped': {
      parameters: heads,
      ...using([head('2025-11-01', { ...suspended, stoppedOn: '2025-11-09' })]),
    },
    'a clerk failed, was corrected, and another passed': {
      parameters: clerks,
      ...using([clerk('2025-11-01', { ...suspended, correctedOn: '2025-11-09' }), clerk('2025-11-03')]),
    },
    'a unit that left needs no check': using(whole, [unit(), unit({ creditCode: 'B', leftOn: '2026-03-15' })]),
    'a code in other widths': {
      parameters: heads,
      ...using([head('2025-11-01', { creditCode: '91370200ma3c00000Ｘ' })]),
    },
  },
  unmet: {
    'a role was never verified': { ...using(others), says: 'neverVerified' },
    'a unit was never verified': using(whole, [unit(), unit({ creditCode: 'B' })]),
    'a new unit has no grace': using(whole, [unit(), unit({ creditCode: 'B', joinedOn: '2026-02-28' })]),
    'a day too old': { ...using([...others, head('2025-02-27')]), says: 'tooOld' },
    'only a check after the as-of date': using([...others, head('2026-03-16')]),
    'failed, and not suspended': { ...using([...others, head('2025-11-01', failed)]), says: 'notSuspended' },
    'passed, then failed': using([...whole, head('2025-12-01', failed)]),
    'corrected without suspension': using([...others, head('2025-11-01', { ...failed, correctedOn: '2025-11-09' })]),
    'failed twice on one day, and nothing was done about the second': {
      parameters: clerks,
      ...using([clerk('2025-11-01', { ...suspended, correctedOn: '2025-11-09' }), clerk('2025-11-01', failed)]),
    },
    'the suspension lies ahead': using([...others, head('2025-11-01', { ...failed, suspendedOn: '2026-03-16' })]),
    'corrected too long ago': using([
      ...others,
      head('2024-11-01', { result: 'failed', suspendedOn: '2024-11-01', correctedOn: '2024-11-20' }),
    ]),
    'the only check is of another unit': using(whole, [unit({ creditCode: '91370200MA3C00001X' })]),
    'no checks at all': using([]),
    'shorter months': { parameters: { ...heads, months: 3 }, ...using([head('2025-11-01')]) },
  },
  unproven: {
    ...shortfalls((changes) => using(whole, [unit()], changes)),
    'the units are not closed': { ...using(whole, [unit()], {}, { closing: false }), says: 'notClosed' },
    'never verified by a ledger that nobody closed': {
      ...using(others, [unit()], { closing: false }),
      says: ['neverVerified', 'notClosed'],
    },
    'the checks reach back less than the months': {
      ...using(whole, [unit()], { from: '2025-06-01' }),
      says: 'startsLate',
    },
    'suspended, and neither corrected nor stopped': {
      ...using([...others, head('2025-11-01', suspended)]),
      says: 'notEnded',
    },
    'corrected before it was suspended': using([
      ...others,
      head('2025-11-01', { ...suspended, correctedOn: '2025-11-01' }),
    ]),
    'suspended before the check': using([...others, head('2025-11-03', { ...suspended, correctedOn: '2025-11-09' })]),
    'passed and failed on one day': {
      ...using([...whole, head('2025-11-01', failed)]),
      says: 'besidePassed',
    },
    'a clerk failed and someone passed later': {
      ...using([...whole, clerk('2025-10-31', failed)]),
      says: 'clerkUnsettled',
    },
    'a clerk failed, and another failed later and was corrected': {
      parameters: clerks,
      ...using([clerk('2025-10-31', failed), clerk('2025-11-01', { ...suspended, correctedOn: '2025-11-09' })]),
      says: 'clerkUnsettled',
    },
    'a unit that joined after the last day of the checks': {
      ...using(whole, [unit(), unit({ creditCode: 'B', joinedOn: '2026-03-01' })], {}, { until: '2026-03-10' }),
      says: 'joinedLater',
    },
    'no units': { ...using(whole, []), says: 'noUnits' },
    'a unit twice': { ...using(whole, [unit(), unit()]), says: 'unitsTwice' },
    'a unit that left before it joined': { ...using(whole, [unit({ leftOn: '2023-01-01' })]), says: 'unitsUnclear' },
    'no ledger of units': { platform, ledgers: [register('verifications', whole)], says: 'noLedger' },
    'no ledger of checks': { platform, ledgers: [register('using-units', [unit()])], says: 'noLedger' },
  },
});

test('when the first check must be made again', () => {
  const evidence = using([...others, head('2025-08-31')]) as unknown as Parameters<typeof check.judge>[0];
  const parameters = check.parameters.parse({ roles: ['clerk', 'finance-head'], months: 6 });
  expect(check.judge(evidence, parameters, '2026-03-15').map(({ data }) => data.due)).toEqual(['2026-02-28']);
});
