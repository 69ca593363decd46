import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digests } from './digests.ts';

const chunk = 256 * 1024;

/** A file that is written from its start to its end: gathers small pieces, and computes its digests on the way. */
export class GrowingFile {
  readonly #file: FileHandle;
  readonly #sha256: Hash = createHash('sha256');
  readonly #sm3: Hash = createHash('sm3');
  #waiting: Buffer[] = [];
  #held = 0;
  #length = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<GrowingFile> {
    return new GrowingFile(await open(path, 'wx'));
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  async add(bytes: Buffer): Promise<void> {
    this.#sha256.update(bytes);
    this.#sm3.update(bytes);
    this.#waiting.push(bytes);
    this.#held += bytes.length;
    this.#length += bytes.length;
    if (this.#held >= chunk) await this.#flush();
  }

  /** Writes what is left; the digests are of all that was added. */
  async close(): Promise<Digests & { bytes: number }> {
    await this.#flush();
    await this.#file.close();
    return { bytes: this.#length, sha256: this.#sha256.digest('hex'), sm3: this.#sm3.digest('hex') };
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#held = 0;
    await this.#file.appendFile(all);
  }
}

/** The lines of a file, one at a time and without their ends; bytes after the last line end are no line. Splits at LF only: text may hold U+2028. */
export async function* linesOf(path: string): AsyncGenerator<{ line: Buffer; end: number }> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(chunk);
    let started: Buffer[] = [];
    let position = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunk, position);
      if (bytesRead === 0) return;
      let from = 0;
      for (let to = buffer.indexOf(10); to >= 0 && to < bytesRead; to = buffer.indexOf(10, from)) {
        const line = Buffer.concat([...started, buffer.subarray(from, to)]);
        started = [];
        from = to + 1;
        yield { line, end: position + from };
      }
      if (from < bytesRead) started.push(Buffer.from(buffer.subarray(from, bytesRead)));
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}
