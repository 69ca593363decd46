import type { Encryption, Volume } from '../../../evidence/host/volumes.ts';
import { clean } from '../output.ts';
import type { Device, Listing, Mount } from './listing.ts';

/** What is known of the way from a file system, or a part of it, down to the disks. */
type Way = Pick<Volume, 'encryption' | 'by' | 'cipherUnread' | 'devices' | 'virtualDisk'>;

type Context = { readonly listing: Listing; readonly above: readonly string[] };

const distant =
  /^(nfs|cifs|smb|ncp|afs|ceph$|lustre|gfs|ocfs|beegfs|gpfs|9p|virtiofs|glusterfs|fuse\.(ceph|gluster|sshfs|s3))/;
const inMemory = /^(tmpfs|ramfs|devtmpfs|rootfs)$/;
const encrypting: Readonly<Record<string, string>> = {
  ecryptfs: 'eCryptfs',
  'fuse.gocryptfs': 'gocryptfs',
  'fuse.encfs': 'EncFS',
  'fuse.cryfs': 'CryFS',
};

// cryptsetup's names; CRYPT-INTEGRITY, CRYPT-VERITY and CRYPT-SUBDEV encrypt nothing by themselves.
const cryptUuid = /^CRYPT-(LUKS1|LUKS2|PLAIN|LOOPAES|TCRYPT|BITLK|FVAULT2)-/;
const disk = /^(sd|hd|vd|xvd|nvme|mmcblk|dasd|pmem|cciss)/;
const virtual = /virtual|qemu|vmware|msft|elastic block|cloud|persistentdisk|google|openstack|kvm/i;

const most = 40;
const mostVolumes = 500;

/** As many volumes as are kept; for the rest stands one that is not known. */
export function atMost(volumes: readonly Volume[]): Volume[] {
  if (volumes.length <= mostVolumes) return [...volumes];
  return [...volumes.slice(0, mostVolumes), { ...unclear(), mountPoint: '…', fileSystem: '?' }];
}

/** The volume that a path lies on. */
export function volumeAt(path: string, listing: Listing): Volume {
  return volumeOf(path, { listing, above: [] });
}

/** The volumes mounted below a path, which take over what is written there. */
export function volumesBelow(path: string, listing: Listing): Volume[] {
  const start = path === '/' ? '/' : `${path}/`;
  const points = new Set(listing.mounts.map(({ point }) => point).filter((each) => each.startsWith(start)));
  points.delete(path);
  return atMost([...points].slice(0, mostVolumes + 1).map((point) => volumeAt(point, listing)));
}

/** A swap area: a device, or a file on some volume. */
export function swapAt(area: string, type: string, listing: Listing): Volume {
  const way = type === 'file' ? volumeAt(area, listing) : wayOfSource(area, { listing, above: [] });
  return { ...wayOnly(way), mountPoint: clean(area), fileSystem: 'swap' };
}

function volumeOf(path: string, context: Context): Volume {
  const mount = mountOf(path, context.listing);
  if (!mount) return { ...unclear(), mountPoint: clean(path), fileSystem: '?' };
  const way = context.above.length > most ? unclear() : wayOfMount(mount, context);
  return { ...wayOnly(way), mountPoint: clean(mount.point), fileSystem: clean(mount.type) };
}

// Of mounts at one place the last one shows.
function mountOf(path: string, { mounts }: Listing): Mount | undefined {
  const holds = ({ point }: Mount): boolean => point === '/' || path === point || path.startsWith(`${point}/`);
  return mounts.reduce<Mount | undefined>(
    (best, each) => (holds(each) && (!best || each.point.length >= best.point.length) ? each : best),
    undefined,
  );
}

function wayOfMount(mount: Mount, context: Context): Way {
  const { type, source, upper, dev, external } = mount;
  const { listing } = context;
  const by = encrypting[type];
  if (by !== undefined) return { ...plain('whole'), by: [by] };
  if (distant.test(type)) return plain('elsewhere');
  if (inMemory.test(type)) return plain('memory');
  if (type === 'zfs') return wayOfDataset(source, context);
  if (type === 'overlay') return upper === '' ? unclear() : volumeOf(upper, deeper(context, `overlay ${upper}`));
  if (external) return unclear();
  if (type === 'btrfs') return wayOfBtrfs(source, context);
  const device = [...listing.devices.values()].find((each) => each.dev === dev);
  return device ? wayOfDevice(device.name, context) : wayOfSource(source, context);
}

