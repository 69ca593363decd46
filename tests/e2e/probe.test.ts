import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { widthOf } from '../../src/reporters/terminal/terminal.ts';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { listening } from '../support/servers.ts';
import { createStartTlsServers } from '../support/start-tls-servers.ts';

const mint = createMint();
const issued = mint.issue('probed', undefined);
let server: Server;
let target: string;

beforeAll(async () => {
  server = createServer({ key: issued.key, cert: await readFile(issued.file), minVersion: 'TLSv1.2' });
  server.on('tlsClientError', () => {});
  target = `127.0.0.1:${await listening(server, '127.0.0.1')}`;
});
afterAll(() => {
  server.close();
  mint.remove();
});

describe('probe tls', () => {
  test.each(['zh', 'en'])('as text in %s, 80 columns wide', async (language) => {
    const { status, stdout } = await runCli(['probe', 'tls', target, '--lang', language]);
    expect(status).toBe(0);
    expect(stdout).toContain('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect(stdout).toContain('X25519');
    expect(stdout).toContain('CN=probed');
    expect(stdout).toMatch(
      language === 'zh' ? /地址 127\.0\.0\.1，\d+ 个连接/ : /address 127\.0\.0\.1, \d+ connections/,
    );
    for (const line of stdout.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  test('as JSON', async () => {
    const { status, stdout } = await runCli(['probe', 'tls', target, '--json', '--server-name', 'localhost']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      target,
      address: '127.0.0.1',
      connections: expect.any(Number),
      seconds: expect.any(Number),
      observed: { speaksTls: true, serverName: 'localhost', versions: expect.any(Array) },
    });
  });

  test('versions and suites alone, in fewer connections', async () => {
    const [whole, quick] = await Promise.all(
      [[], ['--suites-only']].map(async (more) =>
        JSON.parse((await runCli(['probe', 'tls', target, '--json', ...more])).stdout),
      ),
    );
    const suitesOf = ({ observed }: typeof whole): unknown =>
      observed.versions.map(({ version, state, suites }: Record<string, unknown>) => ({ version, state, suites }));
    expect(suitesOf(quick)).toEqual(suitesOf(whole));
    expect(quick.connections).toBeLessThan(whole.connections);
    expect([whole.observed.certificate, quick.observed.certificate]).toEqual([expect.anything(), undefined]);
  });

  test('a service that is asked for TLS first', async () => {
    const services = createStartTlsServers();
    const port = await services.mariadb(issued);
    const args = ['probe', 'tls', `127.0.0.1:${port}`, '--starttls'];
    const asText = await runCli([...args, 'mysql']);
    const asJson = await runCli([...args, 'mysql', '--json']);
    const mistaken = await runCli([...args, 'postgresql', '--lang', 'en']);
    await services.remove();
    expect(asText.status).toBe(0);
    expect(asText.stdout).toContain('CN=probed');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ observed: { speaksTls: true, startTls: 'mysql' } });
    expect(mistaken.status).toBe(3);
    expect(mistaken.stdout).toContain('the answer is not PostgreSQL');
    expect(mistaken.stdout).not.toMatch(/\p{Script=Han}/u);
  });

  test('nothing listens: not observed, exit 3', async () => {
    const { status, stdout } = await runCli(['probe', 'tls', '127.0.0.1:1', '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ unobserved: { reason: 'unreachable' } });
  });

  test.each([
    ['the tax authority', ['lqpt.chinatax.gov.cn:8443'], '税务机关'],
    ['a name below it, oddly written', ['LQPT.ChinaTax.gov.cn.:8443'], '税务机关'],
    ['an address in another spelling', ['0x7f.1:443'], '点分十进制'],
    ['no port', ['127.0.0.1'], '主机:端口'],
    ['a port that is none', ['127.0.0.1:70000'], '主机:端口'],
    ['a name that is none', ['127.0.0.1:443', '--server-name', 'a b'], '主机名'],
    ['a service that it does not know', ['127.0.0.1:443', '--starttls', 'ldap'], 'ldap'],
  ])('refuses %s, exit 2', async (_, args, says) => {
    const { status, stdout, stderr } = await runCli(['probe', 'tls', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
  });

  test('what the platform file lists as the authority’s is refused', async () => {
    const file = join(mint.folder, 'platform.yaml');
    await writeFile(
      file,
      [
        'profile: natural-system-security',
        'unit: { name: 示例, creditCode: 91370200MA3C00000X }',
        'platform: { name: 示例, mode: joint-use, since: 2023-01-01 }',
        'taxAuthority: [127.0.0.0/8]',
      ].join('\n'),
    );
    let contacts = 0;
    server.on('connection', () => {
      contacts += 1;
    });
    const { status, stderr } = await runCli(['probe', 'tls', target, '--platform', file]);
    expect(status).toBe(2);
    expect(stderr).toContain('税务机关');
    expect(contacts).toBe(0);
  });
});
