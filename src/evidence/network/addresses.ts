import { z } from 'zod';
import type { Text } from '../../text.ts';
import { type SpecialRange, specialRangeNames, specialRangeOf } from '../public-address.ts';

/** Types of DNS records that are asked for. */
export type RecordType = 'A' | 'AAAA' | 'CNAME';

/** An address or a name, and for how many seconds an address holds. */
export type DnsRecord = { readonly value: string; readonly ttl?: number };

/** Why a resolver gave no record of a type. The first two are answers: it said that there is none. */
export const noAnswers = {
  'no-such-name': { zh: '域名不存在（NXDOMAIN）', en: 'no such name (NXDOMAIN)' },
  'no-records': { zh: '没有该类记录', en: 'no record of this type' },
  'server-failure': { zh: '解析失败（SERVFAIL）', en: 'server failure (SERVFAIL)' },
  refused: { zh: '拒绝解析（REFUSED）', en: 'refused' },
  'timed-out': { zh: '超时', en: 'timed out' },
  unreachable: {
    zh: '无法连接，或过长的应答无法经 TCP 取得',
    en: 'unreachable, or a long answer could not be had over TCP',
  },
  'bad-answer': { zh: '应答无法识别', en: 'the answer could not be read' },
  'too-many': { zh: '记录过多', en: 'too many records' },
  failed: { zh: '查询失败', en: 'the query failed' },
} as const satisfies Record<string, Text>;

export type NoAnswer = keyof typeof noAnswers;

/** Records of one type that are kept; a platform has a handful. */
export const mostAddresses = 64;

/** Names that a chain of CNAMEs is followed over; resolvers follow fewer. */
export const mostAliases = 16;

const none = z.enum(Object.keys(noAnswers) as [NoAnswer, ...NoAnswer[]]);
const range = z.enum(specialRangeNames).optional();

const answer = z.union([
  z.strictObject({
    addresses: z
      .array(
        z.strictObject({
          address: z.string(),
          /** Seconds for which it may be kept; a resolver's cache has used up a part. */
          ttl: z.int().nonnegative(),
          /** The special range it lies in (RFC 6890); absent for a public address. */
          range,
        }),
      )
      .min(1)
      .max(mostAddresses),
  }),
  z.strictObject({ none }),
]);

const view = z.strictObject({
  /** The resolver's address; with its port where that is not 53. */
  resolver: z.string(),
  /** The names that CNAME records lead to, in order, in ASCII. */
  aliases: z.array(z.string()).max(mostAliases),
  /** Why it is not known whether more aliases follow. */
  aliasesBroken: none.or(z.enum(['loop', 'too-long'])).optional(),
  a: answer,
  aaaa: answer,
});

/** What each resolver says of a declared address or name: one that is written as an address has nothing to resolve. */
export const addresses = {
  origin: 'network',
  per: 'endpoint-address',
  title: { zh: '域名解析', en: 'Addresses by DNS' },
  value: z.union([
    z.strictObject({ written: z.literal('address'), address: z.string(), range }),
    z.strictObject({ written: z.literal('name'), views: z.array(view).min(1) }),
  ]),
} as const;

export type Addresses = z.output<typeof addresses.value>;
export type NameView = z.output<typeof view>;
export type AddressAnswer = z.output<typeof answer>;
export type ResolvedAddress = {
  readonly address: string;
  readonly ttl: number;
  readonly range?: SpecialRange | undefined;
};

/** The addresses that a resolver gave, IPv4 first. */
export function addressesIn({ a, aaaa }: NameView): readonly ResolvedAddress[] {
  return [a, aaaa].flatMap((each) => ('addresses' in each ? each.addresses : []));
}

/** Whether a resolver answered for both families: with addresses, or that there are none. */
export function isTold({ a, aaaa }: NameView): boolean {
  return [a, aaaa].every((each) => 'addresses' in each || each.none === 'no-such-name' || each.none === 'no-records');
}

/** Whether a resolver itself has no public address: what it says may hold inside only. */
export function isInside({ resolver }: NameView): boolean {
  const address = resolver.match(/^\[(.+)\](:\d+)?$/)?.[1] ?? resolver.replace(/^([\d.]+):\d+$/, '$1');
  return specialRangeOf(address) !== undefined;
}
