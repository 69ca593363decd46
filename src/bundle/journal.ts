import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { codeOf, InputError, MachineError, messageOf } from '../errors.ts';
import { foldContacts } from '../evidence/contacts.ts';
import type { Kind } from '../evidence/kinds.ts';
import { type Draft, type FoldedContact, type Observation, parseObservation } from '../evidence/observation.ts';
import { digest, instant } from '../evidence/schemas.ts';
import { joined, type Text } from '../text.ts';
import { contactSchema, rawFolder } from './bundle.ts';
import { sha256 } from './digests.ts';
import { type Entry, entryOfDraft } from './entries.ts';
import { linesOf } from './lines.ts';

// Stands where a job was taken out.
const noJob = '';

/** What a collection is of, each part as a digest or a word: it goes on only where all of it is the same. */
export type Undertaking = Readonly<Record<keyof typeof parts, string>>;

const parts = {
  version: { zh: '程序版本', en: 'the version of this program' },
  platform: { zh: '平台文件', en: 'the platform file' },
  profile: { zh: '规范配置', en: 'the profile' },
  occasion: { zh: '事项', en: 'the occasion' },
  kinds: { zh: '采集的证据种类（--origin）', en: 'the kinds of evidence (--origin)' },
  zone: { zh: '区域（--zone）', en: 'the zone (--zone)' },
  shard: { zh: '分片（--shard）', en: 'the part (--shard)' },
} as const satisfies Record<string, Text>;

const headSchema = z.strictObject({
  format: z.literal('leqi-audit/journal/1'),
  of: z.strictObject(z.object(Object.fromEntries(Object.keys(parts).map((part) => [part, z.string()]))).shape),
});

const doneSchema = z.strictObject({
  job: z.string(),
  /** It was cut short, and must be done again. */
  interrupted: z.boolean(),
  contacts: z.array(contactSchema),
  entries: z.array(
    z.strictObject({
      kind: z.string(),
      subject: z.string(),
      id: z.string(),
      at: instant,
      line: z.string(),
      raw: digest.optional(),
    }),
  ),
  /** Raw output, redacted, by its SHA-256. */
  raw: z.record(digest, z.string()),
});

type Done = z.output<typeof doneSchema>;

/**
 * A collection on its way: one file beside the bundle, to which each thing that is done is added as one line, and is on the disk when `add`
 * returns. A line begins with a check sum, so that one cut short by the end of the process or the machine is not taken.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #done: Set<string>;
  readonly #contacts: FoldedContact[];
  #written: Promise<unknown> = Promise.resolve();
  #syncing: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, file: FileHandle, done: Set<string>, contacts: FoldedContact[]) {
    this.#path = path;
    this.#file = file;
    this.#done = done;
    this.#contacts = contacts;
  }

  /**
   * Begins a journal; with `resume` goes on with one that is there. Throws {@link InputError} if that is of another collection,
   * {@link MachineError} if it cannot be written.
   */
  static async open(path: string, of: Undertaking, { resume }: { resume: boolean }): Promise<Journal> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const found = resume ? await read(path) : undefined;
      if (!found) {
        const file = await open(path, 'w');
        await file.appendFile(lineOf({ format: 'leqi-audit/journal/1', of }));
        await file.datasync();
        return new Journal(path, file, new Set(), []);
      }
      refuseOther(found.of, of, path);
      if (found.again) await compact(path, of);
      return new Journal(path, await open(path, 'a'), found.done, found.contacts);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** What is done already. */
  get done(): ReadonlySet<string> {
    return this.#done;
  }

  /** All contacts, of all that took part in the collection. */
  get contacts(): FoldedContact[] {
    return foldContacts(this.#contacts);
  }

  /** Keeps what a job found, redacted; it is on the disk when this returns. */
  async add(job: string, drafts: readonly Draft[], contacts: readonly FoldedContact[]): Promise<void> {
    const entries = drafts.map(entryOfDraft);
    const line: Done = {
      job,
      interrupted: drafts.some(({ unobserved }) => unobserved?.reason === 'interrupted'),
      contacts: [...contacts],
      entries: entries.map(({ raw, ...entry }) => ({ ...entry, ...(raw ? { raw: raw.digest } : {}) })),
      raw: Object.fromEntries(entries.flatMap(({ raw }) => (raw ? [[raw.digest, raw.text]] : []))),
    };
    this.#contacts.push(...contacts);
    const text = lineOf(line);
    this.#written = this.#written.then(() => this.#file.appendFile(text));
    try {
      await this.#written;
      await this.#synced();
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /** All that stands in it. */
  async *entries(): AsyncGenerator<Entry> {
    for await (const { value } of checkedLines(this.#path)) {
      const read = doneSchema.safeParse(value);
      if (!read.success) continue;
      for (const { raw, ...entry } of read.data.entries) {
        const content = raw === undefined ? undefined : (read.data.raw[raw] ?? '');
        yield content === undefined ? entry : { ...entry, raw: { name: `${rawFolder}/${raw}.txt`, content } };
      }
    }
  }

  /** What was kept of a kind. */
  async *observationsOf(kind: Kind): AsyncGenerator<Observation> {
    for await (const entry of this.entries()) {
      if (entry.kind !== kind) continue;
      const read = parseObservation(kind, JSON.parse(entry.line));
      if ('value' in read) yield read.value;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Ends it: the bundle is written. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path);
  }

  // Those who wait while one wait for the disk is under way share the next.
  #synced(): Promise<void> {
    this.#next ??= this.#syncing.then(async () => {
      this.#next = undefined;
      this.#syncing = this.#file.datasync();
      await this.#syncing;
    });
    return this.#next;
  }
}

