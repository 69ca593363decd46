import type { Text } from '../../src/text.ts';

/** What logs/retention says. */
export const messages = {
  kept: {
    zh: '{{path}} 最早记录 {{oldest}}（应不晚于 {{asked}}），其间无缺失；保存规则：{{rule}}',
    en: '{{path}} reaches back to {{oldest}} ({{asked}} is asked) with no day missing; keeping rule: {{rule}}',
  },
  keptSinceStart: {
    zh: '平台于 {{since}} 启用，{{path}} 最早记录 {{oldest}}，其间无缺失；保存规则：{{rule}}',
    en: 'the platform began on {{since}}, {{path}} reaches back to {{oldest}} with no day missing; keeping rule: {{rule}}',
  },
  tooYoung: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{asked}}',
    en: '{{path}} reaches back to {{oldest}}; {{asked}} is asked',
  },
  notDaily: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{asked}}；该日志并非每日都有记录，无法判断此前是无记录还是已被删除',
    en: '{{path}} reaches back to {{oldest}}; {{asked}} is asked. It has not entries every day, so that silence before cannot be told from deletion',
  },
  replaced: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{asked}}；本主机自 {{since}} 起使用，被其替换的主机的日志保存在别处，本机无法证明',
    en: '{{path}} reaches back to {{oldest}}; {{asked}} is asked. This host serves since {{since}}: the logs of the machine it replaced lie elsewhere',
  },
  daysMissing: {
    zh: '{{path}} 自 {{asked}} 以来缺少 {{count}} 天的记录（前后每日均有）：{{days}}',
    en: '{{path}} lacks {{count}} days since {{asked}}, with entries every day around them: {{days}}',
  },
  daysDoubtful: {
    zh: '{{path}} 自 {{asked}} 以来有 {{count}} 天没有记录，按前后规律应有记录：{{days}}',
    en: '{{path}} has no entry on {{count}} days since {{asked}} on which its neighbours lead one to expect some: {{days}}',
  },
  stopped: {
    zh: '{{path}} 最后一条记录为 {{newest}}，此后 {{count}} 天没有记录',
    en: '{{path}} ends on {{newest}}; {{count}} days are without an entry since',
  },
  notWhole: {
    zh: '{{path}} 未能完整读取（{{why}}），看到的最早记录为 {{oldest}}，不能证明自 {{asked}} 起完整',
    en: '{{path}} was not read whole ({{why}}); from the oldest entry seen, {{oldest}}, it cannot be shown to be complete since {{asked}}',
  },
  unreadable: { zh: '{{path}} 无法取证：{{why}}', en: '{{path}} could not be read: {{why}}' },
  ruleTooShort: {
    zh: '{{path}} 的保存规则“{{rule}}”（{{where}}）只保证 {{kept}}，应为 {{months}} 个月；最早记录 {{oldest}}',
    en: 'the rule “{{rule}}” ({{where}}) keeps {{path}} for {{kept}} only; {{months}} months are asked; oldest entry {{oldest}}',
  },
  ruleNearly: {
    zh: '{{path}} 的保存规则“{{rule}}”（{{where}}）保证 {{kept}}，但 {{months}} 个月最长为 {{longest}} 天，并非总够；最早记录 {{oldest}}',
    en: 'the rule “{{rule}}” ({{where}}) keeps {{path}} for {{kept}}, but {{months}} months can be {{longest}} days: not always enough; oldest entry {{oldest}}',
  },
  sizeTooSmall: {
    zh: '{{path}} 按大小限制“{{rule}}”（{{where}}），按实际增长量约可保留 {{kept}}，应为 {{longest}} 天；最早记录 {{oldest}}',
    en: '{{path}} is limited by size, “{{rule}}” ({{where}}): at the growth seen it keeps about {{kept}}; {{longest}} days are asked; oldest entry {{oldest}}',
  },
  sizeUnknown: {
    zh: '{{path}} 按大小限制“{{rule}}”（{{where}}），现有记录太少，无法推算可保留多久',
    en: '{{path}} is limited by size, “{{rule}}” ({{where}}): there is too little history to tell how long that lasts',
  },
  ruleUnclear: {
    zh: '{{path}} 受“{{rule}}”（{{where}}）影响，无法判断其保留多久',
    en: '{{path}} is touched by “{{rule}}” ({{where}}); how long that leaves it cannot be told',
  },
  ownRotation: {
    zh: '{{path}} 由程序自行轮转，未见其保存规则，现有记录（最早 {{oldest}}）尚不足以证明保留 {{longest}} 天',
    en: '{{path}} is rotated by its own program, whose rule was not seen; what it holds (oldest {{oldest}}) does not yet show {{longest}} days',
  },
  inMemory: {
    zh: '{{path}} 仅存于内存，主机重启即丢失；最早记录 {{oldest}}',
    en: '{{path}} is kept in memory and lost at a restart; oldest entry {{oldest}}',
  },
  recreated: {
    zh: '{{path}} 最早记录 {{oldest}}，应不晚于 {{asked}}；容器（{{created}}）重建时，原容器的日志随之删除，本机无法证明此前的日志曾予留存',
    en: '{{path}} reaches back to {{oldest}}; {{asked}} is asked. The log of a container goes when it is made anew ({{created}}): what was before cannot be shown on this host',
  },
  shipped: {
    zh: '{{of}}日志另送往 {{targets}}（{{where}}），该目标未在平台文件中声明，其留存情况未知',
    en: 'the {{of}} log is also sent to {{targets}} ({{where}}), which the platform file does not declare: how long it is kept there is unknown',
  },
  shippedMixed: {
    zh: '{{of}}日志另送往已声明的主机 {{targets}}（{{where}}），但未见其上以本主机名称或地址单独存放的日志，无法判断',
    en: 'the {{of}} log is also sent to the declared host {{targets}} ({{where}}), where no log was found under this host’s own name or address',
  },
  shippingNotSeen: {
    zh: '{{of}}日志是否另送往他处未能取证，不能据本机日志认定未留存',
    en: 'whether the {{of}} log is also sent elsewhere was not observed: what this host holds does not show that it is not kept',
  },
  rulesNotSeen: { zh: '{{path}} 的保存规则未能取证', en: 'the rules that keep {{path}} were not observed' },
  rulesUnread: {
    zh: '{{path}} 的记录完整，但部分配置无法读取，其中可能有清理规则：{{where}}',
    en: '{{path}} is complete, but some configuration could not be read and may hold rules that delete: {{where}}',
  },
  clockOff: {
    zh: '主机日期 {{today}} 与取证日期 {{on}} 不符，日志日期不可采信',
    en: 'the host says it is {{today}}, the scanner {{on}}: its log dates cannot be relied on',
  },
  listingCut: {
    zh: '日志清单未能列全，可能还有其他{{of}}日志',
    en: 'the listing of logs broke off; there may be more {{of}} logs',
  },
  none: { zh: '未发现{{of}}日志', en: 'no {{of}} log was found' },
  noPlatform: {
    zh: '缺少平台声明，或其启用日期晚于取证之日，无法确定应留存的期间',
    en: 'there is no platform declaration, or its start lies after the day of observation: the period is unknown',
  },
} as const;

