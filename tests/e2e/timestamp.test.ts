import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPdf, signaturesIn } from '../../src/signing/pdf-signatures.ts';
import { checkSignature, type Signed } from '../../src/signing/signature.ts';
import { writeAssessed } from '../support/assessed-folder.ts';
import { createMint, type Issued } from '../support/certificates.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { withoutStamps, withSignature } from '../support/signatures.ts';
import {
  type Authority,
  createAuthority,
  opensslAccepts,
  serveTimeStamps,
  type TimeStampPlace,
} from '../support/time-stamp-server.ts';

const mint = createMint();
let folder: string;
let out: string;
let root: Issued;
let unit: Issued;
let authority: Authority;
let server: TimeStampPlace;
let report: Ended;
let platforms = 0;

const inOut = (...names: string[]): string => join(out, ...names);

/** A platform file that declares a time-stamp server, among what every one has. */
async function platformFile(lines: readonly string[], more: readonly string[] = []): Promise<string> {
  platforms += 1;
  const path = join(folder, `platform-${platforms}.yaml`);
  const text = [
    'profile: natural-system-security',
    'unit: { name: 示例单位, creditCode: 91370200MA3C0000XX }',
    'platform: { name: 示例平台, mode: joint-use, since: 2024-01-01 }',
    ...(lines.length > 0 ? ['timestampServer:', ...lines.map((line) => `  ${line}`)] : []),
    ...more,
  ];
  await writeFile(path, `${text.join('\n')}\n`);
  return path;
}

const trusting = (): string => `trust: { authority: ${authority.root.file} }`;

const stampedReport = (platform: string, ...more: string[]): Promise<Ended> => {
  const sign = ['--sign', unit.keyFile, '--sign-certificates', unit.file, '--timestamp', '--platform', platform];
  return runCli(['report', inOut('assessment.json'), '--format', 'pdf', ...sign, ...more]);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-timestamp-'));
  out = join(folder, 'out');
  await writeAssessed(out);
  root = mint.issue('示例根证书', undefined, { isAuthority: true });
  unit = mint.issue('青岛示例云链科技有限公司', root, { key: ['rsa:2048'] });
  authority = createAuthority(mint, { key: ['rsa:2048'] });
  server = await serveTimeStamps(authority.reply);
  report = await stampedReport(await platformFile([`url: ${server.url}`, trusting(), 'policy: 1.2.3.4.1']));
});

afterAll(async () => {
  await server.close();
  mint.remove();
  await rm(folder, { recursive: true });
});

const only = async (pdf: string): Promise<{ signed: Signed; isPromised: boolean }> => {
  const [found] = signaturesIn(await openPdf(await readFile(pdf)));
  const seen = found ? checkSignature(found.signature, found.data, 'zeros') : expect.unreachable();
  return 'fault' in seen
    ? expect.unreachable(seen.fault)
    : { signed: seen, isPromised: found?.isStampPromised ?? false };
};

test('report and manifest are stamped, and openssl and poppler accept that', async () => {
  expect(report).toMatchObject({ status: 0, stdout: `${inOut('report.pdf')}\n${inOut('manifest.p7s')}\n` });
  expect(report.stderr).toContain(`联系时间戳服务器 ${server.url}（127.0.0.1）`);
  expect(server.asked.map(({ path, type }) => `${path} ${type}`)).toEqual(
    Array.from({ length: 2 }, () => '/tsr application/timestamp-query'),
  );
  const manifest = checkSignature(
    await readFile(inOut('manifest.p7s')),
    await readFile(inOut('evidence/manifest.json')),
  );
  const { signed, isPromised } = await only(inOut('report.pdf'));
  expect(isPromised).toBe(true);
  for (const each of [signed, 'fault' in manifest ? expect.unreachable() : manifest]) {
    const [token = new Uint8Array()] = each.stamps;
    await writeFile(join(folder, 'token'), token);
    await writeFile(join(folder, 'value'), each.value);
    const said = opensslAccepts(join(folder, 'token'), join(folder, 'value'), authority.root.file);
    expect(said).toContain('Verification: OK');
  }
  const seen = execFileSync('pdfsig', ['-nocert', inOut('report.pdf')], { encoding: 'utf8' });
  expect(seen).toContain('Signature is Valid');
  expect(seen).toContain('Total document signed');
  const text = execFileSync('pdftotext', ['-raw', inOut('report.pdf'), '-'], { encoding: 'utf8' });
  expect(text.replace(/\s/g, '')).toContain(`签署时联系的服务器：${server.url}`);
});

