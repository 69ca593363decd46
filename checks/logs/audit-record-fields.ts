import { z } from 'zod';
import { daysBetween, type PlainDate } from '../../src/evidence/dates.ts';
import {
  type AuditLog,
  type AuditRecords,
  type RecordField,
  recordFieldNames,
  recordFields,
  recordProblems,
} from '../../src/evidence/host/audit-records.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';

const messages = {
  complete: {
    zh: '{{path}}：抽查 {{files}} 个文件的 {{records}} 条审计记录，日期、时间、发起者、类型、描述、结果均齐全',
    en: '{{path}}: all {{records}} audit records sampled from {{files}} files have date, time, initiator, type, description and result',
  },
  lacking: {
    zh: '{{path}}：抽查 {{records}} 条审计记录，缺少要素：{{fields}}',
    en: '{{path}}: of {{records}} audit records sampled, some lack: {{fields}}',
  },
  nameNotFound: {
    zh: '{{path}}：抽查 {{records}} 条记录，均未出现平台文件为下列要素声明的字段名：{{fields}}',
    en: '{{path}}: in none of {{records}} records sampled stands the name that the platform file declares for: {{fields}}',
  },
  notRecognised: {
    zh: '{{path}}：抽查 {{records}} 条记录，下列要素未以常用字段名出现，可能以其他名称记录：{{fields}}',
    en: '{{path}}: in {{records}} records sampled, these are not found under their usual names, and may stand under others: {{fields}}',
  },
  unclear: {
    zh: '{{path}}：抽查 {{records}} 条记录，下列要素的取值无法识别：{{fields}}',
    en: '{{path}}: in {{records}} records sampled, what stands for these could not be recognised: {{fields}}',
  },
  unreadLines: {
    zh: '{{path}}：抽查的 {{lines}} 行中有 {{unread}} 行（{{share}}）无法识别为审计记录',
    en: '{{path}}: {{unread}} of {{lines}} lines sampled ({{share}}) could not be read as audit records',
  },
  tooFew: {
    zh: '{{path}}：仅抽到 {{records}} 条审计记录，少于 {{least}} 条，不足以判定',
    en: '{{path}}: only {{records}} audit records were found to sample; {{least}} are needed',
  },
  quiet: {
    zh: '{{path}}：最近一次写入为 {{written}}，超过 {{within}} 天，审计记录可能已改写到别处',
    en: '{{path}} was last written to on {{written}}, more than {{within}} days ago: audit records may be written elsewhere by now',
  },
  unreadable: { zh: '{{path}} 无法取证：{{why}}', en: '{{path}} could not be read: {{why}}' },
  none: {
    zh: '未发现应用审计日志：平台文件未声明哪个日志保存审计记录，应用日志中也没有以此命名的文件',
    en: 'no audit log of the application was found: the platform file declares none, and no file of its logs is named as such',
  },
  noApplication: {
    zh: '平台文件声明本主机不运行应用，也未发现应用审计日志',
    en: 'by the platform file no application runs on this host, and no audit log of one was found',
  },
  notHere: {
    zh: '未在本主机发现应用审计日志；其他主机有审计日志，不能证明本主机的应用不产生审计记录',
    en: 'no audit log of an application was found on this host; that other hosts have one does not show that none runs here',
  },
} as const;

type Says = keyof typeof messages;
type Asked = { records: number; unreadable: number; within?: number | undefined };
type Said = { outcome: 'met' | 'unmet' | 'unproven'; says: Says; data: TextData };

/** Each sampled record of the application's audit logs says when, who, what kind, what and with which result. */
export const check = defineCheck({
  id: 'logs/audit-record-fields',
  title: { zh: '审计记录要素齐全', en: 'Audit records are complete' },
  about: {
    zh: '在应用审计日志最新、居中和最早的文件的首、中、尾抽取记录，在主机上统计每条记录是否有日期、时间、发起者、类型、描述、结果，只取回计数，不取回记录内容。仅当平台文件声明了字段位置而记录中缺失时判为不符合；未识别出的要素判为待确认。抽查不能证明每项操作都有记录。',
    en: 'Records at the head, middle and tail of the newest, a middle and the oldest file of the application’s audit logs are counted on the host by whether they have date, time, initiator, type, description and result; counts leave the host, records do not. Only a field whose place the platform file declares can be found lacking; what is not recognised is unproven. A sample does not show that every operation is recorded.',
  },
  reads: ['auditRecords'],
  parameters: z.strictObject({
    /** Records of a log from which a sample tells anything. */
    records: z.int().positive().meta(stricter.higher),
    /** Share of lines that may be no record: banners, ends of what goes on over several lines. */
    unreadable: z.number().min(0).max(1).meta(stricter.lower),
    /** Days since an audit log was last written to; a log that nothing is written to may no longer be the one. Left out: not asked. */
    within: z.int().positive().meta(stricter.lower).optional(),
  }),
  messages,
  remedies: {
    lacking: {
      zh: '修改应用，使每条审计记录都含全部六项要素',
      en: 'have the application write all six fields in every audit record',
    },
    nameNotFound: {
      zh: '核对平台文件 hosts.logs.records.fields 中的字段名',
      en: 'check the names under hosts.logs.records.fields in the platform file',
    },
    notRecognised: {
      zh: '在平台文件 hosts.logs.records.fields 中声明各要素的字段名；确无该要素的，修改应用',
      en: 'declare the names under hosts.logs.records.fields in the platform file; if there is no such field, change the application',
    },
    unclear: {
      zh: '采用常见的日期和时间写法，例如 2026-03-01T10:00:00+08:00',
      en: 'write dates and times in a usual form such as 2026-03-01T10:00:00+08:00',
    },
    unreadLines: {
      zh: '在平台文件 hosts.logs.records 中声明 format；纯文本格式须给出 pattern',
      en: 'declare the format under hosts.logs.records in the platform file; plain text needs a pattern',
    },
    none: {
      zh: '在平台文件 hosts.logs 中为审计日志写明 records（可为 {}）',
      en: 'give the audit log a key records (it may be {}) under hosts.logs in the platform file',
    },
    notHere: {
      zh: '本主机运行应用的，在平台文件 hosts.logs 中声明其审计日志；不运行应用的（数据库、负载均衡等），写明 application: false',
      en: 'if an application runs here, declare its audit log under hosts.logs; if none does (a database, a balancer), write application: false',
    },
    quiet: {
      zh: '在平台文件 hosts.logs 中声明现用的审计日志',
      en: 'declare the audit log that is in use under hosts.logs in the platform file',
    },
    unreadable: { zh: '以有读取权限的账号采集', en: 'collect with an account that may read it' },
  },

  judge({ auditRecords }, asked) {
    if (auditRecords.length === 0) return [unproven('none', [], {}, 'auditRecords')];
    const isSomewhere = auditRecords.some((host) => host.value.logs.length > 0);
    return auditRecords.flatMap((host): Finding<Says>[] => {
      const said = [...host.value.logs.flatMap((log) => judgeLog(log, asked, host.on)), ...gapsOf(host)];
      if (said.length === 0) return [noneOn(host, isSomewhere)];
      return said.map(({ outcome, says, data }) =>
        (outcome === 'met' ? met : outcome === 'unmet' ? unmet : unproven)(says, host, data),
      );
    });
  },
});

