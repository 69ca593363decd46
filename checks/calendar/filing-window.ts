import { z } from 'zod';
import { addMonths, daysBetween, type PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import {
  type Dated,
  dateMessages,
  dateOf,
  dateRemedies,
  termMessages,
  termProblem,
  termRemedies,
  undated,
} from '../shared/dated-facts.ts';

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
  filedBefore: {
    zh: '已于 {{filed}} 提出申请，不晚于 {{last}}（{{end}} 届满前 {{months}} 个月）',
    en: 'asked for on {{filed}}, not later than {{last}} ({{months}} months before the end on {{end}})',
  },
  filedLate: {
    zh: '{{filed}} 提出申请，晚于 {{last}}（{{end}} 届满前 {{months}} 个月）',
    en: 'asked for on {{filed}}, later than {{last}} ({{months}} months before the end on {{end}})',
  },
  filedForEarlierTerm: {
    zh: '{{filed}} 提出的申请早于本期起始日 {{start}}，不是就本期届满（{{end}}）提出的',
    en: 'what was asked for on {{filed}} is older than the start of this term on {{start}}, and not about its end on {{end}}',
  },
  filedLongBefore: {
    zh: '{{filed}} 提出的申请早于 {{end}} 届满前 {{earliest}} 个月，不能确定是就本期届满提出的',
    en: 'what was asked for on {{filed}} is more than {{earliest}} months older than the end on {{end}}, and need not be about it',
  },
  stillInTime: {
    zh: '尚未申请：不晚于 {{last}}（{{end}} 届满前 {{months}} 个月）申请即为按时，还有 {{left}} 天',
    en: 'not asked for yet: until {{last}} ({{months}} months before the end on {{end}}) it is in time; {{left}} days are left',
  },
  overdue: {
    zh: '应不晚于 {{last}}（{{end}} 届满前 {{months}} 个月）提出申请，未见申请记录',
    en: 'it was to be asked for by {{last}} ({{months}} months before the end on {{end}}), and no filing is on record',
  },
  ...termMessages,
  ...dateMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A renewal is asked for inside the last calendar months of the validity, or at least so many before its end; or still can be. */
export const check = defineCheck({
  id: 'calendar/filing-window',
  title: { zh: '在申请期内提出', en: 'Asked for inside the window' },
  about: {
    zh: '以申报的起始日、届满日和申请日判定。届满日取自确认文书；规定了每期年限的，须为起始日加整数个有效期（当日或前一日）。申请期为届满前的若干个日历月之内（within），或须早于届满日若干个日历月（before）。',
    en: 'Judged by the declared dates of start, end and filing. The end is taken from the confirmation; where terms have a length it must be a whole number of them after the start (the same day or the day before). The window is the last calendar months before the end (within), or ends that many calendar months before it (before).',
  },
  reads: ['facts'],
  parameters: z
    .strictObject({
      /** Names of the facts that hold the dates. */
      start: z.string().optional(),
      end: z.string(),
      filed: z.string(),
      /** Length of one term. */
      years: z.int().positive().optional(),
      /** Calendar months before the end. */
      months: z.int().positive(),
      /** What was asked for more calendar months than these before the end is not taken to be about it. */
      earliest: z.int().positive().optional(),
      /** `within`: inside the months before the end; `before`: not later than they begin. */
      rule: z.enum(['within', 'before']).default('within'),
    })
    .refine(({ start, years }) => years === undefined || start !== undefined, {
      error: 'years 须与 start 一起写 | years needs start',
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
    filedLate: { zh: '立即与主管税务机关联系', en: 'contact the competent tax bureau at once' },
    filedForEarlierTerm: {
      zh: '填报就本期届满提出申请的日期',
      en: 'declare when it was asked for at the end of this term',
    },
    filedLongBefore: {
      zh: '填报就本期届满提出申请的日期',
      en: 'declare when it was asked for at the end of this term',
    },
    overdue: {
      zh: '立即提出申请并与主管税务机关联系；已申请的，填报申请日期',
      en: 'ask at once and contact the competent tax bureau; if it was asked for, declare the date',
    },
    ...termRemedies,
    ...dateRemedies,
  },

  judge({ facts }, { rule, months, years, earliest, ...names }, asOf) {
    const start = names.start === undefined ? undefined : dateOf(facts, names.start);
    const end = dateOf(facts, names.end);
    const filed = dateOf(facts, names.filed);
    const wrong = undated([start, end, 'missing' in filed && filed.missing ? undefined : filed]);
    if (wrong.length > 0 || 'why' in end || (start && 'why' in start)) return wrong;
    const problem = start && termProblem(start, end, years);
    if (problem) return [problem];
    const asked = 'why' in filed ? undefined : filed;
    const began = beganOn(start?.date, end.date, years);
    const term = { end: end.date, began, months, cites: [end.fact, ...(start ? [start.fact] : [])] as const };
    const due = rule === 'within' ? end.date : addMonths(end.date, -months);
    const stale = asked && asked.date <= asOf ? staleFiling({ ...term, due }, asked, earliest) : undefined;
    return [stale ?? (rule === 'within' ? within(term, asked, asOf) : before(term, asked, asOf))];
  },
});

type Term = {
  readonly end: PlainDate;
  /** The first day of the term that ends, as far as it is known. */
  readonly began: PlainDate | undefined;
  readonly months: number;
  readonly cites: readonly [Seen<Fact>, ...Seen<Fact>[]];
};

// The start may be that of the first of several terms.
function beganOn(start: PlainDate | undefined, end: PlainDate, years: number | undefined): PlainDate | undefined {
  if (start === undefined || years === undefined) return start;
  const last = addMonths(end, -12 * years);
  return last > start ? last : start;
}

// A date that was left in the file from the renewal before proves nothing of this one.
function staleFiling(
  { end, began, due, cites }: Term & { readonly due: PlainDate },
  { date, fact }: Dated,
  earliest: number | undefined,
): Finding<Says> | undefined {
  const data = { filed: date, end, due };
  if (began !== undefined && date < began)
    return unproven('filedForEarlierTerm', [...cites, fact], { ...data, start: began });
  if (earliest !== undefined && date < addMonths(end, -earliest))
    return unproven('filedLongBefore', [...cites, fact], { ...data, earliest });
  return undefined;
}

function within({ end, months, cites }: Term, asked: Dated | undefined, asOf: PlainDate): Finding<Says> {
  const opens = addMonths(end, -months);
  const window = { opens, end };
  // Past it as well: what was not asked for is overdue.
  const due = { due: end };
  if (!asked) {
    if (asOf > end) return unmet('lapsed', cites, { ...window, ...due });
    if (asOf < opens) return unproven('notOpenYet', cites, { ...window, ...due, left: daysBetween(asOf, opens) });
    return met('open', cites, { ...window, ...due, left: daysBetween(asOf, end) });
  }
  const all = [...cites, asked.fact] as const;
  const data = { filed: asked.date, ...window };
  if (asked.date > asOf) return unproven('filedAhead', all, { ...data, ...due });
  if (asked.date < opens) return unmet('filedTooEarly', all, { ...data, ...due });
  return asked.date > end ? unmet('filedTooLate', all, data) : met('filedInTime', all, data);
}

function before({ end, months, cites }: Term, asked: Dated | undefined, asOf: PlainDate): Finding<Says> {
  const last = addMonths(end, -months);
  const limit = { last, end, months };
  const inTime = asOf <= last && asOf <= end;
  const due = { due: last };
  if (!asked) {
    if (!inTime) return unmet('overdue', cites, { ...limit, ...due });
    return met('stillInTime', cites, { ...limit, ...due, left: daysBetween(asOf, last) });
  }
  const all = [...cites, asked.fact] as const;
  const data = { filed: asked.date, ...limit };
  if (asked.date > asOf) return unproven('filedAhead', all, { ...data, ...due });
  return asked.date > last || asked.date > end ? unmet('filedLate', all, data) : met('filedBefore', all, data);
}
