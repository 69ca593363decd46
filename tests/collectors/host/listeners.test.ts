import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { listeners } from '../../../src/collectors/host/listeners.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import type { Listeners } from '../../../src/evidence/host/listeners.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const read = (result: string | Partial<CommandResult>): Listeners =>
  kinds.listeners.value.parse(listeners.read(transcript({ sockets: result }), localHost()));
const printed = (by: string, text: string): string =>
  `by:${by}\n${text
    .split('\n')
    .map((line) => ` ${line}\n`)
    .join('')}end\n`;
const brief = ({ sockets }: Listeners): string[] =>
  sockets.map(({ protocol, address, port, program, interface: device }) =>
    [protocol, `${address}${device ? `%${device}` : ''}`, port, program ?? '-'].join(' '),
  );

// Debian 12, iproute2 6.1.0: `ss -H -tulnp` as root.
const debian = `udp UNCONN 0      0      127.0.0.1:35461 0.0.0.0:* users:(("MainThread",pid=22010,fd=27))
udp UNCONN 0      0          [::1]:34449    [::]:* users:(("MainThread",pid=22010,fd=25))
tcp LISTEN 0      128      0.0.0.0:2024  0.0.0.0:*
tcp LISTEN 0      80       0.0.0.0:13306 0.0.0.0:* users:(("mariadbd",pid=20436,fd=22))
tcp LISTEN 0      244    127.0.0.1:15432 0.0.0.0:* users:(("postgres",pid=18014,fd=5))`;

// Ubuntu 22.04 (reconstructed): a resolver on an interface, a server that takes both families.
const ubuntu = `udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=612,fd=13))
tcp LISTEN 0 511 *:80 *:* users:(("nginx",pid=812,fd=6),("nginx",pid=811,fd=6))
tcp LISTEN 0 128 [fe80::1]%eth0:8443 [::]:* users:(("java",pid=99,fd=5))`;

// CentOS 7.9, iproute 4.11, whose ss prints a heading (reconstructed).
const centos = `Netid State      Recv-Q Send-Q Local Address:Port               Peer Address:Port
tcp   LISTEN     0      128       *:22                    *:*                   users:(("sshd",pid=1011,fd=3))
tcp   LISTEN     0      100    ::1:25                   :::*                   users:(("master",pid=1234,fd=14))
tcp   LISTEN     0      128      :::22                   :::*                   users:(("sshd",pid=1011,fd=4))`;

// Debian 12, net-tools 2.10 (reconstructed).
const netstat = `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      812/sshd: /usr/sbin
tcp6       0      0 :::80                   :::*                    LISTEN      -
udp        0      0 0.0.0.0:68              0.0.0.0:*                           512/dhclient`;

describe('transcripts', () => {
  test.each([
    [
      'Debian 12',
      printed('ss', debian),
      [
        'udp 127.0.0.1 35461 MainThread',
        'udp ::1 34449 MainThread',
        'tcp 0.0.0.0 2024 -',
        'tcp 0.0.0.0 13306 mariadbd',
        'tcp 127.0.0.1 15432 postgres',
      ],
    ],
    [
      'Ubuntu 22.04 (reconstructed)',
      printed('ss', ubuntu),
      ['udp 127.0.0.53%lo 53 systemd-resolve', 'tcp * 80 nginx', 'tcp fe80::1%eth0 8443 java'],
    ],
    ['CentOS 7.9 (reconstructed)', printed('ss', centos), ['tcp * 22 sshd', 'tcp ::1 25 master', 'tcp :: 22 sshd']],
    [
      'netstat (reconstructed)',
      printed('netstat', netstat),
      ['tcp 0.0.0.0 22 sshd', 'tcp :: 80 -', 'udp 0.0.0.0 68 dhclient'],
    ],
    [
      'the kernel’s tables',
      printed(
        'proc',
        'tcp 0100007F:1F90\ntcp6 0000000000000000FFFF00000100000A:0016\nudp6 00000000000000000000000001000000:0035',
      ),
      ['tcp 127.0.0.1 8080 -', 'tcp 10.0.0.1 22 -', 'udp ::1 53 -'],
    ],
  ])('%s', (_, output, expected) => {
    const value = read(output);
    expect(brief(value)).toEqual(expected);
    expect(value.unread).toEqual([]);
  });

  test('none at all', () => {
    expect(read(printed('ss', ''))).toEqual({ by: 'ss', sockets: [], unread: [] });
  });
});

describe('what cannot be read', () => {
  test.each([
    ['cut', { stdout: printed('ss', debian).slice(0, 200), truncated: true }, 'too-large'],
    ['out of time', { stdout: printed('ss', debian).slice(0, 200), timedOut: true }, 'timed-out'],
    ['nothing', '', 'failed'],
    ['another program’s output', 'motd\nend\n', 'failed'],
  ])('%s is nothing', (_, result, reason) => {
    expect(() => read(result)).toThrow(expect.objectContaining({ reason }));
  });

  test.each([
    'unread',
    'tcp LISTEN 0 1 nowhere *:*',
    'tcp LISTEN 0 1 1.2.3.4:99999 *:*',
    'raw LISTEN 0 1 1.2.3.4:9 *:*',
  ])('a line that is no socket is said: %s', (line) => {
    expect(read(printed('ss', line))).toMatchObject({ sockets: [], unread: [{ why: 'unclear' }] });
  });

  test('too many are said', () => {
    const many = Array.from({ length: 5001 }, (_, index) => `tcp LISTEN 0 1 127.0.0.1:${index + 1} *:*`);
    expect(read(printed('ss', many.join('\n')))).toMatchObject({ unread: [{ part: 'ss', why: 'too-many' }] });
  });

  test('a program’s name is made printable', () => {
    const value = read(printed('ss', 'tcp LISTEN 0 1 1.2.3.4:9 *:* users:(("\u001b[31mx\\"y",pid=1,fd=1))'));
    expect(brief(value)).toEqual(['tcp 1.2.3.4 9 ·[31mx\\"y']);
  });
});

test('without a program and without the kernel’s tables nothing is known', async () => {
  const gate = createGate(createScope([], []), () => new Date());
  const commands = listeners.ask(localHost()).map((command) => ({
    ...command,
    script: command.script
      .replaceAll(/command -v (ss|netstat) /g, 'command -v leqi-no-such ')
      .replaceAll('/proc/net/', '/nonexistent/'),
  }));
  const result = (await runLocal(gate, localHost(), commands, new AbortController().signal)).get('sockets');
  if (!result) throw new Error('no result');
  expect(read(result)).toMatchObject({ by: 'proc', sockets: [], unread: [{ why: 'unclear' }] });
});

test.each(['ss', 'netstat', 'proc'])('a socket of this machine is found by %s', async (by) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const gate = createGate(createScope([], []), () => new Date());
  const hidden = { ss: [], netstat: ['ss'], proc: ['ss', 'netstat'] }[by] ?? [];
  // A program that is not there.
  const commands = listeners.ask(localHost()).map((command) => ({
    ...command,
    script: hidden.reduce(
      (script, name) => script.replaceAll(`command -v ${name} `, 'command -v leqi-no-such '),
      command.script,
    ),
  }));
  const results = await runLocal(gate, localHost(), commands, new AbortController().signal);
  server.close();
  const result = results.get('sockets');
  if (!result) throw new Error('no result');
  const value = read(result);
  expect(value).toMatchObject({ by: by === 'netstat' && value.by === 'proc' ? 'proc' : by, unread: [] });
  expect(value.sockets).toContainEqual(expect.objectContaining({ protocol: 'tcp', address: '127.0.0.1', port }));
});
