import { check } from '../../../checks/network/bureau-interface.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { type Tls, type TlsVersion, tlsVersions } from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';

const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];
const bureau = endpoint({ port: 8443, serves: 'bureau' });

const at = (value: Tls, subject = '203.0.113.10:8443') => seen('tls', value, { subject });
const speaking = (...offered: TlsVersion[]): Tls => ({
  speaksTls: true,
  versions: tlsVersions.map((version) =>
    offered.includes(version)
      ? { version, state: 'offered', suite: 'TLS_AES_128_GCM_SHA256', clientCertificate: 'asked' }
      : { version, state: 'unobserved', reason: 'timed-out', detail: '10 s' },
  ),
});
const plain: Tls = { speaksTls: false, saw: 'HTTP/1.1 200 OK' };

testCheck(check, {}, '2026-03-01', {
  met: {
    'it answers over TLS, and asks for a certificate': {
      platform: platform(bureau),
      tls: [at(speaking('TLSv1.3', 'TLSv1.2'))],
      says: 'answers',
    },
    'another port speaks plain text, which is another check’s concern': {
      platform: platform(bureau, endpoint()),
      tls: [at(speaking('TLSv1.2')), at(plain, '203.0.113.10:443')],
    },
  },
  unmet: {
    'it speaks plain text': { platform: platform(bureau), tls: [at(plain)], says: 'notTls' },
    'from another zone it speaks plain text': {
      platform: platform(bureau),
      tls: [at(speaking('TLSv1.3')), { ...at(plain), zone: 'outside' }],
      says: ['answers', 'notTls'],
    },
    'one of two speaks plain text': {
      platform: platform(bureau, endpoint({ port: 9443, serves: 'bureau' })),
      tls: [at(speaking('TLSv1.3')), at(plain, '203.0.113.10:9443')],
      says: ['answers', 'notTls'],
    },
  },
  unproven: {
    'none is declared': { platform: platform(endpoint()), tls: [], says: 'notDeclared' },
    'no platform is declared': { tls: [at(speaking('TLSv1.3'))], says: 'notDeclared' },
    'what is declared only calls out': {
      platform: platform(endpoint({ serves: 'bureau', direction: 'outbound' })),
      tls: [],
      says: 'notDeclared',
    },
    'another port answers': {
      platform: platform(bureau),
      tls: [at(speaking('TLSv1.3'), '203.0.113.10:443')],
      says: 'notSeen',
    },
    'no version could be made out': { platform: platform(bureau), tls: [at(speaking())], says: 'noVersion' },
  },
});
