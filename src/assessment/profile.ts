import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Check } from '../../checks/check.ts';
import * as checkIndex from '../../checks/index.ts';
import { InputError } from '../errors.ts';
import { modes } from '../evidence/filed/platform.ts';
import { bilingual } from '../evidence/schemas.ts';
import { type Occasion, occasions } from '../occasion.ts';
import { packageRoot } from '../package-root.ts';
import type { Text } from '../text.ts';
import { readYaml } from '../yaml.ts';

/** The three parts of a self-evaluation report (QD 4-3). */
export const parts = ['business', 'technology', 'risk'] as const;

export type Part = (typeof parts)[number];

export const partTitles: Readonly<Record<Part, Text>> = {
  business: { zh: '业务情况', en: 'Business' },
  technology: { zh: '技术情况', en: 'Technology' },
  risk: { zh: '风险监控情况', en: 'Risk monitoring' },
};

/** How a row can be answered; a signature stands beside the others, never instead. */
export const ways = ['scan', 'document', 'fact', 'ledger', 'date'] as const;

export type Way = (typeof ways)[number];

/** Computed from the evidence that findings cite: 实测, 材料, 声明. */
export const bases = ['measured', 'filed', 'attested'] as const;

export type Basis = (typeof bases)[number];

export const basisTitles: Readonly<Record<Basis, Text>> = {
  measured: { zh: '实测', en: 'Measured' },
  filed: { zh: '材料', en: 'Filed' },
  attested: { zh: '声明', en: 'Attested' },
};

const citation = z.strictObject({
  /** A key of the profile's `sources`. */
  source: z.string(),
  clause: z.string(),
});

const requirementFields = {
  title: bilingual,
  part: z.enum(parts),
  /** The occasions it binds at, or `always`. */
  occasions: z.union([z.literal('always'), z.array(z.enum(occasions)).min(1)]),
  /** `measured`: a declaration alone leaves it unproven. */
  basis: z.enum(['measured', 'filed']),
  /** One check with its parameters each. */
  checks: z.array(z.record(z.string(), z.record(z.string(), z.unknown()))),
  /** Ways that it must be answered by, for which no check exists yet: unproven until then. */
  awaits: z.array(z.enum(ways)),
  /** What a person confirms and signs. */
  attest: bilingual,
  /** Unmet beside met is *partial*. */
  divisible: z.boolean(),
  remedy: bilingual,
};

const requirementSchema = z
  .strictObject({
    /** A requirement of this or an extended profile, whose fields are taken where this one has none. */
    is: z.string().optional(),
    cites: z.array(citation).optional(),
    ...requirementFields,
  })
  .partial();

const profileSchema = z.strictObject({
  profile: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: bilingual,
  mode: z.union([z.enum(modes), z.literal('any')]),
  extends: z.array(z.string()).default([]),
  /** A base is there to be extended, and cannot be assessed. */
  base: z.boolean().default(false),
  /** Measured evidence older than this at the as-of date is unproven; calendar months. */
  maxAge: z.strictObject({ months: z.int().positive() }).optional(),
  /** The documents it stands on, by short code. */
  sources: z
    .record(z.string(), z.strictObject({ title: bilingual, issued: z.string().optional(), note: bilingual.optional() }))
    .default({}),
  requirements: z.record(z.string(), requirementSchema),
});

type ProfileFile = z.output<typeof profileSchema>;
type RequirementFile = z.output<typeof requirementSchema>;

/** One check of a requirement, its parameters read by the check's own schema. */
export type Use = { readonly check: Check; readonly parameters: Readonly<Record<string, unknown>> };

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
};

/** A guidance document as data. */
export type Profile = {
  readonly name: string;
  readonly title: Text;
  readonly mode: ProfileFile['mode'];
  readonly maxAgeMonths: number;
  readonly sources: ProfileFile['sources'];
  readonly requirements: readonly Requirement[];
};

/** Every check by id. */
export const checksById: ReadonlyMap<string, Check> = new Map(Object.entries(checkIndex));

const shippedFolder = join(packageRoot, 'profiles');

/** Names of the profiles that ship and can be assessed, sorted. */
export async function profileNames(): Promise<string[]> {
  const files = (await readdir(shippedFolder))
    .filter((file) => file.endsWith('.yaml') && file !== 'catalogue.yaml')
    .toSorted();
  const loaded = await Promise.all(files.map((file) => readYaml(join(shippedFolder, file), profileSchema)));
  return loaded.filter((profile) => !profile.base).map((profile) => profile.profile);
}

