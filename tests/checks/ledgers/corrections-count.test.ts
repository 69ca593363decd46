import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/corrections-count.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const event = (measure: string, measureOn: string, changes: Record<string, string> = {}) => ({
  on: '2023-06-01',
  party: 'unit',
  kind: 'platform-unstable',
  measure,
  measureOn,
  ...changes,
});

const recorded = (events: Record<string, string>[], changes?: Changes) => ({
  platform,
  ledgers: [register('events', events, changes)],
});

const three = [
  event('order', '2024-05-01'),
  event('new-units-suspended', '2025-05-01'),
  event('service-suspended', '2025-11-01'),
];

const asked = { months: 24, atMost: 3 };
const answering = { ...asked, party: ['unit', 'platform'], usingUnitKinds: ['false-invoicing'] };

testCheck(check, asked, '2026-03-15', {
  met: {
    'an empty ledger, closed': { ...recorded([]), says: 'within' },
    'three, suspensions included': { ...recorded(three), says: 'within' },
    'reminders, exit and no measure do not count': recorded([
      ...three,
      event('reminder', '2025-05-02'),
      event('none', ''),
      event('exit-ordered', '2025-12-01'),
    ]),
    'a fourth a day before the period': recorded([...three, event('order', '2024-03-14')]),
    'a fourth after the as-of date': recorded([...three, event('order', '2026-03-16')]),
    'a fourth event after the as-of date': recorded([...three, event('', '', { on: '2026-03-16' })]),
    'an unknown measure before the period': recorded([...three, event('unknown', '2024-03-14')]),
    'a fourth of a using unit, of a kind that it answers for itself': {
      parameters: answering,
      ...recorded([...three, event('order', '2025-05-02', { party: 'using-unit', kind: 'e-mail-only' })]),
    },
    'a fourth of a party that is not asked about': {
      parameters: { ...asked, party: ['unit', 'platform'] },
      ...recorded([...three, event('order', '2025-05-02', { party: 'using-unit' })]),
    },
  },
  unmet: {
    'a fourth for what a using unit did, of a kind that the unit answers for': {
      parameters: answering,
      ...recorded([...three, event('order', '2025-05-02', { party: 'using-unit', kind: 'false-invoicing' })]),
    },
    'a fourth': { ...recorded([...three, event('order', '2025-05-02')]), says: 'tooMany' },
    'a fourth on the first day of the period': recorded([...three, event('order', '2024-03-15')]),
    'a fourth on the as-of date': recorded([...three, event('order', '2026-03-15')]),
    'corrected ones count': recorded([...three, event('order', '2025-05-02', { correctedOn: '2025-05-03' })]),
    'tightened to none': { parameters: { ...asked, atMost: 0 }, ...recorded([event('order', '2025-05-02')]) },
    'a fourth of a using unit, where no party is asked about': recorded([
      ...three,
      event('order', '2025-05-02', { party: 'using-unit' }),
    ]),
    'four, and a measure that is not known': {
      ...recorded([...three, event('order', '2025-05-02'), event('unknown', '2025-05-02')]),
      says: ['tooMany', 'unclear'],
    },
  },
  unproven: {
    'a fourth of a using unit, of no known kind': {
      parameters: answering,
      ...recorded([...three, event('order', '2025-05-02', { party: 'using-unit', kind: '税收违法' })]),
      says: 'unclear',
    },
    ...shortfalls((changes) => recorded([], changes)),
    'a measure that is not known': { ...recorded([event('unknown', '2025-05-02')]), says: 'unclear' },
    'no measure written down': recorded([event('', '')]),
    'words that are no measure': recorded([event('罚款', '2025-05-02')]),
    'an order without date': recorded([event('order', '')]),
    'an order whose date is none, and sorts last': recorded([event('order', '待定')]),
    'an order dated before its event, and before the period': recorded([
      event('order', '2015-05-02', { on: '2025-05-01' }),
    ]),
    'an order for an event without date': recorded([event('order', '2014-05-02', { on: '' })]),
    'no column for the date': {
      platform,
      ledgers: [register('events', [{ on: '2025-05-01', party: 'unit', kind: 'platform-unstable', measure: 'order' }])],
    },
    'no ledger': { platform, ledgers: [], says: 'noLedger' },
  },
});

test('says how many, since when and which', () => {
  const evidence = recorded([...three, event('order', '2026-01-05')]) as unknown as Parameters<typeof check.judge>[0];
  const [finding] = check.judge(evidence, check.parameters.parse(asked), '2026-03-15');
  const message = check.messages[finding?.says ?? ''];
  expect(finding && message && fill(message, finding.data).zh).toBe(
    '自 2024-03-15 起被责令限期改正 4 次，超过 3 次：第 2 行、第 3 行、第 4 行、第 5 行',
  );
});
