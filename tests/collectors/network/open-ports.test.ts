import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { DirectCollector, Tools } from '../../../src/collectors/collector.ts';
import { openPorts } from '../../../src/collectors/network/open-ports.ts';
import { connectScan } from '../../../src/collectors/transports/connect-scan.ts';
import { MachineError } from '../../../src/errors.ts';
import { openPorts as kind, rangesOf, stateOfPort } from '../../../src/evidence/network/open-ports.ts';
import { listening } from '../../support/servers.ts';
import { serverHello } from '../../support/tls-servers.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const servers: Server[] = [];

async function serve(host: string, act: (socket: Socket) => void = (socket) => void socket.destroy()): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    act(socket);
  });
  servers.push(server);
  return listening(server, host);
}

async function freePort(host: string): Promise<number> {
  const port = await serve(host);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const toolsOf = (address: string, port: number, ports: string, rate = 5000): Tools =>
  toolsFor(platformOf({ endpoints: [{ address, port, direction: 'inbound' }], limits: { ports, rate } }));
const collector = openPorts as DirectCollector<'openPorts'>;
const collect = async (subject: string, tools: Tools) => {
  const found = await collector.collect(subject, tools);
  return { ...found, value: kind.value.parse(found.value) };
};

const withoutNmap = (tools: Tools): Tools => ({
  ...tools,
  gate: {
    ...tools.gate,
    run: (program) => Promise.reject(new MachineError({ zh: `${program} 未安装`, en: `${program} is not installed` })),
  },
});

describe('by nmap', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('%s: what is open and what is closed', async (host) => {
    const closed = await freePort('127.0.0.1');
    const tools = toolsOf(host, closed, '1');
    const address = await tools.gate.addressOf(host);
    const open = await serve(address);
    const { value, method, raw } = await collect(host, toolsOf(host, open, `${open},${closed}`));
    expect(value).toMatchObject({
      method: expect.stringMatching(/^nmap -s[ST]$/),
      address,
      loopback: true,
      complete: true,
    });
    expect([stateOfPort(value, open), stateOfPort(value, closed), stateOfPort(value, 7)]).toEqual([
      'open',
      'closed',
      undefined,
    ]);
    expect(method).toContain(address);
    expect(raw).toContain('<nmaprun');
  });

  test('the contacts are logged', async () => {
    const closed = await freePort('127.0.0.1');
    const tools = toolsOf('127.0.0.1', closed, '1');
    await collect('127.0.0.1', tools);
    expect(tools.gate.contacts()).toEqual([
      expect.objectContaining({ address: '127.0.0.1', port: closed, by: 'connect scan' }),
      expect.objectContaining({ address: '127.0.0.1', by: 'nmap' }),
    ]);
  });

  test('a declared port that answers is watched until after the scan; the rest of the first look keeps to the limits', async () => {
    const open = await serve('127.0.0.1');
    const tools = toolsOf('127.0.0.1', open, '1');
    const { value, method } = await collect('127.0.0.1', tools);
    expect(value).toMatchObject({ from: '127.0.0.1', steady: { port: open, lost: '' } });
    expect(value.steady?.asked).toBeGreaterThanOrEqual(2);
    expect(value.steady?.answered).toBe(value.steady?.asked);
    expect(method).toMatch(/^nmap -s[ST] -p 1 127\.0\.0\.1 from 127\.0\.0\.1$/);
    expect(new Set(tools.gate.contacts().map(({ port }) => port))).toEqual(new Set([open, undefined]));
  });

  test('what answers is asked what it is', async () => {
    const open = await serve('127.0.0.1', (socket) => socket.end('SSH-2.0-Test_1.0\r\n'));
    const collected = async (services: string) => {
      const limits = { ports: `${open}`, services };
      const { value } = await collect(
        '127.0.0.1',
        toolsFor(platformOf({ endpoints: [{ address: '127.0.0.1', port: open, direction: 'inbound' }], limits })),
      );
      return value.open;
    };
    const named = [{ port: open, protocol: 'tcp', service: 'ssh', by: 'answer', product: 'Test_1.0' }];
    expect(await collected('own')).toEqual(named);
    expect(await collected('nmap')).toEqual(named);
    // A free port may be one that nmap's list has a name for.
    const [unasked] = await collected('off');
    expect(unasked).toMatchObject({ port: open, protocol: 'tcp' });
    expect([unasked?.by, unasked?.product]).not.toContainEqual(expect.stringMatching(/answer|Test/));
  });

  test('what our own questions do not name, nmap is asked about', async () => {
    // It knows a greeting of FTP that does not say so: what vsftpd prints when its folder can be written to.
    const greeting = '500 OOPS: vsftpd: refusing to run with writable root inside chroot()\r\n';
    const open = await serve('127.0.0.1', (socket) => socket.end(greeting));
    const { value, method, raw } = await collect('127.0.0.1', toolsOf('127.0.0.1', open, `${open}`));
    expect(value.open).toEqual([{ port: open, protocol: 'tcp', service: 'ftp', by: 'nmap', product: 'vsftpd' }]);
    expect(method).toContain(`; nmap -sV --version-light -p ${open}`);
    expect(raw?.match(/<nmaprun/g)).toHaveLength(2);
  });

  test('what was heard replaces the guess from the number, even if it is only TLS', async () => {
    const open = await serve('127.0.0.1', (socket) =>
      socket.once('data', () => socket.write(serverHello(0x0303, 0xc02f))),
    );
    const endpoints = [{ address: '127.0.0.1', port: open, direction: 'inbound' }];
    const tools = toolsFor(platformOf({ endpoints, limits: { ports: `${open}`, services: 'own' } }));
    const xml = `<?xml version="1.0"?><nmaprun><scaninfo type="syn" protocol="tcp" numservices="1" services="${open}"/>
<host><ports><port protocol="tcp" portid="${open}"><state state="open"/><service name="mysql" method="table" conf="3"/></port></ports></host>
<runstats><finished exit="success"/></runstats></nmaprun>`;
    const run: Tools['gate']['run'] = () =>
      Promise.resolve({ status: 0, stdout: Buffer.from(xml), stderr: '', truncated: false, timedOut: false });
    const { value } = await collect('127.0.0.1', { ...tools, gate: { ...tools.gate, run } });
    expect(value.open).toEqual([{ port: open, protocol: 'tcp', tls: true, by: 'answer' }]);
  });

  test('a range that nmap refuses is not a scan', async () => {
    await expect(collect('127.0.0.1', toolsOf('127.0.0.1', 443, '70000'))).rejects.toMatchObject({ reason: 'failed' });
  });

  test('nmap is given the pinned address, never the name', async () => {
    const tools = toolsOf('localhost', 443, '1');
    const given: string[][] = [];
    const gate: Tools['gate'] = {
      ...tools.gate,
      run: (program, args, options) => {
        given.push([program, ...args]);
        return tools.gate.run(program, args, options);
      },
    };
    await collect('localhost', { ...tools, gate });
    expect(given[0]?.at(-1)).toBe(await gate.addressOf('localhost'));
    expect(given.flat()).not.toContain('localhost');
    expect(given[0]).toEqual(expect.arrayContaining(['-n', '-Pn', '--max-rate', '5000']));
  });

  test('two addresses are scanned one after the other', async () => {
    const tools = toolsFor(
      platformOf({
        endpoints: ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, port: 443, direction: 'inbound' })),
        limits: { ports: '1-50' },
      }),
    );
    let running = 0;
    let most = 0;
    const gate: Tools['gate'] = {
      ...tools.gate,
      async run(...call) {
        running += 1;
        most = Math.max(most, running);
        const result = await tools.gate.run(...call);
        running -= 1;
        return result;
      },
    };
    await Promise.all(['127.0.0.1', '127.0.0.2'].map((address) => collect(address, { ...tools, gate })));
    expect(most).toBe(1);
  });
});

