import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { volumes as collector } from '../../../src/collectors/host/volumes.ts';
import type { Volumes } from '../../../src/evidence/host/volumes.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { dataHost } from './data-host.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const read = (data: object[], output: Parameters<typeof transcript>[0][string]): Volumes =>
  kinds.volumes.value.parse(collector.read(transcript({ volumes: output }), dataHost({ data })));

const mount = (dev: string, point: string, type: string, source: string, upper = '', more = ''): string =>
  `mount:${[dev, '/', point, type, source, upper, more].join('\t')}`;
type Fields = { parent?: string; slaves?: string; uuid?: string; mapped?: string; model?: string; backing?: string };
const device = (name: string, dev: string, fields: Fields = {}): string => {
  const { parent = '', slaves = '', uuid = '', mapped = '', model = '', backing = '' } = fields;
  return `device:${[name, dev, parent, slaves, uuid, mapped, model, backing].join('\t')}`;
};
const there = (path: string, index = 0): string => `place:${index}\tthere\t${path}`;
const luks = { uuid: 'CRYPT-LUKS2-6d8f0000000000000000000000000000-data', mapped: 'data' };
const sda = [device('sda', '8:0', { model: 'PERC H730' }), device('sda3', '8:3', { parent: 'sda' })];
const crypt = 'table:data\tcrypt\taes-xts-plain64';

/** The first volume of one declared place, `/data/db`, on the file system that these lines give. */
const first = (...listing: string[]) =>
  read([{ path: '/data/db' }], lines('uid:0', ...listing, there('/data/db'), 'end')).data[0]?.volumes[0];

