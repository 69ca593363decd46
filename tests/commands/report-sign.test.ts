import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from '../../src/commands/report.ts';
import { writeAssessed } from '../support/assessed-folder.ts';
import { createMint } from '../support/certificates.ts';
import { runHere } from '../support/cli.ts';

const mint = createMint();
const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-sign-'));

beforeAll(() => writeAssessed(folder));

afterAll(() => {
  mint.remove();
  rmSync(folder, { recursive: true });
});

test('an assessment that was changed by hand is not signed', async () => {
  const path = join(folder, 'assessment.json');
  const text = await readFile(path, 'utf8');
  const changed = text.replace('"verdict": "unmet"', '"verdict": "met"');
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
  const before = readdirSync(folder);
  const { keyFile, file } = mint.issue('示例单位', undefined);
  const sign = ['--sign', keyFile, '--sign-certificates', file];
  const { status, stderr } = await runHere(report, [path, '--format', 'csv,pdf', ...sign]);
  expect([status, stderr.includes('内容被改动')], stderr).toEqual([2, true]);
  expect(readdirSync(folder)).toEqual(before);
});
