import type { Text } from '../../src/text.ts';
import { elsewhereMessages, elsewhereRemedies } from './other-addresses.ts';

/** What `tls/certificate` says. */
export const certificateMessages = {
  sound: {
    zh: '证书 {{subject}}（签发者 {{issuer}}）已生效，名称与 {{asked}} 相符，证书链可信，密钥 {{key}}，签名 {{signature}}',
    en: 'the certificate {{subject}} (issued by {{issuer}}) is in force, names {{asked}}, its chain is trusted; key {{key}}, signature {{signature}}',
  },
  validThrough: {
    zh: '证书 {{subject}} 有效期至 {{until}}，覆盖 {{through}}',
    en: 'the certificate {{subject}} is valid until {{until}}, past {{through}}',
  },
  validThroughSoon: {
    zh: '证书 {{subject}} 有效期至 {{until}}，覆盖 {{through}}，但采集时仅剩 {{days}} 天',
    en: 'the certificate {{subject}} is valid until {{until}}, past {{through}}, but only {{days}} days were left when it was seen',
  },
  expired: { zh: '证书 {{subject}} 已于 {{until}} 过期', en: 'the certificate {{subject}} expired on {{until}}' },
  notYetValid: {
    zh: '证书 {{subject}} 自 {{from}} 起才生效',
    en: 'the certificate {{subject}} is valid only from {{from}}',
  },
  endsBefore: {
    zh: '证书 {{subject}} 有效期至 {{until}}，早于 {{through}}',
    en: 'the certificate {{subject}} is valid until {{until}}, which is before {{through}}',
  },
  throughMissing: {
    zh: '未申报「{{fact}}」，无法判定证书有效期是否足够',
    en: 'the date “{{fact}}” is not declared, so it cannot be told whether the certificates last long enough',
  },
  throughNoDate: {
    zh: '「{{fact}}」申报为 {{declared}}，不是日期',
    en: '“{{fact}}” is declared as {{declared}}, which is not a date',
  },
  otherName: {
    zh: '证书 {{subject}} 的名称（{{names}}）与 {{asked}} 不符',
    en: 'the certificate {{subject}} names {{names}}, not {{asked}}',
  },
  selfSigned: {
    zh: '证书 {{subject}} 为自签名，且未声明其为可信（{{error}}）',
    en: 'the certificate {{subject}} is self-signed and not declared as trusted ({{error}})',
  },
  untrusted: {
    zh: '证书 {{subject}} 的证书链不可信：{{error}}（签发者 {{issuer}}）',
    en: 'the chain of {{subject}} is not trusted: {{error}} (issued by {{issuer}})',
  },
  trustUnknown: {
    zh: '未能验证证书 {{subject}} 的证书链：{{detail}}',
    en: 'the chain of {{subject}} could not be verified: {{detail}}',
  },
  weakKey: {
    zh: '证书 {{subject}} 的密钥为 {{key}}，应不少于 {{least}} 位',
    en: 'the key of {{subject}} is {{key}}; at least {{least}} bits are asked',
  },
  keyUnknown: {
    zh: '证书 {{subject}} 的密钥类型无法识别（{{key}}，签名 {{signature}}），须另行核验',
    en: 'the key of {{subject}} could not be read ({{key}}, signature {{signature}}); it must be examined by other means',
  },
  weakSignature: {
    zh: '证书 {{subject}} 的签名算法 {{signature}} 使用了不安全的摘要 {{hash}}',
    en: 'the signature of {{subject}}, {{signature}}, uses the weak digest {{hash}}',
  },
  signatureUnknown: {
    zh: '证书 {{subject}} 的签名算法 {{signature}} 所用摘要无法识别',
    en: 'the digest of the signature of {{subject}}, {{signature}}, could not be told',
  },
  noCertificate: {
    zh: '端口使用 TLS，但未能取得可识别的证书',
    en: 'the port speaks TLS, but no certificate could be had and read',
  },
  otherUnknown: {
    zh: '未能取得出示给{{clients}}的证书：{{why}}',
    en: 'the certificate for {{clients}} could not be had: {{why}}',
  },
  withoutName: {
    zh: '向不发送服务器名称（SNI）的客户端出示另一张证书 {{subject}}（名称 {{names}}，至 {{until}}）；访问 {{asked}} 的客户端不会见到，不作判定',
    en: 'clients that send no server name are shown another certificate, {{subject}} (names {{names}}, until {{until}}); clients of {{asked}} never meet it, and it is not judged',
  },
  notTls: {
    zh: '端口不使用 TLS，没有证书；收到：{{saw}}',
    en: 'the port does not speak TLS and shows no certificate; it answered: {{saw}}',
  },
  ...elsewhereMessages,
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要证书的入站端口',
    en: 'all declared endpoints are outbound; no inbound port needs a certificate',
  },
  nothingSeen: { zh: '没有任何入站端点的 TLS 证据', en: 'there is no TLS evidence of any inbound endpoint' },
} as const satisfies Record<string, Text>;

