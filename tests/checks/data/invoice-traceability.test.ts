import { check } from '../../../checks/data/invoice-traceability.ts';
import type { InvoiceMonth, InvoiceTable } from '../../../src/evidence/database/invoices.ts';
import { said } from '../../../src/text.ts';
import { testCheck } from '../../support/check-tester.ts';
import { invoiceMonth, invoicesSeen, invoiceTable, unreadTable } from '../../support/invoice-evidence.ts';

const table = (changes: Partial<InvoiceTable> = {}) => ({ invoices: [invoicesSeen(invoiceTable(changes))] });
const february = (changes: Partial<InvoiceMonth>, more: Partial<InvoiceTable> = {}) =>
  table({ months: { '2026-02': invoiceMonth(changes) }, ...more });
const hash = 'a1b2c3'.repeat(11).slice(0, 64);

testCheck(check, {}, '2026-03-15', {
  met: {
    'all trace and agree': { ...table(), says: 'traced' },
    'void invoices need no transaction': february({ rows: 12, void: 2 }),
    'credit invoices trace to what they correct': february({ red: 1, agree: 9 }),
    'an orphan of the running month is not asked about': table({
      months: { '2026-02': invoiceMonth(), '2026-03': invoiceMonth({ traced: 9, untraced: 1, agree: 9 }) },
    }),
    'one of a thousand, where that is allowed': {
      parameters: { untraced: 0.1 },
      ...february({ rows: 1000, traced: 999, untraced: 1, agree: 999 }),
    },
    'parts that are yet to be completed, as declared': february({ agree: 8, below: 2 }, { inParts: true }),
    'an orphan before the months that count': {
      parameters: { months: 1 },
      ...table({
        months: { '2026-01': invoiceMonth({ traced: 9, untraced: 1, agree: 9 }), '2026-02': invoiceMonth() },
      }),
    },
  },
  unmet: {
    'one has no transaction': {
      ...february({ traced: 9, untraced: 1, agree: 9 }, { examples: [{ of: 'untraced', month: '2026-02', hash }] }),
      says: 'untraced',
    },
    'one of 999 is more than 0.1 %': {
      parameters: { untraced: 0.1 },
      ...february({ rows: 999, traced: 998, untraced: 1, agree: 998 }),
    },
    'more invoiced than traded': {
      ...february({ agree: 9, above: 1 }, { examples: [{ of: 'above', month: '2026-02', hash }] }),
      says: 'differ',
    },
    'more invoiced than traded is no part': february({ agree: 9, above: 1 }, { inParts: true }),
    'less invoiced than traded': february({ agree: 9, below: 1 }),
    'one that is not there beside one that is written in another way': {
      ...february({ traced: 8, untraced: 2, unlike: 1, agree: 8 }),
      says: ['untraced', 'unlike'],
    },
    'what is open beside it does not hide it': {
      ...february({ traced: 9, untraced: 1, agree: 8, uncompared: 1 }),
      says: ['untraced', 'uncompared'],
    },
    'one table of two': {
      invoices: [
        invoicesSeen(
          invoiceTable(),
          invoiceTable({ name: 'more', months: { '2026-02': invoiceMonth({ traced: 9, untraced: 1, agree: 9 }) } }),
        ),
      ],
      says: ['traced', 'untraced'],
    },
  },
  unproven: {
    'no store': { invoices: [], says: 'noTable' },
    denied: { invoices: [invoicesSeen(unreadTable)], says: 'unread' },
    'no invoice in the months': { ...table({ months: { '2026-03': invoiceMonth() } }), says: 'noneIssued' },
    'only void ones': february({ rows: 3, void: 3, traced: 0, agree: 0 }),
    'the transactions could not be read': {
      ...table({ unlinked: { reason: 'too-large', detail: said({ zh: '没有索引', en: 'no index' }) } }),
      says: 'unlinked',
    },
    'rows without a time': { ...table({ undated: 1 }), says: 'undated' },
    'amounts not declared': {
      ...february({ agree: 0, uncompared: 10 }, { uncompared: 'no-amount' }),
      says: 'uncompared',
    },
    'amounts not added up': february({ agree: 0, uncompared: 10 }, { uncompared: 'no-index' }),
    'an amount that cannot be read': february({ agree: 9, uncompared: 1 }),
    'a transaction that is written in another way may be there': {
      ...february({ traced: 9, untraced: 1, unlike: 1, agree: 9 }),
      says: 'unlike',
    },
    'no number': { ...february({ numberless: 1 }), says: 'numberless' },
    'a number twice': { ...table({ duplicates: 1 }), says: 'repeated' },
    'numbers not looked at': {
      invoices: [invoicesSeen((({ duplicates: _, ...rest }) => rest)(invoiceTable()))],
      says: 'repeatedUnknown',
    },
  },
});
