import type { Text } from '../../text.ts';
import { texts } from './report.ts';

/** Heads of columns and names of sheets of the tables (CSV, XLSX), with those that the report has too. */
export const tableTexts = {
  ...texts,
  summary: { zh: '概况', en: 'Summary' },
  requirements: { zh: '要求', en: 'Requirements' },
  findings: { zh: '发现', en: 'Findings' },
  plan: { zh: '整改', en: 'Correction plan' },
  waivers: { zh: '例外清单', en: 'Waivers' },
  evidenceIndex: { zh: '证据', en: 'Evidence' },
  annex: { zh: '项目情况', en: 'Project' },
  topic: { zh: '内容', en: 'Topic' },

  requirementId: { zh: '要求编号', en: 'Requirement id' },
  position: { zh: '序号', en: 'No.' },
  outcome: { zh: '发现结果', en: 'Outcome' },
  findingText: { zh: '发现内容', en: 'Finding' },
  subjectId: { zh: '对象标识', en: 'Subject id' },
  findingKey: { zh: '消息键', en: 'Message key' },
  findingBasis: { zh: '发现依据', en: 'Basis of the finding' },
  verdictBasis: { zh: '判定依据', en: 'Basis of the verdict' },
  amount: { zh: '实际数值', en: 'Figure' },
  threshold: { zh: '要求数值', en: 'Asked' },
  margin: { zh: '差额', en: 'Margin' },
  dueBy: { zh: '最迟日期', en: 'Due by' },
  waiver: { zh: '例外', en: 'Waiver' },
  findingId: { zh: '发现 ID', en: 'Finding id' },
  evidenceIds: { zh: '证据编号', en: 'Evidence ids' },

  unmetFindings: { zh: '不符合的发现', en: 'Findings unmet' },
  unprovenFindings: { zh: '待确认的发现', en: 'Findings unproven' },
  metFindings: { zh: '符合的发现', en: 'Findings met' },
  statementState: { zh: '声明状态', en: 'State of the statement' },
  reasonOrFinding: { zh: '原因或主要发现', en: 'Reason or main finding' },

  waiverId: { zh: '例外编号', en: 'Waiver id' },
  state: { zh: '状态', en: 'State' },
  waived: { zh: '所涉要求或发现', en: 'Requirement or finding' },
  coveredFindings: { zh: '所涵盖的发现', en: 'Findings covered' },
  waiverReason: { zh: '理由', en: 'Reason' },
  approver: { zh: '批准人', en: 'Approver' },
  from: { zh: '自', en: 'From' },
  until: { zh: '至', en: 'Until' },
  paper: { zh: '单号或文件', en: 'Ticket or paper' },

  who: { zh: '责任人', en: 'Responsible' },
  byWhen: { zh: '计划完成日期', en: 'Planned for' },
  status: { zh: '进度', en: 'Status' },
  doneOn: { zh: '实际完成日期', en: 'Done on' },
  remark: { zh: '备注', en: 'Remarks' },

  evidenceId: { zh: '证据编号', en: 'Evidence id' },
  time: { zh: '取得时间', en: 'Time' },
  place: { zh: '取证位置', en: 'Collected in' },
  collector: { zh: '采集器', en: 'Collector' },
  way: { zh: '方法', en: 'Method' },
  raw: { zh: '原始输出 SHA-256', en: 'SHA-256 of the raw output' },
  notObserved: { zh: '未取得的原因', en: 'Why unobserved' },

  timesIn: { zh: '时间所在时区', en: 'Time zone of all times' },
  tool: { zh: '工具', en: 'Tool' },
  sourceOf: { zh: '依据文件', en: 'Document' },
  others: { zh: '另有 {{count}} 项，见各项观察', en: '{{count}} more: see the observations' },
  listHint: { zh: '请从列表中选择进度。', en: 'Choose a status from the list.' },
  dateHint: { zh: '请填写日期，例如 2026-12-31。', en: 'Enter a date, such as 2026-12-31.' },
} as const satisfies Record<string, Text>;

/** What a correction's status can be: the list of a cell, so without commas and short. */
export const planStatuses: readonly Text[] = [
  { zh: '未开始', en: 'Not started' },
  { zh: '进行中', en: 'Under way' },
  { zh: '已完成', en: 'Done' },
  { zh: '不需整改', en: 'Not needed' },
];
