import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interfacesScript } from '../../../src/collectors/host/interfaces/script.ts';
import { interfaces as collector } from '../../../src/collectors/host/interfaces.ts';
import type { Interfaces } from '../../../src/evidence/host/interfaces.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { inFolder } from '../../support/folder.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// Files after netplan(5) and Ubuntu 24.04's installer; netplan itself stands there by its name only.
const head = 'network:\n  version: 2\n';
const still = `${head}  ethernets:\n    eth0:\n      addresses:\n      - "192.0.2.2/24"\n      - fd00::2/64\n      nameservers:\n        addresses: [223.5.5.5]\n      routes:\n      - to: default\n        via: 192.0.2.1\n`;

function readWith(folder: string, files: Readonly<Record<string, string>>, shell: readonly string[]): Interfaces {
  for (const [name, text] of Object.entries({ 'bin/netplan': '#!/bin/sh\n', ...files })) {
    mkdirSync(dirname(`${folder}/${name}`), { recursive: true });
    writeFileSync(`${folder}/${name}`, text, { mode: 0o755 });
  }
  const moved = interfacesScript.replaceAll(/(?<![\w}])\/(etc|run|usr\/lib)\/netplan/g, `${folder}/$1/netplan`);
  const [program = '', ...args] = shell;
  const printed = execFileSync(program, [...args, '-c', moved], {
    encoding: 'utf8',
    env: { PATH: `${folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin` },
  });
  const lines = printed.split('\n').filter((line) => !/^(addr|link|get|rule|route):/.test(line));
  const machine = [
    'addr:4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever',
    'link:eth0 02:fc:00:00:00:01',
    'link:eth1 02:fc:00:00:00:02',
  ];
  const stdout = [...machine, ...lines].join('\n');
  return kinds.interfaces.value.parse(collector.read(transcript({ interfaces: stdout }), localHost()));
}

describe.each([{ shell: ['dash'] }, { shell: ['busybox', 'sh'] }])('netplan’s own files, by $shell', ({ shell }) => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'an address',
      { 'etc/netplan/50-cloud-init.yaml': still },
      ['eth0 ipv4 static 192.0.2.2', 'eth0 ipv6 static fd00::2'],
    ],
    [
      'DHCP that a later file adds',
      {
        'etc/netplan/10.yaml': still,
        'run/netplan/20.yaml': `${head}  ethernets:\n    eth0:\n      dhcp4: true # for now\n`,
      },
      ['eth0 ipv4 dhcp 192.0.2.2', 'eth0 ipv6 static fd00::2'],
    ],
    [
      'an identifier of its own, matched by hardware address',
      {
        'etc/netplan/a.yaml': `${head}  ethernets:\n    outside:\n      match:\n        macaddress: "02:FC:00:00:00:02"\n      addresses: [192.0.2.9/24, '192.0.2.10/24']\n`,
      },
      ['eth1 ipv4 static 192.0.2.9 192.0.2.10'],
    ],
    [
      'a name that it is given',
      {
        'etc/netplan/a.yaml': `${head}  ethernets:\n    x:\n      match:\n        name: enp*\n      set-name: eth1\n      dhcp6: yes\n`,
      },
      ['eth1 ipv6 dhcp'],
    ],
    [
      'a bridge, tabs aside',
      {
        'etc/netplan/a.yaml': `${head}  bridges:\n    eth1:\n      interfaces: [eth0]\n      addresses:\n        - 192.0.2.3/24:\n            label: "x"\n`,
      },
      ['eth1 ipv4 static 192.0.2.3'],
    ],
    ['a copy that is none', { 'etc/netplan/a.yaml.bak': still }, []],
  ])('%s', (_, files, settings) =>
    inFolder({}, async (at) => {
      const { configured, unread } = readWith(at('.'), files, shell);
      const ours = configured.filter(({ where }) => where.includes('/netplan/'));
      expect(
        ours.map((each) => `${each.interface} ${each.family} ${each.method} ${each.addresses.join(' ')}`.trim()),
      ).toEqual(settings);
      expect(unread.filter(({ part }) => part.includes('netplan'))).toEqual([]);
    }),
  );

  test.each([
    '    eth0: {dhcp4: true}\n',
    '    eth0:\n      addresses: [192.0.2.2/24,\n        192.0.2.3/24]\n',
    '    eth0: *usual\n',
  ])('what is not followed is said: %j', (text) =>
    inFolder({}, async (at) => {
      const { unread } = readWith(at('.'), { 'etc/netplan/a.yaml': `${head}  ethernets:\n${text}` }, shell);
      expect(unread).toContainEqual({ part: expect.stringMatching(/\/netplan\/a\.yaml$/), why: 'unclear' });
    }),
  );

  test('no passphrase leaves the host', () =>
    inFolder({}, async (at) => {
      const wifi = `${head}  wifis:\n    w0:\n      access-points:\n        "office":\n          password: "hunter2"\n      auth:\n        password: hunter2\n`;
      expect(JSON.stringify(readWith(at('.'), { 'etc/netplan/a.yaml': wifi }, shell))).not.toContain('hunter2');
    }));
});
