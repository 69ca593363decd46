import { describe } from 'vitest';
import { type Break, testBreaks, testCoverage } from '../support/breaks.ts';
import type { Change } from '../support/example.ts';

// Each row of Qingdao's guidance that asks for a figure, a rating, a list or a name, or for a date, broken where it is declared.

const platform = (from: string, to: string): Change => ({ file: 'platform.yaml', from, to });
const trade = (from: string, to: string): Change => ({ file: 'documents/series/platform-trade.csv', from, to });

const figures: readonly Break[] = [
  {
    row: 'QD-3.1.1-1',
    by: 'less is paid in',
    occasion: 'access',
    changes: [platform('amount: 2000,', 'amount: 999.99,')],
    check: 'figures/at-least',
    outcome: 'unmet',
    says: 'below',
  },
  {
    row: 'QD-3.1.1-2',
    by: 'one month traded less, and the sum falls short',
    occasion: 'access',
    changes: [trade('2026-03,855.31', '2026-03,442.47')],
    check: 'figures/at-least',
    outcome: 'unmet',
    says: 'below',
  },
  {
    row: 'QD-3.1.1-3',
    by: 'rated C in one of three years',
    occasion: 'access',
    changes: [platform("'2024': B", "'2024': C")],
    check: 'figures/ratings',
    outcome: 'unmet',
    says: 'notAllowed',
  },
  {
    row: 'QD-3.1.1-3',
    by: 'never rated A',
    occasion: 'access',
    changes: [platform("{ '2023': A, '2024': B, '2025': A }", "{ '2023': B, '2024': B, '2025': B }")],
    check: 'figures/ratings',
    outcome: 'unmet',
    says: 'tooFew',
  },
  {
    row: 'QD-4.3-2',
    by: 'the capital is counted in units',
    changes: [platform('amount: 2000, unit: 万元', 'amount: 20000000, unit: 户')],
    check: 'figures/at-least',
    outcome: 'unproven',
    says: 'otherUnit',
  },
  {
    row: 'QD-4.3-3',
    by: 'a month is missing from the table',
    changes: [trade('2026-05,871.93\n', '')],
    check: 'figures/at-least',
    outcome: 'unproven',
    says: 'monthsMissing',
  },
  {
    row: 'QD-4.3-3',
    by: 'a figure in the table is no number',
    changes: [trade('2026-05,871.93', '2026-05,871.93?')],
    check: 'figures/at-least',
    outcome: 'unproven',
    says: 'unobserved:unparsable',
  },
  {
    row: 'QD-4.3-3',
    by: 'the table is in thousands of yuan',
    changes: [trade('金额（万元）', '金额（千元）')],
    check: 'figures/at-least',
    outcome: 'unproven',
    says: 'unobserved:unparsable',
  },
  {
    row: 'QD-4.3-4',
    by: 'rated M in the last year',
    changes: [platform("'2025': A }", "'2025': M }")],
    check: 'figures/ratings',
    outcome: 'unmet',
    says: 'notAllowed',
  },
  {
    row: 'QD-2.3',
    by: 'invoices come by e-mail alone',
    changes: [platform('list: [二维码, 电子邮件, 下载打印]', 'list: [电子邮件]')],
    check: 'figures/named',
    outcome: 'unmet',
    says: 'lacks',
  },
  {
    row: 'QD-4.2-6',
    by: 'an indicator that was provided is not built in',
    changes: [platform('频繁作废红冲, 新办户突增开票, 单户流水异常]', '新办户突增开票, 单户流水异常]')],
    check: 'figures/named',
    outcome: 'unmet',
    says: 'lacks',
  },
  {
    row: 'QD-5.1-1',
    by: 'nobody is in charge',
    changes: [platform('person: 李示例', 'person: 暂无')],
    check: 'figures/named',
    outcome: 'unmet',
    says: 'nothing',
  },
];

const exit: readonly Change[] = [
  platform('# - { id: exit-filing,', '- { id: exit-filing,'),
  platform('# - { id: exit-announcement,', '- { id: exit-announcement,'),
  platform('# - { name: service-end,', '- { name: service-end,'),
  platform('# - { name: exit-announced,', '- { name: exit-announced,'),
  platform('# - { name: exit-kind,', '- { name: exit-kind,'),
];

const dates: readonly Break[] = [
  {
    row: 'QD-3.1.2-0',
    by: 'the validity has ended',
    changes: [
      platform('{ name: access-start, date: 2024-12-20', '{ name: access-start, date: 2024-10-20'),
      platform('{ name: validity-end, date: 2026-12-20', '{ name: validity-end, date: 2026-10-20'),
    ],
    check: 'calendar/in-force',
    outcome: 'unmet',
    says: 'ended',
  },
  {
    row: 'QD-3.1.2-0',
    by: 'the end is no whole term after the start',
    changes: [platform('{ name: validity-end, date: 2026-12-20', '{ name: validity-end, date: 2027-01-20')],
    check: 'calendar/in-force',
    outcome: 'unproven',
    says: 'disagree',
    also: ['QD-4.3-1'],
  },
  {
    row: 'QD-4.3-1',
    by: 'the renewal was asked for before the window opened',
    changes: [platform('renewal-filed, date: 2026-10-12', 'renewal-filed, date: 2026-09-12')],
    check: 'calendar/filing-window',
    outcome: 'unmet',
    says: 'filedTooEarly',
  },
  {
    row: 'QD-4.3-1',
    by: 'the renewal is yet to be asked for',
    changes: [platform('renewal-filed, date: 2026-10-12', 'renewal-filed, date: 2026-12-19')],
    check: 'calendar/filing-window',
    outcome: 'unproven',
    says: 'filedAhead',
  },
  {
    row: 'QD-4.2-2',
    by: 'a change of a function was filed two months later',
    changes: [{ file: 'documents/ledgers/functions.csv', from: '2026-03-24', to: '2026-05-24' }],
    check: 'ledgers/reported-in-time',
    outcome: 'unmet',
    says: 'late',
  },
  {
    row: 'QD-6.1',
    by: 'the end was announced six weeks before',
    occasion: 'exit',
    changes: [...exit, platform('exit-announced, date: 2026-07-15', 'exit-announced, date: 2026-09-15')],
    check: 'calendar/notice-period',
    outcome: 'unmet',
    says: 'late',
  },
  {
    row: 'QD-6.1',
    by: 'the unit was ordered to exit, and applies again three months later',
    occasion: 'exit',
    changes: [
      ...exit,
      platform('2026-10-30, document: exit-filing }', '2026-07-30, document: exit-filing }'),
      platform('text: 自愿, document', 'text: 责令, document'),
      platform(
        '  - { name: exit-kind,',
        '  - { name: reapplied, date: 2026-10-30, document: access-form }\n  - { name: exit-kind,',
      ),
    ],
    check: 'calendar/ban',
    outcome: 'unmet',
    says: 'reappliedInside',
  },
];

describe('figures and dates of the Qingdao example', () => {
  testCoverage('qingdao-joint-use', ['fact'], figures);
  testCoverage('qingdao-joint-use', ['date'], dates);
  testBreaks('qingdao-joint-use', [...figures, ...dates]);
});
