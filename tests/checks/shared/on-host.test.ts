import { z } from 'zod';
import { defineCheck } from '../../../checks/check.ts';
import { onHostFindings, onHostMessages, onHostRemedies } from '../../../checks/shared/on-host.ts';
import { testCheck } from '../../support/check-tester.ts';
import { hostAt } from '../../support/interfaces.ts';

// A check that says nothing but this, so that the table holds it to what every check promises.
const check = defineCheck({
  id: 'test/on-host',
  title: { zh: '试', en: 'test' },
  about: { zh: '试', en: 'test' },
  reads: ['interfaces'],
  parameters: z.strictObject({
    filed: z.array(z.string()),
    parts: z.array(z.enum(['static', 'egress'])),
    callers: z.array(z.string()),
  }),
  messages: onHostMessages,
  remedies: onHostRemedies,
  judge: ({ interfaces }, { filed, parts, callers }) =>
    onHostFindings({ filed, interfaces, parts, callers: new Set(callers) }),
});

// Public, and no unit's: 192.52.193.0/24 is set aside for AMT relays (RFC 7450), 2001:500::/30 for exchange points.
const one = '192.52.193.34';
const two = '192.52.193.35';
const six = '2001:500:2::c';
const gate = '10.0.0.1';

const parameters = { filed: [one], parts: ['static', 'egress'], callers: ['app-1'] };
const only = (part: 'static' | 'egress', more: object = {}) => ({
  parameters: { ...parameters, parts: [part], ...more },
});

const address = (text: string, name = 'eth0', dynamic = false) => ({
  interface: name,
  address: text,
  prefix: 24,
  dynamic,
});
const setting = (method: 'static' | 'dhcp' | 'other', addresses: string[], name = 'eth0') => ({
  interface: name,
  family: 'ipv4' as const,
  method,
  addresses,
  where: `/etc/sysconfig/network-scripts/ifcfg-${name}`,
});
const app = (value: Parameters<typeof hostAt>[1] = {}) =>
  hostAt('10.0.0.7', { egress: [{ family: 'ipv4', source: '10.0.0.7', via: gate }], ...value });
/** A gateway between 10.0.0.0/24 and the filed address. */
const gateway = (value: Parameters<typeof hostAt>[1] = {}, subject = 'gw-1') =>
  hostAt(one, { addresses: [address(gate, 'eth1'), address(one)], ...value }, subject);

