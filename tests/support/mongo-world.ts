import type { Document } from 'bson';
import { aggregated, isMultiKey } from './mongo-query.ts';

/** What a stand-in for a MongoDB server has; it answers as the manual of 7.0 describes. */
export type MongoWorld = {
  readonly version?: string;
  readonly users?: readonly Account[];
  /** Privileges of roles, by `role@db`, beside those that are built in. */
  readonly roles?: Readonly<Record<string, readonly Document[]>>;
  readonly databases?: Readonly<Record<string, Readonly<Record<string, MongoCollection>>>>;
  /** What `getCmdLineOpts` shows as `parsed`. */
  readonly options?: Document;
  readonly parameters?: Document;
  readonly status?: Document;
  /** Beside what `hello` says of a standalone server. */
  readonly hello?: Document;
  /** Of a replica set: its members. */
  readonly members?: readonly { readonly arbiterOnly?: boolean; readonly hidden?: boolean }[];
  /** Privileges bind nobody. */
  readonly isOpen?: boolean;
  /** Answers in another way, or undefined for the usual one. */
  readonly odd?: (command: Document) => Document | Buffer | undefined;
};

export type Account = {
  readonly user: string;
  readonly db: string;
  readonly password: string;
  readonly roles: readonly { readonly role: string; readonly db: string }[];
  readonly mechanisms?: readonly string[];
};

export type MongoCollection = {
  readonly documents?: readonly Document[];
  readonly indexes?: readonly Document[];
  readonly type?: string;
  readonly options?: Document;
  /** What `$collStats` says; else it is counted. */
  readonly stats?: { readonly count: number; readonly size: number };
  /** Reads wait until they are ended. */
  readonly isSlow?: boolean;
};

/** A refusal by its code and name in the server's error_codes.yml. */
export class Refusal extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.code = code;
    this.codeName = codeName;
  }
}

const reading = ['collStats', 'dbHash', 'dbStats', 'find', 'killCursors', 'listCollections', 'listIndexes'];
const writing = [
  'convertToCapped',
  'createCollection',
  'createIndex',
  'dropCollection',
  'dropIndex',
  'insert',
  'remove',
  'renameCollectionSameDB',
  'update',
];

/** Privileges of a role (MongoDB manual, “Built-In Roles”). */
function privilegesOf({ roles = {} }: MongoWorld, { role, db }: { role: string; db: string }): readonly Document[] {
  const own = { db, collection: '' };
  const all = { db: '', collection: '' };
  const known: Record<string, readonly Document[]> = {
    read: [{ resource: own, actions: reading }],
    readWrite: [{ resource: own, actions: [...reading, ...writing] }],
    userAdmin: [
      { resource: own, actions: ['createRole', 'createUser', 'grantRole', 'revokeRole', 'viewRole', 'viewUser'] },
    ],
    userAdminAnyDatabase: [{ resource: all, actions: ['createUser', 'grantRole', 'viewRole', 'viewUser'] }],
    clusterMonitor: [
      {
        resource: { cluster: true },
        actions: ['getCmdLineOpts', 'getParameter', 'inprog', 'serverStatus', 'setFreeMonitoring'],
      },
    ],
    __system: [{ resource: { anyResource: true }, actions: ['anyAction'] }],
  };
  return roles[`${role}@${db}`] ?? known[role] ?? [];
}

const clusterActions: Readonly<Record<string, string>> = {
  getCmdLineOpts: 'getCmdLineOpts',
  getParameter: 'getParameter',
  serverStatus: 'serverStatus',
  viewUser: 'viewUser',
  replSetGetConfig: 'replSetGetConfig',
};

