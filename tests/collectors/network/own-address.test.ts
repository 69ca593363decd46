import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import type { DirectCollector, Tools } from '../../../src/collectors/collector.ts';
import { openPorts } from '../../../src/collectors/network/open-ports.ts';
import { tls } from '../../../src/collectors/network/tls.ts';
import { alert, createServers, helloIn, serverHello } from '../../support/tls-servers.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const scan = openPorts as DirectCollector<'openPorts'>;
const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';

const toolsOf = (address: string, port: number): Tools =>
  toolsFor(platformOf({ endpoints: [{ address, port, direction: 'inbound' }], limits: { ports: `${port}` } }));

test('what is sent to the machine’s own address passes no firewall before it', async () => {
  const { value } = await scan.collect(own, toolsOf(own, 9));
  expect(value).toMatchObject({ address: own, loopback: true });
});

test('the other addresses of a name are told: by the scan, and by TLS', async () => {
  const servers = createServers();
  const port = await servers.raw((socket, bytes) => {
    const { version, suites } = helloIn(bytes);
    return socket.end(version === 0x0303 && suites.includes(0xc02f) ? serverHello(0x0303, 0xc02f) : alert(70));
  });
  const tools = toolsOf('leqi.example', port);
  const gate: Tools['gate'] = {
    ...tools.gate,
    addressOf: async () => '127.0.0.1',
    othersOf: async () => ['192.0.2.9'],
    withheld: async () => [],
    connect: (_, at, options) => toolsOf('127.0.0.1', port).gate.connect('127.0.0.1', at, options),
    run: (program, args, options) =>
      toolsOf('127.0.0.1', port).gate.run(program, args, { ...options, reaches: [{ host: '127.0.0.1' }] }),
  };
  const scanned = await scan.collect('leqi.example', { ...tools, gate });
  const asked = await tls.collect(`leqi.example:${port}`, { ...tools, gate });
  servers.close();
  const where = { address: '127.0.0.1', others: ['192.0.2.9'] };
  expect([scanned.value, asked.value]).toMatchObject([where, where]);
});
