import { z } from 'zod';

/** Whether a host's clock follows a reference: audit records are worth what their time stamps are. */
export const clock = {
  origin: 'host',
  per: 'host',
  title: { zh: '时钟同步', en: 'Clock synchronisation' },
  value: z.strictObject({
    /** The time services found running: `chronyd`, `ntpd`, `systemd-timesyncd`. */
    services: z.array(z.string()),
    /** What the running service says of itself; absent when no service answered. */
    synchronised: z.boolean().optional(),
    /** The reference it follows: a server's name or address, or a device such as `PHC0`. */
    reference: z.string().optional(),
    /** Seconds the host's clock differs from its reference, as the service reports it. */
    offsetSeconds: z.number().optional(),
    /** Servers named in the configuration in force. */
    servers: z.array(z.string()),
  }),
} as const;

export type Clock = z.output<typeof clock.value>;
