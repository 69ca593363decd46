import { z } from 'zod';
import { logStoreKinds } from '../network/central-logs.ts';
import { startTlsServices } from '../network/tls.ts';
import { plainDate, timeZone } from '../schemas.ts';

/** How the unit uses the service: 自用, 联用, 他用. */
export const modes = ['self-use', 'joint-use', 'other-use'] as const;

export type Mode = (typeof modes)[number];

/** A value that a check's parameter may be set to. */
export const threshold = z.union([z.number(), z.string(), z.array(z.string())]);

/** What the unit declares of itself and its platform; nothing here is measured. */
export const platform = {
  origin: 'filed',
  per: 'platform',
  title: { zh: '平台声明', en: 'Platform declaration' },
  value: z.strictObject({
    name: z.string(),
    mode: z.enum(modes),
    /** The day the platform went into service; logs and records cannot be older. */
    since: plainDate,
    timeZone,
    unit: z.strictObject({ name: z.string(), creditCode: z.string() }),
    hosts: z.array(
      z.strictObject({
        name: z.string(),
        addresses: z.array(z.string()),
        /** The day this host replaced another or joined; absent: as old as the platform. */
        since: plainDate.optional(),
        /** The program that calls the tax authority runs here. */
        connector: z.literal(true).optional(),
      }),
    ),
    endpoints: z.array(
      z.strictObject({
        address: z.string(),
        port: z.int().min(1).max(65_535),
        protocol: z.string(),
        environment: z.enum(['production', 'test']),
        direction: z.enum(['inbound', 'outbound']),
        /** `bureau`: open to the tax bureau for online checks. */
        serves: z.enum(['bureau']).optional(),
        serverName: z.string().optional(),
        /** Asked for TLS in clear text first. */
        startTls: z.enum(startTlsServices).optional(),
      }),
    ),
    stores: z.array(
      z.strictObject({
        name: z.string(),
        engine: z.string(),
        /** Where its server is asked; absent of a file, and of what a person asks. */
        server: z
          .strictObject({
            address: z.string(),
            /** Of a loopback address: the host or jump host whose own it is, where that is known. */
            from: z.string().optional(),
          })
          .optional(),
        tables: z.array(z.strictObject({ name: z.string(), holds: z.string() })),
        /** The unit says that its application encrypts the fields of tax data itself. */
        encryptedFields: z.literal(true).optional(),
        /** Accounts of the database that may change or delete rows, and for whom they work. */
        writers: z
          .array(
            z.strictObject({
              account: z.string(),
              party: z.enum(['unit', 'related', 'vendor']),
              purpose: z.string().optional(),
            }),
          )
          .optional(),
      }),
    ),
    /** Central stores of logs. */
    logStores: z
      .array(
        z.strictObject({
          name: z.string(),
          kind: z.enum(logStoreKinds),
          of: z.enum(['system', 'network', 'application']),
          address: z.string(),
          port: z.int().min(1).max(65_535),
          /** The hosts whose logs are in it; none: it stands by itself. */
          hosts: z.array(z.string()),
        }),
      )
      .optional(),
    /** Buckets with tax data or backups. */
    objectStores: z
      .array(
        z.strictObject({
          name: z.string(),
          /** `s3://bucket/prefix`. */
          place: z.string(),
          holds: z.array(z.string()),
          /** The store whose backups it holds. */
          backupsOf: z.string().optional(),
        }),
      )
      .optional(),
    /** Who may administer the hosts, and for whom they work. */
    administrators: z.array(
      z.strictObject({ account: z.string(), party: z.enum(['unit', 'related', 'vendor']), keys: z.array(z.string()) }),
    ),
    /** Agents and services of others that the unit says it runs itself. */
    agents: z.array(z.strictObject({ name: z.string(), operator: z.enum(['unit', 'related', 'vendor']) })),
    /** Names, addresses and blocks of the tax authority's entrance, as the unit knows it. */
    taxAuthority: z.array(z.string()).optional(),
    /** Thresholds that the unit sets stricter than its profile: by requirement, check and parameter. */
    tightened: z.record(z.string(), z.record(z.string(), z.record(z.string(), threshold))).optional(),
  }),
} as const;

export type PlatformDeclaration = z.output<typeof platform.value>;
