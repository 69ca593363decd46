import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { interfaces as collector } from '../../../src/collectors/host/interfaces.ts';
import type { Interfaces } from '../../../src/evidence/host/interfaces.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const read = (output: Parameters<typeof transcript>[0][string]): Interfaces =>
  kinds.interfaces.value.parse(collector.read(transcript({ interfaces: output }), localHost()));

// ip (iproute2 6.1.0) on Debian 12, a virtual machine; busybox 1.35 there prints the same but for flags.
const debian = [
  'uid:0',
  'addr:1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
  'addr:4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever',
  'addr:4: eth0    inet6 fd00::2/64 scope global nodad \\       valid_lft forever preferred_lft forever',
  'rule:0:\tfrom all lookup local',
  'rule:32766:\tfrom all lookup main',
  'rule:32767:\tfrom all lookup default',
  'get:ipv4 1.1.1.1 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0 ',
  'get:ipv6 2606:4700:4700::1111 from :: via fd00::1 dev eth0 src fd00::2 metric 1024 pref medium',
  'link:eth0 02:fc:00:00:00:01',
  'link:lo 00:00:00:00:00:00',
];

test('a static machine without settings (Debian 12)', () => {
  expect(read(lines(...debian, 'end'))).toEqual({
    addresses: [
      { interface: 'lo', address: '127.0.0.1', prefix: 8, dynamic: false },
      { interface: 'eth0', address: '192.0.2.2', prefix: 24, dynamic: false },
      { interface: 'eth0', address: 'fd00::2', prefix: 64, dynamic: false },
    ],
    configured: [],
    egress: [
      { family: 'ipv4', source: '192.0.2.2', via: '192.0.2.1', interface: 'eth0' },
      { family: 'ipv6', source: 'fd00::2', via: 'fd00::1', interface: 'eth0' },
    ],
    routes: [],
    rules: [],
    unread: [],
  });
});

test('a lifetime, several ways, rules of their own (Debian 12, ip 6.1.0 in a network namespace)', () => {
  const found = read(
    lines(
      'addr:3: d0    inet 192.52.193.34/24 scope global dynamic d0\\       valid_lft 300sec preferred_lft 300sec',
      'addr:3: d0    inet 10.0.0.7/24 scope global d0\\       valid_lft forever preferred_lft forever',
      'route:\tnexthop via 10.0.0.1 dev d0 weight 1 ',
      'route:203.0.113.0/24 via 10.0.0.3 dev d0 ',
      'rule:0:\tfrom all lookup local',
      'rule:32765:\tfrom 10.0.0.7 lookup 7',
      'get:ipv4 1.1.1.1 via 192.52.193.1 dev d0 src 192.52.193.34 uid 0 ',
      'end',
    ),
  );
  expect(found.addresses.map(({ dynamic }) => dynamic)).toEqual([true, false]);
  expect(found.routes).toEqual([
    { to: 'nexthop', via: '10.0.0.1' },
    { to: '203.0.113.0/24', via: '10.0.0.3' },
  ]);
  expect(found.rules).toEqual(['32765:·from 10.0.0.7 lookup 7']);
  expect(found.egress).toEqual([{ family: 'ipv4', source: '192.52.193.34', via: '192.52.193.1', interface: 'd0' }]);
});

describe('ip (reconstructed from ip-address(8), ip-rule(8) and ip-route(8))', () => {
  test.each([
    [
      '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global dynamic noprefixroute eth0\\       valid_lft 86000sec',
      true,
    ],
    ['2: eth0    inet 10.0.0.5/24 scope global eth0\\       valid_lft 3600sec preferred_lft 3600sec', true],
    ['2: eth0@if7    inet 10.0.0.5/24 scope global secondary eth0:dynamic\\       valid_lft forever', false],
    ['3: ppp0    inet 10.0.0.5 peer 10.0.0.6/32 scope global ppp0\\       valid_lft forever', false],
  ])('%s', (line, dynamic) => {
    const [found] = read(lines(`addr:${line}`, 'end')).addresses;
    expect(found).toMatchObject({ address: '10.0.0.5', dynamic });
    expect(found?.interface).toMatch(/^(eth0|ppp0)$/);
  });

  test('rules and routes of their own', () => {
    const found = read(
      lines(
        ...debian,
        'rule:100:\tfrom 192.0.2.9 lookup 7',
        'rule:1000:\tfrom all lookup [l3mdev-table]',
        'route:203.0.113.0/24 via 192.0.2.7 dev eth0 proto static',
        'route:\tnexthop via 192.0.2.8 dev eth0 weight 1',
        'route:garbage via',
        'end',
      ),
    );
    expect(found.rules).toEqual(['100:·from 192.0.2.9 lookup 7', '1000:·from all lookup [l3mdev-table]']);
    expect(found.routes).toEqual([
      { to: '203.0.113.0/24', via: '192.0.2.7' },
      { to: 'nexthop', via: '192.0.2.8' },
    ]);
  });

  test('no route, or one that refuses, is no way out', () => {
    const output = lines(
      ...debian.filter((line) => !line.startsWith('get:')),
      'get:ipv4 unreachable 1.1.1.1 src 10.0.0.1',
      'end',
    );
    expect(read(output).egress).toEqual([]);
  });
});