function wayOfDataset(dataset: string, context: Context): Way {
  const { datasets, pools } = context.listing;
  const cipher = datasets.get(dataset) ?? '';
  if (/^aes-/.test(cipher)) return { ...plain('whole'), by: [clean(`zfs ${cipher}`)] };
  const members = pools.get(dataset.split('/')[0] ?? '') ?? [];
  // Before encryption came (0.8) zfs shows no such property: what lies below still counts.
  return members.length === 0 || cipher === ''
    ? unclear()
    : together(members.map((each) => wayOfSource(each, context)));
}

function wayOfBtrfs(source: string, context: Context): Way {
  const own = nameOf(source, context.listing);
  const members = context.listing.btrfs.find((each) => own !== undefined && each.includes(own));
  return members ? together(members.map((each) => wayOfDevice(each, context))) : unclear();
}

function wayOfSource(source: string, context: Context): Way {
  const name = nameOf(source, context.listing);
  return name === undefined ? unclear() : wayOfDevice(name, context);
}

function nameOf(source: string, { devices }: Listing): string | undefined {
  const bare = source.replace(/^\/dev\//, '');
  if (devices.has(bare)) return bare;
  const mapped = bare.replace(/^mapper\//, '');
  return bare === mapped ? undefined : [...devices.values()].find((each) => each.mapped === mapped)?.name;
}

function wayOfDevice(name: string, context: Context): Way {
  const device = context.listing.devices.get(name);
  if (!device || context.above.includes(name) || context.above.length > most) return unclear();
  const below = wayBelow(device, deeper(context, name));
  return { ...below, devices: [...new Set([clean(name), ...below.devices])].slice(0, most) };
}

function wayBelow(device: Device, context: Context): Way {
  const below = (): Way => wayUnder(device, context);
  const crypt = cryptUuid.exec(device.uuid)?.[1];
  const table = context.listing.tables.get(device.mapped);
  const targets = table?.map(({ target }) => target) ?? [];
  if (crypt === undefined && !targets.includes('crypt')) return below();
  const by = crypt ?? 'dm-crypt';
  const { devices, virtualDisk } = below();
  const rest = { devices, virtualDisk };
  if (!table) return { ...rest, encryption: 'whole', by: [by], cipherUnread: true };
  const ciphers = table.filter(({ target }) => target === 'crypt').map(({ cipher }) => cipher);
  // While a volume is being encrypted in place, part of it is still mapped plainly.
  if (ciphers.length < table.length) return { ...rest, encryption: 'part', by: [by], cipherUnread: false };
  if (ciphers.some((cipher) => cipher === '' || /null/i.test(cipher))) return below();
  return { ...rest, encryption: 'whole', by: [clean(`${by} ${ciphers[0] ?? ''}`)], cipherUnread: false };
}

function wayUnder({ name, parent, slaves, backing, model }: Device, context: Context): Way {
  // The cache before it is no layer below it: kernel.org/doc/html/latest/admin-guide/bcache.html.
  if (/^bcache\d/.test(name)) return unclear();
  if (slaves.length > 0) return together(slaves.map((each) => wayOfDevice(each, context)));
  if (parent !== '') return wayOfDevice(parent, context);
  if (/^(zram|ram)\d/.test(name)) return backing === '' || backing === 'none' ? plain('memory') : unclear();
  if (/^loop\d/.test(name) && backing.startsWith('/')) return volumeOf(backing, context);
  if (!disk.test(name)) return unclear();
  return { ...plain('none'), virtualDisk: /^(vd|xvd)/.test(name) || virtual.test(model) };
}

function together(ways: readonly Way[]): Way {
  if (ways.length === 0) return unclear();
  const found = new Set(ways.map(({ encryption }) => encryption));
  return {
    encryption: encryptionOf(found),
    by: [...new Set(ways.flatMap(({ by }) => by))],
    cipherUnread: ways.some(({ cipherUnread }) => cipherUnread),
    devices: [...new Set(ways.flatMap(({ devices }) => devices))],
    virtualDisk: ways.some(({ virtualDisk }) => virtualDisk),
  };
}

function encryptionOf(found: ReadonlySet<Encryption>): Encryption {
  const [only] = found;
  if (found.size === 1 && only) return only;
  if (found.has('unknown')) return 'unknown';
  if (found.has('elsewhere')) return 'elsewhere';
  const stored = [...found].filter((each) => each !== 'memory');
  return stored.length === 1 && stored[0] ? stored[0] : 'part';
}

function deeper({ listing, above }: Context, name: string): Context {
  return { listing, above: [...above, name] };
}

function plain(encryption: Encryption): Way {
  return { encryption, by: [], cipherUnread: false, devices: [], virtualDisk: false };
}

function unclear(): Way {
  return plain('unknown');
}

function wayOnly({ encryption, by, cipherUnread, devices, virtualDisk }: Way): Way {
  return { encryption, by, cipherUnread, devices, virtualDisk };
}
