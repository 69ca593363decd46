import { check } from '../../../checks/tls/certificate.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import type { Certificate, Tls } from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';

type Speaking = Extract<Tls, { speaksTls: true }>;
type Shown = NonNullable<Speaking['certificate']>;
type Other = NonNullable<Speaking['otherCertificates']>[number];

const leaf: Certificate = {
  subject: 'CN=leqi.example.cn',
  issuer: 'CN=Example Issuing CA',
  names: ['DNS:leqi.example.cn'],
  serial: '0A',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-06-30T15:59:59Z',
  key: { type: 'rsa', bits: 2048 },
  signature: { algorithm: 'sha256WithRSAEncryption', hash: 'sha256' },
  sha256: 'a'.repeat(64),
  selfSigned: false,
};
const issuing: Certificate = { ...leaf, subject: 'CN=Example Issuing CA', issuer: 'CN=Example Root', names: [] };
const root: Certificate = { ...issuing, subject: 'CN=Example Root', selfSigned: true };
const sha1 = { algorithm: 'sha1WithRSAEncryption', hash: 'sha1' };

const shown = (value: Partial<Certificate> = {}, more: Partial<Shown> = {}): Tls => ({
  speaksTls: true,
  versions: [],
  certificate: {
    chain: [{ ...leaf, ...value }, issuing],
    trust: { state: 'trusted', anchors: 'public' },
    name: { asked: 'leqi.example.cn', matches: true },
    ...more,
  },
});
const ecdsa: Partial<Certificate> = {
  key: { type: 'ec', bits: 256, curve: 'prime256v1' },
  signature: { algorithm: 'ecdsa-with-SHA256', hash: 'sha256' },
  sha256: 'b'.repeat(64),
};
const sm2: Partial<Certificate> = {
  key: { type: 'sm2', bits: 256, curve: 'SM2' },
  signature: { algorithm: 'SM2-with-SM3', hash: 'sm3' },
};
const notVerified: Shown['trust'] = { state: 'unobserved', detail: '不能验证 SM2 签名 | SM2 cannot be verified' };

const other = (to: Other['to'], value: Partial<Certificate> = {}, more: Partial<Other> = {}): Other => ({
  to,
  chain: [{ ...leaf, ...value }, issuing],
  version: 'TLSv1.3',
  trust: { state: 'trusted', anchors: 'public' },
  name: { asked: 'leqi.example.cn', matches: true },
  ...more,
});
const beside = (others: readonly Other[], more: Partial<Speaking> = {}): Tls => ({
  speaksTls: true,
  versions: [],
  certificate: {
    chain: [leaf, issuing],
    version: 'TLSv1.3',
    trust: { state: 'trusted', anchors: 'public' },
    name: { asked: 'leqi.example.cn', matches: true },
  },
  otherCertificates: [...others],
  ...more,
});
const signsAndEncrypts = [
  { ...leaf, ...sm2 },
  { ...leaf, ...sm2, serial: '0B', sha256: 'c'.repeat(64) },
  { ...issuing, ...sm2 },
];

const on = (value: Tls) => [seen('tls', value, { subject: '203.0.113.10:443', on: '2026-03-01' })];
const untrusted = (error: string): Partial<Shown> => ({ trust: { state: 'untrusted', anchors: 'public', error } });

const validity = (value: Fact['value']) => [
  seen('facts', { name: 'validity-end', value, declared: '2027-06-30' }, { subject: 'validity-end' }),
];
const facts = validity({ type: 'date', date: '2027-06-30' });
const platform = [seen('platform', declaration({ endpoints: [endpoint()] }))];
const usual = { facts, platform };

const parameters = { minRsaBits: 2048, minEcBits: 256, weakHashes: ['md5', 'sha1'], through: 'validity-end' };

