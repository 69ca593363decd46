import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { MachineError, messageOf, UserError } from '../errors.ts';
import type { Draft } from '../evidence/observation.ts';
import type { Header } from './bundle.ts';
import { type Entry, entryOf, identified } from './entries.ts';
import { openFiles } from './files.ts';
import { writeFiles } from './write-files.ts';

/**
 * Writes a bundle: a folder, or a zip if the path ends in `.zip`. Raw output is redacted first. Nothing stands at `path` until
 * all is written; what stood there before is replaced. The bytes depend on nothing but the drafts and the header.
 * Throws {@link MachineError} if it cannot be written.
 */
export async function writeBundle(path: string, drafts: readonly Draft[], header: Header): Promise<void> {
  await writeEntries(path, Iterator.from(drafts).map(identified).map(entryOf), header);
}

/** Writes a bundle of what is identified and redacted already, in whatever order it comes. */
export async function writeEntries(
  path: string,
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  header: Header,
): Promise<void> {
  const temporary = `${path}.partial`;
  const zip = `${path}.partial.zip`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await rm(temporary, { recursive: true, force: true });
    await writeFiles(temporary, entries, header);
    if (path.endsWith('.zip')) {
      await writeZip(zip, temporary);
      await rm(temporary, { recursive: true });
    }
    await rm(path, { recursive: true, force: true });
    await rename(path.endsWith('.zip') ? zip : temporary, path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new MachineError(
      {
        zh: `无法写入证据包 ${path}：${messageOf(error)}`,
        en: `cannot write the evidence to ${path}: ${messageOf(error)}`,
      },
      { cause: error },
    );
  }
}

// yazl writes DOS times in local time; a fixed one in UTC keeps the bytes the same everywhere.
async function writeZip(path: string, folder: string): Promise<void> {
  const zip = new ZipFile();
  const midnight = new Date(Date.UTC(1980, 0, 1) + new Date(Date.UTC(1980, 0, 1)).getTimezoneOffset() * 60_000);
  await using files = await openFiles(folder);
  for (const name of await files.list()) {
    zip.addFile(join(folder, name), name, { mtime: midnight, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  const output = Readable.from(zip.outputStream);
  // It says elsewhere that a file could not be read, and would go on waiting for it.
  zip.on('error', (error: Error) => output.destroy(error));
  await pipeline(output, createWriteStream(path));
}
