import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/collectors/collector.ts';
import { openPorts } from '../../src/collectors/network/open-ports.ts';
import { tls } from '../../src/collectors/network/tls.ts';
import { areRelaysKnown, portsToWithhold, refuseWithheld } from '../../src/collectors/relays.ts';
import { connectScan } from '../../src/collectors/transports/connect-scan.ts';
import type { Forward, Forwards } from '../../src/evidence/host/forwards.ts';
import { includesPort, openPorts as kind } from '../../src/evidence/network/open-ports.ts';
import { endpointName } from '../../src/evidence/subjects.ts';
import { listening } from '../support/servers.ts';
import { platformOf, toolsFor } from '../support/tools.ts';

const forward = (listen: object, to: string, more: Partial<Forward> = {}): Forward => ({
  by: 'nginx',
  where: '/etc/nginx/nginx.conf:7',
  kind: 'relay',
  running: true,
  listens: [{ host: 'any', port: '8443', ...listen }],
  to: [{ host: to, port: '8443' }],
  unresolved: [],
  ...more,
});

const seen = (...forwards: Forward[]): Forwards => ({
  forwards,
  routes: [],
  own: ['10.0.0.5'],
  aliases: [{ name: 'entrance', addresses: ['203.0.113.5'] }],
  sshForwarding: 'no',
  unread: [],
});

const platform = platformOf({ hosts: [{ name: 'a', address: '10.0.0.5' }], taxAuthority: ['203.0.113.5'] });

describe('what leads to the authority is withheld', () => {
  test.each<[string, Forward[], { ports: string; onlyLoopback: boolean }[]]>([
    ['by its name', [forward({}, 'lqpt.chinatax.gov.cn')], [{ ports: '8443', onlyLoopback: false }]],
    ['by an address that is listed', [forward({}, '203.0.113.5')], [{ ports: '8443', onlyLoopback: false }]],
    ['by a name in the hosts file', [forward({}, 'entrance')], [{ ports: '8443', onlyLoopback: false }]],
    [
      'by way of another forward',
      [forward({}, '127.0.0.1'), forward({ host: '127.0.0.1' }, '203.0.113.5', { by: 'socat' })],
      [
        { ports: '8443', onlyLoopback: false },
        { ports: '8443', onlyLoopback: true },
      ],
    ],
    [
      'also where it is not running just now',
      [forward({}, '203.0.113.5', { running: false })],
      [{ ports: '8443', onlyLoopback: false }],
    ],
    ['a range', [forward({ port: '8000-8010' }, '203.0.113.5')], [{ ports: '8000-8010', onlyLoopback: false }]],
    ['every port', [forward({ port: undefined }, '203.0.113.5')], [{ ports: '0-65535', onlyLoopback: false }]],
    [
      'on one address of the host',
      [forward({ host: '10.0.0.5' }, '203.0.113.5')],
      [{ ports: '8443', onlyLoopback: false }],
    ],
    [
      'not another machine’s port, nor a file',
      [forward({ host: 'remote' }, '203.0.113.5'), forward({ host: 'unix:/run/x' }, '203.0.113.5')],
      [],
    ],
    ['not what stays on the platform', [forward({}, '10.0.0.5'), forward({}, '10.0.0.6')], []],
  ])('%s', (_, forwards, expected) => {
    expect(portsToWithhold(seen(...forwards), platform)).toMatchObject(expected);
    expect(portsToWithhold(seen(...forwards), platform)).toHaveLength(expected.length);
  });
});

