import { z } from 'zod';
import { type Change, changes, type StoreRights } from '../../../evidence/database/store-rights.ts';
import { type MongoStore, tableName } from '../../../platform-stores.ts';
import type { Found, Tools } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import { databaseOf } from './collections.ts';
import { type Commands, commandsOf, optionsOf } from './commands.ts';
import { covers, type Privilege, privilegeSchema, withMongoStore, writesOf } from './privileges.ts';

const roleSchema = z.object({ role: z.string(), db: z.string() });
const usersSchema = z.object({
  users: z.array(z.object({ user: z.string(), db: z.string(), roles: z.array(roleSchema).default([]) })),
});
const rolesSchema = z.object({
  roles: z.array(
    roleSchema.extend({
      privileges: z.array(privilegeSchema).default([]),
      inheritedPrivileges: z.array(privilegeSchema).default([]),
    }),
  ),
});
const nameSchema = z.object({ name: z.string(), type: z.string().default('collection') });

type Role = z.output<typeof roleSchema>;
type Target = { readonly name: string; readonly database: string; readonly collection: string };
type May = StoreRights['accounts'][number]['may'][number];

// A new index may bear a time to live, and a collection may be renamed over another.
const changesBy: Readonly<Record<string, readonly Change[]>> = {
  remove: ['delete'],
  update: ['update'],
  emptycapped: ['truncate'],
  dropCollection: ['drop'],
  dropDatabase: ['drop'],
  collMod: ['alter'],
  createIndex: ['alter'],
  convertToCapped: ['alter'],
  renameCollectionSameDB: ['alter'],
  anyAction: changes,
  internal: changes,
  applyOps: changes,
};

/** Asks a MongoDB store who may change its documents. */
export async function mongoRights(store: MongoStore, tools: Tools): Promise<Found<'storeRights'>> {
  const value = await withMongoStore(store, tools, (session) => readMongoRights(session, store, tools));
  return { value, method: 'mongodb: usersInfo, rolesInfo' };
}

/** Who may change documents of the declared collections, as the server's users and their roles say. */
export async function readMongoRights(
  session: MongoSession,
  store: MongoStore,
  tools: Pick<Tools, 'signal'>,
): Promise<StoreRights> {
  const commands = commandsOf(session, tools);
  const targets = store.tables.map(
    (table): Target => ({ name: tableName(table), database: databaseOf(table, store), collection: table.name }),
  );
  const tables: StoreRights['tables'] = [];
  for (const target of targets) {
    const problem = await problemOf(commands, target);
    tables.push({ name: target.name, ...problem, everybody: session.isOpen ? [...changes] : [] });
  }
  await noteOutside(commands);
  const found = await accountsOf(commands, targets);
  const own = { account: `${store.user}@${store.authDatabase}`, writes: await writesOf(session) };
  return { engine: store.engine, version: session.version, own, tables, ...found, unread: commands.unread };
}

async function problemOf(
  commands: Commands,
  { database, collection }: Target,
): Promise<Pick<StoreRights['tables'][number], 'problem'>> {
  const rows = await commands.rows(nameSchema, database, { listCollections: 1, filter: { name: collection } });
  if (rows === undefined) return { problem: 'unclear' };
  const [one] = rows;
  if (!one) return { problem: 'missing' };
  return one.type === 'view' ? { problem: 'view' } : {};
}

// Whom a directory or an identity provider lets in is in no list of the server.
async function noteOutside(commands: Commands): Promise<void> {
  // Each shard knows accounts of its own, too.
  if (commands.session.isRouter) commands.lacks('shards', 'elsewhere');
  const options = await optionsOf(commands);
  if (options?.security?.ldap !== undefined) commands.lacks('LDAP', 'elsewhere');
  if (options?.setParameter?.oidcIdentityProviders !== undefined) commands.lacks('OIDC', 'elsewhere');
}

async function accountsOf(
  commands: Commands,
  targets: readonly Target[],
): Promise<Pick<StoreRights, 'accounts' | 'logins'>> {
  const users = (await commands.ask(usersSchema, { usersInfo: { forAllDBs: true } }))?.users;
  if (!users) return { accounts: [] };
  const roles = await rolesOf(
    commands,
    users.flatMap((user) => user.roles),
  );
  if (!roles) return { accounts: [] };
  const accounts = users.flatMap(({ user, db, roles: own }) => {
    const held = own.map((role) => [`role ${keyOf(role)}`, roles.get(keyOf(role)) ?? []] as const);
    const may = targets.flatMap((target) => mayOf(target, held));
    const everything = held.some(([, privileges]) => privileges.some((each) => isMighty(each, targets)));
    return may.length === 0 ? [] : [{ name: user, from: db, login: 'yes' as const, everything, may }];
  });
  return { accounts, logins: users.length };
}

// Of all users at once the server shows no privileges: each role is asked for.
async function rolesOf(
  commands: Commands,
  wanted: readonly Role[],
): Promise<ReadonlyMap<string, readonly Privilege[]> | undefined> {
  const distinct = [...new Map(wanted.map((role) => [keyOf(role), { role: role.role, db: role.db }])).values()];
  if (distinct.length === 0) return new Map();
  const found = await commands.ask(rolesSchema, { rolesInfo: distinct, showPrivileges: true });
  if (!found) return undefined;
  const privileges = found.roles.map(
    (role) => [keyOf(role), [...role.privileges, ...role.inheritedPrivileges]] as const,
  );
  const known = new Map(privileges);
  if (distinct.some((role) => !known.has(keyOf(role)))) commands.lacks('rolesInfo', 'unclear');
  return known;
}

function keyOf({ role, db }: Role): string {
  return `${role}@${db}`;
}

function mayOf(target: Target, held: readonly (readonly [string, readonly Privilege[]])[]): May[] {
  const ways = held.map(([by, privileges]) => ({
    by,
    can: privileges.flatMap((each) => changesOf(each, target)),
  }));
  const can = changes.filter((change) => ways.some((way) => way.can.includes(change)));
  const by = [...new Set(ways.filter((way) => way.can.length > 0).map((way) => way.by))].slice(0, 5);
  return can.length === 0 ? [] : [{ table: target.name, can, by }];
}

function changesOf(privilege: Privilege, target: Target): readonly Change[] {
  if (isMighty(privilege, [target])) return changes;
  if (privilege.resource.cluster !== true && !covers(privilege, target.database, target.collection)) return [];
  return privilege.actions.flatMap((action) => (Object.hasOwn(changesBy, action) ? (changesBy[action] ?? []) : []));
}

// Who may grant roles of a database, or of `admin`, may give themselves any of them.
function isMighty({ resource, actions }: Privilege, targets: readonly Pick<Target, 'database'>[]): boolean {
  if (resource.anyResource && actions.includes('anyAction')) return true;
  const reaches =
    resource.anyResource === true ||
    (resource.collection === '' &&
      (resource.db === '' || resource.db === 'admin' || targets.some(({ database }) => database === resource.db)));
  return reaches && actions.some((action) => action === 'grantRole' || action === 'updateRole');
}
