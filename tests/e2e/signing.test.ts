import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { writeAssessed } from '../support/assessed-folder.ts';
import { createMint, type Issued } from '../support/certificates.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { canMakeNetworks } from '../support/namespaces.ts';

const passphrase = '口令 1234';
const mint = createMint();
let folder: string;
let out: string;
let root: Issued;
let report: Ended;

const inOut = (...names: string[]): string => join(out, ...names);
const signed = (key: string, ...more: string[]): Promise<Ended> =>
  runCli(['report', inOut('assessment.json'), '--format', 'pdf', '--sign', key, ...more], {
    env: { LEQI_SIGN_PASSPHRASE: passphrase },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-signing-'));
  out = join(folder, 'out');
  await writeAssessed(out);
  root = mint.issue('示例根证书', undefined, { isAuthority: true });
  const { keyFile, file } = mint.issue('青岛示例云链科技有限公司', root, { key: ['rsa:2048'] });
  execFileSync('openssl', [
    'pkcs12',
    '-export',
    '-inkey',
    keyFile,
    '-in',
    file,
    '-passout',
    `pass:${passphrase}`,
    '-out',
    join(folder, 'unit.p12'),
  ]);
  report = await signed(join(folder, 'unit.p12'));
});

afterAll(async () => {
  mint.remove();
  await rm(folder, { recursive: true });
});

test('the report and the evidence manifest are signed', async () => {
  expect(report).toMatchObject({ status: 0, stdout: `${inOut('report.pdf')}\n${inOut('manifest.p7s')}\n` });
  const seen = execFileSync('pdfsig', ['-nocert', inOut('report.pdf')], { encoding: 'utf8' });
  expect(seen).toContain('Signature is Valid');
  expect(seen).toContain('Total document signed');
  expect(execFileSync('qpdf', ['--check', inOut('report.pdf')], { encoding: 'utf8' })).toContain(
    'No syntax or stream encoding errors',
  );
  const text = execFileSync('pdftotext', ['-raw', inOut('report.pdf'), '-'], { encoding: 'utf8' });
  expect(text).toMatch(/电子签名\n签署人：青岛示例云链科技有限公司\n签署时间：20\d\d-/);
  const checked = [
    'cms',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    inOut('manifest.p7s'),
    '-content',
    inOut('evidence/manifest.json'),
  ];
  execFileSync('openssl', [...checked, '-CAfile', root.file, '-purpose', 'any'], { stdio: 'pipe' });
});

test('all of it verifies, under the authority or the fingerprint that is given', async () => {
  const plain = await runCli(['verify', out]);
  expect(plain.status).toBe(0);
  expect(plain.stdout).toContain('– 未核对签署人是谁');
  expect(plain.stdout).not.toContain('✗');
  const trusted = await runCli(['verify', out, '--ca', root.file]);
  expect(trusted).toMatchObject({ status: 0, stderr: '' });
  expect(trusted.stdout).toContain('✓ 签署人的证书可信');
  const print = trusted.stdout.match(/证书 SHA-256 ([0-9a-f]{64})/)?.[1] ?? '';
  expect((await runCli(['verify', inOut('report.pdf'), '--fingerprint', print.toUpperCase()])).status).toBe(0);
  const json = JSON.parse((await runCli(['verify', out, '--ca', root.file, '--json'])).stdout);
  expect(json).toMatchObject({ holds: true });
});

