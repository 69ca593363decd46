import type { Text } from '../../src/text.ts';
import { bucketRightsMessages, bucketRightsRemedies } from './bucket-rights.ts';

/** What data/change-rights says. */
export const messages = {
  ...bucketRightsMessages,
  declared: {
    zh: '数据库「{{store}}」中能更改或删除数据的登录账号均已申报（共 {{logins}} 个登录账号，其中全权账号 {{all}} 个）：{{names}}；采集账号 {{account}} 只读',
    en: 'in store “{{store}}” every account that can change or delete data is declared ({{logins}} can log in, {{all}} of them may do everything): {{names}}; {{account}}, which scans, can only read',
  },
  nobody: {
    zh: '数据库「{{store}}」的 {{logins}} 个登录账号都不能更改或删除数据；采集账号 {{account}} 只读',
    en: 'none of the {{logins}} accounts of store “{{store}}” can change or delete data; {{account}}, which scans, can only read',
  },
  everybody: {
    zh: '数据库「{{store}}」的表 {{table}} 允许所有账号更改：{{can}}',
    en: 'in store “{{store}}” everybody may change table {{table}}: {{can}}',
  },
  undeclared: {
    zh: '数据库「{{store}}」中有 {{count}} 个未申报的账号能更改或删除数据（能这样做的账号中全权账号 {{all}} 个）：{{names}}',
    en: 'in store “{{store}}” {{count}} accounts that are not declared can change or delete data ({{all}} of all that can may do everything): {{names}}',
  },
  outside: {
    zh: '数据库「{{store}}」中下列账号由未获准的一方使用，能更改或删除数据，是否取得使用单位授权须说明：{{names}}',
    en: 'in store “{{store}}” these accounts of a party that is not permitted can change or delete data; whether using units authorised it has to be shown: {{names}}',
  },
  table: {
    zh: '数据库「{{store}}」声明的表 {{table}} {{problem}}，其更改权限未能证明',
    en: 'table {{table}}, declared of store “{{store}}”, {{problem}}; who can change it was not seen',
  },
  unread: {
    zh: '数据库「{{store}}」的以下内容未能读取，可能还有账号能更改数据：{{views}}',
    en: 'in store “{{store}}” these could not be read, and more accounts might be able to change data: {{views}}',
  },
  scannerWrites: {
    zh: '采集所用账号 {{account}} 自身能写数据库「{{store}}」（平台文件以 mayWrite 允许继续；会话以只读方式进行）：{{writes}}',
    en: 'the account that scans, {{account}}, can itself write to store “{{store}}” (mayWrite in the platform file let the scan go on, in a read-only session): {{writes}}',
  },
  noStore: {
    zh: '平台文件没有声明任何数据库，或没有任何数据库权限的证据',
    en: 'no store is declared in the platform file, or there is no evidence of rights in any',
  },
} as const satisfies Record<string, Text>;

/** What to do about it. */
export const remedies = {
  ...bucketRightsRemedies,
  everybody: {
    zh: 'REVOKE 授予 PUBLIC 的权限，改为授予业务账号',
    en: 'revoke what PUBLIC was granted; grant it to the accounts that need it',
  },
  undeclared: {
    zh: '在平台文件该库的 writers 中申报账号及所属方，或收回其权限',
    en: 'declare the accounts and their parties under the store’s writers, or take the rights away',
  },
  outside: { zh: '收回其更改和删除权限', en: 'take away their right to change and delete' },
  table: { zh: '更正平台文件中的表名', en: 'correct the table in the platform file' },
  unread: {
    zh: '按 examples/databases 中的 SQL 为采集账号授予查看权限',
    en: 'let the account that scans see them: the SQL files in examples/databases grant it',
  },
  scannerWrites: {
    zh: '按 examples/databases 中的 SQL 建立只读账号，并去掉 mayWrite',
    en: 'make a read-only account by the SQL files in examples/databases, and remove mayWrite',
  },
  noStore: { zh: '在平台文件 stores 中声明数据库', en: 'declare the databases under stores in the platform file' },
} as const satisfies Partial<Record<keyof typeof messages, Text>>;
