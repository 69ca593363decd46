import { expect, test } from 'vitest';
import type { Finding } from '../../../checks/check.ts';
import { check } from '../../../checks/ledgers/events.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { unitLevels, usingUnitLevels } from '../../support/event-levels.ts';
import { declaration } from '../../support/evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const asked = { months: 24, party: ['unit', 'platform'], levels: unitLevels, escalate: { reminders: 3, orders: 3 } };

const ofUsingUnits = { months: 24, party: ['using-unit'], levels: usingUnitLevels };

type Cells = Record<string, string>;

const event = (kind: string, changes: Cells = {}): Cells => ({
  on: '2025-05-01',
  party: 'unit',
  kind,
  loss: 'none',
  effect: 'none',
  measure: 'none',
  ...changes,
});

const done = { correctedOn: '2025-06-01' };

const emailOnly = (changes: Cells): Cells => event('e-mail-only', { party: 'using-unit', ...changes });

const recorded = (events: Cells[], changes?: Changes) => ({ platform, ledgers: [register('events', events, changes)] });

const reminded = { measure: 'reminder', measureOn: '2025-05-10' };
const ordered = { measure: 'order', measureOn: '2025-05-10', loss: 'major' };

testCheck(check, asked, '2026-03-15', {
  met: {
    'an empty ledger, closed': { ...recorded([]), says: 'noEvents' },
    'corrected, and said to be so fully': {
      ...recorded([event('platform-unstable', { ...done, metFully: 'yes' })]),
      says: 'allCorrected',
    },
    'corrected, and nothing said of how fully': recorded([event('data-not-submitted', done)]),
    'corrected on the day it occurred, and on the as-of date': recorded([
      event('platform-unstable', { on: '2026-03-15', correctedOn: '2026-03-15' }),
    ]),
    'of another kind than is asked about': {
      ...recorded([event('forced-app')]),
      parameters: { ...asked, kinds: ['false-invoicing'] },
      says: 'noEvents',
    },
    'after the as-of date': recorded([event('platform-unstable', { on: '2026-03-16' })]),
    'only using units, which are not asked about': recorded([event('false-invoicing', { party: 'using-unit' })]),
    'unknown loss that changes no level': recorded([event('review-failed', { ...done, loss: 'unknown', effect: '' })]),
    'major loss already decides, whatever the effect': recorded([
      event('upgrade-late', { ...done, loss: 'major', effect: 'unknown' }),
    ]),
    'unclear in every way, but corrected before the period': recorded([
      event('自定义', { on: '2023-05-01', correctedOn: '2023-06-01' }),
      event('upgrade-late', { on: '2023-05-01', correctedOn: '2023-06-01', loss: '' }),
    ]),
    'three reminders, one of them heeded': recorded([
      event('platform-unstable', { ...reminded, ...done }),
      event('platform-unstable', { ...reminded, ...done }),
      event('platform-unstable', { ...reminded, ...done }),
    ]),
    'a using unit’s e-mail only, complained of and corrected': {
      parameters: ofUsingUnits,
      ...recorded([emailOnly({ ...done, complaint: 'yes' })]),
    },
  },
  unmet: {
    'of a kind that is asked about': {
      ...recorded([event('false-invoicing')]),
      parameters: { ...asked, kinds: ['false-invoicing'] },
      says: 'open',
    },
    open: { ...recorded([event('platform-unstable')]), says: 'open' },
    'corrected after the as-of date': recorded([event('platform-unstable', { correctedOn: '2026-03-16' })]),
    'corrected, but said not to be so fully': recorded([event('platform-unstable', { ...done, metFully: 'no' })]),
    'said to be corrected fully, without a date': recorded([event('platform-unstable', { metFully: 'yes' })]),
    'open since long before the period': recorded([event('platform-unstable', { on: '2023-02-01' })]),
    'open, of a kind that no level names': recorded([event('late-upload')]),
    'open, of no party that is said': recorded([event('platform-unstable', { party: '' })]),
    'open in a ledger that nobody closed': {
      ...recorded([event('platform-unstable')], { closing: false }),
      says: ['open', 'notClosed'],
    },
    'three reminders not heeded': {
      ...recorded([1, 2, 3].map((day) => event('platform-unstable', { ...reminded, on: `2025-05-0${day}` }))),
      says: ['open', 'escalates'],
    },
    'three orders not fully met, with major loss': {
      ...recorded([
        event('data-not-submitted', ordered),
        event('review-failed', { ...ordered, ...done, metFully: 'no' }),
        event('filing-not-updated', { ...ordered, measure: 'new-units-suspended', loss: 'unknown', effect: 'serious' }),
      ]),
      says: ['open', 'escalates'],
    },
    'three orders not met, whose loss is not known': {
      ...recorded([1, 2, 3].map((day) => event('data-not-submitted', { ...ordered, on: `2025-05-0${day}`, loss: '' }))),
      says: ['open', 'mayEscalate'],
    },
    'a using unit’s e-mail only, complained of': {
      parameters: ofUsingUnits,
      ...recorded([emailOnly({ complaint: 'yes' })]),
      says: 'open',
    },
    'one open, beside one of unknown level': {
      ...recorded([event('platform-unstable'), event('upgrade-late', { loss: 'unknown' })]),
      says: ['open', 'levelUnclear'],
    },
  },
  unproven: {
    'of no known kind, when certain kinds are asked about': {
      ...recorded([event('自定义')]),
      parameters: { ...asked, kinds: ['false-invoicing'] },
      says: 'unclassified',
    },
    ...shortfalls((changes) => recorded([event('platform-unstable', done)], changes)),
    'an empty ledger that nobody closed': recorded([], { closing: false }),
    'unknown loss, open': { ...recorded([event('upgrade-late', { loss: 'unknown' })]), says: 'levelUnclear' },
    'unknown loss, corrected': {
      ...recorded([event('upgrade-late', { ...done, loss: 'unknown' })]),
      says: 'levelUnclear',
    },
    'no effect written down': recorded([event('authority-attacked', { ...done, effect: '' })]),
    'a loss in words of one’s own': recorded([event('upgrade-late', { ...done, loss: '巨大' })]),
    'larger loss, and an effect that may be serious': recorded([
      event('upgrade-wrong', { ...done, loss: 'larger', effect: 'unknown' }),
    ]),
    'whether circumstances were vile is not known': recorded([
      event('unreasonable-fees', { ...done, loss: 'major', vile: 'unknown' }),
    ]),
    'whether circumstances were vile is nowhere written': recorded([
      event('unreasonable-fees', { ...done, loss: 'major' }),
    ]),
    'whether a consumer complained is not known': {
      parameters: ofUsingUnits,
      ...recorded([emailOnly({ complaint: 'unknown' })]),
      says: 'levelUnclear',
    },
    'a kind in free words': { ...recorded([event('其他事件', done)]), says: 'unclassified' },
    'a kind in free words, open': recorded([event('其他事件')]),
    'no kind': recorded([event('', done)]),
    'a word that objects have': recorded([event('__proto__', done)]),
    'corrected before it occurred': {
      ...recorded([event('platform-unstable', { correctedOn: '2025-04-30' })]),
      says: 'correctionUnclear',
    },
    'whether it is fully corrected is said not to be known': recorded([
      event('platform-unstable', { ...done, metFully: 'unknown' }),
    ]),
    'corrected on a date that is none': recorded([event('platform-unstable', { correctedOn: '已整改' })]),
    'a date that is none, and sorts last': recorded([event('upgrade-late', { on: '待定', loss: 'unknown' })]),
    'corrected, but when it occurred is not said': recorded([event('platform-unstable', { ...done, on: '' })]),
    'no ledger': { platform, ledgers: [], says: 'noLedger' },
  },
});