describe('layers (reconstructed from proc(5), dmsetup(8), cryptsetup(8), zfsprops(7) and the kernel’s ABI/testing/sysfs-block)', () => {
  test('LVM on LUKS on a partition', () => {
    const found = first(
      mount('253:1', '/data', 'xfs', '/dev/mapper/vg-db'),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      device('dm-1', '253:1', { slaves: ' dm-0', uuid: 'LVM-abc', mapped: 'vg-db' }),
      ...sda,
      'table:vg-db\tlinear\t',
      crypt,
    );
    expect(found).toEqual({
      mountPoint: '/data',
      fileSystem: 'xfs',
      encryption: 'whole',
      by: ['LUKS2 aes-xts-plain64'],
      cipherUnread: false,
      devices: ['dm-1', 'dm-0', 'sda3', 'sda'],
      virtualDisk: false,
    });
  });

  const onCrypt = (...tables: string[]) =>
    first(
      mount('253:0', '/data', 'ext4', '/dev/mapper/data'),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      ...sda,
      ...tables,
    );

  test.each([
    ['no table, for want of root', [], { encryption: 'whole', cipherUnread: true, by: ['LUKS2'] }],
    ['the null cipher', ['table:data\tcrypt\tcipher_null-ecb'], { encryption: 'none', by: [] }],
    [
      'the null cipher, as the kernel spells it',
      ['table:data\tcrypt\tcapi:ecb(cipher_null)-plain'],
      { encryption: 'none' },
    ],
    ['a table without its cipher', ['table:data\tcrypt\t'], { encryption: 'none' }],
    ['being encrypted in place', [crypt, 'table:data\tlinear\t'], { encryption: 'part' }],
  ])('dm-crypt with %s', (_, tables, expected) => {
    expect(onCrypt(...tables)).toMatchObject(expected);
  });

  test.each([
    ['verity', 'CRYPT-VERITY-aa-data'],
    ['integrity', 'CRYPT-INTEGRITY-data'],
    ['LVM', 'LVM-aa'],
  ])('device mapper for %s encrypts nothing', (_, uuid) => {
    const listing = [
      mount('253:0', '/data', 'ext4', '/dev/mapper/data'),
      device('dm-0', '253:0', { uuid, mapped: 'data', slaves: ' sda3' }),
    ];
    expect(first(...listing, ...sda)).toMatchObject({ encryption: 'none', by: [] });
  });

  test.each([
    ['both halves', { uuid: 'CRYPT-LUKS1-bb-two', mapped: 'two' }, 'whole'],
    ['one half', { uuid: 'LVM-bb', mapped: 'two' }, 'part'],
  ])('a mirror over %s encrypted', (_, two, encryption) => {
    const found = first(
      mount('9:0', '/data', 'ext4', '/dev/md0'),
      device('md0', '9:0', { slaves: ' dm-0 dm-1' }),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      device('dm-1', '253:1', { ...two, slaves: ' sda3' }),
      ...sda,
      crypt,
      two.uuid.startsWith('CRYPT') ? 'table:two\tcrypt\taes-xts-plain64' : 'table:two\tlinear\t',
    );
    expect(found?.encryption).toBe(encryption);
  });

  test('multipath to a storage array is not encrypted by the host', () => {
    const found = first(
      mount('253:0', '/data', 'xfs', '/dev/mapper/mpatha'),
      device('dm-0', '253:0', { uuid: 'mpath-3600', mapped: 'mpatha', slaves: ' sda sdb' }),
      device('sda', '8:0', { model: 'OceanStor' }),
      device('sdb', '8:16', { model: 'OceanStor' }),
    );
    expect(found).toMatchObject({ encryption: 'none', virtualDisk: false, devices: ['dm-0', 'sda', 'sdb'] });
  });

  test.each([
    ['vda', ''],
    ['sda', 'QEMU HARDDISK'],
    ['sda', 'Virtual disk'],
    ['nvme0n1', 'Alibaba Cloud Elastic Block Storage'],
    ['nvme0n1', 'Amazon Elastic Block Store'],
  ])('%s %s is a provider’s disk', (name, model) => {
    const found = first(mount('8:0', '/data', 'xfs', `/dev/${name}`), device(name, '8:0', { model }));
    expect(found).toMatchObject({ encryption: 'none', virtualDisk: true });
  });

  test.each([
    ['an encrypted dataset', 'zfs:tank/db\taes-256-gcm', 'whole', ['zfs aes-256-gcm']],
    ['a plain dataset on plain disks', 'zfs:tank/db\toff', 'none', []],
    ['a dataset that zfs does not name', 'zfs:tank\toff', 'unknown', []],
  ])('ZFS: %s', (_, dataset, encryption, by) => {
    const found = first(mount('0:50', '/data', 'zfs', 'tank/db'), dataset, 'pool:tank\t/dev/sda3', ...sda);
    expect(found).toMatchObject({ encryption, by });
  });

  test('btrfs over two devices, one of them encrypted', () => {
    const found = first(
      mount('0:40', '/data', 'btrfs', '/dev/mapper/data'),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      device('sdb', '8:16'),
      ...sda,
      crypt,
      'btrfs: dm-0 sdb',
    );
    expect(found?.encryption).toBe('part');
  });

  test('a loop device is as good as what its file lies on', () => {
    const found = first(
      mount('7:0', '/data', 'ext4', '/dev/loop0'),
      mount('253:0', '/', 'xfs', '/dev/mapper/data'),
      device('loop0', '7:0', { backing: '/var/disk.img' }),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      ...sda,
      crypt,
    );
    expect(found).toMatchObject({ encryption: 'whole', by: ['LUKS2 aes-xts-plain64'] });
  });

  test.each([
    ['NFS', 'nfs4', 'nas:/export', 'elsewhere'],
    ['CIFS', 'cifs', '//nas/export', 'elsewhere'],
    ['tmpfs', 'tmpfs', 'tmpfs', 'memory'],
    ['eCryptfs', 'ecryptfs', '/home/.x', 'whole'],
    ['a file system that is unknown', 'fuse.odd', 'odd', 'unknown'],
    ['an overlay without its upper folder', 'overlay', 'overlay', 'unknown'],
  ])('%s', (_, type, source, encryption) => {
    expect(first(mount('0:60', '/data', type, source))?.encryption).toBe(encryption);
  });

  test('a container sees nothing below its overlay', () => {
    expect(first(mount('0:60', '/', 'overlay', 'overlay', '/var/lib/docker/overlay2/x/diff'))?.encryption).toBe(
      'unknown',
    );
  });

  test.each(['drbd0', 'nbd0', 'rbd0', 'zd0', 'dm-9'])('what lies below %s is not known', (name) => {
    expect(first(mount('1:0', '/data', 'ext4', `/dev/${name}`), device(name, '1:0'))?.encryption).toBe('unknown');
  });

  test('a journal on another device is not known', () => {
    const found = first(mount('8:3', '/data', 'xfs', '/dev/sda3', '', 'external'), ...sda);
    expect(found?.encryption).toBe('unknown');
  });

  test('fscrypt encrypts the folder, not what a link in it leads to', () => {
    const output = lines(
      'uid:0',
      mount('8:3', '/', 'ext4', '/dev/sda3'),
      ...sda,
      there('/data/db'),
      'flags:0\tE',
      'link:0\t/data/db/inner',
      'link:0\t/data/db2',
      'end',
    );
    const [place] = read([{ path: '/data/db', of: 'orders' }], output).data;
    expect(place?.volumes.map(({ encryption, by }) => [encryption, by])).toEqual([
      ['whole', ['fscrypt']],
      ['none', []],
    ]);
  });

  test('volumes below the path count, and of mounts at one place the last', () => {
    const output = lines(
      'uid:0',
      mount('8:3', '/', 'ext4', '/dev/sda3'),
      mount('8:3', '/data', 'ext4', '/dev/sda3'),
      mount('253:0', '/data', 'xfs', '/dev/mapper/data'),
      mount('8:3', '/data/db/my\\040logs', 'ext4', '/dev/sda3'),
      mount('8:3', '/data/dbx', 'ext4', '/dev/sda3'),
      device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
      ...sda,
      crypt,
      there('/data/db'),
      'end',
    );
    const [place] = read([{ path: '/data/db' }], output).data;
    expect(place?.volumes.map(({ mountPoint, encryption }) => [mountPoint, encryption])).toEqual([
      ['/data', 'whole'],
      ['/data/db/my logs', 'none'],
    ]);
  });

  test('a cache before an encrypted disk keeps what it likes in clear', () => {
    const [place] = read(
      [{ path: '/data/db' }],
      lines(
        mount('250:0', '/data', 'xfs', '/dev/bcache0'),
        device('bcache0', '250:0', { slaves: ' dm-0' }),
        device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
        ...sda,
        crypt,
        'place:0\tthere\t/data/db',
        'end',
      ),
    ).data;
    expect(place?.volumes.map(({ encryption }) => encryption)).toEqual(['unknown']);
  });

  test('swap: a partition, a file, memory, and memory that is written out', () => {
    const { swap } = read(
      [],
      lines(
        mount('253:0', '/', 'xfs', '/dev/mapper/data'),
        device('dm-0', '253:0', { ...luks, slaves: ' sda3' }),
        device('zram0', '252:0', { backing: 'none' }),
        device('zram1', '252:1', { backing: '/dev/sdb' }),
        ...sda,
        crypt,
        'swap:/dev/sda3\tpartition',
        'swap:/swapfile\tfile',
        'swap:/dev/zram0\tpartition',
        'swap:/dev/zram1\tpartition',
        'end',
      ),
    );
    expect(swap.map(({ mountPoint, encryption }) => [mountPoint, encryption])).toEqual([
      ['/dev/sda3', 'none'],
      ['/swapfile', 'whole'],
      ['/dev/zram0', 'memory'],
      ['/dev/zram1', 'unknown'],
    ]);
  });
});

