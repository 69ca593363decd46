import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Journal, type Undertaking } from '../../src/bundle/journal.ts';
import { declared, observed, unobserved } from '../support/evidence.ts';

const of: Undertaking = {
  version: '1',
  platform: 'p',
  profile: 'q',
  occasion: 'renewal',
  kinds: 'clock',
  zone: 'z',
  shard: '-',
};
const clock = { services: ['时钟\u2028'], servers: [], synchronised: true };
const contact = { address: '127.0.0.1', by: 'ssh', times: 1 };
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-journal-'));
  path = join(folder, 'deep', 'evidence.journal');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const subjectsIn = async (journal: Journal): Promise<string[]> => {
  const subjects: string[] = [];
  for await (const { subject, raw } of journal.entries()) subjects.push(`${subject} ${raw?.content.toString() ?? ''}`);
  return subjects;
};

/** The bytes of a journal with three jobs, and where each of its lines ends. */
async function written(): Promise<{ bytes: Buffer; ends: number[] }> {
  const journal = await Journal.open(path, of, { resume: false });
  await journal.add('platform p', [declared()], []);
  await Promise.all([
    journal.add('host a', [observed('clock', clock, { subject: 'a', rawText: 'password=hunter2\n' })], [contact]),
    journal.add('host b', [unobserved('clock', 'unreachable', { subject: 'b' })], [contact]),
  ]);
  await journal.close();
  const bytes = await readFile(path);
  return { bytes, ends: [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : [])) };
}

test('gives back what was kept, redacted, and goes on after it', async () => {
  await written();
  expect(await readFile(path, 'utf8')).not.toContain('hunter2');
  const journal = await Journal.open(path, of, { resume: true });
  expect([...journal.done]).toEqual(['platform p', 'host a', 'host b']);
  expect(journal.contacts).toEqual([{ ...contact, times: 2 }]);
  await journal.add('host c', [observed('clock', clock, { subject: 'c' })], []);
  expect(await subjectsIn(journal)).toEqual(['示例平台 ', 'a password=[redacted]\n', 'b ', 'c ']);
  const kept = [];
  for await (const each of journal.observationsOf('clock')) kept.push(each.observed);
  expect(kept).toEqual([clock, undefined, clock]);
  await journal.remove();
  expect(await readdir(join(folder, 'deep'))).toEqual([]);
});

test('cut off at any byte, it keeps every line that was whole, and takes more', async () => {
  const { bytes, ends } = await written();
  const jobs = ['platform p', 'host a', 'host b'];
  for (let length = 0; length <= bytes.length; length += length % 7 === 0 || ends.includes(length + 1) ? 1 : 3) {
    await writeFile(path, bytes.subarray(0, length));
    const journal = await Journal.open(path, of, { resume: true });
    const whole = ends.filter((end) => end <= length).length;
    expect([...journal.done], `${length}`).toEqual(jobs.slice(0, Math.max(0, whole - 1)));
    await journal.add('host z', [observed('clock', clock, { subject: 'z' })], []);
    await journal.close();
    const again = await Journal.open(path, of, { resume: true });
    expect([...again.done].at(-1), `${length}`).toBe('host z');
    expect((await subjectsIn(again)).length).toBe(Math.max(0, whole - 1) + 1);
    await again.close();
  }
});

test('from a changed byte on nothing is taken', async () => {
  const { bytes, ends } = await written();
  for (const [index, end] of ends.entries()) {
    const changed = Buffer.from(bytes);
    changed[end - 20] = (changed[end - 20] ?? 0) ^ 1;
    await writeFile(path, changed);
    const journal = await Journal.open(path, of, { resume: true });
    expect(journal.done.size).toBe(Math.max(0, index - 1));
    await journal.close();
  }
});

test('what an interruption cut short is done again; its contacts were made', async () => {
  const first = await Journal.open(path, of, { resume: false });
  await first.add(
    'host a',
    [observed('clock', clock, { subject: 'a' }), unobserved('clock', 'interrupted')],
    [contact],
  );
  await first.add('host b', [observed('clock', clock, { subject: 'b' })], [contact]);
  expect(await subjectsIn(first)).toHaveLength(3);
  await first.close();
  const second = await Journal.open(path, of, { resume: true });
  expect([...second.done]).toEqual(['host b']);
  expect(await subjectsIn(second)).toEqual(['b ']);
  await second.close();
  const third = await Journal.open(path, of, { resume: true });
  expect(third.contacts).toEqual([{ ...contact, times: 2 }]);
  expect([...third.done]).toEqual(['host b']);
  await third.close();
});

describe('does not go on with', () => {
  test.each<[keyof Undertaking, RegExp]>([
    ['version', /the version of this program is not the same/],
    ['platform', /the platform file is not the same/],
    ['profile', /the profile/],
    ['occasion', /the occasion/],
    ['kinds', /the kinds of evidence/],
    ['zone', /the zone/],
    ['shard', /the part/],
  ])('another %s', async (part, says) => {
    const { bytes } = await written();
    await expect(Journal.open(path, { ...of, [part]: 'other' }, { resume: true })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(says),
    });
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  test('anything, unless it is asked to', async () => {
    await written();
    const journal = await Journal.open(path, of, { resume: false });
    expect(await subjectsIn(journal)).toEqual([]);
    await journal.close();
  });
});

test('where it cannot be written, it says so', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(Journal.open(join(folder, 'file', 'x'), of, { resume: false })).rejects.toMatchObject({ exitCode: 5 });
});
