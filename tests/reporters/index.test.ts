import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { MachineError } from '../../src/errors.ts';
import { writeReports } from '../../src/reporters/index.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { closedGate } from './gate.ts';

const assessment = assessmentFixture();
const options = { language: 'zh', gate: closedGate() } as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-test-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('writes what is asked for, each once, and replaces what stood there', async () => {
  await writeFile(join(folder, 'report.json'), 'old');
  const { files, notes } = await writeReports(assessment, { ...options, folder, formats: ['json', 'html', 'json'] });
  expect(files).toEqual([
    { format: 'json', path: join(folder, 'report.json') },
    { format: 'html', path: join(folder, 'report.html') },
  ]);
  expect(notes).toEqual([]);
  expect((await readdir(folder)).toSorted()).toEqual(['report.html', 'report.json']);
  const written: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
  expect(assessmentSchema.parse(written)).toEqual(assessment);
});

test('a browser that is not there spoils the PDF only, and the message says what to do', async () => {
  vi.stubEnv('LEQI_CHROMIUM', join(folder, 'no-such-browser'));
  const written = writeReports(assessment, { ...options, folder, formats: ['pdf', 'html'] });
  await expect(written).rejects.toThrow(MachineError);
  const error = await written.catch((thrown: unknown) => thrown);
  expect(error instanceof MachineError && error.exitCode).toBe(5);
  expect(error instanceof MachineError && error.text.zh).toMatch(/pdf：.*LEQI_CHROMIUM.*已生成：.*report\.html/);
  expect(await readdir(folder)).toEqual(['report.html']);
});

test('a folder that cannot be written is named', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const written = writeReports(assessment, { ...options, folder: file, formats: ['json'] });
  await expect(written).rejects.toThrow(/json: cannot write .*a-file/);
});

test('an interruption is passed on', async () => {
  const signal = AbortSignal.abort(new Error('interrupted'));
  const written = writeReports(assessment, { ...options, folder, formats: ['pdf'], signal });
  await expect(written).rejects.toThrow('interrupted');
  expect(await readdir(folder)).toEqual([]);
});
