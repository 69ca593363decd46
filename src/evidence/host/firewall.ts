import { z } from 'zod';
import { unreadParts } from './unread.ts';

/** What a condition of a rule looks at; `port` is the destination's. */
export const subjects = [
  'family',
  'protocol',
  'port',
  'source-port',
  'from',
  'to',
  'enters',
  'leaves',
  'state',
] as const;

const condition = z.strictObject({
  of: z.enum(subjects),
  not: z.boolean(),
  /** Any of these: `tcp`; `22`, `8000-8010`; blocks or `A-B`; interfaces, `eth+` for all that begin so; `new`, `established`, `dnat` for translated, … */
  values: z.array(z.string()),
});

const rule = z.strictObject({
  /** As the tool prints it. */
  text: z.string(),
  conditions: z.array(condition),
  /** It has conditions that are not understood. */
  opaque: z.boolean(),
  /** It fits only some of the packets that its conditions fit: limits of rate, chance. */
  sometimes: z.boolean(),
  verdict: z.enum(['accept', 'drop', 'jump', 'goto', 'return', 'translate', 'none', 'unknown']),
  /** A chain's id; of a translation the address and port, as far as they are known. */
  target: z.string().optional(),
});

const chain = z.strictObject({
  /** `nft inet filter input`, `iptables-legacy filter INPUT`. */
  id: z.string(),
  families: z.array(z.enum(['ip', 'ip6'])),
  /** Of a base chain only. Chains of single devices (`ingress`) are left out: they can only let through fewer. */
  hook: z.enum(['prerouting', 'input', 'forward']).optional(),
  /** Whether it is of type nat: it decides on translation only. */
  nat: z.boolean(),
  drops: z.boolean(),
  rules: z.array(rule),
});

/** The packet filter as it is loaded in the kernel, as far as it concerns what comes in. */
export const firewall = {
  origin: 'host',
  per: 'host',
  title: { zh: '主机防火墙', en: 'Host firewall' },
  value: z.strictObject({
    chains: z.array(chain),
    interfaces: z.array(
      z.strictObject({
        name: z.string(),
        /** With the length of their network: `10.0.0.5/24`. */
        addresses: z.array(z.string()),
        kind: z.enum(['loopback', 'containers', 'other']),
        /** The families whose default route leads out here. */
        defaultRoute: z.array(z.enum(['ip', 'ip6'])),
      }),
    ),
    /** Programs that manage the filter: whether they start with the host, and what their settings say; not what is in force. */
    managers: z.array(z.strictObject({ name: z.string(), enabled: z.boolean(), settings: z.array(z.string()) })),
    unread: unreadParts,
  }),
} as const;

export type Firewall = z.output<typeof firewall.value>;
export type Chain = Firewall['chains'][number];
export type Rule = Chain['rules'][number];
export type Condition = Rule['conditions'][number];
export type Interface = Firewall['interfaces'][number];
export type Family = Chain['families'][number];
