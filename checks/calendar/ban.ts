import { z } from 'zod';
import { addMonths, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { type Dated, dateMessages, dateOf, dateRemedies, undated } from '../shared/dated-facts.ts';
import { factNamed, formTitles, plainWords } from '../shared/facts.ts';

const messages = {
  barred: {
    zh: '{{exit}} 退出（{{kind}}），至 {{until}} 不得重新申请，未见重新申请',
    en: 'exit on {{exit}} ({{kind}}): no new application until {{until}}, and none is on record',
  },
  reappliedAfter: {
    zh: '{{exit}} 退出（{{kind}}），{{reapplied}} 重新申请，在禁止期（至 {{until}}）之后',
    en: 'exit on {{exit}} ({{kind}}), applied again on {{reapplied}}, after the ban until {{until}}',
  },
  reappliedInside: {
    zh: '{{exit}} 退出（{{kind}}），{{reapplied}} 重新申请，在禁止期（至 {{until}}）之内',
    en: 'exit on {{exit}} ({{kind}}), applied again on {{reapplied}}, inside the ban until {{until}}',
  },
  reappliedAhead: {
    zh: '填报的重新申请日期 {{reapplied}} 晚于评估基准日，尚不能作为依据；禁止期至 {{until}}',
    en: 'the declared new application on {{reapplied}} lies after the as-of date and shows nothing yet; the ban holds until {{until}}',
  },
  reappliedBefore: {
    zh: '填报的重新申请日期 {{reapplied}} 早于退出日期 {{exit}}，不是退出后的申请',
    en: 'the declared new application on {{reapplied}} is older than the exit on {{exit}}',
  },
  exitAhead: {
    zh: '填报的退出日期 {{exit}} 晚于评估基准日，尚不能作为依据',
    en: 'the declared exit on {{exit}} lies after the as-of date and shows nothing yet',
  },
  kindUnknown: {
    zh: '退出方式不明：「{{name}}」申报为{{declared}}，应为{{kinds}}',
    en: 'the manner of exit is unknown: {{name}} is declared as {{declared}}; {{kinds}} is asked',
  },
  noKind: {
    zh: '没有退出方式的有效证据：平台文件未填报「{{name}}」，或未能读取',
    en: 'there is no evidence of the manner of exit: {{name}} is not declared in the platform file, or could not be read',
  },
  ...dateMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** After an exit nobody applied again before the ban was over; how long it is depends on the manner of exit. */
export const check = defineCheck({
  id: 'calendar/ban',
  title: { zh: '退出后的禁止期', en: 'Ban after an exit' },
  about: {
    zh: '以申报的退出日期、退出方式和重新申请日期判定；禁止期自退出日起若干个日历月，最后一日仍在禁止期内。',
    en: 'Judged by the declared exit, its manner, and the date of a new application; the ban is so many calendar months from the exit, its last day included.',
  },
  reads: ['facts'],
  parameters: z.strictObject({
    /** Names of the facts that hold the dates and the manner of exit. */
    exit: z.string(),
    kind: z.string(),
    /** Calendar months by manner of exit. */
    months: z
      .record(z.string(), z.int().positive())
      .refine((record) => Object.keys(record).length > 0, { error: '至少写一种 | at least one is needed' }),
    reapplied: z.string(),
  }),
  messages,
  remedies: {
    reappliedInside: {
      zh: '撤回申请，禁止期届满后再申请',
      en: 'withdraw the application, and apply when the ban is over',
    },
    reappliedAhead: { zh: '申请提出后再填报日期', en: 'declare the date once it is applied for' },
    reappliedBefore: { zh: '对照文书改正日期', en: 'correct the dates against their papers' },
    exitAhead: { zh: '退出后再填报退出日期', en: 'declare the exit once it took place' },
    kindUnknown: { zh: '按文书填报退出方式', en: 'declare the manner of exit as its paper says' },
    noKind: {
      zh: '在平台文件 facts 中填报退出方式，并附文书',
      en: 'declare the manner of exit under facts, with its paper',
    },
    ...dateRemedies,
  },

  judge({ facts }, names, asOf) {
    const exit = dateOf(facts, names.exit);
    const reapplied = dateOf(facts, names.reapplied);
    const kind = kindOf(facts, names.kind, names.months);
    const wrong = undated([exit, 'missing' in reapplied && reapplied.missing ? undefined : reapplied]);
    if ('says' in kind) return [...wrong, kind];
    if (wrong.length > 0 || 'why' in exit) return wrong;
    return [judged(exit, kind, 'why' in reapplied ? undefined : reapplied, asOf)];
  },
});

type Manner = { readonly fact: Seen<Fact>; readonly word: string; readonly months: number };

function kindOf(
  facts: readonly Seen<Fact>[],
  name: string,
  months: Readonly<Record<string, number>>,
): Manner | Finding<Says> {
  const found = factNamed(facts, name);
  if ('none' in found) return unproven('noKind', [], { name }, name);
  if ('differing' in found) return unproven('differing', found.differing, { name });
  const { value } = found.one.value;
  const word = value.type === 'text' ? plainWords(value.text) : undefined;
  const known = Object.entries(months).find(([each]) => plainWords(each) === word);
  if (word !== undefined && known) return { fact: found.one, word, months: known[1] };
  const kinds = Object.keys(months);
  return unproven('kindUnknown', found.one, {
    name,
    declared: value.type === 'text' ? { zh: `「${value.text}」`, en: `“${value.text}”` } : formTitles[value.type],
    kinds: { zh: kinds.map((each) => `「${each}」`).join('或'), en: kinds.join(' or ') },
  });
}

function judged(exit: Dated, kind: Manner, reapplied: Dated | undefined, asOf: PlainDate): Finding<Says> {
  // A period of months ends with the end of the day that corresponds to its first (Civil Code, articles 201 and 202).
  const until = addMonths(exit.date, kind.months);
  const cites = [exit.fact, kind.fact, ...(reapplied ? [reapplied.fact] : [])] as const;
  const data = { exit: exit.date, kind: kind.word, until };
  if (exit.date > asOf) return unproven('exitAhead', cites, data);
  if (!reapplied) return met('barred', cites, data);
  const all = { ...data, reapplied: reapplied.date };
  if (reapplied.date > asOf) return unproven('reappliedAhead', cites, all);
  if (reapplied.date < exit.date) return unproven('reappliedBefore', cites, all);
  return reapplied.date > until ? met('reappliedAfter', cites, all) : unmet('reappliedInside', cites, all);
}
