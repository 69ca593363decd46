import type { Text } from '../../src/text.ts';
import { ledgerMessages, ledgerRemedies } from './ledger.ts';

/** What `data/backups` says. */
export const backupMessages = {
  ...ledgerMessages,
  backedUp: {
    zh: '{{store}}：{{path}} 中最新备份距今 {{age}} 天（{{form}}，{{state}}）；计划任务和代理：{{tools}}',
    en: '{{store}}: the newest backup in {{path}} is {{age}} days old ({{form}}, {{state}}); schedules and agents: {{tools}}',
  },
  inBucket: {
    zh: '{{store}}：{{path}}（{{address}}）中最新备份距今 {{age}} 天（{{state}}）；{{keeping}}',
    en: '{{store}}: the newest backup in {{path}} ({{address}}) is {{age}} days old ({{state}}); {{keeping}}',
  },
  bucketDenied: {
    zh: '{{store}}：存放备份的 {{path}} 未能列出对象',
    en: '{{store}}: the objects in {{path}}, declared for backups, could not be listed',
  },
  sameHost: {
    zh: '{{store}}：{{path}} 由数据所在的主机（{{address}}）提供，主机损坏时一并丢失',
    en: '{{store}}: {{path}} is served from a host of the data itself ({{address}}), and would be lost with it',
  },
  restored: {
    zh: '{{store}}：最近一次恢复测试于 {{on}} 成功（所用备份：{{backup}}），在 {{within}} 个月以内',
    en: '{{store}}: the last restore test, on {{on}}, passed (from {{backup}}); it is within {{within}} months',
  },
  restoreNotKept: {
    zh: '未提供备份恢复测试台账；规范没有要求，备份能否恢复未予评估',
    en: 'no register of restore tests is kept; none is asked for, and whether a backup can be restored was not assessed',
  },
  restoreNone: {
    zh: '{{store}}：台账没有登记恢复测试，未能证明备份可以恢复（本工具的理解：{{within}} 个月内测试一次）',
    en: '{{store}}: no restore test is entered, so that it is not shown that a backup can be restored (our reading: a test within {{within}} months)',
  },
  restoreOld: {
    zh: '{{store}}：最近一次恢复测试在 {{on}}，超过 {{within}} 个月（本工具的理解），未能证明现在的备份可以恢复',
    en: '{{store}}: the last restore test was on {{on}}, more than {{within}} months ago (our reading); of the backups of today it shows nothing',
  },
  restoreFailed: {
    zh: '{{store}}：{{on}} 的恢复测试没有成功，此后没有再测：{{entries}}',
    en: '{{store}}: the restore test on {{on}} did not pass, and none was held since: {{entries}}',
  },
  restoreNoRecord: {
    zh: '{{store}}：{{on}} 的恢复测试没有写明记录材料：{{entries}}',
    en: '{{store}}: no record is named of the restore test on {{on}}: {{entries}}',
  },
  tooOld: {
    zh: '{{store}}：{{path}} 中最新备份距今 {{age}} 天，应在 {{within}} 天以内',
    en: '{{store}}: the newest backup in {{path}} is {{age}} days old; {{within}} are allowed',
  },
  namedOlder: {
    zh: '{{store}}：{{path}} 中最新文件 {{age}} 天前写入，但按文件名中的日期，最新备份距今 {{named}} 天（应在 {{within}} 天以内），可能只是旧备份的副本',
    en: '{{store}}: the newest file in {{path}} was written {{age}} days ago, but by the dates in the names the newest backup is {{named}} days old ({{within}} are allowed): it may be a copy of an old one',
  },
  empty: {
    zh: '{{store}}：声明的备份目录 {{path}} 中没有任何文件',
    en: '{{store}}: {{path}}, declared for backups, holds no file',
  },
  nothingIn: {
    zh: '{{store}}：{{path}} 中最近写入的备份为空，或小到不可能含有数据',
    en: '{{store}}: what was last written to {{path}} is empty, or too small to hold anything',
  },
  shrunk: {
    zh: '{{store}}：{{path}} 中最近一天写入 {{bytes}} 字节，远少于通常的 {{usual}} 字节，备份可能不完整',
    en: '{{store}}: {{bytes}} bytes were last written to {{path}} in a day, far fewer than the usual {{usual}}: the backup may not be whole',
  },
  sameDisk: {
    zh: '{{store}}：备份目录 {{path}} 与数据在同一磁盘，磁盘损坏时一并丢失',
    en: '{{store}}: {{path}} lies on the disks of the data itself, and would be lost with them',
  },
  plain: { zh: '{{store}}：{{path}} 中的备份没有加密', en: '{{store}}: backups in {{path}} are not encrypted' },
  maybePlain: {
    zh: '{{store}}：{{path}} 中的备份是否加密未能识别',
    en: '{{store}}: whether backups in {{path}} are encrypted cannot be told',
  },
  olderCopy: {
    zh: '{{store}}：{{path}} 是较旧的副本，另有及时的备份',
    en: '{{store}}: {{path}} is an older copy beside one in time',
  },
  future: {
    zh: '{{store}}：{{path}} 中最新文件的时间晚于主机当前时间，不能判定',
    en: '{{store}}: the newest file in {{path}} is dated in the host’s future: its age cannot be told',
  },
  notThere: {
    zh: '{{store}}：声明的备份目录 {{path}} 不存在',
    en: '{{store}}: {{path}}, declared for backups, is not there',
  },
  denied: {
    zh: '{{store}}：无权查看备份目录 {{path}}',
    en: '{{store}}: {{path}}, declared for backups, may not be looked at',
  },
  far: {
    zh: '{{store}}：{{path}} 位于网络文件系统，为避免挂起不在本机查看',
    en: '{{store}}: {{path}} lies on a network file system, which may hang and is not looked into from here',
  },
  unclear: { zh: '{{store}}：{{path}} 未能完整列出', en: '{{store}}: {{path}} could not be listed in full' },
  unread: {
    zh: '{{store}}：{{path}} 中没有足够新的备份，但以下内容未能读取：{{parts}}',
    en: '{{store}}: no backup in {{path}} is new enough, but these could not be read: {{parts}}',
  },
  noPlace: {
    zh: '平台文件没有写明数据库「{{store}}」备份到哪台主机的哪个目录；计划任务和代理中发现：{{tools}}',
    en: 'the platform file does not say on which host, in which folder, store “{{store}}” is backed up; found in schedules and agents: {{tools}}',
  },
  noneDeclared: {
    zh: '平台文件没有声明任何备份目录；计划任务和代理中发现：{{tools}}',
    en: 'the platform file declares no backup folder; found in schedules and agents: {{tools}}',
  },
  noHost: { zh: '没有任何主机的备份证据', en: 'there is no evidence of any host’s backups' },
} as const satisfies Record<string, Text>;

