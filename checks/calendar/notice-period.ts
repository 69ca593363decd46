import { z } from 'zod';
import { addDays, addMonths, type PlainDate } from '../../src/evidence/dates.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { type Dated, dateMessages, dateOf, dateRemedies, undated } from '../shared/dated-facts.ts';

const messages = {
  inTime: {
    zh: '已于 {{notice}} 告知或备案，不晚于 {{deadline}}（{{event}} 前 {{period}}）',
    en: 'announced or filed on {{notice}}, not later than {{deadline}} ({{period}} before {{event}})',
  },
  late: {
    zh: '{{notice}} 告知或备案，晚于 {{deadline}}（{{event}} 前 {{period}}）',
    en: 'announced or filed on {{notice}}, later than {{deadline}} ({{period}} before {{event}})',
  },
  notGiven: {
    zh: '应不晚于 {{deadline}}（{{event}} 前 {{period}}）告知或备案，至评估基准日未见记录',
    en: 'to be announced or filed by {{deadline}} ({{period}} before {{event}}); at the as-of date nothing is on record',
  },
  open: {
    zh: '尚未见告知或备案记录，期限为 {{deadline}}（{{event}} 前 {{period}}）',
    en: 'nothing is on record yet; it must be announced or filed by {{deadline}} ({{period}} before {{event}})',
  },
  ahead: {
    zh: '填报的告知或备案日期 {{notice}} 晚于评估基准日，尚不能作为依据；期限为 {{deadline}}（{{event}} 前 {{period}}）',
    en: 'the declared date {{notice}} lies after the as-of date and shows nothing yet; the deadline is {{deadline}} ({{period}} before {{event}})',
  },
  ...dateMessages,
  ...conditionMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const period = z.int().positive().optional().meta(stricter.higher);

/** Notice was given a set time before an event. */
export const check = defineCheck({
  id: 'calendar/notice-period',
  title: { zh: '提前告知或备案', en: 'Notice given in time' },
  about: {
    zh: '以申报的事件日期和告知（公示、备案）日期判定：告知不晚于事件日期前若干个日历月或若干日。',
    en: 'Judged by the declared dates of the event and of the notice or filing: not later than so many calendar months, or days, before the event.',
  },
  reads: ['facts'],
  parameters: z
    .strictObject({
      /** Names of the facts that hold the dates. */
      event: z.string(),
      notice: z.string(),
      months: period,
      days: period,
      when: condition.optional(),
    })
    .refine(({ months, days }) => (months === undefined) !== (days === undefined), {
      error: 'months 与 days 写且只写一个 | either months or days is needed, not both',
    }),
  messages,
  remedies: {
    late: { zh: '立即与主管税务机关联系', en: 'contact the competent tax bureau at once' },
    notGiven: {
      zh: '立即告知或备案，并与主管税务机关联系；已办理的，填报日期',
      en: 'announce or file it at once and contact the competent tax bureau; if it was done, declare the date',
    },
    open: {
      zh: '不晚于 {{deadline}} 告知或备案，并填报日期',
      en: 'announce or file it by {{deadline}}, and declare the date',
    },
    ahead: { zh: '办理后再填报日期', en: 'declare the date once it is done' },
    ...dateRemedies,
    ...conditionRemedies,
  },

  judge({ facts }, { months, days, when, ...names }, asOf) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    const event = dateOf(facts, names.event);
    const notice = dateOf(facts, names.notice);
    const wrong = undated([event, 'missing' in notice && notice.missing ? undefined : notice]);
    if (wrong.length > 0 || 'why' in event) return wrong;
    const deadline = months === undefined ? addDays(event.date, -(days ?? 0)) : addMonths(event.date, -months);
    const data = { event: event.date, deadline, period: periodText(months, days) };
    return [judged(event, 'why' in notice ? undefined : notice, data, asOf)];
  },
});

type Limit = { readonly event: PlainDate; readonly deadline: PlainDate; readonly period: Text };

function judged(event: Dated, notice: Dated | undefined, limit: Limit, asOf: PlainDate): Finding<Says> {
  const over = asOf > limit.deadline;
  const cites = [event.fact, ...(notice ? [notice.fact] : [])] as const;
  const open = { ...limit, due: limit.deadline };
  if (!notice) return over ? unmet('notGiven', cites, open) : unproven('open', cites, open);
  const data = { ...limit, notice: notice.date };
  if (notice.date > asOf)
    return over ? unmet('notGiven', cites, { ...data, ...open }) : unproven('ahead', cites, { ...data, ...open });
  return notice.date > limit.deadline ? unmet('late', cites, data) : met('inTime', cites, data);
}

function periodText(months: number | undefined, days: number | undefined): Text {
  return months === undefined
    ? { zh: `${days ?? 0} 日`, en: `${days ?? 0} days` }
    : { zh: `${months} 个月`, en: `${months} months` };
}
