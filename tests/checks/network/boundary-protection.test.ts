import { check } from '../../../checks/network/boundary-protection.ts';
import type { Firewall, Rule } from '../../../src/evidence/host/firewall.ts';
import type { Socket } from '../../../src/evidence/host/listeners.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { defects, paper, unhashed } from '../../support/papers.ts';

type Conditions = Partial<Record<Rule['conditions'][number]['of'], string[]>>;

const rule = (verdict: Rule['verdict'], conditions: Conditions = {}, more: Partial<Rule> = {}): Rule => ({
  text: verdict,
  conditions: (['protocol', 'port', 'from', 'enters', 'state'] as const).flatMap((of) => {
    const values = conditions[of];
    return values ? [{ of, not: false, values }] : [];
  }),
  opaque: false,
  sometimes: false,
  verdict,
  ...more,
});
const established = rule('accept', { state: ['established', 'related'] });
const open = (port: string, more: Conditions = {}): Rule =>
  rule('accept', { protocol: ['tcp'], port: [port], ...more });

const filter = (rules: Rule[], more: Partial<Firewall> = {}, drops = true) =>
  seen('firewall', {
    chains: [
      {
        id: 'nft inet f input',
        families: ['ip', 'ip6'],
        hook: 'input',
        nat: false,
        drops,
        rules: [established, ...rules],
      },
    ],
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8'], kind: 'loopback', defaultRoute: [] },
      { name: 'eth0', addresses: ['10.0.0.5/24'], kind: 'other', defaultRoute: ['ip'] },
    ],
    managers: [],
    unread: [],
    ...more,
  });
const none = (more: Partial<Firewall> = {}) => seen('firewall', { ...filter([]).value, chains: [], ...more });
const sockets = (...list: Socket[]) => seen('listeners', { by: 'ss', sockets: list, unread: [] });
const at = (port: number, address = '0.0.0.0', protocol: Socket['protocol'] = 'tcp'): Socket => ({
  protocol,
  address,
  port,
});

const declared = [
  seen('platform', declaration({ endpoints: [endpoint({ port: 8443 })] }), { subject: '示例直连平台' }),
];
const boundary = { id: 'boundary-protection-description', title: '网络边界防护说明' };
const byPaper = { paper: 'boundary-protection-description' };

