import type { RecordField } from '../../../evidence/host/audit-records.ts';
import type { DeclaredHost } from '../../../platform.ts';

type DeclaredRecords = NonNullable<DeclaredHost['logs'][number]['records']>;

/** One letter stands for a field in what a host prints. */
export const fieldLetters: Readonly<Record<RecordField, string>> = {
  date: 'd',
  time: 't',
  initiator: 'i',
  type: 'y',
  description: 'c',
  result: 'r',
};

// Compared in lower case without `_` and `-`: userName, user_name and UserName are one. Names that also mean other things
// (id, name, code, level, module, method, ip) are left out: a field must not seem to be there.
const usual: readonly (readonly [letters: string, names: string])[] = [
  [
    'dt',
    'time date datetime timestamp @timestamp ts eventtime eventdate opertime operatetime operationtime optime createtime createdat createdate logtime logdate requesttime accesstime occurtime 时间 日期 日期时间 操作时间 发生时间 事件时间 记录时间 操作日期 时间戳',
  ],
  [
    'i',
    'user username userid useraccount operator operatorid operatorname opername operuser operateuser account accountname loginname loginid loginuser actor principal initiator createby creator who 用户 用户名 用户账号 操作人 操作员 操作者 操作用户 发起者 发起人 发起者信息 账号 登录名',
  ],
  [
    'y',
    'type eventtype eventname event action actiontype operation operationtype opertype operatetype optype businesstype 类型 事件类型 操作类型 业务类型 操作 动作 事件',
  ],
  [
    'c',
    'description desc message msg detail details content summary operdesc operationdesc eventdesc 描述 内容 详情 操作内容 操作描述 事件描述 操作详情 说明',
  ],
  [
    'r',
    'result outcome status success succeeded resultcode resultstatus operresult operationresult eventresult 结果 操作结果 事件结果 执行结果 状态',
  ],
];

/** The usual names by field: `letters<tab>name`, one a line. */
export const usualNames = usual
  .flatMap(([letters, names]) => names.split(' ').flatMap((name) => spelled(name).map((each) => `${letters}\t${each}`)))
  .join('\n');

/** The declared names in the same form. */
export function declaredNames({ fields = {} }: DeclaredRecords): string {
  return (Object.keys(fields) as RecordField[])
    .flatMap((field) =>
      [fields[field] ?? []].flat().flatMap((name) => spelled(name).map((each) => `${fieldLetters[field]}\t${each}`)),
    )
    .join('\n');
}

// Many JSON writers escape what is not ASCII.
function spelled(name: string): string[] {
  const escaped = name.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return escaped === name
    ? [name]
    : [name, escaped, escaped.replace(/\\u[\da-f]{4}/g, (each) => `\\u${each.slice(2).toUpperCase()}`)];
}