describe('whatever the host prints', () => {
  test('of more volumes than are kept, the rest is not known', () => {
    const points = Array.from({ length: 600 }, (_, index) => mount('253:0', `/data/db/${index}`, 'ext4', '/dev/dm-0'));
    const [place] = read(
      [{ path: '/data/db' }],
      lines('uid:0', mount('8:3', '/', 'ext4', '/dev/sda3'), ...points, there('/data/db'), 'end'),
    ).data;
    expect(place?.volumes.at(-1)).toMatchObject({ mountPoint: '…', encryption: 'unknown' });
  });

  test('as many mounts as are printed at most may not be all', () => {
    const mounts = Array.from({ length: 10_000 }, (_, index) => mount('0:1', `/m${index}`, 'tmpfs', 'tmpfs'));
    expect(read([], lines('uid:0', ...mounts, 'end')).unread).toEqual([{ part: '/sys/block', why: 'too-many' }]);
  });

  test.each([
    ['cut', { stdout: `${mount('8:3', '/', 'ext4', '/dev/sda3')}\n` }, 'failed'],
    ['out of time', { stdout: '', timedOut: true, status: undefined }, 'timed-out'],
    ['without a single mount', { stdout: 'uid:0\nend\n' }, 'denied'],
  ])('%s proves nothing', (_, output, reason) => {
    expect(() => read([{ path: '/data' }], output)).toThrow(expect.objectContaining({ reason }));
  });

  test('devices that stand on each other in a circle are not known', () => {
    const found = first(
      mount('253:0', '/data', 'xfs', '/dev/dm-0'),
      device('dm-0', '253:0', { slaves: ' dm-1' }),
      device('dm-1', '253:1', { slaves: ' dm-0' }),
    );
    expect(found?.encryption).toBe('unknown');
  });

  test('a loop device whose file lies on itself is not known', () => {
    const listing = [mount('7:0', '/', 'ext4', '/dev/loop0'), device('loop0', '7:0', { backing: '/disk.img' })];
    expect(first(...listing)?.encryption).toBe('unknown');
  });

  test('a place of which nothing was printed is missing, one that is closed is denied', () => {
    const output = lines(mount('8:3', '/', 'ext4', '/dev/sda3'), 'place:1\tdenied\t/root/db', '!! denied /data', 'end');
    const { data, unread } = read([{ path: '/a' }, { path: '/root/db' }], output);
    expect(data.map(({ problem }) => problem)).toEqual(['missing', 'denied']);
    expect(unread).toEqual([{ part: '/data', why: 'denied' }]);
  });
});

