import type { Kind } from '../../evidence/kinds.ts';
import type { Text } from '../../text.ts';

/** What was done to get evidence of each kind, for who does not read the machine's own method. */
export const methodSentences: Readonly<Record<Kind, Text>> = {
  accounts: {
    zh: '在主机上只读查询账号的使用情况和口令期限。',
    en: 'On the host, the use of accounts and the age of passwords were read.',
  },
  addresses: {
    zh: '向平台文件写明的 DNS 服务器（未写明的，为取证机所配置的）查询域名对应的地址；写作 IP 地址的无需查询。',
    en: 'The DNS servers that the platform file names (else those of the collecting machine) were asked for the addresses of the name; an IP address needs no query.',
  },
  administration: {
    zh: '在主机上只读查询账号、提权规则、登录密钥、登录记录和管理代理程序。',
    en: 'On the host, accounts, rules of elevation, login keys, logins and management agents were read.',
  },
  auditRecords: {
    zh: '在主机上抽样读取审计日志，核对每条记录的要素。',
    en: 'On the host, a sample of the audit logs was read and the fields of each record were counted.',
  },
  authorityWay: {
    zh: '在主机上只读查询连接程序的配置和通往税务机关的现有连接；未向税务机关发起任何连接。',
    en: 'On the host, the settings of the connector and its existing connections to the authority were read; none was opened.',
  },
  backups: {
    zh: '在主机上只读查询备份任务、备份目录及其最近的副本。',
    en: 'On the host, backup jobs, backup folders and their latest copies were read.',
  },
  buckets: {
    zh: '经对象存储的接口，只读查询存储桶的加密、版本、保留和访问设置。',
    en: "Through the object store's interface, settings of encryption, versions, retention and access were read.",
  },
  centralLogs: {
    zh: '经日志平台的查询接口，只读统计各主机日志的起止日期和逐日条数。',
    en: "Through the log platform's interface, the first and last day and the daily counts of each host were read.",
  },
  clearText: {
    zh: '以只读方式抽样读取数据库，统计疑似明文的字段；只保留列名和计数。',
    en: 'A sample of the database was read and values that look like clear text were counted; only names of columns and counts were kept.',
  },
  clock: {
    zh: '在主机上只读查询时钟同步服务、时间源和偏差。',
    en: 'On the host, the time service, its source and the offset were read.',
  },
  documents: {
    zh: '单位提交有文件的，读取并登记其大小、类型和哈希值，不复制内容；平台文件对材料的其他说明为单位所填。',
    en: 'The paper, if the unit handed it over, was read for its size, type and hashes; its content was not copied. What else is said of it the unit wrote into the platform file.',
  },
  facts: {
    zh: '读取单位在平台文件中申报的数据；附有来源材料的，登记其哈希值。',
    en: 'The figure that the unit declares was read, with the hash of the paper it is taken from, if one is given.',
  },
  firewall: {
    zh: '在主机上只读列出包过滤规则。',
    en: 'On the host, the rules of the packet filter were listed.',
  },
  forwards: {
    zh: '在主机上只读查询转发程序、地址转换规则和内核转发设置。',
    en: "On the host, forwarding programs, address translation and the kernel's settings were read.",
  },
  hosting: {
    zh: '在主机上只读查询固件、虚拟化和云平台的标识。',
    en: 'On the host, the marks of firmware, virtualisation and cloud were read.',
  },
  interfaces: {
    zh: '在主机上只读查询网络接口及其地址设置。',
    en: 'On the host, network interfaces and how their addresses are set were read.',
  },
  intrusionMonitoring: {
    zh: '在主机上只读查询入侵检测、审计和监测程序及其运行迹象。',
    en: 'On the host, programs of intrusion detection, audit and monitoring and their signs of life were read.',
  },
  invoices: {
    zh: '以只读方式查询发票与交易记录，逐张核对能否溯源；只保留计数。',
    en: 'Invoices and transactions were read and each invoice traced; only counts were kept.',
  },
  ledgers: {
    zh: '读取单位提交的台账，登记条数、期间和哈希值；其中的自然人信息不保留。',
    en: 'The register that the unit handed over was read, with its hashes; natural persons in it are not kept.',
  },
  listeners: {
    zh: '在主机上只读列出监听端口和所属程序。',
    en: 'On the host, listening ports and their programs were listed.',
  },
  logPolicies: {
    zh: '在主机上只读查询日志的轮转、保存、清理和外发设置。',
    en: 'On the host, the settings that rotate, keep, delete and ship logs were read.',
  },
  logStores: {
    zh: '在主机上只读查询各日志的最早、最近记录和逐日情况。',
    en: 'On the host, the oldest and newest entry of each log and its days were read.',
  },
  malwareScanning: {
    zh: '在主机上只读查询恶意代码防护软件、病毒库日期和扫描记录。',
    en: 'On the host, malware scanners, the date of their signatures and their scans were read.',
  },
  openPorts: {
    zh: '按限定速率扫描声明的地址，记录开放的端口；使用 nmap，没有 nmap 的由本工具逐个端口建立连接（只含常用端口和声明端口）。',
    en: 'The declared address was scanned at a limited rate and open ports were noted: with nmap, or without nmap by connections of this tool (to common and declared ports only).',
  },
  patchState: {
    zh: '在主机上只读查询系统版本和待安装的更新；不刷新缓存、不联系镜像站。',
    en: "On the host, the system's version and pending updates were read; no cache was refreshed and no mirror contacted.",
  },
  platform: {
    zh: '读取单位填写的平台文件。',
    en: 'The platform file that the unit wrote was read.',
  },
  records: {
    zh: '以只读方式统计各表记录的起止时间和逐月条数，并查询清理任务。',
    en: 'The first and last record and the monthly counts of each table were read, and jobs that delete.',
  },
  remoteLogin: {
    zh: '在主机上只读查询远程登录服务的生效设置。',
    en: 'On the host, the settings in force of the remote-login services were read.',
  },
  statements: {
    zh: '读取平台文件列出的签署声明；附有签署文件的，登记其哈希值。',
    en: 'The statement listed in the platform file was read, with the hash of the signed paper, if there is one.',
  },
  storeEncryption: {
    zh: '以只读方式查询数据库的加密设置和现有连接的加密情况。',
    en: "The database's settings of encryption, and whether its connections are encrypted, were read.",
  },
  storeRights: {
    zh: '以只读方式查询数据库中各账号更改和删除数据的权限。',
    en: "The rights of the database's accounts to change and delete data were read.",
  },
  tls: {
    zh: '与声明的服务端口握手，记录其提供的 TLS 版本、密码套件和证书。',
    en: 'Handshakes with the declared service noted the TLS versions, cipher suites and certificates that it offers.',
  },
  volumes: {
    zh: '在主机上只读查询数据所在的卷及其加密情况。',
    en: 'On the host, the volumes that hold data and their encryption were read.',
  },
};
