import { check } from '../../../checks/data/encryption-at-rest.ts';
import type { StoreEncryption } from '../../../src/evidence/database/store-encryption.ts';
import type { Volume, Volumes } from '../../../src/evidence/host/volumes.ts';
import { bucket } from '../../support/buckets.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { hostAt } from '../../support/interfaces.ts';
import { encryptionOf, wholeEngine } from '../../support/stores.ts';
import { openVolume, place, volume, volumesOf } from '../../support/volumes.ts';

const stored = seen('platform', declaration({ stores: [{ name: 'orders', engine: 'sqlite', tables: [] }] }));
const given = (value: Partial<Volumes>, level: 'volume' | 'any' = 'any') => ({
  platform: [stored],
  volumes: [seen('volumes', volumesOf(value))],
  parameters: { level },
});
const byEngine = (engine: StoreEncryption, volumes: Partial<Volumes> = on(openVolume()), subject = 'orders') => ({
  ...given(volumes),
  storeEncryption: [seen('storeEncryption', engine, { subject })],
});
/** The store's server asked at an address, its data declared on LUKS of the host db-1, which has the addresses 10.0.0.8 and 10.0.0.9. */
const servedAt = (server: { address: string; from?: string }, more = {}) => ({
  ...given({}),
  platform: [
    seen(
      'platform',
      declaration({
        hosts: [{ name: 'db-1', addresses: ['10.0.0.8'] }],
        stores: [{ name: 'orders', engine: 'postgresql', tables: [], server }],
      }),
    ),
  ],
  volumes: [seen('volumes', volumesOf(), { subject: 'db-1' })],
  interfaces: [hostAt('10.0.0.9', {}, 'db-1'), hostAt('10.0.0.7', {}, 'app-1')],
  ...more,
});
const kin = { name: 'invoices', state: 'unknown', by: 'heap' } as const;
const on = (...volumes: Volume[]) => ({ data: [place({ volumes })] });
const at = (directory: string, beside: string[] = []) =>
  encryptionOf({ rest: { ...encryptionOf().rest, directory, beside } });
const swap = (value: Partial<Volume>) => volume({ mountPoint: '/dev/dm-2', fileSystem: 'swap', ...value });
const plainSwap = swap({ encryption: 'none', by: [], devices: ['sda2', 'sda'] });

