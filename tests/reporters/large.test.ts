import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { type Format, reporters, writeReports } from '../../src/reporters/index.ts';
import { largePlatform } from '../support/large-platform/large-platform.ts';
import { closedGate } from './gate.ts';

const formats = Object.keys(reporters) as Format[];
let folder: string;
let assessment: Assessment;
const at = (format: Format): string => join(folder, reporters[format].file);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-large-'));
  ({ assessment } = await largePlatform({ hosts: 25 }));
  await writeReports(assessment, { formats, folder, language: 'zh', gate: closedGate() });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a platform of 25 hosts is a PDF that can be read and sent', async () => {
  const info = execFileSync('pdfinfo', [at('pdf')], { encoding: 'utf8' });
  const pages = Number(/Pages:\s+(\d+)/.exec(info)?.[1]);
  // More findings than pages by far: what is alike on many hosts is said once.
  expect(pages).toBeGreaterThan(30);
  expect(pages).toBeLessThan(150);
  expect((await stat(at('pdf'))).size).toBeLessThan(3_000_000);
  expect(execFileSync('qpdf', ['--check', at('pdf')], { encoding: 'utf8' })).toContain('No syntax or stream');
  expect(execFileSync('pdfdetach', ['-list', at('pdf')], { encoding: 'utf8' })).toContain('assessment.json');
});

test('each finding stands in the formats for programs', async () => {
  const findings = assessment.requirements.flatMap((row) => row.findings);
  const rows: unknown[] = parse(await readFile(at('csv')), { bom: true });
  expect(rows.length).toBeGreaterThan(findings.length);
  expect(JSON.parse(await readFile(at('json'), 'utf8'))).toEqual(assessment);
  const subjects = new Set(findings.filter(({ outcome }) => outcome === 'unmet').map(({ subject }) => subject));
  for (const format of ['html', 'sarif', 'oscal'] as const) {
    const text = await readFile(at(format), 'utf8');
    // Where there is little room the page has a store and its table on two lines.
    const names = [...subjects].map((subject) => (format === 'html' ? subject.replace(/\/.*$/, '') : subject));
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  }
  for (const format of ['junit', 'xlsx'] as const) expect((await stat(at(format))).size).toBeGreaterThan(10_000);
});
