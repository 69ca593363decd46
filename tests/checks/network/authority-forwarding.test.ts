import { expect, test } from 'vitest';
import type { Evidence } from '../../../checks/check.ts';
import { check } from '../../../checks/network/authority-forwarding.ts';
import type { Forward, Forwards, Place } from '../../../src/evidence/host/forwards.ts';
import type { Kind } from '../../../src/evidence/kinds.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';

const at = (host: string, port?: string): Place => (port === undefined ? { host } : { host, port });
const entrance = at('lqpt.chinatax.gov.cn', '8443');

const relay = (value: Partial<Forward> = {}): Forward => ({
  by: 'nginx',
  where: '/etc/nginx/nginx.conf:12',
  kind: 'relay',
  running: true,
  listens: [at('any', '8443')],
  to: [entrance],
  unresolved: [],
  ...value,
});
const proxy = (value: Partial<Forward> = {}): Forward =>
  relay({
    by: 'squid',
    where: '/etc/squid/squid.conf:9',
    kind: 'proxy',
    listens: [at('any', '3128')],
    to: [],
    ...value,
  });

const host = (forwards: Forward[], value: Partial<Forwards> = {}, subject = 'app-1') =>
  seen(
    'forwards',
    {
      forwards,
      routes: [],
      own: ['10.0.0.5', '172.17.0.1/16'],
      aliases: [],
      sshForwarding: 'yes',
      unread: [],
      ...value,
    },
    { subject },
  );

const platform = (taxAuthority?: string[]) =>
  seen(
    'platform',
    declaration({
      hosts: [
        { name: 'app-1', addresses: ['10.0.0.5'] },
        { name: 'app-2', addresses: ['10.0.0.6'] },
      ],
      ...(taxAuthority ? { taxAuthority } : {}),
    }),
    { subject: '示例直连平台' },
  );

const one = (forward: Forward, value?: Partial<Forwards>, taxAuthority?: string[]) => ({
  forwards: [host([forward], value)],
  platform: [platform(taxAuthority)],
});
const several = (forwards: Forward[], value?: Partial<Forwards>, taxAuthority?: string[]) => ({
  forwards: [host(forwards, value)],
  platform: [platform(taxAuthority)],
});

const container = { network: { id: 'net:[7]', addresses: ['172.17.0.2'] } };
const published = relay({ by: 'docker-proxy', listens: [at('any', '443')], to: [at('172.17.0.2', '9000')] });

