import { z } from 'zod';
import type { Text } from '../text.ts';
import type { Use } from './profile.ts';

/** What the dates of a check are, and how its parameters limit the time; a check that is not here has no time limit. */
type Timed = {
  readonly what: Text;
  readonly limit: (time: Time) => Text | undefined;
  /** Nothing is done by then: something ends, and another requirement says what to do. */
  readonly isEnd?: true;
};

const timed: Readonly<Record<string, Timed>> = {
  'calendar/filing-window': {
    what: { zh: '申请延续的最后一日', en: 'last day to ask for renewal' },
    limit: (time) =>
      time.rule === 'before'
        ? spanned(time, '届满前 ', '', '', ' before the end')
        : spanned(time, '届满前 ', '内', 'in the last ', ''),
  },
  'calendar/in-force': {
    what: { zh: '接入有效期届满', en: 'validity of access ends' },
    limit: () => undefined,
    isEnd: true,
  },
  'calendar/notice-period': {
    what: { zh: '告知的最后一日', en: 'last day to give notice' },
    limit: (time) => spanned(time, '提前 ', '', '', ' ahead'),
  },
  'calendar/ban': {
    what: { zh: '限制期届满', en: 'ban ends' },
    limit: (time) => spanned(time, '限制 ', '', 'barred ', ''),
    isEnd: true,
  },
  'documents/in-date': {
    what: { zh: '材料有效期届满', en: 'paper expires' },
    limit: (time) => spanned(time, '每 ', '', 'every ', ''),
  },
  'ledgers/on-schedule': {
    what: { zh: '下一次的最后一日', en: 'next one is due' },
    limit: (time) => spanned(time, '每 ', '', 'every ', ''),
  },
  'ledgers/reported-in-time': {
    what: { zh: '办理的最后一日', en: 'last day to do it' },
    limit: (time) => (time.before ? { zh: '事前', en: 'beforehand' } : spanned(time, '', '内', 'within ', '')),
  },
  'ledgers/validity': { what: { zh: '能力有效期届满', en: 'capability expires' }, limit: () => undefined },
  'ledgers/verified': {
    what: { zh: '核验的最后一日', en: 'verification is due' },
    limit: (time) => spanned(time, '每 ', '', 'every ', ''),
  },
};

const months = z.union([z.int(), z.record(z.string(), z.int())]);

/** The parameters that limit time, whatever else a check has. */
const timeSchema = z.object({
  days: z.int().optional(),
  months: months.optional(),
  monthsBy: z.object({ of: months }).optional(),
  rule: z.string().optional(),
  before: z.boolean().optional(),
});

type Time = z.output<typeof timeSchema>;

/** What happens on a date that a check names, in a few words. */
export function whatIsDue(check: string): Text {
  return timed[check]?.what ?? { zh: '期限', en: 'deadline' };
}

/** Whether something is to be done by the dates of a check. */
export function isToDo(check: string): boolean {
  return !timed[check]?.isEnd;
}

/** The time limit that a check's parameters set: `30 天内`; undefined if they set none. */
export function timeLimit({ check, parameters }: Use): Text | undefined {
  const time = timeSchema.safeParse(parameters);
  return time.success ? timed[check.id]?.limit(time.data) : undefined;
}

function spanned(time: Time, zhBefore: string, zhAfter: string, enBefore: string, enAfter: string): Text | undefined {
  const span = spanOf(time);
  return span && { zh: `${zhBefore}${span.zh}${zhAfter}`, en: `${enBefore}${span.en}${enAfter}` };
}

function spanOf({ days, months: given, monthsBy }: Time): Text | undefined {
  if (days !== undefined) return { zh: `${days} 天`, en: days === 1 ? '1 day' : `${days} days` };
  const spans = given ?? monthsBy?.of;
  if (spans === undefined) return undefined;
  const list = typeof spans === 'number' ? [spans] : [...new Set(Object.values(spans))].toSorted((a, b) => a - b);
  const english = new Intl.ListFormat('en', { type: 'disjunction' }).format(list.map(String));
  return { zh: `${list.join('、')} 个月`, en: english === '1' ? '1 month' : `${english} months` };
}
