import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Document } from 'bson';
import { afterAll, describe, expect, test } from 'vitest';
import { check as inTransit } from '../../../checks/data/encryption-in-transit.ts';
import { loadProfile } from '../../../src/assessment/profile.ts';
import type { Collector } from '../../../src/collectors/collector.ts';
import { invoices } from '../../../src/collectors/database/invoices.ts';
import { storeEncryption } from '../../../src/collectors/database/store-encryption.ts';
import { storeRights } from '../../../src/collectors/database/store-rights.ts';
import { readSshHome } from '../../../src/collectors/transports/ssh-files.ts';
import { planOf } from '../../../src/doctor/plan.ts';
import { storeProbes } from '../../../src/doctor/stores.ts';
import { storeEncryption as encryptionKind, engineAtRest } from '../../../src/evidence/database/store-encryption.ts';
import { storeRights as rightsKind } from '../../../src/evidence/database/store-rights.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { seen } from '../../support/check-tester.ts';
import { createMongoServers } from '../../support/mongo-server.ts';
import { auditor, auditorRole, mongoTools, worldOf } from '../../support/mongo-stores.ts';
import type { MongoWorld } from '../../support/mongo-world.ts';

const servers = createMongoServers();
afterAll(() => servers.remove());

const databases = { trade: { transactions: {}, invoices: {}, shown: { type: 'view' } } };

async function collect(collector: Collector, world: MongoWorld, parts: object = {}): Promise<unknown> {
  const server = await servers.start(worldOf({ databases, ...world }));
  if (collector.by !== 'calls') throw new Error('another kind of collector');
  return (await collector.collect('store', mongoTools(server, { ...parts }))).value;
}

const encryption = async (world: MongoWorld, parts: object = {}) =>
  encryptionKind.value.parse(await collect(storeEncryption, world, parts));
const rights = async (world: MongoWorld, parts: object = {}) =>
  rightsKind.value.parse(await collect(storeRights, world, parts));

const requiring = { tlsMode: 'requireTLS' };
const encrypting = { enableEncryption: true, encryptionKeyFile: '/k', redactClientLogData: true };
const everywhere = { bindIp: '0.0.0.0' };

describe('encryption on the wire', () => {
  const nothingElse = Object.fromEntries(inTransit.reads.map((kind) => [kind, []]));
  const judged = async (world: MongoWorld) => {
    const value = await encryption(world);
    return inTransit.judge(
      { ...nothingElse, storeEncryption: [seen('storeEncryption', value)] } as unknown as Parameters<
        typeof inTransit.judge
      >[0],
      { forbidden: [] },
      '2026-03-01',
    );
  };

  test.each<[string, MongoWorld, string]>([
    [
      'required since the start',
      { parameters: requiring, options: { net: { ...everywhere, tls: { mode: 'requireTLS' } } } },
      'met requiredThroughout',
    ],
    [
      'required by the name of old',
      { parameters: requiring, options: { net: { ...everywhere, ssl: { mode: 'requireSSL' } } } },
      'met requiredThroughout',
    ],
    [
      'required by a setting of now',
      { parameters: requiring, options: { net: { ...everywhere, tls: { mode: 'preferTLS' } } } },
      'unproven sessionsUnseen',
    ],
    [
      'allowed',
      { parameters: { tlsMode: 'allowTLS' }, options: { net: { ...everywhere, tls: { mode: 'allowTLS' } } } },
      'unmet admitsPlain',
    ],
    ['off', { options: { net: everywhere } }, 'unmet admitsPlain'],
    ['off, at its own machine only', { options: {} }, 'met localOnly'],
    [
      'off, at a socket and its own machine',
      { options: { net: { bindIp: '/tmp/m.sock, 127.0.0.1,::1' } } },
      'met localOnly',
    ],
    ['off, at all addresses', { options: { net: { bindIp: 'localhost', bindIpAll: true } } }, 'unmet admitsPlain'],
    [
      'required, and others keep the same data',
      { parameters: requiring, options: { net: { tls: { mode: 'requireTLS' } } }, members: [{}, { hidden: true }] },
      'unproven sessionsUnseen',
    ],
    [
      'of a router, whose shards are not seen',
      { parameters: requiring, options: { net: { tls: { mode: 'requireTLS' } } }, hello: { msg: 'isdbgrid' } },
      'unproven sessionsUnseen',
    ],
    [
      'required in a set of one, with an arbiter',
      {
        parameters: requiring,
        options: { net: { ...everywhere, tls: { mode: 'requireTLS' } } },
        members: [{}, { arbiterOnly: true }],
      },
      'met requiredThroughout',
    ],
    [
      'required in a set whose members may not be seen',
      {
        parameters: requiring,
        options: { net: { ...everywhere, tls: { mode: 'requireTLS' } } },
        hello: { setName: 'rs0' },
        roles: {
          'leqiAudit@admin': auditorRole.map((each) => ({
            ...each,
            actions: each.actions.filter((action) => action !== 'replSetGetConfig'),
          })),
        },
      },
      'unproven sessionsUnseen',
    ],
    ['denied', { roles: { 'leqiAudit@admin': auditorRole.slice(0, 1) } }, 'unproven unseen'],
  ])('%s', async (_, world, says) => {
    expect((await judged(world)).map((each) => `${each.outcome} ${each.says}`)).toEqual([says]);
  });
});