// Only where another host holds audit records is a host without an application beside the point.
function noneOn(host: Seen<AuditRecords>, isSomewhere: boolean): Finding<Says> {
  if (!isSomewhere) return unproven('none', host);
  return host.value.application === false ? notApplicable('noApplication', host) : unproven('notHere', host);
}

// Other application logs that are not there are for the retention of logs to say.
function gapsOf({ value }: Seen<AuditRecords>): Said[] {
  return value.unread
    .filter(({ problem, declared }) => declared || problem !== 'not-found')
    .map(({ path, problem }) => say('unproven', 'unreadable', { path, why: recordProblems[problem] }));
}

function judgeLog(log: AuditLog, { records: least, unreadable, within }: Asked, on: PlainDate): Said[] {
  const { path, samples } = log;
  const closed = samples.flatMap((sample) =>
    sample.problem === undefined
      ? []
      : [say('unproven', 'unreadable', { path: sample.path, why: recordProblems[sample.problem] })],
  );
  const gaps = [...closed, ...quietSince(log, on, within)];
  const records = total(samples.map((sample) => sample.records));
  const unread = total(samples.map((sample) => sample.unread));
  const lines = records + unread;
  const shown = { path, records, lines, unread, least, files: samples.length, share: share(unread, lines) };
  const failing = fieldsThat(log, records, shown);
  if (lines > 0 && unread / lines > unreadable) return [...failing, ...gaps, say('unproven', 'unreadLines', shown)];
  if (records < least) return [...failing, ...gaps, say('unproven', 'tooFew', shown)];
  return failing.length + gaps.length > 0 ? [...failing, ...gaps] : [say('met', 'complete', shown)];
}

function quietSince({ path, samples }: AuditLog, on: PlainDate, within: number | undefined): Said[] {
  const written = samples
    .map(({ modified }) => modified)
    .toSorted()
    .at(-1);
  if (within === undefined || written === undefined || daysBetween(written, on) <= within) return [];
  return [say('unproven', 'quiet', { path, written, within })];
}

function fieldsThat(log: AuditLog, records: number, shown: TextData): Said[] {
  const sum = (of: 'missing' | 'empty' | 'unclear', field: RecordField): number =>
    total(log.samples.map((sample) => sample[of][field] ?? 0));
  const missing = recordFieldNames.filter((field) => sum('missing', field) > 0);
  const isNamed = (field: RecordField): boolean => log.declared && log.named.includes(field);
  // A name that stands in no record at all is more likely a slip in the platform file.
  const isSlip = (field: RecordField): boolean => sum('missing', field) === records && sum('empty', field) === 0;
  const groups = {
    lacking: missing.filter((field) => isNamed(field) && !isSlip(field)),
    nameNotFound: missing.filter((field) => isNamed(field) && isSlip(field)),
    notRecognised: missing.filter((field) => !isNamed(field)),
    unclear: recordFieldNames.filter((field) => sum('unclear', field) > 0),
  } as const;
  return (Object.keys(groups) as (keyof typeof groups)[]).flatMap((says) => {
    const fields = groups[says].map((field) =>
      counted(field, sum(says === 'unclear' ? says : 'missing', field), records),
    );
    if (fields.length === 0) return [];
    return [say(says === 'lacking' ? 'unmet' : 'unproven', says, { ...shown, fields: joined(fields, '、', ', ') })];
  });
}

function counted(field: RecordField, count: number, records: number): Text {
  const { zh, en } = recordFields[field];
  return {
    zh: `${zh}（${count} 条，${share(count, records)}）`,
    en: `${en} (${count}, ${share(count, records)})`,
  };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, each) => sum + each, 0);
}

function say(outcome: Said['outcome'], says: Says, data: TextData): Said {
  return { outcome, says, data };
}
