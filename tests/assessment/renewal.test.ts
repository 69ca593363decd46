import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../checks/check.ts';
import { renewalSchema } from '../../src/assessment/renewal-schema.ts';
import { planOf, row, sampleRows, saying } from '../fixtures/renewal.ts';
import { unobserved } from '../support/evidence.ts';

const text = { zh: '文', en: 'text' };

describe('a plan', () => {
  const plan = planOf(sampleRows);

  test('is what its schema says, and survives being written', () => {
    expect(renewalSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test('has the term and the filing of its renewal', () => {
    expect(plan.term).toMatchObject({
      from: '2024-12-20',
      until: '2026-12-20',
      daysLeft: 28,
      filing: { requirement: 'S-1', opens: '2026-09-20', due: '2026-12-20', daysLeft: 28 },
    });
  });

  test('sorts deadlines by date; what is shown not to be done in time is overdue', () => {
    expect(
      plan.deadlines.map(({ requirement, due, daysLeft, overdue }) => [requirement, due, daysLeft, overdue]),
    ).toEqual([
      ['S-5', '2026-11-10', -12, true],
      ['S-6', '2026-11-25', 3, false],
      ['S-1', '2026-12-20', 28, false],
    ]);
  });

  test('says of a deadline what it is, what to do and what follows', () => {
    expect(plan.deadlines.at(-1)).toMatchObject({
      what: { zh: '申请延续的最后一日' },
      cites: [{ source: 'S', clause: '1' }],
      remedy: { zh: '提交自评报告' },
      ifMissed: { zh: '接入失效' },
    });
  });

  test('lists every threshold with value and margin, reached or not', () => {
    expect(
      plan.thresholds.map(({ requirement, outcome, figure }) => [requirement, outcome, figure?.margin.zh]),
    ).toEqual([
      ['S-2', 'met', '1,000 万元'],
      ['S-3', 'unmet', '1,000 万元'],
    ]);
    expect(plan.thresholds[1]?.figure).toMatchObject({ value: '40000000', asked: '50000000' });
  });

  test('parts what is wrong or not shown by what it is about', () => {
    const ids = (items: readonly { requirement: string }[]) => items.map(({ requirement }) => requirement);
    expect(ids(plan.papers)).toEqual(['S-4', 'S-5']);
    expect(plan.papers[0]?.name).toEqual({ zh: '应急预案', en: 'emergency plan' });
    expect(ids(plan.ledgers)).toEqual(['S-6']);
    expect(ids(plan.statements)).toEqual(['S-7']);
    expect(ids(plan.dates)).toEqual([]);
    expect(ids(plan.others)).toEqual([]);
  });

  test('leaves to a scan what only a scan can tell', () => {
    expect(plan.measurement).toEqual(['S-8']);
    expect(plan.counts).toEqual({ unmet: 2, partial: 0, unproven: 3, met: 2, 'not-applicable': 1 });
  });

  test('knows the obligations of other occasions too, with their time limits', () => {
    expect(plan.duties.map(({ requirement, limits, binds, due }) => [requirement, limits[0]?.zh, binds, due])).toEqual([
      ['S-1', '届满前 3 个月内', true, '2026-12-20'],
      ['S-5', '每 12 个月', true, '2026-11-10'],
      ['S-6', '30 天内', true, '2026-11-25'],
      ['S-9', '提前 3 个月', false, undefined],
    ]);
  });

  test('keeps its keys when it is made again later', () => {
    const keys = (asOf: string) =>
      planOf(sampleRows, asOf)
        .deadlines.map(({ key }) => key)
        .toSorted();
    expect(keys('2026-11-24')).toEqual(keys('2026-11-22'));
    expect(new Set(keys('2026-11-22')).size).toBe(3);
  });
});

test.each([
  ['ahead and met', 'met', '2026-11-23', [1, false]],
  ['today', 'unproven', '2026-11-22', [0, false]],
  ['past and met: done', 'met', '2026-11-21', undefined],
  ['past and unmet: late', 'unmet', '2026-11-21', [-1, true]],
  ['past and unproven: nobody knows', 'unproven', '2026-11-21', [-1, false]],
  ['not applicable', 'not-applicable', '2026-11-23', undefined],
] satisfies [string, Outcome, string, unknown][])('a date %s', (_, outcome, due, expected) => {
  const use = saying('documents/in-date', { outcome, text, data: { due } });
  const [deadline] = planOf([row('S-1', { uses: [use] })]).deadlines;
  expect(deadline && [deadline.daysLeft, deadline.overdue]).toEqual(expected);
});

test.each([
  ['documents/in-date', '办'],
  ['calendar/in-force', undefined],
])('what to do by a date of %s: %s', (check, expected) => {
  const uses = [saying(check, { outcome: 'met', text, data: { due: '2026-12-20' } })];
  const [deadline] = planOf([row('S-1', { uses, remedy: { zh: '办', en: 'do' } })]).deadlines;
  expect(deadline?.remedy?.zh).toBe(expected);
});

test.each([
  ['unmet', '办'],
  ['unproven', undefined],
  ['met', undefined],
] satisfies [Outcome, unknown][])('what to do about the requirement where it is %s: %s', (outcome, expected) => {
  const uses = [saying('figures/at-least', { outcome, text })];
  const [item] = planOf([row('S-1', { uses, remedy: { zh: '办', en: 'do' } })]).thresholds;
  expect(item?.remedy?.zh).toBe(expected);
});

describe('time limits', () => {
  test.each([
    ['calendar/filing-window', { months: 3, rule: 'before' }, ['届满前 3 个月', '3 months before the end']],
    ['calendar/filing-window', { months: 3 }, ['届满前 3 个月内', 'in the last 3 months']],
    ['calendar/notice-period', { days: 30 }, ['提前 30 天', '30 days ahead']],
    ['calendar/ban', { months: { 自愿: 12, 责令: 36 } }, ['限制 12、36 个月', 'barred 12 or 36 months']],
    [
      'documents/in-date',
      { monthsBy: { of: { 2: 24, 3: 12, 4: 6 } } },
      ['每 6、12、24 个月', 'every 6, 12, or 24 months'],
    ],
    ['ledgers/on-schedule', { months: 1 }, ['每 1 个月', 'every 1 month']],
    ['ledgers/reported-in-time', { days: 3 }, ['3 天内', 'within 3 days']],
    ['ledgers/reported-in-time', { before: true }, ['事前', 'beforehand']],
    ['ledgers/reported-in-time', {}, undefined],
    ['ledgers/events', { months: 24 }, undefined],
  ])('%s %j', (id, parameters, expected) => {
    const use = saying(id, { outcome: 'met', text, parameters });
    const [limit] = planOf([row('S-1', { uses: [use] })]).duties.flatMap(({ limits }) => limits);
    expect(limit && [limit.zh, limit.en]).toEqual(expected);
  });

  test('are named once where several checks set the same', () => {
    const use = saying('ledgers/reported-in-time', { outcome: 'met', text, parameters: { days: 30 } });
    expect(planOf([row('S-1', { uses: [use, use] })]).duties[0]?.limits).toHaveLength(1);
  });
});

test('two findings of one check on one subject have two keys', () => {
  const use = saying('ledgers/on-schedule', { outcome: 'met', text, data: { due: '2027-01-01' } });
  const keys = planOf([row('S-1', { uses: [use, use] })]).deadlines.map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
});

test('what is unmet on a row that needs a scan is unmet before any scan', () => {
  const uses = [
    saying('host/clock', { outcome: 'unproven', text, reads: 'clock' }),
    saying('documents/present', { outcome: 'unmet', text }),
  ];
  const plan = planOf([row('S-1', { uses })]);
  expect(plan.counts).toMatchObject({ unmet: 1, unproven: 0 });
  expect(plan.papers).toHaveLength(1);
  expect(plan.measurement).toEqual(['S-1']);
});

test('that there is no evidence of a paper says no more where the reason is known', () => {
  const check = 'documents/present';
  const unread = unobserved('documents', 'denied', { subject: 'plan' });
  const use = saying(check, { outcome: 'unproven', text, subject: 'plan', cited: false, reads: 'documents' });
  const named = { ...use, parameters: { document: 'plan' } };
  const { papers } = planOf([row('S-1', { uses: [named] })], '2026-11-22', [unread]);
  expect(papers.map(({ says }) => says)).toEqual(['unobserved:denied']);
  expect(planOf([row('S-1', { uses: [named] })]).papers.map(({ says }) => says)).toEqual(['said']);
});

test.each([
  ['documents/present', 'plan', '应急预案'],
  ['documents/present', 'drill', '演练记录'],
  ['documents/present', 'capital', '实缴资本'],
  ['documents/present', 'toString', undefined],
  ['figures/either', 'capital', '实缴资本'],
  ['figures/either', 'capital + capital', '实缴资本＋实缴资本'],
  ['figures/either', 'capital + other', undefined],
  ['figures/at-least', 'plan', undefined],
  ['ledgers/events', 'events', '异常情形台账'],
  ['host/clock', 'app-1', undefined],
])('of %s the subject %s is called %s', (check, subject, name) => {
  const plan = planOf([row('S-1', { uses: [saying(check, { outcome: 'unmet', text, subject })] })]);
  const [found] = [...plan.papers, ...plan.thresholds, ...plan.ledgers, ...plan.others];
  expect(found?.name?.zh).toBe(name);
});

test('of a paper that is not held nothing else need be said', () => {
  const uses = [
    saying('documents/present', { outcome: 'unmet', text, subject: 'plan' }),
    saying('documents/complete', { outcome: 'unproven', text, subject: 'plan' }),
    saying('documents/complete', { outcome: 'unproven', text, subject: 'drill' }),
  ];
  const { papers } = planOf([row('S-1', { uses })]);
  expect(papers.map(({ check, subject }) => [check, subject])).toEqual([
    ['documents/present', 'plan'],
    ['documents/complete', 'drill'],
  ]);
});

test('of a paper that is held everything is said', () => {
  const uses = [
    saying('documents/present', { outcome: 'met', text, subject: 'plan' }),
    saying('documents/complete', { outcome: 'unproven', text, subject: 'plan' }),
  ];
  expect(planOf([row('S-1', { uses })]).papers).toHaveLength(1);
});

test('a figure without its paper is a matter of papers', () => {
  const use = saying('figures/at-least', { outcome: 'met', text });
  const { papers } = planOf([row('S-1', { basis: 'filed', uses: [use] })]);
  expect(papers.map(({ says }) => says)).toEqual(['only-attested']);
});

test('what is of no known sort is not lost', () => {
  const uses = [saying('other/check', { outcome: 'unproven', text })];
  expect(planOf([row('S-1', { uses })]).others).toHaveLength(1);
});

test('what no check judges yet is counted apart', () => {
  const plan = planOf([row('S-1', { awaits: ['ledger'] }), row('S-2', { awaits: ['scan'] })]);
  expect([plan.unchecked, plan.measurement]).toEqual([['S-1'], ['S-2']]);
});

// The dates were declared later than this.
test('without a term and a filing there is none', () => {
  expect(planOf([row('S-1', {})], '2024-12-01').term).toEqual({});
});
