import { check } from '../../../checks/tls/cipher-suites.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { type Tls, type TlsVersion, type TlsVersionState, tlsVersions } from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';

type Offered = Extract<TlsVersionState, { state: 'offered' }>;
type More = Omit<Partial<Offered>, 'suites'> & {
  order?: 'server' | 'client' | 'unknown';
  chosen?: string[];
  gap?: 'timed-out';
};

const offered = (
  version: TlsVersion,
  accepted: string[],
  { order = 'server', chosen, gap, ...more }: More = {},
): Offered => ({
  version,
  state: 'offered',
  suite: accepted[0] ?? '0x0000',
  clientCertificate: 'not-asked',
  suites: { accepted, order, ...(chosen ? { chosen } : {}), ...(gap ? { gap: { reason: gap, detail: '10 s' } } : {}) },
  ...more,
});
const refused = (version: TlsVersion): TlsVersionState => ({ version, state: 'refused', answer: 'protocol_version' });
const unknown = (version: TlsVersion): TlsVersionState => ({
  version,
  state: 'unobserved',
  reason: 'closed',
  detail: '',
});

// Versions that are not named are refused.
const server = (...states: TlsVersionState[]) =>
  service({
    speaksTls: true,
    versions: tlsVersions.map((version) => states.find((each) => each.version === version) ?? refused(version)),
  });
const service = (value: Tls) => seen('tls', value, { subject: '127.0.0.1:443' });
const platform = (endpoints: PlatformDeclaration['endpoints']) => seen('platform', declaration({ endpoints }));

