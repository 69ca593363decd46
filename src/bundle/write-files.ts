import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import type { Instant } from '../evidence/dates.ts';
import {
  bundleFormat,
  type Header,
  type Manifest,
  manifestName,
  observationsFolder,
  rawFolder,
  sealName,
  sealOf,
} from './bundle.ts';
import { digestsOf } from './digests.ts';
import type { Entry } from './entries.ts';
import { GrowingFile } from './lines.ts';

type Listed = Manifest['files'][number];

/**
 * Writes the files of a bundle into a new folder. Entries may come in any order, and are not held: of each only what it is sorted by
 * stays in memory.
 */
export async function writeFiles(
  folder: string,
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  header: Header,
): Promise<void> {
  const unsorted = join(folder, 'unsorted');
  await mkdir(join(folder, observationsFolder), { recursive: true });
  await mkdir(unsorted);
  const { kinds, from, to } = await spread(folder, unsorted, entries);
  const observations: Listed[] = [];
  for (const [kind, places] of [...kinds].toSorted(([a], [b]) => compare(a, b))) {
    const path = `${observationsFolder}/${kind}.jsonl`;
    observations.push({ path, ...(await sortInto(join(folder, path), join(unsorted, kind), places)) });
  }
  await rm(unsorted, { recursive: true });
  await writeManifest(folder, { format: bundleFormat, ...header, from, to, files: [] }, observations);
}

/** Where an entry's line stands in the unsorted file of its kind. */
type Place = { subject: string; id: string; start: number; length: number };

type Spread = { kinds: Map<string, Place[]>; from: Instant; to: Instant };

async function spread(
  folder: string,
  unsorted: string,
  entries: Iterable<Entry> | AsyncIterable<Entry>,
): Promise<Spread> {
  const files = new Map<string, GrowingFile>();
  const kinds = new Map<string, Place[]>();
  let [from, to]: [Instant | undefined, Instant | undefined] = [undefined, undefined];
  for await (const { kind, subject, id, at, line, raw } of entries) {
    if (from === undefined || at < from) from = at;
    if (to === undefined || at > to) to = at;
    if (raw) await writeRaw(folder, raw);
    const file = files.get(kind) ?? (await GrowingFile.create(join(unsorted, kind)));
    files.set(kind, file);
    const places = kinds.get(kind) ?? [];
    kinds.set(kind, places);
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    places.push({ subject, id, start: file.length, length: bytes.length });
    await file.add(bytes);
  }
  for (const file of files.values()) await file.close();
  const never = '1970-01-01T00:00:00Z';
  return { kinds, from: from ?? never, to: to ?? never };
}

// The name is the hash of the content: what is there already is the same.
async function writeRaw(folder: string, { name, content }: NonNullable<Entry['raw']>): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, content).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mkdir(join(folder, rawFolder), { recursive: true });
    await writeFile(path, content);
  });
}

async function sortInto(to: string, from: string, places: Place[]): Promise<Omit<Listed, 'path'>> {
  places.sort((a, b) => compare(a.subject, b.subject) || compare(a.id, b.id));
  const sorted = await GrowingFile.create(to);
  const file = await open(from, 'r');
  try {
    for (const { start, length } of places) {
      const bytes = Buffer.alloc(length);
      await file.read(bytes, 0, length, start);
      await sorted.add(bytes);
    }
  } finally {
    await file.close();
  }
  return sorted.close();
}

// One file after the other: the manifest of a fleet is tens of megabytes.
async function writeManifest(folder: string, frame: Manifest, observations: readonly Listed[]): Promise<void> {
  const manifest = await GrowingFile.create(join(folder, manifestName));
  const [head = '', tail = ''] = JSON.stringify(frame, null, 1).split(/(?<="files": \[)(?=\]\n\}$)/);
  await manifest.add(Buffer.from(head, 'utf8'));
  let separator = '\n';
  for await (const file of listed(folder, observations)) {
    await manifest.add(Buffer.from(`${separator}${JSON.stringify(file, null, 1).replace(/^/gm, '  ')}`, 'utf8'));
    separator = ',\n';
  }
  await manifest.add(Buffer.from(`${separator === '\n' ? '' : '\n '}${tail}\n`, 'utf8'));
  const { sha256 } = await manifest.close();
  await writeFile(join(folder, sealName), sealOf(sha256));
}

async function* listed(folder: string, observations: readonly Listed[]): AsyncGenerator<Listed> {
  yield* observations;
  const names = await readdir(join(folder, rawFolder)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.toSorted(compare)) {
    const content = await readFile(join(folder, rawFolder, name));
    yield { path: `${rawFolder}/${name}`, bytes: content.length, ...digestsOf(content) };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
