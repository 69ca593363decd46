import { check } from '../../../checks/data/backups.ts';
import type { Buckets } from '../../../src/evidence/database/buckets.ts';
import type { BackupPlace, Backups } from '../../../src/evidence/host/backups.ts';
import { bucket, listing } from '../../support/buckets.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { register, shortfalls } from '../../support/ledgers.ts';
import { place as dataPlace, openVolume, volume, volumesOf } from '../../support/volumes.ts';

const platform = [seen('platform', declaration({ stores: [{ name: 'orders', engine: 'sqlite', tables: [] }] }))];

const daily = (...bytes: number[]) => bytes.map((each, daysAgo) => ({ daysAgo, bytes: each }));
const place = (value: Partial<BackupPlace> = {}): BackupPlace => ({
  path: '/backup/orders',
  of: 'orders',
  form: 'files',
  count: 30,
  newestHours: 9.5,
  days: daily(1000, 990, 980, 970, 960),
  encrypted: 'yes',
  volume: openVolume({ mountPoint: '/backup', devices: ['sdz1', 'sdz'] }),
  ...value,
});
const backups = (places: BackupPlace[], value: Partial<Backups> = {}, subject = 'app-1') =>
  seen(
    'backups',
    { places, jobs: [{ where: '/etc/cron.d/backup:3', tool: 'restic' }], agents: [], unread: [], ...value },
    { subject },
  );
const given = (...places: BackupPlace[]) => ({ platform, backups: [backups(places)] });
const unread = (...places: BackupPlace[]) => ({
  platform,
  backups: [backups(places, { unread: [{ part: '/backup/orders/x', why: 'denied' }] })],
});
const beside = (value: Partial<BackupPlace>, subject = 'app-1') => ({
  ...given(place(value)),
  volumes: [
    seen('volumes', volumesOf({ data: [dataPlace({ volumes: [volume({ devices: ['dm-0', 'sda3', 'sda'] })] })] }), {
      subject,
    }),
  ],
});
const parameters = { within: 2, least: 0.5, encrypted: false };
const encrypting = { parameters: { ...parameters, encrypted: true } };
const without = (value: BackupPlace): BackupPlace => {
  const { newestHours: _, ...rest } = value;
  return rest;
};

const on = (address: string) =>
  seen(
    'platform',
    declaration({
      stores: [{ name: 'orders', engine: 'sqlite', tables: [] }],
      hosts: [
        { name: 'app-1', addresses: [address] },
        { name: 'db-1', addresses: ['10.0.0.2'] },
      ],
    }),
  );
const inBucket = (value: Partial<Buckets>) => ({
  platform: [on('10.0.0.1')],
  buckets: [bucket({ place: 's3://dumps/', holds: [], backupsOf: 'orders', ...value })],
});
const holding = (subject: string) => seen('volumes', volumesOf({ data: [dataPlace({ of: 'orders' })] }), { subject });
const restoring = { parameters: { ...parameters, restored: { ledger: 'restore-tests', within: 12 } } };
const test = (testedOn: string, outcome = 'passed') => ({
  testedOn,
  store: 'orders',
  backup: 'orders-20260101.dump',
  outcome,
  record: '恢复记录',
});
const tested = (
  entries: Parameters<typeof register<'restore-tests'>>[1],
  changes: Parameters<typeof register>[2] = {},
) => ({
  ...given(place()),
  ...restoring,
  ledgers: [register('restore-tests', entries, changes)],
});