describe('verification fails', () => {
  const copied = async (): Promise<string> => {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(out, copy, { recursive: true });
    return copy;
  };

  test('under another authority, or with nothing to trust', async () => {
    const stranger = mint.issue('别的根证书', undefined, { isAuthority: true });
    const { status, stdout } = await runCli(['verify', out, '--ca', stranger.file]);
    expect([status, stdout.includes('✗ 签署人的证书可信')]).toEqual([1, true]);
    const copy = await copied();
    await rm(join(copy, 'report.pdf'));
    expect((await runCli(['verify', copy, '--ca', root.file])).status).toBe(1);
  });

  test('where the PDF was changed, or something was appended', async () => {
    const copy = await copied();
    const path = join(copy, 'report.pdf');
    const bytes = await readFile(path);
    await appendFile(path, '%');
    expect(await runCli(['verify', path])).toMatchObject({ status: 1, stdout: expect.stringContaining('追加了内容') });
    bytes[9_000] = (bytes[9_000] ?? 0) ^ 0x01;
    await writeFile(path, bytes);
    expect(await runCli(['verify', path])).toMatchObject({ status: 1, stdout: expect.stringContaining('✗') });
  });

  test('where the evidence was changed together with its manifest', async () => {
    const copy = await copied();
    const path = join(copy, 'evidence/manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('示例平台', '别的平台'));
    const { status, stdout } = await runCli(['verify', copy]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ .*manifest\.p7s/);
  });
});

/** Runs the shell's words with the output folder on a file system of its own. */
function onMount(mount: string, words: string): { status: number | null; stdout: string; stderr: string } {
  const target = join(folder, 'mounted');
  mkdirSync(target, { recursive: true });
  const report = `${process.execPath} ${join(packageRoot, 'src/cli.ts')} report ${inOut('assessment.json')} --format pdf,csv --sign ${join(folder, 'unit.p12')} --out ${target}`;
  const script = `mount -t tmpfs ${mount} tmpfs ${target} && ${words.replaceAll('OUT', target).replaceAll('REPORT', report)}`;
  return spawnSync('unshare', ['-m', 'sh', '-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LEQI_SIGN_PASSPHRASE: passphrase },
  });
}

test.skipIf(!canMakeNetworks())(
  'a full disk: the signed report of before is still there and whole, exit 5',
  async () => {
    const room = (await stat(inOut('report.pdf'))).size + 100_000;
    const { status, stdout, stderr } = onMount(
      `-o size=${room}`,
      `cp ${inOut('report.pdf')} ${inOut('manifest.p7s')} OUT && { REPORT >/dev/null; status=$?; ls -A OUT; cmp OUT/report.pdf ${inOut('report.pdf')} && cmp OUT/manifest.p7s ${inOut('manifest.p7s')} && exit $status; }`,
    );
    expect(status, stderr).toBe(5);
    expect(stderr).toMatch(/pdf：无法写入.*ENOSPC/);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(stdout.trim().split('\n')).toEqual(['manifest.p7s', 'report.csv', 'report.pdf']);
  },
);

test.skipIf(!canMakeNetworks())('a read-only folder: said so, exit 5', () => {
  const { status, stderr } = onMount('-o ro', 'REPORT');
  expect(status, stderr).toBe(5);
  expect(stderr).toMatch(/pdf：无法写入.*EROFS/);
  expect(stderr).not.toMatch(/ {4}at /);
});

test.each([
  ['a wrong passphrase', 'other', 2, /口令不对/],
  ['the right one', passphrase, 0, /report\.csv/],
])('%s at the prompt', async (_, typed, status, says) => {
  const target = await mkdtemp(join(folder, 'prompt-'));
  const cli = `${process.execPath} ${join(packageRoot, 'src/cli.ts')}`;
  const command = `${cli} report ${inOut('assessment.json')} --format pdf,csv --sign ${join(folder, 'unit.p12')} --out ${target}`;
  const seen = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    input: `${typed}\n`,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TERM: 'dumb' },
  });
  expect([seen.status, says.test(seen.stdout)], seen.stdout).toEqual([status, true]);
  expect(seen.stdout).toContain('unit.p12 的口令');
  // The terminal itself repeats what is typed before it is asked for; afterwards nothing does.
  expect(seen.stdout.split('的口令')[1]).not.toContain(typed);
  expect(await readdir(target)).toHaveLength(status === 0 ? 3 : 0);
});

test('another assessment beside the report is seen, also under the same number', async () => {
  const copy = await mkdtemp(join(folder, 'copy-'));
  await cp(out, copy, { recursive: true });
  const path = join(copy, 'assessment.json');
  const changed = (await readFile(path, 'utf8')).replace('"verdict": "unmet"', '"verdict": "met"');
  await writeFile(path, changed);
  const { status, stdout } = await runCli(['verify', join(copy, 'report.pdf')]);
  expect([status, /✗ .*report\.pdf 是 .*assessment\.json 的报告/.test(stdout)], stdout).toEqual([1, true]);
  await rm(path);
  await rm(join(copy, 'evidence'), { recursive: true });
  await writeAssessed(join(copy, 'other'), '别的平台');
  await cp(join(copy, 'other/evidence'), join(copy, 'evidence'), { recursive: true });
  const other = await runCli(['verify', join(copy, 'report.pdf')]);
  expect([other.status, other.stdout.includes('另一份证据')], other.stdout).toEqual([1, true]);
});

describe('nothing is written, and the message says what to do,', () => {
  test.each([
    ['by a wrong passphrase', ['unit.p12'], { LEQI_SIGN_PASSPHRASE: 'other' }, /口令不对/],
    ['without a passphrase', ['unit.p12'], {}, /LEQI_SIGN_PASSPHRASE/],
    ['for a key file that is not there', ['none.p12'], {}, /文件不存在/],
    ['where no PDF is asked for', ['unit.p12', '--format', 'html'], { LEQI_SIGN_PASSPHRASE: passphrase }, /--format/],
  ])('%s', async (_, [key = '', ...more], env, says) => {
    const target = await mkdtemp(join(folder, 'none-'));
    const args = [
      'report',
      inOut('assessment.json'),
      '--format',
      'pdf',
      '--out',
      target,
      '--sign',
      join(folder, key),
      ...more,
    ];
    const { status, stderr } = await runCli(args, { env });
    expect([status, says.test(stderr), stderr.includes('   at ')]).toEqual([2, true, false]);
    expect(await readdir(target)).toEqual([]);
  });

  test('where the evidence beside it is not what was assessed', async () => {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(out, copy, { recursive: true });
    await appendFile(join(copy, 'evidence/manifest.json'), ' ');
    await rm(join(copy, 'manifest.p7s'));
    const args = ['report', join(copy, 'assessment.json'), '--format', 'pdf', '--sign', join(folder, 'unit.p12')];
    const { status, stderr } = await runCli(args, { env: { LEQI_SIGN_PASSPHRASE: passphrase } });
    expect([status, stderr.includes('不予签署')]).toEqual([2, true]);
    expect(await readdir(copy)).not.toContain('manifest.p7s');
  });
});
