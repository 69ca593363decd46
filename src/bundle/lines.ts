import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digests } from './digests.ts';

const chunk = 256 * 1024;

/** A file that is written from its start to its end: gathers small pieces in one place, and computes its digests on the way. */
export class GrowingFile {
  readonly #file: FileHandle;
  readonly #sha256: Hash = createHash('sha256');
  readonly #sm3: Hash = createHash('sm3');
  readonly #waiting = Buffer.allocUnsafeSlow(chunk);
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

  async add(piece: Buffer | string): Promise<void> {
    const length = Buffer.byteLength(piece);
    this.#length += length;
    if (this.#held + length > chunk) await this.#flush();
    if (length > chunk) return this.#append(Buffer.from(piece));
    if (typeof piece === 'string') this.#waiting.write(piece, this.#held);
    else piece.copy(this.#waiting, this.#held);
    this.#held += length;
  }

  /** Writes what is left; the digests are of all that was added. */
  async close(): Promise<Digests & { bytes: number }> {
    await this.#flush();
    await this.#file.close();
    return { bytes: this.#length, sha256: this.#sha256.digest('hex'), sm3: this.#sm3.digest('hex') };
  }

  async #flush(): Promise<void> {
    await this.#append(this.#waiting.subarray(0, this.#held));
    this.#held = 0;
  }

  async #append(bytes: Buffer): Promise<void> {
    this.#sha256.update(bytes);
    this.#sm3.update(bytes);
    await this.#file.appendFile(bytes);
  }
}

/**
 * The lines of a file, one at a time and without their ends; bytes after the last line end are no line. Splits at LF only: text may hold U+2028.
 * A line is to be used before the next is asked for: all stand in the same memory, one after the other.
 */
export async function* linesOf(path: string): AsyncGenerator<{ line: Buffer; end: number }> {
  const file = await open(path, 'r');
  try {
    let buffer = Buffer.allocUnsafeSlow(chunk);
    let [held, position] = [0, 0];
    for (;;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)]);
      const { bytesRead } = await file.read(buffer, held, buffer.length - held, position + held);
      if (bytesRead === 0) return;
      let [from, searched] = [0, held];
      held += bytesRead;
      for (let to = buffer.indexOf(10, searched); to >= 0 && to < held; to = buffer.indexOf(10, searched)) {
        yield { line: buffer.subarray(from, to), end: position + to + 1 };
        from = searched = to + 1;
      }
      buffer.copyWithin(0, from, held);
      held -= from;
      position += from;
    }
  } finally {
    await file.close();
  }
}
