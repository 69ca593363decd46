import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { modes, threshold } from './evidence/filed/platform.ts';
import { startTlsServices } from './evidence/network/tls.ts';
import { plainDate, timeZone } from './evidence/schemas.ts';
import { endpointName } from './evidence/subjects.ts';
import { occasions } from './occasion.ts';
import { dataFields } from './platform-data.ts';
import { documentSchema, factSchema, ledgerSchema, statementSchema } from './platform-filed.ts';
import { checkLogStores, logStoreOf, logStoreSchema } from './platform-log-stores.ts';
import { containerLogSchema, logSchema } from './platform-logs.ts';
import { bucketHost, objectStoreSchema } from './platform-object-stores.ts';
import { checkJumps, jumpHostSchema, sshSchema } from './platform-ssh.ts';
import { checkInvoices, checkPurges, checkThrough, reachedStores, storeSchema } from './platform-stores.ts';
import { timestampServerSchema } from './platform-timestamps.ts';
import { readYaml } from './yaml.ts';

const name = z.string().min(1).max(200);
const path = z.string().min(1).max(4096);
const port = z.int().min(1).max(65_535);
// What ends in a number is an address or a slip in one, never a name: 300.1.1.1, 127.1, 0x7f000001.
const hostName = z.hostname().refine((text) => !/(^|\.)(\d+|0x[\da-f]*)\.?$/i.test(text), {
  error: '不是主机名 | not a host name',
});
const address = z.union([z.ipv4(), z.ipv6(), hostName]);

// `223.5.5.5`, `2400:3200::1`, and for a port that is not 53 `10.0.0.53:5353` or `[fd00::53]:5353`.
const resolver = z.string().refine(
  (text) => {
    const [, inBrackets, ipv4, port = '53'] = text.match(/^(?:\[(.+)\]|([\d.]+)):(\d{1,5})$/) ?? [];
    const isAddress =
      z.ipv4().safeParse(ipv4 ?? text).success ||
      z.ipv6().safeParse(inBrackets ?? (ipv4 === undefined && text)).success;
    return isAddress && Number(port) >= 1 && Number(port) <= 65_535;
  },
  { error: '须为 IP 地址，可加端口 | must be an IP address, a port may follow' },
);

// A key with nothing below it, or nothing but comments, is an empty list.
function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

const hostSchema = z.strictObject({
  name,
  address,
  /** How it is asked: `local` is the machine that leqi-audit runs on; `script` is printed, run by a person, and its output imported. */
  transport: z.enum(['local', 'ssh', 'script']).default('local'),
  ssh: sshSchema.optional(),
  /** Whether `sudo -n` may be used for the commands that need root. */
  sudo: z.boolean().default(false),
  since: plainDate.optional(),
  logs: z.array(logSchema).default([]),
  /** `false`: no application of the platform runs here (a database, a balancer), so that no audit records of one are to be found. */
  application: z.literal(false).optional(),
  /** Containers whose standard output is a log of the application. */
  containers: z.array(containerLogSchema).max(100).optional(),
  ...dataFields,
});

const endpointSchema = z.strictObject({
  address,
  port,
  protocol: z.enum(['https', 'tls']).default('https'),
  environment: z.enum(['production', 'test']).default('production'),
  direction: z.enum(['inbound', 'outbound']),
  /** `bureau`: the interface that is open to the tax bureau for online checks. */
  serves: z.enum(['bureau']).optional(),
  /** The name to ask for (SNI) and to find in the certificate. */
  serverName: hostName.optional(),
  /** The service that must be asked for TLS before the handshake; without it TLS begins at once. */
  startTls: z.enum(startTlsServices).optional(),
  /** PEM file of a private certificate authority that the unit declares; without it the system's list holds. */
  authority: path.optional(),
});

