import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyExample } from '../../scripts/example-platform.ts';
import { type Assessment, assessmentSchema } from '../../src/assessment/assessment.ts';
import { comparisonSchema } from '../../src/assessment/comparison-schema.ts';
import { historySchema } from '../../src/assessment/history-schema.ts';
import { addDays, addMonths, dateIn } from '../../src/evidence/dates.ts';
import { columns, widthOf } from '../../src/reporters/terminal/terminal.ts';
import { type Ended, runCli } from '../support/cli.ts';

const today = dateIn(new Date(), 'Asia/Shanghai');
let folder: string;
let evidence: string;
let idOfCapital: string;

const at = (...parts: string[]): string => join(folder, ...parts);
const assessmentIn = async (name: string): Promise<Assessment> =>
  assessmentSchema.parse(JSON.parse(await readFile(at(name, 'assessment.json'), 'utf8')));
const assess = (out: string, ...args: string[]): Promise<Ended> =>
  runCli(['assess', evidence, '--out', at(out), ...args], { cwd: at('p') });
const capitalOf = ({ requirements }: Assessment) => requirements.find(({ id }) => id === 'QD-4.3-2');

const entry = (lines: string, from = today, until = addMonths(today, 2)): string =>
  `  - ${lines}\n    reason: 增资办理中\n    approver: 王建国\n    from: ${from}\n    until: ${until}\n`;

