import type { Text } from '../../src/text.ts';

/** What data/encryption-at-rest says of buckets. */
export const bucketAtRestMessages = {
  bucketEncrypted: {
    zh: '{{place}} 默认加密（{{by}}），抽查的 {{asked}} 个对象（共列出 {{objects}} 个）均加密存储',
    en: '{{place}} encrypts by default ({{by}}), and all of the {{asked}} objects that were asked about, of {{objects}} listed, are stored encrypted',
  },
  bucketPlain: {
    zh: '{{place}} 默认加密：{{by}}；抽查的 {{asked}} 个对象中 {{plain}} 个未由存储服务加密，其下的磁盘是否加密看不到',
    en: '{{place}}: encryption by default: {{by}}; the store does not encrypt {{plain}} of the {{asked}} objects that were asked about, and whether the disks below it do is not seen',
  },
  bucketOpen: {
    zh: '{{place}} 没有设置默认加密，抽查的 {{asked}} 个对象均已加密，新写入的对象不一定加密',
    en: '{{place}} does not encrypt by default; all of the {{asked}} objects that were asked about are stored encrypted, new ones need not be',
  },
  bucketUnclear: {
    zh: '{{place}} 是否加密存储未能证实：{{parts}}',
    en: 'whether {{place}} is stored encrypted was not shown: {{parts}}',
  },
} as const satisfies Record<string, Text>;

const turnOn: Text = {
  zh: '为存储桶设置默认加密，并重写原有对象使其加密',
  en: 'set encryption by default for the bucket, and rewrite the objects that are there',
};

/** What to do about these. */
export const bucketAtRestRemedies = {
  bucketPlain: turnOn,
  bucketOpen: turnOn,
  bucketUnclear: {
    zh: '按 examples/object-stores 中的策略授予只读权限；存储服务不支持默认加密的，加密其磁盘并在那里取证',
    en: 'grant what only reads, by the policies in examples/object-stores; where the store knows no encryption by default, encrypt its disks and collect there',
  },
} as const satisfies { readonly [Each in keyof typeof bucketAtRestMessages]?: Text };

/** What data/encryption-in-transit says of buckets. */
export const bucketInTransitMessages = {
  bucketTls: {
    zh: '对象存储「{{store}}」（{{host}}）以 {{version}} 应答，桶策略拒绝明文请求',
    en: 'object store “{{store}}” ({{host}}) answers by {{version}}, and its policy turns clear text away',
  },
  bucketClear: {
    zh: '对象存储「{{store}}」（{{host}}）以明文 HTTP 应答',
    en: 'object store “{{store}}” ({{host}}) answers in clear text',
  },
  bucketOld: {
    zh: '对象存储「{{store}}」（{{host}}）以 {{version}} 应答',
    en: 'object store “{{store}}” ({{host}}) answers by {{version}}',
  },
  bucketUnverified: {
    zh: '对象存储「{{store}}」（{{host}}）的证书按声明未验证',
    en: 'the certificate of object store “{{store}}” ({{host}}) was, as declared, not verified',
  },
  bucketAlsoClear: {
    zh: '对象存储「{{store}}」（{{host}}）以 {{version}} 应答；桶策略没有拒绝明文请求，其他端口是否明文应答未测',
    en: 'object store “{{store}}” ({{host}}) answers by {{version}}; its policy does not turn clear text away, and whether another port takes it was not tried',
  },
  bucketPolicyUnread: {
    zh: '对象存储「{{store}}」（{{host}}）以 {{version}} 应答；桶策略未能读取，是否拒绝明文请求不能判定',
    en: 'object store “{{store}}” ({{host}}) answers by {{version}}; its policy could not be read, so that it is not known whether clear text is turned away',
  },
} as const satisfies Record<string, Text>;

const deny: Text = {
  zh: '在桶策略中拒绝 aws:SecureTransport（OSS 为 acs:SecureTransport）为 false 的请求，并允许采集账号读取桶策略',
  en: 'deny requests with aws:SecureTransport (in OSS acs:SecureTransport) false in the bucket policy, and let the account of the scan read it',
};

/** What to do about these. */
export const bucketInTransitRemedies = {
  bucketClear: { zh: '改用 https，并停用明文端口', en: 'use https, and close the port in clear text' },
  bucketOld: { zh: '停用旧版 TLS', en: 'turn old versions of TLS off' },
  bucketUnverified: {
    zh: '以 authority 声明签发机构的证书，去掉 unverified',
    en: 'declare the certificate of its authority, and leave unverified out',
  },
  bucketAlsoClear: deny,
  bucketPolicyUnread: deny,
} as const satisfies { readonly [Each in keyof typeof bucketInTransitMessages]?: Text };
