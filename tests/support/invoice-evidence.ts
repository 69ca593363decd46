import type { InvoiceMonth, Invoices, InvoiceTable } from '../../src/evidence/database/invoices.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { seen } from './check-tester.ts';

/** A month of ten invoices that all trace and agree, but for what is said otherwise. */
export function invoiceMonth(changes: Partial<InvoiceMonth> = {}): InvoiceMonth {
  const none = {
    void: 0,
    red: 0,
    numberless: 0,
    untraced: 0,
    keyless: 0,
    unlike: 0,
    above: 0,
    below: 0,
    uncompared: 0,
  };
  return { rows: 10, ...none, traced: 10, agree: 10, ...changes };
}

/** A table of invoices without fault: ten in January and February 2026, of one unit, uploaded within two hours. */
export function invoiceTable(changes: Partial<InvoiceTable> = {}): InvoiceTable {
  return {
    name: 'invoices',
    origins: ['trade/transactions'],
    link: 'transaction',
    months: { '2026-01': invoiceMonth(), '2026-02': invoiceMonth() },
    undated: 0,
    duplicates: 0,
    examples: [],
    issuers: { units: [['91350100M000100Y43', 20, '2026-01-02', '2026-02-27', 0]], others: [], none: 0 },
    uploads: {
      months: {
        '2026-01': { done: { 1: 8, 2: 2 }, open: {}, negative: 0, unread: 0 },
        '2026-02': { done: { 1: 10 }, open: {}, negative: 0, unread: 0 },
      },
      slack: 0,
      within: 24,
    },
    ...changes,
  };
}

/** An observation on 1 March 2026 of tables of invoices. */
export function invoicesSeen(...tables: InvoiceTable[]): Seen<Invoices> {
  const value: Invoices = { engine: 'postgresql', version: '15', from: '2025-03-01', until: '2026-03-01', tables };
  return seen('invoices', value, { subject: 'trade', on: '2026-03-01' });
}

/** A table that could not be read. */
export const unreadTable: InvoiceTable = {
  name: 'invoices',
  unread: { reason: 'denied', detail: '42501' },
  origins: [],
  months: {},
  undated: 0,
  examples: [],
};
