import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Break, rowOf, testBreaks } from '../support/breaks.ts';
import { inClosing, inFact, inPaper, inTable, notHeld } from '../support/changes.ts';
import { type Change, type Example, exampleOf } from '../support/example.ts';

// What never comes out met: a ledger that nobody closed as it is, and a figure or a statement whose paper cannot be shown.

const unclosed = (of: string): Change => inClosing(of, '    closing: .*\\n', '');
const emptied = (file: string): Change => ({ file: `documents/ledgers/${file}`, from: /\n[\s\S]*/, to: '\n' });

const ledgers: readonly Break[] = [
  {
    row: 'QD-2.1-1',
    by: 'an empty ledger is not closed',
    changes: [emptied('versions.csv'), unclosed('versions')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'notClosed',
  },
  {
    row: 'QD-5.1-2',
    by: 'a ledger with entries is not closed',
    changes: [unclosed('drills')],
    check: 'ledgers/on-schedule',
    outcome: 'unproven',
    says: 'notClosed',
  },
  {
    row: 'QD-5.1-2',
    by: 'the ledger is closed for another period',
    changes: [inClosing('drills', 'from: 2023-07-01(?=, until)', 'from: 2024-07-01')],
    check: 'ledgers/on-schedule',
    outcome: 'unproven',
    says: 'closingOther',
  },
  {
    row: 'QD-4.2-2',
    by: 'the ledger is closed for another number of entries',
    changes: [inClosing('functions', 'entries: 4', 'entries: 5')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'closingOther',
  },
  {
    row: 'QD-4.2-2',
    by: 'an entry was taken out after the ledger was closed',
    changes: [inTable('functions.csv', '交付与打印,2025-01-10,2025-01-13,,\n', '')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'closingOther',
  },
  {
    row: 'QD-3.1.2-1',
    by: 'the ledger was closed before its last day',
    changes: [inClosing('capabilities', 'signedOn: 2026-10-31', 'signedOn: 2026-10-15')],
    check: 'ledgers/validity',
    outcome: 'unproven',
    says: 'closingDate',
    also: ['QD-3.1.2-2', 'QD-4.3-5'],
  },
  {
    row: 'QD-3.1.2-1',
    by: 'the ledger begins after the platform',
    changes: [
      inClosing('capabilities', 'from: 2023-07-01(?=\n)', 'from: 2024-12-20'),
      inClosing('capabilities', 'from: 2023-07-01(?=, until)', 'from: 2024-12-20'),
    ],
    check: 'ledgers/validity',
    outcome: 'unproven',
    says: 'startsLate',
    also: ['QD-3.1.2-2', 'QD-4.3-5'],
  },
  {
    row: 'QD-5.1-2',
    by: 'the ledger ends long before the as-of date',
    changes: [
      inClosing('drills', 'until: 2026-10-31(?=\n)', 'until: 2026-09-15'),
      inClosing('drills', 'until: 2026-10-31(?=, entries)', 'until: 2026-09-15'),
    ],
    check: 'ledgers/on-schedule',
    outcome: 'unproven',
    says: 'unobserved:stale',
  },
  {
    row: 'QD-4.2-3',
    by: 'the signed paper is nowhere listed',
    changes: [inClosing('data-requests', 'document: ledger-closings', 'document: some-paper')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'closingNotShown',
    also: ['QD-2.1-2'],
  },
  {
    row: 'QD-1.4',
    by: 'the signed paper of all ledgers is not on disk',
    changes: [inPaper('ledger-closings', 'file: .*', 'file: 没有这个文件.txt')],
    check: 'ledgers/units-eligible',
    outcome: 'unproven',
    says: 'closingNotShown',
    also: [
      ...['QD-2.1-1', 'QD-2.1-2', 'QD-2.1-5', 'QD-2.1-6', 'QD-3.1.2-1', 'QD-3.1.2-2', 'QD-3.2.1', 'QD-4.2-1'],
      ...['QD-4.2-2', 'QD-4.2-3', 'QD-4.2-4', 'QD-4.3-5', 'QD-4.4.1', 'QD-4.4.1-5', 'QD-4.4.2', 'QD-5.1-2', 'QD-A2-3'],
    ],
  },
  {
    row: 'QD-4.4.1-5',
    by: 'a cell is in no form that a date has',
    changes: [inTable('using-units.csv', '2026-10-27', '上个月')],
    check: 'ledgers/units-active',
    outcome: 'unproven',
    says: 'unobserved:unparsable',
    also: ['QD-1.4', 'QD-2.1-1', 'QD-2.1-2', 'QD-3.1.2-2', 'QD-3.2.1', 'QD-4.2-4', 'QD-4.3-5'],
  },
];

const figure = { row: 'QD-4.3-3', check: '-', outcome: 'unproven', says: 'only-attested' } as const;

const papers: readonly Break[] = [
  {
    ...figure,
    by: 'the figure names no paper',
    changes: [inFact('platform-trade', ', document: trade-statement', '')],
  },
  { ...figure, by: 'its paper is not held', changes: [notHeld('trade-statement')] },
  { ...figure, by: 'its paper is not on disk', changes: [inPaper('trade-statement', 'file: .*', 'file: 无此件.txt')] },
  {
    ...figure,
    by: 'its paper is an empty file',
    changes: [{ file: 'documents/04-平台交易收入统计表.txt', from: /[\s\S]+/, to: '' }],
  },
  {
    ...figure,
    by: 'its paper is text that calls itself PDF',
    changes: [
      inPaper('trade-statement', 'file: .*', 'file: 统计表.pdf'),
      { file: 'documents/统计表.pdf', from: '', to: '平台交易收入月度统计表' },
    ],
  },
  {
    ...figure,
    by: 'its table is not on disk',
    changes: [inFact('platform-trade', 'platform-trade.csv', '2026.csv')],
    check: 'figures/at-least',
    says: 'unobserved:not-found',
  },
  {
    row: 'QD-A2-2',
    by: 'the signed statement cannot be shown',
    changes: [statement('QD-A2-2', 'document: signed-statements', 'document: some-paper')],
    check: '-',
    outcome: 'unproven',
    says: 'signature-not-shown',
  },
  {
    row: 'QD-A2-1',
    by: 'the statement no longer holds',
    changes: [statement('QD-A2-1', 'signedOn: 2026-10-31', 'signedOn: 2025-10-31, validUntil: 2026-10-30')],
    check: '-',
    outcome: 'unproven',
    says: 'signature-not-valid',
  },
];

function statement(row: string, from: string, to: string): Change {
  const start = `  - { requirement: ${row}, by: 王示例, capacity: 法定代表人, `;
  const whole = `${start}signedOn: 2026-10-31, document: signed-statements }`;
  return { file: 'platform.yaml', from: whole, to: whole.replace(from, to) };
}

describe('what is not shown in the Qingdao example', () => {
  testBreaks('qingdao-joint-use', [...ledgers, ...papers]);
});

describe('an empty ledger', () => {
  let example: Example;
  beforeAll(async () => {
    example = await exampleOf('qingdao-joint-use');
  });
  afterAll(() => example.remove());

  test('that is closed with no entry shows that nothing occurred', async () => {
    const changes = [emptied('versions.csv'), inClosing('versions', 'entries: 3', 'entries: 0')];
    expect(rowOf(await example.assessed('renewal', changes), 'QD-2.1-1').verdict).toBe('met');
  });
});
