import { z } from 'zod';
import { addMonths, daysBetween } from '../../src/evidence/dates.ts';
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
import { backingOf } from '../shared/papers.ts';

/** The as-of date lies inside a declared period, and the period is as long as its terms are. */
export const check = defineCheck({
  id: 'calendar/in-force',
  title: { zh: '在有效期内', en: 'In force' },
  about: {
    zh: '以申报的起始日和届满日判定评估基准日是否在有效期内（含首尾两日）；规定了每期年限的，届满日须为起始日加整数个有效期（当日或前一日），首期之后的须持有延续的确认文书。',
    en: 'Judges by the declared start and end whether the as-of date lies inside the validity, both days included; where terms have a length, the end must be a whole number of them after the start (the same day or the day before), and terms after the first need the paper that grants them.',
  },
  reads: ['facts', 'documents'],
  parameters: z.strictObject({
    /** Names of the facts that hold the dates. */
    start: z.string(),
    end: z.string(),
    /** Length of one term. */
    years: z.int().positive().optional(),
    /** The id of the paper that grants the terms after the first. */
    extension: z.string().optional(),
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
    notExtended: {
      zh: '有效期 {{start}} 至 {{end}} 超过首期 {{years}} 年，延续的确认文书（{{document}}）未持有，或没有有效证据',
      en: 'the validity from {{start}} to {{end}} is longer than the first term of {{years}} years, and the paper that extends it ({{document}}) is not held, or not known of',
    },
    ...termMessages,
    ...dateMessages,
  },
  remedies: {
    ended: {
      zh: '立即与主管税务机关联系；已延续的，填报新的届满日并附文书',
      en: 'contact the competent tax bureau at once; if it was extended, declare the new end with its paper',
    },
    notExtended: {
      zh: '取得延续的确认文书，并列入平台文件',
      en: 'obtain the paper that extends it, and list it in the platform file',
    },
    notBegun: { zh: '填报本期的起始日', en: 'declare the start of the present period' },
    ...termRemedies,
    ...dateRemedies,
  },

  judge({ facts, documents }, { years, extension, ...names }, asOf) {
    const start = dateOf(facts, names.start);
    const end = dateOf(facts, names.end);
    if ('why' in start || 'why' in end) return undated([start, end]);
    const problem = termProblem(start, end, years);
    if (problem) return [problem];
    const cites = [end.fact, start.fact] as const;
    const data = { start: start.date, end: end.date };
    if (asOf < start.date) return [unproven('notBegun', cites, data)];
    if (asOf > end.date) return [unmet('ended', cites, { ...data, due: end.date })];
    const isExtended = years !== undefined && end.date > addMonths(start.date, 12 * years);
    const { state, papers } = backingOf(documents, extension ?? '', asOf);
    if (isExtended && extension !== undefined && state !== 'held')
      return [unproven('notExtended', [...cites, ...papers], { ...data, years, document: extension })];
    return [
      met('inForce', isExtended ? [...cites, ...papers] : cites, {
        ...data,
        left: daysBetween(asOf, end.date),
        due: end.date,
      }),
    ];
  },
});
