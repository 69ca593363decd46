import { z } from 'zod';
import type { Check } from '../../checks/check.ts';
import { InputError } from '../errors.ts';
import type { PlatformDeclaration } from '../evidence/filed/platform.ts';
import { isAtLeast } from '../evidence/money.ts';
import { decimal } from '../evidence/schemas.ts';
import type { Text } from '../text.ts';
import type { Change, Profile, Requirement, Use } from './profile.ts';

/** Stricter thresholds as a platform file gives them: by requirement, check and parameter. */
type Tightened = NonNullable<PlatformDeclaration['tightened']>;

/**
 * The profile with the unit's own stricter thresholds. A platform file may move a threshold the way its check calls stricter,
 * never the other: throws {@link InputError} that names requirement, clause, the profile's value and the one refused.
 * Rows that the profile does not have are left alone, for one platform file may serve several profiles.
 */
export function tighten(profile: Profile, tightened: Tightened | undefined): Profile {
  if (!tightened) return profile;
  const requirements = profile.requirements.map((requirement) => {
    const asked = Object.hasOwn(tightened, requirement.id) ? tightened[requirement.id] : undefined;
    return asked ? tightenedRow(requirement, asked) : requirement;
  });
  return { ...profile, requirements };
}

/** Requirements that a platform file tightens and the profile does not have: misspelt, if it is the platform's own profile. */
export function unknownRows(profile: Profile, tightened: Tightened | undefined): string[] {
  const known = new Set(profile.requirements.map(({ id }) => id));
  return Object.keys(tightened ?? {}).filter((id) => !known.has(id));
}

function tightenedRow(requirement: Requirement, asked: Tightened[string]): Requirement {
  let uses = requirement.uses;
  const changes: Change[] = [];
  for (const [id, parameters] of Object.entries(asked)) {
    if (!uses.some(({ check }) => check.id === id)) throw refusal(requirement, id, noSuchCheck(uses));
    uses = uses.map((use) => (use.check.id === id ? tightenedUse(requirement, use, parameters, changes) : use));
  }
  return { ...requirement, uses, tightened: changes };
}

function tightenedUse(
  requirement: Requirement,
  { check, parameters }: Use,
  asked: Tightened[string][string],
  changes: Change[],
): Use {
  const given = { ...parameters };
  for (const [parameter, written] of Object.entries(asked)) {
    const at = `${check.id}.${parameter}`;
    const from = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    // Money is kept as text; a bare number in YAML means the same.
    const to = typeof from === 'string' && typeof written === 'number' ? String(written) : written;
    const way = wayOf(check, parameter);
    if (way === undefined || from === undefined) throw refusal(requirement, at, notAThreshold);
    if (!isStricter(way, from, to)) throw refusal(requirement, at, looser(way, from, to));
    given[parameter] = to;
    changes.push({ check: check.id, parameter, from, to });
  }
  const read = check.parameters.safeParse(given);
  if (!read.success) throw refusal(requirement, check.id, unreadable(z.prettifyError(read.error)));
  return { check, parameters: read.data };
}

const ways = z.enum(['higher', 'lower', 'fewer']);

type Way = z.output<typeof ways>;

// What a parameter's schema says of itself, wherever in `.optional()` and `.default()` it says so.
function wayOf(check: Check, parameter: string): Way | undefined {
  const { shape } = check.parameters;
  let schema: unknown = Object.hasOwn(shape, parameter) ? shape[parameter] : undefined;
  while (schema instanceof z.ZodType) {
    const way = ways.safeParse(schema.meta()?.stricter);
    if (way.success) return way.data;
    schema = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : undefined;
  }
  return undefined;
}

function isStricter(way: Way, from: unknown, to: unknown): boolean {
  if (way === 'fewer')
    return Array.isArray(from) && Array.isArray(to) && to.length > 0 && to.every((each) => from.includes(each));
  const [old, asked] = [from, to].map((value) => decimal.safeParse(String(value)).data);
  if (old === undefined || asked === undefined || typeof from !== typeof to) return false;
  return way === 'higher' ? isAtLeast(asked, old) : isAtLeast(old, asked);
}

function refusal({ id, cites }: Requirement, at: string, why: Text): InputError {
  const clause = cites.map((cite) => `${cite.source} ${cite.clause}`).join(', ');
  return new InputError({
    zh: `平台文件 tightened.${id}（${clause}）的 ${at}：${why.zh}`,
    en: `platform file, tightened.${id} (${clause}), ${at}: ${why.en}`,
  });
}

const notAThreshold: Text = {
  zh: '规范配置在此没有可以收紧的限值',
  en: 'the profile has no threshold here that may be tightened',
};

function noSuchCheck(uses: readonly Use[]): Text {
  const ids = uses.map(({ check }) => check.id);
  return {
    zh: `该要求项没有这个检查项；有：${ids.join('、') || '无'}`,
    en: `this requirement has no such check; it has: ${ids.join(', ') || 'none'}`,
  };
}

const wayTexts: Readonly<Record<Way, Text>> = {
  higher: { zh: '不得低于', en: 'it may not be below' },
  lower: { zh: '不得高于', en: 'it may not be above' },
  fewer: { zh: '只能从中减少', en: 'it may only leave out some of' },
};

function looser(way: Way, from: unknown, to: unknown): Text {
  const [old, asked] = [JSON.stringify(from), JSON.stringify(to)];
  return {
    zh: `限值只能收紧，不能放宽：${wayTexts[way].zh} ${old}，却写作 ${asked}`,
    en: `a threshold may be tightened, never loosened: ${wayTexts[way].en} ${old}, and ${asked} is given`,
  };
}

function unreadable(problem: string): Text {
  return { zh: `取值不合要求：${problem}`, en: `not a possible value: ${problem}` };
}
