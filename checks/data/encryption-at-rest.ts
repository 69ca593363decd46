import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import { type DataPlace, encryptions, type Volume, type Volumes } from '../../src/evidence/host/volumes.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';

const messages = {
  encrypted: {
    zh: '{{path}} 所在卷全部由主机加密：{{volumes}}',
    en: '{{path}} lies on volumes that the host encrypts whole: {{volumes}}',
  },
  cipherUnread: {
    zh: '{{path}} 所在卷经 dm-crypt 映射，但未能读取其映射表，不能排除使用空算法或仅部分加密：{{volumes}}',
    en: '{{path}} lies on dm-crypt, but its table could not be read: it might use the null cipher or cover a part only: {{volumes}}',
  },
  openVolume: {
    zh: '{{path}} 所在卷没有由主机全部加密：{{volumes}}；数据库（TDE）或者字段是否加密，本检查项看不到',
    en: '{{path}} lies on volumes that the host does not encrypt whole: {{volumes}}; whether the database (TDE) or its columns are encrypted is not seen here',
  },
  providerDisk: {
    zh: '{{path}} 所在卷没有由主机全部加密，其磁盘由虚拟化平台或云提供，平台一侧是否加密从主机看不到：{{volumes}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole, on disks of a hypervisor or a cloud, whose own encryption cannot be seen from the host: {{volumes}}',
  },
  notEncrypted: {
    zh: '{{path}} 所在卷没有由主机全部加密：{{volumes}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole: {{volumes}}',
  },
  elsewhere: {
    zh: '{{path}} 位于网络文件系统，存放于其他主机，是否加密须在那里取证：{{volumes}}',
    en: '{{path}} lies on a network file system, that is, on another machine, where its encryption must be seen: {{volumes}}',
  },
  unclear: {
    zh: '{{path}} 所在卷未能识别或者只在内存中，不能判定：{{volumes}}',
    en: 'the volumes of {{path}} are not understood, or in memory only: {{volumes}}',
  },
  notThere: { zh: '声明的数据位置 {{path}} 不存在', en: '{{path}}, declared to hold data, is not there' },
  denied: { zh: '无权查看声明的数据位置 {{path}}', en: '{{path}}, declared to hold data, may not be looked at' },
  swapOpen: {
    zh: '交换区没有由主机加密，内存中的数据可能以明文写入磁盘：{{volumes}}',
    en: 'swap is not encrypted by the host, and data in memory may be written to it in clear: {{volumes}}',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  noPlace: {
    zh: '平台文件没有写明数据库「{{store}}」的数据位于哪台主机的哪个路径',
    en: 'the platform file does not say on which host, at which path, the data of store “{{store}}” lies',
  },
  noData: {
    zh: '平台文件没有声明任何主机上的数据位置',
    en: 'the platform file declares no place of data on any host',
  },
  noHost: { zh: '没有任何主机的数据卷证据', en: 'there is no evidence of any host’s volumes' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;
type Level = 'volume' | 'any';

const declare: Text = {
  zh: '在平台文件 hosts 的 data 中写明路径，并以 of 指明所属数据库',
  en: 'write the path under data of the host in the platform file, with of naming the store',
};
const asRoot: Text = {
  zh: '以 root 采集，或在平台文件中允许 sudo',
  en: 'collect as root or allow sudo in the platform file',
};
const encrypt: Text = {
  zh: '将数据迁移至 LUKS 等加密卷（含其日志、表空间所在卷）',
  en: 'move the data to volumes encrypted by LUKS or the like, with its logs and table spaces',
};

/** Whatever declared data a host keeps lies on volumes that the host encrypts. */
export const check = defineCheck({
  id: 'data/encryption-at-rest',
  title: { zh: '数据加密存储', en: 'Data is encrypted at rest' },
  about: {
    zh: '从平台文件声明的数据路径出发，沿挂载点、设备映射、分区查到磁盘，并包括其下的挂载点、链接指向的卷和交换区：全部经 dm-crypt/LUKS、ZFS、fscrypt 等由主机加密的，符合。卷未加密时，数据库或者字段仍可能加密；磁盘自身和云平台一侧的加密从主机看不到。不打开任何数据文件。',
    en: 'Follows each declared path of data from its mount through the device mapper and partitions to the disks, with what is mounted below it, what links in it lead to, and swap: met where the host encrypts all of it (dm-crypt/LUKS, ZFS, fscrypt and the like). Where a volume is not encrypted, the database or its columns may be; what a disk or a cloud encrypts by itself is not seen from the host. No data file is opened.',
  },
  reads: ['platform', 'volumes'],
  parameters: z.strictObject({
    /** `volume`: the volume itself must be encrypted; `any`: encryption in the database or its columns would do as well. */
    level: z.enum(['volume', 'any']),
  }),
  messages,
  remedies: {
    cipherUnread: asRoot,
    openVolume: encrypt,
    providerDisk: encrypt,
    notEncrypted: encrypt,
    elsewhere: {
      zh: '把存放数据的主机列入 hosts 并采集',
      en: 'declare the machine that keeps the data under hosts, and collect from it',
    },
    notThere: { zh: '更正平台文件中的路径', en: 'correct the path in the platform file' },
    denied: asRoot,
    swapOpen: { zh: '加密或停用交换区', en: 'encrypt swap, or turn it off' },
    unread: asRoot,
    noPlace: declare,
    noData: declare,
  },

  judge({ platform, volumes }, { level }) {
    if (volumes.length === 0) return [unproven('noHost', [], {}, 'volumes')];
    const hosts = volumes.filter(({ value }) => value.data.length > 0);
    const found = hosts.flatMap((host) => judgeHost(host, level));
    const unplaced = storesOf(platform)
      .filter((store) => !hosts.some(({ value }) => value.data.some(({ of }) => of === store)))
      .map((store) => unproven('noPlace', platform, { store }, store));
    return [...found, ...unplaced, ...(hosts.length === 0 ? [unproven('noData', volumes, {}, 'data')] : [])];
  },
});

function storesOf(platform: readonly Seen<PlatformDeclaration>[]): string[] {
  return platform.flatMap(({ value }) => value.stores.map(({ name }) => name));
}

function judgeHost(host: Seen<Volumes>, level: Level): Found[] {
  const { data, swap, unread } = host.value;
  const open = swap.filter(({ encryption, cipherUnread }) => !isSafe(encryption) || cipherUnread);
  return [
    ...data.map((place) => judgePlace(place, host, level)),
    ...(open.length > 0 ? [unproven('swapOpen', host, { volumes: shown(open) })] : []),
    ...(unread.length > 0 ? [unproven('unread', host, { parts: unreadText(unread) })] : []),
  ];
}

function isSafe(encryption: Volume['encryption']): boolean {
  return encryption === 'whole' || encryption === 'memory';
}

function judgePlace({ path, problem, volumes }: DataPlace, host: Seen<Volumes>, level: Level): Found {
  if (problem) return unproven(problem === 'denied' ? 'denied' : 'notThere', host, { path });
  const found = new Set(volumes.map(({ encryption }) => encryption));
  const data = { path, volumes: shown(volumes) };
  if (found.has('none') || found.has('part')) return openPlace(volumes, host, level, data);
  if (found.has('elsewhere')) return unproven('elsewhere', host, data);
  if (found.has('unknown') || !found.has('whole')) return unproven('unclear', host, data);
  if (volumes.some(({ cipherUnread }) => cipherUnread)) return unproven('cipherUnread', host, data);
  return met('encrypted', host, data);
}

function openPlace(
  volumes: readonly Volume[],
  host: Seen<Volumes>,
  level: Level,
  data: { path: string; volumes: Text },
): Found {
  if (level === 'any') return unproven('openVolume', host, data);
  const open = volumes.filter(({ encryption }) => encryption === 'none' || encryption === 'part');
  return open.every(({ virtualDisk }) => virtualDisk)
    ? unproven('providerDisk', host, data)
    : unmet('notEncrypted', host, data);
}

const most = 8;

function shown(volumes: readonly Volume[]): Text {
  const each = volumes.slice(0, most).map(({ mountPoint, fileSystem, encryption, by, devices }) => {
    const how = by.length > 0 ? verbatim(by.join(' + ')) : encryptions[encryption];
    const part = by.length > 0 && encryption === 'part' ? encryptions.part : { zh: '', en: '' };
    const chain = [fileSystem, ...devices.slice(0, most)].join(' → ');
    return {
      zh: `${mountPoint}（${chain}：${how.zh}${part.zh === '' ? '' : `，${part.zh}`}）`,
      en: `${mountPoint} (${chain}: ${how.en}${part.en === '' ? '' : `, ${part.en}`})`,
    };
  });
  const more = volumes.length > most ? [{ zh: `等 ${volumes.length} 个`, en: `${volumes.length} in all` }] : [];
  return joined([...each, ...more], '、', ', ');
}