/** What to do about it. */
export const remedies = {
  tooYoung: {
    zh: '从备份恢复缺少的日志，并延长保存期限',
    en: 'restore the missing logs from backup and keep them longer',
  },
  daysMissing: {
    zh: '查明缺失日期的日志去向；如主机当时停机，请留存停机证明',
    en: 'find the logs of those days; if the host was off, file the proof',
  },
  ruleTooShort: {
    zh: '将保存期限改为不少于所要求的月数，例如 logrotate“monthly、rotate {{months}}”',
    en: 'keep the period asked, for instance with logrotate “monthly, rotate {{months}}”',
  },
  ruleNearly: { zh: '将保存期限改为不少于 {{longest}} 天', en: 'keep {{longest}} days at least' },
  sizeTooSmall: { zh: '改为按时间轮转，或提高大小限额', en: 'rotate by time, or raise the size' },
  ruleUnclear: { zh: '改用按天数清理的规则', en: 'delete by age in days' },
  ownRotation: {
    zh: '在平台文件 hosts.logs.settings 中声明该程序的日志配置文件（如 logback.xml）',
    en: 'declare the program’s own log settings (such as logback.xml) under hosts.logs.settings',
  },
  inMemory: { zh: '启用持久化日志：Storage=persistent', en: 'make the journal persistent: Storage=persistent' },
  replaced: { zh: '提供原主机的日志存档', en: 'show the logs of the machine it replaced' },
  unreadable: {
    zh: '以 root 或有读取权限的账号采集，并核对平台文件中的日志路径',
    en: 'collect as root or with read access, and check the log paths in the platform file',
  },
  recreated: {
    zh: '将容器日志送往集中存储，或写入容器之外的目录',
    en: 'send the logs of containers to a central store, or write them outside of the container',
  },
  shipped: {
    zh: '在平台文件中声明接收日志的主机并一并采集，或提供集中日志的留存证明',
    en: 'declare the host that receives the logs and collect from it, or file proof of what it keeps',
  },
  shippedMixed: {
    zh: '接收端按来源主机分目录存放，并在平台文件 hosts.logs 中声明该目录',
    en: 'let the receiver write a folder for each host, and declare it under hosts.logs',
  },
  rulesUnread: { zh: '以 root 采集', en: 'collect as root' },
  none: {
    zh: '在平台文件 hosts.logs 中声明日志路径；日志存于集中存储的，在 logStores 中声明，并写明所含主机（hosts）',
    en: 'declare the paths of the logs under hosts.logs in the platform file; where a central store holds them, declare it under logStores with its hosts',
  },
} as const;

/** Kinds and streams of logs. */
export const titles: Readonly<Record<string, Text>> = {
  system: { zh: '系统', en: 'system' },
  network: { zh: '网络', en: 'network' },
  application: { zh: '应用', en: 'application' },
  general: { zh: '系统（运行）', en: 'system (general)' },
  auth: { zh: '系统（登录与授权）', en: 'system (authentication)' },
};
