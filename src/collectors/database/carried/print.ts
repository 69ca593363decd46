import {
  type CarriedStore,
  isCarried,
  type ScriptStore,
  type ServerStore,
  tableName,
} from '../../../platform-stores.ts';
import { type Language, printable } from '../../../text.ts';
import { storeScript } from './script.ts';
import { serverScript } from './server-script.ts';

/** The line above what a printed script's digest covers. */
const coverLine = '-- ----------------------------------------------------------------------';

/** What a printed script says of itself. */
export type Printing = {
  readonly platform: string;
  readonly timeZone: string;
  readonly version: string;
  readonly at: string;
  readonly language: Language;
};

/** A store's script for a person to read, run and carry the output of. */
export async function printStoreScript(
  store: CarriedStore | ServerStore | ScriptStore,
  printing: Printing,
): Promise<string> {
  const { platform, version, at, language, timeZone } = printing;
  const { body, digest } = isCarried(store) ? storeScript(store) : await serverScript(store, timeZone);
  const file = store.name.replace(/[^\p{L}\p{N}._-]/gu, '_');
  const run = runs[store.engine](file);
  const tables = store.tables.map((table) => tableName(table)).join(', ');
  const reads = (isCarried(store) ? ofMaker : ofServer)(tables)[language];
  const lines =
    language === 'zh'
      ? [
          `leqi-audit ${version}：平台「${platform}」数据库 ${store.name} 的取证脚本，打印于 ${at}`,
          ...reads,
          `运行：  ${run}`,
          `将 ${file}.out 原样带回，然后运行：  leqi-audit import ${file}.out`,
          `虚线以下内容中 ${isCarried(store) ? 'LEQI1' : 'LEQI2'} 标记的依据：SHA-256 ${digest}`,
        ]
      : [
          `leqi-audit ${version}: what is asked of the store ${store.name} of the platform "${platform}", printed ${at}`,
          ...reads,
          `Run:  ${run}`,
          `Bring ${file}.out back as it is, then:  leqi-audit import ${file}.out`,
          `What the ${isCarried(store) ? 'LEQI1' : 'LEQI2'} marks below the dashes are taken from: SHA-256 ${digest}`,
        ];
  const heading = lines.map((line) => `-- ${printable(line).replace(/[\n\t]/g, ' ')}`.trim());
  return `${[...heading, coverLine, body].join('\n')}\n`;
}

const runs: Readonly<Record<CarriedStore['engine'] | ServerStore['engine'], (file: string) => string>> = {
  oracle: (file) => `sqlplus -S USER@SERVICE @${file}.sql > ${file}.out`,
  dameng: (file) => `disql USER/PASSWORD@HOST:5236 \\\`${file}.sql > ${file}.out`,
  postgresql: (file) => `psql -X -A -t -f ${file}.sql -h HOST -U USER -d DATABASE > ${file}.out`,
  mariadb: (file) => `mariadb --batch --force -h HOST -u USER -p DATABASE < ${file}.sql > ${file}.out`,
  mysql: (file) => `mysql --batch --force -h HOST -u USER -p DATABASE < ${file}.sql > ${file}.out`,
};

type Words = Readonly<Record<Language, readonly string[]>>;

const ofMaker = (tables: string): Words => ({
  zh: [
    `只读：统计 ${tables} 各月记录数，并查找会删除记录的约束、程序和作业；不输出任何业务数据`,
    '请以可以查询上述各表和 DBA_CONSTRAINTS、DBA_SOURCE、作业视图的只读账号运行；无权查看的部分不能证明',
  ],
  en: [
    `Reads only: counts the rows of ${tables} by month, and looks for constraints, code and jobs that delete; prints no record`,
    'Run it with a read-only account that may query these tables and DBA_CONSTRAINTS, DBA_SOURCE and the views of jobs; what it may not see stays unproven',
  ],
});

const ofServer = (tables: string): Words => ({
  zh: [
    `只读：统计 ${tables} 各月记录数，并读取系统目录（设置、访问规则、账号和权限、会话数、加密状态）；不输出任何业务数据`,
    '会输出可能删除记录的存储过程、触发器、事件、作业和视图的源代码，以及账号名；带出前请审阅输出文件',
    '请以 examples/databases 中的只读账号或有同等查看权限的账号运行；无权查看的部分不能证明。客户端报告的错误无需处理',
  ],
  en: [
    `Reads only: counts the rows of ${tables} by month, and reads the catalogue (settings, access rules, accounts and rights, numbers of sessions, encryption); prints no record`,
    'Prints the source of routines, triggers, events, jobs and views by which rows might be deleted, and names of accounts: look the output through before it is carried out',
    'Run it with the read-only account of examples/databases, or one that sees as much; what it may not see stays unproven. Errors that the client tells need nothing',
  ],
});