const tls13 = offered('TLSv1.3', ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256']);
const ecdhe = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const dhe = 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256';
const rsa = 'TLS_RSA_WITH_AES_128_GCM_SHA256';
const tls12 = (...suites: string[]) => [tls13, offered('TLSv1.2', suites)] as const;
const withGroups = (accepted: string[], complete = true) => ({ ...tls13, groups: { accepted, complete } });

const parameters = {
  forbid: ['null', 'anonymous', 'export', 'rc4', 'rc2', 'des', '3des', 'idea', 'md5'],
  forwardSecrecy: 'preferred',
  minDhBits: 2048,
};

testCheck(check, parameters, '2026-03-01', {
  met: {
    'TLS 1.3 alone': { tls: [server(tls13)], says: 'good' },
    'static RSA after ECDHE': { tls: [server(...tls12(ecdhe, rsa))] },
    'static RSA first in the list, but the client decides': {
      tls: [server(tls13, offered('TLSv1.2', [rsa, ecdhe], { order: 'client' }))],
    },
    'a prime of 2048 bits': { tls: [server(tls13, offered('TLSv1.2', [ecdhe, dhe], { dhBits: 2048 }))] },
    'SM4 in TLS 1.3 (RFC 8998)': { tls: [server(offered('TLSv1.3', ['TLS_SM4_GCM_SM3']))] },
    'TLCP beside TLS 1.2, without forward secrecy, as its standard has it': {
      tls: [server(...tls12(ecdhe), offered('TLCPv1.1', ['ECC_SM4_GCM_SM3', 'ECC_SM4_CBC_SM3']))],
    },
    'TLCP is not told': { tls: [server(tls13, unknown('TLCPv1.1'))] },
    'listed suites and groups only': {
      tls: [server(withGroups(['X25519MLKEM768', 'x25519']))],
      parameters: {
        ...parameters,
        only: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
        groups: ['X25519MLKEM768', 'x25519', 'secp256r1'],
      },
    },
    'no order, but forward secrecy is chosen whatever stands first': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe, rsa], { order: 'unknown', chosen: [ecdhe] }))],
    },
    'groups incomplete, where none are asked': { tls: [server(withGroups(['x25519'], false))] },
  },
  unmet: {
    '3DES among good ones': { tls: [server(...tls12(ecdhe, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'))], says: 'weak' },
    'RC4 with MD5': { tls: [server(...tls12(ecdhe, 'TLS_RSA_WITH_RC4_128_MD5'))], says: 'weak' },
    'no encryption': { tls: [server(...tls12(ecdhe, 'TLS_ECDHE_RSA_WITH_NULL_SHA'))], says: 'weak' },
    'no encryption in TLS 1.3 (RFC 9150)': { tls: [server(offered('TLSv1.3', ['TLS_SHA256_SHA256']))], says: 'weak' },
    anonymous: { tls: [server(...tls12(ecdhe, 'TLS_ECDH_anon_WITH_AES_256_CBC_SHA'))], says: 'weak' },
    'export grade': { tls: [server(...tls12(ecdhe, 'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA'))], says: 'weak' },
    'kinds of SSL 2.0': { tls: [server(tls13, offered('SSLv2', ['SSL_CK_RC4_128_WITH_MD5']))], says: 'weak' },
    'no more than static RSA': { tls: [server(...tls12(rsa))], says: 'noForwardSecrecy' },
    'static RSA preferred': { tls: [server(...tls12(rsa, ecdhe))], says: 'forwardSecrecyLast' },
    'static RSA where forward secrecy is required': {
      tls: [server(...tls12(ecdhe, rsa))],
      parameters: { ...parameters, forwardSecrecy: 'required' },
      says: 'weak',
    },
    'a prime of 1024 bits': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe, dhe], { dhBits: 1024 }))],
      says: 'smallPrime',
    },
    'a suite that is not listed': {
      tls: [server(tls13)],
      parameters: { ...parameters, only: ['TLS_AES_256_GCM_SHA384'] },
      says: 'notListed',
    },
    'a group that is not listed': {
      tls: [server(withGroups(['x25519', 'secp192r1']))],
      parameters: { ...parameters, groups: ['x25519'] },
      says: 'weakGroups',
    },
    'weak, and not asked to the end': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe, 'TLS_RSA_WITH_RC4_128_SHA'], { gap: 'timed-out' }))],
      says: ['weak', 'incomplete'],
    },
    'plain HTTP': { tls: [service({ speaksTls: false, saw: 'HTTP/1.1 400 Bad Request' })], says: 'notTls' },
  },
  unproven: {
    'silence amid the suites': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe], { gap: 'timed-out' }))],
      says: 'incomplete',
    },
    'a version that could not be told': { tls: [server(tls13, unknown('TLSv1.0'))], says: 'incomplete' },
    'evidence from before suites were asked': {
      tls: [
        server({ version: 'TLSv1.3', state: 'offered', suite: 'TLS_AES_128_GCM_SHA256', clientCertificate: 'unknown' }),
      ],
      says: 'notAsked',
    },
    'a version is offered, yet none of its suites was found': { tls: [server(...tls12())], says: 'notAsked' },
    'a suite without a name': { tls: [server(...tls12(ecdhe, '0xFA17'))], says: 'unnamed' },
    'DHE of unknown size': { tls: [server(...tls12(ecdhe, dhe))], says: 'primeUnknown' },
    'groups incomplete, where they are asked': {
      tls: [server(withGroups(['x25519'], false))],
      parameters: { ...parameters, groups: ['x25519'] },
      says: 'groupsUnknown',
    },
    'no order, and static RSA among the suites': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe, rsa], { order: 'unknown' }))],
      says: 'preferenceUnknown',
    },
    'static RSA is chosen at times': {
      tls: [server(tls13, offered('TLSv1.2', [ecdhe, rsa], { order: 'unknown', chosen: [ecdhe, rsa] }))],
      says: 'preferenceUnknown',
    },
    'a name with a second address, which nobody asked': {
      platform: [platform([endpoint({ address: '127.0.0.1' })])],
      tls: [service({ ...server(tls13).value, others: ['203.0.113.11'] } as Tls)],
      says: 'elsewhere',
    },
    'no version is offered': { tls: [server()], says: 'noVersion' },
    'no evidence of an inbound endpoint': { platform: [platform([endpoint({})])], says: 'nothingSeen' },
  },
  'not-applicable': {
    'outbound only': { platform: [platform([endpoint({ direction: 'outbound' })])], says: 'outboundOnly' },
  },
});
