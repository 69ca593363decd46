import { z } from 'zod';
import type { Text } from '../../text.ts';

/** What is looked for in the columns of a store. */
export const clearTextKinds = ['identity-number', 'bank-card', 'credit-code', 'mobile', 'email'] as const;

export type ClearTextKind = (typeof clearTextKinds)[number];

export const clearTextTitles: Readonly<Record<ClearTextKind, Text>> = {
  'identity-number': { zh: '居民身份证号', en: 'identity numbers' },
  'bank-card': { zh: '银行卡号', en: 'bank card numbers' },
  'credit-code': { zh: '统一社会信用代码', en: 'unified social credit codes' },
  mobile: { zh: '手机号码', en: 'mobile numbers' },
  email: { zh: '电子邮箱', en: 'e-mail addresses' },
};

/**
 * The share of independent candidates that pass by chance, were they other numbers of the same shape: one of the eleven check characters of
 * GB 11643-1999; one of ten digits (ISO/IEC 7812-1, annex B); 11 × 31 check characters of GB 11714-1997 and GB 32100-2015; 54 of the hundred
 * number segments 1xx are given out. Addresses have no check character: one in twenty is our reading.
 */
export const passesByChance: Readonly<Record<ClearTextKind, number>> = {
  'identity-number': 1 / 11,
  'bank-card': 1 / 10,
  'credit-code': 1 / 341,
  mobile: 54 / 100,
  email: 1 / 20,
};

/** How rows were chosen. */
export const samplings = {
  /** There are no others. */
  all: { zh: '全部', en: 'all' },
  /** Rows of random blocks, or from random points of the primary key on. */
  random: { zh: '随机抽样', en: 'at random' },
  /** The first and the last by the primary key. */
  ends: { zh: '主键首尾', en: 'both ends of the primary key' },
  /** The first that the table gives. */
  head: { zh: '表首', en: 'the first of the table' },
} as const satisfies Record<string, Text>;

export type Sampling = keyof typeof samplings;

/** Shapes that show that a value is not in clear text. */
export const protections = {
  masked: { zh: '掩码', en: 'masked' },
  hash: { zh: '散列值或者等长密文', en: 'hashes, or ciphertext of one length' },
  ciphertext: { zh: '密文', en: 'ciphertext' },
} as const satisfies Record<string, Text>;

export type Protection = keyof typeof protections;

/** Why a table, or a column of it, was not looked into. */
export const unreadReasons = {
  denied: { zh: '权限不足', en: 'access denied' },
  missing: { zh: '不存在或者账号看不到', en: 'not there, or hidden from the account' },
  view: { zh: '是视图', en: 'a view' },
  remote: { zh: '数据位于其他服务器', en: 'its rows are on another server' },
  type: { zh: '列类型不能识别', en: 'a column of unknown type' },
  sparse: { zh: '抽到的数据块几乎没有记录', en: 'hardly any row where it was sampled' },
  'timed-out': { zh: '超时或者被锁', en: 'too slow, or locked' },
  failed: { zh: '读取失败', en: 'could not be read' },
} as const satisfies Record<string, Text>;

export type UnreadReason = keyof typeof unreadReasons;

const count = z.int().nonnegative();
const column = z.string();
const reasonNames = Object.keys(unreadReasons) as [UnreadReason, ...UnreadReason[]];

const tableSchema = z.strictObject({
  name: z.string(),
  /** What the unit says it holds; absent if the table is not declared. */
  holds: z.string().optional(),
  sampling: z.enum(Object.keys(samplings) as [Sampling, ...Sampling[]]),
  /** Rows that were read. */
  rows: count,
  /** Columns that were looked into; the others are of types that can hold no such number. */
  columns: count,
  /** Columns where something looked like what is searched for. */
  numbers: z.array(
    z.strictObject({
      column,
      kind: z.enum(clearTextKinds),
      /** Values that were looked at. */
      values: count,
      /** Values that hold at least one that passes. */
      hits: count,
      /** Different ones of the right shape; of mobile numbers, different number segments. */
      candidates: count,
      /** Those of them that pass the check. */
      valid: count,
    }),
  ),
  /** Columns nearly all of whose values have a shape that is not clear text. */
  protected: z.array(
    z.strictObject({ column, how: z.enum(Object.keys(protections) as [Protection, ...Protection[]]) }),
  ),
  /** Columns most of whose values look like names of Chinese persons. */
  names: z.array(column),
  /** Columns some of whose values are longer than what is read of one: pieces of them were. */
  cut: z.array(column),
});

/** What numbers of persons and units stand in clear text in a store, by samples. Counts and column names only: no value leaves the process. */
export const clearText = {
  origin: 'database',
  per: 'store',
  title: { zh: '库内明文', en: 'Clear text in stores' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    tables: z.array(tableSchema),
    unread: z.array(z.strictObject({ table: z.string(), column: column.optional(), why: z.enum(reasonNames) })),
    /** Tables that were not looked into, for there are too many. */
    beyond: count,
    /** Whether the account is shown every table there is. */
    seesAll: z.boolean(),
  }),
} as const;

export type ClearText = z.output<typeof clearText.value>;
export type SampledTable = ClearText['tables'][number];
