import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/none-recorded.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const event = (kind: string, on: string, changes: Record<string, string> = {}) => ({
  on,
  party: 'unit',
  kind,
  ...changes,
});

const recorded = (events: Record<string, string>[], changes?: Changes) => ({
  platform,
  ledgers: [register('events', events, changes)],
});

const asked = { kinds: ['major-violation', 'public-opinion'], months: 36 };

testCheck(check, asked, '2026-03-15', {
  met: {
    'an empty ledger, closed': { ...recorded([]), says: 'none' },
    'another kind': recorded([event('platform-unstable', '2025-05-01')]),
    'a day before the period': recorded([event('major-violation', '2023-03-14')], { from: '2023-01-01' }),
    'free words before the period': recorded([event('偷税', '2023-03-14')]),
    'after the as-of date': recorded([event('major-violation', '2026-03-16')]),
    'of a party that is not asked about': {
      parameters: { ...asked, party: ['unit', 'platform'] },
      ...recorded([event('major-violation', '2025-05-01', { party: 'using-unit' })]),
    },
    'asked of the unit, over the whole period, before there was a platform': {
      parameters: { ...asked, ofUnit: true },
      platform: [seen('platform', declaration({ since: '2025-01-01' }))],
      ledgers: [register('events', [], { from: '2023-03-15' })],
    },
    'the ledger is as old as the platform, which is younger than the period': {
      platform: [seen('platform', declaration({ since: '2025-01-01' }))],
      ledgers: [register('events', [], { from: '2025-01-01' })],
    },
  },
  unmet: {
    'one of the kinds': { ...recorded([event('public-opinion', '2025-05-01')]), says: 'recorded' },
    'on the first day of the period': recorded([event('major-violation', '2023-03-15')]),
    'on the as-of date': recorded([event('major-violation', '2026-03-15')]),
    'corrected long ago': recorded([
      event('major-violation', '2024-01-10', { correctedOn: '2024-02-01', metFully: 'yes' }),
    ]),
    'of anyone, where no party is asked about': recorded([
      event('major-violation', '2025-05-01', { party: 'using-unit' }),
    ]),
    'its party is not said': {
      parameters: { ...asked, party: ['unit'] },
      ...recorded([event('major-violation', '2025-05-01', { party: '' })]),
    },
    'on the last day of February, a month back from 31 March': {
      parameters: { ...asked, months: 1 },
      asOf: '2026-03-31',
      ...recorded([event('major-violation', '2026-02-28')]),
    },
    'in a ledger that nobody closed': {
      ...recorded([event('major-violation', '2025-05-01')], { closing: false }),
      says: ['recorded', 'notClosed'],
    },
  },
  unproven: {
    ...shortfalls((changes) => recorded([], changes)),
    'what is asked of the unit is older than the platform and its ledger': {
      parameters: { ...asked, ofUnit: true },
      platform: [seen('platform', declaration({ since: '2025-01-01' }))],
      ledgers: [register('events', [], { from: '2025-01-01' })],
      says: 'startsLate',
    },
    'free words': { ...recorded([event('税收违法', '2025-05-01')]), says: 'unclear' },
    'no kind': recorded([event('', '2025-05-01')]),
    'a word that objects have': recorded([event('constructor', '2025-05-01')]),
    'no date': recorded([event('major-violation', '')]),
    'a date that is none, and sorts last': recorded([event('major-violation', '待定')]),
    'a day that does not exist, in a year to come': recorded([event('major-violation', '2099-02-30')]),
    'no ledger': { platform, ledgers: [], says: 'noLedger' },
    'another ledger only': { platform, ledgers: [register('changes', [])] },
  },
});

test('refuses a kind that no guidance names', () => {
  expect(check.parameters.safeParse({ ...asked, kinds: ['major-violations'] }).success).toBe(false);
});

test('says kinds, period and rows', () => {
  const evidence = recorded([
    event('platform-unstable', '2025-01-01'),
    event('major-violation', '2025-05-01', { name: '某公司' }),
  ]) as unknown as Parameters<typeof check.judge>[0];
  const [finding] = check.judge(evidence, check.parameters.parse(asked), '2026-03-15');
  const message = check.messages[finding?.says ?? ''];
  expect(finding && message && fill(message, finding.data)).toEqual({
    zh: '自 2023-03-15 起登记有「重大税收违法、重大涉税舆情」1 条：第 3 行 某公司',
    en: '1 entered since 2023-03-15 of major tax violation, major public-opinion event: row 3 某公司',
  });
});