testCheck(check, parameters, '2026-03-01', {
  met: {
    'set statically, and called out by': { interfaces: [hostAt(one)], says: ['setStatically', 'callsOutAsFiled'] },
    'an IPv6 address in another spelling': {
      interfaces: [hostAt(six)],
      parameters: { ...parameters, filed: ['2001:500:2:0::C'] },
    },
    'behind a gateway that was examined': {
      interfaces: [app(), gateway()],
      says: ['setStatically', 'callsOutAsFiled'],
    },
    'behind two gateways': {
      interfaces: [
        app(),
        hostAt(
          gate,
          {
            addresses: [address(gate), address('10.1.0.2')],
            egress: [{ family: 'ipv4', source: '10.1.0.2', via: '10.1.0.1' }],
          },
          'gw-2',
        ),
        hostAt(one, { addresses: [address('10.1.0.1', 'eth1'), address(one)] }),
      ],
    },
    'rules of their own, but no public address that is not filed': {
      interfaces: [hostAt(one, { rules: ['100: from 192.52.193.34 lookup 7'] })],
    },
    'routes of their own inside': { interfaces: [hostAt(one, { routes: [{ to: '10.0.0.0/8', via: '10.0.0.1' }] })] },
    'one of two hosts has no way out': {
      interfaces: [hostAt(one), hostAt('10.0.0.9', { egress: [] }, 'db-1')],
      says: 'noWayOut',
    },
  },
  unmet: {
    'the caller of the authority uses another address': {
      interfaces: [hostAt(one, { egress: [{ family: 'ipv4', source: two, via: '192.52.193.1' }] })],
      says: ['setStatically', 'callsOutOtherwise'],
    },
  },
  unproven: {
    'by DHCP': { interfaces: [hostAt(one, { addresses: [address(one, 'eth0', true)] })], says: 'leased' },
    'no settings say so': { interfaces: [hostAt(one, { configured: [] })], says: 'settingUnclear' },
    'the settings are those of another interface': {
      interfaces: [hostAt(one, { configured: [setting('static', [one], 'eth1')] })],
      says: 'settingUnclear',
    },
    'the settings set another address': {
      interfaces: [hostAt(one, { configured: [setting('static', [two])] })],
      says: 'settingUnclear',
    },
    'settings contradict each other': {
      interfaces: [hostAt(one, { configured: [setting('static', [one]), setting('dhcp', [])] })],
      says: 'settingUnclear',
    },
    'some settings could not be read': {
      interfaces: [hostAt(one, { unread: [{ part: '/etc/NetworkManager/system-connections', why: 'denied' }] })],
      says: 'settingUnclear',
    },
    'on two hosts, on one by DHCP': {
      interfaces: [hostAt(one), hostAt(one, { addresses: [address(one, 'eth0', true)] }, 'app-2')],
      says: 'leased',
    },
    'on no interface': { interfaces: [app()], ...only('static'), says: 'onNoInterface' },
    'behind a gateway that nobody examined': { interfaces: [app()], ...only('egress'), says: 'wayOutUnseen' },
    'behind a gateway that has another public address': {
      interfaces: [app(), gateway({ addresses: [address(gate), address(one), address(two)] })],
      ...only('egress'),
      says: 'wayOutUnseen',
    },
    'behind a gateway that calls out by another address': {
      interfaces: [app(), gateway({ egress: [{ family: 'ipv4', source: two }] })],
      ...only('egress'),
      says: ['wayOutUnseen', 'maybeOtherwise'],
    },
    'behind a gateway without a way out': {
      interfaces: [app(), gateway({ egress: [] })],
      ...only('egress'),
      says: 'wayOutUnseen',
    },
    'two hosts have the gateway’s address': {
      interfaces: [app(), gateway(), gateway({}, 'gw-2')],
      ...only('egress'),
      says: 'wayOutUnseen',
    },
    'gateways that lead to each other': {
      interfaces: [app(), hostAt(gate, { egress: [{ family: 'ipv4', source: gate, via: '10.0.0.7' }] }, 'gw-1')],
      ...only('egress'),
      says: 'wayOutUnseen',
    },
    'a host that may not be the caller uses another address': {
      interfaces: [hostAt(one), hostAt(two, {}, 'web-1')],
      says: 'maybeOtherwise',
    },
    'IPv6 is not filed': {
      interfaces: [
        hostAt(one, {
          egress: [
            { family: 'ipv4', source: one },
            { family: 'ipv6', source: six },
          ],
        }),
      ],
      ...only('egress', { callers: [] }),
      says: ['callsOutAsFiled', 'maybeOtherwise'],
    },
    'rules of their own, and another public address': {
      interfaces: [
        hostAt(one, { addresses: [address(one), address(two)], rules: ['100: from 192.52.193.35 lookup 7'] }),
      ],
      says: 'wayOutDivided',
    },
    'a public network has a route of its own': {
      interfaces: [app({ routes: [{ to: '192.52.193.0/25', via: '10.0.0.2' }] }), gateway()],
      ...only('egress'),
      says: 'wayOutDivided',
    },
    'several ways to one destination': {
      interfaces: [app({ routes: [{ to: 'nexthop', via: '10.0.0.2' }] }), gateway()],
      ...only('egress'),
    },
    'no default route, but others': {
      interfaces: [app({ egress: [], routes: [{ to: '10.9.0.0/16', via: '10.0.0.2' }] })],
      ...only('egress'),
      says: 'wayOutDivided',
    },
    'no host': { interfaces: [], says: 'noInterfaces' },
    'nothing is asked': { interfaces: [hostAt(one)], parameters: { ...parameters, parts: [] } },
    'nothing is filed': { interfaces: [hostAt(one)], parameters: { ...parameters, filed: [] } },
  },
});
