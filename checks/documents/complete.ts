import { z } from 'zod';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { demandedItems, type Given, problemsIn } from '../shared/paper-contents.ts';
import { demands, isDemanding } from '../shared/paper-demands.ts';
import { type Paper, paperMessages, paperRemedies, papersOf } from '../shared/papers.ts';

const messages = {
  complete: {
    zh: '《{{title}}》符合填写和签署要求，已核对：{{items}}',
    en: '“{{title}}” is complete; judged: {{items}}',
  },
  notEntered: {
    zh: '平台文件没有登记《{{title}}》的以下内容：{{items}}',
    en: 'the platform file does not say what “{{title}}” states of: {{items}}',
  },
  notFilled: { zh: '《{{title}}》未填写：{{items}}', en: '“{{title}}” is not filled in: {{items}}' },
  otherValue: {
    zh: '《{{title}}》的{{field}}为「{{value}}」，应为 {{allowed}}',
    en: '“{{title}}”: {{field}} is “{{value}}”; it must be {{allowed}}',
  },
  tooMuch: {
    zh: '《{{title}}》的{{field}}为「{{value}}」，不得超过 {{limit}}',
    en: '“{{title}}”: {{field}} is “{{value}}”; at most {{limit}} is allowed',
  },
  noNumber: {
    zh: '《{{title}}》的{{field}}为「{{value}}」，不是可与 {{limit}} 比较的数',
    en: '“{{title}}”: {{field}} is “{{value}}”, no number to compare with {{limit}}',
  },
  otherSpan: {
    zh: '《{{title}}》的{{field}}选「{{value}}」，起止日期却是 {{from}} 至 {{until}}',
    en: '“{{title}}”: {{field}} is “{{value}}”, but the dates are {{from}} to {{until}}',
  },
  noSpan: {
    zh: '《{{title}}》的{{field}}（{{value}}）与起止日期无法比较：没有唯一的选项或日期',
    en: '“{{title}}”: {{field}} ({{value}}) cannot be compared with its dates: no single choice or date',
  },
  notBlank: {
    zh: '《{{title}}》中应空白（或填“无”）的栏目已填写：{{items}}',
    en: '“{{title}}”: to be left blank (or 无), but filled in: {{items}}',
  },
  blankUnknown: {
    zh: '《{{title}}》已填写{{items}}，是否应当空白取决于「{{fact}}」，但未申报、申报不一致或不是文字',
    en: '“{{title}}”: {{items}} filled in; whether to be left blank depends on {{fact}}, which is not declared, contradictory, or no text',
  },
  topicsMissing: { zh: '《{{title}}》缺少以下内容：{{items}}', en: '“{{title}}” does not cover: {{items}}' },
  topicsUnplaced: {
    zh: '平台文件没有写明以下内容在《{{title}}》中的位置：{{items}}',
    en: 'the platform file does not say where in “{{title}}” these stand: {{items}}',
  },
  unsigned: { zh: '《{{title}}》签章不全：{{items}}', en: '“{{title}}” lacks signatures or seals: {{items}}' },
  signedTwice: {
    zh: '《{{title}}》的签章情况登记了两次且不一致：{{items}}',
    en: '“{{title}}”: signatures are entered twice and disagree: {{items}}',
  },
  signedAhead: {
    zh: '《{{title}}》的签章日期晚于评估基准日 {{asOf}}：{{items}}',
    en: '“{{title}}” is signed after the as-of date {{asOf}}: {{items}}',
  },
  datedAhead: {
    zh: '《{{title}}》日期为 {{date}}，晚于评估基准日 {{asOf}}',
    en: '“{{title}}” is dated {{date}}, after the as-of date {{asOf}}',
  },
  ...paperMessages,
  ...conditionMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const enter: Text = {
  zh: '对照材料，在平台文件该材料的 states、signatures、date 中登记',
  en: 'enter it under states, signatures or date of the paper in the platform file',
};

const correct: Text = {
  zh: '对照材料核对；确有误的，更正后重新签署、报送',
  en: 'compare with the paper; if it is wrong, correct, sign and file it anew',
};

/** A paper is filled in as its form asks, covers its topics, and is signed and sealed. */
export const check = defineCheck({
  id: 'documents/complete',
  title: { zh: '材料填写和签署完整', en: 'The paper is complete' },
  about: {
    zh: '按平台文件摘录的材料内容，逐项核对栏目是否填写、取值是否可用、内容是否齐全、是否签字并盖章；横线、空格、“XX年XX月”等占位不算填写，没有摘录的不判定为符合。',
    en: 'Judges, by what the platform file says of the paper, whether its fields are filled in with possible values, its topics covered, and signatures and seals there; lines, blanks and placeholders are nothing, and what was not entered never passes.',
  },
  reads: ['documents', 'facts'],
  parameters: z
    .strictObject({
      /** The document's id. */
      document: z.string(),
      ...demands,
      when: condition.optional(),
    })
    .refine(({ document: _, when: __, ...asked }) => isDemanding(asked), {
      error: '至少写一项要求 | at least one demand must be given',
    }),
  messages,
  remedies: {
    ...conditionRemedies,
    notEntered: enter,
    notFilled: {
      zh: '填写完整；确无内容的，写“无”',
      en: 'fill it in; where there is nothing to say, write 无',
    },
    otherValue: correct,
    tooMuch: correct,
    noNumber: correct,
    otherSpan: correct,
    noSpan: enter,
    notBlank: correct,
    blankUnknown: { zh: '在平台文件 facts 中申报「{{fact}}」', en: 'declare {{fact}} under facts' },
    topicsMissing: { zh: '补充所缺内容', en: 'add what is missing' },
    topicsUnplaced: {
      zh: '在 states.topics 中写明所在页码或章节',
      en: 'give the page or chapter under states.topics',
    },
    unsigned: { zh: '补齐签字和盖章', en: 'have it signed and sealed' },
    signedTwice: { zh: '更正平台文件的 signatures', en: 'correct signatures in the platform file' },
    signedAhead: correct,
    datedAhead: correct,
    ...paperRemedies,
  },

  judge({ documents, facts }, { document, when, ...asked }, asOf) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    const { papers, shortfalls } = papersOf(documents, document);
    return [...shortfalls, ...papers.flatMap((paper) => ofPaper(paper, { asked, facts, asOf }))];
  },
});

function ofPaper(paper: Paper, given: Omit<Given, 'paper'>): Finding<Says>[] {
  const { title } = paper.value;
  const problems = problemsIn({ ...given, paper: paper.value });
  if (problems.length === 0) return [met('complete', paper, { title, items: demandedItems(given.asked) })];
  return problems.map(({ outcome, says, data }) =>
    (outcome === 'unmet' ? unmet : unproven)(says, paper, { title, ...data }),
  );
}
