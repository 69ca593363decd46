import { check } from '../../../checks/data/retention.ts';
import type { Deleter, Records } from '../../../src/evidence/database/records.ts';
import { monthsFrom } from '../../../src/evidence/dates.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { bucket, listing, rule } from '../../support/buckets.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

type Table = Records['tables'][number];

const table = (value: Partial<Table> & { first?: string; without?: readonly string[] } = {}): Table => {
  const { first = '2022-11', without = [], ...rest } = value;
  const months = monthsFrom(first, '2026-03').filter((month) => !without.includes(month));
  return {
    name: 'invoices',
    holds: 'invoices',
    counted: 'all',
    rows: 41,
    oldest: `${first}-01`,
    newest: '2026-03-01',
    months: Object.fromEntries(months.map((month) => [month, 1])),
    undated: 0,
    deleters: [],
    unread: [],
    ...rest,
  };
};

const storeWith = (tables: Table[], missing: Records['missing']) =>
  seen('records', { engine: 'sqlite', version: '3.50', tables, missing }, { subject: 'ledger', on: '2026-03-01' });

const store = (...tables: Table[]) => storeWith(tables, []);

const purge = (months: number, days: number, kind: Deleter['kind'] = 'job'): Deleter => ({
  kind,
  name: 'purge',
  definition: 'DELETE FROM invoices WHERE …',
  keeps: { months, days },
});

/** Rows by month, 100 each unless it says otherwise. */
const counts = (others: Readonly<Record<string, number>>): Partial<Table> => ({
  months: { ...Object.fromEntries(monthsFrom('2022-11', '2026-03').map((month) => [month, 100])), ...others },
});

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

