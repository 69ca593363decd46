import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tls } from '../../src/evidence/network/tls.ts';
import { packageRoot } from '../../src/package-root.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { canMakeNetworks, createNetwork, inside, type Network, outside, said } from '../support/namespaces.ts';
import { createStartTlsServers } from '../support/start-tls-servers.ts';

const printed = z.object({
  connections: z.number(),
  observed: tls.value.optional(),
  unobserved: z.object({ reason: z.string(), detail: z.string() }).optional(),
});

const port = 3306;
const target = `${inside.ipv4}:${port}`;

// MariaDB counts handshakes without login from every address that has a name, but loopback, and shuts it out at 100.
describe.runIf(canMakeNetworks())('MariaDB that scanners are counted by', () => {
  const mint = createMint();
  const services = createStartTlsServers();
  let network: Network;
  let end: () => Promise<unknown>;

  beforeAll(async () => {
    network = createNetwork({ etc: { hosts: `${outside.ipv4} scanner.example\n` } });
    const settings = ['--bind-address=0.0.0.0', '--max-connect-errors=100', '--log-warnings=2'];
    const [name, ...within] = network.inside;
    const command = services.mariadbCommand(port, mint.issue('database', undefined), settings);
    const server = spawn(name, [...within, ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
    const gone = new Promise((resolve) => server.once('exit', resolve));
    end = () => {
      server.kill('SIGQUIT');
      return gone;
    };
    await said(server, server.stderr, /ready for connections/);
  });
  afterAll(async () => {
    await end();
    network.remove();
    await services.remove();
    mint.remove();
  });

  const probe = async (): Promise<z.output<typeof printed>> => {
    const program = [...network.outside, process.execPath, join(packageRoot, 'src/cli.ts')];
    const { stdout, stderr } = await runCli(['probe', 'tls', target, '--starttls', 'mysql', '--json'], { program });
    if (stdout === '') throw new Error(stderr);
    return printed.parse(JSON.parse(stdout));
  };

  test('one probe stays well below the limit; the second meets it and ends; the third is told so at once', async () => {
    const first = await probe();
    expect(first.connections).toBeLessThanOrEqual(80);
    expect(first.observed).toMatchObject({ speaksTls: true, certificate: { chain: [{ subject: 'CN=database' }] } });

    const second = await probe();
    expect(second.connections).toBeLessThanOrEqual(80);
    expect(JSON.stringify(second.observed)).toContain('is blocked because of many connection errors');

    const third = await probe();
    expect(third.connections).toBeLessThan(10);
    expect(third.unobserved).toEqual({
      reason: 'failed',
      detail: expect.stringMatching(/^MySQL 1129: Host .* is blocked because of many connection errors/),
    });
  });
});