/** What to do about it. */
export const certificateRemedies = {
  expired: { zh: '更换证书', en: 'replace the certificate' },
  notYetValid: {
    zh: '核对服务器时钟与证书的生效日期',
    en: 'check the server’s clock and the certificate’s first day',
  },
  endsBefore: { zh: '在 {{until}} 前更换证书，并留存续期安排', en: 'replace the certificate before {{until}}' },
  throughMissing: {
    zh: '在平台文件 facts 中申报「{{fact}}」',
    en: 'declare “{{fact}}” under facts of the platform file',
  },
  throughNoDate: { zh: '以 date 申报「{{fact}}」', en: 'declare “{{fact}}” as a date' },
  otherName: {
    zh: '签发包含 {{asked}} 的证书；以域名访问的，在平台文件中声明 serverName',
    en: 'have a certificate issued that names {{asked}}; if clients use a host name, declare it as serverName',
  },
  selfSigned: {
    zh: '改用受信任的 CA 签发的证书，或在平台文件 authority 中声明自有 CA',
    en: 'use a certificate of a trusted authority, or declare your own under authority in the platform file',
  },
  untrusted: {
    zh: '补全中间证书；使用自有 CA 的，在平台文件 authority 中声明',
    en: 'send the intermediate certificates; where your own authority issues, declare it under authority',
  },
  trustUnknown: {
    zh: '按提示排除原因后重新采集；要求客户端证书的端口可另行验证',
    en: 'remove the cause and collect again; a port that requires client certificates may be verified by other means',
  },
  weakKey: { zh: '以更长的密钥重新签发', en: 'have it issued again with a longer key' },
  keyUnknown: { zh: '另附该证书的检测材料', en: 'add a test report of this certificate' },
  weakSignature: { zh: '以 SHA-256 或更强的摘要重新签发', en: 'have it issued again with SHA-256 or stronger' },
  signatureUnknown: { zh: '另附该证书的检测材料', en: 'add a test report of this certificate' },
  noCertificate: {
    zh: '确认扫描机能够完成握手（serverName、客户端证书）后重新采集',
    en: 'make sure that the scanner can complete a handshake (serverName, client certificate), then collect again',
  },
  otherUnknown: {
    zh: '排除原因后重新采集，或另附该证书的检测材料',
    en: 'remove the cause and collect again, or add a test report of that certificate',
  },
  notTls: { zh: '为该端口启用 TLS，或更正平台文件', en: 'turn TLS on for the port, or correct the platform file' },
  ...elsewhereRemedies,
  nothingSeen: {
    zh: '在平台文件中声明入站端点并重新采集',
    en: 'declare the inbound endpoints in the platform file and collect again',
  },
} as const satisfies Partial<Record<keyof typeof certificateMessages, Text>>;
