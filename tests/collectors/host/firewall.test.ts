import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { firewall } from '../../../src/collectors/host/firewall.ts';
import type { Firewall } from '../../../src/evidence/host/firewall.ts';
import { defaultsOf, passageTo, publishedOf } from '../../../src/evidence/host/inbound.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const fixture = (name: string): string =>
  readFileSync(join(packageRoot, 'tests', 'fixtures', 'firewall', `${name}.txt`), 'utf8');
const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const answer = (tool: string, text: string): string[] => [
  `=> ${tool}`,
  ...text
    .trimEnd()
    .split('\n')
    .map((line) => ` ${line}`),
  '=<',
];
const network = [
  ...answer('addresses', 'lo 127.0.0.1/8\nlo ::1/128\neth0 10.0.0.5/24\neth0 2001:db8::5/64\neth0 fe80::1/64'),
  'route:4 eth0',
  'route:6 eth0',
];
const printed = (...each: string[]): string => lines('uid:0', ...network, ...each, 'end');

const read = (result: string | Partial<CommandResult>): Firewall =>
  kinds.firewall.value.parse(firewall.read(transcript({ 'packet-filter': result }), localHost()));
const nft = (rules: string): Firewall => read(printed(...answer('nft', rules)));
const iptables = (rules: string): Firewall => read(printed(...answer('iptables-legacy-save', rules)));
const tcp = (filter: Firewall, port: number, address = '*') => {
  const passage = passageTo(filter, { protocol: 'tcp', address, port });
  return passage.is === 'sources' ? passage.sources.join(' ') : passage.is;
};

