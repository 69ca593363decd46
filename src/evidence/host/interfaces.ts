import { z } from 'zod';
import { unreadParts } from './unread.ts';

const family = z.enum(['ipv4', 'ipv6']);

/** The addresses of a host, how each is configured, and by which of them it calls out. */
export const interfaces = {
  origin: 'host',
  per: 'host',
  title: { zh: '网卡地址与出口', en: 'Addresses of interfaces, and the way out' },
  value: z.strictObject({
    addresses: z.array(
      z.strictObject({
        interface: z.string(),
        address: z.string(),
        prefix: z.int().min(0).max(128),
        /** The kernel knows a lifetime for it: it came by DHCP or router advertisement (ip-address(8), `dynamic`). */
        dynamic: z.boolean(),
      }),
    ),
    /** What the settings of each interface say of one family. */
    configured: z.array(
      z.strictObject({
        interface: z.string(),
        family,
        method: z.enum(['static', 'dhcp', 'other']),
        addresses: z.array(z.string()),
        /** The file that says so. */
        where: z.string(),
      }),
    ),
    /** Which source address the kernel chooses for a public destination, asked without sending anything (ip-route(8), `get`). */
    egress: z.array(
      z.strictObject({ family, source: z.string(), via: z.string().optional(), interface: z.string().optional() }),
    ),
    /** What else of the main table leads by a gateway, beside the default; `nexthop`: one of several ways to one destination. */
    routes: z.array(z.strictObject({ to: z.string(), via: z.string() })),
    /** Rules of routing beside the usual three: some packets may leave otherwise (ip-rule(8)). */
    rules: z.array(z.string()),
    unread: unreadParts,
  }),
} as const;

export type Interfaces = z.output<typeof interfaces.value>;
export type ConfiguredInterface = Interfaces['configured'][number];
export type Family = z.output<typeof family>;
