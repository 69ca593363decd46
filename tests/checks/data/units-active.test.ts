import { check } from '../../../checks/data/units-active.ts';
import type { InvoiceTable } from '../../../src/evidence/database/invoices.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { invoicesSeen, invoiceTable, unreadTable } from '../../support/invoice-evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];
const codeOf = (index: number): string => `9137020000000000${index}X`;
const units = (count: number, used = '') =>
  Array.from({ length: count }, (_, index) => ({
    name: `单位${index}`,
    creditCode: codeOf(index),
    joinedOn: '2023-06-01',
    leftOn: '',
    lastUsedOn: index === 0 ? used : '',
  }));
const issuers = (last: string, more: Partial<NonNullable<InvoiceTable['issuers']>> = {}): Partial<InvoiceTable> => ({
  issuers: { units: [[codeOf(0), 2, '2025-03-01', last, 0]], others: [], none: 0, ...more },
});
const by = (rows: ReturnType<typeof units>, table: Partial<InvoiceTable>, changes: Changes = {}) => ({
  platform,
  ledgers: [register('using-units', rows, changes)],
  invoices: [invoicesSeen(invoiceTable(table))],
});

testCheck(check, {}, '2026-03-15', {
  met: {
    'one of five': { ...by(units(5), issuers('2026-01-01')), says: 'active' },
    'the first day that counts': by(units(5), issuers('2025-03-02')),
    'what is not seen could only add to it': by(units(5), issuers('2026-01-01', { none: 3 })),
  },
  unmet: {
    'one of six, and the register knows no more': {
      ...by(units(6, '2026-01-05'), issuers('2026-01-01')),
      says: 'tooFew',
    },
    'a day too early': by(units(5), issuers('2025-03-01')),
    'issued by others': by(units(5), {
      issuers: { units: [[codeOf(9), 2, '2026-01-01', '2026-01-02', 0]], others: [], none: 0 },
    }),
  },
  unproven: {
    ...shortfalls((changes) => by(units(5), issuers('2026-01-01'), changes)),
    'the register has enough, the stores have not': {
      ...by(units(5, '2026-01-05'), issuers('2025-03-01')),
      says: 'otherCapabilities',
    },
    'too few, and not all seen': {
      ...by(units(6), issuers('2026-01-01', { none: 1 })),
      says: ['tooFew', 'incomplete'],
    },
    'no column of issuers': {
      platform,
      ledgers: [register('using-units', units(6))],
      invoices: [invoicesSeen((({ issuers: _, ...rest }) => rest)(invoiceTable()))],
    },
    denied: {
      platform,
      ledgers: [register('using-units', units(6))],
      invoices: [invoicesSeen(unreadTable)],
      says: 'unread',
    },
    'no store': { platform, ledgers: [register('using-units', units(6))], invoices: [], says: 'noTable' },
    'no register': { platform, ledgers: [], invoices: [invoicesSeen(invoiceTable())], says: 'noLedger' },
    'no units': { ...by([], issuers('2026-01-01')), says: ['columnMissing', 'noUnits'] },
    'a unit twice': { ...by([...units(1), ...units(1)], issuers('2026-01-01')), says: 'unitsTwice' },
    'dates that contradict each other': {
      ...by(
        units(1).map((unit) => ({ ...unit, leftOn: '2023-01-01' })),
        issuers('2026-01-01'),
      ),
      says: 'unitsUnclear',
    },
  },
});