function demand(world: MongoWorld, account: Account | undefined, command: Document): void {
  const verb = Object.keys(command)[0] ?? '';
  if (world.isOpen || ['hello', 'isMaster', 'buildInfo', 'connectionStatus'].includes(verb)) return;
  if (!account) throw new Refusal(13, 'Unauthorized', `Command ${verb} requires authentication`);
  if (['killCursors', 'currentOp', 'killOp', 'endSessions', 'ping'].includes(verb)) return;
  if (verb === 'explain') {
    demand(world, account, { ...command.explain, $db: command.$db });
    return;
  }
  const isStats = Boolean(command.pipeline?.[0]?.$collStats);
  const actions: Record<string, string> = {
    aggregate: isStats ? 'collStats' : 'find',
    find: 'find',
    usersInfo: 'viewUser',
    rolesInfo: 'viewRole',
  };
  const action = clusterActions[verb] ?? actions[verb] ?? verb;
  const place = typeof command[verb] === 'string' ? command[verb] : '';
  const held = account.roles.flatMap((role) => privilegesOf(world, role));
  const isGranted = held.some(({ resource, actions: granted }) => {
    if (resource.anyResource) return true;
    if (!granted.includes(action)) return false;
    if (action in clusterActions) return resource.cluster === true;
    if (action === 'viewRole') return resource.db === '' && resource.collection === '';
    return ['', command.$db].includes(resource.db) && ['', place].includes(resource.collection);
  });
  if (!isGranted)
    throw new Refusal(
      13,
      'Unauthorized',
      `not authorized on ${command.$db} to execute command ${JSON.stringify(command)}`,
    );
}

/** What the server answers to a command of somebody. */
export function answerOf(world: MongoWorld, account: Account | undefined, command: Document): Document {
  demand(world, account, command);
  const verb = Object.keys(command)[0] ?? '';
  const answer = Object.hasOwn(answers, verb) ? answers[verb] : undefined;
  if (!answer) throw new Refusal(59, 'CommandNotFound', `no such command: '${verb}'`);
  return { ...answer(world, command, account), ok: 1 };
}

/** The collection that a command names. */
export function collectionOf({ databases = {} }: MongoWorld, command: Document): MongoCollection | undefined {
  const name = String(Object.values(command)[0]);
  const found = databases[command.$db] ?? {};
  return Object.hasOwn(found, name) ? found[name] : undefined;
}

type Answer = (world: MongoWorld, command: Document, account: Account | undefined) => Document;

const answers: Readonly<Record<string, Answer>> = {
  hello: (world, command) => ({
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ...mechanismsOf(world, command.saslSupportedMechs),
    ...(world.members ? { setName: 'rs0', hosts: ['127.0.0.1:27017'] } : {}),
    ...world.hello,
  }),
  buildInfo: ({ version = '7.0.14' }) => ({ version, modules: [], bits: 64 }),
  ping: () => ({}),
  endSessions: () => ({}),
  killCursors: () => ({}),
  connectionStatus: (world, _, account) => ({
    authInfo: {
      authenticatedUsers: account ? [{ user: account.user, db: account.db }] : [],
      authenticatedUserRoles: account?.roles ?? [],
      authenticatedUserPrivileges: (account?.roles ?? []).flatMap((role) => privilegesOf(world, role)),
    },
  }),
  getCmdLineOpts: ({ options = {} }) => ({ argv: ['mongod', '--canary'], parsed: options }),
  getParameter: ({ parameters = { tlsMode: 'disabled' } }) => parameters,
  replSetGetConfig: ({ members = [] }) => ({ config: { _id: 'rs0', members } }),
  serverStatus: ({ status = { storageEngine: { name: 'wiredTiger' } } }) => status,
  listCollections: ({ databases = {} }, { $db, filter = {}, nameOnly }) => {
    const all = Object.entries(databases[$db] ?? {}).filter(
      ([name]) => filter.name === undefined || name === filter.name,
    );
    const entries = all.map(([name, { type = 'collection', options = {} }]) =>
      nameOnly ? { name, type } : { name, type, options, info: { readOnly: type === 'view' } },
    );
    return cursor($db, '$cmd.listCollections', entries);
  },
  listIndexes(world, command) {
    const found = collectionOf(world, command);
    if (!found) throw new Refusal(26, 'NamespaceNotFound', `ns does not exist: ${command.$db}.${command.listIndexes}`);
    if (found.type === 'view') throw new Refusal(166, 'CommandNotSupportedOnView', 'Namespace is a view');
    return cursor(command.$db, command.listIndexes, indexesIn(found));
  },
  aggregate(world, command) {
    const found = collectionOf(world, command);
    const { documents = [], stats } = found ?? {};
    demandHint(found, command);
    if (command.pipeline[0]?.$collStats) {
      const { count, size } = stats ?? { count: documents.length, size: documents.length * 200 };
      const storageStats = found?.type === 'timeseries' ? { size, timeseries: { bucketCount: 1 } } : { size, count };
      return cursor(command.$db, command.aggregate, [{ ns: '', storageStats }]);
    }
    return cursor(command.$db, command.aggregate, aggregated(documents, command.pipeline));
  },
  explain(world, { explain, $db }) {
    const found = collectionOf(world, { ...explain, $db });
    demandHint(found, explain);
    return explained(world, found, explain);
  },
  usersInfo: ({ users = [] }, { showPrivileges }) => {
    if (showPrivileges)
      throw new Refusal(
        20,
        'IllegalOperation',
        'Privilege or restriction details require exact-match usersInfo queries',
      );
    return {
      users: users.map(({ user, db, roles, mechanisms = ['SCRAM-SHA-256'] }) => ({
        _id: `${db}.${user}`,
        user,
        db,
        roles,
        mechanisms,
      })),
    };
  },
  rolesInfo: (world, { rolesInfo }) => ({
    roles: [rolesInfo].flat().map((role) => {
      const privileges = privilegesOf(world, role);
      return { ...role, isBuiltin: true, roles: [], inheritedRoles: [], privileges, inheritedPrivileges: privileges };
    }),
  }),
};

