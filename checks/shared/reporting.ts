import { z } from 'zod';
import { type LedgerType, ledgerNames, ledgerSpec } from '../../src/evidence/filed/ledger-types.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { joined, type Text } from '../../src/text.ts';
import { stricter } from '../check.ts';
import { columnTitle, dateColumn, isDateColumn } from './ledger-dates.ts';

const words = z.array(z.string()).min(1).optional();

/** What must follow what in a ledger, and how soon. */
export const reporting = z
  .strictObject({
    ledger: z.enum(ledgerNames),
    /** The column of the date that starts the period; an entry without it has nothing to report. */
    from: dateColumn,
    /** The column of the date by which it was done. */
    to: dateColumn,
    /** Days, or calendar months, after `from`. */
    days: z.int().nonnegative().optional().meta(stricter.lower),
    months: z.int().positive().optional().meta(stricter.lower),
    /** The column of a last day that the entry itself states; whichever is earlier counts. */
    due: dateColumn.optional(),
    /** `to` must lie on or before `from` instead. */
    before: z.literal(true).optional(),
    /** Only entries of these kinds, with these measures, of these parties. */
    kinds: words,
    measures: words,
    parties: words,
    /** Calendar months that the ledger must reach back; `start`: to the start of the platform, for what has been in force since. */
    over: z.union([z.int().positive(), z.literal('start')]).optional(),
  })
  .refine(({ ledger, from, to, due }) => [from, to, due].every((column) => isDateColumn(ledger, column)), {
    error: 'from、to、due 应为该台账的日期列 | from, to and due must be columns of dates of this ledger',
  })
  .refine(({ before, days, months, due }) => !before || [days, months, due].every((limit) => limit === undefined), {
    error: 'before 不与 days、months、due 同用 | before goes with none of days, months, due',
  })
  .refine((asked) => filtersOf(asked).every(({ column, words }) => areChoices(asked.ledger, column, words)), {
    error: 'kinds、measures、parties 应为该台账的选项 | kinds, measures and parties must be choices of this ledger',
  });

export type Reporting = z.output<typeof reporting>;

/** Picks entries by one of their columns. */
type Filter = { readonly column: 'kind' | 'measure' | 'party'; readonly words: readonly string[] };

type Words = { readonly [Each in 'kinds' | 'measures' | 'parties']?: readonly string[] | undefined };

function filtersOf({ kinds, measures, parties }: Words): Filter[] {
  return [
    ...(kinds ? [{ column: 'kind', words: kinds } as const] : []),
    ...(measures ? [{ column: 'measure', words: measures } as const] : []),
    ...(parties ? [{ column: 'party', words: parties } as const] : []),
  ];
}

function choicesOf(of: LedgerType, column: string): string[] {
  return Object.keys(ledgerSpec(of).columns[column]?.choices ?? {}).filter((choice) => choice !== 'unknown');
}

function areChoices(of: LedgerType, column: string, words: readonly string[]): boolean {
  const choices = choicesOf(of, column);
  return words.every((word) => choices.includes(word));
}

/** Whether an entry is asked about; `maybe`, where its kind, measure or party is not known. */
export function picker(asked: Reporting): (entry: Entry) => 'yes' | 'no' | 'maybe' {
  const filters = filtersOf(asked).map(({ column, words }) => ({
    column,
    words: new Set(words),
    known: new Set(choicesOf(asked.ledger, column)),
  }));
  return (entry) => {
    let answer: 'yes' | 'maybe' = 'yes';
    for (const { column, words, known } of filters) {
      const cell = entry[column];
      if (cell === undefined || !known.has(cell)) answer = 'maybe';
      else if (!words.has(cell)) return 'no';
    }
    return answer;
  };
}

/** The limit in words: `10 日内`. */
export function limitText({ ledger, from, days, months, due, before }: Reporting): Text {
  const limits: (Text | false | undefined)[] = [
    before && { zh: `不晚于${columnTitle(ledger, from).zh}`, en: `not after “${columnTitle(ledger, from).en}”` },
    days !== undefined && { zh: `${days} 日内`, en: `within ${days} days` },
    months !== undefined && { zh: `${months} 个月内`, en: `within ${months} months` },
    due && { zh: `不晚于${columnTitle(ledger, due).zh}`, en: `not after “${columnTitle(ledger, due).en}”` },
  ];
  const stated = limits.flatMap((limit) => limit || []);
  return stated.length > 0 ? joined(stated, '、', ' and ') : { zh: '未规定天数', en: 'no number of days is set' };
}
