import { check } from '../../../checks/network/exposed-ports.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { portScan } from '../../support/port-scans.ts';

const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];
const web = platform(endpoint());
const outbound = endpoint({ port: 8443, direction: 'outbound' });
const loopback = { address: '127.0.0.1', loopback: true };
const local = platform(endpoint({ address: '127.0.0.1' }));

const parameters = { sensitive: { SSH: [22], PostgreSQL: [5432], Redis: [6379] } };

testCheck(check, parameters, '2026-03-01', {
  met: {
    'only the declared port': { platform: web, openPorts: [portScan([443])], says: 'onlyDeclared' },
    'nothing at all': { platform: web, openPorts: [portScan([])], says: 'onlyDeclared' },
    'only the declared port gives no answer': {
      platform: web,
      openPorts: [portScan([], { closed: '1-442,444-65535', filtered: '443' })],
    },
    'two addresses, each with its port': {
      platform: platform(endpoint(), endpoint({ address: '203.0.113.11', port: 8443 })),
      openPorts: [portScan([443]), portScan([8443], { address: '203.0.113.11' }, { subject: '203.0.113.11' })],
    },
    'IPv6 in another spelling': {
      platform: platform(endpoint({ address: '2001:DB8:0::1' })),
      openPorts: [portScan([443], { address: '2001:db8::1' }, { subject: '2001:db8::1' })],
    },
    'one port declared by the name, another by the address it has': {
      platform: platform(endpoint({ address: 'leqi.example.cn' }), endpoint({ port: 8443 })),
      openPorts: [portScan([443, 8443], {}, { subject: 'leqi.example.cn' }), portScan([443, 8443])],
    },
    'a declared loopback address': {
      platform: local,
      openPorts: [portScan([443], loopback, { subject: '127.0.0.1' })],
    },
  },
  unmet: {
    'a database': { platform: web, openPorts: [portScan([443, 5432])], says: 'sensitiveOpen' },
    'a port that nobody declared': { platform: web, openPorts: [portScan([443, 9999])], says: 'undeclaredOpen' },
    'both, found by the short scan without nmap': {
      platform: web,
      openPorts: [
        portScan([22, 443, 8080], { method: 'connect', scanned: '22,443,8080', closed: '', complete: false }),
      ],
      says: ['sensitiveOpen', 'undeclaredOpen', 'notFull'],
    },
    'declared as outbound only': {
      platform: platform(endpoint(), outbound),
      openPorts: [portScan([443, 8443])],
      says: 'undeclaredOpen',
    },
    'declared at another address': {
      platform: platform(endpoint(), endpoint({ address: '203.0.113.11', port: 6379 })),
      openPorts: [portScan([443, 6379]), portScan([], { address: '203.0.113.11' }, { subject: '203.0.113.11' })],
      says: ['sensitiveOpen', 'onlyDeclared'],
    },
    'closed to one zone, open to another': {
      platform: web,
      openPorts: [portScan([443]), portScan([443, 22], {}, { zone: '办公网' })],
      says: ['onlyDeclared', 'sensitiveOpen'],
    },
    'open and closed at once': {
      platform: web,
      openPorts: [portScan([443, 5432], { closed: '1-65535', filtered: '5432' })],
      says: 'sensitiveOpen',
    },
  },
  unproven: {
    'nmap is absent': {
      platform: web,
      openPorts: [portScan([443], { method: 'connect', scanned: '22,443', closed: '22', complete: false })],
      says: 'notFull',
    },
    'all that the platform file asks for, but not all ports': {
      platform: web,
      openPorts: [portScan([443], { scanned: '1-1024', closed: '1-442,444-1024' })],
      says: 'notFull',
    },
    'called incomplete although every port is told': {
      platform: web,
      openPorts: [portScan([443], { complete: false })],
      says: 'notFull',
    },
    'a firewall drops the rest': {
      platform: web,
      openPorts: [portScan([443], { closed: '', filtered: '1-442,444-65535' })],
      says: 'silent',
    },
    'one port without an answer': {
      platform: web,
      openPorts: [portScan([443], { closed: '1-6378,6380-65535', filtered: '6379' })],
      says: 'silent',
    },
    'states that were not told': { platform: web, openPorts: [portScan([443], { closed: '' })], says: 'silent' },
    'ranges that are none': {
      platform: web,
      openPorts: [portScan([443], { closed: '65535-1,0,70000-99999' })],
      says: 'silent',
    },
    'every port open: something answers for it': {
      platform: web,
      openPorts: [
        portScan(
          Array.from({ length: 65_535 }, (_, index) => index + 1),
          { closed: '' },
        ),
      ],
      says: 'answersForAll',
    },
    'a name that is loopback to the scanner': {
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      openPorts: [portScan([443], loopback, { subject: 'leqi.example.cn' })],
      says: 'nameAtLoopback',
    },
    'a database on loopback': {
      platform: local,
      openPorts: [portScan([443, 5432], loopback, { subject: '127.0.0.1' })],
      says: 'loopbackOpen',
    },
    'a database port declared as an endpoint': {
      platform: platform(endpoint({ port: 5432 })),
      openPorts: [portScan([5432])],
      says: 'declaredSensitive',
    },
    'no scan': { platform: web, says: 'nothingSeen' },
    'nothing is declared': { openPorts: [portScan([443])], says: 'nothingSeen' },
  },
  'not-applicable': { 'outbound only': { platform: platform(outbound), says: 'outboundOnly' } },
});
