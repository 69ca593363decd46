import { z } from 'zod';
import type { Text } from '../../text.ts';
import { plainDate } from '../schemas.ts';

/** The central log stores that can be asked. */
export const logStoreKinds = ['elasticsearch', 'opensearch', 'loki'] as const;

/** How a store was reached: TLS with its certificate verified, or not, or in clear text. */
export const channels = {
  tls: { zh: 'TLS，证书已验证', en: 'TLS, certificate verified' },
  unverified: { zh: 'TLS，证书未验证', en: 'TLS, certificate not verified' },
  clear: { zh: '明文 HTTP', en: 'clear text HTTP' },
} as const satisfies Record<string, Text>;

/** Why entries may be there that were not seen; then nothing that was not seen is missing. */
export const unseenWhys = {
  'not-permitted': { zh: '账号看不到或读不了部分索引', en: 'the account cannot see or read some indices' },
  'rights-unknown': {
    zh: '账号无权查看集群健康状态，不能证明看到了全部索引',
    en: 'the account may not see the cluster’s health, so that it is not shown that it sees all indices',
  },
  closed: { zh: '部分索引已关闭，无法检索', en: 'some indices are closed and cannot be searched' },
  shards: { zh: '部分分片检索失败或超时', en: 'some shards failed or were late' },
  window: { zh: '部分时段的查询未成功', en: 'the query of some of the time did not succeed' },
  lookback: { zh: '服务端限制了可查询的最早时间', en: 'the server limits how far back it may be asked' },
  'limits-unread': { zh: '服务端的查询限制未能读取', en: 'the server’s limits on queries were not read' },
} as const satisfies Record<string, Text>;

/** What keeps logs or deletes them; each may be out of an account's reach. */
export const ruleSources = {
  ilm: { zh: '索引生命周期策略（_ilm/policy）', en: 'index lifecycle policies (_ilm/policy)' },
  'data-stream': { zh: '数据流生命周期（_data_stream）', en: 'data stream lifecycles (_data_stream)' },
  ism: { zh: '索引状态管理策略（_plugins/_ism）', en: 'index state management policies (_plugins/_ism)' },
  loki: { zh: 'Loki 配置（/config）', en: 'Loki’s configuration (/config)' },
  overrides: {
    zh: 'Loki 租户限额（/config/tenant/v1/limits）',
    en: 'Loki’s limits of the tenant (/config/tenant/v1/limits)',
  },
} as const satisfies Record<string, Text>;

const keysOf = <T extends string>(table: Readonly<Record<T, Text>>): [T, ...T[]] => Object.keys(table) as [T, ...T[]];

const series = z.strictObject({
  /** Days in the platform's time zone that have entries; none if there are none since `lookedFrom`. */
  oldest: plainDate.optional(),
  newest: plainDate.optional(),
  days: z.int().nonnegative(),
  /** Whether it has entries every day in the weeks after `oldest`; absent while there is too little to tell. */
  startsDaily: z.boolean().optional(),
  /** Days without an entry that their neighbours lead one to expect, from `oldest` to yesterday, newest first. */
  missing: z.array(z.strictObject({ from: plainDate, to: plainDate, days: z.int().positive(), certain: z.boolean() })),
});

const rule = z.strictObject({
  by: z.enum(keysOf(ruleSources)),
  /** The policy's name. */
  name: z.string(),
  /** The rule in its own words, shortened. */
  text: z.string(),
  /** Indices, or streams, that it covers. */
  parts: z.int().nonnegative(),
  keeps: z.union([
    /** Each entry is kept this many days at least; with `orMore` a longer rule may hold in its stead. */
    z.strictObject({ days: z.number().nonnegative(), orMore: z.literal(true).optional() }),
    /** It deletes nothing. */
    z.strictObject({ ever: z.literal(true) }),
    /** It deletes, and it cannot be told what it leaves. */
    z.strictObject({ unknown: z.string() }),
  ]),
});

/** How far back the logs in a central store reach, and what keeps them there. Counts and dates only: no entry leaves the store. */
export const centralLogs = {
  origin: 'network',
  per: 'log-store',
  title: { zh: '集中日志', en: 'Central logs' },
  value: z.strictObject({
    kind: z.enum(logStoreKinds),
    version: z.string(),
    of: z.enum(['system', 'network', 'application']),
    /** The indices or the selector that was asked about. */
    selection: z.string(),
    /** The declared host of its address, and what that led to. */
    host: z.string(),
    address: z.string(),
    channel: z.enum(keysOf(channels)),
    today: plainDate,
    /** Earlier days were not asked about. */
    lookedFrom: plainDate,
    all: series,
    /** The same of each declared host whose logs are in it. */
    hosts: z.array(z.strictObject({ name: z.string(), ...series.shape })),
    parts: z.strictObject({
      all: z.int().nonnegative(),
      closed: z.int().nonnegative(),
      frozen: z.int().nonnegative(),
      readOnly: z.int().nonnegative(),
    }),
    /** Other names under which the indices are asked for; a long list is cut. */
    aliases: z.array(z.string()),
    rules: z.array(rule),
    /** Indices, or streams, under no rule: whatever deletes them stands elsewhere, if anything does. */
    unruled: z.int().nonnegative(),
    /** Rules that could not be read. */
    unread: z.array(z.strictObject({ part: z.enum(keysOf(ruleSources)), why: z.string() })),
    unseen: z.array(z.enum(keysOf(unseenWhys))),
  }),
} as const;

export type CentralLogs = z.output<typeof centralLogs.value>;
export type CentralSeries = z.output<typeof series>;
export type CentralRule = z.output<typeof rule>;
export type RuleSource = keyof typeof ruleSources;
export type UnseenWhy = keyof typeof unseenWhys;
