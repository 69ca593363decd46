import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DirectCollector, Tools } from '../../../src/collectors/collector.ts';
import { openPorts } from '../../../src/collectors/network/open-ports.ts';
import { tls } from '../../../src/collectors/network/tls.ts';
import { ScopeError } from '../../../src/errors.ts';
import { endpointName } from '../../../src/evidence/subjects.ts';
import { listening } from '../../support/servers.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

// Stands for the tax authority's entrance: whatever a platform file says, nothing may knock here.
let entrance: Server;
let port = 0;
let knocks = 0;

beforeAll(async () => {
  entrance = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  port = await listening(entrance, '127.0.0.5');
});
afterAll(() => entrance.close());

const toolsWith = (address: string, taxAuthority: string[]): Tools =>
  toolsFor(
    platformOf({ endpoints: [{ address, port, direction: 'inbound' }], limits: { ports: `${port}` }, taxAuthority }),
  );

const collectors: [string, (address: string) => string, DirectCollector][] = [
  ['TLS', (address) => endpointName({ address, port }), tls],
  ['nmap', (address) => address, openPorts],
];

describe.each(collectors)('%s', (_, subjectOf, collector) => {
  test.each([
    ['an address that is listed', '127.0.0.5', ['127.0.0.5']],
    ['an address in a block that is listed', '127.0.0.5', ['127.0.0.4/30']],
    ['the same address in IPv6 spelling', '::ffff:127.0.0.5', ['127.0.0.5']],
    ['a name that resolves to what is listed', 'localhost', ['127.0.0.0/8', '::1']],
    ['a name of the authority', 'lqpt.chinatax.gov.cn', []],
  ])('does not knock: %s', async (_what, address, taxAuthority) => {
    knocks = 0;
    const tools = toolsWith(address, taxAuthority);
    await expect(collector.collect(subjectOf(address), tools)).rejects.toBeInstanceOf(ScopeError);
    expect(tools.gate.contacts()).toEqual([]);
    // Whatever had been sent would have arrived before a connection of our own does.
    await (await toolsWith('127.0.0.5', []).gate.connect('127.0.0.5', port, { timeout: 2, by: 'test' })).end();
    await expect.poll(() => knocks).toBe(1);
  });

  test('does knock where nothing forbids it: the counter counts', async () => {
    knocks = 0;
    const tools = toolsWith('127.0.0.5', []);
    await collector.collect(subjectOf('127.0.0.5'), tools).catch(() => {});
    expect(tools.gate.contacts().length).toBeGreaterThan(0);
    if (collector === tls) expect(knocks).toBeGreaterThan(0);
  });
});

// A SYN scan is over before the entrance would count it; full connections are counted.
test('nmap with full connections is not started either', async () => {
  const args = ['-n', '-Pn', '-sT', '-p', `${port}`, '127.0.0.5'];
  const options = { reaches: [{ host: '127.0.0.5' }], timeout: 20, limit: 65_536 };
  knocks = 0;
  const refusing = toolsWith('127.0.0.5', ['127.0.0.5']).gate;
  await expect(refusing.run('nmap', args, options)).rejects.toBeInstanceOf(ScopeError);
  expect([knocks, refusing.contacts()]).toEqual([0, []]);
  await toolsWith('127.0.0.5', []).gate.run('nmap', args, options);
  await expect.poll(() => knocks).toBeGreaterThan(0);
});
