import { z } from 'zod';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { differingMessage, differingRemedy, factNamed, formTitles, namesText, plainWords } from '../shared/facts.ts';

const messages = {
  ...conditionMessages,
  named: { zh: '已申报为「{{text}}」', en: 'declared as “{{text}}”' },
  listed: { zh: '已申报 {{count}} 项：{{items}}', en: '{{count}} declared: {{items}}' },
  otherValue: { zh: '申报为「{{text}}」，应为{{values}}', en: 'declared as “{{text}}”; {{values}} is asked' },
  nothing: { zh: '申报为「{{text}}」，即没有', en: 'declared as “{{text}}”, which is nobody and nothing' },
  undecided: { zh: '申报为「{{text}}」，尚未确定', en: 'declared as “{{text}}”, which is not settled' },
  lacks: {
    zh: '缺少 {{missing}}（已申报 {{count}} 项：{{items}}）',
    en: '{{missing}} is missing ({{count}} declared: {{items}})',
  },
  empty: { zh: '「{{name}}」没有填写内容', en: 'nothing is filled in under {{name}}' },
  otherForm: {
    zh: '「{{name}}」申报的是{{declared}}，应为{{needed}}',
    en: '{{name}} is declared as {{declared}}; {{needed}} is asked',
  },
  differing: differingMessage,
  noEvidence: {
    zh: '没有「{{name}}」的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of {{name}}: it is not declared in the platform file, or could not be read',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** A text, person or list is declared; the text is one of the values asked, the list holds what it must. */
export const check = defineCheck({
  id: 'figures/named',
  title: { zh: '已申报事项', en: 'Something is named' },
  about: {
    zh: '核对申报的文字、人员或清单：须有内容；规定取值的须在其列，规定项目的须全部列入。自然人姓名仅以脱敏形式保存。',
    en: 'Looks at a declared text, person or list: it must say something; a text must be one of the values asked, and a list must hold all that is asked. Names of natural persons are kept masked.',
  },
  reads: ['facts'],
  parameters: z
    .strictObject({
      fact: z.string(),
      /** What a text may be. */
      values: z.array(z.string()).min(1).optional().meta(stricter.fewer),
      /** What a list must contain. */
      all: z.array(z.string()).min(1).optional(),
      /** The name of another list, all of which it must contain. */
      covers: z.string().optional(),
      when: condition.optional(),
    })
    .refine(({ values, all, covers }) => values === undefined || (all ?? covers) === undefined, {
      error:
        'values 用于文字，all、covers 用于清单，不能并用 | values is for a text, all and covers for a list: not both',
    }),
  messages,
  remedies: {
    ...conditionRemedies,
    otherValue: {
      zh: '核实并改正；确为如此的，不具备条件',
      en: 'verify and correct it; if it is right, the condition is not met',
    },
    nothing: { zh: '确定后填报，并附文书', en: 'settle it and declare it, with its paper' },
    undecided: { zh: '确定后填报，并附文书', en: 'settle it and declare it, with its paper' },
    lacks: { zh: '补齐 {{missing}}', en: 'add {{missing}}' },
    empty: { zh: '填写内容', en: 'fill it in' },
    otherForm: { zh: '按要求的形式填报', en: 'declare it in the form that is asked' },
    differing: differingRemedy,
    noEvidence: {
      zh: '在平台文件 facts 中填报「{{name}}」，并附原始材料',
      en: 'declare {{name}} under facts of the platform file, with its source document',
    },
  },

  judge({ facts }, { fact: name, values, all = [], covers, when }) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    const fact = theFact(facts, name);
    if ('says' in fact) return [fact];
    if (values) return [oneOf(fact, values)];
    if (covers === undefined) return [all.length > 0 ? containing(fact, [fact], all) : something(fact)];
    const other = theFact(facts, covers);
    if ('says' in other) return [other];
    const list = itemsOf(other);
    if ('items' in list) return [containing(fact, [fact, other], [...all, ...list.items])];
    // That the other list is empty speaks neither for nor against this one.
    return [list.outcome === 'unmet' ? empty(other) : list];
  },
});

function theFact(facts: readonly Seen<Fact>[], name: string): Seen<Fact> | Finding<Says> {
  const found = factNamed(facts, name);
  if ('none' in found) return unproven('noEvidence', [], { name }, name);
  return 'one' in found ? found.one : unproven('differing', found.differing, { name });
}

function oneOf(fact: Seen<Fact>, values: readonly string[]): Finding<Says> {
  const { value } = fact.value;
  if (value.type !== 'text') return otherForm(fact, formTitles.text);
  const text = plainWords(value.text);
  if (text === '') return empty(fact);
  if (values.map(plainWords).includes(text)) return met('named', fact, { text: value.text });
  const asked = values.map((each) => `「${each}」`).join('或');
  return unmet('otherValue', fact, { text: value.text, values: { zh: asked, en: values.join(' or ') } });
}

// Words that name nobody, and words that put it off.
const nothing = /^(无|没有|暂无|未设|未设置|未指定|none|nil|n\/?a|不适用|[-—–/\\]+)$/i;
const undecided = /^(待定|待补|待确定|不详|未知|tbd|unknown|[?？]+)$/i;

function something(fact: Seen<Fact>): Finding<Says> {
  const { value } = fact.value;
  if (value.type === 'list') {
    const list = itemsOf(fact);
    return 'says' in list ? list : met('listed', fact, listData(list.items));
  }
  if (value.type !== 'text' && value.type !== 'person')
    return otherForm(fact, { zh: '文字、人员或清单', en: 'a text, a person or a list' });
  const text = value.type === 'text' ? value.text : value.masked;
  const plain = plainWords(text);
  if (plain === '') return empty(fact);
  if (nothing.test(plain)) return unmet('nothing', fact, { text });
  return undecided.test(plain) ? unproven('undecided', fact, { text }) : met('named', fact, { text });
}

function containing(
  fact: Seen<Fact>,
  cites: readonly [Seen<Fact>, ...Seen<Fact>[]],
  asked: readonly string[],
): Finding<Says> {
  const list = itemsOf(fact);
  if ('says' in list) return list;
  const held = new Set(list.items.map(plainWords));
  const missing = [...new Set(asked)].filter((item) => !held.has(plainWords(item)));
  const data = listData(list.items);
  return missing.length > 0
    ? unmet('lacks', cites, { ...data, missing: namesText(missing) })
    : met('listed', cites, data);
}

function itemsOf(fact: Seen<Fact>): { readonly items: readonly string[] } | Finding<Says> {
  const { value } = fact.value;
  if (value.type !== 'list') return otherForm(fact, formTitles.list);
  const filled = value.items.filter((item) => plainWords(item) !== '');
  const items = filled.filter((item) => !nothing.test(plainWords(item)) && !undecided.test(plainWords(item)));
  if (items.length > 0) return { items };
  if (filled.length === 0) return empty(fact);
  const text = namesText(filled);
  return filled.some((item) => undecided.test(plainWords(item)))
    ? unproven('undecided', fact, { text })
    : unmet('nothing', fact, { text });
}

function listData(items: readonly string[]): { count: number; items: Text } {
  return { count: items.length, items: namesText(items) };
}

function empty(fact: Seen<Fact>): Finding<Says> {
  return unproven('empty', fact, { name: fact.value.name });
}

function otherForm(fact: Seen<Fact>, needed: Text): Finding<Says> {
  return unproven('otherForm', fact, {
    name: fact.value.name,
    declared: formTitles[fact.value.value.type],
    needed,
  });
}
