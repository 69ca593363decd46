import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
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

// Small files by the thousand are read and written without leaving the thread: nothing else is under way, and to leave it costs ten times as
// much as the work.

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
    if (raw) writeRaw(folder, raw);
    const file = files.get(kind) ?? (await GrowingFile.create(join(unsorted, kind)));
    files.set(kind, file);
    const places = kinds.get(kind) ?? [];
    kinds.set(kind, places);
    const start = file.length;
    await file.add(`${line}\n`);
    places.push({ subject, id, start, length: file.length - start });
  }
  for (const file of files.values()) await file.close();
  const never = '1970-01-01T00:00:00Z';
  return { kinds, from: from ?? never, to: to ?? never };
}

// The name is the hash of the content: what is there already is the same.
function writeRaw(folder: string, { name, content }: NonNullable<Entry['raw']>): void {
  const path = join(folder, name);
  try {
    writeFileSync(path, content);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(join(folder, rawFolder), { recursive: true });
    writeFileSync(path, content);
  }
}

let room = Buffer.alloc(0);

// The same memory for one after the other: what each would leave behind piles up faster than it is cleared away.
function roomFor(length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafeSlow(2 * length);
  return room.subarray(0, length);
}

function contentOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = roomFor(fstatSync(file).size);
    if (readSync(file, bytes, 0, bytes.length, 0) < bytes.length) throw new Error(`${path} became shorter`);
    return bytes;
  } finally {
    closeSync(file);
  }
}

async function sortInto(to: string, from: string, places: Place[]): Promise<Omit<Listed, 'path'>> {
  places.sort((a, b) => compare(a.subject, b.subject) || compare(a.id, b.id));
  const sorted = await GrowingFile.create(to);
  const file = openSync(from, 'r');
  try {
    for (const { start, length } of places) {
      const bytes = roomFor(length);
      if (readSync(file, bytes, 0, length, start) < length) throw new Error(`${from} became shorter`);
      await sorted.add(bytes);
    }
  } finally {
    closeSync(file);
  }
  return sorted.close();
}

// One file after the other: the manifest of a fleet is tens of megabytes.
async function writeManifest(folder: string, frame: Manifest, observations: readonly Listed[]): Promise<void> {
  const manifest = await GrowingFile.create(join(folder, manifestName));
  const [head = '', tail = ''] = JSON.stringify(frame, null, 1).split(/(?<="files": \[)(?=\]\n\}$)/);
  await manifest.add(head);
  let separator = '\n';
  for await (const file of listed(folder, observations)) {
    await manifest.add(`${separator}${JSON.stringify(file, null, 1).replace(/^/gm, '  ')}`);
    separator = ',\n';
  }
  await manifest.add(`${separator === '\n' ? '' : '\n '}${tail}\n`);
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
    const content = contentOf(join(folder, rawFolder, name));
    yield { path: `${rawFolder}/${name}`, bytes: content.length, ...digestsOf(content) };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
