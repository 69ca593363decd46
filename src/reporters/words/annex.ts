import type { Text } from '../../text.ts';

/** The fixed texts of the report's annex. */
export const annexTexts = {
  number: { zh: '附件：', en: 'Annex:' },
  introduction: {
    zh: '本附件按{{clauses}}所列项目报告的各部分内容，归集本工具取得的证据，并列出相关要求的判定。上述规定没有给出项目报告的表式，本附件的编排不是官方表式，也不代替本单位自行编写的项目报告。标有“声明”“申报”的内容由本单位提供，标有“实测”的由采集取得；是否符合要求，以正文各项判定为准。',
    en: 'This annex arranges the evidence by the topics of the project report that {{clauses}} asks for, with the verdicts of the requirements they touch. The guidance gives no form for that report: this arrangement is not an official form, and does not take the place of the report that the unit writes itself. What is marked as declared was supplied by the unit; what is marked as found was collected. Whether a requirement is met is said by the verdicts in the chapters before.',
  },
  guidance: { zh: '规范指引', en: 'the guidance' },
  unseen: {
    zh: '本工具未取得相关证据，由单位另附说明。',
    en: 'No evidence of this was obtained; the unit explains it separately.',
  },
  item: { zh: '事项', en: 'Item' },
  content: { zh: '内容', en: 'What is known' },
  related: { zh: '相关要求', en: 'Requirements' },
  source: { zh: '证据：', en: 'Evidence: ' },
  more: {
    zh: '另有 {{count}} 行未列出，见证据索引及 assessment.json。',
    en: '{{count}} more rows are not listed; see the index of evidence and assessment.json.',
  },
} as const satisfies Record<string, Text>;