describe('managers', () => {
  // Debian 12, firewalld 1.3.3 with its nftables backend: default zone, one port and one rich rule added; `nft list ruleset`.
  test('firewalld', () => {
    const filter = nft(fixture('firewalld-debian-12'));
    expect(defaultsOf(filter)).toEqual({ ip: { is: 'blocked' }, ip6: { is: 'blocked' } });
    expect([22, 8443, 3306, 5432].map((port) => tcp(filter, port))).toEqual([
      'anywhere',
      'anywhere',
      '10.9.0.0/16',
      'blocked',
    ]);
    expect(passageTo(filter, { protocol: 'udp', address: '::', port: 546 })).toEqual({ is: 'blocked' });
  });

  // Debian 12, ufw 0.36.2: `allow 443/tcp`, `allow from 10.9.0.0/16 to any port 22 proto tcp`, `limit 2222/tcp`; iptables-save.
  test('ufw', () => {
    const filter = read(
      printed(
        ...answer('iptables-nft-save', fixture('ufw-debian-12-ip')),
        ...answer('ip6tables-nft-save', fixture('ufw-debian-12-ip6')),
        'manager:ufw enabled',
        'setting:ufw ENABLED=yes',
      ),
    );
    expect(defaultsOf(filter)).toEqual({ ip: { is: 'blocked' }, ip6: { is: 'blocked' } });
    expect([443, 2222, 22, 5432].map((port) => tcp(filter, port))).toEqual([
      'anywhere',
      'anywhere',
      '10.9.0.0/16',
      'blocked',
    ]);
    // DHCP answers come from any server.
    expect(passageTo(filter, { protocol: 'udp', address: '0.0.0.0', port: 68 })).toEqual({ is: 'anywhere' });
    expect(filter.managers).toEqual([{ name: 'ufw', enabled: true, settings: ['ENABLED=yes'] }]);
  });

  // CentOS 7, firewalld 0.6 with iptables 1.4.21 (reconstructed).
  test('firewalld with iptables (reconstructed)', () => {
    const filter = iptables(`*filter
:INPUT ACCEPT [0:0]
:INPUT_direct - [0:0]
:INPUT_ZONES - [0:0]
:INPUT_ZONES_SOURCE - [0:0]
:IN_public - [0:0]
:IN_public_allow - [0:0]
:IN_public_deny - [0:0]
:IN_public_log - [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -j INPUT_direct
-A INPUT -j INPUT_ZONES_SOURCE
-A INPUT -j INPUT_ZONES
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A INPUT_ZONES -i eth0 -g IN_public
-A INPUT_ZONES -g IN_public
-A IN_public -j IN_public_log
-A IN_public -j IN_public_deny
-A IN_public -j IN_public_allow
-A IN_public -p icmp -j ACCEPT
-A IN_public_allow -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT
COMMIT`);
    expect([22, 3306].map((port) => tcp(filter, port, '0.0.0.0'))).toEqual(['anywhere', 'blocked']);
    // What iptables does not filter, IPv6, is open.
    expect(defaultsOf(filter)).toEqual({ ip: { is: 'blocked' }, ip6: { is: 'anywhere' } });
  });

  // Docker 24 on Ubuntu 22.04 with ufw’s policy (reconstructed): what it publishes passes by the chain INPUT.
  test('ports that Docker publishes are open, whatever INPUT says (reconstructed)', () => {
    const filter = read(
      printed(
        'bridge:docker0 containers',
        ...answer(
          'iptables-nft-save',
          `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT`,
        ),
      ),
    );
    expect(publishedOf(filter)).toEqual([{ protocol: 'tcp', address: '*', port: 8080 }]);
    expect(tcp(filter, 8080, '0.0.0.0')).toBe('anywhere');
    expect(tcp(filter, 8081, '0.0.0.0')).toBe('blocked');
  });

  // nft(8), `add table … { flags dormant; }`: its chains are not in force (nftables 1.0.6 prints the flag so).
  test('a dormant table filters nothing', () => {
    const rules = input('tcp dport 22 accept').replace('table inet t {', 'table inet t {\n flags dormant\n');
    expect(defaultsOf(nft(rules))).toEqual({ ip: { is: 'anywhere' }, ip6: { is: 'anywhere' } });
  });

  // kube-proxy, iptables mode (reconstructed): only the jump names the port.
  test('node ports of Kubernetes, which no program listens at', () => {
    const filter = iptables(`*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-EXT-A - [0:0]
:KUBE-SVC-A - [0:0]
:KUBE-SEP-A - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-A
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m comment --comment "shop/web" -m tcp --dport 30080 -j KUBE-EXT-A
-A KUBE-EXT-A -j KUBE-SVC-A
-A KUBE-SVC-A -j KUBE-SEP-A
-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.0.7:8080
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT
COMMIT`);
    expect(publishedOf(filter)).toEqual([{ protocol: 'tcp', address: '*', port: 30080 }]);
    expect(tcp(filter, 30080, '0.0.0.0')).toBe('anywhere');
    expect(tcp(filter, 443, '0.0.0.0')).toBe('blocked');
  });

  test('a port that stands in a map of translations', () => {
    const filter = nft(`table ip t {
 chain pre {
  type nat hook prerouting priority dstnat; policy accept;
  dnat to tcp dport map { 8080 : 10.0.9.9 }
 }
 chain input {
  type filter hook input priority filter; policy drop;
 }
 chain forward {
  type filter hook forward priority filter; policy drop;
  ct status dnat accept
 }
}`);
    expect(publishedOf(filter)).not.toEqual([]);
    expect(tcp(filter, 8080, '0.0.0.0')).not.toBe('blocked');
  });

  // kube-proxy, nftables mode (reconstructed).
  test('translations by maps of several fields are not known', () => {
    const filter = nft(`table ip kube-proxy {
 chain pre {
  type nat hook prerouting priority dstnat; policy accept;
  meta l4proto . th dport vmap { tcp . 30080 : goto external }
 }
 chain external {
  dnat to 10.244.0.7:8080
 }
}
${input()}`);
    expect(tcp(filter, 30080, '0.0.0.0')).toBe('unknown');
  });

  test('a host without rules lets everybody in', () => {
    expect(defaultsOf(nft(''))).toEqual({ ip: { is: 'anywhere' }, ip6: { is: 'anywhere' } });
  });
});

const input = (...rules: string[]): string =>
  [
    'table inet t {',
    ' chain input {',
    '  type filter hook input priority filter; policy drop;',
    ...rules,
    ' }',
    '}',
  ].join('\n');