describe('nothing is sent to a port that is withheld', () => {
  const address = '127.0.0.7';
  let relay: Server;
  let other: Server;
  let port = 0;
  let free = 0;
  let knocks = 0;

  beforeAll(async () => {
    relay = createServer((socket) => {
      knocks += 1;
      socket.destroy();
    });
    other = createServer((socket) => void socket.on('error', () => {}).end('220 hello\r\n'));
    port = await listening(relay, address);
    free = await listening(other, address);
  });

  afterAll(() => {
    relay.close();
    other.close();
  });

  const withheldTools = (onlyLoopback = false) => {
    const ports = `${Math.min(port, free)}-${Math.max(port, free)}`;
    const endpoints = [port, free].map((each) => ({ address, port: each, direction: 'inbound' }));
    const tools = toolsFor(platformOf({ endpoints, limits: { ports } }));
    tools.gate.withhold([{ ports: `${port}`, onlyLoopback, why: 'nginx.conf:7' }]);
    return tools;
  };

  test.each([true, false])('by connect, TLS, nmap and our own scan; only on loopback: %s', async (onlyLoopback) => {
    knocks = 0;
    const { gate, ...tools } = withheldTools(onlyLoopback);
    await expect(gate.connect(address, port, { timeout: 2, by: 'test' })).rejects.toThrow(/tax authority/);
    await expect(tls.collect(endpointName({ address, port }), { gate, ...tools })).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/转发至税务机关（nginx\.conf:7）.* \| .*leads on to the tax authority/),
    });
    const scanned = kind.value.parse((await openPorts.collect(address, { gate, ...tools })).value);
    expect(scanned.open.map((each) => each.port)).toEqual([free]);
    expect(includesPort(scanned.scanned, port)).toBe(false);
    const { states } = await connectScan({ gate, host: address, ports: [port, free], rate: 100, signal: tools.signal });
    expect(states.scanned).toBe(`${free}`);
    expect(gate.contacts().filter((contact) => contact.port === port)).toEqual([]);
    expect(knocks).toBe(0);
  });

  test('other ports, and other addresses than loopback, are left as they were', async () => {
    const { gate } = withheldTools(true);
    await expect(refuseWithheld(gate, address, free)).resolves.toBeUndefined();
    await expect(refuseWithheld(gate, address, port)).rejects.toBeInstanceOf(Unavailable);
    const nowhere = toolsFor(
      platformOf({ endpoints: [{ address: 'nowhere.invalid', port: 1, direction: 'inbound' }] }),
    );
    await expect(refuseWithheld(nowhere.gate, 'nowhere.invalid', 1)).resolves.toBeUndefined();
    await expect(refuseWithheld(nowhere.gate, '192.0.2.1', 1)).rejects.toThrow(/not declared/);
    const far = toolsFor(platformOf({ endpoints: [{ address: '192.0.2.1', port: 1, direction: 'inbound' }] })).gate;
    far.withhold([{ ports: '8443', onlyLoopback: true, why: '' }]);
    expect(await far.withheld('192.0.2.1')).toEqual([]);
  });
});

describe('whether it is known what the hosts pass on', () => {
  const unread = { ...seen(), unread: [{ part: 'nginx', why: 'denied' as const }] };
  const one = platformOf({ hosts: [{ name: 'a', address: '10.0.0.5' }] });
  test.each([
    ['every host was seen', [seen(), seen(forward({}, '10.0.0.7'))], 2, true],
    ['no host is declared', [], 0, false],
    ['a host was not asked', [seen()], 2, false],
    ['a host could not be seen', [seen(), undefined], 2, false],
    ['a part was not read', [unread], 1, false],
    ['a destination was not understood', [seen(forward({}, '10.0.0.7', { kind: 'unknown' }))], 1, false],
  ])('%s', (_, forwards, hosts, expected) => {
    const declared = { ...one, hosts: one.hosts.flatMap((host) => Array(hosts).fill(host)) };
    expect(areRelaysKnown(forwards, declared)).toBe(expected);
  });

  test('until then an undeclared port is sent nothing', async () => {
    const heard: string[] = [];
    const listener = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => heard.push(bytes.toString('latin1')));
    });
    const port = await listening(listener, '127.0.0.1');
    const endpoints = [{ address: '127.0.0.1', port: 1, direction: 'inbound' }];
    const tools = toolsFor(platformOf({ endpoints, limits: { ports: `1,${port}` } }));
    const { value } = await openPorts.collect('127.0.0.1', { ...tools, relaysKnown: false });
    expect(kind.value.parse(value).open).toEqual([expect.objectContaining({ port })]);
    expect(heard).toEqual([]);
    listener.close();
  });
});
