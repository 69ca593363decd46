import { z } from 'zod';
import { addDays, addMonths, daysBetween, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';

const messages = {
  filedInTime: {
    zh: '已于 {{filed}} 提出申请，在 {{opens}} 至 {{end}} 的申请期内',
    en: 'asked for on {{filed}}, inside the window {{opens}} to {{end}}',
  },
  filedTooEarly: {
    zh: '{{filed}} 提出申请，早于申请期（{{opens}} 至 {{end}}）',
    en: 'asked for on {{filed}}, before the window {{opens}} to {{end}}',
  },
  filedTooLate: {
    zh: '{{filed}} 提出申请，晚于有效期届满日 {{end}}（申请期自 {{opens}} 起）',
    en: 'asked for on {{filed}}, after the validity ended on {{end}} (the window opened on {{opens}})',
  },
  filedAhead: {
    zh: '填报的申请日期 {{filed}} 晚于评估基准日，尚不能作为依据',
    en: 'the declared filing date {{filed}} lies after the as-of date and shows nothing yet',
  },
  open: {
    zh: '申请期内（{{opens}} 至 {{end}}）：当日申请即为按时，距届满还有 {{left}} 天',
    en: 'the window {{opens}} to {{end}} is open: filing today is in time; {{left}} days are left',
  },
  notOpenYet: {
    zh: '申请期尚未开始：{{opens}} 起可申请，{{end}} 届满，距开始还有 {{left}} 天',
    en: 'the window is not open yet: it opens on {{opens}}, in {{left}} days, and closes on {{end}}',
  },
  lapsed: {
    zh: '有效期已于 {{end}} 届满，未见申请记录（申请期自 {{opens}} 起）',
    en: 'the validity ended on {{end}} and no filing is on record (the window opened on {{opens}})',
  },
  disagree: {
    zh: '起始日 {{start}} 与届满日 {{end}} 不一致：每期 {{years}} 年，届满日应为 {{expected}} 或其前一日',
    en: 'start {{start}} and end {{end}} disagree: with terms of {{years}} years the next possible end is {{expected}} or the day before',
  },
  notADate: { zh: '该数据不是日期', en: 'this fact is no date' },
  noEvidence: {
    zh: '没有该日期的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of this date: it is not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A renewal is asked for inside the last calendar months of the validity, or still can be. */
export const check = defineCheck({
  id: 'calendar/filing-window',
  title: { zh: '在申请期内提出', en: 'Asked for inside the window' },
  about: {
    zh: '以申报的起始日、届满日和申请日判定；届满日取自确认文书，须为起始日加整数个有效期（当日或前一日），申请期为届满前的若干个日历月。',
    en: 'Judged by the declared dates of start, end and filing; the end is taken from the confirmation and must be a whole number of terms after the start (the same day or the day before); the window is the last calendar months before it.',
  },
  reads: ['facts'],
  parameters: z.strictObject({
    /** Names of the facts that hold the dates. */
    start: z.string(),
    end: z.string(),
    filed: z.string(),
    /** Length of one term. */
    years: z.int().positive(),
    /** Length of the window before the end. */
    months: z.int().positive(),
  }),
  messages,
  remedies: {
    filedTooEarly: { zh: '在申请期内重新提出申请', en: 'ask again inside the window' },
    filedTooLate: { zh: '立即与主管税务机关联系', en: 'contact the competent tax bureau at once' },
    filedAhead: { zh: '申请提出后再填报申请日期', en: 'declare the filing date once it is filed' },
    notOpenYet: { zh: '在 {{opens}} 至 {{end}} 之间提出申请', en: 'ask between {{opens}} and {{end}}' },
    lapsed: {
      zh: '立即与主管税务机关联系；已申请的，填报申请日期',
      en: 'contact the competent tax bureau at once; if it was asked for, declare the date',
    },
    disagree: { zh: '对照确认文书改正起始日或届满日', en: 'correct start or end against the confirmation' },
    notADate: { zh: '以 date 填报该数据', en: 'declare the fact as a date' },
    noEvidence: {
      zh: '在平台文件 facts 中填报该日期，并附文书',
      en: 'declare the date under facts of the platform file, with its paper',
    },
  },

  judge({ facts }, parameters, asOf) {
    const start = dateOf(facts, parameters.start);
    const end = dateOf(facts, parameters.end);
    const filed = dateOf(facts, parameters.filed);
    const notDates = [start, end, filed].flatMap((each) =>
      'wrong' in each ? [unproven<Says>('notADate', each.wrong)] : [],
    );
    const missing = [start, end].flatMap((each) =>
      'missing' in each ? [unproven<Says>('noEvidence', [], {}, each.missing)] : [],
    );
    if (!('fact' in start) || !('fact' in end) || 'wrong' in filed) return [...missing, ...notDates];
    const expected = nearestEnd(start.date, end.date, parameters.years);
    if (end.date !== expected && end.date !== addDays(expected, -1))
      return [
        unproven('disagree', [end.fact, start.fact], {
          start: start.date,
          end: end.date,
          years: parameters.years,
          expected,
        }),
      ];
    const opens = addMonths(end.date, -parameters.months);
    const term: Term = { opens, end: end.date, cites: [end.fact, start.fact] };
    return ['fact' in filed ? filedOn(filed.date, filed.fact, term, asOf) : notFiled(term, asOf)];
  },
});

type Dated = { fact: Seen<Fact>; date: PlainDate } | { wrong: Seen<Fact> } | { missing: string };

type Term = {
  readonly opens: PlainDate;
  readonly end: PlainDate;
  readonly cites: readonly [Seen<Fact>, ...Seen<Fact>[]];
};

function dateOf(facts: readonly Seen<Fact>[], name: string): Dated {
  const fact = facts.find((each) => each.value.name === name);
  if (!fact) return { missing: name };
  const { value } = fact.value;
  return value.type === 'date' ? { fact, date: value.date } : { wrong: fact };
}

// The first end of a term that is not before the declared one; at least one term after the start.
function nearestEnd(start: PlainDate, end: PlainDate, years: number): PlainDate {
  const whole = Math.floor((Number(end.slice(0, 4)) - Number(start.slice(0, 4))) / years);
  const terms = Math.max(1, whole);
  const first = addMonths(start, 12 * years * terms);
  return first < end ? addMonths(start, 12 * years * (terms + 1)) : first;
}

function filedOn(filed: PlainDate, fact: Seen<Fact>, { opens, end, cites }: Term, asOf: PlainDate): Finding<Says> {
  const all = [...cites, fact] as const;
  const data = { filed, opens, end };
  if (filed > asOf) return unproven('filedAhead', all, data);
  if (filed < opens) return unmet('filedTooEarly', all, data);
  return filed > end ? unmet('filedTooLate', all, data) : met('filedInTime', all, data);
}

function notFiled({ opens, end, cites }: Term, asOf: PlainDate): Finding<Says> {
  if (asOf < opens) return unproven('notOpenYet', cites, { opens, end, left: daysBetween(asOf, opens) });
  if (asOf > end) return unmet('lapsed', cites, { opens, end });
  return met('open', cites, { opens, end, left: daysBetween(asOf, end) });
}