testCheck(check, { level: 'any' }, '2026-03-01', {
  met: {
    'a bucket that encrypts, and all that was asked about is': { buckets: [bucket()], says: 'bucketEncrypted' },
    'a bucket and a host': { ...given({}), buckets: [bucket()] },
    'a bucket of backups is not asked': {
      ...given({}),
      buckets: [bucket({ holds: [], backupsOf: 'x', encryption: 'none' })],
    },
    'on LUKS': { ...given({}), says: 'encrypted' },
    'on LUKS of the host that the server is asked at': { ...servedAt({ address: '10.0.0.8' }), says: ['encrypted'] },
    'on LUKS of the host that has the address': { ...servedAt({ address: '10.0.0.9' }), says: ['encrypted'] },
    'on LUKS of the host whose own loopback it is': {
      ...servedAt({ address: '127.0.0.1', from: 'db-1' }),
      says: ['encrypted'],
    },
    'by the engine of a server elsewhere': {
      ...servedAt({ address: '10.0.0.7' }),
      storeEncryption: [seen('storeEncryption', wholeEngine({ directory: '/data/orders' }), { subject: 'orders' })],
    },
    'on LUKS of two hosts, one of which the server is asked at': servedAt(
      { address: '10.0.0.8' },
      { volumes: ['db-1', 'app-1'].map((subject) => seen('volumes', volumesOf(), { subject })) },
    ),
    'on LUKS, where the volume must be': given({}, 'volume'),
    'data, logs and table spaces on three encrypted volumes, a scratch folder in memory': given(
      on(
        volume(),
        volume({ mountPoint: '/data/orders/log', by: ['zfs aes-256-gcm'] }),
        volume({ mountPoint: '/ts', by: ['fscrypt'] }),
        volume({ mountPoint: '/data/orders/tmp', encryption: 'memory', by: [], devices: [] }),
      ),
    ),
    'swap encrypted, and in memory': given({
      swap: [swap({ by: ['PLAIN aes-xts-plain64'] }), swap({ encryption: 'memory', by: [], devices: ['zram0'] })],
    }),
    'on LUKS, the engine encrypts nothing': { ...byEngine(encryptionOf(), {}), says: 'encrypted' },
    'on a plain disk, all by the engine': { ...byEngine(wholeEngine()), says: 'engineEncrypted' },
    'all by the engine, which names its directory, a part of it declared': byEngine(
      wholeEngine({ directory: '/data/' }),
      { data: [place({ volumes: [openVolume()] })] },
    ),
    'on a provider’s disk, all by the engine, keys elsewhere': byEngine(
      wholeEngine({ keys: [{ plugin: 'hashicorp_key_management', place: 'service' }] }),
      on(openVolume({ virtualDisk: true })),
    ),
    'on NFS, all by the engine, no key named': byEngine(
      wholeEngine({ keys: [] }),
      on(volume({ fileSystem: 'nfs4', encryption: 'elsewhere', by: [], devices: [] })),
    ),
    'on LUKS, where the server says that its data is': byEngine(at('/data/orders/15/main', ['/data/orders/logs']), {}),
    'on LUKS, by another name in a container': byEngine(at('/var/lib/mysql/'), {
      data: [place({ seenAs: '/var/lib/mysql' })],
    }),
    'all by the engine, some of it elsewhere': byEngine(wholeEngine({ directory: '/data/orders', beside: ['/log'] })),
    'data nowhere on a declared host, all by the engine': {
      ...byEngine(wholeEngine(), { data: [] }),
      says: 'engineEncrypted',
    },
    'no host is declared, all by the engine': { ...byEngine(wholeEngine()), volumes: [], says: 'engineEncrypted' },
    'another host keeps no declared data': {
      ...given({}),
      volumes: [
        seen('volumes', volumesOf()),
        seen('volumes', volumesOf({ data: [], swap: [plainSwap] }), { subject: 'web-1' }),
      ],
    },
  },
  unmet: {
    'neither the disk nor the engine': { ...byEngine(encryptionOf()), says: 'bothOpen' },
    'one table of two, on a plain disk': byEngine(
      wholeEngine({
        tables: [
          { name: 'invoices', state: 'encrypted', by: 'InnoDB' },
          { name: 'log', state: 'plain', by: 'MyISAM' },
        ],
      }),
    ),
    'ten plain tables': byEngine(
      wholeEngine({
        tables: Array.from({ length: 10 }, (_, index) => ({ name: `t${index}`, state: 'plain', by: 'heap' })),
      }),
    ),
    'all by the engine, where the volume must be encrypted': {
      ...byEngine(wholeEngine()),
      parameters: { level: 'volume' },
      says: 'notEncrypted',
    },
    'on a plain disk, where the volume must be encrypted': {
      ...given(on(openVolume()), 'volume'),
      says: 'notEncrypted',
    },
    'one of its volumes is plain': { ...given(on(volume(), openVolume()), 'volume'), says: 'notEncrypted' },
    'a mirror of which one half is encrypted': given(on(volume({ encryption: 'part' })), 'volume'),
    'one own disk, one virtual': given(on(openVolume(), openVolume({ virtualDisk: true })), 'volume'),
    'one place of two': {
      ...given({ data: [place(), place({ path: '/srv/export', volumes: [openVolume()] })] }, 'volume'),
      says: ['encrypted', 'notEncrypted'],
    },
  },
  unproven: {
    'on LUKS of a host that the server is not on': {
      ...servedAt({ address: '10.0.0.7' }),
      says: ['encrypted', 'otherServer'],
    },
    'on LUKS of a host, the server is a service somewhere': {
      ...servedAt({ address: 'orders.rds.example' }),
      says: ['encrypted', 'otherServer'],
    },
    'on LUKS of a host, the server at the loopback of another': {
      ...servedAt({ address: '::1', from: 'app-1' }),
      says: ['encrypted', 'otherServer'],
    },
    'on LUKS of a host, the server at a loopback nobody knows of': {
      ...servedAt({ address: 'localhost' }),
      says: ['encrypted', 'otherServer'],
    },
    'on a plain disk of a host that the server is not on, whose engine encrypts nothing': {
      ...servedAt({ address: '10.0.0.7' }),
      volumes: [seen('volumes', volumesOf(on(openVolume())), { subject: 'db-1' })],
      storeEncryption: [seen('storeEncryption', at('/data/orders'), { subject: 'orders' })],
      says: ['openVolume', 'otherServer'],
    },
    'objects from before encryption was set': {
      buckets: [bucket({ heads: { asked: 40, encrypted: 30, plain: 10 } })],
      says: 'bucketPlain',
    },
    'a bucket that encrypts only what asks for it': { buckets: [bucket({ encryption: 'none' })], says: 'bucketOpen' },
    'objects that may not be asked about': {
      buckets: [bucket({ heads: undefined, unread: [{ part: 'heads', why: 'HTTP 403' }] })],
      says: 'bucketUnclear',
    },
    'objects that could not all be asked about': {
      buckets: [
        bucket({ heads: { asked: 9, encrypted: 8, plain: 0 }, unread: [{ part: 'heads', why: 'HTTP 503 SlowDown' }] }),
      ],
      says: 'bucketUnclear',
    },
    'a store that does not know encryption by default': {
      buckets: [bucket({ encryption: undefined, unread: [{ part: 'encryption', why: 'HTTP 501 NotImplemented' }] })],
      says: 'bucketUnclear',
    },
    'objects that were listed in part only': {
      buckets: [bucket({ unread: [{ part: 'objects', why: '> 200 × 1000' }] })],
      says: 'bucketUnclear',
    },
    'an empty bucket': { buckets: [bucket({ heads: undefined })] },
    'an encrypted bucket beside a store of which nothing is known': {
      platform: [stored],
      buckets: [bucket()],
      says: ['bucketEncrypted', 'noPlace'],
    },
    'neither the disk nor the engine, but the application is said to encrypt the fields': {
      ...byEngine(encryptionOf()),
      platform: [
        seen(
          'platform',
          declaration({ stores: [{ name: 'orders', engine: 'sqlite', tables: [], encryptedFields: true }] }),
        ),
      ],
      says: 'fieldsSaid',
    },
    'all by the engine, whose directory is another': {
      ...byEngine(wholeEngine({ directory: '/data/order' })),
      says: 'engineElsewhere',
    },
    'all by the engine, with exports beside its data': byEngine(wholeEngine({ directory: '/data/orders/db' }), {
      data: [
        place({ path: '/data/orders/db/', volumes: [openVolume()] }),
        place({ path: '/srv/export', volumes: [openVolume()] }),
      ],
    }),
    'all by an engine that names no directory, two places': byEngine(wholeEngine(), {
      data: [place({ volumes: [openVolume()] }), place({ path: '/srv/export', volumes: [openVolume()] })],
    }),
    'all by the engine, on one host of two': {
      ...byEngine(wholeEngine({ directory: '/data/orders' })),
      volumes: ['db-1', 'db-2'].map((subject) => seen('volumes', volumesOf(on(openVolume())), { subject })),
    },
    'the engine encrypts nothing, and exports lie on a plain disk': {
      ...byEngine(encryptionOf({ rest: { ...encryptionOf().rest, directory: '/data/orders' } }), {
        data: [place(), place({ path: '/srv/export', volumes: [openVolume()] })],
      }),
      says: ['encrypted', 'openVolume'],
    },
    'on LUKS, where the server says that its data is elsewhere': {
      ...byEngine(at('/var/lib/mysql'), {}),
      says: ['encrypted', 'directoryLeft'],
    },
    'on LUKS, the server’s logs elsewhere': {
      ...byEngine(at('/data/orders', ['/data/orders2/binlog']), {}),
      parameters: { level: 'volume' },
      says: ['encrypted', 'directoryLeft'],
    },
    'on a plain disk': { ...given(on(openVolume())), says: 'openVolume' },
    'on a plain disk, another store’s engine': {
      ...byEngine(wholeEngine(), on(openVolume()), 'other'),
      says: 'openVolume',
    },
    'on a provider’s disk, the engine encrypts nothing': {
      ...byEngine(encryptionOf(), on(openVolume({ virtualDisk: true }))),
      says: 'engineOpen',
    },
    'on a plain disk, tables by the engine, the redo log not': {
      ...byEngine(wholeEngine({ parts: [{ part: 'redo', state: 'plain' }] })),
      says: 'enginePart',
    },
    'on a plain disk, tables by the engine, the rest unseen': byEngine(wholeEngine({ parts: [] })),
    'on a plain disk, whether by the engine is unknown': {
      ...byEngine(encryptionOf({ version: 'KingbaseES V008R006', rest: { ...encryptionOf().rest, tables: [kin] } })),
      says: 'engineUnclear',
    },
    'on a plain disk, the engine’s views denied': byEngine({
      ...wholeEngine({ tables: [{ name: 'invoices', state: 'unknown', by: 'InnoDB' }] }),
      unread: [{ view: 'information_schema.INNODB_TABLESPACES_ENCRYPTION', why: 'denied' }],
    }),
    'no table was seen': byEngine(wholeEngine({ tables: [] })),
    'swap on a plain disk, all by the engine': byEngine(wholeEngine(), { ...on(openVolume()), swap: [plainSwap] }),
    'all by the engine, and a folder that is no store’s': byEngine(wholeEngine(), {
      data: [place({ volumes: [openVolume()] }), place({ path: '/srv', of: undefined, volumes: [openVolume()] })],
    }),
    'table spaces on a plain disk': { ...given(on(volume(), openVolume({ mountPoint: '/ts' }))), says: 'openVolume' },
    'half encrypted': given(on(volume({ encryption: 'part' }))),
    'on a provider’s disk': { ...given(on(openVolume({ virtualDisk: true })), 'volume'), says: 'providerDisk' },
    'the cipher could not be read': {
      ...given(on(volume({ by: ['LUKS2'], cipherUnread: true }))),
      says: 'cipherUnread',
    },
    'on NFS': {
      ...given(on(volume({ fileSystem: 'nfs4', encryption: 'elsewhere', by: [], devices: [] }))),
      says: 'elsewhere',
    },
    'a layer is unknown': { ...given(on(volume({ encryption: 'unknown', by: [] }))), says: 'unclear' },
    'in memory only': { ...given(on(volume({ encryption: 'memory', by: [], devices: [] }))), says: 'unclear' },
    'no volume at all': { ...given({ data: [place({ volumes: [] })] }), says: 'unclear' },
    'many volumes': given(on(...Array.from({ length: 20 }, (_, index) => openVolume({ mountPoint: `/v${index}` })))),
    'the path is not there': { ...given({ data: [place({ problem: 'missing', volumes: [] })] }), says: 'notThere' },
    'the path may not be looked at': {
      ...given({ data: [place({ problem: 'denied', volumes: [] })] }),
      says: 'denied',
    },
    'swap on a plain disk': { ...given({ swap: [plainSwap] }), says: ['encrypted', 'swapOpen'] },
    'swap of an unknown cipher': { ...given({ swap: [swap({ cipherUnread: true })] }), says: 'swapOpen' },
    'a folder below could not be read': {
      ...given({ unread: [{ part: '/data/orders/x', why: 'denied' }] }),
      says: ['encrypted', 'unread'],
    },
    'a store whose data is nowhere': {
      ...given({ data: [place({ path: '/srv', of: undefined })] }),
      says: ['encrypted', 'noPlace'],
    },
    'no place is declared': { ...given({ data: [] }), platform: [], says: 'noData' },
    'no host': { volumes: [], says: 'noHost' },
  },
});
