import type { Fact, FactType } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';

/** What the form of a fact is called. */
export const formTitles: Readonly<Record<FactType, Text>> = {
  amount: { zh: '单个数值', en: 'one figure' },
  monthly: { zh: '按月的数据', en: 'a monthly series' },
  yearly: { zh: '按年的数据', en: 'a yearly series' },
  ratings: { zh: '信用级别', en: 'ratings' },
  date: { zh: '日期', en: 'a date' },
  text: { zh: '文字', en: 'a text' },
  list: { zh: '清单', en: 'a list' },
  person: { zh: '人员', en: 'a person' },
};

/** What every check on facts may say of one that evidence from several collections holds in different words. */
export const differingMessage: Text = {
  zh: '「{{name}}」有互相矛盾的申报，不能作为依据',
  en: 'the fact {{name}} is declared in ways that contradict each other, and shows nothing',
};

export const differingRemedy: Text = { zh: '核实后重新采集', en: 'find out which is right, and collect again' };

type Several<T> = readonly [Seen<T>, ...Seen<T>[]];

/** One fact or paper as evidence holds it: none, one, or several that do not say the same. */
export type Only<T> = { readonly one: Seen<T> } | { readonly differing: Several<T> } | { readonly none: true };

/** The fact of a name. */
export function factNamed(facts: readonly Seen<Fact>[], name: string): Only<Fact> {
  const named = facts.filter((fact) => fact.value.name === name);
  return onlyOne(named, (fact) => fact.value);
}

/** The one that all of them agree on: merged collections may hold the same thing several times. */
export function onlyOne<T>([first, ...others]: readonly Seen<T>[], said: (value: T) => unknown): Only<T> {
  if (!first) return { none: true };
  const words = JSON.stringify(said(first.value));
  return others.every((other) => JSON.stringify(said(other.value)) === words)
    ? { one: first }
    : { differing: [first, ...others] };
}

/** Words as they are compared: full-width forms made plain, no blanks. */
export function plainWords(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}

const mostNamed = 10;

/** Words of a list as a reader sees them: ten at most, then how many there are. */
export function namesText(names: readonly string[]): Text {
  const more = names.length > mostNamed;
  const shown = names.slice(0, mostNamed);
  return {
    zh: shown.join('、') + (more ? ` 等 ${names.length} 项` : ''),
    en: shown.join(', ') + (more ? ` and others, ${names.length} in all` : ''),
  };
}