/** Characters of the check sum before a line, and the space after it. */
const sumLength = 17;

// In one piece of memory: a host's answers are large, and copies of them pile up.
function lineOf(value: unknown): Buffer {
  const body = JSON.stringify(value);
  const line = Buffer.allocUnsafe(sumLength + Buffer.byteLength(body) + 1);
  line.write(body, sumLength);
  line.write('\n', line.length - 1);
  line.write(sumOf(line.subarray(sumLength, -1)), 'latin1');
  return line;
}

function sumOf(body: Uint8Array): string {
  return `${sha256(body).slice(0, sumLength - 1)} `;
}

/** The lines up to the first that is not whole. */
async function* checkedLines(path: string): AsyncGenerator<{ value: unknown; text: Buffer; end: number }> {
  for await (const { line, end } of linesOf(path)) {
    const body = line.subarray(sumLength);
    if (line.toString('latin1', 0, sumLength) !== sumOf(body)) return;
    yield { value: JSON.parse(body.toString('utf8')), text: line, end };
  }
}

type Found = {
  of: Record<string, string>;
  done: Set<string>;
  contacts: FoldedContact[];
  /** Something in it is not whole, or must be done again. */
  again: boolean;
};

async function read(path: string): Promise<Found | undefined> {
  let found: Found | undefined;
  let whole = 0;
  try {
    for await (const { value, end } of checkedLines(path)) {
      whole = end;
      if (!found) {
        found = { of: headSchema.parse(value).of, done: new Set(), contacts: [], again: false };
        continue;
      }
      const { job, interrupted, contacts } = doneSchema.parse(value);
      found.contacts.push(...contacts);
      if (interrupted) found.again = true;
      else if (job !== noJob) found.done.add(job);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (found) found.again ||= whole < (await sizeOf(path));
  return found;
}

async function sizeOf(path: string): Promise<number> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  await file.close();
  return size;
}

// Contacts were made, whatever became of what they were made for.
async function compact(path: string, of: Undertaking): Promise<void> {
  const temporary = `${path}.partial`;
  const file = await open(temporary, 'w');
  await file.appendFile(lineOf({ format: 'leqi-audit/journal/1', of }));
  for await (const { value, text } of checkedLines(path)) {
    const line = doneSchema.safeParse(value);
    if (!line.success) continue;
    const kept = line.data.interrupted
      ? lineOf({ ...line.data, job: noJob, interrupted: false, entries: [], raw: {} })
      : Buffer.concat([text, Buffer.from('\n')]);
    await file.appendFile(kept);
  }
  await file.sync();
  await file.close();
  await rename(temporary, path);
}

function refuseOther(found: Readonly<Record<string, string>>, of: Undertaking, path: string): void {
  const names = Object.keys(parts).filter((part): part is keyof typeof parts => Object.hasOwn(parts, part));
  const different = names.filter((part) => found[part] !== of[part]).map((part) => parts[part]);
  if (different.length === 0) return;
  const { zh, en } = joined(different, '、', ', ');
  throw new InputError({
    zh: `无法接续 ${path} 中未完成的采集：${zh}已不同。不加 --resume 即重新采集`,
    en: `the collection in ${path} cannot go on: ${en} is not the same any more. Without --resume it is begun anew`,
  });
}

function unwritable(path: string, error: unknown): Error {
  if (error instanceof InputError || error instanceof MachineError) return error;
  return new MachineError(
    {
      zh: `无法记录采集进度 ${path}：${messageOf(error)}`,
      en: `cannot record the collection in ${path}: ${messageOf(error)}`,
    },
    { cause: error },
  );
}
