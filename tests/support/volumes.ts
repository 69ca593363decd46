import type { DataPlace, Volume, Volumes } from '../../src/evidence/host/volumes.ts';

/** A volume on LUKS, unless it says otherwise. */
export function volume(value: Partial<Volume> = {}): Volume {
  return {
    mountPoint: '/data',
    fileSystem: 'xfs',
    encryption: 'whole',
    by: ['LUKS2 aes-xts-plain64'],
    cipherUnread: false,
    devices: ['dm-1', 'dm-0', 'sda3', 'sda'],
    virtualDisk: false,
    ...value,
  };
}

/** A volume that nothing on the host encrypts. */
export function openVolume(value: Partial<Volume> = {}): Volume {
  return volume({ encryption: 'none', by: [], devices: ['sdb1', 'sdb'], ...value });
}

/** One place of data, that of the store `orders`. */
export function place(value: Partial<DataPlace> = {}): DataPlace {
  return { path: '/data/orders', of: 'orders', volumes: [volume()], ...value };
}

/** What a host keeps its data on. */
export function volumesOf(value: Partial<Volumes> = {}): Volumes {
  return { data: [place()], swap: [], unread: [], ...value };
}
