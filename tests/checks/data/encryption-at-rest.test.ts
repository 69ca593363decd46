import { check } from '../../../checks/data/encryption-at-rest.ts';
import type { Volume, Volumes } from '../../../src/evidence/host/volumes.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { openVolume, place, volume, volumesOf } from '../../support/volumes.ts';

const stored = seen('platform', declaration({ stores: [{ name: 'orders', engine: 'sqlite', tables: [] }] }));
const given = (value: Partial<Volumes>, level: 'volume' | 'any' = 'any') => ({
  platform: [stored],
  volumes: [seen('volumes', volumesOf(value))],
  parameters: { level },
});
const on = (...volumes: Volume[]) => ({ data: [place({ volumes })] });
const swap = (value: Partial<Volume>) => volume({ mountPoint: '/dev/dm-2', fileSystem: 'swap', ...value });
const plainSwap = swap({ encryption: 'none', by: [], devices: ['sda2', 'sda'] });

testCheck(check, { level: 'any' }, '2026-03-01', {
  met: {
    'on LUKS': { ...given({}), says: 'encrypted' },
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
    'another host keeps no declared data': {
      ...given({}),
      volumes: [
        seen('volumes', volumesOf()),
        seen('volumes', volumesOf({ data: [], swap: [plainSwap] }), { subject: 'web-1' }),
      ],
    },
  },
  unmet: {
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
    'on a plain disk': { ...given(on(openVolume())), says: 'openVolume' },
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
