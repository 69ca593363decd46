import { expect, test } from 'vitest';
import { encryptionOfMysql } from '../../../src/collectors/database/encryption/mysql.ts';
import { viewsOf } from '../../../src/collectors/database/views.ts';
import type { Row, Session } from '../../../src/collectors/transports/database.ts';
import type { ServerStore } from '../../../src/platform-stores.ts';

// MySQL 8 is no package of Debian: what it answers is made up after dev.mysql.com (mysql.user; CREATE ROLE; group replication).
const store: ServerStore = {
  ...{
    name: 's',
    engine: 'mysql',
    address: '127.0.0.1',
    database: 'trade',
    user: 'u',
    password: 'prompt',
    tls: 'verified',
  },
  ...{ mayWrite: false, tables: [] },
};
const users = [
  { user: 'app', host: '%', demands: '', locked: 'N' },
  { user: 'app_role', host: '%', demands: '', locked: 'Y' },
  { user: 'safe', host: '%', demands: 'ANY', locked: 'N' },
];

function sessionOf(variables: Readonly<Record<string, string>>): Session {
  const answer = (sql: string): Row[] => {
    if (sql.startsWith('SHOW GLOBAL VARIABLES'))
      return Object.entries(variables).map(([Variable_name, Value]) => ({ Variable_name, Value }));
    if (!sql.includes('mysql.user')) return [];
    const shown = sql.includes(`account_locked = 'N'`) ? users.filter(({ locked }) => locked === 'N') : users;
    return shown.map(({ user, host, demands }) => ({ user, host, demands }));
  };
  return {
    engine: 'mysql',
    version: '8.0.36',
    each: () => Promise.reject(new Error('not asked')),
    query: async (row, sql) => answer(sql).map((each) => row.parse(each)),
  };
}

async function wireOf(variables: Readonly<Record<string, string>> = {}) {
  const session = sessionOf({ require_secure_transport: 'OFF', performance_schema: 'ON', ...variables });
  const { wire } = await encryptionOfMysql(session, store, viewsOf(session, { signal: new AbortController().signal }));
  return wire;
}

test('a role of MySQL is a locked account, by which nobody comes in', async () => {
  expect((await wireOf()).admitsPlain).toEqual(['app@%']);
});

test.each([
  [{}, undefined],
  [{ wsrep_on: 'OFF', group_replication_group_name: '' }, undefined],
  [{ group_replication_group_name: '6b1c', group_replication_ssl_mode: 'DISABLED' }, 'open'],
  [{ group_replication_group_name: '6b1c', group_replication_ssl_mode: 'REQUIRED' }, 'tls'],
  // As Galera 26.4 on MariaDB 10.11.19 shows them.
  [
    { wsrep_on: 'ON', wsrep_provider_options: 'base_port = 4567; socket.checksum = 2; socket.recv_buf_size = auto' },
    'open',
  ],
  [{ wsrep_on: 'ON', wsrep_provider_options: 'socket.checksum = 2; socket.ssl = YES; socket.ssl_ca = /c.pem' }, 'tls'],
])('a cluster: %j', async (variables, expected) => {
  expect((await wireOf(variables)).cluster).toBe(expected);
});
