import { check } from '../../../checks/network/filed-endpoints.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import type { OpenPorts } from '../../../src/evidence/network/open-ports.ts';
import type { Tls } from '../../../src/evidence/network/tls.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { nameView, resolvedName } from '../../support/name-views.ts';

type States = FiledDocument['states'];

const production = { address: '203.0.113.10', environment: 'production' } as const;
const inbound = { port: 443, protocol: 'https', direction: 'inbound' } as const;
const outbound = { port: 8443, protocol: 'https', direction: 'outbound' } as const;

const filing = (states: Partial<States>, value: Partial<FiledDocument> = {}) => [
  seen(
    'documents',
    {
      id: 'network-address-filing',
      title: '网络地址备案表',
      file: 'filing.pdf',
      held: true,
      bytes: 1000,
      mediaType: 'application/pdf',
      sha256: 'b'.repeat(64),
      states: { addresses: [production], ports: [inbound], phones: [], identities: [], ...states },
      ...value,
    },
    { subject: 'network-address-filing' },
  ),
];
const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];

const scan = (value: Partial<OpenPorts>, subject = '203.0.113.10') => [
  seen(
    'openPorts',
    {
      method: 'nmap -sS',
      address: '203.0.113.10',
      loopback: false,
      scanned: '1-65535',
      complete: true,
      open: [],
      closed: '',
      filtered: '',
      counts: { open: 0, closed: 0, filtered: 0 },
      ...value,
    },
    { subject },
  ),
];
const open = scan({ open: [{ port: 443, protocol: 'tcp', service: 'https' }], closed: '1-442,444-65535' });

const talk = (value: Tls, subject = '203.0.113.10:443') => [seen('tls', value, { subject })];
const speaks: Tls = {
  speaksTls: true,
  versions: [{ version: 'TLSv1.3', state: 'offered', suite: 'TLS_AES_128_GCM_SHA256', clientCertificate: 'unknown' }],
};
const alertsOnly: Tls = {
  speaksTls: true,
  versions: [{ version: 'TLSv1.3', state: 'unobserved', reason: 'alert', detail: 'unrecognized_name' }],
};
const good = { openPorts: open, tls: talk(speaks) };

/** Declared by a name that resolves to these addresses, one list for each resolver; the scan went to the first filed one. */
const byName = (...answers: string[][]) => ({
  documents: filing({}),
  platform: platform(endpoint({ address: 'leqi.example.cn' })),
  openPorts: scan({ open: [{ port: 443, protocol: 'tcp' }] }, 'leqi.example.cn'),
  tls: talk(speaks, 'leqi.example.cn:443'),
  addresses: [
    resolvedName(
      'leqi.example.cn',
      answers.map((each) => nameView(each, { resolver: '223.5.5.5' })),
    ),
  ],
});

