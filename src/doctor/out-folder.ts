import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, messageOf } from '../errors.ts';
import { type Text, verbatim } from '../text.ts';
import { noAnswer, type Point, type Probe } from './point.ts';

const what: Text = { zh: '输出目录', en: 'output folder' };
const mebibyte = 1024 * 1024;
/** Bytes for reports and what lies beside the hosts' evidence, and for the evidence of one host: generous. */
const base = 64 * mebibyte;
const perHost = 4 * mebibyte;

/** Whether evidence and reports can be written where they are to go: the folder takes an entry, and the disk has room. */
export function outProbe(out: string, hosts: number): Probe {
  return {
    run: async () => [{ area: 'machine', what, ...(await look(resolve(out), base + hosts * perHost)) }],
    late: () => [{ area: 'machine', what, state: 'lacking', says: noAnswer }],
  };
}

type Found = Omit<Point, 'area' | 'what'>;

async function look(out: string, needed: number): Promise<Found> {
  try {
    const folder = await nearest(out.endsWith('.zip') ? dirname(out) : out);
    // Only an entry that was made shows that one can be: rights, mounts and quotas each have a say.
    await rmdir(await mkdtemp(join(folder, '.leqi-audit-')));
    const { bavail, bsize, files, ffree } = await statfs(folder);
    const free = bavail * bsize;
    const room = {
      zh: `${out} 可写，剩余 ${inMebibytes(free)}`,
      en: `${out} can be written, ${inMebibytes(free)} free`,
    };
    if (free >= needed && !(files > 0 && ffree < 1000)) return { state: 'ok', says: room };
    const remedy = {
      zh: `至少腾出 ${inMebibytes(needed)}，或用 --out 换一个目录`,
      en: `free ${inMebibytes(needed)} at least, or name another folder with --out`,
    };
    return { state: 'lacking', says: room, remedy };
  } catch (error) {
    const remedy = { zh: '用 --out 换一个可写的目录', en: 'name a folder that can be written with --out' };
    return { state: 'lacking', says: verbatim(messageOf(error)), remedy };
  }
}

// What is not there yet is made below the nearest folder that is.
async function nearest(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) throw new Error(`${path}: not a folder`);
    return path;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return nearest(dirname(path));
  }
}

function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}
