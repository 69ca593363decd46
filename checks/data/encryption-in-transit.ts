import { z } from 'zod';
import type { StoreEncryption, Wire } from '../../src/evidence/database/store-encryption.ts';
import { unreadViewsText } from '../../src/evidence/database/unread-views.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { judgeBucketInTransit } from '../shared/bucket-encryption.ts';
import { bucketInTransitMessages, bucketInTransitRemedies } from '../shared/bucket-encryption-words.ts';

const messages = {
  ...bucketInTransitMessages,
  localOnly: {
    zh: '数据库「{{store}}」只监听本机（{{listens}}），数据不经网络传输',
    en: 'store “{{store}}” listens at its own machine only ({{listens}}): its data goes over no network',
  },
  tlsOnly: {
    zh: '数据库「{{store}}」拒绝来自其他主机的明文连接（{{how}}）；现有会话：TLS {{tls}} 个，本机 {{here}} 个',
    en: 'store “{{store}}” refuses other hosts in clear text ({{how}}); sessions now: {{tls}} with TLS, {{here}} on its own machine',
  },
  requiredThroughout: {
    zh: '数据库「{{store}}」自启动起就拒绝经网络的明文连接（{{how}}）',
    en: 'store “{{store}}” has refused clear text over the network since it was started ({{how}})',
  },
  plainSessions: {
    zh: '数据库「{{store}}」现有 {{plain}} 个来自其他主机的明文会话（另有 TLS 会话 {{tls}} 个）',
    en: 'store “{{store}}” has {{plain}} sessions from other hosts in clear text (and {{tls}} with TLS)',
  },
  admitsPlain: {
    zh: '数据库「{{store}}」允许其他主机以明文连接：{{names}}',
    en: 'store “{{store}}” lets other hosts in without TLS: {{names}}',
  },
  trusting: {
    zh: '数据库「{{store}}」允许其他主机免口令或以明文口令登录：{{names}}',
    en: 'store “{{store}}” lets other hosts in without a password, or has it said in clear text: {{names}}',
  },
  oldVersions: {
    zh: '数据库「{{store}}」的设置允许 {{versions}}；是否真能协商到这些版本未测',
    en: 'store “{{store}}” is set to allow {{versions}}; whether they can really be agreed on was not tried',
  },
  versionsUnseen: {
    zh: '数据库「{{store}}」允许哪些 TLS 版本未能看到',
    en: 'which versions of TLS store “{{store}}” allows could not be seen',
  },
  clusterOpen: {
    zh: '数据库「{{store}}」是集群成员，节点之间的复制没有设置 TLS；其他节点是否在另外的主机、其间网络是否另行加密，须说明',
    en: 'store “{{store}}” is one of a cluster whose members replicate without TLS; whether they are on other hosts, and what protects the network between them, has to be shown',
  },
  sessionsUnseen: {
    zh: '数据库「{{store}}」现在拒绝其他主机的明文连接，但此前建立的会话是否仍为明文未能看到：{{views}}',
    en: 'store “{{store}}” refuses other hosts in clear text now, but sessions that began before could not be seen: {{views}}',
  },
  unseen: {
    zh: '数据库「{{store}}」是否允许其他主机以明文连接，未能看到：{{views}}',
    en: 'whether store “{{store}}” lets other hosts in without TLS could not be seen: {{views}}',
  },
  file: { zh: '「{{store}}」是文件数据库，没有网络连接', en: 'store “{{store}}” is a file, which nobody connects to' },
  noStore: {
    zh: '平台文件没有声明任何数据库，或没有任何数据库的证据',
    en: 'no store is declared in the platform file, or there is no evidence of any',
  },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

const grantViews: Text = {
  zh: '按 examples/databases 中的脚本为采集账号授予查看权限',
  en: 'let the account that scans see them: the scripts in examples/databases grant it',
};

/** Servers of stores turn away whoever comes from another host without TLS. */
export const check = defineCheck({
  id: 'data/encryption-in-transit',
  title: { zh: '数据库连接加密', en: 'Connections to databases are encrypted' },
  about: {
    zh: '查看数据库服务器的设置、访问规则（PostgreSQL 的 pg_hba.conf 现有内容，以已重新加载为前提；MariaDB、MySQL 的 require_secure_transport 和账号的 REQUIRE；MongoDB 的 net.tls.mode）以及现有会话：其他主机只能以 TLS 连接，且没有明文会话的，符合。数据库前另设的代理、连接池之后的路段不在其内。对象存储以 TLS 应答且桶策略拒绝明文请求（SecureTransport）的，符合；以明文访问的，不符合。',
    en: 'Looks at the server’s settings, its rules (pg_hba.conf as the file stands, taken to be loaded; require_secure_transport and the accounts’ REQUIRE in MariaDB and MySQL; net.tls.mode of MongoDB) and the sessions under way: met where other hosts can connect by TLS only, and none is connected without. The way before a proxy or pool that stands in front is not part of it. A bucket is met where it answers by TLS and its policy turns clear text away (SecureTransport); one that is reached in clear text is unmet.',
  },
  reads: ['platform', 'storeEncryption', 'buckets'],
  parameters: z.strictObject({
    /** Versions of TLS that the server may not be set to allow. */
    forbidden: z.array(z.string()).default([]),
  }),
  messages,
  remedies: {
    ...bucketInTransitRemedies,
    plainSessions: {
      zh: '让应用以 TLS 连接（sslmode=verify-full、ssl-mode=VERIFY_IDENTITY）',
      en: 'let the applications connect by TLS (sslmode=verify-full, ssl-mode=VERIFY_IDENTITY)',
    },
    admitsPlain: {
      zh: 'PostgreSQL：改为 hostssl 并重新加载；MariaDB、MySQL：在配置文件中设 require_secure_transport=ON；MongoDB：在配置文件中设 net.tls.mode: requireTLS',
      en: 'PostgreSQL: make them hostssl, and reload; MariaDB and MySQL: require_secure_transport=ON, MongoDB: net.tls.mode: requireTLS in the configuration',
    },
    trusting: { zh: '改为 hostssl 和 scram-sha-256', en: 'make them hostssl with scram-sha-256' },
    oldVersions: {
      zh: '设 ssl_min_protocol_version 或 tls_version 为 TLSv1.2 以上；MongoDB 设 net.tls.disabledProtocols: TLS1_0,TLS1_1',
      en: 'set ssl_min_protocol_version or tls_version to TLSv1.2 and above; in MongoDB net.tls.disabledProtocols: TLS1_0,TLS1_1',
    },
    versionsUnseen: grantViews,
    clusterOpen: {
      zh: 'Galera：在 wsrep_provider_options 设 socket.ssl_*；组复制：设 group_replication_ssl_mode',
      en: 'Galera: socket.ssl_* in wsrep_provider_options; group replication: group_replication_ssl_mode',
    },
    sessionsUnseen: grantViews,
    unseen: grantViews,
    noStore: { zh: '在平台文件 stores 中声明数据库', en: 'declare the databases under stores in the platform file' },
  },

  judge({ platform, storeEncryption, buckets }, { forbidden }) {
    if (storeEncryption.length + buckets.length === 0) return [unproven('noStore', platform, {}, 'stores')];
    return [
      ...storeEncryption.flatMap((seen) => judgeStore(seen, forbidden)),
      ...buckets.map((bucket) => judgeBucketInTransit(bucket, forbidden)),
    ];
  },
});

function judgeStore(seen: Seen<StoreEncryption>, forbidden: readonly string[]): Found[] {
  const { wire } = seen.value;
  const store = seen.subject;
  if (!wire) return [notApplicable('file', seen, { store }, store)];
  const open = wire.cluster === 'open' ? [unproven<keyof typeof messages>('clusterOpen', seen, { store }, store)] : [];
  const faults = [...plainFaults(seen, wire), ...settingFaults(seen, wire, forbidden), ...open];
  const verdict = faults.some(({ outcome }) => outcome === 'unmet') ? undefined : judgeWire(seen, wire);
  return [...faults, ...(verdict ? [verdict] : [])];
}

function plainFaults(seen: Seen<StoreEncryption>, { admitsPlain = [], sessions, localOnly, required }: Wire): Found[] {
  const store = seen.subject;
  const isAdmitting = admitsPlain.length > 0 && localOnly !== true && (required === undefined || required === 'no');
  return [
    ...(sessions && sessions.plain > 0
      ? [unmet('plainSessions', seen, { store, plain: sessions.plain, tls: sessions.tls }, store)]
      : []),
    ...(isAdmitting ? [unmet('admitsPlain', seen, { store, names: named(admitsPlain) }, store)] : []),
  ];
}

function settingFaults(
  seen: Seen<StoreEncryption>,
  { trusting = [], versions, localOnly, tls }: Wire,
  forbidden: readonly string[],
): Found[] {
  const store = seen.subject;
  if (localOnly) return [];
  const old = (versions ?? []).map(spelt).filter((version) => forbidden.includes(version));
  const isUnseen = forbidden.length > 0 && versions === undefined && tls !== false;
  return [
    ...(isUnseen ? [unproven<keyof typeof messages>('versionsUnseen', seen, { store }, store)] : []),
    ...(trusting.length > 0 ? [unproven('trusting', seen, { store, names: named(trusting) }, store)] : []),
    ...(old.length > 0 ? [unproven('oldVersions', seen, { store, versions: old.join(', ') }, store)] : []),
  ];
}

// PostgreSQL’s and MySQL’s `TLSv1` is 1.0.
function spelt(version: string): string {
  return version === 'TLSv1' ? 'TLSv1.0' : version;
}

function judgeWire(seen: Seen<StoreEncryption>, wire: Wire): Found {
  const { listens = [], localOnly, required, admitsPlain, sessions } = wire;
  const store = seen.subject;
  const views = unreadViewsText(seen.value.unread);
  if (localOnly) return met('localOnly', seen, { store, listens: listens.join(', ') || '-' }, store);
  if (required === 'since-start') return met('requiredThroughout', seen, { store, how: requiredBy(seen) }, store);
  if (admitsPlain === undefined) return unproven('unseen', seen, { store, views }, store);
  if (!sessions) return unproven('sessionsUnseen', seen, { store, views }, store);
  const how = required === 'now' ? requiredBy(seen) : seen.value.engine === 'postgresql' ? 'pg_hba.conf' : 'REQUIRE';
  return met('tlsOnly', seen, { store, how, tls: sessions.tls, here: sessions.here }, store);
}

function requiredBy({ value }: Seen<StoreEncryption>): string {
  return value.engine === 'mongodb' ? 'net.tls.mode: requireTLS' : 'require_secure_transport';
}

const most = 10;

function named(names: readonly string[]): Text {
  const shown = names.slice(0, most).join('; ');
  if (names.length <= most) return { zh: shown, en: shown };
  return { zh: `${shown}；共 ${names.length} 项`, en: `${shown}; ${names.length} in all` };
}