const configured = (...more: string[]) =>
  read(lines(...debian, 'link:eth1 02:fc:00:00:00:02', ...more, 'end')).configured.map(
    ({ interface: name, family, method, addresses }) => `${name} ${family} ${method} ${addresses.join(' ')}`.trim(),
  );

describe('settings (reconstructed from their manual pages)', () => {
  test('ifcfg of RHEL, openEuler, Kylin and Anolis', () => {
    expect(
      configured(
        '== /etc/sysconfig/network-scripts/ifcfg-eth0',
        ' TYPE=Ethernet',
        ' BOOTPROTO="none"',
        ' DEVICE=eth0',
        ' IPADDR=192.0.2.2',
        ' IPADDR1="192.0.2.3"',
        ' IPV6ADDR=fd00::2/64',
        '== /etc/sysconfig/network-scripts/ifcfg-eth0:1',
        ' DEVICE=eth0:1',
        ' IPADDR=192.0.2.4',
        '== /etc/sysconfig/network-scripts/ifcfg-odd',
        ' HWADDR=02:FC:00:00:00:02',
        ' BOOTPROTO=dhcp',
      ),
    ).toEqual([
      'eth0 ipv4 static 192.0.2.2 192.0.2.3',
      'eth0 ipv6 static fd00::2',
      'eth0 ipv4 static 192.0.2.4',
      'eth1 ipv4 dhcp',
    ]);
  });

  test('ifupdown of Debian', () => {
    expect(
      configured(
        '== /etc/network/interfaces',
        ' source /etc/network/interfaces.d/*',
        ' iface lo inet loopback',
        ' iface eth0 inet static',
        '     address 192.0.2.2/24',
        ' iface eth0 inet6 auto',
        ' iface eth1 inet dhcp',
      ),
    ).toEqual(['eth0 ipv4 static 192.0.2.2', 'eth0 ipv6 dhcp', 'eth1 ipv4 dhcp']);
  });

  test('what interfaces(5) takes from elsewhere is not read', () => {
    const found = read(lines(...debian, '== /etc/network/interfaces', ' source /opt/net/*', 'end'));
    expect(found.unread).toEqual([{ part: '/etc/network/interfaces', why: 'unclear' }]);
  });

  const keyfile = [
    '== /etc/NetworkManager/system-connections/office.nmconnection',
    ' [connection]',
    ' interface-name=eth0',
    ' [ipv4]',
    ' address1=192.0.2.2/24,192.0.2.1',
    ' method=manual',
    ' [ipv6]',
    ' method=auto',
  ];
  test('keyfiles of NetworkManager', () => {
    expect(configured('manager:NetworkManager', ...keyfile)).toEqual(['eth0 ipv4 static 192.0.2.2', 'eth0 ipv6 dhcp']);
  });

  test('a keyfile without an interface may be any interface’s', () => {
    const anyones = keyfile.filter((line) => !line.includes('interface-name'));
    expect(configured('manager:NetworkManager', ...anyones)).toContain('eth1 ipv4 static 192.0.2.2');
  });

  const networkd = (name: string, ...rest: string[]) => [`== ${name}`, ' [Match]', ...rest];
  test.each([
    [
      'what netplan generated',
      networkd('/run/systemd/network/10-netplan-eth0.network', ' Name=eth0', ' [Network]', ' Address=192.0.2.2/24'),
      ['eth0 ipv4 static 192.0.2.2'],
    ],
    [
      'DHCP, by hardware address',
      networkd('/etc/systemd/network/a.network', ' MACAddress=02:FC:00:00:00:01', ' [Network]', ' DHCP=ipv4'),
      ['eth0 ipv4 dhcp'],
    ],
    [
      'the first file by name counts, that of /etc before that of /usr',
      [
        ...networkd('/usr/lib/systemd/network/10-a.network', ' Name=e*', ' [Network]', ' DHCP=yes'),
        ...networkd('/etc/systemd/network/20-b.network', ' Name=e*', ' [Network]', ' DHCP=yes'),
        ...networkd('/etc/systemd/network/10-a.network', ' Name=eth0', ' [Address]', ' Address=192.0.2.2/24'),
      ],
      ['eth0 ipv4 static 192.0.2.2', 'eth1 ipv4 dhcp', 'eth1 ipv6 dhcp'],
    ],
    [
      'a drop-in adds DHCP',
      [
        ...networkd('/etc/systemd/network/a.network', ' Name=eth0', ' [Network]', ' Address=192.0.2.2/24'),
        '== /etc/systemd/network/a.network.d/x.conf',
        ' [Network]',
        ' DHCP=yes',
      ],
      ['eth0 ipv4 dhcp 192.0.2.2', 'eth0 ipv6 dhcp'],
    ],
    [
      'a match that this tool does not know leaves it open',
      [
        ...networkd('/etc/systemd/network/a.network', ' Type=ether', ' [Network]', ' DHCP=yes'),
        ...networkd('/etc/systemd/network/b.network', ' Name=eth0', ' [Network]', ' Address=192.0.2.2/24'),
      ],
      [],
    ],
  ])('systemd-networkd: %s', (_, files, expected) => {
    expect(configured('manager:systemd-network', ...files)).toEqual(expected);
  });

  test('settings of a service that does not run are no one’s', () => {
    expect(
      configured(...keyfile, ...networkd('/etc/systemd/network/a.network', ' Name=eth0', ' [Network]', ' DHCP=yes')),
    ).toEqual([]);
  });
});

