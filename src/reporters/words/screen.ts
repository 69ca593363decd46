import type { Language, Text } from '../../text.ts';

/** What only the web page says: its controls, and what its script fills in. */
const texts = {
  skip: { zh: '跳到正文', en: 'Skip to the report' },
  controls: { zh: '筛选与查找', en: 'Filter and search' },
  search: { zh: '查找', en: 'Search' },
  searchHint: { zh: '编号、对象、地址、文字（/ 键）', en: 'Id, subject, words (key /)' },
  facets: { zh: '筛选条件', en: 'Filter' },
  findingOutcome: { zh: '发现结果', en: 'Outcome of findings' },
  subjectHint: { zh: '主机、地址或材料', en: 'Host, address or paper' },
  clear: { zh: '清除全部条件', en: 'Clear all' },
  unfold: { zh: '全部展开', en: 'Unfold all' },
  fold: { zh: '全部折叠', en: 'Fold all' },
  dark: { zh: '深色', en: 'Dark' },
  showing: {
    zh: '显示 {{requirements}} 项要求、{{findings}} 项发现',
    en: 'Shown: requirements {{requirements}}, findings {{findings}}',
  },
  ofAll: {
    zh: '（共 {{requirements}} 项要求、{{findings}} 项发现；打印时全部列出）',
    en: ' (of {{requirements}} and {{findings}}; a print has them all)',
  },
  noFindings: { zh: '无逐项发现', en: 'no findings listed' },
  tally: { zh: '发现 {{count}} 项', en: 'Findings: {{count}}' },
  // Not 符合条件: beside verdicts that would read as so many met.
  matching: { zh: '筛选显示 {{count}} 项', en: 'shown: {{count}}' },
  hidden: {
    zh: '；未显示的有：不符合或者部分符合的要求 {{requirements}} 项，不符合的发现 {{findings}} 项',
    en: '; not shown: {{requirements}} requirements unmet or partially met, {{findings}} findings unmet',
  },
  idAndTime: { zh: '编号与时间', en: 'Id and time' },
  subjectAndKind: { zh: '对象与证据种类', en: 'Subject and kind' },
  method: { zh: '方法与原始输出的 SHA-256', en: 'Method, and SHA-256 of the raw output' },
  methodAndReason: { zh: '原因与方法', en: 'Reason and method' },
  link: { zh: '本项链接', en: 'Link to this row' },
  cited: {
    zh: '上列证据 {{count}} 件：取得方法与原始输出的 SHA-256',
    en: 'Evidence listed above: {{count}} (method, and SHA-256 of the raw output)',
  },
  citedRest: {
    zh: '另有 {{count}} 件，见证据索引。',
    en: 'There are {{count}} more; see the index of evidence.',
  },
} as const satisfies Record<string, Text>;

export type ScreenWords = Readonly<Record<keyof typeof texts, string>>;

/** The web page's own texts in a language; those that the script fills keep their placeholders. */
export function screenWordsIn(language: Language): ScreenWords {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text[language]])) as ScreenWords;
}
