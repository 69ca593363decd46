import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Point } from '../../src/doctor/point.ts';
import { runCli } from '../support/cli.ts';
import { pointsIn } from '../support/doctor.ts';
import { inFolder } from '../support/folder.ts';
import { listening } from '../support/servers.ts';
import { freePort } from '../support/sshd.ts';

// 127.0.0.9 stands for the tax authority's entrance; a real relay on 127.0.0.1 leads there.
const authority = createServer((socket) => socket.destroy());
let contacts = 0;
let relayPort: number;
let relay: ReturnType<typeof spawn>;

beforeAll(async () => {
  authority.on('connection', () => {
    contacts += 1;
  });
  const port = await listening(authority, '127.0.0.9');
  relayPort = await freePort();
  const listen = `TCP4-LISTEN:${relayPort},bind=127.0.0.1,fork,reuseaddr`;
  relay = spawn('socat', ['-d', '-d', listen, `TCP4:127.0.0.9:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve) => {
    relay.stderr?.on('data', (chunk: Buffer) => chunk.includes('listening') && resolve());
  });
});
afterAll(() => {
  relay.kill('SIGKILL');
  authority.close();
});

async function endpointIn(hosts: object[]): Promise<Point | undefined> {
  const platform = {
    profile: 'qingdao-joint-use',
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    platform: { name: '乐企直连平台', mode: 'joint-use', since: '2025-01-01' },
    hosts,
    endpoints: [{ address: '127.0.0.1', port: relayPort, direction: 'inbound' }],
    taxAuthority: ['127.0.0.9'],
  };
  const ended = await inFolder({ 'platform.yaml': JSON.stringify(platform) }, (at) =>
    runCli(
      ['doctor', '--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--json'].concat(
        '--origin=host,network',
      ),
      { env: { HOME: at('') } },
    ),
  );
  return pointsIn(ended).find(({ area }) => area === 'endpoints');
}

describe('an endpoint that a host passes on to the tax authority', () => {
  const local = { name: 'app-1', address: '127.0.0.1', transport: 'local' };

  test('is not contacted, and said to be so', async () => {
    const point = await endpointIn([local]);
    expect(contacts).toBe(0);
    expect(point).toMatchObject({
      state: 'unproven',
      says: { en: expect.stringMatching(/leads on to the tax authority/) },
    });
  });

  test.each([
    ['a person must enter its password', { user: 'ops', password: 'prompt' }],
    ['the variable of its password is not set', { user: 'ops', password: { env: 'OPS_PASSWORD' } }],
    ['it is down', { port: 1, keyFile: '/nonexistent' }],
  ])('nor while a host is still to be asked: %s', async (_, ssh) => {
    const point = await endpointIn([{ name: 'app-2', address: '127.0.0.1', transport: 'ssh', ssh }]);
    expect(contacts).toBe(0);
    expect(point).toMatchObject({ says: { en: expect.stringMatching(/^not tried/) }, leaves: { surely: false } });
  });

  test('where nothing is known of hosts, a declared endpoint is contacted, as by a scan: the relay is one', async () => {
    expect(await endpointIn([])).toMatchObject({ state: 'ok' });
    await expect.poll(() => contacts).toBe(1);
  });
});
