import { type FiledDocument, paperDefect } from '../../evidence/filed/documents.ts';
import type { DeclaredDocument, Platform } from '../../platform.ts';
import { Unavailable } from '../collector.ts';
import { digestsOf, openBelow } from './below.ts';
import { type Content, headLength, mediaTypeOf, pdfStart } from './media-type.ts';

/** What of a paper enters evidence. */
type Paper = Required<Pick<FiledDocument, 'file' | 'bytes' | 'mediaType' | 'sha256' | 'sm3'>>;

/** Reads a declared paper below the document folder; throws {@link Unavailable} if it cannot be had, or lies elsewhere. */
export async function readPaper(platform: Platform, item: DeclaredDocument, signal: AbortSignal): Promise<Paper> {
  const name = item.file;
  if (name === undefined) throw new Unavailable('not-declared', `${item.id}: file`);
  return openBelow(platform, name, async (file, path) => {
    const reader = contentReader();
    const digests = await digestsOf(file, name, signal, reader.add);
    return { file: path, ...digests, mediaType: await mediaTypeOf(file, reader.content()) };
  });
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
