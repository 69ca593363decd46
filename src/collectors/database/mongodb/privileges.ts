import { z } from 'zod';
import type { MongoStore } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import type { SessionTools } from '../../transports/database.ts';
import { type MongoSession, withMongo } from '../../transports/mongodb.ts';

const resourceSchema = z.looseObject({
  db: z.string().optional(),
  collection: z.string().optional(),
  anyResource: z.boolean().optional(),
  cluster: z.boolean().optional(),
});

/** What may be done to what, as MongoDB writes it. */
export const privilegeSchema = z.object({ resource: resourceSchema, actions: z.array(z.string()) });

export type Privilege = z.output<typeof privilegeSchema>;

const statusSchema = z.object({ authInfo: z.object({ authenticatedUserPrivileges: z.array(privilegeSchema) }) });

/** Actions by which documents, indexes, collections, accounts or settings could be changed (MongoDB manual, “Privilege Actions”). */
const writing =
  /^(?:insert|update|remove|(?:create|drop)\w+|collMod|convertToCapped|emptycapped|renameCollection\w*|compact|reIndex|applyOps|internal|anyAction|grantRole|revokeRole|change(?:Password|CustomData)|setAuthenticationRestriction|updateRole|updateUser|bypass\w+|setParameter|setUserWriteBlockMode|fsync|shutdown|repl(?:SetConfigure|SetReconfig|icaSetConfigure)|resync|enableSharding|moveChunk|splitChunk|splitVector|refineCollectionShardKey|reshardCollection|addShard|removeShard|restore|impersonate|forceUUID|importCollection|cleanupOrphaned|setFeatureCompatibilityVersion)$/;

/** How many rights are named at most. */
const most = 20;

/** The privileges of the session's account, those of its roles among them. */
export async function privilegesOf(session: MongoSession): Promise<Privilege[]> {
  const { authInfo } = await session.ask(statusSchema, 'admin', { connectionStatus: 1, showPrivileges: true });
  const privileges = authInfo.authenticatedUserPrivileges;
  // Who may do nothing reads nothing: such a server does not say.
  if (privileges.length === 0) throw new Unavailable('not-supported', 'the server shows no privileges');
  return privileges;
}

/** What the session's own account could change; empty where it can only read. */
export async function writesOf(session: MongoSession): Promise<string[]> {
  if (session.isOpen) return ['authorization is off'];
  const privileges = await privilegesOf(session);
  const writes = privileges.flatMap(({ resource, actions }) =>
    actions.filter((action) => writing.test(action)).map((action) => `${action} ON ${placeOf(resource)}`),
  );
  return [...new Set(writes)].slice(0, most);
}

function placeOf({ db, collection, anyResource, cluster }: Privilege['resource']): string {
  if (anyResource) return '*';
  return cluster ? 'cluster' : `${db || '*'}.${collection || '*'}`;
}

/** Whether a privilege is for a collection; names of the system's own are meant only where they are spelt out. */
export function covers({ resource }: Privilege, database: string, collection: string): boolean {
  const { db, collection: named, anyResource } = resource;
  if (anyResource) return true;
  if (db === undefined || named === undefined) return false;
  return (db === '' || db === database) && (named === '' || named === collection);
}

/**
 * Opens a session with a store and hands it over. An account that could write is turned away, unless the platform file says `mayWrite`; so is a server
 * where privileges bind nobody. Throws {@link Unavailable}.
 */
export function withMongoStore<T>(
  store: MongoStore,
  tools: SessionTools,
  use: (session: MongoSession) => Promise<T>,
): Promise<T> {
  return withMongo(store, tools, async (session) => {
    if (!store.mayWrite) {
      const writes = await writesOf(session);
      if (writes.length > 0) throw new Unavailable('refused', `${store.user} may write: ${writes.join('; ')}`);
    }
    return use(session);
  });
}
