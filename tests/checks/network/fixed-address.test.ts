import { check } from '../../../checks/network/fixed-address.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import type { NameView } from '../../../src/evidence/network/addresses.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { hostAt } from '../../support/interfaces.ts';
import { resolvedName, nameView as view } from '../../support/name-views.ts';

type Address = FiledDocument['states']['addresses'][number];

// Public, and no unit's: 192.52.193.0/24 is set aside for AMT relays (RFC 7450), 2001:500::/30 for exchange points.
const one = '192.52.193.34';
const two = '192.52.193.35';
const six = '2001:500:2::c';
const name = 'leqi.example.cn';

const production = (address: string): Address => ({ address, environment: 'production' });
const test = (address: string): Address => ({ address, environment: 'test' });

const paper = (id: string, title: string, addresses: readonly Address[], value: Partial<FiledDocument> = {}) =>
  seen(
    'documents',
    {
      id,
      title,
      file: `${id}.pdf`,
      held: true,
      bytes: 1000,
      mediaType: 'application/pdf',
      sha256: 'b'.repeat(64),
      states: { addresses: [...addresses], ports: [], phones: [], identities: [] },
      ...value,
    },
    { subject: id },
  );
const filing = (addresses: readonly Address[], value: Partial<FiledDocument> = {}) =>
  paper('network-address-filing', '网络地址备案表', addresses, value);
const proof = (addresses: readonly Address[], value: Partial<FiledDocument> = {}) =>
  paper('fixed-ip-proof', '固定IP专属使用证明', addresses, value);
const platform = (...endpoints: PlatformDeclaration['endpoints']) => [seen('platform', declaration({ endpoints }))];

/** Filed and proved alike, declared at these addresses or names. */
const given = (filed: readonly string[], declared: readonly string[]) => ({
  documents: [filing(filed.map(production)), proof(filed.map(production))],
  platform: platform(...declared.map((address) => endpoint({ address }))),
});
const byName = (...views: NameView[]) => ({ ...given([one], [name]), addresses: [resolvedName(name, views)] });
const certified = (...views: NameView[]) => ({
  ...given([one], [one]),
  platform: platform(endpoint({ address: one, serverName: name })),
  addresses: [resolvedName(name, views)],
});
const other = { resolver: '119.29.29.29' };
const inside = { resolver: '10.0.0.53' };
const silent = { a: { none: 'timed-out' }, aaaa: { none: 'timed-out' } } as const;
const nothing = { a: { none: 'no-such-name' }, aaaa: { none: 'no-such-name' } } as const;

const parameters = { filing: 'network-address-filing', proof: 'fixed-ip-proof', onHost: [] };

const onHosts = { ...parameters, onHost: ['static', 'egress'] };

