import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAssessment } from '../../src/assessment/file.ts';
import { packageRoot } from '../../src/package-root.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { runCli } from '../support/cli.ts';
import { canMakeNetworks } from '../support/namespaces.ts';

const assessment = assessmentFixture();
const formats = 'csv,xlsx,sarif,junit,oscal,json,html';
const files = [
  'report.csv',
  'report.html',
  'report.json',
  'report.junit.xml',
  'report.oscal.json',
  'report.sarif',
  'report.xlsx',
];
let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-e2e-'));
  await writeAssessment(at('assessment.json'), assessment);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the report in a mount namespace in which `out` is a file system of its own, which shell commands may fill before and list after. */
function reportOn(mount: string, list: string, { before = ':', after = ':' } = {}) {
  const script = `mount ${mount} "$OUT" && ${before}; "$@"; status=$?; ${after}; exit $status`;
  const program = ['unshare', '-m', 'sh', '-c', script, 'sh', process.execPath, join(packageRoot, 'src/cli.ts')];
  return runCli(['report', at('assessment.json'), '--out', at('out'), '--format', list], {
    program,
    env: { OUT: at('out') },
  });
}

test('several formats in one run, beside the assessment, in either language', async () => {
  const { status, stdout, stderr } = await runCli(['report', at('assessment.json'), '--format', formats]);
  expect(status, stderr).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual(['assessment.json', ...files]);
  expect(stdout.trim().split('\n').toSorted()).toEqual(files.map((file) => at(file)));
  expect(await readFile(at('report.json'), 'utf8')).toBe(await readFile(at('assessment.json'), 'utf8'));

  const english = await runCli(
    ['report', at('assessment.json'), '--format', 'csv,junit', '--report-lang', 'en', '--out', at('en')],
    { env: { TZ: 'America/New_York' } },
  );
  expect(english.status, english.stderr).toBe(0);
  expect(await readFile(at('en', 'report.csv'), 'utf8')).toMatch(/^\ufeff"Requirement id",/);
  expect(await readdir(at('en'))).toEqual(['report.csv', 'report.junit.xml']);
});

test('a format that cannot be written is named, the others are there, exit 5', async () => {
  await mkdir(at('report.sarif'));
  await writeFile(at('report.sarif', 'in the way'), '');
  const { status, stderr } = await runCli(['report', at('assessment.json'), '--format', formats]);
  expect(status).toBe(5);
  expect(stderr).toMatch(/未能生成的报告：sarif：无法写入 .*report\.sarif.*已生成：.*report\.csv.*report\.html/s);
  expect((await readdir(folder)).toSorted()).toEqual(['assessment.json', ...files]);
});

test('what stands under the temporary name is replaced, not written through', async () => {
  await writeFile(at('precious'), 'precious');
  await symlink(at('precious'), at('report.csv.partial'));
  const { status, stderr } = await runCli(['report', at('assessment.json'), '--format', 'csv']);
  expect(status, stderr).toBe(0);
  expect(await readFile(at('precious'), 'utf8')).toBe('precious');
  expect((await readdir(folder)).toSorted()).toEqual(['assessment.json', 'precious', 'report.csv']);
});

test.skipIf(!canMakeNetworks())('a full disk: nothing half-written, what fits is kept, exit 5', async () => {
  await mkdir(at('out'));
  // Room for the smaller files; what was there before survives if its successor does not fit.
  const { status, stdout, stderr } = await reportOn('-t tmpfs -o size=80k tmpfs', 'oscal,sarif,csv,junit', {
    before: 'echo old >"$OUT/report.oscal.json"',
    after: 'cat "$OUT/report.oscal.json"; ls -A "$OUT"',
  });
  expect(status, stderr).toBe(5);
  expect(stderr).toMatch(/oscal：无法写入.*ENOSPC/);
  expect(stderr).toMatch(/sarif：无法写入.*ENOSPC/);
  expect(stdout.trim().split('\n')).toEqual(['old', 'report.csv', 'report.junit.xml', 'report.oscal.json']);
});

test.skipIf(!canMakeNetworks())('a read-only folder: said so, exit 5', async () => {
  await mkdir(at('out'));
  const { status, stderr } = await reportOn('-t tmpfs -o ro tmpfs', 'csv,xlsx');
  expect(status).toBe(5);
  expect(stderr).toMatch(/csv：无法写入.*EROFS.*xlsx：无法写入.*EROFS/s);
  expect(stderr).not.toMatch(/ {4}at /);
});
