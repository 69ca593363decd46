import { changes } from '../../assessment/comparison-schema.ts';
import { isUnchanged, type Run } from '../../assessment/history-schema.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { fill, joined, type Text } from '../../text.ts';
import { changeWords } from './comparison.ts';

export const historyWords = {
  first: { zh: '首次评估', en: 'first assessment' },
  unchanged: { zh: '已运行，无变化', en: 'ran, nothing changed' },
  sameEvidence: { zh: '已运行，无变化，证据相同', en: 'ran, nothing changed, same evidence' },
  waiversBegun: { zh: '例外开始 {{count}}', en: 'waivers begun {{count}}' },
  waiversEnded: { zh: '例外结束 {{count}}', en: 'waivers ended {{count}}' },
  waived: { zh: '（例外 {{count}} 项）', en: ' ({{count}} waived)' },
  times: { zh: '{{from}} 至 {{to}}，{{count}} 次', en: '{{from}} to {{to}}, {{count}} runs' },
  asOf: { zh: '基准日', en: 'As of' },
  number: { zh: '报告编号', en: 'Report' },
  conclusion: { zh: '结论', en: 'Conclusion' },
  changed: { zh: '与上次相比', en: 'Compared with the one before' },
  profile: { zh: '规范配置', en: 'Profile' },
  period: {
    zh: '接入有效期 {{from}} 至 {{until}}：其间评估 {{count}} 次',
    en: 'Access valid {{from}} to {{until}}: {{count}} assessments in it',
  },
  broken: { zh: '无法采用的文件', en: 'Files that cannot be used' },
} satisfies Record<string, Text>;

/** The worst verdict of an assessment, and how many of the requirements that are not met are waived; a waiver makes nothing met. */
export function conclusionText({ counts, accepted }: Pick<Run, 'counts' | 'accepted'>): Text {
  const order = ['unmet', 'partial', 'unproven', 'met'] as const;
  // Where nothing applies nothing was judged, and that is no pass.
  const worst = order.find((verdict) => counts[verdict] > 0) ?? 'not-applicable';
  const waived = accepted ? accepted.unmet + accepted.partial + accepted.unproven : 0;
  const mark = waived === 0 ? [] : [fill(historyWords.waived, { count: waived })];
  return joined([verdictTitles[worst], ...mark], '', '');
}

/** What became of the requirements since the assessment before: `变差 2，好转 1`. */
export function changeText(run: Run): Text {
  const { changes: counts, waivers } = run;
  if (!counts) return historyWords.first;
  if (isUnchanged(run)) return counts.evidence === 0 ? historyWords.sameEvidence : historyWords.unchanged;
  const { begun, ended } = waivers;
  const told = changes
    .filter((name) => name !== 'same' && name !== 'evidence' && counts[name] > 0)
    .map((name) => joined([changeWords[name], { zh: `${counts[name]}`, en: `${counts[name]}` }], ' ', ' '));
  const waiverTexts = [
    ...(begun > 0 ? [fill(historyWords.waiversBegun, { count: begun })] : []),
    ...(ended > 0 ? [fill(historyWords.waiversEnded, { count: ended })] : []),
  ];
  return joined([...told, ...waiverTexts], '，', ', ');
}
