import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AFRelationship, PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAssessment } from '../../src/assessment/file.ts';
import { verify } from '../../src/commands/verify.ts';
import { assessmentJson } from '../../src/reporters/json.ts';
import { writeAssessed } from '../support/assessed-folder.ts';
import { type Ended, runHere } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-verify-'));
const out = join(folder, 'out');
const pinned = ['--fingerprint', 'ab'.repeat(32)];

beforeAll(async () => {
  await writeAssessed(out);
  const document = await PDFDocument.create();
  document.addPage([595, 842]);
  const bytes = assessmentJson(await readAssessment(join(out, 'assessment.json')));
  await document.attach(bytes, 'assessment.json', { afRelationship: AFRelationship.Source });
  await writeFile(join(out, 'report.pdf'), await document.save());
});

afterAll(() => rmSync(folder, { recursive: true }));

const copied = async (): Promise<string> => {
  const copy = await mkdtemp(join(folder, 'copy-'));
  await cp(out, copy, { recursive: true });
  return copy;
};

const verified = (...args: string[]): Promise<Ended> => runHere(verify, args);

test.each(['evidence', 'assessment.json'])(
  'who gives a trust rule for %s, of which no signature is looked at, is not told that it holds',
  async (name) => {
    expect(await verified(join(out, name))).toMatchObject({ status: 0 });
    for (const rule of [pinned, ['--tsa-fingerprint', 'ab'.repeat(32)]]) {
      const { status, stdout } = await verified(join(out, name), ...rule);
      expect([status, /✗ .*已签署/.test(stdout)], stdout).toEqual([1, true]);
    }
  },
);

test('a report rests on evidence only as far as its files are those of the manifest', async () => {
  const copy = await copied();
  const pdf = join(copy, 'report.pdf');
  expect(await verified(pdf)).toMatchObject({ status: 0 });
  await appendFile(join(copy, 'evidence/observations/clock.jsonl'), '\n');
  const { status, stdout } = await verified(pdf);
  expect([status, stdout.includes('内容被改动（哈希不符）')], stdout).toEqual([1, true]);
});

test('evidence that is not there is said not to have been checked', async () => {
  const copy = await copied();
  await rm(join(copy, 'evidence'), { recursive: true });
  for (const path of [copy, join(copy, 'assessment.json'), join(copy, 'report.pdf')]) {
    const { status, stdout } = await verified(path);
    expect([status, stdout.match(/– .*evidence 不存在/g)?.length], stdout).toEqual([0, 1]);
  }
});