testCheck(check, { authority: ['chinatax.gov.cn'] }, '2026-03-01', {
  met: {
    'nothing forwards': { ...several([]), says: 'noForward' },
    'a reverse proxy in front of the platform itself': one(
      relay({ to: [at('127.0.0.1', '8080'), at('localhost', '8081')] }),
    ),
    'to a unix socket': one(relay({ to: [at('unix:/run/app.sock')] })),
    'to another declared host': one(relay({ to: [at('10.0.0.6', '8080')] })),
    'to a container of the host': one(relay({ to: [at('172.17.0.2', '80')] })),
    'to a name that the hosts file points at a declared host': one(relay({ to: [at('backend', '80')] }), {
      aliases: [{ name: 'backend', addresses: ['10.0.0.6'] }],
    }),
    'the connector’s own way out, on loopback only': {
      ...one(relay({ listens: [at('127.0.0.1', '8443'), at('::1', '8443')] })),
      says: ['onlyItself', 'noForward'],
    },
    'the way out of another declared host': { ...one(relay({ from: ['10.0.0.6', '127.0.0.1'] })), says: 'onlyItself' },
    'translation of the host’s own packets': one(relay({ by: 'iptables', listens: [at('localhost', '443')] })),
    'a proxy on loopback': one(proxy({ listens: [at('localhost', '3128')] })),
    'a proxy that does not run': one(proxy({ running: false })),
    'a name that only looks like the authority’s, of a declared host': one(
      relay({ to: [at('chinatax.gov.cn.app-2')] }),
      {
        aliases: [{ name: 'chinatax.gov.cn.app-2', addresses: ['10.0.0.6'] }],
      },
    ),
    'a loopback way out beside a reverse proxy that does not lead there': several([
      relay({ listens: [at('127.0.0.1', '9000')] }),
      relay({ to: [at('127.0.0.1', '8080')] }),
    ]),
    'loopback inside a container is not the host’s': several([
      relay({ to: [at('127.0.0.1', '9000')] }),
      relay({ ...container, listens: [at('127.0.0.1', '9000')] }),
    ]),
    'two hosts': { forwards: [host([]), host([], {}, 'app-2')], platform: [platform()] },
  },
  unmet: {
    'on any interface': { ...one(relay()), says: 'leadsToAuthority' },
    'on a private address': one(relay({ listens: [at('10.0.0.5', '8443')] })),
    'on loopback and a private address': one(relay({ listens: [at('127.0.0.1', '1'), at('10.0.0.5', '1')] })),
    'a name below, in capitals, with a dot at its end': one(relay({ to: [at('X.LQPT.ChinaTax.Gov.CN.', '443')] })),
    'for a whole network': one(relay({ from: ['10.0.0.0/8'] })),
    'for a network wider than loopback': one(relay({ from: ['127.0.0.0/1'] })),
    'an address that the unit lists': one(relay({ by: 'iptables', to: [at('203.0.113.9', '8443')] }), {}, [
      '203.0.113.0/24',
    ]),
    'an address in IPv6 dress': one(relay({ to: [at('::ffff:203.0.113.9', '8443')] }), {}, ['203.0.113.9']),
    'an address as one number': one(relay({ to: [at('3405803785')] }), {}, ['203.0.113.9']),
    'a name that the unit lists': one(relay({ to: [at('tax.gateway.example')] }), {}, ['*.gateway.example']),
    'a name that the hosts file gives the authority’s address': one(
      relay({ to: [at('taxgw', '8443')] }),
      { aliases: [{ name: 'taxgw', addresses: ['203.0.113.9'] }] },
      ['203.0.113.9'],
    ),
    'the authority’s name, though the hosts file points it at the host': one(relay(), {
      aliases: [{ name: 'lqpt.chinatax.gov.cn', addresses: ['127.0.0.1'] }],
    }),
    'by way of a relay on loopback': several([
      relay({ to: [at('127.0.0.1', '9000')] }),
      relay({ by: 'socat', where: 'process 7', listens: [at('localhost', '9000')] }),
    ]),
    'by way of the host’s own address and a range of ports': several([
      relay({ to: [at('10.0.0.5', '9005')] }),
      relay({ by: 'socat', where: 'process 7', listens: [at('127.0.0.1', '1')], to: [at('localhost', '2')] }),
      relay({ by: 'iptables', listens: [at('10.0.0.5', '9000-9010')] }),
    ]),
    'by way of a published port of a container': several([
      published,
      relay({ ...container, listens: [at('any', '9000')] }),
    ]),
    'by way of two steps in a container': several([
      published,
      relay({ ...container, listens: [at('any', '9000')], to: [at('localhost', '9001')] }),
      relay({ ...container, listens: [at('127.0.0.1', '9001')] }),
    ]),
    'by way of a unix socket': several([
      relay({ to: [at('unix:/run/x')] }),
      relay({ by: 'haproxy', listens: [at('unix:/run/x')] }),
    ]),
    'a port opened on another machine': one(relay({ by: 'ssh', listens: [at('remote', '8443')] })),
    'a proxy that lets the authority through by name': one(proxy({ to: [at('chinatax.gov.cn')] })),
    'the authority beside a variable': one(relay({ unresolved: ['https://lqpt.chinatax.gov.cn$1'] })),
    'one of several upstream servers': one(relay({ to: [at('127.0.0.1', '80'), entrance] })),
    'one of two hosts': { forwards: [host([]), host([relay()], {}, 'app-2')], platform: [platform()] },
  },
  unproven: {
    'an open proxy': { ...one(proxy()), says: 'openProxy' },
    'a proxy on loopback that a relay opens': several([
      relay({ to: [at('localhost', '3128')] }),
      proxy({ listens: [at('127.0.0.1', '3128')] }),
    ]),
    'it only stands in a configuration': { ...one(relay({ running: false })), says: 'configured' },
    'one of two steps is not in force': several([
      relay({ to: [at('127.0.0.1', '9000')] }),
      relay({ listens: [at('localhost', '9000')], running: false }),
    ]),
    'nobody knows who can use it': { ...one(relay({ listens: [] })), says: 'entryUnknown' },
    'a container of which no port is published': several([
      { ...published, to: [at('172.17.0.3', '9000')] },
      relay({ ...container, listens: [at('any', '9000')] }),
    ]),
    'a variable': { ...one(relay({ to: [], unresolved: ['https://$backend'] })), says: 'unresolved' },
    'a program that cannot be read': {
      ...one(relay({ by: 'frpc', kind: 'unknown', listens: [], to: [] })),
      says: 'unknownProgram',
    },
    'a public address that nobody declares': {
      ...one(relay({ to: [at('198.51.100.7', '8443')] })),
      says: 'undeclaredPeer',
    },
    'a private address that nobody declares': one(relay({ to: [at('10.0.0.77', '8443')] })),
    'another name': one(relay({ to: [at('notchinatax.gov.cn')] })),
    'a name of which one address is not the platform’s': one(relay({ to: [at('backend')] }), {
      aliases: [{ name: 'backend', addresses: ['10.0.0.6', '198.51.100.7'] }],
    }),
    'the kernel routes': {
      ...several([], { routes: [{ what: 'translates', where: 'iptables-save nat POSTROUTING: -j MASQUERADE' }] }),
      says: 'routes',
    },
    'something was not read': { ...several([], { unread: [{ part: 'kernel', why: 'denied' }] }), says: 'unread' },
    'not read, beside the connector’s own way out': several([relay({ listens: [at('localhost', '1')] })], {
      unread: [{ part: 'nginx', why: 'incomplete' }],
    }),
    'no host': { platform: [platform()], says: 'noHost' },
    'no declaration': { forwards: [host([])], says: 'noDeclaration' },
    'names that a report must not be led astray by': one(relay({ by: '\u001b[31m', to: [at('\u202ecn.vog', '1')] })),
    'forwards that lead to each other': several([
      relay({ listens: [at('any', '1')], to: [at('localhost', '2')] }),
      relay({ listens: [at('any', '2')], to: [at('localhost', '1'), at('198.51.100.7', '1')] }),
    ]),
  },
});

test('a fleet takes little more for each host than a few hosts do', () => {
  const many = Array.from({ length: 1000 }, (_, index) => `10.${index >> 8}.${index & 255}.9`);
  const hosts = many.map((address, index) => ({ name: `app-${index}`, addresses: [address] }));
  const evidence: Partial<Evidence<Kind>> = {
    forwards: many.map((address) => host([relay({ to: [at(address, '80')] })])),
    platform: [seen('platform', declaration({ hosts }))],
  };
  const started = performance.now();
  const found = check.judge(evidence as Evidence<Kind>, { authority: ['chinatax.gov.cn'] }, '2026-03-01');
  // 0.1 s; where the list of hosts was read anew for each of them, 16 s.
  expect(performance.now() - started).toBeLessThan(4000);
  expect(found.map(({ outcome }) => outcome)).toEqual(many.map(() => 'met'));
});