test('verify says what the stamp proves: under a trust rule of its own, else that nobody checked it', async () => {
  const plain = await runCli(['verify', out]);
  expect(plain).toMatchObject({ status: 0 });
  expect(plain.stdout).toMatch(/– .*report\.pdf：未核对时间戳由谁出具/);
  expect(plain.stdout).toMatch(/– .*manifest\.p7s：未核对时间戳由谁出具/);
  const trusted = await runCli(['verify', out, '--ca', root.file, '--tsa-ca', authority.root.file, '--lang', 'en']);
  expect(trusted).toMatchObject({ status: 0, stderr: '' });
  expect(trusted.stdout).toMatch(/✓ .*report\.pdf: the time stamp of the signature is trusted/);
  expect(trusted.stdout).toMatch(/✓ .*manifest\.p7s: the time stamp of the signature is trusted/);
  expect(trusted.stdout).toContain('valid at the time of the time stamp');
  expect(trusted.stdout).not.toMatch(/[–✗]/);
  const print = trusted.stdout.match(/given by .* SHA-256 ([0-9a-f]{64})/)?.[1] ?? '';
  expect((await runCli(['verify', inOut('report.pdf'), '--tsa-fingerprint', print])).status).toBe(0);
  const stranger = await runCli(['verify', inOut('report.pdf'), '--tsa-ca', root.file]);
  expect([stranger.status, /✗ .*签名的时间戳可信/.test(stranger.stdout)]).toEqual([1, true]);
});

describe('a stamp that was taken out is missed,', () => {
  const copied = async (): Promise<string> => {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(out, copy, { recursive: true });
    return copy;
  };

  test('from the report', async () => {
    const copy = await copied();
    const path = join(copy, 'report.pdf');
    await writeFile(
      path,
      withSignature(await readFile(path), (each) => withoutStamps(each)),
    );
    const { status, stdout } = await runCli(['verify', path]);
    expect([status, stdout.includes('已被除去')]).toEqual([1, true]);
    expect(stdout).toMatch(/✓ .*签署之后未被改动/);
  });

  test('from the manifest’s signature', async () => {
    const copy = await copied();
    const path = join(copy, 'manifest.p7s');
    await writeFile(path, withoutStamps(await readFile(path)));
    const { status, stdout } = await runCli(['verify', copy]);
    expect([status, /✗ .*manifest\.p7s：签名的时间戳可信\n {2}.*已被除去/.test(stdout)]).toEqual([1, true]);
  });
});

test('a server by TLS, under a private authority', async () => {
  const own = mint.issue('127.0.0.1', root);
  const secure = await serveTimeStamps(authority.reply, own);
  try {
    const target = await mkdtemp(join(folder, 'tls-'));
    const known = await platformFile([`url: ${secure.url}`, trusting(), `authority: ${root.file}`]);
    expect(await stampedReport(known, '--out', target)).toMatchObject({ status: 0 });
    expect((await readdir(target)).toSorted()).toEqual(['manifest.p7s', 'report.pdf']);
    const other = await platformFile([`url: ${secure.url}`, trusting()]);
    const empty = await mkdtemp(join(folder, 'tls-'));
    const { status, stderr } = await stampedReport(other, '--out', empty);
    expect([status, /证书未通过验证/.test(stderr)]).toEqual([5, true]);
    expect(await readdir(empty)).toEqual([]);
    expect(secure.asked).toHaveLength(2);
  } finally {
    await secure.close();
  }
});

