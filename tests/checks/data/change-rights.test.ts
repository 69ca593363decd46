import { check } from '../../../checks/data/change-rights.ts';
import type { StoreRights } from '../../../src/evidence/database/store-rights.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { bucket } from '../../support/buckets.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { holder, rightsOf } from '../../support/stores.ts';

type Writers = NonNullable<PlatformDeclaration['stores'][number]['writers']>;

const given = (value: Partial<StoreRights>, writers?: Writers) => ({
  platform: [
    seen(
      'platform',
      declaration({ stores: [{ name: 'orders', engine: 'postgresql', tables: [], ...(writers ? { writers } : {}) }] }),
    ),
  ],
  storeRights: [seen('storeRights', rightsOf(value), { subject: 'orders' })],
});
const app: Writers[number] = { account: 'app', party: 'unit', purpose: '开票' };
const dba = holder({
  name: 'postgres',
  everything: true,
  may: [{ table: 'invoices', can: ['delete', 'update', 'truncate', 'drop', 'alter'], by: ['superuser'] }],
});
const table = (value: Partial<StoreRights['tables'][number]>) => ({
  tables: [{ name: 'invoices', everybody: [], ...value }],
});

testCheck(check, { allow: ['unit', 'related'] }, '2026-03-01', {
  met: {
    'a bucket of backups that is open to nobody': {
      ...given({}),
      buckets: [bucket({ holds: [], backupsOf: 'orders' })],
    },
    nobody: { ...given({}), says: 'nobody' },
    'the application and the administrator, declared': {
      ...given({ accounts: [holder(), dba] }, [app, { account: 'postgres', party: 'related' }]),
      says: 'declared',
    },
    'declared by name for every host, and by name and host': given(
      {
        accounts: [
          holder({ from: '10.%' }),
          holder({ from: '192.168.%' }),
          holder({ name: 'root', from: 'localhost', everything: true }),
        ],
      },
      [app, { account: 'root@localhost', party: 'unit' }],
    ),
    'a role that nobody can log in by': given({ accounts: [holder({ name: 'writers', login: 'no' })] }),
    'twelve declared accounts': given(
      { accounts: Array.from({ length: 12 }, (_, index) => holder({ name: `app${index}` })) },
      Array.from({ length: 12 }, (_, index) => ({ account: `app${index}`, party: 'unit' as const })),
    ),
  },
  unmet: {
    'a bucket that anybody may read': {
      buckets: [bucket({ everybody: ['read'], isPublic: true })],
      says: 'bucketEverybody',
    },
    'backups that anybody may read': {
      ...given({}),
      buckets: [bucket({ holds: [], backupsOf: 'orders', everybody: ['read'] })],
    },
    'a bucket that anybody may write to': { ...given({}), buckets: [bucket({ everybody: ['write'] })] },
    everybody: { ...given(table({ everybody: ['delete'] })), says: 'everybody' },
    'everybody, beside a declared account': given({ ...table({ everybody: ['update'] }), accounts: [holder()] }, [app]),
  },
  unproven: {
    'a bucket, for accounts have policies of their own': {
      buckets: [
        bucket({ lock: { enabled: true, mode: 'COMPLIANCE', years: 3 }, versioning: 'enabled', replication: ['dr'] }),
      ],
      says: ['bucketRights'],
    },
    'a bucket with locks of days, or none by default': {
      buckets: [
        bucket({ lock: { enabled: true, mode: 'GOVERNANCE', days: 30 } }),
        bucket({ lock: { enabled: true } }),
        bucket({ lock: undefined, versioning: undefined, writers: [], unread: [{ part: 'lock', why: 'HTTP 403' }] }),
      ],
    },
    'backups whose policy is unread': {
      ...given({}),
      buckets: [bucket({ holds: [], backupsOf: 'orders', unread: [{ part: 'policy', why: 'HTTP 403' }] })],
      says: 'bucketRights',
    },
    'a bucket that the server calls public': { buckets: [bucket({ isPublic: true })], says: 'bucketMaybePublic' },
    'a bucket that we could write to': { buckets: [bucket({ ownWrites: ['acl'] })], says: 'bucketScannerWrites' },
    'an account that is not declared': { ...given({ accounts: [holder()] }), says: 'undeclared' },
    'an account of unknown state': given({ accounts: [holder({ login: 'unknown' })] }),
    'the administrator is not declared': given({ accounts: [holder(), dba] }, [app]),
    'many undeclared': given({ accounts: Array.from({ length: 12 }, (_, index) => holder({ name: `x${index}` })) }),
    'declared from another host': given({ accounts: [holder({ name: 'root', from: '%' })] }, [
      { account: 'root@localhost', party: 'unit' },
    ]),
    'a vendor’s account': {
      ...given({ accounts: [holder()] }, [{ account: 'app', party: 'vendor' }]),
      says: 'outside',
    },
    'declared for two parties': given({ accounts: [holder()] }, [app, { account: 'app', party: 'vendor' }]),
    'grant tables unread': {
      ...given({ unread: [{ view: 'mysql.user', why: 'denied' }] }),
      says: 'unread',
    },
    'more views unread than a report names': given({
      unread: Array.from({ length: 10 }, (_, index) => ({ view: `v${index}`, why: 'failed' as const })),
    }),
    'a table that is not there': { ...given(table({ problem: 'missing' })), says: 'table' },
    'a view': given(table({ problem: 'view' })),
    'rows elsewhere': given(table({ problem: 'remote' })),
    'the scanner could write': {
      ...given({ own: { account: 'boss', writes: ['DELETE ON public.invoices'] } }),
      says: 'scannerWrites',
    },
    'the scanner could write, and is declared': given(
      { own: { account: 'app', writes: ['DELETE ON public.invoices'] }, accounts: [holder()] },
      [app],
    ),
    'how many can log in is unknown': {
      ...given({}),
      storeRights: [
        seen('storeRights', {
          engine: 'mysql',
          version: '8.0',
          own: { account: 'a', writes: [] },
          tables: [],
          accounts: [],
          unread: [],
        }),
      ],
    },
    'declared for another store': {
      ...given({ accounts: [holder()] }),
      platform: [
        seen('platform', declaration({ stores: [{ name: 'other', engine: 'mysql', tables: [], writers: [app] }] })),
      ],
    },
    'no store': { storeRights: [], says: 'noStore' },
  },
});
