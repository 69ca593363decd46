import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { crc32 } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { messageOf } from '../../../errors.ts';
import { longestStretch, mostEntries, mostRatio, mostUnpacked, ratioFrom, tooMany } from './limits.ts';
import { type Place, TableMistake } from './mistake.ts';

/** What is told of an XML part as it streams by; names are local, for writers choose prefixes as they like. */
export type Listener = {
  open?(name: string, attributes: Readonly<Record<string, string>>, parent: string): void;
  text?(text: string): void;
  close?(name: string, parent: string): void;
};

/** The parts of an Office Open XML package (ISO/IEC 29500-2); nothing is extracted, nothing outside is followed. */
export type Parts = {
  has(part: string): boolean;
  /** Streams a part to a listener. */
  read(part: string, listener: Listener): Promise<void>;
};

/** Opens a zip as a package; part names are told apart without case, as the standard has it. */
export async function openParts(file: FileHandle, name: string, signal: AbortSignal): Promise<Parts> {
  const entries = new Map<string, Entry>();
  const zip = await opened(file, name, entries, signal);
  let unpacked = 0;
  const count = (bytes: number): void => {
    unpacked += bytes;
    if (unpacked > mostUnpacked)
      throw tooMany({ file: name }, `解压后 ${mostUnpacked} 字节`, `${mostUnpacked} unpacked bytes`);
  };
  return {
    has: (part) => entries.has(keyOf(part)),
    read: async (part, listener) => {
      const entry = entries.get(keyOf(part));
      if (!entry) throw damaged({ file: name }, `${part} is missing`);
      const parser = parserOf(name, part, listener);
      for await (const chunk of chunksOf(zip, entry, name, signal)) {
        count(chunk.length);
        parser.write(chunk);
      }
      parser.end();
    },
  };
}

/** The package is not what the standard says: cut off, forged, or made by a faulty writer. */
export function damaged(place: Place, problem: string): TableMistake {
  return new TableMistake('unparsable', place, {
    zh: `文件损坏或不合 XLSX 规范：${problem}`,
    en: `damaged, or no proper XLSX: ${problem}`,
  });
}

// Zip entries with and without leading slash, with either slash, name the same part.
function keyOf(part: string): string {
  return part.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

async function opened(
  file: FileHandle,
  name: string,
  entries: Map<string, Entry>,
  signal: AbortSignal,
): Promise<ZipFile> {
  try {
    const zip = await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true, decodeStrings: false });
    if (zip.entryCount > mostEntries)
      throw tooMany({ file: name }, `${mostEntries} 个压缩条目`, `${mostEntries} zip entries`);
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const key = keyOf(entry.fileNameRaw.toString('utf8'));
      if (entries.has(key)) throw damaged({ file: name }, `${key} is there twice`);
      entries.set(key, entry);
    }
    return zip;
  } catch (error) {
    throw known(error, name, signal);
  }
}

// yauzl stops a part that unpacks to more or less than it declares, and leaves its checksum to the caller.
async function* chunksOf(zip: ZipFile, entry: Entry, name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) {
    throw new TableMistake(
      'not-supported',
      { file: name },
      { zh: '已加密，请另存为无密码的 xlsx', en: 'encrypted; save it as xlsx without a password' },
    );
  }
  refuseBomb(entry, entry.uncompressedSize, name);
  try {
    let bytes = 0;
    let checksum = 0;
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      signal.throwIfAborted();
      const part: unknown = chunk;
      if (!Buffer.isBuffer(part)) continue;
      bytes += part.length;
      refuseBomb(entry, bytes, name);
      checksum = crc32(part, checksum);
      yield part;
    }
    if (checksum !== entry.crc32) throw damaged({ file: name }, `${entry.fileNameRaw.toString('utf8')}: checksum`);
  } catch (error) {
    throw known(error, name, signal);
  }
}

function refuseBomb(entry: Entry, bytes: number, name: string): void {
  const allowed = Math.min(mostUnpacked, Math.max(ratioFrom, entry.compressedSize * mostRatio));
  if (bytes > allowed) throw tooMany({ file: name }, `解压后 ${allowed} 字节`, `${allowed} unpacked bytes`);
}

function known(error: unknown, name: string, signal: AbortSignal): unknown {
  return error instanceof TableMistake || signal.aborted ? error : damaged({ file: name }, messageOf(error));
}

const deepest = 100;

function parserOf(file: string, part: string, listener: Listener): { write(chunk: Buffer): void; end(): void } {
  const sax = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false });
  const inside: string[] = [];
  let silent = 0;
  sax.on('error', (error) => {
    throw damaged({ file }, `${part}: ${error.message}`);
  });
  sax.on('doctype', () => {
    throw damaged({ file }, `${part}: DOCTYPE`);
  });
  sax.on('opentag', ({ name, attributes }) => {
    silent = 0;
    const local = localOf(name);
    listener.open?.(local, attributes, inside.at(-1) ?? '');
    inside.push(local);
    if (inside.length > deepest) throw tooMany({ file }, `${deepest} 层元素`, `${deepest} nested elements`);
  });
  sax.on('text', (text) => listener.text?.(text));
  sax.on('cdata', (text) => listener.text?.(text));
  sax.on('closetag', ({ name }) => {
    silent = 0;
    inside.pop();
    listener.close?.(localOf(name), inside.at(-1) ?? '');
  });
  let decoder: TextDecoder | undefined;
  const decode = (chunk?: Buffer): string => {
    try {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw damaged({ file }, `${part}: ${messageOf(error)}`);
    }
  };
  return {
    write(chunk) {
      const text = decode(chunk);
      // What lies between two tags is held in memory until the second comes.
      silent += text.length;
      sax.write(text);
      if (silent > longestStretch)
        throw tooMany({ file }, `${longestStretch} 个连续字符`, `${longestStretch} characters in a row`);
    },
    end() {
      sax.write(decode());
      sax.close();
    },
  };
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

// ISO/IEC 29500-2, 8.1.4: parts are UTF-8 or UTF-16.
function encodingOf(chunk: Buffer | undefined): string {
  if (chunk?.[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
  return chunk?.[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-8';
}