testCheck(check, parameters, '2026-03-01', {
  met: {
    'declared by the filed and proved address': { ...given([one], [one]), says: 'asFiled' },
    'two addresses, one of them IPv6 in another spelling': given([one, '2001:500:2:0::C'], [one, six]),
    'set statically, and called out by': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt(one)],
      says: ['asFiled', 'setStatically', 'callsOutAsFiled'],
    },
    'several ports of one address': given([one], [one, one]),
    'without a proof to hold it against': {
      documents: [filing([production(one)])],
      platform: platform(endpoint({ address: one })),
      parameters: { filing: 'network-address-filing', onHost: [] },
    },
    'the proof lists more, and the test address among them': {
      documents: [filing([production(one), test(two)]), proof([production(one), production(two)])],
      platform: platform(endpoint({ address: one }), endpoint({ address: two, environment: 'test' })),
    },
    'by name, all resolvers alike': { ...byName(view([one]), view([one], other)), says: 'resolvesAsFiled' },
    'by name, in two families': {
      ...given([one, six], [name]),
      addresses: [resolvedName(name, [view([one, six]), view([six, one], other)])],
    },
    'by name, seen from two zones': {
      ...given([one], [name]),
      addresses: [resolvedName(name, [view([one])], '互联网'), resolvedName(name, [view([one], inside)], '内网')],
    },
    'by way of a CDN’s name, for ten seconds': byName(
      view([one], {
        aliases: ['leqi.cdn.example', 'edge.cdn.example'],
        a: { addresses: [{ address: one, ttl: 10 }] },
      }),
    ),
    'its aliases could not be followed, its addresses could': byName(view([one], { aliasesBroken: 'timed-out' })),
    'its aliases go round, as far as they were followed': byName(view([one], { aliasesBroken: 'loop' })),
    'its aliases are very many': byName(view([one], { aliasesBroken: 'too-long' })),
    'the name of the certificate leads to the address': {
      ...certified(view([one])),
      says: ['asFiled', 'resolvesAsFiled'],
    },
    'the name of the certificate is in no DNS': { ...certified(view([], nothing)), says: ['asFiled', 'notInDns'] },
  },
  unmet: {
    'the connector’s host calls out by a public address that is not filed': {
      ...given([one], [one]),
      platform: [
        seen(
          'platform',
          declaration({
            endpoints: [endpoint({ address: one })],
            hosts: [{ name: 'app-1', addresses: [two], connector: true }],
          }),
        ),
      ],
      parameters: onHosts,
      interfaces: [hostAt(one, { egress: [{ family: 'ipv4', source: two, interface: 'eth1' }] })],
      says: ['asFiled', 'setStatically', 'callsOutOtherwise'],
    },
    'another address is declared': { ...given([one], [two]), says: ['notFiled', 'unused'] },
    'a further address is declared': { ...given([one], [one, two]), says: ['asFiled', 'notFiled'] },
    'a filed address is in no use': { ...given([one, two], [one]), says: ['asFiled', 'unused'] },
    'filed for tests, used in production': {
      documents: [filing([production(one), test(two)]), proof([production(one), production(two)])],
      platform: platform(endpoint({ address: two })),
      says: ['notFiled', 'unused'],
    },
    'the proof is of another address': {
      ...given([one], [one]),
      documents: [filing([production(one)]), proof([production(two)])],
      says: 'notProved',
    },
    'private, RFC 1918': { ...given(['10.1.2.3'], ['10.1.2.3']), says: 'notPublic' },
    'private, behind carrier-grade NAT': { ...given(['100.64.1.2'], ['100.64.1.2']), says: 'notPublic' },
    'for documentation': { ...given(['203.0.113.10'], ['203.0.113.10']), says: 'notPublic' },
    loopback: { ...given(['127.0.0.1'], ['127.0.0.1']), says: 'notPublic' },
    'IPv6 of the own site': { ...given(['fd00::1'], ['fd00::1']), says: 'notPublic' },
    'no address at all': { ...given(['10.90.661.911', one], [one]), says: ['malformed', 'notPublic', 'asFiled'] },
    'one octet too large': { ...given(['302.52.193.34', one], [one]), says: 'malformed' },
    'the name leads elsewhere': { ...byName(view([two]), view([two], other)), says: 'resolvesElsewhere' },
    'the name leads to more than is filed': { ...byName(view([one, two])), says: 'resolvesElsewhere' },
    'the name leads to an IPv6 address that is not filed': { ...byName(view([one, six])), says: 'resolvesElsewhere' },
    'the name leads elsewhere, and not to the same place': {
      ...byName(view([two]), view([one, two], other)),
      says: 'resolvesElsewhere',
    },
    'the name leads to very many addresses': {
      ...byName(view(Array.from({ length: 64 }, (_, index) => `192.52.193.${index}`))),
      says: 'resolvesElsewhere',
    },
    'the name leads elsewhere, and one resolver is silent': {
      ...byName(view([two]), view([], { ...other, ...silent })),
      says: 'resolvesElsewhere',
    },
    'a public resolver gives a private address': { ...byName(view(['10.1.2.3'])), says: 'resolvesPrivate' },
    'a private address beside the filed one': { ...byName(view([one, '10.1.2.3'])), says: 'resolvesPrivate' },
    'the name leads to the filed address, which is private': {
      ...given(['10.1.2.3'], [name]),
      addresses: [resolvedName(name, [view(['10.1.2.3'])])],
      says: 'notPublic',
    },
    'declared by a name that leads to one of two filed addresses': {
      ...given([one, two], [name]),
      addresses: [resolvedName(name, [view([one])])],
      says: ['unused', 'resolvesAsFiled'],
    },
    'the name of the certificate leads elsewhere': {
      ...certified(view([two])),
      says: ['asFiled', 'resolvesElsewhere'],
    },
  },
  unproven: {
    'no host was seen': { ...given([one], [one]), parameters: onHosts, says: ['asFiled', 'noInterfaces'] },
    'behind address translation, by a gateway that was not examined': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt('10.0.0.5')],
      says: ['asFiled', 'onNoInterface', 'wayOutUnseen'],
    },
    'on an interface, but no settings say so': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt(one, { configured: [] })],
      says: ['asFiled', 'settingUnclear', 'callsOutAsFiled'],
    },
    'rules of its own for some destinations': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt('10.0.0.5', { rules: ['100: from all lookup 100'] })],
      says: ['asFiled', 'onNoInterface', 'wayOutDivided'],
    },
    'no route to public addresses': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt('10.0.0.5', { egress: [] })],
      says: ['asFiled', 'onNoInterface', 'noWayOut'],
    },
    'the address came by DHCP': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt(one, { addresses: [{ interface: 'eth0', address: one, prefix: 24, dynamic: true }] })],
      says: ['asFiled', 'leased', 'callsOutAsFiled'],
    },
    'one host of two calls out by another public address': {
      ...given([one], [one]),
      parameters: onHosts,
      interfaces: [hostAt(one), hostAt(two, {}, 'app-2')],
      says: ['asFiled', 'setStatically', 'callsOutAsFiled', 'maybeOtherwise'],
    },
    'resolvers disagree': { ...byName(view([one]), view([two], other)), says: 'disagree' },
    'a resolver knows more': { ...byName(view([one]), view([one, two], other)), says: 'disagree' },
    'a resolver denies the name': { ...byName(view([two]), view([], { ...other, ...nothing })), says: 'disagree' },
    'split horizon': { ...byName(view([one]), view(['10.1.2.3'], inside)), says: 'disagree' },
    'private to a resolver inside, and nobody else was asked': {
      ...byName(view(['10.1.2.3'], { resolver: '127.0.0.53' }), view(['10.1.2.3'], { resolver: '[fd00::53]:5353' })),
      says: 'privateInside',
    },
    'private to a resolver inside that has a port': {
      ...byName(view(['10.1.2.3'], { resolver: '10.0.0.53:5353' })),
      says: 'privateInside',
    },
    'the zones disagree': {
      ...given([one], [name]),
      addresses: [resolvedName(name, [view([one])], '互联网'), resolvedName(name, [view([two])], '内网')],
      says: 'disagree',
    },
    'one of two resolvers is silent': { ...byName(view([one]), view([], { ...other, ...silent })), says: 'silent' },
    'one family is not answered for': {
      ...byName(view([one], { aaaa: { none: 'server-failure' } })),
      says: 'silent',
    },
    'nobody answers': { ...byName(view([], silent)), says: ['silent', 'maybeUnused'] },
    'DNS has no such name': { ...byName(view([], nothing)), says: ['noAddress', 'maybeUnused'] },
    'DNS knows the name, without an address': { ...byName(view([])), says: 'noAddress' },
    'the name was not resolved': { ...given([one], [name]), says: ['notResolved', 'maybeUnused'] },
    'another name was resolved': {
      ...given([one], [name]),
      addresses: [resolvedName('other.example.cn', [view([one])])],
      says: 'notResolved',
    },
    'the name of the certificate was not resolved': {
      ...certified(view([one])),
      addresses: [],
      says: ['asFiled', 'notResolved'],
    },
    'no filing': { ...given([one], [one]), documents: [proof([production(one)])], says: 'noEvidence' },
    'no proof': { ...given([one], [one]), documents: [filing([production(one)])], says: ['asFiled', 'noEvidence'] },
    'the proof is not held': {
      ...given([one], [one]),
      documents: [
        filing([production(one)]),
        proof([production(one)], { held: false, bytes: 0, sha256: undefined, file: undefined }),
      ],
      says: 'paperUnusable',
    },
    'the filing’s addresses are not written down': {
      ...given([one], [one]),
      documents: [filing([test(one)]), proof([production(one)])],
      says: 'noFiledAddress',
    },
    'the proof’s addresses are not written down': {
      ...given([one], [one]),
      documents: [filing([production(one)]), proof([])],
      says: 'noFiledAddress',
    },
    'no production endpoint is declared': {
      ...given([one], []),
      platform: platform(endpoint({ environment: 'test' })),
      says: 'noEndpoints',
    },
    'nothing is declared': { ...given([one], []), platform: [], says: 'noEndpoints' },
  },
});
