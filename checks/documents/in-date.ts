import { z } from 'zod';
import { addMonths, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { type Text, type TextData, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { listed } from '../shared/documents-words.ts';
import { factNamed } from '../shared/facts.ts';
import { compact, excerpt } from '../shared/paper-fields.ts';
import { type Paper, paperMessages, paperRemedies, papersOf } from '../shared/papers.ts';

const messages = {
  inDate: {
    zh: '《{{title}}》在有效期内，至 {{due}}（{{why}}）',
    en: '“{{title}}” is in date until {{due}} ({{why}})',
  },
  noEnd: {
    zh: '《{{title}}》日期为 {{date}}，没有载明有效期届满日',
    en: '“{{title}}” is dated {{date}} and states no end of validity',
  },
  ended: {
    zh: '《{{title}}》已于 {{due}} 届满（{{why}}），早于评估基准日 {{asOf}}',
    en: '“{{title}}” ended on {{due}} ({{why}}), before the as-of date {{asOf}}',
  },
  endsBefore: {
    zh: '《{{title}}》于 {{due}} 届满（{{why}}），应持续有效至「{{fact}}」{{through}}',
    en: '“{{title}}” ends on {{due}} ({{why}}); it must hold until {{through}} ({{fact}})',
  },
  endUnknown: {
    zh: '《{{title}}》没有登记有效期届满日，不能证明持续有效至「{{fact}}」{{through}}',
    en: 'no end of validity is entered for “{{title}}”, so nothing shows that it holds until {{through}} ({{fact}})',
  },
  throughUnknown: {
    zh: '《{{title}}》应持续有效至「{{fact}}」，但未申报该日期，或申报不一致',
    en: '“{{title}}” must hold until the date {{fact}}, which is not declared, or in ways that contradict each other',
  },
  monthsUnknown: {
    zh: '《{{title}}》的有效期由「{{fact}}」决定，但未申报，或申报不一致、不是文字',
    en: 'how long “{{title}}” holds depends on {{fact}}, which is not declared, contradictory, or no text',
  },
  monthsOther: {
    zh: '《{{title}}》的有效期由「{{fact}}」决定，申报的「{{value}}」不在规定之列（{{known}}）',
    en: 'how long “{{title}}” holds depends on {{fact}}; “{{value}}” is none of {{known}}',
  },
  noDates: {
    zh: '《{{title}}》没有登记日期，也没有登记有效期届满日',
    en: 'neither a date nor an end of validity is entered for “{{title}}”',
  },
  noDate: {
    zh: '《{{title}}》没有登记日期，不能判断是否在规定的期限内',
    en: 'no date is entered for “{{title}}”, so its age cannot be judged',
  },
  datedAhead: {
    zh: '《{{title}}》日期为 {{date}}，晚于评估基准日 {{asOf}}',
    en: '“{{title}}” is dated {{date}}, after the as-of date {{asOf}}',
  },
  notYetValid: {
    zh: '《{{title}}》自 {{from}} 起有效，晚于评估基准日 {{asOf}}',
    en: '“{{title}}” holds from {{from}}, after the as-of date {{asOf}}',
  },
  ...paperMessages,
  ...conditionMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const renew: Text = { zh: '重新办理《{{title}}》', en: 'renew “{{title}}”' };

const enterDates: Text = {
  zh: '在平台文件该材料的 date、validUntil 中登记其日期和有效期',
  en: 'enter its date and validUntil in the platform file',
};

const verifyDates: Text = {
  zh: '对照材料核对日期，或以其之后的日期评估',
  en: 'compare the date with the paper, or assess at a later date',
};

/** A paper holds on the as-of date: not too old, not ended, and where asked not ending too soon. */
export const check = defineCheck({
  id: 'documents/in-date',
  title: { zh: '材料在有效期内', en: 'The paper is in date' },
  about: {
    zh: '以材料的日期加规定月数，以及材料载明的有效期届满日，取其早者与评估基准日（以及须持续有效至的日期）比较。',
    en: 'Takes the earlier of the paper’s date plus the months allowed and the end of validity it states, and compares it with the as-of date and the date until which it must hold.',
  },
  reads: ['documents', 'facts'],
  parameters: z
    .strictObject({
      /** The document's id. */
      document: z.string(),
      /** How many months after its date it may be relied on. */
      months: z.int().positive().optional().meta(stricter.lower),
      /** The months by what a text fact says. */
      monthsBy: z
        .strictObject({
          fact: z.string(),
          of: z.record(z.string(), z.int().positive()).refine((of) => Object.keys(of).length > 0),
        })
        .optional(),
      /** The name of a date fact: it must hold until then. */
      through: z.string().optional(),
      when: condition.optional(),
    })
    .refine(({ months, monthsBy }) => months === undefined || monthsBy === undefined, {
      error: 'months 与 monthsBy 只写其一 | give months or monthsBy, not both',
    }),
  messages,
  remedies: {
    ...conditionRemedies,
    ended: renew,
    endsBefore: renew,
    endUnknown: enterDates,
    throughUnknown: { zh: '在平台文件 facts 中申报「{{fact}}」', en: 'declare {{fact}} under facts' },
    monthsUnknown: { zh: '在平台文件 facts 中申报「{{fact}}」', en: 'declare {{fact}} under facts' },
    monthsOther: { zh: '按规定的取值申报「{{fact}}」', en: 'declare {{fact}} as one of the values that are known' },
    noDates: enterDates,
    noDate: enterDates,
    datedAhead: verifyDates,
    notYetValid: verifyDates,
    ...paperRemedies,
  },

  judge({ documents, facts }, { document, months, monthsBy, through, when }, asOf) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    const { papers, shortfalls } = papersOf(documents, document);
    const allowed = monthsBy ? monthsOf(facts, monthsBy) : { months, facts: [] };
    const until = through === undefined ? undefined : throughOf(facts, through);
    return [...shortfalls, ...papers.map((paper) => ofPaper(paper, { allowed, until, asOf }))];
  },
});

/** How long a paper holds, with the facts that say so; or why that is not known. */
type Allowed =
  | { readonly months: number | undefined; readonly facts: readonly Seen<Fact>[] }
  | { readonly says: 'monthsUnknown' | 'monthsOther'; readonly data: TextData; readonly facts: readonly Seen<Fact>[] };

type Until = { readonly name: string; readonly date?: PlainDate; readonly facts: readonly Seen<Fact>[] };

type Asked = { readonly allowed: Allowed; readonly until: Until | undefined; readonly asOf: PlainDate };

type End = { readonly due: PlainDate; readonly why: Text };

function ofPaper(paper: Paper, { allowed, until, asOf }: Asked): Finding<Says> {
  const { title, date, validFrom, validUntil } = paper.value;
  const cites = [paper, ...allowed.facts, ...(until?.facts ?? [])] as const;
  const data = { title, asOf, fact: until?.name ?? '', through: until?.date ?? '' };
  if (date !== undefined && date > asOf) return unproven('datedAhead', paper, { ...data, date });
  if (validFrom !== undefined && validFrom > asOf) return unproven('notYetValid', paper, { ...data, from: validFrom });
  const months = 'months' in allowed ? allowed.months : undefined;
  const end = endOf(date, months, validUntil);
  if (end && end.due < asOf) return unmet('ended', cites, { ...data, ...end });
  if (end && until?.date !== undefined && end.due < until.date) return unmet('endsBefore', cites, { ...data, ...end });
  if ('says' in allowed) return unproven(allowed.says, cites, { title, ...allowed.data });
  if (date === undefined && validUntil === undefined) return unproven('noDates', paper, data);
  if (date === undefined && months !== undefined) return unproven('noDate', paper, data);
  if (until && until.date === undefined) return unproven('throughUnknown', cites, data);
  if (end) return met('inDate', cites, { ...data, ...end });
  return until ? unproven('endUnknown', cites, data) : met('noEnd', cites, { ...data, date: date ?? '' });
}

// The earlier of two ends, as far as they are known.
function endOf(
  date: PlainDate | undefined,
  months: number | undefined,
  validUntil: PlainDate | undefined,
): End | undefined {
  const byAge: End[] =
    date === undefined || months === undefined
      ? []
      : [
          {
            due: addMonths(date, months),
            why: { zh: `${date} 起 ${months} 个月`, en: `${months} months from ${date}` },
          },
        ];
  const stated: End[] =
    validUntil === undefined ? [] : [{ due: validUntil, why: { zh: '载明的届满日', en: 'as it states' } }];
  return [...byAge, ...stated].toSorted((one, other) => (one.due < other.due ? -1 : 1))[0];
}

function monthsOf(
  facts: readonly Seen<Fact>[],
  { fact, of }: { readonly fact: string; readonly of: Readonly<Record<string, number>> },
): Allowed {
  const found = factNamed(facts, fact);
  const one = 'one' in found ? found.one : undefined;
  if (one?.value.value.type !== 'text') return { says: 'monthsUnknown', data: { fact }, facts: one ? [one] : [] };
  const value = compact(one.value.value.text);
  const months = Object.hasOwn(of, value) ? of[value] : undefined;
  if (months !== undefined) return { months, facts: [one] };
  const known = Object.keys(of).map(verbatim);
  return { says: 'monthsOther', data: { fact, value: excerpt(value), known: listed(known) }, facts: [one] };
}

function throughOf(facts: readonly Seen<Fact>[], name: string): Until {
  const found = factNamed(facts, name);
  const one = 'one' in found ? found.one : undefined;
  return one?.value.value.type === 'date' ? { name, date: one.value.value.date, facts: [one] } : { name, facts: [] };
}