testCheck(check, { alsoOpen: { DHCP: [68, 546] } }, '2026-03-01', {
  met: {
    'refuses by default, opens what is declared': {
      firewall: [filter([open('8443'), open('22', { from: ['10.9.0.0/16'] })])],
      listeners: [sockets(at(8443), at(22), at(5432), at(3306, '127.0.0.1'))],
      platform: declared,
      says: 'guarded',
    },
    'an address of no declared host may be any one’s': {
      firewall: [filter([open('8443')])],
      listeners: [sockets(at(8443))],
      platform: [
        seen(
          'platform',
          declaration({
            hosts: [{ name: 'app-2', addresses: ['10.0.0.6'] }],
            endpoints: [endpoint({ port: 8443 })],
          }),
        ),
      ],
    },
    'a DHCP client is answered': {
      firewall: [filter([rule('accept', { protocol: ['udp'], port: ['68'] })])],
      listeners: [sockets(at(68, '0.0.0.0', 'udp'))],
      platform: declared,
    },
    'another interface is for its own network only': {
      firewall: [
        filter([rule('accept', { enters: ['eth1'] })], {
          interfaces: [
            { name: 'eth0', addresses: ['10.0.0.5/24'], kind: 'other', defaultRoute: ['ip'] },
            { name: 'eth1', addresses: ['192.168.7.5/24'], kind: 'other', defaultRoute: [] },
          ],
        }),
      ],
      listeners: [sockets(at(5432))],
      platform: declared,
    },
    'the paper is not needed': {
      firewall: [filter([])],
      listeners: [sockets()],
      platform: declared,
      parameters: byPaper,
    },
  },
  unmet: {
    'accepts everything, and the unit holds no paper on a device before it': {
      firewall: [none()],
      listeners: [sockets(at(8443))],
      platform: declared,
      documents: [paper({ ...boundary, ...defects['not held'] })],
      parameters: byPaper,
      says: 'openByDefault',
    },
    'an undeclared port, and no paper': {
      firewall: [filter([open('5432')])],
      listeners: [sockets(at(5432))],
      platform: declared,
      documents: [paper({ ...boundary, ...defects['not held'] })],
      parameters: byPaper,
      says: 'undeclaredOpen',
    },
  },
  unproven: {
    'the port that is declared is another host’s': {
      firewall: [filter([open('8443')])],
      listeners: [sockets(at(8443))],
      platform: [
        seen(
          'platform',
          declaration({
            hosts: [
              { name: 'app-1', addresses: ['10.0.0.5'] },
              { name: 'app-2', addresses: ['10.0.0.6'] },
            ],
            endpoints: [endpoint({ address: '10.0.0.6', port: 8443 })],
          }),
        ),
      ],
      says: 'undeclaredOpen',
    },
    'accepts everything; what stands before it cannot be seen': {
      firewall: [none({ managers: [{ name: 'ufw', enabled: true, settings: ['ENABLED=yes'] }] })],
      listeners: [sockets(at(8443))],
      platform: declared,
      says: 'openByDefault',
    },
    'only IPv4 is filtered': {
      firewall: [
        filter([], {
          chains: [
            {
              id: 'iptables-legacy filter INPUT',
              families: ['ip'],
              hook: 'input',
              nat: false,
              drops: true,
              rules: [established],
            },
          ],
          interfaces: [
            { name: 'eth0', addresses: ['10.0.0.5/24', '2001:db8::5/64'], kind: 'other', defaultRoute: ['ip', 'ip6'] },
          ],
        }),
      ],
      listeners: [sockets()],
      platform: declared,
      says: 'openByDefault',
    },
    'a database is open to anybody': {
      firewall: [filter([open('5432')])],
      listeners: [sockets(at(5432), at(8443))],
      platform: declared,
      says: 'undeclaredOpen',
    },
    'UDP at the number of a declared TCP port': {
      firewall: [filter([rule('accept', { protocol: ['udp'], port: ['8443'] })])],
      listeners: [sockets(at(8443, '0.0.0.0', 'udp'))],
      platform: declared,
      says: 'undeclaredOpen',
    },
    'a container’s published port': {
      firewall: [
        filter([], {
          chains: [
            { id: 'i', families: ['ip'], hook: 'input', nat: false, drops: true, rules: [] },
            {
              id: 'n',
              families: ['ip'],
              hook: 'prerouting',
              nat: true,
              drops: false,
              rules: [rule('translate', { protocol: ['tcp'], port: ['9000'] }, { target: '172.17.0.2:80' })],
            },
          ],
        }),
      ],
      listeners: [sockets()],
      platform: declared,
      says: 'undeclaredOpen',
    },
    'a rule that is not understood': {
      firewall: [filter([open('5432', {}), rule('accept', {}, { opaque: true })])],
      listeners: [sockets(at(22))],
      platform: declared,
      says: 'unclear',
    },
    'rules that could not be read': {
      firewall: [filter([], { unread: [{ part: 'nft', why: 'no-tool' }] })],
      listeners: [sockets()],
      platform: declared,
      says: 'unread',
    },
    'sockets that could not be read': {
      firewall: [filter([])],
      listeners: [seen('listeners', { by: 'ss', sockets: [], unread: [{ part: 'ss', why: 'too-many' }] })],
      platform: declared,
      says: 'unread',
    },
    'nobody says what listens': { firewall: [filter([])], platform: declared, says: 'noListeners' },
    'a paper without a hash shows no device': {
      firewall: [none()],
      listeners: [sockets()],
      platform: declared,
      documents: [unhashed(boundary)],
      parameters: byPaper,
      says: 'openByDefault',
    },
    'a paper that has ended shows none either': {
      firewall: [none()],
      listeners: [sockets()],
      platform: declared,
      documents: [paper({ ...boundary, validUntil: '2026-02-28' })],
      parameters: byPaper,
    },
    'a host without an address': {
      firewall: [
        none({ interfaces: [{ name: 'lo', addresses: ['127.0.0.1/8'], kind: 'loopback', defaultRoute: [] }] }),
      ],
      listeners: [sockets()],
      platform: declared,
      says: 'unclear',
    },
    'no host': { says: 'noHost' },
    'one host of two is open': {
      firewall: [filter([]), { ...none(), subject: 'app-2' }],
      listeners: [sockets(), { ...sockets(), subject: 'app-2' }],
      platform: declared,
      says: ['guarded', 'openByDefault'],
    },
  },
  'not-applicable': {
    'a paper describes the device that guards it': {
      firewall: [none()],
      listeners: [sockets(at(5432))],
      platform: declared,
      documents: [paper(boundary)],
      parameters: byPaper,
      says: 'byDevice',
    },
    'whatever rules the host has that are not understood': {
      firewall: [filter([rule('accept', {}, { opaque: true })])],
      listeners: [sockets(at(22))],
      platform: declared,
      documents: [paper(boundary)],
      parameters: byPaper,
      says: 'byDevice',
    },
    'and lets out what the host leaves open': {
      firewall: [filter([open('5432')])],
      listeners: [sockets(at(5432))],
      platform: declared,
      documents: [paper(boundary)],
      parameters: byPaper,
      says: 'byDevice',
    },
  },
});