test('without a stamp nothing is signed, what needs none is written, and what was there stays', async () => {
  const closed = await serveTimeStamps(authority.reply);
  await closed.close();
  const platform = await platformFile([`url: ${closed.url}`, trusting()]);
  const target = await mkdtemp(join(folder, 'closed-'));
  const before = Object.fromEntries(
    await Promise.all(
      ['report.pdf', 'manifest.p7s'].map(async (name) => {
        await cp(inOut(name), join(target, name));
        return [name, await readFile(inOut(name))] as const;
      }),
    ),
  );
  const { status, stdout, stderr } = await stampedReport(platform, '--format', 'pdf,json', '--out', target);
  expect([status, stdout]).toEqual([5, `${join(target, 'report.json')}\n`]);
  expect(stderr).toMatch(
    /未签署，也未生成 PDF：未能从 http:\/\/127\.0\.0\.1:\d+\/tsr 取得时间戳：无法连接（ECONNREFUSED）/,
  );
  expect((await readdir(target)).toSorted()).toEqual(['manifest.p7s', 'report.json', 'report.pdf']);
  for (const [name, bytes] of Object.entries(before)) expect(await readFile(join(target, name))).toEqual(bytes);
});

test('a server that fails at the second signature leaves neither', async () => {
  let asked = 0;
  const failing = await serveTimeStamps(async (request) => {
    asked += 1;
    return asked === 1 ? authority.reply(request) : { status: 503 };
  });
  try {
    const target = await mkdtemp(join(folder, 'half-'));
    const platform = await platformFile([`url: ${failing.url}`, trusting()]);
    const { status, stderr } = await stampedReport(platform, '--format', 'pdf,json', '--out', target);
    expect([status, asked, stderr.includes('HTTP 503')], stderr).toEqual([5, 2, true]);
    expect(await readdir(target)).toEqual(['report.json']);
  } finally {
    await failing.close();
  }
});

test('interrupted while the server is silent: exit 130, nothing written, what was there stays', async () => {
  const silent = await serveTimeStamps(() => new Promise(() => {}));
  try {
    const target = await mkdtemp(join(folder, 'silent-'));
    await cp(inOut('report.pdf'), join(target, 'report.pdf'));
    const platform = await platformFile([`url: ${silent.url}`, trusting()]);
    const sign = ['--sign', unit.keyFile, '--sign-certificates', unit.file, '--timestamp', '--platform', platform];
    const { status, stderr } = await runCli(['report', inOut('assessment.json'), '--out', target, ...sign], {
      signal: { after: /联系时间戳服务器/, send: 'SIGINT' },
    });
    expect([status, stderr.includes('已中断'), stderr.includes('   at ')], stderr).toEqual([130, true, false]);
    expect(await readdir(target)).toEqual(['report.pdf']);
    expect(await readFile(join(target, 'report.pdf'))).toEqual(await readFile(inOut('report.pdf')));
  } finally {
    await silent.close();
  }
});

describe('it is refused before anything is contacted or written', () => {
  const asked = (): number => server.asked.length;

  test.each([
    ['where no server is declared', [], [], /未声明 timestampServer/],
    ['below the authority’s domain', ['url: https://tsa.chinatax.gov.cn/tsr'], [], /税务机关/],
    ['where the platform file says that it is the authority’s', undefined, ['taxAuthority: [127.0.0.1]'], /税务机关/],
    ['where no trust is given', ['url: http://127.0.0.1/', 'trust: {}'], [], /authority 或 fingerprint/],
    ['with a password in its address', ['url: http://a:b@127.0.0.1/'], [], /不含账号/],
  ])('%s', async (_, lines, more, says) => {
    const before = asked();
    const given = lines ?? [`url: ${server.url}`];
    const whole = given.length === 0 || given.some((line) => line.startsWith('trust')) ? given : [...given, trusting()];
    const target = await mkdtemp(join(folder, 'refused-'));
    const { status, stderr } = await stampedReport(await platformFile(whole, more), '--out', target);
    expect([status, says.test(stderr), stderr.includes('   at ')], stderr).toEqual([2, true, false]);
    expect([await readdir(target), asked()]).toEqual([[], before]);
  });

  test('without a signature to stamp', async () => {
    const { status, stderr } = await runCli(['report', inOut('assessment.json'), '--format', 'json', '--timestamp']);
    expect([status, stderr.includes('--sign')]).toEqual([2, true]);
  });
});
