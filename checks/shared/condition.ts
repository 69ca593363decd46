import { z } from 'zod';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, notApplicable, unproven } from '../check.ts';
import { factNamed, namesText, plainWords } from './facts.ts';

const opposites: ReadonlyMap<string, string> = new Map([
  ['是', '否'],
  ['否', '是'],
  ['有', '无'],
  ['无', '有'],
]);

const part = z
  .strictObject({
    fact: z.string(),
    in: z.array(z.string()).min(1),
    otherwise: z.array(z.string()).min(1).optional(),
  })
  .refine((asked) => wordsOtherwise(asked).length > 0, {
    error: '请用 otherwise 写明何种申报下不适用 | say with otherwise for which words it does not bind',
  });

type Part = { fact: string; in: readonly string[]; otherwise?: readonly string[] | undefined };

/**
 * Binds only where a declared text fact says one of these words: `{ fact: ordered-exit, in: [是] }`. It does not bind where the
 * fact says one of `otherwise` (after 是 and 有 that is 否 and 无); whatever else stands there tells nothing. Of several
 * conditions all must hold.
 */
export const condition = z.union([part, z.array(part).min(1)]);

/** What a check with a condition may say of it. */
export const conditionMessages = {
  doesNotBind: {
    zh: '不适用：已申报「{{fact}}」为「{{value}}」',
    en: 'does not apply: the fact {{fact}} is declared as “{{value}}”',
  },
  conditionUnknown: {
    zh: '是否适用不明：未申报「{{fact}}」，或所填不是以下之一：{{words}}',
    en: 'cannot tell whether it applies: the fact {{fact}} is not declared, or says none of: {{words}}',
  },
} as const satisfies Record<string, Text>;

/** What to do about these. */
export const conditionRemedies = {
  conditionUnknown: {
    zh: '在平台文件 facts 中以 text 申报「{{fact}}」，取值：{{words}}',
    en: 'declare the fact {{fact}} as text under facts of the platform file; one of: {{words}}',
  },
} as const satisfies Partial<Record<keyof typeof conditionMessages, Text>>;

export type ConditionSays = keyof typeof conditionMessages;

/** The finding that ends the matter: it does not bind, or that cannot be told. Undefined where it binds. */
export function unlessBinding(
  facts: readonly Seen<Fact>[],
  when: z.output<typeof condition> | undefined,
): Finding<ConditionSays> | undefined {
  const stops = [when ?? []].flat().flatMap((each) => stopOf(facts, each) ?? []);
  // One that does not bind settles it, whatever the others say.
  return stops.find(({ says }) => says === 'doesNotBind') ?? stops[0];
}

function stopOf(facts: readonly Seen<Fact>[], when: Part): Finding<ConditionSays> | undefined {
  const { fact: name } = when;
  const otherwise = wordsOtherwise(when);
  const found = factNamed(facts, name);
  const value = 'one' in found ? found.one.value.value : undefined;
  const said = value?.type === 'text' ? plainWords(value.text) : undefined;
  if (said !== undefined && when.in.includes(said)) return undefined;
  if ('one' in found && said !== undefined && otherwise.includes(said))
    return notApplicable('doesNotBind', found.one, { fact: name, value: said });
  const cites = 'one' in found ? found.one : 'differing' in found ? found.differing : [];
  return unproven('conditionUnknown', cites, { fact: name, words: namesText([...when.in, ...otherwise]) }, name);
}

function wordsOtherwise({ in: words, otherwise }: Pick<Part, 'in' | 'otherwise'>): readonly string[] {
  return otherwise ?? words.flatMap((word) => opposites.get(word) ?? []);
}
