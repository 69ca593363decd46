import { check } from '../../../checks/tls/plain-text-ports.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import type { Tls } from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { openPort, portScan } from '../../support/port-scans.ts';

const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];
const web = platform(endpoint());
const outbound = endpoint({ direction: 'outbound' });

const service = (value: Tls, subject = '203.0.113.10:443') => seen('tls', value, { subject });
const speaks: Tls = {
  speaksTls: true,
  versions: [{ version: 'TLSv1.3', state: 'offered', suite: 'TLS_AES_128_GCM_SHA256', clientCertificate: 'unknown' }],
};
const plain: Tls = { speaksTls: false, saw: 'HTTP/1.1 400 Bad Request' };
const alertsOnly: Tls = {
  speaksTls: true,
  versions: [{ version: 'TLSv1.3', state: 'unobserved', reason: 'alert', detail: 'unrecognized_name' }],
};

const steady = { port: 443, asked: 4, answered: 4, lost: '' };

const parameters = {
  clear: { FTP: { ports: [21], speaks: ['ftp'] }, HTTP: { ports: [80, 8080], speaks: ['http'] } },
};

testCheck(check, parameters, '2026-03-01', {
  met: {
    'TLS, and nothing beside it': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443])],
      says: ['encrypted', 'noOther'],
    },
    'TLS on a declared port 80': {
      platform: platform(endpoint({ port: 80 })),
      tls: [service(speaks, '203.0.113.10:80')],
      openPorts: [portScan([80])],
    },
    'other ports that were heard to encrypt': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [
        portScan([
          openPort(22, { service: 'ssh', by: 'answer' }),
          443,
          openPort(8080, { service: 'http', by: 'answer', tls: true }),
          openPort(9444, { tls: true, by: 'nmap' }),
        ]),
      ],
      says: ['encrypted', 'noOther'],
    },
    'a firewall drops the rest, and the declared port answered to the end': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443], { closed: '', filtered: '1-442,444-65535', steady })],
      says: ['encrypted', 'noOtherAnswers'],
    },
    'TLS on loopback': {
      platform: platform(endpoint({ address: '127.0.0.1' })),
      tls: [service(speaks, '127.0.0.1:443')],
      openPorts: [portScan([443], { address: '127.0.0.1', loopback: true }, { subject: '127.0.0.1' })],
    },
  },
  unmet: {
    'a declared endpoint in clear text': {
      platform: web,
      tls: [service(plain)],
      openPorts: [portScan([443])],
      says: ['notTls', 'noOther'],
    },
    'a declared port 80 that answers in HTTP': {
      platform: platform(endpoint(), endpoint({ port: 80 })),
      tls: [service(speaks), service(plain, '203.0.113.10:80')],
      openPorts: [portScan([80, 443])],
      says: ['encrypted', 'notTls', 'noOther'],
    },
    'clear text, with control characters in it': {
      platform: web,
      tls: [service({ speaksTls: false, saw: '\u001b[2J220 \u202eftp' })],
      openPorts: [],
      says: 'notTls',
    },
  },
  unproven: {
    'port 80 beside it': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([80, 443])],
      says: ['encrypted', 'clearOpen'],
    },
    'a page in clear text on an unusual number': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443, openPort(9999, { service: 'http', by: 'answer', product: 'nginx' })])],
      says: ['encrypted', 'clearOpen'],
    },
    'a database, which may encrypt or not': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443, openPort(5432, { service: 'postgresql', by: 'answer' })])],
      says: ['encrypted', 'otherOpen'],
    },
    'a number of SSH that nobody asked': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443, openPort(22, { service: 'ssh', by: 'number' })])],
      says: 'otherOpen',
    },
    'the scanner was shut out': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443], { closed: '', filtered: '1-442,444-65535', steady: { ...steady, answered: 1 } })],
      says: 'disturbed',
    },
    'a port that nobody asked': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443, 9999])],
      says: 'otherOpen',
    },
    'the platform declares nothing': {
      tls: [service(speaks)],
      openPorts: [portScan([21, 443])],
      says: ['encrypted', 'clearOpen', 'otherOpen'],
    },
    'alerts only': {
      platform: web,
      tls: [service(alertsOnly)],
      openPorts: [portScan([443])],
      says: 'noHandshake',
    },
    'TLS that is there for those who ask': {
      platform: web,
      tls: [service({ ...speaks, startTls: 'postgresql' })],
      openPorts: [portScan([443])],
      says: ['optional', 'noOther'],
    },
    'nmap is absent': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443], { method: 'connect', scanned: '80,443', closed: '80', complete: false })],
      says: 'notFull',
    },
    'port 80 gives no answer': {
      platform: web,
      tls: [service(speaks)],
      openPorts: [portScan([443], { closed: '1-79,81-65535', filtered: '80' })],
      says: 'silent',
    },
    'a name that is loopback to the scanner': {
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      tls: [service(speaks, 'leqi.example.cn:443')],
      openPorts: [portScan([443], { address: '127.0.0.1', loopback: true }, { subject: 'leqi.example.cn' })],
      says: 'nameAtLoopback',
    },
    'a port that serves both': {
      platform: web,
      tls: [service({ ...speaks, inClear: 'HTTP/1.1 200 OK' })],
      openPorts: [portScan([443])],
      says: ['bothWays', 'noOther'],
    },
    'a name with a second address, which nobody asked': {
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      tls: [service({ ...speaks, others: ['203.0.113.11'] }, 'leqi.example.cn:443')],
      openPorts: [portScan([443], { others: ['203.0.113.11'] }, { subject: 'leqi.example.cn' })],
      says: ['encrypted', 'elsewhere'],
    },
    'nothing was observed': { platform: web, says: 'nothingSeen' },
  },
  'not-applicable': { 'outbound only': { platform: platform(outbound), says: 'outboundOnly' } },
});