describe('whatever the host prints', () => {
  test.each([
    ['cut', { stdout: lines(...debian) }, 'failed'],
    ['out of time', { stdout: '', timedOut: true, status: undefined }, 'timed-out'],
    ['without ip', { stdout: lines('uid:0', '!! no-tool ip', 'end') }, 'not-installed'],
    ['without an address', { stdout: lines('uid:0', 'end') }, 'failed'],
  ])('%s proves nothing', (_, output, reason) => {
    expect(() => read(output)).toThrow(expect.objectContaining({ reason }));
  });

  test('patterns that would take for ever, names that are odd', () => {
    const files = [
      '== /etc/systemd/network/a.network',
      ' [Match]',
      ` Name=${'*a'.repeat(40)}b ${'['.repeat(50)} ${'?*'.repeat(60)}b`,
      ' [Network]',
      ' DHCP=yes',
    ];
    const started = performance.now();
    expect(configured('manager:systemd-network', `link:${'a'.repeat(5000)} 0`, ...files)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('more addresses than are kept', () => {
    const many = Array.from(
      { length: 1001 },
      (_, index) => `addr:2: eth0    inet 10.0.${index % 250}.${Math.floor(index / 250)}/32 scope global eth0`,
    );
    expect(read(lines(...many, 'end')).unread).toEqual([{ part: 'ip', why: 'too-many' }]);
  });

  test('folders and files that are closed', () => {
    expect(read(lines(...debian, '!! denied /etc/NetworkManager/system-connections', 'end')).unread).toEqual([
      { part: '/etc/NetworkManager/system-connections', why: 'denied' },
    ]);
  });
});

test.each([['dash'], ['bash'], ['busybox', 'sh']])('this machine answers %s', (...shell) => {
  const [command] = collector.ask(localHost());
  const [program = '', ...args] = [...shell, '-c', command?.script ?? ''];
  const found = read(execFileSync(program, args, { encoding: 'utf8' }));
  expect(found.addresses).toContainEqual({ interface: 'lo', address: '127.0.0.1', prefix: 8, dynamic: false });
});
