import { z } from 'zod';
import type { Text } from '../../text.ts';
import { plainDate } from '../schemas.ts';

/** What an audit record must say of an event; the order in which a host prints them. */
export const recordFields = {
  date: { zh: '日期', en: 'date' },
  time: { zh: '时间', en: 'time' },
  initiator: { zh: '发起者', en: 'initiator' },
  type: { zh: '类型', en: 'type' },
  description: { zh: '描述', en: 'description' },
  result: { zh: '结果', en: 'result' },
} as const satisfies Record<string, Text>;

export type RecordField = keyof typeof recordFields;

/** The fields in their order. */
export const recordFieldNames = Object.keys(recordFields) as [RecordField, ...RecordField[]];

/** How records are written. */
export const recordFormats = ['json', 'key-value', 'csv', 'pattern'] as const;

export type RecordFormat = (typeof recordFormats)[number];

/** Why records could not be read. */
export const recordProblems = {
  denied: { zh: '权限不足', en: 'access denied' },
  'not-found': { zh: '不存在', en: 'not there' },
  'odd-name': { zh: '路径含控制字符', en: 'control characters in a path' },
  'no-decoder': { zh: '主机缺少解压程序', en: 'the host lacks the program that unpacks it' },
  'too-many': { zh: '日志种类过多，未全部抽查', en: 'too many different logs, not all were looked at' },
} as const satisfies Record<string, Text>;

export type RecordProblem = keyof typeof recordProblems;

const problem = z.enum(Object.keys(recordProblems) as [RecordProblem, ...RecordProblem[]]);
const field = z.enum(recordFieldNames);
const count = z.int().nonnegative();

const sample = z.strictObject({
  path: z.string(),
  /** When it was last written, in the host's time zone. */
  modified: plainDate,
  formats: z.array(z.enum(recordFormats)),
  records: count,
  /** Records that have all fields. */
  complete: count,
  /** Lines that are in no form that is known. */
  unread: count,
  /** By field, in how many records: not there or empty; its place is there, but empty; no date or time that is known. */
  missing: z.partialRecord(field, count),
  empty: z.partialRecord(field, count),
  unclear: z.partialRecord(field, count),
  problem: problem.optional(),
});

const log = z.strictObject({
  /** The declared path. */
  path: z.string(),
  /** The unit declares that it holds audit records; else a file's name says so. */
  declared: z.boolean(),
  /** Fields whose place in a record the unit declares. */
  named: z.array(field),
  /** The newest file, one of the middle of its age, and the oldest, of each series. */
  samples: z.array(sample),
});

/**
 * Which of its fields each sampled record of the application's audit logs has. No record leaves the host: only how many of them
 * have which fields.
 */
export const auditRecords = {
  origin: 'host',
  per: 'host',
  title: { zh: '审计记录要素', en: 'Fields of audit records' },
  value: z.strictObject({
    /** Application logs that are declared as audit logs, or hold files named as such. */
    logs: z.array(log),
    /** The unit declares that no application of the platform runs here. */
    application: z.literal(false).optional(),
    /** Declared application paths that do not exist, and folders in them that could not be opened. */
    unread: z.array(z.strictObject({ path: z.string(), problem, declared: z.boolean() })),
  }),
} as const;

export type AuditRecords = z.output<typeof auditRecords.value>;
export type AuditLog = AuditRecords['logs'][number];
export type RecordSample = AuditLog['samples'][number];

/** The fields that a declared pattern of records has a place for; `{datetime}` is two. */
export function patternFields(pattern: string): RecordField[] {
  const held = new Set([...pattern.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []));
  if (held.has('datetime')) held.add('date').add('time');
  return recordFieldNames.filter((name) => held.has(name));
}