const declare: Text = {
  zh: '在平台文件 hosts 的 backups 中写明目录，并以 of 指明所属数据库',
  en: 'write the folder under backups of the host in the platform file, with of naming the store',
};
const repair: Text = { zh: '恢复备份任务并核对其结果', en: 'repair the backup job and check what it writes' };
const asRoot: Text = {
  zh: '以 root 采集，或在平台文件中允许 sudo',
  en: 'collect as root or allow sudo in the platform file',
};
const test: Text = {
  zh: '把备份恢复到隔离环境，核对数据，登记《备份恢复测试台账》并附记录材料',
  en: 'restore a backup apart from production, check the data, and enter the test with its record in the ledger of restore tests',
};
const encrypt: Text = {
  zh: '以 restic、GPG 等加密备份，或写入加密卷',
  en: 'encrypt backups by restic, GPG or the like, or write them to an encrypted volume',
};

/** What to do about these. */
export const backupRemedies = {
  ...ledgerRemedies,
  bucketDenied: {
    zh: '按 examples/object-stores 中的策略为采集账号授予只读权限',
    en: 'grant the account of the scan what only reads, by the policies in examples/object-stores',
  },
  sameHost: { zh: '另存一份到其他主机', en: 'keep a copy on another host' },
  restoreNone: test,
  restoreOld: test,
  restoreFailed: test,
  restoreNoRecord: test,
  tooOld: repair,
  namedOlder: repair,
  empty: repair,
  nothingIn: repair,
  shrunk: repair,
  sameDisk: { zh: '另存一份到其他磁盘或主机', en: 'keep a copy on other disks or another host' },
  plain: encrypt,
  maybePlain: encrypt,
  future: { zh: '校正主机时钟', en: 'correct the host’s clock' },
  notThere: declare,
  denied: asRoot,
  far: {
    zh: '把存放备份的主机列入 hosts，在那里声明备份目录并采集',
    en: 'declare the machine that keeps the backups under hosts, with its folder there, and collect from it',
  },
  unclear: {
    zh: '声明只含备份文件的目录',
    en: 'declare a folder that holds backup files only',
  },
  unread: asRoot,
  noPlace: declare,
  noneDeclared: declare,
} as const satisfies { readonly [Each in keyof typeof backupMessages]?: Text };
