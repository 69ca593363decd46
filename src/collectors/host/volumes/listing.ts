import { linesOf } from '../output.ts';

/** A line of /proc/self/mountinfo: proc(5). */
export type Mount = {
  readonly dev: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  /** Where an overlay writes to. */
  readonly upper: string;
  /** Its log or journal lies on another device. */
  readonly external: boolean;
};

/** A block device as /sys/block shows it. */
export type Device = {
  readonly name: string;
  /** Its number, `254:0`. */
  readonly dev: string;
  /** The disk that a partition is of. */
  readonly parent: string;
  readonly slaves: readonly string[];
  readonly uuid: string;
  /** Its name to the device mapper. */
  readonly mapped: string;
  readonly model: string;
  /** The file behind a loop device; what a memory disk is written out to. */
  readonly backing: string;
};

/** All that a host printed of its mounts and devices. */
export type Listing = {
  readonly mounts: readonly Mount[];
  readonly devices: ReadonlyMap<string, Device>;
  /** By device-mapper name, its targets with their ciphers. */
  readonly tables: ReadonlyMap<string, readonly { target: string; cipher: string }[]>;
  readonly datasets: ReadonlyMap<string, string>;
  readonly pools: ReadonlyMap<string, readonly string[]>;
  /** The devices of each btrfs file system. */
  readonly btrfs: readonly (readonly string[])[];
};

/** Lines of a sort that the script prints at most. */
export const mostLines = 10_000;

/** Whether it may be cut: of more mounts or devices than are printed, a layer might be missing. */
export function isCut({ mounts, devices, tables }: Listing): boolean {
  return [mounts.length, devices.size, [...tables.values()].flat().length].some((count) => count >= mostLines);
}

/** Reads what the script printed of mounts and devices. */
export function readListing(output: string): Listing {
  const rows = (prefix: string): string[][] => linesOf(output, prefix).map((line) => line.split('\t'));
  const devices = rows('device:').map(deviceOf);
  const tables = new Map<string, { target: string; cipher: string }[]>();
  for (const [name = '', target = '', cipher = ''] of rows('table:'))
    tables.set(name, [...(tables.get(name) ?? []), { target, cipher }]);
  const pools = new Map<string, string[]>();
  for (const [pool = '', path = ''] of rows('pool:')) pools.set(pool, [...(pools.get(pool) ?? []), path]);
  return {
    mounts: rows('mount:').map(mountOf),
    devices: new Map(devices.map((device) => [device.name, device])),
    tables,
    datasets: new Map(rows('zfs:').map(([name = '', encryption = '']) => [name, encryption])),
    pools,
    btrfs: linesOf(output, 'btrfs:').map(names),
  };
}

/** A path as mountinfo escapes it: blanks, line ends and backslashes as `\040`. */
export function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function mountOf(fields: readonly string[]): Mount {
  const [dev = '', , point = '', type = '', source = '', upper = '', more = ''] = fields;
  return {
    dev,
    point: unescaped(point),
    type,
    source: unescaped(source),
    upper: unescaped(upper),
    external: more === 'external',
  };
}

function deviceOf(fields: readonly string[]): Device {
  const [name = '', dev = '', parent = '', slaves = '', uuid = '', mapped = '', model = '', backing = ''] = fields;
  return { name, dev, parent, slaves: names(slaves), uuid, mapped, model, backing };
}

function names(list: string): string[] {
  return list.split(' ').filter((name) => name !== '');
}