type Judged = Parameters<typeof check.judge>[0];

const findingsOf = (events: Cells[], parameters: object = asked): readonly Finding[] =>
  check.judge(recorded(events) as unknown as Judged, check.parameters.parse(parameters), '2026-03-15');

const textsOf = (events: Cells[], parameters: object = asked): string[] =>
  findingsOf(events, parameters).map(({ says, data }) => {
    const message = check.messages[says];
    if (!message) throw new Error(says);
    return fill(message, data).zh;
  });

test('open ones stand by level, gravest first, with rows and the next time limit', () => {
  const findings = findingsOf([
    event('platform-unstable', { dueOn: '2026-05-01' }),
    event('data-not-submitted', { name: '某公司' }),
    event('too-few-active', { dueOn: '2026-04-01' }),
    event('upgrade-late', { dueOn: '2026-03-01' }),
  ]);
  expect(findings.map(({ data }) => [data.count, data.due])).toEqual([
    [1, undefined],
    [3, '2026-04-01'],
  ]);
  expect(textsOf([event('data-not-submitted', { name: '某公司' })])).toEqual([
    '尚未整改完成的异常情形 1 条，对应处理措施为「暂停新增使用单位接入并责令限期改正」：第 2 行 某公司',
  ]);
});

test('two reminders not heeded do not escalate, nor do three where one is heeded', () => {
  const open = event('platform-unstable', reminded);
  for (const events of [
    [open, open],
    [open, open, { ...open, ...done }],
    [open, open, { ...open, measure: 'none' }],
  ])
    expect(findingsOf(events).map(({ says }) => says)).toEqual(['open']);
  expect(findingsOf([open, open, open]).map(({ says }) => says)).toEqual(['open', 'escalates']);
  expect(findingsOf([open, open, { ...open, measure: '' }]).map(({ says }) => says)).toEqual(['open', 'mayEscalate']);
});

test('orders without heavy loss or effect do not escalate', () => {
  const open = event('data-not-submitted', { ...ordered, loss: 'larger', effect: 'rather-serious' });
  expect(findingsOf([open, open, open]).map(({ says }) => says)).toEqual(['open']);
});

test('says how corrected ones were sorted', () => {
  expect(
    textsOf([event('platform-unstable', done), event('too-few-active', done), event('late-upload', done)]),
  ).toEqual([
    '自 2024-03-15 起至台账截止日 2026-02-28 的异常情形 3 条，均已整改完成：提示提醒 2 条；其他情形，由税务机关视损失和影响处理 1 条',
  ]);
});

test('refuses levels, kinds and losses that do not exist', () => {
  const [first] = unitLevels;
  for (const wrong of [{ level: 'exit' }, { kinds: ['late'] }, { loss: ['huge'] }, { vile: false }])
    expect(check.parameters.safeParse({ ...asked, levels: [{ ...first, ...wrong }] }).success).toBe(false);
});

test('50,000 events, half of them open, are judged at once', () => {
  const kinds = ['platform-unstable', 'upgrade-late', 'data-not-submitted', '其他事件', 'false-invoicing'];
  const events = Array.from({ length: 50_000 }, (_, index) =>
    event(kinds[index % kinds.length] ?? '', { loss: index % 3 ? 'none' : 'unknown', ...(index % 2 ? done : {}) }),
  );
  const evidence = recorded(events) as unknown as Judged;
  const parameters = check.parameters.parse(asked);
  const findings = check.judge(evidence, parameters, '2026-03-15');
  expect(findings.length).toBeLessThan(10);
});
