import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Occasion } from '../occasion.ts';
import type { Text } from '../text.ts';
import { readYaml, refuse } from '../yaml.ts';
import { type Annex, annexOf } from './annex/annex-links.ts';
import { annexMistakes } from './annex/annex-mistakes.ts';
import {
  borrowsOf,
  chainOf,
  type ProfileSource,
  type Row,
  readProfileFiles,
  rowsOf,
  shippedFolder,
} from './profile-files.ts';
import { gapMistakes, linkMistakes } from './profile-mistakes.ts';
import type { ProfileFile, RequirementFile, Use } from './profile-schema.ts';
import type { Part, Way } from './profile-words.ts';

export { checksById, profileSchema, type Use } from './profile-schema.ts';
export { type Basis, bases, basisTitles, type Part, parts, partTitles, type Way, ways } from './profile-words.ts';

/** One threshold that the unit set stricter than its profile. */
export type Change = { check: string; parameter: string; from: unknown; to: unknown };

/** One obligation, complete. */
export type Requirement = {
  readonly id: string;
  readonly title: Text;
  readonly part: Part;
  readonly occasions: 'always' | readonly Occasion[];
  readonly cites: readonly { source: string; clause: string }[];
  readonly basis?: 'measured' | 'filed' | undefined;
  readonly uses: readonly Use[];
  readonly awaits: readonly Way[];
  readonly attest?: Text | undefined;
  readonly divisible: boolean;
  readonly remedy?: Text | undefined;
  /** What follows if it is missed. */
  readonly ifMissed?: Text | undefined;
  /** What the unit set stricter than the profile file does. */
  readonly tightened?: readonly Change[] | undefined;
};

/** A guidance document as data. */
export type Profile = {
  readonly name: string;
  /** The files that it was read from, its own first, with the SHA-256 of their bytes. */
  readonly files?: readonly { name: string; sha256: string }[] | undefined;
  readonly title: Text;
  readonly mode: ProfileFile['mode'];
  readonly maxAgeMonths: number;
  readonly ledgerDays: number;
  /** Names of the date facts between which access holds. */
  readonly period?: ProfileFile['period'];
  readonly sources: ProfileFile['sources'];
  /** Titles of papers and facts, its own and those of the profiles it extends. */
  readonly papers: ProfileFile['papers'];
  readonly facts: ProfileFile['facts'];
  readonly requirements: readonly Requirement[];
  /** How the report's annex is arranged, if it has one. */
  readonly annex?: Annex | undefined;
};

const nameAndBase = z.object({ profile: z.string(), base: z.boolean().default(false) });

/** Names of the profiles that ship and can be assessed, sorted. */
export async function profileNames(): Promise<string[]> {
  const files = (await readdir(shippedFolder)).filter((file) => file.endsWith('.yaml') && file !== 'catalogue.yaml');
  const heads = await Promise.all(files.map((file) => readYaml(join(shippedFolder, file), nameAndBase)));
  return heads
    .filter(({ base }) => !base)
    .map(({ profile }) => profile)
    .toSorted();
}

/**
 * Loads a profile by name, or from a file (a name with `/` or ending in `.yaml`), with all that it extends.
 * Throws {@link InputError} naming every mistake of all these files: file, line, key, what would be right.
 */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  const { all, mistakes } = await readProfileFiles(await fileOf(nameOrFile));
  const [main] = all;
  const rows = rowsOf(main);
  refuse([
    ...mistakes,
    ...all.flatMap(linkMistakes),
    ...all.flatMap(annexMistakes),
    ...(main.links.base ? [main.file.mistake(['base'], isBase)] : rows.flatMap(gapMistakes)),
    ...(main.whole && !all.some(({ links }) => links.maxAge !== undefined) ? [main.file.mistake([], noMaxAge)] : []),
  ]);
  const { profile: name, title, mode, sources } = readable(main);
  const maxAge = all.flatMap((source) => readable(source).maxAge ?? [])[0] ?? { months: 0, ledgerDays: 0 };
  const requirements = rows.map(complete);
  const period = all.flatMap((source) => readable(source).period ?? [])[0];
  return {
    name,
    files: all.map(({ path, file }) => ({ name: basename(path), sha256: file.sha256 })),
    title,
    mode,
    maxAgeMonths: maxAge.months,
    ledgerDays: maxAge.ledgerDays,
    period,
    sources,
    papers: inherited(main, ({ papers }) => papers),
    facts: inherited(main, ({ facts }) => facts),
    requirements,
    annex: annexOf(main, ({ id }) => requirements.find((row) => row.id === id)?.part),
  };
}

const isBase: Text = {
  zh: '只供其他规范配置继承，不能直接评估',
  en: 'is there for other profiles to extend, and cannot be assessed itself',
};

const noMaxAge: Text = {
  zh: '缺少 maxAge，例如 maxAge: { months: 3 }',
  en: 'maxAge is missing: say, maxAge: { months: 3 }',
};

async function fileOf(nameOrFile: string): Promise<string> {
  if (nameOrFile.includes('/') || nameOrFile.endsWith('.yaml')) return resolve(nameOrFile);
  const names = await profileNames();
  if (names.includes(nameOrFile)) return join(shippedFolder, `${nameOrFile}.yaml`);
  throw new InputError({
    zh: `没有名为「${nameOrFile}」的规范配置；可用：${names.join('、')}`,
    en: `there is no profile named "${nameOrFile}"; there are: ${names.join(', ')}`,
  });
}

// Only called where no mistake was found: what is missing then is a bug here, not in a file.
function readable({ path, file }: ProfileSource): ProfileFile {
  if (!file.value) throw new Error(`${path} was read without a mistake, yet has no value`);
  return file.value;
}

// What a file says itself goes before what it extends, and of that the first before the others.
function inherited<T>(
  source: ProfileSource,
  read: (file: ProfileFile) => Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const bases = source.bases.toReversed().map((base) => inherited(base, read));
  return Object.assign({}, ...bases, read(readable(source)));
}

// What a row takes of the checks of others, in view of the file that says so.
function borrowed(row: Row): Use[] {
  return borrowsOf(row).flatMap(({ from, check }) =>
    from ? usesOf(from).filter((use) => use.check.id === check) : [],
  );
}

function usesOf(row: Row): readonly Use[] {
  const listing = chainOf(row).rows.find(({ keys }) => keys.checks !== undefined);
  return listing ? (readable(listing.source).requirements[listing.id]?.checks ?? []) : [];
}

function complete(row: Row): Requirement {
  const merged: RequirementFile = {};
  for (const { source, id } of chainOf(row).rows.toReversed()) Object.assign(merged, readable(source).requirements[id]);
  const { title, part, occasions } = merged;
  const cites = readable(row.source).requirements[row.id]?.cites;
  if (!title || !part || !occasions || !cites) throw new Error(`${row.id} was found complete, yet is not`);
  return {
    id: row.id,
    title,
    part,
    occasions,
    cites,
    basis: merged.basis,
    uses: [...(merged.checks ?? []), ...borrowed(row)],
    awaits: merged.awaits ?? [],
    attest: merged.attest,
    divisible: merged.divisible ?? false,
    remedy: merged.remedy,
    ifMissed: merged.ifMissed,
  };
}