testCheck(check, { document: 'network-address-filing' }, '2026-03-01', {
  met: {
    'filed, declared, open, TLS': {
      ...good,
      documents: filing({}),
      platform: platform(endpoint()),
      says: 'filedAndOpen',
    },
    'a handshake shows what the scan could not see': {
      openPorts: scan({ filtered: '1-65535' }),
      tls: talk(speaks),
      documents: filing({}),
      platform: platform(endpoint()),
    },
    'IPv6 in another spelling, and an outbound port beside it': {
      documents: filing({
        addresses: [{ address: '2001:DB8:0::1', environment: 'production' }],
        ports: [inbound, outbound],
      }),
      platform: platform(
        endpoint({ address: '2001:db8::1' }),
        endpoint({ address: '2001:db8::1', port: 8443, direction: 'outbound' }),
      ),
      tls: talk(speaks, '[2001:db8::1]:443'),
    },
    'production and test address with a port each': {
      documents: filing({
        addresses: [production, { address: '203.0.113.11', environment: 'test' }],
        ports: [inbound, { ...inbound, port: 8443 }],
      }),
      platform: platform(endpoint(), endpoint({ address: '203.0.113.11', port: 8443, environment: 'test' })),
      tls: [...talk(speaks), ...talk(speaks, '203.0.113.11:8443')],
    },
    'test on the production address, where the form names no test address': {
      ...good,
      documents: filing({}),
      platform: platform(endpoint({ environment: 'test' })),
    },
    'declared by a name that the scan resolved to the filed address': {
      documents: filing({}),
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      openPorts: scan({ open: [{ port: 443, protocol: 'tcp' }] }, 'leqi.example.cn'),
      tls: talk(speaks, 'leqi.example.cn:443'),
    },
    'declared by a name that resolves to the filed address': { ...byName(['203.0.113.10']), says: 'filedAndOpen' },
    'declared by a name that resolves to it, spoken to but not scanned': {
      ...byName(['203.0.113.10'], ['203.0.113.10']),
      openPorts: [],
    },
    'outbound from a name beside an inbound address': {
      ...good,
      documents: filing({ ports: [inbound, outbound] }),
      platform: platform(endpoint(), endpoint({ address: 'leqi.example.cn', port: 8443, direction: 'outbound' })),
      addresses: [resolvedName('leqi.example.cn', [nameView(['203.0.113.10'])])],
    },
  },
  unmet: {
    'declared by a name that resolves elsewhere': {
      ...byName(['203.0.113.99'], ['203.0.113.99']),
      says: ['resolvesElsewhere', 'notDeclared'],
    },
    'declared by a name that resolves to more than is filed': {
      ...byName(['203.0.113.10', '2001:db8::1']),
      says: 'resolvesElsewhere',
    },
    'declared by a name that resolves to a test address, too': {
      ...byName(['203.0.113.10', '203.0.113.11']),
      documents: filing({ addresses: [production, { address: '203.0.113.11', environment: 'test' }] }),
      says: 'resolvesElsewhere',
    },
    'another address is declared': {
      ...good,
      documents: filing({ addresses: [{ address: '203.0.113.99', environment: 'production' }] }),
      platform: platform(endpoint()),
      says: ['notFiled', 'notDeclared'],
    },
    'a filed address is no address at all': {
      ...good,
      documents: filing({ addresses: [production, { address: '302.0.113.10', environment: 'production' }] }),
      platform: platform(endpoint()),
      says: ['notDeclared', 'filedAndOpen'],
    },
    'another port is declared': {
      documents: filing({}),
      platform: platform(endpoint({ port: 8443 })),
      tls: talk(speaks, '203.0.113.10:8443'),
      says: ['notFiled', 'notDeclared'],
    },
    'filed outbound, runs inbound': {
      ...good,
      documents: filing({ ports: [{ ...inbound, direction: 'outbound' }] }),
      platform: platform(endpoint()),
      says: ['notFiled', 'notDeclared'],
    },
    'filed as test address, used in production': {
      ...good,
      documents: filing({ addresses: [{ ...production, environment: 'test' }] }),
      platform: platform(endpoint()),
      says: 'notFiled',
    },
    'an outbound port is filed that is not declared': {
      ...good,
      documents: filing({ ports: [inbound, outbound] }),
      platform: platform(endpoint()),
      says: ['notDeclared', 'filedAndOpen'],
    },
    'the port is closed': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: scan({ closed: '1-65535' }),
      says: 'closed',
    },
    'open, but plain HTTP': {
      openPorts: open,
      tls: talk({ speaksTls: false, saw: 'HTTP/1.1 400 Bad Request' }),
      documents: filing({}),
      platform: platform(endpoint()),
      says: 'notTls',
    },
  },
  unproven: {
    filtered: {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: scan({ filtered: '443', closed: '1-442' }),
      says: 'filtered',
    },
    'not among the ports that were scanned': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: scan({ closed: '1-100', scanned: '1-100' }),
      says: 'notScanned',
    },
    'neither scanned nor spoken to': { documents: filing({}), platform: platform(endpoint()), says: 'notScanned' },
    'the scan of another address does not count': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: scan({ closed: '1-65535' }, '203.0.113.11'),
      says: 'notScanned',
    },
    'open, but the TLS probe failed': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: open,
      says: 'tlsUnknown',
    },
    'open, and answers with alerts only': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: open,
      tls: talk(alertsOnly),
      says: 'tlsUnknown',
    },
    'closed to the scan, open to TLS': {
      documents: filing({}),
      platform: platform(endpoint()),
      openPorts: scan({ closed: '1-65535' }),
      tls: talk(speaks),
      says: 'contradiction',
    },
    'a test endpoint, and the form names no test address': {
      ...good,
      documents: filing({}),
      platform: platform(endpoint(), endpoint({ address: '203.0.113.11', environment: 'test' })),
      says: ['filedAndOpen', 'testNotFiled'],
    },
    'declared by a name that was not resolved': {
      documents: filing({}),
      platform: platform(endpoint({ address: 'leqi.example.cn' })),
      tls: talk(speaks, 'leqi.example.cn:443'),
      says: 'nameUnknown',
    },
    'declared by a name about which resolvers disagree': {
      ...byName(['203.0.113.10'], ['203.0.113.99']),
      says: 'nameUnknown',
    },
    'declared by a name that DNS does not know': { ...byName([]), says: 'nameUnknown' },
    'declared by a name that a resolver inside leads to a private address': {
      ...byName(['203.0.113.10']),
      addresses: [resolvedName('leqi.example.cn', [nameView(['10.1.2.3'], { resolver: '10.0.0.53' })])],
      says: 'nameUnknown',
    },
    'declared by a name that leads to two filed addresses, one of them probed': {
      ...byName(['203.0.113.10', '203.0.113.12']),
      documents: filing({ addresses: [production, { address: '203.0.113.12', environment: 'production' }] }),
      says: 'probedElsewhere',
    },
    'declared by a name that leads to two filed addresses, and nobody knows which was spoken to': {
      ...byName(['203.0.113.10', '203.0.113.12']),
      openPorts: [],
      documents: filing({ addresses: [production, { address: '203.0.113.12', environment: 'production' }] }),
      says: 'probedElsewhere',
    },
    'the hosts file led the scan elsewhere': {
      ...byName(['203.0.113.10']),
      openPorts: scan({ open: [{ port: 443, protocol: 'tcp' }], address: '10.1.2.3' }, 'leqi.example.cn'),
      says: 'probedElsewhere',
    },
    'a test name that leads elsewhere, and the form names no test address': {
      ...byName(['203.0.113.99']),
      platform: platform(endpoint(), endpoint({ address: 'leqi.example.cn', environment: 'test' })),
      tls: talk(speaks),
      says: ['filedAndOpen', 'testNotFiled'],
    },
    'no filing': { ...good, documents: [], platform: platform(endpoint()), says: 'noPaper' },
    'another paper': {
      ...good,
      documents: filing({}, { id: 'other' }),
      platform: platform(endpoint()),
      says: 'noPaper',
    },
    'declared as not held': {
      ...good,
      documents: filing({}, { held: false, bytes: 0, sha256: undefined, file: undefined }),
      platform: platform(endpoint()),
      says: 'paperUnusable',
    },
    'the file is empty': {
      ...good,
      documents: filing({}, { bytes: 0 }),
      platform: platform(endpoint()),
      says: 'paperUnusable',
    },
    'what it states is not written down': {
      ...good,
      documents: filing({ addresses: [], ports: [] }),
      platform: platform(endpoint({ direction: 'outbound' })),
      says: 'notStated',
    },
    'no endpoint is declared': { documents: filing({}), platform: platform(), says: 'noEndpoints' },
  },
  'not-applicable': {
    'outbound only': {
      documents: filing({ ports: [outbound] }),
      platform: platform(endpoint({ port: 8443, direction: 'outbound' })),
      says: 'outboundOnly',
    },
  },
});
