import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { differingMessage, differingRemedy, factNamed, formTitles, plainWords } from '../shared/facts.ts';

const messages = {
  ...conditionMessages,
  allowed: {
    zh: '{{ratings}}，均在 {{allowed}} 之列',
    en: '{{ratings}}; all among {{allowed}}',
  },
  notAllowed: {
    zh: '{{years}} 年度的级别不在 {{allowed}} 之列（{{ratings}}）',
    en: 'the rating of {{years}} is not among {{allowed}} ({{ratings}})',
  },
  tooFew: {
    zh: '{{ratings}}；{{rating}} 级 {{found}} 年，应不少于 {{times}} 年',
    en: '{{ratings}}; rated {{rating}} in {{found}} of them, at least {{times}} are asked',
  },
  yearsMissing: {
    zh: '缺少 {{years}} 年度的级别；最近公布的 {{count}} 个年度为 {{first}} 至 {{last}}',
    en: 'the rating of {{years}} is missing; the last {{count}} published years are {{first}} to {{last}}',
  },
  noRating: {
    zh: '{{years}} 年度填报的不是级别（{{ratings}}）',
    en: 'what is declared for {{years}} is no rating ({{ratings}})',
  },
  early: {
    zh: '填报的 {{last}} 年度级别一般在次年 {{published}} 月才公布；若尚未公布，则最近 {{count}} 个年度不符合要求',
    en: 'the declared rating of {{last}} is as a rule not out before month {{published}} of the next year; if it is not out yet, the last {{count}} years do not suffice',
  },
  otherForm: { zh: '申报的是{{declared}}，应为信用级别', en: 'declared as {{declared}}; ratings are asked' },
  differing: differingMessage,
  noEvidence: {
    zh: '没有信用级别的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of the ratings: they are not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** The unit's credit rating was good enough in each of the last published years. */
export const check = defineCheck({
  id: 'figures/ratings',
  title: { zh: '纳税信用级别', en: 'Credit ratings' },
  about: {
    zh: '逐年核对最近若干个已公布年度的纳税信用级别；上一年度的级别在公布月份结束后即应填报，此前已填报的也计入；缺少任何一年都不判定为符合。',
    en: 'Looks at the ratings of the last published years one by one; last year’s is asked for once the month in which it comes out is over, and counts before that if it is declared; no year may be missing.',
  },
  reads: ['facts'],
  parameters: z.strictObject({
    fact: z.string(),
    /** How many published years are looked at. */
    years: z.int().positive().meta(stricter.higher),
    allowed: z.array(z.string()).min(1).meta(stricter.fewer),
    /** A rating that must have been reached so many times in the last published years: its own, for `years` may be raised. */
    atLeast: z.strictObject({ rating: z.string(), times: z.int().positive(), years: z.int().positive() }).optional(),
    /** The month of the year by whose end last year's rating is out. */
    published: z.int().min(1).max(12),
    when: condition.optional(),
  }),
  messages,
  remedies: {
    ...conditionRemedies,
    notAllowed: {
      zh: '核实级别；确不符合的，不具备条件',
      en: 'verify the ratings; if they are right, the condition is not met',
    },
    tooFew: {
      zh: '核实级别；确不符合的，不具备条件',
      en: 'verify the ratings; if they are right, the condition is not met',
    },
    yearsMissing: {
      zh: '补报所缺年度的级别，并附评价结果',
      en: 'declare the missing years, with the published result',
    },
    noRating: { zh: '以 A、B、M、C、D 填报', en: 'declare A, B, M, C or D' },
    early: { zh: '级别公布后再填报', en: 'declare the rating once it is out' },
    otherForm: { zh: '以 ratings 逐年填报', en: 'declare it as ratings, year by year' },
    differing: differingRemedy,
    noEvidence: {
      zh: '在平台文件 facts 中逐年填报，并附评价结果',
      en: 'declare them under facts of the platform file, year by year, with the published result',
    },
  },

  judge({ facts }, parameters, asOf) {
    const unbound = unlessBinding(facts, parameters.when);
    if (unbound) return [unbound];
    const found = factNamed(facts, parameters.fact);
    if ('none' in found) return [unproven('noEvidence', [], {}, parameters.fact)];
    if ('differing' in found) return [unproven('differing', found.differing, { name: parameters.fact })];
    const { value } = found.one.value;
    if (value.type !== 'ratings') return [unproven('otherForm', found.one, { declared: formTitles[value.type] })];
    return judged(found.one, ratingsOf(value.ratings), parameters, asOf);
  },
});

type Asked = {
  readonly years: number;
  readonly allowed: readonly string[];
  readonly atLeast?: { readonly rating: string; readonly times: number; readonly years: number } | undefined;
  readonly published: number;
};

type Ratings = ReadonlyMap<number, string>;

function judged(fact: Seen<Fact>, ratings: Ratings, asked: Asked, asOf: PlainDate): Finding<Says>[] {
  const [year, month] = [Number(asOf.slice(0, 4)), Number(asOf.slice(5, 7))];
  const last = month > asked.published || ratings.has(year - 1) ? year - 1 : year - 2;
  const findings = inYears(fact, ratings, asked, last);
  // Before the month in which ratings come out, a rating of last year may be a mere expectation that pushes out a bad one.
  const early = last === year - 1 && month < asked.published && findings.every(({ outcome }) => outcome === 'met');
  if (early && inYears(fact, ratings, asked, last - 1).some(({ outcome }) => outcome === 'unmet'))
    return [unproven('early', fact, { last, published: asked.published, count: asked.years })];
  return findings;
}

function inYears(fact: Seen<Fact>, ratings: Ratings, asked: Asked, last: number): Finding<Says>[] {
  const first = last - asked.years + 1;
  const window = Array.from({ length: asked.years }, (_, index) => first + index);
  const allowed = asked.allowed.map(plainRating);
  const given = window.filter((year) => ratings.has(year));
  const data = { ratings: ratingsText(given, ratings), allowed: listed(allowed) };
  const wrong = given.filter((year) => !allowed.includes(ratings.get(year) ?? ''));
  const bad = wrong.filter((year) => knownRatings.has(ratings.get(year) ?? ''));
  const unread = wrong.filter((year) => !bad.includes(year));
  const missing = window.filter((year) => !ratings.has(year));
  const problems: Finding<Says>[] = [
    ...(bad.length > 0 ? [unmet<Says>('notAllowed', fact, { ...data, years: listed(bad) })] : []),
    ...(unread.length > 0 ? [unproven<Says>('noRating', fact, { ...data, years: listed(unread) })] : []),
    ...(missing.length > 0
      ? [unproven<Says>('yearsMissing', fact, { years: listed(missing), count: asked.years, first, last })]
      : []),
  ];
  if (problems.length > 0) return problems;
  const { rating, times, years } = asked.atLeast ?? { rating: '', times: 0, years: 0 };
  const found = given.filter((year) => year > last - years && ratings.get(year) === plainRating(rating)).length;
  return [found < times ? unmet('tooFew', fact, { ...data, rating, found, times }) : met('allowed', fact, data)];
}

// State Administration notice 2014 no. 40 knows A, B, C, D; notice 2018 no. 8 added M.
const knownRatings: ReadonlySet<string> = new Set(['A', 'B', 'M', 'C', 'D']);

function ratingsOf(ratings: Readonly<Record<string, string>>): Ratings {
  return new Map(Object.entries(ratings).map(([year, rating]) => [Number(year), plainRating(rating)]));
}

/** `A级`, `ａ` and ` A ` are all `A`. */
function plainRating(written: string): string {
  return plainWords(written).replace(/级$/, '').toUpperCase();
}

function ratingsText(years: readonly number[], ratings: Ratings): Text {
  const text = (year: number): string => `${year} ${ratings.get(year) ?? ''}`;
  return listed(years.map(text));
}

function listed(items: readonly (string | number)[]): Text {
  return { zh: items.join('、'), en: items.join(', ') };
}