describe.each(['dash', 'bash', 'busybox'])('on this machine, by %s', (shell) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leqi-audit-volumes-'));
    mkdirSync(join(folder, "it's data/sub"), { recursive: true });
    symlinkSync('/proc/self', join(folder, "it's data/sub/out"));
    symlinkSync("it's data", join(folder, 'link'));
    symlinkSync('/nonexistent/place', join(folder, "it's data/line\nbreak"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // A file system without encryption; the letter stands in the name.
  test('an E in a name is no flag', () => {
    mkdirSync(join(folder, 'ERP data'), { recursive: true });
    const [command] = collector.ask(dataHost({ data: [{ path: `${folder}/ERP data` }] }));
    const args = shell === 'busybox' ? ['sh', '-c'] : ['-c'];
    const flags = (shown: string): string =>
      execFileSync(shell, [...args, `lsattr() { echo "${shown} $2"; }\n${command?.script}`], { encoding: 'utf8' });
    expect(flags('--------------e-------')).not.toContain('flags:');
    expect(flags('-----------E--e-------')).toContain('flags:0\tE\n');
  });

  test('links are followed, and nothing that is there is taken for missing', () => {
    const data = [{ path: `${folder}/link` }, { path: `${folder}/none` }, { path: '/proc' }];
    const [command] = collector.ask(dataHost({ data }));
    const args = shell === 'busybox' ? ['sh', '-c'] : ['-c'];
    const stdout = execFileSync(shell, [...args, command?.script ?? ''], { encoding: 'utf8' });
    expect(stdout).toContain(`place:0\tthere\t${folder}/it's data\n`);
    const found = read(data, stdout);
    expect(found.data.map(({ problem }) => problem)).toEqual([undefined, 'missing', undefined]);
    // Below /proc nothing is stored; what it is, is not known.
    expect(found.data[0]?.volumes.map(({ mountPoint }) => mountPoint)).toContain('/proc');
    expect(found.data[2]?.volumes[0]).toMatchObject({ fileSystem: 'proc', encryption: 'unknown' });
  });
});