/**
 * Loads a profile by name, or from a file (a name with `/` or ending in `.yaml`), with all that it extends.
 * Throws {@link InputError} naming every mistake: file, line, key, what would be right.
 */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  const file = await fileOf(nameOrFile);
  const profile = await readYaml(file, profileSchema);
  if (profile.base)
    throw new InputError({
      zh: `${profile.profile} 只供其他规范配置继承，不能直接评估`,
      en: `${profile.profile} is a base for other profiles and cannot be assessed itself`,
    });
  const rows = new Map<string, RequirementFile>();
  let maxAge = profile.maxAge;
  for (const base of await basesOf(profile, file, [])) {
    maxAge ??= base.maxAge;
    for (const [id, row] of Object.entries(base.requirements)) if (!rows.has(id)) rows.set(id, row);
  }
  for (const [id, row] of Object.entries(profile.requirements)) rows.set(id, row);
  const mistakes: Text[] = [];
  const requirements = Object.keys(profile.requirements).flatMap((id) => complete(id, rows, profile, mistakes) ?? []);
  if (!maxAge) mistakes.push({ zh: '缺少 maxAge', en: 'maxAge is missing' });
  if (mistakes.length > 0 || !maxAge) {
    const lines = (language: 'zh' | 'en'): string =>
      mistakes.map((mistake) => `${file}: ${mistake[language]}`).join('\n');
    throw new InputError({ zh: lines('zh'), en: lines('en') });
  }
  return {
    name: profile.profile,
    title: profile.title,
    mode: profile.mode,
    maxAgeMonths: maxAge.months,
    sources: profile.sources,
    requirements,
  };
}

async function fileOf(nameOrFile: string): Promise<string> {
  if (nameOrFile.includes('/') || nameOrFile.endsWith('.yaml')) return resolve(nameOrFile);
  const names = await profileNames();
  if (names.includes(nameOrFile)) return join(shippedFolder, `${nameOrFile}.yaml`);
  throw new InputError({
    zh: `没有名为「${nameOrFile}」的规范配置；可用：${names.join('、')}`,
    en: `there is no profile named "${nameOrFile}"; there are: ${names.join(', ')}`,
  });
}

async function basesOf(profile: ProfileFile, file: string, above: readonly string[]): Promise<ProfileFile[]> {
  const found: ProfileFile[] = [];
  for (const name of profile.extends) {
    if (above.includes(name))
      throw new InputError({ zh: `${file}: extends 成环：${name}`, en: `${file}: extends goes in a circle: ${name}` });
    const local = join(dirname(file), `${name}.yaml`);
    const base = await readYaml(local, profileSchema).catch(async (error: unknown) => {
      const shipped = join(shippedFolder, `${name}.yaml`);
      if (shipped === local) throw error;
      return readYaml(shipped, profileSchema);
    });
    found.push(base, ...(await basesOf(base, file, [...above, name])));
  }
  return found;
}

function complete(
  id: string,
  rows: ReadonlyMap<string, RequirementFile>,
  profile: ProfileFile,
  mistakes: Text[],
): Requirement | undefined {
  const wrong = (zh: string, en: string): undefined => {
    mistakes.push({ zh: `${id}：${zh}`, en: `${id}: ${en}` });
    return undefined;
  };
  const row = merged(id, rows, [], wrong);
  if (!row) return undefined;
  const { title, part, occasions: binds } = row;
  if (!title || !part || !binds) return wrong('缺少 title、part 或 occasions', 'title, part or occasions is missing');
  const cites = (row.cites ?? []).filter((cite) => cite.source in profile.sources);
  if (cites.length === 0) return wrong('没有引用本配置 sources 中的条款', 'cites no clause of the profile’s sources');
  const uses = (row.checks ?? []).flatMap((entry) =>
    Object.entries(entry).flatMap(([check, parameters]) => useOf(check, parameters, wrong) ?? []),
  );
  if (uses.length === 0 && !row.attest && !row.awaits?.length)
    return wrong('既无 checks，也无 attest 或 awaits', 'has neither checks nor attest nor awaits');
  return {
    id,
    title,
    part,
    occasions: binds,
    cites,
    basis: row.basis,
    uses,
    awaits: row.awaits ?? [],
    attest: row.attest,
    divisible: row.divisible ?? false,
    remedy: row.remedy,
  };
}

type Wrong = (zh: string, en: string) => undefined;

function merged(
  id: string,
  rows: ReadonlyMap<string, RequirementFile>,
  seen: readonly string[],
  wrong: Wrong,
): RequirementFile | undefined {
  const row = rows.get(id);
  if (!row) return wrong(`is 指向的「${id}」不存在`, `"is" names ${id}, which does not exist`);
  if (row.is === undefined) return row;
  if (seen.includes(row.is)) return wrong('is 成环', '"is" goes in a circle');
  const base = merged(row.is, rows, [...seen, id], wrong);
  return base && { ...base, ...row };
}

function useOf(id: string, parameters: Record<string, unknown>, wrong: Wrong): Use | undefined {
  const check = checksById.get(id);
  if (!check)
    return wrong(
      `没有检查项「${id}」；可用：${[...checksById.keys()].join('、')}`,
      `there is no check ${id}; there are: ${[...checksById.keys()].join(', ')}`,
    );
  const read = check.parameters.safeParse(parameters);
  if (read.success) return { check, parameters: read.data };
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return wrong(`${id} 的参数有误：${problems}`, `parameters of ${id}: ${problems}`);
}
