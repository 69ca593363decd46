import { check } from '../../../checks/tls/protocol-versions.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import {
  type Tls,
  type TlsVersion,
  type TlsVersionState,
  tlsVersions,
  type VersionReason,
} from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';

const offered = (version: TlsVersion): TlsVersionState => ({
  version,
  state: 'offered',
  suite: 'TLS_AES_128_GCM_SHA256',
  clientCertificate: 'unknown',
});
const refused = (version: TlsVersion): TlsVersionState => ({ version, state: 'refused', answer: 'protocol_version' });
const unknown = (version: TlsVersion, reason: VersionReason = 'timed-out', detail = '10 s'): TlsVersionState => ({
  version,
  state: 'unobserved',
  reason,
  detail,
});

// Versions that are not named are refused.
const server = (...states: TlsVersionState[]) => {
  const versions = tlsVersions.map((version) => states.find((each) => each.version === version) ?? refused(version));
  return service({ speaksTls: true, versions });
};
const service = (value: Tls) => seen('tls', value, { subject: '127.0.0.1:443' });
const platform = (endpoints: PlatformDeclaration['endpoints']) => seen('platform', declaration({ endpoints }));
const named = (value: Partial<Extract<Tls, { speaksTls: true }>>) =>
  seen('tls', { ...server(offered('TLSv1.2')).value, ...value } as Tls, { subject: 'leqi.example.cn:443' });
const byName = endpoint({ address: 'leqi.example.cn' });
const second = { address: '203.0.113.10', serverName: 'leqi.example.cn', others: ['203.0.113.11'] };
const outbound = endpoint({ direction: 'outbound' });

const parameters = { allowed: ['TLSv1.3', 'TLSv1.2'], forbidden: ['TLSv1.1', 'TLSv1.0', 'SSLv3', 'SSLv2'] };

testCheck(check, parameters, '2026-03-01', {
  met: {
    'TLS 1.2 and 1.3': { tls: [server(offered('TLSv1.3'), offered('TLSv1.2'))], says: 'good' },
    'a name with a second address, which is asked for that name': {
      platform: [platform([byName, endpoint({ address: '203.0.113.11', serverName: 'leqi.example.cn' })])],
      tls: [named(second)],
    },
    'TLS 1.2 alone': { tls: [server(offered('TLSv1.2'))] },
    'another allowed version unknown': { tls: [server(offered('TLSv1.2'), unknown('TLSv1.3'))] },
    'a version unknown that is neither allowed nor forbidden': {
      tls: [server(offered('TLSv1.2'), unknown('TLSv1.1'))],
      parameters: { ...parameters, forbidden: ['TLSv1.0'] },
    },
  },
  unmet: {
    'TLS 1.0 beside 1.2': { tls: [server(offered('TLSv1.2'), offered('TLSv1.0'))], says: 'forbiddenOffered' },
    'SSL 3.0 offered and SSL 2.0 unknown': {
      tls: [server(offered('TLSv1.2'), offered('SSLv3'), unknown('SSLv2'))],
      says: ['forbiddenOffered', 'forbiddenUnknown'],
    },
    'only TLS 1.0': { tls: [server(offered('TLSv1.0'))], says: ['forbiddenOffered', 'allowedMissing'] },
    'nothing that is allowed': {
      tls: [server(offered('TLSv1.1'))],
      parameters: { ...parameters, forbidden: ['SSLv3'] },
      says: 'allowedMissing',
    },
    'plain HTTP': { tls: [service({ speaksTls: false, saw: 'HTTP/1.1 400 Bad Request' })], says: 'notTls' },
    'one endpoint of two': {
      tls: [server(offered('TLSv1.3')), server(offered('TLSv1.3'), offered('TLSv1.1'))],
      says: ['good', 'forbiddenOffered'],
    },
  },
  unproven: {
    'a name with a second address, which nobody asked': {
      platform: [platform([byName])],
      tls: [named(second)],
      says: 'elsewhere',
    },
    'the second address is declared, but asked for another name': {
      platform: [platform([byName, endpoint({ address: '203.0.113.11' })])],
      tls: [named(second)],
      says: 'elsewhere',
    },
    'TLS 1.0 not told': { tls: [server(offered('TLSv1.2'), unknown('TLSv1.0'))], says: 'forbiddenUnknown' },
    'SSL 3.0 dropped by something': {
      tls: [server(offered('TLSv1.2'), unknown('SSLv3', 'reset', 'ECONNRESET'))],
      says: 'forbiddenUnknown',
    },
    'only alerts': {
      tls: [server(unknown('TLSv1.3', 'alert', 'unrecognized_name'), unknown('TLSv1.2', 'closed', ''))],
      says: 'allowedUnknown',
    },
    'a version was never asked for': {
      tls: [service({ speaksTls: true, versions: [offered('TLSv1.2')] })],
      says: 'forbiddenUnknown',
    },
    'no evidence of an inbound endpoint': { platform: [platform([endpoint({}), outbound])], says: 'nothingSeen' },
    'no endpoint is declared': { platform: [platform([])], says: 'nothingSeen' },
  },
  'not-applicable': {
    'outbound only': { platform: [platform([outbound])], says: 'outboundOnly' },
  },
});
