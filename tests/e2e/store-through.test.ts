import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMint } from '../support/certificates.ts';
import { runCli } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { inFolder } from '../support/folder.ts';
import { type Sshd, sshLab } from '../support/sshd.ts';

const mint = createMint();
const authority = mint.issue('Test root', undefined, { isAuthority: true });
const databases = createDatabases();
const lab = sshLab();
let server: DatabaseServer;
let sshd: Sshd;

beforeAll(async () => {
  [server, sshd] = await Promise.all([databases.postgresql(mint.issue('localhost', authority)), lab.start()]);
  server.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'`);
  server.admin(`CREATE TABLE fpxx (fphm text, kprq timestamp); GRANT SELECT ON fpxx TO auditor`, 'trade');
}, 120_000);

afterAll(async () => {
  await databases.remove();
  await lab[Symbol.asyncDispose]();
  mint.remove();
});

function yamlOf(more = ''): string {
  const key = Buffer.from(lab.hostKey().split(' ')[1] ?? '', 'base64');
  const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
  const ssh = `{ port: ${sshd.port}, user: root, keyFile: ${join(lab.folder, 'client')}, fingerprint: "${fingerprint}"${more} }`;
  return `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
jumpHosts: [{ name: bastion, address: 127.0.0.1, ssh: ${ssh} }]
stores:
  - { name: trade, engine: postgresql, address: localhost, port: ${server.port}, through: bastion, database: trade, user: auditor,
      password: { env: STORE_PASSWORD }, authority: ${authority.file}, tables: [{ name: fpxx, holds: invoices, time: kprq }] }
`;
}

const doctor = (more = '') =>
  inFolder({ 'platform.yaml': yamlOf(more) }, (at) =>
    runCli(
      ['doctor', '--platform', at('platform.yaml'), '--out', at('out'), '--origin', 'database', '--format', 'html'],
      {
        env: { STORE_PASSWORD: 'right', HOME: at('.') },
      },
    ),
  );

test('doctor looks at a store through its jump host', async () => {
  const { stdout } = await doctor();
  expect(stdout).toMatch(/trade.*可以登录 localhost:\d+（PostgreSQL 15.*TLSv1\.3，证书已核对/s);
});

test('doctor says what the way there lacks, and tries no login without it', async () => {
  const before = sshd.log();
  const { stdout } = await doctor(', login: password, password: { env: BASTION_PASSWORD }');
  expect(stdout).toMatch(/环境变量 BASTION_PASSWORD 未设置，未试登录/);
  expect(sshd.log()).toBe(before);
});

test('init --store looks through a jump host of a platform file, and proposes the way', async () => {
  await inFolder({ 'platform.yaml': yamlOf() }, async (at) => {
    const { stdout, stderr, status } = await runCli(
      [
        ...['init', '--store', `postgresql://auditor@localhost:${server.port}/trade`],
        ...['--store-authority', authority.file, '--store-through', 'bastion', '--store-platform', at('platform.yaml')],
      ],
      { env: { LEQI_STORE_PASSWORD: 'right', HOME: at('.') } },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/ {4}through: bastion\n.*- name: fpxx\n {8}holds: invoices\n {8}time: kprq/s);
  });
});

test('init refuses a way that the platform file does not declare', async () => {
  await inFolder({ 'platform.yaml': yamlOf() }, async (at) => {
    const store = ['--store', 'postgresql://auditor@localhost/trade', '--store-through', 'gone'];
    const { stderr, status } = await runCli(['init', ...store, '--store-platform', at('platform.yaml')], {
      env: { LEQI_STORE_PASSWORD: 'right' },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/--store-through gone 不可用/);
  });
});
