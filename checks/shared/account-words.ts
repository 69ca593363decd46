import type { Text } from '../../src/text.ts';

/** What host/account-privileges says. */
export const messages = {
  bounded: {
    zh: '能取得 root 权限的账号均为获准一方的申报管理员：{{holders}}；另有 {{others}} 个可登录账号没有此权限',
    en: 'every account with root means is a declared administrator’s of a permitted party: {{holders}}; {{others}} more can log in without them',
  },
  outsideRoot: {
    zh: '账号 {{account}} 由{{party}}使用，能以 root 执行任意命令',
    en: 'account {{account}} is used by {{party}} and can run any command as root',
  },
  outsideUnclear: {
    zh: '账号 {{account}} 由{{party}}使用，有 root 权限的迹象；是否能登录、所限定的命令或公钥是否足以取得 root，未能证明',
    en: 'account {{account}} is used by {{party}} and shows signs of root means; whether it is open, and whether the commands or the key it is bound to lead to root, was not seen',
  },
  undeclared: {
    zh: '能取得（或可能取得）root 权限的账号或其公钥未申报：{{names}}',
    en: 'accounts that have root means, or may, are not declared, or a key of theirs is not: {{names}}',
  },
  unresolved: {
    zh: 'sudo 规则授予 root 权限的对象不在本机账号清单中：{{names}}',
    en: 'sudo rules give root means to somebody whom this host does not list: {{names}}',
  },
  fault: { zh: '存在{{fault}}：{{names}}', en: 'there are {{fault}}: {{names}}' },
  perhapsShared: {
    zh: '存在{{fault}}，是否由多人共用，本机无法证明：{{names}}',
    en: 'there are {{fault}}; whether several persons share them cannot be seen from here: {{names}}',
  },
  idle: {
    zh: '超过 {{days}} 天没有终端登录记录的账号，是否仍需保留须说明：{{names}}',
    en: 'accounts without a terminal login for more than {{days}} days; whether they are still needed has to be shown: {{names}}',
  },
  stalePasswords: {
    zh: '口令超过 {{days}} 天未更换，或者未设此更换期限的账号：{{names}}',
    en: 'accounts whose password is older than {{days}} days, or need not be changed by then: {{names}}',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  unusedUnknown: { zh: '没有账号使用情况的证据', en: 'there is no evidence of the use of accounts' },
  directory: {
    zh: '账号还来自目录服务 {{names}}，本机无法列全其中的账号',
    en: 'accounts also come from the directory {{names}}, which cannot be listed in full from here',
  },
  keySource: {
    zh: 'SSH 服务还接受公钥文件以外的凭据：{{names}}',
    en: 'the SSH service also accepts what is in no key file: {{names}}',
  },
  noHost: { zh: '没有任何主机的账号证据', en: 'there is no evidence of any host’s accounts' },
} as const satisfies Record<string, Text>;

/** What to do about it. */
export const remedies = {
  outsideRoot: {
    zh: '收回该账号的 root 权限，只授予完成工作所需的命令',
    en: 'take root away from the account; grant only the commands that its work needs',
  },
  outsideUnclear: {
    zh: '把 sudo 规则限定为写明全部参数的命令，或收回',
    en: 'let the sudo rule name commands with all their arguments, or take it away',
  },
  undeclared: {
    zh: '在 administrators 中申报账号及其公钥指纹，或收回权限',
    en: 'declare the account and the fingerprints of its keys under administrators, or take its rights away',
  },
  unresolved: { zh: '删除规则，或提供所指对象的清单', en: 'remove the rules, or show whom they mean' },
  fault: { zh: '删除、锁定或收紧所列账号和规则', en: 'remove, lock or tighten the accounts and rules' },
  perhapsShared: { zh: '改为每人一个账号', en: 'give each person an account of their own' },
  idle: { zh: '停用或删除不再需要的账号', en: 'disable or remove what is no longer needed' },
  stalePasswords: { zh: '更换口令，并用 chage 设置更换期限', en: 'change the passwords and set their age with chage' },
  unread: {
    zh: '以 root 采集，或在平台文件中允许 sudo',
    en: 'collect as root or allow sudo in the platform file',
  },
  directory: {
    zh: '提供目录服务中可登录本机的账号及其权限清单',
    en: 'show which accounts of the directory can log in here, and with which rights',
  },
} as const satisfies Partial<Record<keyof typeof messages, Text>>;
