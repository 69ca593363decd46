import { check } from '../../../checks/data/issuer-scope.ts';
import type { InvoiceTable } from '../../../src/evidence/database/invoices.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { invoicesSeen, invoiceTable, unreadTable } from '../../support/invoice-evidence.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';
import { text } from '../../support/papers.ts';

type Issuers = NonNullable<InvoiceTable['issuers']>;

const own = '91370200MA3C00000X';
const codes: readonly [string, string] = ['91370200MA3EXPRT23', '91370600MA3EXPRT23'];
const platform = [seen('platform', declaration())];
const first = { name: '甲公司', creditCode: codes[0], joinedOn: '2023-06-01', leftOn: '', relation: 'controlled' };

const given = { relations: ['controlled'], when: { fact: 'self-use-commitment-given', in: ['是'] } };
const fact = (words: string) => text('self-use-commitment-given', words);

const issued = (units: Issuers['units'], more: Partial<Issuers> = {}) =>
  invoicesSeen(invoiceTable({ issuers: { units, others: [], none: 0, ...more } }));
const by = (units: Issuers['units'], rows = [first], changes: Changes = {}, more: Partial<Issuers> = {}) => ({
  platform,
  ledgers: [register('using-units', rows, changes)],
  invoices: [issued(units, more)],
});
const of = (code: string, from = '2025-04-01', until = '2026-02-27'): Issuers['units'][number] => [
  code,
  3,
  from,
  until,
  0,
];
const other = {
  masked: '3****************1',
  hash: 'e'.repeat(64),
  invoices: 1,
  first: '2026-01-01',
  last: '2026-01-01',
};

testCheck(check, { relations: ['controlled', 'branch'] }, '2026-03-15', {
  met: {
    'the unit itself': { ...by([of(own)]), says: 'inScope' },
    'a controlled company': by([of(own), of(codes[0])]),
    'any relation, where none is asked for': {
      parameters: {},
      ...by([of(codes[0])], [{ ...first, relation: 'none' }]),
    },
    'the day it joined': by([of(codes[0], '2025-06-01')], [{ ...first, joinedOn: '2025-06-01' }]),
    'the day before it left': by([of(codes[0], '2025-06-01', '2026-01-30')], [{ ...first, leftOn: '2026-01-31' }]),
    'it left, and joined again, and has issued since then': by(
      [of(codes[0], '2025-09-01')],
      [
        { ...first, leftOn: '2025-08-01' },
        { ...first, joinedOn: '2025-09-01' },
      ],
    ),
    'it left, and joined again the same day': by(
      [of(codes[0])],
      [
        { ...first, leftOn: '2025-08-01' },
        { ...first, joinedOn: '2025-08-01' },
      ],
    ),
    'a code in small letters in the register': by([of(codes[0])], [{ ...first, creditCode: codes[0].toLowerCase() }]),
  },
  unmet: {
    'a stranger': { ...by([of(codes[1])]), says: 'strangers' },
    'a stranger, though self-use only was promised': { parameters: given, facts: [fact('是')], ...by([of(codes[1])]) },
    'many strangers': by(Array.from({ length: 12 }, (_, index) => of(`${codes[1].slice(0, 16)}${10 + index}`))),
    'a unit of no relation': { ...by([of(codes[0])], [{ ...first, relation: 'none' }]), says: 'relationOther' },
    'on the day it left': {
      ...by([of(codes[0], '2025-06-01', '2026-01-31')], [{ ...first, leftOn: '2026-01-31' }]),
      says: 'outsideTime',
    },
    'after it left, and before it joined again': by(
      [of(codes[0], '2025-08-02')],
      [
        { ...first, leftOn: '2025-08-01' },
        { ...first, joinedOn: '2025-09-01' },
      ],
    ),
    'before it joined': by([of(codes[0], '2025-05-31')], [{ ...first, joinedOn: '2025-06-01' }]),
    'a stranger beside what is open': {
      ...by([of(codes[1])], [first], {}, { none: 2 }),
      says: ['strangers', 'nameless'],
    },
  },
  'not-applicable': {
    'no commitment was given': { parameters: given, facts: [fact('否')], ...by([of(codes[1])]), says: 'doesNotBind' },
  },
  unproven: {
    'whether a commitment was given is not known': { parameters: given, ...by([of(own)]), says: 'conditionUnknown' },
    ...shortfalls((changes) => by([of(own)], [first], changes)),
    'no register': { platform, invoices: [issued([of(own)])], ledgers: [], says: 'noLedger' },
    'no store': { platform, invoices: [], ledgers: [register('using-units', [first])], says: 'noTable' },
    'a stranger, in a register that nobody closed': by([of(codes[1])], [first], { closing: false }),
    'issued first after the last day of the register': {
      ...by([of(codes[1], '2026-03-01', '2026-03-01')]),
      says: 'joinedLater',
    },
    'a relation that nobody knows': {
      ...by([of(codes[0])], [{ ...first, relation: 'unknown' }]),
      says: 'relationUnknown',
    },
    'it left, and joined again, and issued before and after': {
      ...by(
        [of(codes[0])],
        [
          { ...first, leftOn: '2025-08-01' },
          { ...first, joinedOn: '2025-09-01' },
        ],
      ),
      says: 'betweenTimes',
    },
    'a number that is no credit code': { ...by([of(own)], [first], {}, { others: [other] }), says: 'unreadable' },
    'rows without an issuer': { ...by([of(own)], [first], {}, { none: 1 }), says: 'nameless' },
    'too many': { ...by([of(own)], [first], {}, { cut: true }), says: 'cut' },
    'nobody issued': { ...by([]), says: 'noneIssued' },
    'no column of issuers': {
      platform,
      ledgers: [register('using-units', [first])],
      invoices: [invoicesSeen((({ issuers: _, ...rest }) => rest)(invoiceTable()))],
      says: 'noIssuers',
    },
    'rows without a time': {
      platform,
      ledgers: [register('using-units', [first])],
      invoices: [invoicesSeen(invoiceTable({ undated: 4, issuers: { units: [of(own)], others: [], none: 0 } }))],
      says: 'undated',
    },
    denied: {
      platform,
      ledgers: [register('using-units', [first])],
      invoices: [invoicesSeen(unreadTable)],
      says: 'unread',
    },
    'no column of relations': {
      platform,
      ledgers: [register('using-units', [{ name: '甲', creditCode: codes[0], joinedOn: '2024-01-01' }])],
      invoices: [issued([of(own)])],
      says: 'columnMissing',
    },
    'dates that contradict each other': {
      ...by([of(own)], [{ ...first, leftOn: '2023-01-01' }]),
      says: 'unitsUnclear',
    },
    'a unit twice': { ...by([of(own)], [first, first]), says: 'unitsTwice' },
  },
});