function mechanismsOf({ users = [] }: MongoWorld, asked: unknown): Document {
  const found = users.find(({ user, db }) => `${db}.${user}` === asked);
  return found ? { saslSupportedMechs: found.mechanisms ?? ['SCRAM-SHA-256', 'SCRAM-SHA-1'] } : {};
}

function cursor(database: string, collection: string, firstBatch: readonly Document[]): Document {
  return { cursor: { firstBatch, id: 0n, ns: `${database}.${collection}` } };
}

function indexesIn({ indexes = [], type }: MongoCollection): readonly Document[] {
  return type === 'timeseries' ? indexes : [{ v: 2, key: { _id: 1 }, name: '_id_' }, ...indexes];
}

function demandHint(found: MongoCollection | undefined, { hint }: Document): void {
  if (hint === undefined || !found || indexesIn(found).some(({ name }) => name === hint)) return;
  throw new Refusal(2, 'BadValue', 'error processing query: hint provided does not correspond to an existing index');
}

// The forms of 4.4 (stages), of 7.0 (the slot-based engine) and of a router.
function explained(
  { version = '7.0.14', hello }: MongoWorld,
  found: MongoCollection | undefined,
  { hint }: Document,
): Document {
  const index = found && indexesIn(found).find(({ name }) => name === hint);
  const [field = ''] = Object.keys(index?.key ?? {});
  const scan = index
    ? {
        stage: 'FETCH',
        inputStage: { stage: 'IXSCAN', indexName: hint, isMultiKey: isMultiKey(found?.documents ?? [], field) },
      }
    : { stage: 'COLLSCAN', direction: 'forward' };
  const rejectedPlans = [{ stage: 'COLLSCAN' }];
  const classic = { stages: [{ $cursor: { queryPlanner: { winningPlan: scan, rejectedPlans } } }, { $group: {} }] };
  if (hello?.msg === 'isdbgrid')
    return { mergeType: 'mongos', shards: { one: { host: 'a:1', ...classic }, two: { host: 'b:1', ...classic } } };
  if (version.startsWith('4.')) return classic;
  const winningPlan = {
    queryPlan: { stage: 'GROUP', inputStage: scan },
    slotBasedPlan: { slots: '', stages: '[1] group' },
  };
  return { explainVersion: '2', queryPlanner: { winningPlan, rejectedPlans } };
}
