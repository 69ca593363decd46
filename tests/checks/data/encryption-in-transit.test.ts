import { check } from '../../../checks/data/encryption-in-transit.ts';
import type { StoreEncryption, Wire } from '../../../src/evidence/database/store-encryption.ts';
import { bucket } from '../../support/buckets.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { encryptionOf, wireOf } from '../../support/stores.ts';

const given = (wire: Wire | undefined, value: Partial<StoreEncryption> = {}) => {
  const { wire: _, ...rest } = encryptionOf(value);
  return { storeEncryption: [seen('storeEncryption', { ...rest, ...(wire ? { wire } : {}) }, { subject: 'orders' })] };
};
const without = (key: keyof Wire, value: Partial<Wire> = {}): Wire => {
  const { [key]: _, ...rest } = wireOf(value);
  return rest;
};
const denied = { unread: [{ view: 'pg_hba_file_rules', why: 'denied' as const }] };

testCheck(check, { forbidden: ['TLSv1.1', 'TLSv1.0', 'SSLv3'] }, '2026-03-01', {
  met: {
    'a bucket that turns clear text away': { buckets: [bucket()], says: 'bucketTls' },
    'only hostssl lines, sessions by TLS': { ...given(wireOf()), says: 'tlsOnly' },
    'no session from elsewhere at all': given(wireOf({ sessions: { tls: 0, plain: 0, here: 2 } })),
    'required by a setting of now, sessions by TLS': given(wireOf({ required: 'now' }), { engine: 'mariadb' }),
    'each account demands it': given(wireOf({ required: 'no' }), { engine: 'mariadb' }),
    'listens at loopback': {
      ...given(
        wireOf({ listens: ['127.0.0.1'], localOnly: true, tls: false, admitsPlain: ['1: host all all all md5'] }),
      ),
      says: 'localOnly',
    },
    'listens nowhere': given(wireOf({ listens: [], localOnly: true })),
    'required since the start, sessions unseen': {
      ...given(without('sessions', { required: 'since-start' }), denied),
      says: 'requiredThroughout',
    },
    'MongoDB that takes TLS only since the start': {
      ...given(without('sessions', { required: 'since-start' }), { engine: 'mongodb' }),
      says: 'requiredThroughout',
    },
    'a cluster by TLS': given(wireOf({ required: 'since-start', cluster: 'tls' }), { engine: 'mariadb' }),
    'a server and a file': {
      storeEncryption: [
        ...given(wireOf()).storeEncryption,
        seen(
          'storeEncryption',
          { engine: 'sqlite', version: '', rest: encryptionOf().rest, unread: [] },
          { subject: 'ledger' },
        ),
      ],
    },
  },
  unmet: {
    'a bucket reached in clear text': {
      buckets: [bucket({ channel: 'clear', tls: undefined })],
      says: 'bucketClear',
    },
    'a bucket by an old version': { buckets: [bucket({ tls: 'TLSv1' })], says: 'bucketOld' },
    'a session in clear text': {
      ...given(wireOf({ sessions: { tls: 9, plain: 1, here: 0 } })),
      says: 'plainSessions',
    },
    'a session in clear text from before it was required': given(
      wireOf({ required: 'now', sessions: { tls: 0, plain: 2, here: 0 } }),
    ),
    'a rule lets it in, nobody uses it': {
      ...given(wireOf({ admitsPlain: ['3: host all all 10.0.0.0/8 md5'] })),
      says: 'admitsPlain',
    },
    'a rule lets it in, sessions unseen': given(without('sessions', { admitsPlain: ['a', 'b'] }), denied),
    'many accounts without REQUIRE': given(
      wireOf({ required: 'no', admitsPlain: Array.from({ length: 12 }, (_, index) => `app${index}@%`) }),
    ),
    'no TLS at all': given(wireOf({ tls: false, admitsPlain: ['3: host all all all md5'] })),
    'one store of two': {
      storeEncryption: [
        ...given(wireOf()).storeEncryption,
        seen('storeEncryption', encryptionOf({ wire: wireOf({ admitsPlain: ['x'] }) }), { subject: 'other' }),
      ],
    },
  },
  unproven: {
    'replicates to its cluster in clear text': {
      ...given(wireOf({ required: 'since-start', cluster: 'open' }), { engine: 'mariadb' }),
      says: ['clusterOpen', 'requiredThroughout'],
    },
    'a cluster of servers that listen locally': {
      ...given(wireOf({ localOnly: true, cluster: 'open' }), { engine: 'mariadb' }),
      says: ['clusterOpen', 'localOnly'],
    },
    'versions that are not shown': { ...given(without('versions')), says: ['tlsOnly', 'versionsUnseen'] },
    'a bucket without such a policy': { buckets: [bucket({ deniesClear: false })], says: 'bucketAlsoClear' },
    'a bucket whose policy is unread': { buckets: [bucket({ deniesClear: undefined })], says: 'bucketPolicyUnread' },
    'a bucket whose certificate was not verified': {
      buckets: [bucket({ channel: 'unverified' })],
      says: 'bucketUnverified',
    },
    'rules unseen': { ...given(without('admitsPlain'), denied), says: 'unseen' },
    'rules unseen, own session by TLS': given(without('admitsPlain', { sessions: { tls: 1, plain: 0, here: 0 } })),
    'sessions unseen': { ...given(without('sessions'), denied), says: 'sessionsUnseen' },
    'required now, sessions unseen': given(without('sessions', { required: 'now' })),
    'anybody without a password, by TLS': {
      ...given(wireOf({ trusting: ['4: hostssl all all all trust'] })),
      says: ['trusting', 'tlsOnly'],
    },
    'set to allow TLS 1.0': { ...given(wireOf({ versions: ['TLSv1', 'TLSv1.2'] })), says: 'oldVersions' },
    'no store': { storeEncryption: [], says: 'noStore' },
  },
  'not-applicable': {
    'a file': { ...given(undefined, { engine: 'sqlite' }), says: 'file' },
  },
});
