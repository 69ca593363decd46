import type { Text } from '../../src/text.ts';
import { bucketAtRestMessages, bucketAtRestRemedies } from './bucket-encryption-words.ts';

/** What data/encryption-at-rest says. */
export const messages = {
  ...bucketAtRestMessages,
  encrypted: {
    zh: '{{path}} 所在卷全部由主机加密：{{volumes}}',
    en: '{{path}} lies on volumes that the host encrypts whole: {{volumes}}',
  },
  cipherUnread: {
    zh: '{{path}} 所在卷经 dm-crypt 映射，但未能读取其映射表，不能排除使用空算法或仅部分加密：{{volumes}}',
    en: '{{path}} lies on dm-crypt, but its table could not be read: it might use the null cipher or cover a part only: {{volumes}}',
  },
  engineEncrypted: {
    zh: '数据库「{{store}}」由引擎全部加密（{{tables}}，以及其日志和临时文件；密钥：{{keys}}）',
    en: 'the engine of store “{{store}}” encrypts all of it ({{tables}}, its logs and temporary files; keys: {{keys}})',
  },
  bothOpen: {
    zh: '{{path}} 所在卷没有由主机全部加密（{{volumes}}），数据库「{{store}}」的引擎也没有加密：{{tables}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole ({{volumes}}), and the engine of store “{{store}}” does not encrypt {{tables}} either',
  },
  fieldsSaid: {
    zh: '{{path}} 所在卷和数据库「{{store}}」的引擎都没有加密（{{tables}}）；声明由应用加密字段，是否涵盖全部涉税数据未能证明',
    en: 'neither the volumes of {{path}} nor the engine of store “{{store}}” encrypt ({{tables}}); the application is declared to encrypt the fields, and whether that covers all tax data is not shown',
  },
  engineOpen: {
    zh: '{{path}} 所在卷没有由主机全部加密，其磁盘由虚拟化平台或云提供，平台一侧是否加密从主机看不到（{{volumes}}）；数据库「{{store}}」的引擎没有加密：{{tables}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole, on disks of a hypervisor or a cloud, whose own encryption cannot be seen from the host ({{volumes}}); the engine of store “{{store}}” does not encrypt {{tables}}',
  },
  engineElsewhere: {
    zh: '{{path}} 所在卷没有由主机全部加密（{{volumes}}）；数据库「{{store}}」由引擎加密，但未能确认 {{path}} 就是该服务器的数据目录（{{directory}}）',
    en: '{{path}} lies on volumes that the host does not encrypt whole ({{volumes}}); the engine of store “{{store}}” encrypts all of it, but {{path}} was not shown to be that server’s data directory ({{directory}})',
  },
  enginePart: {
    zh: '{{path}} 所在卷没有由主机全部加密（{{volumes}}）；数据库「{{store}}」的引擎加密了表，但没有证实加密：{{parts}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole ({{volumes}}); the engine of store “{{store}}” encrypts the tables, but not shown to be encrypted are: {{parts}}',
  },
  engineUnclear: {
    zh: '{{path}} 所在卷没有由主机全部加密（{{volumes}}）；数据库「{{store}}」的引擎是否加密未能证实：{{parts}}',
    en: '{{path}} lies on volumes that the host does not encrypt whole ({{volumes}}); whether the engine of store “{{store}}” encrypts was not shown: {{parts}}',
  },
  openVolume: {
    zh: '{{path}} 所在卷没有由主机全部加密：{{volumes}}；其中的数据库引擎是否加密，没有证据',
    en: '{{path}} lies on volumes that the host does not encrypt whole: {{volumes}}; whether a database engine encrypts what is there is not seen',
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
  directoryLeft: {
    zh: '数据库「{{store}}」的服务器自述数据位于 {{directories}}，平台文件声明的位置（{{paths}}）不包含该处，其所在卷未能证明',
    en: 'the server of store “{{store}}” says that it keeps data in {{directories}}, which no declared place ({{paths}}) holds: what that lies on was not seen',
  },
  swapOpen: {
    zh: '交换区没有由主机加密，内存中的数据可能以明文写入磁盘：{{volumes}}',
    en: 'swap is not encrypted by the host, and data in memory may be written to it in clear: {{volumes}}',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  noPlace: {
    zh: '平台文件没有写明数据库「{{store}}」的数据位于哪台主机的哪个路径',
    en: 'the platform file does not say on which host, at which path, the data of store “{{store}}” lies',
  },
  otherServer: {
    zh: '数据库「{{store}}」的服务器地址 {{address}} 不是声明存放其数据的主机（{{hosts}}）的地址，不能确认其数据就在那里',
    en: 'the server of store “{{store}}” is asked at {{address}}, which is no address of the hosts that are declared to keep its data ({{hosts}}): it is not shown that its data is there',
  },
  noData: {
    zh: '平台文件没有声明任何主机上的数据位置',
    en: 'the platform file declares no place of data on any host',
  },
  noHost: { zh: '没有任何主机的数据卷证据', en: 'there is no evidence of any host’s volumes' },
} as const satisfies Record<string, Text>;

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

const encryptParts: Text = {
  zh: '同时加密重做日志、撤销日志、二进制日志和临时文件，停用明文日志；或将数据迁移至加密卷',
  en: 'encrypt redo, undo and binary logs and temporary files, too, and turn plain logs off; or move the data to encrypted volumes',
};
const grantViews: Text = {
  zh: '按 examples/databases 中的 SQL 为采集账号授予查看权限；或将数据迁移至加密卷',
  en: 'let the account that scans see it, by the SQL files in examples/databases; or move the data to encrypted volumes',
};

/** What to do about it. */
export const remedies = {
  ...bucketAtRestRemedies,
  cipherUnread: asRoot,
  bothOpen: encrypt,
  engineOpen: encrypt,
  engineElsewhere: {
    zh: '在平台文件 hosts 的 data 中写明服务器自身的数据目录；该路径下另有数据的，迁移至加密卷',
    en: 'declare the server’s own data directory under data of the host; move what else lies there to encrypted volumes',
  },
  enginePart: encryptParts,
  engineUnclear: grantViews,
  openVolume: encrypt,
  providerDisk: encrypt,
  notEncrypted: encrypt,
  elsewhere: {
    zh: '把存放数据的主机列入 hosts 并采集',
    en: 'declare the machine that keeps the data under hosts, and collect from it',
  },
  notThere: { zh: '更正平台文件中的路径', en: 'correct the path in the platform file' },
  denied: asRoot,
  directoryLeft: {
    zh: '在平台文件 hosts 的 data 中写明这些目录；服务器在容器中的，以 seenAs 写明该路径在容器内的名称',
    en: 'declare those folders under data of the host; where the server is in a container, seenAs says what the path is called in it',
  },
  swapOpen: { zh: '加密或停用交换区', en: 'encrypt swap, or turn it off' },
  unread: asRoot,
  noPlace: declare,
  otherServer: {
    zh: '把该地址所在的主机列入 hosts，写明数据路径并采集；地址为域名的，hosts 和 stores 使用同一写法，或改用 IP 地址',
    en: 'declare the host that has this address under hosts, with the path of the data, and collect from it; of a name, write it alike under hosts and stores, or write the IP address',
  },
  noData: declare,
} as const satisfies Partial<Record<keyof typeof messages, Text>>;
