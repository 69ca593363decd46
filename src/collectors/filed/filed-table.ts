import type { FileHandle } from 'node:fs/promises';
import type { Platform } from '../../platform.ts';
import { said, type Text } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import { type Digests, digestsOf, openBelow } from './below.ts';
import { withoutNumbers } from './quoted.ts';
import { readTable, type Table, TableMistake } from './tables/table.ts';

/** Where a declared table lies below the document folder. */
export type TableSource = { readonly file: string; readonly sheet?: string | undefined };

/** A table with what is written down of its file. */
export type FiledTable = Digests & { readonly path: string; readonly table: Table };

/** Finds the row of heads. */
export type HeadFinder = {
  /** Whether a row of cells is the head. */
  isHead(cells: readonly string[]): boolean;
  /** What no row had that was asked about; undefined if none was, or one was the head. */
  missing(): Text | undefined;
};

/** Reads a declared table and the hashes of its file; throws {@link Unavailable} saying what is wrong, and where. */
export async function readFiledTable(
  platform: Platform,
  { file, sheet }: TableSource,
  head: HeadFinder,
  signal: AbortSignal,
): Promise<FiledTable> {
  return openBelow(platform, file, async (handle, path) => {
    const before = await handle.stat();
    const digests = await digestsOf(handle, file, signal);
    const options = { isHead: head.isHead, ...(sheet === undefined ? {} : { sheet }) };
    const table = await readTable(handle, path, options, signal).catch((error: unknown) => {
      throw error instanceof TableMistake ? unavailable(error, head) : error;
    });
    await refuseChanged(handle, before, path);
    return { path, ...digests, table };
  });
}

// Where no row is a head, any row might be shown for one: what is missing is told instead.
function unavailable({ reason, place, message }: TableMistake, head: HeadFinder): Unavailable {
  const missing = reason === 'unparsable' && place.row === undefined ? head.missing() : undefined;
  if (!missing) return new Unavailable(reason, withoutNumbers(message));
  const name = tableName(place.file, place.sheet);
  return new Unavailable(reason, said({ zh: `${name.zh}：${missing.zh}`, en: `${name.en}: ${missing.en}` }));
}

// Otherwise the hash might stand for other rows than those that were read.
async function refuseChanged(
  handle: FileHandle,
  before: { readonly size: number; readonly mtimeMs: number },
  path: string,
): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size === before.size && mtimeMs === before.mtimeMs) return;
  throw new Unavailable(
    'failed',
    said({ zh: `${path}：读取期间文件有变化`, en: `${path}: the file changed while it was read` }),
  );
}

/** A table as messages name it. */
export function tableName(path: string, sheet: string | undefined): Text {
  return sheet === undefined ? { zh: path, en: path } : { zh: `${path}「${sheet}」`, en: `${path}, sheet ${sheet}` };
}

/** Where a row stands: its number in the file, in YAML its place in the list. */
export function rowName(row: number, { headRow }: Pick<Table, 'headRow'>): Text {
  return headRow === 0 ? { zh: `第 ${row} 项`, en: `item ${row}` } : { zh: `第 ${row} 行`, en: `row ${row}` };
}

const mostNamed = 10;

/** Gathers what is wrong in a table: ten are told, the rest counted. */
export type Mistakes = {
  /** `tell` is asked only for what will be told. */
  add(tell: () => Text): void;
  /** Throws {@link Unavailable} if there were any. */
  refuse(name: Text): void;
};

export function mistakesOf(): Mistakes {
  const named: Text[] = [];
  let count = 0;
  return {
    add(tell) {
      count += 1;
      if (named.length < mostNamed) named.push(tell());
    },
    refuse(name) {
      if (count === 0) return;
      const more = count - named.length;
      const zh = [...named.map((each) => each.zh), ...(more > 0 ? [`另有 ${more} 处`] : [])].join('；');
      const en = [...named.map((each) => each.en), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
      throw new Unavailable(
        'unparsable',
        said({
          zh: `${name.zh}：有 ${count} 处须更正：${zh}`,
          en: `${name.en}: ${count === 1 ? '1 mistake' : `${count} mistakes`}: ${en}`,
        }),
      );
    },
  };
}
