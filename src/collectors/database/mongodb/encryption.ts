import { z } from 'zod';
import type { Rest, StoreEncryption, Wire } from '../../../evidence/database/store-encryption.ts';
import { type MongoStore, tableName } from '../../../platform-stores.ts';
import type { Found, Tools } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import { isLocal } from '../encryption/postgresql.ts';
import { databaseOf } from './collections.ts';
import { type Commands, commandsOf, noteOthers, type Options, optionsOf } from './commands.ts';
import { withMongoStore } from './privileges.ts';

const modeSchema = z.object({ tlsMode: z.string() });
const statusSchema = z.object({
  storageEngine: z.object({ name: z.string() }).optional(),
  encryptionAtRest: z.object({ encryptionEnabled: z.boolean() }).optional(),
});
const nameSchema = z.object({ name: z.string(), type: z.string().default('collection') });

type State = Rest['tables'][number]['state'];

/** Asks a MongoDB store how it is encrypted. */
export async function mongoEncryption(store: MongoStore, tools: Tools): Promise<Found<'storeEncryption'>> {
  const value = await withMongoStore(store, tools, (session) => readMongoEncryption(session, store, tools));
  return { value, method: 'mongodb: getCmdLineOpts, getParameter, serverStatus' };
}

/** How a MongoDB server lets clients in, and whether it encrypts what it keeps; what it refuses to say is named in the result. */
export async function readMongoEncryption(
  session: MongoSession,
  store: MongoStore,
  tools: Pick<Tools, 'signal'>,
): Promise<StoreEncryption> {
  const commands = commandsOf(session, tools);
  const options = await optionsOf(commands);
  const hasOthers = await noteOthers(commands);
  const wire = await wireOf(commands, options, hasOthers);
  const rest = await restOf(commands, store, options, hasOthers);
  return { engine: store.engine, version: session.version, wire, rest, unread: commands.unread };
}

// What one member asks of its clients binds no other.
async function wireOf(commands: Commands, options: Options | undefined, hasOthers: boolean): Promise<Wire> {
  const { tls } = commands.session;
  const started = options?.net?.tls?.mode ?? options?.net?.ssl?.mode ?? (options ? 'disabled' : undefined);
  const mode = (await commands.ask(modeSchema, { getParameter: 1, tlsMode: 1 }))?.tlsMode ?? started;
  const listens = options && listensOf(options);
  const isRequired = mode === undefined ? undefined : isRequire(mode);
  const required = isRequired ? (isRequire(started ?? '') && !hasOthers ? 'since-start' : 'now') : 'no';
  return {
    ...(tls ? { session: tls } : {}),
    ...(mode === undefined ? (tls ? { tls: true } : {}) : { tls: mode !== 'disabled' }),
    ...(isRequired === undefined ? {} : { required, admitsPlain: isRequired ? [] : [`net.tls.mode: ${mode}`] }),
    ...(options && mode !== 'disabled' ? { versions: versionsOf(options) } : {}),
    ...(listens ? { listens, ...(hasOthers ? {} : { localOnly: listens.every(isOwn) }) } : {}),
  };
}

// `requireSSL` before 4.2.
function isRequire(mode: string): boolean {
  return mode === 'requireTLS' || mode === 'requireSSL';
}

// Without a word of it TLS 1.0 is off (since 4.0); with one, only what it says.
function versionsOf({ net }: Options): string[] {
  const said = net?.tls?.disabledProtocols ?? net?.ssl?.disabledProtocols ?? 'TLS1_0';
  const disabled = said.split(',').map((each) => each.trim());
  return ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3']
    .filter((version) => !disabled.includes(version))
    .map((version) => version.replace('TLS', 'TLSv').replace('_', '.'));
}

// Without a word of it a server listens at localhost (since 3.6).
function listensOf({ net }: Options): string[] {
  if (net?.bindIpAll) return ['0.0.0.0', '::'];
  return (net?.bindIp ?? 'localhost').split(',').map((each) => each.trim());
}

function isOwn(address: string): boolean {
  return address.startsWith('/') || isLocal(address);
}

async function restOf(
  commands: Commands,
  store: MongoStore,
  options: Options | undefined,
  hasOthers: boolean,
): Promise<Rest> {
  const status = await commands.ask(statusSchema, { serverStatus: 1 });
  const by = status?.storageEngine?.name ?? 'unknown';
  const state = stateOf(commands, options, status, hasOthers);
  const tables: Rest['tables'] = [];
  for (const table of store.tables) {
    const name = tableName(table);
    const database = databaseOf(table, store);
    const filter = { listCollections: 1, nameOnly: true, filter: { name: table.name } };
    const [found] = (await commands.rows(nameSchema, database, filter)) ?? [];
    tables.push(found ? { name, state, by } : { name, state: 'unknown', by: 'missing' });
  }
  const { security, storage } = options ?? {};
  const isRedacted = security?.redactClientLogData === true;
  return {
    ...(storage?.dbPath === undefined || storage.dbPath === '' ? {} : { directory: storage.dbPath }),
    tables,
    parts: [
      // The journal, the oplog and what is spilled are written by the same engine; its log, which quotes slow commands, is not.
      ...(['redo', 'binary-log', 'temporary'] as const).map((part) => ({ part, state })),
      { part: 'general-log', state: options ? (isRedacted ? 'absent' : 'plain') : 'unknown' },
    ],
    keys: keysOf(security),
    settings: settingsOf(options),
  };
}

// Such a server does not start on files that are not encrypted. Of the Community edition the option is unknown.
function stateOf(
  { session }: Commands,
  options: Options | undefined,
  status: z.output<typeof statusSchema> | undefined,
  hasOthers: boolean,
): State {
  if (!options || session.isRouter) return 'unknown';
  const isOn = options.security?.enableEncryption === true;
  const isDenied = status?.encryptionAtRest?.encryptionEnabled === false;
  if (!isOn) return 'plain';
  return hasOthers || isDenied ? 'unknown' : 'encrypted';
}

function keysOf(security: Options['security']): Rest['keys'] {
  if (security?.enableEncryption !== true) return [];
  if (security.kmip !== undefined) return [{ plugin: 'KMIP', place: 'service' }];
  if (security.vault !== undefined) return [{ plugin: 'Vault', place: 'service' }];
  return security.encryptionKeyFile === undefined ? [] : [{ plugin: 'encryptionKeyFile', place: 'file' }];
}

function settingsOf(options: Options | undefined): Record<string, string> {
  const { net, security, storage } = options ?? {};
  const known = {
    'net.tls.mode': net?.tls?.mode ?? net?.ssl?.mode,
    'net.tls.disabledProtocols': net?.tls?.disabledProtocols,
    'security.authorization': security?.authorization,
    'security.enableEncryption': security?.enableEncryption,
    'security.encryptionCipherMode': security?.encryptionCipherMode,
    'security.redactClientLogData': security?.redactClientLogData,
    'storage.engine': storage?.engine,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value).slice(0, 200)]],
    ),
  );
}
