import { lstat, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { codeOf, InputError, messageOf } from '../errors.ts';

/** Largest single file of a bundle that is read, bytes: guards against zip bombs. */
const largestFile = 512 * 1024 * 1024;

/** The files of a bundle, whether it is a folder or a zip. Paths use `/`. */
export type Files = AsyncDisposable & {
  /** Every regular file, sorted. A symbolic link is listed, and read as missing. */
  list(): Promise<string[]>;
  /** The bytes of a file; undefined if it is not there or no regular file. */
  read(path: string): Promise<Buffer | undefined>;
};

/** Opens a bundle; throws {@link InputError} if there is none. */
export async function openFiles(path: string): Promise<Files> {
  try {
    return (await lstat(path)).isDirectory() ? folderFiles(path) : await zipFiles(path);
  } catch (error) {
    const why =
      codeOf(error) === 'ENOENT'
        ? { zh: '不存在', en: 'does not exist' }
        : { zh: messageOf(error), en: messageOf(error) };
    throw new InputError(
      { zh: `证据包 ${path} 无法打开：${why.zh}`, en: `cannot open the evidence in ${path}: ${why.en}` },
      { cause: error },
    );
  }
}

function folderFiles(folder: string): Files {
  const walk = async (below: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const entry of await opendir(join(folder, below))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      found.push(...(entry.isDirectory() ? await walk(path) : [path]));
    }
    return found;
  };
  return {
    list: async () => (await walk('')).toSorted(),
    async read(path) {
      const status = await lstat(join(folder, path)).catch(() => undefined);
      return status?.isFile() && status.size <= largestFile ? readFile(join(folder, path)) : undefined;
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function zipFiles(path: string): Promise<Files> {
  const zip: ZipFile = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    // Programs differ in which of two entries with one name they take: what was verified must be what is read.
    if (entries.has(entry.fileName)) {
      zip.close();
      throw new Error(`two entries are named ${entry.fileName}`);
    }
    if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
  }
  return {
    list: async () => [...entries.keys()].toSorted(),
    async read(name) {
      const entry = entries.get(name);
      if (!entry || entry.uncompressedSize > largestFile) return undefined;
      return buffer(await zip.openReadStreamPromise(entry));
    },
    async [Symbol.asyncDispose]() {
      zip.close();
    },
  };
}