testCheck(check, parameters, '2026-03-01', {
  met: {
    // 15:59:59 UTC is 23:59:59 in Shanghai: still the 30th.
    'valid to the last second of the last day': { ...usual, tls: on(shown()), says: ['sound', 'validThrough'] },
    'private authority that is declared': {
      ...usual,
      tls: on(shown({}, { trust: { state: 'trusted', anchors: 'declared' } })),
    },
    'curve and EdDSA': {
      ...usual,
      tls: [
        ...on(shown({ key: { type: 'ec', bits: 256, curve: 'prime256v1' } })),
        ...on(shown({ key: { type: 'ed25519', bits: 256 }, signature: { algorithm: 'ED25519', hash: 'intrinsic' } })),
      ],
    },
    'a root that signs itself with SHA-1': {
      ...usual,
      tls: on(shown({}, { chain: [leaf, issuing, { ...root, signature: sha1, key: { type: 'rsa', bits: 1024 } }] })),
    },
    'subject without a name': { ...usual, tls: on(shown({ subject: '' })) },
    'RSA and ECDSA, both sound': {
      ...usual,
      tls: on(beside([other('ecdsa', ecdsa)])),
      says: ['sound', 'validThrough'],
    },
    'without a name, an expired one of another name: not judged': {
      ...usual,
      tls: on(
        beside([
          other(
            'no-name',
            { names: [], notAfter: '2020-01-01T00:00:00Z', selfSigned: true, key: { type: 'rsa', bits: 1024 } },
            {
              trust: { state: 'untrusted', anchors: 'public', error: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
              name: { asked: '203.0.113.10', matches: false },
            },
          ),
        ]),
      ),
      says: ['sound', 'withoutName'],
    },
    'what is shown without a name could not be asked': {
      ...usual,
      tls: on(beside([], { certificateGaps: [{ to: 'no-name', reason: 'reset', detail: '' }] })),
    },
    'few days left': {
      ...usual,
      tls: on(shown()),
      parameters: { ...parameters, warnDays: 600 },
      says: 'validThroughSoon',
    },
  },
  unmet: {
    'ends the day before, in local time': {
      ...usual,
      tls: on(shown({ notAfter: '2027-06-29T15:59:59Z' })),
      says: ['sound', 'endsBefore'],
    },
    'ends in the course of the last day': {
      ...usual,
      tls: on(shown({ notAfter: '2027-06-30T04:00:00Z' })),
      says: ['sound', 'endsBefore'],
    },
    'ended between observation and assessment, though after the declared date': {
      platform,
      facts: validity({ type: 'date', date: '2026-03-10' }),
      tls: on(shown({ notAfter: '2026-04-01T15:59:59Z' })),
      asOf: '2026-05-01',
      says: 'endsBefore',
    },
    expired: {
      ...usual,
      tls: on(shown({ notAfter: '2026-03-01T01:59:59Z' }, untrusted('CERT_HAS_EXPIRED'))),
      says: 'expired',
    },
    'not yet valid': {
      ...usual,
      tls: on(shown({ notBefore: '2026-03-01T02:00:01Z' }, untrusted('CERT_NOT_YET_VALID'))),
      says: 'notYetValid',
    },
    'an intermediate has expired': {
      ...usual,
      tls: on(shown({}, untrusted('CERT_HAS_EXPIRED'))),
      says: 'untrusted',
    },
    'self-signed, wrong name, weak key, weak signature': {
      ...usual,
      tls: on(
        shown(
          { selfSigned: true, key: { type: 'rsa', bits: 1024 }, signature: sha1 },
          {
            ...untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'),
            name: { asked: '203.0.113.10', matches: false },
          },
        ),
      ),
      says: ['selfSigned', 'otherName', 'weakKey', 'weakSignature'],
    },
    'no alternative name at all': {
      ...usual,
      tls: on(shown({ names: [] }, { name: { asked: 'leqi.example.cn', matches: false } })),
      says: 'otherName',
    },
    'intermediate signed with SHA-1': {
      ...usual,
      tls: on(shown({}, { chain: [leaf, { ...issuing, signature: sha1 }] })),
      says: 'weakSignature',
    },
    'short curve': {
      ...usual,
      tls: on(shown({ key: { type: 'ec', bits: 192, curve: 'prime192v1' } })),
      says: 'weakKey',
    },
    'private authority, not declared': {
      ...usual,
      tls: on(shown({}, untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))),
      says: 'untrusted',
    },
    'expired, and nothing says until when it should last': {
      platform,
      tls: on(shown({ notAfter: '2026-02-01T00:00:00Z' })),
      says: ['expired', 'throughMissing'],
    },
    'a sound RSA certificate beside an expired one of ECDSA': {
      ...usual,
      tls: on(
        beside([
          other(
            'ecdsa',
            { ...ecdsa, notAfter: '2026-02-01T00:00:00Z' },
            { trust: { state: 'untrusted', anchors: 'public', error: 'CERT_HAS_EXPIRED' } },
          ),
        ]),
      ),
      says: ['sound', 'expired'],
    },
    'a weak RSA key for old clients': {
      ...usual,
      tls: on(beside([other('rsa', { key: { type: 'rsa', bits: 1024 } })])),
      says: 'weakKey',
    },
    'the TLCP certificate for encryption has expired': {
      ...usual,
      tls: on(
        beside([
          other(
            'tlcp',
            {},
            {
              version: 'TLCPv1.1',
              chain: signsAndEncrypts.with(1, { ...leaf, ...sm2, notAfter: '2026-02-01T00:00:00Z' }),
              trust: notVerified,
            },
          ),
        ]),
      ),
      says: ['expired', 'trustUnknown', 'validThrough'],
    },
    'no TLS': { ...usual, tls: on({ speaksTls: false, saw: 'SSH-2.0-OpenSSH_9.2' }), says: 'notTls' },
  },
  unproven: {
    'a name with a second address, which nobody asked': {
      platform,
      facts: validity({ type: 'date', date: '2026-03-10' }),
      tls: on({ ...shown(), others: ['203.0.113.11'] } as Tls),
      says: ['sound', 'elsewhere'],
    },
    'no date to last through': { platform, tls: on(shown()), says: ['throughMissing', 'sound'] },
    'the date is no date': {
      platform,
      facts: validity({ type: 'text', text: '三年' }),
      tls: on(shown()),
      says: 'throughNoDate',
    },
    'no certificate came': { ...usual, tls: on({ speaksTls: true, versions: [] }), says: 'noCertificate' },
    'chain not verified': {
      ...usual,
      tls: on(shown({}, { trust: { state: 'unobserved', detail: 'ca.pem: ENOENT' } })),
      says: 'trustUnknown',
    },
    'SM2 as evidence had it before': {
      ...usual,
      tls: on(shown({ key: { type: 'unknown' }, signature: { algorithm: 'SM2-with-SM3', hash: 'sm3' } })),
      says: 'keyUnknown',
    },
    'SM2 only: two certificates that are named, and cannot be verified': {
      ...usual,
      tls: on(shown({}, { version: 'TLCPv1.1', chain: signsAndEncrypts, trust: notVerified })),
      says: ['trustUnknown', 'validThrough'],
    },
    'TLCP beside a sound certificate': {
      ...usual,
      tls: on(beside([other('tlcp', {}, { version: 'TLCPv1.1', chain: signsAndEncrypts, trust: notVerified })])),
      says: ['sound', 'trustUnknown'],
    },
    'the certificate for clients of another key could not be had': {
      ...usual,
      tls: on(beside([], { certificateGaps: [{ to: 'ecdsa', reason: 'reset', detail: 'ECONNRESET' }] })),
      says: ['sound', 'otherUnknown'],
    },
    'PSS, whose digest stands in its parameters': {
      ...usual,
      tls: on(shown({ signature: { algorithm: 'rsassaPss' } })),
      says: 'signatureUnknown',
    },
    'nothing seen': { ...usual, tls: [], says: 'nothingSeen' },
  },
  'not-applicable': {
    'outbound only': {
      facts,
      platform: [seen('platform', declaration({ endpoints: [endpoint({ direction: 'outbound' })] }))],
      says: 'outboundOnly',
    },
  },
});
