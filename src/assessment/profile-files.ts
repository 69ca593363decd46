import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../package-root.ts';
import { type Mistake, type ReadYamlFile, readYamlFile } from '../yaml.ts';
import { type Links, linksOf, type ProfileFile, profileSchema } from './profile-schema.ts';

/** The folder of the profiles that ship. */
export const shippedFolder = join(packageRoot, 'profiles');

/** A profile file with those that it extends, as far as they can be read. */
export type ProfileSource = {
  readonly path: string;
  readonly file: ReadYamlFile<ProfileFile>;
  readonly links: Links;
  readonly bases: readonly ProfileSource[];
  /** Whether it and all that it extends could be read: only then is a row that is not found a mistake. */
  readonly whole: boolean;
};

/** One row where it stands. */
export type Row = {
  readonly source: ProfileSource;
  readonly id: string;
  readonly keys: Readonly<Record<string, unknown>>;
};

/** Reads a profile file and all that it extends: the file itself first, each once, and what is wrong in any. */
export async function readProfileFiles(
  path: string,
): Promise<{ all: readonly [ProfileSource, ...ProfileSource[]]; mistakes: readonly Mistake[] }> {
  const known = new Map<string, ProfileSource>();
  const mistakes: Mistake[] = [];
  const main = await readSource(path, [], known, mistakes);
  known.delete(path);
  return { all: [main, ...known.values()], mistakes };
}

async function readSource(
  path: string,
  above: readonly string[],
  known: Map<string, ProfileSource>,
  mistakes: Mistake[],
): Promise<ProfileSource> {
  const file = await readYamlFile(path, profileSchema);
  const links = linksOf(file.plain);
  const bases: ProfileSource[] = [];
  const way = [...above, path];
  mistakes.push(...file.mistakes);
  for (const [index, name] of (links.extends ?? []).entries()) {
    const base = placeOf(name, path);
    if (base === undefined) mistakes.push(file.mistake(['extends', index], noSuchProfile(name)));
    else if (way.includes(base)) mistakes.push(file.mistake(['extends', index], circle([...way, base])));
    else bases.push(known.get(base) ?? (await readSource(base, way, known, mistakes)));
  }
  const whole = file.plain !== undefined && bases.length === links.extends?.length && bases.every((base) => base.whole);
  const source = { path, file, links, bases, whole };
  known.set(path, source);
  return source;
}

function placeOf(name: string, from: string): string | undefined {
  return [dirname(from), shippedFolder].map((folder) => join(folder, `${name}.yaml`)).find((path) => existsSync(path));
}

function noSuchProfile(name: string) {
  return {
    zh: `没有规范配置「${name}」：同一文件夹和随附的规范配置中都没有 ${name}.yaml`,
    en: `there is no profile ${name}: no ${name}.yaml beside this file or among those that ship`,
  };
}

function circle(way: readonly string[]) {
  const names = way.map((path) => path.replace(/^.*\//, '').replace(/\.yaml$/, '')).join(' → ');
  return { zh: `继承成环：${names}`, en: `goes in a circle: ${names}` };
}

/** The row of an id: the file's own, else that of the first profile it extends which has one. */
export function findRow(id: string, source: ProfileSource): Row | undefined {
  const keys = Object.hasOwn(source.links.requirements, id) ? source.links.requirements[id] : undefined;
  if (keys) return { source, id, keys };
  for (const base of source.bases) {
    const found = findRow(id, base);
    if (found) return found;
  }
  return undefined;
}

/** A row and those it takes from, nearest first; `end` says why it goes no further. */
export function chainOf(row: Row): { rows: readonly Row[]; end: 'complete' | 'unknown' | 'circle' } {
  const rows = [row];
  for (let last = row; typeof last.keys.is === 'string'; ) {
    const next = findRow(last.keys.is, last.source);
    if (!next) return { rows, end: 'unknown' };
    if (rows.some((each) => each.keys === next.keys)) return { rows: [...rows, next], end: 'circle' };
    rows.push(next);
    last = next;
  }
  return { rows, end: 'complete' };
}

/** One check that a row takes from another; `from` is absent where there is no such row, `listed` says whether that row lists it. */
export type Borrow = {
  readonly id: string;
  readonly check: string;
  readonly from: Row | undefined;
  readonly listed: boolean;
};

/** What a row, or the nearest that it is taken from, borrows of other rows; these are looked up from the file that says so. */
export function borrowsOf(row: Row): Borrow[] {
  const saying = chainOf(row).rows.find(({ keys }) => keys.checksOf !== undefined);
  const read = borrowsSchema.safeParse(saying?.keys.checksOf);
  if (!saying || !read.success) return [];
  return Object.entries(read.data).flatMap(([id, checks]) => {
    const from = findRow(id, saying.source);
    const listed = listedBy(from);
    return checks.map((check) => ({ id, check, from, listed: listed.includes(check) }));
  });
}

const borrowsSchema = z.record(z.string(), z.array(z.string()));
const listSchema = z.array(z.record(z.string(), z.unknown()));

function listedBy(row: Row | undefined): string[] {
  const list = row && chainOf(row).rows.find(({ keys }) => keys.checks !== undefined)?.keys.checks;
  return listSchema
    .catch([])
    .parse(list)
    .flatMap((use) => Object.keys(use));
}

/** Every row of a file. */
export function rowsOf(source: ProfileSource): Row[] {
  return Object.entries(source.links.requirements).map(([id, keys]) => ({ source, id, keys }));
}
