import { z } from 'zod';
import { daysBetween } from '../../src/evidence/dates.ts';
import { defineCheck, met, unmet, unproven } from '../check.ts';
import {
  dateMessages,
  dateOf,
  dateRemedies,
  termMessages,
  termProblem,
  termRemedies,
  undated,
} from '../shared/dated-facts.ts';

/** The as-of date lies inside a declared period, and the period is as long as its terms are. */
export const check = defineCheck({
  id: 'calendar/in-force',
  title: { zh: '在有效期内', en: 'In force' },
  about: {
    zh: '以申报的起始日和届满日判定评估基准日是否在有效期内（含首尾两日）；规定了每期年限的，届满日须为起始日加整数个有效期（当日或前一日）。',
    en: 'Judges by the declared start and end whether the as-of date lies inside the validity, both days included; where terms have a length, the end must be a whole number of them after the start (the same day or the day before).',
  },
  reads: ['facts'],
  parameters: z.strictObject({
    /** Names of the facts that hold the dates. */
    start: z.string(),
    end: z.string(),
    /** Length of one term. */
    years: z.int().positive().optional(),
  }),
  messages: {
    inForce: {
      zh: '有效期 {{start}} 至 {{end}}，距届满还有 {{left}} 天',
      en: 'valid from {{start}} to {{end}}; {{left}} days are left',
    },
    ended: { zh: '有效期已于 {{end}} 届满（自 {{start}} 起）', en: 'the validity from {{start}} ended on {{end}}' },
    notBegun: {
      zh: '填报的起始日 {{start}} 晚于评估基准日，尚不能作为依据',
      en: 'the declared start {{start}} lies after the as-of date and shows nothing yet',
    },
    ...termMessages,
    ...dateMessages,
  },
  remedies: {
    ended: {
      zh: '立即与主管税务机关联系；已延续的，填报新的届满日并附文书',
      en: 'contact the competent tax bureau at once; if it was extended, declare the new end with its paper',
    },
    notBegun: { zh: '填报本期的起始日', en: 'declare the start of the present period' },
    ...termRemedies,
    ...dateRemedies,
  },

  judge({ facts }, names, asOf) {
    const start = dateOf(facts, names.start);
    const end = dateOf(facts, names.end);
    if ('why' in start || 'why' in end) return undated([start, end]);
    const problem = termProblem(start, end, names.years);
    if (problem) return [problem];
    const cites = [end.fact, start.fact] as const;
    const data = { start: start.date, end: end.date };
    if (asOf < start.date) return [unproven('notBegun', cites, data)];
    if (asOf > end.date) return [unmet('ended', cites, { ...data, due: end.date })];
    return [met('inForce', cites, { ...data, left: daysBetween(asOf, end.date), due: end.date })];
  },
});
