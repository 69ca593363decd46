import { bucketMessages, bucketRemedies } from './bucket-retention-words.ts';

/** What data/retention says. */
export const messages = {
  ...bucketMessages,
  kept: {
    zh: '{{table}} 最早记录 {{oldest}}（应不晚于 {{asked}}），期内无空月，共 {{rows}} 条',
    en: '{{table}} reaches back to {{oldest}} ({{asked}} is asked), no month is empty, {{rows}} rows',
  },
  asOldAsPlatform: {
    zh: '{{table}} 自平台投入使用（{{since}}）起的记录均在，最早 {{oldest}}，期内无空月，共 {{rows}} 条',
    en: '{{table}} holds all since the platform began ({{since}}): oldest {{oldest}}, no month is empty, {{rows}} rows',
  },
  tooYoung: {
    zh: '{{table}} 最早记录 {{oldest}}，应不晚于 {{asked}}',
    en: '{{table}} reaches back to {{oldest}}; {{asked}} is asked',
  },
  archived: {
    zh: '{{table}} 最早记录 {{oldest}}，应不晚于 {{asked}}；更早的记录可能已移至 {{tables}}，是否完整未能证明',
    en: '{{table}} reaches back to {{oldest}}; {{asked}} is asked. What is older may lie in {{tables}}; whether all of it does is not shown',
  },
  beginsLater: {
    zh: '{{table}} 最早记录 {{oldest}}，晚于平台投入使用 {{since}}；此前是否有业务，库内无法证明',
    en: '{{table}} begins {{oldest}}, after the platform ({{since}}); whether there was business before cannot be seen in the store',
  },
  emptyMonths: { zh: '{{table}} 期内有空月：{{months}}', en: '{{table}} has empty months: {{months}}' },
  deleted: {
    zh: '{{name}} 会删除 {{table}} 的记录，是否及于应留存的记录未能证明',
    en: '{{name}} deletes rows of {{table}}; whether it reaches those that must be kept is not shown',
  },
  ahead: {
    zh: '{{table}} 有晚于取证之日的记录（最新 {{newest}}），记录时间不可采信',
    en: '{{table}} holds rows dated after the day of observation (newest {{newest}}): its dates cannot be relied on',
  },
  notStarted: {
    zh: '平台声明的启用日期 {{since}} 晚于取证之日，无法确定应留存的期间',
    en: 'the declared start of the platform, {{since}}, lies after the day of observation: the period is unknown',
  },
  undated: {
    zh: '{{table}} 有 {{rows}} 条记录没有可识别的时间',
    en: '{{rows}} rows of {{table}} have no time that can be read',
  },
  stopped: {
    zh: '{{table}} 最新记录 {{newest}}，此后再无记录；可能是旧副本，不能证明现行数据的留存',
    en: '{{table}} ends {{newest}}; it may be an old copy, which proves nothing of the data in use',
  },
  empty: { zh: '{{table}} 没有任何记录', en: '{{table}} has no rows' },
  noTable: { zh: '没有声明存放「{{holds}}」的数据表', en: 'no table is declared that holds {{holds}}' },
  keptInSample: {
    zh: '{{table}} 没有可用的时间列索引，仅抽样：样本最早 {{oldest}}（应不晚于 {{asked}}），期内各月均见记录，约 {{rows}} 条',
    en: '{{table}} has no index on its time and was sampled: the sample reaches back to {{oldest}} ({{asked}} is asked) and has rows of every month, about {{rows}} rows in all',
  },
  openInSample: {
    zh: '{{table}} 没有可用的时间列索引，仅抽样：样本最早 {{oldest}}，最新 {{newest}}，未见的月份：{{months}}；抽样不能证明其没有记录',
    en: '{{table}} has no index on its time and was sampled: from {{oldest}} to {{newest}}, without rows of {{months}}. A sample cannot show that there are none',
  },
  thinMonths: {
    zh: '{{table}} 下列月份的记录数骤减，远低于邻近月份：{{months}}',
    en: '{{table}} has suddenly far fewer rows than the months around in {{months}}',
  },
  purgedEarly: {
    zh: '{{name}} 删除 {{table}} 中超过 {{kept}} 的记录；{{asked}} 个月最长为 {{longest}} 天',
    en: '{{name}} deletes rows of {{table}} older than {{kept}}; {{asked}} months can be {{longest}} days',
  },
  purgedLate: {
    zh: '{{name}} 只删除 {{table}} 中超过 {{kept}} 的记录（要求 {{asked}} 个月）',
    en: '{{name}} deletes only rows of {{table}} older than {{kept}} ({{asked}} months are asked)',
  },
  purgeDeclared: {
    zh: '平台文件声明 {{name}} 只删除 {{table}} 中超过 {{kept}} 的记录（要求 {{asked}} 个月）；本工具未见该任务，不作为证明',
    en: 'the platform file declares that {{name}} deletes only rows of {{table}} older than {{kept}} ({{asked}} months are asked); the job itself was not seen, which proves nothing',
  },
  unread: {
    zh: '{{table}} 是否会被删除未能全部查明，下列系统表或视图无权读取或未能读全：{{views}}',
    en: 'whether anything deletes from {{table}} could not be looked at in full; denied or cut short: {{views}}',
  },
  notCounted: { zh: '{{table}} 未能统计：{{why}}', en: '{{table}} could not be counted: {{why}}' },
} as const;

export type Says = keyof typeof messages;

/** What to do about it. */
export const remedies = {
  ...bucketRemedies,
  tooYoung: {
    zh: '恢复或归档早于 {{oldest}} 的记录，并停止提前清理',
    en: 'restore or archive what is older than {{oldest}}, and stop deleting it early',
  },
  archived: {
    zh: '说明记录何时、如何从 {{table}} 移至 {{tables}}，并核对两边的记录数',
    en: 'show when and how rows move from {{table}} to {{tables}}, and compare their counts',
  },
  emptyMonths: {
    zh: '核对 {{months}} 的业务；如曾有业务，从备份恢复',
    en: 'look at the business of {{months}}; if there was any, restore it from backup',
  },
  deleted: {
    zh: '停用 {{name}}，或说明其只删除已过留存期的记录',
    en: 'disable {{name}}, or show that it only deletes what need not be kept',
  },
  ahead: { zh: '更正这些记录的时间', en: 'correct the time of those rows' },
  notStarted: { zh: '更正平台文件中的 platform.since', en: 'correct platform.since in the platform file' },
  undated: { zh: '为这些记录补全时间', en: 'give those rows a time' },
  stopped: { zh: '在平台文件中指向现行数据库', en: 'point the platform file at the store in use' },
  noTable: { zh: '在平台文件 stores 中声明该数据表', en: 'declare the table under stores in the platform file' },
  openInSample: {
    zh: '为时间列建立索引（首列为时间列、全表、B 树），或核对这些月份',
    en: 'put an index on the time column (first, of the whole table, B-tree), or look at those months',
  },
  thinMonths: {
    zh: '核对 {{months}} 的业务；如有缺失，从备份恢复',
    en: 'look at the business of {{months}}; if rows are missing, restore them from backup',
  },
  purgedEarly: {
    zh: '停用 {{name}}，或改为至少保留 {{longest}} 天',
    en: 'disable {{name}}, or let it keep {{longest}} days at least',
  },
  unread: {
    zh: '授予扫描账号读取这些系统表或视图的权限',
    en: 'grant the account of the scan the right to read them',
  },
  notCounted: {
    zh: '核对平台文件 stores 中的表名、时间列，以及扫描账号的权限',
    en: 'check the table and its time column under stores in the platform file, and the rights of the account',
  },
} as const;
