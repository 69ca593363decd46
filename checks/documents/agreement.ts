import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { listed } from '../shared/documents-words.ts';
import {
  addresses,
  type Comparable,
  declaredText,
  declaredTexts,
  fieldValue,
  type Likeness,
  ports,
} from '../shared/paper-values.ts';
import { isUsable, type Paper, paperMessages, paperRemedies, papersOf, timeOf } from '../shared/papers.ts';

const messages = {
  agree: {
    zh: '{{papers}}所载{{what}}与平台声明一致：{{value}}',
    en: '{{papers}}: {{what}} agree with the platform declaration: {{value}}',
  },
  agreeAmong: {
    zh: '{{papers}}所载{{what}}一致：{{value}}',
    en: '{{papers}} agree on {{what}}: {{value}}',
  },
  differs: {
    zh: '{{what}}不一致：{{one}}为「{{value}}」，{{other}}为「{{otherValue}}」',
    en: '{{what}} differ: {{one}} says “{{value}}”, {{other}} says “{{otherValue}}”',
  },
  explained: {
    zh: '{{what}}不一致：{{one}}为「{{value}}」，{{other}}为「{{otherValue}}」；已持有《{{explanation}}》说明',
    en: '{{what}} differ: {{one}} says “{{value}}”, {{other}} says “{{otherValue}}”; “{{explanation}}” is held and explains it',
  },
  unclear: {
    zh: '{{what}}无法比对：{{one}}为「{{value}}」，{{other}}为「{{otherValue}}」，域名与 IP 地址是否对应没有证据',
    en: '{{what}} cannot be compared: {{one}} says “{{value}}”, {{other}} says “{{otherValue}}”, and nothing shows which address a name stands for',
  },
  notStated: {
    zh: '平台文件没有登记{{papers}}所载的{{what}}',
    en: 'the platform file does not say which {{what}} {{papers}} state',
  },
  onlyOne: {
    zh: '只登记了一份材料（{{papers}}）所载的{{what}}「{{value}}」，没有可比对的另一份',
    en: 'only {{papers}} states {{what}} (“{{value}}”); there is nothing to compare it with',
  },
  notDeclared: {
    zh: '平台声明没有{{what}}，无法与材料比对',
    en: 'the platform declaration states no {{what}} to compare papers with',
  },
  ...paperMessages,
  ...conditionMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const enter: Text = {
  zh: '在平台文件各材料的 states 中登记所载内容',
  en: 'enter what each paper says under its states in the platform file',
};

/** What papers say of the same thing is the same, and is what the unit declares. */
export const check = defineCheck({
  id: 'documents/agreement',
  title: { zh: '材料相互一致', en: 'Papers agree' },
  about: {
    zh: '将各材料所载的名称、代码、地址、端口和其他栏目与平台声明比对，再相互比对；全角半角、空格、括号形式、日期写法和 IPv6 写法不同不算差异。',
    en: 'Compares names, codes, addresses, ports and other fields of papers with the platform declaration, then with one another; width, blanks, parentheses and the spelling of dates and IPv6 addresses are no difference.',
  },
  reads: ['documents', 'platform', 'facts'],
  parameters: z
    .strictObject({
      /** Ids of the papers. */
      documents: z.array(z.string()).min(1),
      /** What must be equal in all papers that state it, and in the platform declaration. */
      values: z.array(z.enum([...declaredTexts, 'addresses', 'ports'])).default([]),
      /** Fields that must be equal in all papers that state them, two at least. */
      fields: z.array(z.string()).default([]),
      /** By value or field: the id of a paper that, if held, explains a difference. */
      explainedBy: z.record(z.string(), z.string()).default({}),
      when: condition.optional(),
    })
    .refine(({ values, fields }) => values.length + fields.length > 0, {
      error: '须写 values 或 fields | values or fields must be given',
    })
    .refine(({ documents, fields }) => fields.length === 0 || new Set(documents).size > 1, {
      error: '比对 fields 须有两份以上材料 | fields are compared between two papers at least',
    })
    .refine(
      ({ values, fields, explainedBy }) =>
        Object.keys(explainedBy).every((key) => [...values, ...fields].some((each) => each === key)),
      { error: 'explainedBy 的键须在 values 或 fields 中 | a key of explainedBy must be among values or fields' },
    ),
  messages,
  remedies: {
    ...conditionRemedies,
    differs: {
      zh: '对照材料原件核对；确不一致的，更正后重新报送，或者附情况说明',
      en: 'compare the originals; if they differ, correct and file anew, or attach an explanation',
    },
    unclear: {
      zh: '以备案的 IP 地址声明端点，域名写入 serverName',
      en: 'declare endpoints by their filed addresses, and names as serverName',
    },
    notStated: enter,
    onlyOne: enter,
    notDeclared: { zh: '在平台文件中补充', en: 'add it to the platform file' },
    ...paperRemedies,
  },

  judge({ documents, platform, facts }, parameters, asOf) {
    const unbound = unlessBinding(facts, parameters.when);
    if (unbound) return [unbound];
    const found = [...new Set(parameters.documents)].map((id) => papersOf(documents, id));
    const papers = found.flatMap((each) => each.papers);
    const explanationOf = (key: string): Paper | undefined =>
      Object.hasOwn(parameters.explainedBy, key)
        ? documents.find((each) => each.value.id === parameters.explainedBy[key] && explains(each, asOf))
        : undefined;
    const judged = (key: string, value: Judge): Finding<Says>[] =>
      value({ papers, declared: platform[0], explanation: explanationOf(key) });
    return [
      ...found.flatMap((each) => each.shortfalls),
      ...parameters.values.flatMap((key) => judged(key, judges[key])),
      ...parameters.fields.flatMap((key) => judged(key, (given) => compared(fieldValue(key), given))),
    ];
  },
});

type Given = {
  readonly papers: readonly Paper[];
  readonly declared: Seen<PlatformDeclaration> | undefined;
  readonly explanation: Paper | undefined;
};

type Judge = (given: Given) => Finding<Says>[];

const judges = {
  unitName: (given) => compared(declaredText('unitName'), given),
  creditCode: (given) => compared(declaredText('creditCode'), given),
  systemName: (given) => compared(declaredText('systemName'), given),
  addresses: (given) => compared(addresses, given),
  ports: (given) => compared(ports, given),
} as const satisfies Record<string, Judge>;

/** One side of a comparison: what a paper says, or the declaration. */
type Side<T> = { readonly from: Paper | Seen<PlatformDeclaration>; readonly name: Text; readonly stated: T };

function compared<T>(value: Comparable<T>, { papers, declared, explanation }: Given): Finding<Says>[] {
  const [first, ...rest] = papers;
  if (!first) return [];
  const what = value.title;
  const sides = papers.flatMap((paper) =>
    value.statedBy(paper.value).map((stated) => ({ from: paper, name: titleOf(paper), stated })),
  );
  const [side] = sides;
  if (!side || !sides.some(({ stated }) => value.suffices(stated)))
    return [unproven('notStated', papers, { what, papers: listed(papers.map(titleOf)) })];
  const problems = problemsOf(value, sides, declaredSide(value, declared), explanation);
  if (problems.length > 0) return problems;
  const stating = [first, ...rest].filter((paper) => sides.some(({ from }) => from === paper));
  const data = { what, papers: listed(stating.map(titleOf)), value: value.shown(side.stated) };
  const [one, ...others] = stating;
  if (!one) return [];
  // Only the papers are cited: they are what agrees, while a declaration is mere words.
  if (value.declaredBy) return [met('agree', [one, ...others], data)];
  return others.length > 0 ? [met('agreeAmong', [one, ...others], data)] : [unproven('onlyOne', one, data)];
}

// Against the declaration first; then the papers that do not agree with it, or all where there is none, with one another.
function problemsOf<T>(
  value: Comparable<T>,
  sides: readonly Side<T>[],
  declared: Side<T> | undefined,
  explanation: Paper | undefined,
): Finding<Says>[] {
  const off = declared ? sides.filter(({ stated }) => value.compare(stated, declared.stated) !== 'same') : sides;
  const pairs = off.flatMap((one, index) => off.slice(index + 1).map((other) => ({ one, other })));
  const againstDeclared = declared ? off.map((one) => ({ one, other: declared })) : [];
  const findings = [...againstDeclared, ...pairs].flatMap(({ one, other }) => {
    const likeness = value.compare(one.stated, other.stated);
    return likeness === 'same' ? [] : [difference(value, likeness, one, other, explanation)];
  });
  if (!value.declaredBy || declared) return findings;
  return [
    ...findings,
    unproven(
      'notDeclared',
      sides.map(({ from }) => from),
      { what: value.title },
    ),
  ];
}

function difference<T>(
  value: Comparable<T>,
  likeness: Exclude<Likeness, 'same'>,
  one: Side<T>,
  other: Side<T>,
  explanation: Paper | undefined,
): Finding<Says> {
  const data = {
    what: value.title,
    one: one.name,
    value: value.shown(one.stated),
    other: other.name,
    otherValue: value.shown(other.stated),
  };
  if (likeness === 'unclear') return unproven('unclear', [one.from, other.from], data);
  if (!explanation) return unmet('differs', [one.from, other.from], data);
  const papers = [one.from, other.from].filter(isPaper);
  return met(
    'explained',
    [explanation, ...papers],
    { ...data, explanation: explanation.value.title },
    one.from.subject,
  );
}

function isPaper(from: Paper | Seen<PlatformDeclaration>): from is Paper {
  return 'held' in from.value;
}

function declaredSide<T>(value: Comparable<T>, declared: Seen<PlatformDeclaration> | undefined): Side<T> | undefined {
  const stated = declared && value.declaredBy?.(declared.value);
  if (!declared || stated === undefined) return undefined;
  return { from: declared, name: { zh: '平台声明', en: 'the platform declaration' }, stated };
}

function titleOf(paper: Paper): Text {
  return { zh: `《${paper.value.title}》`, en: `“${paper.value.title}”` };
}

// An explanation of the future, or one that has ended, explains nothing yet.
function explains(paper: Paper, asOf: string): boolean {
  return isUsable(paper) && timeOf(paper.value, asOf).is === 'now';
}
