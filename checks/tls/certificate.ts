import { z } from 'zod';
import { dateIn, daysBetween, lastWholeDay, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import { type Certificate, keyText, nameOf, type Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';

const messages = {
  sound: {
    zh: '证书 {{subject}}（签发者 {{issuer}}）已生效，名称与 {{asked}} 相符，证书链可信，密钥 {{key}}，签名 {{signature}}',
    en: 'the certificate {{subject}} (issued by {{issuer}}) is in force, names {{asked}}, its chain is trusted; key {{key}}, signature {{signature}}',
  },
  validThrough: {
    zh: '证书有效期至 {{until}}，覆盖 {{through}}',
    en: 'the certificate is valid until {{until}}, past {{through}}',
  },
  validThroughSoon: {
    zh: '证书有效期至 {{until}}，覆盖 {{through}}，但采集时仅剩 {{days}} 天',
    en: 'the certificate is valid until {{until}}, past {{through}}, but only {{days}} days were left when it was seen',
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
    zh: '证书 {{subject}} 的密钥类型无法识别（{{key}}，签名 {{signature}}），国密 SM2 证书须另行核验',
    en: 'the key of {{subject}} could not be read ({{key}}, signature {{signature}}); an SM2 certificate must be examined by other means',
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
  notTls: {
    zh: '端口不使用 TLS，没有证书；收到：{{saw}}',
    en: 'the port does not speak TLS and shows no certificate; it answered: {{saw}}',
  },
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要证书的入站端口',
    en: 'all declared endpoints are outbound; no inbound port needs a certificate',
  },
  nothingSeen: { zh: '没有任何入站端点的 TLS 证据', en: 'there is no TLS evidence of any inbound endpoint' },
};

type Says = keyof typeof messages;

/** The certificate of every inbound endpoint is in force, trusted, rightly named and strong, and lasts through a given date. */
export const check = defineCheck({
  id: 'tls/certificate',
  title: { zh: 'TLS 证书', en: 'TLS certificates' },
  about: {
    zh: '握手取得服务端证书链，核对有效期、名称（只看备用名称）、信任链（Mozilla 根证书列表，或平台文件声明的自有 CA）、密钥长度和签名摘要；有效期须覆盖指定日期。未检查吊销状态。',
    en: 'Takes the chain from a handshake and judges validity, names (alternative names only), trust (Mozilla’s list, or the unit’s own authority where declared), key size and signature digest; it must last through the given date. Revocation is not looked up.',
  },
  reads: ['tls', 'facts', 'platform'],
  parameters: z.strictObject({
    /** Least modulus of RSA and DSA keys, bits. */
    minRsaBits: z.int().positive().meta(stricter.higher),
    /** Least size of elliptic-curve keys, bits. */
    minEcBits: z.int().positive().meta(stricter.higher),
    /** Digests a signature must not use: `md5`, `sha1`. The signature of a root counts for nothing and is not judged. */
    weakHashes: z.array(z.string().regex(/^[a-z0-9]+$/)),
    /** The date fact that certificates must last through: the end of the validity that is asked for. */
    through: z.string().min(1),
    /** Days left at observation from which a finding that is met says so. */
    warnDays: z.int().positive().optional(),
  }),
  messages,
  remedies: {
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
    notTls: { zh: '为该端口启用 TLS，或更正平台文件', en: 'turn TLS on for the port, or correct the platform file' },
    nothingSeen: {
      zh: '在平台文件中声明入站端点并重新采集',
      en: 'declare the inbound endpoints in the platform file and collect again',
    },
  },

  judge({ tls, facts, platform }, parameters, asOf) {
    const [declared] = platform;
    if (tls.length === 0 && declared && callsOutOnly(declared.value)) return [notApplicable('outboundOnly', declared)];
    if (tls.length === 0 || !declared) return [unproven('nothingSeen', [], {}, 'tls')];
    const { timeZone } = declared.value;
    const fact = facts.find((each) => each.value.name === parameters.through);
    const through = throughOf(fact, asOf);
    return [
      ...(through ? [] : [throughUnknown(parameters.through, fact)]),
      ...tls.flatMap((endpoint) => judgeEndpoint(endpoint, { ...parameters, timeZone }, through)),
    ];
  },
});

type Parameters = {
  readonly minRsaBits: number;
  readonly minEcBits: number;
  readonly weakHashes: readonly string[];
  readonly warnDays?: number | undefined;
  readonly timeZone: string;
};

type Through = { readonly fact: Seen<Fact>; readonly date: string };

type Shown = NonNullable<Extract<Tls, { speaksTls: true }>['certificate']>;

// Where the declared date is over, a certificate must at least last until the assessment.
function throughOf(fact: Seen<Fact> | undefined, asOf: PlainDate): Through | undefined {
  if (fact?.value.value.type !== 'date') return undefined;
  const { date } = fact.value.value;
  return { fact, date: date > asOf ? date : asOf };
}

function throughUnknown(name: string, fact: Seen<Fact> | undefined): Finding<Says> {
  if (!fact) return unproven('throughMissing', [], { fact: name }, name);
  return unproven('throughNoDate', fact, { fact: name, declared: fact.value.declared });
}

function judgeEndpoint(endpoint: Seen<Tls>, parameters: Parameters, through: Through | undefined): Finding<Says>[] {
  const { value } = endpoint;
  if (!value.speaksTls) return [unmet('notTls', endpoint, { saw: value.saw })];
  const shown = value.certificate;
  const [own] = shown?.chain ?? [];
  if (!shown || !own) return [unproven('noCertificate', endpoint)];
  const defects = [
    ...notInForce(endpoint, own, parameters),
    ...nameAndTrust(endpoint, own, shown),
    // A root is trusted for being listed, not for its signature on itself.
    ...shown.chain
      .filter((each) => each === own || !each.selfSigned)
      .flatMap((each) => strength(endpoint, each, parameters)),
  ];
  const validity = through && !isOver(own, endpoint) ? [lasts(endpoint, own, parameters, through)] : [];
  return [...(defects.length > 0 ? defects : [sound(endpoint, own, shown)]), ...validity];
}

function sound(endpoint: Seen<Tls>, own: Certificate, { name }: Shown): Finding<Says> {
  const { subject, issuer, signature } = own;
  return met('sound', endpoint, {
    subject: nameOf(own),
    issuer: issuer || subject,
    asked: name.asked,
    key: keyText(own),
    signature: signature.algorithm,
  });
}

// Instants in UTC sort as text.
function isOver({ notAfter }: Certificate, { at }: Seen<unknown>): boolean {
  return notAfter < at;
}

function notInForce(endpoint: Seen<Tls>, own: Certificate, { timeZone }: Parameters): Finding<Says>[] {
  const subject = nameOf(own);
  if (isOver(own, endpoint)) return [unmet('expired', endpoint, { subject, until: dateIn(own.notAfter, timeZone) })];
  if (own.notBefore <= endpoint.at) return [];
  return [unmet('notYetValid', endpoint, { subject, from: dateIn(own.notBefore, timeZone) })];
}

function lasts(
  endpoint: Seen<Tls>,
  own: Certificate,
  { timeZone, warnDays = 0 }: Parameters,
  { fact, date }: Through,
): Finding<Says> {
  const until = lastWholeDay(own.notAfter, timeZone);
  const data = { subject: nameOf(own), until, through: date };
  if (until < date) return unmet('endsBefore', [endpoint, fact], data);
  const days = daysBetween(endpoint.on, until);
  return days <= warnDays
    ? met('validThroughSoon', [endpoint, fact], { ...data, days })
    : met('validThrough', [endpoint, fact], data);
}

function nameAndTrust(endpoint: Seen<Tls>, own: Certificate, { name, trust }: Shown): Finding<Says>[] {
  const subject = nameOf(own);
  const findings: Finding<Says>[] = [];
  if (!name.matches) {
    const names = own.names.length > 0 ? own.names.join(', ') : { zh: '无备用名称', en: 'nothing' };
    findings.push(unmet('otherName', endpoint, { subject, names, asked: name.asked }));
  }
  if (trust.state === 'unobserved')
    findings.push(unproven('trustUnknown', endpoint, { subject, detail: trust.detail }));
  if (trust.state !== 'untrusted') return findings;
  const { error } = trust;
  // Verification stops at what is said already: that this certificate is not in force.
  const isTime = error === 'CERT_HAS_EXPIRED' || error === 'CERT_NOT_YET_VALID';
  if (isTime && (isOver(own, endpoint) || own.notBefore > endpoint.at)) return findings;
  if (own.selfSigned) return [...findings, unmet('selfSigned', endpoint, { subject, error })];
  return [...findings, unmet('untrusted', endpoint, { subject, error, issuer: own.issuer })];
}

function strength(endpoint: Seen<Tls>, certificate: Certificate, parameters: Parameters): Finding<Says>[] {
  const { type, bits } = certificate.key;
  const { algorithm, hash } = certificate.signature;
  const data = { subject: nameOf(certificate), key: keyText(certificate), signature: algorithm };
  const parameter = parameterOf[type];
  const least = parameter && parameters[parameter];
  const findings: Finding<Says>[] = [];
  if (least === undefined || bits === undefined) findings.push(unproven('keyUnknown', endpoint, data));
  else if (bits < least) findings.push(unmet('weakKey', endpoint, { ...data, least }));
  if (hash === undefined) findings.push(unproven('signatureUnknown', endpoint, data));
  else if (parameters.weakHashes.includes(hash)) findings.push(unmet('weakSignature', endpoint, { ...data, hash }));
  return findings;
}

type Least = Pick<Parameters, 'minRsaBits' | 'minEcBits'>;

const parameterOf: Readonly<Record<string, keyof Least | undefined>> = {
  rsa: 'minRsaBits',
  'rsa-pss': 'minRsaBits',
  dsa: 'minRsaBits',
  ec: 'minEcBits',
  ed25519: 'minEcBits',
  ed448: 'minEcBits',
};
