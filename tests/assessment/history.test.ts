import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { assessmentText } from '../../src/assessment/file.ts';
import { readHistory, seriesFor } from '../../src/assessment/history.ts';
import { historySchema, isUnchanged } from '../../src/assessment/history-schema.ts';
import { InputError } from '../../src/errors.ts';
import { assessmentOf, type Found, requirement, waiver } from '../support/assessments.ts';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

async function put(name: string, content: Assessment | string): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), typeof content === 'string' ? content : assessmentText(content));
}

const on = (asOf: string, found: readonly Found[], more: Parameters<typeof assessmentOf>[1] = {}): Assessment =>
  assessmentOf([requirement('R', found), requirement('S', [['met', 's']])], { asOf, ...more });
const good: readonly Found[] = [['met', 'a']];
const bad: readonly Found[] = [['unmet', 'a']];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-history-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('runs stand by date, each held against the one before, whatever their files are called', async () => {
  await put('z.json', on('2026-01-10', good));
  await put('a/assessment.json', on('2026-02-10', good));
  await put('m.json', on('2026-03-10', bad));
  await put(
    'b/assessment.json',
    on('2026-04-10', bad, { waivers: [waiver({ requirement: 'R', covers: ['test/one:unmet'], from: '2026-04-01' })] }),
  );
  const history = await readHistory(folder);
  expect(historySchema.parse(history)).toEqual(history);
  const [series] = history.series;
  expect(series?.runs.map(({ file, asOf, regressions }) => [file, asOf, regressions])).toEqual([
    ['z.json', '2026-01-10', 0],
    ['a/assessment.json', '2026-02-10', 0],
    ['m.json', '2026-03-10', 1],
    ['b/assessment.json', '2026-04-10', 0],
  ]);
  expect(series?.runs.map(isUnchanged)).toEqual([false, true, false, false]);
  expect(series?.runs.at(-1)).toMatchObject({ accepted: { unmet: 1 }, waivers: { begun: 1, ended: 0 } });
  expect(await readHistory(folder)).toEqual(history);
});

test('one platform, unit or profile by itself', async () => {
  const profile = { name: 'self-use', title: { zh: '自用', en: 'self-use' }, sources: {} };
  const platform = { name: '另一平台', mode: 'joint-use', since: '2024-03-11' };
  await put('1.json', on('2026-01-10', good));
  await put('2.json', on('2026-02-10', bad, { profile }));
  await put('3.json', on('2026-03-10', bad, { platform }));
  await put('4.json', on('2026-04-10', good));
  const { series } = await readHistory(folder);
  expect(series.map(({ runs }) => runs.map(({ file }) => file)).toSorted()).toEqual([
    ['1.json', '4.json'],
    ['2.json'],
    ['3.json'],
  ]);
});

describe('what cannot be used is named, and the rest is shown', () => {
  const whole = assessmentText(on('2026-02-10', good));
  test.each<[string, string, RegExp]>([
    ['no JSON', '{', /JSON/],
    ['empty', '', /JSON/],
    ['not an assessment', '{"a": 1}', /not an assessment/],
    ['changed', whole.replace('"verdict": "met"', '"verdict": "unmet"'), /was changed/],
    ['of a later format', whole.replace('assessment/1', 'assessment/2'), /not an assessment of this version/],
    ['deep', `${'['.repeat(100_000)}`, /JSON/],
  ])('%s', async (_, text, why) => {
    await put('good.json', on('2026-01-10', good));
    await put('broken.json', text);
    const { series, broken } = await readHistory(folder);
    expect(series[0]?.runs).toHaveLength(1);
    expect(broken).toEqual([{ file: 'broken.json', why: expect.objectContaining({ en: expect.stringMatching(why) }) }]);
    await expect(seriesFor(on('2026-03-01', good), folder)).rejects.toThrow(/broken\.json/);
  });

  test('other files of ours, folders, pipes and doubles are passed over', async () => {
    await put('good.json', on('2026-01-10', good));
    await put('copy/assessment.json', on('2026-01-10', good));
    await put('diff.json', '{\n "format": "leqi-audit/diff/1"\n}\n');
    await put('folder.json/other.txt', '');
    await put('notes.txt', 'x');
    execFileSync('mkfifo', [at('pipe.json')]);
    const { series, broken } = await readHistory(folder);
    expect(broken).toEqual([]);
    expect(series.map(({ runs }) => runs.length)).toEqual([1]);
  });

  test('a folder with nothing in it, and none at all', async () => {
    await expect(readHistory(folder)).rejects.toThrow(InputError);
    await expect(readHistory(at('none'))).rejects.toThrow(InputError);
  });
});

describe('what leads to one assessment', () => {
  const period = { from: '2026-01-01', until: '2026-12-31' };
  const now = on('2026-03-10', bad, { period });

  test('is of its period, not later than it, and ends with it', async () => {
    await put('before.json', on('2025-12-31', bad, { period }));
    await put('first.json', on('2026-01-10', good, { period }));
    await put('later.json', on('2026-04-10', good, { period }));
    await put('itself.json', now);
    const { runs } = await seriesFor(now, folder);
    expect(runs.map(({ asOf, number }) => [asOf, number === now.number])).toEqual([
      ['2026-01-10', false],
      ['2026-03-10', true],
    ]);
    expect(runs[0]?.changes).toBeUndefined();
    expect(runs[1]).toMatchObject({ regressions: 1 });
  });

  test('without a period it is all that came before it, on its own day by when evidence was collected', async () => {
    const lone = on('2026-03-10', bad);
    await put('long-ago.json', on('2020-01-10', good));
    await put('later.json', on('2026-04-10', good));
    await put(
      'same-day-later.json',
      on('2026-03-10', good, { evidence: { ...lone.evidence, to: '2099-01-01T00:00:00Z' } }),
    );
    expect((await seriesFor(lone, folder)).runs.map(({ file }) => file)).toEqual(['long-ago.json', '']);
  });

  test('is only itself in an empty folder', async () => {
    await put('notes.json/x', '');
    await put('diff.json', '{"format": "leqi-audit/diff/1"}');
    expect((await seriesFor(now, folder)).runs.map(({ number }) => number)).toEqual([now.number]);
  });
});
