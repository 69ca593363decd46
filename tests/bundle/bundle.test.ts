import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { type Header, readBundle, sealOf } from '../../src/bundle/bundle.ts';
import { digestsOf } from '../../src/bundle/digests.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { writeBundle } from '../../src/bundle/write.ts';
import { declared, observed, unobserved } from '../support/evidence.ts';

const header: Header = {
  tool: { name: 'leqi-audit', version: '0.0.0' },
  platform: '示例平台',
  zone: 'test',
  profile: 'p',
  occasion: 'renewal',
  contacts: [],
};
const clock = { services: ['chronyd'], servers: [], synchronised: true };
const drafts = [
  unobserved('clock', 'unreachable', { subject: 'app-2' }),
  declared(),
  observed('clock', clock, { rawText: '时钟\npassword=hunter2\n' }),
];

let folder: string;

type Listed = { path: string; bytes: number; sha256: string; sm3: string };

/** Writes manifest and seal anew for the files as they are, as somebody could who changes both. */
async function seal(path: string, change: (files: Listed[]) => Listed[]): Promise<void> {
  const manifest: { files: Listed[] } = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8'));
  const files = manifest.files.map(async (file) => {
    const content = await readFile(join(path, file.path));
    return { ...file, bytes: content.length, ...digestsOf(content) };
  });
  const text = JSON.stringify({ ...manifest, files: change(await Promise.all(files)) });
  await writeFile(join(path, 'manifest.json'), text);
  await writeFile(join(path, 'manifest.json.sha256'), sealOf(digestsOf(Buffer.from(text)).sha256));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-bundle-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A fresh bundle in a folder of its own. */
async function fresh(name: string): Promise<string> {
  const path = join(folder, name);
  await writeBundle(path, drafts, header);
  return path;
}

describe.each(['folder', 'pack.zip'])('a bundle as %s', (name) => {
  test('gives back what was written, sorted, with raw output redacted', async () => {
    const path = await fresh(name);
    const bundle = await readBundle(path);
    expect(bundle.observations.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'clock app-1',
      'clock app-2',
      'platform 示例平台',
    ]);
    expect(bundle.observations[0]).toMatchObject({ observed: clock, raw: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(bundle.observations[1]?.unobserved).toEqual({ reason: 'unreachable', detail: '' });
    expect(bundle.declaration.name).toBe('示例平台');
    expect(bundle.manifest).toMatchObject({ from: '2026-03-01T02:00:00Z', occasion: 'renewal' });
    expect((await verifyBundle(path)).problems).toEqual([]);
  });
});

test('the order of drafts changes no byte', async () => {
  const [one, two] = [join(folder, 'one.zip'), join(folder, 'two.zip')];
  await writeBundle(one, drafts, header);
  await writeBundle(two, drafts.toReversed(), header);
  expect((await readFile(one)).equals(await readFile(two))).toBe(true);
});

test('no secret is written', async () => {
  const path = await fresh('secret');
  const [raw = ''] = await readdir(join(path, 'raw'));
  expect(await readFile(join(path, 'raw', raw), 'utf8')).toBe('时钟\npassword=[redacted]\n');
});

test('other tools check it too: sha256sum and unzip', async () => {
  const path = await fresh('tools');
  execFileSync('sha256sum', ['--check', '--strict', 'manifest.json.sha256'], { cwd: path });
  await fresh('tools.zip');
  execFileSync('unzip', ['-tq', join(folder, 'tools.zip')]);
});

describe('a change is found, and the file named', () => {
  const changes: Record<string, { change: (path: string) => Promise<unknown>; names: RegExp }> = {
    'one byte of an observation': {
      change: (path) => flip(join(path, 'observations', 'clock.jsonl')),
      names: /observations\/clock\.jsonl/,
    },
    'one byte of raw output': {
      change: async (path) => flip(join(path, 'raw', (await readdir(join(path, 'raw')))[0] ?? '')),
      names: /raw\/[0-9a-f]{64}\.txt/,
    },
    'one byte of the manifest': { change: (path) => flip(join(path, 'manifest.json')), names: /manifest\.json/ },
    'one byte of the seal': { change: (path) => flip(join(path, 'manifest.json.sha256')), names: /manifest\.json/ },
    'a file more': {
      change: (path) => writeFile(join(path, 'observations', 'more.jsonl'), ''),
      names: /observations\/more\.jsonl/,
    },
    'a file less': {
      change: (path) => rm(join(path, 'observations', 'platform.jsonl')),
      names: /observations\/platform\.jsonl/,
    },
    'a line more': {
      change: (path) => appendFile(join(path, 'observations', 'clock.jsonl'), '\n'),
      names: /observations\/clock\.jsonl/,
    },
    'no seal': { change: (path) => rm(join(path, 'manifest.json.sha256')), names: /manifest\.json\.sha256/ },
    'a link in place of a file': {
      change: async (path) => {
        await cp(join(path, 'observations', 'clock.jsonl'), join(folder, 'elsewhere.jsonl'));
        await rm(join(path, 'observations', 'clock.jsonl'));
        await symlink(join(folder, 'elsewhere.jsonl'), join(path, 'observations', 'clock.jsonl'));
      },
      names: /observations\/clock\.jsonl/,
    },
  };

  test.each(Object.entries(changes))('%s', async (name, { change, names }) => {
    const path = await fresh(`changed ${name}`);
    await change(path);
    const { problems } = await verifyBundle(path);
    expect(problems.map((problem) => problem.path).join(' ')).toMatch(names);
    await expect(readBundle(path)).rejects.toThrow(names);
  });

  async function flip(path: string): Promise<void> {
    const bytes = await readFile(path);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }
});

describe('what is no bundle', () => {
  async function made(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
    await make(join(folder, name));
    return join(folder, name);
  }

  test.each([
    ['nothing there', async () => join(folder, 'nowhere'), /does not exist/],
    ['an empty folder', () => made('empty', (path) => mkdir(path)), /manifest\.json is missing/],
    ['a file that is no zip', () => made('no.zip', (path) => writeFile(path, 'no zip')), /cannot open/],
  ])('%s', async (_, make, message) => {
    await expect(readBundle(await make())).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test('evidence without a declaration cannot be assessed', async () => {
    const path = join(folder, 'undeclared');
    await writeBundle(path, [observed('clock', clock)], header);
    await expect(readBundle(path)).rejects.toThrow(/no platform declaration/);
  });

  test('of two declarations none is taken', async () => {
    const path = join(folder, 'declared twice');
    const other = { ...declared({ hosts: [] }), at: '2026-03-01T03:00:00Z' };
    await writeBundle(path, [...drafts, other], header);
    await expect(readBundle(path)).rejects.toThrow(/more than one platform declaration/);
  });

  test.each<[string, (line: string) => string, RegExp]>([
    ['an id that is not that of its content', (line) => line.replace('chronyd', 'ntpd'), /not that of its content/],
    ['an observation that stands twice', (line) => `${line}\n${line}`, /the same id/],
  ])('sealed again, with %s', async (name, change, message) => {
    const path = await fresh(`sealed again ${name}`);
    const file = join(path, 'observations', 'clock.jsonl');
    const [first = '', ...rest] = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [change(first), ...rest].join('\n'));
    await seal(path, (files) => files);
    await expect(readBundle(path)).rejects.toThrow(message);
  });

  test.each<[string, (files: Listed[]) => Listed[], RegExp]>([
    ['a file that stands twice', (files) => [...files, ...files.slice(0, 1)], /stands twice/],
    [
      'a path that leads out of it',
      (files) => files.map((file) => ({ ...file, path: `../${file.path}` })),
      /malformed/,
    ],
  ])('a manifest with %s', async (name, change, message) => {
    const path = await fresh(`listed ${name}`);
    await seal(path, change);
    await expect(readBundle(path)).rejects.toThrow(message);
  });

  test('a zip with two entries of one name', async () => {
    const zip = new ZipFile();
    for (const text of ['{}', '[]']) zip.addBuffer(Buffer.from(text), 'manifest.json');
    zip.end();
    await writeFile(join(folder, 'twice.zip'), await buffer(zip.outputStream));
    await expect(readBundle(join(folder, 'twice.zip'))).rejects.toThrow(/two entries are named manifest\.json/);
  });

  test('what cannot be written is said, and the bundle that stood there stays', async () => {
    await writeFile(join(folder, 'plain'), '');
    await expect(writeBundle(join(folder, 'plain', 'evidence'), drafts, header)).rejects.toMatchObject({ exitCode: 5 });
  });
});