testCheck(check, { holds: ['invoices'], months: 36, thin: 0.1 }, '2026-03-01', {
  met: {
    'files of every month for three years': { buckets: [bucket()], says: 'bucketKept' },
    'to the day': { buckets: [bucket({ listing: listing({ first: '2023-03' }) })] },
    'a rule that expires after three years, and one that is off': {
      buckets: [
        bucket({ rules: [rule({ expires: { days: 1096 } }), rule({ enabled: false, expires: { days: 30 } })] }),
      ],
      says: 'bucketExpiresLate',
    },
    'a rule for other keys': { buckets: [bucket({ rules: [rule({ prefix: 'tmp/', expires: { days: 1 } })] })] },
    'a rule that only moves, and one on old versions': {
      buckets: [bucket({ versioning: 'enabled', rules: [rule({ transitions: 1, noncurrentDays: 1 })] })],
    },
    'versions stay below the delete marker': {
      buckets: [bucket({ versioning: 'enabled', rules: [rule({ expires: { days: 400 }, noncurrentDays: 696 })] })],
      says: 'bucketExpiresLate',
    },
    'versions below the delete marker are never deleted': {
      buckets: [bucket({ versioning: 'enabled', rules: [rule({ expires: { date: '2026-01-01' } })] })],
      says: 'bucketHides',
    },
    'files as old as the platform': {
      buckets: [bucket({ listing: listing({ first: '2025-07' }) })],
      platform: [declared('2025-06-01')],
    },
    'a table, and a bucket of backups': {
      records: [store(table())],
      buckets: [bucket({ holds: [], backupsOf: 'ledger', rules: [rule({ expires: { days: 7 } })] })],
      says: ['kept'],
    },
    'listed in part, which reaches back and has every month': {
      buckets: [bucket({ listing: listing({ partial: true }), unread: [{ part: 'objects', why: '> 200 × 1000' }] })],
    },
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
    'a job deletes what is older than asked': {
      records: [store(table({ deleters: [purge(36, 0), purge(0, 1096), purge(24, 366)] }))],
      says: ['kept', 'purgedLate'],
    },
    'a declared job deletes what is older than asked': {
      records: [store(table({ deleters: [purge(48, 0, 'declared')] }))],
      says: ['kept', 'purgeDeclared'],
    },
    'counted up to a cap': {
      records: [
        store(table({ ...counts({}), counted: 'capped', cap: 100, rows: 10_000, estimates: { '2024-05': 300 } })),
      ],
      says: 'kept',
    },
    'a sample with rows of every month': {
      records: [store(table({ counted: 'sample', rows: 10_000 }))],
      says: 'keptInSample',
    },
    'a month a tenth of the others': { records: [store(table(counts({ '2024-05': 10 })))] },
    'business that grows': {
      records: [
        store(
          table({
            months: Object.fromEntries(monthsFrom('2022-11', '2026-03').map((month, index) => [month, 2 ** index])),
          }),
        ),
      ],
    },
    'a new platform begins with few': {
      records: [
        store(
          table({
            ...counts(Object.fromEntries(monthsFrom('2025-06', '2025-09').map((month) => [month, 1]))),
            first: '2025-06',
            oldest: '2025-06-03',
          }),
        ),
      ],
      platform: [declared('2025-06-01')],
    },
    'business by the quarter': {
      records: [
        store(
          table(
            counts(
              Object.fromEntries(
                monthsFrom('2022-11', '2026-03').map((month, index) => [month, index % 3 === 0 ? 1000 : 5]),
              ),
            ),
          ),
        ),
      ],
    },
    'business that fades away': {
      records: [
        store(
          table({
            months: Object.fromEntries(
              monthsFrom('2022-11', '2026-03').map((month, index) => [month, Math.round(2 ** (41 - index) + 1)]),
            ),
          }),
        ),
      ],
    },
    'the month under way has just begun': { records: [store(table(counts({ '2026-03': 1 })))] },
    'the first month began late': { records: [store(table(counts({ '2022-11': 1 })))] },
    'thin before the period': { records: [store(table(counts({ '2023-01': 1 })))] },
    'thin months are not asked about': {
      records: [store(table(counts({ '2024-05': 9 })))],
      parameters: { holds: ['invoices'], months: 36 },
    },
  },
  unmet: {
    'a rule that deletes after a year': {
      buckets: [bucket({ rules: [rule({ expires: { days: 365 } })] })],
      says: 'bucketExpiresEarly',
    },
    'a day too early': { buckets: [bucket({ rules: [rule({ expires: { days: 1095 } })] })] },
    'versions that go soon after the delete marker': {
      buckets: [bucket({ versioning: 'enabled', rules: [rule({ expires: { days: 365 }, noncurrentDays: 30 })] })],
    },
    'versions that another rule deletes': {
      buckets: [
        bucket({
          versioning: 'enabled',
          rules: [rule({ expires: { days: 365 } }), rule({ prefix: 'invoices/', noncurrentDays: 1 })],
        }),
      ],
    },
    'no versions are kept any more': {
      buckets: [bucket({ versioning: 'suspended', rules: [rule({ expires: { days: 365 } })] })],
    },
    'all at a date': { buckets: [bucket({ rules: [rule({ expires: { date: '2027-01-01' } })] })] },
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
    'what is older is not whole in the archive': {
      records: [
        store(
          table({ first: '2025-01' }),
          table({
            name: 'invoices_old',
            newest: '2024-12-31',
            months: Object.fromEntries(monthsFrom('2023-05', '2024-12').map((month) => [month, 1])),
          }),
        ),
      ],
      says: ['tooYoung', 'emptyMonths', 'stopped'],
    },
    'one table of two is short': {
      records: [store(table(), table({ name: 'invoices_2', first: '2024-01' }))],
      says: ['kept', 'tooYoung'],
    },
    'a job deletes after two years': {
      records: [store(table({ deleters: [purge(24, 0)] }))],
      says: 'purgedEarly',
    },
    '1095 days are not always three years': {
      records: [store(table({ deleters: [purge(0, 1095, 'event')] }))],
      says: 'purgedEarly',
    },
    'a declared job deletes after a year': {
      records: [store(table({ deleters: [purge(12, 0, 'declared')] }))],
      says: 'purgedEarly',
    },
    'a job deletes after two years, and a view was denied': {
      records: [store(table({ deleters: [purge(24, 0)], unread: ['cron.job'] }))],
      says: ['purgedEarly', 'unread'],
    },
    'an empty month among capped ones': {
      records: [store(table({ without: ['2024-06'], counted: 'capped', cap: 1, rows: 10_000 }))],
      says: 'emptyMonths',
    },
  },
  unproven: {
    'a rule for some of the files': {
      buckets: [bucket({ rules: [rule({ prefix: 'invoices/tmp/', expires: { days: 1 } })] })],
      says: 'bucketExpiresPart',
    },
    'a rule by tag': { buckets: [bucket({ rules: [rule({ narrowed: true, expires: { days: 1 } })] })] },
    'a rule that is not understood': {
      buckets: [bucket({ rules: [rule({ expires: { unknown: true } })] })],
      says: 'bucketExpiresUnclear',
    },
    'an early rule, and versioning unread': {
      buckets: [bucket({ versioning: undefined, rules: [rule({ expires: { days: 1 } })] })],
      says: 'bucketExpiresUnclear',
    },
    'rules unread': {
      buckets: [bucket({ rules: undefined, unread: [{ part: 'lifecycle', why: 'HTTP 403 AccessDenied' }] })],
      says: 'bucketRulesUnread',
    },
    'files that could not be listed': {
      buckets: [bucket({ listing: undefined, unread: [{ part: 'objects', why: 'HTTP 403 AccessDenied' }] })],
      says: 'bucketNotListed',
    },
    'no files at all': {
      buckets: [bucket({ listing: { objects: 0, bytes: 0, partial: false, months: {}, days: [] } })],
      says: 'bucketEmpty',
    },
    'files that were all written lately': {
      buckets: [bucket({ listing: listing({ first: '2025-06' }) })],
      says: 'bucketYoung',
    },
    'files that begin long after the platform': {
      buckets: [bucket({ listing: listing({ first: '2025-09' }) })],
      platform: [declared('2025-06-01')],
      says: 'bucketYoung',
    },
    'a month without files': { buckets: [bucket({ listing: listing({ without: ['2024-06'] }) })], says: 'bucketGaps' },
    'no files since last year': {
      buckets: [bucket({ listing: listing({ newest: '2025-12-31' }) })],
      says: 'bucketStopped',
    },
    'listed in part, and a month is missing': {
      buckets: [bucket({ listing: listing({ partial: true, without: ['2024-06'] }) })],
      says: 'bucketPartial',
    },
    'files of a platform that has not begun': {
      buckets: [bucket()],
      platform: [declared('2026-04-01')],
      says: 'bucketNotStarted',
    },
    'a table is young, though files are old': {
      records: [store(table({ first: '2025-09' }))],
      buckets: [bucket()],
      platform: [declared('2025-06-01')],
      says: ['beginsLater', 'bucketKept'],
    },
    'a bucket of something else': { buckets: [bucket({ holds: ['audit-records'] })], says: 'noTable' },
    'begins long after the platform': {
      records: [store(table({ first: '2025-09' }))],
      platform: [declared('2025-06-01')],
      says: 'beginsLater',
    },
    'what is older lies in a table that ends where this one begins': {
      records: [
        store(table({ first: '2025-01', deleters: [purge(12, 0)] })),
        seen(
          'records',
          {
            engine: 'sqlite',
            version: '3.50',
            tables: [
              table({
                name: 'invoices_old',
                newest: '2024-12-31',
                months: Object.fromEntries(monthsFrom('2022-11', '2024-12').map((month) => [month, 1])),
              }),
            ],
            missing: [],
          },
          { subject: 'archive', on: '2026-03-01' },
        ),
      ],
      says: ['archived', 'deleted', 'stopped'],
    },
    'no such table declared': { records: [store(table({ holds: 'transactions' }))], says: 'noTable' },
    'no rows': {
      records: [
        store({
          name: 'invoices',
          holds: 'invoices',
          counted: 'all',
          rows: 0,
          months: {},
          undated: 0,
          deleters: [],
          unread: [],
        }),
      ],
      says: 'empty',
    },
    'rows without a time': { records: [store(table({ undated: 3 }))], says: 'undated' },
    'an old copy': { records: [store(table({ newest: '2026-01-31' }))], says: 'stopped' },
    'a trigger deletes, who knows what': {
      records: [store(table({ deleters: [{ kind: 'trigger', name: 'purge', definition: 'CREATE TRIGGER …' }] }))],
      says: 'deleted',
    },
    'a row of a year to come': { records: [store(table({ newest: '2031-01-01' }))], says: 'ahead' },
    'a platform that begins after the observation': {
      records: [store(table({ first: '2026-02' }))],
      platform: [declared('2026-03-02')],
      says: 'notStarted',
    },
    'no store': { records: [] },
    'a job deletes by a rule that is not read': {
      records: [
        store(
          table({
            deleters: [{ kind: 'routine', name: 'public.purge', definition: 'DELETE …', calledBy: ['pg_cron 1'] }],
          }),
        ),
      ],
      says: 'deleted',
    },
    'a view that shows jobs was denied': {
      records: [store(table({ unread: ['cron.job', 'information_schema.EVENTS'] }))],
      says: 'unread',
    },
    'a table that could not be counted': {
      records: [storeWith([table()], [{ name: 'old', holds: 'invoices', problem: 'not-a-table', detail: 'view' }])],
      says: ['kept', 'notCounted'],
    },
    'a sample without rows of a month': {
      records: [store(table({ counted: 'sample', without: ['2024-06'] }))],
      says: 'openInSample',
    },
    'a sample that does not reach back': {
      records: [store(table({ counted: 'sample', first: '2024-01' }))],
      says: 'openInSample',
    },
    'a sample without recent rows': {
      records: [store(table({ counted: 'sample', newest: '2025-12-31' }))],
      says: 'openInSample',
    },
    'a sample without times': {
      records: [
        store({
          name: 'invoices',
          holds: 'invoices',
          counted: 'sample',
          rows: 10_000,
          months: {},
          undated: 50,
          deleters: [],
          unread: [],
        }),
      ],
      says: 'notCounted',
    },
    'a month with less than a tenth of the others': {
      records: [store(table(counts({ '2024-05': 9 })))],
      says: 'thinMonths',
    },
    'two thin months beside each other': {
      records: [store(table(counts({ '2024-05': 5, '2024-06': 4 })))],
      says: 'thinMonths',
    },
    'half a year of a row or two a month': {
      records: [store(table(counts(Object.fromEntries(monthsFrom('2024-05', '2024-10').map((month) => [month, 2])))))],
      says: 'thinMonths',
    },
    'what a purge leaves of all but the last two years': {
      records: [store(table(counts(Object.fromEntries(monthsFrom('2022-11', '2024-02').map((month) => [month, 3])))))],
      says: 'thinMonths',
    },
    'a row of a year to come in an old copy': {
      records: [
        store(
          table({
            newest: '2031-01-01',
            months: Object.fromEntries([...monthsFrom('2022-11', '2025-06'), '2031-01'].map((month) => [month, 1])),
          }),
        ),
      ],
      says: ['stopped', 'ahead'],
    },
    'thin beside months of which the server has only estimates': {
      records: [
        store(
          table({
            ...counts({ '2024-05': 40 }),
            counted: 'capped',
            cap: 100,
            rows: 10_000,
            estimates: Object.fromEntries(
              monthsFrom('2022-11', '2026-03').flatMap((month) => (month === '2024-05' ? [] : [[month, 1000]])),
            ),
          }),
        ),
      ],
      says: 'thinMonths',
    },
  },
});
