import { check } from '../../../checks/network/exposed-ports.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { openPort, portScan } from '../../support/port-scans.ts';

const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];
const web = platform(endpoint());
const outbound = endpoint({ port: 8443, direction: 'outbound' });
const loopback = { address: '127.0.0.1', loopback: true };
const local = platform(endpoint({ address: '127.0.0.1' }));

// A firewall that drops all but port 443, and a scanner that it did not mind.
const dropped = { closed: '', filtered: '1-442,444-65535' };
const steady = { port: 443, asked: 6, answered: 6, lost: '' };

const parameters = {
  sensitive: {
    SSH: { ports: [22], speaks: ['ssh'] },
    MySQL: { ports: [3306], speaks: ['mysql'] },
    PostgreSQL: { ports: [5432], speaks: ['postgresql'] },
    Redis: { ports: [6379], speaks: ['redis'] },
    Nacos: { ports: [8848], speaks: ['http'] },
  },
};

testCheck(check, parameters, '2026-03-01', {
  met: {
    'only the declared port': { platform: web, openPorts: [portScan([443])], says: 'onlyDeclared' },
    'nothing at all': { platform: web, openPorts: [portScan([])], says: 'onlyDeclared' },
    'only the declared port gives no answer': {
      platform: web,
      openPorts: [portScan([], { closed: '1-442,444-65535', filtered: '443' })],
    },
    'a firewall drops the rest, and the declared port answered to the end': {
      platform: web,
      openPorts: [portScan([443], { ...dropped, steady, from: '198.51.100.7' })],
      says: 'onlyDeclaredAnswer',
    },
    'one port without an answer, while the declared one answered': {
      platform: web,
      openPorts: [portScan([443], { closed: '1-6378,6380-65535', filtered: '6379', steady })],
      says: 'onlyDeclaredAnswer',
    },
    'all clear, and watched': { platform: web, openPorts: [portScan([443], { steady })], says: 'onlyDeclared' },
    'a page on a database’s number, declared': {
      platform: platform(endpoint({ port: 5432 })),
      openPorts: [portScan([openPort(5432, { service: 'http', by: 'answer', tls: true })])],
      says: 'onlyDeclared',
    },
    'two addresses, each with its port': {
      platform: platform(endpoint(), endpoint({ address: '203.0.113.11', port: 8443 })),
      openPorts: [portScan([443]), portScan([8443], { address: '203.0.113.11' }, { subject: '203.0.113.11' })],
    },
    'IPv6 in another spelling': {
      platform: platform(endpoint({ address: '2001:DB8:0::1' })),
      openPorts: [portScan([443], { address: '2001:db8::1' }, { subject: '2001:db8::1' })],
    },
    'a name with a second address, which is declared by itself': {
      platform: platform(endpoint({ address: 'leqi.example.cn' }), endpoint({ address: '203.0.113.11' })),
      openPorts: [
        portScan([443], { others: ['203.0.113.11'] }, { subject: 'leqi.example.cn' }),
        portScan([443], { address: '203.0.113.11' }, { subject: '203.0.113.11' }),
      ],
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
    'a database on an unusual number': {
      platform: web,
      openPorts: [portScan([443, openPort(13306, { service: 'mysql', by: 'answer', product: '8.0.36\u001b[2J' })])],
      says: 'sensitiveOpen',
    },
    'a page on a database’s number, undeclared': {
      platform: web,
      openPorts: [portScan([443, openPort(3306, { service: 'http', by: 'nmap' })])],
      says: 'undeclaredOpen',
    },
    'a console that speaks HTTP': {
      platform: web,
      openPorts: [portScan([443, openPort(8848, { service: 'http', by: 'answer' })])],
      says: 'sensitiveOpen',
    },
    'a database behind a firewall that drops the rest': {
      platform: web,
      openPorts: [portScan([443, 5432], { closed: '', filtered: '1-442,444-5431,5433-65535', steady })],
      says: 'sensitiveOpen',
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
    'a firewall drops the rest, and nobody watched': {
      platform: web,
      openPorts: [portScan([443], dropped)],
      says: 'silent',
    },
    'everything is dropped, the declared port with it': {
      platform: web,
      openPorts: [portScan([], { closed: '', filtered: '1-65535' })],
      says: 'silent',
    },
    'the declared port no longer answered after the scan': {
      platform: web,
      openPorts: [portScan([443], { ...dropped, steady: { ...steady, answered: 5 } })],
      says: 'disturbed',
    },
    'a port answered before the scan, and was silent to it': {
      platform: web,
      openPorts: [portScan([443], { ...dropped, steady: { ...steady, lost: '8080' } })],
      says: 'disturbed',
    },
    'watched, and yet disturbed, though all say closed': {
      platform: web,
      openPorts: [portScan([443], { steady: { ...steady, answered: 2 } })],
      says: 'disturbed',
    },
    'watched before the scan only': {
      platform: web,
      openPorts: [portScan([443], { ...dropped, steady: { ...steady, asked: 1, answered: 1 } })],
      says: 'disturbed',
    },
    'watched, but the state of some was not told': {
      platform: web,
      openPorts: [portScan([443], { closed: '', filtered: '1-442,444-60000', steady })],
      says: 'silent',
    },
    'watched, but not all were scanned': {
      platform: web,
      openPorts: [portScan([443], { scanned: '1-1024', closed: '', filtered: '1-442,444-1024', steady })],
      says: 'notFull',
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
    'a device that answers for nearly all': {
      platform: web,
      openPorts: [portScan(Array.from({ length: 1001 }, (_, index) => index + 1))],
      says: 'answersForAll',
    },
    'a name with a second address, which nobody scanned': {
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      openPorts: [portScan([443], { others: ['203.0.113.11'] }, { subject: 'leqi.example.cn' })],
      says: 'elsewhere',
    },
    'an address of the scanner itself: a firewall before it was not passed': {
      platform: web,
      openPorts: [portScan([22, 443], { loopback: true })],
      says: 'loopbackOpen',
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
    'a declared port that only says TLS, on a database’s number': {
      platform: platform(endpoint({ port: 5432 })),
      openPorts: [portScan([openPort(5432, { tls: true, by: 'answer' })])],
      says: 'declaredSensitive',
    },
    'a database declared as an endpoint': {
      platform: platform(endpoint({ port: 9443 })),
      openPorts: [portScan([openPort(9443, { service: 'postgresql', by: 'answer' })])],
      says: 'declaredSensitive',
    },
    'a page on a console’s number, declared': {
      platform: platform(endpoint({ port: 8848 })),
      openPorts: [portScan([openPort(8848, { service: 'http', by: 'answer', tls: true })])],
      says: 'declaredSensitive',
    },
    'no scan': { platform: web, says: 'nothingSeen' },
    'nothing is declared': { openPorts: [portScan([443])], says: 'nothingSeen' },
  },
  'not-applicable': { 'outbound only': { platform: platform(outbound), says: 'outboundOnly' } },
});