describe('what is not understood is unknown, never blocked', () => {
  test.each([
    ['a mark', input('meta mark 0x1 accept')],
    ['a set that is not shown', input('ip saddr @gone accept')],
    ['fields joined', input('ip saddr . tcp dport { 10.0.0.9 . 22 } accept')],
    ['a foreign match', input('xt match "geoip" accept')],
    ['a foreign target', input('tcp dport 22 xt target "GEO"')],
    ['a foreign match as old versions print it', input('meta l4proto tcp # geoip counter packets 0 bytes 0 accept')],
    ['a foreign target as old versions print it', input('tcp dport 22 # GEO')],
    ['a queue', input('tcp dport 22 queue to 0')],
    ['a chain that is not shown', input('jump gone')],
    ['a map that is not shown', input('tcp dport vmap @gone')],
    ['a map of several fields', input('ip saddr . tcp dport vmap { 10.0.0.9 . 22 : accept }')],
    ['a port by a name', input('tcp dport ssh accept')],
    ['what may have stopped before', input('meta mark 0x1 drop', 'accept')],
    [
      'a jump on what is not understood',
      input('meta mark 0x1 jump sub').replace(/\}$/, ' chain sub {\n accept\n }\n}'),
    ],
    [
      'a return on what is not understood',
      input('jump sub', 'accept').replace(/\}$/, ' chain sub {\n meta mark 0x1 return\n drop\n }\n}'),
    ],
    [
      'a set of which a line was cut',
      input('ip saddr @ops accept').replace(
        ' chain input',
        ` set ops {\n  type ipv4_addr\n${`  elements = { ${'10.0.0.0/8, '.repeat(300)}`.slice(0, 1999)}\n }\n chain input`,
      ),
    ],
    ['a line that was cut', input(`tcp dport { ${'22, '.repeat(600)}`.slice(0, 2000))],
    ['chains in a circle', input('jump a').replace(/\}$/, ' chain a {\n jump b\n }\n chain b {\n jump a\n }\n}')],
  ])('nftables: %s', (_, rules) => {
    expect(tcp(nft(rules), 22)).toBe('unknown');
  });

  test.each([
    '-m geoip --src-cc CN -j ACCEPT',
    '-m mac --mac-source 00:11:22:33:44:55 -j ACCEPT',
    '-m set --match-set trusted src -j ACCEPT',
    '-m set ! --match-set trusted src -j DROP\n-A INPUT -j ACCEPT',
    '-m mark --mark 0x1 -j ACCEPT',
    '-p tcp --dport 22 -j NFQUEUE --queue-num 0',
    '-p tcp --dport ssh -j ACCEPT',
    '-s trusted.invalid -j ACCEPT',
    '--unknown-flag x -j ACCEPT',
    '-j GONE',
  ])('iptables: %s', (rule) => {
    expect(tcp(iptables(`*filter\n:INPUT DROP [0:0]\n-A INPUT ${rule}\nCOMMIT`), 22, '0.0.0.0')).toBe('unknown');
  });

  // The rules of iptables-extensions(8), SYNPROXY.
  test.each([
    ['-p tcp --dport 22 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --wscale 7 --mss 1460', 'unknown'],
    ['-p tcp --dport 22 -m conntrack --ctstate UNTRACKED,ESTABLISHED -j ACCEPT', 'unknown'],
    ['-p tcp --dport 23 -m conntrack --ctstate UNTRACKED,ESTABLISHED -j ACCEPT', 'blocked'],
  ])('where packets are taken out of tracking: %s', (rule, expected) => {
    const filters = `*filter\n:INPUT DROP [0:0]\n-A INPUT ${rule}\nCOMMIT`;
    const raw = '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 22 --syn -j CT --notrack\nCOMMIT';
    expect(tcp(iptables(`${raw}\n${filters}`), 22, '0.0.0.0')).toBe(expected);
    expect(tcp(iptables(filters), 22, '0.0.0.0')).toBe('blocked');
    const nftables = `${input('tcp dport 22 ct state established,untracked accept')}\ntable ip raw {\n chain p {\n type filter hook prerouting priority raw; policy accept;\n tcp dport 22 notrack\n }\n}`;
    expect(tcp(nft(nftables), 22)).toBe('unknown');
  });

  test('a list of banned sources does not close a port to everybody', () => {
    const banned = '-A INPUT -p tcp -m multiport --dports 22 -m set --match-set f2b-sshd src -j REJECT';
    expect(tcp(iptables(`*filter\n:INPUT ACCEPT [0:0]\n${banned}\nCOMMIT`), 22, '0.0.0.0')).toBe('anywhere');
    expect(tcp(nft(input('ip saddr { 192.0.2.1 } drop', 'accept')), 22)).toBe('anywhere');
  });
});

describe('how many sources', () => {
  const set = (count: number): string =>
    ` set many {\n  type ipv4_addr\n  elements = { ${Array.from({ length: count }, (_, index) => `10.1.${index >> 8}.${index & 255}`).join(',\n    ')} }\n }\n`;
  const withSet = (count: number, ...rules: string[]): Firewall =>
    nft(input(...rules).replace(' chain input', `${set(count)} chain input`));

  test('two halves of the Internet are all of it', () => {
    expect(tcp(nft(input('ip saddr { 0.0.0.0/1, 128.0.0.0/1 } accept')), 22, '0.0.0.0')).toBe('anywhere');
    expect(tcp(nft(input('ip saddr 0.0.0.0-200.0.0.0 accept')), 22, '0.0.0.0')).toBe('anywhere');
    expect(tcp(nft(input('ip6 saddr 2000::/3 accept')), 22, '::')).toBe('anywhere');
    expect(tcp(nft(input('ip saddr != 0.0.0.0/1 drop', 'accept')), 22, '0.0.0.0')).toBe('anywhere');
    expect(tcp(nft(input('ip saddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } accept')), 22)).toContain(
      '10.0.0.0/8',
    );
  });

  test('a long list that is banned stops only those; whom one lets in is not known', () => {
    expect(tcp(withSet(20, 'ip saddr @many accept'), 22)).toContain('10.1.0.7');
    expect(tcp(withSet(20_000, 'ip saddr @many drop', 'tcp dport 22 accept'), 22)).toBe('anywhere');
    expect(tcp(withSet(20_000, 'ip saddr @many accept'), 22)).toBe('unknown');
    expect(tcp(withSet(20_000, 'ip saddr != @many drop', 'accept'), 22, '0.0.0.0')).toBe('unknown');
    expect(JSON.stringify(withSet(20_000, 'ip saddr @many drop')).length).toBeLessThan(2000);
  });
});

