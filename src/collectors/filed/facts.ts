import type { Fact } from '../../evidence/filed/facts.ts';
import { type BaseUnit, figureOf, type WrittenUnit } from '../../evidence/money.ts';
import type { DeclaredFact, Platform } from '../../platform.ts';
import { said, type Text } from '../../text.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { monthlyFigures, monthlyHead } from './fact-table.ts';
import { readFiledTable, type TableSource } from './filed-table.ts';
import { isNobody } from './nobody.ts';
import { paperLink } from './paper.ts';
import { maskedName, withoutPersons } from './persons.ts';
import { quotedFigure } from './quoted.ts';
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
  if ('amount' in fact) return { type: 'amount', ...figure(fact.amount, fact.unit) };
  if ('monthly' in fact) {
    return { type: 'monthly', unit: baseOf(fact.unit), months: figures(fact.monthly, fact.unit, isMonth, 'YYYY-MM') };
  }
  if ('yearly' in fact) {
    return { type: 'yearly', unit: baseOf(fact.unit), years: figures(fact.yearly, fact.unit, isYear, 'YYYY') };
  }
  if ('ratings' in fact) return { type: 'ratings', ratings: byYear(fact.ratings) };
  if ('date' in fact) return { type: 'date', date: fact.date };
  if ('list' in fact) return { type: 'list', items: fact.list.map((item) => withoutPersons(tidy(item))) };
  if ('person' in fact) return { type: 'person', masked: maskedPerson(fact.person) };
  return { type: 'text', text: withoutPersons(tidy(fact.text)) };
}

function figure(written: string, unit: WrittenUnit, at?: string): NonNullable<ReturnType<typeof figureOf>> {
  const read = figureOf(written, unit);
  if (!read) throw wrong(at, written, unit);
  return read;
}

const counted: readonly string[] = ['户', '张', '次'];

function wrong(at: string | undefined, written: string, unit: WrittenUnit): Unavailable {
  const stands = quotedFigure(written);
  const right: Text = counted.includes(unit)
    ? { zh: '应为不小于 0 的整数', en: 'a whole number, not negative, is expected' }
    : {
        zh: '应为数字，如 12345.60 或“12,345.60”，不带单位',
        en: 'a number such as 12345.60 or "12,345.60" is expected, no unit',
      };
  return new Unavailable(
    'unparsable',
    said({
      zh: `平台文件 facts${at === undefined ? '' : ` ${at}`}为${stands.zh}，${right.zh}（单位 ${unit}）`,
      en: `platform file, facts${at === undefined ? '' : `, ${at}`} holds ${stands.en}: ${right.en} (in ${unit})`,
    }),
  );
}

function wrongKey(key: string, shape: string): Unavailable {
  const stands = quotedFigure(key);
  return new Unavailable(
    'unparsable',
    said({
      zh: `平台文件 facts 的键${stands.zh}应写作 ${shape}`,
      en: `platform file, facts: the key ${stands.en} must be written ${shape}`,
    }),
  );
}

const isMonth = (key: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(key);
const isYear = (key: string): boolean => /^\d{4}$/.test(key);

function figures(series: Readonly<Series>, unit: WrittenUnit, isKey: (key: string) => boolean, shape: string): Series {
  return Object.fromEntries(
    Object.entries(series).map(([key, written]) => {
      if (!isKey(key)) throw wrongKey(key, shape);
      return [key, figure(written, unit, key).amount];
    }),
  );
}

function baseOf(unit: WrittenUnit): BaseUnit {
  return unit === '万元' || unit === '亿元' ? '元' : unit;
}

function byYear(ratings: Readonly<Series>): Series {
  for (const year of Object.keys(ratings)) if (!isYear(year)) throw wrongKey(year, 'YYYY');
  return { ...ratings };
}

function maskedPerson(name: string): string {
  const plain = tidy(name);
  return isNobody(plain) ? plain : maskedName(plain);
}

function declaredText(fact: Written): string {
  if ('amount' in fact) return `${fact.amount} ${fact.unit}`;
  if ('monthly' in fact) return `${pairs(fact.monthly)} (${fact.unit})`;
  if ('yearly' in fact) return `${pairs(fact.yearly)} (${fact.unit})`;
  if ('ratings' in fact) return pairs(fact.ratings);
  if ('date' in fact) return fact.date;
  if ('list' in fact) return withoutPersons(fact.list.join('、'));
  return 'person' in fact ? maskedPerson(fact.person) : withoutPersons(fact.text);
}

function pairs(record: Readonly<Series>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ');
}
