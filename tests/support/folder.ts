import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/errors.ts';

/** Runs with a new folder of files, which is removed afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Buffer>>,
  run: (at: (name: string) => string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-'));
  try {
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    return await run((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines of the error that a call on the folder's first file ends with, in both languages, without the folder's path; none if it succeeds. */
export function complaints(
  files: Readonly<Record<string, string | Buffer>>,
  read: (file: string) => Promise<unknown>,
): Promise<{ zh: string[]; en: string[]; exitCode?: number }> {
  return inFolder(files, async (at) => {
    try {
      await read(at(Object.keys(files)[0] ?? ''));
      return { zh: [], en: [] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const lines = (text: string): string[] => text.replaceAll(`${at('')}/`, '').split('\n');
      return { zh: lines(error.text.zh), en: lines(error.text.en), exitCode: error.exitCode };
    }
  });
}
