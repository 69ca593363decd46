import { z } from 'zod';
import { unreadParts } from './unread.ts';

const socket = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  /** The address it is bound to; `*` takes IPv4 and IPv6. */
  address: z.string(),
  port: z.int().min(1).max(65_535),
  /** The network interface it is bound to. */
  interface: z.string().optional(),
  /** The name of a program that holds it; absent where the host does not say. */
  program: z.string().optional(),
});

/** The sockets on which a host takes connections or datagrams, in its own network namespace; a container's own are not among them. */
export const listeners = {
  origin: 'host',
  per: 'host',
  title: { zh: '监听端口', en: 'Listening sockets' },
  value: z.strictObject({
    /** `proc`: read from /proc/net, which names no program. */
    by: z.enum(['ss', 'netstat', 'proc']),
    sockets: z.array(socket),
    unread: unreadParts,
  }),
} as const;

export type Listeners = z.output<typeof listeners.value>;
export type Socket = Listeners['sockets'][number];
