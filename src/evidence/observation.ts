import { z } from 'zod';
import type { Text } from '../text.ts';
import type { Instant, PlainDate } from './dates.ts';
import type { PlatformDeclaration } from './filed/platform.ts';
import { type Kind, kindNames, kinds, type Origin, type Value } from './kinds.ts';
import { digest, instant } from './schemas.ts';
import type { ShardsOfZone } from './shards.ts';

/** Why something could not be observed; each reads as the end of "not observed: …". */
export const reasons = {
  'not-collected': { zh: '未采集', en: 'not collected' },
  'not-declared': { zh: '平台文件未声明', en: 'not declared in the platform file' },
  denied: { zh: '权限不足', en: 'access denied' },
  'timed-out': { zh: '超时', en: 'timed out' },
  unreachable: { zh: '无法连接', en: 'unreachable' },
  'host-key': { zh: '主机密钥未通过核对', en: 'host key not verified' },
  'not-installed': { zh: '缺少所需工具', en: 'a tool it needs is missing' },
  'not-found': { zh: '未找到', en: 'not found' },
  'not-supported': { zh: '本工具尚不支持', en: 'not supported' },
  unparsable: { zh: '内容无法识别', en: 'the output could not be read' },
  'too-large': { zh: '超出大小限制', en: 'larger than the limit' },
  refused: { zh: '范围守卫拒绝', en: 'refused by the scope guard' },
  interrupted: { zh: '采集被中断', en: 'interrupted' },
  stale: { zh: '证据已过期', en: 'older than the profile allows' },
  'after-as-of': { zh: '采集时间晚于评估基准日', en: 'observed after the as-of date' },
  failed: { zh: '采集失败', en: 'failed' },
} as const satisfies Record<string, Text>;

export type Reason = keyof typeof reasons;

const sourceSchema = z.strictObject({
  /** The collector's id: `host/clock`. */
  collector: z.string(),
  /** Where the scanner stood. */
  zone: z.string(),
  /** The command, query or call that was made, in words an auditor can repeat. */
  method: z.string(),
});

const unobservedSchema = z.strictObject({
  reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]),
  /** What the machine said: untrusted text. */
  detail: z.string(),
});

const frame = {
  /** `E-` and the start of the SHA-256 of all else, so that it survives merging. */
  id: z.string().regex(/^E-[0-9a-f]{10}$/),
  subject: z.string(),
  at: instant,
  source: sourceSchema,
  /** SHA-256 of the redacted raw output, kept as `raw/<hash>.txt`. */
  raw: digest.optional(),
};

/** One thing seen (`observed`), or that could not be (`unobserved`), with where it comes from. */
export type Observation<K extends Kind = Kind> = K extends Kind ? Framed<K> : never;

type Framed<K extends Kind> = {
  id: string;
  kind: K;
  /** What it is about: a host, an address and port, a store, a document. */
  subject: string;
  at: Instant;
  source: z.output<typeof sourceSchema>;
  raw?: string | undefined;
} & ({ observed: Value<K>; unobserved?: undefined } | { unobserved: Unobserved; observed?: undefined });

/** An observation before it has an id; its raw output is still the text itself, not yet redacted. */
export type Draft = DistributiveOmit<Observation, 'id' | 'raw'> & { readonly rawText?: string };

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Evidence as an assessment takes it. */
export type EvidenceSet = {
  /** SHA-256 of the bundle's manifest: stands for all of it. */
  readonly manifestDigest: string;
  readonly manifest: {
    readonly from: Instant;
    readonly to: Instant;
    readonly contacts: readonly FoldedContact[];
    readonly shards?: readonly ShardsOfZone[] | undefined;
    readonly tool?: { readonly name: string; readonly version: string } | undefined;
  };
  readonly declaration: PlatformDeclaration;
  /** Sorted by kind, subject and id. */
  readonly observations: readonly Observation[];
};

/** Contacts with one address and port by one program, counted. */
export type FoldedContact = { address: string; port?: number | undefined; by: string; times: number };

export type Source = z.output<typeof sourceSchema>;
export type Unobserved = z.output<typeof unobservedSchema>;

/** An observed value as checks get it. */
export type Seen<T> = {
  readonly id: string;
  readonly subject: string;
  readonly at: Instant;
  /** The date of `at` in the platform's time zone: periods are counted back from here. */
  readonly on: PlainDate;
  /** Where the scanner stood, in the unit's words. */
  readonly zone: string;
  readonly value: T;
};

const observationSchemas = new Map(
  kindNames.map((kind) => [
    kind,
    z.union([
      z.strictObject({ ...frame, kind: z.literal(kind), observed: kinds[kind].value }),
      z.strictObject({ ...frame, kind: z.literal(kind), unobserved: unobservedSchema }),
    ]),
  ]),
);

/** Reads one observation of a kind from outside data; the error names the first thing that is wrong. */
export function parseObservation(kind: Kind, data: unknown): { value: Observation } | { problem: string } {
  const result = observationSchemas.get(kind)?.safeParse(data);
  if (!result) return { problem: `unknown kind ${kind}` };
  // The schema table above is keyed by the same kind, which the compiler cannot follow.
  if (result.success) return { value: result.data as Observation };
  return { problem: z.prettifyError(result.error) };
}

/** The origin that a kind's evidence has. */
export function originOf(kind: Kind): Origin {
  return kinds[kind].origin;
}
