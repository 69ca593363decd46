import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type Ended, runCli } from '../support/cli.ts';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-round-'));
  await cp(join(packageRoot, 'examples/natural-system-security'), folder, { recursive: true });
  // The example's addresses lie outside this machine.
  const text = (await readFile(at('platform.yaml'), 'utf8')).replaceAll(/192\.52\.193\.\d+/g, '127.0.0.1');
  // What takes its time, a host and a port scan, is for other tests.
  await writeFile(at('platform.yaml'), text.replaceAll(/^(hosts|endpoints):\n(?: .*\n)*/gm, ''));
  await writeFile(at('leqi-audit'), `#!/bin/sh\nexec ${process.execPath} ${join(packageRoot, 'src/cli.ts')} "$@"\n`, {
    mode: 0o755,
  });
  await writeFile(at('ssh-key'), 'a private key');
  await mkdir(at('tmp'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** One round of examples/ci/audit.sh, as the pipelines start it. */
function round(env: Record<string, string> = {}): Promise<Ended> {
  return runCli(['platform.yaml', 'out', 'history'], {
    cwd: folder,
    program: ['sh', join(packageRoot, 'examples/ci/audit.sh')],
    env: {
      LEQI_AUDIT: at('leqi-audit'),
      LEQI_FORMATS: 'html,junit',
      LEQI_SSH_KEY: at('ssh-key'),
      TMPDIR: at('tmp'),
      ...env,
    },
  });
}

// In this order: each round has those before in its history.
test('the first round has nothing to compare with, leaves every output, and fails by its verdicts', async () => {
  const { status, stderr } = await round();
  expect(status, stderr).toBe(1);
  expect(stderr).toContain('history holds no earlier assessment');
  expect((await readdir(at('out'))).toSorted()).toEqual([
    'assessment.json',
    'evidence',
    'renewal.ics',
    'renewal.txt',
    'report.html',
    'report.junit.xml',
  ]);
  const [kept = ''] = await readdir(at('history'));
  expect(kept).toMatch(/^\d{8}T\d{6}Z\.json$/);
  expect(await readFile(at('history', kept), 'utf8')).toBe(await readFile(at('out/assessment.json'), 'utf8'));
  expect(await readdir(at('tmp'))).toEqual([]);
});

test('a round without a change is well where verdicts do not count, and its report shows the trend', async () => {
  const { status, stdout, stderr } = await round({ LEQI_FAIL_ON: 'none' });
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('没有退步');
  expect(await readdir(at('out'))).toContain('diff.html');
  expect(await readdir(at('history'))).toHaveLength(2);
});

test('a round in which a paper says otherwise has regressed; a missing browser is said after all else is done', async () => {
  const text = await readFile(at('platform.yaml'), 'utf8');
  const changed = text.replace('        unitName: 烟台示例港口集团有限公司', '        unitName: 烟台另一港口有限公司');
  expect(changed).not.toBe(text);
  await writeFile(at('platform.yaml'), changed);
  const { status, stderr } = await round({ LEQI_FAIL_ON: 'none' });
  expect(status, stderr).toBe(1);
  await writeFile(at('platform.yaml'), text);
  const without = await round({ LEQI_FAIL_ON: 'none', LEQI_FORMATS: 'pdf,html', LEQI_CHROMIUM: at('nowhere') });
  expect(without.status, without.stderr).toBe(5);
  expect(without.stderr).toMatch(/pdf：LEQI_CHROMIUM 指定的浏览器/);
  expect(await readdir(at('history'))).toHaveLength(4);
});

test('what is wrong with the platform file or the history ends the round with 2', async () => {
  await writeFile(at('history', '20300101T000000Z.json'), '{}');
  expect((await round({ LEQI_FAIL_ON: 'none' })).status).toBe(2);
  await writeFile(at('platform.yaml'), 'profile: none\n');
  const { status, stderr } = await round();
  expect(status, stderr).toBe(2);
  expect(await readdir(at('tmp'))).toEqual([]);
});
