import type { Secrets } from '../../src/secrets.ts';
import type { MongoServer } from './mongo-server.ts';
import type { MongoWorld } from './mongo-world.ts';
import { platformOf, toolsFor } from './tools.ts';

/** The account of the scan, as examples/databases/mongodb.js makes it. */
export const auditor = {
  user: 'leqi_audit',
  db: 'admin',
  password: 'right',
  roles: [{ role: 'leqiAudit', db: 'admin' }],
} as const;

/** What that account may do. */
export const auditorRole = [
  { resource: { db: 'trade', collection: '' }, actions: ['find', 'listCollections', 'listIndexes', 'collStats'] },
  {
    resource: { cluster: true },
    actions: ['getCmdLineOpts', 'getParameter', 'serverStatus', 'replSetGetConfig', 'viewUser'],
  },
  { resource: { db: '', collection: '' }, actions: ['viewRole'] },
] as const;

/** A world with that account. */
export function worldOf(world: MongoWorld = {}): MongoWorld {
  return {
    ...world,
    users: [auditor, ...(world.users ?? [])],
    roles: { 'leqiAudit@admin': auditorRole, ...world.roles },
  };
}

type Parts = Readonly<Record<string, unknown>>;

/** The tools of a scan whose only store is that server. */
export function mongoTools(
  { port }: Pick<MongoServer, 'port'>,
  parts: Parts = {},
  {
    password = 'right',
    signal = new AbortController().signal,
    statement = 60,
    folder = '/',
    jumpHosts = [] as readonly Parts[],
  } = {},
) {
  const store = {
    name: 'store',
    engine: 'mongodb',
    address: '127.0.0.1',
    port,
    database: 'trade',
    user: auditor.user,
    password: { env: 'SECRET' },
    tls: 'none',
    tables: [{ name: 'invoices', holds: 'invoices', time: 'at' }],
    ...parts,
  };
  const secrets: Secrets = async ({ env }) => (env === 'SECRET' ? password : undefined);
  const platform = platformOf({ stores: [store], jumpHosts, limits: { stores: { statement } } }, folder);
  return toolsFor(platform, signal, secrets);
}
