import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/units-active.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const unit = (index: number, lastUsedOn: string, changes: Record<string, string> = {}) => ({
  name: `单位${index}`,
  creditCode: `9137020000000000${index}`,
  joinedOn: '2023-06-01',
  lastUsedOn,
  ...changes,
});

/** So many units, each last used on one of the dates, the others never. */
const units = (count: number, ...used: string[]) =>
  Array.from({ length: count }, (_, index) => unit(index, used[index] ?? ''));

const using = (rows: ReturnType<typeof unit>[], changes?: Changes) => ({
  platform,
  ledgers: [register('using-units', rows, changes)],
});

testCheck(check, {}, '2026-03-15', {
  met: {
    'one of four, though 20 % of four is no whole number': { ...using(units(4, '2026-01-05')), says: 'enough' },
    'one of five is exactly 20 %': using(units(5, '2026-02-28')),
    'the first day of the months that count': using(units(1, '2025-03-01')),
    'a unit that left does not count among all': using([
      ...units(5, '2026-01-05'),
      unit(7, '', { leftOn: '2025-12-31' }),
    ]),
    'nor does one that joins after the as-of date': using([
      ...units(5, '2026-01-05'),
      unit(7, '', { joinedOn: '2026-04-01' }),
    ]),
    'one that leaves after the as-of date still counts': using([unit(1, '2026-01-05', { leftOn: '2026-03-16' })]),
    'half a percent more, to the hundredth': {
      parameters: { share: 33.33 },
      ...using(units(3, '2026-01-05')),
    },
    'all must be active, and are': { parameters: { share: 100 }, ...using(units(2, '2026-01-05', '2026-01-06')) },
  },
  unmet: {
    'one of six is 16.66 %': { ...using(units(6, '2026-01-05')), says: 'tooFew' },
    'none of many': using(units(3)),
    'a day before the months that count': using(units(1, '2025-02-28')),
    'only a unit that left was active': using([...units(1), unit(7, '2026-01-05', { leftOn: '2026-02-01' })]),
    'a unit that leaves on the as-of date has left': using([
      ...units(1),
      unit(7, '2026-01-05', { leftOn: '2026-03-15' }),
    ]),
    'a third is not 33.34 %': { parameters: { share: 33.34 }, ...using(units(3, '2026-01-05')) },
    'shorter months': { parameters: { months: 1 }, ...using(units(1, '2026-01-28')) },
    'dates after the last day would not help': using(units(10, '2026-03-01')),
  },
  unproven: {
    ...shortfalls((changes) => using(units(1, '2026-01-05'), changes)),
    'too few in a ledger that nobody closed': {
      ...using(units(6), { closing: false }),
      says: ['tooFew', 'notClosed'],
    },
    'used after the last day of the ledger': { ...using(units(1, '2026-03-01')), says: 'usedAhead' },
    'used in another century': using(units(2, '2026-01-05', '9999-12-31')),
    'no units at all': { ...using([]), says: ['columnMissing', 'noUnits'] },
    'only units that left': { ...using([unit(1, '2026-01-05', { leftOn: '2026-02-01' })]), says: 'noUnits' },
    'nobody wrote down the use': {
      platform,
      ledgers: [register('using-units', [{ name: '甲', creditCode: '1', joinedOn: '2024-01-01' }])],
      says: 'columnMissing',
    },
    'the same active unit twice': {
      ...using([
        ...units(5, '2026-01-05'),
        unit(0, '2026-01-06', { creditCode: '９１３７０２０００００００００００' }),
      ]),
      says: 'unitsTwice',
    },
    'a unit that left before it joined': {
      ...using([...units(1, '2026-01-05'), unit(2, '2026-01-05', { leftOn: '2023-05-31' })]),
      says: 'unitsUnclear',
    },
    'another ledger only': { platform, ledgers: [register('events', [])], says: 'noLedger' },
  },
});

test('says counts, share and months', () => {
  const evidence = using(units(6, '2026-01-05')) as unknown as Parameters<typeof check.judge>[0];
  const [finding] = check.judge(evidence, check.parameters.parse({}), '2026-03-15');
  const message = check.messages[finding?.says ?? ''];
  expect(finding && message && fill(message, finding.data).zh).toBe(
    '2025-02-28（不含）至 2026-02-28 使用过能力的在用使用单位 1 户，共 6 户，占 16.66%，低于 20%（2 户）',
  );
});
