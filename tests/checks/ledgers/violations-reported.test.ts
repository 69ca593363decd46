import { check } from '../../../checks/ledgers/violations-reported.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

let code = 0;

const unit = (seriousViolationOn = '', violationReportedOn = '', changes: Record<string, string> = {}) => {
  code += 1;
  return {
    name: '甲公司',
    creditCode: `${code}`,
    joinedOn: '2024-01-01',
    leftOn: '',
    seriousViolationOn,
    violationReportedOn,
    ...changes,
  };
};

type Row = ReturnType<typeof unit>;

const many = (count: number, changes: Record<string, string> = {}) =>
  Array.from({ length: count }, () => unit('', '', changes));

const using = (rows: Row[], changes?: Changes) => ({ platform, ledgers: [register('using-units', rows, changes)] });

const left = { leftOn: '2025-06-30' };
const unreported = () => unit('2025-11-11');

testCheck(check, {}, '2026-03-15', {
  met: {
    'no violation': { ...using(many(3)), says: 'noneFound' },
    'every violation reported, the day it was found': {
      ...using([unit('2025-11-11', '2025-11-11'), ...many(2)]),
      says: 'allReported',
    },
    'one of a hundred is exactly 1 %': { ...using([unreported(), ...many(99)]), says: 'withinLimit' },
    'found after the as-of date': { ...using([unit('2026-03-16'), unit()]), says: 'noneFound' },
    'reported on the as-of date': { ...using([unit('2026-03-14', '2026-03-15')]), says: 'allReported' },
    'none may go unreported, and none does': { parameters: { percent: 0 }, ...using(many(2)) },
  },
  unmet: {
    'one of ninety-nine': { ...using([unreported(), ...many(98)]), says: 'overLimit' },
    'a single unit': using([unreported()]),
    'two of a hundred and ninety-nine': using([unreported(), unreported(), ...many(197)]),
    'one of two hundred where half a percent is the limit and a unit is missing': {
      parameters: { percent: 0.5 },
      ...using([unreported(), ...many(198)]),
    },
    'many that left do not dilute the share': using([unreported(), ...many(50), ...many(150, left)]),
    'releasing the unit does not undo it': using([unit('2025-05-01', '', left), ...many(40)]),
    'the report still lies ahead': using([unit('2026-01-01', '2026-03-16')]),
    'one where none is allowed': { parameters: { percent: 0 }, ...using([unreported(), ...many(5000)]) },
  },
  unproven: {
    ...shortfalls((changes) => using(many(2), changes)),
    'over the limit in a ledger that nobody closed': {
      ...using([unreported(), ...many(9)], { closing: false }),
      says: ['overLimit', 'notClosed'],
    },
    'reported before it was found': { ...using([unit('2025-11-11', '2025-11-10')]), says: 'reportedBefore' },
    'nobody wrote down violations': {
      platform,
      ledgers: [register('using-units', [{ name: '甲', creditCode: '1', joinedOn: '2024-01-01' }])],
      says: 'columnMissing',
    },
    'nobody wrote down reports': {
      platform,
      ledgers: [register('using-units', [{ creditCode: '1', joinedOn: '2024-01-01', seriousViolationOn: '' }])],
      says: 'columnMissing',
    },
    'over the limit only if a unit counts twice': {
      ...using([
        unit('2025-11-11', '', { creditCode: 'A' }),
        unit('2025-11-11', '', { creditCode: 'a' }),
        ...many(150),
      ]),
      says: ['overLimit', 'unitsTwice'],
    },
    'another ledger only': { platform, ledgers: [register('capabilities', [])], says: 'noLedger' },
    'every unit left': { ...using(many(5, left)), says: 'noUnits' },
    'the same unit often, to bring the share down': {
      ...using([unreported(), ...many(120, { creditCode: '91370200MA3C00000X' })]),
      says: 'unitsTwice',
    },
    'a unit that left before it joined': { ...using(many(2, { leftOn: '2023-01-01' })), says: 'unitsUnclear' },
  },
});
