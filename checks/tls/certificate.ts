import { z } from 'zod';
import { dateIn, daysBetween, lastWholeDay, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import {
  type Certificate,
  keyText,
  nameOf,
  otherClients,
  type ShownCertificate,
  type Tls,
  versionReasons,
} from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { heard } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';
import { certificateMessages, certificateRemedies } from '../shared/certificate-words.ts';
import { notAsked } from '../shared/other-addresses.ts';

type Says = keyof typeof certificateMessages;

/**
 * Every certificate that clients of an inbound endpoint may be shown under its declared name, whatever kind of key they take, is in
 * force, trusted, rightly named and strong, and lasts through a given date. What is shown to clients that send no name is told and
 * not judged where a name is declared: whoever connects by that name sends it (RFC 6066, 3; TLS 1.3 makes it mandatory to implement:
 * RFC 8446, 9.2), and a default certificate for another name, or for none, is good practice against scanners.
 */
export const check = defineCheck({
  id: 'tls/certificate',
  title: { zh: 'TLS 证书', en: 'TLS certificates' },
  about: {
    zh: '握手取得服务端证书链（含仅支持 RSA、仅支持 ECDSA 和国密 TLCP 的客户端所见），核对有效期、名称（只看备用名称）、信任链（Mozilla 根证书列表，或平台文件声明的自有 CA）、密钥长度和签名摘要；有效期须覆盖指定日期。未检查吊销状态。',
    en: 'Takes the chain from a handshake, and those for clients of RSA only, of ECDSA only and of TLCP, and judges validity, names (alternative names only), trust (Mozilla’s list, or the unit’s own authority where declared), key size and signature digest; it must last through the given date. Revocation is not looked up.',
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
  messages: certificateMessages,
  remedies: certificateRemedies,

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
      ...tls.flatMap((endpoint) => notAsked(endpoint, declared.value.endpoints)),
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
  if (!value.certificate) return [unproven('noCertificate', endpoint)];
  const { certificate, otherCertificates = [], certificateGaps = [] } = value;
  const gaps = certificateGaps.filter(({ to }) => to !== 'no-name');
  const judged = [certificate, ...otherCertificates.filter(({ to }) => to !== 'no-name')];
  const unnamed = otherCertificates.filter(({ to }) => to === 'no-name');
  return [
    ...judged.flatMap((shown) => judgeShown(endpoint, shown, { ...parameters, several: judged.length > 1 }, through)),
    ...gaps.map(({ to, reason }) =>
      unproven('otherUnknown', endpoint, { clients: otherClients[to], why: versionReasons[reason] }),
    ),
    ...unnamed.map((shown) => withoutName(endpoint, shown, certificate, parameters)),
  ];
}

function judgeShown(
  endpoint: Seen<Tls>,
  shown: ShownCertificate,
  parameters: Judging,
  through: Through | undefined,
): Finding<Says>[] {
  const own = ownIn(shown);
  const defects = [
    ...own.flatMap((each) => notInForce(endpoint, each, parameters)),
    ...own.slice(0, 1).flatMap((each) => nameAndTrust(endpoint, each, shown, parameters)),
    // A root is trusted for being listed, not for its signature on itself.
    ...shown.chain
      .filter((each) => own.includes(each) || !each.selfSigned)
      .flatMap((each) => strength(endpoint, each, parameters)),
  ];
  const validity = own.flatMap((each) =>
    through && !isOver(each, endpoint) ? [lasts(endpoint, each, parameters, through)] : [],
  );
  const good = own.slice(0, 1).map((each) => sound(endpoint, each, shown, parameters));
  return [...(defects.length > 0 ? defects : good), ...validity];
}

// A server of TLCP has two: one signs, the other encrypts (GB/T 38636-2020, 6.4.5.3).
function ownIn({ chain, version }: ShownCertificate): Certificate[] {
  return chain.slice(0, version === 'TLCPv1.1' ? 2 : 1);
}

function withoutName(
  endpoint: Seen<Tls>,
  { chain: [own] }: ShownCertificate,
  { name }: ShownCertificate,
  { timeZone }: Parameters,
): Finding<Says> {
  const until = own ? dateIn(own.notAfter, timeZone) : '-';
  const names = own?.names.join(', ') || '-';
  return notApplicable('withoutName', endpoint, { subject: own ? nameOf(own) : '-', names, until, asked: name.asked });
}

/** `several`: subjects alone would not tell the certificates of this endpoint apart. */
type Judging = Parameters & { readonly several: boolean };

function labelOf(certificate: Certificate, { several }: Judging): string {
  return several ? `${nameOf(certificate)} [${keyText(certificate)}]` : nameOf(certificate);
}

function sound(endpoint: Seen<Tls>, own: Certificate, { name }: ShownCertificate, judging: Judging): Finding<Says> {
  const { subject, issuer, signature } = own;
  return met('sound', endpoint, {
    subject: labelOf(own, judging),
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

function notInForce(endpoint: Seen<Tls>, own: Certificate, judging: Judging): Finding<Says>[] {
  const { timeZone } = judging;
  const subject = labelOf(own, judging);
  if (isOver(own, endpoint)) return [unmet('expired', endpoint, { subject, until: dateIn(own.notAfter, timeZone) })];
  if (own.notBefore <= endpoint.at) return [];
  return [unmet('notYetValid', endpoint, { subject, from: dateIn(own.notBefore, timeZone) })];
}

function lasts(endpoint: Seen<Tls>, own: Certificate, judging: Judging, { fact, date }: Through): Finding<Says> {
  const { timeZone, warnDays = 0 } = judging;
  const until = lastWholeDay(own.notAfter, timeZone);
  const data = { subject: labelOf(own, judging), until, through: date };
  if (until < date) return unmet('endsBefore', [endpoint, fact], data);
  const days = daysBetween(endpoint.on, until);
  return days <= warnDays
    ? met('validThroughSoon', [endpoint, fact], { ...data, days })
    : met('validThrough', [endpoint, fact], data);
}

function nameAndTrust(
  endpoint: Seen<Tls>,
  own: Certificate,
  { name, trust }: ShownCertificate,
  judging: Judging,
): Finding<Says>[] {
  const subject = labelOf(own, judging);
  const findings: Finding<Says>[] = [];
  if (!name.matches) {
    const names = own.names.length > 0 ? own.names.join(', ') : { zh: '无备用名称', en: 'nothing' };
    findings.push(unmet('otherName', endpoint, { subject, names, asked: name.asked }));
  }
  if (trust.state === 'unobserved')
    findings.push(unproven('trustUnknown', endpoint, { subject, detail: heard(trust.detail) }));
  if (trust.state !== 'untrusted') return findings;
  const { error } = trust;
  // Verification stops at what is said already: that this certificate is not in force.
  const isTime = error === 'CERT_HAS_EXPIRED' || error === 'CERT_NOT_YET_VALID';
  if (isTime && (isOver(own, endpoint) || own.notBefore > endpoint.at)) return findings;
  if (own.selfSigned) return [...findings, unmet('selfSigned', endpoint, { subject, error })];
  return [...findings, unmet('untrusted', endpoint, { subject, error, issuer: own.issuer })];
}

function strength(endpoint: Seen<Tls>, certificate: Certificate, parameters: Judging): Finding<Says>[] {
  const { type, bits } = certificate.key;
  const { algorithm, hash } = certificate.signature;
  const data = { subject: labelOf(certificate, parameters), key: keyText(certificate), signature: algorithm };
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
  sm2: 'minEcBits',
};
