import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { canonicalJson } from '../canonical-json.ts';
import { MachineError, messageOf } from '../errors.ts';
import type { Instant } from '../evidence/dates.ts';
import type { Draft, Observation } from '../evidence/observation.ts';
import {
  bundleFormat,
  byKindAndSubject,
  idOf,
  type Manifest,
  manifestName,
  observationsFolder,
  rawFolder,
  sealName,
  sealOf,
} from './bundle.ts';
import { digestsOf } from './digests.ts';
import { redact } from './redact.ts';

/** What a bundle says of itself besides its observations. */
export type Header = Pick<Manifest, 'tool' | 'platform' | 'zone' | 'profile' | 'occasion' | 'contacts'>;

/**
 * Writes a bundle: a folder, or a zip if the path ends in `.zip`. Raw output is redacted first. Nothing stands at `path` until
 * all is written; what stood there before is replaced. The bytes depend on nothing but the drafts and the header.
 * Throws {@link MachineError} if it cannot be written.
 */
export async function writeBundle(path: string, drafts: readonly Draft[], header: Header): Promise<void> {
  const files = contentOf(drafts, header);
  const temporary = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await rm(temporary, { recursive: true, force: true });
    if (path.endsWith('.zip')) await writeZip(temporary, files);
    else await writeFolder(temporary, files);
    await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
  } catch (error) {
    throw new MachineError(
      {
        zh: `无法写入证据包 ${path}：${messageOf(error)}`,
        en: `cannot write the evidence to ${path}: ${messageOf(error)}`,
      },
      { cause: error },
    );
  }
}

/** An observation, and the raw output that it names. */
type Identified = { observation: Observation; raw?: { name: string; content: Buffer } };

/** Gives a draft its id, and its raw text its hash. */
export function identified({ rawText, ...draft }: Draft): Identified {
  const content = rawText === undefined ? undefined : Buffer.from(redact(rawText), 'utf8');
  const raw = content ? { raw: digestsOf(content).sha256 } : {};
  const body = { ...draft, ...raw };
  const id = idOf(body);
  // `Omit` over the union loses that kind and value belong together; nothing but id and raw was taken away and put back.
  const observation = { id, ...body } as Observation;
  return content ? { observation, raw: { name: `${rawFolder}/${raw.raw}.txt`, content } } : { observation };
}

/** All drafts identified, in the order of a bundle. */
export function identifiedInOrder(drafts: readonly Draft[]): Identified[] {
  return drafts.map(identified).toSorted((a, b) => byKindAndSubject(a.observation, b.observation));
}

/** First and last moment of observation. */
export function spanOf(drafts: readonly Draft[]): { from: Instant; to: Instant } {
  const times = drafts.map((draft) => draft.at).toSorted();
  return { from: times[0] ?? '1970-01-01T00:00:00Z', to: times.at(-1) ?? '1970-01-01T00:00:00Z' };
}

function contentOf(drafts: readonly Draft[], header: Header): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const lines = new Map<string, string[]>();
  const done = identifiedInOrder(drafts);
  for (const { observation } of done) {
    const path = `${observationsFolder}/${observation.kind}.jsonl`;
    const list = lines.get(path);
    if (list) list.push(canonicalJson(observation));
    else lines.set(path, [canonicalJson(observation)]);
  }
  for (const [path, list] of lines) files.set(path, Buffer.from(`${list.join('\n')}\n`, 'utf8'));
  for (const { raw } of done) if (raw) files.set(raw.name, raw.content);
  const manifest: Manifest = {
    format: bundleFormat,
    ...header,
    ...spanOf(drafts),
    files: [...files]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => ({ path, bytes: content.length, ...digestsOf(content) })),
  };
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`, 'utf8');
  files.set(manifestName, manifestBytes);
  files.set(sealName, Buffer.from(sealOf(digestsOf(manifestBytes).sha256), 'utf8'));
  return files;
}

async function writeFolder(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  await mkdir(folder);
  for (const below of new Set([...files.keys()].map((path) => dirname(path))))
    await mkdir(join(folder, below), { recursive: true });
  for (const [path, content] of files) await writeFile(join(folder, path), content);
}

// yazl writes DOS times in local time; a fixed one in UTC keeps the bytes the same everywhere.
async function writeZip(path: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const zip = new ZipFile();
  const midnight = new Date(Date.UTC(1980, 0, 1) + new Date(Date.UTC(1980, 0, 1)).getTimezoneOffset() * 60_000);
  for (const [name, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    zip.addBuffer(content, name, { mtime: midnight, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}