describe('where nmap is missing', () => {
  test('the declared port and those that matter most are tried, and it says that this is not all', async () => {
    const open = await serve('127.0.0.1');
    const { value, method } = await collect('127.0.0.1', withoutNmap(toolsOf('127.0.0.1', open, '1-65535')));
    expect(value).toMatchObject({ method: 'connect', complete: false, loopback: true });
    expect(stateOfPort(value, open)).toBe('open');
    expect(stateOfPort(value, 3306)).toMatch(/open|closed/);
    expect(stateOfPort(value, 12_345)).toBeUndefined();
    expect(method).toContain('nmap is not installed');
  });

  test('ports that the papers file are tried too', async () => {
    const open = await serve('127.0.0.1');
    const platform = platformOf({
      endpoints: [{ address: '127.0.0.1', port: 443, direction: 'inbound' }],
      documents: {
        folder: '.',
        items: [
          {
            id: 'network-address-filing',
            title: '备案表',
            states: {
              ports: [
                { port: open, protocol: 'https', direction: 'inbound' },
                { port: 99_999, protocol: 'https', direction: 'inbound' },
              ],
            },
          },
        ],
      },
    });
    const { value } = await collect('127.0.0.1', withoutNmap(toolsFor(platform)));
    expect(stateOfPort(value, open)).toBe('open');
  });

  test('IPv6', async () => {
    const open = await serve('::1');
    const { value } = await collect('::1', withoutNmap(toolsOf('::1', open, '1-65535')));
    expect([value.address, stateOfPort(value, open)]).toEqual(['::1', 'open']);
  });

  test('the rate is kept', async () => {
    const { gate, signal } = toolsOf('127.0.0.1', 443, '1');
    const started = performance.now();
    await connectScan({ gate, host: '127.0.0.1', ports: [1, 2, 3, 4, 5, 6], rate: 10, signal });
    expect(performance.now() - started).toBeGreaterThan(90);
  });

  test.each([
    ['ETIMEDOUT', { filtered: '1-2', counts: { open: 0, closed: 0, filtered: 2 } }],
    ['ECONNREFUSED', { closed: '1-2', counts: { open: 0, closed: 2, filtered: 0 } }],
  ])('%s', async (code, expected) => {
    const { gate, signal } = toolsOf('127.0.0.1', 443, '1');
    const connect = () => Promise.reject(Object.assign(new Error(code), { code }));
    const scan = connectScan({ gate: { ...gate, connect }, host: '127.0.0.1', ports: [1, 2], rate: 1000, signal });
    expect(await scan).toMatchObject({ states: expected });
  });

  test.each([
    ['EHOSTUNREACH', { reason: 'unreachable' }],
    ['EMFILE', { code: 'EMFILE' }],
  ])('%s is no state of a port', async (code, expected) => {
    const { gate, signal } = toolsOf('127.0.0.1', 443, '1');
    const connect = () => Promise.reject(Object.assign(new Error(code), { code }));
    const scan = connectScan({ gate: { ...gate, connect }, host: '127.0.0.1', ports: [1, 2], rate: 1000, signal });
    await expect(scan).rejects.toMatchObject(expected);
  });
});

test('scans the addresses of inbound endpoints, each once', () => {
  const platform = platformOf({
    hosts: [{ name: 'db-1', address: '10.0.0.5' }],
    endpoints: [
      { address: '203.0.113.10', port: 443, direction: 'inbound' },
      { address: '203.0.113.10', port: 8443, direction: 'inbound' },
      { address: '203.0.113.11', port: 443, direction: 'outbound' },
    ],
  });
  expect(openPorts.subjects(platform)).toEqual(['203.0.113.10']);
});

test.each([
  [[], ''],
  [[443], '443'],
  [[82, 80, 81, 80, 22], '22,80-82'],
])('%j as ranges', (ports, text) => {
  expect(rangesOf(ports)).toBe(text);
});