/** The platform file, as the unit writes it. */
export const platformSchema = z
  .strictObject({
    /** A profile's name, or the path of a profile file. */
    profile: name,
    occasion: z.enum(occasions).default('renewal'),
    timeZone: timeZone.default('Asia/Shanghai'),
    /** Where the scanner stands, in the unit's words; part of all network evidence. */
    zone: name.default('default'),
    unit: z.strictObject({ name, creditCode: z.string().min(1).max(64) }),
    platform: z.strictObject({ name, mode: z.enum(modes), since: plainDate }),
    hosts: z.array(hostSchema).default([]),
    /** Hosts that SSH passes through on the way to others. */
    jumpHosts: z.array(jumpHostSchema(address)).default([]),
    endpoints: z.array(endpointSchema).default([]),
    stores: z.array(storeSchema(address)).default([]),
    /** Central stores of logs: Elasticsearch, OpenSearch, Loki. */
    logStores: listOf(logStoreSchema),
    /** Buckets with files of tax data or with backups. */
    objectStores: listOf(objectStoreSchema),
    administrators: z
      .array(
        z.strictObject({
          account: name,
          party: z.enum(['unit', 'related', 'vendor']),
          keys: z.array(name).default([]),
        }),
      )
      .default([]),
    agents: z.array(z.strictObject({ name, operator: z.enum(['unit', 'related', 'vendor']) })).default([]),
    /** DNS resolvers that are asked about the endpoints' names, by address; without them the machine's own are. */
    resolvers: z.array(resolver).max(8).default([]),
    /** Who says when a report was signed: contacted by `report --timestamp` alone. */
    timestampServer: timestampServerSchema.optional(),
    /** Addresses and names of the tax authority's entrance: never contacted. */
    taxAuthority: z.array(z.string().max(253)).default([]),
    documents: z.strictObject({ folder: path, items: z.array(documentSchema) }).default({ folder: '.', items: [] }),
    facts: listOf(factSchema),
    ledgers: listOf(ledgerSchema),
    statements: listOf(statementSchema),
    /** Thresholds stricter than the profile's: by requirement, check and parameter; a looser one is refused. */
    tightened: z.record(name, z.record(name, z.record(name, threshold))).optional(),
    limits: z
      .strictObject({
        hosts: z
          .strictObject({
            /** Seconds that asking one host may take, from the connection to its last answer. */
            seconds: z.int().min(1).max(7200).default(900),
            /** Hosts that are asked at the same time; through one jump host 8 of them at most, fewer than its sshd lets log in at once. */
            connections: z.int().min(1).max(1000).default(32),
          })
          .prefault({}),
        /** Ports that nmap scans: its `-p` argument. */
        ports: z
          .string()
          .regex(/^[\d,-]{1,200}$/)
          .default('1-65535'),
        /**
         * Packets a second at most, for all addresses together. At 5000 all ports of an address take 13 s, and 26 s where a
         * firewall drops them.
         */
        rate: z.int().min(1).max(100_000).default(5000),
        /** How open ports are asked what they are: not at all, by our own questions, or by nmap's too where those found no name. */
        services: z.enum(['off', 'own', 'nmap']).default('nmap'),
        stores: z
          .strictObject({
            /** Seconds that one statement may take in a database; the server ends it then. */
            statement: z.int().min(1).max(3600).default(60),
          })
          .prefault({}),
        /** TLS connections to one endpoint: open at the same time, and new ones a second. */
        tls: z
          .strictObject({
            connections: z.int().min(1).max(64).default(32),
            rate: z.int().min(1).max(2000).default(1000),
            /** To one MySQL or MariaDB in all: it shuts out an address at `max_connect_errors` (100 by default) handshakes without login. */
            mysql: z.int().min(10).max(100_000).default(80),
          })
          .prefault({}),
      })
      .prefault({}),
  })
  .superRefine((platform, context) => {
    unique(platform.hosts, 'hosts', context);
    unique(platform.jumpHosts, 'jumpHosts', context);
    checkJumps(platform.hosts, platform.jumpHosts, context);
    unique(platform.stores, 'stores', context);
    checkInvoices(platform.stores, context);
    checkPurges(platform.stores, context);
    checkThrough(platform.stores, platform, context);
    unique(platform.logStores, 'logStores', context);
    checkLogStores(platform, context);
    unique(platform.objectStores, 'objectStores', context);
    unique(platform.facts, 'facts', context);
    oneNameEach(platform.endpoints, context);
    unique(
      platform.ledgers.map(({ of }) => ({ name: of })),
      'ledgers',
      context,
    );
    unique(
      platform.documents.items.map(({ id }) => ({ name: id })),
      'documents.items',
      context,
    );
  });

type PlatformFile = z.output<typeof platformSchema>;

/** The platform file with the folder its relative paths start from. */
export type Platform = PlatformFile & { readonly folder: string };

export type DeclaredHost = PlatformFile['hosts'][number];
export type DeclaredJumpHost = PlatformFile['jumpHosts'][number];
export type DeclaredEndpoint = PlatformFile['endpoints'][number];
export type DeclaredDocument = PlatformFile['documents']['items'][number];
export type DeclaredFact = PlatformFile['facts'][number];
export type DeclaredLedger = PlatformFile['ledgers'][number];

/** Reads a platform file; throws {@link InputError} naming every mistake. */
export async function readPlatform(file: string): Promise<Platform> {
  return { ...(await readYaml(file, platformSchema)), folder: dirname(resolve(file)) };
}

/** An absolute path for one that the platform file gives relative to itself. */
export function pathFrom(platform: Pick<Platform, 'folder'>, relative: string): string {
  return resolve(platform.folder, relative);
}

/** Whom DNS is asked of, and the names of certificates, which may be asked about though they are no targets. */
export function namesAskedBy({ resolvers, endpoints }: Platform): { named: string[]; names: string[] } {
  return { named: resolvers, names: endpoints.flatMap(({ serverName }) => serverName ?? []) };
}

/** Every host that the platform file declares as the unit's own: what the scope guard lets through. */
export function declaredTargets(platform: Platform): string[] {
  const { hosts, jumpHosts, endpoints, stores } = platform;
  const logStores = platform.logStores.map(logStoreOf);
  const buckets = platform.objectStores.map((store) => ({ address: bucketHost(store) }));
  const all = [...hosts, ...jumpHosts, ...endpoints, ...reachedStores(stores), ...logStores, ...buckets];
  return [...new Set(all.map((each) => each.address))];
}

// One of them would be asked, and stand for all.
function oneNameEach(endpoints: readonly z.output<typeof endpointSchema>[], context: z.RefinementCtx): void {
  const inbound = new Map<string, string>();
  for (const [index, endpoint] of endpoints.entries()) {
    if (endpoint.direction !== 'inbound') continue;
    const place = endpointName(endpoint);
    const asked = [endpoint.serverName, endpoint.startTls, endpoint.authority].join(' ');
    const before = inbound.get(place) ?? asked;
    if (before !== asked) {
      context.addIssue({
        code: 'custom',
        path: ['endpoints', index],
        message: `${place} 已声明，但 serverName、startTls 或 authority 不同；同一端口有多个域名的，以域名作 address 分别声明 | ${place} stands there already with another serverName, startTls or authority; where a port has several names, declare each by the name as its address`,
      });
    }
    inbound.set(place, before);
  }
}

function unique(items: readonly { name: string }[], key: string, context: z.RefinementCtx): void {
  const names = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (names.has(item.name)) {
      context.addIssue({
        code: 'custom',
        path: [...key.split('.'), index],
        message: `「${item.name}」重复，名称须唯一 | "${item.name}" stands twice; names must be unique`,
      });
    }
    names.add(item.name);
  }
}
