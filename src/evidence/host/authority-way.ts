import { z } from 'zod';
import { unreadParts } from './unread.ts';

const offSwitch = z.strictObject({
  /** The setting that turns the verification of certificates off, as it is usually written; its line stays on the host. */
  name: z.string(),
  /** `all`: of everything the program calls. `here`: on the line that names the tax authority. `some`: of what, it does not say. */
  scope: z.enum(['all', 'here', 'some']),
});

/** By what a host reaches the tax authority, as its connector is configured and runs. No name is resolved and nothing is sent to find out. */
export const authorityWay = {
  origin: 'host',
  per: 'host',
  title: { zh: '通往税务机关的连接', en: 'The way to the tax authority' },
  value: z.strictObject({
    /** The declared configuration files of the connector. */
    configs: z.array(
      z.strictObject({
        path: z.string(),
        problem: z.enum(['missing', 'denied', 'too-large', 'unclear']).optional(),
        /** Where it leads, of URLs without user, path and query; `none`: a name of the authority without a scheme. */
        destinations: z.array(
          z.strictObject({
            line: z.int().positive(),
            scheme: z.string(),
            host: z.string(),
            port: z.int().min(0).max(65_535).optional(),
          }),
        ),
        switches: z.array(z.strictObject({ ...offSwitch.shape, line: z.int().positive() })),
      }),
    ),
    /** Running programs whose environment or arguments turn verification off. */
    processes: z.array(
      z.strictObject({
        program: z.string(),
        /** It is declared as the connector's. */
        connector: z.boolean(),
        switches: z.array(offSwitch),
      }),
    ),
    /** Whether a program that is declared as the connector's runs; absent: none is declared. */
    connectorRuns: z.boolean().optional(),
    /** TCP connections that stand, and that this host or one of its containers opened. */
    sessions: z.array(
      z.strictObject({ address: z.string(), port: z.int().min(0).max(65_535), count: z.int().positive() }),
    ),
    /** What the hosts file says of the authority's names. */
    aliases: z.array(z.strictObject({ name: z.string(), address: z.string() })),
    unread: unreadParts,
  }),
} as const;

export type AuthorityWay = z.output<typeof authorityWay.value>;
export type OffSwitch = z.output<typeof offSwitch>;
