import type { Fact } from '../../evidence/filed/facts.ts';
import { figureOf, type WrittenUnit } from '../../evidence/money.ts';
import type { DeclaredFact } from '../../platform.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { paperLink } from './paper.ts';

/** Declared figures, series, ratings and dates: money in exact yuan, with the hash of the paper they are taken from. */
export const facts = defineCollector({
  id: 'filed/facts',
  kind: 'facts',
  subjects: (platform) => platform.facts.map((fact) => fact.name),
  collect: async (subject, { platform, signal }) => {
    const fact = platform.facts.find((each) => each.name === subject);
    if (!fact) throw new Unavailable('not-declared', subject);
    const value = { name: fact.name, value: factValue(fact), declared: declaredText(fact) };
    if (fact.document === undefined) return { value, method: 'platform file: facts' };
    const document = await paperLink(platform, fact.document, signal);
    return { value: { ...value, document }, method: `platform file: facts; SHA-256 of paper ${fact.document}` };
  },
});

function factValue(fact: DeclaredFact): Fact['value'] {
  if ('amount' in fact) return { type: 'amount', ...figure(fact.amount, fact.unit, '') };
  if ('monthly' in fact) return { type: 'monthly', ...series(fact.monthly, fact.unit) };
  if ('ratings' in fact) return { type: 'ratings', ratings: yearly(fact.ratings) };
  if ('date' in fact) return { type: 'date', date: fact.date };
  return { type: 'text', text: fact.text };
}

function figure(written: string, unit: WrittenUnit, at: string): NonNullable<ReturnType<typeof figureOf>> {
  const read = figureOf(written, unit);
  if (!read) throw new Unavailable('unparsable', `${at}${written} ${unit}`);
  return read;
}

function series(
  monthly: Readonly<Record<string, string>>,
  unit: WrittenUnit,
): Pick<Extract<Fact['value'], { type: 'monthly' }>, 'unit' | 'months'> {
  const months = Object.entries(monthly).map(([month, written]) => {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Unavailable('unparsable', `${month}: YYYY-MM`);
    return [month, figure(written, unit, `${month}: `).amount] as const;
  });
  return { unit: unit === '万元' || unit === '亿元' ? '元' : unit, months: Object.fromEntries(months) };
}

function yearly(ratings: Readonly<Record<string, string>>): Record<string, string> {
  for (const year of Object.keys(ratings))
    if (!/^\d{4}$/.test(year)) throw new Unavailable('unparsable', `${year}: YYYY`);
  return { ...ratings };
}

function declaredText(fact: DeclaredFact): string {
  if ('amount' in fact) return `${fact.amount} ${fact.unit}`;
  if ('monthly' in fact) return `${pairs(fact.monthly)} (${fact.unit})`;
  if ('ratings' in fact) return pairs(fact.ratings);
  return 'date' in fact ? fact.date : fact.text;
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ');
}
