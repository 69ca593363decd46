import { check } from '../../../checks/data/late-upload.ts';
import type { InvoiceTable, Uploads } from '../../../src/evidence/database/invoices.ts';
import { testCheck } from '../../support/check-tester.ts';
import { invoicesSeen, invoiceTable, unreadTable } from '../../support/invoice-evidence.ts';

type Table = NonNullable<InvoiceTable['uploads']>;

const uploads = (counts: Partial<Uploads>, more: Partial<Table> = {}, month = '2026-02') => ({
  invoices: [
    invoicesSeen(
      invoiceTable({
        uploads: {
          months: { [month]: { done: {}, open: {}, negative: 0, unread: 0, ...counts } },
          slack: 0,
          within: 24,
          ...more,
        },
      }),
    ),
  ],
});
const unlimited = (counts: Partial<Uploads>) => {
  const { invoices } = uploads(counts);
  const [one] = invoices;
  const [table] = one?.value.tables ?? [];
  const { within: _, ...rest } = table?.uploads ?? { months: {}, slack: 0 };
  return { invoices: [invoicesSeen(invoiceTable({ uploads: rest }))] };
};

testCheck(check, {}, '2026-03-15', {
  met: {
    'exactly at the limit': { ...uploads({ done: { 24: 3 } }), says: 'inTime' },
    'open, and not due': uploads({ done: { 1: 1 }, open: { 24: 1 } }),
    'a limit of the profile': { parameters: { hours: 48 }, ...unlimited({ done: { 48: 1 } }) },
    'late before the months that count': { parameters: { months: 1 }, ...two({ 25: 1 }, '2025-12') },
    'days that leave no doubt': uploads({ done: { 24: 2 } }, { slack: 24, within: 48 }),
  },
  unmet: {
    'an hour late': { ...uploads({ done: { 1: 9, 25: 1 } }), says: 'late' },
    'overdue without a confirmation': uploads({ done: { 1: 9 }, open: { 25: 1 } }),
    'longer than can be told': uploads({ done: { 745: 1 } }),
    'the profile is stricter': { parameters: { hours: 12 }, ...uploads({ done: { 13: 1 } }) },
    'the declared limit is stricter': { parameters: { hours: 48 }, ...uploads({ done: { 25: 1 } }) },
    'by days, beyond doubt': uploads({ done: { 73: 1 } }, { slack: 24, within: 48 }),
    'in the running month': uploads({ open: { 30: 1 } }, {}, '2026-03'),
  },
  unproven: {
    'by days, in doubt': { ...uploads({ done: { 72: 1, 48: 2 } }, { slack: 24, within: 48 }), says: 'unclear' },
    'confirmed before it was issued': { ...uploads({ done: { 1: 1 }, negative: 1 }), says: 'negative' },
    'a time that cannot be read': { ...uploads({ done: { 1: 1 }, unread: 1 }), says: 'unreadable' },
    'no limit': { ...unlimited({ done: { 1: 1, 30: 1 }, open: { 80: 1 } }), says: 'noLimit' },
    'no column': {
      invoices: [invoicesSeen((({ uploads: _, ...rest }) => rest)(invoiceTable()))],
      says: 'noColumn',
    },
    'no invoices': { ...uploads({}), says: 'noneIssued' },
    'no store': { invoices: [], says: 'noTable' },
    denied: { invoices: [invoicesSeen(unreadTable)], says: 'unread' },
    'rows without a time': { invoices: [invoicesSeen(invoiceTable({ undated: 1 }))], says: 'undated' },
  },
});

/** Uploads in time in February, and others in an earlier month. */
function two(done: Uploads['done'], month: string) {
  const usual = { done: { 1: 1 }, open: {}, negative: 0, unread: 0 };
  const months = { '2026-02': usual, [month]: { ...usual, done } };
  return { invoices: [invoicesSeen(invoiceTable({ uploads: { months, slack: 0, within: 24 } }))] };
}
