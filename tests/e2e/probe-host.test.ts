import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';

const lab = sshLab();
let server: Sshd;
beforeAll(async () => {
  server = await lab.start(['PasswordAuthentication yes'], { password: 'geheim 3' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const fingerprint = `SHA256:${createHash('sha256')
  .update(Buffer.from(lab.hostKey().split(' ')[1] ?? '', 'base64'))
  .digest('base64')
  .replace(/=+$/, '')}`;
const env = { HOME: lab.folder };
const probe = (...args: string[]) => runCli(['probe', 'host', ...args, '--lang', 'en'], { env });

describe('probe host', () => {
  test('prints all evidence of one host, and needs no platform file', async () => {
    const target = `root@127.0.0.1:${server.port}`;
    const ended = await probe(target, '--key', join(lab.folder, 'client'), '--fingerprint', fingerprint, '--json');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const { evidence, ...head }: { evidence: { kind: string; observed?: object }[] } = JSON.parse(ended.stdout);
    expect(head).toMatchObject({ target, seconds: expect.any(Number) });
    expect(evidence.find(({ kind }) => kind === 'clock')?.observed).toMatchObject({ services: expect.any(Array) });
    expect(ended.stdout).not.toContain('rawText');
  });

  test('says why a host was not reached, as text too, and exits 3', async () => {
    const ended = await probe(`root@127.0.0.1:${server.port}`, '--key', join(lab.folder, 'client'));
    expect(ended.status).toBe(3);
    expect(ended.stdout).toMatch(/host key not verified \(127\.0\.0\.1: unknown host key.*SHA256:/);
  });

  test('takes a host and its password from what the platform file declares, and shows no secret', async () => {
    const platform = join(lab.folder, 'platform.yaml');
    const declared = (user: string) => `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
hosts:
  - name: app-1
    address: 127.0.0.1
    transport: ssh
    ssh: { user: ${user}, port: ${server.port}, fingerprint: '${fingerprint}', password: { env: OPS_PASSWORD } }
`;
    await writeFile(platform, declared('ops'));
    const run = (password: string) =>
      runCli(['probe', 'host', 'app-1', '--platform', platform, '--json'], { env: { ...env, OPS_PASSWORD: password } });
    expect(await run('geheim 3')).toMatchObject({ status: 0 });
    const wrong = await run('hunter2');
    expect(wrong.status).toBe(3);
    expect(wrong.stdout).toMatch(/refused to log in ops; tried: password/);
    expect(wrong.stdout + wrong.stderr).not.toContain('hunter2');
  });

  test.each([
    ['the tax authority', 'root@lq.chinatax.gov.cn', /scope guard refused/],
    ['no address', 'root@300.1.1.1', /\[user@\]host\[:port\]/],
    ['nothing', '@', /\[user@\]host\[:port\]/],
    ['a port that is none', 'root@127.0.0.1:70000', /\[user@\]host\[:port\]/],
  ])('refuses %s', async (_, target, says) => {
    expect(await probe(target)).toMatchObject({ status: 2, stderr: expect.stringMatching(says) });
  });
});
