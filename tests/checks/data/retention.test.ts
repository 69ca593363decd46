import { check } from '../../../checks/data/retention.ts';
import type { Records } from '../../../src/evidence/database/records.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

type Table = Records['tables'][number];

const table = (value: Partial<Table> & { first?: string; without?: readonly string[] } = {}): Table => {
  const { first = '2022-11', without = [], ...rest } = value;
  const months = monthsFrom(first, '2026-03').filter((month) => !without.includes(month));
  return {
    name: 'invoices',
    holds: 'invoices',
    rows: 41,
    oldest: `${first}-01`,
    newest: '2026-03-01',
    months: Object.fromEntries(months.map((month) => [month, 1])),
    undated: 0,
    deleters: [],
    ...rest,
  };
};

const store = (...tables: Table[]) =>
  seen('records', { engine: 'sqlite', version: '3.50', tables }, { subject: 'ledger', on: '2026-03-01' });

const declared = (since: string) =>
  seen('platform', {
    name: '平台',
    mode: 'joint-use',
    since,
    timeZone: 'Asia/Shanghai',
    unit: { name: '单位', creditCode: '91350100M000100Y43' },
    hosts: [],
    endpoints: [],
    stores: [],
    administrators: [],
    agents: [],
  } satisfies PlatformDeclaration);

testCheck(check, { holds: ['invoices'], months: 36 }, '2026-03-01', {
  met: {
    'three years to the day': { records: [store(table({ oldest: '2023-03-01', first: '2023-03' }))], says: 'kept' },
    'an empty month before the period': { records: [store(table({ without: ['2022-12'] }))] },
    'as old as the platform': {
      records: [store(table({ first: '2025-06', oldest: '2025-06-03' }))],
      platform: [declared('2025-06-01')],
      says: 'asOldAsPlatform',
    },
    'business began in the month after the platform': {
      records: [store(table({ first: '2025-07', oldest: '2025-07-30' }))],
      platform: [declared('2025-06-30')],
    },
  },
  unmet: {
    'one day short': { records: [store(table({ oldest: '2023-03-02', first: '2023-03' }))], says: 'tooYoung' },
    'two empty months': { records: [store(table({ without: ['2024-06', '2025-01'] }))], says: 'emptyMonths' },
    'the first month of the period is empty': {
      records: [store(table({ without: ['2023-03'] }))],
      says: 'emptyMonths',
    },
    'an older platform excuses nothing': {
      records: [store(table({ first: '2025-06' }))],
      platform: [declared('2020-01-01')],
      says: 'tooYoung',
    },
    'one table of two is short': {
      records: [store(table(), table({ name: 'invoices_2', first: '2024-01' }))],
      says: ['kept', 'tooYoung'],
    },
  },
  unproven: {
    'begins long after the platform': {
      records: [store(table({ first: '2025-09' }))],
      platform: [declared('2025-06-01')],
      says: 'beginsLater',
    },
    'no such table declared': { records: [store(table({ holds: 'transactions' }))], says: 'noTable' },
    'no rows': {
      records: [store({ name: 'invoices', holds: 'invoices', rows: 0, months: {}, undated: 0, deleters: [] })],
      says: 'empty',
    },
    'rows without a time': { records: [store(table({ undated: 3 }))], says: 'undated' },
    'an old copy': { records: [store(table({ newest: '2026-01-31' }))], says: 'stopped' },
    'a trigger deletes, who knows what': {
      records: [store(table({ deleters: [{ name: 'purge', definition: 'CREATE TRIGGER …' }] }))],
      says: 'deleted',
    },
    'a row of a year to come': { records: [store(table({ newest: '2031-01-01' }))], says: 'ahead' },
    'a platform that begins after the observation': {
      records: [store(table({ first: '2026-02' }))],
      platform: [declared('2026-03-02')],
      says: 'notStarted',
    },
    'no store': { records: [] },
  },
});
