import { check } from '../../../checks/data/late-uploads-registered.ts';
import type { InvoiceTable } from '../../../src/evidence/database/invoices.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { invoicesSeen, invoiceTable, unreadTable } from '../../support/invoice-evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const code = '91370200MA3EXPRT23';
const own = '91370200MA3C00000X';
const platform = [seen('platform', declaration())];
const units = register('using-units', [{ name: '甲公司', creditCode: code, joinedOn: '2023-06-01' }]);
const event = { number: '1', on: '2026-01-09', party: 'using-unit', name: '甲公司', kind: 'late-upload' };
const other = {
  masked: '3****************1',
  hash: 'e'.repeat(64),
  invoices: 1,
  first: '2026-01-01',
  last: '2026-01-01',
};

const late = (
  count: number,
  unit = code,
  more: Partial<NonNullable<InvoiceTable['issuers']>> = {},
): Partial<InvoiceTable> => ({
  issuers: { units: [[unit, 9, '2026-01-02', '2026-02-02', count]], others: [], none: 0, ...more },
});
const by = (table: Partial<InvoiceTable>, rows: Partial<typeof event>[] = [event], changes: Changes = {}) => ({
  platform,
  ledgers: [units, register('events', rows, changes)],
  invoices: [invoicesSeen(invoiceTable(table))],
});

testCheck(check, {}, '2026-03-15', {
  met: {
    'nobody is late': { ...by(late(0), []), says: 'registered' },
    'late, and registered': by(late(2)),
    'the unit itself is no using unit': by(late(2, own), []),
    'a name in other width': by(late(2), [{ ...event, name: ' 甲公司' }]),
  },
  unmet: {
    'late, and nothing registered': { ...by(late(2), []), says: 'unregistered' },
    'another unit is registered': by(late(1), [{ ...event, name: '乙公司' }]),
    'another event is registered': by(late(1), [{ ...event, kind: 'false-invoicing' }]),
    'registered long before': by(late(1), [{ ...event, on: '2025-02-28' }]),
    'eleven units': {
      platform,
      ledgers: [
        register(
          'using-units',
          Array.from({ length: 11 }, (_, index) => ({ name: `单位${index}`, creditCode: `C${index}` })),
        ),
        register('events', []),
      ],
      invoices: [
        invoicesSeen(
          invoiceTable({
            issuers: {
              units: Array.from({ length: 11 }, (_, index) => [`C${index}`, 1, '2026-01-01', '2026-01-01', 1]),
              others: [],
              none: 0,
            },
          }),
        ),
      ],
    },
  },
  unproven: {
    ...shortfalls((changes) => by(late(0), [event], changes)),
    'unregistered in a register that nobody closed': by(late(2), [], { closing: false }),
    'a unit that is not in the register': { ...by(late(2, '91370600MA3EXPRT23')), says: 'nameUnknown' },
    'issuers without a code': { ...by(late(0, code, { others: [other] })), says: 'lateOthers' },
    'no limit': { ...by({ uploads: { months: {}, slack: 0 } }), says: 'noLimit' },
    'no columns': {
      ...by({}),
      invoices: [invoicesSeen((({ uploads: _, ...rest }) => rest)(invoiceTable()))],
      says: 'noColumn',
    },
    'nobody issued': { ...by({ issuers: { units: [], others: [], none: 0 } }), says: 'noneIssued' },
    'no store': { ...by({}), invoices: [], says: 'noTable' },
    denied: { ...by({}), invoices: [invoicesSeen(unreadTable)], says: 'unread' },
    'rows without a time': { ...by({ undated: 1 }), says: 'undated' },
    'no register of events': { ...by({}), ledgers: [units], says: 'noLedger' },
    'no register of units': { ...by({}), ledgers: [register('events', [event])] },
  },
});
