import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../support/cli.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-package-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('npm pack gives a package that works after npm install in an empty folder', async () => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: packageRoot });
  const [tarball = ''] = await readdir(folder);
  const listing = execFileSync('tar', ['-tf', join(folder, tarball)], { encoding: 'utf8' });
  expect(listing).toContain('package/profiles/qingdao-joint-use.yaml');
  expect(listing).not.toMatch(/package\/(tests|out|node_modules)\//);
  await writeFile(join(folder, 'package.json'), '{}');
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', join(folder, tarball)], {
    cwd: folder,
  });
  const program = [join(folder, 'node_modules', '.bin', 'leqi-audit')];
  expect((await runCli(['--version'], { cwd: folder, program })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const platform = join(folder, 'node_modules', 'leqi-audit', 'examples', 'qingdao-joint-use', 'platform.yaml');
  // The example's filed address lies outside this machine.
  await writeFile(platform, (await readFile(platform, 'utf8')).replaceAll('192.52.193.18', '127.0.0.1'));
  const scan = await runCli(['scan', '--platform', platform, '--out', 'out', '--format', 'html', '--fail-on', 'none'], {
    cwd: folder,
    program,
  });
  expect(scan.status, scan.stderr).toBe(0);
  expect(await readdir(join(folder, 'out'))).toContain('report.html');
  expect((await runCli(['verify', 'out'], { cwd: folder, program })).status).toBe(0);
});
