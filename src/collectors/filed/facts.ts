import type { Fact } from '../../evidence/filed/facts.ts';
import { type BaseUnit, figureOf, type WrittenUnit } from '../../evidence/money.ts';
import type { DeclaredFact, Platform } from '../../platform.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { monthlyFigures, monthlyHead } from './fact-table.ts';
import { readFiledTable, type TableSource } from './filed-table.ts';
import { paperLink } from './paper.ts';
import { maskedName } from './persons.ts';
import { tidy } from './tables/cells.ts';

/** Declared figures, series, ratings, dates and names: money in exact yuan, with the hash of the paper they are taken from. */
export const facts = defineCollector({
  id: 'filed/facts',
  kind: 'facts',
  subjects: (platform) => platform.facts.map((fact) => fact.name),
  collect: async (subject, { platform, signal }) => {
    const fact = platform.facts.find((each) => each.name === subject);
    if (!fact) throw new Unavailable('not-declared', subject);
    const { written, file } = await writtenOf(fact, platform, signal);
    const document = fact.document === undefined ? undefined : await paperLink(platform, fact.document, signal);
    const value: Fact = {
      name: fact.name,
      value: factValue(written),
      declared: declaredText(written),
      ...(document ? { document } : {}),
      ...(file ? { file } : {}),
    };
    return { value, method: methodOf(value) };
  },
});

function methodOf({ file, document }: Fact): string {
  return [
    'platform file: facts',
    ...(file ? [`SHA-256 and table of ${file.path}`] : []),
    ...(document ? [`SHA-256 of paper ${document.id}`] : []),
  ].join('; ');
}

type Monthly = Extract<DeclaredFact, { monthly: unknown }>;
type Series = Record<string, string>;

/** A fact whose figures are all there, wherever they were written. */
type Written = Exclude<DeclaredFact, Monthly> | (Omit<Monthly, 'monthly'> & { readonly monthly: Series });

async function writtenOf(
  fact: DeclaredFact,
  platform: Platform,
  signal: AbortSignal,
): Promise<{ written: Written; file?: Fact['file'] }> {
  if (!('monthly' in fact)) return { written: fact };
  const { monthly, unit } = fact;
  if (!isTableSource(monthly)) return { written: { ...fact, monthly } };
  const head = monthlyHead();
  const filed = await readFiledTable(platform, monthly, head, signal);
  const isFigure = (written: string): boolean => figureOf(written, unit) !== undefined;
  const months = monthlyFigures(filed, unit, head.unitAbove(), isFigure);
  const { path, sha256, table } = filed;
  const file = { path, ...(table.sheet === undefined ? {} : { sheet: table.sheet }), sha256 };
  return { written: { ...fact, monthly: months }, file };
}

function isTableSource(monthly: Monthly['monthly']): monthly is Extract<Monthly['monthly'], TableSource> {
  return 'file' in monthly && Object.keys(monthly).every((key) => key === 'file' || key === 'sheet');
}

function factValue(fact: Written): Fact['value'] {
  if ('amount' in fact) return { type: 'amount', ...figure(fact.amount, fact.unit, '') };
  if ('monthly' in fact) {
    return { type: 'monthly', unit: baseOf(fact.unit), months: figures(fact.monthly, fact.unit, isMonth, 'YYYY-MM') };
  }
  if ('yearly' in fact) {
    return { type: 'yearly', unit: baseOf(fact.unit), years: figures(fact.yearly, fact.unit, isYear, 'YYYY') };
  }
  if ('ratings' in fact) return { type: 'ratings', ratings: byYear(fact.ratings) };
  if ('date' in fact) return { type: 'date', date: fact.date };
  if ('list' in fact) return { type: 'list', items: fact.list.map(tidy) };
  if ('person' in fact) return { type: 'person', masked: maskedPerson(fact.person) };
  return { type: 'text', text: tidy(fact.text) };
}

function figure(written: string, unit: WrittenUnit, at: string): NonNullable<ReturnType<typeof figureOf>> {
  const read = figureOf(written, unit);
  if (!read) throw new Unavailable('unparsable', `${at}${written} ${unit}`);
  return read;
}

const isMonth = (key: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(key);
const isYear = (key: string): boolean => /^\d{4}$/.test(key);

function figures(series: Readonly<Series>, unit: WrittenUnit, isKey: (key: string) => boolean, shape: string): Series {
  return Object.fromEntries(
    Object.entries(series).map(([key, written]) => {
      if (!isKey(key)) throw new Unavailable('unparsable', `${key}: ${shape}`);
      return [key, figure(written, unit, `${key}: `).amount];
    }),
  );
}

function baseOf(unit: WrittenUnit): BaseUnit {
  return unit === '万元' || unit === '亿元' ? '元' : unit;
}

function byYear(ratings: Readonly<Series>): Series {
  for (const year of Object.keys(ratings)) if (!isYear(year)) throw new Unavailable('unparsable', `${year}: YYYY`);
  return { ...ratings };
}

function maskedPerson(name: string): string {
  return maskedName(tidy(name));
}

function declaredText(fact: Written): string {
  if ('amount' in fact) return `${fact.amount} ${fact.unit}`;
  if ('monthly' in fact) return `${pairs(fact.monthly)} (${fact.unit})`;
  if ('yearly' in fact) return `${pairs(fact.yearly)} (${fact.unit})`;
  if ('ratings' in fact) return pairs(fact.ratings);
  if ('date' in fact) return fact.date;
  if ('list' in fact) return fact.list.join('、');
  return 'person' in fact ? maskedPerson(fact.person) : fact.text;
}

function pairs(record: Readonly<Series>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ');
}
