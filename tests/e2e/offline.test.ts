import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { canMakeNetworks } from '../support/namespaces.ts';

let folder: string;
let installed: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-audit-offline-'));
  execFileSync(process.execPath, ['scripts/pack-offline.ts', '--out', at('packed'), '--level', '1'], {
    cwd: packageRoot,
    stdio: 'pipe',
  });
  mkdirSync(at('programs'));
  for (const name of ['sh', 'tar', 'gzip']) symlinkSync(`/bin/${name}`, at('programs', name));
  const [archive = ''] = readdirSync(at('packed')).filter((name) => name.endsWith('.tar.gz'));
  execFileSync('sh', ['-c', 'tar -xzf "$1" -C "$2"', 'sh', at('packed', archive), folder], {
    env: { PATH: at('programs') },
  });
  installed = at(archive.replace('.tar.gz', ''));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs what was unpacked, without a network, Node or npm. */
function offline(...args: string[]): Promise<Ended> {
  const alone = canMakeNetworks() ? ['/usr/bin/unshare', '-n'] : [];
  return runCli(args, {
    cwd: folder,
    program: [...alone, '/bin/sh', join(installed, 'bin/leqi-audit')],
    env: { PATH: at('programs'), HOME: folder },
  });
}

test('the archive says what is in it, and so do its sums', () => {
  const [archive = '', sum = ''] = readdirSync(at('packed')).toSorted();
  expect([archive, sum]).toEqual([
    expect.stringMatching(/^leqi-audit-\d+\.\d+\.\d+-linux-(x64|arm64)\.tar\.gz$/),
    `${archive}.sha256`,
  ]);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', sum], { cwd: at('packed') });
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: installed });
  const listed = readFileSync(join(installed, 'SHA256SUMS'), 'utf8');
  expect(listed).toMatch(/ {2}node\/LICENSE$/m);
  expect(listed).toMatch(/ {2}app\/examples\/ci\/audit\.sh$/m);
  expect(listed).not.toMatch(/ {2}app\/(tests|out|node_modules\/(vitest|typescript|@biomejs))\//m);
});

test('it works without a network, Node or npm: version, profiles, a scan of papers, every report but the PDF', async () => {
  expect(await offline('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect((await offline('profiles')).stdout).toContain('qingdao-joint-use');
  const platform = join(installed, 'app/examples/sample-application/platform.yaml');
  const scan = await offline(
    'scan',
    '--platform',
    platform,
    '--origin',
    'filed',
    '--format',
    'json',
    '--fail-on',
    'none',
  );
  expect(scan.status, scan.stderr).toBe(0);
  expect((await offline('assess', 'out/evidence', '--fail-on', 'none')).status).toBe(0);
  const formats = 'html,xlsx,csv,sarif,junit,oscal';
  const reports = await offline('report', 'out/assessment.json', '--format', formats);
  expect(reports.status, reports.stderr).toBe(0);
  expect(reports.stdout.trim().split('\n')).toHaveLength(6);
  expect(await offline('verify', 'out')).toMatchObject({ status: 0 });
});

test('the PDF is made with the fonts in the archive', async () => {
  writeFileSync(at('assessment.json'), `${JSON.stringify(assessmentFixture())}\n`);
  const { status, stderr } = await offline('report', 'assessment.json', '--format', 'pdf');
  expect(status, stderr).toBe(0);
  expect(readFileSync(at('report.pdf'), 'latin1')).toMatch(/^%PDF-/);
});

test('it can be called by a link from anywhere', async () => {
  symlinkSync(join(installed, 'bin/leqi-audit'), at('leqi'));
  const { status, stdout } = await runCli(['--version'], {
    cwd: '/',
    program: [at('leqi')],
    env: { PATH: '/usr/bin' },
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