test.each([
  [undefined, ['TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
  ['TLS1_0,TLS1_1', ['TLSv1.2', 'TLSv1.3']],
  ['none', ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
  ['TLS1_1, TLS1_3', ['TLSv1.0', 'TLSv1.2']],
])('without %s the versions of TLS are %j', async (disabledProtocols, versions) => {
  const tls = { mode: 'requireTLS', ...(disabledProtocols === undefined ? {} : { disabledProtocols }) };
  expect((await encryption({ parameters: requiring, options: { net: { tls } } })).wire?.versions).toEqual(versions);
});

test('a server that shows no privileges at all is not read', async () => {
  await expect(encryption({ roles: { 'leqiAudit@admin': [] } })).rejects.toMatchObject({ reason: 'not-supported' });
});

describe('encryption at rest', () => {
  test.each<[string, MongoWorld, string]>([
    ['by a key file', { options: { security: encrypting } }, 'whole'],
    [
      'by a key service',
      { options: { security: { enableEncryption: 'true', redactClientLogData: true, kmip: { serverName: 'k' } } } },
      'whole',
    ],
    [
      'with slow commands in a plain log',
      { options: { security: { ...encrypting, redactClientLogData: false } } },
      'part',
    ],
    ['none', { options: { security: {} } }, 'open'],
    [
      'the option says yes, the engine says no',
      { options: { security: encrypting }, status: { encryptionAtRest: { encryptionEnabled: false } } },
      'unknown',
    ],
    [
      'others of the replica set are not seen',
      { options: { security: encrypting }, members: [{}, { hidden: true }] },
      'unknown',
    ],
    ['a router keeps nothing', { options: { security: encrypting }, hello: { msg: 'isdbgrid' } }, 'unknown'],
    ['denied', { roles: { 'leqiAudit@admin': auditorRole.slice(0, 1) } }, 'unknown'],
  ])('%s', async (_, world, state) => {
    expect(engineAtRest(await encryption(world))).toBe(state);
  });

  test('its settings are shown, and nothing else of how it was started', async () => {
    const value = await encryption({
      options: {
        security: encrypting,
        storage: { dbPath: '/var/lib/mongo' },
        net: { tls: { mode: 'requireTLS', certificateKeyFilePassword: 'canary' } },
      },
    });
    expect(value.rest).toMatchObject({
      directory: '/var/lib/mongo',
      tables: [{ name: 'invoices', state: 'encrypted', by: 'wiredTiger' }],
      keys: [{ plugin: 'encryptionKeyFile', place: 'file' }],
      settings: { 'net.tls.mode': 'requireTLS', 'security.enableEncryption': 'true' },
    });
    expect(JSON.stringify(value)).not.toMatch(/canary/);
  });

  test('a collection that is not there is not encrypted', async () => {
    const tables = [{ name: 'nowhere', holds: 'other', time: 'at' }];
    expect((await encryption({ options: { security: encrypting } }, { tables })).rest.tables).toEqual([
      { name: 'nowhere', state: 'unknown', by: 'missing' },
    ]);
  });
});

describe('rights', () => {
  const user = (name: string, ...roles: { role: string; db: string }[]) => ({
    user: name,
    db: 'admin',
    password: 'x',
    roles,
  });
  const on = (db: string, collection: string, ...actions: string[]): Document => ({
    resource: { db, collection },
    actions,
  });
  const all = ['delete', 'update', 'truncate', 'drop', 'alter'];
  const mine = { tables: [{ name: 'invoices', holds: 'invoices', time: 'at' }] };

  test.each<[string, Document, string[], boolean]>([
    ['remove', on('trade', 'invoices', 'remove'), ['delete'], false],
    ['update of every collection', on('trade', '', 'find', 'update'), ['update'], false],
    ['a collection of that name anywhere', on('', 'invoices', 'dropCollection'), ['drop'], false],
    ['a new index, which may bear a time to live', on('', '', 'createIndex'), ['alter'], false],
    ['dropDatabase', on('trade', '', 'dropDatabase'), ['drop'], false],
    ['roles of that database', on('trade', '', 'grantRole'), all, true],
    ['roles of any database', on('', '', 'grantRole'), all, true],
    ['roles of admin', on('admin', '', 'updateRole'), all, true],
    ['anything', { resource: { anyResource: true }, actions: ['anyAction'] }, all, true],
    ['applyOps on the cluster', { resource: { cluster: true }, actions: ['applyOps'] }, all, false],
    ['remove anywhere', { resource: { anyResource: true }, actions: ['remove'] }, ['delete'], false],
  ])('%s', async (_, privilege, can, everything) => {
    const value = await rights(
      { users: [user('张"$.三', { role: 'x', db: 'trade' })], roles: { 'x@trade': [privilege] } },
      mine,
    );
    expect(value.accounts).toEqual([
      {
        name: '张"$.三',
        from: 'admin',
        login: 'yes',
        everything,
        may: [{ table: 'invoices', can, by: ['role x@trade'] }],
      },
    ]);
    expect(value).toMatchObject({ logins: 2, unread: [], own: { account: 'leqi_audit@admin', writes: [] } });
  });

  test.each<[string, Document]>([
    ['of another collection', on('trade', 'orders', 'remove')],
    ['of another database', on('other', '', 'remove', 'grantRole')],
    ['to read', on('trade', '', 'find', 'collStats', 'listIndexes')],
    ['to add', on('trade', 'invoices', 'insert')],
    ['roles of another database', on('other', '', 'grantRole')],
  ])('a right %s is none', async (_, privilege) => {
    const value = await rights(
      { users: [user('app', { role: 'x', db: 'trade' })], roles: { 'x@trade': [privilege] } },
      mine,
    );
    expect(value.accounts).toEqual([]);
  });

  test('of built-in roles, by several ways', async () => {
    const value = await rights(
      {
        users: [
          user('app', { role: 'readWrite', db: 'trade' }, { role: 'userAdmin', db: 'trade' }),
          user('reader', { role: 'read', db: 'trade' }),
        ],
      },
      mine,
    );
    expect(value.accounts).toMatchObject([
      { name: 'app', everything: true, may: [{ by: ['role readWrite@trade', 'role userAdmin@trade'] }] },
    ]);
    expect(value.logins).toBe(3);
  });

  test('what is not there, a view, and who is let in from outside are named', async () => {
    const value = await rights(
      { options: { security: { ldap: { servers: 'x' } }, setParameter: { oidcIdentityProviders: '[]' } } },
      { tables: ['invoices', 'shown', 'nowhere'].map((name) => ({ name, holds: 'other', time: 'at' })) },
    );
    expect(value.tables).toEqual([
      { name: 'invoices', everybody: [] },
      { name: 'shown', problem: 'view', everybody: [] },
      { name: 'nowhere', problem: 'missing', everybody: [] },
    ]);
    expect(value.unread).toEqual([
      { view: 'LDAP', why: 'elsewhere' },
      { view: 'OIDC', why: 'elsewhere' },
    ]);
  });

  test('an account that may not see the users sees none, by name', async () => {
    const value = await rights({ roles: { 'leqiAudit@admin': auditorRole.slice(0, 1) } });
    expect(value.unread).toEqual([
      { view: 'getCmdLineOpts', why: 'denied' },
      { view: 'usersInfo', why: 'denied' },
    ]);
    expect(value).not.toHaveProperty('logins');
  });

  test('where privileges bind nobody, everybody may', async () => {
    const value = await rights({ isOpen: true }, { mayWrite: true });
    expect(value).toMatchObject({ tables: [{ everybody: all }], own: { writes: ['authorization is off'] } });
  });
});

test('invoices are not traced there, and that is said', async () => {
  await expect(collect(invoices, {})).rejects.toMatchObject({ reason: 'not-supported', message: 'mongodb' });
});

/** The account that examples/databases/mongodb.js makes. */
function exampleAccount() {
  const made: { role?: Document; user?: Document } = {};
  const admin = {
    createRole: (role: Document) => void Object.assign(made, { role }),
    createUser: (user: Document) => void Object.assign(made, { user }),
  };
  const script = readFileSync(join(packageRoot, 'examples/databases/mongodb.js'), 'utf8');
  runInNewContext(script, { db: { getSiblingDB: (name: string) => (name === 'admin' ? admin : undefined) } });
  const plain: { role: { role: string; privileges: Document[] }; user: { user: string; roles: typeof auditor.roles } } =
    JSON.parse(JSON.stringify(made));
  return plain;
}

describe('the account of examples/databases/mongodb.js', () => {
  const { role, user } = exampleAccount();
  const world: MongoWorld = { databases, users: [], roles: { [`${role.role}@admin`]: role.privileges } };
  const tables = [
    { name: 'invoices', holds: 'invoices', time: 'at' },
    { name: 'transactions', holds: 'transactions', time: 'at' },
  ];

  test('sees all that it must, and can only read', async () => {
    expect(user).toMatchObject({ user: auditor.user, roles: [{ role: role.role, db: 'admin' }] });
    expect((await encryption(world, { tables })).unread).toEqual([]);
    expect(await rights(world, { tables })).toMatchObject({ unread: [], own: { writes: [] } });
  });

  test('to doctor nothing lacks', async () => {
    expect(await doctor(world, { tables })).toMatchObject([
      { state: 'ok', says: { zh: expect.stringMatching(/MongoDB 7\.0\.14.*只发出读命令.*账号只读/) } },
    ]);
  });
});

async function doctor(world: MongoWorld, parts: object, environment = { SECRET: 'right' }) {
  const server = await servers.start(worldOf({ databases, ...world }));
  const { platform, gate, signal } = mongoTools(server, { ...parts });
  const profile = await loadProfile('natural-system-security');
  const plan = planOf({ platform, profile, occasion: 'renewal', gate }, ['database']);
  const home = () => readSshHome('/nonexistent', {});
  return (await Promise.all(storeProbes(plan, { signal, environment, home }).map(({ run }) => run()))).flat();
}

test.each<[string, MongoWorld, object, object, RegExp]>([
  ['a wrong password', {}, {}, { SECRET: 'wrong' }, /AuthenticationFailed/],
  [
    'an account that can write',
    { users: [], roles: { 'leqiAudit@admin': [{ resource: { db: 'trade', collection: '' }, actions: ['insert'] }] } },
    {},
    {},
    /insert ON trade/,
  ],
  ['a collection that is not there', {}, { tables: [{ name: 'nowhere', holds: 'other', time: 'at' }] }, {}, /nowhere/],
  ['what is denied', { roles: { 'leqiAudit@admin': auditorRole.slice(0, 1) } }, {}, {}, /getCmdLineOpts/],
])('doctor says %s', async (_, world, parts, environment, says) => {
  const points = await doctor(world, parts, { SECRET: 'right', ...environment });
  const lacking = points.filter(({ state }) => state !== 'ok');
  expect(lacking.map((point) => point.says.zh).join('\n')).toMatch(says);
  expect(lacking.every(({ leaves }) => (leaves?.requirements.length ?? 0) > 0)).toBe(true);
});