// One fault: too little capital. What only a scan could tell is unproven.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-waivers-'));
  evidence = at('o', 'evidence');
  await copyExample('qingdao-joint-use', at('p'), today);
  const platform = at('p', 'platform.yaml');
  const text = await readFile(platform, 'utf8');
  await writeFile(platform, text.replace('name: paid-in-capital, amount: 2000', 'name: paid-in-capital, amount: 900'));
  const collected = await runCli(['collect', '--platform', platform, '--origin', 'filed', '--out', at('o'), '--quiet']);
  expect(collected.stderr).toBe('');
  const plain = await assess('plain');
  expect(plain, plain.stderr).toMatchObject({ status: 1, stderr: '' });
  idOfCapital = capitalOf(await assessmentIn('plain'))?.findings.find(({ outcome }) => outcome === 'unmet')?.id ?? '';
  await writeFile(at('p', 'waivers.yaml'), `waivers:\n${entry(`finding: ${idOfCapital}`)}`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('explain prints the id that a waiver needs', async () => {
  const explained = await runCli(['explain', 'QD-4.3-2', '--assessment', at('plain', 'assessment.json')]);
  expect(explained.stdout).toContain(`${idOfCapital}  figures/at-least:below`);
});

test('a waiver beside the platform file: accepted, and 不符合 all the same', async () => {
  const { status, stdout, stderr } = await assess('waived');
  expect(stderr).toBe('例外清单：1 条，1 条有效\n');
  expect(status).toBe(0);
  expect(stdout).toContain('不符合（例外）  QD-4.3-2');
  expect(stdout).toContain(`例外至 ${addMonths(today, 2)}，批准人 王建国`);
  const waived = await assessmentIn('waived');
  expect(capitalOf(waived)).toMatchObject({ verdict: 'unmet', remaining: 'none' });
  expect(waived).toMatchObject({ counts: { unmet: 1 }, accepted: { unmet: 1 } });
  const verified = await runCli(['verify', at('waived')]);
  expect(verified, verified.stdout).toMatchObject({ status: 0 });
});

test('--no-waivers uses none, the level of --fail-on decides, and a date past the end lets none hold', async () => {
  expect(await assess('none', '--no-waivers')).toMatchObject({ status: 1, stderr: '' });
  expect(await assessmentIn('none')).toEqual(await assessmentIn('plain'));
  expect((await assess('level', '--fail-on', 'unproven')).status).toBe(1);
  const late = await assess('late', '--as-of', addDays(addMonths(today, 2), 1), '--lang', 'en');
  expect(late.status).toBe(1);
  expect(late.stderr).toMatch(/waivers: 1, of which 0 hold\nwaivers\.yaml:2:5 {2}F-\w{12}: this waiver expired on /);
});

test('mistakes are named with file, line and key before anything is contacted, and nothing is written', async () => {
  const file = at('wrong.yaml');
  await writeFile(file, `waivers:\n${entry('requirement: QD-0')}${entry('finding: F-1', today, addMonths(today, 13))}`);
  const scanned = await runCli([
    'scan',
    '--platform',
    at('p', 'platform.yaml'),
    '--waivers',
    file,
    '--out',
    at('wrong'),
  ]);
  expect(scanned).toMatchObject({ status: 2, stdout: '' });
  expect(scanned.stderr.split('\n').map((line) => line.replace(/^.*(wrong\.yaml:\S+ {2}\S+) .*$/, '$1'))).toEqual([
    'wrong.yaml:2:5  waivers[0].requirement:',
    'wrong.yaml:7:5  waivers[1].finding:',
    'wrong.yaml:11:5  waivers[1].until:',
    '',
  ]);
  await expect(readFile(at('wrong', 'evidence', 'manifest.json'))).rejects.toThrow('ENOENT');
});

test('diff: regressions are 1, none 0, what cannot be compared 2', async () => {
  const worse = await runCli(['diff', at('waived'), at('plain'), '--json']);
  expect(worse.status).toBe(1);
  expect(comparisonSchema.parse(JSON.parse(worse.stdout))).toMatchObject({ regressions: 1, counts: { worse: 1 } });
  const better = await runCli([
    'diff',
    at('plain'),
    at('waived', 'assessment.json'),
    '--format',
    'html,json',
    '--out',
    at('d'),
  ]);
  expect(better, better.stderr).toMatchObject({ status: 0 });
  expect(better.stdout).toMatch(/^没有退步\n/);
  expect(better.stdout.split('\n').filter((line) => widthOf(line) > columns)).toEqual([]);
  expect(await readFile(at('d', 'diff.html'), 'utf8')).toContain('<!doctype html>');
  expect(comparisonSchema.parse(JSON.parse(await readFile(at('d', 'diff.json'), 'utf8'))).regressions).toBe(0);
  const wrong = await Promise.all([
    runCli(['diff', evidence, at('plain')]),
    runCli(['diff', at('plain'), at('nothing')]),
    runCli(['diff', at('plain'), at('waived'), '--format', 'pdf']),
  ]);
  expect(wrong.map(({ status, stdout }) => [status, stdout])).toEqual([
    [2, ''],
    [2, ''],
    [2, ''],
  ]);
});

test('history: what ran and changed nothing is there; a file that cannot be used makes it 2; the report shows the trend', async () => {
  await mkdir(at('runs'));
  const plain = await readFile(at('plain', 'assessment.json'), 'utf8');
  await writeFile(at('runs', '1.json'), plain);
  await assess('runs/again', '--no-waivers', '--as-of', addDays(today, 1));
  await writeFile(at('runs', '2.json'), await readFile(at('waived', 'assessment.json'), 'utf8'));
  const shown = await runCli(['history', at('runs')]);
  expect(shown, shown.stderr).toMatchObject({ status: 0 });
  expect(shown.stdout.split('\n').filter((line) => widthOf(line) > columns)).toEqual([]);
  const listed = historySchema.parse(JSON.parse((await runCli(['history', at('runs'), '--json'])).stdout));
  expect(listed.series.map(({ runs }) => runs.length)).toEqual([3]);
  const report = [
    'report',
    at('runs', 'again', 'assessment.json'),
    '--history',
    at('runs'),
    '--format',
    'html',
    '--out',
    at('r'),
  ];
  expect(await runCli(report)).toMatchObject({ status: 0 });
  expect(await readFile(at('r', 'report.html'), 'utf8')).toContain('评估 3 次（含本次）');
  await writeFile(at('runs', 'broken.json'), plain.replace('"unmet": 1', '"unmet": 0'));
  const broken = await runCli(['history', at('runs'), '--lang', 'en']);
  expect(broken.status).toBe(2);
  expect(broken.stdout).toContain('broken.json');
  expect(await runCli(report)).toMatchObject({ status: 2, stdout: '' });
});
