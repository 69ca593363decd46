import type { StoreEncryption, Wire } from '../../src/evidence/database/store-encryption.ts';
import type { RightsAccount, StoreRights } from '../../src/evidence/database/store-rights.ts';

/** A server that takes TLS only, and encrypts nothing that it keeps, unless it says otherwise. */
export function encryptionOf(value: Partial<StoreEncryption> = {}): StoreEncryption {
  return {
    engine: 'postgresql',
    version: 'PostgreSQL 15.14 on x86_64-pc-linux-gnu',
    wire: wireOf(),
    rest: {
      tables: [{ name: 'invoices', state: 'plain', by: 'heap' }],
      parts: [{ part: 'redo', state: 'plain' }],
      keys: [],
      settings: {},
    },
    unread: [],
    ...value,
  };
}

/** How clients of such a server come in. */
export function wireOf(value: Partial<Wire> = {}): Wire {
  return {
    session: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    tls: true,
    versions: ['TLSv1.2'],
    listens: ['*'],
    localOnly: false,
    admitsPlain: [],
    trusting: [],
    sessions: { tls: 3, plain: 0, here: 1 },
    ...value,
  };
}

/** An engine that encrypts all it keeps. */
export function wholeEngine(value: Partial<StoreEncryption['rest']> = {}): StoreEncryption {
  return encryptionOf({
    engine: 'mariadb',
    version: '10.11.14-MariaDB',
    rest: {
      tables: [{ name: 'invoices', state: 'encrypted', by: 'InnoDB' }],
      parts: [
        { part: 'redo', state: 'encrypted' },
        { part: 'undo', state: 'encrypted' },
        { part: 'binary-log', state: 'absent' },
        { part: 'temporary', state: 'encrypted' },
      ],
      keys: [{ plugin: 'file_key_management', place: 'file' }],
      settings: {},
      ...value,
    },
  });
}

/** Who may change the rows of one table: nobody, unless it says otherwise. */
export function rightsOf(value: Partial<StoreRights> = {}): StoreRights {
  return {
    engine: 'postgresql',
    version: 'PostgreSQL 15.14 on x86_64-pc-linux-gnu',
    own: { account: 'leqi_audit', writes: [] },
    tables: [{ name: 'invoices', owner: 'app', rowSecurity: false, everybody: [] }],
    accounts: [],
    logins: 4,
    unread: [],
    ...value,
  };
}

/** An account that may delete invoices. */
export function holder(value: Partial<RightsAccount> = {}): RightsAccount {
  return {
    name: 'app',
    login: 'yes',
    everything: false,
    may: [{ table: 'invoices', can: ['delete'], by: ['grant'] }],
    ...value,
  };
}
