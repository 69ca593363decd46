import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { codeOf } from '../../errors.ts';
import type { Reason } from '../../evidence/observation.ts';
import { type Platform, pathFrom } from '../../platform.ts';
import { said } from '../../text.ts';
import { Unavailable } from '../collector.ts';

/** Largest file read below the document folder, bytes. */
export const largestFile = 200 * 1024 * 1024;

/**
 * Opens a file below the document folder and hands it on with its path there; throws {@link Unavailable} if it cannot be had, or
 * lies elsewhere.
 */
export async function openBelow<T>(
  platform: Platform,
  name: string,
  use: (file: FileHandle, path: string) => Promise<T>,
): Promise<T> {
  const folder = pathFrom(platform, platform.documents.folder);
  const path = resolve(folder, name);
  if (!isBelow(folder, path)) throw outside(name);
  try {
    const real = await realpath(path);
    if (!isBelow(await realpath(folder), real)) throw outside(name);
    // Not blocking: a named pipe would wait for its writer for ever.
    await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await file.stat();
    if (!status.isFile()) throw noFile(name);
    if (status.size > largestFile) throw tooLarge(name, status.size);
    return await use(file, relative(folder, path));
  } catch (error) {
    throw unavailable(error, name);
  }
}

/** What is written down of any file handed over. */
export type Digests = { readonly bytes: number; readonly sha256: string; readonly sm3: string };

/** Reads a file once from its start; `see` gets each chunk, which the next one overwrites. */
export async function digestsOf(
  file: FileHandle,
  name: string,
  signal: AbortSignal,
  see?: (chunk: Buffer) => void,
): Promise<Digests> {
  const sha256 = createHash('sha256');
  const sm3 = createHash('sm3');
  let bytes = 0;
  for await (const chunk of chunksOf(file, signal)) {
    bytes += chunk.length;
    // It may grow while it is read.
    if (bytes > largestFile) throw tooLarge(name, bytes);
    sha256.update(chunk);
    sm3.update(chunk);
    see?.(chunk);
  }
  return { bytes, sha256: sha256.digest('hex'), sm3: sm3.digest('hex') };
}

async function* chunksOf(file: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(256 * 1024);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function tooLarge(name: string, bytes: number): Unavailable {
  return new Unavailable(
    'too-large',
    said({
      zh: `${name}：文件有 ${bytes} 字节，超过上限 ${largestFile}`,
      en: `${name}: the file has ${bytes} bytes; the limit is ${largestFile}`,
    }),
  );
}

function outside(name: string): Unavailable {
  return new Unavailable(
    'refused',
    said({
      zh: `${name}：不在材料目录（documents.folder）之内，请把文件本身放进该目录`,
      en: `${name}: lies outside the document folder (documents.folder); put the file itself there`,
    }),
  );
}

function noFile(name: string): Unavailable {
  return new Unavailable(
    'not-found',
    said({
      zh: `${name}：不是普通文件（目录、管道或设备）`,
      en: `${name}: no regular file (a folder, pipe or device)`,
    }),
  );
}

const reasonsByCode: Readonly<Record<string, Reason>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  ELOOP: 'not-found',
  ENAMETOOLONG: 'not-found',
  // A path with a NUL in it, and a socket, which cannot be opened.
  ERR_INVALID_ARG_VALUE: 'not-found',
  ENXIO: 'not-found',
  EACCES: 'denied',
  EPERM: 'denied',
};

// The message of a system error names the absolute path of this machine: only its code is kept.
function unavailable(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (error instanceof Unavailable || code === undefined) return error;
  // The reason itself says what these mean.
  const isPlain = code === 'ENOENT' || code === 'EACCES';
  return new Unavailable(reasonsByCode[code] ?? 'failed', isPlain ? name : `${name}: ${code}`);
}
