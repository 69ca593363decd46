import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { codeOf } from '../../errors.ts';
import { type FiledDocument, paperDefect } from '../../evidence/filed/documents.ts';
import type { Reason } from '../../evidence/observation.ts';
import { type DeclaredDocument, type Platform, pathFrom } from '../../platform.ts';
import { Unavailable } from '../collector.ts';
import { type Content, headLength, mediaTypeOf, pdfStart } from './media-type.ts';

/** Largest paper read, bytes. */
export const largestPaper = 200 * 1024 * 1024;

/** What of a paper enters evidence. */
type Paper = Required<Pick<FiledDocument, 'file' | 'bytes' | 'mediaType' | 'sha256' | 'sm3'>>;

/** Reads a declared paper below the document folder; throws {@link Unavailable} if it cannot be had, or lies elsewhere. */
export async function readPaper(platform: Platform, item: DeclaredDocument, signal: AbortSignal): Promise<Paper> {
  if (item.file === undefined) throw new Unavailable('not-declared', `${item.id}: file`);
  const folder = pathFrom(platform, platform.documents.folder);
  const path = resolve(folder, item.file);
  if (!isBelow(folder, path)) throw new Unavailable('refused', item.file);
  try {
    const real = await realpath(path);
    if (!isBelow(await realpath(folder), real)) throw new Unavailable('refused', item.file);
    // Not blocking: a named pipe would wait for its writer for ever.
    await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return { file: relative(folder, path), ...(await digested(file, item.file, signal)) };
  } catch (error) {
    throw unavailable(error, item.file);
  }
}

/**
 * The SHA-256 of a declared paper, for what is taken from it. Undefined if it is not declared, not there, or no paper at all: an
 * empty file backs nothing.
 */
export async function hashOfPaper(platform: Platform, id: string, signal: AbortSignal): Promise<string | undefined> {
  const item = platform.documents.items.find((each) => each.id === id);
  if (!item?.held) return undefined;
  try {
    const paper = await readPaper(platform, item, signal);
    return paperDefect({ held: true, ...paper }) === undefined ? paper.sha256 : undefined;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

/** A paper that evidence names, with its hash if it could be had. */
export async function paperLink(
  platform: Platform,
  id: string,
  signal: AbortSignal,
): Promise<{ id: string; sha256?: string }> {
  const sha256 = await hashOfPaper(platform, id, signal);
  return { id, ...(sha256 === undefined ? {} : { sha256 }) };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function digested(file: FileHandle, name: string, signal: AbortSignal): Promise<Omit<Paper, 'file'>> {
  const status = await file.stat();
  if (!status.isFile()) throw new Unavailable('not-found', `${name}: not a file`);
  if (status.size > largestPaper) throw tooLarge(name, status.size);
  const sha256 = createHash('sha256');
  const sm3 = createHash('sm3');
  const reader = contentReader();
  let bytes = 0;
  for await (const chunk of chunksOf(file, signal)) {
    bytes += chunk.length;
    // It may grow while it is read.
    if (bytes > largestPaper) throw tooLarge(name, bytes);
    sha256.update(chunk);
    sm3.update(chunk);
    reader.add(chunk);
  }
  const mediaType = await mediaTypeOf(file, reader.content());
  return { bytes, mediaType, sha256: sha256.digest('hex'), sm3: sm3.digest('hex') };
}

// The chunk is overwritten by the next one.
async function* chunksOf(file: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(256 * 1024);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

const tailLength = 1024;

// Disks and transfers fill files up with these.
function withoutPadding(chunk: Buffer): Buffer {
  let end = chunk.length;
  while (end > 0 && [0x00, 0x0a, 0x0d, 0x20, 0xff].includes(chunk[end - 1] ?? -1)) end -= 1;
  return chunk.subarray(0, end);
}

function contentReader(): { add(chunk: Buffer): void; content(): Content } {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let isText = true;
  const isValid = (chunk?: Buffer): boolean => {
    try {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no text holds
      return !/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(utf8.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      return false;
    }
  };
  return {
    add(chunk) {
      if (head.length < headLength) head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
      isText &&= isValid(chunk);
      tail = Buffer.concat([tail, withoutPadding(chunk).subarray(-tailLength)]).subarray(-tailLength);
    },
    // A PDF that was written in stages has an end mark after each: only one at the end shows that it is whole.
    content: () => ({
      head,
      isText: isText && isValid(),
      hasPdfEnd: head.includes(pdfStart) && tail.includes('%%EOF'),
    }),
  };
}

function tooLarge(name: string, bytes: number): Unavailable {
  return new Unavailable('too-large', `${name}: ${bytes} > ${largestPaper} bytes`);
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
  return new Unavailable(reasonsByCode[code] ?? 'failed', `${name}: ${code}`);
}