testCheck(check, parameters, '2026-03-01', {
  met: {
    'in a bucket at another address': { ...inBucket({}), says: 'inBucket' },
    'in a bucket, encrypted, which is asked for': { ...inBucket({}), ...encrypting },
    'in a bucket, listed in part': inBucket({ listing: listing({ partial: true }) }),
    'in time in a bucket, an old folder beside it': {
      ...inBucket({}),
      backups: [backups([place({ newestHours: 900 })])],
      says: ['inBucket', 'olderCopy'],
    },
    'on the host of other data': { ...inBucket({ address: '10.0.0.1' }), volumes: [holding('db-1')] },
    'restored on the last day that counts': { ...tested([test('2025-03-01')]), says: ['backedUp', 'restored'] },
    'no register of restore tests': { ...given(place()), ...restoring, says: ['backedUp', 'restoreNotKept'] },
    'restored at last': tested([test('2025-09-01', 'failed'), test('2026-02-01')]),
    'planned for later': tested([test('2025-09-01'), test('2026-03-02', 'failed')]),
    'named after yesterday, written this morning': given(place({ namedHours: 10 })),
    'of this morning': { ...given(place()), says: 'backedUp' },
    'old by the limit itself': given(place({ newestHours: 48 })),
    'one copy in time, one old, one far away': {
      ...given(
        place(),
        place({ path: '/old', newestHours: 900 }),
        place({ path: '/nas', problem: 'far', count: 0, days: [] }),
      ),
      says: ['backedUp', 'olderCopy'],
    },
    'half as large as usual': given(place({ days: daily(500, 1000, 1000, 1000) })),
    'a repository that wrote little': given(place({ form: 'restic', days: daily(1, 1000, 1000, 1000) })),
    'only two backups yet': given(place({ days: daily(500, 1000) })),
    'the first, and a second that is larger': given(place({ days: daily(1000, 20) })),
    'not encrypted, which is not asked for': given(place({ encrypted: 'no' })),
    'encrypted, which is asked for': { ...given(place()), ...encrypting },
    'in clear on an encrypted volume': { ...given(place({ encrypted: 'no', volume: volume() })), ...encrypting },
    'on other disks than the data': beside({}),
    'on the same device name of another host': beside({ volume: openVolume({ devices: ['sda'] }) }, 'db-1'),
    'of no store, where none is declared': {
      backups: [backups([place({ of: undefined })], { jobs: [], agents: ['Bacula'] })],
    },
  },
  unmet: {
    'the bucket has nothing new': { ...inBucket({ listing: listing({ newestHours: 49 }) }), says: 'tooOld' },
    'the bucket is empty': {
      ...inBucket({ listing: { objects: 0, bytes: 0, partial: false, months: {}, days: [] } }),
      says: 'empty',
    },
    'too old': { ...given(place({ newestHours: 48.1 })), says: 'tooOld' },
    'all copies are too old': given(place({ newestHours: 100 }), place({ path: '/b', newestHours: 200 })),
    'the folder is empty': { ...given(without(place({ count: 0, days: [] }))), says: 'empty' },
    'in clear, where it must be encrypted': { ...given(place({ encrypted: 'no' })), ...encrypting, says: 'plain' },
    'some of it in clear': { ...given(place({ encrypted: 'part' })), ...encrypting, says: 'plain' },
  },
  unproven: {
    'the bucket could not be listed': { ...inBucket({ listing: undefined }), says: 'bucketDenied' },
    'nothing new in the part of the bucket that was listed': {
      ...inBucket({ listing: listing({ newestHours: 49, partial: true }) }),
      says: 'unread',
    },
    'old dumps that were copied this morning': {
      ...inBucket({ listing: listing({ namedHours: 900 }) }),
      says: 'namedOlder',
    },
    'the bucket’s newest is small': {
      ...inBucket({ listing: listing({ days: daily(10, 1000, 1000, 1000) }) }),
      says: 'shrunk',
    },
    'the bucket is on a host of the platform, and which has the data is not known': {
      ...inBucket({ address: '10.0.0.1' }),
      says: 'sameHost',
    },
    'the bucket is on the host of the data, by its name': {
      ...inBucket({ host: 'app-1.internal', address: '10.9.9.9' }),
      volumes: [holding('app-1')],
      platform: [on('app-1.internal')],
      says: 'sameHost',
    },
    'the bucket does not encrypt all, which is asked for': {
      ...inBucket({ heads: { asked: 40, encrypted: 39, plain: 1 } }),
      ...encrypting,
      says: 'maybePlain',
    },
    'the bucket did not say of all whether they are encrypted': {
      ...inBucket({ heads: { asked: 9, encrypted: 8, plain: 0 }, unread: [{ part: 'heads', why: 'HTTP 503' }] }),
      ...encrypting,
      says: 'maybePlain',
    },
    'two registers of restore tests': {
      ...given(place()),
      ...restoring,
      ledgers: [register('restore-tests', [test('2026-02-01')]), register('restore-tests', [])],
      says: 'noLedger',
    },
    'a ledger of another store': { ...tested([{ ...test('2026-02-01'), store: 'other' }]), says: 'restoreNone' },
    'restored too long ago': { ...tested([test('2025-02-28')]), says: 'restoreOld' },
    'not restored at last': { ...tested([test('2025-06-01'), test('2026-02-01', 'failed')]), says: 'restoreFailed' },
    'twice on one day, once in vain': tested([test('2026-02-01'), test('2026-02-01', 'failed')]),
    'restored without a record': {
      ...tested([{ testedOn: '2026-02-01', store: 'orders', backup: 'x', outcome: 'passed' }]),
      says: 'restoreNoRecord',
    },
    'on a day that is none': tested([test('2026-02-30')]),
    ...shortfalls((changes) => tested([test('2026-02-20')], changes)),
    'written this morning, named after a day of last year': {
      ...given(place({ namedHours: 9000 })),
      says: 'namedOlder',
    },
    'it cannot be told whether it is encrypted': {
      ...given(place({ encrypted: 'unknown' })),
      ...encrypting,
      says: 'maybePlain',
    },
    'in clear on dm-crypt of an unknown cipher': {
      ...given(place({ encrypted: 'unknown', volume: volume({ cipherUnread: true }) })),
      ...encrypting,
    },
    'the newest is empty': { ...given(place({ days: daily(0, 1000, 1000) })), says: 'nothingIn' },
    'much less than the only one before': { ...given(place({ days: daily(20, 1000) })), says: 'shrunk' },
    'much less than either of two before': { ...given(place({ days: daily(20, 700, 1000) })), says: 'shrunk' },
    'too small to hold anything, and nothing before to compare it with': {
      ...given(place({ count: 1, days: daily(20) })),
      parameters: { ...parameters, leastBytes: 1024 },
      says: 'nothingIn',
    },
    'less than half as large as usual': { ...given(place({ days: daily(499, 1000, 1000, 1000) })), says: 'shrunk' },
    'on the data’s own disk': { ...beside({ volume: openVolume({ devices: ['sda5', 'sda'] }) }), says: 'sameDisk' },
    'on the data’s own network mount': beside({ volume: openVolume({ mountPoint: '/data', devices: [] }) }),
    'too old, but some of it could not be read': { ...unread(place({ newestHours: 100 })), says: 'unread' },
    'empty, but some of it could not be read': unread(without(place({ count: 0, days: [] }))),
    'dated in the future': { ...given(place({ newestHours: -3 })), says: 'future' },
    'not there': { ...given(place({ problem: 'missing' })), says: 'notThere' },
    'may not be looked at': { ...given(place({ problem: 'denied' })), says: 'denied' },
    'on NFS': { ...given(place({ problem: 'far' })), says: 'far' },
    'too many files': { ...given(place({ problem: 'unclear' })), says: 'unclear' },
    'a store without a folder': { ...given(place({ of: 'invoices' })), says: ['backedUp', 'noPlace'] },
    'nothing is declared, though tools are scheduled': { backups: [backups([])], says: 'noneDeclared' },
    'no host': { backups: [], says: 'noHost' },
  },
});