describe('through which interface', () => {
  const two = (rules: string): Firewall =>
    read(
      lines(
        'uid:0',
        ...answer(
          'addresses',
          'lo 127.0.0.1/8\neth0 10.0.0.5/24\neth1 192.168.7.5/24\neth2 198.51.100.5/24\ndocker0 172.17.0.1/16',
        ),
        'bridge:docker0 containers',
        'route:4 eth0',
        ...answer('nft', rules),
        'end',
      ),
    );

  test.each([
    ['iifname "eth0" accept', 'anywhere'],
    ['iifname { "eth0", "eth1" } accept', 'anywhere'],
    ['iifname "eth1" accept', '192.168.7.0/24 (eth1)'],
    ['iifname "docker0" accept', '172.17.0.0/16 (docker0)'],
    ['iifname "docker*" tcp dport 22 accept', '172.17.0.0/16 (docker0)'],
    ['iifname vmap { "lo" : accept, "eth1" : accept }', '192.168.7.0/24 (eth1)'],
    ['iif "lo" accept', 'blocked'],
    ['ip daddr 192.168.7.5 accept', '192.168.7.0/24 (eth1)'],
  ])('%s: %s', (rule, expected) => {
    expect(tcp(two(input(rule)), 22)).toBe(expected);
  });

  test('a public address is reached from anywhere, default route or not', () => {
    const filter = read(
      lines(
        'uid:0',
        ...answer('addresses', 'eth0 10.0.0.5/24\neth1 8.8.8.8/24'),
        'route:4 eth0',
        ...answer('nft', input('iifname "eth1" accept')),
        'end',
      ),
    );
    expect(tcp(filter, 22)).toBe('anywhere');
  });

  test('a range of ports that is open is the default', () => {
    expect(defaultsOf(nft(input('tcp dport 1024-65535 accept')))).toMatchObject({ ip: { is: 'anywhere' } });
    expect(defaultsOf(nft(input('tcp dport 22-100 accept')))).toMatchObject({ ip: { is: 'blocked' } });
    expect(defaultsOf(nft(input('meta l4proto udp accept')))).toMatchObject({ ip: { is: 'anywhere' } });
  });

  test('rules that iptables put into nftables are read once, in its own words', () => {
    const { chains } = read(
      printed(
        ...answer(
          'nft',
          'table ip filter {\n chain INPUT {\n  type filter hook input priority filter; policy accept;\n  xt match "x" drop\n }\n}',
        ),
        ...answer('iptables-nft-save', '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j DROP\nCOMMIT'),
      ),
    );
    expect(chains.map(({ id }) => id)).toEqual(['iptables-nft filter INPUT']);
  });
});

describe('what cannot be read', () => {
  test('without root nothing is known', () => {
    expect(() => read({ stdout: printed(), withoutRoot: true })).toThrow(expect.objectContaining({ reason: 'denied' }));
    expect(() => read(printed().replace('uid:0', 'uid:1000'))).toThrow(expect.objectContaining({ reason: 'denied' }));
  });

  test('an output that was cut is nothing', () => {
    expect(() => read({ stdout: printed().slice(0, -4), truncated: true })).toThrow(
      expect.objectContaining({ reason: 'too-large' }),
    );
  });

  test('a tool that is missing or fails is said', () => {
    const { unread } = read(printed('!! no-tool nft', '=! ip6tables-legacy-save', ' Permission denied', '=<'));
    expect(unread).toEqual([
      { part: 'nft', why: 'no-tool' },
      { part: 'ip6tables-legacy-save: Permission denied', why: 'unclear' },
    ]);
  });

  test('hostile rules neither break the reader nor are kept as they are', () => {
    const { chains } = nft(
      input(
        'tcp dport 22 log prefix "\u001b[31m} accept" accept',
        '} }',
        'chain x {',
        `${'ip saddr '.repeat(100)}accept`,
      ),
    );
    expect(JSON.stringify(chains)).not.toContain('\\u001b');
    const many = Array.from({ length: 6000 }, (_, index) => `tcp dport ${index + 1} accept`);
    expect(nft(input(...many))).toMatchObject({ chains: [], unread: [{ part: '6000', why: 'too-many' }] });
  });
});
