import { z } from 'zod';
import type { Text } from '../../text.ts';
import { unreadParts } from './unread.ts';

/** How far what is written to a volume is encrypted by the host itself; no host sees what a disk or a provider does below it. */
export const encryptions = {
  whole: { zh: '全部加密', en: 'wholly encrypted' },
  part: { zh: '部分加密', en: 'encrypted in part' },
  none: { zh: '未加密', en: 'not encrypted' },
  /** A network file system: what encrypts it is not on this host. */
  elsewhere: { zh: '位于其他主机', en: 'on another machine' },
  memory: { zh: '仅在内存', en: 'in memory only' },
  unknown: { zh: '无法识别', en: 'not understood' },
} as const satisfies Record<string, Text>;

export type Encryption = keyof typeof encryptions;

/** One volume, down to its disks. */
export const volume = z.strictObject({
  /** Where it is mounted; of a swap area, the area itself. */
  mountPoint: z.string(),
  fileSystem: z.string(),
  encryption: z.enum(Object.keys(encryptions) as [Encryption, ...Encryption[]]),
  /** What encrypts it: `LUKS2 aes-xts-plain64`, `zfs aes-256-gcm`, `fscrypt`. */
  by: z.array(z.string()),
  /** dm-crypt is there, and its table, which names the cipher, could not be read: it might be the null cipher. */
  cipherUnread: z.boolean(),
  /** Devices from the file system down to the disks. */
  devices: z.array(z.string()),
  /** The disks seem to be a provider's or a hypervisor's, which may encrypt them unseen. */
  virtualDisk: z.boolean(),
});

/** On what the declared data of a host lies, from the mount down to the disks, and whether that is encrypted. No file is opened. */
export const volumes = {
  origin: 'host',
  per: 'host',
  title: { zh: '数据卷与磁盘加密', en: 'Volumes and their encryption' },
  value: z.strictObject({
    data: z.array(
      z.strictObject({
        /** As the platform file declares it. */
        path: z.string(),
        /** The store whose data it is. */
        of: z.string().optional(),
        /** What the store’s server calls it, in a container of its own, as the platform file says. */
        seenAs: z.string().optional(),
        problem: z.enum(['missing', 'denied']).optional(),
        /** Its own volume, those mounted below it, and those that links in it lead to. */
        volumes: z.array(volume),
      }),
    ),
    swap: z.array(volume),
    unread: unreadParts,
  }),
} as const;

export type Volumes = z.output<typeof volumes.value>;
export type Volume = z.output<typeof volume>;
export type DataPlace = Volumes['data'][number];
