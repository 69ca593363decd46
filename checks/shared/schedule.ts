import { z } from 'zod';
import { ledgerNames, ledgerSpec } from '../../src/evidence/filed/ledger-types.ts';
import { joined, type Text } from '../../src/text.ts';
import { stricter } from '../check.ts';
import { dateColumn, isDateColumn } from './ledger-dates.ts';
import { periodText, type Stretch, stretchText } from './rounds.ts';

const period = z.int().positive();

/** How often rounds of something must be entered in a ledger. */
export const schedule = z
  .strictObject({
    ledger: z.enum(ledgerNames),
    /** The column with the date of each round. */
    on: dateColumn,
    /** Calendar months that may pass between two rounds. */
    months: period.optional().meta(stricter.lower),
    /** The months by what a text fact says, and the paper and its field that must not say otherwise. */
    monthsBy: z
      .strictObject({
        fact: z.string(),
        of: z.record(z.string(), period),
        document: z.string().optional(),
        field: z.string().optional(),
      })
      .refine(({ document, field }) => (document === undefined) === (field === undefined), {
        error: 'document 与 field 须一起写 | document and field go together',
      })
      .optional(),
    /** One in every full calendar month (1) or quarter (3) instead. */
    calendar: z.literal(true).optional(),
    /** Calendar months looked back from the as-of date, not beyond the start of the platform. */
    over: period,
    /** The column of the date by which what a round found was dealt with. */
    done: dateColumn.optional(),
  })
  .refine(({ ledger, on, done }) => isDateColumn(ledger, on) && isDateColumn(ledger, done), {
    error: 'on、done 应为该台账的日期列 | on and done must be columns of dates of this ledger',
  })
  .refine(({ ledger, done }) => !done || 'findings' in ledgerSpec(ledger).columns, {
    error: 'done 只用于有发现数的台账 | done is for ledgers that say how much was found',
  })
  .refine(({ months, monthsBy }) => (months === undefined) !== (monthsBy === undefined), {
    error: 'months 与 monthsBy 写其一 | give either months or monthsBy',
  })
  .refine((asked) => !asked.calendar || periodsOf(asked).every((months) => months === 1 || months === 3), {
    error: 'calendar 只用于 1（月）或 3（季度） | calendar is for 1 (month) or 3 (quarter)',
  })
  // Otherwise no full period need lie in the window, and nothing could be missed.
  .refine((asked) => periodsOf(asked).every((months) => months * (asked.calendar ? 2 : 1) <= asked.over), {
    error: 'over 过短 | over is too short',
  });

export type Schedule = z.output<typeof schedule>;

function periodsOf({
  months,
  monthsBy,
}: {
  months?: number | undefined;
  monthsBy?: { of: Record<string, number> } | undefined;
}): number[] {
  return [...(months === undefined ? [] : [months]), ...Object.values(monthsBy?.of ?? {})];
}

/** What is asked, in words. */
export function rhythmText({ calendar }: Schedule, months: number): Text {
  if (!calendar) return { zh: `间隔不超过 ${months} 个月`, en: `not more than ${months} months apart` };
  return months === 3
    ? { zh: '每个自然季度至少一次', en: 'at least once in every calendar quarter' }
    : { zh: '每个自然月至少一次', en: 'at least once in every calendar month' };
}

const mostNamed = 10;

/** Stretches or periods in words; ten at most, then how many there are. */
export function stretchesText(stretches: readonly Stretch[], { calendar }: Schedule, months: number): Text {
  const named = stretches
    .slice(0, mostNamed)
    .map((each) => (calendar ? periodText(each, months === 3 ? 3 : 1) : stretchText(each)));
  const more: Text = { zh: `等 ${stretches.length} 个期间`, en: `${stretches.length} in all` };
  return joined(stretches.length > mostNamed ? [...named, more] : named, '、', ', ');
}
